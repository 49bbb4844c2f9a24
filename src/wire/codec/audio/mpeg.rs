//! The frame header of MPEG audio, in practice MP3: ISO/IEC 11172-3 and 13818-3.

use super::AudioConfig;
use crate::field::{Annotate, Fault, Field, Reader, Value, fields};

/// The version of MPEG audio, as a frame header has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Version(u64);

impl Version {
    const MPEG_1: Version = Version(3);
    const MPEG_2: Version = Version(2);
    const MPEG_2_5: Version = Version(0);

    /// The sample rate of an index.
    fn rate(self, index: u64) -> Option<u32> {
        let rate = [44_100, 48_000, 32_000].get(usize::try_from(index).ok()?)?;
        match self {
            Version::MPEG_1 => Some(*rate),
            Version::MPEG_2 => Some(rate / 2),
            Version::MPEG_2_5 => Some(rate / 4),
            _ => None,
        }
    }

    /// The bit rate of an index for layer III; the first index leaves the rate open, the last one is not allowed.
    fn kilobits(self, index: u64) -> Option<u32> {
        let row = if self == Version::MPEG_1 { &MPEG_1_KILOBITS } else { &MPEG_2_KILOBITS };
        row.get(usize::try_from(index.checked_sub(1)?).ok()?).copied()
    }
}

const LAYER_3: u64 = 1;
const MONO: u64 = 3;

/// Explains the header of the first frame of a message.
#[inline]
pub(super) fn frame<A: Annotate>(r: &mut Reader<'_, A>) -> Result<Option<AudioConfig>, Fault> {
    if !matches!(r.peek(), [0xff, second, _, _, ..] if *second >= 0xe0) {
        return super::unreadable(r, "not the start of a frame of MPEG audio");
    }
    let config = r.group(&f::MPEG_FRAME, |r| {
        let [_, version, layer, _, bit_rate, rate, padding, _, mode, _, _, _, _] = r.bits([
            (&f::SYNC, 11),
            (&f::VERSION, 2),
            (&f::LAYER, 2),
            (&f::UNPROTECTED, 1),
            (&f::BIT_RATE, 4),
            (&f::RATE, 2),
            (&f::PADDED, 1),
            (&f::PRIVATE, 1),
            (&f::MODE, 2),
            (&f::MODE_EXTENSION, 2),
            (&f::COPYRIGHT, 1),
            (&f::ORIGINAL, 1),
            (&f::EMPHASIS, 2),
        ])?;
        let version = Version(version);
        let mut config = AudioConfig {
            sample_rate: version.rate(rate),
            channels: Some(if mode == MONO { 1 } else { 2 }),
            ..AudioConfig::default()
        };
        if layer == LAYER_3 && config.sample_rate.is_some() {
            let (samples, factor) = if version == Version::MPEG_1 { (1152, 144) } else { (576, 72) };
            config.samples_per_frame = Some(samples);
            config.kilobits = version.kilobits(bit_rate);
            if let (Some(kilobits), Some(rate)) = (config.kilobits, config.sample_rate) {
                let size = u64::from(factor * kilobits * 1000 / rate) + padding;
                r.derived(&super::f::FRAME_SIZE, Value::Unsigned(size));
            }
        }
        super::derive(r, &config);
        Ok(config)
    })?;
    r.rest(&super::f::PAYLOAD);
    Ok(Some(config).filter(|config| config.sample_rate.is_some()))
}

const MPEG_1_KILOBITS: [u32; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MPEG_2_KILOBITS: [u32; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

fn version_name(version: u64) -> Option<&'static str> {
    ["MPEG-2.5", "reserved", "MPEG-2", "MPEG-1"].get(usize::try_from(version).ok()?).copied()
}

fn layer_name(layer: u64) -> Option<&'static str> {
    ["reserved", "layer III", "layer II", "layer I"].get(usize::try_from(layer).ok()?).copied()
}

fn mode_name(mode: u64) -> Option<&'static str> {
    (mode == MONO).then_some("mono")
}

