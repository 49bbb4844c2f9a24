//! The picture parameter set of HEVC (H.265 section 7.3.2.3) with its range extension.

use super::{f as hevc, sps};
use crate::field::{Annotate, BitReader, Fault, Field, fields};
use crate::wire::codec::nal::f as unit;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// More columns or rows of tiles cannot be meant: the largest level has 20 and 22, and later ones doubled that.
const MOST_TILES: u32 = 440;

/// Reads what follows the header of the unit.
pub(in crate::wire::codec) fn read<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.ue(&hevc::PPS_ID)?;
    b.ue(&hevc::SPS_ID)?;
    b.flag(&f::DEPENDENT_SLICES)?;
    b.flag(&f::OUTPUT_FLAG)?;
    b.u(&f::EXTRA_BITS, 3)?;
    b.flag(&f::SIGN_HIDING)?;
    b.flag(&f::CABAC_INIT)?;
    b.ue(&f::REF_L0)?;
    b.ue(&f::REF_L1)?;
    b.se(&f::INIT_QP)?;
    b.flag(&f::CONSTRAINED_INTRA)?;
    let skip = b.flag(&f::TRANSFORM_SKIP)?;
    if b.flag(&f::CU_QP_DELTA)? {
        b.ue(&f::CU_QP_DEPTH)?;
    }
    b.se(&f::CB_QP)?;
    b.se(&f::CR_QP)?;
    b.flag(&f::SLICE_CHROMA_QP)?;
    b.flag(&f::WEIGHTED_P)?;
    b.flag(&f::WEIGHTED_B)?;
    b.flag(&f::LOSSLESS)?;
    let tiled = b.flag(&f::TILES)?;
    b.flag(&f::ENTROPY_SYNC)?;
    if tiled {
        b.group(&f::TILE_GRID, tiles)?;
    }
    b.flag(&f::FILTER_ACROSS_SLICES)?;
    if b.flag(&f::DEBLOCKING_CONTROL)? {
        b.flag(&f::DEBLOCKING_OVERRIDE)?;
        if !b.flag(&f::DEBLOCKING_OFF)? {
            b.se(&f::BETA_OFFSET)?;
            b.se(&f::TC_OFFSET)?;
        }
    }
    if b.flag(&f::SCALING_PRESENT)? {
        b.group(&sps::f::SCALING_LISTS, sps::scaling_lists)?;
    }
    b.flag(&f::LISTS_MODIFICATION)?;
    b.ue(&f::MERGE_LEVEL)?;
    b.flag(&f::SLICE_EXTENSION)?;
    if b.flag(&f::EXTENSION)? {
        let range = b.flag(&sps::f::EXTENSION_RANGE)?;
        let others = b.u(&sps::f::EXTENSION_OTHERS, 7)?;
        if range {
            b.group(&sps::f::RANGE_EXTENSION, |b| range_extension(b, skip))?;
        }
        if others != 0 {
            b.rest(&unit::MORE_PARAMETERS);
            return Ok(());
        }
    }
    b.trailing(&unit::TRAILING);
    Ok(())
}

fn tiles<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    let columns = b.ue_to(&f::TILE_COLUMNS, MOST_TILES)?;
    let rows = b.ue_to(&f::TILE_ROWS, MOST_TILES)?;
    if !b.flag(&f::TILES_UNIFORM)? {
        for _ in 0..columns {
            b.ue(&f::TILE_WIDTH)?;
        }
        for _ in 0..rows {
            b.ue(&f::TILE_HEIGHT)?;
        }
    }
    b.flag(&f::FILTER_ACROSS_TILES).map(drop)
}

fn range_extension<A: Annotate>(b: &mut Bits<'_, '_, A>, transform_skip: bool) -> Result<(), Fault> {
    if transform_skip {
        b.ue(&f::SKIP_SIZE)?;
    }
    b.flag(&f::CROSS_COMPONENT)?;
    if b.flag(&f::CHROMA_QP_LIST)? {
        b.ue(&f::CHROMA_QP_DEPTH)?;
        for _ in 0..=b.ue_to(&f::CHROMA_QP_COUNT, 5)? {
            b.se(&f::CB_QP)?;
            b.se(&f::CR_QP)?;
        }
    }
    b.ue(&f::SAO_LUMA)?;
    b.ue(&f::SAO_CHROMA).map(drop)
}

