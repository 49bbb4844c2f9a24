//! The packet types: what a message carries. Unknown numbers are kept.

use super::{Packet, f};
use crate::field::Field;

/// What an Enhanced RTMP video message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VideoPacket(pub u8);

/// What an Enhanced RTMP audio message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AudioPacket(pub u8);

impl VideoPacket {
    /// The decoder configuration record.
    pub const SEQUENCE_START: VideoPacket = VideoPacket(0);
    /// A picture, for some codecs behind a composition time.
    pub const CODED_FRAMES: VideoPacket = VideoPacket(1);
    /// The sequence ends.
    pub const SEQUENCE_END: VideoPacket = VideoPacket(2);
    /// A picture whose composition time is 0.
    pub const CODED_FRAMES_X: VideoPacket = VideoPacket(3);
    /// Facts about the pictures that follow, such as their colours.
    pub const METADATA: VideoPacket = VideoPacket(4);
    /// The decoder configuration in the form of MPEG-2 TS.
    pub const MPEG2TS_SEQUENCE_START: VideoPacket = VideoPacket(5);
    /// A multitrack byte with the packet type follows.
    pub const MULTITRACK: VideoPacket = VideoPacket(6);
    /// A modifier and then the packet type follow.
    pub const MOD_EX: VideoPacket = VideoPacket(7);

    /// The name for people.
    pub fn name(self) -> Option<&'static str> {
        VIDEO.get(usize::from(self.0)).map(|p| p.1)
    }

    /// The name as a JSON word.
    pub fn word(self) -> Option<&'static str> {
        VIDEO.get(usize::from(self.0)).map(|p| p.0)
    }

    /// True for pictures.
    pub fn is_coded(self) -> bool {
        matches!(self, VideoPacket::CODED_FRAMES | VideoPacket::CODED_FRAMES_X)
    }

    /// True for the decoder configuration.
    pub fn is_configuration(self) -> bool {
        matches!(self, VideoPacket::SEQUENCE_START | VideoPacket::MPEG2TS_SEQUENCE_START)
    }
}

impl AudioPacket {
    /// The decoder configuration.
    pub const SEQUENCE_START: AudioPacket = AudioPacket(0);
    /// Sound.
    pub const CODED_FRAMES: AudioPacket = AudioPacket(1);
    /// The sequence ends.
    pub const SEQUENCE_END: AudioPacket = AudioPacket(2);
    /// Which channel is for which speaker.
    pub const MULTICHANNEL_CONFIG: AudioPacket = AudioPacket(4);
    /// A multitrack byte with the packet type follows.
    pub const MULTITRACK: AudioPacket = AudioPacket(5);
    /// A modifier and then the packet type follow.
    pub const MOD_EX: AudioPacket = AudioPacket(7);

    /// The name for people.
    pub fn name(self) -> Option<&'static str> {
        AUDIO.get(usize::from(self.0)).map(|p| p.1).filter(|name| !name.is_empty())
    }

    /// The name as a JSON word.
    pub fn word(self) -> Option<&'static str> {
        AUDIO.get(usize::from(self.0)).map(|p| p.0).filter(|word| !word.is_empty())
    }
}

impl Packet for VideoPacket {
    const FIELD: &'static Field = &f::VIDEO_PACKET;
    const TRACKS_FIELD: &'static Field = &f::VIDEO_TRACKS_PACKET;
    const MULTITRACK: VideoPacket = VideoPacket::MULTITRACK;
    const MOD_EX: VideoPacket = VideoPacket::MOD_EX;

    fn new(number: u64) -> VideoPacket {
        VideoPacket(number as u8)
    }

    fn is_reserved(self) -> bool {
        self.word().is_none()
    }
}

impl Packet for AudioPacket {
    const FIELD: &'static Field = &f::AUDIO_PACKET;
    const TRACKS_FIELD: &'static Field = &f::AUDIO_TRACKS_PACKET;
    const MULTITRACK: AudioPacket = AudioPacket::MULTITRACK;
    const MOD_EX: AudioPacket = AudioPacket::MOD_EX;

    fn new(number: u64) -> AudioPacket {
        AudioPacket(number as u8)
    }

    fn is_reserved(self) -> bool {
        self.word().is_none()
    }
}

/// Word for JSON and name for people, by video packet type.
const VIDEO: [(&str, &str); 8] = [
    ("sequence_start", "sequence start: the decoder configuration"),
    ("coded_frames", "coded frames"),
    ("sequence_end", "end of sequence"),
    ("coded_frames_x", "coded frames without composition time"),
    ("metadata", "colour metadata"),
    ("mpeg2ts_sequence_start", "sequence start as in MPEG-2 TS: the decoder configuration"),
    ("multitrack", "multitrack"),
    ("mod_ex", "ModEx: a modifier"),
];

/// Word for JSON and name for people, by audio packet type; empty where the number is reserved.
const AUDIO: [(&str, &str); 8] = [
    ("sequence_start", "sequence start: the decoder configuration"),
    ("coded_frames", "coded frames"),
    ("sequence_end", "end of sequence"),
    ("", ""),
    ("multichannel_config", "channel layout"),
    ("multitrack", "multitrack"),
    ("", ""),
    ("mod_ex", "ModEx: a modifier"),
];

pub(super) fn video_name(packet: u64) -> Option<&'static str> {
    VideoPacket::new(packet).name()
}

pub(super) fn audio_name(packet: u64) -> Option<&'static str> {
    AudioPacket::new(packet).name()
}
