//! Sync frames of AC-3 and E-AC-3: ETSI TS 102 366. They have no other configuration than their own header.

use super::{AC3, AudioConfig};
use crate::field::{Annotate, BitReader, Fault, Field, Reader, Value, fields};
use crate::wire::fourcc::FourCc;

/// The first two bytes of every sync frame.
const SYNC: &[u8] = &[0x0b, 0x77];

/// Bytes that the longest header takes.
const LONGEST: usize = 7;

/// The largest bit stream id of AC-3, and of E-AC-3.
const AC3_ID: u8 = 10;
const EAC3_ID: u8 = 16;

/// Explains the header of the first sync frame of a message.
#[inline]
pub(super) fn frame<A: Annotate>(r: &mut Reader<'_, A>, fourcc: FourCc) -> Result<Option<AudioConfig>, Fault> {
    let bytes = r.peek();
    // The id of the format stands at the same place in both.
    let id = bytes.get(5).map_or(u8::MAX, |byte| byte >> 3);
    if bytes.len() < LONGEST || !bytes.starts_with(SYNC) || id > EAC3_ID {
        return super::unreadable(r, "not the start of a sync frame");
    }
    if (id <= AC3_ID) != (fourcc == AC3) {
        r.remark(0, "the frame is of the other one of AC-3 and E-AC-3");
    }
    let mut config = AudioConfig::default();
    let field = if id <= AC3_ID { &f::AC3_FRAME } else { &f::EAC3_FRAME };
    r.group(field, |r| {
        r.u16(&f::SYNC)?;
        r.bit_section(bytes.len() - SYNC.len(), |b| {
            let size = if id <= AC3_ID { ac3(b, &mut config)? } else { eac3(b, &mut config)? };
            for (field, value) in [
                (&super::f::FRAME_SIZE, size),
                (&super::f::SAMPLE_RATE, config.sample_rate),
                (&super::f::CHANNELS, config.channels.map(u32::from)),
                (&super::f::SAMPLES, config.samples_per_frame.map(u32::from)),
                (&super::f::BIT_RATE, config.kilobits),
            ] {
                if let Some(value) = value {
                    b.derived(field, Value::Unsigned(u64::from(value)));
                }
            }
            b.rest(&super::f::PAYLOAD);
            Ok(())
        })
    })?;
    Ok(Some(config))
}

/// An AC-3 header after the sync word; returns the size of the frame.
fn ac3<A: Annotate>(b: &mut BitReader<'_, '_, A>, config: &mut AudioConfig) -> Result<Option<u32>, Fault> {
    b.u(&f::CRC, 16)?;
    let rate = [48_000, 44_100, 32_000].get(b.u(&f::RATE_CODE, 2)? as usize).copied();
    let size_code = b.u(&f::SIZE_CODE, 6)? as u32;
    // Ids 9 and 10 halve and quarter all rates.
    let slower = (b.u(&f::BIT_STREAM_ID, 5)? as u32).saturating_sub(8);
    b.u(&f::BIT_STREAM_MODE, 3)?;
    let mode = b.u(&f::CODING_MODE, 3)?;
    if mode & 1 != 0 && mode != 1 {
        b.u(&f::CENTRE_MIX, 2)?;
    }
    if mode & 4 != 0 {
        b.u(&f::SURROUND_MIX, 2)?;
    }
    if mode == 2 {
        b.u(&f::SURROUND_MODE, 2)?;
    }
    let low = b.flag(&f::LOW_FREQUENCY)?;
    let kilobits = KILOBITS.get(size_code as usize / 2).copied();
    config.sample_rate = rate.map(|rate| rate >> slower);
    config.channels = channels(mode, low);
    config.samples_per_frame = Some(1536);
    config.kilobits = kilobits.map(|kilobits| kilobits >> slower);
    Ok(rate.zip(kilobits).map(|(rate, kilobits)| match rate {
        48_000 => 4 * kilobits,
        32_000 => 6 * kilobits,
        _ => 2 * (kilobits * 1_536_000 / 44_100 / 16 + (size_code & 1)),
    }))
}

/// Bit rates by index.
const KILOBITS: [u32; 19] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640];

