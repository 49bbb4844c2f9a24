//! What codecs put into media messages: decoder configurations, and the units of coded samples.
//!
//! Owns the formats below the media headers, one codec per file. Refuses to know which header led there, and decodes no
//! pictures or sound.

use crate::field::{Annotate, Content, Fault, Field, Reader, fields};
use crate::wire::fourcc::FourCc;

pub mod audio;
pub mod av1;
pub mod avc;
pub mod hevc;
pub mod nal;
pub mod picture;
pub mod sei;
pub mod vp;
pub mod vui;
pub mod vvc;

pub use av1::Av1Config;
pub use avc::AvcConfig;
pub use hevc::HevcConfig;
pub use nal::{Family, NalList, UnitType};
pub use picture::{Chroma, Colour, Picture, Rate, Timing};
pub use vp::VpConfig;
pub use vvc::VvcConfig;

/// A video decoder configuration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum VideoConfig {
    /// H.264.
    Avc(AvcConfig),
    /// H.265.
    Hevc(HevcConfig),
    /// AV1.
    Av1(Av1Config),
    /// VP8 or VP9.
    Vp(VpConfig),
    /// H.266.
    Vvc(VvcConfig),
}

/// What earlier messages said that a coded sample needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Bytes of a NAL unit's length.
    pub nal_length: Option<u8>,
    /// How picture timing messages are laid out.
    pub timing: Option<Timing>,
}

/// Bytes of a NAL unit's length where no configuration was seen; all encoders seen so far use 4.
const USUAL_LENGTH: u8 = 4;

/// Reads a decoder configuration: all that is left within the current bounds. What was read before a fault stays.
/// Nothing at all is said, and nothing returned, for codecs without one.
pub fn configuration<A: Annotate>(r: &mut Reader<'_, A>, fourcc: FourCc) -> (Option<VideoConfig>, Result<(), Fault>) {
    match &fourcc.0 {
        b"avc1" => record(r, VideoConfig::Avc, avc::configuration),
        b"hvc1" => record(r, VideoConfig::Hevc, hevc::configuration),
        b"vvc1" => record(r, VideoConfig::Vvc, vvc::configuration),
        b"av01" => record(r, VideoConfig::Av1, av1::configuration),
        b"vp08" | b"vp09" => record(r, VideoConfig::Vp, vp::configuration),
        _ => {
            r.rest(&f::CONFIGURATION);
            (None, Ok(()))
        }
    }
}

fn record<'a, A: Annotate, T>(
    r: &mut Reader<'a, A>,
    wrap: fn(T) -> VideoConfig,
    read: fn(&mut Reader<'a, A>, &mut Option<T>) -> Result<(), Fault>,
) -> (Option<VideoConfig>, Result<(), Fault>) {
    let mut config = None;
    let result = read(r, &mut config);
    (config.map(wrap), result)
}

/// Reads a coded sample: all that is left within the current bounds. `nal_length` comes from the configuration.
#[inline]
pub fn coded<A: Annotate>(
    r: &mut Reader<'_, A>,
    fourcc: FourCc,
    nal_length: Option<u8>,
) -> (NalList, Result<(), Fault>) {
    coded_after(r, fourcc, Context { nal_length, timing: None })
}

/// Like [`coded`] with all that earlier messages said.
pub fn coded_after<A: Annotate>(
    r: &mut Reader<'_, A>,
    fourcc: FourCc,
    context: Context,
) -> (NalList, Result<(), Fault>) {
    let family = Family::of(fourcc);
    let mut list = NalList::new(family);
    let result = match family {
        Family::Avc | Family::Hevc | Family::Vvc => {
            let mut seen = nal::Seen { timing: context.timing, ..nal::Seen::default() };
            nal::sample(r, context.nal_length.unwrap_or(USUAL_LENGTH), &mut seen, &mut list)
        }
        Family::Av1 => av1::units(r, &mut list, &mut None),
        Family::Whole if matches!(&fourcc.0, b"vp08" | b"vp09") => return vp::frame(r, fourcc.0 == *b"vp09"),
        Family::Whole => {
            r.rest(&f::SAMPLE);
            Ok(())
        }
    };
    (list, result)
}

/// Reads the beginning of a coded sample that is one unit of a picture, whose last `missing` bytes are not there. `None`,
/// and nothing read, where it holds more units, or one that tells something beyond its beginning.
pub fn one_unit<A: Annotate>(
    r: &mut Reader<'_, A>,
    fourcc: FourCc,
    context: Context,
    missing: u32,
) -> Option<(NalList, Result<(), Fault>)> {
    let family = Family::of(fourcc);
    let nal_length = context.nal_length.unwrap_or(USUAL_LENGTH);
    nal::is_one_slice(r.peek(), family, nal_length, missing).then(|| {
        let mut list = NalList::new(family);
        let result = nal::one(r, nal_length, &mut list);
        (list, result)
    })
}

