use proptest::prelude::*;

use super::*;
use crate::field::Reader;
use crate::wire::amf0;
use crate::wire::body::{self, Context};
use crate::wire::code::MessageType;

/// A body of this type, written and read back.
fn written(ty: MessageType, bytes: &[u8]) -> String {
    let mut reader = Reader::new(bytes, Tree::new());
    let (_, result) = body::read(&mut reader, ty, Context::default());
    let mut out = Vec::new();
    write_amf(&mut out, &reader.finish(result), bytes);
    String::from_utf8(out).unwrap()
}

fn data(bytes: &[u8]) -> String {
    let json = written(MessageType::DATA, bytes);
    assert_eq!(read_amf(&json).as_deref(), Some(bytes), "{json}");
    json
}

/// Every type as the description says, and back.
#[test]
fn every_type_is_told() {
    for (bytes, json) in [
        (&b"\x02\0\x01a"[..], r#""a""#),
        (b"\x00\x3f\xf8\0\0\0\0\0\0", "1.5"),
        (b"\x00\x80\0\0\0\0\0\0\0", "-0.0"),
        (b"\x00\x7f\xf8\0\0\0\0\0\x01", r#"{"amf":"number","bits":"7ff8000000000001"}"#),
        (b"\x01\x01", "true"),
        (b"\x01\x07", r#"{"amf":"boolean","byte":7}"#),
        (b"\x05", "null"),
        (b"\x06", r#"{"amf":"undefined"}"#),
        (b"\x0d", r#"{"amf":"unsupported"}"#),
        (b"\x07\0\x03", r#"{"amf":"reference","index":3}"#),
        (b"\x0b\0\0\0\0\0\0\0\0\0\x3c", r#"{"amf":"date","ms":0,"zone":60}"#),
        (
            b"\x0b\x7f\xf0\0\0\0\0\0\0\xff\xff",
            r#"{"amf":"date","ms":{"amf":"number","bits":"7ff0000000000000"},"zone":-1}"#,
        ),
        (b"\x0c\0\0\0\x01b", r#"{"amf":"long_string","text":"b"}"#),
        (b"\x0f\0\0\0\x01c", r#"{"amf":"xml","text":"c"}"#),
        (b"\x03\0\x01k\x05\0\x01k\x06\0\0\x09", r#"{"amf":"object","members":[["k",null],["k",{"amf":"undefined"}]]}"#),
        (b"\x03\0\x01k\x05", r#"{"amf":"object","open":true,"members":[["k",null]]}"#),
        (b"\x08\0\0\0\x14\0\0\x09", r#"{"amf":"ecma_array","count":20,"members":[]}"#),
        (b"\x10\0\x01C\0\0\x09", r#"{"amf":"typed_object","class":"C","members":[]}"#),
        (b"\x0a\0\0\0\x02\x05\x02\0\x01\xff", r#"{"amf":"strict_array","items":[null,{"base64":"/w=="}]}"#),
        (b"\x11\x04\x05", r#"{"amf":"bytes","base64":"EQQF"}"#),
        (b"\x63\x01", r#"{"amf":"bytes","base64":"Yw=="},{"amf":"bytes","base64":"AQ=="}"#),
    ] {
        let body = [&b"\x02\0\x01h"[..], bytes].concat();
        assert_eq!(data(&body), format!(r#"["h",{json}]"#));
    }
}

#[test]
fn what_no_json_reader_could_nest_is_bytes() {
    let mut body = b"\x02\0\x01h".to_vec();
    body.extend(b"\x03\0\x01k".repeat(60));
    body.push(5);
    let json = data(&body);
    assert!(json.starts_with(r#"["h",{"amf":"bytes""#), "{json}");
}

#[test]
fn the_format_byte_of_the_amf3_era_is_no_value() {
    let json = written(MessageType::COMMAND_AMF3, b"\0\x02\0\x01h\x05");
    assert_eq!(json, r#"["h",null]"#);
    assert_eq!(written(MessageType::COMMAND_AMF3, b"\0"), "[]");
}

#[test]
fn what_is_no_such_array_is_refused() {
    for text in ["", "7", "{}", "[[]]", r#"[{"amf":"x"}]"#, r#"[{"amf":"date"}]"#, r#"[{}]"#, r#"[{"base64":7}]"#] {
        assert_eq!(read_amf(text), None, "{text}");
    }
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    let text = prop_oneof![".{0,6}".prop_map(String::into_bytes), prop::collection::vec(any::<u8>(), 0..6)];
    let short = text.prop_map(|text| {
        let mut out = (text.len() as u16).to_be_bytes().to_vec();
        out.extend(text);
        out
    });
    let name = short.clone();
    let leaf = prop_oneof![
        any::<u64>().prop_map(|n| [&[0][..], &n.to_be_bytes()].concat()),
        any::<u8>().prop_map(|b| vec![1, b]),
        short.clone().prop_map(|text| [&[2][..], &text].concat()),
        prop::sample::select(vec![vec![5u8], vec![6], vec![13], vec![17, 1], vec![17, 6, 3, b'a']]),
        any::<u16>().prop_map(|n| [&[7][..], &n.to_be_bytes()].concat()),
        (any::<u64>(), any::<i16>()).prop_map(|(ms, z)| [&[11][..], &ms.to_be_bytes(), &z.to_be_bytes()].concat()),
        (prop::sample::select(vec![12u8, 15]), short).prop_map(|(m, text)| [&[m, 0, 0][..], &text].concat()),
    ];
    leaf.prop_recursive(5, 40, 4, move |inner| {
        let members = prop::collection::vec((name.clone(), inner.clone()), 0..4).prop_map(|members| {
            let mut out: Vec<u8> = members.into_iter().flat_map(|(name, value)| [name, value].concat()).collect();
            out.extend([0, 0, 9]);
            out
        });
        prop_oneof![
            members.clone().prop_map(|m| [&[3][..], &m].concat()),
            (any::<u32>(), members.clone()).prop_map(|(n, m)| [&[8][..], &n.to_be_bytes(), &m].concat()),
            (name.clone(), members).prop_map(|(class, m)| [&[16][..], &class, &m].concat()),
            prop::collection::vec(inner, 0..4).prop_map(|items| [
                &[10][..],
                &(items.len() as u32).to_be_bytes(),
                &items.concat()
            ]
            .concat()),
        ]
    })
}

proptest! {
    #[test]
    fn values_read_back_without_loss(values in prop::collection::vec(value(), 0..4)) {
        let mut body = b"\x02\0\x01h".to_vec();
        body.extend(values.concat());
        data(&body);
    }

    /// Also of what is no AMF at all nothing is lost.
    #[test]
    fn noise_reads_back_without_loss(noise in prop::collection::vec(any::<u8>(), 0..60)) {
        data(&noise);
        data(&[&b"\x02\0\x01h"[..], &noise].concat());
        // Markers are what gets further than noise.
        data(&noise.iter().map(|b| b % 18).collect::<Vec<u8>>());
    }
}

/// Of ordinary values nothing is left to bytes: the types are told.
#[test]
fn ordinary_values_are_not_bytes() {
    let mut body = Vec::new();
    amf0::write_all(
        &[
            crate::wire::value::Amf::String("h".into()),
            crate::wire::value::Amf::Object(vec![("a".into(), crate::wire::value::Amf::Date(5.0, 0))]),
        ],
        &mut body,
    );
    assert!(!data(&body).contains("base64"));
}
