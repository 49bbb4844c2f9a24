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
    // AVC has no use for this number.
    assert_eq!(values(&fine(AVC1, "88 06 60 00 c4 58 c0 00 80", None), "sei_payload_reserved").len(), 1);
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

/// Bits as text in whole bytes, blanks left out; the trailing bits of the unit follow.
fn message(family: FourCc, kind: u8, bits: &str) -> Tree {
    let digits: Vec<u8> = bits.bytes().filter(|c| *c != b' ').map(|c| c - b'0').collect();
    let payload: Vec<u8> =
        digits.chunks(8).map(|byte| (0..8).fold(0, |n, i| n << 1 | byte.get(i).unwrap_or(&0))).collect();
    let text: String = payload.iter().map(|byte| format!("{byte:02x}")).collect();
    fine(family, &format!("{kind:02x} {:02x} {text} 80", payload.len()), None)
}

#[test]
fn grain_and_views() {
    // Two colours, the first with two intervals of one number.
    let grain = "0 00 0 01 0101 1 0 1 00000001 000 00000001 01111111 00101 10000001 11111110 010 00000000 001 00000001 \
        11111110 1 1 010 1 0000";
    let tree = message(AVC1, 19, grain);
    assert_eq!(values(&tree, "comp_model_value").len(), 4);
    assert_eq!(numbers(&tree, "intensity_interval_upper_bound"), [127, 254, 254]);
    assert_eq!(numbers(&tree, "repetition_period"), [1]);
    // Side by side, the left view first, as x264 writes it.
    let packing = "1 0 0000011 0 000001 0 0 0 0 0 0 0000 0000 0000 0000 00000000 010 0 0000";
    let tree = message(AVC1, 45, packing);
    let seen = tree.nodes().iter().find(|n| n.field.name == "frame_packing_arrangement_type").unwrap();
    assert_eq!(seen.field.label(seen.value, &[]).as_deref(), Some("side by side"));
    assert_eq!(numbers(&message(HVC1, 45, "1 1 0 10000"), "upsampled_aspect_ratio_flag"), [0]);
}

#[test]
fn tones_and_colours() {
    // A curve with one point: 10 bits become 8.
    let tree = message(AVC1, 23, "1 0 010 00001010 00001000 00100 0000000000000001 0000001000000000 10000000 00000");
    assert_eq!((numbers(&tree, "coded_pivot_value"), numbers(&tree, "target_pivot_value")), (vec![512], vec![128]));
    // Primaries below zero have their sign.
    let volume = format!("0 1 1 0 0 1 00 {} {}", "11111111".repeat(24), "00000000 00000001".repeat(2));
    let tree = message(HVC1, 149, &volume);
    assert_eq!(values(&tree, "ccv_primaries_x"), [Value::Signed(-1); 3]);
    assert_eq!(numbers(&tree, "ccv_avg_luminance_value"), [0x0001_0001]);
}

/// One window, no peaks, one point of the distribution, and a curve with one anchor.
#[test]
fn hdr10_plus() {
    let head = "b5 003c 0001 04 01".replace(' ', "");
    let bits: String = hex(&head).iter().map(|byte| format!("{byte:08b}")).collect();
    let scene =
        format!("{:017b}{:017b}{:017b}{:017b}{:04b}{:07b}{:017b}{:010b}", 1000, 2000, 3000, 500, 1, 99, 2500, 7);
    let tones = format!("1{:012b}{:012b}{:04b}{:010b}0", 100, 200, 1, 512);
    let tree = message(HVC1, 4, &format!("{bits} 01 {:027b} 0 {scene} 0 {tones}", 4_000_000));
    assert_eq!(numbers(&tree, "maxscl"), [1000, 2000, 3000]);
    assert_eq!(
        (numbers(&tree, "distribution_maxrgb_percentile"), numbers(&tree, "bezier_curve_anchor")),
        (vec![2500], vec![512])
    );
    assert_eq!(values(&tree, "t35_data").len(), 0);
}

#[test]
fn scenes_and_parts_of_a_stream() {
    assert_eq!(numbers(&message(AVC1, 9, "1 010 00101 1"), "second_scene_id"), [0]);
    assert_eq!(numbers(&message(AVC1, 10, "1 010 1 0 1 1 011 0"), "sub_seq_frame_num"), [2]);
    assert_eq!(numbers(&message(AVC1, 16, "1 00100"), "num_refinement_steps_minus1"), [3]);
    // Two pictures of HEVC: an IDR picture without a set of references, and one that is shown before it.
    let tree = message(HVC1, 128, "1 010 010011 000 000001 001 1 011 0");
    assert_eq!(
        (numbers(&tree, "sop_short_term_rps_idx"), values(&tree, "sop_poc_delta")),
        (vec![0], vec![Value::Signed(-1)])
    );
    let tree = message(HVC1, 200, &format!("{:016b}{:016b}{:08b}", 1, 137, 1));
    assert_eq!(numbers(&tree, "sei_payload_type"), [137]);
}

#[test]
fn types_that_nobody_describes_say_so() {
    let name = |text| fine(AVC1, text, None).leaves().nth(6).unwrap().field.name;
    assert_eq!(name("2e 01 aa 80"), "sei_payload", "multiview view position, not decoded");
    assert_eq!(name("63 01 aa 80"), "sei_payload_reserved");
}
