//! The sequence parameter set of VVC (H.266 section 7.3.2.4): profile, level, size and bits of a sample. The coding tools
//! behind them stay one leaf.

use super::f as vvc;
use crate::field::{Annotate, BitReader, Fault, Field, Unit, Value, fields};
use crate::wire::codec::nal::{Seen, f as unit};
use crate::wire::codec::picture::{Chroma, Picture, cropped, f as picture};

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Larger pictures than any level allows.
const LARGEST: u32 = 1 << 16;

/// Reads what follows the header of the unit.
pub(in crate::wire::codec) fn read<A: Annotate>(b: &mut Bits<'_, '_, A>, seen: &mut Seen) -> Result<(), Fault> {
    b.u(&f::SPS_ID, 4)?;
    b.u(&f::VPS_ID, 4)?;
    let layers = b.u(&f::MAX_SUBLAYERS, 3)? as u32;
    let chroma = Chroma(b.u(&picture::CHROMA_FORMAT_IDC, 2)? as u8);
    b.u(&f::CTU_SIZE, 2)?;
    if b.flag(&f::PTL_PRESENT)? {
        b.group(&f::PROFILE_TIER_LEVEL, |b| profile_tier_level(b, layers))?;
    }
    b.flag(&f::GDR)?;
    if b.flag(&f::RESAMPLING)? {
        b.flag(&f::RESOLUTION_CHANGES)?;
    }
    let coded = (b.ue_to(&f::WIDTH, LARGEST)?, b.ue_to(&f::HEIGHT, LARGEST)?);
    let mut shown = coded;
    if b.flag(&f::WINDOW)? {
        let crop = [b.ue(&f::LEFT)?, b.ue(&f::RIGHT)?, b.ue(&f::TOP)?, b.ue(&f::BOTTOM)?];
        match cropped(shown, chroma.step(), crop) {
            Some(left) => shown = left,
            None => b.remark("the cropping leaves nothing of the picture"),
        }
    }
    // Where pictures are divided the bits of a sample follow after the places of all parts.
    if !b.flag(&f::SUBPICTURES)? {
        let bit_depth = b.ue_to(&f::BIT_DEPTH, 8)? as u8 + 8;
        b.derived(&picture::WIDTH, Value::Unsigned(u64::from(shown.0)));
        b.derived(&picture::HEIGHT, Value::Unsigned(u64::from(shown.1)));
        seen.picture.get_or_insert(Picture {
            width: shown.0,
            height: shown.1,
            coded_width: coded.0,
            coded_height: coded.1,
            chroma,
            bit_depth,
            sar: None,
            rate: None,
            interlaced: false,
            colour: None,
        });
    }
    b.rest(&unit::MORE_PARAMETERS);
    Ok(())
}

fn profile_tier_level<A: Annotate>(b: &mut Bits<'_, '_, A>, layers: u32) -> Result<(), Fault> {
    b.u(&vvc::PROFILE_IDC, 7)?;
    b.u(&vvc::TIER, 1)?;
    b.u(&vvc::LEVEL_IDC, 8)?;
    b.flag(&vvc::FRAME_ONLY)?;
    b.flag(&vvc::MULTILAYER)?;
    if b.flag(&f::CONSTRAINTS_PRESENT)? {
        b.u(&vvc::CONSTRAINTS, 64)?;
        b.u(&vvc::CONSTRAINTS, 7)?;
        for _ in 0..b.u(&f::CONSTRAINTS_MORE, 8)? {
            b.flag(&picture::RESERVED)?;
        }
    }
    b.align(&picture::RESERVED)?;
    let mut levels = 0;
    for _ in 0..layers {
        levels += u32::from(b.flag(&vvc::SUBLAYER_LEVEL_PRESENT)?);
    }
    b.align(&picture::RESERVED)?;
    for _ in 0..levels {
        b.u(&vvc::SUBLAYER_LEVEL, 8)?;
    }
    for _ in 0..b.u(&vvc::SUB_PROFILES, 8)? {
        b.u(&vvc::SUB_PROFILE, 32)?;
    }
    Ok(())
}

/// Fields of the sequence parameter set of VVC.
pub mod f {
    use super::*;
    fields! {
        /// Number.
        SPS_ID = Field::new("sps_seq_parameter_set_id", "number of the set");
        /// Number of the video parameter set.
        VPS_ID = Field::new("sps_video_parameter_set_id", "video parameter set that it belongs to; 0 for none");
        /// Temporal layers.
        MAX_SUBLAYERS = Field::new("sps_max_sublayers_minus1", "number of temporal layers, minus 1");
        /// Blocks.
        CTU_SIZE = Field::new("sps_log2_ctu_size_minus5", "size of a block as a power of 2, minus 5");
        /// Profile.
        PTL_PRESENT = Field::new("sps_ptl_dpb_hrd_params_present_flag", "profile, level and buffers follow");
        /// Profile, tier and level.
        PROFILE_TIER_LEVEL = Field::new("profile_tier_level", "tools that the stream may use, and how much work it is");
        /// Constraints.
        CONSTRAINTS_PRESENT = Field::new("gci_present_flag", "tools that the stream does not use follow");
        /// More constraints.
        CONSTRAINTS_MORE = Field::new("gci_num_additional_bits", "number of further constraints").unit(Unit::Bits);
        /// Gradual refresh.
        GDR = Field::new("sps_gdr_enabled_flag", "decoding may start at pictures that get right bit by bit");
        /// Sizes.
        RESAMPLING = Field::new("sps_ref_pic_resampling_enabled_flag", "pictures may differ in size");
        /// Sizes.
        RESOLUTION_CHANGES = Field::new("sps_res_change_in_clvs_allowed_flag", "the size may change between key frames");
        /// Width.
        WIDTH = Field::new("sps_pic_width_max_in_luma_samples", "largest width that is coded").unit(Unit::Pixels);
        /// Height.
        HEIGHT = Field::new("sps_pic_height_max_in_luma_samples", "largest height that is coded").unit(Unit::Pixels);
        /// Cropping.
        WINDOW = Field::new("sps_conformance_window_flag", "what to cut off follows");
        /// Left.
        LEFT = Field::new("sps_conf_win_left_offset", "to cut off at the left, in chroma samples");
        /// Right.
        RIGHT = Field::new("sps_conf_win_right_offset", "to cut off at the right, in chroma samples");
        /// Top.
        TOP = Field::new("sps_conf_win_top_offset", "to cut off at the top, in chroma samples");
        /// Bottom.
        BOTTOM = Field::new("sps_conf_win_bottom_offset", "to cut off at the bottom, in chroma samples");
        /// Parts.
        SUBPICTURES = Field::new("sps_subpic_info_present_flag", "pictures are divided into parts, which follow");
        /// Bits.
        BIT_DEPTH = Field::new("sps_bitdepth_minus8", "bits of a sample, minus 8").unit(Unit::Bits);
    }
}
