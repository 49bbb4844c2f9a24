//! The canonical form: what of a session does not change from run to run.

use std::fmt;
use std::str::FromStr;

use crate::stream::Direction;
use crate::wire::value::Amf;

mod frames;
mod gather;
mod lane;
mod text;

pub use gather::{Gather, Lacking};

/// The canonical form of a capture, an export or a golden file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Canonical {
    /// What was kept beyond the default.
    pub strict: Strict,
    /// Its sessions, in the order of first bytes.
    pub sessions: Vec<Session>,
}

/// One session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Session {
    /// Its number in the input.
    pub number: u32,
    /// What the client came for.
    pub role: Role,
    /// The application, without secrets.
    pub app: Option<String>,
    /// What stands for the stream's name.
    pub stream: Option<String>,
    /// The beginning was not captured.
    pub late: bool,
    /// The end was not captured.
    pub unfinished: bool,
    /// Times from request to answer and the like, in milliseconds.
    pub startup: Vec<Measure>,
    /// Lanes in the order of their names.
    pub lanes: Vec<Lane>,
    /// The line of a golden file.
    pub line: u32,
}

impl Session {
    /// Was anything of this direction captured?
    pub fn hears(&self, dir: Direction) -> bool {
        self.lanes.iter().any(|lane| lane.name.dir == dir && !(lane.items.is_empty() && lane.measures.is_empty()))
    }
}

/// What a client came for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It sent no stream and asked for none.
    #[default]
    Other,
    /// It sent a stream.
    Publish,
    /// It asked for a stream.
    Play,
    /// Both.
    Both,
}

impl Role {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Other => "connect",
            Role::Publish => "publish",
            Role::Play => "play",
            Role::Both => "publish+play",
        }
    }

    /// The role with this word.
    pub fn of(name: &str) -> Option<Role> {
        [Role::Other, Role::Publish, Role::Play, Role::Both].into_iter().find(|role| role.name() == name)
    }
}

/// Messages of one kind in one direction: their order is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// Which one.
    pub name: LaneName,
    /// What happened, in order.
    pub items: Vec<Item>,
    /// Bytes were lost behind the last item.
    pub gap_after: bool,
    /// Bytes of this direction were lost somewhere.
    pub gaps: bool,
    /// What was measured.
    pub measures: Vec<Measure>,
    /// The line of a golden file.
    pub line: u32,
}

/// The name of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneName {
    /// What it carries.
    pub kind: LaneKind,
    /// Who sends it.
    pub dir: Direction,
    /// The track, for sound and pictures.
    pub track: u64,
}

/// What a lane carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LaneKind {
    /// Handshake, control messages, user control events, commands.
    Control,
    /// Data messages and shared objects.
    Data,
    /// Sound.
    Audio,
    /// Pictures.
    Video,
}

impl LaneKind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            LaneKind::Control => "control",
            LaneKind::Data => "data",
            LaneKind::Audio => "audio",
            LaneKind::Video => "video",
        }
    }

    /// Does it carry sound or pictures?
    pub fn is_media(self) -> bool {
        matches!(self, LaneKind::Audio | LaneKind::Video)
    }
}

impl fmt::Display for LaneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.dir.name(), self.kind.name())?;
        if self.track > 0 {
            write!(f, "[{}]", self.track)?;
        }
        Ok(())
    }
}

impl FromStr for LaneName {
    type Err = ();

    fn from_str(text: &str) -> Result<LaneName, ()> {
        let (dir, rest) = text.split_once(' ').ok_or(())?;
        let dir = Direction::BOTH.into_iter().find(|d| d.name() == dir).ok_or(())?;
        let (kind, track) = match rest.split_once('[') {
            Some((kind, track)) => (kind, track.strip_suffix(']').and_then(|n| n.parse().ok()).ok_or(())?),
            None => (rest, 0),
        };
        let kinds = [LaneKind::Control, LaneKind::Data, LaneKind::Audio, LaneKind::Video];
        let kind = kinds.into_iter().find(|k| k.name() == kind).ok_or(())?;
        Ok(LaneName { kind, dir, track })
    }
}