impl VideoConfig {
    /// The profile for people.
    pub fn profile(&self) -> Option<&'static str> {
        match self {
            VideoConfig::Avc(c) => c.profile(),
            VideoConfig::Hevc(c) => c.profile(),
            VideoConfig::Av1(c) => c.profile(),
            VideoConfig::Vp(c) => c.profile(),
            VideoConfig::Vvc(c) => c.profile.and_then(|p| p.name()),
        }
    }

    /// The level, such as `3.1`.
    pub fn level(&self) -> Option<&'static str> {
        match self {
            VideoConfig::Avc(c) => c.level(),
            VideoConfig::Hevc(c) => c.level(),
            VideoConfig::Av1(c) => c.level(),
            VideoConfig::Vp(c) => c.level(),
            VideoConfig::Vvc(c) => c.profile.and_then(|p| p.level()),
        }
    }

    /// What the sequence parameter set or sequence header says about pictures.
    pub fn picture(&self) -> Option<&Picture> {
        match self {
            VideoConfig::Avc(c) => c.picture.as_ref(),
            VideoConfig::Hevc(c) => c.picture.as_ref(),
            VideoConfig::Av1(c) => c.picture.as_ref(),
            VideoConfig::Vvc(c) => c.picture.as_ref(),
            VideoConfig::Vp(_) => None,
        }
    }

    /// Width and height that are shown.
    pub fn size(&self) -> Option<(u32, u32)> {
        match self {
            VideoConfig::Vvc(VvcConfig { picture: None, profile: Some(p), .. }) => {
                Some((u32::from(p.width), u32::from(p.height)))
            }
            _ => self.picture().map(|p| (p.width, p.height)),
        }
    }

    /// Width that is shown.
    pub fn width(&self) -> Option<u32> {
        self.size().map(|s| s.0)
    }

    /// Height that is shown.
    pub fn height(&self) -> Option<u32> {
        self.size().map(|s| s.1)
    }

    /// Pictures a second.
    pub fn fps(&self) -> Option<f64> {
        let rate = match self {
            VideoConfig::Hevc(c) => c.rate(),
            VideoConfig::Vvc(c) => c.picture.and_then(|p| p.rate).or(c.profile.and_then(|p| p.rate())),
            _ => self.picture().and_then(|p| p.rate),
        };
        rate.map(Rate::per_second)
    }

    /// Bits of a luma sample.
    pub fn bit_depth(&self) -> Option<u8> {
        match self {
            VideoConfig::Avc(c) => c.picture.map(|p| p.bit_depth),
            VideoConfig::Hevc(c) => Some(c.picture.map_or(c.bit_depth, |p| p.bit_depth)),
            VideoConfig::Av1(c) => Some(c.picture.map_or(c.bit_depth, |p| p.bit_depth)),
            VideoConfig::Vp(c) => Some(c.bit_depth),
            VideoConfig::Vvc(c) => c.picture.map(|p| p.bit_depth).or(c.profile.map(|p| p.bit_depth)),
        }
    }

    /// How colour is sampled, such as `4:2:0`.
    pub fn chroma(&self) -> Option<&'static str> {
        let chroma = match self {
            VideoConfig::Avc(c) => c.picture.map(|p| p.chroma),
            VideoConfig::Hevc(c) => Some(c.picture.map_or(c.chroma, |p| p.chroma)),
            VideoConfig::Av1(c) => Some(c.picture.map_or(c.chroma, |p| p.chroma)),
            VideoConfig::Vp(c) => c.chroma(),
            VideoConfig::Vvc(c) => c.picture.map(|p| p.chroma).or(c.profile.map(|p| p.chroma)),
        };
        chroma.and_then(Chroma::name)
    }

    /// Which colours the samples mean, if it is said.
    pub fn colour(&self) -> Option<Colour> {
        match self {
            VideoConfig::Vp(c) => Some(c.colour),
            _ => self.picture().and_then(|p| p.colour),
        }
    }

    /// True when pictures may be made of two fields.
    pub fn is_interlaced(&self) -> bool {
        self.picture().is_some_and(|picture| picture.interlaced)
    }

    /// Bytes of a NAL unit's length, for codecs that are made of NAL units.
    pub fn nal_length(&self) -> Option<u8> {
        match self {
            VideoConfig::Avc(AvcConfig { nal_length: 0, .. }) | VideoConfig::Av1(_) | VideoConfig::Vp(_) => None,
            VideoConfig::Avc(c) => Some(c.nal_length),
            VideoConfig::Hevc(c) => Some(c.nal_length),
            VideoConfig::Vvc(c) => Some(c.nal_length),
        }
    }

    /// What coded samples need of the configuration.
    pub fn context(&self) -> Context {
        let timing = match self {
            VideoConfig::Avc(c) => c.timing,
            VideoConfig::Hevc(c) => c.timing,
            _ => None,
        };
        Context { nal_length: self.nal_length(), timing }
    }
}

/// Fields of codecs that are not decoded.
pub mod f {
    use super::*;
    fields! {
        /// Configuration.
        CONFIGURATION = Field::new("decoder_configuration", "what decoding needs, for a codec that is not known here").content(Content::Undescribed);
        /// Sample.
        SAMPLE = Field::new("coded_sample", "a picture of a codec that is not known here").content(Content::Media);
    }
}

#[cfg(test)]
pub(in crate::wire) mod tests;
