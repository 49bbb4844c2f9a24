//! The sequence parameter set of HEVC (H.265 section 7.3.2.2) with its range extension.

use super::{f as hevc, hrd, profile_tier_level};
use crate::field::{Annotate, BitReader, Fault, Value};
use crate::wire::codec::avc::sps::f as avc;
use crate::wire::codec::nal::{Seen, f as unit};
use crate::wire::codec::picture::{Chroma, Picture, Rate, Timing, cropped, f as picture};
use crate::wire::codec::vui;

mod fields;
pub use fields::f;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Wider or higher pictures cannot be meant.
const LARGEST: u32 = 65_535;

/// Reads what follows the header of the unit.
pub(in crate::wire::codec) fn read<A: Annotate>(b: &mut Bits<'_, '_, A>, seen: &mut Seen) -> Result<(), Fault> {
    b.u(&hevc::VPS_ID, 4)?;
    let layers = b.u(&hevc::MAX_SUB_LAYERS, 3)? as u32;
    b.flag(&hevc::NESTING)?;
    b.group(&hevc::PROFILE_TIER_LEVEL, |b| profile_tier_level(b, layers))?;
    b.ue(&hevc::SPS_ID)?;
    let mut shown = size(b)?;
    // Everything below may fail without making the size wrong.
    let mut timing = Timing::default();
    let result = rest(b, layers, &mut shown, &mut timing);
    seen.timing = Some(timing);
    b.derived(&picture::WIDTH, Value::Unsigned(u64::from(shown.width)));
    b.derived(&picture::HEIGHT, Value::Unsigned(u64::from(shown.height)));
    if let Some(rate) = shown.rate {
        b.derived(&picture::FRAME_RATE, Value::Float(rate.per_second()));
    }
    seen.picture.get_or_insert(shown);
    result
}

fn size<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<Picture, Fault> {
    let chroma = b.ue_to(&picture::CHROMA_FORMAT_IDC, 3)? as u8;
    let separate = chroma == 3 && b.flag(&f::SEPARATE_COLOUR_PLANES)?;
    let (width, height) = (b.ue_to(&f::WIDTH, LARGEST)?, b.ue_to(&f::HEIGHT, LARGEST)?);
    let mut shown = (width, height);
    if b.flag(&f::CONFORMANCE_WINDOW)? {
        let crop = [b.ue(&f::CONF_LEFT)?, b.ue(&f::CONF_RIGHT)?, b.ue(&f::CONF_TOP)?, b.ue(&f::CONF_BOTTOM)?];
        match cropped(shown, Chroma(if separate { 0 } else { chroma }).step(), crop) {
            Some(left) => shown = left,
            None => b.remark("the cropping leaves nothing of the picture"),
        }
    }
    let bit_depth = b.ue_to(&picture::BIT_DEPTH_LUMA, 8)? as u8 + 8;
    b.ue_to(&picture::BIT_DEPTH_CHROMA, 8)?;
    Ok(Picture::of_size(shown, (width, height), Chroma(chroma), bit_depth))
}

fn rest<A: Annotate>(
    b: &mut Bits<'_, '_, A>,
    layers: u32,
    shown: &mut Picture,
    timing: &mut Timing,
) -> Result<(), Fault> {
    let order_bits = b.ue_to(&f::LOG2_MAX_POC_LSB, 12)? + 4;
    buffers(b, layers)?;
    for field in
        [&f::LOG2_MIN_CB, &f::LOG2_DIFF_CB, &f::LOG2_MIN_TB, &f::LOG2_DIFF_TB, &f::DEPTH_INTER, &f::DEPTH_INTRA]
    {
        b.ue(field)?;
    }
    if b.flag(&f::SCALING_LIST_ENABLED)? && b.flag(&f::SCALING_LIST_PRESENT)? {
        b.group(&f::SCALING_LISTS, scaling_lists)?;
    }
    b.flag(&f::AMP)?;
    b.flag(&f::SAO)?;
    if b.flag(&f::PCM)? {
        b.u(&f::PCM_LUMA_BITS, 4)?;
        b.u(&f::PCM_CHROMA_BITS, 4)?;
        b.ue(&f::PCM_LOG2_MIN)?;
        b.ue(&f::PCM_LOG2_DIFF)?;
        b.flag(&f::PCM_LOOP_FILTER)?;
    }
    let mut count = 0;
    for index in 0..b.ue_to(&f::SHORT_TERM_SETS, 64)? {
        count = b.group(&f::SHORT_TERM_SET, |b| short_term_set(b, index, count))?;
    }
    if b.flag(&f::LONG_TERM)? {
        for _ in 0..b.ue_to(&f::LONG_TERM_COUNT, 32)? {
            b.u(&f::LONG_TERM_LSB, order_bits)?;
            b.flag(&f::LONG_TERM_USED)?;
        }
    }
    b.flag(&f::TEMPORAL_MVP)?;
    b.flag(&f::STRONG_INTRA)?;
    if b.flag(&f::VUI_PRESENT)? {
        b.group(&vui::f::VUI, |b| usability(b, layers, shown, timing))?;
    }
    if b.flag(&f::EXTENSION)? {
        let range = b.flag(&f::EXTENSION_RANGE)?;
        let others = b.u(&f::EXTENSION_OTHERS, 7)?;
        if range {
            b.group(&f::RANGE_EXTENSION, |b| b.u(&f::RANGE_TOOLS, 9))?;
        }
        if others != 0 {
            b.rest(&unit::MORE_PARAMETERS);
            return Ok(());
        }
    }
    b.trailing(&unit::TRAILING);
    Ok(())
}

