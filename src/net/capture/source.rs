//! The reading buffer that packets are borrowed from: refilled by plain reads, here or with the help of another thread.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;

use super::ahead::Ahead;
use super::lot::{Lot, ReadAt};

/// Bytes read at once: small enough to stay in the cache between the kernel's copy and our reading, large enough to make
/// reads rare.
pub(super) const BLOCK: usize = 256 << 10;
/// Room in front of each block for what is left of the one before it: a packet of nearly any capture.
pub(super) const FRONT: usize = 128 << 10;
/// A read of fewer bytes than this is not worth its cost.
const SMALLEST_READ: usize = 16 << 10;

pub(super) struct Source {
    input: Input,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset of `start` in the unpacked capture.
    offset: u64,
    /// The longest record that is read.
    longest: usize,
    /// Most bytes wanted at once.
    most: usize,
    /// True when read errors may mean damaged compression.
    packed: bool,
    ended: bool,
    broken_wrapping: Option<String>,
    /// Takes a copy of what is read.
    spool: Option<Box<dyn Write + Send>>,
    /// How much of the underlying input was read for the last block, where another thread reads.
    meter: Option<u64>,
}

enum Input {
    Here(Box<dyn Read + Send>),
    Elsewhere(Ahead),
    Shared(Shared),
}

/// A file that several threads read by turns: each decodes what it read itself.
struct Shared {
    whole: Arc<dyn ReadAt>,
    /// Where the next bytes begin.
    at: u64,
    /// What was read for this turn.
    lot: Option<Lot>,
    /// The turn's lot was taken.
    taken: bool,
    /// Bytes were read that are part of a lot to come: from here on nobody else's help is of use.
    alone: bool,
    /// Whose memory the buffer is.
    owner: usize,
    /// The buffer of the turn before.
    left: Option<Lot>,
}

/// What one read gave.
pub(super) struct Block {
    /// The bytes that were read begin at [`FRONT`].
    pub(super) bytes: Vec<u8>,
    /// How many they are, or why there are none.
    pub(super) read: io::Result<usize>,
    /// How much of the underlying input was read then.
    pub(super) meter: u64,
}

impl Source {
    /// `longest` is the length of the longest record that is read.
    pub(super) fn new(input: Box<dyn Read + Send>, longest: usize, packed: bool) -> Source {
        Source {
            input: Input::Here(input),
            buffer: vec![0; FRONT + BLOCK],
            start: FRONT,
            end: FRONT,
            offset: 0,
            longest,
            // What follows a record is looked at to believe in it.
            most: longest.saturating_add(64),
            packed,
            ended: false,
            broken_wrapping: None,
            spool: None,
            meter: None,
        }
    }

    /// From here on a thread of its own reads, if there can be one. `meter` tells how much of the underlying input was
    /// read.
    pub(super) fn read_ahead(&mut self, meter: impl Fn() -> u64 + Send + 'static) {
        let now = meter();
        let here = std::mem::replace(&mut self.input, Input::Here(Box::new(io::empty())));
        self.input = match here {
            Input::Here(input) => match Ahead::begin(input, meter) {
                Ok(ahead) => {
                    self.meter = Some(now);
                    Input::Elsewhere(ahead)
                }
                Err(input) => Input::Here(input),
            },
            elsewhere => elsewhere,
        };
    }

    /// From here on the input is read by turns. What was not read yet begins at this offset of `whole`.
    pub(super) fn share(&mut self, whole: Arc<dyn ReadAt>, at: u64) {
        self.meter = Some(at);
        let (lot, left, owner) = (None, None, usize::MAX);
        self.input = Input::Shared(Shared { whole, at, lot, taken: true, alone: false, owner, left });
    }

    /// A turn begins, with what was read for it.
    pub(super) fn begin_turn(&mut self, lot: Lot) {
        if let Input::Shared(shared) = &mut self.input {
            (shared.lot, shared.taken) = (Some(lot), false);
        }
    }

    /// Memory that is free again.
    pub(super) fn left(&mut self) -> Option<Lot> {
        if let Input::Shared(shared) = &mut self.input { shared.left.take() } else { None }
    }

    /// Whether the lot of this turn was taken, and so little is left of it that the next one should come before more is
    /// read: a large packet needs several.
    pub(super) fn is_used_up(&self) -> bool {
        let Input::Shared(shared) = &self.input else { return false };
        shared.taken && !shared.alone && !self.ended && self.end - self.start < FRONT
    }

    /// How much of the underlying input was read for what is in the buffer, where that cannot be asked of the input
    /// itself, which another thread reads.
    pub(super) fn meter(&self) -> Option<u64> {
        self.meter
    }

    /// Reads until a record of this length is available; false when the input ends first or records may not be so long.
    #[inline]
    pub(super) fn have_record(&mut self, len: usize) -> io::Result<bool> {
        Ok(self.is_record(len) && self.have(len)?)
    }

    /// Whether records may be so long.
    #[inline]
    pub(super) fn is_record(&self, len: usize) -> bool {
        len <= self.longest
    }

    /// Reads until `need` bytes are available; false when the input ends first.
    #[inline]
    pub(super) fn have(&mut self, need: usize) -> io::Result<bool> {
        if self.end - self.start >= need {
            return Ok(true);
        }
        self.read_until(need)
    }

