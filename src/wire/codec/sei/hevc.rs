//! SEI messages that HEVC lays out differently from AVC, or has alone (H.265 annex D).

use super::f;
use crate::field::{Annotate, BitReader, Fault};
use crate::wire::codec::hevc::f as hevc;
use crate::wire::codec::picture::Timing;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Buffering period: how full each buffer is before the first picture.
pub(super) fn buffering<A: Annotate>(b: &mut Bits<'_, '_, A>, timing: Timing) -> Result<(), Fault> {
    b.ue(&hevc::SPS_ID)?;
    let (removal, output) = timing.delays.unwrap_or_default();
    let parts = timing.parts.is_some();
    let changed = !parts && b.flag(&f::IRAP_PARAMETERS)?;
    if changed {
        b.u(&f::CPB_DELAY_OFFSET, u32::from(removal))?;
        b.u(&f::DPB_DELAY_OFFSET, u32::from(output))?;
    }
    b.flag(&f::CONCATENATION)?;
    b.u(&f::REMOVAL_DELTA, u32::from(removal))?;
    for _ in 0..timing.buffers.iter().map(|count| u32::from(*count)).sum() {
        b.u(&f::INITIAL_DELAY, u32::from(timing.initial_delay))?;
        b.u(&f::INITIAL_OFFSET, u32::from(timing.initial_delay))?;
        if parts || changed {
            b.u(&f::INITIAL_ALT_DELAY, u32::from(timing.initial_delay))?;
            b.u(&f::INITIAL_ALT_OFFSET, u32::from(timing.initial_delay))?;
        }
    }
    Ok(())
}

/// Picture timing.
pub(super) fn picture<A: Annotate>(b: &mut Bits<'_, '_, A>, timing: Timing) -> Result<(), Fault> {
    if timing.structure {
        b.u(&f::PIC_STRUCT, 4)?;
        b.u(&f::SCAN_TYPE, 2)?;
        b.flag(&f::DUPLICATE)?;
    }
    let Some((removal, output)) = timing.delays else { return Ok(()) };
    b.u(&f::AU_REMOVAL_DELAY, u32::from(removal))?;
    b.u(&f::PIC_OUTPUT_DELAY, u32::from(output))?;
    let Some(parts) = timing.parts else { return Ok(()) };
    b.u(&f::PIC_OUTPUT_PARTS_DELAY, u32::from(parts.output))?;
    if !parts.in_picture_timing {
        return Ok(());
    }
    let count = b.ue(&f::PARTS)?;
    let common = b.flag(&f::PARTS_COMMON)?;
    if common {
        b.u(&f::PART_DELAY, u32::from(parts.removal))?;
    }
    for part in 0..=count {
        b.ue(&f::PART_UNITS)?;
        if !common && part < count {
            b.u(&f::PART_DELAY, u32::from(parts.removal))?;
        }
    }
    Ok(())
}

/// Which parameter sets pictures use.
pub(super) fn active_sets<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.u(&f::ACTIVE_VPS, 4)?;
    b.flag(&f::SELF_CONTAINED)?;
    b.flag(&f::NO_UPDATE)?;
    for _ in 0..=b.ue_to(&f::ACTIVE_SETS, 15)? {
        b.ue_to(&f::ACTIVE_SPS, 15)?;
    }
    Ok(())
}

/// Checks of the decoded picture: one for each colour.
pub(super) fn picture_hash<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    let size = match b.u(&f::HASH_TYPE, 8)? {
        0 => 16,
        1 => 2,
        2 => 4,
        _ => {
            b.rest(&f::PAYLOAD_RESERVED);
            return Ok(());
        }
    };
    for _ in 0..3 {
        if b.left() >= size * 8 {
            b.bytes(&f::HASH, size)?;
        }
    }
    Ok(())
}

pub(super) fn hash_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "MD5",
        1 => "CRC",
        2 => "checksum",
        _ => return None,
    })
}

/// Numbers from 9 on are of HEVC alone.
pub(super) fn pic_struct_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "frame",
        1 => "top field",
        2 => "bottom field",
        3 => "top, bottom",
        4 => "bottom, top",
        5 => "top, bottom, top",
        6 => "bottom, top, bottom",
        7 => "frame doubling",
        8 => "frame tripling",
        9 => "top field, with the bottom field before",
        10 => "bottom field, with the top field before",
        11 => "top field, with the bottom field after",
        12 => "bottom field, with the top field after",
        _ => return None,
    })
}

pub(super) fn scan_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "interlaced",
        1 => "progressive",
        2 => "unknown",
        _ => return None,
    })
}
