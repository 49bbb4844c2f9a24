//! One TCP connection: what its segments say of both sides, and when it is over.

use super::key::Key;
use super::{ATTENTION, FlowId, FlowInfo, OpenedBy, Receiver, Shared, Side};
use crate::net::assembler::{Bytes, Half, Moment};
use crate::net::frame::{Flags, Tcp};
use crate::stream::{Ending, Piece, Stamp};
use crate::time::Time;

#[derive(Clone, Debug)]
pub(super) struct Flow {
    pub(super) id: FlowId,
    pub(super) key: Key,
    /// Whether side A is the lower end of the key.
    a_is_low: bool,
    opened_by: OpenedBy,
    pub(super) stage: Stage,
    /// Packets of this connection.
    packets: u64,
    /// Number of the last packet.
    pub(super) touched: u64,
    first: Stamp,
    pub(super) last: Stamp,
    pub(super) halves: [Half; 2],
    /// Endings that came before there was any payload to report them after.
    early: [Option<(Stamp, Ending)>; 2],
    reset: bool,
    /// When a side last said that it stops.
    stopped: Time,
    pub(super) attended: bool,
    /// Both sides are open, nothing is missing, and nobody stops: what comes next and in order changes nothing of that.
    calm: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// No payload yet.
    Silent,
    Open,
    /// Both sides ended. Kept to recognise what is repeated.
    Closed,
    /// Forgotten; the slot is free.
    Free,
}

impl Flow {
    pub(super) fn new(id: FlowId, key: Key, from_low: bool, segment: &Tcp<'_>, first: Stamp) -> Flow {
        let (a_is_low, opened_by) = match (segment.flags.syn, segment.flags.ack) {
            (true, false) => (from_low, OpenedBy::Syn),
            (true, true) => (!from_low, OpenedBy::SynAck),
            _ => (from_low, OpenedBy::FirstPayload),
        };
        Flow {
            id,
            key,
            a_is_low,
            opened_by,
            stage: Stage::Silent,
            packets: 0,
            touched: 0,
            first: Stamp { frame_offset: 0, ..first },
            last: first,
            halves: Default::default(),
            early: [None, None],
            reset: false,
            stopped: Time::default(),
            attended: false,
            calm: false,
        }
    }

    /// As if nobody were to look at it again.
    pub(super) fn unattended(mut self) -> Flow {
        self.attended = false;
        self
    }

    pub(super) fn side(&self, from_low: bool) -> Side {
        if from_low == self.a_is_low { Side::A } else { Side::B }
    }

    /// Whether a segment that opens a connection opens another one: a side that closed does not open again, nor does
    /// who was reset, even if it counts from the same number, as a capture does that is replayed. What is older than
    /// the end is a copy that came late.
    pub(super) fn is_opened_anew(&self, side: Side, segment: &Tcp<'_>, time: Time) -> bool {
        let Some(half) = self.halves.get(side.index()) else { return false };
        let over = half.stopping() || self.reset && !segment.flags.ack;
        !half.may_begin(segment.seq.wrapping_add(1)) || over && time >= self.stopped
    }

    /// Takes a segment of a connection where all is well, as [`take`](Self::take) would; false where that has to. Nearly
    /// all segments come this way.
    #[inline(always)]
    pub(super) fn goes_on(
        &mut self,
        from_low: bool,
        segment: &Tcp<'_>,
        bytes: Bytes<'_>,
        shared: &mut Shared,
        receiver: &mut impl Receiver,
    ) -> bool {
        let Flags { syn, ack, fin, rst } = segment.flags;
        if !self.calm || !ack || syn || fin || rst {
            return false;
        }
        let side = self.side(from_low);
        let id = self.id;
        let (half, other) = match (side, &mut self.halves) {
            (Side::A, [a, b]) => (a, b),
            (Side::B, [a, b]) => (b, a),
        };
        if bytes.len() > 0 {
            if !half.is_next(segment.seq) {
                return false;
            }
            half.deliver(bytes.data, bytes.cut, bytes.stamp, shared, &mut |stamp, piece| {
                receiver.piece(id, side, stamp, piece);
            });
        }
        self.packets += 1;
        self.touched = bytes.stamp.packet;
        self.last = bytes.stamp;
        other.acknowledged(segment.ack, Moment { packets: self.packets, stamp: bytes.stamp });
        true
    }

