//! Buffers and timing of VVC: what decoders must hold (H.266 section 7.3.4), and the hypothetical reference decoder
//! (sections 7.3.5.1 to 7.3.5.3).

use crate::field::{Annotate, BitReader, Fault, Field, fields};
use crate::wire::codec::hevc::hrd::f as hrd;
use crate::wire::codec::picture::Rate;
use crate::wire::codec::vui::f as vui;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// What the parameters of layers need of those for all.
#[derive(Clone, Copy)]
pub(super) struct General {
    units: u64,
    scale: u64,
    nal: bool,
    vcl: bool,
    parts: bool,
    buffers: u32,
}

/// Pictures that decoders must hold, for each temporal layer up to `layers` or for the highest alone.
pub(super) fn buffers<A: Annotate>(b: &mut Bits<'_, '_, A>, layers: u32, each: bool) -> Result<(), Fault> {
    for _ in if each { 0 } else { layers }..=layers {
        b.ue(&f::MAX_BUFFERING)?;
        b.ue(&f::MAX_REORDER)?;
        b.ue(&f::MAX_LATENCY)?;
    }
    Ok(())
}

pub(super) fn general<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<General, Fault> {
    b.group(&f::GENERAL, |b| {
        let (units, scale) = (b.u(&vui::UNITS_IN_TICK, 32)?, b.u(&vui::TIME_SCALE, 32)?);
        let (nal, vcl) = (b.flag(&f::NAL_PRESENT)?, b.flag(&f::VCL_PRESENT)?);
        let mut general = General { units, scale, nal, vcl, parts: false, buffers: 0 };
        if nal || vcl {
            b.flag(&f::SAME_TIMING)?;
            general.parts = b.flag(&f::PARTS_PRESENT)?;
            if general.parts {
                b.u(&hrd::TICK_DIVISOR, 8)?;
            }
            b.u(&hrd::BIT_RATE_SCALE, 4)?;
            b.u(&hrd::CPB_SIZE_SCALE, 4)?;
            if general.parts {
                b.u(&hrd::CPB_SIZE_DU_SCALE, 4)?;
            }
            general.buffers = b.ue_to(&f::CPB_COUNT, 31)?;
        }
        Ok(general)
    })
}

/// Rates and buffers of the temporal layers from `first` to `last`. Returns how often pictures come, if that is fixed.
pub(super) fn layers<A: Annotate>(
    b: &mut Bits<'_, '_, A>,
    first: u32,
    last: u32,
    general: General,
) -> Result<Option<Rate>, Fault> {
    let mut rate = None;
    for _ in first..=last {
        rate = b.group(&hrd::LAYER, |b| layer(b, general))?;
    }
    Ok(rate)
}

fn layer<A: Annotate>(b: &mut Bits<'_, '_, A>, general: General) -> Result<Option<Rate>, Fault> {
    let mut rate = None;
    if b.flag(&hrd::FIXED_GENERAL)? || b.flag(&hrd::FIXED_WITHIN)? {
        let ticks = u64::from(b.ue_to(&hrd::DURATION, 2047)?) + 1;
        rate = Rate::new(general.scale as u32, general.units * ticks);
    } else if (general.nal || general.vcl) && general.buffers == 0 {
        b.flag(&hrd::LOW_DELAY)?;
    }
    for _ in 0..u32::from(general.nal) + u32::from(general.vcl) {
        for _ in 0..=general.buffers {
            b.ue(&hrd::BIT_RATE)?;
            b.ue(&hrd::CPB_SIZE)?;
            if general.parts {
                b.ue(&hrd::CPB_SIZE_DU)?;
                b.ue(&hrd::BIT_RATE_DU)?;
            }
            b.flag(&hrd::CBR)?;
        }
    }
    Ok(rate)
}

/// Fields of buffers and timing of VVC.
pub mod f {
    use super::*;
    fields! {
        /// Buffers.
        MAX_BUFFERING = Field::new("dpb_max_dec_pic_buffering_minus1", "pictures that a decoder must hold, minus 1");
        /// Reordering.
        MAX_REORDER = Field::new("dpb_max_num_reorder_pics", "pictures that may come before one that is shown earlier");
        /// Latency.
        MAX_LATENCY = Field::new("dpb_max_latency_increase_plus1", "limit of the delay; 0 when there is none");
        /// The part for all layers.
        GENERAL = Field::new("general_timing_hrd_parameters", "clock, rates and buffers that the stream keeps to");
        /// Buffers for all units.
        NAL_PRESENT = Field::new("general_nal_hrd_params_present_flag", "buffers for the whole stream follow");
        /// Buffers for slices.
        VCL_PRESENT = Field::new("general_vcl_hrd_params_present_flag", "buffers for the slices alone follow");
        /// Timing.
        SAME_TIMING = Field::new("general_same_pic_timing_in_all_ols_flag", "picture timing holds for all sets of layers");
        /// Parts of pictures.
        PARTS_PRESENT = Field::new("general_du_hrd_params_present_flag", "parts of pictures are decoded on their own");
        /// Buffers.
        CPB_COUNT = Field::new("hrd_cpb_cnt_minus1", "number of buffers described, minus 1");
    }
}
