//! User data registered by ITU-T T.35: captions, bars and the shape of the active picture (ATSC A/53), HDR10+.

use super::{f, hdr10plus};
use crate::field::{Annotate, BitReader, Fault};

/// `GA94`: captions or bars.
const ATSC_DATA: u64 = 0x4741_3934;
/// `DTG1`: active format description.
const ACTIVE_FORMAT: u64 = 0x4454_4731;

const UNITED_STATES: u64 = 0xb5;
const ATSC: u64 = 0x31;
/// Whose number stands before HDR10+.
const SAMSUNG: u64 = 0x3c;

/// The country code that says that another one follows.
const LONG_COUNTRY: u64 = 0xff;

pub(in crate::wire::codec) fn read<A: Annotate>(b: &mut BitReader<'_, '_, A>) -> Result<(), Fault> {
    let country = b.u(&f::COUNTRY, 8)?;
    if country == LONG_COUNTRY {
        b.u(&f::COUNTRY_EXTENSION, 8)?;
    }
    // Other countries and providers are not described.
    if country == UNITED_STATES && b.left() >= 16 {
        match b.u(&f::PROVIDER, 16)? {
            ATSC => match b.u(&f::USER_IDENTIFIER, 32)? {
                ATSC_DATA => match b.u(&f::USER_DATA_TYPE, 8)? {
                    3 => return captions(b),
                    6 => return bars(b),
                    _ => {}
                },
                ACTIVE_FORMAT => return active_format(b),
                _ => {}
            },
            SAMSUNG if b.left() >= 24 && b.u(&f::ORIENTED_CODE, 16)? == 1 && b.u(&f::APPLICATION, 8)? == 4 => {
                return hdr10plus::read(b);
            }
            _ => {}
        }
    }
    b.rest(&f::T35_DATA);
    Ok(())
}

/// Black bars at the edges.
fn bars<A: Annotate>(b: &mut BitReader<'_, '_, A>) -> Result<(), Fault> {
    let mut count = 0;
    for field in [&f::BAR_TOP, &f::BAR_BOTTOM, &f::BAR_LEFT, &f::BAR_RIGHT] {
        count += u32::from(b.flag(field)?);
    }
    b.u(&f::BAR_RESERVED, 4)?;
    for _ in 0..count {
        b.u(&f::BAR_MARKER, 2)?;
        b.u(&f::BAR_END, 14)?;
    }
    b.rest(&f::BAR_MORE);
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
        ATSC => "ATSC",
        SAMSUNG => "Samsung: HDR10+",
        _ => return None,
    })
}

/// What follows `GA94`.
pub(super) fn user_data_name(number: u64) -> Option<&'static str> {
    Some(match number {
        3 => "captions",
        6 => "bars",
        _ => return None,
    })
}

pub(super) fn country_name(number: u64) -> Option<&'static str> {
    (number == UNITED_STATES).then_some("United States")
}

/// Four characters that say what follows.
pub(super) fn identifier_name(number: u64) -> Option<&'static str> {
    match number {
        ATSC_DATA => Some("GA94: captions or bars"),
        ACTIVE_FORMAT => Some("DTG1: active format description"),
        _ => None,
    }
}
