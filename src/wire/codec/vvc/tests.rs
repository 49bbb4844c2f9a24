use super::*;
use crate::field::FaultKind;
use crate::wire::codec::VideoConfig;
use crate::wire::codec::tests::Writer;
use crate::wire::codec::tests::{VVC1, config, hex, sample, values, whole, words};

fn vvc(text: &str) -> (VvcConfig, crate::field::Tree) {
    match whole(VVC1, text) {
        (VideoConfig::Vvc(vvc), tree) => (vvc, tree),
        (other, _) => panic!("{other:?}"),
    }
}

/// The worked example of the protocol page, up to where it ends: 2 arrays, the first of one SPS of 238 bytes.
#[test]
fn the_record_of_the_protocol_page() {
    let start = hex("ff 00 65 5f 01 02 20 80 00 00 01 48 00 f0 00 00 02 8f 00 01 00 ee");
    let (seen, result, tree) = config(VVC1, &start);
    assert!(result.is_err(), "the units are missing");
    let Some(VideoConfig::Vvc(VvcConfig { nal_length: 4, profile: Some(p), picture: None })) = seen else {
        panic!("{seen:?}")
    };
    assert_eq!((p.name(), p.high_tier, p.level()), (Some("Main 10"), false, Some("2.0")));
    assert_eq!((p.width, p.height, p.average_rate, p.bit_depth), (328, 240, 0, 10));
    assert_eq!(p.chroma.name(), Some("4:2:0"));
    let number = |name| values(&tree, name).first().and_then(|v| v.as_unsigned());
    assert_eq!(
        (number("ols_idx"), number("num_sublayers"), number("constant_frame_rate")),
        (Some(0), Some(6), Some(1))
    );
    assert_eq!((number("num_bytes_constraint_info"), number("num_of_arrays")), (Some(1), Some(2)));
    assert_eq!((number("vvc_nal_unit_type"), number("nal_length")), (Some(15), Some(238)));
    assert_eq!(values(&tree, "ptl_sublayer_level_present_flag").len(), 5);
}

#[test]
fn records_with_levels_arrays_and_no_profile() {
    // Two sublayers, the lower with level 5.1; one sub profile; DCI without a count, then an end of sequence.
    let text = "ff 00 21 40 00 02 53 80 53 01 00 00 00 07 07 80 04 38 3c 00
        02 8d 00 08 00 69 00 02 53 00 00 40 95 00 01 00 02 00 a9";
    let (seen, tree) = vvc(text);
    let p = seen.profile.unwrap();
    assert_eq!((p.level(), p.rate().map(Rate::per_second), p.width), (Some("5.1"), Some(60.0), 1920));
    assert_eq!(values(&tree, "sublayer_level_idc").len(), 1);
    assert_eq!(values(&tree, "general_sub_profile_idc").len(), 1);
    assert_eq!(values(&tree, "num_nalus").len(), 1);
    let (seen, _) = vvc("f8 00");
    assert_eq!((seen.nal_length, seen.profile), (1, None));
}

/// The record of a stream that vvenc encoded: 200x120, 50 pictures a second, PQ. FFmpeg's `trace_headers` reads the same.
#[test]
fn parameter_sets_of_an_encoder() {
    let text =
        "ff00655f01022080000000c800780000028f00010111007900ab0220800000806481e46a00737ffac01b29c78404245102c201b29c78
        442e44d0a1bc004c404104108184210b110859210b5085e8f56a4bc926a4b2445a88bc449a88914911264889351962210b24216a10bc
        2126a10914908499210975242121222109144421262210975110848a32109319084ba8c8428105842080c44206488352013304104161
        0020b100808408040542040203484080405881008088201016410080908040c80808840405908080910103408092040e08188042c810
        22102059081024408341024820e106408b4209210e21a12e472a041610020b100808408040542040204330477140000003004000000c
        b806c00249e0002dc6c00124f00016e364c0bc050910095c40900001000b008100003240f22241f410";
    let (VideoConfig::Vvc(seen), tree) = whole(VVC1, text) else { panic!() };
    let config = VideoConfig::Vvc(seen);
    assert_eq!((config.size(), config.bit_depth(), config.fps()), (Some((200, 120)), Some(10), Some(50.0)));
    assert_eq!(config.colour().map(|colour| (colour.primaries, colour.transfer, colour.matrix)), Some((9, 16, 9)));
    let explained = |node: &crate::field::Node| node.field.content == crate::field::Content::Meaning;
    assert!(tree.nodes().iter().all(explained), "every bit of the sets is a field");
    assert_eq!(values(&tree, "pps_pic_width_in_luma_samples"), [crate::field::Value::Unsigned(200)]);
    assert!(values(&tree, "num_ref_entries").len() > 10, "lists of references");
}

