//! The configurations of the rarer object types of MPEG-4 audio (ISO/IEC 14496-3): speech, parametric and lossless coding,
//! low delay, and protection against errors.

use super::{ObjectType, program};
use crate::field::{Annotate, BitReader, Fault};

mod fields;
pub use fields::f;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Reads the configuration of an object type that has one of its own. Tells whether there is one that is followed here.
pub(super) fn read<A: Annotate>(b: &mut Bits<'_, '_, A>, object_type: ObjectType, channels: u8) -> Result<bool, Fault> {
    match object_type.0 {
        8 | 24 => b.group(&f::CELP, |b| celp(b, object_type.0 == 24))?,
        9 | 25 => b.group(&f::HVXC, |b| if b.flag(&f::BASE_LAYER)? { hvxc(b, object_type.0 == 25) } else { Ok(()) })?,
        12 => b.group(&f::TTS, speech)?,
        26 | 27 => b.group(&f::PARAMETRIC, parametric)?,
        28 => b.group(&f::SSC, |b| sinusoids(b, channels))?,
        32..=34 => b.flag(&f::MPEG_EXTENSION).map(drop)?,
        35 => b.group(&f::DST, |b| {
            b.flag(&f::DST_CODED)?;
            b.u(&f::DST_CHANNELS, 14)?;
            b.u(&f::RESERVED, 1).map(drop)
        })?,
        36 => b.group(&f::ALS, lossless)?,
        37 => b.group(&f::SLS, |b| scalable_lossless(b, channels))?,
        39 => b.group(&f::ELD, |b| low_delay(b, channels))?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Coded excitation, with or without resilience.
fn celp<A: Annotate>(b: &mut Bits<'_, '_, A>, resilient: bool) -> Result<(), Fault> {
    if !b.flag(&f::BASE_LAYER)? {
        let bits = if b.flag(&f::CELP_WIDER)? { &f::CELP_WIDER_CONFIG } else { &f::CELP_LAYER };
        return b.u(bits, 2).map(drop);
    }
    let regular = b.flag(&f::CELP_EXCITATION)?;
    b.flag(&f::CELP_RATE)?;
    b.flag(&f::CELP_FINE)?;
    if resilient {
        b.flag(&f::CELP_SILENCE)?;
    }
    if regular {
        return b.u(&f::CELP_REGULAR, 3).map(drop);
    }
    b.u(&f::CELP_MULTI, 5)?;
    b.u(&f::CELP_LAYERS, 2)?;
    b.flag(&f::CELP_SCALABLE).map(drop)
}

/// Harmonic vector excitation.
fn hvxc<A: Annotate>(b: &mut Bits<'_, '_, A>, resilient: bool) -> Result<(), Fault> {
    b.flag(&f::HVXC_VARIABLE)?;
    b.u(&f::HVXC_RATE, 2)?;
    if b.flag(&f::EXTENSION)? && resilient {
        b.flag(&f::HVXC_SCALABLE)?;
    }
    Ok(())
}

/// Text to speech.
fn speech<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.u(&f::TTS_SEQUENCE, 5)?;
    b.u(&f::TTS_LANGUAGE, 18)?;
    b.u(&f::TTS_FLAGS, 7).map(drop)
}

/// Lines and noise.
fn parametric<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    if !b.flag(&f::BASE_LAYER)? {
        if b.flag(&f::HILN_ENHANCED)? {
            b.u(&f::HILN_ENHANCED_QUANTISER, 2)?;
        }
        return Ok(());
    }
    let mode = b.u(&f::PARAMETRIC_MODE, 2)?;
    if mode != 1 {
        hvxc(b, true)?;
    }
    if mode != 0 {
        b.flag(&f::HILN_QUANTISER)?;
        b.u(&f::HILN_LINES, 8)?;
        b.u(&f::HILN_RATE, 4)?;
        b.u(&f::HILN_FRAME, 12)?;
        b.u(&f::HILN_CONTINUE, 2)?;
    }
    b.flag(&f::EXTENSION).map(drop)
}

