//! Numbers of variable width inside a bit section.

use super::{Annotate, BitReader, Fault, FaultKind, Field, Value};

/// The longest run of zeros before an Exp-Golomb code of 32 bits.
const MOST_ZEROS: u32 = 32;

impl<A: Annotate> BitReader<'_, '_, A> {
    /// An unsigned Exp-Golomb code, ue(v).
    #[inline]
    pub fn ue(&mut self, field: &'static Field) -> Result<u32, Fault> {
        self.field(field, |b| Ok((b.exp_golomb()?, |n| Value::Unsigned(u64::from(n)))))
    }

    /// An unsigned Exp-Golomb code that may not be larger than `most`: a count, or an exponent.
    #[inline]
    pub fn ue_to(&mut self, field: &'static Field, most: u32) -> Result<u32, Fault> {
        let value = self.ue(field)?;
        if value > most { Err(self.malformed(&"larger than the format allows")) } else { Ok(value) }
    }

    /// A signed Exp-Golomb code, se(v).
    #[inline]
    pub fn se(&mut self, field: &'static Field) -> Result<i64, Fault> {
        self.field(field, |b| {
            let code = i64::from(b.exp_golomb()?);
            Ok((if code & 1 == 1 { (code + 1) / 2 } else { -(code / 2) }, Value::Signed))
        })
    }

    /// The variable-length code of AV1, uvlc(): as [`ue`](Self::ue), but 32 zeros alone mean the largest number.
    #[inline]
    pub fn uvlc(&mut self, field: &'static Field) -> Result<u32, Fault> {
        self.field(field, |b| {
            let zeros = b.leading_zeros()?;
            let value = if zeros < 32 { b.after_zeros(zeros)? } else { u32::MAX };
            Ok((value, |n| Value::Unsigned(u64::from(n))))
        })
    }

    /// The sum of all bytes up to and including the first one that is not ff: types and sizes of SEI messages.
    #[inline]
    pub fn byte_sum(&mut self, field: &'static Field) -> Result<u32, Fault> {
        self.field(field, |b| {
            let mut sum = 0u32;
            loop {
                let byte = b.raw(8)? as u32;
                sum = sum.saturating_add(byte);
                if byte != 0xff {
                    return Ok((sum, |n| Value::Unsigned(u64::from(n))));
                }
            }
        })
    }

    fn exp_golomb(&mut self) -> Result<u32, Fault> {
        let zeros = self.leading_zeros()?;
        self.after_zeros(zeros)
    }

    /// Zeros up to the first 1, which is read too. More than 32 are no code.
    fn leading_zeros(&mut self) -> Result<u32, Fault> {
        let mut zeros = 0;
        while self.raw(1)? == 0 {
            zeros += 1;
            if zeros > MOST_ZEROS {
                return Err(self.no_code());
            }
        }
        Ok(zeros)
    }

    fn after_zeros(&mut self, zeros: u32) -> Result<u32, Fault> {
        let suffix = if zeros > 0 { self.raw(zeros)? } else { 0 };
        u32::try_from((1u64 << zeros) - 1 + suffix).map_err(|_| self.no_code())
    }

    #[cold]
    fn no_code(&self) -> Fault {
        Fault { at: self.cursor.at / 8, kind: FaultKind::Malformed(&"not a number of at most 32 bits") }
    }
}
