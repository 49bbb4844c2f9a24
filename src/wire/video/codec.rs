//! The code points of the legacy video header.

use crate::wire::fourcc::FourCc;

/// What kind of picture a message carries; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameType(pub u8);

/// How pictures are coded; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VideoCodec(pub u8);

/// What an AVC message carries; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AvcPacket(pub u8);

impl FrameType {
    /// Key frame.
    pub const KEY: FrameType = FrameType(1);
    /// Inter frame.
    pub const INTER: FrameType = FrameType(2);
    /// Disposable inter frame.
    pub const DISPOSABLE: FrameType = FrameType(3);
    /// Key frame that a server made.
    pub const GENERATED_KEY: FrameType = FrameType(4);
    /// No picture but a command.
    pub const COMMAND: FrameType = FrameType(5);

    /// The name for people.
    pub fn name(self) -> Option<&'static str> {
        frame_name(u64::from(self.0))
    }

    /// The name as a JSON word.
    pub fn word(self) -> Option<&'static str> {
        Some(match self {
            FrameType::KEY => "key",
            FrameType::INTER => "inter",
            FrameType::DISPOSABLE => "disposable",
            FrameType::GENERATED_KEY => "generated_key",
            FrameType::COMMAND => "command",
            _ => return None,
        })
    }

    /// True when decoding can start here.
    pub fn is_key(self) -> bool {
        matches!(self, FrameType::KEY | FrameType::GENERATED_KEY)
    }
}

impl VideoCodec {
    /// The FourCC of the same codec, where its payload has the same layout.
    pub fn fourcc(self) -> Option<FourCc> {
        Some(FourCc(match self {
            VideoCodec::AVC => *b"avc1",
            VideoCodec::HEVC => *b"hvc1",
            VideoCodec::AV1 => *b"av01",
            VideoCodec::VP8 => *b"vp08",
            VideoCodec::VP9 => *b"vp09",
            _ => return None,
        }))
    }

    /// Sorenson H.263.
    pub const SORENSON_H263: VideoCodec = VideoCodec(2);
    /// Screen video.
    pub const SCREEN: VideoCodec = VideoCodec(3);
    /// On2 VP6.
    pub const VP6: VideoCodec = VideoCodec(4);
    /// On2 VP6 with alpha.
    pub const VP6_ALPHA: VideoCodec = VideoCodec(5);
    /// Screen video 2.
    pub const SCREEN_2: VideoCodec = VideoCodec(6);
    /// AVC, also known as H.264.
    pub const AVC: VideoCodec = VideoCodec(7);
    /// HEVC, also known as H.265; ad hoc.
    pub const HEVC: VideoCodec = VideoCodec(12);
    /// AV1; ad hoc.
    pub const AV1: VideoCodec = VideoCodec(13);
    /// VP8; ad hoc.
    pub const VP8: VideoCodec = VideoCodec(14);
    /// VP9; ad hoc.
    pub const VP9: VideoCodec = VideoCodec(15);

    /// The name for people.
    pub fn name(self) -> Option<&'static str> {
        codec_name(u64::from(self.0))
    }

    /// The name as a JSON word.
    pub fn word(self) -> Option<&'static str> {
        CODECS.get(usize::from(self.0)).map(|c| c.0).filter(|word| !word.is_empty())
    }

    /// True when a packet type and a composition time follow: AVC, and the ad hoc numbers that copied its layout.
    pub fn has_avc_layout(self) -> bool {
        matches!(self, VideoCodec::AVC | VideoCodec::HEVC | VideoCodec::AV1 | VideoCodec::VP8 | VideoCodec::VP9)
    }
}

impl AvcPacket {
    /// The decoder configuration record.
    pub const SEQUENCE_HEADER: AvcPacket = AvcPacket(0);
    /// A picture.
    pub const CODED_FRAMES: AvcPacket = AvcPacket(1);
    /// The sequence ends.
    pub const END_OF_SEQUENCE: AvcPacket = AvcPacket(2);

    /// The name for people.
    pub fn name(self) -> Option<&'static str> {
        avc_packet_name(u64::from(self.0))
    }

    /// The name as a JSON word.
    pub fn word(self) -> Option<&'static str> {
        Some(match self {
            AvcPacket::SEQUENCE_HEADER => "sequence_header",
            AvcPacket::CODED_FRAMES => "coded_frames",
            AvcPacket::END_OF_SEQUENCE => "end_of_sequence",
            _ => return None,
        })
    }
}

/// Word for JSON and name for people, by codec id; empty where the number is reserved.
const CODECS: [(&str, &str); 16] = [
    ("", ""),
    ("jpeg", "JPEG (old lists; reserved in FLV)"),
    ("sorenson_h263", "Sorenson H.263"),
    ("screen_video", "Screen video"),
    ("vp6", "On2 VP6"),
    ("vp6_alpha", "On2 VP6 with alpha"),
    ("screen_video_2", "Screen video 2"),
    ("avc", "AVC (H.264)"),
    ("h263", "H.263 (ad hoc)"),
    ("mpeg4", "MPEG-4 part 2 (ad hoc)"),
    ("", ""),
    ("", ""),
    ("hevc", "HEVC (H.265, ad hoc)"),
    ("av1", "AV1 (ad hoc)"),
    ("vp8", "VP8 (ad hoc)"),
    ("vp9", "VP9 (ad hoc)"),
];

/// The name of a codec id.
pub fn codec_name(codec: u64) -> Option<&'static str> {
    CODECS.get(usize::try_from(codec).ok()?).map(|c| c.1).filter(|name| !name.is_empty())
}

pub(super) fn frame_name(frame: u64) -> Option<&'static str> {
    Some(match frame {
        1 => "key frame",
        2 => "inter frame",
        3 => "disposable inter frame",
        4 => "generated key frame",
        5 => "command frame",
        _ => return None,
    })
}

pub(super) fn avc_packet_name(packet: u64) -> Option<&'static str> {
    Some(match packet {
        0 => "sequence header: the decoder configuration",
        1 => "coded frames",
        2 => "end of sequence",
        _ => return None,
    })
}

/// The name of the command of a command frame.
pub fn command_name(command: u64) -> Option<&'static str> {
    Some(match command {
        0 => "start of a seek on the client's side",
        1 => "end of a seek on the client's side",
        _ => return None,
    })
}

pub(super) fn size_code_name(code: u64) -> Option<&'static str> {
    Some(match code {
        0 => "width and height follow, 8 bits each",
        1 => "width and height follow, 16 bits each",
        2 => "352x288",
        3 => "176x144",
        4 => "128x96",
        5 => "320x240",
        6 => "160x120",
        _ => return None,
    })
}

pub(super) fn picture_name(picture: u64) -> Option<&'static str> {
    Some(match picture {
        0 => "intra",
        1 => "inter",
        2 => "disposable inter",
        _ => return None,
    })
}
