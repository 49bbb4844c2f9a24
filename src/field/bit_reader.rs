//! Reading bit by bit inside a range of bytes: codec configurations, NAL units, headers of frames.
//!
//! The annotator hears of every field with its bits in the original buffer, also where bytes were stuffed in between.

use super::annotate::Annotate;
use super::descriptor::Field;
use super::fault::{Fault, FaultKind, Remark};
use super::reader::Reader;
use super::span::{Bits, Range};
use super::value::Value;

/// A cursor over the bits of a section of a [`Reader`]'s buffer.
///
/// In a section with emulation prevention a stuffed `03` (after `00 00`) is never part of a value. It is a leaf of its
/// own where it stands between two fields, and lies inside the bits of a field that straddles it, so that leaves tile.
pub struct BitReader<'r, 'a, A> {
    note: &'r mut A,
    /// The buffer from its first byte to the end of the section.
    bytes: &'a [u8],
    cursor: Cursor,
    stuffed: bool,
    last: Bits,
}

/// Where the next bit is, and how many zero bytes stand before its byte.
#[derive(Clone, Copy)]
struct Cursor {
    at: u32,
    zeros: u8,
}

/// A stuffed byte between two fields.
pub static EMULATION_PREVENTION: Field =
    Field::new("emulation_prevention", "stuffed in after two zero bytes, so that no start code appears");

