use super::*;
use crate::field::{FaultKind, Tree, Value};
use crate::wire::codec::VideoConfig;
use crate::wire::codec::tests::{HVC1, HVCC, config, hex, sample, values, whole};

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

/// Bits of a sequence parameter set after its two bytes of header.
#[derive(Default)]
struct Writer(Vec<bool>);

impl Writer {
    fn u(mut self, value: u64, bits: u32) -> Self {
        self.0.extend((0..bits).rev().map(|i| value >> i & 1 == 1));
        self
    }

    fn ue(self, value: u64) -> Self {
        let bits = 64 - (value + 1).leading_zeros();
        self.u(0, bits - 1).u(value + 1, bits)
    }

    /// A sample with this parameter set alone.
    fn sample(self) -> Vec<u8> {
        let mut bits = self.0;
        bits.push(true);
        bits.resize(bits.len().next_multiple_of(8), false);
        let mut unit = vec![0x42, 1];
        let mut zeros = 0;
        for byte in bits.chunks(8).map(|b| b.iter().fold(0u8, |n, bit| n << 1 | u8::from(*bit))) {
            if zeros >= 2 && byte <= 3 {
                unit.push(3);
                zeros = 0;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            unit.push(byte);
        }
        [&(unit.len() as u32).to_be_bytes(), &unit[..]].concat()
    }
}

fn profile(w: Writer, number: u64) -> Writer {
    w.u(number, 8).u(1 << (31 - number), 32).u(0x9000_0000_0000, 48)
}

fn read(writer: Writer) -> (Result<(), Fault>, Tree) {
    let (_, result, tree) = sample(HVC1, &writer.sample(), Default::default());
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
    let w = w.u(0, 1).u(1, 1).u(1, 1).u(1, 1).ue(1).ue(2).ue(3).ue(4).u(1, 1).u(1, 32).u(50, 32).u(0, 2);
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
