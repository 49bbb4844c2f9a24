//! FLAC: the STREAMINFO block, with the signature and block header in front of it or without.

use super::AudioConfig;
use crate::field::{Annotate, Content, Fault, Field, Reader, Unit, Value, fields};

const SIGNATURE: &[u8] = b"fLaC";

/// Bytes of a STREAMINFO block.
const STREAMINFO: usize = 34;

/// Reads a decoder configuration: the specification wants the signature and the metadata blocks, FFmpeg sends the bare
/// STREAMINFO block.
pub(super) fn configuration<A: Annotate>(r: &mut Reader<'_, A>, config: &mut Option<AudioConfig>) -> Result<(), Fault> {
    r.group(&f::FLAC_CONFIGURATION, |r| {
        if r.peek().starts_with(SIGNATURE) {
            r.text(&f::SIGNATURE, SIGNATURE.len())?;
            return blocks(r, config);
        }
        if r.left() == STREAMINFO {
            return stream_info(r, config);
        }
        Err(r.malformed(&"neither the signature of FLAC nor a bare STREAMINFO block"))
    })
}

/// Metadata blocks up to the one that says it is the last.
fn blocks<A: Annotate>(r: &mut Reader<'_, A>, config: &mut Option<AudioConfig>) -> Result<(), Fault> {
    loop {
        let (last, kind) = r.group(&f::BLOCK, |r| {
            let [last, kind, len] = r.bits([(&f::LAST, 1), (&f::BLOCK_TYPE, 7), (&f::BLOCK_LENGTH, 24)])?;
            r.within(len as usize, |r| match kind {
                0 => stream_info(r, config),
                _ => {
                    r.rest(&f::BLOCK_DATA);
                    Ok(())
                }
            })?;
            Ok((last != 0, kind))
        })?;
        if config.is_none() && kind != 0 {
            r.remark(0, "STREAMINFO should be the first block");
        }
        if last || r.is_empty() {
            return Ok(());
        }
    }
}

fn stream_info<A: Annotate>(r: &mut Reader<'_, A>, config: &mut Option<AudioConfig>) -> Result<(), Fault> {
    r.group(&f::STREAM_INFO, |r| {
        let (smallest, largest) = (r.u16(&f::MIN_BLOCK)?, r.u16(&f::MAX_BLOCK)?);
        r.u24(&f::MIN_FRAME)?;
        r.u24(&f::MAX_FRAME)?;
        let [rate, channels, bits, _] =
            r.bits([(&f::RATE, 20), (&f::CHANNELS, 3), (&f::BITS, 5), (&f::TOTAL_SAMPLES, 36)])?;
        let flac = AudioConfig {
            sample_rate: Some(rate as u32).filter(|rate| *rate > 0),
            channels: Some(channels as u8 + 1),
            bits_per_sample: Some(bits as u8 + 1),
            samples_per_frame: (smallest == largest).then_some(largest),
            ..AudioConfig::default()
        };
        r.derived(&super::f::CHANNELS, Value::Unsigned(channels + 1));
        r.derived(&f::BITS_PER_SAMPLE, Value::Unsigned(bits + 1));
        *config = Some(flac);
        r.bytes(&f::MD5, 16).map(drop)
    })
}

fn block_name(kind: u64) -> Option<&'static str> {
    (kind == 0).then_some("STREAMINFO")
}

