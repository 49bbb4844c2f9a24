//! The reading buffer: one allocation, refilled by plain reads, that packets are borrowed from.

use std::io::{self, ErrorKind, Read, Write};

/// Small enough to stay in the cache between the kernel's copy and our reading, large enough to make reads rare.
const BUFFER: usize = 256 << 10;

pub(super) struct Source {
    input: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset of `start` in the unpacked capture.
    offset: u64,
    /// Most bytes wanted at once.
    most: usize,
    /// True when read errors may mean damaged compression.
    packed: bool,
    ended: bool,
    broken_wrapping: Option<String>,
    /// Takes a copy of what is read.
    spool: Option<Box<dyn Write + Send>>,
}

impl Source {
    /// `most` is the largest record that will be asked for.
    pub(super) fn new(input: Box<dyn Read + Send>, most: usize, packed: bool) -> Source {
        Source {
            input,
            buffer: vec![0; BUFFER],
            start: 0,
            end: 0,
            offset: 0,
            most: most.saturating_add(64),
            packed,
            ended: false,
            broken_wrapping: None,
            spool: None,
        }
    }

    /// Reads until `need` bytes are available; false when the input ends first.
    pub(super) fn have(&mut self, need: usize) -> io::Result<bool> {
        if self.end - self.start >= need {
            return Ok(true);
        }
        if need > self.most {
            return Ok(false);
        }
        self.make_room(need);
        while self.end - self.start < need {
            if self.ended {
                return Ok(false);
            }
            let room = self.buffer.get_mut(self.end..).unwrap_or_default();
            match self.input.read(room) {
                Ok(0) => self.ended = true,
                Ok(n) => {
                    let from = self.end;
                    self.end = self.end.saturating_add(n).min(self.buffer.len());
                    self.spool(from);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // What the system reports has a code; what a decompressor says has none.
                Err(error) if self.packed && error.raw_os_error().is_none() => {
                    self.broken_wrapping = Some(error.to_string());
                    self.ended = true;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Writes a copy of what was read so far, which is all in the buffer, and of all that follows.
    pub(super) fn copy_to(&mut self, spool: Box<dyn Write + Send>) {
        self.spool = Some(spool);
        self.spool(0);
    }

    fn spool(&mut self, from: usize) {
        let bytes = self.buffer.get(from..self.end).unwrap_or_default();
        if self.spool.as_mut().is_some_and(|spool| spool.write_all(bytes).is_err()) {
            // The copy ends where the disk did; whoever reads it finds out.
            self.spool = None;
        }
    }

    /// Gives up: nothing more is read, and nothing is available.
    pub(super) fn stop(&mut self) {
        self.take(self.end - self.start);
        self.ended = true;
    }

    /// What is available now.
    pub(super) fn available(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Steps over `n` available bytes; they stay readable through `bytes` until the next `have`.
    pub(super) fn take(&mut self, n: usize) {
        let n = n.min(self.end - self.start);
        self.start += n;
        self.offset += n as u64;
    }

    /// Position in the buffer of the next byte.
    pub(super) fn position(&self) -> usize {
        self.start
    }

    /// `len` bytes from a position in the buffer.
    pub(super) fn bytes(&self, position: usize, len: usize) -> &[u8] {
        self.buffer.get(position..position.saturating_add(len)).unwrap_or_default()
    }

    /// Offset of the next byte in the unpacked capture.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether the input ended; what is available is then all there is.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// What the decompressor said when it gave up; said once.
    pub(super) fn broken_wrapping(&mut self) -> Option<String> {
        self.broken_wrapping.take()
    }

    /// Moves the rest to the front, and grows to twice the need: then a move is paid for by as many bytes taken.
    fn make_room(&mut self, need: usize) {
        if self.start + need <= self.buffer.len() {
            return;
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if need.saturating_mul(2) > self.buffer.len() {
            self.buffer.resize(need.saturating_mul(2), 0);
        }
    }
}
