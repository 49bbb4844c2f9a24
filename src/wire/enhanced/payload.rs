//! What a codec put into a body, after every header that is not the codec's own.
//!
//! This is the one place where decoders of codecs plug in. They are called for whole bodies: of a body whose end is
//! missing nobody could tell a fault of the sender from the missing bytes, so its payload stays one leaf, unless all that
//! is missing is the end of one unit.

use super::f;
use crate::field::{Annotate, Fault, Reader};
use crate::wire::body::{Context, Extent};
use crate::wire::codec::audio::{self, AudioConfig};
use crate::wire::codec::{self, NalList, VideoConfig};
use crate::wire::fourcc::FourCc;

/// What kind of payload it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// What a decoder must know first.
    Configuration,
    /// Pictures or sound.
    Coded,
}

/// What the codec said in a video message; with several tracks, the first that said it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VideoFacts {
    /// The decoder configuration.
    pub config: Option<VideoConfig>,
    /// The units of a coded sample.
    pub units: Option<NalList>,
}

/// Reads the payload of a video message up to the end of the current bounds.
#[inline]
pub fn video<A: Annotate>(
    r: &mut Reader<'_, A>,
    fourcc: FourCc,
    payload: Payload,
    context: Context,
    facts: &mut VideoFacts,
) -> Result<(), Fault> {
    match (payload, context.extent) {
        (_, Extent::Head) | (Payload::Configuration, Extent::Beginning(_)) => rest(r, payload),
        _ if !is_known(fourcc) => rest(r, payload),
        (Payload::Configuration, Extent::Whole) if r.is_empty() => missing(r, fourcc),
        (Payload::Configuration, Extent::Whole) => {
            let (config, result) = codec::configuration(r, fourcc);
            facts.config = facts.config.or(config);
            return result;
        }
        (Payload::Coded, Extent::Whole) => {
            let (units, result) = codec::coded_after(r, fourcc, context.codec);
            facts.units.get_or_insert(units);
            return result;
        }
        (Payload::Coded, Extent::Beginning(missing)) => match codec::one_unit(r, fourcc, context.codec, missing) {
            Some((units, result)) => {
                facts.units.get_or_insert(units);
                return result;
            }
            None => rest(r, payload),
        },
    }
    Ok(())
}

/// Reads the payload of an audio message up to the end of the current bounds.
#[inline]
pub fn audio<A: Annotate>(
    r: &mut Reader<'_, A>,
    fourcc: FourCc,
    payload: Payload,
    extent: Extent,
    config: &mut Option<AudioConfig>,
) -> Result<(), Fault> {
    match (payload, extent) {
        (Payload::Configuration, Extent::Head | Extent::Beginning(_)) => rest(r, payload),
        (Payload::Configuration, Extent::Whole) if r.is_empty() => missing(r, fourcc),
        (Payload::Configuration, Extent::Whole) if !has_configuration(fourcc) && fourcc != audio::OPUS => {
            rest(r, payload);
        }
        (Payload::Configuration, Extent::Whole) => {
            let (read, result) = audio::configuration(r, fourcc);
            *config = config.or(read);
            return result;
        }
        // The header of a frame stands in its first bytes.
        (Payload::Coded, _) => {
            let read = audio::frame(r, fourcc)?;
            *config = config.or(read);
            rest(r, payload);
        }
    }
    Ok(())
}

/// Codecs of pictures that have a decoder here; what others put into a body is one leaf.
fn is_known(fourcc: FourCc) -> bool {
    matches!(&fourcc.0, b"avc1" | b"hvc1" | b"vvc1" | b"av01" | b"vp08" | b"vp09")
}

pub(super) fn rest<A: Annotate>(r: &mut Reader<'_, A>, payload: Payload) {
    match payload {
        Payload::Configuration => r.rest(&f::CODEC_CONFIG),
        Payload::Coded => r.rest(&f::PAYLOAD),
    };
}

fn missing<A: Annotate>(r: &mut Reader<'_, A>, fourcc: FourCc) {
    if has_configuration(fourcc) {
        r.remark(0, "the decoder configuration is missing");
    }
}

/// Codecs that cannot be decoded without a configuration. None is defined for AC-3, E-AC-3 and MP3, and that of Opus may
/// be empty.
fn has_configuration(fourcc: FourCc) -> bool {
    matches!(&fourcc.0, b"avc1" | b"hvc1" | b"vvc1" | b"av01" | b"vp08" | b"vp09" | b"mp4a" | b"fLaC")
}
