use super::*;
use crate::field::{FaultKind, Tree};

fn read(bytes: &[u8]) -> Audio {
    let (audio, result) = Audio::read(&mut Reader::quiet(bytes));
    assert_eq!(result, Ok(()));
    let tree = Tree::explain(bytes, |r| Audio::read(r).1);
    assert_eq!(tree.leaves().map(|n| n.bits.len).sum::<u32>() as usize, bytes.len() * 8);
    assert!(tree.leaves().all(|n| n.field.name != "gap"));
    audio
}

fn legacy(bytes: &[u8]) -> AudioTag {
    match read(bytes) {
        Audio::Legacy(tag) => tag,
        other => panic!("{other:?}"),
    }
}

/// The examples of the protocol page.
#[test]
fn worked_examples() {
    let config = legacy(&[0xaf, 0, 0x11, 0x90, 0x56, 0xe5, 0]);
    assert_eq!(config.format.word(), Some("aac"));
    assert_eq!(config.rate.hertz(), Some(44_100));
    assert!(config.wide && config.stereo);
    assert_eq!(config.packet, Some(AacPacket::SEQUENCE_HEADER));
    assert_eq!(legacy(&[0xaf, 1, 0x21]).packet, Some(AacPacket::RAW));
    for (first, word, name, stereo) in [
        (0x2e, "mp3", "44 kHz", false),
        (0x1e, "adpcm", "44 kHz", false),
        (0x6a, "nellymoser", "22 kHz", false),
        (0x3e, "linear_pcm_le", "44 kHz", false),
        (0x72, "g711_alaw", "5.5 kHz", false),
        (0x82, "g711_mulaw", "5.5 kHz", false),
        (0xdf, "opus", "44 kHz", true),
    ] {
        let tag = legacy(&[first, 0xff, 0xfb]);
        assert_eq!((tag.format.word(), tag.rate.name(), tag.stereo), (Some(word), Some(name), stereo));
        assert_eq!(tag.packet, None);
    }
}

#[test]
fn the_codec_tells_what_the_header_does_not() {
    let of = |bytes: &[u8]| legacy(bytes).config.map(|c| (c.sample_rate, c.channels, c.profile()));
    assert_eq!(of(&[0xaf, 0, 0x11, 0x88]), Some((Some(48_000), Some(1), Some("AAC LC"))));
    assert_eq!(of(&[0x2e, 0xff, 0xfb, 0x50, 0xc4, 0]), Some((Some(44_100), Some(1), None)));
    assert_eq!(of(&[0xef, 0xff, 0xe3, 0x18, 0]), Some((Some(8_000), Some(2), None)));
    assert_eq!(of(&[0xdf, 0xfc, 1]), Some((Some(48_000), Some(2), None)));
    for nothing in [&[0xaf, 1, 0x11, 0x88][..], &[0x2e, 1, 2], &[0xdf], &[0x3e, 1]] {
        assert_eq!(of(nothing), None);
    }
}

#[test]
fn a_cut_configuration_is_a_fault_only_when_it_is_all_there_is() {
    let cut = [0xaf, 0, 0x12];
    let read = |extent| Audio::read_extent(&mut Reader::quiet(&cut), extent).1;
    assert_eq!(read(Extent::Whole), Err(Fault { at: 2, kind: FaultKind::Short(1) }));
    assert_eq!(read(Extent::Head), Ok(()));
    for first in [0x2e, 0xef, 0xdf] {
        for len in 1..8 {
            let bytes = [first, 0xff, 0xfb, 0x50, 0xc4, 0, 0, 0];
            for extent in [Extent::Whole, Extent::Head] {
                assert_eq!(Audio::read_extent(&mut Reader::quiet(&bytes[..len]), extent).1, Ok(()));
            }
        }
    }
}

#[test]
fn silence_is_empty_and_a_frame_may_be() {
    assert_eq!(read(&[]), Audio::Silence);
    let empty_frame = read(&[0xaf, 1]);
    assert_eq!(empty_frame.packet(), Some("raw"));
    assert!(!empty_frame.is_sequence_header());
}

#[test]
fn an_enhanced_header_is_recognised_by_its_first_byte() {
    let audio = read(b"\x90mp4a\x11\x90");
    let Audio::Enhanced(enhanced) = audio else { panic!("{audio:?}") };
    assert_eq!(enhanced.header.packet, AudioPacket::SEQUENCE_START);
    assert!(audio.is_sequence_header());
}

#[test]
fn what_was_read_before_a_fault_is_kept() {
    let (audio, result) = Audio::read(&mut Reader::quiet(&[0xaf]));
    assert_eq!(result, Err(Fault { at: 1, kind: FaultKind::Short(1) }));
    assert_eq!((audio.codec(), audio.packet()), (Some("aac"), None));
}

#[test]
fn odd_packet_types_are_remarked() {
    for bytes in [&[0xaf, 7, 1][..], &[0xaf, 0], &[]] {
        assert_eq!(Tree::explain(bytes, |r| Audio::read(r).1).remarks().len(), 1, "{bytes:x?}");
    }
    assert_eq!(legacy(&[0xaf, 7, 1]).packet, Some(AacPacket(7)));
}

/// Codecs without configuration and frame header: what the header of the message says, or what the format fixes.
#[test]
fn sound_of_flash_days() {
    let sound = |first: u8| {
        let body = [first, 0, 0, 0];
        let config = Audio::read(&mut Reader::quiet(&body)).0.sound().unwrap();
        (config.sample_rate.unwrap(), config.channels.unwrap(), config.bits_per_sample)
    };
    assert_eq!(sound(0x3e), (44_100, 1, Some(16)));
    assert_eq!(sound(0x05), (11_025, 2, Some(8)), "unsigned bytes");
    assert_eq!(sound(0x1f), (44_100, 2, None));
    assert_eq!((sound(0x42), sound(0x52), sound(0x6a)), ((16_000, 1, None), (8000, 1, None), (22_050, 1, None)));
    assert_eq!((sound(0x72), sound(0x83)), ((8000, 1, None), (8000, 2, None)));
    assert_eq!(sound(0xb6), (16_000, 1, None), "FFmpeg writes rate 1 for Speex");
    assert_eq!(Audio::read(&mut Reader::quiet(&[0xaf, 1, 0])).0.sound(), None, "AAC says it elsewhere");
}
