//! What an index remembers of each message: a few fixed bytes, and texts that messages share.

use std::net::SocketAddr;

use crate::record::{Level, Message};
use crate::stream::Direction;
use crate::time::Time;
use crate::wire::body::Body;
use crate::wire::code::{Kind, MessageType};
use crate::wire::video::Video;

/// A message in 40 bytes. What is not here is read again from the capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When its last byte was captured.
    pub time: Time,
    /// Number of its [`Lane`].
    pub lane: u32,
    /// Its number in the session.
    pub seq: u32,
    /// RTMP timestamp in milliseconds, modulo 2^32.
    pub timestamp: u32,
    /// What was added to the timestamp before, where that is known.
    pub delta: u32,
    /// Announced length of the body.
    pub length: u32,
    /// The packet of its first byte, modulo 2^32.
    pub packet: u32,
    /// Number of its [`Saying`].
    pub saying: u32,
    /// Number of chunks, at most 65535.
    pub chunks: u16,
    flags: u16,
}

impl Entry {
    const FMT: u16 = 3;
    const DELTA: u16 = 1 << 2;
    const PARTIAL: u16 = 1 << 3;
    const TIME_UNKNOWN: u16 = 1 << 4;
    const STREAM_UNKNOWN: u16 = 1 << 5;
    const WITHIN: u16 = 1 << 6;
    const KEYFRAME: u16 = 1 << 7;
    const CONFIGURATION: u16 = 1 << 8;

    pub(super) fn of(message: &Message, lane: u32, saying: u32) -> Entry {
        let head = &message.head;
        let keyframe = matches!(&message.meaning, Body::Video(video) if Video::is_keyframe(video));
        let flag = |on: bool, flag: u16| if on { flag } else { 0 };
        Entry {
            time: message.time,
            lane,
            seq: message.seq as u32,
            timestamp: head.timestamp,
            delta: head.delta.unwrap_or_default(),
            length: head.length,
            packet: message.packets.0 as u32,
            saying,
            chunks: message.chunks.min(u32::from(u16::MAX)) as u16,
            flags: u16::from(head.fmt) & Entry::FMT
                | flag(head.delta.is_some(), Entry::DELTA)
                | flag(message.partial.is_some(), Entry::PARTIAL)
                | flag(message.timestamp().is_none(), Entry::TIME_UNKNOWN)
                | flag(message.stream_id().is_none(), Entry::STREAM_UNKNOWN)
                | flag(message.within.is_some(), Entry::WITHIN)
                | flag(keyframe, Entry::KEYFRAME)
                | flag(message.meaning.is_configuration(), Entry::CONFIGURATION),
        }
    }

    /// The absolute timestamp, where it can be known.
    pub fn timestamp(&self) -> Option<u32> {
        (!self.has(Entry::TIME_UNKNOWN)).then_some(self.timestamp)
    }

    /// What was added to the timestamp before.
    pub fn delta(&self) -> Option<u32> {
        self.has(Entry::DELTA).then_some(self.delta)
    }

    /// Form of the first chunk's header.
    pub fn fmt(&self) -> u8 {
        (self.flags & Entry::FMT) as u8
    }

    /// Can its message stream be known?
    pub fn knows_stream(&self) -> bool {
        !self.has(Entry::STREAM_UNKNOWN)
    }

    /// Bytes of it are missing.
    pub fn is_partial(&self) -> bool {
        self.has(Entry::PARTIAL)
    }

    /// It is a part of an aggregate.
    pub fn is_within(&self) -> bool {
        self.has(Entry::WITHIN)
    }

    /// A picture from which decoding can start.
    pub fn is_keyframe(&self) -> bool {
        self.has(Entry::KEYFRAME)
    }

    /// It configures a decoder.
    pub fn is_configuration(&self) -> bool {
        self.has(Entry::CONFIGURATION)
    }

    fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}

/// What many messages have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lane {
    /// The session.
    pub session: u32,
    /// Who sends.
    pub dir: Direction,
    /// Chunk stream id.
    pub csid: u32,
    /// Message stream id.
    pub stream_id: u32,
    /// Type.
    pub message_type: MessageType,
}

impl Lane {
    /// The kind of its messages.
    pub fn kind(&self) -> Kind {
        self.message_type.kind()
    }
}

/// What a message says in one line, and what it means. Media messages share theirs.
#[derive(Clone, Debug)]
pub struct Saying {
    /// With secrets masked.
    pub masked: Box<str>,
    /// As it is, where that differs.
    pub open: Option<Box<str>>,
    /// What the body says, without its bytes.
    pub meaning: Option<Box<Body>>,
}

/// What stands between messages: where sessions begin and end, handshakes, gaps, findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub time: Time,
    /// In which session.
    pub session: u32,
    /// In which direction, if in one.
    pub dir: Option<Direction>,
    /// What it is.
    pub kind: NoteKind,
    /// In words, with secrets masked.
    pub masked: Box<str>,
    /// As it is, where that differs.
    pub open: Option<Box<str>>,
    /// The message that it is about.
    pub seq: Option<u64>,
    /// Messages before it.
    pub before: u32,
}

