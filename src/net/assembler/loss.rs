//! What never came: when holding back ends, when a hole is given up, and what is missing at the end.

use super::{
    HOLD_BYTES, HOLD_PACKETS, HOLD_TIME, Half, Moment, ONE_SIDED_PACKETS, Phase, SETTLE_PACKETS, SETTLE_TIME, STRAYS,
};
use crate::net::flow::Shared;
use crate::stream::{Ending, Loss, Piece, Stamp};

impl Half {
    /// Looks at what waits: gives up holes and ends holding back when it is time.
    pub(in crate::net) fn review(&mut self, now: Moment, shared: &mut Shared, out: &mut impl FnMut(Stamp, Piece<'_>)) {
        if self.phase == Phase::Held {
            let much = self.late.as_ref().is_some_and(|late| late.cost() >= HOLD_BYTES);
            if much || now.passed(self.held_since, HOLD_PACKETS, HOLD_TIME) {
                self.release(shared, out);
            }
        }
        self.mark(now);
        while self.phase == Phase::Open && self.hole_is_lost(now) {
            self.give_up(shared, out);
        }
    }

    /// No more of this connection is expected: whatever waits goes out, and the stream ends.
    pub(in crate::net) fn finish(
        &mut self,
        ending: Ending,
        stamp: Stamp,
        shared: &mut Shared,
        out: &mut impl FnMut(Stamp, Piece<'_>),
    ) {
        if self.phase == Phase::Held {
            self.release(shared, out);
        }
        while self.late.is_some() && self.phase == Phase::Open {
            self.give_up(shared, out);
        }
        if self.phase == Phase::Ended {
            return;
        }
        let (stop, ending, stamp) = match self.stop {
            Some((stop, ending, stamp)) => (Some(stop), ending, stamp),
            None => (None, ending, stamp),
        };
        // Bytes that nobody captured, but the sender's FIN or the peer's acknowledgment vouches for. One byte more
        // than was seen may be a FIN that was lost.
        let end = stop.or(self.acked.filter(|&acked| acked > self.next + 1));
        if let Some(end) = end.filter(|&end| self.phase == Phase::Open && end > self.next) {
            self.gap(end - self.next, stamp, shared, out);
        }
        self.phase = Phase::Ended;
        out(stamp, Piece::End(ending));
    }

    /// Whether the capture missed so much that sequence numbers seem to go back. What is missing then becomes a gap, up
    /// to whole turns of the sequence numbers, which nobody can count.
    pub(super) fn is_astray(
        &mut self,
        seq: u32,
        stamp: Stamp,
        shared: &mut Shared,
        out: &mut impl FnMut(Stamp, Piece<'_>),
    ) -> bool {
        self.strays += 1;
        if self.strays < STRAYS || self.stop.is_some() {
            self.strays = self.strays.min(STRAYS);
            return false;
        }
        while self.late.is_some() {
            self.give_up(shared, out);
        }
        self.gap(seq.wrapping_sub(self.next_seq).into(), stamp, shared, out);
        self.strays = 0;
        true
    }

    fn hole_is_lost(&self, now: Moment) -> bool {
        let Some((_, chunk)) = self.late.as_ref().and_then(|late| late.first()) else { return false };
        match self.acked {
            None => now.packets.saturating_sub(chunk.arrived) >= ONE_SIDED_PACKETS,
            Some(_) => self.settled.is_some_and(|settled| settled > self.next),
        }
    }

    /// Notes from time to time what the peer has; what was noted at the mark before has settled.
    #[inline]
    pub(super) fn mark(&mut self, now: Moment) {
        if now.passed(self.mark, SETTLE_PACKETS, SETTLE_TIME) {
            self.settled = self.marked;
            self.marked = self.acked;
            self.mark = now;
        }
    }

    /// Gives up the bytes that are missing before what waits, and delivers that.
    pub(super) fn give_up(&mut self, shared: &mut Shared, out: &mut impl FnMut(Stamp, Piece<'_>)) {
        if self.phase == Phase::Held {
            self.release(shared, out);
            return;
        }
        match self.late.as_ref().and_then(|late| late.first()) {
            Some((first, chunk)) => {
                let stamp = chunk.stamp;
                self.gap(first.saturating_sub(self.next), stamp, shared, out);
                self.drain(shared, out);
            }
            None => self.late = None,
        }
    }

    /// Who lost the bytes that are due: what the receiver acknowledged was on the wire.
    fn loss(&self, shared: &Shared) -> Loss {
        let much = self.late.as_ref().is_some_and(|late| late.cost() > shared.late_bytes);
        match self.acked {
            Some(acked) if acked > self.next => Loss::Unseen,
            _ if much || shared.held > shared.late_bytes_total => Loss::GivenUp,
            Some(_) => Loss::Unacknowledged,
            None => Loss::Untold,
        }
    }

    fn gap(&mut self, len: u64, stamp: Stamp, shared: &mut Shared, out: &mut impl FnMut(Stamp, Piece<'_>)) {
        if len > 0 {
            let loss = self.loss(shared);
            self.lost = (self.next, self.next + len);
            self.advance(len);
            shared.census.lost_bytes += len;
            shared.census.given_up_bytes += if loss == Loss::GivenUp { len } else { 0 };
            out(stamp, Piece::Gap(len, loss));
        }
    }
}
