use super::*;
use crate::field::{FaultKind, Tree, Value};
use crate::wire::codec::VideoConfig;
use crate::wire::codec::tests::{HVC1, HVCC, Writer, config, hex, sample, values, whole};

fn hevc(config: Option<VideoConfig>) -> HevcConfig {
    match config {
        Some(VideoConfig::Hevc(hevc)) => hevc,
        other => panic!("{other:?}"),
    }
}

/// The worked example of the protocol page.
#[test]
fn the_record_of_the_protocol_page() {
    let (config, tree) = whole(HVC1, HVCC);
    let hevc = hevc(Some(config));
    assert_eq!((hevc.profile(), hevc.high_tier, hevc.level()), (Some("Main"), false, Some("2.0")));
    assert_eq!((hevc.nal_length, hevc.bit_depth, hevc.chroma.name()), (4, 8, Some("4:2:0")));
    let p = hevc.picture.unwrap();
    assert_eq!((p.width, p.height, p.coded_width, p.coded_height), (322, 238, 328, 240));
    assert_eq!((p.sar, p.rate.map(|r| (r.pictures, r.seconds))), (Some((1, 1)), Some((30_000, 1001))));
    assert_eq!(values(&tree, "num_units_in_tick"), [Value::Unsigned(1001)]);
    // The video parameter set says the same profile and level; the picture parameter set has ids 0.
    assert_eq!(values(&tree, "general_level_idc"), [Value::Unsigned(60); 3]);
    assert_eq!(values(&tree, "vps_reserved_0xffff_16bits"), [Value::Unsigned(0xffff)]);
    assert_eq!(values(&tree, "pps_pic_parameter_set_id"), [Value::Unsigned(0)]);
    assert!(tree.remarks().is_empty());
    assert!(values(&tree, "emulation_prevention").len() + straddles(&tree) > 3);
}

/// Fields that are longer than they could be without stuffed bytes.
fn straddles(tree: &Tree) -> usize {
    tree.leaves().filter(|n| matches!(n.bits.len, 40 | 56 | 64)).count()
}

fn profile(w: Writer, number: u64) -> Writer {
    w.u(number, 8).u(1 << (31 - number), 32).u(0x9000_0000_0000, 48)
}

fn read(writer: Writer) -> (Result<(), Fault>, Tree) {
    let (_, result, tree) = sample(HVC1, &writer.sample(&[0x42, 1]), Default::default());
    (result, tree)
}

