//! SEI messages about how pictures are to be shown: grain, tones, views, colours (H.264 and H.265 annex D, H.274).

use crate::field::{Annotate, BitReader, Fault};
use crate::wire::codec::nal::Family;
use crate::wire::codec::picture::f as picture;
use crate::wire::codec::vui::f as vui;

mod fields;
pub use fields::f;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// How long a message holds: AVC counts pictures, the others say whether it goes on.
fn lasting<A: Annotate>(b: &mut Bits<'_, '_, A>, family: Family) -> Result<(), Fault> {
    match family {
        Family::Avc => b.ue(&f::REPETITION).map(drop),
        _ => b.flag(&f::PERSISTENCE).map(drop),
    }
}

/// Whole bytes that hold so many bits.
fn whole_bytes(bits: u64) -> u32 {
    (bits as u32).div_ceil(8).clamp(1, 8) * 8
}

/// Film grain that was taken out before coding.
pub(super) fn film_grain<A: Annotate>(b: &mut Bits<'_, '_, A>, family: Family) -> Result<(), Fault> {
    if b.flag(&f::CANCEL)? {
        return Ok(());
    }
    b.u(&f::GRAIN_MODEL, 2)?;
    if b.flag(&f::GRAIN_COLOURS)? {
        b.u(&f::GRAIN_LUMA_BITS, 3)?;
        b.u(&f::GRAIN_CHROMA_BITS, 3)?;
        b.flag(&picture::FULL_RANGE)?;
        for field in [&picture::PRIMARIES, &picture::TRANSFER, &picture::MATRIX] {
            b.u(field, 8)?;
        }
    }
    b.u(&f::GRAIN_BLENDING, 2)?;
    b.u(&f::GRAIN_SCALE, 4)?;
    let mut colours = 0;
    for _ in 0..3 {
        colours += u32::from(b.flag(&f::GRAIN_COLOUR)?);
    }
    for _ in 0..colours {
        b.group(&f::GRAIN, |b| {
            let intervals = b.u(&f::GRAIN_INTERVALS, 8)?;
            let values = b.u(&f::GRAIN_VALUES, 3)?;
            for _ in 0..=intervals {
                b.u(&f::GRAIN_LOWER, 8)?;
                b.u(&f::GRAIN_UPPER, 8)?;
                for _ in 0..=values {
                    b.se(&f::GRAIN_VALUE)?;
                }
            }
            Ok(())
        })?;
    }
    lasting(b, family)
}

/// Whether pictures may be shown before edges are smoothed.
pub(super) fn deblocking<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    if b.flag(&f::CANCEL)? {
        return Ok(());
    }
    b.flag(&f::BEFORE_DEBLOCKING)?;
    b.flag(&f::BUFFERING_CONSTRAINT)?;
    b.ue(&f::REPETITION).map(drop)
}

/// Two views in the pictures of AVC.
pub(super) fn stereo<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    if b.flag(&f::FIELD_VIEWS)? {
        b.flag(&f::TOP_IS_LEFT)?;
    } else {
        b.flag(&f::CURRENT_IS_LEFT)?;
        b.flag(&f::NEXT_IS_SECOND)?;
    }
    b.flag(&f::LEFT_ALONE)?;
    b.flag(&f::RIGHT_ALONE).map(drop)
}

/// A filter for decoded pictures.
pub(super) fn post_filter<A: Annotate>(b: &mut Bits<'_, '_, A>, family: Family) -> Result<(), Fault> {
    let (height, width) = (b.ue_to(&f::FILTER_HEIGHT, 15)?, b.ue_to(&f::FILTER_WIDTH, 15)?);
    b.u(&f::FILTER_TYPE, 2)?;
    for _ in 0..3 * height * width {
        b.se(&f::FILTER_VALUE)?;
    }
    if family == Family::Avc {
        b.flag(&f::MORE)?;
    }
    Ok(())
}

/// How brightness changes for another display.
pub(super) fn tone_mapping<A: Annotate>(b: &mut Bits<'_, '_, A>, family: Family) -> Result<(), Fault> {
    b.ue(&f::TONE_ID)?;
    if b.flag(&f::CANCEL)? {
        return Ok(());
    }
    lasting(b, family)?;
    let (coded, target) = (b.u(&f::CODED_BITS, 8)?, b.u(&f::TARGET_BITS, 8)?);
    let bits = whole_bytes(coded);
    match b.ue(&f::TONE_MODEL)? {
        0 => {
            b.u(&f::TONE_MIN, 32)?;
            b.u(&f::TONE_MAX, 32)?;
        }
        1 => {
            b.u(&f::TONE_MIDPOINT, 32)?;
            b.u(&f::TONE_WIDTH, 32)?;
        }
        2 => {
            for _ in 0..1u64 << target.min(16) {
                b.u(&f::TONE_START, bits)?;
            }
        }
        3 => {
            for _ in 0..b.u(&f::TONE_PIVOTS, 16)? {
                b.u(&f::TONE_CODED, bits)?;
                b.u(&f::TONE_TARGET, whole_bytes(target))?;
            }
        }
        4 => {
            for (index, value) in [(&f::ISO_SPEED, &f::ISO_SPEED_VALUE), (&f::EXPOSURE, &f::EXPOSURE_VALUE)] {
                if b.u(index, 8)? == 255 {
                    b.u(value, 32)?;
                }
            }
            b.flag(&f::EXPOSURE_SIGN)?;
            b.u(&f::EXPOSURE_NUMERATOR, 16)?;
            b.u(&f::EXPOSURE_DENOMINATOR, 16)?;
            b.u(&f::SCREEN_WHITE, 32)?;
            b.u(&f::EXTENDED_WHITE, 32)?;
            for field in [&f::BLACK_CODE, &f::WHITE_CODE, &f::EXTENDED_WHITE_CODE] {
                b.u(field, 16)?;
            }
        }
        _ => b.remark("a reserved way to map tones"),
    }
    Ok(())
}

