//! Picture and adaptation parameter sets of VVC.

use crate::bits::{Bits, Dice};

/// 7.3.2.5
pub(super) fn pps(d: &mut Dice) -> Vec<u8> {
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
pub(super) fn aps(d: &mut Dice) -> Vec<u8> {
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
