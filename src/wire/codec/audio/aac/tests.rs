use super::super::tests::{config_of, leaf};
use super::super::{AAC, AudioConfig};
use crate::field::{Fault, FaultKind, Value};

pub(in super::super) struct Example {
    pub(in super::super) bytes: &'static [u8],
    profile: &'static str,
    rate: u32,
    channels: u8,
    samples: u16,
}

const fn example(bytes: &'static [u8], profile: &'static str, rate: u32, channels: u8, samples: u16) -> Example {
    Example { bytes, profile, rate, channels, samples }
}

/// The examples of the protocol page.
pub(in super::super) const EXAMPLES: &[Example] = &[
    example(&[0x12, 0x08], "AAC LC", 44_100, 1, 1024),
    example(&[0x12, 0x08, 0x56, 0xe5, 0x00], "AAC LC", 44_100, 1, 1024),
    example(&[0x12, 0x10], "AAC LC", 44_100, 2, 1024),
    example(&[0x11, 0x88], "AAC LC", 48_000, 1, 1024),
    example(&[0x11, 0x90], "AAC LC", 48_000, 2, 1024),
    example(&[0x11, 0x90, 0x56, 0xe5, 0x00], "AAC LC", 48_000, 2, 1024),
    example(&[0x11, 0xb0], "AAC LC", 48_000, 6, 1024),
    example(&[0x2b, 0x92, 0x08, 0x00], "HE-AAC", 44_100, 2, 2048),
    example(&[0x13, 0x90, 0x56, 0xe5, 0xa0], "HE-AAC", 44_100, 2, 2048),
    example(&[0x13, 0x90, 0x56, 0xe5, 0xa5, 0x48, 0x80], "HE-AAC v2", 44_100, 2, 2048),
    example(&[0xeb, 0x8a, 0x08, 0x00], "HE-AAC v2", 44_100, 2, 2048),
];

/// Bits as text, blanks left out, filled up with zeros.
const fn bits<const N: usize>(text: &str) -> [u8; N] {
    let (text, mut bytes, mut i, mut n) = (text.as_bytes(), [0; N], 0, 0);
    while i < text.len() {
        if text[i] != b' ' {
            bytes[n / 8] |= (text[i] - b'0') << (7 - n % 8);
            n += 1;
        }
        i += 1;
    }
    bytes
}

/// Type 2, 48 kHz, configuration 0, three flags; a program of 2 pairs in front, one back channel, one low frequency
/// channel, with all mixdowns, data and coupling; the comment `hi`.
const PROGRAM: [u8; 15] = bits(
    "00010 0011 0000 0 0 0 \
     0101 01 0011 0010 0000 0001 01 001 0001 1 0010 1 0011 1 101 \
     1 0000 1 0001 0 0010 0000 0111 1 0110 \
     0000000 00000010 01101000 01101001",
);

/// Frequency in hertz, 960 samples, core coder with a delay.
const EXPLICIT: [u8; 7] = bits("00001 1111 000000000001011101110000 0010 1 1 00000000000111 0");

/// ER scalable with layer, three flags and error protection 0, with a sync extension behind it.
const SCALABLE: [u8; 6] = bits("10100 0100 0010 0 0 1 011 1 0 1 0 00 01010110111 00101 1 0011");

/// ER BSAC below SBR, with its own fields.
const BSAC: [u8; 6] = bits("00101 0110 0010 0011 10110 0010 0 0 1 00010 00000000100 0 01");

/// Object type 42 by the escape: 44.1 kHz, two channels replicated 2:1, made of one with a residual; an extension of one
/// byte, and one of the configuration.
const USAC: [u8; 16] = bits(
    "11111 001010 0100 0010 \
     00100 011 00010 0001 \
     01 0 1 0 0 0 0101 0011 1 0 01 0 10 10 \
     000 001 10 00 0 1 0 00111 1 1 \
     11 0010 0001 1 00000111 0 10101010 \
     1 00 0010 0001 11001100",
);

/// ER parametric: speech and lines.
const PARAMETRIC: [u8; 7] = bits("11011 0100 0001 1 10 0 01 1 1 0 00101000 0100 000111100000 01 0 00");

/// ER AAC ELD with replication for two channels, and an extension of two bytes.
const ELD: [u8; 11] = bits(
    "11111 000111 0100 0010 1 0 0 0 1 1 0 \
     1 0100 0110 010 00 1 1 01 1 10 11 01 1 0 \
     0101 0010 1111000011110000 0000 00",
);

