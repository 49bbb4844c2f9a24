//! The field table of the sequence parameter set of VVC.

use crate::field::{Field, Unit, fields};

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
        /// Their places.
        SUBPICTURE_LAYOUT = Field::new("subpicture_layout", "parts of pictures that can be decoded alone");
        /// Their number.
        SUBPICTURE_COUNT = Field::new("sps_num_subpics_minus1", "number of parts, minus 1");
        /// Independence.
        SUBPICTURES_INDEPENDENT = Field::new("sps_independent_subpics_flag", "no part needs another");
        /// Sizes.
        SUBPICTURES_ALIKE = Field::new("sps_subpic_same_size_flag", "all parts have the size of the first");
        /// One part.
        SUBPICTURE = Field::new("subpicture", "place of a part");
        /// Left.
        SUBPICTURE_LEFT = Field::new("sps_subpic_ctu_top_left_x", "left edge, in blocks");
        /// Top.
        SUBPICTURE_TOP = Field::new("sps_subpic_ctu_top_left_y", "upper edge, in blocks");
        /// Width.
        SUBPICTURE_WIDTH = Field::new("sps_subpic_width_minus1", "width in blocks, minus 1");
        /// Height.
        SUBPICTURE_HEIGHT = Field::new("sps_subpic_height_minus1", "height in blocks, minus 1");
        /// Edges.
        SUBPICTURE_AS_PICTURE = Field::new("sps_subpic_treated_as_pic_flag", "its edges are those of a picture");
        /// Filters.
        SUBPICTURE_FILTER = Field::new("sps_loop_filter_across_subpic_enabled_flag", "filters reach over its edges");
        /// Ids.
        SUBPICTURE_ID_LENGTH = Field::new("sps_subpic_id_len_minus1", "bits of the number of a part, minus 1").unit(Unit::Bits);
        /// Ids.
        SUBPICTURE_IDS = Field::new("sps_subpic_id_mapping_explicitly_signalled_flag", "parts have numbers of their own");
        /// Ids.
        SUBPICTURE_IDS_HERE = Field::new("sps_subpic_id_mapping_present_flag", "these numbers follow");
        /// Id.
        SUBPICTURE_ID = Field::new("sps_subpic_id", "number of a part");
        /// Bits.
        BIT_DEPTH = Field::new("sps_bitdepth_minus8", "bits of a sample, minus 8").unit(Unit::Bits);
        /// Rows.
        ENTROPY_SYNC = Field::new("sps_entropy_coding_sync_enabled_flag", "rows of blocks can be decoded side by side");
        /// Offsets.
        ENTRY_POINTS = Field::new("sps_entry_point_offsets_present_flag", "slices say where these rows begin");
        /// Picture order, low bits.
        LOG2_MAX_POC_LSB = Field::new("sps_log2_max_pic_order_cnt_lsb_minus4", "bits of a picture's place in order, minus 4")
            .unit(Unit::Bits);
        /// Picture order, high bits.
        POC_MSB = Field::new("sps_poc_msb_cycle_flag", "headers may tell the high bits too");
        /// Their number.
        POC_MSB_LENGTH = Field::new("sps_poc_msb_cycle_len_minus1", "number of the high bits, minus 1").unit(Unit::Bits);
        /// Extra bits.
        EXTRA_PH = Field::new("sps_num_extra_ph_bytes", "bytes that say which extra bits headers of pictures have");
        /// Extra bits.
        EXTRA_PH_PRESENT = Field::new("sps_extra_ph_bit_present_flags", "which of eight bits are there");
        /// Extra bits.
        EXTRA_SH = Field::new("sps_num_extra_sh_bytes", "bytes that say which extra bits headers of slices have");
        /// Extra bits.
        EXTRA_SH_PRESENT = Field::new("sps_extra_sh_bit_present_flags", "which of eight bits are there");
        /// Buffers.
        SUBLAYER_BUFFERS = Field::new("sps_sublayer_dpb_params_flag", "every temporal layer says its buffers");
        /// Blocks.
        PARTITIONS = Field::new("partitions", "how blocks are divided");
        /// Transforms.
        TRANSFORMS = Field::new("transforms", "how blocks are transformed");
        /// Filters.
        FILTERS = Field::new("filters", "filters, and what predictions are made of");
        /// Layers.
        INTER_LAYER = Field::new("sps_inter_layer_prediction_enabled_flag", "pictures are predicted from other layers");
        /// Key frames.
        IDR_LISTS = Field::new("sps_idr_rpl_present_flag", "key frames may have lists of references");
        /// Lists.
        SAME_LISTS = Field::new("sps_rpl1_same_as_rpl0_flag", "both directions have the same lists");
        /// Lists.
        LIST_COUNT = Field::new("sps_num_ref_pic_lists", "number of lists of one direction");
        /// Between pictures.
        INTER_TOOLS = Field::new("inter_prediction", "predictions from other pictures");
        /// Inside pictures.
        INTRA_TOOLS = Field::new("intra_prediction", "predictions inside of pictures");
        /// Quantisers.
        QUANTISERS = Field::new("quantisation", "how numbers are made coarser");
        /// Boundaries.
        BOUNDARIES = Field::new("sps_virtual_boundaries_enabled_flag", "there are lines that filters do not cross");
        /// Are they there?
        BOUNDARIES_HERE = Field::new("sps_virtual_boundaries_present_flag", "these lines follow");
        /// Number.
        BOUNDARIES_X = Field::new("sps_num_ver_virtual_boundaries", "number of upright lines");
        /// Place.
        BOUNDARY_X = Field::new("sps_virtual_boundary_pos_x_minus1", "place of a line in units of 8 samples, minus 1");
        /// Number.
        BOUNDARIES_Y = Field::new("sps_num_hor_virtual_boundaries", "number of level lines");
        /// Place.
        BOUNDARY_Y = Field::new("sps_virtual_boundary_pos_y_minus1", "place of a line in units of 8 samples, minus 1");
        /// Timing.
        TIMING = Field::new("sps_timing_hrd_params_present_flag", "clock, rates and buffers follow");
        /// Layers.
        SUBLAYER_TIMING = Field::new("sps_sublayer_cpb_params_present_flag", "every temporal layer has its own");
        /// Fields.
        FIELD_SEQ = Field::new("sps_field_seq_flag", "pictures are fields");
        /// Video usability information.
        VUI_PRESENT = Field::new("sps_vui_parameters_present_flag", "video usability information follows");
        /// Its size.
        VUI_SIZE = Field::new("sps_vui_payload_size_minus1", "bytes of it, minus 1").unit(Unit::Bytes);
        /// Source.
        PROGRESSIVE = Field::new("vui_progressive_source_flag", "the source was progressive");
        /// Source.
        INTERLACED = Field::new("vui_interlaced_source_flag", "the source was interlaced");
        /// Packing.
        NON_PACKED = Field::new("vui_non_packed_constraint_flag", "no two views share a picture");
        /// Projection.
        NON_PROJECTED = Field::new("vui_non_projected_constraint_flag", "pictures are no projections of a sphere");
        /// Shape.
        ASPECT_CONSTANT = Field::new("vui_aspect_ratio_constant_flag", "the shape of samples never changes");
        /// Chroma.
        CHROMA_FRAME = Field::new("vui_chroma_sample_loc_type_frame", "where chroma samples lie");
        /// End.
        VUI_END = Field::new("vui_payload_end", "data of versions to come, and bits up to the end");
        /// Extensions.
        EXTENSION = Field::new("sps_extension_flag", "extensions follow");
        /// Range extension.
        EXTENSION_RANGE = Field::new("sps_range_extension_flag", "the extension for more bits follows");
        /// Other extensions.
        EXTENSION_OTHERS = Field::new("sps_extension_7bits", "extensions to come");
        /// Range extension.
        RANGE_EXTENSION = Field::new("sps_range_extension", "tools for more bits");
    }
}
