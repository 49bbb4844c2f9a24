//! What formats with tables need: values that name bytes read earlier, and integers of variable width.

use super::{Annotate, Bits, Fault, Field, Range, Reader, Value};

impl<'a, A: Annotate> Reader<'a, A> {
    /// Bytes of this buffer, wherever they stand; empty when they are not there.
    #[inline]
    pub fn at_range(&self, range: Range) -> &'a [u8] {
        let start = range.start as usize;
        self.bytes.get(start..start + range.len as usize).unwrap_or_default()
    }

    /// A big-endian signed integer of four bytes.
    #[inline]
    pub fn i32(&mut self, field: &'static Field) -> Result<i32, Fault> {
        self.array(field, |b| Value::Signed(i64::from(i32::from_be_bytes(b)))).map(i32::from_be_bytes)
    }

    /// A leaf over the next `len` bytes whose value the caller found by looking ahead, for integers of variable width.
    #[inline]
    pub fn coded(&mut self, field: &'static Field, len: usize, value: Value) -> Result<(), Fault> {
        let at = self.at;
        self.take(len)?;
        self.note.leaf(field, Bits::of_bytes(at, len), value);
        Ok(())
    }

    /// A group with a name that may stand anywhere in the buffer. Its descriptor is the open group's member of that
    /// name, or `other`.
    #[inline]
    pub fn named<T>(
        &mut self,
        other: &'static Field,
        key: Range,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let name = self.at_range(key);
        self.note.open_member(other, key, name, Bits::of_bytes(self.at, 0).start);
        self.close_after(read)
    }
}
