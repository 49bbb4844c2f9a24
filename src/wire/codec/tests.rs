//! What the tests of all codecs share, and the laws that hold for every configuration and every sample.

use super::*;
use crate::field::{Tree, Value};

mod writer;
pub(in crate::wire) use writer::Writer;

pub(in crate::wire) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|d| u8::from_str_radix(std::str::from_utf8(d).unwrap(), 16).unwrap()).collect()
}

pub(in crate::wire) const AVC1: FourCc = FourCc(*b"avc1");
pub(in crate::wire) const HVC1: FourCc = FourCc(*b"hvc1");
pub(in crate::wire) const VVC1: FourCc = FourCc(*b"vvc1");
pub(in crate::wire) const AV01: FourCc = FourCc(*b"av01");
pub(in crate::wire) const VP08: FourCc = FourCc(*b"vp08");
pub(in crate::wire) const VP09: FourCc = FourCc(*b"vp09");

/// The worked examples of the protocol page.
pub(in crate::wire) const AVCC: &str =
    "01 64 00 0d ff e1 00 19 67 64 00 0d ac d9 41 51 fe 22 b0 11 00 00 03 03 e9 00 00 ea 60 0f
    14 29 96 01 00 06 68 eb e3 cb 22 c0 fd f8 f8 00";
pub(in crate::wire) const HVCC: &str = "01 01 60 00 00 00 90 00 00 00 00 00 3c f0 00 fc fd f8 f8 00 00 0f 03
    20 00 01 00 18 40 01 0c 01 ff ff 01 60 00 00 03 00 90 00 00 03 00 00 03 00 3c 95 90 09
    21 00 01 00 29 42 01 01 01 60 00 00 03 00 90 00 00 03 00 00 03 00 3c a0 0a 48 0f 1c 95 96 56 49 24 ca f0 16 80 80 00
    01 f4 80 00 3a 98 04
    22 00 01 00 07 44 01 c1 72 b4 62 40";
pub(in crate::wire) const AV1C: &str = "81 00 0c 00 0a 0b 02 00 00 05 21 e8 3d a0 17 c0 02";
pub(in crate::wire) const VPCC: &str = "01 00 00 00 01 14 87 02 02 00 00 00";
pub(in crate::wire) const VVCC: &str = "ff 00 65 5f 01 02 20 80 00 00 01 48 00 f0 00 00 00";
pub(in crate::wire) const VP9_KEY: &str = "a2 49 83 42 e0 14 10 0e d6";

/// Reads a configuration without anybody listening and with a tree; both say the same, and the tree tiles.
pub(super) fn config(fourcc: FourCc, bytes: &[u8]) -> (Option<VideoConfig>, Result<(), Fault>, Tree) {
    let (config, result) = configuration(&mut Reader::quiet(bytes), fourcc);
    let mut seen = None;
    let tree = Tree::explain(bytes, |r| {
        let (config, result) = configuration(r, fourcc);
        seen = config;
        result
    });
    assert_eq!(config, seen);
    agree(&tree, bytes, result);
    (config, result, tree)
}

/// The same for a coded sample.
pub(super) fn sample(fourcc: FourCc, bytes: &[u8], context: Context) -> (NalList, Result<(), Fault>, Tree) {
    let (list, result) = coded_after(&mut Reader::quiet(bytes), fourcc, context);
    let mut seen = None;
    let tree = Tree::explain(bytes, |r| {
        let (list, result) = coded_after(r, fourcc, context);
        seen = Some(list);
        result
    });
    assert_eq!(Some(list), seen);
    agree(&tree, bytes, result);
    (list, result, tree)
}

fn agree(tree: &Tree, bytes: &[u8], result: Result<(), Fault>) {
    assert_eq!(tree.first_fault().is_some(), result.is_err());
    assert_eq!(tree.tiles(bytes.len()), Ok(()), "{bytes:x?}");
    assert!(tree.leaves().all(|leaf| leaf.bits.len > 0), "{bytes:x?}");
}

pub(super) fn whole(fourcc: FourCc, text: &str) -> (VideoConfig, Tree) {
    let (config, result, tree) = config(fourcc, &hex(text));
    assert_eq!(result, Ok(()));
    assert!(tree.leaves().all(|n| n.field.name != "gap"), "{text}");
    (config.unwrap(), tree)
}

/// The values of all leaves and derived nodes with this name.
pub(super) fn values(tree: &Tree, name: &str) -> Vec<Value> {
    tree.nodes().iter().filter(|n| n.field.name == name).map(|n| n.value).collect()
}

pub(super) fn words(list: &NalList) -> Vec<&'static str> {
    list.types().map(|t| t.word().unwrap_or("?")).collect()
}

