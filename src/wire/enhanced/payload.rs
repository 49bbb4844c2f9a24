//! What a codec put into a body, after every header that is not the codec's own.
//!
//! This is the one place where decoders of codecs plug in. They are called for whole bodies only: of a body whose end is
//! missing nobody could tell a fault of the sender from the missing bytes, so its payload stays one leaf.

use super::f;
use crate::field::{Annotate, Fault, Reader};
use crate::wire::body::Extent;
use crate::wire::fourcc::FourCc;

/// What kind of payload it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// What a decoder must know first.
    Configuration,
    /// Pictures or sound.
    Coded,
}

/// Reads the payload up to the end of the current bounds.
#[inline]
pub fn body<A: Annotate>(r: &mut Reader<'_, A>, fourcc: FourCc, payload: Payload, extent: Extent) -> Result<(), Fault> {
    match (payload, extent) {
        (Payload::Configuration, Extent::Whole) => {
            if r.is_empty() && has_configuration(fourcc) {
                r.remark(0, "the decoder configuration is missing");
            }
            r.rest(&f::CODEC_CONFIG);
        }
        (Payload::Configuration, Extent::Head) => {
            r.rest(&f::CODEC_CONFIG);
        }
        (Payload::Coded, _) => {
            r.rest(&f::PAYLOAD);
        }
    }
    Ok(())
}

/// Codecs that cannot be decoded without a configuration. None is defined for AC-3, E-AC-3 and MP3, and that of Opus may
/// be empty.
fn has_configuration(fourcc: FourCc) -> bool {
    matches!(&fourcc.0, b"avc1" | b"hvc1" | b"vvc1" | b"av01" | b"vp08" | b"vp09" | b"mp4a" | b"fLaC")
}
