//! The sequence parameter set of AVC (H.264 section 7.3.2.1), with scaling lists, cropping, video usability information
//! and buffer description.

use super::level;
use super::profile::{profile_name, says_chroma};
use crate::field::{Annotate, BitReader, Fault, Value};
use crate::wire::codec::nal::{Seen, f as unit};
use crate::wire::codec::picture::{Chroma, Picture, Rate, Timing, cropped, f as picture};
use crate::wire::codec::vui;

mod fields;
pub use fields::f;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Wider or higher pictures (in units of 16) cannot be meant.
const LARGEST: u32 = 4095;

/// Reads what follows the header of the unit.
pub(in crate::wire::codec) fn read<A: Annotate>(b: &mut Bits<'_, '_, A>, seen: &mut Seen) -> Result<(), Fault> {
    let profile = b.u(&super::f::PROFILE_IDC, 8)? as u8;
    let constraints = b.u(&super::f::CONSTRAINTS, 8)? as u8;
    let number = b.u(&super::f::LEVEL_IDC, 8)? as u8;
    if let Some(name) = profile_name(profile, constraints) {
        b.derived(&picture::PROFILE, Value::Word(name));
    }
    if let Some(name) = level(profile, constraints, number) {
        b.derived(&picture::LEVEL, Value::Word(name));
    }
    b.ue(&super::f::SPS_ID)?;
    let samples = if says_chroma(profile) { samples(b)? } else { Samples { chroma: 1, separate: false, bits: 8 } };
    b.ue_to(&f::LOG2_MAX_FRAME_NUM, 12)?;
    order(b)?;
    b.ue(&f::MAX_NUM_REF_FRAMES)?;
    b.flag(&f::GAPS_ALLOWED)?;
    let mut shown = size(b, samples)?;
    let mut timing = Timing::default();
    if b.flag(&f::VUI_PRESENT)? {
        b.group(&vui::f::VUI, |b| usability(b, &mut shown, &mut timing))?;
    }
    b.trailing(&unit::TRAILING);
    b.derived(&picture::WIDTH, Value::Unsigned(u64::from(shown.width)));
    b.derived(&picture::HEIGHT, Value::Unsigned(u64::from(shown.height)));
    if let Some(rate) = shown.rate {
        b.derived(&picture::FRAME_RATE, Value::Float(rate.per_second()));
    }
    seen.picture.get_or_insert(shown);
    seen.timing = Some(timing);
    Ok(())
}

/// What a sample is.
#[derive(Clone, Copy)]
struct Samples {
    chroma: u8,
    separate: bool,
    bits: u8,
}

fn samples<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<Samples, Fault> {
    let chroma = b.ue_to(&picture::CHROMA_FORMAT_IDC, 3)? as u8;
    let separate = chroma == 3 && b.flag(&f::SEPARATE_COLOUR_PLANES)?;
    let bits = b.ue_to(&picture::BIT_DEPTH_LUMA, 6)? as u8 + 8;
    b.ue_to(&picture::BIT_DEPTH_CHROMA, 6)?;
    b.flag(&f::TRANSFORM_BYPASS)?;
    if b.flag(&f::SCALING_MATRIX_PRESENT)? {
        for list in 0..if chroma == 3 { 12 } else { 8 } {
            if b.flag(&f::SCALING_LIST_PRESENT)? {
                b.group(&f::SCALING_LIST, |b| scaling_list(b, if list < 6 { 16 } else { 64 }))?;
            }
        }
    }
    Ok(Samples { chroma, separate, bits })
}

pub(super) fn scaling_list<A: Annotate>(b: &mut Bits<'_, '_, A>, entries: u32) -> Result<(), Fault> {
    let (mut last, mut next) = (8i64, 8i64);
    for _ in 0..entries {
        if next != 0 {
            next = (last + b.se(&f::DELTA_SCALE)? + 256).rem_euclid(256);
        }
        if next != 0 {
            last = next;
        }
    }
    Ok(())
}