/// Two views that share pictures.
pub(super) fn frame_packing<A: Annotate>(b: &mut Bits<'_, '_, A>, family: Family) -> Result<(), Fault> {
    b.ue(&f::PACKING_ID)?;
    if !b.flag(&f::CANCEL)? {
        let kind = b.u(&f::PACKING_TYPE, 7)?;
        let quincunx = b.flag(&f::QUINCUNX)?;
        b.u(&f::CONTENT, 6)?;
        for field in [
            &f::SPATIAL_FLIPPING,
            &f::FIRST_FLIPPED,
            &f::FIELD_VIEWS,
            &f::CURRENT_IS_FIRST,
            &f::LEFT_ALONE,
            &f::RIGHT_ALONE,
        ] {
            b.flag(field)?;
        }
        if !quincunx && kind != 5 {
            for field in [&f::FIRST_X, &f::FIRST_Y, &f::SECOND_X, &f::SECOND_Y] {
                b.u(field, 4)?;
            }
        }
        b.u(&picture::RESERVED, 8)?;
        lasting(b, family)?;
    }
    b.flag(if family == Family::Avc { &f::MORE } else { &f::UPSAMPLED }).map(drop)
}

/// The colours that contents use.
pub(super) fn colour_volume<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    if b.flag(&f::CANCEL)? {
        return Ok(());
    }
    b.flag(&f::PERSISTENCE)?;
    let there =
        [b.flag(&f::VOLUME_PRIMARIES)?, b.flag(&f::VOLUME_MIN)?, b.flag(&f::VOLUME_MAX)?, b.flag(&f::VOLUME_AVERAGE)?];
    b.u(&picture::RESERVED, 2)?;
    let [primaries, luminances @ ..] = there;
    for _ in 0..if primaries { 3 } else { 0 } {
        b.i(&f::VOLUME_X, 32)?;
        b.i(&f::VOLUME_Y, 32)?;
    }
    let fields = [&f::VOLUME_MIN_VALUE, &f::VOLUME_MAX_VALUE, &f::VOLUME_AVERAGE_VALUE];
    for (field, _) in fields.into_iter().zip(luminances).filter(|(_, there)| *there) {
        b.u(field, 32)?;
    }
    Ok(())
}

/// Pictures that say how transparent others are.
pub(super) fn alpha<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    if b.flag(&f::CANCEL)? {
        return Ok(());
    }
    b.u(&f::ALPHA_USE, 3)?;
    let bits = b.u(&f::ALPHA_BITS, 3)? as u32 + 9;
    b.u(&f::TRANSPARENT, bits)?;
    b.u(&f::OPAQUE, bits)?;
    b.flag(&f::ALPHA_INCREMENT)?;
    if b.flag(&f::ALPHA_CLIP)? {
        b.flag(&f::ALPHA_CLIP_TYPE)?;
    }
    Ok(())
}

/// The shape of samples (VVC).
pub(super) fn aspect<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    if b.flag(&f::CANCEL)? {
        return Ok(());
    }
    b.flag(&f::PERSISTENCE)?;
    if b.u(&vui::ASPECT, 8)? == 255 {
        b.u(&vui::SAR_WIDTH, 16)?;
        b.u(&vui::SAR_HEIGHT, 16)?;
    }
    Ok(())
}

/// Pictures on a sphere: how the sphere was turned, and which part to look at.
pub(super) fn sphere<A: Annotate>(b: &mut Bits<'_, '_, A>, kind: u32) -> Result<(), Fault> {
    if kind == 156 {
        b.u(&f::VIEWPORT_ID, 10)?;
    }
    if b.flag(&f::CANCEL)? {
        return Ok(());
    }
    b.flag(&f::PERSISTENCE)?;
    match kind {
        150 => {
            let guarded = b.flag(&f::GUARD_BAND)?;
            b.u(&picture::RESERVED, 2)?;
            if guarded {
                b.u(&f::GUARD_BAND_TYPE, 3)?;
                b.u(&f::GUARD_BAND_LEFT, 8)?;
                b.u(&f::GUARD_BAND_RIGHT, 8)?;
            }
        }
        154 => {
            b.u(&picture::RESERVED, 6)?;
            for field in [&f::YAW, &f::PITCH, &f::ROLL] {
                b.i(field, 32)?;
            }
        }
        156 => {
            for _ in 0..=b.u(&f::VIEWPORTS, 4)? {
                for field in [&f::YAW, &f::PITCH, &f::ROLL] {
                    b.i(field, 32)?;
                }
            }
            b.u(&f::RANGE_X, 32)?;
            b.u(&f::RANGE_Y, 32)?;
        }
        _ => {}
    }
    Ok(())
}
