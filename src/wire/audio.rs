//! Audio messages (type 8) and FLV audio tags: Adobe Flash Video File Format 10.1, annex E.4.2, with the numbers that
//! others added.
//!
//! Reads the header, which stands in the first bytes; what the codec put behind it is read by
//! [`codec::audio`](super::codec::audio), of a frame its header only. What follows the first byte of an Enhanced
//! RTMP header is read by [`enhanced`].

use super::body::Extent;
use super::codec::audio::{self as codec, AudioConfig};
use super::enhanced::{self, AudioPacket, EnhancedAudio};
use crate::field::{Annotate, Content, Fault, Field, Reader, fields};

/// What an audio message says before its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audio {
    /// An empty message: silence.
    Silence,
    /// The header of the FLV specification.
    Legacy(AudioTag),
    /// The header of Enhanced RTMP.
    Enhanced(EnhancedAudio),
}

/// The legacy audio header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioTag {
    /// How the sound is coded.
    pub format: SoundFormat,
    /// How many samples a second; many formats ignore it.
    pub rate: SoundRate,
    /// 16-bit samples, as opposed to 8-bit samples.
    pub wide: bool,
    /// Two channels, as opposed to one; many formats ignore it.
    pub stereo: bool,
    /// What follows, for AAC.
    pub packet: Option<AacPacket>,
    /// What the decoder configuration says, or the header of a frame; in both cases truer than the fields above.
    pub config: Option<AudioConfig>,
}

impl AudioTag {
    /// What the header itself says, for codecs that say nothing more: some have one rate only, whatever the header says.
    fn stated(&self) -> Option<AudioConfig> {
        let (rate, channels) = (self.rate.hertz(), 1 + u8::from(self.stereo));
        let (sample_rate, channels) = match self.format.0 {
            0 | 1 | 3 | 6 => (rate, channels),
            7 | 8 => (Some(8000), channels),
            5 => (Some(8000), 1),
            4 | 11 => (Some(16_000), 1),
            _ => return None,
        };
        let bits_per_sample = matches!(self.format.0, 0 | 3).then_some(if self.wide { 16 } else { 8 });
        Some(AudioConfig { sample_rate, channels: Some(channels), bits_per_sample, ..AudioConfig::default() })
    }
}

/// How sound is coded; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SoundFormat(pub u8);

/// The sample rate of a legacy header, 0 to 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SoundRate(pub u8);

/// What an AAC message carries; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AacPacket(pub u8);

impl SoundFormat {
    /// MP3.
    pub const MP3: SoundFormat = SoundFormat(2);
    /// AAC.
    pub const AAC: SoundFormat = SoundFormat(10);
    /// Opus, where senders use the number without being told to.
    pub const OPUS: SoundFormat = SoundFormat(13);
    /// MP3 at 8 kHz.
    pub const MP3_8K: SoundFormat = SoundFormat(14);
    /// The number that marks an Enhanced RTMP header.
    pub const ENHANCED: SoundFormat = SoundFormat(9);

    /// The name for people.
    pub fn name(self) -> Option<&'static str> {
        FORMATS.get(usize::from(self.0)).map(|f| f.1)
    }

    /// The name as a JSON word; none for reserved numbers.
    pub fn word(self) -> Option<&'static str> {
        FORMATS.get(usize::from(self.0)).map(|f| f.0).filter(|word| !word.is_empty())
    }
}

impl SoundRate {
    /// Samples a second (5,512.5 rounded down).
    pub fn hertz(self) -> Option<u32> {
        [5512, 11_025, 22_050, 44_100].get(usize::from(self.0)).copied()
    }

    /// The name for people.
    pub fn name(self) -> Option<&'static str> {
        rate_name(u64::from(self.0))
    }
}

impl AacPacket {
    /// The AudioSpecificConfig, which decoders need first.
    pub const SEQUENCE_HEADER: AacPacket = AacPacket(0);
    /// One AAC frame without ADTS header.
    pub const RAW: AacPacket = AacPacket(1);

    /// The name for people.
    pub fn name(self) -> Option<&'static str> {
        aac_packet_name(u64::from(self.0))
    }

    /// The name as a JSON word.
    pub fn word(self) -> Option<&'static str> {
        Some(match self {
            AacPacket::SEQUENCE_HEADER => "sequence_header",
            AacPacket::RAW => "raw",
            _ => return None,
        })
    }
}

