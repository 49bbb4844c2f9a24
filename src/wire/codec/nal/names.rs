//! Words for JSON and names for people of the types of units.

use super::Family;

type Names = (&'static str, &'static str);

/// Word and name of a type; the word is empty where the standard reserves the number or leaves it open.
pub(super) fn of(family: Family, number: u8) -> Option<Names> {
    match family {
        Family::Avc => AVC.get(usize::from(number)).copied().or((number < 32).then_some(UNSPECIFIED)),
        Family::Hevc => hevc(number),
        Family::Vvc => vvc(number),
        Family::Av1 => av1(number),
        Family::Whole => None,
    }
}

const UNSPECIFIED: Names = ("", "unspecified");
const RESERVED: Names = ("", "reserved");
const RESERVED_VCL: Names = ("", "reserved VCL");
const RESERVED_IRAP: Names = ("", "reserved IRAP");

const AVC: [Names; 24] = [
    UNSPECIFIED,
    ("slice", "non-IDR slice"),
    ("partition_a", "data partition A"),
    ("partition_b", "data partition B"),
    ("partition_c", "data partition C"),
    ("idr", "IDR slice"),
    ("sei", "SEI"),
    ("sps", "SPS"),
    ("pps", "PPS"),
    ("aud", "AUD"),
    ("end_of_sequence", "end of sequence"),
    ("end_of_stream", "end of stream"),
    ("filler", "filler"),
    ("sps_extension", "SPS extension"),
    ("prefix", "prefix NAL"),
    ("subset_sps", "subset SPS"),
    ("dps", "DPS"),
    RESERVED,
    RESERVED,
    ("auxiliary_slice", "auxiliary slice"),
    ("slice_extension", "slice extension"),
    ("depth_slice_extension", "depth slice extension"),
    RESERVED,
    RESERVED,
];

fn hevc(number: u8) -> Option<Names> {
    Some(match number {
        0 => ("trail_n", "TRAIL_N"),
        1 => ("trail_r", "TRAIL_R"),
        2 => ("tsa_n", "TSA_N"),
        3 => ("tsa_r", "TSA_R"),
        4 => ("stsa_n", "STSA_N"),
        5 => ("stsa_r", "STSA_R"),
        6 => ("radl_n", "RADL_N"),
        7 => ("radl_r", "RADL_R"),
        8 => ("rasl_n", "RASL_N"),
        9 => ("rasl_r", "RASL_R"),
        10..=15 => RESERVED_VCL,
        16 => ("bla_w_lp", "BLA_W_LP"),
        17 => ("bla_w_radl", "BLA_W_RADL"),
        18 => ("bla_n_lp", "BLA_N_LP"),
        19 => ("idr_w_radl", "IDR_W_RADL"),
        20 => ("idr_n_lp", "IDR_N_LP"),
        21 => ("cra", "CRA"),
        22 | 23 => RESERVED_IRAP,
        24..=31 | 41..=47 => RESERVED,
        32 => ("vps", "VPS"),
        33 => ("sps", "SPS"),
        34 => ("pps", "PPS"),
        35 => ("aud", "AUD"),
        36 => ("eos", "EOS"),
        37 => ("eob", "EOB"),
        38 => ("filler", "filler"),
        39 => ("prefix_sei", "prefix SEI"),
        40 => ("suffix_sei", "suffix SEI"),
        48..=63 => UNSPECIFIED,
        _ => return None,
    })
}

fn vvc(number: u8) -> Option<Names> {
    Some(match number {
        0 => ("trail", "TRAIL"),
        1 => ("stsa", "STSA"),
        2 => ("radl", "RADL"),
        3 => ("rasl", "RASL"),
        4..=6 => RESERVED_VCL,
        7 => ("idr_w_radl", "IDR_W_RADL"),
        8 => ("idr_n_lp", "IDR_N_LP"),
        9 => ("cra", "CRA"),
        10 => ("gdr", "GDR"),
        11 => RESERVED_IRAP,
        12 => ("opi", "OPI"),
        13 => ("dci", "DCI"),
        14 => ("vps", "VPS"),
        15 => ("sps", "SPS"),
        16 => ("pps", "PPS"),
        17 => ("prefix_aps", "prefix APS"),
        18 => ("suffix_aps", "suffix APS"),
        19 => ("picture_header", "picture header"),
        20 => ("aud", "AUD"),
        21 => ("eos", "EOS"),
        22 => ("eob", "EOB"),
        23 => ("prefix_sei", "prefix SEI"),
        24 => ("suffix_sei", "suffix SEI"),
        25 => ("filler", "filler"),
        26 | 27 => RESERVED,
        28..=31 => UNSPECIFIED,
        _ => return None,
    })
}

fn av1(number: u8) -> Option<Names> {
    Some(match number {
        1 => ("sequence_header", "sequence header"),
        2 => ("temporal_delimiter", "temporal delimiter"),
        3 => ("frame_header", "frame header"),
        4 => ("tile_group", "tile group"),
        5 => ("metadata", "metadata"),
        6 => ("frame", "frame"),
        7 => ("redundant_frame_header", "redundant frame header"),
        8 => ("tile_list", "tile list"),
        15 => ("padding", "padding"),
        _ => return None,
    })
}

/// The name of an AVC unit type.
pub(super) fn avc_name(number: u64) -> Option<&'static str> {
    name(Family::Avc, number)
}

/// The name of an HEVC unit type.
pub(super) fn hevc_name(number: u64) -> Option<&'static str> {
    name(Family::Hevc, number)
}

/// The name of a VVC unit type.
pub(super) fn vvc_name(number: u64) -> Option<&'static str> {
    name(Family::Vvc, number)
}

fn name(family: Family, number: u64) -> Option<&'static str> {
    of(family, u8::try_from(number).ok()?).map(|(_, name)| name)
}

/// The slice types that an AVC access unit delimiter allows.
pub(super) fn avc_primary_pic_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "I",
        1 => "I, P",
        2 => "I, P, B",
        3 => "SI",
        4 => "SI, SP",
        5 => "I, SI",
        6 => "I, SI, P, SP",
        7 => "all",
        _ => return None,
    })
}

/// The slice types that an HEVC access unit delimiter allows.
pub(super) fn hevc_pic_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "I",
        1 => "P, I",
        2 => "B, P, I",
        _ => return None,
    })
}
