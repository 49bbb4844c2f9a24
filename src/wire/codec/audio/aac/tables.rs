//! The numbers of AudioSpecificConfig and what they stand for.

/// The name of an object type.
pub(super) fn object_type_name(object_type: u64) -> Option<&'static str> {
    Some(match object_type {
        0 => "none",
        1 => "AAC Main",
        2 => "AAC LC",
        3 => "AAC SSR",
        4 => "AAC LTP",
        5 => "SBR (HE-AAC)",
        6 => "AAC scalable",
        7 => "TwinVQ",
        8 => "CELP",
        9 => "HVXC",
        12 => "TTSI",
        13 => "main synthesis",
        14 => "wavetable synthesis",
        15 => "general MIDI",
        16 => "algorithmic synthesis",
        17 => "ER AAC LC",
        19 => "ER AAC LTP",
        20 => "ER scalable",
        21 => "ER TwinVQ",
        22 => "ER BSAC",
        23 => "ER AAC LD",
        24 => "ER CELP",
        25 => "ER HVXC",
        26 => "ER HILN",
        27 => "ER parametric",
        28 => "SSC",
        29 => "PS (HE-AAC v2)",
        30 => "MPEG Surround",
        31 => "escape",
        32 => "MPEG layer 1",
        33 => "MPEG layer 2",
        34 => "MPEG layer 3",
        35 => "DST",
        36 => "ALS",
        37 => "SLS",
        39 => "ER AAC ELD",
        42 => "USAC (xHE-AAC)",
        _ => return None,
    })
}

/// Hertz and text, by index.
const FREQUENCIES: [(u32, &str); 13] = [
    (96_000, "96000 Hz"),
    (88_200, "88200 Hz"),
    (64_000, "64000 Hz"),
    (48_000, "48000 Hz"),
    (44_100, "44100 Hz"),
    (32_000, "32000 Hz"),
    (24_000, "24000 Hz"),
    (22_050, "22050 Hz"),
    (16_000, "16000 Hz"),
    (12_000, "12000 Hz"),
    (11_025, "11025 Hz"),
    (8_000, "8000 Hz"),
    (7_350, "7350 Hz"),
];

/// The frequency of an index.
pub(super) fn frequency(index: u64) -> Option<u32> {
    FREQUENCIES.get(usize::try_from(index).ok()?).map(|f| f.0)
}

pub(super) fn frequency_name(index: u64) -> Option<&'static str> {
    match index {
        13 | 14 => Some("reserved"),
        15 => Some("the frequency follows"),
        _ => FREQUENCIES.get(usize::try_from(index).ok()?).map(|f| f.1),
    }
}

/// Channels and text, by configuration.
const CHANNELS: [(u8, &str); 15] = [
    (0, "told by the program config element"),
    (1, "mono"),
    (2, "stereo"),
    (3, "3 channels"),
    (4, "4 channels"),
    (5, "5 channels"),
    (6, "5.1"),
    (8, "7.1"),
    (0, "reserved"),
    (0, "reserved"),
    (0, "reserved"),
    (7, "6.1"),
    (8, "7.1, back"),
    (24, "22.2"),
    (8, "7.1, top"),
];

/// The number of channels of a configuration, where it tells one.
pub(super) fn channel_configuration(configuration: u8) -> Option<u8> {
    CHANNELS.get(usize::from(configuration)).map(|c| c.0).filter(|channels| *channels > 0)
}

pub(super) fn channels_name(configuration: u64) -> Option<&'static str> {
    match configuration {
        15 => Some("reserved"),
        _ => CHANNELS.get(usize::try_from(configuration).ok()?).map(|c| c.1),
    }
}
