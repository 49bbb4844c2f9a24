use super::*;
use crate::wire::codec::VideoConfig;
use crate::wire::codec::picture::Rate;
use crate::wire::codec::tests::{AV01, AV1C, config, hex, sample, values, whole, words};

fn av1(text: &str) -> Av1Config {
    match whole(AV01, text).0 {
        VideoConfig::Av1(av1) => av1,
        other => panic!("{other:?}"),
    }
}

/// The worked example of the protocol page.
#[test]
fn the_record_of_the_protocol_page() {
    let seen = av1(AV1C);
    assert_eq!((seen.profile(), seen.level(), seen.high_tier), (Some("Main"), Some("2.0"), false));
    let p = seen.picture.unwrap();
    assert_eq!((p.width, p.height, p.bit_depth, p.chroma.name()), (322, 238, 8, Some("4:2:0")));
    assert_eq!(p.rate, None);
    let (_, tree) = whole(AV01, AV1C);
    assert!(tree.remarks().is_empty(), "{:?}", tree.remarks());
    assert_eq!(values(&tree, "obu_size"), [Value::Unsigned(11)]);
}

#[test]
fn a_record_without_obus() {
    let seen = av1("81 5f f2 00");
    assert_eq!((seen.profile(), seen.level(), seen.high_tier), (Some("Professional"), Some("maximum"), true));
    assert_eq!((seen.bit_depth, seen.chroma.name(), seen.picture), (12, Some("monochrome"), None));
    let names = [0u64, 4, 13, 23].map(av1_level_name);
    assert_eq!(names, [Some("2.0"), Some("3.0"), Some("5.1"), Some("7.3")]);
}

#[test]
fn the_descriptor_of_a_transport_stream() {
    let mut config = None;
    let bytes = hex("80 04 81 09 0c 40");
    let tree = crate::field::Tree::explain(&bytes, |r| mpeg2ts_descriptor(r, &mut config));
    assert_eq!(tree.first_fault(), None);
    assert_eq!(config.and_then(|c| c.level()), Some("4.1"));
    assert_eq!(values(&tree, "hdr_wcg_idc"), [Value::Unsigned(1)]);
}

#[test]
fn units_of_a_sample() {
    // Temporal delimiter, sequence header, a frame with an extension, a frame without size.
    let text = "12 00 0a 0b 02 00 00 05 21 e8 3d a0 17 c0 02 36 48 03 01 02 03 30 07 08";
    let (list, result, tree) = sample(AV01, &hex(text), Default::default());
    assert_eq!(result, Ok(()));
    assert_eq!((words(&list), list.count), (vec!["temporal_delimiter", "sequence_header", "frame"], 4));
    let payloads: Vec<_> = tree.leaves().filter(|n| n.field.name == "obu_payload").map(|n| n.bits.len / 8).collect();
    assert_eq!(payloads, [3, 2]);
    assert_eq!(values(&tree, "temporal_id"), [Value::Unsigned(2)]);
}

#[test]
fn sizes_in_groups_of_seven_bits() {
    let size = |text: &str| {
        let bytes = hex(text);
        let mut r = Reader::quiet(&bytes);
        leb128(&mut r, &f::OBU_SIZE).map(|n| (n, r.at()))
    };
    assert_eq!(size("e5 8e 26"), Ok((624_485, 3)));
    assert_eq!(size("80 80 80 80 80 80 80 01"), Ok((1 << 49, 8)));
    assert_eq!(size("80 80").map_err(|f| f.kind), Err(FaultKind::Short(1)));
    assert!(matches!(size("80 80 80 80 80 80 80 80 00"), Err(Fault { at: 0, kind: FaultKind::Malformed(_) })));
    // A size beyond the end: the type counts, the rest is a gap.
    let (list, result, _) = sample(AV01, &hex("12 00 32 ff ff ff ff ff ff ff 7f 01"), Default::default());
    assert_eq!(words(&list), ["temporal_delimiter", "frame"]);
    assert_eq!(result.map_err(|f| f.kind), Err(FaultKind::Short(u32::MAX)));
}

struct Writer(Vec<bool>);

impl Writer {
    fn u(mut self, value: u64, bits: u32) -> Self {
        self.0.extend((0..bits).rev().map(|i| value >> i & 1 == 1));
        self
    }

    fn read(mut self) -> Picture {
        self.0.push(true);
        self.0.resize(self.0.len().next_multiple_of(8), false);
        let bits: Vec<u8> = self.0.chunks(8).map(|b| b.iter().fold(0, |n, bit| n << 1 | u8::from(*bit))).collect();
        let bytes = [&hex("81 00 0c 00 0a")[..], &[bits.len() as u8], &bits].concat();
        let (seen, result, tree) = config(AV01, &bytes);
        assert_eq!(result, Ok(()));
        assert!(tree.remarks().is_empty(), "{:?}", tree.remarks());
        *seen.as_ref().and_then(VideoConfig::picture).unwrap()
    }
}

#[test]
fn sequence_headers_with_every_option() {
    // Professional, timing with equal intervals (ticks 2), decoder model, display delay, two operating points.
    let w = Writer(Vec::new()).u(2, 3).u(0, 2).u(1, 1).u(1, 32).u(120, 32).u(1, 1).u(0b010, 3);
    let w = w.u(1, 1).u(9, 5).u(1, 32).u(9, 5).u(9, 5).u(1, 1).u(1, 5);
    let w = w.u(1, 12).u(8, 5).u(1, 1).u(1, 1).u(5, 10).u(6, 10).u(0, 1).u(1, 1).u(3, 4);
    let w = w.u(2, 12).u(7, 5).u(0, 1).u(0, 1);
    // Size in 11 and 12 bits, frame ids, tools, order hints with both tools, screen content not chosen but forced.
    let w = w.u(10, 4).u(11, 4).u(1919, 11).u(1079, 12).u(1, 1).u(1, 4).u(2, 3).u(0b101, 3).u(0b1111, 4);
    let w = w.u(1, 1).u(0b11, 2).u(0, 1).u(1, 1).u(0, 1).u(1, 1).u(6, 3).u(0b011, 3);
    // 12 bits, 4:2:2, BT.2020 and PQ.
    let w = w.u(1, 1).u(1, 1).u(0, 1).u(1, 1).u(9, 8).u(16, 8).u(9, 8).u(0, 1).u(1, 1).u(0, 1).u(0, 1).u(1, 1);
    let p = w.read();
    assert_eq!((p.width, p.height, p.bit_depth, p.chroma.name()), (1920, 1080, 12, Some("4:2:2")));
    assert_eq!(p.rate.map(Rate::per_second), Some(60.0));
    assert_eq!(p.colour.map(|c| (c.primaries, c.transfer, c.matrix)), Some((9, 16, 9)));
}

#[test]
fn sequence_headers_of_still_pictures() {
    // Reduced header, monochrome.
    let still = || Writer(Vec::new()).u(0, 3).u(0b11, 2).u(4, 5).u(7, 4).u(7, 4).u(63, 8).u(31, 8).u(0, 6);
    let p = still().u(0, 1).u(1, 1).u(0, 1).u(1, 1).u(0, 1).read();
    assert_eq!((p.width, p.height, p.bit_depth, p.chroma.name()), (64, 32, 8, Some("monochrome")));
    // sRGB: full range and 4:4:4 without being said.
    let p = still().u(1, 1).u(0, 1).u(1, 1).u(1, 8).u(13, 8).u(0, 8).u(0, 1).u(0, 1).read();
    assert_eq!((p.bit_depth, p.chroma.name(), p.colour.map(|c| c.full_range)), (10, Some("4:4:4"), Some(true)));
}
