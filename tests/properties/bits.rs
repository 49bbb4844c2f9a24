//! Writing bits, and taking choices from random bytes.

use proptest::prelude::*;

use super::bytes;

/// Writes bits and Exp-Golomb codes.
#[derive(Default)]
pub(super) struct Bits(Vec<bool>);

impl Bits {
    pub(super) fn u(&mut self, value: u64, bits: u32) -> &mut Self {
        self.0.extend((0..bits).rev().map(|i| value >> i.min(63) & 1 == 1 && i < 64));
        self
    }

    pub(super) fn flag(&mut self, value: bool) -> bool {
        self.0.push(value);
        value
    }

    pub(super) fn ue(&mut self, value: u64) -> &mut Self {
        let bits = (value + 1).ilog2();
        self.u(0, bits).u(value + 1, bits + 1)
    }

    pub(super) fn se(&mut self, value: i64) -> &mut Self {
        self.ue(if value > 0 { value as u64 * 2 - 1 } else { value.unsigned_abs() * 2 })
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.0.chunks(8).map(|b| (0..8).fold(0, |n, i| n << 1 | u8::from(b.get(i) == Some(&true)))).collect()
    }

    /// A NAL unit: trailing bits, and a 03 wherever a start code would appear.
    pub(super) fn unit(&mut self, header: &[u8]) -> Vec<u8> {
        self.flag(true);
        let (mut unit, mut zeros) = (header.to_vec(), 0);
        for byte in self.bytes() {
            if zeros >= 2 && byte <= 3 {
                unit.push(3);
                zeros = 0;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            unit.push(byte);
        }
        unit
    }
}

/// Choices, taken one after the other: the same bytes make the same structure.
pub(super) struct Dice(std::vec::IntoIter<u8>);

impl Dice {
    pub(super) fn new(choices: Vec<u8>) -> Dice {
        Dice(choices.into_iter())
    }

    pub(super) fn any(&mut self) -> bool {
        self.0.next().unwrap_or_default() & 1 == 1
    }

    pub(super) fn below(&mut self, below: u64) -> u64 {
        let number = (0..3).fold(0u64, |n, _| n << 8 | u64::from(self.0.next().unwrap_or_default()));
        number % below
    }
}

pub(super) fn dice() -> impl Strategy<Value = Vec<u8>> {
    bytes(600)
}
