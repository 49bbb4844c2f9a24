use super::*;
use crate::field::{FaultKind, Tree};
use crate::wire::codec::Context;
use crate::wire::codec::tests::{AVC1, HVC1, hex, sample, values};
use crate::wire::fourcc::FourCc;

/// A sample with one SEI unit; stuffed bytes are the caller's.
fn sei(fourcc: FourCc, text: &str, timing: Option<Timing>) -> (Result<(), Fault>, Tree) {
    let header = if fourcc == AVC1 { vec![6] } else { vec![0x4e, 1] };
    let unit = [header, hex(text)].concat();
    let bytes = [&(unit.len() as u32).to_be_bytes(), &unit[..]].concat();
    let (_, result, tree) = sample(fourcc, &bytes, Context { nal_length: Some(4), timing });
    (result, tree)
}

fn fine(fourcc: FourCc, text: &str, timing: Option<Timing>) -> Tree {
    let (result, tree) = sei(fourcc, text, timing);
    assert_eq!(result, Ok(()));
    assert!(tree.remarks().is_empty(), "{:?}", tree.remarks());
    assert!(tree.leaves().all(|n| n.field.name != "gap"));
    tree
}

fn numbers(tree: &Tree, name: &str) -> Vec<u64> {
    values(tree, name).iter().filter_map(|v| v.as_unsigned()).collect()
}

#[test]
fn captions_and_active_format() {
    let tree = fine(
        AVC1,
        "04 11 b5 00 31 47 41 39 34 03 c2 ff fc 94 2c fd 80 80 ff 04 09 b5 00 31 44 54 47 31 41 f8 80",
        None,
    );
    assert_eq!(numbers(&tree, "cc_type"), [0, 1]);
    assert_eq!((numbers(&tree, "cc_data_1"), numbers(&tree, "cc_data_2")), (vec![0x94, 0x80], vec![0x2c, 0x80]));
    assert_eq!(numbers(&tree, "active_format"), [8]);
    // More triples than there is room for, an unknown provider, another country.
    let (result, tree) = sei(AVC1, "04 0b b5 00 31 47 41 39 34 03 df ff fc 06 01 c4 80", None);
    assert_eq!(result.map_err(|f| f.kind), Err(FaultKind::Short(1)));
    assert_eq!(numbers(&tree, "recovery_frame_cnt"), [0], "the next message is read");
    let tree = fine(AVC1, "04 05 b5 00 3c 00 01 04 02 26 00 80", None);
    assert_eq!(values(&tree, "t35_data").len(), 2);
}

#[test]
fn user_data_of_x264_and_of_others() {
    let x264 = "05 16 dc45e9bd e6d948b7 962cd820 d923eeef 78 32 36 34 20 00";
    let tree = fine(AVC1, &format!("{x264} 80"), None);
    assert_eq!(values(&tree, "written_by"), [Value::Word("x264")]);
    assert!(matches!(values(&tree, "user_text")[..], [Value::Text(range)] if range.len == 6));
    let other = |data: &str| fine(HVC1, &format!("05 12 {} {data} 80", "11".repeat(16)), None);
    assert_eq!(values(&other("41 42"), "user_text").len(), 1);
    assert_eq!(values(&other("41 f2"), "user_data").len(), 1);
    assert_eq!(values(&fine(HVC1, &format!("05 10 {} 80", "11".repeat(16)), None), "user_data"), []);
}

#[test]
fn brightness_and_colour() {
    // BT.2020 primaries, D65, 1000 and 0.005 cd/m2; 1000 and 400 cd/m2; HLG.
    let tree = fine(
        HVC1,
        "89 18 21 34 9b aa 19 96 08 fc 8a 48 39 08 3d 13 40 42 00 98 96 80 00 00 03 00 32
        90 04 03 e8 01 90 93 01 12 80",
        None,
    );
    assert_eq!((numbers(&tree, "green_x"), numbers(&tree, "red_y")), (vec![8500], vec![14_600]));
    assert_eq!((numbers(&tree, "max_luminance"), numbers(&tree, "min_luminance")), (vec![10_000_000], vec![50]));
    assert_eq!(numbers(&tree, "max_content_light_level"), [1000]);
    assert_eq!(numbers(&tree, "max_frame_average_light_level"), [400]);
    assert_eq!(numbers(&tree, "preferred_transfer_characteristics"), [18]);
}