/// The buffers of each temporal layer, or of the highest one for all.
pub(super) fn buffers<A: Annotate>(b: &mut Bits<'_, '_, A>, layers: u32) -> Result<(), Fault> {
    let all = b.flag(&f::SUB_LAYER_ORDERING)?;
    for _ in if all { 0 } else { layers }..=layers {
        b.ue(&f::MAX_BUFFERING)?;
        b.ue(&f::NUM_REORDER)?;
        b.ue(&f::MAX_LATENCY)?;
    }
    Ok(())
}

pub(super) fn scaling_lists<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    for size in 0..4u32 {
        for _ in 0..if size == 3 { 2 } else { 6 } {
            if !b.flag(&f::SCALING_MODE)? {
                b.ue(&f::SCALING_DELTA)?;
                continue;
            }
            if size > 1 {
                b.se(&f::SCALING_DC)?;
            }
            for _ in 0..64.min(1 << (4 + 2 * size)) {
                b.se(&f::SCALING_COEFFICIENT)?;
            }
        }
    }
    Ok(())
}

/// Pictures that predict others. Returns how many the set names; `before` is the number of the set before.
fn short_term_set<A: Annotate>(b: &mut Bits<'_, '_, A>, index: u32, before: u32) -> Result<u32, Fault> {
    if index > 0 && b.flag(&f::INTER_RPS)? {
        b.flag(&f::DELTA_SIGN)?;
        b.ue(&f::DELTA_ABS)?;
        let mut count = 0;
        for _ in 0..=before {
            if b.flag(&f::USED)? || b.flag(&f::USE_DELTA)? {
                count += 1;
            }
        }
        return Ok(count);
    }
    let (negative, positive) = (b.ue_to(&f::NEGATIVE, 16)?, b.ue_to(&f::POSITIVE, 16)?);
    for _ in 0..negative + positive {
        b.ue(&f::DELTA_POC)?;
        b.flag(&f::USED)?;
    }
    Ok(negative + positive)
}

fn usability<A: Annotate>(
    b: &mut Bits<'_, '_, A>,
    layers: u32,
    shown: &mut Picture,
    timing: &mut Timing,
) -> Result<(), Fault> {
    let looks = vui::looks(b)?;
    (shown.sar, shown.colour) = (looks.sar, looks.colour);
    b.flag(&f::NEUTRAL_CHROMA)?;
    shown.interlaced = b.flag(&f::FIELD_SEQ)?;
    timing.structure = b.flag(&f::FRAME_FIELD_INFO)?;
    if b.flag(&f::DISPLAY_WINDOW)? {
        for field in [&f::DISPLAY_LEFT, &f::DISPLAY_RIGHT, &f::DISPLAY_TOP, &f::DISPLAY_BOTTOM] {
            b.ue(field)?;
        }
    }
    if b.flag(&vui::f::TIMING_PRESENT)? {
        let units = b.u(&vui::f::UNITS_IN_TICK, 32)?;
        let scale = b.u(&vui::f::TIME_SCALE, 32)?;
        shown.rate = Rate::new(scale as u32, units);
        if b.flag(&hrd::f::POC_PROPORTIONAL)? {
            b.ue(&hrd::f::TICKS_POC)?;
        }
        if b.flag(&f::HRD_PRESENT)? {
            let mut common = hrd::Common::default();
            b.group(&hrd::f::HRD, |b| hrd::read(b, true, layers, &mut common))?;
            common.tell(timing);
        }
    }
    if b.flag(&avc::RESTRICTION)? {
        b.flag(&f::TILES_FIXED)?;
        b.flag(&avc::MOTION_OVER_BOUNDARIES)?;
        b.flag(&f::RESTRICTED_LISTS)?;
        for field in [&f::SEGMENTATION, &avc::MAX_BYTES, &avc::MAX_BITS, &avc::LOG2_MV_X, &avc::LOG2_MV_Y] {
            b.ue(field)?;
        }
    }
    Ok(())
}
