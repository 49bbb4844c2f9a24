//! The adaptation parameter set of VVC (H.266 sections 7.3.2.6 and 7.3.2.18 to 7.3.2.20): filters, a scale of brightness,
//! or scaling lists.

use crate::field::{Annotate, BitReader, Content, Fault, Field, Unit, fields};
use crate::wire::codec::nal::f as unit;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Reads what follows the header of the unit.
pub(in crate::wire::codec) fn read<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    let kind = b.u(&f::KIND, 3)?;
    b.u(&f::APS_ID, 5)?;
    let chroma = b.flag(&f::CHROMA)?;
    match kind {
        0 => b.group(&f::ALF, |b| filters(b, chroma))?,
        1 => b.group(&f::LMCS, |b| scale(b, chroma))?,
        2 => b.group(&f::SCALING, |b| scaling_lists(b, chroma))?,
        _ => {
            b.rest(&f::RESERVED_KIND);
            return Ok(());
        }
    }
    if b.flag(&f::EXTENSION)? {
        b.rest(&unit::EXTENSION_DATA);
    } else {
        b.trailing(&unit::TRAILING);
    }
    Ok(())
}

/// Classes of samples, each of which has a filter.
const CLASSES: u32 = 25;

fn filters<A: Annotate>(b: &mut Bits<'_, '_, A>, chroma: bool) -> Result<(), Fault> {
    let luma = b.flag(&f::LUMA)?;
    let (mut colours, mut across) = (false, [false; 2]);
    if chroma {
        colours = b.flag(&f::COLOURS)?;
        across = [b.flag(&f::ACROSS_CB)?, b.flag(&f::ACROSS_CR)?];
    }
    if luma {
        let clipped = b.flag(&f::LUMA_CLIP)?;
        let last = b.ue_to(&f::LUMA_FILTERS, CLASSES - 1)?;
        if last > 0 {
            let bits = (last + 1).next_power_of_two().ilog2();
            for _ in 0..CLASSES {
                b.u(&f::LUMA_CHOICE, bits)?;
            }
        }
        for _ in 0..=last {
            b.group(&f::LUMA_FILTER, |b| coefficients(b, 12, &f::LUMA_ABS, &f::LUMA_SIGN))?;
        }
        for _ in 0..if clipped { (last + 1) * 12 } else { 0 } {
            b.u(&f::LUMA_CLIP_INDEX, 2)?;
        }
    }
    if colours {
        let clipped = b.flag(&f::CHROMA_CLIP)?;
        for _ in 0..=b.ue_to(&f::CHROMA_FILTERS, 7)? {
            b.group(&f::CHROMA_FILTER, |b| {
                coefficients(b, 6, &f::CHROMA_ABS, &f::CHROMA_SIGN)?;
                for _ in 0..if clipped { 6 } else { 0 } {
                    b.u(&f::CHROMA_CLIP_INDEX, 2)?;
                }
                Ok(())
            })?;
        }
    }
    let fields = [(&f::CB_FILTERS, &f::CB_ABS, &f::CB_SIGN), (&f::CR_FILTERS, &f::CR_ABS, &f::CR_SIGN)];
    for ((count, size, sign), _) in fields.into_iter().zip(across).filter(|(_, there)| *there) {
        for _ in 0..(b.ue_to(count, 3)? + 1) * 7 {
            if b.u(size, 3)? != 0 {
                b.flag(sign)?;
            }
        }
    }
    Ok(())
}

fn coefficients<A: Annotate>(
    b: &mut Bits<'_, '_, A>,
    count: u32,
    size: &'static Field,
    sign: &'static Field,
) -> Result<(), Fault> {
    for _ in 0..count {
        if b.ue_to(size, 128)? != 0 {
            b.flag(sign)?;
        }
    }
    Ok(())
}

/// Luma mapping with chroma scaling.
fn scale<A: Annotate>(b: &mut Bits<'_, '_, A>, chroma: bool) -> Result<(), Fault> {
    let first = b.ue_to(&f::MIN_BIN, 15)?;
    let last = 15 - b.ue_to(&f::MAX_BIN, 15)?;
    let bits = b.ue_to(&f::CODEWORD_BITS, 14)? + 1;
    for _ in first..=last {
        if b.u(&f::CODEWORD, bits)? != 0 {
            b.flag(&f::CODEWORD_SIGN)?;
        }
    }
    if chroma && b.u(&f::CHROMA_SCALE, 3)? != 0 {
        b.flag(&f::CHROMA_SCALE_SIGN)?;
    }
    Ok(())
}

