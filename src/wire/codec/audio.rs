//! Decoder configurations and frame headers of sound: AAC (ISO/IEC 14496-3), Opus (RFC 7845, RFC 6716), FLAC, AC-3 and
//! E-AC-3 (ETSI TS 102 366), MP3.
//!
//! Owns the dispatch by FourCC, whose numbers legacy headers are mapped to. Refuses to decode sound.

use crate::field::{Annotate, Content, Fault, Field, Reader, Unit, Value, fields};
use crate::wire::fourcc::FourCc;

pub mod aac;
pub mod dolby;
pub mod flac;
pub mod mpeg;
pub mod opus;

/// AAC.
pub const AAC: FourCc = FourCc(*b"mp4a");
/// Opus.
pub const OPUS: FourCc = FourCc(*b"Opus");
/// FLAC.
pub const FLAC: FourCc = FourCc(*b"fLaC");
/// AC-3.
pub const AC3: FourCc = FourCc(*b"ac-3");
/// E-AC-3.
pub const EAC3: FourCc = FourCc(*b"ec-3");
/// MP3.
pub const MP3: FourCc = FourCc(*b".mp3");

/// What a configuration or a frame header says about the sound. What it does not say is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AudioConfig {
    /// The AAC object type that codes the sound.
    pub object_type: Option<aac::ObjectType>,
    /// Samples a second that come out of the decoder.
    pub sample_rate: Option<u32>,
    /// Channels that come out of the decoder, low frequency channels included: two where parametric stereo makes them of
    /// one.
    pub channels: Option<u8>,
    /// Samples of each channel that one frame makes.
    pub samples_per_frame: Option<u16>,
    /// Bits of a sample, for codecs that keep them.
    pub bits_per_sample: Option<u8>,
    /// Bit rate in kbit/s, for codecs whose frames state it.
    pub kilobits: Option<u32>,
    /// Spectral band replication is said to be used (HE-AAC).
    pub sbr: bool,
    /// Parametric stereo is said to be used (HE-AAC v2).
    pub ps: bool,
    /// Samples at 48 kHz to be thrown away at the start, for Opus.
    pub pre_skip: Option<u16>,
}

impl AudioConfig {
    /// The profile of AAC in words.
    pub fn profile(&self) -> Option<&'static str> {
        match (self.object_type?, self.sbr, self.ps) {
            (aac::ObjectType::LC, _, true) => Some("HE-AAC v2"),
            (aac::ObjectType::LC, true, false) => Some("HE-AAC"),
            (object_type, ..) => object_type.name(),
        }
    }
}

/// Is this the FourCC of a codec for sound?
pub fn knows(fourcc: FourCc) -> bool {
    matches!(fourcc, AAC | OPUS | FLAC | AC3 | EAC3 | MP3)
}

/// Reads a decoder configuration: all that is left within the current bounds. After a fault, what was read until then is
/// returned with it. To be called for whole bodies only: a configuration that is cut short is a fault.
pub fn configuration<A: Annotate>(r: &mut Reader<'_, A>, fourcc: FourCc) -> (Option<AudioConfig>, Result<(), Fault>) {
    let mut config = None;
    let result = match fourcc {
        AAC => aac::configuration(r, &mut config),
        OPUS if !r.is_empty() => opus::head(r, &mut config),
        FLAC => flac::configuration(r, &mut config),
        // None is defined for AC-3, E-AC-3 and MP3, and that of Opus may be empty.
        _ => {
            r.rest(&f::CONFIGURATION);
            Ok(())
        }
    };
    (config, result)
}

/// Explains what the header of a coded frame tells, and leaves the rest as one leaf. A header of which bytes are missing
/// is no fault: the body may be there in part only.
#[inline]
pub fn coded<A: Annotate>(r: &mut Reader<'_, A>, fourcc: FourCc) -> Result<(), Fault> {
    frame(r, fourcc).map(drop)
}

/// Like [`coded`], and tells what the frame header says where it says enough to play the sound.
#[inline]
pub fn frame<A: Annotate>(r: &mut Reader<'_, A>, fourcc: FourCc) -> Result<Option<AudioConfig>, Fault> {
    match fourcc {
        OPUS => opus::packet(r),
        AC3 | EAC3 => dolby::frame(r, fourcc),
        MP3 => mpeg::frame(r),
        _ => {
            r.rest(&f::PAYLOAD);
            Ok(None)
        }
    }
}

/// The sound goes on without a header that could be read.
fn unreadable<A: Annotate>(r: &mut Reader<'_, A>, why: &'static str) -> Result<Option<AudioConfig>, Fault> {
    if !r.is_empty() {
        r.remark(0, why);
        r.rest(&f::PAYLOAD);
    }
    Ok(None)
}

/// Adds what was computed from other fields to the tree.
fn derive<A: Annotate>(r: &mut Reader<'_, A>, config: &AudioConfig) {
    for (field, value) in [
        (&f::SAMPLE_RATE, config.sample_rate),
        (&f::CHANNELS, config.channels.map(u32::from)),
        (&f::SAMPLES, config.samples_per_frame.map(u32::from)),
        (&f::BIT_RATE, config.kilobits),
    ] {
        if let Some(value) = value {
            r.derived(field, Value::Unsigned(u64::from(value)));
        }
    }
}

/// Fields that the codecs share.
pub mod f {
    use super::*;
    fields! {
        /// Configuration of an unknown codec.
        CONFIGURATION = Field::new("configuration", "decoder configuration of a codec that has none, or is not known").content(Content::Undescribed);
        /// The sound.
        PAYLOAD = Field::new("payload", "the sound").content(Content::Media);
        /// Sample rate.
        SAMPLE_RATE = Field::new("sample_rate", "samples a second that come out of the decoder").unit(Unit::Hertz);
        /// Channels.
        CHANNELS = Field::new("channels", "number of channels, low frequency channels included");
        /// Samples of a frame.
        SAMPLES = Field::new("samples_per_frame", "samples of each channel that one frame makes");
        /// Bit rate.
        BIT_RATE = Field::new("kilobits", "bit rate of the sound").unit(Unit::Kilobits);
        /// Size of a frame.
        FRAME_SIZE = Field::new("frame_size", "length of the frame, as its header says").unit(Unit::Bytes);
    }
}

#[cfg(test)]
mod tests;
