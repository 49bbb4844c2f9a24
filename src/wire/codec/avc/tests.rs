use super::*;
use crate::field::FaultKind;
use crate::wire::codec::VideoConfig;
use crate::wire::codec::tests::{AVC1, AVCC, Writer, config, hex, sample, values, whole};

fn avc(text: &str) -> AvcConfig {
    match whole(AVC1, text).0 {
        VideoConfig::Avc(avc) => avc,
        other => panic!("{other:?}"),
    }
}

/// A record with this parameter set alone.
fn record(writer: Writer) -> Vec<u8> {
    let unit = writer.unit(&[0x67]);
    [&[1, unit[1], unit[2], unit[3], 0xff, 0xe1, 0, unit.len() as u8][..], &unit, &[0]].concat()
}

fn start(profile: u64, constraints: u64, level: u64) -> Writer {
    Writer::default().u(profile, 8).u(constraints, 8).u(level, 8).ue(0)
}

fn read(writer: Writer) -> AvcConfig {
    let (config, result, tree) = config(AVC1, &record(writer));
    assert_eq!(result, Ok(()));
    assert!(tree.remarks().is_empty(), "{:?}", tree.remarks());
    match config {
        Some(VideoConfig::Avc(avc)) => avc,
        other => panic!("{other:?}"),
    }
}

/// The worked example of the protocol page.
#[test]
fn the_record_of_the_protocol_page() {
    let avc = avc(AVCC);
    assert_eq!((avc.profile(), avc.level(), avc.nal_length), (Some("High"), Some("1.3"), 4));
    let p = avc.picture.unwrap();
    assert_eq!((p.width, p.height, p.coded_width, p.coded_height), (322, 238, 336, 240));
    assert_eq!((p.chroma.name(), p.bit_depth, p.sar, p.interlaced), (Some("4:2:0"), 8, Some((1, 1)), false));
    assert_eq!(p.rate.map(|r| (r.pictures, r.seconds)), Some((60_000, 2002)));
    let (_, tree) = whole(AVC1, AVCC);
    assert!(tree.remarks().is_empty());
    let names: Vec<_> = tree.leaves().map(|n| n.field.name).collect();
    assert_eq!(names.iter().filter(|n| **n == "emulation_prevention").count(), 0, "it straddles a field");
    assert_eq!(values(&tree, "num_units_in_tick"), [Value::Unsigned(1001)]);
    assert_eq!(values(&tree, "time_scale"), [Value::Unsigned(60_000)]);
    assert_eq!(values(&tree, "pic_parameter_set_id"), [Value::Unsigned(0)]);
    assert_eq!(values(&tree, "frame_rate").len(), 1);
    assert_eq!(values(&tree, "chroma_format"), [Value::Unsigned(1)]);
}

#[test]
fn profiles_and_levels_with_their_constraints() {
    for (profile, constraints, level, names) in [
        (66, 0x40, 30, ("Constrained Baseline", "3.0")),
        (66, 0, 11, ("Baseline", "1.1")),
        (66, 0x10, 11, ("Baseline", "1b")),
        (77, 0x10, 11, ("Main", "1b")),
        (100, 0x10, 11, ("High", "1.1")),
        (100, 0, 9, ("High", "1b")),
        (100, 0x08, 42, ("Progressive High", "4.2")),
        (100, 0x0c, 52, ("Constrained High", "5.2")),
        (110, 0x10, 62, ("High 10 Intra", "6.2")),
        (122, 0, 10, ("High 4:2:2", "1.0")),
        (244, 0x10, 51, ("High 4:4:4 Intra", "5.1")),
        (44, 0, 51, ("CAVLC 4:4:4 Intra", "5.1")),
    ] {
        let seen = (profile_name(profile, constraints), super::level(profile, constraints, level));
        assert_eq!(seen, (Some(names.0), Some(names.1)));
    }
    assert_eq!((profile_name(1, 0), super::level(66, 0, 9), super::level(66, 0, 255)), (None, None, None));
}

