//! Supplemental enhancement information (SEI): messages beside the pictures of AVC, HEVC and VVC, such as captions,
//! time codes and the brightness of the mastering display.

use super::nal::{Family, f as unit};
use super::picture::{Timing, transfer_name};
use crate::field::{Annotate, BitReader, Fault, Value};

mod display;
mod fields;
mod hdr10plus;
mod hevc;
mod names;
mod stream;
pub(super) mod t35;
mod timing;
pub use display::f as display_f;
pub use fields::f;
pub use hdr10plus::f as hdr10plus_f;
pub use stream::f as stream_f;
pub(super) use timing::clock;

/// More messages in one unit are not told apart.
const MOST_MESSAGES: u32 = 256;

/// The mark of user data that the encoder x264 writes.
const X264: [u8; 16] = [0xdc, 0x45, 0xe9, 0xbd, 0xe6, 0xd9, 0x48, 0xb7, 0x96, 0x2c, 0xd8, 0x20, 0xd9, 0x23, 0xee, 0xef];

/// Reads what follows the header of an SEI unit. A message that cannot be decoded keeps its fault, and the next one is
/// read.
pub(super) fn read<A: Annotate>(
    b: &mut BitReader<'_, '_, A>,
    family: Family,
    timing: Option<Timing>,
) -> Result<(), Fault> {
    let mut result = Ok(());
    for _ in 0..MOST_MESSAGES {
        if b.left() == 0 || b.at_trailing() {
            break;
        }
        let mut found = false;
        let one = b.group(&f::MESSAGE, |b| {
            let kind = b.byte_sum(&f::PAYLOAD_TYPE)?;
            let size = b.byte_sum(&f::PAYLOAD_SIZE)?;
            b.within(size, |b| {
                found = true;
                payload(b, family, kind, timing)?;
                // Payloads may end inside a byte, or hold more than is known of them.
                b.align(&f::ALIGNMENT)?;
                b.rest(&f::PAYLOAD_REST);
                Ok(())
            })
        });
        if !found {
            return result.and(one);
        }
        result = result.and(one);
    }
    b.trailing(&unit::TRAILING);
    result
}

fn payload<A: Annotate>(
    b: &mut BitReader<'_, '_, A>,
    family: Family,
    kind: u32,
    timing: Option<Timing>,
) -> Result<(), Fault> {
    match kind {
        0 | 1 if family != Family::Vvc => match (family, timing) {
            (Family::Avc, Some(timing)) if kind == 0 => timing::buffering(b, timing),
            (Family::Avc, Some(timing)) => timing::picture(b, timing),
            (_, Some(timing)) if kind == 0 => hevc::buffering(b, timing),
            (_, Some(timing)) => hevc::picture(b, timing),
            (_, None) => {
                b.rest(&f::PAYLOAD);
                b.remark("no sequence parameter set says how buffering and picture timing are laid out");
                Ok(())
            }
        },
        2 if family != Family::Vvc => pan_scan(b, family),
        3 => {
            b.rest(&unit::FILLER);
            Ok(())
        }
        4 => t35::read(b),
        5 => user_data(b),
        6 if family != Family::Vvc => recovery_point(b, family),
        9 if family != Family::Vvc => stream::scene(b),
        10 if family == Family::Avc => stream::sub_sequence(b),
        11 if family == Family::Avc => stream::layer_rates(b),
        12 if family == Family::Avc => stream::sub_sequence_rates(b),
        // These say all by being there.
        14 if family == Family::Avc => Ok(()),
        135 | 145 => Ok(()),
        13 if family == Family::Avc => stream::number(b, kind),
        15 | 17 if family != Family::Vvc => stream::number(b, kind),
        16 if family != Family::Vvc => stream::refinement(b),
        19 => display::film_grain(b, family),
        20 if family == Family::Avc => display::deblocking(b),
        21 if family == Family::Avc => display::stereo(b),
        22 if family != Family::Vvc => display::post_filter(b, family),
        23 if family != Family::Vvc => display::tone_mapping(b, family),
        45 => display::frame_packing(b, family),
        47 if family != Family::Vvc => orientation(b, family),
        128 if family == Family::Hevc => stream::structure(b),
        130 if family == Family::Hevc => stream::decoding_unit(b, timing),
        131 if family == Family::Hevc => stream::layer_zero(b),
        134 if family == Family::Hevc => b.flag(&f::REFRESHED).map(drop),
        129 if family == Family::Hevc => hevc::active_sets(b),
        132 => hevc::picture_hash(b),
        136 if family == Family::Hevc => timing::time_code(b),
        137 => mastering_display(b),
        144 => light_level(b),
        147 => b.u(&f::PREFERRED_TRANSFER, 8).map(drop),
        148 => ambient(b),
        149 => display::colour_volume(b),
        150 | 151 | 154 | 156 => display::sphere(b, kind),
        165 => display::alpha(b),
        168 if family == Family::Vvc => stream::frame_field(b),
        200 => stream::manifest(b),
        201 => stream::prefixes(b),
        204 if family == Family::Vvc => display::aspect(b),
        205 => stream::shutter(b),
        _ => {
            let known = names::is_described(family, kind);
            b.rest(if known { &f::PAYLOAD } else { &f::PAYLOAD_RESERVED });
            Ok(())
        }
    }
}

