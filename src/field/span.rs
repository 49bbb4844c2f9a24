//! Where a field lies: ranges of bits and of bytes within one buffer (a header or a message body).

/// A range of bits, counted from the first bit (the most significant one) of the buffer.
///
/// Buffers are at most 16 MiB (a message length has 24 bits), so 32 bits are enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bits {
    /// First bit.
    pub start: u32,
    /// Number of bits; 0 for values that are computed and not on the wire.
    pub len: u32,
}

impl Bits {
    /// The bits of `len` whole bytes from byte `start` on.
    #[inline]
    pub fn of_bytes(start: usize, len: usize) -> Bits {
        Bits { start: (start * 8) as u32, len: (len * 8) as u32 }
    }

    /// The bit after the last one.
    pub fn end(self) -> u32 {
        self.start + self.len
    }

    /// The smallest range of bytes that covers these bits.
    pub fn bytes(self) -> Range {
        let start = self.start / 8;
        Range { start, len: self.end().div_ceil(8) - start }
    }
}

/// A range of bytes within one buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Range {
    /// First byte.
    pub start: u32,
    /// Number of bytes.
    pub len: u32,
}

impl Range {
    /// The bytes of `buffer` that the range names; empty when it reaches beyond the end.
    pub fn of(self, buffer: &[u8]) -> &[u8] {
        let start = self.start as usize;
        buffer.get(start..start + self.len as usize).unwrap_or_default()
    }

    /// The byte after the last one.
    pub fn end(self) -> u32 {
        self.start + self.len
    }
}
