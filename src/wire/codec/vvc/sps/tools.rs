//! The coding tools that a sequence parameter set of VVC switches on.

use crate::field::{Annotate, BitReader, Fault};

mod fields;
pub use fields::f;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Tools that later parts of the set ask for.
#[derive(Clone, Copy)]
pub(super) struct Transforms {
    /// Transforms of 64 samples.
    pub(super) large: bool,
    pub(super) skip: bool,
    pub(super) secondary: bool,
}

/// What the order of pictures and the lists of references need.
#[derive(Clone, Copy)]
pub(super) struct Predictions {
    pub(super) weighted: bool,
    pub(super) long_term: bool,
}

/// How blocks are divided.
pub(super) fn partitions<A: Annotate>(b: &mut Bits<'_, '_, A>, chroma: u8) -> Result<(), Fault> {
    b.ue(&f::LOG2_MIN_CB)?;
    b.flag(&f::PARTITION_OVERRIDE)?;
    b.ue(&f::MIN_QT_INTRA)?;
    if b.ue(&f::MTT_DEPTH_INTRA)? != 0 {
        b.ue(&f::MAX_BT_INTRA)?;
        b.ue(&f::MAX_TT_INTRA)?;
    }
    if chroma != 0 && b.flag(&f::DUAL_TREE)? {
        b.ue(&f::MIN_QT_CHROMA)?;
        if b.ue(&f::MTT_DEPTH_CHROMA)? != 0 {
            b.ue(&f::MAX_BT_CHROMA)?;
            b.ue(&f::MAX_TT_CHROMA)?;
        }
    }
    b.ue(&f::MIN_QT_INTER)?;
    if b.ue(&f::MTT_DEPTH_INTER)? != 0 {
        b.ue(&f::MAX_BT_INTER)?;
        b.ue(&f::MAX_TT_INTER)?;
    }
    Ok(())
}

/// Transforms, and how the quantiser of colours follows that of brightness.
pub(super) fn transforms<A: Annotate>(b: &mut Bits<'_, '_, A>, block: u32, chroma: u8) -> Result<Transforms, Fault> {
    let large = block > 5 && b.flag(&f::LARGE_TRANSFORMS)?;
    let skip = b.flag(&f::TRANSFORM_SKIP)?;
    if skip {
        b.ue_to(&f::TRANSFORM_SKIP_SIZE, 3)?;
        b.flag(&f::BDPCM)?;
    }
    if b.flag(&f::MTS)? {
        b.flag(&f::MTS_INTRA)?;
        b.flag(&f::MTS_INTER)?;
    }
    let secondary = b.flag(&f::LFNST)?;
    if chroma != 0 {
        let joint = b.flag(&f::JOINT_CHROMA)?;
        let tables = match b.flag(&f::SAME_QP_TABLE)? {
            true => 1,
            false => 2 + u32::from(joint),
        };
        for _ in 0..tables {
            b.se(&f::QP_START)?;
            for _ in 0..=b.ue_to(&f::QP_POINTS, 63 + 48)? {
                b.ue(&f::QP_IN)?;
                b.ue(&f::QP_OUT)?;
            }
        }
    }
    Ok(Transforms { large, skip, secondary })
}

/// Filters behind the decoding loop, and what predictions are made of.
pub(super) fn filters<A: Annotate>(b: &mut Bits<'_, '_, A>, chroma: u8) -> Result<Predictions, Fault> {
    b.flag(&f::SAO)?;
    if b.flag(&f::ALF)? && chroma != 0 {
        b.flag(&f::CCALF)?;
    }
    b.flag(&f::LMCS)?;
    let weighted = [b.flag(&f::WEIGHTED)?, b.flag(&f::WEIGHTED_BOTH)?];
    Ok(Predictions { weighted: weighted.contains(&true), long_term: b.flag(&f::LONG_TERM)? })
}

