//! Opus: the identification header (RFC 7845, section 5.1) and the first bytes of a packet (RFC 6716, section 3).

use super::AudioConfig;
use crate::field::{Annotate, Fault, Field, Reader, Unit, Value, fields};

/// Opus always plays at this rate, whatever went into the encoder.
const RATE: u32 = 48_000;

/// Reads an OpusHead. What was read before a fault stays.
pub(super) fn head<A: Annotate>(r: &mut Reader<'_, A>, config: &mut Option<AudioConfig>) -> Result<(), Fault> {
    r.group(&f::OPUS_HEAD, |r| {
        if !r.peek().starts_with(MAGIC) {
            return Err(r.malformed(&"an OpusHead should begin with its name"));
        }
        r.text(&f::MAGIC, MAGIC.len())?;
        let mut opus = AudioConfig { sample_rate: Some(RATE), ..AudioConfig::default() };
        let result = fields(r, &mut opus);
        *config = Some(opus);
        result
    })
}

const MAGIC: &[u8] = b"OpusHead";

fn fields<A: Annotate>(r: &mut Reader<'_, A>, opus: &mut AudioConfig) -> Result<(), Fault> {
    if r.u8(&f::VERSION)? != 1 {
        r.remark(1, "only version 1 is known");
    }
    let channels = r.u8(&f::CHANNELS)?;
    opus.channels = Some(channels);
    if channels == 0 {
        r.remark(1, "no channels");
    }
    opus.pre_skip = Some(u16_le(r, &f::PRE_SKIP, |n| Value::Unsigned(u64::from(n)))?);
    r.u32_le(&f::INPUT_RATE)?;
    u16_le(r, &f::GAIN, |n| Value::Signed(i64::from(n as i16)))?;
    if r.u8(&f::FAMILY)? == 0 {
        return Ok(());
    }
    r.u8(&f::STREAMS)?;
    r.u8(&f::COUPLED)?;
    for _ in 0..channels {
        r.u8(&f::MAPPING)?;
    }
    Ok(())
}

fn u16_le<A: Annotate>(
    r: &mut Reader<'_, A>,
    field: &'static Field,
    value: impl FnOnce(u16) -> Value,
) -> Result<u16, Fault> {
    let number = r.peek().first_chunk().map_or(0, |bytes| u16::from_le_bytes(*bytes));
    r.coded(field, 2, value(number))?;
    Ok(number)
}

/// Explains the first bytes of a packet. Of several streams in one packet this is the first.
#[inline]
pub(super) fn packet<A: Annotate>(r: &mut Reader<'_, A>) -> Result<Option<AudioConfig>, Fault> {
    let enough = match r.peek() {
        [] => false,
        [toc] => toc & 3 != 3,
        _ => true,
    };
    if !enough {
        return super::unreadable(r, "too short for an Opus packet");
    }
    let config = r.group(&f::OPUS_PACKET, |r| {
        let [configuration, stereo, code] = r.bits([(&f::CONFIGURATION, 5), (&f::STEREO, 1), (&f::CODE, 2)])?;
        let frames = match code {
            0 => 1,
            1 | 2 => 2,
            _ => {
                let [_, _, frames] = r.bits([(&f::VBR, 1), (&f::PADDED, 1), (&f::FRAMES, 6)])?;
                frames
            }
        };
        // In samples at 48 kHz, so that 2.5 ms need no fraction; 63 frames of 60 ms fit 32 bits easily.
        let samples = frames as u32 * samples(configuration);
        r.derived(&f::DURATION, Value::Float(f64::from(samples) / 48.0));
        Ok(AudioConfig {
            sample_rate: Some(RATE),
            channels: Some(1 + stereo as u8),
            samples_per_frame: u16::try_from(samples).ok(),
            ..AudioConfig::default()
        })
    })?;
    r.rest(&super::f::PAYLOAD);
    Ok(Some(config))
}

/// Samples of a frame at 48 kHz, by configuration.
fn samples(configuration: u64) -> u32 {
    let row: &[u32] = match configuration {
        0..=11 => &[480, 960, 1920, 2880],
        12..=15 => &[480, 960],
        _ => &[120, 240, 480, 960],
    };
    row.get(configuration as usize % row.len()).copied().unwrap_or_default()
}