/// Fields of the picture parameter set of HEVC.
pub mod f {
    use super::*;
    fields! {
        /// Dependent slices.
        DEPENDENT_SLICES = Field::new("dependent_slice_segments_enabled_flag", "slices may continue others");
        /// Output.
        OUTPUT_FLAG = Field::new("output_flag_present_flag", "slices say whether their picture is shown");
        /// Extra bits.
        EXTRA_BITS = Field::new("num_extra_slice_header_bits", "bits in slice headers to be ignored");
        /// Signs.
        SIGN_HIDING = Field::new("sign_data_hiding_enabled_flag", "some signs are derived");
        /// Entropy coder.
        CABAC_INIT = Field::new("cabac_init_present_flag", "slices say how the entropy coder begins");
        /// References.
        REF_L0 = Field::new("num_ref_idx_l0_default_active_minus1", "usual number of earlier pictures referred to, minus 1");
        /// References.
        REF_L1 = Field::new("num_ref_idx_l1_default_active_minus1", "usual number of later pictures referred to, minus 1");
        /// Quantiser.
        INIT_QP = Field::new("init_qp_minus26", "quantiser to begin with, minus 26");
        /// Intra prediction.
        CONSTRAINED_INTRA = Field::new("constrained_intra_pred_flag", "intra blocks use intra blocks only");
        /// No transform.
        TRANSFORM_SKIP = Field::new("transform_skip_enabled_flag", "blocks may go without a transform");
        /// Quantiser in blocks.
        CU_QP_DELTA = Field::new("cu_qp_delta_enabled_flag", "blocks may change the quantiser");
        /// How small these blocks are.
        CU_QP_DEPTH = Field::new("diff_cu_qp_delta_depth", "how small the blocks are that may");
        /// Quantiser of blue.
        CB_QP = Field::new("cb_qp_offset", "how much finer or coarser blue difference is coded");
        /// Quantiser of red.
        CR_QP = Field::new("cr_qp_offset", "how much finer or coarser red difference is coded");
        /// The same in slices.
        SLICE_CHROMA_QP = Field::new("pps_slice_chroma_qp_offsets_present_flag", "slices say that again");
        /// Weighted prediction.
        WEIGHTED_P = Field::new("weighted_pred_flag", "P slices weigh what they predict from");
        /// Weighted prediction.
        WEIGHTED_B = Field::new("weighted_bipred_flag", "B slices weigh what they predict from");
        /// Lossless blocks.
        LOSSLESS = Field::new("transquant_bypass_enabled_flag", "blocks may be coded without loss");
        /// Tiles.
        TILES = Field::new("tiles_enabled_flag", "pictures are divided into tiles");
        /// Rows in parallel.
        ENTROPY_SYNC = Field::new("entropy_coding_sync_enabled_flag", "rows can be decoded in parallel");
        /// Grid of tiles.
        TILE_GRID = Field::new("tiles", "how pictures are divided into tiles");
        /// Columns.
        TILE_COLUMNS = Field::new("num_tile_columns_minus1", "columns of tiles, minus 1");
        /// Rows.
        TILE_ROWS = Field::new("num_tile_rows_minus1", "rows of tiles, minus 1");
        /// Equal tiles.
        TILES_UNIFORM = Field::new("uniform_spacing_flag", "all tiles are about as large");
        /// Width.
        TILE_WIDTH = Field::new("column_width_minus1", "width of the column in blocks, minus 1");
        /// Height.
        TILE_HEIGHT = Field::new("row_height_minus1", "height of the row in blocks, minus 1");
        /// Filter.
        FILTER_ACROSS_TILES = Field::new("loop_filter_across_tiles_enabled_flag", "edges of tiles are smoothed");
        /// Filter.
        FILTER_ACROSS_SLICES = Field::new("pps_loop_filter_across_slices_enabled_flag", "edges of slices are smoothed");
        /// Deblocking.
        DEBLOCKING_CONTROL = Field::new("deblocking_filter_control_present_flag", "how edges are smoothed follows");
        /// Deblocking in slices.
        DEBLOCKING_OVERRIDE = Field::new("deblocking_filter_override_enabled_flag", "slices may say it otherwise");
        /// No deblocking.
        DEBLOCKING_OFF = Field::new("pps_deblocking_filter_disabled_flag", "edges are not smoothed");
        /// Strength.
        BETA_OFFSET = Field::new("pps_beta_offset_div2", "which edges are smoothed, half the offset");
        /// Strength.
        TC_OFFSET = Field::new("pps_tc_offset_div2", "how strongly edges are smoothed, half the offset");
        /// Scaling lists.
        SCALING_PRESENT = Field::new("pps_scaling_list_data_present_flag", "scaling lists follow");
        /// Order of references.
        LISTS_MODIFICATION = Field::new("lists_modification_present_flag", "slices may reorder what they refer to");
        /// Merging.
        MERGE_LEVEL = Field::new("log2_parallel_merge_level_minus2", "blocks merged in parallel, as an exponent");
        /// Extension in slices.
        SLICE_EXTENSION = Field::new("slice_segment_header_extension_present_flag", "slice headers have an extension");
        /// Extensions.
        EXTENSION = Field::new("pps_extension_present_flag", "extensions follow");
        /// Largest block.
        SKIP_SIZE = Field::new("log2_max_transform_skip_block_size_minus2", "largest block without a transform");
        /// Prediction between colours.
        CROSS_COMPONENT = Field::new("cross_component_prediction_enabled_flag", "colour is predicted from brightness");
        /// Quantisers of colour.
        CHROMA_QP_LIST = Field::new("chroma_qp_offset_list_enabled_flag", "blocks may choose the quantiser of colour");
        /// How small these blocks are.
        CHROMA_QP_DEPTH = Field::new("diff_cu_chroma_qp_offset_depth", "how small the blocks are that may");
        /// Choices.
        CHROMA_QP_COUNT = Field::new("chroma_qp_offset_list_len_minus1", "number of choices, minus 1");
        /// Correction.
        SAO_LUMA = Field::new("log2_sao_offset_scale_luma", "scale of corrections of brightness");
        /// Correction.
        SAO_CHROMA = Field::new("log2_sao_offset_scale_chroma", "scale of corrections of colour");
    }
}
