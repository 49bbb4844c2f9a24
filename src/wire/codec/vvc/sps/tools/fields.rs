//! The field table of the coding tools of VVC.

use crate::field::{Field, fields};

/// Fields of the coding tools of VVC.
pub mod f {
    use super::*;
    fields! {
        /// Smallest block.
        LOG2_MIN_CB = Field::new("sps_log2_min_luma_coding_block_size_minus2", "smallest coding block, as an exponent");
        /// Override.
        PARTITION_OVERRIDE =
            Field::new("sps_partition_constraints_override_enabled_flag", "headers of pictures may divide blocks otherwise");
        /// Quad trees.
        MIN_QT_INTRA = Field::new("sps_log2_diff_min_qt_min_cb_intra_slice_luma", "smallest quarter of a block, as an exponent");
        /// Trees.
        MTT_DEPTH_INTRA = Field::new("sps_max_mtt_hierarchy_depth_intra_slice_luma", "how often blocks are split in two or three");
        /// Halves.
        MAX_BT_INTRA =
            Field::new("sps_log2_diff_max_bt_min_qt_intra_slice_luma", "largest block that is split in two, as an exponent");
        /// Thirds.
        MAX_TT_INTRA =
            Field::new("sps_log2_diff_max_tt_min_qt_intra_slice_luma", "largest block that is split in three, as an exponent");
        /// Chroma.
        DUAL_TREE = Field::new("sps_qtbtt_dual_tree_intra_flag", "blocks of colour are divided on their own");
        /// Quad trees.
        MIN_QT_CHROMA = Field::new("sps_log2_diff_min_qt_min_cb_intra_slice_chroma", "smallest quarter of a block of colour");
        /// Trees.
        MTT_DEPTH_CHROMA = Field::new("sps_max_mtt_hierarchy_depth_intra_slice_chroma", "how often blocks of colour are split");
        /// Halves.
        MAX_BT_CHROMA =
            Field::new("sps_log2_diff_max_bt_min_qt_intra_slice_chroma", "largest block of colour that is split in two");
        /// Thirds.
        MAX_TT_CHROMA =
            Field::new("sps_log2_diff_max_tt_min_qt_intra_slice_chroma", "largest block of colour that is split in three");
        /// Quad trees.
        MIN_QT_INTER = Field::new("sps_log2_diff_min_qt_min_cb_inter_slice", "smallest quarter of a predicted block");
        /// Trees.
        MTT_DEPTH_INTER = Field::new("sps_max_mtt_hierarchy_depth_inter_slice", "how often predicted blocks are split");
        /// Halves.
        MAX_BT_INTER = Field::new("sps_log2_diff_max_bt_min_qt_inter_slice", "largest predicted block that is split in two");
        /// Thirds.
        MAX_TT_INTER = Field::new("sps_log2_diff_max_tt_min_qt_inter_slice", "largest predicted block that is split in three");
        /// Large transforms.
        LARGE_TRANSFORMS = Field::new("sps_max_luma_transform_size_64_flag", "transforms of 64 samples");
        /// No transform.
        TRANSFORM_SKIP = Field::new("sps_transform_skip_enabled_flag", "blocks may go without transform");
        /// Size.
        TRANSFORM_SKIP_SIZE = Field::new("sps_log2_transform_skip_max_size_minus2", "largest of these blocks, as an exponent");
        /// Differences.
        BDPCM = Field::new("sps_bdpcm_enabled_flag", "samples of these blocks may be differences from their neighbours");
        /// Several transforms.
        MTS = Field::new("sps_mts_enabled_flag", "several transforms to choose from");
        /// Inside pictures.
        MTS_INTRA = Field::new("sps_explicit_mts_intra_enabled_flag", "blocks of pictures on their own say which one");
        /// Between pictures.
        MTS_INTER = Field::new("sps_explicit_mts_inter_enabled_flag", "predicted blocks say which one");
        /// Secondary transform.
        LFNST = Field::new("sps_lfnst_enabled_flag", "a second transform for low frequencies");
        /// Joint residuals.
        JOINT_CHROMA = Field::new("sps_joint_cbcr_enabled_flag", "both colours may share what is left after prediction");
        /// One table.
        SAME_QP_TABLE = Field::new("sps_same_qp_table_for_chroma_flag", "one table holds for all colours");
        /// Begin of a table.
        QP_START = Field::new("sps_qp_table_start_minus26", "where the table of quantisers begins, minus 26");
        /// Points.
        QP_POINTS = Field::new("sps_num_points_in_qp_table_minus1", "number of points in the table, minus 1");
        /// Step.
        QP_IN = Field::new("sps_delta_qp_in_val_minus1", "step of the quantiser of brightness, minus 1");
        /// Step.
        QP_OUT = Field::new("sps_delta_qp_diff_val", "step of the quantiser of colour, as a difference from it");
        /// Offsets.
        SAO = Field::new("sps_sao_enabled_flag", "samples are corrected after filtering");
        /// Adaptive filter.
        ALF = Field::new("sps_alf_enabled_flag", "filters that the stream brings along");
        /// Filter across colours.
        CCALF = Field::new("sps_ccalf_enabled_flag", "filters of colour that look at brightness");
        /// Mapping.
        LMCS = Field::new("sps_lmcs_enabled_flag", "brightness is coded on another scale");
        /// Weights.
        WEIGHTED = Field::new("sps_weighted_pred_flag", "predictions from one picture may be weighted");
        /// Weights.
        WEIGHTED_BOTH = Field::new("sps_weighted_bipred_flag", "predictions from two pictures may be weighted");
        /// Long-term pictures.
        LONG_TERM = Field::new("sps_long_term_ref_pics_flag", "pictures may be kept for long");
        /// Wraparound.
        WRAPAROUND = Field::new("sps_ref_wraparound_enabled_flag", "the left edge goes on at the right one");
        /// Motion from earlier pictures.
        TEMPORAL_MVP = Field::new("sps_temporal_mvp_enabled_flag", "motion is predicted from earlier pictures");
        /// In parts of blocks.
        SBTMVP = Field::new("sps_sbtmvp_enabled_flag", "the same for parts of blocks");
        /// Precision.
        AMVR = Field::new("sps_amvr_enabled_flag", "blocks choose how precise motion is");
        /// Optical flow.
        BDOF = Field::new("sps_bdof_enabled_flag", "predictions from two pictures are refined by optical flow");
        /// In the header.
        BDOF_IN_HEADER = Field::new("sps_bdof_control_present_in_ph_flag", "headers of pictures may switch that off");
        /// Symmetry.
        SMVD = Field::new("sps_smvd_enabled_flag", "motion may be the same in both directions");
        /// Refinement.
        DMVR = Field::new("sps_dmvr_enabled_flag", "decoders refine motion");
        /// In the header.
        DMVR_IN_HEADER = Field::new("sps_dmvr_control_present_in_ph_flag", "headers of pictures may switch that off");
        /// Merging with differences.
        MMVD = Field::new("sps_mmvd_enabled_flag", "motion of neighbours with a difference");
        /// Whole samples.
        MMVD_FULL = Field::new("sps_mmvd_fullpel_only_enabled_flag", "the difference is of whole samples");
        /// Candidates.
        MERGE_CANDIDATES = Field::new("sps_six_minus_max_num_merge_cand", "6 minus the neighbours to take motion from");
        /// Parts of transforms.
        SBT = Field::new("sps_sbt_enabled_flag", "only a part of a block may be left after prediction");
        /// Affine motion.
        AFFINE = Field::new("sps_affine_enabled_flag", "motion may zoom and turn");
        /// Candidates.
        AFFINE_CANDIDATES = Field::new("sps_five_minus_max_num_subblock_merge_cand", "5 minus the candidates for parts of blocks");
        /// Six parameters.
        AFFINE_SIX = Field::new("sps_6param_affine_enabled_flag", "such motion may have six parameters");
        /// Precision.
        AFFINE_AMVR = Field::new("sps_affine_amvr_enabled_flag", "blocks choose how precise such motion is");
        /// Refinement.
        PROF = Field::new("sps_affine_prof_enabled_flag", "such predictions are refined by optical flow");
        /// In the header.
        PROF_IN_HEADER = Field::new("sps_prof_control_present_in_ph_flag", "headers of pictures may switch that off");
        /// Weights of blocks.
        BCW = Field::new("sps_bcw_enabled_flag", "blocks may weight predictions from two pictures");
        /// Both predictions.
        CIIP = Field::new("sps_ciip_enabled_flag", "predictions inside of and between pictures may be mixed");
        /// Geometry.
        GPM = Field::new("sps_gpm_enabled_flag", "blocks may be divided by a slanted line");
        /// Candidates.
        GPM_CANDIDATES =
            Field::new("sps_max_num_merge_cand_minus_max_num_gpm_cand", "candidates of motion that such blocks do without");
        /// Parallel merging.
        MERGE_LEVEL = Field::new("sps_log2_parallel_merge_level_minus2", "blocks whose motion is found side by side, as an exponent");
        /// Parts of blocks.
        ISP = Field::new("sps_isp_enabled_flag", "blocks may be predicted in strips");
        /// Lines.
        MRL = Field::new("sps_mrl_enabled_flag", "blocks may be predicted from farther lines");
        /// Matrices.
        MIP = Field::new("sps_mip_enabled_flag", "blocks may be predicted by matrices");
        /// Colour from brightness.
        CCLM = Field::new("sps_cclm_enabled_flag", "colour may be predicted from brightness");
        /// Place of chroma samples.
        COLLOCATED_X = Field::new("sps_chroma_horizontal_collocated_flag", "samples of colour lie below those of brightness");
        /// Place of chroma samples.
        COLLOCATED_Y = Field::new("sps_chroma_vertical_collocated_flag", "samples of colour lie beside those of brightness");
        /// Palette.
        PALETTE = Field::new("sps_palette_enabled_flag", "blocks may be drawn with a few colours");
        /// Colour transform.
        ACT = Field::new("sps_act_enabled_flag", "blocks may change what their colours mean");
        /// Quantiser.
        MIN_QP_SKIP = Field::new("sps_min_qp_prime_ts", "finest quantiser of blocks without transform");
        /// Copies.
        IBC = Field::new("sps_ibc_enabled_flag", "blocks may copy from the same picture");
        /// Candidates.
        IBC_CANDIDATES = Field::new("sps_six_minus_max_num_ibc_merge_cand", "6 minus the places to copy from");
        /// Adaptive deblocking.
        LADF = Field::new("sps_ladf_enabled_flag", "edges are smoothed according to their brightness");
        /// Intervals.
        LADF_INTERVALS = Field::new("sps_num_ladf_intervals_minus2", "intervals of brightness, minus 2");
        /// Lowest.
        LADF_LOWEST = Field::new("sps_ladf_lowest_interval_qp_offset", "how strongly the darkest ones are smoothed");
        /// Offset.
        LADF_OFFSET = Field::new("sps_ladf_qp_offset", "how strongly an interval is smoothed");
        /// Threshold.
        LADF_THRESHOLD = Field::new("sps_ladf_delta_threshold_minus1", "how far the interval reaches, minus 1");
        /// Scaling lists.
        SCALING_LISTS = Field::new("sps_explicit_scaling_list_enabled_flag", "frequencies are coded with different care");
        /// Not for second transforms.
        SCALING_NOT_LFNST = Field::new("sps_scaling_matrix_for_lfnst_disabled_flag", "not where a second transform is used");
        /// Not for other colours.
        SCALING_NOT_COLOUR =
            Field::new("sps_scaling_matrix_for_alternative_colour_space_disabled_flag", "not where colours mean something else");
        /// Which colours.
        SCALING_COLOUR =
            Field::new("sps_scaling_matrix_designated_colour_space_flag", "lists hold for the original colours only");
        /// Dependent quantiser.
        DEPENDENT = Field::new("sps_dep_quant_enabled_flag", "quantisers depend on the numbers before");
        /// Signs.
        SIGN_HIDING = Field::new("sps_sign_data_hiding_enabled_flag", "some signs are told by sums");
        /// Precision.
        EXTENDED_PRECISION = Field::new("sps_extended_precision_flag", "computing with more bits");
        /// Rice codes.
        SKIP_RICE = Field::new("sps_ts_residual_coding_rice_present_in_sh_flag", "slices choose codes for blocks without transform");
        /// Rice codes.
        RRC_RICE = Field::new("sps_rrc_rice_extension_flag", "codes for large numbers");
        /// Rice codes.
        PERSISTENT_RICE = Field::new("sps_persistent_rice_adaptation_enabled_flag", "codes learn from blocks before");
        /// Order.
        REVERSE_LAST = Field::new("sps_reverse_last_sig_coeff_enabled_flag", "places of last numbers are counted from the end");
    }
}
