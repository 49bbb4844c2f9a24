//! Commands, data with and without metadata, shared objects, aggregates.

use proptest::prelude::*;
use rtmpscope::wire::amf0;
use rtmpscope::wire::code::MessageType;
use rtmpscope::wire::value::Amf;

use super::*;

fn text() -> impl Strategy<Value = String> {
    // Names that have a meaning to the decoder, and any others.
    prop_oneof![
        "[a-z@]{0,9}",
        prop_oneof![
            Just("onMetaData"),
            Just("@setDataFrame"),
            Just("connect"),
            Just("_result"),
            Just("width"),
            Just("app"),
            Just("videocodecid"),
            Just("fourCcList"),
            Just("code"),
            Just("tcUrl"),
            Just("videoTrackIdInfoMap"),
        ]
        .prop_map(str::to_owned)
    ]
}

fn amf() -> impl Strategy<Value = Amf> {
    let leaf = prop_oneof![
        any::<f64>().prop_map(Amf::Number),
        any::<bool>().prop_map(Amf::Boolean),
        text().prop_map(|text| Amf::String(text.into())),
        Just(Amf::Null),
        Just(Amf::Undefined),
        (any::<f64>(), any::<i16>()).prop_map(|(ms, zone)| Amf::Date(ms, zone)),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        let members = proptest::collection::vec((text().prop_map(Into::into), inner.clone()), 0..5);
        prop_oneof![members.prop_map(Amf::Object), proptest::collection::vec(inner, 0..5).prop_map(Amf::Array),]
    })
}

fn written(values: &[Amf]) -> Vec<u8> {
    let mut out = Vec::new();
    amf0::write_all(values, &mut out);
    out
}

fn short(text: &str) -> Vec<u8> {
    [&(text.len() as u16).to_be_bytes()[..], text.as_bytes()].concat()
}

/// An event of a shared object: type, length and what that type carries.
fn event() -> impl Strategy<Value = Vec<u8>> {
    (1..=11u8, text(), amf(), any::<u32>()).prop_map(|(kind, name, value, number)| {
        let value = written(&[value]);
        let payload = match kind {
            3 | 4 | 6 => [short(&name), value].concat(),
            5 | 9 | 10 => short(&name),
            7 => [short(&name), short("status")].concat(),
            _ => Vec::new(),
        };
        let payload = match kind {
            6 => [written(&[Amf::String(name.into())]), written(&[Amf::Number(f64::from(number))])].concat(),
            _ => payload,
        };
        [&[kind][..], &be(payload.len() as u32, 4), &payload].concat()
    })
}

/// A message inside of an aggregate, and its size behind it.
fn part() -> impl Strategy<Value = Vec<u8>> {
    (prop_oneof![Just(8u8), Just(18)], any::<u32>(), bytes(0..40)).prop_map(|(ty, time, body)| {
        // Samples as they are: any bytes will do.
        let body = if ty == 18 { written(&[Amf::String("onCuePoint".into())]) } else { [vec![0x0e], body].concat() };
        let mut out = vec![ty];
        out.extend(be(body.len() as u32, 3));
        out.extend(be(time, 3));
        out.push((time >> 24) as u8);
        out.extend([0, 0, 0]);
        out.extend(&body);
        out.extend(be(body.len() as u32 + 11, 4));
        out
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn commands(name in text(), transaction: f64, values in proptest::collection::vec(amf(), 0..4), amf3: bool, change in change()) {
        let body = written(&[vec![Amf::String(name.into()), Amf::Number(transaction)], values].concat());
        if amf3 {
            healthy(MessageType(17), &[vec![0], body].concat(), change)?;
        } else {
            healthy(MessageType(20), &body, change)?;
        }
    }

    #[test]
    fn data(handlers in proptest::collection::vec(text(), 1..3), values in proptest::collection::vec(amf(), 0..3), amf3: bool, change in change()) {
        let handlers: Vec<Amf> = handlers.into_iter().map(|name| Amf::String(name.into())).collect();
        let body = written(&[handlers, values].concat());
        if amf3 {
            healthy(MessageType(15), &[vec![0], body].concat(), change)?;
        } else {
            healthy(MessageType(18), &body, change)?;
        }
    }

    #[test]
    fn shared_objects(name in text(), version: u32, persistent: bool, events in proptest::collection::vec(event(), 0..6), amf3: bool, change in change()) {
        let flags = [0, 0, 0, if persistent { 2 } else { 0 }, 0, 0, 0, 0];
        let body = [short(&name), be(version, 4), flags.to_vec(), events.concat()].concat();
        if amf3 {
            healthy(MessageType(16), &[vec![0], body].concat(), change)?;
        } else {
            healthy(MessageType(19), &body, change)?;
        }
    }

    #[test]
    fn aggregates(parts in proptest::collection::vec(part(), 0..6), change in change()) {
        let tree = healthy(MessageType(22), &parts.concat(), change)?;
        let found = tree.nodes().iter().filter(|node| node.field.name == "message").count();
        prop_assert_eq!(found, parts.len());
    }
}
