//! Numbers as text, straight into a buffer: an event has two dozen of them. Digits are made eight at a time and appended
//! as a group of fixed size, which compiles to a store; a group of any size would be a call to copy it.

/// An integer of any type.
pub trait Integer {
    /// Whether it is negative, and how far it is from zero.
    fn parts(self) -> (bool, u64);
}

macro_rules! integers {
    ($($unsigned:ty)* ; $($signed:ty)*) => {
        $(impl Integer for $unsigned {
            #[inline(always)]
            fn parts(self) -> (bool, u64) {
                (false, self as u64)
            }
        })*
        $(impl Integer for $signed {
            #[inline(always)]
            fn parts(self) -> (bool, u64) {
                (self < 0, u64::from(self.unsigned_abs()))
            }
        })*
    };
}
integers!(u8 u16 u32 u64 usize ; i8 i16 i32 i64);

/// Appends a number.
#[inline(always)]
pub(super) fn unsigned(out: &mut Vec<u8>, value: u64) {
    match value {
        0..10 => out.push(b'0' + value as u8),
        10..FOUR => {
            let digits = four(value as u32);
            let zeros = digits.trailing_zeros() / 8;
            out.extend_from_slice(&(digits >> (8 * zeros) | 0x3030_3030).to_le_bytes());
            out.truncate(out.len() - zeros as usize);
        }
        FOUR..EIGHT => {
            let (digits, zeros) = significant(value as u32);
            out.extend_from_slice(&digits);
            out.truncate(out.len() - zeros);
        }
        _ => long(out, value),
    }
}

/// Appends a number of nine digits or more.
fn long(out: &mut Vec<u8>, value: u64) {
    unsigned(out, value / EIGHT);
    out.extend_from_slice(&text(eight((value % EIGHT) as u32)));
}

/// The digits of a number that has no more than eight, and how many bytes behind them count for nothing. A function that
/// appends nothing has no registers to save.
#[inline(never)]
fn significant(value: u32) -> ([u8; 8], usize) {
    let digits = eight(value);
    let zeros = digits.trailing_zeros() / 8;
    (text(digits >> (8 * zeros)), zeros as usize)
}

/// Appends a number of billionths behind a decimal point, without zeros at the end.
pub(super) fn fraction(out: &mut Vec<u8>, billionths: u32) {
    let (digits, last) = (eight(billionths / 10), billionths % 10);
    out.push(b'.');
    out.extend_from_slice(&text(digits));
    if last > 0 {
        out.push(b'0' + last as u8);
    } else {
        out.truncate(out.len() - digits.leading_zeros() as usize / 8);
    }
}

/// Numbers from here on have more than four digits, and more than eight.
const FOUR: u64 = 10_000;
const EIGHT: u64 = 100_000_000;

/// The four digits of a number, one a byte, the first in the lowest byte. It is split into halves and these into digits,
/// all parts of a step by the same multiplication: by a reciprocal that is exact for such small numbers.
#[inline(always)]
fn four(value: u32) -> u32 {
    let hundreds = (value * 5243) >> 19;
    let halves = hundreds | (value - 100 * hundreds) << 16;
    let tens = (halves * 103) >> 10 & 0x000f_000f;
    tens | (halves - 10 * tens) << 8
}

/// The same for eight digits.
#[inline(always)]
fn eight(value: u32) -> u64 {
    let halves = u64::from(value / 10_000) | u64::from(value % 10_000) << 32;
    let hundreds = (halves * 10_486) >> 20 & 0x7f_0000_007f;
    let quarters = hundreds | (halves - 100 * hundreds) << 16;
    let tens = (quarters * 103) >> 10 & 0x000f_000f_000f_000f;
    tens | (quarters - 10 * tens) << 8
}

/// Digits as text.
#[inline(always)]
fn text(digits: u64) -> [u8; 8] {
    (digits | 0x3030_3030_3030_3030).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_of_every_length() {
        let mut edges = vec![0, u64::MAX, u64::from(u32::MAX), 1_000_000_010_000_001];
        for power in 0..20 {
            let edge = 10u64.pow(power);
            edges.extend([edge - 1, edge, edge + 1, edge.wrapping_mul(7)]);
        }
        edges.extend((0..20_000).chain((0..2 * EIGHT).step_by(9_973)));
        for number in edges {
            assert_eq!(written(|out| unsigned(out, number)), number.to_string());
        }
        assert_eq!(i64::MIN.parts(), (true, 1 << 63));
        assert_eq!((-7i8).parts(), (true, 7));
    }

    #[test]
    fn fractions_end_with_their_last_digit() {
        for part in (1..1_000_000_000).step_by(9973).chain([1, 10, 999, 1000, 1_000_000, 100_000_000, 999_999_999]) {
            let expected = format!(".{part:09}");
            assert_eq!(written(|out| fraction(out, part)), expected.trim_end_matches('0'));
        }
    }
}
