//! The way back from a message to its bytes: places in a capture from which one session can be read again.
//!
//! While a capture is read, every few megabytes a mark says where, and the sessions that moved since the last one are
//! copied: their TCP state and their chunk streams, a few kilobytes each. To read a message again, the nearest copy
//! before it is taken up and fed the packets of its connection until the message comes out, by the same code that read
//! it first. Memory is bounded: when the copies outgrow their limit, every second one goes and they are made half as
//! often.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path as FilePath;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::hold::{Hold, Order};
use super::offline::Settings;
use super::stored::Stored;
use super::taps::Taps;
use crate::limits::Limits;
use crate::net::{Capture, FlowId, FlowInfo, FlowState, Flows, Mark};
use crate::record::{Handshake, Message, Record, Sink};
use crate::session::{Session, Want};
use crate::time::Time;

/// Where a run noted how to read messages again. Clones share their notes, so that one thread can read while another
/// still runs the capture.
#[derive(Clone, Default)]
pub struct Trail(Arc<Mutex<Notes>>);

/// Which message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its session.
    pub session: u32,
    /// Its number there.
    pub seq: u64,
    /// The packet of its first byte.
    pub packet: u64,
}

/// A captured packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its number.
    pub packet: u64,
    /// When it was captured, if that is known.
    pub time: Option<Time>,
    /// Its captured bytes.
    pub bytes: Vec<u8>,
}

#[derive(Default)]
struct Notes {
    /// The input, where it is a file.
    file: Option<Stored>,
    /// The unpacked capture.
    stored: Option<Stored>,
    marks: Vec<Mark>,
    /// By provisional session number.
    paths: HashMap<u32, Path>,
    /// Provisional numbers by session, from 1.
    tickets: Vec<u32>,
    /// Marks between two rounds of copies.
    stride: usize,
    /// Packets before the last round of copies.
    copied: u64,
    weight: usize,
    most: usize,
}

/// The copies of one session.
struct Path {
    flow: FlowId,
    info: FlowInfo,
    copies: Vec<Copy>,
}

struct Copy {
    /// Index of the mark.
    mark: usize,
    flow: FlowState,
    session: Box<Session>,
    swapped: bool,
    weight: usize,
}

/// Bytes of a capture between two marks.
const SPACING: u64 = 4 << 20;
/// A copy heavier than this is not worth making: reading from the one before is quick enough.
const HEAVIEST: usize = 256 << 10;
/// What a copy costs besides what its session says.
const OVERHEAD: usize = size_of::<Copy>() + 1024;
/// Packets between two looks at whether the reader still wants the answer.
const LOOK_EVERY: u64 = 4096;
/// Bytes of packets that are handed out at once.
const MOST_FRAMES: usize = 64 << 20;

impl Trail {
    /// A trail through an input. A file is read again where it lies; anything else, and what is compressed, is copied to
    /// disk while it is read.
    pub fn new(path: &FilePath) -> Trail {
        Trail(Arc::new(Mutex::new(Notes { file: Stored::open(path), ..Notes::default() })))
    }

    /// Reads one message again, with its whole body, chunks and packets. `None` when the capture does not give it back,
    /// or when `go_on` said no.
    pub fn message(&self, place: Place, limits: &Limits, go_on: impl FnMut() -> bool) -> Option<Box<Message>> {
        match self.read(place, Wanted::Message(place.seq), limits, go_on)? {
            Record::Message(mut message) => {
                message.session = place.session;
                // Whether a reply came later is for those to say who read on.
                message.call = None;
                Some(Box::new(message))
            }
            _ => None,
        }
    }

    /// Reads a packet of a session's handshake again: the first, the second ...
    pub fn handshake(&self, session: u32, number: u64, limits: &Limits) -> Option<Box<Handshake>> {
        let place = Place { session, seq: 0, packet: 0 };
        match self.read(place, Wanted::Handshake(number), limits, || true)? {
            Record::Handshake(handshake) => Some(Box::new(Handshake { session, ..handshake })),
            _ => None,
        }
    }