/// What a note is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A session was recognised.
    Opened,
    /// A handshake packet.
    Handshake,
    /// Bytes that could not be decoded.
    Gap,
    /// Something that people should know.
    Finding(Level),
    /// A session ended.
    Closed,
    /// Damage of the capture itself.
    Capture,
    /// What a proxy says beside its sessions.
    Relay,
}

impl NoteKind {
    /// The word in the column of kinds.
    pub fn name(self) -> &'static str {
        match self {
            NoteKind::Opened => "session",
            NoteKind::Handshake => "handshake",
            NoteKind::Gap => "gap",
            NoteKind::Finding(level) => level.name(),
            NoteKind::Closed => "closed",
            NoteKind::Capture => "capture",
            NoteKind::Relay => "proxy",
        }
    }

    /// Is it about something wrong or odd?
    pub fn is_trouble(self) -> bool {
        matches!(self, NoteKind::Gap | NoteKind::Finding(_) | NoteKind::Capture | NoteKind::Relay)
    }
}

/// A session in one row.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionRow {
    /// Its number, from 1.
    pub number: u32,
    /// When its first bytes were captured.
    pub opened: Time,
    /// When its last message was.
    pub last: Time,
    /// What became of it.
    pub state: SessionState,
    /// Who connected.
    pub client: SocketAddr,
    /// To whom.
    pub server: SocketAddr,
    /// App and stream names, masked.
    pub stream: String,
    /// The same as they are.
    pub open_stream: String,
    /// Codecs in short.
    pub codecs: String,
    /// Messages.
    pub messages: u64,
    /// Bytes of bodies.
    pub bytes: u64,
    /// Mean rate of its media, in kbit/s.
    pub rate: Option<f64>,
    /// The worst that is said of it.
    pub worst: Option<(Level, String)>,
    /// Gaps.
    pub gaps: u64,
    /// What became of it, in one line.
    pub verdict: Option<String>,
    /// The same without the mask.
    pub open_verdict: Option<String>,
    /// Bytes over time.
    pub spark: Spark,
}

/// How far a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// It goes on.
    Open,
    /// It is over, in order.
    Closed,
    /// It broke off.
    Reset,
    /// The capture ended first.
    Cut,
}

impl SessionState {
    /// One word.
    pub fn name(self) -> &'static str {
        match self {
            SessionState::Open => "open",
            SessionState::Closed => "closed",
            SessionState::Reset => "reset",
            SessionState::Cut => "cut",
        }
    }
}

/// Bytes over time in a fixed number of steps, which grow with the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spark {
    start: Time,
    /// Nanoseconds in a step.
    width: i64,
    steps: [u32; Spark::STEPS],
    used: u8,
}

impl Spark {
    /// Steps at most.
    pub const STEPS: usize = 32;

    pub(super) fn new(start: Time) -> Spark {
        Spark { start, width: 50_000_000, steps: [0; Spark::STEPS], used: 0 }
    }

    pub(super) fn add(&mut self, time: Time, bytes: u32) {
        let at = time.since(self.start).0.max(0);
        while at / self.width >= Spark::STEPS as i64 {
            let mut halved = [0u32; Spark::STEPS];
            for (to, pair) in halved.iter_mut().zip(self.steps.chunks(2)) {
                *to = pair.iter().fold(0, |sum, n| sum.saturating_add(*n));
            }
            self.steps = halved;
            self.used = self.used.div_ceil(2);
            self.width = self.width.saturating_mul(2);
        }
        let step = (at / self.width) as usize;
        if let Some(sum) = self.steps.get_mut(step) {
            *sum = sum.saturating_add(bytes);
        }
        self.used = self.used.max(step as u8 + 1);
    }

    /// `count` heights from 0 to `most`: 0 where nothing came.
    pub fn heights(&self, count: usize, most: u32) -> Vec<u32> {
        let used = usize::from(self.used).max(1);
        let count = count.clamp(1, used);
        let sums: Vec<u64> = (0..count)
            .map(|n| {
                let (from, to) = (n * used / count, ((n + 1) * used / count).max(n * used / count + 1));
                let steps = self.steps.get(from..to).unwrap_or_default();
                steps.iter().map(|n| u64::from(*n)).sum::<u64>() / steps.len().max(1) as u64
            })
            .collect();
        let top = sums.iter().copied().max().unwrap_or_default().max(1);
        sums.iter().map(|sum| if *sum == 0 { 0 } else { (sum * u64::from(most)).div_ceil(top) as u32 }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_small() {
        assert_eq!(size_of::<Entry>(), 40);
    }

    #[test]
    fn a_spark_grows_with_the_time_and_keeps_its_sum() {
        let mut spark = Spark::new(Time(0));
        for second in 0..100 {
            spark.add(Time(second * 1_000_000_000), 10);
        }
        assert_eq!(spark.steps.iter().sum::<u32>(), 1000);
        assert!(spark.heights(8, 7).iter().all(|height| (6..=7).contains(height)), "{:?}", spark.heights(8, 7));
        let mut burst = Spark::new(Time(0));
        burst.add(Time(0), 1);
        burst.add(Time(800_000_000), 7);
        assert_eq!(burst.heights(32, 7), [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
    }
}
