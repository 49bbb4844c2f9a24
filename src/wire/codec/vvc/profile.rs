//! Profile, tier and level of VVC, and the tools that a stream does without (H.266 sections 7.3.3.1 and 7.3.3.2).

use super::f as vvc;
use crate::field::{Annotate, BitReader, Fault, Field, Unit, fields};
use crate::wire::codec::picture::f as picture;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Constraints that a later edition took from the reserved bits.
const LATER: u64 = 6;

/// Reads them for the temporal layers up to `layers`. Where the profile is that of an entry before, `own` is false.
pub(super) fn read<A: Annotate>(b: &mut Bits<'_, '_, A>, own: bool, layers: u32) -> Result<(), Fault> {
    b.group(&f::PROFILE_TIER_LEVEL, |b| {
        if own {
            b.u(&vvc::PROFILE_IDC, 7)?;
            b.u(&vvc::TIER, 1)?;
        }
        b.u(&vvc::LEVEL_IDC, 8)?;
        b.flag(&vvc::FRAME_ONLY)?;
        b.flag(&vvc::MULTILAYER)?;
        if own {
            b.group(&f::CONSTRAINTS, constraints)?;
        }
        let mut levels = 0;
        for _ in 0..layers {
            levels += u32::from(b.flag(&vvc::SUBLAYER_LEVEL_PRESENT)?);
        }
        b.align(&picture::RESERVED)?;
        for _ in 0..levels {
            b.u(&vvc::SUBLAYER_LEVEL, 8)?;
        }
        if own {
            for _ in 0..b.u(&vvc::SUB_PROFILES, 8)? {
                b.u(&vvc::SUB_PROFILE, 32)?;
            }
        }
        Ok(())
    })
}

fn constraints<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    if b.flag(&f::CONSTRAINTS_PRESENT)? {
        b.u(&f::GENERAL, 3)?;
        b.u(&f::BIT_DEPTH, 4)?;
        b.u(&f::CHROMA_FORMAT, 2)?;
        b.u(&f::UNITS, 10)?;
        b.u(&f::PARTS, 6)?;
        b.u(&f::CTU_SIZE, 2)?;
        b.u(&f::BLOCKS, 3)?;
        b.u(&f::INTRA, 6)?;
        b.u(&f::INTER, 16)?;
        b.u(&f::RESIDUAL, 13)?;
        b.u(&f::FILTERS, 6)?;
        let mut more = b.u(&f::MORE, 8)?;
        if more >= LATER {
            b.u(&f::RANGE, 6)?;
            more -= LATER;
        }
        for _ in 0..more {
            b.flag(&picture::RESERVED)?;
        }
    }
    b.align(&picture::RESERVED)
}

/// Fields of profile, tier and level of VVC.
pub mod f {
    use super::*;
    fields! {
        /// Profile, tier and level.
        PROFILE_TIER_LEVEL = Field::new("profile_tier_level", "tools that the stream may use, and how much work it is");
        /// Constraints.
        CONSTRAINTS = Field::new("general_constraints_info", "tools that the stream does not use");
        /// Are they there?
        CONSTRAINTS_PRESENT = Field::new("gci_present_flag", "tools that the stream does not use follow");
        /// General.
        GENERAL = Field::new("gci_general_flags", "what all pictures have in common").mask(GENERAL_NAMES);
        /// Bits.
        BIT_DEPTH = Field::new("gci_sixteen_minus_max_bitdepth_constraint_idc", "16 minus the most bits of a sample");
        /// Colour.
        CHROMA_FORMAT = Field::new("gci_three_minus_max_chroma_format_constraint_idc", "3 minus the finest sampling of colour");
        /// Units.
        UNITS = Field::new("gci_nal_unit_flags", "kinds of pictures that do not occur").mask(UNIT_NAMES);
        /// Parts of pictures.
        PARTS = Field::new("gci_partition_flags", "how pictures are not divided").mask(PART_NAMES);
        /// Blocks.
        CTU_SIZE = Field::new("gci_three_minus_max_log2_ctu_size_constraint_idc", "3 minus the largest blocks, as an exponent");
        /// Blocks.
        BLOCKS = Field::new("gci_block_flags", "how blocks are not divided").mask(BLOCK_NAMES);
        /// Prediction inside pictures.
        INTRA = Field::new("gci_intra_flags", "predictions inside pictures that do not occur").mask(INTRA_NAMES);
        /// Prediction from other pictures.
        INTER = Field::new("gci_inter_flags", "predictions from other pictures that do not occur").mask(INTER_NAMES);
        /// Residuals.
        RESIDUAL = Field::new("gci_residual_flags", "transforms and quantisers that do not occur").mask(RESIDUAL_NAMES);
        /// Filters.
        FILTERS = Field::new("gci_loop_filter_flags", "filters that do not occur").mask(FILTER_NAMES);
        /// More constraints.
        MORE = Field::new("gci_num_additional_bits", "number of further constraints").unit(Unit::Bits);
        /// Constraints of the second edition.
        RANGE = Field::new("gci_range_flags", "tools for many bits that do not occur").mask(RANGE_NAMES);
    }

