//! Bytes to messages: the chunk stream of one direction.
//!
//! RTMP 1.0 sections 5.3 (chunks) and 5.4 (Set Chunk Size, Abort). Where senders differ from the specification and from
//! each other, this follows the bytes and says so in a finding.

use bytes::BytesMut;

use super::Want;
use super::ledger::Ledger;
use super::rules;
use super::streams::{ChunkStream, Kept, Open, Streams};
use crate::field::Reader;
use crate::limits::Limits;
use crate::record::{Body, Carrier, Head, Part, Rule};
use crate::stream::Stamp;
use crate::wire::chunk::{ChunkHeader, LONGEST_HEADER};
use crate::wire::code::{Kind, MessageType};
use crate::wire::control::Control;

/// The chunk size until a Set Chunk Size.
const DEFAULT_CHUNK_SIZE: u32 = 128;

/// A message length has 24 bits, so a larger chunk size changes nothing.
const LARGEST_CHUNK: u32 = 0xff_ffff;

/// Turns the bytes of one direction into messages. Feed it with [`poll`](Self::poll).
#[derive(Debug)]
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
    /// The packet of the first header byte.
    header_from: Stamp,
    repeats: Repeats,
    /// Bytes held for unfinished messages.
    held: usize,
    /// Findings that wait to be polled.
    findings: Vec<(Rule, u64, String)>,
    /// An Abort that waits until the message that it aborted is out.
    waiting: Option<Assembled>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Header,
    Payload {
        csid: u32,
        left: u32,
    },
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
    /// A message, complete or not.
    Message(Assembled),
    /// Something odd, at a stream offset.
    Finding(Rule, u64, String),
    /// A header that cannot be one, at a stream offset: the rest of the direction is not decoded.
    Lost(u64),
}

/// A message put together from its chunks.
#[derive(Debug)]
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
            repeats: Repeats::Unknown,
            held: 0,
            findings: Vec::new(),
            waiting: None,
        }
    }

    /// The chunk size in force.
    pub fn chunk_size(&self) -> u32 {
        self.chunk_size
    }

    /// Offset in the stream of the next byte.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Tells which packet carries the input that the next calls of [`poll`](Self::poll) get.
    pub fn note(&mut self, stamp: Stamp, len: usize) {
        if self.want.origin && self.state != State::Lost {
            self.ledger.note(self.offset + self.carry_len as u64, len, stamp);
        }
    }

    /// Takes bytes from the front of `input` until something is found; `None` when all were taken.
    #[inline]
    pub fn poll(&mut self, input: &mut &[u8], stamp: Stamp) -> Option<Event> {
        loop {
            if let Some((rule, at, text)) = self.findings.pop() {
                return Some(Event::Finding(rule, at, text));
            }
            if let Some(message) = self.waiting.take() {
                return Some(Event::Message(message));
            }
            let step = match self.state {
                State::Lost => {
                    self.offset += std::mem::take(input).len() as u64;
                    Step::More
                }
                _ if self.carry_len > 0 => self.carried(input, stamp),
                _ if input.is_empty() => Step::More,
                State::Payload { csid, left } => self.payload(csid, left, input, stamp),
                State::Header => {
                    self.header_from = stamp;
                    match self.read_header(input) {
                        Some((header, size)) => {
                            let (bytes, rest) = input.split_at_checked(size).unwrap_or_default();
                            *input = rest;
                            self.begin(header, bytes, stamp)
                        }
                        None => {
                            self.carry(std::mem::take(input));
                            Step::More
                        }
                    }
                }
            };
            match step {
                Step::More => return None,
                Step::Next(None) => {}
                Step::Next(Some(message)) => return Some(Event::Message(message)),
                Step::Lost(at) => return Some(Event::Lost(at)),
            }
        }
    }

    /// Ends decoding: what comes next is counted only. The unfinished messages come back, oldest first.
    pub fn stop(&mut self) -> Vec<Assembled> {
        self.state = State::Lost;
        let open = self.streams.take_open();
        open.into_iter().map(|open| self.cut(open)).collect()
    }

    /// Counts bytes that were never captured.
    pub fn skip(&mut self, missing: u64) {
        self.offset += missing;
    }

    /// One step with the bytes that an earlier piece left over: the beginning of a header, or bytes that had to be
    /// looked at to tell whether they are one. It happens at most once a packet, so it goes byte by byte.
    fn carried(&mut self, input: &mut &[u8], stamp: Stamp) -> Step {
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
                    let (bytes, rest) = bytes.split_at_checked(size).unwrap_or_default();
                    self.carry(rest);
                    self.begin(header, bytes, stamp)
                }
                (None, Some((next, rest))) => {
                    *input = rest;
                    if let Some(slot) = self.carry.get_mut(self.carry_len) {
                        *slot = *next;
                        self.carry_len += 1;
                    }
                    Step::Next(None)
                }
                (None, None) => Step::More,
            },
        }
    }

    /// Keeps bytes for later: never more than the longest header.
    fn carry(&mut self, bytes: &[u8]) {
        self.carry_len = bytes.len();
        if let Some(slot) = self.carry.get_mut(..bytes.len()) {
            slot.copy_from_slice(bytes);
        }
    }

    /// Reads a header without taking its bytes; `None` when more bytes are needed.
    #[inline]
    fn read_header(&self, bytes: &[u8]) -> Option<(ChunkHeader, usize)> {
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
            Repeats::Unknown => ahead.first_chunk().map(|word| [value, 0].contains(&u32::from_be_bytes(*word))),
        }
    }
}

/// What one step of decoding came to.
#[expect(clippy::large_enum_variant, reason = "lives for one call; a box would allocate for each message")]
enum Step {
    /// More bytes are needed.
    More,
    /// A header was read; an empty or superseded message may have come out.
    Next(Option<Assembled>),
    /// Not a header, at this stream offset.
    Lost(u64),
}

mod message;

#[cfg(test)]
mod tests;
