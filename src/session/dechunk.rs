//! Bytes to messages: the chunk stream of one direction.
//!
//! RTMP 1.0 sections 5.3 (chunks) and 5.4 (Set Chunk Size, Abort). Where senders differ from the specification and from
//! each other, this follows the bytes and says so in a finding.

use std::collections::VecDeque;

use bytes::BytesMut;

use super::ledger::Ledger;
use super::resync::Waiting;
use super::rules;
use super::settings::allowed_chunk_size;
use super::streams::{ChunkStream, Kept, Open, Streams};
use super::{MediaBody, Want};
use crate::field::Reader;
use crate::limits::Limits;
use crate::record::{Body, Carrier, Head, Part, Recovered, Rule};
use crate::stream::Stamp;
use crate::wire::chunk::{ChunkHeader, LONGEST_HEADER};
use crate::wire::code::{Kind, MessageType};
use crate::wire::control::Control;

/// The chunk size until a Set Chunk Size.
const DEFAULT_CHUNK_SIZE: u32 = 128;

/// Messages that are open at the same time in nearly all streams.
const SPARE: usize = 4;

/// A message length has 24 bits, so a larger chunk size changes nothing.
const LARGEST_CHUNK: u32 = 0xff_ffff;

/// Turns the bytes of one direction into messages. Feed it with [`poll`](Self::poll).
#[derive(Clone, Debug)]
pub struct Dechunker {
    limits: Limits,
    want: Want,
    chunk_size: u32,
    streams: Streams,
    ledger: Ledger,
    /// Offset in the stream of the next byte.
    offset: u64,
    state: State,
    /// The bytes of a header that came in pieces.
    carry: [u8; LONGEST_HEADER],
    carry_len: usize,
    /// The packets of the first header byte and of the last one that was carried over.
    header_from: Stamp,
    header_to: Stamp,
    repeats: Repeats,
    /// Bytes held for unfinished messages.
    held: usize,
    /// Findings that wait to be polled.
    findings: VecDeque<(Rule, u64, String)>,
    /// Messages that wait to be polled.
    ready: VecDeque<Box<Assembled>>,
    /// Memory of messages that went out, for those that come.
    #[expect(clippy::vec_box, reason = "the boxes are what is kept")]
    spare: Vec<Box<Assembled>>,
    /// Offset in the stream of the next byte that comes from outside.
    arrived: u64,
    /// Gaps that wait to be polled.
    gaps: VecDeque<Found>,
    /// The chunk sizes that may be in force, most likely first; none when it is known.
    sizes: Vec<u32>,
    /// Bytes were lost: headers are looked at twice, and a message waits until the header behind it confirms it.
    recovered: bool,
    unconfirmed: Option<Box<Assembled>>,
    hunt: Option<Box<Hunt>>,
    /// Offset in the stream up to which a search has proved the headers.
    trusted_to: u64,
    /// The header at which the last search from a header found what it looked for: it is not searched from twice.
    resumed_at: Option<u64>,
    /// What a hunt collected and is still to be decoded.
    replay: VecDeque<Waiting>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Header,
    Payload {
        csid: u32,
        left: u32,
    },
    /// The place in the chunk stream is lost; the next message is being looked for.
    Hunting,
    /// Decoding ended; bytes are counted only.
    Lost,
}

/// Does the sender repeat extended timestamps on fmt 3 chunks? The specification says so; old senders do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repeats {
    Unknown,
    Yes,
    No,
}

/// What [`Dechunker::poll`] found.
#[derive(Debug)]
pub enum Event {
    /// A message, complete or not. Its memory may go back to [`Dechunker::reuse`].
    Message(Box<Assembled>),
    /// Something odd, at a stream offset.
    Finding(Rule, u64, String),
    /// A header that cannot be one, at a stream offset: the next message is being looked for.
    Lost(u64),
    /// Bytes are missing or were not decoded.
    Gap(Found),
}

