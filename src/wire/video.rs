//! Video messages (type 9) and FLV video tags: Adobe Flash Video File Format 10.1, annex E.4.3, with the numbers that
//! others added.
//!
//! Reads the header, which stands in the first bytes; the payload is one leaf. What follows the first byte of an Enhanced
//! RTMP header is read by [`enhanced`].

use super::body::{Context, Extent};
use super::enhanced::payload::{Payload, VideoFacts};
use super::enhanced::{self, EnhancedVideo, VideoPacket};
use crate::field::{Annotate, Fault, Reader, Value};

mod codec;
mod fields;
pub use codec::{AvcPacket, FrameType, VideoCodec, codec_name, command_name};
pub use fields::f;

/// What a video message says before its payload.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Video {
    /// An empty message.
    Empty,
    /// The header of the FLV specification.
    Legacy(VideoTag),
    /// The header of Enhanced RTMP.
    Enhanced(EnhancedVideo),
}

/// The legacy video header.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VideoTag {
    /// What kind of picture.
    pub frame: FrameType,
    /// How pictures are coded.
    pub codec: VideoCodec,
    /// What follows, for AVC and the codecs that copied its layout.
    pub packet: Option<AvcPacket>,
    /// Presentation time minus decoding time, for the same codecs.
    pub composition_ms: Option<i32>,
    /// The command of a command frame.
    pub command: Option<u8>,
    /// Width and height, where the codec has them in front.
    pub size: Option<(u16, u16)>,
    /// What the codec said.
    pub facts: VideoFacts,
}

impl Video {
    /// Reads a whole body. After a fault, what was read until then is returned with it.
    #[inline]
    pub fn read<A: Annotate>(r: &mut Reader<'_, A>) -> (Video, Result<(), Fault>) {
        Video::read_in(r, Context::default())
    }

    /// Reads a body, or the first bytes of one. After a fault, what was read until then is returned with it.
    #[inline]
    pub fn read_in<A: Annotate>(r: &mut Reader<'_, A>, context: Context) -> (Video, Result<(), Fault>) {
        let mut video = Video::Empty;
        let result = r.group(&f::VIDEO, |r| header(r, context, &mut video));
        (video, result)
    }

    /// The codec as a JSON word.
    pub fn codec(&self) -> Option<&'static str> {
        match self {
            Video::Empty => None,
            Video::Legacy(tag) => tag.codec.word(),
            Video::Enhanced(enhanced) => enhanced.codec(),
        }
    }

    /// The codec for people.
    pub fn title(&self) -> Option<&'static str> {
        match self {
            Video::Empty => None,
            Video::Legacy(tag) => tag.codec.name(),
            Video::Enhanced(enhanced) => enhanced.title(),
        }
    }

    /// What kind of picture it is, for people.
    pub fn frame_title(&self) -> Option<&'static str> {
        match self {
            Video::Empty => None,
            Video::Legacy(tag) => tag.frame.name(),
            Video::Enhanced(enhanced) => enhanced.frame_title(),
        }
    }

    /// What the message carries, for people.
    pub fn packet_title(&self) -> Option<&'static str> {
        match self {
            Video::Empty => Some("empty"),
            Video::Legacy(tag) => tag.packet.and_then(AvcPacket::name),
            Video::Enhanced(enhanced) => enhanced.header.packet.name(),
        }
    }

    /// What the codec said, as far as it was read.
    pub fn facts(&self) -> &VideoFacts {
        match self {
            Video::Empty => &VideoFacts { config: None, units: None },
            Video::Legacy(tag) => &tag.facts,
            Video::Enhanced(enhanced) => &enhanced.facts,
        }
    }

    /// Width and height, where the picture says them itself.
    pub fn size(&self) -> Option<(u32, u32)> {
        let of_units = self.facts().units.and_then(|units| units.size);
        match self {
            Video::Legacy(tag) => of_units.or(tag.size.map(|(width, height)| (width.into(), height.into()))),
            _ => of_units,
        }
    }

    /// What the message carries, as a JSON word.
    pub fn packet(&self) -> Option<&'static str> {
        match self {
            Video::Empty => None,
            Video::Legacy(tag) => tag.packet.and_then(AvcPacket::word),
            Video::Enhanced(enhanced) => enhanced.header.packet.word(),
        }
    }

    /// True when the message configures the decoder and carries no picture.
    pub fn is_sequence_header(&self) -> bool {
        match self {
            Video::Empty => false,
            Video::Legacy(tag) => tag.packet == Some(AvcPacket::SEQUENCE_HEADER),
            Video::Enhanced(enhanced) => enhanced.is_sequence_header(),
        }
    }

    /// True when the message carries a coded picture, not only words about pictures.
    pub fn is_coded(&self) -> bool {
        match self {
            Video::Empty => false,
            Video::Legacy(tag) => tag.command.is_none() && tag.packet.is_none_or(|p| p == AvcPacket::CODED_FRAMES),
            Video::Enhanced(enhanced) => enhanced.is_coded(),
        }
    }

    /// True when the message carries a picture from which decoding can start. A decoder configuration is marked as a key
    /// frame too, but is none.
    pub fn is_keyframe(&self) -> bool {
        match self {
            Video::Empty => false,
            Video::Legacy(tag) => tag.frame.is_key() && tag.packet.is_none_or(|p| p == AvcPacket::CODED_FRAMES),
            Video::Enhanced(enhanced) => enhanced.is_keyframe(),
        }
    }
}