/// Fields of FLAC.
pub mod f {
    use super::*;
    fields! {
        /// The whole configuration.
        FLAC_CONFIGURATION = Field::new("flac_configuration", "what a decoder of FLAC must know first");
        /// Signature.
        SIGNATURE = Field::new("signature", "always fLaC");
        /// A metadata block.
        BLOCK = Field::new("metadata_block", "a block in front of the frames");
        /// Last block.
        LAST = Field::new("last_block", "no other block follows");
        /// Type of the block.
        BLOCK_TYPE = Field::new("block_type", "what the block holds").numbers(block_name);
        /// Length of the block.
        BLOCK_LENGTH = Field::new("block_length", "length of the block").unit(Unit::Bytes);
        /// Data of another block.
        BLOCK_DATA = Field::new("block_data", "block that decoders do not need").content(Content::Undecoded);
        /// STREAMINFO.
        STREAM_INFO = Field::new("stream_info", "facts about all frames");
        /// Smallest block.
        MIN_BLOCK = Field::new("min_block_size", "fewest samples of a frame");
        /// Largest block.
        MAX_BLOCK = Field::new("max_block_size", "most samples of a frame");
        /// Smallest frame.
        MIN_FRAME = Field::new("min_frame_size", "size of the smallest frame, 0 when not known").unit(Unit::Bytes);
        /// Largest frame.
        MAX_FRAME = Field::new("max_frame_size", "size of the largest frame, 0 when not known").unit(Unit::Bytes);
        /// Sample rate.
        RATE = Field::new("flac_sample_rate", "samples a second").unit(Unit::Hertz);
        /// Channels.
        CHANNELS = Field::new("channels_minus_1", "number of channels, less one");
        /// Bits of a sample.
        BITS = Field::new("bits_per_sample_minus_1", "bits of a sample, less one");
        /// Bits of a sample.
        BITS_PER_SAMPLE = Field::new("bits_per_sample", "bits of a sample").unit(Unit::Bits);
        /// Samples in all.
        TOTAL_SAMPLES = Field::new("total_samples", "samples of the whole stream, 0 when not known");
        /// Digest.
        MD5 = Field::new("md5", "MD5 of the samples");
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{config_of, leaf};
    use super::super::{AudioConfig, FLAC};
    use crate::field::{Fault, FaultKind, Value};

    /// The example of the protocol page, bare.
    fn bare() -> Vec<u8> {
        let head = b"\x04\0\x04\0\0\0\0\0\x08\x15\x0b\xb8\0\xf0\0\0\0\0";
        [&head[..], &[0x5a; 16]].concat()
    }

    fn expected() -> AudioConfig {
        AudioConfig {
            sample_rate: Some(48_000),
            channels: Some(1),
            samples_per_frame: Some(1024),
            bits_per_sample: Some(16),
            ..AudioConfig::default()
        }
    }

    #[test]
    fn worked_example() {
        let (config, result, tree) = config_of(FLAC, &bare());
        assert_eq!((config, result), (Some(expected()), Ok(())));
        assert_eq!(leaf(&tree, "max_frame_size"), Value::Unsigned(2069));
        assert_eq!(leaf(&tree, "total_samples"), Value::Unsigned(0));
    }

    #[test]
    fn with_signature_and_block_header() {
        let whole = [b"fLaC\x80\0\0\x22", &bare()[..]].concat();
        assert_eq!(config_of(FLAC, &whole).0, Some(expected()));
        assert_eq!(config_of(FLAC, &whole).1, Ok(()));
        let more = [b"fLaC\0\0\0\x22", &bare()[..], b"\x84\0\0\x02ab"].concat();
        let (config, result, tree) = config_of(FLAC, &more);
        assert_eq!((config, result), (Some(expected()), Ok(())));
        assert!(tree.leaves().any(|n| n.field.name == "block_data"));
        let other = b"fLaC\x84\0\0\x02ab";
        assert_eq!((config_of(FLAC, other).0, config_of(FLAC, other).2.remarks().len()), (None, 1));
    }

    #[test]
    fn anything_else_is_refused() {
        let (config, result, _) = config_of(FLAC, &bare()[..33]);
        assert_eq!(config, None);
        assert!(matches!(result, Err(Fault { at: 0, kind: FaultKind::Malformed(_) })));
        let (config, result, _) = config_of(FLAC, b"fLaC\x80\0\0\x22\x04\0");
        assert_eq!((config, result), (None, Err(Fault { at: 8, kind: FaultKind::Short(32) })));
    }
}