    fn read(&self, place: Place, wanted: Wanted, limits: &Limits, mut go_on: impl FnMut() -> bool) -> Option<Record> {
        let (stored, mark, ticket, path) = self.way_to(place)?;
        let (flow, info, copy) = path;
        let mut capture = Capture::resume(stored.from(mark.offset()), "", &mark, limits);
        let settings = Settings { limits: *limits, pair_replies: false, ..Settings::new(Want::ALL) };
        let found = Found { ticket, wanted, over: false, record: None };
        let mut taps = Taps::new(&settings, Hold::direct(found, &settings));
        let mut flows = Flows::resume(flow, &info, copy.as_ref().map(|copy| &copy.0), limits);
        let resumed = copy.is_some();
        if let Some((_, session, swapped)) = copy {
            taps.resume(flow, *session, swapped);
        }
        while let Ok(Some(packet)) = capture.next() {
            let number = packet.number;
            if !resumed && number < info.first.packet {
                continue;
            }
            flows.push(&packet, &mut taps);
            if taps.order().sink().over || number.is_multiple_of(LOOK_EVERY) && !go_on() {
                break;
            }
        }
        if !taps.order().sink().over {
            flows.finish(&mut taps);
        }
        taps.into_sink().into_sink().record
    }

    /// The captured packets with these numbers, which are in order.
    pub fn frames(&self, packets: &[u64], limits: &Limits) -> Vec<Frame> {
        let mut frames = Vec::new();
        let Some((first, last)) = packets.first().zip(packets.last()) else { return frames };
        let Some((stored, mark)) = self.mark_before(*first) else { return frames };
        let mut capture = Capture::resume(stored.from(mark.offset()), "", &mark, limits);
        let mut room = MOST_FRAMES;
        while let Ok(Some(packet)) = capture.next() {
            if packets.binary_search(&packet.number).is_ok() {
                room = room.saturating_sub(packet.data.len());
                frames.push(Frame { packet: packet.number, time: packet.time, bytes: packet.data.to_vec() });
            }
            if packet.number >= *last || room == 0 {
                break;
            }
        }
        frames
    }

    /// The whole capture once more, unpacked.
    pub fn whole(&self) -> Option<Box<dyn Read + Send>> {
        Some(self.notes().stored.as_ref()?.from(0))
    }

    /// Bytes of memory that the notes take, about.
    pub fn weight(&self) -> usize {
        let notes = self.notes();
        notes.weight + notes.marks.len() * size_of::<Mark>() + notes.paths.len() * size_of::<Path>()
    }

    /// A run begins. What cannot be read twice is copied to disk.
    pub(super) fn open(&self, capture: &mut Capture, limits: &Limits) {
        let mut notes = self.notes();
        let file = notes.file.take();
        *notes = Notes { file: file.clone(), stride: 1, most: limits.trail_bytes, ..Notes::default() };
        notes.stored = match file.filter(|_| capture.format().compression.is_empty()) {
            Some(file) => Some(file),
            None => Stored::spool(limits.spool_bytes).ok().map(|(stored, spool)| {
                capture.copy_to(spool);
                stored
            }),
        };
    }

    /// A connection turned out to be a session.
    pub(super) fn begin(&self, ticket: u32, flow: FlowId, info: FlowInfo) {
        self.notes().paths.insert(ticket, Path { flow, info, copies: Vec::new() });
    }

    /// A session got its number.
    pub(super) fn numbered(&self, ticket: u32, session: u32) {
        let mut notes = self.notes();
        if notes.tickets.len() + 1 == session as usize {
            notes.tickets.push(ticket);
        }
    }

    /// Makes a mark, if it is time for one.
    #[inline]
    pub(super) fn mark<O: Order>(&self, capture: &Capture, flows: &Flows, taps: &Taps<O>, next: &mut u64) {
        if capture.offset() < *next {
            return;
        }
        *next = capture.offset() + SPACING;
        self.notes().mark(capture.mark(), flows, taps);
    }