/// Something that happened in a lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// What it is: the name of a command, an operation, a handler ...
    pub what: Box<str>,
    /// What it says.
    pub body: Vec<(Box<str>, Amf)>,
    /// How often it happened in a row.
    pub times: u64,
    /// Bytes were lost in front of it.
    pub after_gap: bool,
    /// The number of its (first) message.
    pub seq: Option<u64>,
    /// Its keys as they came, told apart by a hash.
    pub order: Option<u64>,
    /// The line of a golden file.
    pub line: u32,
}

/// Something that was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// What.
    pub name: Box<str>,
    /// How much: a number, a text, or a list of them.
    pub value: Amf,
}

/// What the canonical form keeps although it may change from run to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strict {
    /// Every field of the handshake.
    pub handshake: bool,
    /// Chunk streams, header forms and numbers of chunks.
    pub chunks: bool,
    /// Transaction and message stream ids as they were.
    pub ids: bool,
    /// RTMP timestamps as they were.
    pub ts: bool,
    /// The order of keys.
    pub amf_order: bool,
    /// Hosts, descriptions, client ids, and a hash of secrets.
    pub text: bool,
    /// What goes into these hashes besides the secret; none until it is made of the capture.
    pub salt: Option<Salt>,
    /// What of media payload.
    pub media: MediaStrict,
}

/// What the hashes of a canonical form are salted with: 16 bytes as hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salt([u8; 16]);

impl Salt {
    /// The first bytes of what a form was made from, hashed.
    pub fn of(hash: &[u8]) -> Salt {
        Salt(hash.first_chunk().copied().unwrap_or_default())
    }

    /// What goes into a hash.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Salt {
    type Err = ();

    fn from_str(text: &str) -> Result<Salt, ()> {
        let number = u128::from_str_radix(text, 16).map_err(drop)?;
        if text.len() == 32 { Ok(Salt(number.to_be_bytes())) } else { Err(()) }
    }
}

/// What the canonical form keeps of media payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum MediaStrict {
    /// Their number, timing and distribution of sizes.
    #[default]
    Summary,
    /// Every size.
    Sizes,
    /// Every size and a hash of every payload.
    Hash,
}

impl Strict {
    /// The switches, as they are typed.
    pub const SWITCHES: [&'static str; 8] = [
        "handshake=full",
        "chunks=exact",
        "ids=exact",
        "ts=exact",
        "amf.order=exact",
        "text=exact",
        "media=sizes",
        "media=hash",
    ];

    /// Turns on a switch.
    pub fn set(&mut self, switch: &str) -> Result<(), String> {
        match switch {
            "handshake=full" => self.handshake = true,
            "chunks=exact" => self.chunks = true,
            "ids=exact" => self.ids = true,
            "ts=exact" => self.ts = true,
            "amf.order=exact" => self.amf_order = true,
            "text=exact" => self.text = true,
            "media=sizes" => self.media = self.media.max(MediaStrict::Sizes),
            "media=hash" => self.media = MediaStrict::Hash,
            other => return Err(format!("{other} is no switch; there are {}", Strict::SWITCHES.join(", "))),
        }
        Ok(())
    }

    /// Must bodies and handshakes be hashed for it?
    pub fn hashes(self) -> bool {
        self.handshake || self.text || self.media == MediaStrict::Hash
    }

    /// The switches that are on.
    pub fn switches(self) -> Vec<&'static str> {
        let on = [
            self.handshake,
            self.chunks,
            self.ids,
            self.ts,
            self.amf_order,
            self.text,
            self.media == MediaStrict::Sizes,
            self.media == MediaStrict::Hash,
        ];
        Strict::SWITCHES.into_iter().zip(on).filter(|(_, on)| *on).map(|(name, _)| name).collect()
    }
}
