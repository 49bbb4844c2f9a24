//! The descriptor of a field: its name, meaning, unit, the names of its values, and whether it is a secret.
//!
//! Descriptors are static tables beside each decoder. The same tables feed the explained tree, the JSON, the filter
//! language, `rtmpscope fields` and the masking of secrets.

use std::borrow::Cow;

use super::value::Value;

/// A static description of one field of a wire structure.
#[derive(Debug)]
pub struct Field {
    /// Stable name, as used in JSON and on screen; for AMF properties the name on the wire.
    pub name: &'static str,
    /// One line that says what the field means.
    pub about: &'static str,
    /// The unit of its number, if it has one.
    pub unit: Unit,
    /// Names for its values.
    pub names: Names,
    /// Which part of its text must not be shown.
    pub secrecy: Secrecy,
    /// Known members, for fields that hold an AMF object.
    pub members: &'static [&'static Field],
    /// What every other member is, for objects whose names are data, such as track numbers.
    pub others: Option<&'static Field>,
    /// How much of its bytes is explained by it.
    pub content: Content,
}

/// How much of a leaf's bytes its field explains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// All: the bytes are this value.
    #[default]
    Meaning,
    /// Coded sound or pictures, for a decoder of these.
    Media,
    /// Nothing, and nobody could: there is no public description.
    Undescribed,
    /// Nothing: there is a description that is not followed here.
    Undecoded,
}

impl Field {
    /// A field with a name and a meaning, and nothing else yet.
    pub const fn new(name: &'static str, about: &'static str) -> Field {
        Field {
            name,
            about,
            unit: Unit::None,
            names: Names::None,
            secrecy: Secrecy::Open,
            members: &[],
            others: None,
            content: Content::Meaning,
        }
    }

    /// Adds the unit.
    pub const fn unit(mut self, unit: Unit) -> Field {
        self.unit = unit;
        self
    }

    /// Adds names for numbers.
    pub const fn numbers(mut self, names: fn(u64) -> Option<&'static str>) -> Field {
        self.names = Names::Numbers(names);
        self
    }

    /// Adds names for numbers, with other names under which the same things are known.
    pub const fn known_as(mut self, names: BothNames) -> Field {
        self.names = Names::KnownAs(names);
        self
    }

    /// Adds names for numbers that may be negative.
    pub const fn signed(mut self, names: fn(i64) -> Option<&'static str>) -> Field {
        self.names = Names::Signed(names);
        self
    }

    /// Adds names for the bits of a mask.
    pub const fn mask(mut self, names: &'static [(u64, &'static str)]) -> Field {
        self.names = Names::Mask(names);
        self
    }

    /// Adds explanations for texts.
    pub const fn texts(mut self, names: fn(&[u8]) -> Option<&'static str>) -> Field {
        self.names = Names::Texts(names);
        self
    }

    /// Says that the text of the field is a secret.
    pub const fn secret(mut self, secrecy: Secrecy) -> Field {
        self.secrecy = secrecy;
        self
    }

    /// Adds the known members of an AMF object.
    pub const fn members(mut self, members: &'static [&'static Field]) -> Field {
        self.members = members;
        self
    }

    /// Says what members with other names are.
    pub const fn others(mut self, field: &'static Field) -> Field {
        self.others = Some(field);
        self
    }

    /// Says that the bytes are not explained by the field alone.
    pub const fn content(mut self, content: Content) -> Field {
        self.content = content;
        self
    }

    /// The descriptor of the member with this name.
    pub fn member(&self, name: &[u8]) -> Option<&'static Field> {
        self.members.iter().find(|m| m.name.as_bytes() == name).copied().or(self.others)
    }

    /// The meaning of a value: the name of a number, the set bits of a mask, the explanation of a text.
    pub fn label(&self, value: Value, buffer: &[u8]) -> Option<Cow<'static, str>> {
        match self.names {
            Names::None => None,
            Names::Numbers(name) => value.as_unsigned().and_then(name).map(Cow::Borrowed),
            Names::KnownAs(names) => value.as_unsigned().and_then(names).map(|(name, also)| match also {
                Some(also) => Cow::Owned(format!("{name}, also {also}")),
                None => Cow::Borrowed(name),
            }),
            Names::Signed(name) => value.as_signed().and_then(name).map(Cow::Borrowed),
            Names::Mask(bits) => value.as_unsigned().map(|mask| Cow::Owned(mask_label(mask, bits))),
            Names::Texts(explain) => match value {
                Value::Text(range) => explain(range.of(buffer)).map(Cow::Borrowed),
                _ => None,
            },
        }
    }
}

/// `a, b, c` for the named bits that are set, and the rest in hex.
fn mask_label(mask: u64, bits: &[(u64, &'static str)]) -> String {
    let mut words: Vec<Cow<'static, str>> =
        bits.iter().filter(|(bit, _)| mask & bit != 0).map(|(_, name)| Cow::Borrowed(*name)).collect();
    let rest = bits.iter().fold(mask, |rest, (bit, _)| rest & !bit);
    if rest != 0 {
        words.push(Cow::Owned(format!("{rest:#x}")));
    }
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

/// The unit of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A plain number.
    None,
    /// Bytes.
    Bytes,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Hertz.
    Hertz,
    /// 1000 bits a second.
    Kilobits,
    /// Picture elements.
    Pixels,
    /// Pictures a second.
    FramesPerSecond,
    /// Bits.
    Bits,
}

impl Unit {
    /// The sign written after the number.
    pub fn sign(self) -> &'static str {
        match self {
            Unit::None => "",
            Unit::Bytes => "B",
            Unit::Milliseconds => "ms",
            Unit::Seconds => "s",
            Unit::Hertz => "Hz",
            Unit::Kilobits => "kbit/s",
            Unit::Pixels => "px",
            Unit::FramesPerSecond => "fps",
            Unit::Bits => "bit",
        }
    }
}

/// The name of a number, and the other name under which it is known.
pub type BothNames = fn(u64) -> Option<(&'static str, Option<&'static str>)>;

/// Where names for values come from.
#[derive(Clone, Copy, Debug)]
pub enum Names {
    /// Values have no names.
    None,
    /// Numbers have names.
    Numbers(fn(u64) -> Option<&'static str>),
    /// Numbers have names, and some have a second one.
    KnownAs(BothNames),
    /// Numbers that may be negative have names.
    Signed(fn(i64) -> Option<&'static str>),
    /// Bits of a mask have names.
    Mask(&'static [(u64, &'static str)]),
    /// Known texts have explanations.
    Texts(fn(&[u8]) -> Option<&'static str>),
}

/// Which part of a text is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// Nothing.
    Open,
    /// All of it: stream names and keys, tokens.
    Whole,
    /// Words that may repeat a secret: shown only when the side that states the secrets was heard.
    Echo,
    /// The user info and the query of a URL or an app name.
    Url,
}

/// Declares the fields of a wire structure as statics, and `TABLE` with all of them.
macro_rules! fields {
    ($($(#[$meta:meta])* $id:ident = $field:expr;)+) => {
        $($(#[$meta])* pub static $id: $crate::field::Field = $field;)+
        /// Every field of this structure, in wire order.
        pub static TABLE: &[&$crate::field::Field] = &[$(&$id),+];
    };
}
pub(crate) use fields;
