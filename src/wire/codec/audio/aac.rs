//! AudioSpecificConfig, the decoder configuration of AAC and its relatives: ISO/IEC 14496-3, 1.6.2.1.

use super::AudioConfig;
use crate::field::{Annotate, BitReader, Content, Fault, Field, Reader, Unit, fields};

mod other;
pub mod program;
mod tables;
mod usac;
pub use other::f as other_f;
pub use usac::f as usac_f;

use tables::{channel_configuration, channels_name, frequency, frequency_name, object_type_name};

/// The object type of MPEG-4 audio; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectType(pub u8);

impl ObjectType {
    /// AAC LC, which nearly everybody uses.
    pub const LC: ObjectType = ObjectType(2);
    /// Spectral band replication on top of another type.
    pub const SBR: ObjectType = ObjectType(5);
    /// Parametric stereo on top of SBR.
    pub const PS: ObjectType = ObjectType(29);

    /// The name for people.
    pub fn name(self) -> Option<&'static str> {
        object_type_name(u64::from(self.0))
    }

    /// Is a GASpecificConfig what follows?
    fn has_general_config(self) -> bool {
        matches!(self.0, 1..=4 | 6 | 7 | 17 | 19..=23)
    }

    /// The types that are made to survive errors say how.
    fn is_resilient(self) -> bool {
        matches!(self.0, 17 | 19..=27 | 39)
    }

    /// What a configuration is that is not followed: that of structured audio or surround, or of a type that is
    /// reserved.
    fn unread(self) -> &'static Field {
        if matches!(self.0, 13..=16 | 30) { &f::OTHER_CONFIG } else { &f::RESERVED_CONFIG }
    }

    /// Is the length of a frame what the flag says? AAC LD has shorter frames.
    fn has_usual_frames(self) -> bool {
        self.has_general_config() && self.0 != 23
    }
}

/// Reads an AudioSpecificConfig: all that is left within the current bounds. What was read before a fault stays.
pub fn configuration<A: Annotate>(r: &mut Reader<'_, A>, config: &mut Option<AudioConfig>) -> Result<(), Fault> {
    let bytes = r.peek();
    r.group(&f::AUDIO_SPECIFIC_CONFIG, |r| {
        let mut aac = AudioConfig::default();
        let result = r.bit_section(bytes.len(), |b| specific(b, bytes, &mut aac));
        if aac.ps && aac.channels == Some(1) {
            aac.channels = Some(2);
        }
        *config = aac.object_type.map(|_| aac);
        super::derive(r, &aac);
        result
    })
}

fn specific<A: Annotate>(b: &mut BitReader<'_, '_, A>, bytes: &[u8], aac: &mut AudioConfig) -> Result<(), Fault> {
    let mut object_type = object_type(b, &f::OBJECT_TYPE)?;
    aac.object_type = Some(object_type);
    aac.sample_rate = sampling_frequency(b, &f::FREQUENCY_INDEX, &f::FREQUENCY)?;
    let channels = b.u(&f::CHANNEL_CONFIGURATION, 4)? as u8;
    aac.channels = channel_configuration(channels);
    if channels != 0 && aac.channels.is_none() {
        b.remark("a reserved channel configuration");
    }
    let extended = matches!(object_type, ObjectType::SBR | ObjectType::PS);
    if extended {
        aac.sbr = true;
        aac.ps = object_type == ObjectType::PS;
        aac.sample_rate = sampling_frequency(b, &f::EXTENSION_FREQUENCY_INDEX, &f::EXTENSION_FREQUENCY)?;
        object_type = self::object_type(b, &f::CORE_OBJECT_TYPE)?;
        aac.object_type = Some(object_type);
        if object_type.0 == 22 {
            b.u(&f::EXTENSION_CHANNELS, 4)?;
        }
    }
    if object_type.has_general_config() {
        b.group(&f::GA_SPECIFIC_CONFIG, |b| general(b, object_type, channels, aac))?;
    } else if object_type.0 == 42 {
        aac.samples_per_frame = b.group(&usac::f::USAC_CONFIG, usac::read)?;
    } else if !other::read(b, object_type, channels)? {
        b.rest(object_type.unread());
        return Ok(());
    }
    if object_type.is_resilient() {
        let protection = b.u(&f::EP_CONFIG, 2)?;
        if protection >= 2 {
            b.group(&other::f::PROTECTION, other::protection)?;
        }
        if protection == 3 && !b.flag(&other::f::DIRECT)? {
            b.remark("a mapping that is reserved");
            b.rest(&f::RESERVED_CONFIG);
            return Ok(());
        }
    }
    if !extended && b.left() >= 16 && ahead(bytes, b.left(), 11) == Some(SYNC_SBR) {
        b.group(&f::SYNC_EXTENSION, |b| sync_extension(b, bytes, aac))?;
    }
    if aac.sbr {
        aac.samples_per_frame = aac.samples_per_frame.map(|samples| samples * 2);
    }
    b.align(&f::PADDING)
}

