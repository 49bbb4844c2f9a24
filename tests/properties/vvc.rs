//! Parameter sets of VVC, with every choice that H.266 leaves them.

use proptest::prelude::*;
use rtmpscope::wire::code::MessageType;

use super::bits::{Bits, Dice, dice};
use super::*;

fn align(b: &mut Bits) {
    while !b.len().is_multiple_of(8) {
        b.flag(false);
    }
}

/// 7.3.3.1
fn profile_tier_level(b: &mut Bits, d: &mut Dice, own: bool, layers: u64) {
    if own {
        b.u([1, 17, 33, 65][d.below(4) as usize], 7).u(d.below(2), 1);
    }
    b.u([32, 83, 102][d.below(3) as usize], 8).u(d.below(4), 2);
    if own {
        if b.flag(d.any()) {
            b.u(d.below(8), 3).u(d.below(9), 4);
            for _ in 0..64 {
                b.flag(d.any());
            }
            let more = d.below(9);
            b.u(more, 8).u(0, more as u32);
        }
        align(b);
    }
    let present: Vec<bool> = (0..layers).map(|_| b.flag(d.any())).collect();
    align(b);
    for _ in present.into_iter().filter(|present| *present) {
        b.u(d.below(100), 8);
    }
    if own {
        let profiles = d.below(3);
        b.u(profiles, 8);
        for _ in 0..profiles {
            b.u(d.below(1 << 20), 32);
        }
    }
}

/// 7.3.4
fn buffers(b: &mut Bits, d: &mut Dice, layers: u64, each: bool) {
    for _ in if each { 0 } else { layers }..=layers {
        b.ue(d.below(16)).ue(d.below(4)).ue(d.below(4));
    }
}

/// 7.3.5: for all layers, then for each.
fn timing(b: &mut Bits, d: &mut Dice, layers: u64) {
    b.u(1 + d.below(1 << 20), 32).u(1 + d.below(1 << 20), 32);
    let (nal, vcl) = (b.flag(d.any()), b.flag(d.any()));
    let (mut parts, mut count) = (false, 0);
    if nal || vcl {
        b.u(d.below(2), 1);
        parts = b.flag(d.any());
        if parts {
            b.u(d.below(256), 8);
        }
        b.u(d.below(256), 8);
        if parts {
            b.u(d.below(16), 4);
        }
        count = d.below(4);
        b.ue(count);
    }
    let each = layers > 0 && b.flag(d.any());
    for _ in if each { 0 } else { layers }..=layers {
        let general = b.flag(d.any());
        if general || b.flag(d.any()) {
            b.ue(d.below(2048));
        } else if (nal || vcl) && count == 0 {
            b.u(d.below(2), 1);
        }
        for _ in 0..(u64::from(nal) + u64::from(vcl)) * (count + 1) {
            b.ue(d.below(1 << 20)).ue(d.below(1 << 20));
            if parts {
                b.ue(d.below(1 << 20)).ue(d.below(1 << 20));
            }
            b.u(d.below(2), 1);
        }
    }
}

