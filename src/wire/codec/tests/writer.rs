//! Writes bits and Exp-Golomb codes, for parameter sets that no encoder at hand would write.

/// What follows the header of a NAL unit, bit by bit.
#[derive(Clone, Default)]
pub(in crate::wire) struct Writer(Vec<bool>);

impl Writer {
    /// An unsigned number of so many bits.
    pub(in crate::wire) fn u(mut self, value: u64, bits: u32) -> Self {
        self.0.extend((0..bits).rev().map(|i| value >> i & 1 == 1));
        self
    }

    /// An unsigned Exp-Golomb code.
    pub(in crate::wire) fn ue(self, value: u64) -> Self {
        let bits = 64 - (value + 1).leading_zeros();
        self.u(0, bits - 1).u(value + 1, bits)
    }

    /// A signed Exp-Golomb code.
    pub(in crate::wire) fn se(self, value: i64) -> Self {
        self.ue(if value > 0 { value as u64 * 2 - 1 } else { value.unsigned_abs() * 2 })
    }

    /// The unit with this header, trailing bits and emulation prevention.
    pub(in crate::wire) fn unit(self, header: &[u8]) -> Vec<u8> {
        let mut bits = self.0;
        bits.push(true);
        bits.resize(bits.len().next_multiple_of(8), false);
        let mut unit = header.to_vec();
        let mut zeros = 0;
        for byte in bits.chunks(8).map(|b| b.iter().fold(0u8, |n, bit| n << 1 | u8::from(*bit))) {
            if zeros >= 2 && byte <= 3 {
                unit.push(3);
                zeros = 0;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            unit.push(byte);
        }
        unit
    }

    /// The unit as the only one of a sample, behind a length of four bytes.
    pub(in crate::wire) fn sample(self, header: &[u8]) -> Vec<u8> {
        let unit = self.unit(header);
        [&(unit.len() as u32).to_be_bytes(), &unit[..]].concat()
    }
}