impl Video {
    /// Whether the beginning that was read told all that the whole body would tell: a header before bytes that nobody
    /// decodes, or the only unit of a picture.
    pub(super) fn is_told_by_its_beginning(&self) -> bool {
        match self {
            Video::Empty => false,
            Video::Legacy(tag) => tag.command.is_none() && (tag.codec.fourcc().is_none() || tag.facts.units.is_some()),
            Video::Enhanced(enhanced) => enhanced.header.tracks.is_none() && enhanced.facts.units.is_some(),
        }
    }
}

#[inline]
fn header<A: Annotate>(r: &mut Reader<'_, A>, context: Context, video: &mut Video) -> Result<(), Fault> {
    let Some(first) = r.peek().first() else {
        r.remark(0, "an empty video message carries nothing");
        return Ok(());
    };
    if first & 0x80 != 0 {
        let [_, frame, packet] =
            r.bits([(&enhanced::f::ENHANCED, 1), (&f::FRAME_TYPE, 3), (&enhanced::f::VIDEO_PACKET, 4)])?;
        let mut enhanced = EnhancedVideo::new(FrameType(frame as u8), VideoPacket(packet as u8));
        let result = enhanced.read(r, context);
        *video = Video::Enhanced(enhanced);
        return result;
    }
    let [frame, codec] = r.bits([(&f::FRAME_TYPE, 4), (&f::CODEC, 4)])?;
    let mut tag = VideoTag {
        frame: FrameType(frame as u8),
        codec: VideoCodec(codec as u8),
        packet: None,
        composition_ms: None,
        command: None,
        size: None,
        facts: VideoFacts::default(),
    };
    let mut result = details(r, &mut tag);
    if result.is_ok() {
        result = payload(r, context, &mut tag);
    }
    *video = Video::Legacy(tag);
    result?;
    r.rest(&f::PAYLOAD);
    Ok(())
}

/// What the codec put behind the header, for codecs whose payload is known here.
#[inline]
fn payload<A: Annotate>(r: &mut Reader<'_, A>, context: Context, tag: &mut VideoTag) -> Result<(), Fault> {
    let payload = match tag.packet {
        Some(AvcPacket::SEQUENCE_HEADER) => Payload::Configuration,
        Some(AvcPacket::CODED_FRAMES) => Payload::Coded,
        _ => return Ok(()),
    };
    match tag.codec.fourcc() {
        // That a configuration is missing was said with the header.
        Some(fourcc) if context.extent != Extent::Head && !r.is_empty() => {
            enhanced::payload::video(r, fourcc, payload, context, &mut tag.facts)
        }
        _ => Ok(()),
    }
}

#[inline]
fn details<A: Annotate>(r: &mut Reader<'_, A>, tag: &mut VideoTag) -> Result<(), Fault> {
    if tag.frame == FrameType::COMMAND {
        if tag.codec == VideoCodec::AVC && r.left() > 1 {
            // The FLV tables put the AVC fields before the command byte, Enhanced RTMP pictures it directly after byte
            // 0: nobody can tell.
            r.remark(0, "where the command byte stands is not clear with AVC");
        } else {
            tag.command = Some(r.u8(&f::COMMAND)?);
        }
        return Ok(());
    }
    match tag.codec {
        codec if codec.has_avc_layout() => avc(r, tag)?,
        VideoCodec::SORENSON_H263 => tag.size = sorenson(r)?,
        VideoCodec::SCREEN | VideoCodec::SCREEN_2 if r.left() >= 4 => {
            let [_, width] = r.bits([(&f::BLOCK_WIDTH, 4), (&f::WIDTH, 12)])?;
            let [_, height] = r.bits([(&f::BLOCK_HEIGHT, 4), (&f::HEIGHT, 12)])?;
            tag.size = Some((width as u16, height as u16));
        }
        VideoCodec::VP6 if !r.is_empty() => {
            let [width, height] = r.bits([(&f::CUT_WIDTH, 4), (&f::CUT_HEIGHT, 4)])?;
            tag.size = vp6(r, (width as u16, height as u16))?;
        }
        VideoCodec::VP6_ALPHA if r.left() >= 4 => {
            let [width, height] = r.bits([(&f::CUT_WIDTH, 4), (&f::CUT_HEIGHT, 4)])?;
            r.u24(&f::ALPHA_OFFSET)?;
            tag.size = vp6(r, (width as u16, height as u16))?;
        }
        _ => {}
    }
    Ok(())
}