/// Which parts of the picture narrow screens should show.
fn pan_scan<A: Annotate>(b: &mut BitReader<'_, '_, A>, family: Family) -> Result<(), Fault> {
    b.ue(&f::PAN_SCAN_ID)?;
    if b.flag(&f::PAN_SCAN_CANCEL)? {
        return Ok(());
    }
    for _ in 0..=b.ue_to(&f::PAN_SCAN_COUNT, 2)? {
        for field in [&f::PAN_SCAN_LEFT, &f::PAN_SCAN_RIGHT, &f::PAN_SCAN_TOP, &f::PAN_SCAN_BOTTOM] {
            b.se(field)?;
        }
    }
    match family {
        Family::Avc => b.ue(&f::PAN_SCAN_REPETITION).map(drop),
        _ => b.flag(&f::PAN_SCAN_PERSISTENCE).map(drop),
    }
}

/// How to turn pictures before they are shown.
fn orientation<A: Annotate>(b: &mut BitReader<'_, '_, A>, family: Family) -> Result<(), Fault> {
    if b.flag(&f::ORIENTATION_CANCEL)? {
        return Ok(());
    }
    b.flag(&f::FLIP_HORIZONTAL)?;
    b.flag(&f::FLIP_VERTICAL)?;
    b.u(&f::ROTATION, 16)?;
    if family == Family::Avc {
        b.ue(&f::ORIENTATION_REPETITION)?;
        b.flag(&f::ORIENTATION_EXTENSION)?;
    } else {
        b.flag(&f::ORIENTATION_PERSISTENCE)?;
    }
    Ok(())
}

/// The light of the room that pictures were made for.
fn ambient<A: Annotate>(b: &mut BitReader<'_, '_, A>) -> Result<(), Fault> {
    b.u(&f::AMBIENT_LIGHT, 32)?;
    b.u(&f::AMBIENT_X, 16)?;
    b.u(&f::AMBIENT_Y, 16).map(drop)
}

fn user_data<A: Annotate>(b: &mut BitReader<'_, '_, A>) -> Result<(), Fault> {
    let x264 = b.bytes(&f::UUID, 16)? == X264;
    if x264 {
        b.derived(&f::WRITER, Value::Word("x264"));
    }
    if x264 || is_text(b.ahead()) {
        b.rest_text(&f::USER_TEXT);
    } else {
        b.rest(&f::USER_DATA);
    }
    Ok(())
}

/// True for printable ASCII with a zero byte at the end at most.
fn is_text(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_suffix(&[0]).unwrap_or(bytes);
    !bytes.is_empty() && bytes.iter().all(|b| matches!(b, b' '..=b'~' | b'\n' | b'\r' | b'\t'))
}

fn recovery_point<A: Annotate>(b: &mut BitReader<'_, '_, A>, family: Family) -> Result<(), Fault> {
    if family == Family::Avc {
        b.ue(&f::RECOVERY_FRAMES)?;
    } else {
        b.se(&f::RECOVERY_POC)?;
    }
    b.flag(&f::EXACT_MATCH)?;
    b.flag(&f::BROKEN_LINK)?;
    if family == Family::Avc {
        b.u(&f::SLICE_GROUPS, 2)?;
    }
    Ok(())
}

/// How bright pictures are.
pub(super) fn light_level<A: Annotate>(b: &mut BitReader<'_, '_, A>) -> Result<(), Fault> {
    b.u(&f::MAX_CLL, 16)?;
    b.u(&f::MAX_FALL, 16).map(drop)
}

fn mastering_display<A: Annotate>(b: &mut BitReader<'_, '_, A>) -> Result<(), Fault> {
    for (x, y) in
        [(&f::GREEN_X, &f::GREEN_Y), (&f::BLUE_X, &f::BLUE_Y), (&f::RED_X, &f::RED_Y), (&f::WHITE_X, &f::WHITE_Y)]
    {
        b.u(x, 16)?;
        b.u(y, 16)?;
    }
    b.u(&f::MAX_LUMINANCE, 32)?;
    b.u(&f::MIN_LUMINANCE, 32).map(drop)
}

#[cfg(test)]
mod tests;