fn configuration_name(configuration: u64) -> Option<&'static str> {
    const NAMES: [&str; 32] = [
        "SILK, narrow band, 10 ms",
        "SILK, narrow band, 20 ms",
        "SILK, narrow band, 40 ms",
        "SILK, narrow band, 60 ms",
        "SILK, medium band, 10 ms",
        "SILK, medium band, 20 ms",
        "SILK, medium band, 40 ms",
        "SILK, medium band, 60 ms",
        "SILK, wide band, 10 ms",
        "SILK, wide band, 20 ms",
        "SILK, wide band, 40 ms",
        "SILK, wide band, 60 ms",
        "hybrid, super-wide band, 10 ms",
        "hybrid, super-wide band, 20 ms",
        "hybrid, full band, 10 ms",
        "hybrid, full band, 20 ms",
        "CELT, narrow band, 2.5 ms",
        "CELT, narrow band, 5 ms",
        "CELT, narrow band, 10 ms",
        "CELT, narrow band, 20 ms",
        "CELT, wide band, 2.5 ms",
        "CELT, wide band, 5 ms",
        "CELT, wide band, 10 ms",
        "CELT, wide band, 20 ms",
        "CELT, super-wide band, 2.5 ms",
        "CELT, super-wide band, 5 ms",
        "CELT, super-wide band, 10 ms",
        "CELT, super-wide band, 20 ms",
        "CELT, full band, 2.5 ms",
        "CELT, full band, 5 ms",
        "CELT, full band, 10 ms",
        "CELT, full band, 20 ms",
    ];
    NAMES.get(usize::try_from(configuration).ok()?).copied()
}

fn code_name(code: u64) -> Option<&'static str> {
    Some(match code {
        0 => "one frame",
        1 => "two frames of the same size",
        2 => "two frames",
        3 => "the number of frames follows",
        _ => return None,
    })
}

fn stereo_name(stereo: u64) -> Option<&'static str> {
    Some(if stereo == 0 { "mono" } else { "stereo" })
}

