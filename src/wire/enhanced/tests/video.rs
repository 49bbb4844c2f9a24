//! Video: composition times, commands, modifiers, metadata, the transport stream's descriptor.

use super::*;

#[test]
fn composition_time_is_for_three_codecs_and_one_packet_type() {
    let body = |first: u8, code: &[u8]| [&[first], code, &[0xff, 0xff, 0xd8, 1, 2]].concat();
    for code in [b"avc1", b"hvc1", b"vvc1"] {
        assert_eq!(video_head(&body(0x91, code)).0.composition_ms, Some(-40));
        assert_eq!(video_head(&body(0x93, code)).0.composition_ms, None);
        assert_eq!(video_head(&body(0x90, code)).0.composition_ms, None);
    }
    for code in [b"av01", b"vp09", b"vp08", b"zzzz"] {
        let (video, tree) = video_head(&body(0x91, code));
        assert_eq!(video.composition_ms, None);
        assert_eq!(leaves(&tree), [("fourcc", 4), ("payload", 5)]);
    }
}

/// ZLMediaKit writes a composition time where none belongs: said, but not believed.
#[test]
fn a_frame_that_begins_three_bytes_late_is_remarked() {
    for (bytes, remarks) in [
        ("91 61 76 30 31 00 00 28 12 00 0a 0b", 1),
        ("91 61 76 30 31 12 00 32 01 00", 0),
        ("91 61 76 30 31 32 00 28 12 00 0a", 0),
        ("91 76 70 30 39 ff ff d8 82 49 83", 1),
        ("91 76 70 30 39 82 49 83 42 20 13 f0 0e f0", 0),
        ("91 76 70 30 39", 0),
    ] {
        let (video, tree) = video(&hex(bytes));
        assert_eq!((tree.remarks().len(), video.composition_ms), (remarks, None), "{bytes}");
    }
}

#[test]
fn a_command_frame_has_no_fourcc() {
    for (bytes, command, label_) in [
        ("d0 00", 0, "start of a seek on the client's side"),
        ("d1 01", 1, "end of a seek on the client's side"),
        ("d6 07", 7, ""),
        ("d7 02 00 00 01 01 00", 0, "start of a seek on the client's side"),
    ] {
        let bytes = hex(bytes);
        let (video, tree) = video(&bytes);
        assert_eq!((video.command, video.header.fourcc), (Some(command), None));
        assert_eq!(label(&tree, &bytes, "video_command"), label_);
        assert!(!video.is_keyframe() && !video.is_sequence_header());
    }
    let (_, result, _) = check(&[0xd1], Extent::Whole);
    assert_eq!(result, Err(Fault { at: 1, kind: FaultKind::Short(1) }));
}

#[test]
fn modifiers_come_one_after_the_other() {
    // Nanoseconds, then a reserved modifier of 256 bytes, whose size needs the long form.
    let mut bytes = hex("97 02 00 04 d2 07 ff 00 ff");
    bytes.extend([0x55; 256]);
    bytes.extend(hex("53 61 76 63 31 00 00 00 02 65 88"));
    let (video, tree) = video(&bytes);
    assert_eq!((video.header.first, video.header.packet), (VideoPacket::MOD_EX, VideoPacket::CODED_FRAMES_X));
    assert_eq!((video.header.nano_offset, video.codec()), (Some(1234), Some("avc")));
    assert!(video.is_keyframe());
    let long = [("mod_ex_size", 1), ("mod_ex_long_size", 2), ("mod_ex_data", 256)];
    assert_eq!(leaves(&tree)[2..5], long);
    assert_eq!(node(&tree, "mod_ex").value, Value::Unsigned(1234));
    assert_eq!(tree.remarks().iter().map(|r| r.text).collect::<Vec<_>>(), ["a reserved modifier"]);
}

#[test]
fn odd_offsets_are_remarked() {
    for (bytes, nanos, remark) in [
        ("97 02 0f 42 40 03 61 76 63 31 00 00 00 02 65 88", Some(1_000_000), "more than a millisecond"),
        ("97 02 0f 42 3f 03 61 76 63 31 00 00 00 02 65 88", Some(999_999), ""),
        ("97 03 00 00 01 aa 03 61 76 63 31 00 00 00 02 65 88", Some(1), "more bytes than the offset needs"),
        ("97 01 00 01 03 61 76 63 31 00 00 00 02 65 88", None, "too short for an offset of three bytes"),
    ] {
        let (video, tree) = video(&hex(bytes));
        assert_eq!(video.header.nano_offset, nanos);
        assert_eq!(tree.remarks().first().map_or("", |r| r.text), remark);
    }
}