    /// Takes a segment of this connection.
    pub(super) fn take(
        &mut self,
        from_low: bool,
        segment: &Tcp<'_>,
        bytes: Bytes<'_>,
        shared: &mut Shared,
        receiver: &mut impl Receiver,
    ) {
        self.packets += 1;
        self.touched = bytes.stamp.packet;
        self.last = bytes.stamp;
        let now = Moment { packets: self.packets, stamp: bytes.stamp };
        // A reset may carry text for people (RFC 1122, 4.2.2.12), which is not part of the stream.
        let payload = bytes.len() > 0 && !segment.flags.rst;
        self.reset |= segment.flags.rst;
        if segment.flags.rst || segment.flags.fin {
            self.stopped = self.stopped.max(bytes.stamp.time);
        }
        if self.stage == Stage::Silent {
            self.orient(from_low, segment, payload);
            if payload {
                self.open(shared, receiver);
            }
        }
        let side = self.side(from_low);
        self.sent(side, segment, bytes, payload, now, shared, receiver);
        if segment.flags.ack {
            self.answered(side.other(), segment, now, shared, receiver);
        }
        self.conclude(receiver);
    }

    /// What a segment says of the side that sent it.
    #[expect(clippy::too_many_arguments, reason = "one step of `take`, with what that has at hand")]
    fn sent(
        &mut self,
        side: Side,
        segment: &Tcp<'_>,
        bytes: Bytes<'_>,
        payload: bool,
        now: Moment,
        shared: &mut Shared,
        receiver: &mut impl Receiver,
    ) {
        let (half, out) = self.half(side, receiver);
        let out = &mut { out };
        let mut seq = segment.seq;
        if segment.flags.syn {
            seq = seq.wrapping_add(1);
            half.synchronises(seq, shared, out);
        } else if bytes.len() == 0 && !segment.flags.rst && !segment.flags.fin {
            half.announces(seq);
        }
        if payload {
            half.arrives(seq, bytes, now, shared, out);
        }
        if segment.flags.rst {
            half.stops(seq, Ending::Reset, bytes.stamp, shared, out);
        } else if segment.flags.fin {
            half.stops(seq.wrapping_add(bytes.len() as u32), Ending::Fin, bytes.stamp, shared, out);
        }
        if half.waits() {
            half.review(now, shared, out);
        }
    }

    /// What a segment says of the side that it answers.
    fn answered(
        &mut self,
        side: Side,
        segment: &Tcp<'_>,
        now: Moment,
        shared: &mut Shared,
        receiver: &mut impl Receiver,
    ) {
        let (half, out) = self.half(side, receiver);
        let out = &mut { out };
        if segment.flags.syn {
            half.begins(segment.ack, shared, out);
        }
        half.acknowledged(segment.ack, now);
        if half.waits() {
            half.review(now, shared, out);
        }
    }

