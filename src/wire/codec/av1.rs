//! AV1: the configuration record of AV1 in ISO files, open bitstream units (OBUs) and the sequence header.

use super::nal::NalList;
use super::picture::{Chroma, Picture, f as picture, level_name};
use crate::field::{Annotate, Content, Fault, FaultKind, Field, Reader, Unit, Value, fields};

mod metadata;
mod sequence;
pub use metadata::f as metadata_f;
pub use sequence::f as sequence_f;

/// What an AV1 configuration says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Av1Config {
    /// Profile, as a number.
    pub profile: u8,
    /// Level of the first operating point, as a number.
    pub level: u8,
    /// High tier.
    pub high_tier: bool,
    /// Bits of a sample.
    pub bit_depth: u8,
    /// How colour is sampled.
    pub chroma: Chroma,
    /// What the sequence header says.
    pub picture: Option<Picture>,
}

impl Av1Config {
    /// The name of the profile.
    pub fn profile(&self) -> Option<&'static str> {
        profile_name(u64::from(self.profile))
    }

    /// The level, such as `2.0` or `maximum`.
    pub fn level(&self) -> Option<&'static str> {
        av1_level_name(u64::from(self.level))
    }
}

/// More OBUs are not listed.
const MOST_UNITS: u32 = 4096;

/// Reads a configuration record: all that is left within the current bounds. What was read before a fault stays.
pub fn configuration<A: Annotate>(r: &mut Reader<'_, A>, config: &mut Option<Av1Config>) -> Result<(), Fault> {
    r.group(&f::AV1_CONFIGURATION, |r| {
        let mut av1 = fixed(r, &[(&f::RESERVED, 3), (&f::DELAY_PRESENT, 1), (&f::DELAY, 4)])?;
        let mut list = NalList::new(super::nal::Family::Av1);
        let result = units(r, &mut list, &mut av1.picture);
        *config = Some(av1);
        result
    })
}

/// Reads the descriptor that an MPEG-2 TS sequence start carries instead of the record.
pub fn mpeg2ts_descriptor<A: Annotate>(r: &mut Reader<'_, A>, config: &mut Option<Av1Config>) -> Result<(), Fault> {
    r.group(&f::AV1_DESCRIPTOR, |r| {
        r.u8(&f::DESCRIPTOR_TAG)?;
        r.u8(&f::DESCRIPTOR_LENGTH)?;
        let last = [(&f::HDR_WCG, 2), (&picture::RESERVED, 1), (&f::DELAY_PRESENT, 1), (&f::DELAY, 4)];
        *config = Some(fixed(r, &last)?);
        if !r.rest(&picture::AFTER_RECORD).is_empty() {
            r.remark(1, "the descriptor ends before the message does");
        }
        Ok(())
    })
}

/// The four bytes in front.
fn fixed<A: Annotate>(r: &mut Reader<'_, A>, last: &[(&'static Field, u32)]) -> Result<Av1Config, Fault> {
    let [marker, version] = r.bits([(&f::MARKER, 1), (&f::VERSION, 7)])?;
    if (marker, version) != (1, 1) {
        r.remark(1, "marker and version should be 1");
    }
    let [profile, level] = r.bits([(&f::PROFILE, 3), (&f::LEVEL, 5)])?;
    let head = [(&f::TIER, 1), (&f::HIGH_BIT_DEPTH, 1), (&f::TWELVE_BIT, 1), (&f::MONOCHROME, 1)];
    let [a, b, c, d] = head;
    let [tier, high, twelve, mono, x, y, _] =
        r.bits([a, b, c, d, (&f::SUBSAMPLING_X, 1), (&f::SUBSAMPLING_Y, 1), (&f::SAMPLE_POSITION, 2)])?;
    r.bit_section(1, |b| last.iter().try_for_each(|(field, bits)| b.u(field, *bits).map(drop)))?;
    Ok(Av1Config {
        profile: profile as u8,
        level: level as u8,
        high_tier: tier == 1,
        bit_depth: bit_depth(high == 1, twelve == 1),
        chroma: chroma(mono == 1, x == 1, y == 1),
        picture: None,
    })
}

