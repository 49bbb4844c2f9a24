//! What had to be skipped in a capture: a bounded list and a count.

use std::fmt;

/// Notes kept; the rest is counted. A damaged capture is described well enough by its first hundred wounds.
const KEPT: usize = 100;

/// One place where the capture is damaged or cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The last packet read before it, 0 if none.
    pub after_packet: u64,
    /// Offset in the (unpacked) capture.
    pub offset: u64,
    /// What is wrong there.
    pub damage: Damage,
}

/// What is wrong at some place of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The capture ends inside its file header, a record or a block.
    CutShort {
        /// Bytes of it that are there.
        have: u64,
        /// Bytes that it announces.
        announced: u64,
    },
    /// A record or block announces a length that cannot be; so many bytes were skipped to the next believable one.
    BadLength {
        /// The length announced.
        announced: u64,
        /// Bytes skipped.
        skipped: u64,
    },
    /// A record or block announces a length that cannot be, and nothing believable follows.
    Lost {
        /// The length announced.
        announced: u64,
    },
    /// A block whose contents contradict themselves; it was skipped.
    BadBlock {
        /// The block type.
        kind: u32,
    },
    /// A packet of an interface that the section does not describe; it was skipped.
    UnknownInterface(u32),
    /// Another capture file begins inside this one.
    AnotherFile,
    /// The input unpacks to so many times its size: no capture is so regular.
    Ratio(u64),
    /// The compressed data ends early or is damaged; the rest cannot be unpacked.
    Compression(String),
}

#[derive(Debug, Default)]
pub(super) struct Notes {
    kept: Vec<Note>,
    count: u64,
    remarks: u64,
}

impl Notes {
    pub(super) fn add(&mut self, after_packet: u64, offset: u64, damage: Damage) {
        self.count += 1;
        if self.kept.len() < KEPT {
            self.kept.push(Note { after_packet, offset, damage });
        }
    }

    /// Something odd that is no damage: the capture is complete all the same.
    pub(super) fn remark(&mut self, after_packet: u64, offset: u64, damage: Damage) {
        if self.kept.len() < KEPT {
            self.kept.push(Note { after_packet, offset, damage });
            self.remarks += 1;
        }
    }

    /// How many of the notes are no damage.
    pub(super) fn remarks(&self) -> u64 {
        self.remarks
    }

    pub(super) fn kept(&self) -> &[Note] {
        &self.kept
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "after packet {}, byte {}: {}", self.after_packet, self.offset, self.damage)
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Damage::CutShort { have, announced } => {
                write!(f, "the capture ends here: {have} of {announced} bytes are there")
            }
            Damage::BadLength { announced, skipped } => {
                write!(f, "impossible record (length {announced}); {skipped} bytes skipped")
            }
            Damage::Lost { announced } => {
                write!(f, "impossible record (length {announced}) and no believable record after it")
            }
            Damage::BadBlock { kind } => write!(f, "block of type {kind:#x} contradicts itself; skipped"),
            Damage::UnknownInterface(id) => write!(f, "packet of interface {id}, which is not described; skipped"),
            Damage::AnotherFile => f.write_str("another capture file begins here; it was read on"),
            Damage::Ratio(times) => {
                write!(f, "the compressed input unpacks to {times} times its size: is it what it should be?")
            }
            Damage::Compression(why) => write!(f, "the compressed data cannot be unpacked any further: {why}"),
        }
    }
}