    /// One side, and where its pieces go. An end before any payload is kept for later.
    fn half<'f>(
        &'f mut self,
        side: Side,
        receiver: &'f mut impl Receiver,
    ) -> (&'f mut Half, impl FnMut(Stamp, Piece<'_>) + 'f) {
        let (id, stage) = (self.id, self.stage);
        let ([half, _], [early, _]) = match (side, &mut self.halves, &mut self.early) {
            (Side::A, [a, b], [x, y]) => ([a, b], [x, y]),
            (Side::B, [a, b], [x, y]) => ([b, a], [y, x]),
        };
        let out = move |stamp: Stamp, piece: Piece<'_>| match (stage, piece) {
            (Stage::Open, piece) => hand_on(receiver, id, side, stamp, piece),
            (_, Piece::End(ending)) => *early = Some((stamp, ending)),
            _ => {}
        };
        (half, out)
    }

    /// Finds out who opened the connection, as long as nothing was reported of it.
    fn orient(&mut self, from_low: bool, segment: &Tcp<'_>, payload: bool) {
        let (a_is_low, opened_by) = match (segment.flags.syn, segment.flags.ack) {
            (true, false) if self.opened_by != OpenedBy::Syn => (from_low, OpenedBy::Syn),
            (true, true) if self.opened_by == OpenedBy::FirstPayload => (!from_low, OpenedBy::SynAck),
            (false, _) if self.opened_by == OpenedBy::FirstPayload && payload => (from_low, OpenedBy::FirstPayload),
            _ => return,
        };
        if a_is_low != self.a_is_low {
            self.halves.swap(0, 1);
            self.early.swap(0, 1);
        }
        self.a_is_low = a_is_low;
        self.opened_by = opened_by;
    }

    fn open(&mut self, shared: &mut Shared, receiver: &mut impl Receiver) {
        self.stage = Stage::Open;
        shared.census.connections_with_data += 1;
        let (low, high) = self.key.ends();
        let (a, b) = if self.a_is_low { (low, high) } else { (high, low) };
        receiver.opened(self.id, &FlowInfo { a, b, opened_by: self.opened_by, first: self.first });
        for (side, early) in [Side::A, Side::B].into_iter().zip(&mut self.early) {
            if let Some((stamp, ending)) = early.take() {
                receiver.piece(self.id, side, stamp, Piece::End(ending));
            }
        }
    }

    /// Whether the connection must be looked at again even if no more packets of it come.
    pub(super) fn unsettled(&self) -> bool {
        self.stage == Stage::Open && (self.reset || self.halves.iter().any(Half::waits))
    }

    /// The connection went quiet for a while: what is over ends, what waits is judged again.
    pub(super) fn settle(&mut self, time: Time, shared: &mut Shared, receiver: &mut impl Receiver) {
        if time.since(self.last.time) < ATTENTION {
            return;
        }
        if self.reset || self.halves.iter().all(Half::stopping) {
            self.end(Ending::Reset, shared, receiver);
            return;
        }
        let now = Moment { packets: self.packets, stamp: Stamp { time, ..self.last } };
        for side in [Side::A, Side::B] {
            let (half, mut out) = self.half(side, receiver);
            half.review(now, shared, &mut out);
        }
        self.conclude(receiver);
    }

    /// Ends both sides, whatever is missing.
    pub(super) fn end(&mut self, ending: Ending, shared: &mut Shared, receiver: &mut impl Receiver) {
        if self.stage != Stage::Open {
            return;
        }
        let ending = if self.reset { Ending::Reset } else { ending };
        let last = self.last;
        for side in [Side::A, Side::B] {
            let (half, mut out) = self.half(side, receiver);
            half.finish(ending, last, shared, &mut out);
        }
        self.conclude(receiver);
    }

    /// What became of it: it may be over, or all may be well.
    fn conclude(&mut self, receiver: &mut impl Receiver) {
        if self.stage == Stage::Open && self.halves.iter().all(Half::ended) {
            self.close(receiver);
        }
        self.calm = self.stage == Stage::Open && self.halves.iter().all(Half::is_calm);
    }

    #[cold]
    fn close(&mut self, receiver: &mut impl Receiver) {
        self.stage = Stage::Closed;
        receiver.closed(self.id);
    }
}

/// Kept from being inlined: this is where little comes from, and there are many such places.
#[inline(never)]
fn hand_on(receiver: &mut impl Receiver, id: FlowId, side: Side, stamp: Stamp, piece: Piece<'_>) {
    receiver.piece(id, side, stamp, piece);
}
