//! Records about a session as a whole: its opening, handshake, losses, findings and end.

use std::net::SocketAddr;

use super::origin::Carrier;
use crate::stream::{Direction, Ending};
use crate::time::Time;
use crate::wire::handshake::{Echo, Form, Version};

/// First and last packet number.
pub type Packets = (u64, u64);

/// Bytes of both directions, by [`Direction::index`].
pub type Bytes2 = [u64; 2];

/// A session was recognised.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// Its number.
    pub session: u32,
    /// When its first bytes were captured.
    pub time: Time,
    /// What carries it.
    pub transport: Transport,
    /// Who connected.
    pub client: SocketAddr,
    /// To whom.
    pub server: SocketAddr,
    /// Whether its beginning was captured.
    pub joined: Joined,
}

/// Where in a session the capture begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// At its handshake.
    Start,
    /// Later: chunk size and chunk streams are inferred.
    Late,
}

impl Joined {
    /// The word used in events.
    pub fn name(self) -> &'static str {
        match self {
            Joined::Start => "start",
            Joined::Late => "late",
        }
    }
}

/// What carries the chunk stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// TCP.
    Rtmp,
    /// TCP, encrypted by RTMPE.
    Rtmpe,
}

impl Transport {
    /// The word used in events.
    pub fn name(self) -> &'static str {
        match self {
            Transport::Rtmp => "rtmp",
            Transport::Rtmpe => "rtmpe",
        }
    }
}

/// One side's handshake packet.
#[derive(Clone, Debug, PartialEq)]
pub struct Handshake {
    /// The session.
    pub session: u32,
    /// Who sent it.
    pub dir: Direction,
    /// When its last byte was captured.
    pub time: Time,
    /// What it is.
    pub step: Step,
    /// Offsets in the stream of its direction.
    pub span: (u64, u64),
    /// First and last packet.
    pub packets: Packets,
    /// The packets that carried it, in the order of the stream; empty unless they were wanted.
    pub carriers: Vec<Carrier>,
    /// Its bytes.
    pub bytes: bytes::Bytes,
}

impl Handshake {
    /// The name of the part: `c0c1`, `c2`, `s0s1`, `s2`.
    pub fn part(&self) -> &'static str {
        match (self.dir, self.step) {
            (Direction::ClientToServer, Step::First { .. }) => "c0c1",
            (Direction::ClientToServer, Step::Second { .. }) => "c2",
            (Direction::ServerToClient, Step::First { .. }) => "s0s1",
            (Direction::ServerToClient, Step::Second { .. }) => "s2",
        }
    }

    /// What follows the version and the two numbers in front: random bytes, digests, or the echo of the other side's.
    pub fn beyond_numbers(&self) -> &[u8] {
        let numbers = if matches!(self.step, Step::First { .. }) { 9 } else { 8 };
        self.bytes.get(numbers..).unwrap_or_default()
    }
}

/// The steps of the handshake, per side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// C0 and C1, or S0 and S1.
    First {
        /// What the sender speaks.
        version: Version,
        /// How the packet was made.
        form: Form,
    },
    /// C2 or S2.
    Second {
        /// How it answers the other side's packet; `None` when that was not captured.
        echo: Option<Echo>,
    },
}

/// Bytes of a direction that could not be decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// The session.
    pub session: u32,
    /// The direction.
    pub dir: Direction,
    /// When decoding went on, or was given up.
    pub time: Time,
    /// The packet at which it was.
    pub packet: u64,
    /// Offset of the first byte that is missing or not decoded.
    pub at: u64,
    /// Bytes that were never captured.
    pub missing: u64,
    /// Bytes that were captured and not decoded.
    pub skipped: u64,
    /// Messages that were cut by it.
    pub lost_messages: u32,
    /// What the decoder did.
    pub action: GapAction,
    /// Why, in words.
    pub why: &'static str,
}

/// What a decoder does at a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapAction {
    /// The gap lies within the payload of one chunk: the next header is where it has to be.
    Continued,
    /// The next message was found again.
    Resync {
        /// The chunk size that it believed in.
        chunk_size: u32,
        /// Bits of evidence for the place: chance would make this mistake once in 2^bits offsets.
        confidence_bits: u32,
    },
    /// The rest of the direction is not decoded.
    Stopped,
}

impl GapAction {
    /// The word used in events.
    pub fn name(self) -> &'static str {
        match self {
            GapAction::Continued => "continued",
            GapAction::Resync { .. } => "resync",
            GapAction::Stopped => "stopped",
        }
    }
}

/// Something about the traffic that people should know.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The session.
    pub session: u32,
    /// The direction that it is about.
    pub dir: Direction,
    /// When it was noticed.
    pub time: Time,
    /// The message that it is about, when that is known.
    pub seq: Option<u64>,
    /// Offset in the stream of the direction.
    pub at: u64,
    /// Which rule.
    pub rule: Rule,
    /// In words.
    pub text: String,
}

/// A stable name for a kind of finding, and how bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// The name.
    pub id: &'static str,
    /// How bad it is.
    pub level: Level,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing.
    Info,
    /// May trouble some peers.
    Warning,
    /// Breaks the session or the specification.
    Error,
}

impl Level {
    /// The word used in events.
    pub fn name(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// A session ended, or the capture did.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    /// The session.
    pub session: u32,
    /// When the last packet of the session was captured.
    pub time: Time,
    /// How the connection ended.
    pub how: Ending,
    /// Who ended it; `None` when nobody did.
    pub by: Option<Direction>,
    /// What became of it, in one line.
    pub verdict: String,
    /// Messages decoded.
    pub messages: u64,
    /// Length of the byte stream, by direction.
    pub bytes: Bytes2,
    /// Bytes of it that were not captured, by direction.
    pub missing: Bytes2,
}