/// Numbers that look random and are the same every time.
pub(super) fn noise(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed | 1;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    }
}

const RECORDS: [(FourCc, &str); 5] = [(AVC1, AVCC), (HVC1, HVCC), (AV01, AV1C), (VP09, VPCC), (VVC1, VVCC)];
const CODECS: [FourCc; 7] = [AVC1, HVC1, VVC1, AV01, VP08, VP09, FourCc(*b"none")];

/// The facts that accessors state, codec by codec.
#[test]
fn accessors_of_every_codec() {
    type Facts = (&'static str, &'static str, Option<(u32, u32)>, Option<u32>, u8, &'static str, Option<u8>);
    let facts: [Facts; 5] = [
        ("High", "1.3", Some((322, 238)), Some(29_970), 8, "4:2:0", Some(4)),
        ("Main", "2.0", Some((322, 238)), Some(29_970), 8, "4:2:0", Some(4)),
        ("Main", "2.0", Some((322, 238)), None, 8, "4:2:0", None),
        ("Profile 1", "2.0", None, None, 8, "4:4:4", None),
        ("Main 10", "2.0", Some((328, 240)), None, 10, "4:2:0", Some(4)),
    ];
    for ((fourcc, text), facts) in RECORDS.iter().zip(facts) {
        let (c, _) = whole(*fourcc, text);
        let fps = c.fps().map(|f| (f * 1000.0).round() as u32);
        let seen = (c.profile(), c.level(), c.size(), fps, c.bit_depth(), c.chroma(), c.nal_length());
        let (profile, level, size, rate, bits, chroma, length) = facts;
        assert_eq!(seen, (Some(profile), Some(level), size, rate, Some(bits), Some(chroma), length));
        assert_eq!((c.width(), c.height()), (size.map(|s| s.0), size.map(|s| s.1)));
    }
    assert_eq!(config(FourCc(*b"mp4v"), &[1, 2, 3]).0, None);
}

#[test]
fn records_cut_anywhere_end_in_a_fault_and_keep_what_came_before() {
    for (fourcc, text) in RECORDS {
        let bytes = hex(text);
        for end in 0..bytes.len() {
            let (seen, result, _) = config(fourcc, &bytes[..end]);
            // The four bytes at the end of an AVC record are optional, and so are the OBUs of AV1.
            let complete = fourcc == AVC1 && end >= 42 || fourcc == AV01 && end == 4;
            assert_eq!(result.is_ok(), complete, "{fourcc:?} {end}");
            if fourcc == AVC1 && end >= 33 {
                assert_eq!(seen.and_then(|c| c.size()), Some((322, 238)));
            }
        }
    }
}

/// Any byte of a record may be anything: nothing panics, and every tree tiles.
#[test]
fn records_with_wrong_bytes() {
    let mut random = noise(0x9e37_79b9_7f4a_7c15);
    for (fourcc, text) in RECORDS {
        for _ in 0..600 {
            let mut bytes = hex(text);
            for _ in 0..=random(4) {
                let at = random(bytes.len() as u64) as usize;
                bytes[at] = [0, 0xff, 0x80, 1, 3, random(256) as u8][random(6) as usize];
            }
            drop(config(fourcc, &bytes));
        }
    }
}

#[test]
fn noise_of_every_length() {
    let mut random = noise(0x2545_f491_4f6c_dd1d);
    for fourcc in CODECS {
        for len in 0..300 {
            let bytes: Vec<u8> = (0..len).map(|_| [0, 0, 1, 3, random(256) as u8][random(5) as usize]).collect();
            drop(config(fourcc, &bytes));
            let timing = Timing { delays: Some((24, 7)), structure: true, ..Timing::default() };
            for nal_length in [None, Some(1), Some(2), Some(3), Some(9)] {
                drop(sample(fourcc, &bytes, Context { nal_length, timing: Some(timing) }));
            }
        }
    }
}

/// Hostile megabytes are read in one pass; far less than a second also without optimisation.
#[test]
fn large_samples_take_bounded_time() {
    let start = std::time::Instant::now();
    for fill in [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 6], [0xff; 4], [0x12, 0, 0x12, 0], [0x80, 0, 0, 0x80]] {
        let mut bytes: Vec<u8> = fill.into_iter().cycle().take(1 << 20).collect();
        for fourcc in CODECS {
            let _ = coded(&mut Reader::quiet(&bytes), fourcc, None);
        }
        // One SEI unit over everything.
        bytes[..5].copy_from_slice(&[0, 0x0f, 0xff, 0xfc, 6]);
        let _ = coded(&mut Reader::quiet(&bytes), AVC1, Some(4));
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