/// How the order of pictures is coded.
fn order<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    match b.ue_to(&f::POC_TYPE, 2)? {
        0 => b.ue_to(&f::LOG2_MAX_POC_LSB, 12).map(drop),
        1 => {
            b.flag(&f::DELTA_POC_ALWAYS_ZERO)?;
            b.se(&f::OFFSET_NON_REF)?;
            b.se(&f::OFFSET_TOP_TO_BOTTOM)?;
            for _ in 0..b.ue_to(&f::POC_CYCLE, 255)? {
                b.se(&f::OFFSET_REF_FRAME)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn size<A: Annotate>(b: &mut Bits<'_, '_, A>, samples: Samples) -> Result<Picture, Fault> {
    let width = 16 * (b.ue_to(&f::WIDTH_IN_MBS, LARGEST)? + 1);
    let units = b.ue_to(&f::HEIGHT_IN_MAP_UNITS, LARGEST)? + 1;
    let frames_only = b.flag(&f::FRAME_MBS_ONLY)?;
    let fields = if frames_only { 1 } else { 2 };
    let height = 16 * units * fields;
    if !frames_only {
        b.flag(&f::MB_ADAPTIVE)?;
    }
    b.flag(&f::DIRECT_8X8)?;
    let mut shown = (width, height);
    if b.flag(&f::CROPPING)? {
        let crop = [b.ue(&f::CROP_LEFT)?, b.ue(&f::CROP_RIGHT)?, b.ue(&f::CROP_TOP)?, b.ue(&f::CROP_BOTTOM)?];
        let (across, down) = Chroma(if samples.separate { 0 } else { samples.chroma }).step();
        match cropped(shown, (across, down * fields), crop) {
            Some(left) => shown = left,
            None => b.remark("the cropping leaves nothing of the picture"),
        }
    }
    Ok(Picture {
        interlaced: !frames_only,
        ..Picture::of_size(shown, (width, height), Chroma(samples.chroma), samples.bits)
    })
}

fn usability<A: Annotate>(b: &mut Bits<'_, '_, A>, shown: &mut Picture, timing: &mut Timing) -> Result<(), Fault> {
    let looks = vui::looks(b)?;
    (shown.sar, shown.colour) = (looks.sar, looks.colour);
    if b.flag(&vui::f::TIMING_PRESENT)? {
        let ticks = b.u(&vui::f::UNITS_IN_TICK, 32)?;
        let scale = b.u(&vui::f::TIME_SCALE, 32)?;
        b.flag(&f::FIXED_FRAME_RATE)?;
        // A tick is the time of a field: a frame has two.
        shown.rate = Rate::new(scale as u32, ticks * 2);
    }
    let nal = b.flag(&f::NAL_HRD_PRESENT)?;
    if nal {
        timing.buffers[0] = b.group(&f::HRD, |b| hrd(b, timing))?;
    }
    let vcl = b.flag(&f::VCL_HRD_PRESENT)?;
    if vcl {
        timing.buffers[1] = b.group(&f::HRD, |b| hrd(b, timing))?;
    }
    if nal || vcl {
        b.flag(&f::LOW_DELAY)?;
    }
    timing.structure = b.flag(&f::PIC_STRUCT_PRESENT)?;
    if b.flag(&f::RESTRICTION)? {
        b.flag(&f::MOTION_OVER_BOUNDARIES)?;
        for field in [&f::MAX_BYTES, &f::MAX_BITS, &f::LOG2_MV_X, &f::LOG2_MV_Y, &f::REORDER, &f::BUFFERING] {
            b.ue(field)?;
        }
    }
    Ok(())
}

/// The hypothetical reference decoder: rates and buffers that the stream keeps to. Returns how many buffers there are.
fn hrd<A: Annotate>(b: &mut Bits<'_, '_, A>, timing: &mut Timing) -> Result<u8, Fault> {
    let count = b.ue_to(&f::CPB_COUNT, 31)?;
    b.u(&f::BIT_RATE_SCALE, 4)?;
    b.u(&f::CPB_SIZE_SCALE, 4)?;
    for _ in 0..=count {
        b.ue(&f::BIT_RATE)?;
        b.ue(&f::CPB_SIZE)?;
        b.flag(&f::CBR)?;
    }
    timing.initial_delay = b.u(&f::INITIAL_DELAY_LENGTH, 5)? as u8 + 1;
    let removal = b.u(&f::REMOVAL_DELAY_LENGTH, 5)? as u8 + 1;
    let output = b.u(&f::OUTPUT_DELAY_LENGTH, 5)? as u8 + 1;
    timing.delays = Some((removal, output));
    timing.time_offset = b.u(&f::TIME_OFFSET_LENGTH, 5)? as u8;
    Ok(count as u8 + 1)
}
