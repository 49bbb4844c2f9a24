//! What a difference is about, told by where it stands; and what it explains.

use crate::diff::canonical::LaneKind;

/// What a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// A session that one side does not have.
    Session,
    /// What the client came for, the application.
    Purpose,
    /// A lane that one side does not have.
    Lane,
    /// The codec.
    Codec,
    /// Samples a second.
    SampleRate,
    /// Channels.
    Channels,
    /// Size of the picture.
    Resolution,
    /// Pictures or frames of sound a second.
    Rate,
    /// Distance of key frames.
    Gop,
    /// Pictures that are sent in another order than they are shown.
    Reordering,
    /// Profile, level, chroma, depth.
    Profile,
    /// A message that one side does not have.
    Presence,
    /// A message that both sides have, in another place.
    Order,
    /// Chunk size.
    ChunkSize,
    /// A value in a message.
    Value,
    /// How often a message comes in a row.
    Times,
    /// Jumps of timestamps.
    Timing,
    /// How long.
    Duration,
    /// Where a lane begins.
    Start,
    /// Any other field of the decoder configuration.
    Configuration,
    /// The header: legacy or Enhanced RTMP.
    Header,
    /// The bit rate.
    Bitrate,
    /// Sizes of frames.
    Sizes,
    /// Payload, byte for byte.
    Payload,
    /// When something was reached.
    Startup,
    /// Acknowledgements, pings.
    Upkeep,
    /// The order of keys: does not count.
    KeyOrder,
    /// What could not be compared: does not count.
    NotCompared,
}

impl Topic {
    /// What a value is about; `path` begins with the item or measure.
    pub(super) fn of(kind: LaneKind, path: &[&str]) -> Topic {
        match (kind, path) {
            (LaneKind::Control, ["set_chunk_size", "value"]) => Topic::ChunkSize,
            (LaneKind::Control | LaneKind::Data, [name]) => match *name {
                "item_ms" => Topic::Timing,
                _ => Topic::Upkeep,
            },
            (LaneKind::Data, ["onMetaData" | "@setDataFrame onMetaData", key, ..]) => Topic::of_metadata(key),
            (LaneKind::Control | LaneKind::Data, _) => Topic::Value,
            (_, ["format", "codec"]) => Topic::Codec,
            (_, ["format", "header"]) => Topic::Header,
            (_, ["format" | "configuration", "rate"]) => Topic::SampleRate,
            (_, ["format" | "configuration", "channels"]) => Topic::Channels,
            (_, ["configuration", "width" | "height"]) => Topic::Resolution,
            (_, ["configuration", "fps"]) => Topic::Rate,
            (_, ["configuration", "profile" | "level" | "chroma" | "bit_depth" | "bits"]) => Topic::Profile,
            (_, ["configuration", ..]) | (_, ["repeats_configuration"]) => Topic::Configuration,
            (_, [measure]) => match *measure {
                "fps" | "frames_per_second" => Topic::Rate,
                "gop" | "open_gop" | "keyframes" => Topic::Gop,
                "reordered" | "composition_ms" => Topic::Reordering,
                "kbps" => Topic::Bitrate,
                "key_bytes" | "frame_bytes" => Topic::Sizes,
                "frames" | "duration_ms" => Topic::Duration,
                "start_ms" => Topic::Start,
                "timing" | "timestamps" => Topic::Timing,
                "stream" => Topic::Value,
                _ => Topic::Payload,
            },
            _ => Topic::Value,
        }
    }

    /// What a member of onMetaData announces.
    fn of_metadata(key: &str) -> Topic {
        match key {
            "width" | "height" => Topic::Resolution,
            "framerate" | "videoframerate" => Topic::Rate,
            "videocodecid" | "audiocodecid" => Topic::Codec,
            "audiosamplerate" => Topic::SampleRate,
            "audiochannels" | "stereo" | "2.1" | "3.1" | "4.0" | "4.1" | "5.1" | "7.1" => Topic::Channels,
            "avcprofile" | "avclevel" | "aacaot" | "audiosamplesize" => Topic::Profile,
            "videodatarate" | "audiodatarate" => Topic::Bitrate,
            "duration" | "filesize" | "fileSize" => Topic::Duration,
            "videokeyframe_frequency" => Topic::Gop,
            _ => Topic::Value,
        }
    }

    /// The medium that a member of onMetaData is about.
    pub(super) fn medium(key: &str) -> Option<LaneKind> {
        match key {
            "stereo" | "aacaot" | "2.1" | "3.1" | "4.0" | "4.1" | "5.1" | "7.1" => Some(LaneKind::Audio),
            key if key.starts_with("audio") => Some(LaneKind::Audio),
            "width" | "height" | "framerate" | "avcprofile" | "avclevel" => Some(LaneKind::Video),
            key if key.starts_with("video") => Some(LaneKind::Video),
            _ => None,
        }
    }

    /// What follows from a difference about this, in the same medium: it needs no line of its own.
    pub(super) fn explains(self, other: Topic) -> bool {
        use Topic::*;
        match self {
            Lane => true,
            Codec => matches!(
                other,
                Header
                    | Profile
                    | Configuration
                    | Bitrate
                    | Sizes
                    | Reordering
                    | Timing
                    | Start
                    | Presence
                    | Value
                    | Payload
            ),
            Resolution => matches!(other, Profile | Configuration | Bitrate | Sizes | Payload),
            Rate => matches!(
                other,
                Profile | Configuration | Bitrate | Sizes | Start | Timing | Duration | Reordering | Payload
            ),
            Gop => matches!(other, Configuration | Bitrate | Sizes | Payload),
            Reordering => matches!(other, Profile | Configuration | Bitrate | Sizes | Start | Timing | Payload),
            SampleRate | Channels => matches!(
                other,
                Rate | Profile | Configuration | Bitrate | Sizes | Start | Timing | Duration | Payload | Presence
            ),
            Profile => matches!(other, Configuration | Bitrate | Sizes | Payload | Reordering),
            Configuration => matches!(other, Bitrate | Sizes | Payload),
            Bitrate => matches!(other, Sizes | Payload),
            Sizes | Timing => other == Payload,
            Duration => matches!(other, Timing | Gop),
            _ => false,
        }
    }
}
