//! Decoder configurations, written bit by bit with every choice that a sequence parameter set or header leaves.

use proptest::prelude::*;
use rtmpscope::wire::code::MessageType;

use super::bits::{Bits, Dice, dice};
use super::*;

fn hrd(b: &mut Bits, d: &mut Dice) {
    let count = d.below(4);
    b.ue(count).u(d.below(16), 4).u(d.below(16), 4);
    for _ in 0..=count {
        b.ue(d.below(1 << 20)).ue(d.below(1 << 20)).u(d.below(2), 1);
    }
    b.u(d.below(32), 5).u(d.below(32), 5).u(d.below(32), 5).u(d.below(32), 5);
}

/// H.264 E.1.1
fn vui(b: &mut Bits, d: &mut Dice) {
    if b.flag(d.any()) {
        let ratio = if d.any() { 255 } else { d.below(17) };
        b.u(ratio, 8);
        if ratio == 255 {
            b.u(d.below(1 << 16), 16).u(d.below(1 << 16), 16);
        }
    }
    if b.flag(d.any()) {
        b.u(d.below(2), 1);
    }
    if b.flag(d.any()) {
        b.u(d.below(8), 3).u(d.below(2), 1);
        if b.flag(d.any()) {
            b.u(d.below(19), 8).u(d.below(19), 8).u(d.below(15), 8);
        }
    }
    if b.flag(d.any()) {
        b.ue(d.below(6)).ue(d.below(6));
    }
    if b.flag(d.any()) {
        b.u(d.below(1 << 24), 32).u(d.below(1 << 24), 32).u(d.below(2), 1);
    }
    let (nal, vcl) = (d.any(), d.any());
    for present in [nal, vcl] {
        if b.flag(present) {
            hrd(b, d);
        }
    }
    if nal || vcl {
        b.u(d.below(2), 1);
    }
    b.u(d.below(2), 1);
    if b.flag(d.any()) {
        b.u(d.below(2), 1)
            .ue(d.below(17))
            .ue(d.below(17))
            .ue(d.below(17))
            .ue(d.below(17))
            .ue(d.below(4))
            .ue(4 + d.below(8));
    }
}

/// H.264 7.3.2.1.1
fn avc_sps(d: &mut Dice) -> Vec<u8> {
    let high = [100, 110, 122, 244, 44];
    let profile = if d.any() { high[d.below(5) as usize] } else { [66, 77, 88][d.below(3) as usize] };
    let mut b = Bits::default();
    b.u(profile, 8).u(d.below(64) << 2, 8).u([9, 10, 11, 31, 40, 51][d.below(6) as usize], 8).ue(d.below(32));
    if high.contains(&profile) {
        let chroma = d.below(4);
        b.ue(chroma);
        if chroma == 3 {
            b.u(d.below(2), 1);
        }
        b.ue(d.below(7)).ue(d.below(7)).u(d.below(2), 1);
        if b.flag(d.any()) {
            for list in 0..if chroma == 3 { 12 } else { 8 } {
                if b.flag(d.any()) {
                    scaling_list(&mut b, d, if list < 6 { 16 } else { 64 });
                }
            }
        }
    }
    b.ue(d.below(13));
    let order = d.below(3);
    b.ue(order);
    match order {
        0 => {
            b.ue(d.below(13));
        }
        1 => {
            b.u(d.below(2), 1).se(d.below(999) as i64 - 500).se(d.below(999) as i64 - 500);
            let cycle = d.below(5);
            b.ue(cycle);
            for _ in 0..cycle {
                b.se(d.below(999) as i64 - 500);
            }
        }
        _ => {}
    }
    b.ue(d.below(17)).u(d.below(2), 1).ue(9 + d.below(200)).ue(9 + d.below(200));
    if !b.flag(d.any()) {
        b.u(d.below(2), 1);
    }
    b.u(1, 1);
    if b.flag(d.any()) {
        b.ue(d.below(8)).ue(d.below(8)).ue(d.below(8)).ue(d.below(8));
    }
    if b.flag(d.any()) {
        vui(&mut b, d);
    }
    b.unit(&[0x67])
}

fn scaling_list(b: &mut Bits, d: &mut Dice, size: usize) {
    let (mut last, mut next) = (8i64, 8i64);
    for _ in 0..size {
        if next != 0 {
            let delta = d.below(255) as i64 - 127;
            b.se(delta);
            next = (last + delta).rem_euclid(256);
        }
        last = if next == 0 { last } else { next };
    }
}