/// 7.3.2.4, up to the coding tools.
fn sps(d: &mut Dice) -> Vec<u8> {
    let mut b = Bits::default();
    let (layered, layers, chroma, block) = (d.any(), d.below(4), d.below(4), d.below(3));
    b.u(d.below(16), 4).u(u64::from(layered), 4).u(layers, 3).u(chroma, 2).u(block, 2);
    let complete = b.flag(d.any());
    if complete {
        profile_tier_level(&mut b, d, true, layers);
    }
    b.u(d.below(2), 1);
    if b.flag(d.any()) {
        b.u(d.below(2), 1);
    }
    let (width, height) = (64 + 8 * d.below(60), 64 + 8 * d.below(60));
    b.ue(width).ue(height);
    if b.flag(d.any()) {
        b.ue(d.below(4)).ue(d.below(4)).ue(d.below(4)).ue(d.below(4));
    }
    if b.flag(d.any()) {
        let last = d.below(4);
        b.ue(last);
        let (mut independent, mut alike) = (true, false);
        if last > 0 {
            independent = b.flag(d.any());
            alike = b.flag(d.any());
        }
        let blocks = |size: u64| size.div_ceil(32 << block).next_power_of_two().ilog2();
        let (across, down) = (blocks(width), blocks(height));
        for at in 0..if last > 0 { last + 1 } else { 0 } {
            if at > 0 && !alike {
                b.u(0, across + down);
            }
            if if alike { at == 0 } else { at < last } {
                b.u(0, across + down);
            }
            if !independent {
                b.u(d.below(4), 2);
            }
        }
        let bits = d.below(16);
        b.ue(bits);
        if b.flag(d.any()) && b.flag(d.any()) {
            for _ in 0..=last {
                b.u(0, bits as u32 + 1);
            }
        }
    }
    b.ue(d.below(9)).u(d.below(4), 2);
    let order = d.below(13);
    b.u(order, 4);
    if b.flag(d.any()) {
        b.ue(d.below(8));
    }
    for _ in 0..2 {
        let extra = d.below(3);
        b.u(extra, 2).u(d.below(256), extra as u32 * 8);
    }
    if complete {
        let each = layers > 0 && b.flag(d.any());
        buffers(&mut b, d, layers, each);
    }
    let skip = tools(&mut b, d, chroma, block, layered, order as u32 + 4);
    if b.flag(d.any()) && b.flag(d.any()) {
        for _ in 0..2 {
            let lines = d.below(4);
            b.ue(lines);
            for _ in 0..lines {
                b.ue(d.below(8));
            }
        }
    }
    if complete && b.flag(d.any()) {
        timing(&mut b, d, layers);
    }
    b.u(d.below(2), 1);
    if b.flag(d.any()) {
        let mut looks = Bits::default();
        usability(&mut looks, d);
        if looks.len() % 8 != 0 {
            looks.flag(true);
        }
        let looks = looks.bytes();
        b.ue(looks.len() as u64 - 1);
        align(&mut b);
        for byte in looks {
            b.u(u64::from(byte), 8);
        }
    }
    if b.flag(d.any()) {
        b.u(1, 1).u(0, 7).u(d.below(2), 1);
        if skip {
            b.u(d.below(2), 1);
        }
        b.u(d.below(8), 3);
    }
    b.unit(&[0x00, 0x79])
}

/// The coding tools of a sequence parameter set. Tells whether blocks may go without transform.
fn tools(b: &mut Bits, d: &mut Dice, chroma: u64, block: u64, layered: bool, order: u32) -> bool {
    let tree = |b: &mut Bits, d: &mut Dice| {
        b.ue(d.below(3));
        let depth = d.below(3);
        b.ue(depth);
        if depth > 0 {
            b.ue(d.below(3)).ue(d.below(3));
        }
    };
    b.ue(d.below(3)).u(d.below(2), 1);
    tree(b, d);
    if chroma != 0 && b.flag(d.any()) {
        tree(b, d);
    }
    tree(b, d);
    let large = block > 0 && b.flag(d.any());
    let skip = b.flag(d.any());
    if skip {
        b.ue(d.below(4)).u(d.below(2), 1);
    }
    if b.flag(d.any()) {
        b.u(d.below(4), 2);
    }
    let secondary = b.flag(d.any());
    if chroma != 0 {
        let joint = b.flag(d.any());
        let tables = if b.flag(d.any()) { 1 } else { 2 + u64::from(joint) };
        for _ in 0..tables {
            let points = d.below(4);
            b.se(d.below(40) as i64 - 20).ue(points);
            for _ in 0..=points {
                b.ue(d.below(20)).ue(d.below(20));
            }
        }
    }
    b.u(d.below(2), 1);
    if b.flag(d.any()) && chroma != 0 {
        b.u(d.below(2), 1);
    }
    b.u(d.below(2), 1);
    let weighted = [b.flag(d.any()), b.flag(d.any())].contains(&true);
    let long_term = b.flag(d.any());
    let inter_layer = layered && b.flag(d.any());
    b.u(d.below(2), 1);
    for _ in 0..if b.flag(d.any()) { 1 } else { 2 } {
        let lists = d.below(3);
        b.ue(lists);
        for _ in 0..lists {
            references(b, d, weighted, long_term, inter_layer, order);
        }
    }
    inter(b, d);
    // Pictures on their own.
    b.u(d.below(8), 3);
    if chroma != 0 {
        b.u(d.below(2), 1);
    }
    if chroma == 1 {
        b.u(d.below(4), 2);
    }
    let palette = b.flag(d.any());
    let act = chroma == 3 && !large && b.flag(d.any());
    if skip || palette {
        b.ue(d.below(9));
    }
    if b.flag(d.any()) {
        b.ue(d.below(6));
    }
    if b.flag(d.any()) {
        let intervals = d.below(4);
        b.u(intervals, 2).se(d.below(99) as i64 - 50);
        for _ in 0..=intervals {
            b.se(d.below(99) as i64 - 50).ue(d.below(200));
        }
    }
    let lists = b.flag(d.any());
    if lists && secondary {
        b.u(d.below(2), 1);
    }
    if lists && act && b.flag(d.any()) {
        b.u(d.below(2), 1);
    }
    b.u(d.below(4), 2);
    skip
}

