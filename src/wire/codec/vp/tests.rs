use super::*;
use crate::field::FaultKind;
use crate::wire::codec::VideoConfig;
use crate::wire::codec::tests::{VP08, VP09, VP9_KEY, VPCC, hex, sample, values, whole};

fn vp(text: &str) -> (VpConfig, usize) {
    match whole(VP09, text) {
        (VideoConfig::Vp(vp), tree) => (vp, tree.remarks().len()),
        (other, _) => panic!("{other:?}"),
    }
}

/// The worked example of the protocol page: four bytes too many in front.
#[test]
fn records_with_and_without_the_header_of_their_box() {
    let (with, remarks) = vp(VPCC);
    assert_eq!(remarks, 1);
    assert_eq!((with.profile, with.level(), with.bit_depth), (1, Some("2.0"), 8));
    assert_eq!((with.chroma().and_then(Chroma::name), with.colour.full_range), (Some("4:4:4"), true));
    let (without, remarks) = vp("01 14 87 02 02 00 00 00");
    assert_eq!((without.profile, without.level, remarks), (1, 20, 0));
    assert!(without.colour.full_range);
    // Eight bytes that only look like the header of a box, and initialisation data.
    assert_eq!(vp("01 00 00 00 01 14 00 00").0.profile, 1);
    assert_eq!(vp("00 1e 80 01 01 01 00 02 aa bb").1, 0);
}

/// The worked example of the protocol page.
#[test]
fn a_vp9_key_frame() {
    let (list, result, tree) = sample(VP09, &hex(VP9_KEY), Default::default());
    assert_eq!((result, list.size, list.random_access), (Ok(()), Some((322, 238)), true));
    assert_eq!(values(&tree, "color_space"), [Value::Unsigned(7)]);
    assert_eq!(values(&tree, "profile"), [Value::Unsigned(1)]);
    assert!(tree.remarks().is_empty());
    for end in 0..9 {
        assert_eq!(sample(VP09, &hex(VP9_KEY)[..end], Default::default()).0.size, None);
    }
}

#[test]
fn vp9_frames_of_other_kinds() {
    // Inter, show existing, profile 0 with 4:2:0, profile 2 with 12 bits, profile 3 with subsampling, not VP9.
    let read = |text: &str| sample(VP09, &hex(text), Default::default());
    let (list, result, _) = read("86 00 40");
    assert_eq!((list.random_access, list.count, result), (false, 1, Ok(())));
    assert_eq!(values(&read("8d").2, "frame_to_show"), [Value::Unsigned(5)]);
    // 10 0 0 0 0 1 0 | 498342 | 010 0 then sizes 1919 and 1079.
    assert_eq!(read("82 49 83 42 40 77 f0 43 70").0.size, Some((1920, 1080)));
    assert_eq!(read("92 49 83 42 a0 3b f8 21 b8 00").0.size, Some((1920, 1080)));
    assert_eq!(read("b1 24 c1 a1 56 03 bf 82 1b 80").0.size, Some((1920, 1080)));
    let (list, result, tree) = read("12 34");
    assert_eq!((list.count, result, tree.remarks().len()), (0, Ok(()), 1));
    assert!(matches!(read("82 11 22 33 44").1, Err(Fault { at: 1, kind: FaultKind::Malformed(_) })));
    assert_eq!(read("").0.count, 0);
}

#[test]
fn vp8_frames() {
    // A key frame of 322x238 with scaling bits, a first part of 0x1234 bytes.
    let (list, result, tree) = sample(VP08, &hex("90 46 02 9d 01 2a 42 41 ee 80 aa"), Default::default());
    assert_eq!((result, list.size, list.random_access), (Ok(()), Some((322, 238)), true));
    assert_eq!(values(&tree, "first_part_size"), [Value::Unsigned(0x1234)]);
    let (list, result, _) = sample(VP08, &hex("31 00 00 aa"), Default::default());
    assert_eq!((result, list.size, list.random_access), (Ok(()), None, false));
    let (_, _, tree) = sample(VP08, &hex("10 00 00 9d 01 2b 42 01 ee 00"), Default::default());
    assert_eq!(tree.remarks().len(), 1);
}