fn avcc(sps: &[u8]) -> Vec<u8> {
    let pps = Bits::default().ue(0).ue(0).u(0, 2).ue(0).ue(0).ue(0).u(0, 3).se(0).se(0).se(0).u(0, 3).unit(&[0x68]);
    let mut out = vec![0x17, 0, 0, 0, 0, 1, sps[1], sps[2], sps[3], 0xff, 0xe1];
    out.extend((sps.len() as u16).to_be_bytes());
    out.extend(sps);
    out.push(1);
    out.extend((pps.len() as u16).to_be_bytes());
    out.extend(pps);
    // The record of the high profiles goes on with formats that repeat the parameter set; decoders do without.
    out
}

/// AV1 5.5.1
fn av1_sequence(d: &mut Dice) -> Vec<u8> {
    let mut b = Bits::default();
    let profile = d.below(3);
    b.u(profile, 3);
    let still = b.flag(d.any());
    let reduced = b.flag(still && d.any());
    if reduced {
        b.u(d.below(24), 5);
    } else {
        let mut delays = None;
        if b.flag(d.any()) {
            b.u(1 + d.below(1 << 20), 32).u(1 + d.below(1 << 20), 32);
            if b.flag(d.any()) {
                b.ue(d.below(100));
            }
            if b.flag(d.any()) {
                let bits = d.below(32);
                b.u(bits, 5).u(1 + d.below(1 << 20), 32).u(d.below(32), 5).u(d.below(32), 5);
                delays = Some(bits as u32 + 1);
            }
        }
        let display = b.flag(d.any());
        let points = d.below(4);
        b.u(points, 5);
        for _ in 0..=points {
            b.u(d.below(1 << 12), 12);
            let level = d.below(24);
            b.u(level, 5);
            if level > 7 {
                b.u(d.below(2), 1);
            }
            if let Some(bits) = delays
                && b.flag(d.any())
            {
                b.u(d.below(1 << 24), bits).u(d.below(1 << 24), bits).u(d.below(2), 1);
            }
            if display && b.flag(d.any()) {
                b.u(d.below(16), 4);
            }
        }
    }
    let (wide, high) = (8 + d.below(8), 8 + d.below(8));
    b.u(wide, 4).u(high, 4).u(d.below(1 << wide), wide as u32 + 1).u(d.below(1 << high), high as u32 + 1);
    if !reduced && b.flag(d.any()) {
        b.u(d.below(15), 4).u(d.below(7), 3);
    }
    b.u(d.below(8), 3);
    if !reduced {
        b.u(d.below(16), 4);
        let order = b.flag(d.any());
        if order {
            b.u(d.below(4), 2);
        }
        let choose = b.flag(d.any());
        let tools = if choose { 2 } else { u64::from(b.flag(d.any())) };
        if tools > 0 && !b.flag(d.any()) {
            b.u(d.below(2), 1);
        }
        if order {
            b.u(d.below(8), 3);
        }
    }
    b.u(d.below(8), 3);
    colours(&mut b, d, profile);
    b.u(d.below(2), 1);
    b.flag(true);
    b.bytes()
}

/// AV1 5.5.2
fn colours(b: &mut Bits, d: &mut Dice, profile: u64) {
    let deep = b.flag(d.any());
    let deepest = profile == 2 && deep && b.flag(d.any());
    let grey = profile != 1 && b.flag(d.any());
    let mut srgb = false;
    if b.flag(d.any()) {
        srgb = d.any();
        let [primaries, transfer, matrix] = if srgb { [1, 13, 0] } else { [d.below(13), d.below(19), 1 + d.below(14)] };
        b.u(primaries, 8).u(transfer, 8).u(matrix, 8);
    }
    if grey {
        b.u(d.below(2), 1);
        return;
    }
    if !srgb {
        b.u(d.below(2), 1);
        let (x, y) = match profile {
            0 => (true, true),
            1 => (false, false),
            _ if deepest => {
                let x = b.flag(d.any());
                (x, x && b.flag(d.any()))
            }
            _ => (true, false),
        };
        if x && y {
            b.u(d.below(3), 2);
        }
    }
    b.u(d.below(2), 1);
}

fn av1c(sequence: &[u8]) -> Vec<u8> {
    let mut out = b"\x90av01".to_vec();
    out.extend([0x81, sequence[0] & 0xe0 | 4, 0x0c, 0, 0x0a, sequence.len() as u8]);
    out.extend(sequence);
    out
}