/// Fields of MPEG audio.
pub mod f {
    use super::*;
    fields! {
        /// Start of a frame.
        MPEG_FRAME = Field::new("mpeg_audio_frame", "header of a frame of MPEG audio");
        /// Sync bits.
        SYNC = Field::new("frame_sync", "all ones");
        /// Version.
        VERSION = Field::new("mpeg_version", "version of MPEG audio").numbers(version_name);
        /// Layer.
        LAYER = Field::new("mpeg_layer", "layer; III is MP3").numbers(layer_name);
        /// No checksum.
        UNPROTECTED = Field::new("no_crc", "no checksum follows");
        /// Bit rate.
        BIT_RATE = Field::new("bit_rate_index", "bit rate, by version and layer");
        /// Sample rate.
        RATE = Field::new("sample_rate_index", "sample rate, by version");
        /// Padding.
        PADDED = Field::new("frame_padded", "the frame is a byte longer");
        /// Private bit.
        PRIVATE = Field::new("private", "free for use");
        /// Mode.
        MODE = Field::new("channel_mode", "how the channels are coded").numbers(mode_name);
        /// Mode extension.
        MODE_EXTENSION = Field::new("mode_extension", "how joint stereo is coded");
        /// Copyright.
        COPYRIGHT = Field::new("copyright", "the sound is protected by copyright");
        /// Original.
        ORIGINAL = Field::new("original", "the sound is no copy");
        /// Emphasis.
        EMPHASIS = Field::new("emphasis", "emphasis that the decoder shall undo");
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{explain_frame, frame_of};
    use super::super::{AudioConfig, MP3};
    use super::*;

    fn size(bytes: &[u8]) -> Option<Value> {
        explain_frame(MP3, bytes).nodes().iter().find(|n| n.field.name == "frame_size").map(|n| n.value)
    }

    /// The example of the protocol page.
    #[test]
    fn worked_example() {
        let expected = AudioConfig {
            sample_rate: Some(44_100),
            channels: Some(1),
            samples_per_frame: Some(1152),
            kilobits: Some(64),
            ..AudioConfig::default()
        };
        assert_eq!(frame_of(MP3, &[0xff, 0xfb, 0x50, 0xc4, 1]), Some(expected));
        assert_eq!(size(&[0xff, 0xfb, 0x50, 0xc4]), Some(Value::Unsigned(208)));
    }

    #[test]
    fn versions_rates_and_modes() {
        for (bytes, rate, kilobits, samples, channels, bytes_of_frame) in [
            ([0xff, 0xfb, 0x92, 0x00], 44_100, 128, 1152, 2, 418),
            ([0xff, 0xfb, 0xe4, 0x40], 48_000, 320, 1152, 2, 960),
            ([0xff, 0xf3, 0x80, 0xc0], 22_050, 64, 576, 1, 208),
            ([0xff, 0xe3, 0x18, 0x00], 8_000, 8, 576, 2, 72),
        ] {
            let config = frame_of(MP3, &bytes).unwrap();
            assert_eq!((config.sample_rate, config.kilobits), (Some(rate), Some(kilobits)), "{bytes:x?}");
            assert_eq!((config.samples_per_frame, config.channels), (Some(samples), Some(channels)));
            assert_eq!(size(&bytes), Some(Value::Unsigned(bytes_of_frame)));
        }
        // Free and forbidden bit rates, and a layer of which no rates are known: no size.
        for bytes in [[0xff, 0xfb, 0x00, 0], [0xff, 0xfb, 0xf0, 0], [0xff, 0xfd, 0x50, 0]] {
            assert_eq!((frame_of(MP3, &bytes).unwrap().kilobits, size(&bytes)), (None, None));
        }
        // A reserved version or rate says nothing that could be played.
        for bytes in [[0xff, 0xeb, 0x50, 0], [0xff, 0xfb, 0x5c, 0]] {
            assert_eq!(frame_of(MP3, &bytes), None);
        }
    }

    #[test]
    fn what_is_no_frame_is_left_alone() {
        for bytes in [&b""[..], b"\xff\xfb\x50", b"ID3\x04", b"\xff\xdb\x50\xc4"] {
            assert_eq!(frame_of(MP3, bytes), None);
        }
    }
}