/// The bits that announce an extension behind the configuration: SBR, then parametric stereo.
const SYNC_SBR: u32 = 0x2b7;
const SYNC_PS: u32 = 0x548;

fn object_type<A: Annotate>(b: &mut BitReader<'_, '_, A>, field: &'static Field) -> Result<ObjectType, Fault> {
    match b.u(field, 5)? as u8 {
        31 => Ok(ObjectType(32 + b.u(&f::OBJECT_TYPE_ESCAPE, 6)? as u8)),
        object_type => Ok(ObjectType(object_type)),
    }
}

/// A frequency by its index, or in hertz where the index says so; `None` when the index is reserved.
fn sampling_frequency<A: Annotate>(
    b: &mut BitReader<'_, '_, A>,
    index: &'static Field,
    explicit: &'static Field,
) -> Result<Option<u32>, Fault> {
    match b.u(index, 4)? {
        15 => Ok(Some(b.u(explicit, 24)? as u32)),
        index => {
            let known = frequency(index);
            if known.is_none() {
                b.remark("a reserved frequency");
            }
            Ok(known)
        }
    }
}

/// GASpecificConfig.
fn general<A: Annotate>(
    b: &mut BitReader<'_, '_, A>,
    object_type: ObjectType,
    channels: u8,
    aac: &mut AudioConfig,
) -> Result<(), Fault> {
    let short = b.flag(&f::FRAME_LENGTH)?;
    aac.samples_per_frame = object_type.has_usual_frames().then_some(if short { 960 } else { 1024 });
    if b.flag(&f::CORE_CODER)? {
        b.u(&f::CORE_CODER_DELAY, 14)?;
    }
    let extension = b.flag(&f::EXTENSION_FLAG)?;
    if channels == 0 {
        aac.channels = Some(b.group(&program::f::PROGRAM_CONFIG, program::element)?);
    }
    if matches!(object_type.0, 6 | 20) {
        b.u(&f::LAYER, 3)?;
    }
    if extension {
        match object_type.0 {
            22 => {
                b.u(&f::SUBFRAMES, 5)?;
                b.u(&f::LAYER_LENGTH, 11)?;
            }
            17 | 19 | 20 | 23 => {
                b.flag(&f::RESILIENT_SECTIONS)?;
                b.flag(&f::RESILIENT_SCALE_FACTORS)?;
                b.flag(&f::RESILIENT_SPECTRUM)?;
            }
            _ => {}
        }
        b.flag(&f::EXTENSION_FLAG_3)?;
    }
    Ok(())
}

/// SBR and parametric stereo, announced behind the configuration so that old decoders do not see them.
fn sync_extension<A: Annotate>(b: &mut BitReader<'_, '_, A>, bytes: &[u8], aac: &mut AudioConfig) -> Result<(), Fault> {
    b.u(&f::SYNC, 11)?;
    if object_type(b, &f::EXTENSION_OBJECT_TYPE)? != ObjectType::SBR {
        b.remark("only SBR is announced here");
        b.rest(&f::RESERVED_CONFIG);
        return Ok(());
    }
    if !b.flag(&f::SBR_PRESENT)? {
        return Ok(());
    }
    aac.sbr = true;
    aac.sample_rate = sampling_frequency(b, &f::EXTENSION_FREQUENCY_INDEX, &f::EXTENSION_FREQUENCY)?;
    if b.left() >= 12 && ahead(bytes, b.left(), 11) == Some(SYNC_PS) {
        b.u(&f::SYNC, 11)?;
        aac.ps = b.flag(&f::PS_PRESENT)?;
    }
    Ok(())
}

/// Looks at up to 17 bits that stand `left` bits before the end.
fn ahead(bytes: &[u8], left: u32, bits: u32) -> Option<u32> {
    let at = (bytes.len() * 8).checked_sub(left as usize)?;
    let word = bytes.get(at / 8..)?.iter().chain(&[0; 4]).take(4).fold(0u32, |word, byte| word << 8 | u32::from(*byte));
    Some(word << (at % 8) >> (32 - bits))
}

fn frame_length_name(short: u64) -> Option<&'static str> {
    Some(if short == 0 { "1024 samples" } else { "960 samples" })
}

