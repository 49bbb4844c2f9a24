//! Code points that many structures share, as open newtypes: an unknown number is kept, never refused.

use std::fmt;

/// The type of a message.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// The name of a message type, and the names that early reverse engineering and other programs gave it.
pub fn message_type_names(id: u64) -> Option<(&'static str, Option<&'static str>)> {
    let also = match id {
        1 => "Set Packet Size",
        2 => "Abort",
        3 => "Bytes Read Report",
        4 => "Ping, Control",
        5 => "Server Bandwidth",
        6 => "Client Bandwidth",
        7 => "Edge, Origin",
        15 => "Data Extended, Flex Stream Send",
        16 => "Container Extended, Flex Shared Object",
        17 => "Command Extended, Flex Message",
        18 => "Info, Notify",
        19 => "Container",
        20 => "Invoke",
        22 => "Flash Video, Metadata",
        _ => "",
    };
    message_type_name(id).map(|name| (name, Some(also).filter(|also| !also.is_empty())))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_old_documents_carry_every_name() {
        let also = |id| message_type_names(id).and_then(|(_, also)| also);
        assert_eq!(also(0x0f), Some("Data Extended, Flex Stream Send"));
        assert_eq!(also(0x10), Some("Container Extended, Flex Shared Object"));
        assert_eq!(also(0x11), Some("Command Extended, Flex Message"));
        for (id, name) in [(0x07, "Virtual Control"), (0x15, "UDP"), (0x17, "Present")] {
            assert_eq!(MessageType(id).name(), Some(format!("{name} (folklore name)").as_str()));
        }
        assert_eq!((message_type_names(0x0a), message_type_names(0x18)), (None, None));
    }
}
