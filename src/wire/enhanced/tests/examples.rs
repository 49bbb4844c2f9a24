//! The examples of the protocol page, byte for byte.

use super::*;

/// An AVC configuration of 45 bytes: that of the page with another picture parameter set.
fn avcc() -> Vec<u8> {
    let config = hex(&AVCC.replace("00 06 68 eb e3 cb 22 c0", "00 05 68 eb ec b2 2c"));
    assert_eq!(config.len(), 45);
    config
}

fn with(start: &str, rest: &[u8]) -> Vec<u8> {
    [&hex(start), rest].concat()
}

/// All of them, for the laws.
pub(super) fn all() -> Vec<Vec<u8>> {
    let idr = hex("00 00 00 02 26 01");
    let trail = hex("00 00 00 02 02 01");
    let slice = hex("00 00 00 02 41 9a");
    let mut many = with("96 10 61 76 63 31 00 00 00 2d", &avcc());
    many.extend(with("01 00 00 2d", &avcc()));
    let mut codecs = with("96 20 61 76 63 31 00 00 00 2d", &avcc());
    codecs.extend(with("61 76 63 31 01 00 00 2d", &avcc()));
    vec![
        with("90 68 76 63 31", &hex(HVCC)),
        with("91 68 76 63 31 00 00 43", &idr),
        with("a1 68 76 63 31 00 00 85", &trail),
        with("a3 61 76 63 31", &slice),
        hex("92 68 76 63 31"),
        hex("90 61 76 30 31 81 00 0c 00 0a 0b 02 00 00 05 21 e8 3d a0 17 c0 02"),
        hex("90 76 70 30 39 01 00 00 00 01 14 87 02 02 00 00 00"),
        hex(METADATA),
        with("96 00 61 76 63 31 01", &avcc()),
        many,
        codecs,
        with("97 02 0a ae 60 00 61 76 63 31", &avcc()),
        hex("90 4f 70 75 73 4f 70 75 73 48 65 61 64 01 01 38 01 80 bb 00 00 00 00 00"),
        hex("94 4f 70 75 73 01 01 00 00 00 04"),
        hex("94 6d 70 34 61 01 06 00 00 00 3f"),
        hex("94 65 63 2d 33 01 06 00 00 06 0f"),
        hex("90 65 63 2d 33"),
        hex("95 00 6d 70 34 61 01 11 88 56 e5 00"),
        hex("95 04 6d 70 34 61 01 01 01 00 00 00 04"),
    ]
}

const METADATA: &str = "d4 68 76 63 31 02 00 09 63 6f 6c 6f 72 49 6e 66 6f 03 00 0b 63 6f 6c 6f 72 43 6f 6e 66 69 67 03 \
                        00 00 09 00 00 09";

/// One sentence about a body.
fn sentence(bytes: &[u8]) -> String {
    let text = |word: Option<&str>| word.unwrap_or("?").to_owned();
    match fine(bytes).0 {
        Said::Video(video) => {
            let Video::Enhanced(enhanced) = video else { panic!("{video:?}") };
            let mut line = format!("{} {}", text(video.codec()), text(video.packet()));
            if video.is_keyframe() {
                line += " key";
            }
            if let Some(ms) = enhanced.composition_ms {
                line += &format!(" {ms} ms");
            }
            line + &common(&enhanced.header)
        }
        Said::Audio(audio) => {
            let Audio::Enhanced(enhanced) = audio else { panic!("{audio:?}") };
            let mut line = format!("{} {}", text(audio.codec()), text(audio.packet()));
            if let Some(channels) = enhanced.channels {
                line += &format!(" {channels} channels");
            }
            line + &common(&enhanced.header)
        }
    }
}

fn common<P>(header: &Header<P>) -> String {
    let mut line = String::new();
    if let Some(nanos) = header.nano_offset {
        line += &format!(" {nanos} ns");
    }
    if let Some(tracks) = header.tracks {
        let form = tracks.form.word().unwrap();
        line += &format!(" {form} from {} of {}", tracks.first.unwrap(), tracks.count.unwrap());
    }
    line
}