/// 7.3.10
fn references(b: &mut Bits, d: &mut Dice, weighted: bool, long_term: bool, layered: bool, order: u32) {
    let count = d.below(5);
    b.ue(count);
    let in_header = long_term && count > 0 && b.flag(d.any());
    for at in 0..count {
        if layered && b.flag(d.any()) {
            b.ue(d.below(3));
        } else if !long_term || b.flag(d.any()) {
            let delta = d.below(5);
            b.ue(delta);
            let apart = if weighted && at != 0 { delta } else { delta + 1 };
            if apart > 0 {
                b.u(d.below(2), 1);
            }
        } else if !in_header {
            b.u(d.below(16), order);
        }
    }
}

fn inter(b: &mut Bits, d: &mut Dice) {
    b.u(d.below(2), 1);
    if b.flag(d.any()) {
        b.u(d.below(2), 1);
    }
    let precision = b.flag(d.any());
    if b.flag(d.any()) {
        b.u(d.below(2), 1);
    }
    b.u(d.below(2), 1);
    for _ in 0..2 {
        if b.flag(d.any()) {
            b.u(d.below(2), 1);
        }
    }
    let fewer = d.below(6);
    b.ue(fewer).u(d.below(2), 1);
    if b.flag(d.any()) {
        b.ue(d.below(5)).u(d.below(2), 1);
        if precision {
            b.u(d.below(2), 1);
        }
        if b.flag(d.any()) {
            b.u(d.below(2), 1);
        }
    }
    b.u(d.below(4), 2);
    if fewer <= 4 && b.flag(d.any()) && fewer <= 3 {
        b.ue(d.below(5 - fewer));
    }
    b.ue(d.below(5));
}

/// H.274 7.2
fn usability(b: &mut Bits, d: &mut Dice) {
    let (progressive, interlaced) = (b.flag(d.any()), b.flag(d.any()));
    b.u(d.below(4), 2);
    if b.flag(d.any()) {
        b.u(d.below(2), 1);
        let shape = if d.any() { 255 } else { d.below(17) };
        b.u(shape, 8);
        if shape == 255 {
            b.u(d.below(1 << 16), 16).u(d.below(1 << 16), 16);
        }
    }
    if b.flag(d.any()) {
        b.u(d.below(2), 1);
    }
    if b.flag(d.any()) {
        b.u(d.below(13), 8).u(d.below(19), 8).u(d.below(15), 8).u(d.below(2), 1);
    }
    if b.flag(d.any()) {
        b.ue(d.below(7));
        if !progressive || interlaced {
            b.ue(d.below(7));
        }
    }
}