/// ISO/IEC 14496-3 1.6.2.1: the object types of general audio, with and without explicit SBR and PS.
fn aac(d: &mut Dice) -> Vec<u8> {
    let mut b = Bits::default();
    let extended = d.below(3);
    let core = [1, 2, 3, 4][d.below(4) as usize];
    let rate = |b: &mut Bits, d: &mut Dice| {
        if d.any() {
            b.u(15, 4).u(8000 + d.below(88_000), 24);
        } else {
            b.u(d.below(13), 4);
        }
    };
    b.u([core, 5, 29][extended as usize], 5);
    rate(&mut b, d);
    b.u(1 + d.below(7), 4);
    if extended > 0 {
        rate(&mut b, d);
        b.u(core, 5);
    }
    b.u(d.below(2), 1);
    if b.flag(d.any()) {
        b.u(d.below(1 << 14), 14);
    }
    b.u(0, 1);
    b.bytes()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn avc_sequence_parameter_sets(choices in dice(), change in change()) {
        let sps = avc_sps(&mut Dice::new(choices));
        healthy(MessageType(9), &avcc(&sps), change)?;
    }

    #[test]
    fn av1_sequence_headers(choices in dice(), change in change()) {
        let sequence = av1_sequence(&mut Dice::new(choices));
        healthy(MessageType(9), &av1c(&sequence), change)?;
    }

    #[test]
    fn aac_configurations(choices in dice(), enhanced: bool, change in change()) {
        let config = aac(&mut Dice::new(choices));
        let header: &[u8] = if enhanced { b"\x90mp4a" } else { &[0xaf, 0] };
        healthy(MessageType(8), &[header, &config].concat(), change)?;
    }

    #[test]
    fn flac_stream_info(info in bytes(34), blocks in proptest::collection::vec((1..6u8, bytes(0..20)), 0..3), change in change()) {
        let mut out = b"\x90fLaCfLaC".to_vec();
        out.extend([if blocks.is_empty() { 0x80 } else { 0 }, 0, 0, 34]);
        out.extend(&info);
        for (at, (kind, data)) in blocks.iter().enumerate() {
            out.push(if at + 1 == blocks.len() { 0x80 | kind } else { *kind });
            out.extend(be(data.len() as u32, 3));
            out.extend(data);
        }
        laws(MessageType(8), &out, change)?;
    }

    #[test]
    fn opus_heads(channels in 1..9u8, skip: u16, rate: u32, gain: i16, mapping in any::<[u8; 8]>(), surround: bool, change in change()) {
        let surround = surround || channels > 2;
        let mut out = b"\x90OpusOpusHead\x01".to_vec();
        out.push(channels);
        out.extend(skip.to_le_bytes());
        out.extend(rate.to_le_bytes());
        out.extend(gain.to_le_bytes());
        out.push(u8::from(surround));
        if surround {
            out.extend([channels, 0]);
            out.extend(mapping[..usize::from(channels)].iter().map(|index| index % channels));
        }
        healthy(MessageType(8), &out, change)?;
    }

    #[test]
    fn vp_configurations(profile in 0..4u8, level in 0..63u8, bits: u8, colours in any::<[u8; 3]>(), old: bool, change in change()) {
        let code: &[u8] = if old { b"\x90vp08" } else { b"\x90vp09" };
        let out = [code, &[1, 0, 0, 0, profile, level, bits], &colours, &[0, 0]].concat();
        laws(MessageType(9), &out, change)?;
    }

    /// Frames of every codec: what their headers make of any bytes.
    #[test]
    fn frames(video: bool, code in 0..6usize, body in bytes(0..90), change in change()) {
        let codes: [&[u8; 4]; 6] = if video { [b"vp08", b"vp09", b"av01", b"avc1", b"hvc1", b"vvc1"] } else { [b"ac-3", b"ec-3", b"Opus", b".mp3", b"fLaC", b"mp4a"] };
        for packet in [0, 1] {
            let out = [&[0x90 | packet][..], codes[code], &body].concat();
            laws(MessageType(if video { 9 } else { 8 }), &out, change)?;
        }
    }

    /// Units of every type, with lengths that add up, so that parameter sets and SEI meet any bytes.
    #[test]
    fn units(family in 0..3usize, units in proptest::collection::vec((any::<u8>(), bytes(0..40)), 1..4), change in change()) {
        let code: &[u8] = [b"\x93avc1", b"\x93hvc1", b"\x91vvc1"][family];
        let mut out = code.to_vec();
        if family == 2 {
            out.extend([0, 0, 0]);
        }
        for (kind, body) in units {
            let header = [vec![0x60 | kind & 0x1f], vec![kind & 0x7e, 1], vec![0, kind & 0xf8 | 1]][family].clone();
            out.extend(be((header.len() + body.len()) as u32, 4));
            out.extend(header);
            out.extend(body);
        }
        laws(MessageType(9), &out, change)?;
    }
}
