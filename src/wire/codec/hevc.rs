//! HEVC (H.265): the decoder configuration record (ISO/IEC 14496-15) and parameter sets.

use super::nal::{self, Family, Seen, f as unit};
use super::picture::{Chroma, Picture, Rate, Timing, f as picture, level_name};
use crate::field::{Annotate, BitReader, Fault, Field, Reader, Unit, fields};

pub mod hrd;
pub mod pps;
pub mod sps;
pub mod vps;

/// What an HEVC decoder configuration says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HevcConfig {
    /// Profile, as a number.
    pub profile: u8,
    /// High tier.
    pub high_tier: bool,
    /// Level, as a number: 30 times the level.
    pub level: u8,
    /// Chroma format of the record.
    pub chroma: Chroma,
    /// Bits of a luma sample, by the record.
    pub bit_depth: u8,
    /// Pictures in 256 seconds, by the record; 0 when it does not say.
    pub average_rate: u16,
    /// Bytes of a NAL unit's length.
    pub nal_length: u8,
    /// What the sequence parameter set says.
    pub picture: Option<Picture>,
    /// How buffering and picture timing messages are laid out.
    pub timing: Option<Timing>,
}

impl HevcConfig {
    /// The name of the profile.
    pub fn profile(&self) -> Option<&'static str> {
        profile_name(u64::from(self.profile))
    }

    /// The level, such as `3.1`.
    pub fn level(&self) -> Option<&'static str> {
        hevc_level_name(u64::from(self.level))
    }

    /// Pictures a second: what the sequence parameter set says, else what the record says.
    pub fn rate(&self) -> Option<Rate> {
        let exact = self.picture.and_then(|p| p.rate);
        exact.or_else(|| Rate::new(u32::from(self.average_rate), 256))
    }
}

/// Reads a configuration record: all that is left within the current bounds. What was read before a fault stays.
pub fn configuration<A: Annotate>(r: &mut Reader<'_, A>, config: &mut Option<HevcConfig>) -> Result<(), Fault> {
    r.group(&f::HEVC_CONFIGURATION, |r| {
        if r.u8(&f::VERSION)? != 1 {
            r.remark(1, "the version of the record should be 1");
        }
        let mut hevc = fixed(r)?;
        let mut seen = Seen::default();
        let result = arrays(r, &mut seen);
        let result = seen.first_of(result);
        (hevc.picture, hevc.timing) = (seen.picture, seen.timing);
        *config = Some(hevc);
        result
    })
}

fn fixed<A: Annotate>(r: &mut Reader<'_, A>) -> Result<HevcConfig, Fault> {
    let [_, tier, profile] = r.bits([(&f::PROFILE_SPACE, 2), (&f::TIER, 1), (&f::PROFILE_IDC, 5)])?;
    r.u32(&f::COMPATIBILITY)?;
    r.bits([(&f::CONSTRAINTS, 48)])?;
    let level = r.u8(&f::LEVEL_IDC)?;
    r.bits([(&picture::RESERVED, 4), (&f::SEGMENTATION, 12)])?;
    r.bits([(&picture::RESERVED, 6), (&f::PARALLELISM, 2)])?;
    let [_, chroma] = r.bits([(&picture::RESERVED, 6), (&picture::CHROMA_FORMAT, 2)])?;
    let [_, luma_bits] = r.bits([(&picture::RESERVED, 5), (&picture::BIT_DEPTH_LUMA, 3)])?;
    r.bits([(&picture::RESERVED, 5), (&picture::BIT_DEPTH_CHROMA, 3)])?;
    let average_rate = r.u16(&f::AVERAGE_RATE)?;
    let [_, _, _, length] =
        r.bits([(&f::CONSTANT_RATE, 2), (&f::LAYERS, 3), (&f::LAYERS_NESTED, 1), (&f::LENGTH_SIZE, 2)])?;
    if length == 2 {
        r.remark(1, "lengths of 3 bytes are not allowed");
    }
    Ok(HevcConfig {
        profile: profile as u8,
        high_tier: tier == 1,
        level,
        chroma: Chroma(chroma as u8),
        bit_depth: luma_bits as u8 + 8,
        average_rate,
        nal_length: length as u8 + 1,
        picture: None,
        timing: None,
    })
}