fn bit_depth(high: bool, twelve: bool) -> u8 {
    match (high, twelve) {
        (false, _) => 8,
        (true, false) => 10,
        (true, true) => 12,
    }
}

fn chroma(mono: bool, x: bool, y: bool) -> Chroma {
    Chroma(match (mono, x, y) {
        (true, _, _) => 0,
        (_, true, true) => 1,
        (_, true, false) => 2,
        _ => 3,
    })
}

/// Reads OBUs: all that is left within the current bounds.
pub(super) fn units<A: Annotate>(
    r: &mut Reader<'_, A>,
    list: &mut NalList,
    picture: &mut Option<Picture>,
) -> Result<(), Fault> {
    let mut result = Ok(());
    for _ in 0..MOST_UNITS {
        if r.is_empty() {
            return result;
        }
        let one = r.group(&f::OBU, |r| unit(r, list, picture));
        result = result.and(one);
    }
    if r.is_empty() { result } else { result.and(Err(r.fault(FaultKind::TooMany))) }
}

fn unit<A: Annotate>(r: &mut Reader<'_, A>, list: &mut NalList, picture: &mut Option<Picture>) -> Result<(), Fault> {
    let head = [(&f::FORBIDDEN, 1), (&f::OBU_TYPE, 4), (&f::EXTENSION, 1), (&f::HAS_SIZE, 1), (&picture::RESERVED, 1)];
    let [forbidden, kind, extension, has_size, _] = r.bits(head)?;
    list.push(kind as u8);
    if forbidden != 0 {
        r.remark(1, "the first bit of an OBU must be 0");
    }
    let size = layers_and_size(r, extension == 1, has_size == 1);
    let size = match size {
        Ok(size) if size <= r.left() => size,
        // Where the next unit would begin is not known.
        Ok(size) => {
            let fault = r.fault(FaultKind::Short((size - r.left()).min(u32::MAX as usize) as u32));
            r.skip_rest("not decoded after a fault");
            return Err(fault);
        }
        Err(fault) => {
            r.skip_rest("not decoded after a fault");
            return Err(fault);
        }
    };
    if kind == 1 {
        let mut found = None;
        let result = r.bit_section(size, |b| sequence::read(b, &mut found));
        if picture.is_none() {
            *picture = found;
        }
        return result;
    }
    r.within(size, |r| {
        match kind {
            2 => {}
            3 | 4 | 6..=8 => drop(r.rest(&f::OBU_PAYLOAD)),
            5 => return metadata::read(r),
            15 => drop(r.rest(&f::OBU_PADDING)),
            _ => drop(r.rest(&f::OBU_RESERVED)),
        }
        Ok(())
    })
}

fn layers_and_size<A: Annotate>(r: &mut Reader<'_, A>, extension: bool, has_size: bool) -> Result<usize, Fault> {
    if extension {
        r.bits([(&f::TEMPORAL_ID, 3), (&f::SPATIAL_ID, 2), (&picture::RESERVED, 3)])?;
    }
    if !has_size {
        return Ok(r.left());
    }
    let size = leb128(r, &f::OBU_SIZE)?;
    Ok(usize::try_from(size).unwrap_or(usize::MAX))
}

/// An integer in groups of seven bits, the lowest first.
fn leb128<A: Annotate>(r: &mut Reader<'_, A>, field: &'static Field) -> Result<u64, Fault> {
    let mut value = 0u64;
    for (i, byte) in r.peek().iter().take(8).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            r.coded(field, i + 1, Value::Unsigned(value))?;
            return Ok(value);
        }
    }
    if r.left() < 8 { Err(r.fault(FaultKind::Short(1))) } else { Err(r.malformed(&"a size of more than 8 bytes")) }
}

/// The names of profiles.
pub fn profile_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "Main",
        1 => "High",
        2 => "Professional",
        _ => return None,
    })
}