/// 7.3.2.5
fn pps(d: &mut Dice) -> Vec<u8> {
    let mut b = Bits::default();
    let (wide, high) = (1 + d.below(4), 1 + d.below(4));
    b.u(d.below(64), 6).u(d.below(16), 4).u(d.below(2), 1).ue(wide * 32).ue(high * 32);
    if b.flag(d.any()) {
        b.ue(d.below(4)).ue(d.below(4)).ue(d.below(4)).ue(d.below(4));
    }
    if b.flag(d.any()) {
        b.se(-1).se(1).se(0).se(-2);
    }
    b.u(d.below(2), 1);
    let divided = !b.flag(d.any());
    if b.flag(d.any()) {
        let last = if divided { d.below(4) } else { 0 };
        if divided {
            b.ue(last);
        }
        b.ue(2).u(0, (last as u32 + 1) * 3);
    }
    if divided {
        // One column after the other is told, or one whose width repeats.
        b.u(0, 2);
        let (columns, rows) = (d.any(), d.any());
        b.ue(if columns { wide - 1 } else { 0 }).ue(if rows { high - 1 } else { 0 });
        for _ in 0..if columns { wide } else { 1 } {
            b.ue(0);
        }
        for _ in 0..if rows { high } else { 1 } {
            b.ue(0);
        }
        let rectangles = wide * high == 1 || {
            b.u(d.below(2), 1);
            b.flag(d.any())
        };
        // Every tile is a slice, so that there is nothing to choose but their sizes.
        let single = !rectangles || b.flag(d.any());
        let mut slices = 0;
        if !single {
            slices = wide * high - 1;
            b.ue(slices);
            let jumps = slices > 1 && b.flag(d.any());
            for slice in 0..slices {
                let (x, y) = (slice % wide, slice / wide);
                if x + 1 < wide {
                    b.ue(0);
                }
                if y + 1 < high && (jumps || x == 0) {
                    b.ue(0);
                }
                if jumps {
                    b.se(1);
                }
            }
        }
        if single || slices > 0 {
            b.u(d.below(2), 1);
        }
    }
    b.u(d.below(2), 1).ue(d.below(15)).ue(d.below(15)).u(d.below(2), 1);
    let weighted = [b.flag(d.any()), b.flag(d.any())].contains(&true);
    if b.flag(d.any()) {
        b.ue(d.below(9));
    }
    b.se(d.below(40) as i64 - 20).u(d.below(2), 1);
    let chroma = b.flag(d.any());
    if chroma {
        b.se(-1).se(2);
        let joint = b.flag(d.any());
        if joint {
            b.se(3);
        }
        b.u(d.below(2), 1);
        if b.flag(d.any()) {
            let entries = d.below(6);
            b.ue(entries);
            for _ in 0..(entries + 1) * if joint { 3 } else { 2 } {
                b.se(d.below(24) as i64 - 12);
            }
        }
    }
    if b.flag(d.any()) {
        let (changed, off) = (b.flag(d.any()), b.flag(d.any()));
        if divided && changed {
            b.u(d.below(2), 1);
        }
        for _ in 0..if off {
            0
        } else if chroma {
            6
        } else {
            2
        } {
            b.se(d.below(24) as i64 - 12);
        }
    }
    if divided {
        let lists = b.flag(d.any());
        b.u(d.below(4), 2);
        if weighted && lists {
            b.u(d.below(2), 1);
        }
        b.u(d.below(2), 1);
    }
    b.u(d.below(4), 2).u(0, 1);
    b.unit(&[0x00, 0x81])
}

/// 7.3.2.6
fn aps(d: &mut Dice) -> Vec<u8> {
    let mut b = Bits::default();
    let kind = d.below(3);
    b.u(kind, 3).u(d.below(4), 5);
    let chroma = b.flag(d.any());
    match kind {
        0 => filters(&mut b, d, chroma),
        1 => {
            let (first, last, bits) = (d.below(8), d.below(8), d.below(15));
            b.ue(first).ue(last).ue(bits);
            for _ in first..=15 - last {
                signed(&mut b, d, bits as u32 + 1);
            }
            if chroma {
                signed(&mut b, d, 3);
            }
        }
        _ => {
            for id in 0..28u64 {
                if !chroma && id % 3 != 2 && id != 27 {
                    continue;
                }
                let copied = b.flag(d.any());
                let predicted = !copied && b.flag(d.any());
                if (copied || predicted) && ![0, 2, 8].contains(&id) {
                    b.ue(0);
                }
                if !copied {
                    let mean = u64::from(id > 13);
                    for _ in 0..mean
                        + if id < 2 {
                            4
                        } else if id < 8 {
                            16
                        } else if id > 25 {
                            48
                        } else {
                            64
                        }
                    {
                        b.se(d.below(9) as i64 - 4);
                    }
                }
            }
        }
    }
    b.u(0, 1);
    b.unit(&[0x00, 0x89])
}

/// A number of so many bits, and its sign unless it is 0.
fn signed(b: &mut Bits, d: &mut Dice, bits: u32) {
    let number = d.below(1 << bits);
    b.u(number, bits);
    if number != 0 {
        b.u(d.below(2), 1);
    }
}

