//! Code points that many structures share, as open newtypes: an unknown number is kept, never refused.

use std::fmt;

/// The type of a message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageType(pub u8);

impl MessageType {
    /// Set Chunk Size.
    pub const SET_CHUNK_SIZE: MessageType = MessageType(1);
    /// Abort Message.
    pub const ABORT: MessageType = MessageType(2);
    /// Acknowledgement.
    pub const ACKNOWLEDGEMENT: MessageType = MessageType(3);
    /// User Control.
    pub const USER_CONTROL: MessageType = MessageType(4);
    /// Window Acknowledgement Size.
    pub const WINDOW_ACK_SIZE: MessageType = MessageType(5);
    /// Set Peer Bandwidth.
    pub const SET_PEER_BANDWIDTH: MessageType = MessageType(6);
    /// Audio.
    pub const AUDIO: MessageType = MessageType(8);
    /// Video.
    pub const VIDEO: MessageType = MessageType(9);
    /// Data with a leading format byte (AMF3 era).
    pub const DATA_AMF3: MessageType = MessageType(15);
    /// Shared object with a leading format byte.
    pub const SHARED_OBJECT_AMF3: MessageType = MessageType(16);
    /// Command with a leading format byte.
    pub const COMMAND_AMF3: MessageType = MessageType(17);
    /// Data.
    pub const DATA: MessageType = MessageType(18);
    /// Shared object.
    pub const SHARED_OBJECT: MessageType = MessageType(19);
    /// Command.
    pub const COMMAND: MessageType = MessageType(20);
    /// Aggregate.
    pub const AGGREGATE: MessageType = MessageType(22);

    /// The specification's name, or the folklore name where the specification has none.
    pub fn name(self) -> Option<&'static str> {
        message_type_name(u64::from(self.0))
    }

    /// The kind of message in one word, as the `kind` of an event.
    pub fn kind(self) -> Kind {
        match self.0 {
            1 | 2 | 3 | 5 | 6 => Kind::Control,
            4 => Kind::UserControl,
            8 => Kind::Audio,
            9 => Kind::Video,
            15 | 18 => Kind::Data,
            16 | 19 => Kind::SharedObject,
            17 | 20 => Kind::Command,
            22 => Kind::Aggregate,
            _ => Kind::Unknown,
        }
    }
}

impl fmt::Debug for MessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.0, self.name().unwrap_or("unknown"))
    }
}

/// The name of a message type.
pub fn message_type_name(id: u64) -> Option<&'static str> {
    Some(match id {
        1 => "Set Chunk Size",
        2 => "Abort Message",
        3 => "Acknowledgement",
        4 => "User Control",
        5 => "Window Acknowledgement Size",
        6 => "Set Peer Bandwidth",
        7 => "Virtual Control (folklore name)",
        8 => "Audio",
        9 => "Video",
        15 => "Data (AMF3)",
        16 => "Shared Object (AMF3)",
        17 => "Command (AMF3)",
        18 => "Data (AMF0)",
        19 => "Shared Object (AMF0)",
        20 => "Command (AMF0)",
        21 => "UDP (folklore name)",
        22 => "Aggregate",
        23 => "Present (folklore name)",
        _ => return None,
    })
}

/// What a message is about, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Types 1, 2, 3, 5, 6.
    Control,
    /// Type 4.
    UserControl,
    /// Types 17, 20.
    Command,
    /// Types 15, 18.
    Data,
    /// Types 16, 19.
    SharedObject,
    /// Type 8.
    Audio,
    /// Type 9.
    Video,
    /// Type 22.
    Aggregate,
    /// Every other type.
    Unknown,
}

impl Kind {
    /// The word used in events, columns and filters.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Control => "control",
            Kind::UserControl => "user_control",
            Kind::Command => "command",
            Kind::Data => "data",
            Kind::SharedObject => "shared_object",
            Kind::Audio => "audio",
            Kind::Video => "video",
            Kind::Aggregate => "aggregate",
            Kind::Unknown => "unknown",
        }
    }

    /// Audio and video are bulk that is counted, not kept. An aggregate is kept: it holds messages of any kind.
    pub fn is_media(self) -> bool {
        matches!(self, Kind::Audio | Kind::Video)
    }
}