#[test]
fn temporal_layers_sets_of_pictures_and_all_options() {
    // Three temporal layers: the first says profile and level, the second only its level.
    let w = profile(Writer::default().u(3, 4).u(2, 3).u(1, 1), 2).u(120, 8).u(0b11_01, 4).u(0, 12);
    let w = profile(w, 1).u(90, 8).u(93, 8).ue(1);
    // 4:4:4 with separate planes, 1920x1088 cropped to 1080 lines, 10 bits.
    let w = w.ue(3).u(0, 1).ue(1920).ue(1088).u(1, 1).ue(0).ue(0).ue(0).ue(8).ue(2).ue(2).ue(4);
    let w = w.u(1, 1).ue(4).ue(2).ue(0).ue(4).ue(2).ue(0).ue(4).ue(2).ue(0).ue(0).ue(3).ue(0).ue(3).ue(0).ue(0);
    // Scaling lists: the first list in full (16 entries), the rest predicted, a 32x32 list with its mean.
    let mut w = w.u(1, 1).u(1, 1).u(1, 1);
    for _ in 0..16 {
        w = w.ue(0);
    }
    for _ in 1..18 {
        w = w.u(0, 1).ue(0);
    }
    w = w.u(1, 1).ue(7);
    for _ in 0..64 {
        w = w.ue(0);
    }
    let w = w.u(0, 1).ue(1).u(1, 1).u(1, 1).u(1, 1).u(9, 4).u(9, 4).ue(0).ue(2).u(1, 1);
    // Two sets: one of two pictures before and one after, one made from it (three of four stay).
    let w = w.ue(2).ue(2).ue(1).ue(0).u(1, 1).ue(1).u(1, 1).ue(0).u(0, 1);
    let w = w.u(1, 1).u(1, 1).ue(0).u(1, 1).u(0, 1).u(1, 1).u(0, 1).u(0, 1).u(1, 1);
    // One long-term picture, then usability with window and timing.
    let w = w.u(1, 1).ue(1).u(0x55, 8).u(1, 1).u(1, 1).u(1, 1);
    let w = w.u(1, 1).u(1, 1).u(14, 8).u(0, 1).u(1, 1).u(5, 3).u(0, 1).u(1, 1).u(9, 8).u(16, 8).u(9, 8).u(0, 1);
    let w = w.u(0, 1).u(1, 1).u(1, 1).u(1, 1).ue(1).ue(2).ue(3).ue(4).u(1, 1).u(1, 32).u(50, 32).u(1, 1).ue(3).u(1, 1);
    // Buffers of three layers, of which the second has no count.
    let buffer = |w: Writer| w.ue(1).ue(2).ue(3).ue(4).u(1, 1);
    let w =
        w.u(1, 1).u(0, 1).u(1, 1).u(3, 8).u(4, 5).u(1, 1).u(5, 5).u(1, 4).u(2, 4).u(3, 4).u(23, 5).u(22, 5).u(21, 5);
    let w = buffer(buffer(w.u(1, 1).ue(0).ue(1)));
    let w = buffer(buffer(w.u(0, 3).ue(1)));
    let w = buffer(w.u(0, 1).u(1, 1).ue(0).ue(0));
    // Restrictions, then the range extension.
    let w = w.u(1, 1).u(0b101, 3).ue(0).ue(1).ue(2).ue(15).ue(15).u(1, 1).u(1, 1).u(0, 7).u(0b1_0000_0001, 9);
    let (result, tree) = read(w);
    assert_eq!(result, Ok(()));
    let number = |name| values(&tree, name).first().and_then(|v| v.as_unsigned());
    assert_eq!((number("width"), number("height")), (Some(1920), Some(1080)));
    assert_eq!(values(&tree, "frame_rate"), [Value::Float(50.0)]);
    assert_eq!(number("lt_ref_pic_poc_lsb_sps"), Some(0x55));
    let sets: Vec<_> = tree.nodes().iter().filter(|n| n.field.name == "st_ref_pic_set").collect();
    assert_eq!(sets.len(), 2);
    assert_eq!(number("transfer_characteristics"), Some(16));
    assert_eq!(values(&tree, "general_level_idc").len(), 3);
    assert_eq!(values(&tree, "scaling_list_delta_coef").len(), 16 + 64);
}

#[test]
fn absurd_numbers_end_in_a_fault_and_the_size_stays() {
    let too_large = Err(FaultKind::Malformed(&"larger than the format allows"));
    let start = || profile(Writer::default().u(0, 4).u(0, 3).u(1, 1), 1).u(93, 8).ue(0).ue(1);
    let (result, tree) = read(start().ue(1 << 31).ue(2));
    assert_eq!(result.map_err(|f| f.kind), too_large);
    assert_eq!(values(&tree, "width"), []);
    let body = || start().ue(64).ue(32).u(0, 1).ue(0).ue(0).ue(0).u(0, 1).ue(1).ue(1).ue(1);
    let tools = || body().ue(0).ue(0).ue(0).ue(0).ue(0).ue(0).u(0, 4);
    for w in [
        start().ue(64).ue(32).u(0, 1).ue(0).ue(0).ue(13),
        tools().ue(65),
        tools().ue(1).ue(17).ue(0),
        tools().ue(1).ue(0).ue(1 << 31),
        tools().ue(0).u(1, 1).ue(33),
    ] {
        let (result, tree) = read(w.u(0, 64));
        assert_eq!(result.map_err(|f| f.kind), too_large);
        assert_eq!(values(&tree, "width"), [Value::Unsigned(64)]);
    }
}

