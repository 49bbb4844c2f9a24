//! What all codecs have in common: the laws of reading, over good and bad bytes.

use super::*;
use crate::field::{Off, Tree};

/// Reads a configuration quietly and annotated, and checks that both agree and that leaves tile.
pub(super) fn config_of(fourcc: FourCc, bytes: &[u8]) -> (Option<AudioConfig>, Result<(), Fault>, Tree) {
    let (config, result) = configuration(&mut Reader::new(bytes, Off), fourcc);
    let mut annotated = None;
    let tree = Tree::explain(bytes, |r| {
        let read = configuration(r, fourcc);
        annotated = Some(read);
        read.1
    });
    assert_eq!(annotated, Some((config, result)));
    assert_eq!(tree.first_fault(), result.err());
    tiles(&tree, bytes);
    (config, result, tree)
}

/// Reads a frame likewise; a frame is never a fault.
pub(super) fn frame_of(fourcc: FourCc, bytes: &[u8]) -> Option<AudioConfig> {
    let config = frame(&mut Reader::new(bytes, Off), fourcc);
    let tree = explain_frame(fourcc, bytes);
    assert!(tree.leaves().all(|n| n.field.name != "gap"), "{bytes:x?}");
    config.unwrap_or_else(|fault| panic!("{fault:?} in {bytes:x?}"))
}

pub(super) fn explain_frame(fourcc: FourCc, bytes: &[u8]) -> Tree {
    let mut annotated = None;
    let tree = Tree::explain(bytes, |r| {
        annotated = Some(frame(r, fourcc));
        Ok(())
    });
    assert_eq!(annotated, Some(frame(&mut Reader::new(bytes, Off), fourcc)));
    tiles(&tree, bytes);
    tree
}

fn tiles(tree: &Tree, bytes: &[u8]) {
    assert_eq!(tree.tiles(bytes.len()), Ok(()), "{bytes:x?}");
}

/// The value of the first leaf with this name.
pub(super) fn leaf(tree: &Tree, name: &str) -> Value {
    tree.leaves().find(|n| n.field.name == name).unwrap_or_else(|| panic!("no {name}")).value
}

const CODECS: [FourCc; 7] = [AAC, OPUS, FLAC, AC3, EAC3, MP3, FourCc(*b"xxxx")];

/// Configurations and frames of every codec.
fn samples() -> Vec<Vec<u8>> {
    let streaminfo = [&b"\x04\0\x04\0\0\0\0\0\x08\x15\x0b\xb8\0\xf0\0\0\0\0"[..], &[0x5a; 16]].concat();
    let mut samples: Vec<Vec<u8>> = vec![
        b"OpusHead\x01\x06\x38\x01\x80\xbb\0\0\0\0\x01\x04\x02\0\x04\x01\x02\x03\x05".to_vec(),
        b"\xfb\x83abc".to_vec(),
        [b"fLaC\0\0\0\x22", &streaminfo[..], b"\x84\0\0\x02ab"].concat(),
        streaminfo,
        b"\x0b\x77\x48\x0d\x0c\x40\x2f\x84\x02".to_vec(),
        b"\x0b\x77\x03\x7f\x3f\x87\xc0\x12\x34".to_vec(),
        b"\xff\xfb\x50\xc4\0\x03".to_vec(),
    ];
    samples.extend(aac::tests::EXAMPLES.iter().map(|example| example.bytes.to_vec()));
    samples.extend(aac::tests::ODD.iter().map(|bytes| bytes.to_vec()));
    samples
}

#[test]
fn every_codec_reads_every_sample_wherever_it_is_cut() {
    for bytes in samples() {
        for end in 0..=bytes.len() {
            for fourcc in CODECS {
                let _ = config_of(fourcc, &bytes[..end]);
                frame_of(fourcc, &bytes[..end]);
            }
        }
    }
}

#[test]
fn every_codec_reads_every_sample_whichever_byte_is_wrong() {
    for bytes in samples() {
        for at in 0..bytes.len() {
            for wrong in [0, 0xff, bytes[at] ^ 1, bytes[at] ^ 0x80] {
                let mut bytes = bytes.clone();
                bytes[at] = wrong;
                for fourcc in CODECS {
                    let _ = config_of(fourcc, &bytes);
                    frame_of(fourcc, &bytes);
                }
            }
        }
    }
}

#[test]
fn every_codec_reads_noise() {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for round in 0..3000 {
        let mut bytes: Vec<u8> = (0..next() % 96).map(|_| next() as u8).collect();
        // Beginnings that get noise past the first look.
        let start: &[u8] = [&b""[..], b"OpusHead\x01", b"fLaC", b"\x0b\x77", b"\xff\xfb"][round % 5];
        bytes.splice(0..start.len().min(bytes.len()), start.iter().copied());
        for fourcc in CODECS {
            let _ = config_of(fourcc, &bytes);
            frame_of(fourcc, &bytes);
        }
    }
}

#[test]
fn codecs_for_sound_are_known() {
    let (unknown, sound) = CODECS.split_last().unwrap();
    assert!(sound.iter().all(|fourcc| knows(*fourcc) && fourcc.word().is_some()));
    assert!(!knows(*unknown) && !knows(FourCc(*b"avc1")));
}

#[test]
fn codecs_without_a_configuration_have_none() {
    for fourcc in [AC3, EAC3, MP3, FourCc(*b"xxxx")] {
        assert_eq!(config_of(fourcc, b"").0, None);
        let (config, result, tree) = config_of(fourcc, b"abc");
        assert_eq!((config, result), (None, Ok(())));
        assert_eq!(tree.leaves().map(|n| n.field.name).collect::<Vec<_>>(), ["configuration"]);
    }
}

#[test]
fn frames_without_a_known_header_are_one_leaf() {
    for fourcc in [AAC, FLAC, FourCc(*b"xxxx")] {
        let tree = explain_frame(fourcc, b"abc");
        assert_eq!(tree.leaves().map(|n| n.field.name).collect::<Vec<_>>(), ["payload"]);
        assert!(explain_frame(fourcc, b"").nodes().is_empty());
    }
}

#[test]
fn frames_tell_the_same_from_their_first_64_bytes() {
    for bytes in samples() {
        let whole = [&bytes[..], &[0x55; 200]].concat();
        for fourcc in CODECS {
            assert_eq!(frame_of(fourcc, &whole), frame_of(fourcc, &whole[..64]));
        }
    }
}
