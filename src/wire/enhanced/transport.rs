//! The AV1 video descriptor of MPEG-2 TS, which one packet type carries instead of the configuration record.

use super::f as common;
use crate::field::{Annotate, Fault, Field, Reader, fields};
use crate::wire::fourcc::FourCc;

/// Reads the descriptor, if it is one; anything else stays one leaf.
pub(super) fn read<A: Annotate>(r: &mut Reader<'_, A>, fourcc: FourCc) -> Result<(), Fault> {
    if let (b"av01", [TAG, LENGTH, _, _, _, _]) = (&fourcc.0, r.peek()) {
        return r.group(&f::DESCRIPTOR, descriptor);
    }
    r.rest(&common::CODEC_CONFIG);
    Ok(())
}

fn descriptor<A: Annotate>(r: &mut Reader<'_, A>) -> Result<(), Fault> {
    r.u8(&f::TAG)?;
    r.u8(&f::LENGTH)?;
    r.bits([(&f::MARKER, 1), (&f::VERSION, 7), (&f::PROFILE, 3), (&f::LEVEL, 5)])?;
    r.bits([
        (&f::TIER, 1),
        (&f::HIGH_BIT_DEPTH, 1),
        (&f::TWELVE_BIT, 1),
        (&f::MONOCHROME, 1),
        (&f::SUBSAMPLING_X, 1),
        (&f::SUBSAMPLING_Y, 1),
        (&f::SAMPLE_POSITION, 2),
    ])?;
    r.bits([(&f::HDR_WCG, 2), (&f::RESERVED, 1), (&f::DELAY_PRESENT, 1), (&f::DELAY, 4)])?;
    Ok(())
}

const TAG: u8 = 0x80;
const LENGTH: u8 = 4;

fn profile_name(profile: u64) -> Option<&'static str> {
    ["Main", "High", "Professional"].get(usize::try_from(profile).ok()?).copied()
}

/// Fields of the AV1 video descriptor.
pub mod f {
    use super::*;
    fields! {
        /// The whole descriptor.
        DESCRIPTOR = Field::new("av1_video_descriptor", "what an AV1 decoder must know, in the form of MPEG-2 TS");
        /// Tag.
        TAG = Field::new("descriptor_tag", "80 in hex: an AV1 video descriptor");
        /// Length.
        LENGTH = Field::new("descriptor_length", "bytes that follow");
        /// Marker.
        MARKER = Field::new("marker", "always 1");
        /// Version.
        VERSION = Field::new("version", "version of the record, 1");
        /// Profile.
        PROFILE = Field::new("seq_profile", "profile of the stream").numbers(profile_name);
        /// Level.
        LEVEL = Field::new("seq_level_idx_0", "level: 2 + index / 4, and the remainder behind the point; 31 is the maximum");
        /// Tier.
        TIER = Field::new("seq_tier_0", "tier: 0 Main, 1 High");
        /// High bit depth.
        HIGH_BIT_DEPTH = Field::new("high_bitdepth", "more than 8 bits a sample");
        /// Twelve bits.
        TWELVE_BIT = Field::new("twelve_bit", "12 bits a sample");
        /// Monochrome.
        MONOCHROME = Field::new("monochrome", "no colour");
        /// Horizontal subsampling.
        SUBSAMPLING_X = Field::new("chroma_subsampling_x", "colour has half the width");
        /// Vertical subsampling.
        SUBSAMPLING_Y = Field::new("chroma_subsampling_y", "colour has half the height");
        /// Sample position.
        SAMPLE_POSITION = Field::new("chroma_sample_position", "where colour samples lie between the others");
        /// Dynamic range and gamut.
        HDR_WCG = Field::new("hdr_wcg_idc", "whether the stream has high dynamic range or a wide colour gamut");
        /// Reserved.
        RESERVED = Field::new("reserved", "0");
        /// Delay present.
        DELAY_PRESENT = Field::new("initial_presentation_delay_present", "whether the delay that follows counts");
        /// Delay.
        DELAY = Field::new("initial_presentation_delay_minus_one", "frames to decode before the first is shown, minus 1");
    }
}