#[test]
fn fields_order_type_1_and_an_own_shape_of_samples() {
    let sps = start(77, 0, 31).ue(0).ue(1).u(1, 1).se(-2).se(3).ue(2).se(5).se(-5).ue(4).u(1, 1);
    // 720x576 of fields: 45 by 18, cropped by 1 unit of 4 lines at the bottom.
    let sps = sps.ue(44).ue(17).u(0, 1).u(1, 1).u(1, 1).u(1, 1).ue(0).ue(1).ue(0).ue(1);
    let sps = sps.u(1, 1).u(1, 1).u(255, 8).u(16, 16).u(15, 16).u(1, 1).u(0, 1);
    let sps = sps.u(1, 1).u(1, 3).u(1, 1).u(1, 1).u(5, 8).u(6, 8).u(7, 8).u(1, 1).ue(1).ue(1);
    let p = read(sps.u(0, 5)).picture.unwrap();
    assert_eq!((p.width, p.height, p.interlaced, p.sar), (718, 572, true, Some((16, 15))));
    let colour = p.colour.unwrap();
    assert_eq!((colour.primaries, colour.transfer, colour.matrix, colour.full_range), (5, 6, 7, true));
    assert_eq!((p.rate, p.chroma.0), (None, 1));
}

#[test]
fn scaling_lists_chroma_formats_and_buffers() {
    // 4:4:4 with separate planes, 10 bits; list 0 ends at once, list 6 runs to its end, the others are missing.
    let mut sps = start(244, 0, 51).ue(3).u(1, 1).ue(2).ue(1).u(0, 1).u(1, 1).u(1, 1).se(-8).u(0, 5).u(1, 1);
    for _ in 0..64 {
        sps = sps.se(1);
    }
    let sps = sps.u(0, 5).ue(0).ue(2).ue(1).u(0, 1).ue(9).ue(9).u(1, 1).u(1, 1).u(1, 1).ue(1).ue(2).ue(3).ue(4);
    let sps = sps.u(1, 1).u(0, 4).u(1, 1).u(1, 32).u(50, 32).u(1, 1);
    let hrd =
        |w: Writer| w.ue(1).u(1, 4).u(2, 4).ue(9).ue(8).u(1, 1).ue(7).ue(6).u(0, 1).u(23, 5).u(22, 5).u(5, 5).u(24, 5);
    let sps = hrd(hrd(sps.u(1, 1)).u(1, 1)).u(0, 1).u(1, 1).u(1, 1).u(1, 1).ue(0).ue(0).ue(16).ue(16).ue(2).ue(4);
    let avc = read(sps);
    let p = avc.picture.unwrap();
    assert_eq!((p.width, p.height, p.bit_depth, p.chroma.name()), (157, 153, 10, Some("4:4:4")));
    assert_eq!(p.rate.map(|r| r.per_second()), Some(25.0));
    assert_eq!(
        avc.timing,
        Some(Timing {
            delays: Some((23, 6)),
            time_offset: 24,
            structure: true,
            initial_delay: 24,
            buffers: [2, 2],
            parts: None
        })
    );
}

/// The unit of cropping by chroma format and fields.
#[test]
fn cropping_units() {
    for (chroma, frames_only, width, height) in
        [(0, 1, 15, 15), (1, 1, 14, 14), (2, 1, 14, 15), (3, 1, 15, 15), (1, 0, 14, 28), (2, 0, 14, 30)]
    {
        let mut sps = start(100, 0, 30).ue(chroma);
        if chroma == 3 {
            sps = sps.u(0, 1);
        }
        sps = sps.ue(0).ue(0).u(0, 2).ue(0).ue(2).ue(1).u(0, 1).ue(0).ue(0).u(frames_only, 1);
        if frames_only == 0 {
            sps = sps.u(0, 1);
        }
        let p = read(sps.u(1, 1).u(1, 1).ue(1).ue(0).ue(0).ue(1).u(0, 1)).picture.unwrap();
        assert_eq!((p.width, p.height), (width, height), "chroma {chroma}, frames only {frames_only}");
    }
}

#[test]
fn absurd_numbers_end_in_a_fault_that_says_so() {
    let too_large = FaultKind::Malformed(&"larger than the format allows");
    let base = || start(77, 0, 31);
    let order = |w: Writer| w.ue(0).ue(2).ue(1).u(0, 1);
    for sps in [
        base().ue(13),
        base().ue(0).ue(3),
        base().ue(0).ue(0).ue(1 << 31),
        base().ue(0).ue(1).u(0, 1).se(0).se(0).ue(1 << 31),
        base().ue(0).ue(1).u(0, 1).se(0).se(0).ue(256),
        order(base()).ue(u64::from(u32::MAX)),
        order(base()).ue(1).ue(1 << 31),
        start(100, 0, 31).ue(4),
        start(100, 0, 31).ue(1).ue(7),
        order(base()).ue(1).ue(1).u(3, 2).u(0, 1).u(1, 1).u(0, 5).u(1, 1).ue(1 << 31),
    ] {
        let (seen, result, tree) = config(AVC1, &record(sps.u(0, 64)));
        assert_eq!(result.map_err(|f| f.kind), Err(too_large));
        assert_eq!(seen.and_then(|c| c.size()), None);
        assert!(tree.first_fault().is_some_and(|f| f.at > 8));
    }
    // A code with more than 32 zeros, and cropping that leaves nothing.
    let (_, result, _) = config(AVC1, &record(base().u(0, 40).u(1, 1)));
    assert!(matches!(result, Err(Fault { kind: FaultKind::Malformed(_), .. })));
    let crop = order(base()).ue(1).ue(1).u(1, 1).u(0, 1).u(1, 1).ue(u64::from(u32::MAX) - 1).ue(0).ue(0).ue(0).u(0, 1);
    let (seen, result, tree) = config(AVC1, &record(crop));
    assert_eq!((seen.and_then(|c| c.size()), result), (Some((32, 32)), Ok(())));
    assert_eq!(tree.remarks().len(), 1);
}