/// ER AAC LC with error protection: one set of two classes, in another order.
const PROTECTED: [u8; 14] = bits(
    "10001 0100 0010 0 0 0 11 \
     00000001 10 000 001 \
     000010 0 0 0 00 1 01 0 0000000000001010 00001 00100 1 1 1 01 11 1 0011 1 000001 000000 \
     1 00010 00011 1",
);

/// MPEG-4 ALS: 48 kHz, one channel, no header or trailer.
const ALS: [u8; 33] = bits(
    "11111 000100 0011 0001 00000 \
     01000001 01001100 01010011 00000000 00000000000000001011101110000000 00000000000000000000000001100100 \
     0000000000000000 001 001 0 0 0000001111111111 00001010 01 00000000001010 000000 0 0 0 0 00000 0 \
     00000000000000000000000000000000 00000000000000000000000000000000",
);

/// Speech: CELP with two layers, HVXC, and text to speech.
const SPEECH: [&[u8]; 3] = [
    &bits::<4>("01000 1000 0001 1 0 1 0 00110 01 0"),
    &bits::<3>("01001 1011 0001 1 0 01 0"),
    &bits::<6>("01100 1011 0001 00001 000000000000000111 0000000"),
];

/// An extension that is not SBR.
const OTHER_SYNC: [u8; 5] = bits("00010 0100 0010 000 01010110111 10110 1");

pub(in super::super) const ODD: &[&[u8]] =
    &[&PROGRAM, &EXPLICIT, &SCALABLE, &BSAC, &USAC, &OTHER_SYNC, &PARAMETRIC, &ELD, &PROTECTED, &ALS];

fn good(bytes: &[u8]) -> AudioConfig {
    let (config, result, tree) = config_of(AAC, bytes);
    assert_eq!(result, Ok(()), "{bytes:x?}");
    assert!(tree.leaves().all(|n| n.field.name != "gap"), "{bytes:x?}");
    config.unwrap()
}

#[test]
fn worked_examples() {
    for Example { bytes, profile, rate, channels, samples } in EXAMPLES {
        let config = good(bytes);
        assert_eq!(config.profile(), Some(*profile), "{bytes:x?}");
        assert_eq!((config.sample_rate, config.channels), (Some(*rate), Some(*channels)), "{bytes:x?}");
        assert_eq!(config.samples_per_frame, Some(*samples), "{bytes:x?}");
    }
}

#[test]
fn examples_are_read_to_their_fields() {
    let fields = |bytes: &[u8]| {
        let tree = config_of(AAC, bytes).2;
        tree.leaves().map(|n| (n.field.name, n.bits.len)).collect::<Vec<_>>()
    };
    let head = [("object_type", 5), ("frequency_index", 4), ("channel_configuration", 4)];
    let general = [("short_frames", 1), ("depends_on_core_coder", 1), ("extension_flag", 1)];
    let sync = [("sync", 11), ("extension_object_type", 5), ("sbr", 1)];
    let rate = [("extension_frequency_index", 4)];
    let ps = [("sync", 11), ("ps", 1), ("padding", 7)];
    let padding = |bits| [("padding", bits)];
    assert_eq!(fields(&[0x12, 0x10]), [&head[..], &general].concat());
    assert_eq!(fields(&[0x12, 0x08, 0x56, 0xe5, 0]), [&head[..], &general, &sync, &padding(7)].concat());
    let with_ps = [&head[..], &general, &sync, &rate, &ps].concat();
    assert_eq!(fields(&[0x13, 0x90, 0x56, 0xe5, 0xa5, 0x48, 0x80]), with_ps);
    let explicit = [&head[..], &rate, &[("core_object_type", 5)], &general, &padding(7)].concat();
    assert_eq!(fields(&[0x2b, 0x92, 0x08, 0x00]), explicit);
    let tree = config_of(AAC, &[0x13, 0x90, 0x56, 0xe5, 0xa0]).2;
    let derived = tree.nodes().iter().find(|n| n.field.name == "sample_rate").unwrap();
    assert_eq!(derived.value, Value::Unsigned(44_100));
}

