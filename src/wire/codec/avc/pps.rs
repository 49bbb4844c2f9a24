//! The picture parameter set of AVC (H.264 section 7.3.2.2), and the extension of the sequence parameter set.

use super::sps::scaling_list;
use crate::field::{Annotate, BitReader, Fault, Field, fields};
use crate::wire::codec::nal::{Seen, f as unit};

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// No picture of any level has more units of 16 by 16 samples.
const MOST_MAP_UNITS: u32 = 139_264;

/// Reads what follows the header of the unit. How many scaling lists there are depends on the colour sampling of the
/// sequence parameter set.
pub(in crate::wire::codec) fn read<A: Annotate>(b: &mut Bits<'_, '_, A>, seen: &Seen) -> Result<(), Fault> {
    b.ue(&super::f::PPS_ID)?;
    b.ue(&super::f::SPS_ID)?;
    b.flag(&f::ENTROPY_CODING)?;
    b.flag(&f::FIELD_ORDER_PRESENT)?;
    let groups = b.ue_to(&f::SLICE_GROUPS, 7)?;
    if groups > 0 {
        b.group(&f::SLICE_GROUP_MAP, |b| slice_groups(b, groups))?;
    }
    b.ue(&f::REF_L0)?;
    b.ue(&f::REF_L1)?;
    b.flag(&f::WEIGHTED_P)?;
    b.u(&f::WEIGHTED_B, 2)?;
    b.se(&f::INIT_QP)?;
    b.se(&f::INIT_QS)?;
    b.se(&f::CHROMA_QP)?;
    b.flag(&f::DEBLOCKING_CONTROL)?;
    b.flag(&f::CONSTRAINED_INTRA)?;
    b.flag(&f::REDUNDANT)?;
    if b.left() > 0 && !b.at_trailing() {
        let transform_8x8 = b.flag(&f::TRANSFORM_8X8)?;
        if b.flag(&f::SCALING_MATRIX_PRESENT)? {
            let full_colour = seen.picture.is_some_and(|picture| picture.chroma.0 == 3);
            let large = if !transform_8x8 {
                0
            } else if full_colour {
                6
            } else {
                2
            };
            for list in 0..6 + large {
                if b.flag(&f::SCALING_LIST_PRESENT)? {
                    b.group(&super::sps::f::SCALING_LIST, |b| scaling_list(b, if list < 6 { 16 } else { 64 }))?;
                }
            }
        }
        b.se(&f::SECOND_CHROMA_QP)?;
    }
    b.trailing(&unit::TRAILING);
    Ok(())
}

