use super::*;
use crate::field::{FaultKind, Tree};
use crate::wire::codec::tests::{AV1C, AVCC, HVCC, VPCC, hex};

fn read(bytes: &[u8]) -> Video {
    let (video, result) = Video::read(&mut Reader::quiet(bytes));
    assert_eq!(result, Ok(()), "{bytes:x?}");
    let tree = tree(bytes);
    assert_eq!(tree.leaves().map(|n| n.bits.len).sum::<u32>() as usize, bytes.len() * 8);
    assert!(tree.leaves().all(|n| n.field.name != "gap"));
    video
}

fn tree(bytes: &[u8]) -> Tree {
    Tree::explain(bytes, |r| Video::read(r).1)
}

/// A header with a body behind it.
fn with(start: &[u8], body: &str) -> Vec<u8> {
    [start, &hex(body)].concat()
}

fn legacy(bytes: &[u8]) -> VideoTag {
    match read(bytes) {
        Video::Legacy(tag) => tag,
        other => panic!("{other:?}"),
    }
}

/// The AVC examples of the protocol page.
#[test]
fn avc() {
    let config = read(&with(&[0x17, 0, 0, 0, 0], AVCC));
    assert!(config.is_sequence_header() && !config.is_keyframe());
    assert_eq!((config.codec(), config.packet()), (Some("avc"), Some("sequence_header")));
    assert_eq!(config.facts().config.and_then(|c| c.size()), Some((322, 238)));
    let key = with(&[0x17, 1, 0, 0, 0x43], "00 00 00 02 65 88");
    assert!(read(&key).is_keyframe());
    assert_eq!(legacy(&key).composition_ms, Some(67));
    let end = read(&[0x17, 2, 0, 0, 0]);
    assert_eq!(end.packet(), Some("end_of_sequence"));
    assert!(!end.is_keyframe());
    let inter = legacy(&with(&[0x27, 1, 0xff, 0xff, 0xd8], "00 00 00 02 41 9a"));
    assert_eq!((inter.frame, inter.composition_ms), (FrameType::INTER, Some(-40)));
}

#[test]
fn codecs_with_the_layout_of_avc() {
    for (first, word, config) in [(0x1c, "hevc", HVCC), (0x1d, "av1", AV1C), (0x1e, "vp8", VPCC), (0x1f, "vp9", VPCC)] {
        let video = read(&with(&[first, 0, 0, 0, 0], config));
        assert_eq!(video.codec(), Some(word));
        assert!(video.is_sequence_header() && video.facts().config.is_some());
    }
    for (first, word) in [(0x18, "h263"), (0x19, "mpeg4"), (0x11, "jpeg")] {
        let video = read(&[first, 0, 0]);
        assert_eq!((video.codec(), video.packet()), (Some(word), None));
        assert!(video.is_keyframe());
    }
    assert_eq!(read(&[0x1a, 1]).codec(), None);
}

/// The examples of the protocol page for older codecs.
#[test]
fn sizes_in_front() {
    assert_eq!(legacy(&[0x12, 0, 0, 0x84, 0, 0x80, 0xa1, 0, 0x77, 0x12]).size, Some((322, 238)));
    assert_eq!(legacy(&[0x13, 0x31, 0x40, 0x30, 0xf0, 9]).size, Some((320, 240)));
    assert_eq!(legacy(&[0x16, 0x31, 0x40, 0x30, 0xf0]).size, Some((320, 240)));
    // Size code 0 with 96x64, and size code 3.
    assert_eq!(legacy(&[0x22, 0, 0, 0x84, 0, 0x30, 0x20]).size, None);
    assert_eq!(legacy(&[0x22, 0, 0, 0x84, 0, 0x30, 0x20, 0x20, 0]).size, Some((96, 64)));
    assert_eq!(legacy(&[0x22, 0, 0, 0x84, 1, 0x80, 0]).size, Some((176, 144)));
    // Too short for the size, or not a picture: one payload leaf, no fault.
    for bytes in [&[0x13, 0x31][..], &[0x12, 0, 0], &[0x12, 9, 9, 9, 9, 9], &[0x14], &[0x15, 0]] {
        assert_eq!(legacy(bytes).size, None);
    }
    let alpha = tree(&[0x15, 0x12, 0, 1, 0, 7]);
    let names: Vec<_> = alpha.leaves().map(|n| n.field.name).collect();
    let start = ["frame_type", "codec_id", "horizontal_adjustment", "vertical_adjustment", "alpha_offset", "payload"];
    assert_eq!(names, start);
}

#[test]
fn command_frames() {
    assert_eq!(legacy(&[0x52, 0]).command, Some(0));
    assert_eq!(legacy(&[0x57, 1]).command, Some(1));
    // With AVC and more than one byte nobody can tell where the command is.
    assert_eq!(legacy(&[0x57, 0, 0, 0, 0, 1]).command, None);
    assert_eq!(Video::read(&mut Reader::quiet(&[0x52])).1.map_err(|f| f.kind), Err(FaultKind::Short(1)));
}

#[test]
fn an_enhanced_header_is_recognised_by_its_first_bit() {
    let video = read(&with(b"\x90hvc1", HVCC));
    let Video::Enhanced(enhanced) = video else { panic!("{video:?}") };
    assert_eq!((enhanced.frame, enhanced.header.packet), (FrameType::KEY, VideoPacket::SEQUENCE_START));
    assert!(video.is_sequence_header() && !video.is_keyframe());
    assert!(read(&with(b"\x93hvc1", "00 00 00 02 26 01")).is_keyframe());
    assert!(!read(&with(b"\xa3hvc1", "00 00 00 02 02 01")).is_keyframe());
}

#[test]
fn what_was_read_before_a_fault_is_kept() {
    let (video, result) = Video::read(&mut Reader::quiet(&[0x17, 1, 0, 0]));
    assert_eq!(result.map_err(|f| f.kind), Err(FaultKind::Short(1)));
    assert_eq!((video.codec(), video.packet()), (Some("avc"), Some("coded_frames")));
}

#[test]
fn odd_headers_are_remarked() {
    let configured = with(&[0x17, 0, 0, 0, 5], AVCC);
    for bytes in [&[][..], &[0x17, 9, 0, 0, 0, 1], &configured, &[0x17, 0, 0, 0, 0], &[0x57, 0, 0]] {
        assert_eq!(tree(bytes).remarks().len(), 1, "{bytes:x?}");
    }
    assert_eq!(read(&[]), Video::Empty);
}

/// A key frame of 11 by 9 blocks of which 6 columns and 2 rows are cut off, with and without a second part; others say no
/// size.
#[test]
fn sizes_of_vp6() {
    let size = |bytes: &[u8]| Video::read(&mut Reader::quiet(bytes)).0.size();
    assert_eq!(size(&[0x14, 0x62, 0x38, 0x46, 9, 11, 9, 11, 0xaa]), Some((170, 142)));
    assert_eq!(size(&[0x14, 0x62, 0x39, 0x46, 0x01, 0x00, 9, 11, 9, 11]), Some((170, 142)));
    assert_eq!(size(&[0x15, 0x00, 0, 1, 0, 0x38, 0x40, 0x01, 0x00, 9, 11, 9, 11]), Some((176, 144)));
    assert_eq!((size(&[0x24, 0x62, 0xb8, 0x46, 9, 11]), size(&[0x14, 0x62, 0x38, 0x46, 9])), (None, None));
}