#[test]
fn a_program_config_element_tells_the_channels() {
    let config = good(&PROGRAM);
    // Two pairs in front, one channel in the back, one for low frequencies.
    assert_eq!(config.channels, Some(2 + 2 + 1 + 1));
    let tree = config_of(AAC, &PROGRAM).2;
    let count = |name| tree.nodes().iter().filter(|n| n.field.name == name).count();
    assert_eq!((count("front_element"), count("back_element"), count("lfe_element")), (2, 1, 1));
    assert_eq!((count("data_element"), count("coupling_element")), (1, 1));
    let Value::Text(comment) = leaf(&tree, "comment") else { panic!() };
    assert_eq!(comment.of(&PROGRAM), b"hi");
}

#[test]
fn rare_forms() {
    let explicit = good(&EXPLICIT);
    assert_eq!((explicit.sample_rate, explicit.samples_per_frame), (Some(6000), Some(960)));
    assert_eq!(explicit.profile(), Some("AAC Main"));
    let scalable = good(&SCALABLE);
    assert_eq!((scalable.sbr, scalable.sample_rate, scalable.samples_per_frame), (true, Some(48_000), Some(2048)));
    assert_eq!(scalable.profile(), Some("ER scalable"));
    let bsac = good(&BSAC);
    assert_eq!((bsac.profile(), bsac.sample_rate), (Some("ER BSAC"), Some(48_000)));
    let usac = good(&USAC);
    assert_eq!((usac.profile(), usac.sample_rate, usac.channels), (Some("USAC (xHE-AAC)"), Some(44_100), Some(2)));
    assert_eq!(usac.samples_per_frame, Some(2048));
    let other = good(&OTHER_SYNC);
    assert_eq!((other.sbr, other.sample_rate), (false, Some(44_100)));
    assert_eq!(config_of(AAC, &OTHER_SYNC).2.remarks().len(), 1);
    // AAC LD has frames of its own length.
    assert_eq!(good(&bits::<3>("10111 0011 0010 0 0 0 00")).samples_per_frame, None);
}

/// Every configuration that is followed ends where its bits do: nothing but padding is left.
#[test]
fn configurations_of_their_own() {
    let whole = |bytes: &[u8], last: &str| {
        let tree = config_of(AAC, bytes).2;
        let leaves: Vec<_> = tree.leaves().map(|n| (n.field.name, n.bits.len)).collect();
        let end = leaves.iter().rfind(|(name, _)| *name != "padding").unwrap();
        assert_eq!(end.0, last, "{leaves:?}");
        assert!(leaves.iter().all(|(name, bits)| *name != "padding" || *bits < 8), "{leaves:?}");
        tree
    };
    let usac = whole(&USAC, "usac_extension");
    assert_eq!(leaf(&usac, "bs_residual_bands"), Value::Unsigned(7));
    whole(&PARAMETRIC, "ep_config");
    assert_eq!(leaf(&whole(&ELD, "ep_config"), "bs_noise_bands"), Value::Unsigned(2));
    assert_eq!(leaf(&whole(&PROTECTED, "direct_mapping"), "header_crclen"), Value::Unsigned(3));
    assert_eq!(leaf(&whole(&ALS, "trailer_size"), "als_sample_rate"), Value::Unsigned(48_000));
    for (bytes, last) in SPEECH.iter().zip(["bandwidth_scalability_mode", "config_extension_flag", "tts_enable_flags"])
    {
        whole(bytes, last);
    }
}

#[test]
fn reserved_numbers_are_remarked() {
    for bytes in [bits::<2>("00010 1101 0010 000"), bits::<2>("00010 0011 1000 000")] {
        let (config, result, tree) = config_of(AAC, &bytes);
        assert_eq!((result, tree.remarks().len()), (Ok(()), 1));
        let config = config.unwrap();
        assert!(config.sample_rate.is_none() != config.channels.is_none());
    }
}

#[test]
fn what_was_read_before_the_end_is_kept() {
    let (config, result, _) = config_of(AAC, &[0x12]);
    assert_eq!(result, Err(Fault { at: 0, kind: FaultKind::Short(1) }));
    assert_eq!(config.and_then(|c| c.profile()), Some("AAC LC"));
    assert_eq!(config_of(AAC, &[]).0, None);
    assert!(config_of(AAC, &[]).1.is_err());
    // Cut inside the sync extension: the rest is too short to be one.
    assert_eq!(config_of(AAC, &[0x12, 0x10, 0x56]).1, Ok(()));
}