#[test]
fn picture_timing_with_and_without_buffers() {
    // pic_struct 3, two clock flags, the first set: type 1, not by field, counting 4, full, 12 frames, 10:20:30.
    // 0011 1 01 0 00100 1 0 0 00001100 011110 010100 01010 0 then padding.
    let structure = Timing { structure: true, time_offset: 0, ..Timing::default() };
    let tree = fine(AVC1, "01 06 3a 24 0c 79 45 00 80", Some(structure));
    let time = ["hours", "minutes", "seconds", "n_frames"].map(|name| numbers(&tree, name));
    assert_eq!(time, [[10], [20], [30], [12]].map(Vec::from));
    assert_eq!(numbers(&tree, "clock_timestamp_flag"), [1, 0]);
    let delays = Timing { delays: Some((24, 8)), time_offset: 0, ..Timing::default() };
    let tree = fine(AVC1, "01 04 00 01 02 07 80", Some(delays));
    assert_eq!((numbers(&tree, "cpb_removal_delay"), numbers(&tree, "dpb_output_delay")), (vec![0x102], vec![7]));
    // Without buffers nobody says how long a time offset is: it has 24 bits. (Of a capture.)
    let tree =
        fine(AVC1, "00 01 80 01 07 09 08 00 80 00 00 03 00 80", Some(Timing { structure: true, ..Timing::default() }));
    assert_eq!((numbers(&tree, "time_offset"), numbers(&tree, "seq_parameter_set_id")), (vec![0], vec![0]));
    assert_eq!(values(&tree, "sei_payload_rest").len() + values(&tree, "sei_payload").len(), 0);
    // Two buffers of 24 bits each.
    let buffers = Timing { initial_delay: 24, buffers: [1, 1], ..Timing::default() };
    let tree = fine(AVC1, "00 0d a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 80", Some(buffers));
    assert_eq!(numbers(&tree, "initial_cpb_removal_delay").len(), 2);
    // Nobody said how it is laid out.
    let (result, tree) = sei(AVC1, "01 04 00 01 02 07 80", None);
    assert_eq!((result, tree.remarks().len(), values(&tree, "sei_payload").len()), (Ok(()), 1, 1));
}

#[test]
fn time_codes_of_hevc() {
    // count 1, set: not by field, counting 0, not full, 24 frames, seconds 5, minutes 6, no hours, no offset.
    // 01 1 0 00000 0 0 0 000011000 1 000101 1 000110 0 00000 and padding.
    let tree = fine(HVC1, "88 06 60 00 c4 58 c0 00 80", None);
    let time = ["n_frames", "seconds", "minutes", "hours"].map(|name| numbers(&tree, name));
    assert_eq!(time, [vec![24], vec![5], vec![6], vec![]]);
    assert_eq!(values(&fine(AVC1, "88 06 60 00 c4 58 c0 00 80", None), "sei_payload").len(), 1);
}

#[test]
fn long_types_and_sizes_and_their_ends() {
    let filler = "aa".repeat(256);
    let tree = fine(AVC1, &format!("ff 03 ff 01 {filler} 06 01 84 80"), None);
    assert_eq!((numbers(&tree, "payload_type"), numbers(&tree, "payload_size")), (vec![258, 6], vec![256, 1]));
    assert_eq!(numbers(&tree, "recovery_frame_cnt"), [0]);
    // A size beyond the end stops the unit; a missing end is only odd.
    let (result, tree) = sei(AVC1, "05 ff ff 10 aa 80", None);
    assert_eq!(result.map_err(|f| f.kind), Err(FaultKind::Short(524)));
    assert_eq!(tree.leaves().last().map(|n| n.field.name), Some("gap"));
    let (result, tree) = sei(AVC1, "06 01 84", None);
    assert_eq!((result, tree.remarks().len()), (Ok(()), 1));
    // Stuffed bytes are no part of the size.
    let tree = fine(AVC1, "63 04 00 00 03 00 00 80", None);
    assert_eq!(values(&tree, "sei_payload_reserved").len(), 1);
    let tree = fine(HVC1, "06 02 84 00 80", None);
    assert_eq!(values(&tree, "recovery_poc_cnt"), [Value::Signed(0)]);
}

/// Messages that need the buffers of a sequence parameter set are held against FFmpeg by the tests with peers.
#[test]
fn active_sets_hashes_and_orientation() {
    // 0010 1 0 1 1: set 2, self-contained, one sequence parameter set, number 0.
    let tree = fine(HVC1, "81 01 2b 80", None);
    assert_eq!(numbers(&tree, "active_video_parameter_set_id"), [2]);
    assert_eq!(numbers(&tree, "active_seq_parameter_set_id"), [0]);
    let tree = fine(HVC1, "84 07 01 0a 0b 0c 0d 0e 0f 80", None);
    assert_eq!((numbers(&tree, "hash_type"), values(&tree, "picture_hash").len()), (vec![1], 3));
    // 0 1 0, a quarter of a turn, 1 0, and up to the next byte.
    let tree = fine(AVC1, "2f 03 48 00 14 80", None);
    assert_eq!(numbers(&tree, "anticlockwise_rotation"), [0x4000]);
    assert_eq!(values(&tree, "sei_payload_alignment").len(), 1);
}

#[test]
fn types_that_nobody_describes_say_so() {
    let name = |text| fine(AVC1, text, None).leaves().nth(6).unwrap().field.name;
    assert_eq!(name("13 01 aa 80"), "sei_payload", "film grain, not decoded");
    assert_eq!(name("63 01 aa 80"), "sei_payload_reserved");
}
