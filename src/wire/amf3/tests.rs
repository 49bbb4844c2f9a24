use super::*;
use crate::field::{Bounds, FaultKind, Off, Tree};
use crate::wire::amf0;
use crate::wire::value::{Amf, Build};

static ARG: Field = Field::new("argument", "a value").members(&[&KNOWN]);
static KNOWN: Field = Field::new("app", "a known member");

/// AMF0 values, each of which may switch to AMF3.
fn read(bytes: &[u8]) -> (Vec<Amf>, Result<(), Fault>) {
    let mut build = Build::default();
    let result = amf0::values(&mut Reader::quiet(bytes), &mut build, |_| &ARG);
    (build.finish(), result)
}

fn tree(bytes: &[u8]) -> Tree {
    let tree = Tree::explain(bytes, |r| amf0::values(r, &mut (), |_| &ARG));
    assert_eq!(tree.tiles(bytes.len()), Ok(()), "{bytes:x?}");
    tree
}

/// One AMF3 value behind the marker of AMF0.
fn one(bytes: &[u8]) -> Amf {
    let bytes = [&[0x11], bytes].concat();
    let (mut values, result) = read(&bytes);
    assert_eq!(result, Ok(()), "{bytes:x?}");
    assert_eq!(values.len(), 1);
    let tree = tree(&bytes);
    assert!(tree.remarks().is_empty(), "{:?}", tree.remarks());
    // Wherever it is cut: no panic, leaves tile.
    for end in 0..bytes.len() {
        let cut = bytes.get(..end).unwrap_or_default();
        let (_, result) = read(cut);
        assert_eq!(self::tree(cut).first_fault(), result.err());
    }
    values.remove(0)
}

fn number(n: f64) -> Amf {
    Amf::Number(n)
}

fn text(s: &str) -> Amf {
    Amf::String(s.into())
}

fn array(items: &[Amf]) -> Amf {
    Amf::Array(items.to_vec())
}

fn object(members: &[(&str, Amf)]) -> Amf {
    Amf::Object(members.iter().map(|(k, v)| ((*k).into(), v.clone())).collect())
}

/// The examples of the protocol page, which independent implementations decoded with these results.
#[test]
fn worked_examples() {
    let point = |x, y| object(&[("x", number(x)), ("y", number(y))]);
    let x1 = object(&[("x", number(1.0))]);
    for (bytes, value) in [
        (&b"\x04\x7f"[..], number(127.0)),
        (b"\x04\x81\0", number(128.0)),
        (b"\x04\x81\x80\0", number(16_384.0)),
        (b"\x04\x80\xc0\x80\0", number(2_097_152.0)),
        (b"\x04\xbf\xff\xff\xff", number(268_435_455.0)),
        (b"\x04\xc0\x80\x80\0", number(-268_435_456.0)),
        (b"\x04\xff\xff\xff\xff", number(-1.0)),
        (b"\x05\x41\xb0\0\0\0\0\0\0", number(268_435_456.0)),
        (b"\x06\x07abc", text("abc")),
        (b"\x06\x01", text("")),
        (b"\x09\x05\x01\x06\x07abc\x06\0", array(&[text("abc"), text("abc")])),
        (b"\x07\x09<a/>", text("<a/>")),
        (b"\x0b\x09<a/>", text("<a/>")),
        (b"\x08\x01\x42\x76\xf5\xe6\x6e\x80\0\0", Amf::Date(1_577_836_800_000.0, 0)),
        (b"\x09\x03\x03k\x06\x03v\x01\x04\x07", object(&[("k", text("v")), ("0", number(7.0))])),
        (b"\x0a\x0b\x01\x03x\x04\x01\x01", x1.clone()),
        (b"\x0a\x23\x05Pt\x03x\x03y\x04\x01\x04\x02", point(1.0, 2.0)),
        (
            b"\x09\x05\x01\x0a\x23\x05Pt\x03x\x03y\x04\x01\x04\x02\x0a\x01\x04\x03\x04\x04",
            array(&[point(1.0, 2.0), point(3.0, 4.0)]),
        ),
        (b"\x09\x05\x01\x0a\x0b\x01\x03x\x04\x01\x01\x0a\x02", array(&[x1, Amf::Reference(1)])),
        (b"\x09\x03\x01\x09\0", array(&[Amf::Reference(0)])),
        (b"\x0c\x07\x01\x02\x03", Amf::Bytes([1, 2, 3].into())),
        (b"\x0d\x05\0\xff\xff\xff\xff\0\0\0\x07", array(&[number(-1.0), number(7.0)])),
        (b"\x0e\x03\x01\xff\xff\xff\xfe", array(&[number(4_294_967_294.0)])),
        (b"\x0f\x03\0\x3f\xf8\0\0\0\0\0\0", array(&[number(1.5)])),
        (b"\x10\x05\0\x07Str\x06\x03a\x06\x03b", array(&[text("a"), text("b")])),
        (b"\x10\x03\0\x03*\x04\x05", array(&[number(5.0)])),
        (b"\x11\x03\0\x06\x03k\x04\x07", array(&[array(&[text("k"), number(7.0)])])),
        (
            b"\x0a\x07\x43flex.messaging.io.ArrayCollection\x09\x05\x01\x04\x01\x04\x02",
            array(&[number(1.0), number(2.0)]),
        ),
        (b"\x0a\x07\x3bflex.messaging.io.ObjectProxy\x0a\x0b\x01\x03a\x04\x01\x01", object(&[("a", number(1.0))])),
        (
            b"\x0a\x07\x07DSK\x11\x04\x05\x06\x05id\x01\x06\x05c1\0",
            object(&[("body", number(5.0)), ("messageId", text("id")), ("correlationId", text("c1"))]),
        ),
        (b"\x0a\x07\x07DSC\0\0\x01\x04\x05", object(&[("operation", number(5.0))])),
    ] {
        assert_eq!(one(bytes), value, "{bytes:x?}");
    }
    assert_eq!([one(b"\0"), one(b"\x01")], [Amf::Undefined, Amf::Null]);
    assert_eq!([one(b"\x02"), one(b"\x03")], [Amf::Boolean(false), Amf::Boolean(true)]);
}