    /// What reading a message again begins with.
    #[expect(clippy::type_complexity, reason = "taken apart at its only use")]
    fn way_to(
        &self,
        place: Place,
    ) -> Option<(Stored, Mark, u32, (FlowId, FlowInfo, Option<(FlowState, Box<Session>, bool)>))> {
        let notes = self.notes();
        let ticket = *notes.tickets.get((place.session as usize).checked_sub(1)?)?;
        let path = notes.paths.get(&ticket)?;
        let before = |mark: usize| notes.marks.get(mark).is_some_and(|mark| mark.packets() < place.packet);
        let copy = path.copies.iter().rev().find(|copy| before(copy.mark));
        let mark = match copy {
            Some(copy) => notes.marks.get(copy.mark)?.clone(),
            None => notes.mark_before(path.info.first.packet)?.clone(),
        };
        let copy = copy.map(|copy| (copy.flow.clone(), copy.session.clone(), copy.swapped));
        Some((notes.stored.clone()?, mark, ticket, (path.flow, path.info, copy)))
    }

    fn mark_before(&self, packet: u64) -> Option<(Stored, Mark)> {
        let notes = self.notes();
        Some((notes.stored.clone()?, notes.mark_before(packet)?.clone()))
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        // Whoever panicked left notes that are at worst incomplete.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Trail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trail").field("marks", &self.notes().marks.len()).finish_non_exhaustive()
    }
}

impl Notes {
    fn mark<O: Order>(&mut self, mark: Mark, flows: &Flows, taps: &Taps<O>) {
        let (index, packets) = (self.marks.len(), mark.packets());
        self.marks.push(mark);
        if !index.is_multiple_of(self.stride) {
            return;
        }
        for (flow, state) in flows.touched_since(self.copied) {
            let Some((session, swapped)) = taps.session(flow) else { continue };
            let Some(path) = self.paths.get_mut(&(flow.0 as u32)) else { continue };
            let Some(weight) = session.weight().map(|weight| weight + OVERHEAD) else { continue };
            if weight <= HEAVIEST {
                self.weight += weight;
                let session = Box::new(session.clone());
                path.copies.push(Copy { mark: index, flow: state(), session, swapped, weight });
            }
        }
        self.copied = packets;
        while self.weight > self.most && self.stride < 1 << 20 {
            self.thin_out();
        }
    }

    fn thin_out(&mut self) {
        self.stride *= 2;
        for path in self.paths.values_mut() {
            path.copies.retain(|copy| copy.mark.is_multiple_of(self.stride));
            path.copies.shrink_to_fit();
        }
        self.weight = self.paths.values().flat_map(|path| &path.copies).map(|copy| copy.weight).sum();
    }

    /// The last mark before a packet.
    fn mark_before(&self, packet: u64) -> Option<&Mark> {
        let after = self.marks.partition_point(|mark| mark.packets() < packet);
        self.marks.get(after.checked_sub(1)?)
    }
}

/// Waits for one message, or one packet of the handshake.
pub(super) struct Found {
    ticket: u32,
    wanted: Wanted,
    over: bool,
    record: Option<Record>,
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// The message with this number.
    Message(u64),
    /// So many packets of the handshake, this one included.
    Handshake(u64),
}

impl Sink for Found {
    fn take(&mut self, record: Record) {
        if self.over || record.session() != Some(self.ticket) {
            return;
        }
        let (over, wanted) = match (&record, &mut self.wanted) {
            (Record::Message(message), Wanted::Message(seq)) => (message.seq >= *seq, message.seq == *seq),
            (Record::Handshake(_), Wanted::Handshake(left)) => {
                *left = left.saturating_sub(1);
                (*left == 0, *left == 0)
            }
            (Record::Closed(_), _) => (true, false),
            _ => (false, false),
        };
        self.over = over;
        if wanted {
            self.record = Some(record);
        }
    }
}

#[cfg(test)]
mod tests;
