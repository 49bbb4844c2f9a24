//! User data registered by ITU-T T.35: captions and the shape of the active picture (ATSC A/53).

use super::f;
use crate::field::{Annotate, BitReader, Fault};

/// `GA94`: captions.
const CAPTIONS: u64 = 0x4741_3934;
/// `DTG1`: active format description.
const ACTIVE_FORMAT: u64 = 0x4454_4731;

pub(in crate::wire::codec) fn read<A: Annotate>(b: &mut BitReader<'_, '_, A>) -> Result<(), Fault> {
    // Other countries and providers are not described.
    if b.u(&f::COUNTRY, 8)? == 0xb5 && b.u(&f::PROVIDER, 16)? == 0x31 {
        match b.u(&f::USER_IDENTIFIER, 32)? {
            CAPTIONS if b.u(&f::USER_DATA_TYPE, 8)? == 3 => return captions(b),
            ACTIVE_FORMAT => return active_format(b),
            _ => {}
        }
    }
    b.rest(&f::T35_DATA);
    Ok(())
}

fn captions<A: Annotate>(b: &mut BitReader<'_, '_, A>) -> Result<(), Fault> {
    b.flag(&f::EM_FLAG)?;
    b.flag(&f::CC_FLAG)?;
    b.flag(&f::ADDITIONAL)?;
    let count = b.u(&f::CC_COUNT, 5)?;
    b.u(&f::EM_DATA, 8)?;
    for _ in 0..count {
        b.group(&f::CC, |b| {
            b.u(&f::CC_MARKER, 5)?;
            b.flag(&f::CC_VALID)?;
            b.u(&f::CC_TYPE, 2)?;
            b.u(&f::CC_DATA_1, 8)?;
            b.u(&f::CC_DATA_2, 8).map(drop)
        })?;
    }
    b.u(&f::CC_END, 8).map(drop)
}

fn active_format<A: Annotate>(b: &mut BitReader<'_, '_, A>) -> Result<(), Fault> {
    b.u(&f::AFD_ZERO, 1)?;
    let present = b.flag(&f::AFD_PRESENT)?;
    b.u(&f::AFD_RESERVED, 6)?;
    if present {
        b.u(&f::AFD_ONES, 4)?;
        b.u(&f::ACTIVE_FORMAT, 4)?;
    }
    Ok(())
}

/// What a caption triple holds.
pub(super) fn cc_type_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "CEA-608 field 1",
        1 => "CEA-608 field 2",
        2 => "CEA-708 data",
        3 => "CEA-708 start",
        _ => return None,
    })
}

/// Who described the data.
pub(super) fn provider_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0x2f => "DirecTV",
        0x31 => "ATSC",
        0x3c => "HDR10+",
        _ => return None,
    })
}

pub(super) fn country_name(number: u64) -> Option<&'static str> {
    (number == 0xb5).then_some("United States")
}

/// Four characters that say what follows.
pub(super) fn identifier_name(number: u64) -> Option<&'static str> {
    match number {
        CAPTIONS => Some("GA94: captions"),
        ACTIVE_FORMAT => Some("DTG1: active format description"),
        _ => None,
    }
}
