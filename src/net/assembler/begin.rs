//! Where a stream begins: at its SYN or where the peer's answer puts it; without either where the first payload is
//! expected, else at the lowest that came while the stream was held back.

use super::{Bytes, HOLD_BYTES, Half, Moment, Phase};
use crate::net::flow::Shared;
use crate::stream::{Piece, Stamp};

impl Half {
    /// Whether a SYN that puts the first byte at `seq` belongs to this stream; else it opens another connection.
    pub(in crate::net) fn may_begin(&self, seq: u32) -> bool {
        // Bytes between the SYN and a beginning that had to be guessed may have been lost.
        let before = |begin: u32| begin.wrapping_sub(seq) as usize <= HOLD_BYTES;
        match self.phase {
            Phase::Unseen | Phase::Adrift => true,
            Phase::Held => self
                .late
                .as_ref()
                .and_then(|late| late.first())
                .is_none_or(|(first, _)| before(self.next_seq.wrapping_add(first.wrapping_sub(self.next) as u32))),
            Phase::Open | Phase::Ended if self.syn_seen => seq == self.begin,
            Phase::Open | Phase::Ended => before(self.begin),
        }
    }

    /// A SYN of this side puts its first byte at `seq`.
    pub(in crate::net) fn synchronises(
        &mut self,
        seq: u32,
        shared: &mut Shared,
        out: &mut impl FnMut(Stamp, Piece<'_>),
    ) {
        self.syn_seen |= matches!(self.phase, Phase::Unseen | Phase::Adrift | Phase::Held);
        self.begins(seq, shared, out);
    }

    /// The stream begins at `seq`, as a SYN of this side says, or the peer's answer to a SYN that was not seen.
    pub(in crate::net) fn begins(&mut self, seq: u32, shared: &mut Shared, out: &mut impl FnMut(Stamp, Piece<'_>)) {
        if matches!(self.phase, Phase::Unseen | Phase::Adrift | Phase::Held) {
            let at = self.place(seq);
            self.open(at);
            self.drain(shared, out);
        }
        // What came before the two sides agreed may be left over from another connection.
        if self.next_seq == self.begin {
            (self.acked, self.marked, self.settled) = (None, None, None);
        }
    }

    /// The sender is about to send `seq`, says an empty segment.
    pub(in crate::net) fn announces(&mut self, seq: u32) {
        if matches!(self.phase, Phase::Unseen | Phase::Adrift) {
            let at = self.place(seq);
            self.expected = Some(at);
        }
    }

    /// The first payload of a stream whose SYN was not seen. False if it is not payload of the stream at all.
    pub(super) fn begins_adrift(&mut self, start: u64, bytes: Bytes<'_>, now: Moment) -> bool {
        if self.acked.is_some_and(|acked| start + bytes.len() <= acked && bytes.len() <= 1) {
            // A keep-alive repeats the last byte before the one that is due, often as a made-up one.
            return false;
        }
        if self.expected == Some(start) {
            self.open(start);
        } else {
            self.phase = Phase::Held;
            self.held_since = now;
        }
        true
    }

    /// Ends holding back: the lowest byte that came is the beginning.
    pub(super) fn release(&mut self, shared: &mut Shared, out: &mut impl FnMut(Stamp, Piece<'_>)) {
        let first = self.late.as_ref().and_then(|late| late.first()).map_or(self.next, |(first, _)| first);
        self.open(first);
        self.drain(shared, out);
    }

    /// The stream begins at position `at`.
    pub(super) fn open(&mut self, at: u64) {
        self.next_seq = self.next_seq.wrapping_add(at.wrapping_sub(self.next) as u32);
        self.next = at;
        self.begin = self.next_seq;
        self.phase = Phase::Open;
    }
}
