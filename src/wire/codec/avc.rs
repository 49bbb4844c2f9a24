//! AVC (H.264): the decoder configuration record (ISO/IEC 14496-15), parameter sets and the start of slices.

use super::nal::{self, Family, Seen, f as unit};
use super::picture::{Picture, Timing, f as picture, level_name};
use crate::field::{Annotate, BitReader, Fault, Field, Reader, Unit, Value, fields};

pub mod pps;
mod profile;
pub mod sps;
pub use profile::profile_name;

/// What an AVC decoder configuration says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AvcConfig {
    /// Profile, as a number.
    pub profile: u8,
    /// Constraint flags: set 0 is the highest bit.
    pub constraints: u8,
    /// Level, as a number.
    pub level: u8,
    /// Bytes of a NAL unit's length; 0 when the record ends before it.
    pub nal_length: u8,
    /// What the sequence parameter set says.
    pub picture: Option<Picture>,
    /// How picture timing messages are laid out.
    pub timing: Option<Timing>,
}

impl AvcConfig {
    /// The name of the profile, with what the constraint flags make of it.
    pub fn profile(&self) -> Option<&'static str> {
        profile_name(self.profile, self.constraints)
    }

    /// The level, such as `3.1` or `1b`.
    pub fn level(&self) -> Option<&'static str> {
        level(self.profile, self.constraints, self.level)
    }
}

/// Reads a configuration record: all that is left within the current bounds. What was read before a fault stays.
pub fn configuration<A: Annotate>(r: &mut Reader<'_, A>, config: &mut Option<AvcConfig>) -> Result<(), Fault> {
    r.group(&f::AVC_CONFIGURATION, |r| {
        if r.u8(&f::VERSION)? != 1 {
            r.remark(1, "the version of the record should be 1");
        }
        let (profile, constraints, number) = (r.u8(&f::PROFILE_IDC)?, r.u8(&f::CONSTRAINTS)?, r.u8(&f::LEVEL_IDC)?);
        let (mut seen, nal_length) = (Seen::default(), 0);
        let mut avc = AvcConfig { profile, constraints, level: number, nal_length, picture: None, timing: None };
        describe(r, &avc);
        let result = sets(r, &mut avc, &mut seen);
        let result = seen.first_of(result);
        (avc.picture, avc.timing) = (seen.picture, seen.timing);
        *config = Some(avc);
        result
    })
}

fn describe<A: Annotate>(r: &mut Reader<'_, A>, avc: &AvcConfig) {
    if let Some(name) = avc.profile() {
        r.derived(&picture::PROFILE, Value::Word(name));
    }
    if let Some(name) = avc.level() {
        r.derived(&picture::LEVEL, Value::Word(name));
    }
}

fn sets<A: Annotate>(r: &mut Reader<'_, A>, avc: &mut AvcConfig, seen: &mut Seen) -> Result<(), Fault> {
    let [_, length] = r.bits([(&picture::RESERVED, 6), (&f::LENGTH_SIZE, 2)])?;
    avc.nal_length = length as u8 + 1;
    if length == 2 {
        r.remark(1, "lengths of 3 bytes are not allowed");
    }
    let [_, count] = r.bits([(&picture::RESERVED, 3), (&f::SPS_COUNT, 5)])?;
    if count == 0 {
        r.remark(1, "no sequence parameter set");
    }
    // A parameter set that cannot be decoded does not hide the ones after it.
    for _ in 0..count {
        nal::counted(r, &f::SPS, Family::Avc, seen)?;
    }
    for _ in 0..r.u8(&f::PPS_COUNT)? {
        nal::counted(r, &f::PPS, Family::Avc, seen)?;
    }
    if r.left() >= 4 && !matches!(avc.profile, 66 | 77 | 88) {
        r.bits([(&picture::RESERVED, 6), (&picture::CHROMA_FORMAT, 2)])?;
        r.bits([(&picture::RESERVED, 5), (&picture::BIT_DEPTH_LUMA, 3)])?;
        r.bits([(&picture::RESERVED, 5), (&picture::BIT_DEPTH_CHROMA, 3)])?;
        for _ in 0..r.u8(&f::SPS_EXT_COUNT)? {
            nal::counted(r, &f::SPS_EXT, Family::Avc, seen)?;
        }
    }
    if !r.rest(&picture::AFTER_RECORD).is_empty() {
        r.remark(1, "the record ends before the message does");
    }
    Ok(())
}

