//! VP8 and VP9: the configuration record, and the first fields of frames.

use super::nal::{Family, NalList};
use super::picture::{Chroma, Colour, f as picture, level_name};
use crate::field::{Annotate, BitReader, Content, Fault, Field, Reader, Unit, Value, fields};

/// What a VP8 or VP9 configuration says. The size stands in key frames only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VpConfig {
    /// Profile, as a number.
    pub profile: u8,
    /// Level: 10 times the level, 0 when not said.
    pub level: u8,
    /// Bits of a sample.
    pub bit_depth: u8,
    /// How colour is sampled: 0 and 1 mean 4:2:0, 2 means 4:2:2, 3 means 4:4:4.
    pub subsampling: u8,
    /// Which colours the samples mean.
    pub colour: Colour,
}

impl VpConfig {
    /// The profile as text.
    pub fn profile(&self) -> Option<&'static str> {
        profile_name(u64::from(self.profile))
    }

    /// The level, such as `2.0`.
    pub fn level(&self) -> Option<&'static str> {
        level_name(u64::from(self.level))
    }

    /// How colour is sampled.
    pub fn chroma(&self) -> Option<Chroma> {
        match self.subsampling {
            0 | 1 => Some(Chroma(1)),
            n @ 2..=3 => Some(Chroma(n)),
            _ => None,
        }
    }
}

/// Version and flags of the box that FFmpeg and others leave in front of the record.
const BOX_HEADER: [u8; 4] = [1, 0, 0, 0];

/// Reads a configuration record: all that is left within the current bounds.
pub fn configuration<A: Annotate>(r: &mut Reader<'_, A>, config: &mut Option<VpConfig>) -> Result<(), Fault> {
    r.group(&f::VP_CONFIGURATION, |r| {
        if r.left() >= 12 && r.peek().starts_with(&BOX_HEADER) {
            r.bytes(&f::BOX_HEADER, 4)?;
            r.remark(4, "the record should begin without the version and flags of its box");
        }
        let (profile, level) = (r.u8(&f::PROFILE)?, r.u8(&f::LEVEL)?);
        let [bits, chroma, range] = r.bits([(&f::BIT_DEPTH, 4), (&f::SUBSAMPLING, 3), (&picture::FULL_RANGE, 1)])?;
        let (primaries, transfer) = (r.u8(&picture::PRIMARIES)?, r.u8(&picture::TRANSFER)?);
        let colour = Colour { primaries, transfer, matrix: r.u8(&picture::MATRIX)?, full_range: range == 1 };
        let (bit_depth, subsampling) = (bits as u8, chroma as u8);
        *config = Some(VpConfig { profile, level, bit_depth, subsampling, colour });
        let data = usize::from(r.u16(&f::DATA_LENGTH)?);
        if data > 0 {
            r.bytes(&f::DATA, data)?;
        }
        if !r.rest(&picture::AFTER_RECORD).is_empty() {
            r.remark(1, "the record ends before the message does");
        }
        Ok(())
    })
}

/// Reads a VP9 frame: all that is left within the current bounds.
pub(super) fn vp9<A: Annotate>(r: &mut Reader<'_, A>, list: &mut NalList) -> Result<(), Fault> {
    r.group(&f::VP9_FRAME, |r| {
        r.bit_section(r.left(), |b| {
            let result = vp9_header(b, list);
            if result.is_ok() {
                b.rest(&f::FRAME_DATA);
            }
            result
        })
    })
}

