//! Video messages with an Enhanced RTMP header.

use super::payload::{self, Payload, VideoFacts};
use super::{Header, VideoPacket, colour, f, mod_ex, rest, transport};
use crate::field::{Annotate, Fault, Reader};
use crate::wire::body::Context;
use crate::wire::fourcc::FourCc;
use crate::wire::video::{self, FrameType};

/// What a video message says before its payload.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EnhancedVideo {
    /// What kind of picture; says nothing in metadata.
    pub frame: FrameType,
    /// Packet type, codec, tracks.
    pub header: Header<VideoPacket>,
    /// Presentation time minus decoding time, where the codec has it; that of the first track that has it.
    pub composition_ms: Option<i32>,
    /// The command of a command frame.
    pub command: Option<u8>,
    /// What the codec said.
    pub facts: VideoFacts,
}

impl EnhancedVideo {
    pub(in crate::wire) fn new(frame: FrameType, packet: VideoPacket) -> EnhancedVideo {
        EnhancedVideo {
            frame,
            header: Header::new(packet),
            composition_ms: None,
            command: None,
            facts: VideoFacts::default(),
        }
    }

    /// Reads what follows byte 0. After a fault, what was read until then is kept.
    #[inline]
    pub(in crate::wire) fn read<A: Annotate>(&mut self, r: &mut Reader<'_, A>, context: Context) -> Result<(), Fault> {
        let extent = context.extent;
        let EnhancedVideo { frame, header, composition_ms, command, facts } = self;
        if !mod_ex::read(r, extent, header)? {
            return Ok(());
        }
        if *frame == FrameType::COMMAND && header.packet != VideoPacket::METADATA {
            *command = Some(r.u8(&video::f::COMMAND)?);
            return Ok(());
        }
        rest(r, extent, header, |r, packet, fourcc| {
            match packet {
                VideoPacket::SEQUENCE_START => {
                    return payload::video(r, fourcc, Payload::Configuration, context, facts);
                }
                VideoPacket::CODED_FRAMES if has_composition_time(fourcc) => {
                    let composition = r.i24(&video::f::COMPOSITION_TIME)?;
                    composition_ms.get_or_insert(composition);
                }
                VideoPacket::CODED_FRAMES if looks_shifted(fourcc, r.peek()) => {
                    r.remark(0, "looks like three bytes of composition time, as ZLMediaKit puts them before the frame");
                    payload::rest(r, Payload::Coded);
                    return Ok(());
                }
                VideoPacket::CODED_FRAMES | VideoPacket::CODED_FRAMES_X => {}
                VideoPacket::SEQUENCE_END => return Ok(()),
                VideoPacket::METADATA => return colour::read(r, extent),
                VideoPacket::MPEG2TS_SEQUENCE_START => return transport::read(r, fourcc),
                _ => {
                    r.rest(&f::RESERVED_BODY);
                    return Ok(());
                }
            }
            payload::video(r, fourcc, Payload::Coded, context, facts)
        })
    }

    /// The codec as a JSON word.
    pub fn codec(&self) -> Option<&'static str> {
        self.header.fourcc.and_then(FourCc::word)
    }

    /// The codec for people.
    pub fn title(&self) -> Option<&'static str> {
        self.header.fourcc.and_then(FourCc::name)
    }

    /// What kind of picture it is, for people.
    pub fn frame_title(&self) -> Option<&'static str> {
        if self.header.packet == VideoPacket::METADATA { None } else { self.frame.name() }
    }

    /// True when the message configures the decoder and carries no picture.
    pub fn is_sequence_header(&self) -> bool {
        self.command.is_none() && self.header.packet.is_configuration()
    }

    /// True when the message carries a coded picture.
    pub fn is_coded(&self) -> bool {
        self.command.is_none() && self.header.packet.is_coded()
    }

    /// True when the message carries a picture from which decoding can start.
    pub fn is_keyframe(&self) -> bool {
        self.frame.is_key() && self.header.packet.is_coded()
    }
}

/// Codecs whose coded frames begin with a composition time.
fn has_composition_time(fourcc: FourCc) -> bool {
    matches!(&fourcc.0, b"avc1" | b"hvc1" | b"vvc1")
}

/// Does a frame stand three bytes later, behind a small signed number? Some programs write a composition time for codecs
/// that have none.
fn looks_shifted(fourcc: FourCc, bytes: &[u8]) -> bool {
    let (head, tail) = match bytes {
        [head @ (0 | 0xff), _, _, tail @ ..] => (*head, tail),
        _ => return false,
    };
    match (&fourcc.0, tail) {
        // An OBU header with a type, or a temporal delimiter; neither 00 nor ff can begin one.
        (b"av01", [0x12, 0, ..] | [0x0a, ..]) => true,
        (b"vp09", [first, ..]) => head >> 6 != 0b10 && first >> 6 == 0b10,
        _ => false,
    }
}
