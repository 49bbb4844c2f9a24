use super::*;
use crate::field::{Bounds, FaultKind, Off, Tree};
use crate::wire::value::{Amf, Build};

static ARG: Field = Field::new("argument", "a value");

fn read(bytes: &[u8]) -> (Vec<Amf>, Result<(), Fault>) {
    let mut build = Build::default();
    let result = values(&mut Reader::quiet(bytes), &mut build, |_| &ARG);
    (build.finish(), result)
}

fn one(bytes: &[u8]) -> Amf {
    let (mut values, result) = read(bytes);
    assert_eq!(result, Ok(()));
    assert_eq!(values.len(), 1);
    let tree = Tree::explain(bytes, values_of);
    assert_eq!(tree.leaves().map(|n| n.bits.len).sum::<u32>() as usize, bytes.len() * 8);
    values.remove(0)
}

fn values_of<A: Annotate>(r: &mut Reader<'_, A>) -> Result<(), Fault> {
    values(r, &mut (), |_| &ARG)
}

fn object(members: &[(&str, Amf)]) -> Amf {
    Amf::Object(members.iter().map(|(k, v)| ((*k).into(), v.clone())).collect())
}

/// The examples of the protocol page, which an independent implementation decoded with these results.
#[test]
fn worked_examples() {
    let text = |s: &str| Amf::String(s.into());
    for (bytes, value) in [
        (&b"\x00\x3f\xf8\0\0\0\0\0\0"[..], Amf::Number(1.5)),
        (b"\x01\x01", Amf::Boolean(true)),
        (b"\x02\0\x02hi", text("hi")),
        (b"\x03\0\x01a\0\x3f\xf0\0\0\0\0\0\0\0\0\x09", object(&[("a", Amf::Number(1.0))])),
        (b"\x05", Amf::Null),
        (b"\x06", Amf::Undefined),
        (b"\x08\0\0\0\x01\0\x01k\x02\0\x01v\0\0\x09", object(&[("k", text("v"))])),
        (b"\x0a\0\0\0\x02\0\x3f\xf0\0\0\0\0\0\0\x05", Amf::Array(vec![Amf::Number(1.0), Amf::Null])),
        (b"\x0b\x42\x76\xf5\xe6\x6e\x80\0\0\0\0", Amf::Date(1_577_836_800_000.0, 0)),
        (b"\x0c\0\0\0\x03abc", text("abc")),
        (b"\x0d", Amf::Unsupported),
        (b"\x0f\0\0\0\x04<a/>", text("<a/>")),
        (b"\x10\0\x03org\0\x01x\x05\0\0\x09", object(&[("x", Amf::Null)])),
        (
            b"\x0a\0\0\0\x02\x03\0\x01a\x05\0\0\x09\x07\0\x01",
            Amf::Array(vec![object(&[("a", Amf::Null)]), Amf::Reference(1)]),
        ),
        (b"\x0a\0\0\0\x01\x07\0\0", Amf::Array(vec![Amf::Reference(0)])),
    ] {
        assert_eq!(one(bytes), value);
    }
}

#[test]
fn several_values_follow_each_other() {
    let (values, result) = read(b"\x02\0\x04play\0\0\0\0\0\0\0\0\0\x05");
    assert_eq!(result, Ok(()));
    assert_eq!(values, [Amf::String("play".into()), Amf::Number(0.0), Amf::Null]);
}

#[test]
fn an_empty_name_is_a_name_unless_the_end_marker_follows() {
    assert_eq!(one(b"\x03\0\0\x05\0\0\x09"), object(&[("", Amf::Null)]));
}

#[test]
fn a_missing_end_at_the_end_is_remarked_only() {
    let bytes = b"\x03\0\x01a\x05";
    assert_eq!(one(bytes), object(&[("a", Amf::Null)]));
    let tree = Tree::explain(bytes, values_of);
    assert_eq!(tree.remarks().len(), 1);
}

#[test]
fn lies_about_lengths_end_in_a_fault_on_the_right_byte() {
    for (bytes, at) in [
        (&b"\x02\xff\xffabc"[..], 3),
        (b"\x0c\xff\xff\xff\xffabc", 5),
        (b"\x0a\xff\xff\xff\xff\x05\x05", 7),
        (b"\x03\0\x09ab", 3),
        (b"\x04", 1),
        (b"\x12", 1),
        (b"\x00\x3f", 1),
    ] {
        let (_, result) = read(bytes);
        assert_eq!(result.map_err(|fault| fault.at), Err(at), "{bytes:x?}");
        let tree = Tree::explain(bytes, values_of);
        assert_eq!(tree.leaves().map(|n| n.bits.len).sum::<u32>() as usize, bytes.len() * 8);
        assert!(tree.first_fault().is_some());
    }
}

#[test]
fn what_was_read_before_a_fault_is_kept() {
    let (values, result) = read(b"\x03\0\x01a\x01\x01\0\x01b\x02\0\x09x");
    assert!(result.is_err());
    assert_eq!(values, [object(&[("a", Amf::Boolean(true))])]);
}

#[test]
fn depth_is_bounded_at_the_limit_and_not_before() {
    let nested = |levels: usize| b"\x0a\0\0\0\x01".repeat(levels);
    let at_limit = [nested(64), vec![5]].concat();
    assert_eq!(read(&at_limit).1, Ok(()));
    let beyond = [nested(65), vec![5]].concat();
    assert_eq!(read(&beyond).1.map_err(|f| f.kind), Err(FaultKind::TooDeep));
    // Ten thousand levels must not use the stack of ten thousand calls.
    assert!(read(&nested(10_000)).1.is_err());
}

#[test]
fn the_number_of_values_is_bounded() {
    let count = |nodes: u32| {
        let bytes = [5u8; 11];
        let mut r = Reader::new(&bytes, Off).bounded(Bounds { depth: 4, nodes });
        values(&mut r, &mut (), |_| &ARG).map_err(|f| f.kind)
    };
    assert_eq!(count(11), Ok(()));
    assert_eq!(count(10), Err(FaultKind::TooMany));
}

#[test]
fn written_values_read_back() {
    let value = object(&[
        ("n", Amf::Number(-0.5)),
        ("s", Amf::String("é".into())),
        ("long", Amf::String("x".repeat(70_000).into())),
        ("d", Amf::Date(1.0, -60)),
        ("list", Amf::Array(vec![Amf::Undefined, Amf::Unsupported, Amf::Boolean(false)])),
    ]);
    let mut bytes = Vec::new();
    write(&value, &mut bytes);
    assert_eq!(one(&bytes), value);
}
