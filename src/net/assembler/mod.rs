//! One side of a TCP connection: segments in any order to pieces in order.
//!
//! The rules, in the order in which they matter:
//! - A segment that is next goes out at once, borrowed from the frame. One that is ahead is copied and waits.
//! - Of overlapping copies the first to arrive wins; differing bytes are counted where both are still at hand.
//! - A hole is lost, and becomes a gap, when the peer acknowledged bytes behind its beginning and either
//!   [`SETTLE_PACKETS`] packets of the connection or [`SETTLE_TIME`] went by since: the receiver has the bytes, only
//!   the capture has not. Without any acknowledgment of the peer (one direction captured) it takes
//!   [`ONE_SIDED_PACKETS`] packets. It is also lost when too much waits behind it, and when the stream is over.
//! - Without a SYN nobody knows where the stream begins. The first segment is the beginning if it is what the peer
//!   acknowledged or what the sender announced last; else it waits for [`HOLD_PACKETS`] packets, [`HOLD_TIME`] or
//!   [`HOLD_BYTES`], and the lowest that came by then is the beginning.

use crate::stream::{Ending, Loss, Piece, Stamp};
use crate::time::Span;

mod begin;
mod late;
mod loss;
#[cfg(test)]
mod tests;

pub(super) use late::{Bytes, Late};

use super::flow::Shared;

/// Packets of the connection between an acknowledgment of missing bytes and giving them up: mirror ports and merged
/// captures reorder by tens of packets.
const SETTLE_PACKETS: u64 = 128;
/// The same in capture time, for connections with little traffic.
const SETTLE_TIME: Span = Span(1_000_000_000);
/// Packets of the connection until a hole is given up where no acknowledgment was ever seen.
const ONE_SIDED_PACKETS: u64 = 1024;
/// How long a stream without SYN is held back until its beginning is believed.
const HOLD_PACKETS: u64 = 16;
/// The same in capture time.
const HOLD_TIME: Span = Span(200_000_000);
/// The same in bytes.
const HOLD_BYTES: usize = 64 << 10;
/// How far from its end a closed stream may still be repeated; payload from elsewhere is of another connection.
const FOREIGN: u32 = 64 << 20;
/// Farther ahead no receiver can be: the largest window of TCP.
const PLAUSIBLE: u64 = 1 << 30;
/// Segments in a row from farther back than that which show that the capture missed more than half of the sequence
/// numbers, and what seems old is new.
const STRAYS: u8 = 16;
/// Where positions start: far enough from 0 for segments from before the first one seen.
const ORIGIN: u64 = 1 << 33;

/// One side's state.
#[derive(Clone, Debug)]
pub(super) struct Half {
    phase: Phase,
    /// Position of the next byte to deliver, and its sequence number.
    next: u64,
    next_seq: u32,
    /// Highest position that the peer acknowledged, if any.
    acked: Option<u64>,
    /// `acked` as it was at the last mark, and at the mark before: the latter has settled.
    marked: Option<u64>,
    settled: Option<u64>,
    mark: Moment,
    /// Where a stream without SYN is expected to begin.
    expected: Option<u64>,
    /// Since when a stream without SYN is held back.
    held_since: Moment,
    /// Where the stream ends, how, and who says so.
    stop: Option<(u64, Ending, Stamp)>,
    /// The last bytes given up, to tell bytes that come too late from retransmissions.
    lost: (u64, u64),
    late: Option<Box<Late>>,
    /// Sequence number of the first byte, once that is settled.
    begin: u32,
    /// A SYN told where that is: another SYN that puts it elsewhere is of another connection.
    syn_seen: bool,
    /// Segments in a row from farther back than any receiver looks.
    strays: u8,
}

/// How far a connection is: packets seen and time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moment {
    pub(super) packets: u64,
    pub(super) stamp: Stamp,
}

impl Moment {
    fn passed(self, since: Moment, packets: u64, time: Span) -> bool {
        self.packets.saturating_sub(since.packets) >= packets || self.stamp.time.since(since.stamp.time) >= time
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// No sequence number of this side is known.
    Unseen,
    /// Sequence numbers are known, but not where the stream begins.
    Adrift,
    /// The stream began without SYN and is held back.
    Held,
    /// Bytes are delivered as they come.
    Open,
    /// `End` was delivered.
    Ended,
}

impl Default for Half {
    fn default() -> Half {
        Half {
            phase: Phase::Unseen,
            next: ORIGIN,
            next_seq: 0,
            acked: None,
            marked: None,
            settled: None,
            mark: Moment::default(),
            expected: None,
            held_since: Moment::default(),
            stop: None,
            lost: (0, 0),
            late: None,
            begin: 0,
            syn_seen: false,
            strays: 0,
        }
    }
}

impl Half {
    /// The peer has everything before `seq`.
    #[inline(always)]
    pub(super) fn acknowledged(&mut self, seq: u32, now: Moment) {
        let at = self.place(seq);
        if at > self.next + PLAUSIBLE {
            return;
        }
        if self.phase == Phase::Adrift {
            self.expected = Some(at);
        }
        self.mark(now);
        self.acked = self.acked.max(Some(at));
    }