impl Audio {
    /// Reads a whole body. After a fault, what was read until then is returned with it.
    #[inline]
    pub fn read<A: Annotate>(r: &mut Reader<'_, A>) -> (Audio, Result<(), Fault>) {
        Audio::read_extent(r, Extent::Whole)
    }

    /// Reads a body, or the first bytes of one. After a fault, what was read until then is returned with it.
    #[inline]
    pub fn read_extent<A: Annotate>(r: &mut Reader<'_, A>, extent: Extent) -> (Audio, Result<(), Fault>) {
        let mut audio = Audio::Silence;
        let result = r.group(&f::AUDIO, |r| header(r, extent, &mut audio));
        (audio, result)
    }

    /// The codec as a JSON word.
    pub fn codec(&self) -> Option<&'static str> {
        match self {
            Audio::Silence => None,
            Audio::Legacy(tag) => tag.format.word(),
            Audio::Enhanced(enhanced) => enhanced.codec(),
        }
    }

    /// The codec for people.
    pub fn title(&self) -> Option<&'static str> {
        match self {
            Audio::Silence => None,
            Audio::Legacy(tag) => tag.format.name(),
            Audio::Enhanced(enhanced) => enhanced.title(),
        }
    }

    /// What the codec said, in a configuration or in the header of a frame.
    pub fn config(&self) -> Option<AudioConfig> {
        match self {
            Audio::Silence => None,
            Audio::Legacy(tag) => tag.config,
            Audio::Enhanced(enhanced) => enhanced.config,
        }
    }

    /// What is said of the sound: by a configuration, the header of a frame, or where the codec has neither by the header
    /// of the message.
    pub fn sound(&self) -> Option<AudioConfig> {
        match self {
            Audio::Legacy(tag) => tag.config.or_else(|| tag.stated()),
            _ => self.config(),
        }
    }

    /// What the message carries, for people.
    pub fn packet_title(&self) -> Option<&'static str> {
        match self {
            Audio::Silence => Some("silence"),
            Audio::Legacy(tag) => tag.packet.and_then(AacPacket::name),
            Audio::Enhanced(enhanced) => enhanced.header.packet.name(),
        }
    }

    /// True when the message carries coded sound, not only words about it.
    pub fn is_coded(&self) -> bool {
        match self {
            Audio::Silence => false,
            Audio::Legacy(_) => !self.is_sequence_header(),
            Audio::Enhanced(enhanced) => enhanced.header.packet == AudioPacket::CODED_FRAMES,
        }
    }

    /// What the message carries, as a JSON word.
    pub fn packet(&self) -> Option<&'static str> {
        match self {
            Audio::Silence => None,
            Audio::Legacy(tag) => tag.packet.and_then(AacPacket::word),
            Audio::Enhanced(enhanced) => enhanced.header.packet.word(),
        }
    }

    /// True when the message configures the decoder and carries no sound.
    pub fn is_sequence_header(&self) -> bool {
        match self {
            Audio::Silence => false,
            Audio::Legacy(tag) => tag.packet == Some(AacPacket::SEQUENCE_HEADER),
            Audio::Enhanced(enhanced) => enhanced.is_sequence_header(),
        }
    }
}

impl Audio {
    /// Whether the beginning that was read told all that the whole body would tell: nobody decodes what follows.
    pub(super) fn is_told_by_its_beginning(&self) -> bool {
        use SoundFormat as F;
        let Audio::Legacy(tag) = self else { return false };
        !matches!(tag.format, F::MP3 | F::MP3_8K | F::OPUS) && !self.is_sequence_header()
    }
}

#[inline]
fn header<A: Annotate>(r: &mut Reader<'_, A>, extent: Extent, audio: &mut Audio) -> Result<(), Fault> {
    let Some(first) = r.peek().first() else {
        r.remark(0, "an empty audio message means silence");
        return Ok(());
    };
    if SoundFormat(first >> 4) == SoundFormat::ENHANCED {
        let [_, packet] = r.bits([(&f::FORMAT, 4), (&enhanced::f::AUDIO_PACKET, 4)])?;
        let mut enhanced = EnhancedAudio::new(AudioPacket(packet as u8));
        let result = enhanced.read(r, extent);
        *audio = Audio::Enhanced(enhanced);
        return result;
    }
    let [format, rate, wide, stereo] = r.bits([(&f::FORMAT, 4), (&f::RATE, 2), (&f::SIZE, 1), (&f::CHANNELS, 1)])?;
    let mut tag = AudioTag {
        format: SoundFormat(format as u8),
        rate: SoundRate(rate as u8),
        wide: wide != 0,
        stereo: stereo != 0,
        packet: None,
        config: None,
    };
    *audio = Audio::Legacy(tag);
    if tag.format == SoundFormat::AAC {
        let packet = AacPacket(r.u8(&f::AAC_PACKET)?);
        tag.packet = Some(packet);
        *audio = Audio::Legacy(tag);
        if packet.word().is_none() {
            r.remark(1, "not an AAC packet type");
        } else if packet == AacPacket::SEQUENCE_HEADER && r.is_empty() {
            r.remark(1, "the decoder configuration is missing");
        }
    }
    let result = payload(r, extent, &mut tag);
    *audio = Audio::Legacy(tag);
    result
}

