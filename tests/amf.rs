//! Generated AMF values: what is written is read back, in both versions, and explaining it says the same.

mod common;

use common::assert_tiles;
use proptest::prelude::*;
use rtmpscope::field::{Field, Reader, Tree};
use rtmpscope::wire::amf3::Typed;
use rtmpscope::wire::value::{Amf, Build};
use rtmpscope::wire::{amf0, amf3};

static VALUE: Field = Field::new("value", "a generated value");

/// Values of every kind that both versions can say; names and texts come from a small set too, so that they repeat.
fn value() -> impl Strategy<Value = Amf> {
    let text =
        || prop_oneof![Just(String::new()), "[ab]{1,2}", "\\PC{0,40}", "x{120,140}"].prop_map(String::into_boxed_str);
    let number = prop_oneof![
        any::<f64>().prop_filter("NaN differs from itself", |n| !n.is_nan()),
        (-300_000_000i32..300_000_000).prop_map(f64::from),
        prop::sample::select(vec![
            0.0,
            -0.0,
            127.0,
            128.0,
            16383.0,
            16384.0,
            2_097_151.0,
            2_097_152.0,
            268_435_455.0,
            268_435_456.0,
            -268_435_456.0,
            -268_435_457.0,
            f64::INFINITY
        ]),
    ];
    let leaf = prop_oneof![
        number.prop_map(Amf::Number),
        any::<bool>().prop_map(Amf::Boolean),
        text().prop_map(Amf::String),
        Just(Amf::Null),
        Just(Amf::Undefined),
        any::<i32>().prop_map(|ms| Amf::Date(f64::from(ms) * 1000.0, 0)),
        (0u32..4).prop_map(Amf::Reference),
        prop::collection::vec(any::<u8>(), 0..200).prop_map(|bytes| Amf::Bytes(bytes.into())),
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Amf::Array),
            prop::collection::vec((text(), inner), 0..8).prop_map(Amf::Object),
        ]
    })
}

/// What the bytes say, after quiet and annotated reading were found to agree.
fn read(bytes: &[u8]) -> Vec<Amf> {
    let mut build = Build::default();
    let result = amf0::values(&mut Reader::quiet(bytes), &mut build, |_| &VALUE);
    let mut told = Build::default();
    let tree = Tree::explain(bytes, |r| amf0::values(r, &mut told, |_| &VALUE));
    assert_eq!((result, tree.first_fault()), (Ok(()), None));
    assert_tiles(&tree, bytes, "generated values");
    let values = build.finish();
    assert_eq!(format!("{values:?}"), format!("{:?}", told.finish()));
    values
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn amf0_is_read_as_it_was_written(values in prop::collection::vec(value(), 0..5)) {
        let mut bytes = Vec::new();
        amf0::write_all(&values, &mut bytes);
        prop_assert_eq!(format!("{:?}", read(&bytes)), format!("{values:?}"));
    }

    #[test]
    fn amf3_is_read_as_it_was_written(values in prop::collection::vec(value(), 1..5)) {
        let mut bytes = vec![17];
        // One array, because marker 17 stands before one value.
        amf3::write_all(&[Amf::Array(values.clone())], &mut bytes);
        prop_assert_eq!(format!("{:?}", read(&bytes)), format!("{:?}", [Amf::Array(values)]));
    }

    /// Cut anywhere, the beginning is still explained, and every byte is accounted for.
    #[test]
    fn cut_values_keep_what_came_before(values in prop::collection::vec(value(), 1..4), at in any::<prop::sample::Index>()) {
        let mut bytes = Vec::new();
        amf0::write_all(&values, &mut bytes);
        bytes.push(17);
        amf3::write_all(&[Amf::Array(values)], &mut bytes);
        bytes.truncate(at.index(bytes.len()));
        let mut build = Build::default();
        let result = amf0::values(&mut Reader::quiet(&bytes), &mut build, |_| &VALUE);
        let tree = Tree::explain(&bytes, |r| amf0::values(r, &mut (), |_| &VALUE));
        prop_assert_eq!(tree.first_fault(), result.err());
        assert_tiles(&tree, &bytes, "cut values");
    }
}

/// The examples of the specification's page on AMF3: what only that version has is written as they say.
#[test]
fn vectors_dictionaries_and_flex_messages_are_written() {
    let text = |text: &str| Typed::Plain(Amf::String(text.into()));
    let number = |n: f64| Typed::Plain(Amf::Number(n));
    let message =
        Typed::Message("DSK".into(), vec![vec![(0, number(5.0)), (4, text("id"))], vec![(0, text("c1"))], vec![]]);
    for (value, bytes) in [
        (Typed::Ints(vec![-1, 7], false), &b"\x0d\x05\0\xff\xff\xff\xff\0\0\0\x07"[..]),
        (Typed::Uints(vec![4_294_967_294], true), b"\x0e\x03\x01\xff\xff\xff\xfe"),
        (Typed::Doubles(vec![1.5], false), b"\x0f\x03\0\x3f\xf8\0\0\0\0\0\0"),
        (Typed::Objects("Str".into(), vec![text("a"), text("b")], false), b"\x10\x05\0\x07Str\x06\x03a\x06\x03b"),
        (Typed::Dictionary(vec![(text("k"), number(7.0))], false), b"\x11\x03\0\x06\x03k\x04\x07"),
        (message, b"\x0a\x07\x07DSK\x11\x04\x05\x06\x05id\x01\x06\x05c1\0"),
    ] {
        let mut written = Vec::new();
        amf3::write_typed(&value, &mut written);
        assert_eq!(written, bytes, "{value:?}");
        read(&[&[17], bytes].concat());
    }
}