    /// Payload of this side; `seq` is the sequence number of its first byte.
    pub(super) fn arrives(
        &mut self,
        seq: u32,
        bytes: Bytes<'_>,
        now: Moment,
        shared: &mut Shared,
        out: &mut impl FnMut(Stamp, Piece<'_>),
    ) {
        // The common case first: what comes next, nothing waiting.
        if self.is_calm() && self.is_next(seq) {
            self.deliver(bytes.data, bytes.cut, bytes.stamp, shared, out);
            return;
        }
        let mut start = self.place(seq);
        if self.phase == Phase::Open && start + PLAUSIBLE < self.next && self.is_astray(seq, bytes.stamp, shared, out) {
            start = self.next;
        }
        if matches!(self.phase, Phase::Unseen | Phase::Adrift) && !self.begins_adrift(start, bytes, now) {
            return;
        }
        if let Some((bytes, start)) = self.fresh(bytes, start, shared) {
            self.keep(bytes, start, now, shared, out);
        }
        self.drain(shared, out);
    }

    /// The side stops at `seq`: FIN or RST.
    pub(super) fn stops(
        &mut self,
        seq: u32,
        ending: Ending,
        stamp: Stamp,
        shared: &mut Shared,
        out: &mut impl FnMut(Stamp, Piece<'_>),
    ) {
        if self.phase == Phase::Ended {
            return;
        }
        let at = self.place(seq);
        if self.phase == Phase::Adrift {
            self.open(at);
        }
        // Who went on behind a FIN did not send it: it is left over from another connection, or somebody made it up.
        if ending == Ending::Fin && at < self.next {
            return;
        }
        // A reset from before what was delivered is as good as one right behind it; one byte farther is a FIN that
        // was lost.
        let fin_lost = ending == Ending::Reset && at == self.next + 1 && self.late.is_none();
        let at = if fin_lost { self.next } else { at.max(self.next) };
        if self.stop.is_none_or(|(known, ..)| at < known) {
            self.stop = Some((at, ending, stamp));
        }
        self.drain(shared, out);
    }

    /// Whether the stream is open, nothing waits, and no end is known.
    pub(super) fn is_calm(&self) -> bool {
        self.phase == Phase::Open && self.late.is_none() && self.stop.is_none()
    }

    /// Whether the next byte of an open stream has this sequence number.
    #[inline]
    pub(super) fn is_next(&self, seq: u32) -> bool {
        self.next_seq == seq
    }

    /// Whether `End` was delivered.
    pub(super) fn ended(&self) -> bool {
        self.phase == Phase::Ended
    }

    /// Whether something waits here: a stream held back, bytes behind a hole, or an end behind one.
    pub(super) fn waits(&self) -> bool {
        self.late.is_some() || (self.stop.is_some() && self.phase != Phase::Ended)
    }

    /// Whether this side says where it stops.
    pub(super) fn stopping(&self) -> bool {
        self.stop.is_some() || self.phase == Phase::Ended
    }

    /// Whether `seq` is far from anything this stream can still send.
    pub(super) fn is_foreign(&self, seq: u32) -> bool {
        self.phase == Phase::Ended && (seq.wrapping_sub(self.next_seq) as i32).unsigned_abs() > FOREIGN
    }

    /// The position of a sequence number; the first one ever seen makes the scale.
    fn place(&mut self, seq: u32) -> u64 {
        if self.phase == Phase::Unseen {
            self.phase = Phase::Adrift;
            self.next_seq = seq;
        }
        let ahead = i64::from(seq.wrapping_sub(self.next_seq) as i32);
        self.next.saturating_add_signed(ahead)
    }

    /// What of `bytes` is neither delivered nor behind the end.
    fn fresh<'a>(&mut self, bytes: Bytes<'a>, start: u64, shared: &mut Shared) -> Option<(Bytes<'a>, u64)> {
        let len = bytes.len();
        // A side that the other side's reset ended has no stop of its own; its late segments are behind the end too.
        let open_end = if self.phase == Phase::Ended { self.next } else { u64::MAX };
        let stop = self.stop.map_or(open_end, |(at, ..)| at.min(open_end));
        let behind = (start + len).saturating_sub(stop.max(start));
        shared.census.bytes_after_end += behind;
        let mut from = start;
        if self.phase != Phase::Held {
            from = start.max(self.next).min(start + len);
            let old = (from - start).min(len - behind);
            let too_late = from.min(self.lost.1).saturating_sub(start.max(self.lost.0));
            shared.census.bytes_too_late += too_late;
            shared.census.retransmitted_bytes += old.saturating_sub(too_late);
        }
        let to = start + len - behind;
        (from < to).then(|| (bytes.part(from - start, to - start), from))
    }

    /// Delivers or keeps bytes that are not delivered yet.
    fn keep(
        &mut self,
        bytes: Bytes<'_>,
        start: u64,
        now: Moment,
        shared: &mut Shared,
        out: &mut impl FnMut(Stamp, Piece<'_>),
    ) {
        let mut rest = bytes;
        let mut start = start;
        if self.phase == Phase::Open && start == self.next {
            // Up to what waits already; that came first and wins.
            let waiting = self.late.as_ref().and_then(|late| late.first()).map_or(u64::MAX, |(first, _)| first);
            let until = waiting.min(start + bytes.len());
            let now_due = bytes.part(0, until - start);
            self.deliver(now_due.data, now_due.cut, now_due.stamp, shared, out);
            rest = bytes.part(until - start, bytes.len());
            start = until;
        }
        if rest.len() == 0 {
            return;
        }
        let late = self.late.get_or_insert_default();
        let before = late.cost();
        let (known, conflicting) = late.insert(start, rest, now.packets);
        shared.held += late.cost() - before;
        shared.census.retransmitted_bytes += known;
        shared.census.conflicting_bytes += conflicting;
        shared.census.late_segments += 1;
        if self.phase == Phase::Held {
            self.review(now, shared, out);
        }
        while self.late.as_ref().is_some_and(|late| late.cost() > shared.late_bytes)
            || (self.late.is_some() && shared.held > shared.late_bytes_total)
        {
            self.give_up(shared, out);
        }
    }

    /// Delivers what waits and is next, and the end if that is next.
    fn drain(&mut self, shared: &mut Shared, out: &mut impl FnMut(Stamp, Piece<'_>)) {
        if self.phase != Phase::Open {
            return;
        }
        while let Some(late) = self.late.as_deref_mut() {
            let before = late.cost();
            if late.first().is_none_or(|(first, _)| first > self.next) {
                break;
            }
            let Some((first, chunk)) = late.pop() else { break };
            shared.held = shared.held.saturating_sub(before - late.cost());
            // A SYN that came late may put the beginning behind bytes that wait; they are not of the stream.
            if first < self.next {
                let whole = Bytes { data: &chunk.data, cut: chunk.cut, stamp: chunk.stamp };
                let from = (self.next - first).min(whole.len());
                let part = whole.part(from, whole.len());
                self.deliver(part.data, part.cut, part.stamp, shared, out);
            } else {
                self.deliver(&chunk.data, chunk.cut, chunk.stamp, shared, out);
            }
        }
        if self.late.as_ref().is_some_and(|late| late.first().is_none()) {
            self.late = None;
        }
        if let Some((at, ending, stamp)) = self.stop
            && at <= self.next
        {
            self.drop_late(shared);
            self.phase = Phase::Ended;
            out(stamp, Piece::End(ending));
        }
    }

    /// Hands out the next bytes.
    #[inline(always)]
    pub(super) fn deliver(
        &mut self,
        data: &[u8],
        cut: u64,
        stamp: Stamp,
        shared: &mut Shared,
        out: &mut impl FnMut(Stamp, Piece<'_>),
    ) {
        self.strays = 0;
        if !data.is_empty() {
            self.advance(data.len() as u64);
            shared.census.stream_bytes += data.len() as u64;
            out(stamp, Piece::Data(data));
        }
        if cut > 0 {
            self.advance(cut);
            shared.census.cut_bytes += cut;
            let captured = stamp.frame_offset.saturating_add(data.len() as u32);
            out(stamp, Piece::Gap(cut, Loss::Cut(captured)));
        }
    }

    fn advance(&mut self, len: u64) {
        self.next += len;
        self.next_seq = self.next_seq.wrapping_add(len as u32);
    }

    fn drop_late(&mut self, shared: &mut Shared) {
        if let Some(late) = self.late.take() {
            shared.held = shared.held.saturating_sub(late.cost());
            shared.census.bytes_after_end += late.covered();
        }
    }
}
