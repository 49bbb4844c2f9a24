//! The video parameter set of VVC, and what all sets share: profiles, buffers, timing.

use crate::bits::{Bits, Dice};

pub(super) fn align(b: &mut Bits) {
    while !b.len().is_multiple_of(8) {
        b.flag(false);
    }
}

/// 7.3.3.1
pub(super) fn profile_tier_level(b: &mut Bits, d: &mut Dice, own: bool, layers: u64) {
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
pub(super) fn buffers(b: &mut Bits, d: &mut Dice, layers: u64, each: bool) {
    for _ in if each { 0 } else { layers }..=layers {
        b.ue(d.below(16)).ue(d.below(4)).ue(d.below(4));
    }
}

/// 7.3.5: for all layers, then for each.
pub(super) fn timing(b: &mut Bits, d: &mut Dice, layers: u64) {
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

/// 7.3.2.3: layers of which each needs the one below it, and sets of each with all below.
pub(super) fn vps(d: &mut Dice) -> Vec<u8> {
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
