//! Packets to TCP connections: who talks to whom, where a connection begins and ends, and what is forgotten when.
//!
//! Owns the table of connections and the counters. One look into the table per packet; the order of what comes out
//! depends on the packets only, never on the table.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;

use foldhash::fast::RandomState;

use super::assembler::Bytes;
use super::capture::Packet;
use super::defrag::Defrag;
use super::frame::{self, Content, Tcp};
use crate::limits::Limits;
use crate::stream::{Ending, Piece, Stamp};
use crate::time::{Span, Time};

mod census;
mod connection;
mod key;
#[cfg(test)]
mod tests;

pub use census::Census;
use connection::{Flow, Stage};
use key::Key;

/// How long after a connection went quiet with something unsettled it is looked at again.
const ATTENTION: Span = Span(2_000_000_000);
/// Connections looked at again before a packet at most, so that leaps in time do not make packets expensive.
const ATTENDED: usize = 64;
/// Datagrams inside fragments inside datagrams: more than this is an attack.
const NESTING: u8 = 4;

/// Number of a connection, in order of first packets; unique within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId(pub u64);

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Who opened the connection, as far as that can be known.
    A,
    /// Who was called.
    B,
}

/// Who the two ends are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowInfo {
    /// Who opened the connection, as far as that can be known.
    pub a: SocketAddr,
    /// Who was called.
    pub b: SocketAddr,
    /// How `a` and `b` were told apart.
    pub opened_by: OpenedBy,
    /// The first packet of the connection in the capture.
    pub first: Stamp,
}

/// How the side that opened a connection was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpenedBy {
    /// It sent the SYN.
    Syn,
    /// It was answered by a SYN-ACK.
    SynAck,
    /// It sent the first payload in a capture that starts later; it may as well be the other side.
    FirstPayload,
}

/// Takes what connections carry, in order.
pub trait Receiver {
    /// A connection has payload; comes before any piece of it. Calls come in the order of first payload bytes.
    fn opened(&mut self, flow: FlowId, info: &FlowInfo);
    /// The next piece of what `side` sends.
    fn piece(&mut self, flow: FlowId, side: Side, stamp: Stamp, piece: Piece<'_>);
    /// Nothing more comes of the connection; `Piece::End` was delivered for both sides.
    fn closed(&mut self, flow: FlowId);
}

/// A connection as it was between two packets.
#[derive(Clone, Debug)]
pub struct FlowState(Flow);

/// All TCP connections of a capture.
#[derive(Debug)]
pub struct Flows {
    /// Where the connection of a pair of addresses and ports is in `flows`.
    table: HashMap<Key, u32, RandomState>,
    flows: Vec<Flow>,
    /// Where the connection of the last packet is, which most often is that of the next one.
    recent: u32,
    free: Vec<u32>,
    next_id: u64,
    defrag: Defrag,
    /// Connections to look at again, and when.
    attention: VecDeque<(Time, u32, FlowId)>,
    most: usize,
    last_time: Time,
    shared: Shared,
    /// The ends of the only connection that is looked at.
    only: Option<Key>,
}

/// What all connections share: counters and the memory for late bytes.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) census: Census,
    /// Memory held by late bytes, all connections together.
    pub(super) held: usize,
    pub(super) late_bytes: usize,
    pub(super) late_bytes_total: usize,
}

impl Side {
    fn index(self) -> usize {
        match self {
            Side::A => 0,
            Side::B => 1,
        }
    }

    /// The other side.
    pub fn other(self) -> Side {
        match self {
            Side::A => Side::B,
            Side::B => Side::A,
        }
    }
}

impl Flows {
    /// No connections yet.
    pub fn new(limits: &Limits) -> Flows {
        Flows {
            table: HashMap::default(),
            flows: Vec::new(),
            recent: 0,
            free: Vec::new(),
            next_id: 0,
            defrag: Defrag::new(limits.datagrams, limits.datagram_bytes),
            attention: VecDeque::new(),
            most: limits.flows.clamp(1, u32::MAX as usize),
            last_time: Time::default(),
            shared: Shared {
                late_bytes: limits.late_bytes,
                late_bytes_total: limits.late_bytes_total,
                ..Shared::default()
            },
            only: None,
        }
    }