#[inline]
fn avc<A: Annotate>(r: &mut Reader<'_, A>, tag: &mut VideoTag) -> Result<(), Fault> {
    let packet = AvcPacket(r.u8(&f::AVC_PACKET)?);
    tag.packet = Some(packet);
    if packet.word().is_none() {
        r.remark(1, "not an AVC packet type");
    }
    let composition = r.i24(&f::COMPOSITION_TIME)?;
    tag.composition_ms = Some(composition);
    if packet != AvcPacket::CODED_FRAMES && composition != 0 {
        r.remark(3, "should be 0 where no picture follows");
    }
    if packet == AvcPacket::SEQUENCE_HEADER && r.is_empty() {
        r.remark(0, "the decoder configuration is missing");
    }
    Ok(())
}

/// The start of a VP6 picture, as far as it is there, and its size without what is to be cut off.
fn vp6<A: Annotate>(r: &mut Reader<'_, A>, cut: (u16, u16)) -> Result<Option<(u16, u16)>, Fault> {
    let Some(&[first, second]) = r.peek().first_chunk::<2>() else { return Ok(None) };
    // Separated coefficients, or a profile without filter header, need the place of the second part.
    let (is_key, offset) = (first & 0x80 == 0, first & 1 == 1 || second & 6 == 0);
    let len = if is_key { 6 + 2 * usize::from(offset) } else { 1 };
    if r.left() < len {
        return Ok(None);
    }
    r.bits([(&f::VP6_INTER, 1), (&f::VP6_QUANTISER, 6), (&f::VP6_SEPARATED, 1)])?;
    if !is_key {
        return Ok(None);
    }
    r.bits([(&f::VP6_VERSION, 5), (&f::VP6_PROFILE, 2), (&f::VP6_INTERLACED, 1)])?;
    if offset {
        r.u16(&f::VP6_OFFSET)?;
    }
    let (rows, columns) = (r.u8(&f::VP6_ROWS)?, r.u8(&f::VP6_COLUMNS)?);
    r.u8(&f::VP6_SHOWN_ROWS)?;
    r.u8(&f::VP6_SHOWN_COLUMNS)?;
    let size = |blocks: u8, cut: u16| (u16::from(blocks) * 16).saturating_sub(cut);
    let (width, height) = (size(columns, cut.0), size(rows, cut.1));
    r.derived(&f::WIDTH, Value::Unsigned(width.into()));
    r.derived(&f::HEIGHT, Value::Unsigned(height.into()));
    Ok(Some((width, height)))
}

/// The start of a Sorenson H.263 picture, as far as it is there.
fn sorenson<A: Annotate>(r: &mut Reader<'_, A>) -> Result<Option<(u16, u16)>, Fault> {
    // Start code 17 bits, version 5, temporal reference 8, size code 3.
    let Some(&[a, b, c, d, e]) = r.peek().first_chunk::<5>() else { return Ok(None) };
    if a != 0 || b != 0 || c & 0x80 == 0 {
        r.remark(0, "no picture start code follows");
        return Ok(None);
    }
    let start = [(&f::START_CODE, 17), (&f::H263_VERSION, 5), (&f::TEMPORAL_REFERENCE, 8)];
    let [code, version, time] = start;
    match (d & 3) << 1 | e >> 7 {
        0 if r.left() >= 7 => {
            let tail = [(&f::SIZE_CODE, 3), (&f::WIDTH, 8), (&f::HEIGHT, 8), (&f::PICTURE_TYPE, 2), (&f::MORE_BITS, 5)];
            let [size, width, height, picture, more] = tail;
            let [_, _, _, _, width, height, _, _] =
                r.bits([code, version, time, size, width, height, picture, more])?;
            Ok(Some((width as u16, height as u16)))
        }
        size @ 2..=6 => {
            r.bits([code, version, time, (&f::SIZE_CODE, 3), (&f::PICTURE_TYPE, 2), (&f::MORE_BITS, 5)])?;
            Ok(match size {
                2 => Some((352, 288)),
                3 => Some((176, 144)),
                4 => Some((128, 96)),
                5 => Some((320, 240)),
                _ => Some((160, 120)),
            })
        }
        1 if r.left() >= 9 => {
            // One bit more than the reader takes at once: the height is read in two parts.
            let [_, _, _, _, width, high] =
                r.bits([code, version, time, (&f::SIZE_CODE, 3), (&f::WIDTH, 16), (&f::HEIGHT_HIGH, 15)])?;
            let [low, _, _] = r.bits([(&f::HEIGHT_LOW, 1), (&f::PICTURE_TYPE, 2), (&f::MORE_BITS, 5)])?;
            let height = high << 1 | low;
            r.derived(&f::HEIGHT, Value::Unsigned(height));
            Ok(Some((width as u16, height as u16)))
        }
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests;