/// An E-AC-3 header after the sync word; returns the size of the frame.
fn eac3<A: Annotate>(b: &mut BitReader<'_, '_, A>, config: &mut AudioConfig) -> Result<Option<u32>, Fault> {
    b.u(&f::STREAM_TYPE, 2)?;
    b.u(&f::SUBSTREAM, 3)?;
    let size = (b.u(&f::FRAME_WORDS, 11)? as u32 + 1) * 2;
    let (rate, blocks) = match b.u(&f::RATE_CODE, 2)? {
        3 => ([24_000, 22_050, 16_000].get(b.u(&f::RATE_CODE_2, 2)? as usize).copied(), 6),
        code => {
            let blocks = [1, 2, 3, 6].get(b.u(&f::BLOCK_CODE, 2)? as usize).copied().unwrap_or_default();
            ([48_000, 44_100, 32_000].get(code as usize).copied(), blocks)
        }
    };
    let mode = b.u(&f::CODING_MODE, 3)?;
    let low = b.flag(&f::LOW_FREQUENCY)?;
    b.u(&f::BIT_STREAM_ID, 5)?;
    let samples = blocks * 256;
    config.sample_rate = rate;
    config.channels = channels(mode, low);
    config.samples_per_frame = Some(samples);
    config.kilobits = rate.map(|rate| size * 8 * (rate / 100) / u32::from(samples) / 10);
    Ok(Some(size))
}

/// Channels by coding mode, the low frequency channel added.
fn channels(mode: u64, low: bool) -> Option<u8> {
    [2, 1, 2, 3, 3, 4, 4, 5].get(mode as usize).map(|channels| channels + u8::from(low))
}

fn rate_name(code: u64) -> Option<&'static str> {
    ["48000 Hz", "44100 Hz", "32000 Hz", "reserved, or a lower rate"].get(usize::try_from(code).ok()?).copied()
}

fn lower_rate_name(code: u64) -> Option<&'static str> {
    ["24000 Hz", "22050 Hz", "16000 Hz"].get(usize::try_from(code).ok()?).copied()
}

fn block_code_name(code: u64) -> Option<&'static str> {
    ["1 block", "2 blocks", "3 blocks", "6 blocks"].get(usize::try_from(code).ok()?).copied()
}

fn coding_mode_name(mode: u64) -> Option<&'static str> {
    let names =
        ["two mono channels", "mono", "stereo", "3 channels", "3 channels", "4 channels", "4 channels", "5 channels"];
    names.get(usize::try_from(mode).ok()?).copied()
}