/// Adaptive filters of the same stream.
#[test]
fn adaptation_parameter_sets() {
    let filters = hex("00 00 00 11 00 89 07 e1 3c e0 38 aa 94 ad 60 c8 39 ff ea db a0");
    let (list, result, tree) = sample(VVC1, &filters, Default::default());
    assert_eq!((words(&list), result), (vec!["prefix_aps"], Ok(())));
    assert_eq!(values(&tree, "alf_luma_coeff_abs").len() % 12, 0);
    assert_eq!(values(&tree, "rbsp_trailing_bits").len(), 1);
    // Of a type that is reserved nobody knows more.
    let (_, result, tree) = sample(VVC1, &hex("00 00 00 04 00 89 c0 80"), Default::default());
    assert_eq!((result, values(&tree, "aps_reserved").len()), (Ok(()), 1));
}

/// Three layers, the third of which needs both others, and sets of them that are told one by one.
#[test]
fn layers_of_a_video_parameter_set() {
    let layers = Writer::default().u(1, 4).u(2, 6).u(0, 3).u(0, 1);
    let layers = layers.u(0, 6).u(1, 6).u(0, 1).u(0, 1).u(1, 1).u(2, 6).u(0, 1).u(0, 1).u(0, 1).u(1, 1);
    // Two sets besides the lowest layer: the first layer alone, and the third with what it needs; one profile.
    let sets = layers.u(2, 2).u(1, 8).u(1, 1).u(0, 2).u(0, 2).u(1, 1).u(0, 8).u(0, 1);
    let profile = sets.u(17, 7).u(0, 1).u(83, 8).u(0, 1).u(1, 1).u(0, 6).u(0, 8);
    // Buffers of the one set with several layers; no timing, no extension.
    let unit = profile.ue(0).ue(4).ue(2).ue(0).ue(1920).ue(1080).u(1, 2).ue(2).u(0, 1).u(0, 1);
    let (list, result, tree) = sample(VVC1, &unit.sample(&[0x00, 0x71]), Default::default());
    assert_eq!((words(&list), result), (vec!["vps"], Ok(())), "{:?}", tree.first_fault());
    assert_eq!(values(&tree, "vps_ols_dpb_pic_width"), [crate::field::Value::Unsigned(1920)]);
    assert_eq!(values(&tree, "vps_layer_id").len(), 3);
    assert_eq!((values(&tree, "rbsp_trailing_bits").len(), tree.remarks().len()), (1, 0));
}

#[test]
fn which_layers_to_decode() {
    let point = Writer::default().u(1, 1).u(1, 1).ue(3).u(2, 3).u(0, 1).sample(&[0x00, 0x61]);
    let (_, result, tree) = sample(VVC1, &point, Default::default());
    assert_eq!((result, values(&tree, "opi_ols_idx")), (Ok(()), vec![crate::field::Value::Unsigned(3)]));
    let extended = Writer::default().u(0, 2).u(1, 1).u(0x55, 8).sample(&[0x00, 0x61]);
    let (_, result, tree) = sample(VVC1, &extended, Default::default());
    assert_eq!((result, values(&tree, "extension_data").len()), (Ok(()), 1));
}

/// Absurd numbers end at the field that says them.
#[test]
fn numbers_beyond_every_level() {
    let huge = Writer::default().u(0, 14).u(0, 2).u(0, 1).u(0, 2).ue(1 << 20).sample(&[0x00, 0x79]);
    let (_, result, tree) = sample(VVC1, &huge, Default::default());
    assert!(result.is_err());
    assert_eq!(tree.first_fault(), result.err());
    // 2^29 slices
    let pps = Writer::default().u(0, 11).ue(128).ue(128).u(0, 3).u(0, 1).u(0, 1);
    let slices = pps.u(0, 2).ue(1).ue(1).ue(0).ue(0).ue(0).ue(0).u(1, 2).u(0, 1).ue((1 << 29) - 1);
    let (_, result, _) = sample(VVC1, &slices.sample(&[0x00, 0x81]), Default::default());
    assert!(matches!(result, Err(Fault { kind: FaultKind::Malformed(_), .. })), "{result:?}");
}

#[test]
fn units_of_a_sample() {
    let (list, result, _) = sample(VVC1, &hex("00 00 00 03 00 a1 00 00 00 00 03 00 01 55"), Default::default());
    assert_eq!((words(&list), result, list.random_access), (vec!["aud", "trail"], Ok(()), false));
}