    fn read_until(&mut self, need: usize) -> io::Result<bool> {
        if need > self.most {
            return Ok(false);
        }
        while self.end - self.start < need {
            if self.ended {
                return Ok(false);
            }
            match self.refill(need) {
                Ok(0) => self.ended = true,
                Ok(n) => self.spool(self.end.saturating_sub(n)),
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

    /// Puts the next block behind what is left. What is read at once never depends on where it is read, so that both
    /// ways of reading say the same of an input.
    fn refill(&mut self, need: usize) -> io::Result<usize> {
        let left = self.end - self.start;
        // A packet larger than usual, or an input that comes in small pieces: the block goes behind what there is.
        let small = !self.packed && self.buffer.len() - self.end >= SMALLEST_READ && left > 0;
        match &mut self.input {
            Input::Here(input) => {
                if left > FRONT {
                    make_room(&mut self.buffer, (&mut self.start, &mut self.end), need);
                } else if !small {
                    self.buffer.copy_within(self.start..self.end, FRONT - left);
                    (self.start, self.end) = (FRONT - left, FRONT);
                }
                let to = self.end.saturating_add(BLOCK).min(self.buffer.len());
                let n = input.read(self.buffer.get_mut(self.end..to).unwrap_or_default())?;
                self.end = self.end.saturating_add(n).min(self.buffer.len());
                Ok(n)
            }
            Input::Elsewhere(blocks) => {
                let Some(Block { mut bytes, read, meter }) = blocks.next() else { return Ok(0) };
                self.meter = Some(meter);
                let n = read?;
                if left > FRONT || small && n <= self.buffer.len() - self.end {
                    make_room(&mut self.buffer, (&mut self.start, &mut self.end), need.max(left + n));
                    let to = self.buffer.get_mut(self.end..self.end + n).unwrap_or_default();
                    to.copy_from_slice(bytes.get(FRONT..FRONT + n).unwrap_or_default());
                    self.end += n;
                } else {
                    replace(&mut self.buffer, (&mut self.start, &mut self.end), &mut bytes, n);
                }
                // One that grew for a large packet is not kept.
                blocks.give_back(if bytes.len() == FRONT + BLOCK { bytes } else { vec![0; FRONT + BLOCK] });
                Ok(n)
            }
            Input::Shared(shared) => {
                let lot = shared.lot.take().filter(|lot| lot.at == shared.at && lot.len > 0 && left <= FRONT);
                shared.taken = true;
                let n = match lot {
                    Some(mut lot) => {
                        replace(&mut self.buffer, (&mut self.start, &mut self.end), &mut lot.bytes, lot.len);
                        std::mem::swap(&mut shared.owner, &mut lot.owner);
                        let n = lot.len;
                        shared.left = Some(lot).filter(|lot| lot.bytes.len() == FRONT + Lot::LEN as usize);
                        n
                    }
                    None => {
                        shared.alone = true;
                        make_room(&mut self.buffer, (&mut self.start, &mut self.end), need);
                        let to = self.end.saturating_add(BLOCK).min(self.buffer.len());
                        let n =
                            shared.whole.read_at(self.buffer.get_mut(self.end..to).unwrap_or_default(), shared.at)?;
                        self.end = self.end.saturating_add(n).min(self.buffer.len());
                        n
                    }
                };
                shared.at += n as u64;
                self.meter = Some(shared.at);
                Ok(n)
            }
        }
    }

    /// Writes a copy of what was read so far, which is all in the buffer, and of all that follows.
    pub(super) fn copy_to(&mut self, spool: Box<dyn Write + Send>) {
        self.spool = Some(spool);
        self.spool(self.start.saturating_sub(self.offset as usize));
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
    #[inline]
    pub(super) fn available(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Steps over `n` available bytes; they stay readable through `bytes` until the next `have`.
    #[inline]
    pub(super) fn take(&mut self, n: usize) {
        let n = n.min(self.end - self.start);
        self.start += n;
        self.offset += n as u64;
    }

    /// Position in the buffer of the next byte.
    #[inline]
    pub(super) fn position(&self) -> usize {
        self.start
    }

    /// `len` bytes from a position in the buffer.
    #[inline]
    pub(super) fn bytes(&self, position: usize, len: usize) -> &[u8] {
        self.buffer.get(position..position.saturating_add(len)).unwrap_or_default()
    }

    /// Offset of the next byte in the unpacked capture.
    #[inline]
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
}

/// Puts what is left in the buffer in front of `n` new bytes, and takes their memory for the buffer.
fn replace(buffer: &mut Vec<u8>, (start, end): (&mut usize, &mut usize), bytes: &mut Vec<u8>, n: usize) {
    let rest = buffer.get(*start..*end).unwrap_or_default();
    let from = FRONT - rest.len();
    bytes.get_mut(from..FRONT).unwrap_or_default().copy_from_slice(rest);
    std::mem::swap(buffer, bytes);
    (*start, *end) = (from, FRONT + n);
}

/// Moves what is left to the front where that is needed, and grows to twice the need: then a move is paid for by as many
/// bytes taken. At least a block fits behind it.
fn make_room(buffer: &mut Vec<u8>, (start, end): (&mut usize, &mut usize), need: usize) {
    let wanted = need.max(*end - *start + BLOCK);
    if *start + wanted > buffer.len() {
        buffer.copy_within(*start..*end, 0);
        (*start, *end) = (0, *end - *start);
        if wanted > buffer.len() {
            buffer.resize(wanted.saturating_mul(2), 0);
        }
    }
}