#[test]
fn tables_live_as_long_as_the_message() {
    let bytes = b"\x11\x06\x03a\x05\x11\x06\x00";
    assert_eq!(read(bytes), (vec![text("a"), Amf::Null, text("a")], Ok(())));
    // Also from inside of an AMF0 object.
    let bytes = b"\x03\0\x01k\x11\x06\x03a\0\0\x09\x11\x06\x00";
    assert_eq!(read(bytes), (vec![object(&[("k", text("a"))]), text("a")], Ok(())));
}

#[test]
fn a_tree_shows_the_text_of_a_reference_and_the_field_of_a_known_member() {
    // {app: "a"}, twice: the second time its name is a reference.
    let bytes = b"\x11\x0a\x0b\x01\x07app\x06\x03a\x01\x11\x0a\x01\x00\x06\x02\x01";
    assert_eq!(read(bytes).0, [object(&[("app", text("a"))]), object(&[("app", text("a"))])]);
    let tree = tree(bytes);
    let members: Vec<_> = tree.nodes().iter().filter(|n| n.field.name == "app").collect();
    assert_eq!(members.len(), 2);
    for member in members {
        assert_eq!(member.key.map(|key| key.of(bytes)), Some(&b"app"[..]));
        assert!(matches!(member.value, Value::Text(range) if range.of(bytes) == b"a"));
    }
}

#[test]
fn sealed_members_may_be_known_too() {
    let bytes = b"\x11\x0a\x13\x01\x07app\x06\x03a";
    assert!(tree(bytes).nodes().iter().any(|n| n.field.name == "app"));
}

#[test]
fn references_to_nothing_are_remarked_and_unknown_classes_are_faults() {
    for bytes in [&b"\x11\x06\x04"[..], b"\x11\x09\x04", b"\x11\x0a\x04"] {
        assert_eq!(read(bytes).1, Ok(()));
        assert_eq!(tree(bytes).remarks().len(), 1);
    }
    for bytes in [&b"\x11\x0a\x05"[..], b"\x11\x0a\x07\x05Ab\x01", b"\x11\x12"] {
        assert!(matches!(read(bytes).1, Err(Fault { kind: FaultKind::Malformed(_), .. })));
        assert!(tree(bytes).first_fault().is_some());
    }
}

#[test]
fn lies_about_lengths_are_faults() {
    for bytes in [
        &b"\x11\x06\xff\xff\xff\xffabc"[..],
        b"\x11\x09\xff\xff\xff\xff\x01\x01",
        b"\x11\x0a\xff\xff\xff\xfb\x01\x03a",
        b"\x11\x0d\xff\xff\xff\xff\0\0",
        b"\x11\x11\xff\xff\xff\xff\0\x01",
        b"\x11\x0c\xff\xff\xff\xff\0",
        b"\x11\x04\xff\xff\xff",
    ] {
        let (_, result) = read(bytes);
        assert!(result.is_err(), "{bytes:x?}");
        assert_eq!(tree(bytes).first_fault(), result.err());
    }
}

#[test]
fn depth_counts_both_versions_together() {
    let amf0 = b"\x0a\0\0\0\x01".repeat(32);
    let amf3 = |levels: usize| [&amf0[..], b"\x11", &b"\x09\x03\x01".repeat(levels), b"\x01"].concat();
    assert_eq!(read(&amf3(32)).1, Ok(()));
    assert_eq!(read(&amf3(33)).1.map_err(|f| f.kind), Err(FaultKind::TooDeep));
    assert!(read(&[b"\x11", &b"\x09\x03\x01".repeat(10_000)[..]].concat()).1.is_err());
    assert!(read(&[b"\x11", &b"\x0a\x07\x3bflex.messaging.io.ObjectProxy".repeat(1_000)[..]].concat()).1.is_err());
}

#[test]
fn small_messages_cannot_describe_enormous_ones() {
    // One text of 128 KiB and thousands of references to it.
    let long = [&b"\x11\x09\x81\xfa\x03\x01\x06\x90\x80\x01"[..], &[b'x'; 131_072]].concat();
    let bytes = [long, b"\x06\0".repeat(16_000)].concat();
    assert_eq!(read(&bytes).1.map_err(|f| f.kind), Err(FaultKind::TooMany));
    // More values than allowed, and more names of members.
    for bytes in [[&b"\x11\x09\x15\x01"[..], &[1; 10]].concat(), [&b"\x11\x0a\x81\x23\x01"[..], &[1; 10]].concat()] {
        let mut r = Reader::new(&bytes, Off).bounded(Bounds { depth: 4, nodes: 5 });
        let result = amf0::values(&mut r, &mut (), |_| &ARG);
        assert_eq!(result.map_err(|f| f.kind), Err(FaultKind::TooMany));
    }
}

#[test]
fn written_byte_arrays_read_back() {
    for len in [0, 63, 64, 8191, 8192, 1_048_575, 1_048_576] {
        let value = Amf::Bytes(vec![7; len].into());
        let mut bytes = Vec::new();
        amf0::write(&value, &mut bytes);
        assert_eq!(read(&bytes), (vec![value], Ok(())));
    }
}

#[test]
fn decimal_digits() {
    for n in [0, 7, 10, 4_294_967_295] {
        assert_eq!(decimal(n, &mut [0; 10]), n.to_string().as_bytes());
    }
}