#[test]
fn what_they_say() {
    let said: Vec<String> = all().iter().map(|bytes| sentence(bytes)).collect();
    assert_eq!(
        said,
        [
            "hevc sequence_start",
            "hevc coded_frames key 67 ms",
            "hevc coded_frames 133 ms",
            "avc coded_frames_x",
            "hevc sequence_end",
            "av1 sequence_start",
            "vp9 sequence_start",
            "hevc metadata",
            "avc sequence_start one_track from 1 of 1",
            "avc sequence_start many_tracks from 0 of 2",
            "avc sequence_start many_tracks_many_codecs from 0 of 2",
            "avc sequence_start 700000 ns",
            "opus sequence_start",
            "opus multichannel_config 1 channels",
            "aac multichannel_config 6 channels",
            "eac3 multichannel_config 6 channels",
            "eac3 sequence_start",
            "aac sequence_start one_track from 1 of 1",
            "aac multichannel_config 1 channels one_track from 1 of 1",
        ]
    );
}

#[test]
fn every_one_is_whole_and_nothing_in_it_is_odd() {
    for bytes in all() {
        let (_, tree) = fine(&bytes);
        // The page has the VP9 record with the four bytes of its box in front, which are odd.
        let remarks: Vec<_> = tree.remarks().iter().map(|r| r.text).collect();
        let odd = "the record should begin without the version and flags of its box";
        let expected: &[&str] = if bytes.starts_with(b"\x90vp09") { &[odd] } else { &[] };
        assert_eq!(remarks, expected, "{bytes:02x?}");
    }
}

#[test]
fn where_their_bytes_go() {
    let leaves = |bytes: &[u8]| leaves(&fine_in(bytes, Extent::Head).1);
    let all = all();
    assert_eq!(leaves(&all[1]), [("fourcc", 4), ("composition_time", 3), ("payload", 6)]);
    assert_eq!(leaves(&all[3]), [("fourcc", 4), ("payload", 6)]);
    assert_eq!(leaves(&all[4]), [("fourcc", 4)]);
    assert_eq!(leaves(&all[8]), [("fourcc", 4), ("track_id", 1), ("codec_config", 45)]);
    let track = [("track_id", 1), ("track_size", 3), ("codec_config", 45)];
    assert_eq!(leaves(&all[9]), [&[("fourcc", 4)][..], &track, &track].concat());
    assert_eq!(leaves(&all[10]), [&[("fourcc", 4)][..], &track, &[("fourcc", 4)], &track].concat());
    let modifier = [("mod_ex_size", 1), ("timestamp_offset_nano", 3), ("fourcc", 4), ("codec_config", 45)];
    assert_eq!(leaves(&all[11]), modifier);
    assert_eq!(leaves(&all[14]), [("fourcc", 4), ("channel_order", 1), ("channel_count", 1), ("speakers", 4)]);
    // Where the header says that a codec's own bytes stand, the whole body is explained.
    for (sample, group, count, bytes) in [
        (0, "hevc_configuration", 1, 110),
        (1, "nal_unit", 1, 6),
        (3, "nal_unit", 1, 6),
        (5, "av1_configuration", 1, 17),
        (8, "avc_configuration", 1, 45),
        (9, "avc_configuration", 2, 45),
        (10, "avc_configuration", 2, 45),
        (11, "avc_configuration", 1, 45),
    ] {
        let (_, tree) = fine(&all[sample]);
        let groups: Vec<_> =
            tree.nodes().iter().filter(|n| n.field.name == group && n.depth < 4).map(|n| n.bits.len / 8).collect();
        assert_eq!(groups, vec![bytes; count], "{sample}");
    }
    let (_, tree) = fine(&all[15]);
    let speakers = "front left, front right, front center, low frequency 1, side left, side right";
    assert_eq!(label(&tree, &all[15], "speakers"), speakers);
}

#[test]
fn metadata_frames_are_no_commands() {
    let (video, tree) = video(&hex(METADATA));
    assert_eq!((video.frame, video.frame_title(), video.command), (FrameType::COMMAND, None, None));
    let names: Vec<_> = tree.nodes().iter().filter(|n| n.kind == Kind::Group).map(|n| n.field.name).collect();
    assert_eq!(names, ["video", "metadata_name", "colorInfo", "colorConfig"]);
}