/// The start of a slice.
pub(super) fn slice<A: Annotate>(b: &mut BitReader<'_, '_, A>) -> Result<(), Fault> {
    b.ue(&f::FIRST_MB)?;
    b.ue(&f::SLICE_TYPE)?;
    b.rest(&unit::SLICE_DATA);
    Ok(())
}

/// The level, such as `3.1` or `1b`.
fn level(profile: u8, constraints: u8, level: u8) -> Option<&'static str> {
    let old = matches!(profile, 66 | 77 | 88);
    if level == 11 && old && constraints & 0x10 != 0 || level == 9 && !old {
        return Some("1b");
    }
    level_name(u64::from(level))
}

fn slice_type_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "P",
        1 => "B",
        2 => "I",
        3 => "SP",
        4 => "SI",
        5 => "P (all slices of the picture)",
        6 => "B (all slices of the picture)",
        7 => "I (all slices of the picture)",
        8 => "SP (all slices of the picture)",
        9 => "SI (all slices of the picture)",
        _ => return None,
    })
}

/// Fields of AVC decoder configurations and of the start of slices.
pub mod f {
    use super::profile::profile_idc_name;
    use super::*;
    fields! {
        /// The whole record.
        AVC_CONFIGURATION = Field::new("avc_configuration", "what decoding AVC pictures needs");
        /// Version.
        VERSION = Field::new("configuration_version", "version of the record, 1");
        /// Profile.
        PROFILE_IDC = Field::new("profile_idc", "tools that the stream may use").numbers(profile_idc_name);
        /// Constraint flags.
        CONSTRAINTS = Field::new("constraint_flags", "tools that the stream does not use after all").mask(CONSTRAINT_SETS);
        /// Level.
        LEVEL_IDC = Field::new("level_idc", "how much work decoding may be, in tenths").numbers(level_name);
        /// Bytes of a length.
        LENGTH_SIZE = Field::new("length_size_minus_one", "bytes of a NAL unit's length, minus 1").unit(Unit::Bytes);
        /// Sequence parameter sets.
        SPS_COUNT = Field::new("sps_count", "number of sequence parameter sets");
        /// One of them.
        SPS = Field::new("sps", "sequence parameter set");
        /// Picture parameter sets.
        PPS_COUNT = Field::new("pps_count", "number of picture parameter sets");
        /// One of them.
        PPS = Field::new("pps", "picture parameter set");
        /// Extensions of sequence parameter sets.
        SPS_EXT_COUNT = Field::new("sps_extension_count", "number of extensions of sequence parameter sets");
        /// One of them.
        SPS_EXT = Field::new("sps_extension", "extension of a sequence parameter set");
        /// First macroblock.
        FIRST_MB = Field::new("first_mb_in_slice", "place of the slice in the picture; 0 begins a picture");
        /// Slice type.
        SLICE_TYPE = Field::new("slice_type", "how the slice is predicted").numbers(slice_type_name);
        /// Id of a picture parameter set.
        PPS_ID = Field::new("pic_parameter_set_id", "which picture parameter set it is");
        /// Id of a sequence parameter set.
        SPS_ID = Field::new("seq_parameter_set_id", "which sequence parameter set it is, or is meant");
    }
    const CONSTRAINT_SETS: &[(u64, &str)] =
        &[(0x80, "set0"), (0x40, "set1"), (0x20, "set2"), (0x10, "set3"), (0x08, "set4"), (0x04, "set5")];
}

#[cfg(test)]
mod tests;
