//! What went wrong while reading, and what looked odd: faults stop a decoder, remarks do not.

use std::fmt;

use super::span::Bits;

/// Why a decoder stopped. Small and `Copy`: a fault is data about the traffic, not an error of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Byte offset in the buffer at which the decoder stopped.
    pub at: u32,
    /// What was wrong there.
    pub kind: FaultKind,
}

/// The kinds of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// So many more bytes were needed than there were.
    Short(u32),
    /// The bytes cannot mean what they should; the text says why. (A thin reference keeps every `Result` small.)
    Malformed(&'static &'static str),
    /// Values nest deeper than the limit.
    TooDeep,
    /// The message holds more values than the limit.
    TooMany,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FaultKind::Short(1) => write!(f, "ends 1 byte too early"),
            FaultKind::Short(n) => write!(f, "ends {n} bytes too early"),
            FaultKind::Malformed(why) => f.write_str(why),
            FaultKind::TooDeep => write!(f, "values nest too deep"),
            FaultKind::TooMany => write!(f, "too many values in one message"),
        }
    }
}

/// Something odd that does not stop decoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The bits that the remark is about.
    pub bits: Bits,
    /// What is odd about them.
    pub text: &'static str,
}
