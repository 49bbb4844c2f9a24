//! A stretch of a file that was read before its turn came.

use std::io::{self, ErrorKind};

use super::source::FRONT;

/// An input that can be read at any offset, by several threads at once.
pub trait ReadAt: Send + Sync {
    /// Reads bytes from an offset on, as many as one read gives.
    fn read_at(&self, buf: &mut [u8], at: u64) -> io::Result<usize>;
}

/// The bytes, and the memory in front of them that takes what is left of those before.
#[derive(Debug)]
pub struct Lot {
    /// The bytes begin at [`FRONT`].
    pub(super) bytes: Vec<u8>,
    pub(super) len: usize,
    /// Where in the input they begin.
    pub(super) at: u64,
    /// Whose memory it is.
    pub(super) owner: usize,
}

impl Lot {
    /// How many bytes: few enough that what one thread read and what it still decodes stay in its cache, enough that it
    /// costs little to wake the other one for them.
    pub const LEN: u64 = 512 << 10;

    /// Memory of a thread, which has this number.
    pub fn new(owner: usize) -> Lot {
        Lot { bytes: vec![0; FRONT + Lot::LEN as usize], len: 0, at: 0, owner }
    }

    /// Whose memory it is.
    pub fn owner(&self) -> usize {
        self.owner
    }

    /// Fills it with the bytes at an offset of the input. Fewer come at its end, and where they cannot be read: whoever
    /// asks for those again is told why.
    pub fn fill(&mut self, input: &dyn ReadAt, at: u64) {
        (self.len, self.at) = (0, at);
        loop {
            let rest = self.bytes.get_mut(FRONT + self.len..).unwrap_or_default();
            match input.read_at(rest, at + self.len as u64) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(0) | Err(_) => return,
                Ok(n) => self.len += n,
            }
        }
    }
}

#[cfg(test)]
mod tests;
