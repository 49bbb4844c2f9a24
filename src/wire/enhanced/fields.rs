//! The field table of Enhanced RTMP headers.

use super::mod_ex::type_name;
use super::packet::{audio_name, video_name};
use super::tracks::form_name;
use crate::field::{Content, Field, Unit, fields};
use crate::wire::fourcc::FourCc;

fn codec_name(code: &[u8]) -> Option<&'static str> {
    FourCc(*code.first_chunk()?).name()
}

/// Fields of Enhanced RTMP headers.
pub mod f {
    use super::*;
    fields! {
        /// Mark of an enhanced video header.
        ENHANCED = Field::new("enhanced", "1 marks an Enhanced RTMP header");
        /// Video packet type.
        VIDEO_PACKET = Field::new("video_packet_type", "what the message carries").numbers(video_name);
        /// Audio packet type.
        AUDIO_PACKET = Field::new("audio_packet_type", "what the message carries").numbers(audio_name);
        /// A modifier.
        MOD_EX = Field::new("mod_ex", "a modifier in front of the packet type");
        /// Size of a modifier's data.
        MOD_EX_SIZE = Field::new("mod_ex_size", "bytes of the modifier's data, minus 1; 255: the size follows in two bytes");
        /// Long size of a modifier's data.
        MOD_EX_LONG_SIZE = Field::new("mod_ex_long_size", "bytes of the modifier's data, minus 1");
        /// Nanoseconds.
        NANO_OFFSET = Field::new("timestamp_offset_nano", "nanoseconds to add to the timestamp of this message");
        /// Data of a modifier.
        MOD_EX_DATA = Field::new("mod_ex_data", "data of a modifier without public description").content(Content::Undescribed);
        /// Type of a modifier.
        MOD_EX_TYPE = Field::new("mod_ex_type", "what the modifier's data means").numbers(type_name);
        /// Form of multitrack.
        MULTITRACK = Field::new("multitrack_type", "how many tracks and codecs the message carries").numbers(form_name);
        /// Video packet type of the tracks.
        VIDEO_TRACKS_PACKET = Field::new("tracks_video_packet_type", "what each track carries").numbers(video_name);
        /// Audio packet type of the tracks.
        AUDIO_TRACKS_PACKET = Field::new("tracks_audio_packet_type", "what each track carries").numbers(audio_name);
        /// FourCC.
        FOURCC = Field::new("fourcc", "the codec, in four characters").texts(codec_name);
        /// A track.
        TRACK = Field::new("track", "the part of the message that belongs to one track");
        /// Track id.
        TRACK_ID = Field::new("track_id", "which track; 0 is the default track");
        /// Size of a track's body.
        TRACK_SIZE = Field::new("track_size", "length of the track's body").unit(Unit::Bytes);
        /// Decoder configuration.
        CODEC_CONFIG = Field::new("codec_config", "the decoder configuration").content(Content::Undescribed);
        /// Pictures or sound.
        PAYLOAD = Field::new("payload", "the picture or the sound").content(Content::Media);
        /// Body without description.
        RESERVED_BODY = Field::new("reserved_body", "body of a packet type without public description").content(Content::Undescribed);
    }
}
