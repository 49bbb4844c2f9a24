//! The field table of the picture parameter set of VVC.

use crate::field::{Field, Unit, fields};

/// Fields of the picture parameter set of VVC.
pub mod f {
    use super::*;
    fields! {
        /// Number.
        PPS_ID = Field::new("pps_pic_parameter_set_id", "number of the set");
        /// Sequence parameter set.
        SPS_ID = Field::new("pps_seq_parameter_set_id", "sequence parameter set that it belongs to");
        /// Mixed units.
        MIXED = Field::new("pps_mixed_nalu_types_in_pic_flag", "slices of one picture may have different unit types");
        /// Width.
        WIDTH = Field::new("pps_pic_width_in_luma_samples", "width that is coded").unit(Unit::Pixels);
        /// Height.
        HEIGHT = Field::new("pps_pic_height_in_luma_samples", "height that is coded").unit(Unit::Pixels);
        /// Cropping.
        WINDOW = Field::new("pps_conformance_window_flag", "what to cut off follows");
        /// Left.
        LEFT = Field::new("pps_conf_win_left_offset", "to cut off at the left, in chroma samples");
        /// Right.
        RIGHT = Field::new("pps_conf_win_right_offset", "to cut off at the right, in chroma samples");
        /// Top.
        TOP = Field::new("pps_conf_win_top_offset", "to cut off at the top, in chroma samples");
        /// Bottom.
        BOTTOM = Field::new("pps_conf_win_bottom_offset", "to cut off at the bottom, in chroma samples");
        /// Scaling.
        SCALING_WINDOW = Field::new("pps_scaling_window_explicit_signalling_flag", "the part that is scaled follows");
        /// Left.
        SCALING_LEFT = Field::new("pps_scaling_win_left_offset", "left of that part, in chroma samples");
        /// Right.
        SCALING_RIGHT = Field::new("pps_scaling_win_right_offset", "right of it, in chroma samples");
        /// Top.
        SCALING_TOP = Field::new("pps_scaling_win_top_offset", "above it, in chroma samples");
        /// Bottom.
        SCALING_BOTTOM = Field::new("pps_scaling_win_bottom_offset", "below it, in chroma samples");
        /// Output.
        OUTPUT_FLAG = Field::new("pps_output_flag_present_flag", "headers say whether a picture is shown");
        /// Not divided.
        NOT_DIVIDED = Field::new("pps_no_pic_partition_flag", "a picture is one tile and one slice");
        /// Ids.
        SUBPICTURE_IDS = Field::new("pps_subpic_id_mapping_present_flag", "numbers of the parts of pictures follow");
        /// Parts.
        SUBPICTURES = Field::new("pps_num_subpics_minus1", "number of parts, minus 1");
        /// Ids.
        SUBPICTURE_ID_LENGTH = Field::new("pps_subpic_id_len_minus1", "bits of the number of a part, minus 1").unit(Unit::Bits);
        /// Id.
        SUBPICTURE_ID = Field::new("pps_subpic_id", "number of a part");
        /// Partition.
        PARTITION = Field::new("picture_partition", "tiles and slices");
        /// Blocks.
        CTU_SIZE = Field::new("pps_log2_ctu_size_minus5", "size of a block as a power of 2, minus 5");
        /// Columns.
        TILE_COLUMNS = Field::new("pps_num_exp_tile_columns_minus1", "columns of tiles whose width follows, minus 1");
        /// Rows.
        TILE_ROWS = Field::new("pps_num_exp_tile_rows_minus1", "rows of tiles whose height follows, minus 1");
        /// Width.
        TILE_WIDTH = Field::new("pps_tile_column_width_minus1", "width of a column in blocks, minus 1");
        /// Height.
        TILE_HEIGHT = Field::new("pps_tile_row_height_minus1", "height of a row in blocks, minus 1");
        /// Filters.
        FILTER_TILES = Field::new("pps_loop_filter_across_tiles_enabled_flag", "filters reach over the edges of tiles");
        /// Rectangles.
        RECTANGLES = Field::new("pps_rect_slice_flag", "slices are rectangles");
        /// Slices.
        SINGLE_SLICE = Field::new("pps_single_slice_per_subpic_flag", "every part is one slice");
        /// Slices.
        SLICES = Field::new("pps_num_slices_in_pic_minus1", "slices of a picture, minus 1");
        /// Jumps.
        TILE_JUMPS = Field::new("pps_tile_idx_delta_present_flag", "slices say with which tile they begin");
        /// Width.
        SLICE_WIDTH = Field::new("pps_slice_width_in_tiles_minus1", "width of a slice in tiles, minus 1");
        /// Height.
        SLICE_HEIGHT = Field::new("pps_slice_height_in_tiles_minus1", "height of a slice in tiles, minus 1");
        /// Parts of a tile.
        SLICES_IN_TILE = Field::new("pps_num_exp_slices_in_tile", "slices in this tile whose height follows");
        /// Height.
        SLICE_ROWS = Field::new("pps_exp_slice_height_in_ctus_minus1", "height of a slice in blocks, minus 1");
        /// Jump.
        TILE_JUMP = Field::new("pps_tile_idx_delta_val", "how many tiles further the next slice begins");
        /// Filters.
        FILTER_SLICES = Field::new("pps_loop_filter_across_slices_enabled_flag", "filters reach over the edges of slices");
        /// Entropy coding.
        CABAC_INIT = Field::new("pps_cabac_init_present_flag", "headers may choose how entropy coding begins");
        /// References.
        REFERENCES = Field::new("pps_num_ref_idx_default_active_minus1", "pictures to refer to in one direction, minus 1");
        /// Lists.
        LIST_INDEX = Field::new("pps_rpl1_idx_present_flag", "headers choose the second list of references too");
        /// Weights.
        WEIGHTED = Field::new("pps_weighted_pred_flag", "predictions from one picture are weighted");
        /// Weights.
        WEIGHTED_BOTH = Field::new("pps_weighted_bipred_flag", "predictions from two pictures are weighted");
        /// Wraparound.
        WRAPAROUND = Field::new("pps_ref_wraparound_enabled_flag", "the left edge goes on at the right one");
        /// Offset.
        WRAPAROUND_OFFSET = Field::new("pps_pic_width_minus_wraparound_offset", "width that is left out there, in blocks");
        /// Quantiser.
        INIT_QP = Field::new("pps_init_qp_minus26", "quantiser to begin with, minus 26");
        /// Quantiser of blocks.
        CU_QP = Field::new("pps_cu_qp_delta_enabled_flag", "blocks change the quantiser");
        /// Colours.
        CHROMA_OFFSETS = Field::new("pps_chroma_tool_offsets_present_flag", "colours have settings of their own");
        /// Blue.
        CB_QP = Field::new("pps_cb_qp_offset", "quantiser of blue, as a difference");
        /// Red.
        CR_QP = Field::new("pps_cr_qp_offset", "quantiser of red, as a difference");
        /// Both.
        JOINT_QP_PRESENT = Field::new("pps_joint_cbcr_qp_offset_present_flag", "that of both together follows");
        /// Both.
        JOINT_QP = Field::new("pps_joint_cbcr_qp_offset_value", "quantiser of both together, as a difference");
        /// Slices.
        SLICE_CHROMA_QP = Field::new("pps_slice_chroma_qp_offsets_present_flag", "slices change these");
        /// Lists.
        CHROMA_QP_LISTS = Field::new("pps_cu_chroma_qp_offset_list_enabled_flag", "blocks choose these from a list");
        /// Length.
        CHROMA_QP_LIST_LENGTH = Field::new("pps_chroma_qp_offset_list_len_minus1", "entries of the list, minus 1");
        /// Blue.
        CB_QP_ENTRY = Field::new("pps_cb_qp_offset_list", "quantiser of blue, as a difference");
        /// Red.
        CR_QP_ENTRY = Field::new("pps_cr_qp_offset_list", "quantiser of red, as a difference");
        /// Both.
        JOINT_QP_ENTRY = Field::new("pps_joint_cbcr_qp_offset_list", "quantiser of both together, as a difference");
        /// Deblocking.
        DEBLOCKING = Field::new("pps_deblocking_filter_control_present_flag", "settings for smoothing edges follow");
        /// Override.
        DEBLOCKING_OVERRIDE = Field::new("pps_deblocking_filter_override_enabled_flag", "headers may change them");
        /// Off.
        DEBLOCKING_OFF = Field::new("pps_deblocking_filter_disabled_flag", "edges are not smoothed");
        /// In the header.
        DEBLOCKING_IN_HEADER = Field::new("pps_dbf_info_in_ph_flag", "headers of pictures hold these settings");
        /// Beta.
        LUMA_BETA = Field::new("pps_luma_beta_offset_div2", "where brightness is smoothed, as half a difference");
        /// Tc.
        LUMA_TC = Field::new("pps_luma_tc_offset_div2", "how strongly, as half a difference");
        /// Beta.
        CB_BETA = Field::new("pps_cb_beta_offset_div2", "where blue is smoothed, as half a difference");
        /// Tc.
        CB_TC = Field::new("pps_cb_tc_offset_div2", "how strongly, as half a difference");
        /// Beta.
        CR_BETA = Field::new("pps_cr_beta_offset_div2", "where red is smoothed, as half a difference");
        /// Tc.
        CR_TC = Field::new("pps_cr_tc_offset_div2", "how strongly, as half a difference");
        /// Lists.
        LISTS_IN_HEADER = Field::new("pps_rpl_info_in_ph_flag", "headers of pictures hold the lists of references");
        /// Offsets.
        SAO_IN_HEADER = Field::new("pps_sao_info_in_ph_flag", "headers of pictures hold the settings of corrections");
        /// Filters.
        ALF_IN_HEADER = Field::new("pps_alf_info_in_ph_flag", "headers of pictures hold the settings of filters");
        /// Weights.
        WEIGHTS_IN_HEADER = Field::new("pps_wp_info_in_ph_flag", "headers of pictures hold the weights of predictions");
        /// Quantiser.
        QP_IN_HEADER = Field::new("pps_qp_delta_info_in_ph_flag", "headers of pictures hold the quantiser");
        /// Extension.
        PICTURE_HEADER_EXTENSION = Field::new("pps_picture_header_extension_present_flag", "headers of pictures have extensions");
        /// Extension.
        SLICE_HEADER_EXTENSION = Field::new("pps_slice_header_extension_present_flag", "headers of slices have extensions");
        /// Extension.
        EXTENSION = Field::new("pps_extension_flag", "extensions to come follow");
    }
}
