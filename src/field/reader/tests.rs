use super::*;
use crate::field::Kind;

static A: Field = Field::new("a", "first");
static B: Field = Field::new("b", "second");
static G: Field = Field::new("g", "a group");
static ME: Field = Field::new("me", "a known member");
static OTHER: Field = Field::new("other", "any other member");
static OWNER: Field = Field::new("owner", "has members").members(&[&ME]);

/// Leaves and gaps, as (name, start, length) in bits.
fn leaves(tree: &Tree) -> Vec<(&'static str, u32, u32)> {
    tree.leaves().map(|n| (n.field.name, n.bits.start, n.bits.len)).collect()
}

#[test]
fn integers_of_every_width() {
    let bytes = [1, 0, 2, 0, 0, 3, 0, 0, 0, 4, 5, 0, 0, 0, 0xff, 0xfe, 0xff, 0xff, 0xfd];
    let mut r = Reader::quiet(&bytes);
    assert_eq!(r.u8(&A), Ok(1));
    assert_eq!(r.u16(&A), Ok(2));
    assert_eq!(r.u24(&A), Ok(3));
    assert_eq!(r.u32(&A), Ok(4));
    assert_eq!(r.u32_le(&A), Ok(5));
    assert_eq!(r.i16(&A), Ok(-2));
    assert_eq!(r.i24(&A), Ok(-3));
    assert_eq!(r.u8(&A), Err(Fault { at: 19, kind: FaultKind::Short(1) }));
}

#[test]
fn bit_fields_split_bytes_from_the_top() {
    let tree = Tree::explain(&[0b1100_0101, 0x80], |r| {
        assert_eq!(r.bits([(&A, 2), (&B, 6)]), Ok([3, 5]));
        Ok(())
    });
    assert_eq!(leaves(&tree), [("a", 0, 2), ("b", 2, 6), ("gap", 8, 8)]);
}

#[test]
fn a_fault_is_pinned_on_the_innermost_group_and_the_rest_becomes_a_gap() {
    let tree = Tree::explain(&[7, 0, 0], |r| {
        r.group(&G, |r| {
            r.u8(&A)?;
            r.group(&B, |r| r.u32(&A).map(drop))
        })
    });
    assert_eq!(leaves(&tree), [("a", 0, 8), ("gap", 8, 16)]);
    let inner = tree.nodes().iter().position(|n| n.field.name == "b").unwrap();
    assert_eq!(tree.fault(inner), Some(Fault { at: 1, kind: FaultKind::Short(2) }));
    assert_eq!(tree.fault(0), None);
}

#[test]
fn within_always_ends_after_its_bytes() {
    let tree = Tree::explain(&[1, 2, 3, 4], |r| {
        let inner = r.within(2, |r| r.u32(&A).map(drop));
        assert_eq!(inner, Err(Fault { at: 0, kind: FaultKind::Short(2) }));
        assert_eq!(r.within(3, |_| Ok(())), Err(Fault { at: 2, kind: FaultKind::Short(1) }));
        r.within(1, |_| Ok(()))?;
        r.u8(&B).map(drop)
    });
    assert_eq!(leaves(&tree), [("gap", 0, 16), ("gap", 16, 8), ("b", 24, 8)]);
}

#[test]
fn members_find_their_descriptor_in_the_open_group() {
    const FIELDS: Member = Member { member: &OTHER, length: &A, name: &B };
    let bytes = b"\0\x02me!\0\x03you!\0\x09";
    let tree = Tree::explain(bytes, |r| {
        r.group(&OWNER, |r| {
            r.member(&FIELDS, |r, name| r.u8(&B).map(|_| assert_eq!(name, b"me")))?;
            r.member(&FIELDS, |r, name| r.u8(&B).map(|_| assert_eq!(name, b"you")))?;
            r.member(&FIELDS, |_, _| Ok(()))
        })
    });
    let members: Vec<_> = tree.nodes().iter().filter(|n| n.key.is_some()).collect();
    let names: Vec<_> = members.iter().map(|n| (n.field.name, n.key.unwrap_or_default().of(bytes))).collect();
    assert_eq!(names, [("me", &b"me"[..]), ("other", b"you"), ("other", b"")]);
    assert_eq!(tree.first_fault(), Some(Fault { at: 13, kind: FaultKind::Short(9) }));
    assert_eq!(tree.leaves().map(|n| n.bits.len).sum::<u32>() as usize, bytes.len() * 8);
}

#[test]
fn depth_and_number_of_values_are_bounded() {
    fn dig(r: &mut Reader<'_, Off>, levels: u32) -> Result<(), Fault> {
        if levels == 0 { Ok(()) } else { r.deeper(|r| dig(r, levels - 1)) }
    }
    let bounds = Bounds { depth: 3, nodes: 2 };
    let mut r = Reader::quiet(&[]).bounded(bounds);
    assert_eq!(dig(&mut r, 3), Ok(()));
    assert_eq!(dig(&mut r, 4), Err(Fault { at: 0, kind: FaultKind::TooDeep }));
    assert_eq!(dig(&mut r, 3), Ok(()), "a fault gives its levels back");
    assert_eq!([r.count(), r.count()], [Ok(()), Ok(())]);
    assert_eq!(r.count(), Err(Fault { at: 0, kind: FaultKind::TooMany }));
}

#[test]
fn groups_enclose_and_derived_values_have_no_width() {
    let tree = Tree::explain(&[1, 2], |r| {
        r.group(&G, |r| {
            let a = r.u8(&A)?;
            r.derived(&B, Value::Unsigned(u64::from(a) * 2));
            r.value(Value::Count(1));
            Ok(())
        })?;
        r.u8(&A).map(drop)
    });
    let [group, a, derived, last] = tree.nodes() else { panic!("four nodes") };
    assert_eq!((group.bits.len, group.end, group.value), (8, 3, Value::Count(1)));
    assert_eq!((a.depth, last.depth), (1, 0));
    assert_eq!((derived.kind, derived.bits.len, derived.value), (Kind::Derived, 0, Value::Unsigned(2)));
}

#[test]
fn negative_numbers_have_names_too() {
    static START: Field = Field::new("start", "").signed(|n| (n == -2).then_some("live or recorded"));
    for value in [Value::Float(-2.0), Value::Signed(-2)] {
        assert_eq!(START.label(value, b"").as_deref(), Some("live or recorded"));
    }
    for value in [Value::Float(-2.5), Value::Float(f64::NAN), Value::Unsigned(u64::MAX), Value::None] {
        assert_eq!(START.label(value, b""), None);
    }
}

#[test]
fn members_with_unlisted_names_get_the_descriptor_for_others() {
    static MAP: Field = Field::new("map", "names are data").members(&[&ME]).others(&B);
    assert_eq!(MAP.member(b"me").map(|f| f.name), Some("me"));
    assert_eq!(MAP.member(b"17").map(|f| f.name), Some("b"));
    assert!(OWNER.member(b"17").is_none());
}