/// Predictions from other pictures.
pub(super) fn inter<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.flag(&f::WRAPAROUND)?;
    if b.flag(&f::TEMPORAL_MVP)? {
        b.flag(&f::SBTMVP)?;
    }
    let precision = b.flag(&f::AMVR)?;
    if b.flag(&f::BDOF)? {
        b.flag(&f::BDOF_IN_HEADER)?;
    }
    b.flag(&f::SMVD)?;
    if b.flag(&f::DMVR)? {
        b.flag(&f::DMVR_IN_HEADER)?;
    }
    if b.flag(&f::MMVD)? {
        b.flag(&f::MMVD_FULL)?;
    }
    let candidates = 6 - b.ue_to(&f::MERGE_CANDIDATES, 5)?;
    b.flag(&f::SBT)?;
    if b.flag(&f::AFFINE)? {
        b.ue_to(&f::AFFINE_CANDIDATES, 5)?;
        b.flag(&f::AFFINE_SIX)?;
        if precision {
            b.flag(&f::AFFINE_AMVR)?;
        }
        if b.flag(&f::PROF)? {
            b.flag(&f::PROF_IN_HEADER)?;
        }
    }
    b.flag(&f::BCW)?;
    b.flag(&f::CIIP)?;
    if candidates >= 2 && b.flag(&f::GPM)? && candidates >= 3 {
        b.ue_to(&f::GPM_CANDIDATES, candidates - 2)?;
    }
    b.ue_to(&f::MERGE_LEVEL, 5).map(drop)
}

/// Predictions inside of pictures, among them those for screen contents. Tells whether colours may change from block to
/// block.
pub(super) fn intra<A: Annotate>(b: &mut Bits<'_, '_, A>, chroma: u8, transforms: Transforms) -> Result<bool, Fault> {
    b.flag(&f::ISP)?;
    b.flag(&f::MRL)?;
    b.flag(&f::MIP)?;
    if chroma != 0 {
        b.flag(&f::CCLM)?;
    }
    if chroma == 1 {
        b.flag(&f::COLLOCATED_X)?;
        b.flag(&f::COLLOCATED_Y)?;
    }
    let palette = b.flag(&f::PALETTE)?;
    let adaptive = chroma == 3 && !transforms.large && b.flag(&f::ACT)?;
    if transforms.skip || palette {
        b.ue_to(&f::MIN_QP_SKIP, 8)?;
    }
    if b.flag(&f::IBC)? {
        b.ue_to(&f::IBC_CANDIDATES, 5)?;
    }
    Ok(adaptive)
}

/// Quantisers.
pub(super) fn quantisers<A: Annotate>(
    b: &mut Bits<'_, '_, A>,
    transforms: Transforms,
    adaptive: bool,
) -> Result<(), Fault> {
    if b.flag(&f::LADF)? {
        let intervals = b.u(&f::LADF_INTERVALS, 2)?;
        b.se(&f::LADF_LOWEST)?;
        for _ in 0..=intervals {
            b.se(&f::LADF_OFFSET)?;
            b.ue(&f::LADF_THRESHOLD)?;
        }
    }
    if b.flag(&f::SCALING_LISTS)? {
        if transforms.secondary {
            b.flag(&f::SCALING_NOT_LFNST)?;
        }
        if adaptive && b.flag(&f::SCALING_NOT_COLOUR)? {
            b.flag(&f::SCALING_COLOUR)?;
        }
    }
    b.flag(&f::DEPENDENT)?;
    b.flag(&f::SIGN_HIDING).map(drop)
}

/// The extension for more bits.
pub(super) fn range_extension<A: Annotate>(b: &mut Bits<'_, '_, A>, transforms: Transforms) -> Result<(), Fault> {
    b.flag(&f::EXTENDED_PRECISION)?;
    if transforms.skip {
        b.flag(&f::SKIP_RICE)?;
    }
    b.flag(&f::RRC_RICE)?;
    b.flag(&f::PERSISTENT_RICE)?;
    b.flag(&f::REVERSE_LAST).map(drop)
}