/// What the codec put behind the header.
#[inline]
fn payload<A: Annotate>(r: &mut Reader<'_, A>, extent: Extent, tag: &mut AudioTag) -> Result<(), Fault> {
    let mut result = Ok(());
    match (tag.format, tag.packet) {
        (SoundFormat::AAC, Some(AacPacket::SEQUENCE_HEADER)) if !extent.is_head() && !r.is_empty() => {
            (tag.config, result) = codec::configuration(r, codec::AAC);
        }
        (SoundFormat::MP3 | SoundFormat::MP3_8K, _) => tag.config = codec::frame(r, codec::MP3)?,
        (SoundFormat::OPUS, _) => tag.config = codec::frame(r, codec::OPUS)?,
        _ => {}
    }
    if result.is_ok() {
        r.rest(&f::PAYLOAD);
    }
    result
}

/// Word for JSON and name for people, by sound format; an empty word where the number is reserved.
const FORMATS: [(&str, &str); 16] = [
    ("linear_pcm", "linear PCM, byte order of the writing machine"),
    ("adpcm", "ADPCM"),
    ("mp3", "MP3"),
    ("linear_pcm_le", "linear PCM, little-endian"),
    ("nellymoser_16k", "Nellymoser 16 kHz mono"),
    ("nellymoser_8k", "Nellymoser 8 kHz mono"),
    ("nellymoser", "Nellymoser"),
    ("g711_alaw", "G.711 A-law"),
    ("g711_mulaw", "G.711 mu-law"),
    ("", "Enhanced RTMP header"),
    ("aac", "AAC"),
    ("speex", "Speex"),
    ("", "reserved"),
    ("opus", "Opus (ad hoc, reserved in FLV)"),
    ("mp3_8k", "MP3 8 kHz"),
    ("device_specific", "device specific"),
];

/// The name of a sound format.
pub fn format_name(format: u64) -> Option<&'static str> {
    FORMATS.get(usize::try_from(format).ok()?).map(|f| f.1)
}

fn rate_name(rate: u64) -> Option<&'static str> {
    ["5.5 kHz", "11 kHz", "22 kHz", "44 kHz"].get(usize::try_from(rate).ok()?).copied()
}

fn size_name(size: u64) -> Option<&'static str> {
    Some(if size == 0 { "8-bit" } else { "16-bit" })
}

fn channels_name(stereo: u64) -> Option<&'static str> {
    Some(if stereo == 0 { "mono" } else { "stereo" })
}

fn aac_packet_name(packet: u64) -> Option<&'static str> {
    Some(match packet {
        0 => "sequence header: the decoder configuration",
        1 => "raw AAC frame",
        _ => return None,
    })
}

/// Fields of audio messages.
pub mod f {
    use super::*;
    fields! {
        /// The whole message.
        AUDIO = Field::new("audio", "a piece of sound");
        /// Sound format.
        FORMAT = Field::new("sound_format", "how the sound is coded").numbers(format_name);
        /// Sample rate.
        RATE = Field::new("sound_rate", "sample rate; AAC, Nellymoser 8 and 16 kHz ignore it").numbers(rate_name);
        /// Sample size.
        SIZE = Field::new("sound_size", "size of a sample; compressed formats always say 16-bit").numbers(size_name);
        /// Channels.
        CHANNELS = Field::new("sound_type", "mono or stereo; AAC ignores it").numbers(channels_name);
        /// AAC packet type.
        AAC_PACKET = Field::new("aac_packet_type", "what follows").numbers(aac_packet_name);
        /// Everything after the header.
        PAYLOAD = Field::new("payload", "the sound, or the decoder configuration").content(Content::Media);
    }
}

#[cfg(test)]
mod tests;
