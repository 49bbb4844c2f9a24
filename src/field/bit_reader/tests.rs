use super::*;
use crate::field::{Kind, Tree};

static A: Field = Field::new("a", "first");
static B: Field = Field::new("b", "second");
static G: Field = Field::new("g", "a group");

/// Leaves and gaps, as (name, start, length) in bits.
fn leaves(tree: &Tree) -> Vec<(&'static str, u32, u32)> {
    tree.leaves().map(|n| (n.field.name, n.bits.start, n.bits.len)).collect()
}

type Bit<'r, 'a> = BitReader<'r, 'a, Tree>;

/// One byte before the section, so that offsets of the section and of the buffer differ.
fn plain(bytes: &[u8], read: impl FnOnce(&mut Bit<'_, '_>) -> Result<(), Fault>) -> Tree {
    let bytes = [&[0xee], bytes].concat();
    Tree::explain(&bytes, |r| {
        r.u8(&B)?;
        r.bit_section(r.left(), read)
    })
}

fn rbsp(bytes: &[u8], read: impl FnOnce(&mut Bit<'_, '_>) -> Result<(), Fault>) -> Tree {
    let bytes = [&[0xee], bytes].concat();
    Tree::explain(&bytes, |r| {
        r.u8(&B)?;
        r.rbsp(r.left(), read)
    })
}

fn assert_tiles(tree: &Tree, bytes: usize) {
    assert_eq!(tree.tiles(bytes), Ok(()));
}

#[test]
fn bits_cross_bytes_and_keep_their_place() {
    let tree = plain(&[0b1010_0110, 0x0f, 0xff], |b| {
        assert_eq!(b.u(&A, 3), Ok(0b101));
        assert_eq!(b.flag(&A), Ok(false));
        assert_eq!(b.left(), 20);
        assert_eq!(b.u(&A, 8), Ok(0b0110_0000));
        assert!(!b.is_aligned());
        b.align(&B)?;
        assert!(b.is_aligned());
        b.rest(&A);
        b.rest(&A);
        Ok(())
    });
    let all = [("b", 0, 8), ("a", 8, 3), ("a", 11, 1), ("a", 12, 8), ("b", 20, 4), ("a", 24, 8)];
    assert_eq!(leaves(&tree), all);
    plain(&[0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xf0], |b| {
        b.u(&A, 4)?;
        assert_eq!(b.u(&A, 64), Ok(0x1234_5678_9abc_deff));
        Ok(())
    });
}

#[test]
fn exp_golomb_codes() {
    // 1 | 010 | 011 | 00100 | 00101 | 00110 | 00111 and padding.
    let bytes = [0b1010_0110, 0b0100_0010, 0b1001_1000, 0b1110_0000];
    plain(&bytes, |b| {
        for n in 0..7 {
            assert_eq!(b.ue(&A), Ok(n));
        }
        Ok(())
    });
    plain(&bytes, |b| {
        for n in [0, 1, -1, 2, -2, 3, -3] {
            assert_eq!(b.se(&A), Ok(n));
        }
        Ok(())
    });
    // 32 zeros, a 1, 32 zeros: the largest number that is allowed.
    let tree = plain(&[0, 0, 0, 0, 0x80, 0, 0, 0, 0], |b| {
        assert_eq!(b.ue(&A), Ok(u32::MAX));
        Ok(())
    });
    assert_eq!(leaves(&tree), [("b", 0, 8), ("a", 8, 65), ("gap", 73, 7)]);
}

