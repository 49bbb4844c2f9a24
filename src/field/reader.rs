//! The one way to read a buffer: every method takes a field descriptor, tells the annotator, and returns the value.

use super::annotate::{Annotate, Off};
use super::descriptor::Field;
use super::fault::{Fault, FaultKind, Remark};
use super::span::{Bits, Range};
use super::tree::Tree;
use super::value::Value;

/// How deep values may nest and how many there may be in one buffer.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Levels of nesting.
    pub depth: u16,
    /// Values in all.
    pub nodes: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        let limits = crate::limits::Limits::default();
        Bounds { depth: limits.amf_depth, nodes: limits.amf_nodes }
    }
}

/// The descriptors of a [member](Reader::member): the group where its owner knows no better, and the two leaves of its
/// name.
pub struct Member {
    /// The group.
    pub member: &'static Field,
    /// Length of the name.
    pub length: &'static Field,
    /// The name.
    pub name: &'static Field,
}

/// A cursor over a buffer, with an annotator that hears of every field.
pub struct Reader<'a, A> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    bounds: Bounds,
    pub(super) note: A,
}

impl<'a> Reader<'a, Off> {
    /// A reader that nobody listens to.
    #[inline]
    pub fn quiet(bytes: &'a [u8]) -> Self {
        Reader::new(bytes, Off)
    }
}

impl<'a, A: Annotate> Reader<'a, A> {
    /// A reader over `bytes` that tells `note` what it reads.
    #[inline]
    pub fn new(bytes: &'a [u8], note: A) -> Self {
        Reader { bytes, at: 0, bounds: Bounds::default(), note }
    }

