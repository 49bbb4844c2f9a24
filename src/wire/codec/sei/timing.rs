//! Clock times in SEI messages: picture timing of AVC, time codes of HEVC.

use super::f;
use crate::field::{Annotate, BitReader, Fault};
use crate::wire::codec::avc::f as avc;
use crate::wire::codec::picture::Timing;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Buffering period of AVC: how full each buffer is before the first picture.
pub(super) fn buffering<A: Annotate>(b: &mut Bits<'_, '_, A>, timing: Timing) -> Result<(), Fault> {
    b.ue(&avc::SPS_ID)?;
    for _ in 0..timing.buffers.iter().map(|count| u32::from(*count)).sum() {
        b.u(&f::INITIAL_DELAY, u32::from(timing.initial_delay))?;
        b.u(&f::INITIAL_OFFSET, u32::from(timing.initial_delay))?;
    }
    Ok(())
}

/// Picture timing of AVC.
pub(super) fn picture<A: Annotate>(b: &mut Bits<'_, '_, A>, timing: Timing) -> Result<(), Fault> {
    if let Some((removal, output)) = timing.delays {
        b.u(&f::REMOVAL_DELAY, u32::from(removal))?;
        b.u(&f::OUTPUT_DELAY, u32::from(output))?;
    }
    if !timing.structure {
        return Ok(());
    }
    let times = match b.u(&f::PIC_STRUCT, 4)? {
        0..=2 => 1,
        3 | 4 | 7 => 2,
        5 | 6 | 8 => 3,
        _ => {
            b.remark("not a picture structure");
            return Ok(());
        }
    };
    for _ in 0..times {
        if b.flag(&f::CLOCK_PRESENT)? {
            b.group(&f::CLOCK, |b| {
                b.u(&f::CT_TYPE, 2)?;
                b.flag(&f::UNITS_FIELD)?;
                clock(b, 8)?;
                if timing.time_offset > 0 {
                    b.u(&f::TIME_OFFSET, u32::from(timing.time_offset))?;
                }
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// Time codes of HEVC.
pub(super) fn time_code<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    for _ in 0..b.u(&f::CLOCK_COUNT, 2)? {
        if b.flag(&f::CLOCK_PRESENT)? {
            b.group(&f::CLOCK, |b| {
                b.flag(&f::UNITS_FIELD)?;
                clock(b, 9)?;
                match b.u(&f::TIME_OFFSET_LENGTH, 5)? {
                    0 => Ok(()),
                    bits => b.u(&f::TIME_OFFSET, bits as u32).map(drop),
                }
            })?;
        }
    }
    Ok(())
}

/// A clock time with a frame number of so many bits: also that of AV1.
pub(in crate::wire::codec) fn clock<A: Annotate>(b: &mut Bits<'_, '_, A>, frame_bits: u32) -> Result<(), Fault> {
    b.u(&f::COUNTING, 5)?;
    let full = b.flag(&f::FULL)?;
    b.flag(&f::DISCONTINUITY)?;
    b.flag(&f::DROPPED)?;
    b.u(&f::FRAMES, frame_bits)?;
    if full {
        b.u(&f::SECONDS, 6)?;
        b.u(&f::MINUTES, 6)?;
        b.u(&f::HOURS, 5)?;
    } else if b.flag(&f::SECONDS_PRESENT)? {
        b.u(&f::SECONDS, 6)?;
        if b.flag(&f::MINUTES_PRESENT)? {
            b.u(&f::MINUTES, 6)?;
            if b.flag(&f::HOURS_PRESENT)? {
                b.u(&f::HOURS, 5)?;
            }
        }
    }
    Ok(())
}