#[test]
fn absurd_codes_are_faults_where_they_begin() {
    let why = FaultKind::Malformed(&"not a number of at most 32 bits");
    for bytes in [&[0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &[0x01, 0, 0, 0, 0, 0x40, 0, 0, 0, 8]] {
        let tree = plain(bytes, |b| {
            b.u(&A, 8)?;
            b.ue(&A).map(drop)
        });
        assert_eq!(tree.first_fault(), Some(Fault { at: 2, kind: why }), "{bytes:x?}");
        assert_eq!(leaves(&tree), [("b", 0, 8), ("a", 8, 8), ("gap", 16, 72)]);
    }
    let tree = plain(&[0, 0, 0, 0, 0x80, 0, 0, 0, 0x80], |b| b.ue(&A).map(drop));
    assert_eq!(tree.first_fault(), Some(Fault { at: 1, kind: why }), "2^32 does not fit");
    let tree = plain(&[0, 0], |b| b.se(&A).map(drop));
    assert_eq!(tree.first_fault(), Some(Fault { at: 1, kind: FaultKind::Short(1) }));
    let tree = plain(&[0b0010_1000], |b| b.ue_to(&A, 3).map(drop));
    assert_eq!(leaves(&tree), [("b", 0, 8), ("a", 8, 5), ("gap", 13, 3)]);
    assert_eq!(tree.first_fault().map(|f| f.at), Some(1));
}

#[test]
fn uvlc_codes_of_av1() {
    plain(&[0b0010_1000], |b| {
        assert_eq!(b.uvlc(&A), Ok(4));
        Ok(())
    });
    let tree = plain(&[0, 0, 0, 0, 0x80], |b| {
        assert_eq!(b.uvlc(&A), Ok(u32::MAX));
        Ok(())
    });
    assert_eq!(leaves(&tree), [("b", 0, 8), ("a", 8, 33), ("gap", 41, 7)]);
}

#[test]
fn sums_of_bytes() {
    let tree = plain(&[0xff, 0xff, 3, 0, 0xff], |b| {
        assert_eq!(b.byte_sum(&A), Ok(513));
        assert_eq!(b.byte_sum(&A), Ok(0));
        b.byte_sum(&A).map(drop)
    });
    assert_eq!(leaves(&tree), [("b", 0, 8), ("a", 8, 24), ("a", 32, 8), ("gap", 40, 8)]);
    assert_eq!(tree.first_fault(), Some(Fault { at: 5, kind: FaultKind::Short(1) }));
}

#[test]
fn stuffed_bytes_are_leaves_or_lie_inside_a_field() {
    // Between two fields.
    let tree = rbsp(&[0, 0, 3, 1], |b| {
        assert_eq!(b.u(&A, 16), Ok(0));
        assert_eq!(b.left(), 8);
        assert_eq!(b.u(&A, 8), Ok(1));
        Ok(())
    });
    assert_eq!(leaves(&tree), [("b", 0, 8), ("a", 8, 16), ("emulation_prevention", 24, 8), ("a", 32, 8)]);
    // Inside a field, twice, and one at the very end.
    let bytes = [0, 0, 3, 0, 0, 3, 1, 0, 0, 3];
    let tree = rbsp(&bytes, |b| {
        assert_eq!(b.u(&A, 4), Ok(0));
        assert_eq!(b.u(&A, 40), Ok(0x10));
        assert_eq!(b.u(&A, 4), Ok(0));
        b.u(&A, 8)?;
        assert_eq!(b.left(), 0);
        Ok(())
    });
    let all = [("a", 8, 4), ("a", 12, 56), ("a", 68, 4), ("a", 72, 8), ("emulation_prevention", 80, 8)];
    assert_eq!(leaves(&tree)[1..], all);
    assert_tiles(&tree, bytes.len() + 1);
    // A section without stuffing reads the 03.
    plain(&[0, 0, 3], |b| {
        assert_eq!(b.u(&A, 24), Ok(3));
        Ok(())
    });
    // 03 stands for itself after one zero byte, and zeros before the section do not count.
    rbsp(&[3, 0, 3, 0], |b| {
        assert_eq!(b.u(&A, 32), Ok(0x0300_0300));
        Ok(())
    });
}

#[test]
fn bytes_and_bounds_do_not_count_what_was_stuffed_in() {
    let bytes = [7, 0, 0, 3, 0, 8, 9, 0x80];
    let tree = rbsp(&bytes, |b| {
        assert_eq!(b.u(&A, 8), Ok(7));
        assert_eq!(b.bytes(&A, 4), Ok(&[0, 0, 3, 0, 8][..]));
        assert_eq!(b.text(&A, 0), Ok(&[][..]));
        assert_eq!(b.bytes(&A, 3), Err(Fault { at: 7, kind: FaultKind::Short(1) }));
        b.u(&A, 8)?;
        b.trailing(&B);
        Ok(())
    });
    assert_eq!(leaves(&tree)[1..], [("a", 8, 8), ("a", 16, 40), ("a", 56, 8), ("b", 64, 8)]);
    assert!(tree.remarks().is_empty());
    let tree = rbsp(&bytes, |b| {
        b.within(4, |b| {
            assert_eq!((b.u(&A, 8), b.left()), (Ok(7), 32));
            Ok(())
        })?;
        b.within(1, |b| b.u(&A, 16).map(drop)).unwrap_err();
        assert_eq!(b.within(9, |_| Ok(())), Err(Fault { at: 7, kind: FaultKind::Short(7) }));
        assert_eq!(b.u(&A, 8), Ok(9));
        Ok(())
    });
    let all = [("a", 8, 8), ("gap", 16, 32), ("gap", 48, 8), ("a", 56, 8), ("gap", 64, 8)];
    assert_eq!(leaves(&tree)[1..], all);
}

#[test]
fn the_end_of_a_nal_unit() {
    let odd = |bytes: &[u8], skip: u32| {
        let tree = rbsp(bytes, |b| {
            b.u(&A, skip)?;
            b.trailing(&B);
            Ok(())
        });
        assert_tiles(&tree, bytes.len() + 1);
        !tree.remarks().is_empty()
    };
    assert!(!odd(&[0b1110_0000], 2));
    assert!(!odd(&[1, 0x80], 8));
    assert!(!odd(&[1, 0x80, 0, 0, 3, 0, 0, 3], 8));
    assert!(odd(&[0b1110_0001], 2));
    assert!(odd(&[1], 8));
    assert!(odd(&[1, 0, 0], 8));
    assert!(odd(&[1, 0x80, 1], 8));
}

#[test]
fn groups_and_faults_as_in_the_reader() {
    let bytes = [0xee, 0xff, 0xff, 5];
    let tree = Tree::explain(&bytes, |r| {
        r.u8(&B)?;
        r.bit_section(2, |b| {
            b.group(&G, |b| {
                b.u(&A, 3)?;
                b.derived(&B, Value::Unsigned(9));
                b.value(Value::Count(1));
                b.u(&A, 14).map(drop)
            })
        })
        .unwrap_err();
        assert_eq!(r.bit_section(2, |_| Ok(())), Err(Fault { at: 3, kind: FaultKind::Short(1) }));
        assert_eq!(r.bit_section(usize::MAX, |_| Ok(())).map_err(|f| f.at), Err(3));
        r.u8(&B).map(drop)
    });
    assert_eq!(leaves(&tree), [("b", 0, 8), ("a", 8, 3), ("gap", 11, 13), ("b", 24, 8)]);
    assert_eq!(tree.fault(1), Some(Fault { at: 1, kind: FaultKind::Short(1) }));
    let group = &tree.nodes()[1];
    assert_eq!((group.kind, group.value, group.bits), (Kind::Group, Value::Count(1), Bits { start: 8, len: 3 }));
}

/// Whatever is read from whatever bytes: leaves tile, and the values are those of the bytes without stuffing.
#[test]
fn noise_tiles_and_reads_the_same_without_stuffing() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for _ in 0..2000 {
        let bytes: Vec<u8> = (0..random(40)).map(|_| [0, 0, 0, 3, 1, 0xff][random(6) as usize]).collect();
        let mut clear: Vec<u8> = Vec::new();
        let mut zeros = 0;
        for &byte in &bytes {
            if zeros >= 2 && byte == 3 {
                zeros = 0;
                continue;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            clear.push(byte);
        }
        let steps: Vec<(u64, u32)> = (0..30).map(|_| (random(6), 1 + random(40) as u32)).collect();
        let read = |b: &mut Bit<'_, '_>, seen: &mut Vec<i64>| -> Result<(), Fault> {
            for &(kind, bits) in &steps {
                seen.push(match kind {
                    0 => i64::from(b.ue(&A)?),
                    1 => b.se(&A)?,
                    2 if b.is_aligned() => i64::from(b.byte_sum(&A)?),
                    3 if b.is_aligned() => b.within(bits / 8, |b| Ok(b.u(&A, 5).unwrap_or(99) as i64))?,
                    4 if b.is_aligned() => b.bytes(&A, bits / 8).map(|_| 0)?,
                    _ => b.u(&A, bits)? as i64,
                });
            }
            Ok(())
        };
        let (mut stuffed_values, mut clear_values) = (Vec::new(), Vec::new());
        let tree = rbsp(&bytes, |b| read(b, &mut stuffed_values));
        assert_tiles(&tree, bytes.len() + 1);
        assert_tiles(&plain(&clear, |b| read(b, &mut clear_values)), clear.len() + 1);
        assert_eq!(stuffed_values, clear_values, "{bytes:x?}");
    }
}