/// A message put together from its chunks.
#[derive(Clone, Debug, Default)]
pub struct Assembled {
    /// What the chunk headers said.
    pub head: Head,
    /// Offsets in the stream.
    pub span: (u64, u64),
    /// Where its first byte was captured.
    pub first: Stamp,
    /// Where its last byte was captured.
    pub last: Stamp,
    /// Number of chunks.
    pub chunks: u32,
    /// What was kept of the body.
    pub body: Body,
    /// Bytes that arrived, when not all did.
    pub partial: Option<u32>,
    /// Found again after lost bytes.
    pub recovered: Option<Recovered>,
    /// The chunks, when wanted.
    pub parts: Vec<Part>,
    /// The packets, when wanted.
    pub carriers: Vec<Carrier>,
}

impl Dechunker {
    /// A dechunker for a direction whose chunk stream begins at stream offset `start`.
    pub fn new(start: u64, want: Want, limits: &Limits) -> Dechunker {
        Dechunker {
            limits: *limits,
            want,
            chunk_size: DEFAULT_CHUNK_SIZE,
            streams: Streams::new(limits.chunk_streams),
            ledger: Ledger::new(limits.carriers),
            offset: start,
            state: State::Header,
            carry: [0; LONGEST_HEADER],
            carry_len: 0,
            header_from: Stamp::default(),
            header_to: Stamp::default(),
            repeats: Repeats::Unknown,
            held: 0,
            findings: VecDeque::new(),
            ready: VecDeque::new(),
            spare: Vec::new(),
            arrived: start,
            gaps: VecDeque::new(),
            sizes: Vec::new(),
            recovered: false,
            unconfirmed: None,
            hunt: None,
            trusted_to: 0,
            resumed_at: None,
            replay: VecDeque::new(),
        }
    }

    /// The chunk size in force.
    pub fn chunk_size(&self) -> u32 {
        self.chunk_size
    }

    /// From the next message on, keeps what `want` says.
    pub(super) fn wants(&mut self, want: Want) {
        self.want = want;
    }

    /// Bytes held, about; `None` while something is searched for, which holds much and soon nothing.
    pub(super) fn weight(&self) -> Option<usize> {
        let waiting: usize = self.ready.iter().map(|message| message.body.bytes().len()).sum();
        (self.hunt.is_none() && self.replay.is_empty()).then_some(self.held + waiting)
    }

    /// Offset in the stream of the next byte.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Tells which packet carries the input that the next calls of [`poll`](Self::poll) get.
    #[inline]
    pub fn note(&mut self, stamp: Stamp, len: usize) {
        if self.want.origin && self.state != State::Lost {
            self.ledger.note(self.arrived, len, stamp);
        }
        self.arrived += len as u64;
    }

    /// Whether all of `input` only goes on with a message, and nothing waits to be polled: then there is nothing to
    /// poll, and it is taken. What there is else is left to [`poll`](Self::poll).
    #[inline(always)]
    pub fn passes(&mut self, input: &mut &[u8], stamp: Stamp) -> bool {
        let waits = self.findings.len() + self.gaps.len() + self.ready.len() + self.replay.len();
        if waits > 0 || self.carry_len > 0 {
            return false;
        }
        self.run_on(input, stamp);
        input.is_empty()
    }

    /// Takes bytes from the front of `input` until something is found; `None` when all were taken.
    #[inline(always)]
    pub fn poll(&mut self, input: &mut &[u8], stamp: Stamp) -> Option<Event> {
        loop {
            if let Some((rule, at, text)) = self.findings.pop_front() {
                return Some(Event::Finding(rule, at, text));
            }
            if let Some(found) = self.gaps.pop_front() {
                return Some(Event::Gap(found));
            }
            if let Some(message) = self.ready.pop_front() {
                return Some(Event::Message(message));
            }
            let step = match self.replay.pop_front() {
                None => self.step(input, stamp),
                Some(piece) => self.replay(piece),
            };
            match step {
                Step::More if self.replay.is_empty() => return None,
                Step::More | Step::Next(None) | Step::Searching => {}
                Step::Next(Some(message)) => return Some(Event::Message(message)),
                Step::Lost(at) => return Some(Event::Lost(at)),
            }
        }
    }

