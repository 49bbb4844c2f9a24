//! Audio: packet types and channel layouts.

use super::*;

#[test]
fn packet_types_of_every_codec() {
    let flac = "04 00 04 00 00 00 00 00 08 15 0b b8 00 f0 00 00 00 00".to_owned() + &"5a".repeat(16);
    let opus = "4f 70 75 73 48 65 61 64 01 01 38 01 80 bb 00 00 00 00 00";
    for (code, word, config, frame, hertz) in [
        (b"ac-3", "ac3", "", "0b 77 48 0d 0c 40 2f 01 02", None),
        (b"ec-3", "eac3", "", "0b 77 03 7f 3f 87 c0 01", None),
        (b"Opus", "opus", opus, "fc 01 02", Some(48_000)),
        (b".mp3", "mp3", "", "ff fb 50 c4 01 02", None),
        (b"fLaC", "flac", &flac, "01 02", Some(48_000)),
        (b"mp4a", "aac", "12 10", "01 02", Some(44_100)),
    ] {
        let body = |first: u8, rest: &[u8]| [&[first], &code[..], rest].concat();
        let (start, _) = audio(&body(0x90, &hex(config)));
        assert!(start.is_sequence_header());
        assert_eq!(start.config.and_then(|config| config.sample_rate), hertz, "{word}");
        // Where nothing is defined, what is there is kept all the same.
        let (start, result, tree) =
            check(&body(0x90, &[1, 2]), if hertz.is_some() { Extent::Head } else { Extent::Whole });
        assert!(matches!(start, Said::Audio(start) if start.is_sequence_header()));
        assert_eq!((result, leaves(&tree).last()), (Ok(()), Some(&("codec_config", 2))));
        let (frame, tree) = audio(&body(0x91, &hex(frame)));
        assert_eq!((frame.codec(), frame.header.packet.word()), (Some(word), Some("coded_frames")));
        assert!(!frame.is_sequence_header());
        assert_eq!(leaves(&tree).last(), Some(&("payload", 2)), "{word}");
        assert_eq!(audio(&body(0x92, &[])).0.header.packet, AudioPacket::SEQUENCE_END);
        let (reserved, tree) = audio(&body(0x93, &[9]));
        assert_eq!((reserved.codec(), reserved.header.packet.word()), (Some(word), None));
        assert_eq!(leaves(&tree).last(), Some(&("reserved_body", 1)));
    }
}

#[test]
fn channels_can_name_their_speakers() {
    let bytes = hex("94 66 4c 61 43 02 04 00 01 fe ff");
    let (audio, tree) = audio(&bytes);
    assert_eq!(audio.channels, Some(4));
    let speakers: Vec<_> = tree.nodes().iter().filter(|n| n.field.name == "speaker").collect();
    let names: Vec<_> = speakers.iter().map(|n| n.field.label(n.value, &bytes).unwrap()).collect();
    assert_eq!(names, ["front left", "front right", "unused", "unknown"]);
    // Fewer speakers than channels.
    let (said, result, _) = check(&bytes[..9], Extent::Whole);
    assert_eq!(result, Err(Fault { at: 9, kind: FaultKind::Short(1) }));
    let Said::Audio(Audio::Enhanced(cut)) = said else { panic!("{said:?}") };
    assert_eq!(cut.channels, Some(4));
}

#[test]
fn odd_layouts_are_remarked() {
    for (bytes, remarks, gaps) in [
        ("94 6d 70 34 61 00 02", 0, 0),
        ("94 6d 70 34 61 01 02 00 00 00 07", 1, 0),
        ("94 6d 70 34 61 05 02 01", 1, 1),
        ("94 6d 70 34 61 00 02 01", 0, 1),
    ] {
        let (_, result, tree) = check(&hex(bytes), Extent::Whole);
        assert_eq!(result, Ok(()));
        let found = tree.leaves().filter(|leaf| leaf.kind == Kind::Gap).count();
        assert_eq!((tree.remarks().len(), found), (remarks, gaps), "{bytes}");
    }
}

#[test]
fn the_last_speakers_of_the_mask() {
    let bytes = hex("94 6d 70 34 61 01 03 01 80 00 01");
    let (_, tree) = audio(&bytes);
    assert_eq!(label(&tree, &bytes, "speakers"), "front left, bottom front right, 0x1000000");
}

#[test]
fn modifiers_work_for_sound_too() {
    let (audio, _) = audio(&hex("97 02 07 a1 20 01 4f 70 75 73 fc"));
    assert_eq!((audio.header.nano_offset, audio.header.packet), (Some(500_000), AudioPacket::CODED_FRAMES));
    assert_eq!(audio.codec(), Some("opus"));
}