    /// The same reader with other bounds.
    pub fn bounded(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// Offset of the next byte.
    #[inline]
    pub fn at(&self) -> usize {
        self.at
    }

    /// Bytes left within the current bounds.
    #[inline]
    pub fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// True when nothing is left within the current bounds.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The bytes ahead, unread.
    #[inline]
    pub fn peek(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// A big-endian unsigned integer of one byte.
    #[inline]
    pub fn u8(&mut self, field: &'static Field) -> Result<u8, Fault> {
        let [byte] = self.array(field, |[b]: [u8; 1]| Value::Unsigned(u64::from(b)))?;
        Ok(byte)
    }

    /// A big-endian unsigned integer of two bytes.
    #[inline]
    pub fn u16(&mut self, field: &'static Field) -> Result<u16, Fault> {
        self.array(field, |b| Value::Unsigned(u64::from(u16::from_be_bytes(b)))).map(u16::from_be_bytes)
    }

    /// A big-endian unsigned integer of three bytes.
    #[inline]
    pub fn u24(&mut self, field: &'static Field) -> Result<u32, Fault> {
        let number = |[a, b, c]: [u8; 3]| u32::from_be_bytes([0, a, b, c]);
        self.array(field, |b| Value::Unsigned(u64::from(number(b)))).map(number)
    }

    /// A big-endian unsigned integer of four bytes.
    #[inline]
    pub fn u32(&mut self, field: &'static Field) -> Result<u32, Fault> {
        self.array(field, |b| Value::Unsigned(u64::from(u32::from_be_bytes(b)))).map(u32::from_be_bytes)
    }

    /// A little-endian unsigned integer of four bytes.
    #[inline]
    pub fn u32_le(&mut self, field: &'static Field) -> Result<u32, Fault> {
        self.array(field, |b| Value::Unsigned(u64::from(u32::from_le_bytes(b)))).map(u32::from_le_bytes)
    }

    /// A big-endian signed integer of two bytes.
    #[inline]
    pub fn i16(&mut self, field: &'static Field) -> Result<i16, Fault> {
        self.array(field, |b| Value::Signed(i64::from(i16::from_be_bytes(b)))).map(i16::from_be_bytes)
    }

    /// A big-endian signed integer of three bytes.
    #[inline]
    pub fn i24(&mut self, field: &'static Field) -> Result<i32, Fault> {
        let number = |[a, b, c]: [u8; 3]| i32::from_be_bytes([a, b, c, 0]) >> 8;
        self.array(field, |b| Value::Signed(i64::from(number(b)))).map(number)
    }

    /// A big-endian IEEE 754 double.
    #[inline]
    pub fn f64(&mut self, field: &'static Field) -> Result<f64, Fault> {
        self.array(field, |b| Value::Float(f64::from_be_bytes(b))).map(f64::from_be_bytes)
    }

    /// The bit fields of one to eight whole bytes, most significant first.
    #[inline]
    pub fn bits<const N: usize>(&mut self, fields: [(&'static Field, u32); N]) -> Result<[u64; N], Fault> {
        let width: u32 = fields.iter().map(|(_, bits)| bits).sum();
        debug_assert!(width.is_multiple_of(8) && width <= 64);
        let start = Bits::of_bytes(self.at, 0).start;
        let word = self.take((width / 8) as usize)?.iter().fold(0u64, |word, &b| word << 8 | u64::from(b));
        let mut values = [0; N];
        let mut used = 0;
        for (value, (field, bits)) in values.iter_mut().zip(fields) {
            *value = word >> (width - used - bits) & (u64::MAX >> (64 - bits));
            self.note.leaf(field, Bits { start: start + used, len: bits }, Value::Unsigned(*value));
            used += bits;
        }
        Ok(values)
    }

    /// Opaque bytes.
    #[inline]
    pub fn bytes(&mut self, field: &'static Field, len: usize) -> Result<&'a [u8], Fault> {
        let at = self.at;
        let bytes = self.take(len)?;
        self.note.leaf(field, Bits::of_bytes(at, len), Value::Bytes(range(at, len)));
        Ok(bytes)
    }

    /// Text, meant as UTF-8 but returned as it is.
    #[inline]
    pub fn text(&mut self, field: &'static Field, len: usize) -> Result<&'a [u8], Fault> {
        let at = self.at;
        let bytes = self.take(len)?;
        self.note.leaf(field, Bits::of_bytes(at, len), Value::Text(range(at, len)));
        Ok(bytes)
    }

    /// All bytes that are left within the current bounds, as one opaque leaf; none when nothing is left.
    #[inline]
    pub fn rest(&mut self, field: &'static Field) -> &'a [u8] {
        let (at, bytes) = (self.at, self.peek());
        if !bytes.is_empty() {
            self.at += bytes.len();
            self.note.leaf(field, Bits::of_bytes(at, bytes.len()), Value::Bytes(range(at, bytes.len())));
        }
        bytes
    }

    /// All bytes that are left within the current bounds, as a gap with its reason.
    #[inline]
    pub fn skip_rest(&mut self, why: &'static str) {
        let left = self.left();
        if left > 0 {
            self.note.gap(Bits::of_bytes(self.at, left), why);
            self.at += left;
        }
    }

    /// A value that is computed and not on the wire by itself.
    #[inline]
    pub fn derived(&mut self, field: &'static Field, value: Value) {
        self.note.derived(field, Bits::of_bytes(self.at, 0).start, value);
    }

    /// The value that the open group stands for.
    #[inline]
    pub fn value(&mut self, value: Value) {
        self.note.value(value);
    }

    /// Like [`value`](Self::value) for the text that was just read and ends here.
    #[inline]
    pub fn value_text(&mut self, len: usize) {
        self.note.value(Value::Text(range(self.at - len, len)));
    }

    /// A group of fields. A fault inside is pinned on it, and what was read until then stays.
    #[inline]
    pub fn group<T>(
        &mut self,
        field: &'static Field,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.note.open(field, Bits::of_bytes(self.at, 0).start);
        self.close_after(read)
    }

    /// A length in two bytes and that many bytes of text.
    #[inline]
    pub fn text16(&mut self, length: &'static Field, text: &'static Field) -> Result<&'a [u8], Fault> {
        let at = self.at;
        match text16_ahead(self.peek()) {
            Some(bytes) => {
                self.at = at + 2 + bytes.len();
                self.note.leaf(length, Bits::of_bytes(at, 2), Value::Unsigned(bytes.len() as u64));
                self.note.leaf(text, Bits::of_bytes(at + 2, bytes.len()), Value::Text(range(at + 2, bytes.len())));
                Ok(bytes)
            }
            None => {
                let len = self.u16(length)?;
                Err(self.short(usize::from(len)))
            }
        }
    }

    /// A group that begins with its own name: a length in two bytes and that many bytes of text. `read` gets the name
    /// and reads what follows it.
    #[inline]
    pub fn member<T>(
        &mut self,
        fields: &Member,
        read: impl FnOnce(&mut Self, &'a [u8]) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        // The name is looked at before it is read, so that the group can carry it and enclose it.
        let (at, name) = (self.at, text16_ahead(self.peek()).unwrap_or_default());
        self.note.open_member(fields.member, range(at + 2, name.len()), name, Bits::of_bytes(at, 0).start);
        self.close_after(|r| {
            let name = r.text16(fields.length, fields.name)?;
            read(r, name)
        })
    }

    #[inline]
    fn close_after<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        let result = read(self);
        if let Err(fault) = result {
            self.note.fault(fault);
        }
        self.note.close(Bits::of_bytes(self.at, 0).start);
        result
    }

    /// Reads within the next `len` bytes only. What `read` leaves there becomes a gap, so that the cursor always
    /// stands after those bytes, also after a fault.
    #[inline]
    pub fn within<T>(&mut self, len: usize, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        let outer = self.bytes;
        let Some(inner) = outer.get(..self.at + len) else {
            return Err(self.short(len));
        };
        self.bytes = inner;
        let result = read(self);
        self.skip_rest(match result {
            Ok(_) => "not expected here",
            Err(_) => "not decoded after a fault",
        });
        self.bytes = outer;
        result
    }

    /// One level deeper, within the bounds.
    #[inline]
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        let Some(depth) = self.bounds.depth.checked_sub(1) else {
            return Err(self.fault(FaultKind::TooDeep));
        };
        self.bounds.depth = depth;
        let result = read(self);
        self.bounds.depth = depth + 1;
        result
    }

    /// Counts one more value against the bounds.
    #[inline]
    pub fn count(&mut self) -> Result<(), Fault> {
        match self.bounds.nodes.checked_sub(1) {
            Some(nodes) => {
                self.bounds.nodes = nodes;
                Ok(())
            }
            None => Err(self.fault(FaultKind::TooMany)),
        }
    }

    /// A remark on the `len` bytes before the cursor.
    #[inline]
    pub fn remark(&mut self, len: usize, text: &'static str) {
        self.note.remark(Remark { bits: Bits::of_bytes(self.at - len.min(self.at), len), text });
    }

    /// A fault at the cursor.
    #[cold]
    pub fn fault(&self, kind: FaultKind) -> Fault {
        Fault { at: self.at as u32, kind }
    }

    /// A fault at the cursor: these bytes cannot mean what they should.
    #[cold]
    pub fn malformed(&self, why: &'static &'static str) -> Fault {
        self.fault(FaultKind::Malformed(why))
    }

    /// Ends the reading: what is left becomes a gap, and a fault is pinned if no group has it yet.
    pub fn finish(mut self, result: Result<(), Fault>) -> A {
        match result {
            Ok(()) => self.skip_rest("not expected here"),
            Err(fault) => {
                self.note.fault(fault);
                self.skip_rest("not decoded after a fault");
            }
        }
        self.note
    }

    /// Bytes of a fixed number, with one leaf over them.
    #[inline]
    fn array<const N: usize>(
        &mut self,
        field: &'static Field,
        value: impl FnOnce([u8; N]) -> Value,
    ) -> Result<[u8; N], Fault> {
        match self.peek().first_chunk::<N>() {
            Some(&bytes) => {
                self.note.leaf(field, Bits::of_bytes(self.at, N), value(bytes));
                self.at += N;
                Ok(bytes)
            }
            None => Err(self.short(N)),
        }
    }

    #[inline]
    fn take(&mut self, len: usize) -> Result<&'a [u8], Fault> {
        match self.peek().get(..len) {
            Some(bytes) => {
                self.at += len;
                Ok(bytes)
            }
            None => Err(self.short(len)),
        }
    }

    #[cold]
    pub(super) fn short(&self, len: usize) -> Fault {
        self.fault(FaultKind::Short((len - self.left()) as u32))
    }
}

impl Tree {
    /// Explains a buffer with a decoder: its leaves and gaps tile the buffer, whatever the decoder found.
    pub fn explain(bytes: &[u8], read: impl FnOnce(&mut Reader<'_, Tree>) -> Result<(), Fault>) -> Tree {
        let mut reader = Reader::new(bytes, Tree::new());
        let result = read(&mut reader);
        reader.finish(result)
    }
}

/// The text after a length in two bytes, if all of it is there.
#[inline]
fn text16_ahead(bytes: &[u8]) -> Option<&[u8]> {
    let (len, rest) = bytes.split_first_chunk::<2>()?;
    rest.get(..usize::from(u16::from_be_bytes(*len)))
}

#[inline]
fn range(start: usize, len: usize) -> Range {
    Range { start: start as u32, len: len as u32 }
}

mod table;
#[cfg(test)]
mod tests;