fn vp9_header<A: Annotate>(b: &mut BitReader<'_, '_, A>, list: &mut NalList) -> Result<(), Fault> {
    if b.u(&f::FRAME_MARKER, 2)? != 2 {
        b.remark("a VP9 frame begins with the bits 10");
        return Ok(());
    }
    list.count = 1;
    let profile = b.u(&f::PROFILE_LOW, 1)? | b.u(&f::PROFILE_HIGH, 1)? << 1;
    b.derived(&picture::PROFILE, Value::Unsigned(profile));
    if profile == 3 {
        b.u(&picture::RESERVED, 1)?;
    }
    if b.flag(&f::SHOW_EXISTING)? {
        return b.u(&f::EXISTING, 3).map(drop);
    }
    let inter = b.flag(&f::NOT_KEY)?;
    b.flag(&f::SHOW)?;
    b.flag(&f::ERROR_RESILIENT)?;
    if inter {
        return Ok(());
    }
    list.random_access = true;
    if b.u(&f::VP9_SYNC, 24)? != 0x49_8342 {
        return Err(b.malformed(&"the sync code of a VP9 key frame is 498342"));
    }
    if profile >= 2 {
        b.flag(&f::TWELVE_BIT)?;
    }
    let odd = profile == 1 || profile == 3;
    if b.u(&f::COLOUR_SPACE, 3)? != RGB {
        b.flag(&picture::FULL_RANGE)?;
        if odd {
            b.flag(&f::SUBSAMPLING_X)?;
            b.flag(&f::SUBSAMPLING_Y)?;
            b.u(&picture::RESERVED, 1)?;
        }
    } else if odd {
        b.u(&picture::RESERVED, 1)?;
    }
    let size = (b.u(&f::WIDTH_MINUS_1, 16)? as u32 + 1, b.u(&f::HEIGHT_MINUS_1, 16)? as u32 + 1);
    b.derived(&picture::WIDTH, Value::Unsigned(u64::from(size.0)));
    b.derived(&picture::HEIGHT, Value::Unsigned(u64::from(size.1)));
    list.size = Some(size);
    Ok(())
}

/// The colour space of VP9 that is RGB.
const RGB: u64 = 7;

/// Reads a VP8 frame: all that is left within the current bounds.
pub(super) fn vp8<A: Annotate>(r: &mut Reader<'_, A>, list: &mut NalList) -> Result<(), Fault> {
    r.group(&f::VP8_FRAME, |r| {
        // Numbers are little-endian: the lowest bits of the size of the first part stand in the first byte, on top.
        let [low, _, _, inter] =
            r.bits([(&f::PART_SIZE_LOW, 3), (&f::SHOW, 1), (&f::VP8_VERSION, 3), (&f::NOT_KEY, 1)])?;
        list.count = 1;
        let high = u16_le(r, &f::PART_SIZE_HIGH)?;
        r.derived(&f::PART_SIZE, Value::Unsigned(u64::from(high) << 3 | low));
        if inter == 0 {
            list.random_access = true;
            if r.bytes(&f::VP8_START, 3)? != [0x9d, 0x01, 0x2a] {
                r.remark(3, "the start code of a VP8 key frame is 9d012a");
            }
            let (width, height) = (u16_le(r, &f::VP8_WIDTH)?, u16_le(r, &f::VP8_HEIGHT)?);
            let size = (u32::from(width & 0x3fff), u32::from(height & 0x3fff));
            r.derived(&picture::WIDTH, Value::Unsigned(u64::from(size.0)));
            r.derived(&picture::HEIGHT, Value::Unsigned(u64::from(size.1)));
            list.size = Some(size);
        }
        r.rest(&f::FRAME_DATA);
        Ok(())
    })
}

fn u16_le<A: Annotate>(r: &mut Reader<'_, A>, field: &'static Field) -> Result<u16, Fault> {
    let value = r.peek().first_chunk::<2>().map_or(0, |b| u16::from_le_bytes(*b));
    r.coded(field, 2, Value::Unsigned(u64::from(value)))?;
    Ok(value)
}

/// The frame of a codec that is not made of units.
pub(super) fn frame<A: Annotate>(r: &mut Reader<'_, A>, vp9_frame: bool) -> (NalList, Result<(), Fault>) {
    let mut list = NalList::new(Family::Whole);
    if r.is_empty() {
        return (list, Ok(()));
    }
    let result = if vp9_frame { vp9(r, &mut list) } else { vp8(r, &mut list) };
    (list, result)
}

fn profile_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "Profile 0",
        1 => "Profile 1",
        2 => "Profile 2",
        3 => "Profile 3",
        _ => return None,
    })
}

fn subsampling_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "4:2:0, vertical",
        1 => "4:2:0, colocated",
        2 => "4:2:2",
        3 => "4:4:4",
        _ => return None,
    })
}