fn sinusoids<A: Annotate>(b: &mut Bits<'_, '_, A>, channels: u8) -> Result<(), Fault> {
    b.u(&f::SSC_LEVEL, 2)?;
    b.u(&f::SSC_UPDATE, 4)?;
    b.u(&f::SSC_SYNTHESIS, 2)?;
    if channels != 1 && b.u(&f::SSC_STEREO, 2)? == 1 && channels == 2 {
        b.u(&f::RESERVED, 2)?;
    }
    Ok(())
}

/// MPEG-4 ALS: bits up to the next byte, then a header of its own.
fn lossless<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.u(&f::RESERVED, 5)?;
    b.bytes(&f::ALS_ID, 4)?;
    b.u(&f::ALS_RATE, 32)?;
    b.u(&f::ALS_SAMPLES, 32)?;
    let channels = b.u(&f::ALS_CHANNELS, 16)? as u32 + 1;
    b.u(&f::ALS_FILE_TYPE, 3)?;
    b.u(&f::ALS_RESOLUTION, 3)?;
    b.flag(&f::ALS_FLOATING)?;
    b.flag(&f::ALS_BIG_ENDIAN)?;
    b.u(&f::ALS_FRAME, 16)?;
    b.u(&f::ALS_RANDOM_ACCESS, 8)?;
    b.u(&f::ALS_ACCESS_PLACE, 2)?;
    b.u(&f::ALS_PREDICTION, 14)?;
    b.u(&f::ALS_TOOLS, 6)?;
    let (configured, sorted) = (b.flag(&f::ALS_CONFIGURED)?, b.flag(&f::ALS_SORTED)?);
    let checked = b.flag(&f::ALS_CHECKED)?;
    b.flag(&f::ALS_RLS)?;
    b.u(&f::RESERVED, 5)?;
    b.flag(&f::ALS_AUXILIARY)?;
    if configured {
        b.u(&f::ALS_CHANNEL_CONFIG, 16)?;
    }
    let bits = channels.next_power_of_two().ilog2();
    if sorted && bits > 0 {
        for _ in 0..channels {
            b.u(&f::ALS_CHANNEL, bits)?;
        }
    }
    b.align(&super::f::PADDING)?;
    let header = b.u(&f::ALS_HEADER_SIZE, 32)? as u32;
    let trailer = b.u(&f::ALS_TRAILER_SIZE, 32)? as u32;
    // All bits set: the original header and trailer are not kept.
    for (field, size) in [(&f::ALS_HEADER, header), (&f::ALS_TRAILER, trailer)] {
        if size != u32::MAX {
            b.bytes(field, size)?;
        }
    }
    if checked {
        b.u(&f::ALS_CHECK, 32)?;
    }
    b.rest(&f::ALS_REST);
    Ok(())
}

fn scalable_lossless<A: Annotate>(b: &mut Bits<'_, '_, A>, channels: u8) -> Result<(), Fault> {
    b.u(&f::SLS_WORD, 3)?;
    b.flag(&f::SLS_CORE)?;
    b.flag(&f::SLS_MAIN)?;
    b.u(&f::RESERVED, 1)?;
    b.u(&f::SLS_FRAME, 3)?;
    if channels == 0 {
        b.group(&program::f::PROGRAM_CONFIG, program::element)?;
    }
    Ok(())
}

