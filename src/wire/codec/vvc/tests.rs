use super::*;
use crate::wire::codec::VideoConfig;
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
    // Two sublayers, the lower with level 5.1; one sub profile; DCI without a count, then a PPS.
    let text = "ff 00 21 40 00 02 53 80 53 01 00 00 00 07 07 80 04 38 3c 00
        02 8d 00 02 00 69 90 00 01 00 02 00 81";
    let (seen, tree) = vvc(text);
    let p = seen.profile.unwrap();
    assert_eq!((p.level(), p.rate().map(Rate::per_second), p.width), (Some("5.1"), Some(60.0), 1920));
    assert_eq!(values(&tree, "sublayer_level_idc").len(), 1);
    assert_eq!(values(&tree, "general_sub_profile_idc").len(), 1);
    assert_eq!(values(&tree, "num_nalus").len(), 1);
    let (seen, _) = vvc("f8 00");
    assert_eq!((seen.nal_length, seen.profile), (1, None));
}

#[test]
fn units_of_a_sample() {
    let (list, result, _) = sample(VVC1, &hex("00 00 00 03 00 a1 00 00 00 00 03 00 01 55"), Default::default());
    assert_eq!((words(&list), result, list.random_access), (vec!["aud", "trail"], Ok(()), false));
}