    /// Takes up one connection, as it was or from its first packet on, and ignores all others.
    pub fn resume(id: FlowId, info: &FlowInfo, state: Option<&FlowState>, limits: &Limits) -> Flows {
        let mut flows = Flows { next_id: id.0, only: Key::between(info.a, info.b), ..Flows::new(limits) };
        if let Some(FlowState(flow)) = state {
            flows.table.insert(flow.key, 0);
            flows.last_time = flow.last.time;
            flows.flows.push(flow.clone().unattended());
            flows.next_id += 1;
            flows.watch(0, flow.last.time);
        }
        flows
    }

    /// The connections that had packets after packet number `packet`, as they are now.
    pub fn touched_since(&self, packet: u64) -> impl Iterator<Item = (FlowId, impl FnOnce() -> FlowState + '_)> + '_ {
        let touched = move |flow: &&Flow| flow.stage == Stage::Open && flow.touched > packet;
        self.flows.iter().filter(touched).map(|flow| (flow.id, || FlowState(flow.clone())))
    }

    /// The counters so far.
    pub fn census(&self) -> &Census {
        &self.shared.census
    }

    /// Takes the next packet of the capture. A packet without a time is taken to come with the one before it.
    ///
    /// Inlined where packets come from, and small: nearly all of them go on with the connection of the one before, and
    /// handing a segment or a stamp over in memory would cost a wait for the stores that made it.
    #[inline(always)]
    pub fn push(&mut self, packet: &Packet<'_>, receiver: &mut impl Receiver) {
        let stamp = self.enter(packet, receiver);
        let usual = frame::usual(packet.link, packet.data);
        if usual.is_none_or(|segment| !self.goes_on(&segment, stamp, receiver)) {
            self.take(packet, stamp, receiver);
        }
    }

    /// The long way for any packet.
    #[cfg(test)]
    pub(super) fn push_long(&mut self, packet: &Packet<'_>, receiver: &mut impl Receiver) {
        let stamp = self.enter(packet, receiver);
        self.take(packet, stamp, receiver);
    }

    /// All that is known of connections, as text.
    #[cfg(test)]
    pub(super) fn known(&self) -> String {
        format!("{:?} {:?}", self.flows, self.attention)
    }

    /// Counts a packet, and looks at what its time says of others.
    #[inline(always)]
    fn enter(&mut self, packet: &Packet<'_>, receiver: &mut impl Receiver) -> Stamp {
        self.shared.census.packets += 1;
        let time = packet.time.unwrap_or(self.last_time);
        self.shared.census.backward_packets += u64::from(time < self.last_time);
        self.last_time = time;
        let stamp = Stamp { time: self.last_time, packet: packet.number, frame_offset: 0 };
        if self.attention.front().is_some_and(|(due, ..)| *due <= stamp.time) {
            self.attend(stamp, receiver);
        }
        stamp
    }

    /// Whether a segment goes on with the connection of the packet before, where nothing else is to be thought of.
    #[inline(always)]
    fn goes_on(&mut self, segment: &Tcp<'_>, stamp: Stamp, receiver: &mut impl Receiver) -> bool {
        let (key, from_low) = Key::of(segment);
        let Some(recent) = self.flows.get_mut(self.recent as usize).filter(|recent| recent.key == key) else {
            return false;
        };
        let stamp = Stamp { frame_offset: segment.payload_offset, ..stamp };
        let bytes = Bytes { data: segment.payload, cut: segment.cut.into(), stamp };
        let goes_on = recent.goes_on(from_low, segment, bytes, &mut self.shared, receiver);
        self.shared.census.tcp_packets += u64::from(goes_on);
        goes_on
    }

    /// Takes any packet.
    #[inline(never)]
    fn take(&mut self, packet: &Packet<'_>, stamp: Stamp, receiver: &mut impl Receiver) {
        match frame::content(packet.link, packet.data, packet.original_len) {
            Ok(Content::Segment(segment)) => {
                let stamp = Stamp { frame_offset: segment.payload_offset, ..stamp };
                let bytes = Bytes { data: segment.payload, cut: segment.cut.into(), stamp };
                self.segment(&segment, bytes, receiver);
            }
            Ok(Content::Fragment(fragment)) => self.fragment(&fragment, stamp, receiver),
            Err(other) => self.shared.census.count(other),
        }
    }

    /// Ends all connections: the capture is over.
    pub fn finish(&mut self, receiver: &mut impl Receiver) {
        let mut open: Vec<u32> =
            (0..).zip(&self.flows).filter(|(_, flow)| flow.stage != Stage::Free).map(|x| x.0).collect();
        open.sort_by_key(|&slot| self.flows.get(slot as usize).map(|flow| flow.id));
        for slot in open {
            self.forget(slot, Ending::Unfinished, receiver);
        }
        self.shared.census.broken_datagrams = self.defrag.broken();
        self.attention.clear();
    }

    fn fragment(&mut self, fragment: &frame::Fragment<'_>, stamp: Stamp, receiver: &mut impl Receiver) {
        self.shared.census.fragments += 1;
        let stamp = Stamp { frame_offset: fragment.payload_offset, ..stamp };
        let Some(mut datagram) = self.defrag.add(fragment, stamp) else { return };
        let mut id = fragment.datagram;
        for _ in 0..NESTING {
            self.shared.census.datagrams += 1;
            match frame::datagram_content(id, &datagram.data) {
                Ok(Content::Segment(segment)) => {
                    // One segment for each fragment, so that every byte is found in the packet that carried it.
                    let from = u64::from(segment.payload_offset);
                    let to = from + segment.payload.len() as u64;
                    let mut part = Tcp { payload: &[], ..segment };
                    let mut pieces = datagram.pieces(from, to).peekable();
                    if pieces.peek().is_none() {
                        self.segment(&segment, Bytes { data: &[], cut: 0, stamp }, receiver);
                    }
                    while let Some(bytes) = pieces.next() {
                        let last = pieces.peek().is_none();
                        part.flags.fin = segment.flags.fin && last;
                        part.flags.rst = segment.flags.rst && last;
                        self.segment(&part, bytes, receiver);
                        part.seq = part.seq.wrapping_add(bytes.len() as u32 + u32::from(part.flags.syn));
                        part.flags.syn = false;
                    }
                    return;
                }
                Ok(Content::Fragment(inner)) => {
                    let Some(whole) = self.defrag.add(&inner, stamp) else { return };
                    id = inner.datagram;
                    datagram = whole;
                }
                Err(other) => return self.shared.census.count(other),
            }
        }
    }

    fn segment(&mut self, segment: &Tcp<'_>, bytes: Bytes<'_>, receiver: &mut impl Receiver) {
        self.shared.census.tcp_packets += 1;
        let (key, from_low) = Key::of(segment);
        if self.only.is_some_and(|only| only != key) {
            return;
        }
        let known = match self.flows.get(self.recent as usize) {
            Some(recent) if recent.key == key && recent.stage != Stage::Free => Some(self.recent),
            _ => self.table.get(&key).copied(),
        };
        let slot = match known {
            Some(slot) if !self.replaced(slot, from_low, segment, bytes) => slot,
            Some(slot) => {
                self.forget(slot, Ending::Replaced, receiver);
                self.create(key, from_low, segment, bytes, receiver)
            }
            // What is left of a connection that nobody saw.
            None if segment.flags.rst => return,
            None => self.create(key, from_low, segment, bytes, receiver),
        };
        self.recent = slot;
        let Some(flow) = self.flows.get_mut(slot as usize) else { return };
        flow.take(from_low, segment, bytes, &mut self.shared, receiver);
        if flow.unsettled() {
            self.watch(slot, bytes.stamp.time);
        }
    }

    /// Has a connection looked at again later, if something about it is unsettled.
    fn watch(&mut self, slot: u32, now: Time) {
        let Some(flow) = self.flows.get_mut(slot as usize) else { return };
        // No later than the end of time, which a damaged time stamp can name.
        if let Some(due) = now.0.checked_add(ATTENTION.0)
            && !flow.attended
            && flow.unsettled()
        {
            flow.attended = true;
            self.attention.push_back((Time(due), slot, flow.id));
        }
    }

    /// Whether a segment is of another connection than the one known under its addresses and ports.
    fn replaced(&self, slot: u32, from_low: bool, segment: &Tcp<'_>, bytes: Bytes<'_>) -> bool {
        let Some(flow) = self.flows.get(slot as usize) else { return false };
        let side = flow.side(from_low);
        if segment.flags.syn {
            return !segment.flags.rst && flow.is_opened_anew(side, segment, bytes.stamp.time);
        }
        let Some(half) = flow.halves.get(side.index()) else { return false };
        flow.stage == Stage::Closed && bytes.len() > 0 && half.is_foreign(segment.seq)
    }

    fn create(
        &mut self,
        key: Key,
        from_low: bool,
        segment: &Tcp<'_>,
        bytes: Bytes<'_>,
        receiver: &mut impl Receiver,
    ) -> u32 {
        if self.table.len() >= self.most {
            self.evict(receiver);
        }
        let id = FlowId(self.next_id);
        self.next_id += 1;
        self.shared.census.connections += 1;
        let flow = Flow::new(id, key, from_low, segment, bytes.stamp);
        let slot = match self.free.pop() {
            Some(slot) => {
                if let Some(place) = self.flows.get_mut(slot as usize) {
                    *place = flow;
                }
                slot
            }
            None => {
                self.flows.push(flow);
                (self.flows.len() - 1) as u32
            }
        };
        self.table.insert(key, slot);
        slot
    }

    /// Makes room: connections that are over go first, then those without a packet for longest. Several at once, for
    /// the search costs a look at all of them.
    fn evict(&mut self, receiver: &mut impl Receiver) {
        let mut slots: Vec<(bool, u64, u32)> = (0..)
            .zip(&self.flows)
            .filter(|(_, flow)| flow.stage != Stage::Free)
            .map(|(slot, flow)| (flow.stage != Stage::Closed, flow.touched, slot))
            .collect();
        let many = (slots.len() / 64).max(1);
        if many < slots.len() {
            slots.select_nth_unstable(many);
            slots.truncate(many);
        }
        slots.sort_unstable();
        for (_, _, slot) in slots {
            self.forget(slot, Ending::Evicted, receiver);
        }
    }

    /// Ends a connection, if it has not ended, and frees its slot.
    fn forget(&mut self, slot: u32, ending: Ending, receiver: &mut impl Receiver) {
        let Some(flow) = self.flows.get_mut(slot as usize) else { return };
        if flow.stage == Stage::Free {
            return;
        }
        if ending == Ending::Evicted && flow.stage == Stage::Open {
            self.shared.census.evicted += 1;
        }
        flow.end(ending, &mut self.shared, receiver);
        flow.stage = Stage::Free;
        self.table.remove(&flow.key);
        self.free.push(slot);
    }

    /// Looks at connections that went quiet with something unsettled.
    #[inline(never)]
    fn attend(&mut self, now: Stamp, receiver: &mut impl Receiver) {
        for _ in 0..ATTENDED {
            let Some((_, slot, id)) = self.attention.pop_front_if(|(due, ..)| *due <= now.time) else { break };
            let Some(flow) = self.flows.get_mut(slot as usize) else { continue };
            if flow.id != id || flow.stage == Stage::Free {
                continue;
            }
            flow.attended = false;
            flow.settle(now.time, &mut self.shared, receiver);
            self.watch(slot, now.time);
        }
    }
}