    const GENERAL_NAMES: &[(u64, &str)] = &[(4, "intra_only"), (2, "all_layers_independent"), (1, "one_au_only")];
    const UNIT_NAMES: &[(u64, &str)] = &[
        (0x200, "no_mixed_nalu_types_in_pic"),
        (0x100, "no_trail"),
        (0x80, "no_stsa"),
        (0x40, "no_rasl"),
        (0x20, "no_radl"),
        (0x10, "no_idr"),
        (0x08, "no_cra"),
        (0x04, "no_gdr"),
        (0x02, "no_aps"),
        (0x01, "no_idr_rpl"),
    ];
    const PART_NAMES: &[(u64, &str)] = &[
        (0x20, "one_tile_per_pic"),
        (0x10, "pic_header_in_slice_header"),
        (0x08, "one_slice_per_pic"),
        (0x04, "no_rectangular_slice"),
        (0x02, "one_slice_per_subpic"),
        (0x01, "no_subpic_info"),
    ];
    const BLOCK_NAMES: &[(u64, &str)] =
        &[(4, "no_partition_constraints_override"), (2, "no_mtt"), (1, "no_qtbtt_dual_tree_intra")];
    const INTRA_NAMES: &[(u64, &str)] = &[
        (0x20, "no_palette"),
        (0x10, "no_ibc"),
        (0x08, "no_isp"),
        (0x04, "no_mrl"),
        (0x02, "no_mip"),
        (0x01, "no_cclm"),
    ];
    const INTER_NAMES: &[(u64, &str)] = &[
        (0x8000, "no_ref_pic_resampling"),
        (0x4000, "no_res_change_in_clvs"),
        (0x2000, "no_weighted_prediction"),
        (0x1000, "no_ref_wraparound"),
        (0x800, "no_temporal_mvp"),
        (0x400, "no_sbtmvp"),
        (0x200, "no_amvr"),
        (0x100, "no_bdof"),
        (0x80, "no_smvd"),
        (0x40, "no_dmvr"),
        (0x20, "no_mmvd"),
        (0x10, "no_affine_motion"),
        (0x08, "no_prof"),
        (0x04, "no_bcw"),
        (0x02, "no_ciip"),
        (0x01, "no_gpm"),
    ];
    const RESIDUAL_NAMES: &[(u64, &str)] = &[
        (0x1000, "no_luma_transform_size_64"),
        (0x800, "no_transform_skip"),
        (0x400, "no_bdpcm"),
        (0x200, "no_mts"),
        (0x100, "no_lfnst"),
        (0x80, "no_joint_cbcr"),
        (0x40, "no_sbt"),
        (0x20, "no_act"),
        (0x10, "no_explicit_scaling_list"),
        (0x08, "no_dep_quant"),
        (0x04, "no_sign_data_hiding"),
        (0x02, "no_cu_qp_delta"),
        (0x01, "no_chroma_qp_offset"),
    ];
    const FILTER_NAMES: &[(u64, &str)] = &[
        (0x20, "no_sao"),
        (0x10, "no_alf"),
        (0x08, "no_ccalf"),
        (0x04, "no_lmcs"),
        (0x02, "no_ladf"),
        (0x01, "no_virtual_boundaries"),
    ];
    const RANGE_NAMES: &[(u64, &str)] = &[
        (0x20, "all_rap_pictures"),
        (0x10, "no_extended_precision_processing"),
        (0x08, "no_ts_residual_coding_rice"),
        (0x04, "no_rrc_rice_extension"),
        (0x02, "no_persistent_rice_adaptation"),
        (0x01, "no_reverse_last_sig_coeff"),
    ];
}