/// Fields of sync frames.
pub mod f {
    use super::*;
    fields! {
        /// A frame of AC-3.
        AC3_FRAME = Field::new("ac3_frame", "a sync frame of AC-3");
        /// A frame of E-AC-3.
        EAC3_FRAME = Field::new("eac3_frame", "a sync frame of E-AC-3");
        /// Sync word.
        SYNC = Field::new("sync_word", "always 0b77");
        /// Checksum.
        CRC = Field::new("crc", "checksum over the first part of the frame");
        /// Sample rate.
        RATE_CODE = Field::new("sample_rate_code", "sample rate").numbers(rate_name);
        /// Lower sample rates.
        RATE_CODE_2 = Field::new("sample_rate_code_2", "lower sample rate").numbers(lower_rate_name);
        /// Size and bit rate.
        SIZE_CODE = Field::new("frame_size_code", "bit rate, and with the sample rate the size of the frame");
        /// Which format it is.
        BIT_STREAM_ID = Field::new("bit_stream_id", "up to 10 AC-3 (9 and 10 at lower rates), 11 to 16 E-AC-3");
        /// Kind of service.
        BIT_STREAM_MODE = Field::new("bit_stream_mode", "what kind of service the sound is");
        /// Channels.
        CODING_MODE = Field::new("audio_coding_mode", "channels without the low frequency one")
            .numbers(coding_mode_name);
        /// Mix of the centre.
        CENTRE_MIX = Field::new("centre_mix_level", "how loud the centre is in a mixdown");
        /// Mix of the surround channels.
        SURROUND_MIX = Field::new("surround_mix_level", "how loud the surround channels are in a mixdown");
        /// Surround in stereo.
        SURROUND_MODE = Field::new("surround_mode", "whether stereo carries surround sound");
        /// Low frequency channel.
        LOW_FREQUENCY = Field::new("lfe", "a low frequency channel is there");
        /// Type of an E-AC-3 stream.
        STREAM_TYPE = Field::new("stream_type", "how the substream relates to others");
        /// Substream.
        SUBSTREAM = Field::new("substream", "number of the substream");
        /// Size in words.
        FRAME_WORDS = Field::new("frame_words_minus_1", "length of the frame in words of two bytes, less one");
        /// Number of blocks.
        BLOCK_CODE = Field::new("block_code", "blocks of 256 samples in the frame").numbers(block_code_name);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{explain_frame, frame_of};
    use super::super::{AC3, AudioConfig, EAC3};
    use super::*;

    fn size(fourcc: FourCc, bytes: &[u8]) -> Option<Value> {
        explain_frame(fourcc, bytes).nodes().iter().find(|n| n.field.name == "frame_size").map(|n| n.value)
    }

    /// The examples of the protocol page.
    #[test]
    fn worked_examples() {
        let mono = [0x0b, 0x77, 0x48, 0x0d, 0x0c, 0x40, 0x2f, 0x84];
        let expected = AudioConfig {
            sample_rate: Some(48_000),
            channels: Some(1),
            samples_per_frame: Some(1536),
            kilobits: Some(96),
            ..AudioConfig::default()
        };
        assert_eq!(frame_of(AC3, &mono), Some(expected));
        assert_eq!(size(AC3, &mono), Some(Value::Unsigned(384)));
        let surround = [0x0b, 0x77, 0x03, 0x7f, 0x3f, 0x87, 0xc0, 0x12];
        let expected = AudioConfig { channels: Some(6), kilobits: Some(448), ..expected };
        assert_eq!(frame_of(EAC3, &surround), Some(expected));
        assert_eq!(size(EAC3, &surround), Some(Value::Unsigned(1792)));
        assert!(explain_frame(EAC3, &surround).remarks().is_empty());
        assert_eq!(explain_frame(AC3, &surround).remarks().len(), 1, "the FourCC is that of the other one");
    }

    #[test]
    fn rates_and_sizes() {
        // fscod and frmsizecod, then id 8 in stereo.
        let of = |codes: u8, id: u8| [0x0b, 0x77, 0, 0, codes, id << 3, 0x40, 0];
        for (codes, id, rate, kilobits, bytes) in [
            (0x00, 8, 48_000, 32, 128),
            (0x65, 8, 44_100, 640, 2788),
            (0x40, 8, 44_100, 32, 138),
            (0x41, 8, 44_100, 32, 140),
            (0x80, 8, 32_000, 32, 192),
            (0x24, 9, 24_000, 320, 2560),
            (0x24, 10, 12_000, 160, 2560),
        ] {
            let config = frame_of(AC3, &of(codes, id)).unwrap();
            assert_eq!((config.sample_rate, config.kilobits), (Some(rate), Some(kilobits)), "{codes:x}");
            if codes != 0x65 {
                assert_eq!(size(AC3, &of(codes, id)), Some(Value::Unsigned(bytes)), "{codes:x}");
            }
        }
        let reserved = frame_of(AC3, &of(0xff, 8)).unwrap();
        assert_eq!((reserved.sample_rate, reserved.kilobits), (None, None));
        let low = frame_of(EAC3, &[0x0b, 0x77, 0, 0x1f, 0xc4, 0x80, 0, 0]).unwrap();
        assert_eq!((low.sample_rate, low.samples_per_frame, low.channels), (Some(24_000), Some(1536), Some(2)));
    }

    #[test]
    fn what_is_no_frame_is_left_alone() {
        for bytes in
            [&b""[..], b"\x0b\x77\x48\x0d\x0c\x40", b"\x0b\x78\x48\x0d\x0c\x40\x2f\x84", b"\x0b\x77\0\0\0\xff\0\0"]
        {
            assert_eq!(frame_of(AC3, bytes), None);
        }
    }
}
