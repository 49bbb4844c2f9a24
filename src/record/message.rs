//! A message, as it leaves the engine.

use bytes::Bytes;

use super::origin::{Carrier, Part};
use super::session::Packets;
use crate::stream::Direction;
use crate::time::{Span, Time};
use crate::wire::body::{self, Context};
use crate::wire::code::MessageType;

/// A message with its meaning and its origin.
#[derive(Clone, Debug)]
pub struct Message {
    /// The session.
    pub session: u32,
    /// Its number in the session, from 1, in the order of last bytes.
    pub seq: u64,
    /// Who sent it.
    pub dir: Direction,
    /// When its last byte was captured.
    pub time: Time,
    /// When its first byte was captured.
    pub began: Time,
    /// What the chunk headers said.
    pub head: Head,
    /// Offsets in the stream of its direction, from the first header byte to the end; those of the body only for a part
    /// of an aggregate.
    pub span: (u64, u64),
    /// First and last packet.
    pub packets: Packets,
    /// Number of chunks; 0 for a part of an aggregate, whose bytes travelled in the chunks of the aggregate.
    pub chunks: u32,
    /// The bytes of the body that were kept.
    pub body: Body,
    /// Bytes that arrived, when the message is not complete.
    pub partial: Option<u32>,
    /// The message was found again after lost bytes.
    pub recovered: Option<Recovered>,
    /// Its chunks one by one, when they were asked for.
    pub parts: Vec<Part>,
    /// The packets between its first and its last byte, when they were asked for.
    pub carriers: Vec<Carrier>,
    /// What the body says.
    pub meaning: body::Body,
    /// What explaining the body again needs to know.
    pub context: Context,
    /// The call's side of a transaction.
    pub call: Option<Call>,
    /// The value that was in force before, for control messages that set one.
    pub replaces: Option<u32>,
    /// The message is the reply to this earlier one.
    pub reply_to: Option<Reply>,
    /// The message is a part of the aggregate with this number.
    pub within: Option<u64>,
}

/// What the chunk headers said about a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Chunk stream id.
    pub csid: u32,
    /// Form of the first chunk's header.
    pub fmt: u8,
    /// Type.
    pub message_type: MessageType,
    /// Message stream id.
    pub stream_id: u32,
    /// Absolute timestamp in milliseconds, modulo 2^32.
    pub timestamp: u32,
    /// The timestamp without the wraps at 2^32 that this chunk stream made.
    pub unwrapped: u64,
    /// What was added to the previous timestamp of the chunk stream; `None` for an absolute timestamp.
    pub delta: Option<u32>,
    /// Announced length of the body.
    pub length: u32,
}

/// A message that was found again after lost bytes: which facts of its header can be known all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The absolute timestamp.
    pub timestamp: bool,
    /// The message stream.
    pub stream_id: bool,
}

/// A call of which the reply is known or still expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A reply may still come.
    Waiting,
    /// The reply.
    Answered(Reply),
}

/// The other half of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The message's number in the session.
    pub seq: u64,
    /// Time between the call and its reply.
    pub after: Span,
}

/// The bytes of a body that were kept. A media payload is counted, not kept, unless somebody asks for it.
#[derive(Clone, Debug)]
pub enum Body {
    /// The first bytes only.
    Head {
        /// Holds the bytes.
        bytes: [u8; Body::HEAD],
        /// How many of them count.
        len: u8,
        /// True where they tell of sound and pictures what the whole body would tell.
        enough: bool,
    },
    /// All bytes that arrived, up to the limit.
    Kept(Bytes),
}

impl Default for Body {
    /// Nothing.
    fn default() -> Body {
        Body::Kept(Bytes::new())
    }
}

impl Body {
    /// How many bytes a head holds: enough for every media header.
    pub const HEAD: usize = 64;

    /// The bytes that were kept.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Body::Head { bytes, len, .. } => bytes.get(..usize::from(*len)).unwrap_or_default(),
            Body::Kept(bytes) => bytes,
        }
    }
}

impl Message {
    /// The absolute timestamp, where it can be known.
    pub fn timestamp(&self) -> Option<u32> {
        self.recovered.is_none_or(|recovered| recovered.timestamp).then_some(self.head.timestamp)
    }

    /// The message stream, where it can be known.
    pub fn stream_id(&self) -> Option<u32> {
        self.recovered.is_none_or(|recovered| recovered.stream_id).then_some(self.head.stream_id)
    }

    /// The name of a command, or the handler of a data message.
    pub fn meaning_name(&self) -> Option<&str> {
        match &self.meaning {
            body::Body::Command(command) => Some(&command.name),
            body::Body::Data(data) => Some(&data.handler),
            _ => None,
        }
    }

    /// Bytes of the body that arrived.
    pub fn arrived(&self) -> u32 {
        self.partial.unwrap_or(self.head.length)
    }

    /// True when all bytes that arrived were kept.
    pub fn body_kept(&self) -> bool {
        self.body.bytes().len() as u64 >= u64::from(self.arrived())
    }

    /// Where a byte of the body is: its offset in the stream of its direction. Needs [`parts`](Self::parts).
    pub fn stream_offset(&self, body_offset: u64) -> Option<u64> {
        let mut before = 0;
        for part in &self.parts {
            let len = u64::from(part.payload_len);
            if body_offset < before + len {
                return Some(part.payload_start() + body_offset - before);
            }
            before += len;
        }
        None
    }

    /// The packet runs that carried the stream bytes from `start` to `end`. Needs [`carriers`](Self::carriers).
    pub fn carriers_of(&self, start: u64, end: u64) -> impl Iterator<Item = Carrier> + '_ {
        self.carriers.iter().filter_map(move |carrier| carrier.clip(start, end))
    }
}