impl<'a, A: Annotate> Reader<'a, A> {
    /// Reads the next `len` bytes bit by bit. What `read` leaves there becomes a gap, so that the cursor always stands
    /// after those bytes, also after a fault.
    pub fn bit_section<T>(
        &mut self,
        len: usize,
        read: impl FnOnce(&mut BitReader<'_, 'a, A>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.section(len, false, read)
    }

    /// Like [`bit_section`](Self::bit_section) where every `03` after two zero bytes was stuffed in: the inside of a NAL
    /// unit.
    pub fn rbsp<T>(
        &mut self,
        len: usize,
        read: impl FnOnce(&mut BitReader<'_, 'a, A>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.section(len, true, read)
    }

    fn section<T>(
        &mut self,
        len: usize,
        stuffed: bool,
        read: impl FnOnce(&mut BitReader<'_, 'a, A>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let Some(bytes) = self.at.checked_add(len).and_then(|end| self.bytes.get(..end)) else {
            return Err(self.short(len));
        };
        let Bits { start: at, .. } = Bits::of_bytes(self.at, 0);
        let cursor = Cursor { at, zeros: 0 };
        let mut b = BitReader { note: &mut self.note, bytes, cursor, stuffed, last: Bits { start: at, len: 0 } };
        let result = read(&mut b);
        b.leave(result.is_ok());
        self.at += len;
        result
    }
}

impl<'a, A: Annotate> BitReader<'_, 'a, A> {
    /// Bits left in the section. Bytes that were stuffed in count, except one directly ahead.
    #[inline]
    pub fn left(&self) -> u32 {
        let stuffed = if self.stuffed_ahead() { 8 } else { 0 };
        self.end().saturating_sub(self.cursor.at + stuffed)
    }

    /// True when the next bit is the first one of a byte.
    #[inline]
    pub fn is_aligned(&self) -> bool {
        self.cursor.at.is_multiple_of(8)
    }

    /// An unsigned integer of 1 to 64 bits, most significant bit first.
    #[inline]
    pub fn u(&mut self, field: &'static Field, bits: u32) -> Result<u64, Fault> {
        debug_assert!((1..=64).contains(&bits));
        self.field(field, |b| Ok((b.raw(bits)?, Value::Unsigned)))
    }

    /// A signed integer of 1 to 64 bits in two's complement.
    #[inline]
    pub fn i(&mut self, field: &'static Field, bits: u32) -> Result<i64, Fault> {
        debug_assert!((1..=64).contains(&bits));
        self.field(field, |b| Ok(((b.raw(bits)? << (64 - bits)) as i64 >> (64 - bits), Value::Signed)))
    }

    /// A single bit.
    #[inline]
    pub fn flag(&mut self, field: &'static Field) -> Result<bool, Fault> {
        self.field(field, |b| Ok((b.raw(1)? == 1, Value::Boolean)))
    }

    /// Opaque bytes, not counting those that were stuffed in; the value names them as they stand in the buffer.
    #[inline]
    pub fn bytes(&mut self, field: &'static Field, len: u32) -> Result<&'a [u8], Fault> {
        self.run(field, len, |bits| Value::Bytes(bits.bytes()))
    }

    /// Text, meant as UTF-8 but returned as it stands in the buffer.
    #[inline]
    pub fn text(&mut self, field: &'static Field, len: u32) -> Result<&'a [u8], Fault> {
        self.run(field, len, |bits| Value::Text(bits.bytes()))
    }

    /// All bits up to the next byte as one leaf; none when the cursor stands at a byte already.
    #[inline]
    pub fn align(&mut self, field: &'static Field) -> Result<(), Fault> {
        let over = self.cursor.at % 8;
        if over > 0 {
            self.u(field, 8 - over)?;
        }
        Ok(())
    }

    /// All bits that are left in the section as one leaf; none when nothing is left.
    #[inline]
    pub fn rest(&mut self, field: &'static Field) {
        self.rest_as(field, Value::Bytes);
    }

    /// Like [`rest`](Self::rest) for text.
    #[inline]
    pub fn rest_text(&mut self, field: &'static Field) {
        self.rest_as(field, Value::Text);
    }

    fn rest_as(&mut self, field: &'static Field, value: impl FnOnce(Range) -> Value) {
        self.settle();
        let bits = Bits { start: self.cursor.at, len: self.end().saturating_sub(self.cursor.at) };
        if bits.len > 0 {
            self.note.leaf(field, bits, value(bits.bytes()));
            self.cursor.at = self.end();
            self.last = bits;
        }
    }

    /// The bytes ahead, the one that holds the next bit first, as they stand in the buffer.
    pub fn ahead(&self) -> &'a [u8] {
        self.bytes.get((self.cursor.at / 8) as usize..).unwrap_or_default()
    }

    /// True when nothing but a bit 1 and bits 0 is left: the end of the data in a NAL unit.
    pub fn at_trailing(&mut self) -> bool {
        let start = self.cursor;
        let mut clean = self.raw(1) == Ok(1);
        while clean && self.left() > 0 {
            clean = self.raw(8 - self.cursor.at % 8) == Ok(0);
        }
        self.cursor = start;
        clean
    }

    /// The end of a NAL unit as one leaf: a bit 1 and bits 0. A remark says when it is something else.
    pub fn trailing(&mut self, field: &'static Field) {
        let clean = self.at_trailing();
        self.rest(field);
        if !clean {
            self.remark("should end with a bit 1 and bits 0");
        }
    }

    /// A value that is computed and not on the wire by itself.
    #[inline]
    pub fn derived(&mut self, field: &'static Field, value: Value) {
        self.note.derived(field, self.cursor.at, value);
    }

    /// The value that the open group stands for.
    #[inline]
    pub fn value(&mut self, value: Value) {
        self.note.value(value);
    }

    /// A group of fields. A fault inside is pinned on it, and what was read until then stays.
    #[inline]
    pub fn group<T>(
        &mut self,
        field: &'static Field,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.settle();
        self.note.open(field, self.cursor.at);
        let result = read(self);
        if let Err(fault) = result {
            self.note.fault(fault);
        }
        self.note.close(self.cursor.at);
        result
    }

    /// Reads within the next `len` bytes only, not counting those that were stuffed in. What `read` leaves there becomes
    /// a gap.
    pub fn within<T>(&mut self, len: u32, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        let start = self.cursor;
        let end = self.pass(len).map(|()| self.cursor);
        self.cursor = start;
        let end = end?;
        let outer = self.bytes;
        // Ends between two bytes when the section began between two bytes; the last one then counts as whole.
        self.bytes = outer.get(..end.at.div_ceil(8) as usize).unwrap_or(outer);
        let result = read(self);
        self.leave(result.is_ok());
        self.bytes = outer;
        self.cursor = Cursor { at: self.cursor.at.max(end.at), zeros: end.zeros };
        result
    }

    /// A remark on the field that was read last.
    #[inline]
    pub fn remark(&mut self, text: &'static str) {
        self.note.remark(Remark { bits: self.last, text });
    }

    /// A fault on the field that was read last: it cannot mean what it should.
    #[cold]
    pub fn malformed(&self, why: &'static &'static str) -> Fault {
        Fault { at: self.last.start / 8, kind: FaultKind::Malformed(why) }
    }

    /// A field whose value `read` finds; when it cannot, the cursor stays before the field.
    #[inline]
    fn field<T: Copy, V: FnOnce(T) -> Value>(
        &mut self,
        field: &'static Field,
        read: impl FnOnce(&mut Self) -> Result<(T, V), Fault>,
    ) -> Result<T, Fault> {
        self.settle();
        let start = self.cursor;
        match read(self) {
            Ok((value, wrap)) => {
                self.last = Bits { start: start.at, len: self.cursor.at - start.at };
                self.note.leaf(field, self.last, wrap(value));
                Ok(value)
            }
            Err(fault) => {
                self.cursor = start;
                Err(Fault { at: start.at / 8, ..fault })
            }
        }
    }

    fn run(&mut self, field: &'static Field, len: u32, value: impl FnOnce(Bits) -> Value) -> Result<&'a [u8], Fault> {
        if len == 0 {
            return Ok(&[]);
        }
        self.settle();
        let start = self.cursor.at;
        self.field(field, |b| {
            b.pass(len)?;
            let bits = Bits { start, len: b.cursor.at - start };
            Ok((bits.bytes().of(b.bytes), move |_| value(bits)))
        })
    }

    /// Passes over `len` bytes, not counting those that were stuffed in.
    fn pass(&mut self, len: u32) -> Result<(), Fault> {
        let left = self.end().saturating_sub(self.cursor.at);
        if u64::from(len) * 8 > u64::from(left) {
            return Err(self.short(u64::from(len) * 8));
        }
        if self.stuffed {
            for _ in 0..len {
                self.raw(8)?;
            }
        } else {
            self.cursor.at += len * 8;
        }
        Ok(())
    }

    /// The next bits, without telling anybody.
    #[inline]
    fn raw(&mut self, bits: u32) -> Result<u64, Fault> {
        let (mut value, mut need) = (0u64, bits);
        while need > 0 {
            self.skip_stuffed();
            let Some(&byte) = self.bytes.get((self.cursor.at / 8) as usize) else {
                return Err(self.short(u64::from(need)));
            };
            let ahead = 8 - self.cursor.at % 8;
            let take = ahead.min(need);
            value = value << take | u64::from(byte >> (ahead - take)) & (0xff >> (8 - take));
            need -= take;
            self.cursor.at += take;
            if take == ahead {
                self.cursor.zeros = if byte == 0 { self.cursor.zeros.saturating_add(1) } else { 0 };
            }
        }
        Ok(value)
    }

    /// A stuffed byte before a field is a leaf of its own.
    #[inline]
    fn settle(&mut self) {
        let at = self.cursor.at;
        if self.skip_stuffed() {
            self.note.leaf(&EMULATION_PREVENTION, Bits { start: at, len: 8 }, Value::Unsigned(3));
        }
    }

    #[inline]
    fn skip_stuffed(&mut self) -> bool {
        let stuffed = self.stuffed_ahead();
        if stuffed {
            self.cursor = Cursor { at: self.cursor.at + 8, zeros: 0 };
        }
        stuffed
    }

    #[inline]
    fn stuffed_ahead(&self) -> bool {
        self.stuffed
            && self.cursor.zeros >= 2
            && self.is_aligned()
            && self.bytes.get((self.cursor.at / 8) as usize) == Some(&3)
    }

    #[inline]
    fn end(&self) -> u32 {
        Bits::of_bytes(self.bytes.len(), 0).start
    }

    fn leave(&mut self, ok: bool) {
        self.settle();
        let len = self.end().saturating_sub(self.cursor.at);
        if len > 0 {
            let why = if ok { "not expected here" } else { "not decoded after a fault" };
            self.note.gap(Bits { start: self.cursor.at, len }, why);
            self.cursor.at += len;
        }
    }

    #[cold]
    fn short(&self, bits: u64) -> Fault {
        let left = u64::from(self.end().saturating_sub(self.cursor.at));
        let missing = bits.saturating_sub(left).div_ceil(8).max(1);
        Fault { at: self.cursor.at / 8, kind: FaultKind::Short(missing as u32) }
    }
}

mod codes;
#[cfg(test)]
mod tests;
