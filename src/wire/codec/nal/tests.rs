use super::*;
use crate::wire::codec::Context;
use crate::wire::codec::tests::{AVC1, AVCC, HVC1, VVC1, hex, sample, words};

fn avc(text: &str, nal_length: u8) -> (NalList, Result<(), Fault>, crate::field::Tree) {
    sample(AVC1, &hex(text), Context { nal_length: Some(nal_length), timing: None })
}

fn remarks(tree: &crate::field::Tree) -> Vec<&'static str> {
    tree.remarks().iter().map(|r| r.text).collect()
}

#[test]
fn units_of_a_key_frame() {
    // Delimiter, both parameter sets of the protocol page, an IDR slice in two parts.
    let record = hex(AVCC);
    let (sps, pps) = (&record[8..33], &record[36..42]);
    let mut bytes = hex("00 00 00 02 09 10 00 00 00 19");
    bytes.extend(sps);
    bytes.extend(hex("00 00 00 06"));
    bytes.extend(pps);
    bytes.extend(hex("00 00 00 04 65 88 84 00 00 00 00 03 65 20 ff"));
    let (list, result, tree) = sample(AVC1, &bytes, Context::default());
    assert_eq!(result, Ok(()));
    assert_eq!(words(&list), ["aud", "sps", "pps", "idr"]);
    assert_eq!((list.count, list.random_access, list.is_full()), (5, true, false));
    let names: Vec<_> = tree.leaves().map(|n| n.field.name).collect();
    let end = ["first_mb_in_slice", "slice_type", "slice_data"];
    assert!(names.ends_with(&end), "{names:?}");
    assert!(names.contains(&"primary_pic_type") && names.contains(&"pic_width_in_mbs_minus1"));
    assert!(remarks(&tree).is_empty());
}

#[test]
fn lengths_of_1_2_and_4_bytes() {
    for (text, length) in [("01 41 02 41 e0", 1), ("00 01 41 00 02 41 e0", 2), ("00 00 00 01 41", 4)] {
        let (list, _, _) = avc(text, length);
        assert_eq!(words(&list), ["slice"]);
        assert_eq!(list.count, if length == 4 { 1 } else { 2 });
        assert!(!list.random_access);
    }
    let (list, result, _) = avc("00 00 00 01 0c", 5);
    assert_eq!((list.count, result.map_err(|f| f.at)), (0, Err(0)));
}

#[test]
fn a_length_beyond_the_end_is_a_fault_and_its_type_still_counts() {
    let (list, result, tree) = avc("00 00 00 02 0c ff 00 00 00 09 06 01 02", 4);
    assert_eq!(words(&list), ["filler", "sei"]);
    assert_eq!(result, Err(Fault { at: 10, kind: FaultKind::Short(6) }));
    assert_eq!(tree.leaves().last().map(|n| (n.field.name, n.bits.len)), Some(("gap", 24)));
    // A length that is cut itself.
    let (list, result, _) = avc("00 00 00 02 0c ff 00 00", 4);
    assert_eq!((list.count, result), (1, Err(Fault { at: 6, kind: FaultKind::Short(2) })));
    let (_, result, _) = avc("ff ff ff ff 0c", 4);
    assert_eq!(result, Err(Fault { at: 4, kind: FaultKind::Short(u32::MAX - 1) }));
}

#[test]
fn units_of_no_bytes_are_skipped() {
    let (list, result, tree) = avc("00 00 00 00 00 00 00 01 0c 00 00 00 00", 4);
    assert_eq!((list.count, result), (1, Ok(())));
    assert_eq!(remarks(&tree), ["a NAL unit of no bytes"; 2]);
}

#[test]
fn a_broken_unit_does_not_hide_the_next_one() {
    let (list, result, tree) = avc("00 00 00 02 67 42 00 00 00 04 68 ce 3c 80 00 00 00 02 67 42 00 00 00 02 09 30", 4);
    assert_eq!(words(&list), ["sps", "pps", "sps", "aud"]);
    assert_eq!(result.map_err(|f| f.at), Err(6), "the first fault");
    assert_eq!(tree.first_fault().map(|f| f.at), Some(6));
    assert_eq!(tree.leaves().last().map(|n| n.field.name), Some("rbsp_trailing_bits"));
    let pinned = (0..tree.nodes().len()).filter(|n| tree.fault(*n).is_some()).count();
    assert_eq!(pinned, 2);
}

