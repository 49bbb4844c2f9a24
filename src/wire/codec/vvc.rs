//! VVC (H.266): the decoder configuration record, and in files of their own the parameter sets.

use super::nal::{self, Family, Seen, f as unit};
use super::picture::{Chroma, Picture, Rate, f as picture, level_name};
use crate::field::{Annotate, BitReader, Fault, Field, Reader, Unit, fields};

pub(super) mod aps;
mod hrd;
pub(super) mod pps;
mod profile;
mod references;
pub(super) mod sps;
pub(super) mod vps;
pub use aps::f as aps_f;
pub use hrd::f as hrd_f;
pub use pps::f as pps_f;
pub use profile::f as profile_f;
pub use references::f as references_f;
pub use sps::f as sps_f;
pub use sps::tools_f;
pub use vps::f as vps_f;

/// What a VVC decoder configuration says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VvcConfig {
    /// Bytes of a NAL unit's length.
    pub nal_length: u8,
    /// Profile, level and size, if the record says them.
    pub profile: Option<VvcProfile>,
    /// What the sequence parameter set says.
    pub picture: Option<Picture>,
}

/// Profile, level and size of VVC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VvcProfile {
    /// Profile, as a number.
    pub profile: u8,
    /// High tier.
    pub high_tier: bool,
    /// Level: 16 times the level, with 3 for a tenth.
    pub level: u8,
    /// How colour is sampled.
    pub chroma: Chroma,
    /// Bits of a sample.
    pub bit_depth: u8,
    /// Largest width.
    pub width: u16,
    /// Largest height.
    pub height: u16,
    /// Pictures in 256 seconds; 0 when not said.
    pub average_rate: u16,
}

impl VvcProfile {
    /// The name of the profile.
    pub fn name(&self) -> Option<&'static str> {
        profile_name(u64::from(self.profile))
    }

    /// The level, such as `5.1`.
    pub fn level(&self) -> Option<&'static str> {
        vvc_level_name(u64::from(self.level))
    }

    /// Pictures a second, if they are said.
    pub fn rate(&self) -> Option<Rate> {
        Rate::new(u32::from(self.average_rate), 256)
    }
}

/// Reads a configuration record: all that is left within the current bounds. What was read before a fault stays.
pub fn configuration<A: Annotate>(r: &mut Reader<'_, A>, config: &mut Option<VvcConfig>) -> Result<(), Fault> {
    r.group(&f::VVC_CONFIGURATION, |r| {
        let [_, length, present] = r.bits([(&picture::RESERVED, 5), (&f::LENGTH_SIZE, 2), (&f::PROFILE_PRESENT, 1)])?;
        let mut vvc = VvcConfig { nal_length: length as u8 + 1, profile: None, picture: None };
        *config = Some(vvc);
        if length == 2 {
            r.remark(1, "lengths of 3 bytes are not allowed");
        }
        if present == 1 {
            vvc.profile = Some(profile(r)?);
        }
        let mut seen = Seen::default();
        let result = arrays(r, &mut seen);
        vvc.picture = seen.picture;
        *config = Some(vvc);
        seen.first_of(result)
    })
}

fn profile<A: Annotate>(r: &mut Reader<'_, A>) -> Result<VvcProfile, Fault> {
    let [_, layers, _, chroma] =
        r.bits([(&f::OLS, 9), (&f::SUBLAYERS, 3), (&f::CONSTANT_RATE, 2), (&picture::CHROMA_FORMAT_IDC, 2)])?;
    let [bits, _] = r.bits([(&f::BIT_DEPTH, 3), (&picture::RESERVED, 5)])?;
    let [_, constraints] = r.bits([(&picture::RESERVED, 2), (&f::CONSTRAINT_BYTES, 6)])?;
    let [profile, tier] = r.bits([(&f::PROFILE_IDC, 7), (&f::TIER, 1)])?;
    let level = r.u8(&f::LEVEL_IDC)?;
    r.bit_section(constraints as usize, |b| {
        if constraints > 0 {
            b.flag(&f::FRAME_ONLY)?;
            b.flag(&f::MULTILAYER)?;
            b.rest(&f::CONSTRAINTS);
        }
        Ok(())
    })?;
    if layers > 1 {
        let levels = r.bit_section(1, |b| sublayers(b, layers))?;
        for _ in 0..levels {
            r.u8(&f::SUBLAYER_LEVEL)?;
        }
    }
    for _ in 0..r.u8(&f::SUB_PROFILES)? {
        r.u32(&f::SUB_PROFILE)?;
    }
    Ok(VvcProfile {
        profile: profile as u8,
        high_tier: tier == 1,
        level,
        chroma: Chroma(chroma as u8),
        bit_depth: bits as u8 + 8,
        width: r.u16(&f::MAX_WIDTH)?,
        height: r.u16(&f::MAX_HEIGHT)?,
        average_rate: r.u16(&f::AVERAGE_RATE)?,
    })
}

/// One bit for every sublayer but the highest; returns how many levels follow.
fn sublayers<A: Annotate>(b: &mut BitReader<'_, '_, A>, layers: u64) -> Result<u32, Fault> {
    let mut levels = 0;
    for _ in 1..layers {
        levels += u32::from(b.flag(&f::SUBLAYER_LEVEL_PRESENT)?);
    }
    b.align(&picture::RESERVED)?;
    Ok(levels)
}

