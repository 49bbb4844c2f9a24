//! What a capture or an export tells, in the one form that the canonical form is made from.

use crate::stream::Direction;
use crate::time::Span;
use crate::wire::command::Command;
use crate::wire::data::Data;
use crate::wire::value::Amf;

mod record;

/// One observation, in the order in which things happened.
#[derive(Debug)]
pub enum Observed<'a> {
    /// A session began.
    Opened {
        /// Its number.
        session: u32,
        /// When.
        time: Span,
        /// The beginning was not captured.
        late: bool,
    },
    /// One side's handshake packet.
    Handshake {
        /// The session.
        session: u32,
        /// Who sent it.
        dir: Direction,
        /// When.
        time: Span,
        /// `c0c1`, `c2`, `s0s1`, `s2`.
        part: &'a str,
        /// What is said of it: version, form, echo, size.
        body: Amf,
        /// All its fields, where they are known.
        fields: Option<Vec<(String, String)>>,
        /// 64 bits of the SHA-256 of what follows its numbers, where that is known: random bytes, digests, the echo.
        hash: Option<Box<str>>,
    },
    /// A message.
    Message(Message<'a>),
    /// Bytes of a direction are missing here.
    Gap {
        /// The session.
        session: u32,
        /// The direction.
        dir: Direction,
    },
    /// A session ended.
    Closed {
        /// The session.
        session: u32,
        /// The capture ended first.
        unfinished: bool,
    },
}

impl Observed<'_> {
    /// The session that it is about.
    pub fn session(&self) -> u32 {
        match self {
            Observed::Opened { session, .. }
            | Observed::Handshake { session, .. }
            | Observed::Gap { session, .. }
            | Observed::Closed { session, .. } => *session,
            Observed::Message(message) => message.session,
        }
    }
}

/// A message.
#[derive(Debug)]
pub struct Message<'a> {
    /// The session.
    pub session: u32,
    /// Its number in the session.
    pub seq: u64,
    /// Who sent it.
    pub dir: Direction,
    /// When its last byte was captured.
    pub time: Span,
    /// The absolute RTMP timestamp in milliseconds without wraps, where it is known.
    pub timestamp: Option<u64>,
    /// The message stream, where it is known.
    pub stream_id: Option<u32>,
    /// Chunk stream of the first chunk.
    pub csid: u32,
    /// Header form of the first chunk.
    pub fmt: u8,
    /// Number of chunks.
    pub chunks: u32,
    /// Length of the body.
    pub length: u32,
    /// Bytes of it are missing.
    pub partial: bool,
    /// It is a part of an aggregate.
    pub within: bool,
    /// The call that it answers, and how long that took.
    pub reply_to: Option<(u64, Span)>,
    /// 64 bits of its body's SHA-256, where they are known.
    pub hash: Option<Box<str>>,
    /// What it says.
    pub says: Says<'a>,
}

/// What a message says.
#[derive(Debug)]
pub enum Says<'a> {
    /// Sound or a picture.
    Media(Media<'a>),
    /// A control message or user control event, as an object with the names that events use.
    Control(Amf),
    /// A user control event.
    UserControl(Amf),
    /// A command or a reply, its values as events write them.
    Command(Command),
    /// Values for a handler, as events write them.
    Data(Data),
    /// A shared object.
    SharedObject(Amf),
    /// Several messages in one; they follow on their own.
    Aggregate,
    /// Anything else, by its type number.
    Unknown(u8),
}

/// The header of an audio or video message.
#[derive(Clone, Debug, Default)]
pub struct Media<'a> {
    /// A picture, as opposed to sound.
    pub video: bool,
    /// The codec.
    pub codec: Option<&'a str>,
    /// With a header of Enhanced RTMP.
    pub enhanced: bool,
    /// What it carries; none for codecs without kinds of packets.
    pub packet: Option<&'a str>,
    /// A picture from which decoding can start.
    pub keyframe: bool,
    /// Presentation minus decoding time.
    pub composition_ms: Option<i64>,
    /// The track, where one is named.
    pub track: Option<u64>,
    /// Samples a second, bits of a sample and channels, where the header is the one to say it.
    pub format: Option<[u64; 3]>,
    /// The decoder configuration.
    pub config: Option<Config>,
}

/// A decoder configuration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// What is said of it in a few members: profile, size, rate ...
    pub facts: Vec<(Box<str>, Amf)>,
    /// Every field with its place in the record, where they are known.
    pub fields: Option<Vec<(String, String)>>,
}

impl Media<'_> {
    /// Does the message carry sound or a picture, as opposed to what configures or ends them?
    pub fn is_frame(&self) -> bool {
        matches!(self.packet, None | Some("coded_frames" | "coded_frames_x" | "raw" | "multitrack"))
    }
}

/// What stands for the hash of a body of which bytes are missing.
pub(crate) const PARTIAL: &str = "partial";

/// The name of the n-th of several siblings that are called alike.
pub(crate) fn repeated(name: &str, count: u32) -> String {
    if count > 1 { format!("{name}[{count}]") } else { name.to_owned() }
}

/// What a field says: its meaning in front, where it has one.
pub(crate) fn labelled(value: &str, label: Option<&str>) -> String {
    match label {
        Some(label) if label != value => format!("{label} ({value})"),
        _ => value.to_owned(),
    }
}