/// Lists for blocks of 2, 4 and 8 samples; of those for the largest blocks the highest frequencies are left out.
fn scaling_lists<A: Annotate>(b: &mut Bits<'_, '_, A>, chroma: bool) -> Result<(), Fault> {
    for id in 0..28u32 {
        if !chroma && id % 3 != 2 && id != 27 {
            continue;
        }
        b.group(&f::SCALING_LIST, |b| {
            let copied = b.flag(&f::COPY)?;
            let predicted = !copied && b.flag(&f::PREDICTED)?;
            if (copied || predicted) && !matches!(id, 0 | 2 | 8) {
                b.ue(&f::PREDICTED_FROM)?;
            }
            if copied {
                return Ok(());
            }
            if id > 13 {
                b.se(&f::DC)?;
            }
            let entries = match id {
                0 | 1 => 4,
                2..=7 => 16,
                8..=25 => 64,
                _ => 48,
            };
            for _ in 0..entries {
                b.se(&f::ENTRY)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn kind_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "ALF: adaptive filters",
        1 => "LMCS: a scale of brightness",
        2 => "scaling lists",
        3..=7 => "reserved",
        _ => return None,
    })
}

/// Fields of the adaptation parameter set of VVC.
pub mod f {
    use super::*;
    fields! {
        /// Type.
        KIND = Field::new("aps_params_type", "what the set holds").numbers(kind_name);
        /// Number.
        APS_ID = Field::new("aps_adaptation_parameter_set_id", "number of the set");
        /// Colours.
        CHROMA = Field::new("aps_chroma_present_flag", "the set is for colours too");
        /// Types to come.
        RESERVED_KIND = Field::new("aps_reserved", "parameters of a type that is reserved").content(Content::Undescribed);
        /// Extension.
        EXTENSION = Field::new("aps_extension_flag", "extensions to come follow");
        /// Filters.
        ALF = Field::new("alf_data", "adaptive filters");
        /// Luma.
        LUMA = Field::new("alf_luma_filter_signal_flag", "filters of brightness follow");
        /// Chroma.
        COLOURS = Field::new("alf_chroma_filter_signal_flag", "filters of colours follow");
        /// Across.
        ACROSS_CB = Field::new("alf_cc_cb_filter_signal_flag", "filters that take blue from brightness follow");
        /// Across.
        ACROSS_CR = Field::new("alf_cc_cr_filter_signal_flag", "filters that take red from brightness follow");
        /// Clipping.
        LUMA_CLIP = Field::new("alf_luma_clip_flag", "what these filters change is limited");
        /// Number.
        LUMA_FILTERS = Field::new("alf_luma_num_filters_signalled_minus1", "number of filters, minus 1");
        /// Choice.
        LUMA_CHOICE = Field::new("alf_luma_coeff_delta_idx", "filter of one class of samples");
        /// A filter.
        LUMA_FILTER = Field::new("alf_luma_filter", "one filter of brightness");
        /// Coefficient.
        LUMA_ABS = Field::new("alf_luma_coeff_abs", "size of a coefficient");
        /// Sign.
        LUMA_SIGN = Field::new("alf_luma_coeff_sign", "the coefficient is negative");
        /// Limit.
        LUMA_CLIP_INDEX = Field::new("alf_luma_clip_idx", "limit of what a coefficient changes");
        /// Clipping.
        CHROMA_CLIP = Field::new("alf_chroma_clip_flag", "what these filters change is limited");
        /// Number.
        CHROMA_FILTERS = Field::new("alf_chroma_num_alt_filters_minus1", "number of filters, minus 1");
        /// A filter.
        CHROMA_FILTER = Field::new("alf_chroma_filter", "one filter of colours");
        /// Coefficient.
        CHROMA_ABS = Field::new("alf_chroma_coeff_abs", "size of a coefficient");
        /// Sign.
        CHROMA_SIGN = Field::new("alf_chroma_coeff_sign", "the coefficient is negative");
        /// Limit.
        CHROMA_CLIP_INDEX = Field::new("alf_chroma_clip_idx", "limit of what a coefficient changes");
        /// Number.
        CB_FILTERS = Field::new("alf_cc_cb_filters_signalled_minus1", "number of filters of blue, minus 1");
        /// Coefficient.
        CB_ABS = Field::new("alf_cc_cb_mapped_coeff_abs", "size of a coefficient, as an exponent");
        /// Sign.
        CB_SIGN = Field::new("alf_cc_cb_coeff_sign", "the coefficient is negative");
        /// Number.
        CR_FILTERS = Field::new("alf_cc_cr_filters_signalled_minus1", "number of filters of red, minus 1");
        /// Coefficient.
        CR_ABS = Field::new("alf_cc_cr_mapped_coeff_abs", "size of a coefficient, as an exponent");
        /// Sign.
        CR_SIGN = Field::new("alf_cc_cr_coeff_sign", "the coefficient is negative");
        /// Scale.
        LMCS = Field::new("lmcs_data", "the scale on which brightness is coded");
        /// First interval.
        MIN_BIN = Field::new("lmcs_min_bin_idx", "first of 16 intervals that is in use");
        /// Last interval.
        MAX_BIN = Field::new("lmcs_delta_max_bin_idx", "15 minus the last interval in use");
        /// Bits.
        CODEWORD_BITS = Field::new("lmcs_delta_cw_prec_minus1", "bits of the numbers that follow, minus 1").unit(Unit::Bits);
        /// Numbers.
        CODEWORD = Field::new("lmcs_delta_abs_cw", "how far the interval is stretched");
        /// Sign.
        CODEWORD_SIGN = Field::new("lmcs_delta_sign_cw_flag", "the interval is made narrower");
        /// Colours.
        CHROMA_SCALE = Field::new("lmcs_delta_abs_crs", "how far colours are stretched");
        /// Sign.
        CHROMA_SCALE_SIGN = Field::new("lmcs_delta_sign_crs_flag", "colours are made narrower");
        /// Lists.
        SCALING = Field::new("scaling_list_data", "how coarse each frequency is coded");
        /// A list.
        SCALING_LIST = Field::new("scaling_list", "numbers for blocks of one size");
        /// Copy.
        COPY = Field::new("scaling_list_copy_mode_flag", "the list repeats another");
        /// Prediction.
        PREDICTED = Field::new("scaling_list_pred_mode_flag", "the list adds to another");
        /// Which one.
        PREDICTED_FROM = Field::new("scaling_list_pred_id_delta", "how many lists before the other one is");
        /// Mean.
        DC = Field::new("scaling_list_dc_coef", "entry for the mean, as a difference");
        /// Entry.
        ENTRY = Field::new("scaling_list_delta_coef", "difference from the entry before");
    }
}
