//! What SEI messages are about, by their numbers (H.264 and H.265 annex D, H.274).

use crate::wire::codec::nal::Family;

/// The name of a message; none for numbers that no specification gives a meaning.
pub(super) fn payload_name(number: u64) -> Option<&'static str> {
    let low = usize::try_from(number).ok().and_then(|number| LOW.get(number)).copied();
    low.or_else(|| HIGH.iter().find(|(n, _)| *n == number).map(|(_, name)| *name))
}

/// Does the specification of the family describe messages of this number? The families share one row of numbers, of which
/// each uses some.
pub(super) fn is_described(family: Family, number: u32) -> bool {
    match family {
        Family::Avc => matches!(number, 0..=56 | 137 | 142 | 144 | 147..=151 | 154..=156 | 200..=202 | 205),
        Family::Hevc => matches!(
            number,
            0..=6 | 9 | 15..=17 | 19 | 22 | 23 | 45 | 47 | 56 | 128..=152 | 154..=168 | 176..=179 | 200..=202 | 205
        ),
        _ => matches!(
            number,
            0 | 1 | 3..=5 | 19 | 45 | 129 | 130 | 132 | 133 | 137 | 142 | 144 | 145 | 147..=151 | 153..=156 | 165 | 168
                | 200..=205 | 207..=211
        ),
    }
}

const LOW: [&str; 57] = [
    "buffering period",
    "picture timing",
    "pan-scan rectangle",
    "filler",
    "user data registered (T.35)",
    "user data unregistered",
    "recovery point",
    "reference picture marking repetition",
    "spare picture",
    "scene information",
    "sub-sequence information",
    "sub-sequence layer characteristics",
    "sub-sequence characteristics",
    "full-frame freeze",
    "full-frame freeze release",
    "full-frame snapshot",
    "progressive refinement start",
    "progressive refinement end",
    "motion-constrained slice groups",
    "film grain characteristics",
    "deblocking filter display preference",
    "stereo video information",
    "post-filter hint",
    "tone mapping",
    "scalability information",
    "sub-picture scalable layer",
    "non-required layer representation",
    "priority layer information",
    "layers not present",
    "layer dependency change",
    "scalable nesting",
    "base layer temporal HRD",
    "quality layer integrity check",
    "redundant picture property",
    "temporal level zero index",
    "temporal level switching point",
    "parallel decoding information",
    "multiview scalable nesting",
    "view scalability information",
    "multiview scene information",
    "multiview acquisition information",
    "non-required view component",
    "view dependency change",
    "operation points not present",
    "base view temporal HRD",
    "frame packing",
    "multiview view position",
    "display orientation",
    "multiview depth scalable nesting",
    "multiview depth scalability information",
    "depth representation",
    "three-dimensional reference displays",
    "depth timing",
    "depth sampling",
    "constrained depth parameter sets",
    "depth grid",
    "green metadata",
];

const HIGH: [(u64, &str); 41] = [
    (128, "structure of pictures"),
    (129, "active parameter sets"),
    (130, "decoding unit information"),
    (131, "temporal sub-layer zero index"),
    (132, "decoded picture hash"),
    (133, "scalable nesting"),
    (134, "region refresh"),
    (135, "no display"),
    (136, "time code"),
    (137, "mastering display colour volume"),
    (138, "segmented rectangular frame packing"),
    (139, "motion-constrained tile sets"),
    (140, "chroma resampling filter hint"),
    (141, "knee function"),
    (142, "colour remapping"),
    (143, "deinterlaced field"),
    (144, "content light level"),
    (145, "dependent random access point"),
    (146, "coded region completion"),
    (147, "preferred transfer characteristics"),
    (148, "ambient viewing"),
    (149, "content colour volume"),
    (150, "equirectangular projection"),
    (151, "cubemap projection"),
    (152, "fisheye video"),
    (154, "sphere rotation"),
    (155, "regionwise packing"),
    (156, "omnidirectional viewport"),
    (157, "regional nesting"),
    (158, "motion-constrained tile sets, extracted"),
    (159, "motion-constrained tile sets, nested"),
    (160, "layers not present"),
    (165, "alpha channel"),
    (168, "frame and field information"),
    (200, "SEI manifest"),
    (201, "SEI prefix indication"),
    (202, "annotated regions"),
    (203, "subpicture levels"),
    (204, "sample aspect ratio"),
    (205, "shutter interval"),
    (210, "neural-network post-filter"),
];
