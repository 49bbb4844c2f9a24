//! Headers, whole and in pieces: the beginning of one may end with a packet, and some can be told only with bytes behind
//! them.

use super::*;

impl Dechunker {
    /// One step with the bytes that an earlier piece left over: the beginning of a header, or bytes that had to be
    /// looked at to tell whether they are one. It happens at most once a packet, so it goes byte by byte.
    pub(super) fn carried(&mut self, input: &mut &[u8], stamp: Stamp) -> Step {
        let carry = self.carry;
        let mut bytes = carry.get(..self.carry_len).unwrap_or_default();
        match self.state {
            State::Payload { csid, left } => {
                let from = self.header_from;
                let step = self.payload(csid, left, &mut bytes, from);
                self.carry(bytes);
                step
            }
            _ => match (self.read_header(bytes), input.split_first()) {
                (Some((header, size)), _) => {
                    let (head, rest) = bytes.split_at_checked(size).unwrap_or_default();
                    self.carry(rest);
                    let step = self.begin(header, head, self.header_to);
                    if let Step::Lost(_) | Step::Searching = step {
                        // The bytes of the header are part of what has to be searched; too few to find anything.
                        self.carry_len = 0;
                        let from = self.header_from;
                        self.search(bytes, from, false);
                    }
                    step
                }
                (None, Some((next, rest))) => {
                    *input = rest;
                    if let Some(slot) = self.carry.get_mut(self.carry_len) {
                        *slot = *next;
                        self.carry_len += 1;
                        self.header_to = stamp;
                    }
                    Step::Next(None)
                }
                (None, None) => Step::More,
            },
        }
    }

    /// Keeps bytes for later: never more than the longest header.
    pub(super) fn carry(&mut self, bytes: &[u8]) {
        self.carry_len = bytes.len();
        if let Some(slot) = self.carry.get_mut(..bytes.len()) {
            slot.copy_from_slice(bytes);
        }
    }

    /// Reads a header without taking its bytes; `None` when more bytes are needed.
    #[inline]
    pub(super) fn read_header(&self, bytes: &[u8]) -> Option<(ChunkHeader, usize)> {
        let mut r = Reader::quiet(bytes);
        let mut undecided = false;
        let header = ChunkHeader::read(&mut r, |csid, ahead| {
            let extended = self.streams.peek(csid).and_then(|stream| stream.extended);
            let repeated = extended.map_or(Some(false), |value| self.repeated(ahead, value));
            undecided = repeated.is_none();
            repeated == Some(true)
        });
        header.ok().filter(|_| !undecided).map(|header| (header, r.at()))
    }

    /// Do the bytes ahead of a fmt 3 chunk repeat the extended timestamp, or are they already payload? `None` when
    /// there are too few to tell.
    fn repeated(&self, ahead: &[u8], value: u32) -> Option<bool> {
        match self.repeats {
            Repeats::Yes => Some(true),
            Repeats::No => Some(false),
            // Some senders write the field, but as zero.
            Repeats::Unknown => {
                let may_repeat = [value, 0].iter().any(|word| {
                    let word = word.to_be_bytes();
                    ahead.iter().zip(word).all(|(byte, expected)| *byte == expected)
                });
                // Fewer than four bytes decide as soon as one of them differs: the message may end with them.
                (!may_repeat || ahead.len() >= 4).then_some(may_repeat)
            }
        }
    }
}