/// Fields of Opus.
pub mod f {
    use super::*;
    fields! {
        /// The identification header.
        OPUS_HEAD = Field::new("opus_head", "what a decoder of Opus must know first");
        /// Its name.
        MAGIC = Field::new("magic", "always OpusHead");
        /// Version.
        VERSION = Field::new("opus_version", "version of the header, 1");
        /// Channels.
        CHANNELS = Field::new("channel_count", "number of channels");
        /// Pre-skip.
        PRE_SKIP = Field::new("pre_skip", "samples at 48 kHz to be thrown away at the start");
        /// Rate of the input.
        INPUT_RATE = Field::new("input_rate", "sample rate before encoding; Opus always plays at 48 kHz")
            .unit(Unit::Hertz);
        /// Gain.
        GAIN = Field::new("output_gain", "gain in 1/256 dB");
        /// Mapping family.
        FAMILY = Field::new("mapping_family", "how channels lie in streams; 0 is one stream of one or two channels");
        /// Streams.
        STREAMS = Field::new("stream_count", "streams in each packet");
        /// Coupled streams.
        COUPLED = Field::new("coupled_count", "streams that are stereo");
        /// Mapping of a channel.
        MAPPING = Field::new("channel_mapping", "decoded channel that this channel is");
        /// Start of a packet.
        OPUS_PACKET = Field::new("opus_packet", "first bytes of a packet");
        /// Configuration.
        CONFIGURATION = Field::new("opus_configuration", "coder, bandwidth and length of a frame")
            .numbers(configuration_name);
        /// Stereo.
        STEREO = Field::new("opus_stereo", "mono or stereo").numbers(stereo_name);
        /// Number of frames, as a code.
        CODE = Field::new("frame_code", "how many frames the packet holds").numbers(code_name);
        /// Variable bit rate.
        VBR = Field::new("vbr", "frames differ in size");
        /// Padding.
        PADDED = Field::new("padded", "padding ends the packet");
        /// Number of frames.
        FRAMES = Field::new("frame_count", "frames in the packet");
        /// Duration.
        DURATION = Field::new("packet_duration", "how much sound the packet holds").unit(Unit::Milliseconds);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{config_of, explain_frame, frame_of, leaf};
    use super::super::{AudioConfig, OPUS};
    use crate::field::{Fault, FaultKind, Value};

    /// The example of the protocol page: six channels, pre-skip 312, family 1.
    #[test]
    fn worked_example() {
        let bytes = b"OpusHead\x01\x06\x38\x01\x80\xbb\0\0\0\0\x01\x04\x02\0\x04\x01\x02\x03\x05";
        let (config, result, tree) = config_of(OPUS, bytes);
        assert_eq!(result, Ok(()));
        let expected =
            AudioConfig { sample_rate: Some(48_000), channels: Some(6), pre_skip: Some(312), ..AudioConfig::default() };
        assert_eq!(config, Some(expected));
        assert_eq!(leaf(&tree, "input_rate"), Value::Unsigned(48_000));
        assert_eq!(
            (leaf(&tree, "stream_count"), leaf(&tree, "coupled_count")),
            (Value::Unsigned(4), Value::Unsigned(2))
        );
        let map: Vec<_> = tree.leaves().filter(|n| n.field.name == "channel_mapping").map(|n| n.value).collect();
        assert_eq!(map, [0, 4, 1, 2, 3, 5].map(Value::Unsigned));
        // Family 0 has no map; a gain may be negative.
        let (config, result, tree) = config_of(OPUS, b"OpusHead\x01\x02\0\0\x80\xbb\0\0\0\xff\0");
        assert_eq!((config.and_then(|c| c.channels), result), (Some(2), Ok(())));
        assert_eq!(leaf(&tree, "output_gain"), Value::Signed(-256));
    }

    #[test]
    fn a_head_that_is_none() {
        assert_eq!(config_of(OPUS, b"").0, None);
        assert_eq!(config_of(OPUS, b"").1, Ok(()), "it may be empty");
        let (config, result, _) = config_of(OPUS, b"OpusTags\x01\x02");
        assert!(matches!(result, Err(Fault { at: 0, kind: FaultKind::Malformed(_) })));
        assert_eq!(config, None);
        let (config, result, _) = config_of(OPUS, b"OpusHead\x01\x02\x38");
        assert_eq!(result, Err(Fault { at: 10, kind: FaultKind::Short(1) }));
        assert_eq!(config.and_then(|c| c.channels), Some(2));
    }

    #[test]
    fn packets_tell_their_coder_and_length() {
        let milliseconds = |bytes: &[u8]| {
            let tree = explain_frame(OPUS, bytes);
            let node = tree.nodes().iter().find(|n| n.field.name == "packet_duration").map(|n| n.value);
            match node {
                Some(Value::Float(ms)) => ms,
                other => panic!("{other:?}"),
            }
        };
        // `fc`: CELT, full band, 20 ms, stereo, one frame.
        let config = frame_of(OPUS, &[0xfc, 1, 2]).unwrap();
        assert_eq!((config.channels, config.samples_per_frame), (Some(2), Some(960)));
        for (first, ms) in [
            (0x00, 10.0),
            (0x18, 60.0),
            (0x50, 40.0),
            (0x60, 10.0),
            (0x78, 20.0),
            (0x80, 2.5),
            (0xf8, 20.0),
            (0xe1, 5.0),
            (0xea, 10.0),
        ] {
            assert_eq!(milliseconds(&[first, 0]), ms, "{first:x}");
        }
        assert_eq!(milliseconds(&[0xfb, 0x83]), 60.0, "three frames, by the count byte");
        assert_eq!(frame_of(OPUS, &[0x1b, 63]).unwrap().samples_per_frame, None, "more than any packet holds");
        assert_eq!(frame_of(OPUS, &[0xff]), None, "the count byte is missing");
        assert_eq!(frame_of(OPUS, &[]), None);
    }
}