#[test]
fn a_modifier_that_reaches_beyond_the_message_is_a_fault_where_its_data_begins() {
    let (said, result, tree) = check(&hex("97 09 01 02 03"), Extent::Whole);
    assert_eq!(result, Err(Fault { at: 2, kind: FaultKind::Short(7) }));
    let Said::Video(Video::Enhanced(video)) = said else { panic!("{said:?}") };
    assert_eq!((video.header.packet, video.header.fourcc), (VideoPacket::MOD_EX, None));
    let group = tree.nodes().iter().position(|n| n.field.name == "mod_ex").unwrap();
    assert_eq!(tree.fault(group), result.err());
}

#[test]
fn colours_have_names() {
    let mut bytes = hex("84 61 76 30 31");
    let number = |name: &str, n: f64| [&[0, name.len() as u8], name.as_bytes(), &[0], &n.to_be_bytes()].concat();
    bytes.extend(b"\x02\0\x09colorInfo\x03\0\x0bcolorConfig\x03");
    for (name, n) in [("colorPrimaries", 9.0), ("transferCharacteristics", 18.0), ("matrixCoefficients", 9.0)] {
        bytes.extend(number(name, n));
    }
    bytes.extend(b"\0\0\x09\0\x06hdrCll\x03");
    bytes.extend(number("maxFall", 400.0));
    bytes.extend(b"\0\0\x09\0\0\x09\x02\0\x03own\x05");
    let (video, tree) = video(&bytes);
    assert_eq!(video.header.packet.word(), Some("metadata"));
    assert_eq!(label(&tree, &bytes, "colorPrimaries"), "BT.2020");
    assert_eq!(label(&tree, &bytes, "transferCharacteristics"), "HLG");
    assert_eq!(label(&tree, &bytes, "matrixCoefficients"), "BT.2020 non-constant");
    assert_eq!(node(&tree, "maxFall").value, Value::Float(400.0));
    assert_eq!(node(&tree, "metadata_value").value, Value::Word("null"));
    // A name without its value.
    let (_, result, _) = check(&hex("84 61 76 30 31 02 00 01 61"), Extent::Whole);
    assert_eq!(result, Err(Fault { at: 9, kind: FaultKind::Short(1) }));
}

#[test]
fn the_descriptor_of_transport_streams() {
    let bytes = hex("95 61 76 30 31 80 04 81 08 0c 00");
    let (video, tree) = video(&bytes);
    assert!(video.is_sequence_header());
    assert_eq!(video.header.packet.word(), Some("mpeg2ts_sequence_start"));
    assert_eq!(node(&tree, "seq_level_idx_0").value, Value::Unsigned(8));
    assert_eq!(label(&tree, &bytes, "seq_profile"), "Main");
    // Anything else stays one leaf.
    for bytes in ["95 61 76 30 31 81 00 0c 00", "95 68 76 63 31 80 04 81 08 0c 00"] {
        assert_eq!(leaves(&fine(&hex(bytes)).1).last().unwrap().0, "codec_config");
    }
}

#[test]
fn reserved_packet_types_keep_their_bytes() {
    for (bytes, codec, leaf) in [
        ("98 68 76 63 31 07 07", Some("hevc"), ("reserved_body", 2)),
        ("9f 01 02 03 04 05", None, ("reserved_body", 5)),
    ] {
        let (video, tree) = video(&hex(bytes));
        assert_eq!((video.codec(), video.header.packet.word()), (codec, None));
        assert_eq!(leaves(&tree).last(), Some(&leaf));
        assert_eq!(tree.remarks()[0].text, "a reserved packet type");
    }
}

#[test]
fn an_unknown_codec_is_kept() {
    let (video, tree) = video(b"\x93zzzz\x01");
    assert_eq!((video.header.fourcc, video.codec(), video.title()), (Some(FourCc(*b"zzzz")), None, None));
    assert!(video.is_keyframe());
    assert_eq!(leaves(&tree), [("fourcc", 4), ("payload", 1)]);
}

#[test]
fn a_missing_configuration_is_remarked_where_one_is_needed() {
    for (code, remarks) in [(b"avc1", 1), (b"av01", 1), (b"zzzz", 0)] {
        assert_eq!(video(&[&[0x90], &code[..]].concat()).1.remarks().len(), remarks);
    }
}

#[test]
fn bytes_behind_the_end_of_a_sequence_are_not_expected() {
    let (_, result, tree) = check(b"\x92hvc1\x01\x02", Extent::Whole);
    assert_eq!(result, Ok(()));
    assert_eq!(node(&tree, "gap").value, Value::Word("not expected here"));
}