fn sync_name(sync: u64) -> Option<&'static str> {
    Some(match u32::try_from(sync).ok()? {
        SYNC_SBR => "spectral band replication follows",
        SYNC_PS => "parametric stereo follows",
        _ => return None,
    })
}

/// Fields of an AudioSpecificConfig.
pub mod f {
    use super::*;
    fields! {
        /// The whole configuration.
        AUDIO_SPECIFIC_CONFIG = Field::new("audio_specific_config", "what a decoder of AAC must know first");
        /// Object type.
        OBJECT_TYPE = Field::new("object_type", "how the sound is coded").numbers(object_type_name);
        /// Object type beyond 31.
        OBJECT_TYPE_ESCAPE = Field::new("object_type_escape", "to be added to 32")
            .numbers(|n| object_type_name(n.saturating_add(32)));
        /// Frequency.
        FREQUENCY_INDEX = Field::new("frequency_index", "sample rate, or base rate with SBR").numbers(frequency_name);
        /// Frequency in hertz.
        FREQUENCY = Field::new("frequency", "sample rate, or base rate with SBR").unit(Unit::Hertz);
        /// Channel configuration.
        CHANNEL_CONFIGURATION = Field::new("channel_configuration", "number and places of the channels")
            .numbers(channels_name);
        /// Frequency that SBR makes.
        EXTENSION_FREQUENCY_INDEX = Field::new("extension_frequency_index", "sample rate that SBR makes")
            .numbers(frequency_name);
        /// Frequency that SBR makes, in hertz.
        EXTENSION_FREQUENCY = Field::new("extension_frequency", "sample rate that SBR makes").unit(Unit::Hertz);
        /// Object type below SBR.
        CORE_OBJECT_TYPE = Field::new("core_object_type", "how the sound below SBR is coded").numbers(object_type_name);
        /// Channels of an extension of BSAC.
        EXTENSION_CHANNELS = Field::new("extension_channels", "channels of an extension of ER BSAC");
        /// The configuration of general audio coding.
        GA_SPECIFIC_CONFIG = Field::new("ga_specific_config", "configuration that most types of AAC share");
        /// Length of a frame.
        FRAME_LENGTH = Field::new("short_frames", "960 samples a frame instead of 1024").numbers(frame_length_name);
        /// Core coder.
        CORE_CODER = Field::new("depends_on_core_coder", "another coder makes the lowest layer");
        /// Delay of the core coder.
        CORE_CODER_DELAY = Field::new("core_coder_delay", "delay of the lowest layer, in samples");
        /// Extension.
        EXTENSION_FLAG = Field::new("extension_flag", "further fields follow");
        /// Layer.
        LAYER = Field::new("layer", "number of the layer");
        /// Subframes.
        SUBFRAMES = Field::new("subframes", "subframes of ER BSAC");
        /// Length of a layer.
        LAYER_LENGTH = Field::new("layer_length", "length of a layer of ER BSAC");
        /// Section data.
        RESILIENT_SECTIONS = Field::new("resilient_sections", "section data survive errors");
        /// Scale factors.
        RESILIENT_SCALE_FACTORS = Field::new("resilient_scale_factors", "scale factors survive errors");
        /// Spectrum.
        RESILIENT_SPECTRUM = Field::new("resilient_spectrum", "spectral data survive errors");
        /// Third extension.
        EXTENSION_FLAG_3 = Field::new("extension_flag_3", "always 0");
        /// Error protection.
        EP_CONFIG = Field::new("ep_config", "how errors are protected against");
        /// Extension behind the configuration.
        SYNC_EXTENSION = Field::new("sync_extension", "what old decoders shall not see");
        /// Start of an extension.
        SYNC = Field::new("sync", "announces an extension").numbers(sync_name);
        /// Object type of the extension.
        EXTENSION_OBJECT_TYPE = Field::new("extension_object_type", "what the extension is").numbers(object_type_name);
        /// SBR is used.
        SBR_PRESENT = Field::new("sbr", "spectral band replication is used");
        /// Parametric stereo is used.
        PS_PRESENT = Field::new("ps", "parametric stereo is used");
        /// Fill bits.
        PADDING = Field::new("padding", "fills the last byte");
        /// Configuration of other object types.
        RESERVED_CONFIG = Field::new("reserved_config", "configuration of a type that is reserved").content(Content::Undescribed);
        /// Another configuration.
        OTHER_CONFIG = Field::new("other_config", "configuration of this object type, not decoded").content(Content::Undecoded);
    }
}

#[cfg(test)]
pub(super) mod tests;