    /// One step with bytes from the front of `input`.
    #[inline(always)]
    fn step(&mut self, input: &mut &[u8], stamp: Stamp) -> Step {
        if self.carry_len == 0 {
            self.run_on(input, stamp);
        }
        match self.state {
            State::Lost => {
                self.offset += std::mem::take(input).len() as u64;
                Step::More
            }
            State::Hunting => {
                let bytes = std::mem::take(input);
                self.search(bytes, stamp, false)
            }
            _ if self.carry_len > 0 => self.carried(input, stamp),
            _ if input.is_empty() => Step::More,
            State::Payload { csid, left } => self.payload(csid, left, input, stamp),
            State::Header => {
                self.header_from = stamp;
                match self.read_header(input) {
                    Some((header, size)) => {
                        let (bytes, rest) = input.split_at_checked(size).unwrap_or_default();
                        let step = self.begin(header, bytes, stamp);
                        if !matches!(step, Step::Lost(_) | Step::Searching) {
                            *input = rest;
                        }
                        step
                    }
                    None => {
                        self.header_to = stamp;
                        self.carry(std::mem::take(input));
                        Step::More
                    }
                }
            }
        }
    }

    /// One step with what was collected earlier.
    fn replay(&mut self, piece: Waiting) -> Step {
        let (bytes, stamp) = match piece {
            Waiting::Data(bytes, stamp) => (bytes, stamp),
            Waiting::Hole(missing, loss, stamp) => {
                // What was carried over may be a whole header.
                let step = if self.carry_len > 0 { self.carried(&mut &[][..], stamp) } else { Step::More };
                if !matches!(step, Step::More) {
                    self.replay.push_front(Waiting::Hole(missing, loss, stamp));
                    return step;
                }
                self.hole(missing, loss, stamp);
                return Step::Next(None);
            }
        };
        // A search may put pieces before the ones that wait; what is left of this one stands behind those.
        let waiting = self.replay.len();
        let mut input = &bytes[..];
        let step = self.step(&mut input, stamp);
        let taken = bytes.len() - input.len();
        if taken < bytes.len() {
            let stamp = Stamp { frame_offset: stamp.frame_offset + taken as u32, ..stamp };
            let found = self.replay.len() - waiting;
            self.replay.insert(found, Waiting::Data(bytes.slice(taken..), stamp));
        }
        step
    }

    /// Takes back the memory of a message that nobody needs any more, so that the next one costs no allocation.
    #[inline]
    pub fn reuse(&mut self, mut message: Box<Assembled>) {
        if self.spare.len() < SPARE {
            message.parts.clear();
            message.carriers.clear();
            self.spare.push(message);
        }
    }

    /// Ends decoding: what comes next is counted only. The unfinished messages come back, oldest first.
    pub fn stop(&mut self) -> Vec<Box<Assembled>> {
        self.state = State::Lost;
        let mut messages: Vec<Box<Assembled>> = self.ready.drain(..).chain(self.unconfirmed.take()).collect();
        let open = self.streams.take_open();
        messages.extend(open.into_iter().map(|open| self.cut(open)));
        messages
    }

    /// The direction ends: a search for the next message has to do with what it has. True if it found something, which
    /// comes out of [`poll`](Self::poll).
    pub fn last_chance(&mut self, stamp: Stamp) -> bool {
        self.state == State::Hunting && matches!(self.search(&[], stamp, true), Step::Next(_))
    }

    /// Gives up a search.
    pub fn abandon(&mut self) -> Option<Found> {
        self.give_up()
    }
}

/// What one step of decoding came to.
enum Step {
    /// More bytes are needed.
    More,
    /// A header was read; an empty or superseded message may have come out.
    Next(Option<Box<Assembled>>),
    /// Not a header, at this stream offset.
    Lost(u64),
    /// A header from which decoding cannot go on as it is: a search begins with its bytes.
    Searching,
}

mod header;
mod hunt;
mod message;
mod run;

pub use hunt::Found;
use hunt::{Doubt, Hunt};

#[cfg(test)]
mod tests;