fn arrays<A: Annotate>(r: &mut Reader<'_, A>, seen: &mut Seen) -> Result<(), Fault> {
    // A parameter set that cannot be decoded does not hide the ones after it.
    for _ in 0..r.u8(&f::ARRAYS)? {
        r.group(&f::ARRAY, |r| {
            r.bits([(&f::ARRAY_COMPLETE, 1), (&picture::RESERVED, 1), (&unit::HEVC_TYPE, 6)])?;
            for _ in 0..r.u16(&f::ARRAY_COUNT)? {
                nal::counted(r, &unit::NAL_UNIT, Family::Hevc, seen)?;
            }
            Ok(())
        })?;
    }
    if !r.rest(&picture::AFTER_RECORD).is_empty() {
        r.remark(1, "the record ends before the message does");
    }
    Ok(())
}

/// Profile, tier and level, for the stream and for its temporal layers but the highest.
fn profile_tier_level<A: Annotate>(b: &mut BitReader<'_, '_, A>, sub_layers: u32) -> Result<(), Fault> {
    general_profile(b)?;
    b.u(&f::LEVEL_IDC, 8)?;
    let mut present = [(false, false); 8];
    let layers = present.get_mut(..sub_layers as usize).unwrap_or_default();
    for (profile, level) in layers.iter_mut() {
        *profile = b.flag(&f::SUB_LAYER_PROFILE_PRESENT)?;
        *level = b.flag(&f::SUB_LAYER_LEVEL_PRESENT)?;
    }
    if sub_layers > 0 {
        b.u(&picture::RESERVED, 2 * (8 - sub_layers.min(7)))?;
    }
    for (profile, level) in layers.iter() {
        if *profile {
            general_profile(b)?;
        }
        if *level {
            b.u(&f::LEVEL_IDC, 8)?;
        }
    }
    Ok(())
}

fn general_profile<A: Annotate>(b: &mut BitReader<'_, '_, A>) -> Result<(), Fault> {
    b.u(&f::PROFILE_SPACE, 2)?;
    b.u(&f::TIER, 1)?;
    b.u(&f::PROFILE_IDC, 5)?;
    b.u(&f::COMPATIBILITY, 32)?;
    b.u(&f::CONSTRAINTS, 48).map(drop)
}

/// The names of profiles.
pub fn profile_name(number: u64) -> Option<&'static str> {
    Some(match number {
        1 => "Main",
        2 => "Main 10",
        3 => "Main Still Picture",
        4 => "Range Extensions",
        5 => "High Throughput",
        6 => "Multiview Main",
        7 => "Scalable Main",
        8 => "3D Main",
        9 => "Screen Content",
        10 => "Scalable Range Extensions",
        11 => "High Throughput Screen Content",
        _ => return None,
    })
}

fn hevc_level_name(number: u64) -> Option<&'static str> {
    if number.is_multiple_of(3) { level_name(number / 3) } else { None }
}

fn tier_name(number: u64) -> Option<&'static str> {
    Some(if number == 0 { "Main tier" } else { "High tier" })
}