/// The record says what the parameter sets would, where those are missing.
#[test]
fn a_record_without_parameter_sets() {
    let bytes = hex("01 02 20 00 00 00 90 00 00 00 00 00 5d f0 00 fc fd fa fa 1e 00 0f 00");
    let (seen, result, _) = config(HVC1, &bytes);
    assert_eq!(result, Ok(()));
    let seen = seen.unwrap();
    assert_eq!((seen.profile(), seen.level(), seen.size()), (Some("Main 10"), Some("3.1"), None));
    assert_eq!((seen.bit_depth(), seen.fps()), (Some(10), Some(30.0)));
    assert_eq!([hevc_level_name(186), hevc_level_name(1), hevc_level_name(0)], [Some("6.2"), None, None]);
}

#[test]
fn video_and_picture_parameter_sets_to_their_end() {
    let unit = |header: u8, w: Writer| {
        let (list, result, tree) = sample(HVC1, &w.sample(&[header, 1]), Default::default());
        assert_eq!((list.count, result), (1, Ok(())));
        assert_eq!(values(&tree, "more_parameters").len(), 0);
        tree
    };
    // One layer, with timing and two reference decoders of which the second keeps what the first said.
    let w = profile(Writer::default().u(0, 4).u(3, 2).u(0, 6).u(0, 3).u(1, 1).u(0xffff, 16), 1).u(93, 8);
    let w = w.u(1, 1).ue(4).ue(2).ue(0).u(1, 6).ue(1).u(0b11, 2).u(1, 1).u(1, 32).u(25, 32).u(1, 1).ue(0).ue(2);
    let w = w
        .ue(0)
        .u(0b110, 3)
        .u(0, 8)
        .u(23, 5)
        .u(22, 5)
        .u(21, 5)
        .u(1, 1)
        .ue(0)
        .ue(0)
        .ue(1)
        .ue(2)
        .u(0, 1)
        .ue(1)
        .ue(2)
        .u(0, 1);
    let w = w.ue(1).u(0, 1).u(1, 1).ue(0).ue(0).ue(1).ue(2).u(0, 1).ue(1).ue(2).u(1, 1).u(0, 1);
    let tree = unit(0x40, w);
    assert_eq!(values(&tree, "bit_rate_value_minus1").len(), 4);
    assert_eq!(values(&tree, "layer_id_included_flag").len(), 2);
    // Everything on: tiles of uneven size, deblocking, the range extension.
    let w = Writer::default()
        .ue(0)
        .ue(0)
        .u(0, 2)
        .u(0, 3)
        .u(0, 2)
        .ue(0)
        .ue(0)
        .se(-1)
        .u(0, 1)
        .u(1, 1)
        .u(1, 1)
        .ue(1)
        .se(2)
        .se(-2);
    let w = w
        .u(0, 3)
        .u(0, 1)
        .u(1, 1)
        .u(1, 1)
        .ue(2)
        .ue(1)
        .u(0, 1)
        .ue(9)
        .ue(9)
        .ue(9)
        .u(1, 1)
        .u(1, 1)
        .u(1, 1)
        .u(1, 1)
        .u(0, 1)
        .se(3)
        .se(-3);
    let w = w
        .u(0, 1)
        .u(0, 1)
        .ue(0)
        .u(0, 1)
        .u(1, 1)
        .u(1, 1)
        .u(0, 7)
        .ue(1)
        .u(1, 1)
        .u(1, 1)
        .ue(1)
        .ue(0)
        .se(1)
        .se(-1)
        .ue(0)
        .ue(2);
    let tree = unit(0x44, w);
    assert_eq!((values(&tree, "column_width_minus1").len(), values(&tree, "row_height_minus1").len()), (2, 1));
    assert_eq!(values(&tree, "cb_qp_offset"), [Value::Signed(2), Value::Signed(1)]);
    assert_eq!(values(&tree, "log2_sao_offset_scale_chroma"), [Value::Unsigned(2)]);
}
