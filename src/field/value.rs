//! What a field says: a small `Copy` value; text and bytes stay in the buffer and are named by their range.

use super::span::Range;

/// The decoded value of a leaf, or the summary value of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Value {
    /// The node only groups others.
    #[default]
    None,
    /// An unsigned integer.
    Unsigned(u64),
    /// A signed integer.
    Signed(i64),
    /// A floating-point number.
    Float(f64),
    /// A truth value.
    Boolean(bool),
    /// Text in the buffer, meant as UTF-8.
    Text(Range),
    /// Opaque bytes in the buffer.
    Bytes(Range),
    /// Milliseconds since 1970-01-01 UTC.
    Date(f64),
    /// A word that the decoder chose, such as `null`.
    Word(&'static str),
    /// A number of members or items.
    Count(u32),
}

impl Value {
    /// The value as an unsigned integer, if it is one (a float counts when it is whole).
    pub fn as_unsigned(self) -> Option<u64> {
        match self {
            Value::Unsigned(n) => Some(n),
            Value::Signed(n) => u64::try_from(n).ok(),
            Value::Boolean(b) => Some(u64::from(b)),
            Value::Float(f) if (0.0..9e15).contains(&f) && f.fract() == 0.0 => Some(f as u64),
            _ => None,
        }
    }
    /// The value as a signed integer, if it is one (a float counts when it is whole).
    pub fn as_signed(self) -> Option<i64> {
        match self {
            Value::Signed(n) => Some(n),
            Value::Float(f) if (-9e15..0.0).contains(&f) && f.fract() == 0.0 => Some(f as i64),
            _ => self.as_unsigned().and_then(|n| i64::try_from(n).ok()),
        }
    }
}