/// Fields of HEVC decoder configurations, and of the parameter sets that say little.
pub mod f {
    use super::*;
    fields! {
        /// The whole record.
        HEVC_CONFIGURATION = Field::new("hevc_configuration", "what decoding HEVC pictures needs");
        /// Version.
        VERSION = Field::new("configuration_version", "version of the record, 1");
        /// Profile, tier and level.
        PROFILE_TIER_LEVEL = Field::new("profile_tier_level", "tools that the stream may use, and how much work it is");
        /// Profile space.
        PROFILE_SPACE = Field::new("general_profile_space", "always 0 so far");
        /// Tier.
        TIER = Field::new("general_tier_flag", "tier: how high rates may be").numbers(tier_name);
        /// Profile.
        PROFILE_IDC = Field::new("general_profile_idc", "tools that the stream may use").numbers(profile_name);
        /// Compatible profiles.
        COMPATIBILITY = Field::new("general_profile_compatibility_flags", "profiles whose decoders can decode it")
            .mask(COMPATIBLE);
        /// Constraints.
        CONSTRAINTS = Field::new("general_constraint_indicator_flags", "tools that the stream does not use after all");
        /// Level.
        LEVEL_IDC = Field::new("general_level_idc", "how much work decoding may be, times 30").numbers(hevc_level_name);
        /// Segmentation.
        SEGMENTATION = Field::new("min_spatial_segmentation_idc", "how finely pictures can be divided");
        /// Parallelism.
        PARALLELISM = Field::new("parallelism_type", "how parts can be decoded at the same time");
        /// Average rate.
        AVERAGE_RATE = Field::new("avg_frame_rate", "pictures in 256 seconds; 0 when not said");
        /// Constant rate.
        CONSTANT_RATE = Field::new("constant_frame_rate", "whether all pictures last equally long");
        /// Temporal layers.
        LAYERS = Field::new("num_temporal_layers", "temporal layers; 0 when not said");
        /// Nesting.
        LAYERS_NESTED = Field::new("temporal_id_nested", "a decoder may climb to a higher temporal layer anywhere");
        /// Bytes of a length.
        LENGTH_SIZE = Field::new("length_size_minus_one", "bytes of a NAL unit's length, minus 1").unit(Unit::Bytes);
        /// Arrays.
        ARRAYS = Field::new("num_of_arrays", "number of arrays of units");
        /// Array.
        ARRAY = Field::new("array", "units of one type");
        /// Complete.
        ARRAY_COMPLETE = Field::new("array_completeness", "no more units of this type are in the stream");
        /// Units in an array.
        ARRAY_COUNT = Field::new("num_nalus", "number of units");
        /// Video parameter set.
        VPS_ID = Field::new("vps_video_parameter_set_id", "which video parameter set it is, or is meant");
        /// Base layer.
        BASE_LAYER_INTERNAL = Field::new("vps_base_layer_internal_flag", "the base layer is part of this stream");
        /// Base layer.
        BASE_LAYER_AVAILABLE = Field::new("vps_base_layer_available_flag", "the base layer can be had");
        /// Layers.
        MAX_LAYERS = Field::new("vps_max_layers_minus1", "number of layers, minus 1");
        /// Temporal layers.
        MAX_SUB_LAYERS = Field::new("max_sub_layers_minus1", "number of temporal layers, minus 1");
        /// Nesting.
        NESTING = Field::new("temporal_id_nesting_flag", "a decoder may climb to a higher temporal layer anywhere");
        /// Reserved bits.
        RESERVED_FFFF = Field::new("vps_reserved_0xffff_16bits", "always ffff");
        /// Profile of a temporal layer.
        SUB_LAYER_PROFILE_PRESENT = Field::new("sub_layer_profile_present_flag", "the profile of this layer follows");
        /// Level of a temporal layer.
        SUB_LAYER_LEVEL_PRESENT = Field::new("sub_layer_level_present_flag", "the level of this layer follows");
        /// Id of a picture parameter set.
        PPS_ID = Field::new("pps_pic_parameter_set_id", "which picture parameter set it is");
        /// Id of a sequence parameter set.
        SPS_ID = Field::new("sps_seq_parameter_set_id", "which sequence parameter set it is, or is meant");
    }
    const COMPATIBLE: &[(u64, &str)] = &[
        (1 << 30, "Main"),
        (1 << 29, "Main 10"),
        (1 << 28, "Main Still Picture"),
        (1 << 27, "Range Extensions"),
        (1 << 26, "High Throughput"),
        (1 << 25, "Multiview Main"),
        (1 << 24, "Scalable Main"),
        (1 << 23, "3D Main"),
        (1 << 22, "Screen Content"),
        (1 << 21, "Scalable Range Extensions"),
        (1 << 20, "High Throughput Screen Content"),
    ];
}

#[cfg(test)]
mod tests;
