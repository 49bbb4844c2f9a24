//! After lost bytes: collects what comes, finds the next message that can be trusted, and decodes from there.

use std::collections::VecDeque;

use bytes::Bytes;

use super::*;
use crate::session::resync::{Judgement, Known, judge};

/// Candidates that may wait for more bytes at the same time.
const MOST_CANDIDATES: usize = 1024;

/// A search for the next message.
#[derive(Debug)]
pub(super) struct Hunt {
    /// Offset in the stream at which decoding was lost.
    lost_at: u64,
    /// Bytes never captured there.
    missing: u64,
    /// Messages that were cut.
    cut: u32,
    why: &'static str,
    /// What came since.
    bytes: Vec<u8>,
    /// Offset in the stream of the first of them.
    from: u64,
    /// Which packets they came in: stream offset of the first byte, and the packet.
    packets: VecDeque<(u64, Stamp)>,
    /// Offsets in `bytes` that may turn out to be the one, in order.
    candidates: Vec<usize>,
    /// How many of `bytes` have been looked at as candidates.
    looked: usize,
    /// The chunk size was in force before; without it all usual ones are tried.
    size_known: bool,
}

/// A place that can be trusted.
struct Place {
    /// Offset in what was collected.
    at: usize,
    chunk_size: u32,
    bits: u32,
    followed: usize,
}

/// Bytes that came while hunting and are decoded after all.
#[derive(Debug)]
pub(super) struct Replay {
    pub(super) bytes: Bytes,
    pub(super) stamp: Stamp,
}

/// What came of a hunt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Offset at which decoding was lost.
    pub lost_at: u64,
    /// Bytes never captured.
    pub missing: u64,
    /// Bytes captured and not decoded.
    pub skipped: u64,
    /// Messages that were cut.
    pub cut: u32,
    /// Why decoding was lost.
    pub why: &'static str,
    /// Chunk size and bits of evidence, where decoding goes on.
    pub sync: Option<(u32, u32)>,
}

impl Dechunker {
    /// A dechunker for a direction of which the beginning was not captured: nothing is known from stream offset `at`
    /// on, where `missing` bytes are missing.
    pub fn late(at: u64, missing: u64, why: &'static str, want: Want, limits: &Limits) -> Dechunker {
        let mut dechunker = Dechunker::new(at + missing, want, limits);
        dechunker.recovered = true;
        dechunker.size_known = false;
        dechunker.state = State::Hunting;
        dechunker.hunt = Some(Box::new(Hunt::new(at, missing, why, false)));
        dechunker
    }

    /// Bytes were never captured.
    pub fn gap(&mut self, missing: u64, stamp: Stamp) -> GapOutcome {
        self.arrived += missing;
        if let State::Payload { csid, left } = self.state
            && self.carry_len == 0
            && self.replay.is_empty()
            && missing <= u64::from(left)
        {
            return self.gap_in_payload(csid, left, missing as u32, stamp);
        }
        match &mut self.hunt {
            // What was collected before the gap leads nowhere any more.
            Some(hunt) => {
                hunt.missing += missing;
                hunt.restart(self.arrived);
            }
            None if self.state == State::Lost => {}
            None => self.lose(self.offset, missing, "bytes were not captured"),
        }
        self.carry_len = 0;
        self.offset = self.arrived;
        GapOutcome::Hunting
    }

    /// The missing bytes all belong to the payload of one chunk: the next header is where it has to be.
    fn gap_in_payload(&mut self, csid: u32, left: u32, missing: u32, stamp: Stamp) -> GapOutcome {
        let at = self.offset;
        self.offset += u64::from(missing);
        if let Some(open) = self.streams.get(csid).and_then(|stream| stream.open.as_mut()) {
            open.received += missing;
            open.lost += missing;
            open.kept.close();
            open.end = self.offset;
            // The part goes on behind the hole; which of its bytes are missing shows in its carriers.
            if let Some(part) = open.parts.last_mut() {
                part.payload_len += missing;
            }
        }
        self.state = State::Payload { csid, left: left - missing };
        if left == missing
            && let Step::Next(Some(message)) = self.payload(csid, 0, &mut &[][..], stamp)
        {
            self.ready.push_back(message);
        }
        GapOutcome::Continued { at }
    }

    /// Gives up the place in the chunk stream and begins to look for it again.
    pub(super) fn lose(&mut self, at: u64, missing: u64, why: &'static str) {
        let open = self.streams.take_open();
        let mut hunt = Hunt::new(at, missing, why, self.size_known);
        hunt.cut = open.len() as u32;
        for open in open {
            let message = self.cut(open);
            self.ready.push_back(message);
        }
        // What was held back is not confirmed by what follows; after a gap in the capture it never will be, and was right.
        match self.unconfirmed.take() {
            Some(message) if missing > 0 => self.ready.push_front(message),
            _ => {}
        }
        self.streams.doubt();
        self.recovered = true;
        hunt.from = at + missing;
        self.hunt = Some(Box::new(hunt));
        self.state = State::Hunting;
    }

