//! Parameter sets of VVC, with every choice that H.266 leaves them.

use proptest::prelude::*;
use rtmpscope::wire::code::MessageType;

use layers::{align, buffers, profile_tier_level, timing, vps};
use pictures::{aps, pps};

use super::bits::{Bits, Dice, dice};
use super::*;

mod layers;
mod pictures;

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
        if !looks.len().is_multiple_of(8) {
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