/// Enhanced low delay.
fn low_delay<A: Annotate>(b: &mut Bits<'_, '_, A>, channels: u8) -> Result<(), Fault> {
    b.flag(&f::ELD_SHORT)?;
    for field in [&super::f::RESILIENT_SECTIONS, &super::f::RESILIENT_SCALE_FACTORS, &super::f::RESILIENT_SPECTRUM] {
        b.flag(field)?;
    }
    if b.flag(&f::ELD_SBR)? {
        b.flag(&f::ELD_SBR_DOUBLE)?;
        b.flag(&f::ELD_SBR_CRC)?;
        let headers = match channels {
            1 | 2 => 1,
            3 => 2,
            4..=6 => 3,
            7 => 4,
            _ => 0,
        };
        for _ in 0..headers {
            b.group(&f::SBR_HEADER, sbr_header)?;
        }
    }
    while b.u(&f::ELD_EXTENSION, 4)? != 0 {
        let mut size = b.u(&f::ELD_EXTENSION_SIZE, 4)?;
        if size == 15 {
            let more = b.u(&f::ELD_EXTENSION_SIZE, 8)?;
            size += more;
            if more == 255 {
                size += b.u(&f::ELD_EXTENSION_SIZE, 16)?;
            }
        }
        b.bytes(&f::ELD_EXTENSION_DATA, size as u32)?;
    }
    Ok(())
}

fn sbr_header<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.flag(&f::SBR_RESOLUTION)?;
    b.u(&f::SBR_START, 4)?;
    b.u(&f::SBR_STOP, 4)?;
    b.u(&f::SBR_CROSSOVER, 3)?;
    b.u(&f::RESERVED, 2)?;
    let (bands, limits) = (b.flag(&f::SBR_EXTRA_1)?, b.flag(&f::SBR_EXTRA_2)?);
    if bands {
        b.u(&f::SBR_SCALE, 2)?;
        b.flag(&f::SBR_ALTER)?;
        b.u(&f::SBR_NOISE, 2)?;
    }
    if limits {
        b.u(&f::SBR_LIMITER_BANDS, 2)?;
        b.u(&f::SBR_LIMITER_GAINS, 2)?;
        b.flag(&f::SBR_INTERPOLATE)?;
        b.flag(&f::SBR_SMOOTH)?;
    }
    Ok(())
}

/// ErrorProtectionSpecificConfig: sets of classes of bits, each with its own protection.
pub(super) fn protection<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    let sets = b.u(&f::SETS, 8)?;
    let interleave = b.u(&f::INTERLEAVE, 2)?;
    b.u(&f::STUFFING, 3)?;
    let joined = b.u(&f::FRAMES, 3)? != 1;
    for _ in 0..sets {
        b.group(&f::SET, |b| {
            let classes = b.u(&f::CLASSES, 6)?;
            for _ in 0..classes {
                b.group(&f::CLASS, |b| class(b, interleave, joined))?;
            }
            if b.flag(&f::REORDERED)? {
                for _ in 0..classes {
                    b.u(&f::ORDER, 6)?;
                }
            }
            Ok(())
        })?;
    }
    if b.flag(&f::HEADER_PROTECTED)? {
        b.u(&f::HEADER_RATE, 5)?;
        b.u(&f::HEADER_CRC, 5)?;
    }
    Ok(())
}

fn class<A: Annotate>(b: &mut Bits<'_, '_, A>, interleave: u64, joined: bool) -> Result<(), Fault> {
    let length_later = b.flag(&f::LENGTH_LATER)?;
    let rate_later = b.flag(&f::RATE_LATER)?;
    let crc_later = b.flag(&f::CRC_LATER)?;
    if joined {
        b.flag(&f::JOINED)?;
    }
    let code = b.u(&f::CODE, 2)?;
    if code == 0 {
        b.flag(&f::TERMINATED)?;
    }
    if interleave == 2 {
        b.u(&f::INTERLEAVED, 2)?;
    }
    b.flag(&f::OPTIONAL)?;
    if length_later {
        b.u(&f::LENGTH_BITS, 4)?;
    } else {
        b.u(&f::LENGTH, 16)?;
    }
    if !rate_later {
        b.u(&f::RATE, if code == 0 { 5 } else { 7 })?;
    }
    if !crc_later {
        b.u(&f::CRC, 5)?;
    }
    Ok(())
}
