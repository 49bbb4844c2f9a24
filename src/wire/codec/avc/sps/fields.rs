//! The field table of the sequence parameter set of AVC.

use crate::field::{Field, Unit, fields};

/// Fields of the sequence parameter set of AVC.
pub mod f {
    use super::*;
    fields! {
        /// Colour planes.
        SEPARATE_COLOUR_PLANES = Field::new("separate_colour_plane_flag", "the three colours are coded one by one");
        /// Lossless coding.
        TRANSFORM_BYPASS = Field::new("qpprime_y_zero_transform_bypass_flag", "pictures may be coded without loss");
        /// Scaling matrix.
        SCALING_MATRIX_PRESENT = Field::new("seq_scaling_matrix_present_flag", "scaling lists follow");
        /// Is this list there?
        SCALING_LIST_PRESENT = Field::new("seq_scaling_list_present_flag", "this scaling list follows");
        /// Scaling list.
        SCALING_LIST = Field::new("scaling_list", "how coarse each frequency is coded");
        /// Entry of a scaling list.
        DELTA_SCALE = Field::new("delta_scale", "difference from the entry before");
        /// Frame numbers.
        LOG2_MAX_FRAME_NUM = Field::new("log2_max_frame_num_minus4", "bits of a frame number, minus 4").unit(Unit::Bits);
        /// Picture order.
        POC_TYPE = Field::new("pic_order_cnt_type", "how the order of pictures is coded");
        /// Picture order, low bits.
        LOG2_MAX_POC_LSB = Field::new("log2_max_pic_order_cnt_lsb_minus4", "bits of a picture's place in order, minus 4")
            .unit(Unit::Bits);
        /// Picture order without deltas.
        DELTA_POC_ALWAYS_ZERO = Field::new("delta_pic_order_always_zero_flag", "slices say nothing about the order");
        /// Offset of pictures that no other needs.
        OFFSET_NON_REF = Field::new("offset_for_non_ref_pic", "place in order of a picture that no other needs");
        /// Offset between fields.
        OFFSET_TOP_TO_BOTTOM = Field::new("offset_for_top_to_bottom_field", "place in order of the bottom field");
        /// Cycle.
        POC_CYCLE = Field::new("num_ref_frames_in_pic_order_cnt_cycle", "number of offsets");
        /// Offset in the cycle.
        OFFSET_REF_FRAME = Field::new("offset_for_ref_frame", "distance in order to the next frame of the cycle");
        /// Reference frames.
        MAX_NUM_REF_FRAMES = Field::new("max_num_ref_frames", "frames kept to predict others");
        /// Gaps.
        GAPS_ALLOWED = Field::new("gaps_in_frame_num_value_allowed_flag", "frame numbers may be left out");
        /// Width.
        WIDTH_IN_MBS = Field::new("pic_width_in_mbs_minus1", "width in units of 16, minus 1");
        /// Height.
        HEIGHT_IN_MAP_UNITS = Field::new("pic_height_in_map_units_minus1", "height in units of 16 (32 with fields), minus 1");
        /// Frames only.
        FRAME_MBS_ONLY = Field::new("frame_mbs_only_flag", "no field coding");
        /// Frames and fields mixed.
        MB_ADAPTIVE = Field::new("mb_adaptive_frame_field_flag", "parts of a frame may be coded as fields");
        /// Direct prediction.
        DIRECT_8X8 = Field::new("direct_8x8_inference_flag", "how motion of B pictures is derived");
        /// Cropping.
        CROPPING = Field::new("frame_cropping_flag", "parts at the edges are not shown");
        /// Left.
        CROP_LEFT = Field::new("frame_crop_left_offset", "not shown at the left, in chroma samples");
        /// Right.
        CROP_RIGHT = Field::new("frame_crop_right_offset", "not shown at the right, in chroma samples");
        /// Top.
        CROP_TOP = Field::new("frame_crop_top_offset", "not shown at the top, in chroma samples (of a field)");
        /// Bottom.
        CROP_BOTTOM = Field::new("frame_crop_bottom_offset", "not shown at the bottom, in chroma samples (of a field)");
        /// Video usability information.
        VUI_PRESENT = Field::new("vui_parameters_present_flag", "video usability information follows");
        /// Fixed rate.
        FIXED_FRAME_RATE = Field::new("fixed_frame_rate_flag", "all pictures last equally long");
        /// Buffers for all units.
        NAL_HRD_PRESENT = Field::new("nal_hrd_parameters_present_flag", "buffers for the whole stream follow");
        /// Buffers for slices.
        VCL_HRD_PRESENT = Field::new("vcl_hrd_parameters_present_flag", "buffers for the slices alone follow");
        /// Reference decoder.
        HRD = Field::new("hrd_parameters", "rates and buffers that the stream keeps to");
        /// Buffers.
        CPB_COUNT = Field::new("cpb_cnt_minus1", "number of buffers described, minus 1");
        /// Scale of rates.
        BIT_RATE_SCALE = Field::new("bit_rate_scale", "exponent of the rates");
        /// Scale of sizes.
        CPB_SIZE_SCALE = Field::new("cpb_size_scale", "exponent of the sizes");
        /// Rate.
        BIT_RATE = Field::new("bit_rate_value_minus1", "highest rate, minus 1, before scaling");
        /// Size.
        CPB_SIZE = Field::new("cpb_size_value_minus1", "size of the buffer, minus 1, before scaling");
        /// Constant rate.
        CBR = Field::new("cbr_flag", "the rate is constant");
        /// Width of delays.
        INITIAL_DELAY_LENGTH = Field::new("initial_cpb_removal_delay_length_minus1", "bits of the first delay, minus 1");
        /// Width of delays.
        REMOVAL_DELAY_LENGTH = Field::new("cpb_removal_delay_length_minus1", "bits of a removal delay, minus 1");
        /// Width of delays.
        OUTPUT_DELAY_LENGTH = Field::new("dpb_output_delay_length_minus1", "bits of an output delay, minus 1");
        /// Width of time offsets.
        TIME_OFFSET_LENGTH = Field::new("time_offset_length", "bits of a time offset").unit(Unit::Bits);
        /// Low delay.
        LOW_DELAY = Field::new("low_delay_hrd_flag", "buffers may run empty for large pictures");
        /// Picture structure.
        PIC_STRUCT_PRESENT = Field::new("pic_struct_present_flag", "SEI says how each picture is shown");
        /// Restrictions.
        RESTRICTION = Field::new("bitstream_restriction_flag", "restrictions follow");
        /// Motion vectors over edges.
        MOTION_OVER_BOUNDARIES = Field::new("motion_vectors_over_pic_boundaries_flag", "motion may point over the edges");
        /// Largest picture.
        MAX_BYTES = Field::new("max_bytes_per_pic_denom", "largest picture as a fraction of its raw size");
        /// Largest macroblock.
        MAX_BITS = Field::new("max_bits_per_mb_denom", "largest block as a fraction of its raw size");
        /// Longest horizontal motion.
        LOG2_MV_X = Field::new("log2_max_mv_length_horizontal", "longest horizontal motion, as an exponent");
        /// Longest vertical motion.
        LOG2_MV_Y = Field::new("log2_max_mv_length_vertical", "longest vertical motion, as an exponent");
        /// Reordering.
        REORDER = Field::new("max_num_reorder_frames", "frames that may come before one that is shown earlier");
        /// Buffering.
        BUFFERING = Field::new("max_dec_frame_buffering", "frames that a decoder must be able to hold");
    }
}