#[test]
fn records_that_are_odd() {
    let remarks = |text: &str| whole(AVC1, text).1.remarks().iter().map(|r| r.text).collect::<Vec<_>>();
    assert_eq!(remarks("01 42 c0 1e fe e0 00"), ["lengths of 3 bytes are not allowed", "no sequence parameter set"]);
    assert_eq!(remarks("00 42 c0 1e 03 00 00"), ["the version of the record should be 1", "no sequence parameter set"]);
    assert_eq!(remarks("01 42 c0 1e ff e0 00 01 02").last(), Some(&"the record ends before the message does"));
    // A broken parameter set keeps its fault, and the picture parameter set after it is read.
    let (seen, result, tree) = config(AVC1, &hex("01 42 c0 1e ff e1 00 02 67 42 01 00 04 68 ce 3c 80"));
    assert!(result.is_err() && seen.is_some());
    assert_eq!(values(&tree, "pic_parameter_set_id"), [Value::Unsigned(0)]);
    assert_eq!(tree.leaves().last().map(|n| n.field.name), Some("rbsp_trailing_bits"));
}

#[test]
fn picture_parameter_sets_to_their_end() {
    let pps = |w: Writer| {
        let (list, result, tree) = sample(AVC1, &w.sample(&[0x68]), Default::default());
        assert_eq!((list.count, result), (1, Ok(())));
        assert_eq!(values(&tree, "more_parameters").len(), 0);
        tree
    };
    // As x264 writes it: CABAC, weighted prediction, 8x8 transform.
    let tree = pps(Writer::default()
        .ue(0)
        .ue(0)
        .u(1, 1)
        .u(0, 1)
        .ue(0)
        .ue(2)
        .ue(0)
        .u(1, 1)
        .u(2, 2)
        .se(-3)
        .se(0)
        .se(-2)
        .u(4, 3)
        .u(1, 1)
        .u(0, 1)
        .se(-2));
    assert_eq!(values(&tree, "pic_init_qp_minus26"), [Value::Signed(-3)]);
    assert_eq!(values(&tree, "second_chroma_qp_index_offset"), [Value::Signed(-2)]);
    // Without a sequence parameter set the colours are taken for 4:2:0: eight lists.
    let mut w =
        Writer::default().ue(1).ue(0).u(0, 2).ue(0).ue(0).ue(0).u(0, 3).se(0).se(0).se(0).u(0, 3).u(1, 1).u(1, 1);
    for _ in 0..8 {
        w = w.u(1, 1).se(-8);
    }
    assert_eq!(values(&pps(w.se(0)), "delta_scale").len(), 8);
    // Slice groups of every kind.
    let groups = |map: fn(Writer) -> Writer| {
        pps(map(Writer::default().ue(0).ue(0).u(0, 2).ue(2)).ue(0).ue(0).u(0, 3).se(0).se(0).se(0).u(0, 3))
    };
    assert_eq!(values(&groups(|w| w.ue(0).ue(5).ue(6).ue(7)), "run_length_minus1").len(), 3);
    assert_eq!(values(&groups(|w| w.ue(2).ue(5).ue(6).ue(7).ue(8)), "top_left").len(), 2);
    assert_eq!(values(&groups(|w| w.ue(3).u(1, 1).ue(6)), "slice_group_change_rate_minus1").len(), 1);
    assert_eq!(values(&groups(|w| w.ue(6).ue(3).u(0b0001_1011, 8)), "slice_group_id").len(), 4);
    assert_eq!(values(&groups(|w| w.ue(1)), "slice_group_map_type").len(), 1);
}
