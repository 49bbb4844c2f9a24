//! AMF values, whichever version wrote them: the visitor that decoders drive, and the owned value that it can build.

/// Receives the values of an AMF message while they are read, in wire order.
///
/// Every method does nothing by default, so `()` is the visitor that wants no values.
pub trait Visitor {
    /// A number.
    fn number(&mut self, _: f64) {}
    /// A truth value.
    fn boolean(&mut self, _: bool) {}
    /// A string, long string or XML text, as bytes meant to be UTF-8.
    fn string(&mut self, _: &[u8]) {}
    /// A value with no content: null, undefined, unsupported.
    fn empty(&mut self, _: Empty) {}
    /// A date.
    fn date(&mut self, _milliseconds: f64, _zone_minutes: i16) {}
    /// A reference to an earlier container of the message, counted among those of its AMF version.
    fn reference(&mut self, _: u32) {}
    /// A byte array.
    fn bytes(&mut self, _: &[u8]) {}
    /// A container begins.
    fn begin(&mut self, _: Container<'_>) {}
    /// The name of the next member of an object.
    fn key(&mut self, _: &[u8]) {}
    /// The container ends, or decoding stopped inside it.
    fn end(&mut self) {}
}

impl Visitor for () {}

/// Values with no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// Null.
    Null,
    /// Undefined.
    Undefined,
    /// A value that the writer could not express.
    Unsupported,
}

/// The kinds of container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container<'a> {
    /// Named members.
    Object,
    /// Named members of a class.
    Typed(&'a [u8]),
    /// Named members with a count that is only a hint.
    Ecma,
    /// Items without names.
    Strict,
}

/// An owned AMF value.
#[derive(Clone, Debug, PartialEq)]
pub enum Amf {
    /// A number.
    Number(f64),
    /// A truth value.
    Boolean(bool),
    /// Text; what was not UTF-8 is replaced.
    String(Box<str>),
    /// Null.
    Null,
    /// Undefined.
    Undefined,
    /// A value that the writer could not express.
    Unsupported,
    /// Milliseconds since 1970-01-01 UTC, and minutes from UTC.
    Date(f64, i16),
    /// A reference to the n-th container of the message (for AMF3: the n-th entry of the object table).
    Reference(u32),
    /// A byte array.
    Bytes(Box<[u8]>),
    /// Named members, in wire order, repeated names kept.
    Object(Vec<(Box<str>, Amf)>),
    /// Items without names.
    Array(Vec<Amf>),
}

impl Amf {
    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        if let Amf::Number(n) = self { Some(*n) } else { None }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Amf::String(s) = self { Some(s) } else { None }
    }

    /// The first member with this name, if the value is an object.
    pub fn member(&self, name: &str) -> Option<&Amf> {
        let Amf::Object(members) = self else { return None };
        members.iter().find(|(key, _)| &**key == name).map(|(_, value)| value)
    }
}

/// The visitor that builds owned values; containers that were cut short keep what was read.
#[derive(Debug, Default)]
pub struct Build {
    done: Vec<Amf>,
    open: Vec<Partial>,
}

#[derive(Debug)]
enum Partial {
    Object(Vec<(Box<str>, Amf)>, Option<Box<str>>),
    Array(Vec<Amf>),
}

impl Build {
    /// The values that are complete, for decoders that choose the next field by an earlier value.
    pub fn complete(&self) -> &[Amf] {
        &self.done
    }

    /// The values, in the order in which they stand in the message.
    pub fn finish(mut self) -> Vec<Amf> {
        while !self.open.is_empty() {
            self.end();
        }
        self.done
    }

    fn put(&mut self, value: Amf) {
        match self.open.last_mut() {
            None => self.done.push(value),
            Some(Partial::Array(items)) => items.push(value),
            Some(Partial::Object(members, key)) => members.push((key.take().unwrap_or_default(), value)),
        }
    }
}

impl Visitor for Build {
    fn number(&mut self, n: f64) {
        self.put(Amf::Number(n));
    }

    fn boolean(&mut self, b: bool) {
        self.put(Amf::Boolean(b));
    }

    fn string(&mut self, s: &[u8]) {
        self.put(Amf::String(String::from_utf8_lossy(s).into()));
    }

    fn empty(&mut self, empty: Empty) {
        self.put(match empty {
            Empty::Null => Amf::Null,
            Empty::Undefined => Amf::Undefined,
            Empty::Unsupported => Amf::Unsupported,
        });
    }

    fn date(&mut self, milliseconds: f64, zone_minutes: i16) {
        self.put(Amf::Date(milliseconds, zone_minutes));
    }

    fn reference(&mut self, index: u32) {
        self.put(Amf::Reference(index));
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.put(Amf::Bytes(bytes.into()));
    }

    fn begin(&mut self, container: Container<'_>) {
        self.open.push(match container {
            Container::Strict => Partial::Array(Vec::new()),
            _ => Partial::Object(Vec::new(), None),
        });
    }

    fn key(&mut self, name: &[u8]) {
        if let Some(Partial::Object(_, key)) = self.open.last_mut() {
            *key = Some(String::from_utf8_lossy(name).into());
        }
    }

    fn end(&mut self) {
        if let Some(partial) = self.open.pop() {
            self.put(match partial {
                Partial::Object(members, _) => Amf::Object(members),
                Partial::Array(items) => Amf::Array(items),
            });
        }
    }
}