fn slice_groups<A: Annotate>(b: &mut Bits<'_, '_, A>, groups: u32) -> Result<(), Fault> {
    match b.ue_to(&f::MAP_TYPE, 6)? {
        0 => {
            for _ in 0..=groups {
                b.ue(&f::RUN_LENGTH)?;
            }
        }
        2 => {
            for _ in 0..groups {
                b.ue(&f::TOP_LEFT)?;
                b.ue(&f::BOTTOM_RIGHT)?;
            }
        }
        3..=5 => {
            b.flag(&f::CHANGE_DIRECTION)?;
            b.ue(&f::CHANGE_RATE)?;
        }
        6 => {
            let width = u32::BITS - groups.leading_zeros();
            for _ in 0..=b.ue_to(&f::MAP_UNITS, MOST_MAP_UNITS)? {
                b.u(&f::GROUP_ID, width)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Reads the extension of a sequence parameter set (section 7.3.2.1.2): pictures with transparency.
pub(in crate::wire::codec) fn sps_extension<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.ue(&super::f::SPS_ID)?;
    if b.ue_to(&f::AUX_FORMAT, 3)? != 0 {
        let bits = b.ue_to(&f::AUX_BITS, 4)? + 9;
        b.flag(&f::ALPHA_INVERTED)?;
        b.u(&f::ALPHA_OPAQUE, bits)?;
        b.u(&f::ALPHA_TRANSPARENT, bits)?;
    }
    b.flag(&f::MORE_EXTENSIONS)?;
    b.trailing(&unit::TRAILING);
    Ok(())
}

/// Fields of the picture parameter set of AVC.
pub mod f {
    use super::*;
    fields! {
        /// Entropy coding.
        ENTROPY_CODING = Field::new("entropy_coding_mode_flag", "CABAC instead of CAVLC");
        /// Order of fields.
        FIELD_ORDER_PRESENT =
            Field::new("bottom_field_pic_order_in_frame_present_flag", "slices tell the order of the bottom field");
        /// Slice groups.
        SLICE_GROUPS = Field::new("num_slice_groups_minus1", "number of slice groups, minus 1");
        /// Their map.
        SLICE_GROUP_MAP = Field::new("slice_group_map", "which part of a picture belongs to which slice group");
        /// Kind of map.
        MAP_TYPE = Field::new("slice_group_map_type", "how the map is told");
        /// Run.
        RUN_LENGTH = Field::new("run_length_minus1", "units in a row that belong to the group, minus 1");
        /// Corner.
        TOP_LEFT = Field::new("top_left", "first unit of the group");
        /// Corner.
        BOTTOM_RIGHT = Field::new("bottom_right", "last unit of the group");
        /// Direction.
        CHANGE_DIRECTION = Field::new("slice_group_change_direction_flag", "the group grows backwards");
        /// Rate.
        CHANGE_RATE = Field::new("slice_group_change_rate_minus1", "units by which it grows, minus 1");
        /// Units.
        MAP_UNITS = Field::new("pic_size_in_map_units_minus1", "units of a picture, minus 1");
        /// Group of a unit.
        GROUP_ID = Field::new("slice_group_id", "group that the unit belongs to");
        /// References.
        REF_L0 = Field::new("num_ref_idx_l0_default_active_minus1", "usual number of earlier pictures referred to, minus 1");
        /// References.
        REF_L1 = Field::new("num_ref_idx_l1_default_active_minus1", "usual number of later pictures referred to, minus 1");
        /// Weighted prediction.
        WEIGHTED_P = Field::new("weighted_pred_flag", "P slices weigh what they predict from");
        /// Weighted prediction.
        WEIGHTED_B = Field::new("weighted_bipred_idc", "how B slices weigh what they predict from");
        /// Quantiser.
        INIT_QP = Field::new("pic_init_qp_minus26", "quantiser to begin with, minus 26");
        /// Quantiser.
        INIT_QS = Field::new("pic_init_qs_minus26", "quantiser of switching slices to begin with, minus 26");
        /// Quantiser of colour.
        CHROMA_QP = Field::new("chroma_qp_index_offset", "how much finer or coarser colour is coded");
        /// Deblocking.
        DEBLOCKING_CONTROL = Field::new("deblocking_filter_control_present_flag", "slices say how edges are smoothed");
        /// Intra prediction.
        CONSTRAINED_INTRA = Field::new("constrained_intra_pred_flag", "intra blocks use intra blocks only");
        /// Redundant pictures.
        REDUNDANT = Field::new("redundant_pic_cnt_present_flag", "slices may be repeats for safety");
        /// Large transform.
        TRANSFORM_8X8 = Field::new("transform_8x8_mode_flag", "blocks may be transformed 8 by 8");
        /// Scaling matrix.
        SCALING_MATRIX_PRESENT = Field::new("pic_scaling_matrix_present_flag", "scaling lists follow");
        /// Is this list there?
        SCALING_LIST_PRESENT = Field::new("pic_scaling_list_present_flag", "this scaling list follows");
        /// Quantiser of the second colour.
        SECOND_CHROMA_QP = Field::new("second_chroma_qp_index_offset", "the same for the second colour");
        /// Transparency.
        AUX_FORMAT = Field::new("aux_format_idc", "how transparency is coded; 0 when there is none");
        /// Bits of transparency.
        AUX_BITS = Field::new("bit_depth_aux_minus8", "bits of a transparency sample, minus 8");
        /// Inverted.
        ALPHA_INVERTED = Field::new("alpha_incr_flag", "how transparency samples are meant");
        /// Opaque.
        ALPHA_OPAQUE = Field::new("alpha_opaque_value", "the value that hides all behind it");
        /// Transparent.
        ALPHA_TRANSPARENT = Field::new("alpha_transparent_value", "the value that shows all behind it");
        /// Extensions.
        MORE_EXTENSIONS = Field::new("additional_extension_flag", "always 0");
    }
}
