//! The field table of the sequence parameter set of HEVC.

use crate::field::{Field, Unit, fields};

/// Fields of the sequence parameter set of HEVC.
pub mod f {
    use super::*;
    fields! {
        /// Colour planes.
        SEPARATE_COLOUR_PLANES = Field::new("separate_colour_plane_flag", "the three colours are coded one by one");
        /// Width.
        WIDTH = Field::new("pic_width_in_luma_samples", "width that is coded").unit(Unit::Pixels);
        /// Height.
        HEIGHT = Field::new("pic_height_in_luma_samples", "height that is coded").unit(Unit::Pixels);
        /// Cropping.
        CONFORMANCE_WINDOW = Field::new("conformance_window_flag", "parts at the edges are not shown");
        /// Left.
        CONF_LEFT = Field::new("conf_win_left_offset", "not shown at the left, in chroma samples");
        /// Right.
        CONF_RIGHT = Field::new("conf_win_right_offset", "not shown at the right, in chroma samples");
        /// Top.
        CONF_TOP = Field::new("conf_win_top_offset", "not shown at the top, in chroma samples");
        /// Bottom.
        CONF_BOTTOM = Field::new("conf_win_bottom_offset", "not shown at the bottom, in chroma samples");
        /// Picture order, low bits.
        LOG2_MAX_POC_LSB = Field::new("log2_max_pic_order_cnt_lsb_minus4", "bits of a picture's place in order, minus 4")
            .unit(Unit::Bits);
        /// Ordering.
        SUB_LAYER_ORDERING = Field::new("sps_sub_layer_ordering_info_present_flag", "every temporal layer says its buffers");
        /// Buffers.
        MAX_BUFFERING = Field::new("sps_max_dec_pic_buffering_minus1", "pictures that a decoder must hold, minus 1");
        /// Reordering.
        NUM_REORDER = Field::new("sps_max_num_reorder_pics", "pictures that may come before one that is shown earlier");
        /// Latency.
        MAX_LATENCY = Field::new("sps_max_latency_increase_plus1", "limit of the delay; 0 when there is none");
        /// Smallest coding block.
        LOG2_MIN_CB = Field::new("log2_min_luma_coding_block_size_minus3", "smallest coding block, as an exponent");
        /// Largest coding block.
        LOG2_DIFF_CB = Field::new("log2_diff_max_min_luma_coding_block_size", "largest coding block, as an exponent");
        /// Smallest transform block.
        LOG2_MIN_TB = Field::new("log2_min_luma_transform_block_size_minus2", "smallest transform block, as an exponent");
        /// Largest transform block.
        LOG2_DIFF_TB = Field::new("log2_diff_max_min_luma_transform_block_size", "largest transform block, as an exponent");
        /// Depth between pictures.
        DEPTH_INTER = Field::new("max_transform_hierarchy_depth_inter", "how often a block may be split");
        /// Depth inside pictures.
        DEPTH_INTRA = Field::new("max_transform_hierarchy_depth_intra", "how often a block may be split");
        /// Scaling lists.
        SCALING_LIST_ENABLED = Field::new("scaling_list_enabled_flag", "frequencies are coded with different care");
        /// Are they there?
        SCALING_LIST_PRESENT = Field::new("sps_scaling_list_data_present_flag", "scaling lists follow");
        /// The lists.
        SCALING_LISTS = Field::new("scaling_list_data", "how coarse each frequency is coded");
        /// Mode of a list.
        SCALING_MODE = Field::new("scaling_list_pred_mode_flag", "the list follows in full");
        /// Another list.
        SCALING_DELTA = Field::new("scaling_list_pred_matrix_id_delta", "which list this one repeats");
        /// First coefficient.
        SCALING_DC = Field::new("scaling_list_dc_coef_minus8", "entry for the mean, minus 8");
        /// Coefficient.
        SCALING_COEFFICIENT = Field::new("scaling_list_delta_coef", "difference from the entry before");
        /// Partitions.
        AMP = Field::new("amp_enabled_flag", "blocks may be divided unevenly");
        /// Offsets.
        SAO = Field::new("sample_adaptive_offset_enabled_flag", "samples are corrected after filtering");
        /// Raw samples.
        PCM = Field::new("pcm_enabled_flag", "blocks may be sent raw");
        /// Raw luma.
        PCM_LUMA_BITS = Field::new("pcm_sample_bit_depth_luma_minus1", "bits of a raw luma sample, minus 1").unit(Unit::Bits);
        /// Raw chroma.
        PCM_CHROMA_BITS = Field::new("pcm_sample_bit_depth_chroma_minus1", "bits of a raw chroma sample, minus 1")
            .unit(Unit::Bits);
        /// Smallest raw block.
        PCM_LOG2_MIN = Field::new("log2_min_pcm_luma_coding_block_size_minus3", "smallest raw block, as an exponent");
        /// Largest raw block.
        PCM_LOG2_DIFF = Field::new("log2_diff_max_min_pcm_luma_coding_block_size", "largest raw block, as an exponent");
        /// Filter.
        PCM_LOOP_FILTER = Field::new("pcm_loop_filter_disabled_flag", "raw blocks are not filtered");
        /// Sets of reference pictures.
        SHORT_TERM_SETS = Field::new("num_short_term_ref_pic_sets", "number of sets of reference pictures");
        /// One set.
        SHORT_TERM_SET = Field::new("st_ref_pic_set", "pictures that predict others");
        /// From another set.
        INTER_RPS = Field::new("inter_ref_pic_set_prediction_flag", "the set is made from the one before");
        /// Sign of the distance.
        DELTA_SIGN = Field::new("delta_rps_sign", "the distance between the two sets is negative");
        /// Distance.
        DELTA_ABS = Field::new("abs_delta_rps_minus1", "distance between the two sets, minus 1");
        /// Used.
        USED = Field::new("used_by_curr_pic_flag", "the current picture uses it");
        /// Kept.
        USE_DELTA = Field::new("use_delta_flag", "it is part of the set");
        /// Pictures before.
        NEGATIVE = Field::new("num_negative_pics", "pictures shown before the current one");
        /// Pictures after.
        POSITIVE = Field::new("num_positive_pics", "pictures shown after the current one");
        /// Distance of a picture.
        DELTA_POC = Field::new("delta_poc_minus1", "distance in order from the picture before, minus 1");
        /// Long-term pictures.
        LONG_TERM = Field::new("long_term_ref_pics_present_flag", "pictures may be kept for long");
        /// Their number.
        LONG_TERM_COUNT = Field::new("num_long_term_ref_pics_sps", "number of pictures kept for long");
        /// Place in order.
        LONG_TERM_LSB = Field::new("lt_ref_pic_poc_lsb_sps", "low bits of the place in order");
        /// Used.
        LONG_TERM_USED = Field::new("used_by_curr_pic_lt_sps_flag", "the current picture uses it");
        /// Motion from earlier pictures.
        TEMPORAL_MVP = Field::new("sps_temporal_mvp_enabled_flag", "motion is predicted from earlier pictures");
        /// Smoothing.
        STRONG_INTRA = Field::new("strong_intra_smoothing_enabled_flag", "large flat blocks are smoothed strongly");
        /// Video usability information.
        VUI_PRESENT = Field::new("vui_parameters_present_flag", "video usability information follows");
        /// Neutral chroma.
        NEUTRAL_CHROMA = Field::new("neutral_chroma_indication_flag", "pictures are grey");
        /// Fields.
        FIELD_SEQ = Field::new("field_seq_flag", "pictures are fields");
        /// Picture structure.
        FRAME_FIELD_INFO = Field::new("frame_field_info_present_flag", "SEI says how each picture is shown");
        /// Display window.
        DISPLAY_WINDOW = Field::new("default_display_window_flag", "a smaller part is meant to be shown");
        /// Left.
        DISPLAY_LEFT = Field::new("def_disp_win_left_offset", "left of the window, in chroma samples");
        /// Right.
        DISPLAY_RIGHT = Field::new("def_disp_win_right_offset", "right of the window, in chroma samples");
        /// Top.
        DISPLAY_TOP = Field::new("def_disp_win_top_offset", "above the window, in chroma samples");
        /// Bottom.
        DISPLAY_BOTTOM = Field::new("def_disp_win_bottom_offset", "below the window, in chroma samples");
        /// Reference decoder.
        HRD_PRESENT = Field::new("vui_hrd_parameters_present_flag", "rates and buffers follow");
        /// Tiles.
        TILES_FIXED = Field::new("tiles_fixed_structure_flag", "tiles stay as they are");
        /// Lists of references.
        RESTRICTED_LISTS = Field::new("restricted_ref_pic_lists_flag", "all slices of a picture refer to the same pictures");
        /// Segmentation.
        SEGMENTATION = Field::new("min_spatial_segmentation_idc", "how finely pictures can be divided");
        /// Extensions.
        EXTENSION = Field::new("sps_extension_present_flag", "extensions follow");
        /// Range extension.
        EXTENSION_RANGE = Field::new("range_extension_flag", "the extension for more colours and bits follows");
        /// Other extensions.
        EXTENSION_OTHERS =
            Field::new("other_extension_flags", "extensions for layers, 3D and screen contents, which are not decoded");
        /// Range extension.
        RANGE_EXTENSION = Field::new("range_extension", "tools for more colours and bits");
        /// Its tools.
        RANGE_TOOLS = Field::new("range_extension_flags", "which of them the stream uses").mask(RANGE_TOOL_NAMES);
    }
    const RANGE_TOOL_NAMES: &[(u64, &str)] = &[
        (0x100, "transform_skip_rotation"),
        (0x80, "transform_skip_context"),
        (0x40, "implicit_rdpcm"),
        (0x20, "explicit_rdpcm"),
        (0x10, "extended_precision_processing"),
        (0x08, "intra_smoothing_disabled"),
        (0x04, "high_precision_offsets"),
        (0x02, "persistent_rice_adaptation"),
        (0x01, "cabac_bypass_alignment"),
    ];
}
