//! Names of AVC profiles.

/// The name of a profile, with what the constraint flags (set 0 is the highest bit) make of it.
pub fn profile_name(profile: u8, constraints: u8) -> Option<&'static str> {
    let set = |n: u32| constraints & 0x80 >> n != 0;
    Some(match profile {
        66 if set(1) => "Constrained Baseline",
        100 if set(4) && set(5) => "Constrained High",
        100 if set(4) => "Progressive High",
        110 if set(3) => "High 10 Intra",
        122 if set(3) => "High 4:2:2 Intra",
        244 if set(3) => "High 4:4:4 Intra",
        _ => return profile_idc_name(u64::from(profile)),
    })
}

/// The name of a profile without its constraints.
pub(super) fn profile_idc_name(profile: u64) -> Option<&'static str> {
    Some(match profile {
        44 => "CAVLC 4:4:4 Intra",
        66 => "Baseline",
        77 => "Main",
        83 => "Scalable Baseline",
        86 => "Scalable High",
        88 => "Extended",
        100 => "High",
        110 => "High 10",
        118 => "Multiview High",
        122 => "High 4:2:2",
        128 => "Stereo High",
        134 => "MFC High",
        135 => "MFC Depth High",
        138 => "Multiview Depth High",
        139 => "Enhanced Multiview Depth High",
        144 => "High 4:4:4 (removed)",
        244 => "High 4:4:4 Predictive",
        _ => return None,
    })
}

/// Profiles whose parameter sets say how colour is sampled.
pub(super) fn says_chroma(profile: u8) -> bool {
    matches!(profile, 100 | 110 | 122 | 244 | 44 | 83 | 86 | 118 | 128 | 138 | 139 | 134 | 135)
}