#[test]
fn start_codes_instead_of_lengths() {
    let text = "00 00 00 01 09 f0 00 00 01 06 63 01 61 80 00 00 00 01 65 88 84 00";
    let (list, result, tree) = avc(text, 4);
    assert_eq!((words(&list), list.count, result), (vec!["aud", "sei", "idr"], 3, Ok(())));
    assert_eq!(remarks(&tree)[0], "start codes stand where lengths should");
    let codes: Vec<_> = tree.leaves().filter(|n| n.field.name == "start_code").map(|n| n.bits.len / 8).collect();
    assert_eq!(codes, [4, 3, 4]);
    // A unit of one byte is rare, but legal: lengths that add up are lengths.
    let (list, _, tree) = avc("00 00 00 01 0a 00 00 00 01 0b", 4);
    assert_eq!(words(&list), ["end_of_sequence", "end_of_stream"]);
    assert!(remarks(&tree).is_empty());
    // Nothing but a start code.
    assert_eq!(avc("00 00 00 01", 4).0.count, 0);
}

#[test]
fn lists_are_short_and_counts_go_on() {
    let mut list = NalList::new(Family::Avc);
    for number in (0..40).flat_map(|n| [n % 2, n % 2]) {
        list.push(number);
    }
    assert_eq!((list.count, list.types().count(), list.is_full()), (80, 16, true));
    // More units than are listed.
    let bytes = [0, 0, 0, 1, 12].repeat(MOST_UNITS as usize + 1);
    let (list, result, _) = sample(AVC1, &bytes, Context::default());
    assert_eq!(list.count, MOST_UNITS);
    assert_eq!(result.map_err(|f| f.kind), Err(FaultKind::TooMany));
}

#[test]
fn headers_of_every_family() {
    let (list, _, tree) = sample(HVC1, &hex("00 00 00 03 46 01 50 00 00 00 03 26 01 af"), Context::default());
    assert_eq!((words(&list), list.random_access), (vec!["aud", "idr_w_radl"], true));
    let names: Vec<_> = tree.leaves().take(7).map(|n| n.field.name).collect();
    let all = ["nal_length", "forbidden_zero_bit", "hevc_nal_unit_type", "nuh_layer_id", "nuh_temporal_id_plus1"];
    assert_eq!(names, [&all[..], &["pic_type", "rbsp_trailing_bits"]].concat());
    let (list, _, _) = sample(VVC1, &hex("00 00 00 03 00 79 01 00 00 00 03 00 41 02"), Context::default());
    assert_eq!((words(&list), list.random_access), (vec!["sps", "idr_n_lp"], true));
    let (_, _, tree) = avc("00 00 00 02 89 f0", 4);
    assert_eq!(remarks(&tree), ["the first bit of a NAL unit must be 0"]);
}

/// Spot checks against the table of the protocol page.
#[test]
fn names_follow_the_protocol_page() {
    let name = |family, number| UnitType { family, number }.name();
    for (number, names) in [
        (0, ["unspecified", "TRAIL_N", "TRAIL"]),
        (5, ["IDR slice", "STSA_R", "reserved VCL"]),
        (9, ["AUD", "RASL_R", "CRA"]),
        (11, ["end of stream", "reserved VCL", "reserved IRAP"]),
        (16, ["DPS", "BLA_W_LP", "PPS"]),
        (21, ["depth slice extension", "CRA", "EOS"]),
        (24, ["unspecified", "reserved", "suffix SEI"]),
        (31, ["unspecified", "reserved", "unspecified"]),
    ] {
        assert_eq!([Family::Avc, Family::Hevc, Family::Vvc].map(|f| name(f, number)), names.map(Some));
    }
    assert_eq!([name(Family::Avc, 32), name(Family::Vvc, 32), name(Family::Hevc, 64)], [None; 3]);
    assert_eq!([name(Family::Hevc, 40), name(Family::Hevc, 63)], [Some("suffix SEI"), Some("unspecified")]);
    let ranges = |family, all: std::ops::Range<u8>| {
        all.filter(|&number| UnitType { family, number }.is_random_access()).collect::<Vec<_>>()
    };
    assert_eq!(ranges(Family::Avc, 0..32), [5]);
    assert_eq!(ranges(Family::Hevc, 0..64), [16, 17, 18, 19, 20, 21]);
    assert_eq!(ranges(Family::Vvc, 0..32), [7, 8, 9, 10]);
    assert_eq!(UnitType { family: Family::Avc, number: 30 }.word(), None);
}