    /// Takes bytes while hunting; decoding goes on as soon as a place is found.
    pub(super) fn search(&mut self, bytes: &[u8], stamp: Stamp, ended: bool) -> Step {
        let Some(hunt) = &mut self.hunt else {
            self.state = State::Header;
            return Step::Next(None);
        };
        if !bytes.is_empty() {
            hunt.packets.push_back((hunt.from + hunt.bytes.len() as u64, stamp));
            hunt.bytes.extend_from_slice(bytes);
        }
        let known = Known {
            streams: &self.streams,
            chunk_size: hunt.size_known.then_some(self.chunk_size),
            repeats: self.repeats == Repeats::Yes,
            ended,
        };
        match hunt.find(&known) {
            Some(Place { at, chunk_size, bits, followed }) => {
                let found = hunt.found(at, Some((chunk_size, bits)));
                self.offset = hunt.from + at as u64;
                self.trusted_to = self.offset + followed as u64;
                let replay = hunt.replay(at);
                self.replay.extend(replay);
                self.chunk_size = chunk_size;
                self.state = State::Header;
                self.hunt = None;
                Step::Found(found)
            }
            None => {
                hunt.trim(self.limits.hunt_bytes);
                self.offset = hunt.from + hunt.bytes.len() as u64;
                Step::More
            }
        }
    }

    /// Ends a hunt that found nothing.
    pub(super) fn give_up(&mut self) -> Option<Found> {
        let hunt = self.hunt.take()?;
        let waiting: usize = self.replay.drain(..).map(|piece| piece.bytes.len()).sum();
        let mut found = hunt.found(hunt.bytes.len(), None);
        found.skipped += waiting as u64;
        Some(found)
    }
}

/// What a gap did to a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapOutcome {
    /// It lies within one chunk, from this stream offset on: decoding goes on.
    Continued {
        /// Where it begins.
        at: u64,
    },
    /// The next message has to be found again.
    Hunting,
}

impl Hunt {
    fn new(lost_at: u64, missing: u64, why: &'static str, size_known: bool) -> Hunt {
        Hunt {
            lost_at,
            missing,
            cut: 0,
            why,
            bytes: Vec::new(),
            from: lost_at + missing,
            packets: VecDeque::new(),
            candidates: Vec::new(),
            looked: 0,
            size_known,
        }
    }

    /// Begins again at a stream offset.
    fn restart(&mut self, from: u64) {
        self.bytes.clear();
        self.packets.clear();
        self.candidates.clear();
        self.looked = 0;
        self.from = from;
    }

    /// The first place that can be trusted.
    fn find(&mut self, known: &Known<'_>) -> Option<Place> {
        let mut unsure = Vec::new();
        for at in self.candidates.drain(..).chain(self.looked..self.bytes.len()) {
            let bytes = self.bytes.get(at..).unwrap_or_default();
            match judge(bytes, known) {
                Judgement::Sync { chunk_size, bits, followed } => {
                    return Some(Place { at, chunk_size, bits, followed });
                }
                Judgement::Unsure => unsure.push(at),
                Judgement::No => {}
            }
        }
        self.looked = self.bytes.len();
        let surplus = unsure.len().saturating_sub(MOST_CANDIDATES);
        self.candidates = unsure.split_off(surplus);
        None
    }

    /// Forgets bytes that no candidate needs, and candidates that need too many.
    fn trim(&mut self, most: usize) {
        while self.bytes.len() - self.candidates.first().copied().unwrap_or(self.bytes.len()) > most {
            self.candidates.remove(0);
        }
        let keep = self.candidates.first().copied().unwrap_or(self.bytes.len());
        if keep == 0 {
            return;
        }
        self.bytes.drain(..keep);
        self.from += keep as u64;
        self.looked -= keep;
        for candidate in &mut self.candidates {
            *candidate -= keep;
        }
        while self.packets.get(1).is_some_and(|(offset, _)| *offset <= self.from) {
            self.packets.pop_front();
        }
    }

    fn found(&self, at: usize, sync: Option<(u32, u32)>) -> Found {
        let Hunt { lost_at, missing, cut, why, .. } = *self;
        let resumed = self.from + at as u64;
        let skipped = resumed.saturating_sub(lost_at).saturating_sub(missing);
        Found { lost_at, missing, skipped, cut, why, sync }
    }

    /// The bytes from an offset on, packet by packet.
    fn replay(&mut self, at: usize) -> Vec<Replay> {
        let all = Bytes::from(std::mem::take(&mut self.bytes));
        let mut pieces = Vec::new();
        let ends = self.packets.iter().skip(1).map(|(offset, _)| *offset).chain([self.from + all.len() as u64]);
        for ((offset, stamp), end) in self.packets.iter().zip(ends) {
            let start = (*offset).max(self.from + at as u64);
            if start < end {
                let stamp = Stamp { frame_offset: stamp.frame_offset + (start - offset) as u32, ..*stamp };
                let bytes = all.slice((start - self.from) as usize..(end - self.from) as usize);
                pieces.push(Replay { bytes, stamp });
            }
        }
        pieces
    }
}