fn av1_level_name(index: u64) -> Option<&'static str> {
    if index == 31 { Some("maximum") } else { level_name(20 + (index >> 2) * 10 + (index & 3)) }
}

fn obu_name(number: u64) -> Option<&'static str> {
    super::nal::UnitType { family: super::nal::Family::Av1, number: u8::try_from(number).ok()? }.name()
}

/// Fields of AV1 configurations and of the headers of OBUs.
pub mod f {
    use super::*;
    fields! {
        /// The whole record.
        AV1_CONFIGURATION = Field::new("av1_configuration", "what decoding AV1 pictures needs");
        /// Descriptor.
        AV1_DESCRIPTOR = Field::new("av1_descriptor", "the descriptor of AV1 in MPEG-2 transport streams");
        /// Tag.
        DESCRIPTOR_TAG = Field::new("descriptor_tag", "always 80");
        /// Length.
        DESCRIPTOR_LENGTH = Field::new("descriptor_length", "always 4").unit(Unit::Bytes);
        /// Marker.
        MARKER = Field::new("marker", "always 1");
        /// Version.
        VERSION = Field::new("version", "version of the record, 1");
        /// Profile.
        PROFILE = Field::new("seq_profile", "tools that the stream may use").numbers(profile_name);
        /// Level.
        LEVEL = Field::new("seq_level_idx", "how much work decoding may be").numbers(av1_level_name);
        /// Tier.
        TIER = Field::new("seq_tier", "1 where rates may be higher");
        /// High bit depth.
        HIGH_BIT_DEPTH = Field::new("high_bitdepth", "samples have more than 8 bits");
        /// Twelve bits.
        TWELVE_BIT = Field::new("twelve_bit", "samples have 12 bits");
        /// Monochrome.
        MONOCHROME = Field::new("mono_chrome", "pictures have no colour");
        /// Subsampling.
        SUBSAMPLING_X = Field::new("subsampling_x", "half as many chroma samples across");
        /// Subsampling.
        SUBSAMPLING_Y = Field::new("subsampling_y", "half as many chroma samples down");
        /// Sample position.
        SAMPLE_POSITION = Field::new("chroma_sample_position", "where chroma samples lie");
        /// Reserved.
        RESERVED = Field::new("reserved_zero", "always 0");
        /// High dynamic range.
        HDR_WCG = Field::new("hdr_wcg_idc", "whether brightness and colours are more than usual");
        /// Delay.
        DELAY_PRESENT = Field::new("initial_presentation_delay_present", "the next field means something");
        /// Delay.
        DELAY = Field::new("initial_presentation_delay_minus_one", "pictures to decode before the first is shown, minus 1");
        /// One unit.
        OBU = Field::new("obu", "open bitstream unit: a part of a picture, or parameters");
        /// Forbidden bit.
        FORBIDDEN = Field::new("obu_forbidden_bit", "always 0");
        /// Type.
        OBU_TYPE = Field::new("obu_type", "what the unit holds").numbers(obu_name);
        /// Extension.
        EXTENSION = Field::new("obu_extension_flag", "layers follow");
        /// Size follows.
        HAS_SIZE = Field::new("obu_has_size_field", "the size follows");
        /// Temporal layer.
        TEMPORAL_ID = Field::new("temporal_id", "temporal layer");
        /// Spatial layer.
        SPATIAL_ID = Field::new("spatial_id", "spatial layer");
        /// Size.
        OBU_SIZE = Field::new("obu_size", "size of the unit").unit(Unit::Bytes);
        /// Payload of a unit with a picture.
        OBU_PAYLOAD = Field::new("obu_payload", "the coded picture").content(Content::Media);
        /// Payload of a reserved unit.
        OBU_RESERVED = Field::new("obu_reserved", "a unit of a reserved type").content(Content::Undescribed);
        /// Padding.
        OBU_PADDING = Field::new("obu_padding", "bytes without meaning");
    }
}

#[cfg(test)]
mod tests;