fn filters(b: &mut Bits, d: &mut Dice, chroma: bool) {
    let luma = b.flag(d.any());
    let [colours, cb, cr] = [(); 3].map(|()| chroma && b.flag(d.any()));
    let coefficients = |b: &mut Bits, d: &mut Dice, count| {
        for _ in 0..count {
            let size = d.below(20);
            b.ue(size);
            if size > 0 {
                b.u(d.below(2), 1);
            }
        }
    };
    if luma {
        let clipped = b.flag(d.any());
        let last = d.below(25);
        b.ue(last);
        if last > 0 {
            for _ in 0..25 {
                b.u(d.below(last + 1), 64 - last.leading_zeros());
            }
        }
        coefficients(b, d, (last + 1) * 12);
        for _ in 0..if clipped { (last + 1) * 12 } else { 0 } {
            b.u(d.below(4), 2);
        }
    }
    if colours {
        let clipped = b.flag(d.any());
        let last = d.below(8);
        b.ue(last);
        for _ in 0..=last {
            coefficients(b, d, 6);
            b.u(0, if clipped { 12 } else { 0 });
        }
    }
    for _ in 0..usize::from(cb) + usize::from(cr) {
        let last = d.below(4);
        b.ue(last);
        for _ in 0..(last + 1) * 7 {
            signed(b, d, 3);
        }
    }
}

/// 7.3.2.3: layers of which each needs the one below it, and sets of each with all below.
fn vps(d: &mut Dice) -> Vec<u8> {
    let mut b = Bits::default();
    let (last, sublayers) = (d.below(4), d.below(3));
    b.u(1, 4).u(last, 6).u(sublayers, 3);
    let alike = !(last > 0 && sublayers > 0) || b.flag(d.any());
    let independent = last == 0 || b.flag(d.any());
    for layer in 0..=last {
        b.u(layer, 6);
        if layer > 0 && !independent && !b.flag(d.any()) {
            let limited = b.flag(d.any());
            for _ in 0..layer {
                if b.flag(d.any()) && limited {
                    b.u(d.below(8), 3);
                }
            }
        }
    }
    let (mut sets, mut told) = (last + 1, false);
    let mut many = 0;
    if last > 0 && !(independent && b.flag(d.any())) {
        told = true;
        if independent {
            // Two sets: all layers, and the first one alone.
            b.u(1, 8).u(u64::MAX, last as u32 + 1).u(1, 1).u(0, last as u32);
            (sets, many) = (3, 1);
        } else {
            b.u(d.below(2), 2);
            many = last;
        }
    }
    let profiles = if last > 0 { d.below(sets) } else { 0 };
    if last > 0 {
        b.u(profiles, 8);
    }
    let mut levels = Vec::new();
    for at in 0..=profiles {
        let own = at == 0 || b.flag(d.any());
        let highest = if alike { sublayers } else { d.below(sublayers + 1) };
        if !alike {
            b.u(highest, 3);
        }
        levels.push((own, highest));
    }
    align(&mut b);
    for (own, highest) in levels {
        profile_tier_level(&mut b, d, own, highest);
    }
    if profiles > 0 && profiles + 1 != sets {
        for _ in 0..sets {
            b.u(d.below(profiles + 1), 8);
        }
    }
    if told {
        b.ue(0);
        let each = sublayers > 0 && b.flag(d.any());
        let highest = if alike { sublayers } else { d.below(sublayers + 1) };
        if !alike {
            b.u(highest, 3);
        }
        buffers(&mut b, d, highest, each);
        for _ in 0..many {
            b.ue(1920).ue(1080).u(1, 2).ue(2);
        }
        b.u(0, 1);
    }
    b.u(0, 1);
    b.unit(&[0x00, 0x71])
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn parameter_sets(choices in dice(), kind in 0..4usize, change in change()) {
        let mut d = Dice::new(choices);
        let unit = [vps, sps, pps, aps][kind](&mut d);
        let mut out = b"\x91vvc1\0\0\0".to_vec();
        out.extend((unit.len() as u32).to_be_bytes());
        out.extend(unit);
        healthy(MessageType(9), &out, change)?;
    }
}