fn colour_space_name(number: u64) -> Option<&'static str> {
    (number == RGB).then_some("RGB")
}

/// Fields of VP8 and VP9.
pub mod f {
    use super::*;
    fields! {
        /// The whole record.
        VP_CONFIGURATION = Field::new("vp_configuration", "what decoding VP8 or VP9 pictures needs");
        /// Box.
        BOX_HEADER = Field::new("box_version_and_flags", "version and flags of the box in files, left in by mistake");
        /// Profile.
        PROFILE = Field::new("profile_number", "tools that the stream may use");
        /// Level.
        LEVEL = Field::new("level_number", "how much work decoding may be, in tenths").numbers(level_name);
        /// Bits.
        BIT_DEPTH = Field::new("bit_depth", "bits of a sample").unit(Unit::Bits);
        /// Subsampling.
        SUBSAMPLING = Field::new("chroma_subsampling", "how colour is sampled").numbers(subsampling_name);
        /// Length of the initialisation data.
        DATA_LENGTH = Field::new("initialization_data_size", "size of what follows; 0 for VP8 and VP9").unit(Unit::Bytes);
        /// Initialisation data.
        DATA = Field::new("initialization_data", "data for the decoder");
        /// VP9 frame.
        VP9_FRAME = Field::new("vp9_frame", "a picture");
        /// Marker.
        FRAME_MARKER = Field::new("frame_marker", "always 2");
        /// Profile.
        PROFILE_LOW = Field::new("profile_low_bit", "low bit of the profile");
        /// Profile.
        PROFILE_HIGH = Field::new("profile_high_bit", "high bit of the profile");
        /// Show again.
        SHOW_EXISTING = Field::new("show_existing_frame", "a frame that is there already is shown");
        /// Which one.
        EXISTING = Field::new("frame_to_show", "which one");
        /// Frame type.
        NOT_KEY = Field::new("not_key_frame", "0 for a key frame");
        /// Shown.
        SHOW = Field::new("show_frame", "the frame is shown");
        /// Resilience.
        ERROR_RESILIENT = Field::new("error_resilient_mode", "the frame can do without what was lost before");
        /// Sync code.
        VP9_SYNC = Field::new("frame_sync_code", "always 498342");
        /// Bits.
        TWELVE_BIT = Field::new("ten_or_twelve_bit", "samples have 12 bits, else 10");
        /// Colour space.
        COLOUR_SPACE = Field::new("color_space", "which colours the samples mean").numbers(colour_space_name);
        /// Subsampling.
        SUBSAMPLING_X = Field::new("subsampling_x", "half as many chroma samples across");
        /// Subsampling.
        SUBSAMPLING_Y = Field::new("subsampling_y", "half as many chroma samples down");
        /// Width.
        WIDTH_MINUS_1 = Field::new("frame_width_minus_1", "width, minus 1").unit(Unit::Pixels);
        /// Height.
        HEIGHT_MINUS_1 = Field::new("frame_height_minus_1", "height, minus 1").unit(Unit::Pixels);
        /// VP8 frame.
        VP8_FRAME = Field::new("vp8_frame", "a picture");
        /// Size of the first part.
        PART_SIZE_LOW = Field::new("first_part_size_low", "size of the first part, low 3 bits");
        /// Version.
        VP8_VERSION = Field::new("vp8_version", "which filters are used");
        /// Size of the first part.
        PART_SIZE_HIGH = Field::new("first_part_size_high", "size of the first part, high 16 bits");
        /// Size of the first part.
        PART_SIZE = Field::new("first_part_size", "size of the first part").unit(Unit::Bytes);
        /// Start code.
        VP8_START = Field::new("vp8_start_code", "always 9d012a");
        /// Width.
        VP8_WIDTH = Field::new("width_and_scale", "width in 14 bits, and scaling on top");
        /// Height.
        VP8_HEIGHT = Field::new("height_and_scale", "height in 14 bits, and scaling on top");
        /// The rest of a frame.
        FRAME_DATA = Field::new("frame_data", "the rest of the frame").content(Content::Media);
    }
}

#[cfg(test)]
mod tests;