fn arrays<A: Annotate>(r: &mut Reader<'_, A>, seen: &mut Seen) -> Result<(), Fault> {
    for _ in 0..r.u8(&f::ARRAYS)? {
        r.group(&f::ARRAY, |r| {
            let [_, _, kind] = r.bits([(&f::ARRAY_COMPLETE, 1), (&picture::RESERVED, 2), (&unit::VVC_TYPE, 5)])?;
            // Decoding capability information and operating point information appear once.
            let count = if matches!(kind, 12 | 13) { 1 } else { r.u16(&f::ARRAY_COUNT)? };
            for _ in 0..count {
                nal::counted(r, &unit::NAL_UNIT, Family::Vvc, seen)?;
            }
            Ok(())
        })?;
    }
    if !r.rest(&picture::AFTER_RECORD).is_empty() {
        r.remark(1, "the record ends before the message does");
    }
    Ok(())
}

/// The names of profiles.
pub fn profile_name(number: u64) -> Option<&'static str> {
    Some(match number {
        1 => "Main 10",
        17 => "Multilayer Main 10",
        33 => "Main 10 4:4:4",
        49 => "Multilayer Main 10 4:4:4",
        65 => "Main 10 Still Picture",
        97 => "Main 10 4:4:4 Still Picture",
        _ => return None,
    })
}

fn vvc_level_name(number: u64) -> Option<&'static str> {
    let (major, minor) = (number / 16, number % 16);
    if minor.is_multiple_of(3) { level_name(major * 10 + minor / 3) } else { None }
}

fn tier_name(number: u64) -> Option<&'static str> {
    Some(if number == 0 { "Main tier" } else { "High tier" })
}

/// Fields of VVC decoder configurations.
pub mod f {
    use super::*;
    fields! {
        /// The whole record.
        VVC_CONFIGURATION = Field::new("vvc_configuration", "what decoding VVC pictures needs");
        /// Bytes of a length.
        LENGTH_SIZE = Field::new("length_size_minus_one", "bytes of a NAL unit's length, minus 1").unit(Unit::Bytes);
        /// Profile.
        PROFILE_PRESENT = Field::new("ptl_present_flag", "profile, level and size follow");
        /// Layer set.
        OLS = Field::new("ols_idx", "which set of layers the record is about");
        /// Sublayers.
        SUBLAYERS = Field::new("num_sublayers", "number of temporal layers");
        /// Constant rate.
        CONSTANT_RATE = Field::new("constant_frame_rate", "whether all pictures last equally long");
        /// Bits.
        BIT_DEPTH = Field::new("bit_depth_minus8", "bits of a sample, minus 8").unit(Unit::Bits);
        /// Constraint bytes.
        CONSTRAINT_BYTES = Field::new("num_bytes_constraint_info", "size of the constraints").unit(Unit::Bytes);
        /// Profile.
        PROFILE_IDC = Field::new("general_profile_idc", "tools that the stream may use").numbers(profile_name);
        /// Tier.
        TIER = Field::new("general_tier_flag", "tier: how high rates may be").numbers(tier_name);
        /// Level.
        LEVEL_IDC = Field::new("general_level_idc", "how much work decoding may be, times 16").numbers(vvc_level_name);
        /// Frames only.
        FRAME_ONLY = Field::new("ptl_frame_only_constraint_flag", "no field coding");
        /// Layers.
        MULTILAYER = Field::new("ptl_multi_layer_enabled_flag", "there may be several layers");
        /// Constraints.
        CONSTRAINTS = Field::new("general_constraint_info", "tools that the stream does not use after all");
        /// Is a level there?
        SUBLAYER_LEVEL_PRESENT = Field::new("ptl_sublayer_level_present_flag", "the level of this layer follows");
        /// Level of a layer.
        SUBLAYER_LEVEL = Field::new("sublayer_level_idc", "level of a temporal layer").numbers(vvc_level_name);
        /// Sub profiles.
        SUB_PROFILES = Field::new("ptl_num_sub_profiles", "number of profiles of others");
        /// One of them.
        SUB_PROFILE = Field::new("general_sub_profile_idc", "a profile of others");
        /// Width.
        MAX_WIDTH = Field::new("max_picture_width", "largest width").unit(Unit::Pixels);
        /// Height.
        MAX_HEIGHT = Field::new("max_picture_height", "largest height").unit(Unit::Pixels);
        /// Average rate.
        AVERAGE_RATE = Field::new("avg_frame_rate", "pictures in 256 seconds; 0 when not said");
        /// Arrays.
        ARRAYS = Field::new("num_of_arrays", "number of arrays of units");
        /// Array.
        ARRAY = Field::new("array", "units of one type");
        /// Complete.
        ARRAY_COMPLETE = Field::new("array_completeness", "no more units of this type are in the stream");
        /// Units in an array.
        ARRAY_COUNT = Field::new("num_nalus", "number of units");
    }
}

#[cfg(test)]
mod tests;
