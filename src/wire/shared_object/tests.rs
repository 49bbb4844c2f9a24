use super::*;
use crate::field::{Off, Tree};

/// `chat`, a version, flags and the reserved word.
fn head(version: u8, flags: u8) -> Vec<u8> {
    [b"\0\x04chat\0\0\0", &[version][..], b"\0\0\0", &[flags], b"\0\0\0\0"].concat()
}

fn event(kind: u8, data: &[u8]) -> Vec<u8> {
    [&[kind][..], &(data.len() as u32).to_be_bytes(), data].concat()
}

fn explain(bytes: &[u8], ty: u8) -> Tree {
    let tree = Tree::explain(bytes, |r| SharedObject::read(r, MessageType(ty)).1);
    assert_eq!(tree.leaves().map(|n| n.bits.len).sum::<u32>() as usize, bytes.len() * 8);
    tree
}

fn read(bytes: &[u8], ty: u8) -> (SharedObject, Result<(), Fault>) {
    let read = SharedObject::read(&mut Reader::new(bytes, Off), MessageType(ty));
    assert_eq!(explain(bytes, ty).first_fault(), read.1.err());
    read
}

fn good(bytes: &[u8], ty: u8) -> SharedObject {
    let (object, result) = read(bytes, ty);
    assert_eq!(result, Ok(()));
    assert!(explain(bytes, ty).leaves().all(|n| n.field.name != "gap"), "{bytes:x?}");
    object
}

/// The only event of a message.
fn payload(kind: u8, data: &[u8]) -> Payload {
    let object = good(&[head(0, 0), event(kind, data)].concat(), 19);
    let [event] = object.events.as_slice() else { panic!("{object:?}") };
    assert_eq!(event.kind, EventType(kind));
    event.payload.clone()
}

fn text(s: &str) -> Amf {
    Amf::String(s.into())
}

fn foo_bar() -> Payload {
    Payload::Slots(vec![("foo".into(), text("bar"))])
}

/// The examples of the protocol page.
#[test]
fn worked_examples() {
    let use_it = good(b"\0\x04chat\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0", 19);
    assert_eq!((&*use_it.name, use_it.version, use_it.persistent), ("chat", 0, false));
    assert_eq!(use_it.events, [Event { kind: EventType::USE, payload: Payload::Empty }]);

    let request = good(b"\0\x04chat\0\0\0\x03\0\0\0\x02\0\0\0\0\x03\0\0\0\x0b\0\x03foo\x02\0\x03bar", 19);
    assert_eq!((request.version, request.persistent), (3, true));
    assert_eq!(request.events, [Event { kind: EventType::REQUEST_CHANGE, payload: foo_bar() }]);

    let send = good(b"\0\x04chat\0\0\0\0\0\0\0\0\0\0\0\0\x06\0\0\0\x0d\x02\0\x05onMsg\x02\0\x02hi", 19);
    let payload = Payload::Message { handler: "onMsg".into(), args: vec![text("hi")] };
    assert_eq!(send.events, [Event { kind: EventType::SEND_MESSAGE, payload }]);

    let answer = b"\0\x04chat\0\0\0\x03\0\0\0\x02\0\0\0\0\x0b\0\0\0\0\x08\0\0\0\0\x04\0\0\0\x0b\0\x03foo\x02\0\x03bar";
    let events = good(answer, 19).events;
    assert_eq!(events.iter().map(|e| e.kind.word().unwrap()).collect::<Vec<_>>(), ["use_success", "clear", "change"]);
    assert_eq!(events[2].payload, foo_bar());

    let status = [&head(0, 0)[..], b"\x07\0\0\0\x22\0\x19SharedObject.NoReadAccess\0\x05error"].concat();
    let payload = Payload::Status { code: "SharedObject.NoReadAccess".into(), level: "error".into() };
    assert_eq!(good(&status, 19).events, [Event { kind: EventType::STATUS, payload }]);
    let tree = explain(&status, 19);
    let code = tree.nodes().iter().find(|n| n.field.name == "code").unwrap();
    assert!(code.field.label(code.value, &status).unwrap().contains("may not read"));
}

#[test]
fn every_event_reads_its_payload() {
    for kind in [1, 2, 8, 11] {
        assert_eq!(payload(kind, b""), Payload::Empty);
    }
    for kind in [5, 9, 10] {
        assert_eq!(payload(kind, b"\0\x01k"), Payload::Key("k".into()));
    }
    let two = Payload::Slots(vec![("a".into(), Amf::Null), ("a".into(), Amf::Boolean(true))]);
    for kind in [4, 11] {
        assert_eq!(payload(kind, b"\0\x01a\x05\0\x01a\x01\x01"), two);
    }
    assert_eq!(payload(3, b"\0\x01a\x11\x04\x07"), Payload::Slots(vec![("a".into(), Amf::Number(7.0))]));
    assert_eq!(payload(6, b"\x05\x05"), Payload::Message { handler: "".into(), args: vec![Amf::Null, Amf::Null] });
    for kind in [0, 12, 13, 14, 15, 255] {
        assert_eq!(payload(kind, b"zz"), Payload::Opaque((*b"zz").into()));
    }
}

#[test]
fn names_follow_the_protocol_page() {
    for (kind, word) in [(1, "use"), (4, "change"), (6, "send_message"), (10, "request_remove"), (11, "use_success")] {
        assert_eq!(EventType(kind).word(), Some(word));
    }
    for kind in [12, 13, 14] {
        assert_eq!((EventType(kind).word(), EventType(kind).name().is_some()), (None, true));
    }
    for kind in [0, 15, 255] {
        assert_eq!((EventType(kind).word(), EventType(kind).name()), (None, None));
    }
}

#[test]
fn type_16_begins_with_a_format_byte() {
    let body = [head(0, 0), event(1, b""), event(3, b"\0\x01k\x11\x06\x03v")].concat();
    let slots = Payload::Slots(vec![("k".into(), text("v"))]);
    let with = [&[0][..], &body].concat();
    assert_eq!(good(&with, 16).events[1].payload, slots);
    assert!(explain(&with, 16).remarks().is_empty());
    // Some senders leave it out.
    assert_eq!(good(&body, 16).events[1].payload, slots);
    assert_eq!(explain(&body, 16).remarks().len(), 1);
    // 3 says that the values are AMF3; names stay as they are.
    let amf3 = [&[3][..], &head(0, 0), &event(3, b"\0\x01k\x06\x03v"), &event(6, b"\x06\x03f\x04\x05")].concat();
    let object = good(&amf3, 16);
    assert_eq!(object.events[0].payload, slots);
    assert_eq!(object.events[1].payload, Payload::Message { handler: "f".into(), args: vec![Amf::Number(5.0)] });
    // Any other number is remarked and taken as 0.
    let other = [&[9][..], &body].concat();
    assert_eq!(good(&other, 16).events[1].payload, slots);
    assert_eq!(explain(&other, 16).remarks().len(), 1);
}

#[test]
fn the_flags_have_names() {
    for (flags, name, persistent) in [(0, Some("temporary"), false), (2, Some("persistent"), true), (4, None, false)] {
        let bytes = head(0, flags);
        let tree = explain(&bytes, 19);
        let node = tree.nodes().iter().find(|n| n.field.name == "flags").unwrap();
        assert_eq!(node.field.label(node.value, &bytes).as_deref(), name);
        assert_eq!(good(&bytes, 19).persistent, persistent);
    }
    let odd = [&head(0, 0)[..14], &[0, 0, 0, 9]].concat();
    assert_eq!(explain(&odd, 19).remarks().len(), 1);
}

#[test]
fn an_event_that_cannot_be_read_does_not_hide_the_next_one() {
    let bytes =
        [head(0, 0), event(5, b"\0\x09k"), event(3, b"\0\x01a\x0f"), event(9, b"\0\x01k!"), event(2, b"")].concat();
    let (object, result) = read(&bytes, 19);
    // The fault is that of the first event: its key is 8 bytes longer than the event.
    assert_eq!(result, Err(Fault { at: 25, kind: FaultKind::Short(8) }));
    let kinds: Vec<_> = object.events.iter().map(|e| e.kind.0).collect();
    assert_eq!(kinds, [5, 3, 9, 2]);
    assert_eq!(object.events[2].payload, Payload::Key("k".into()));
    let gaps: Vec<_> = explain(&bytes, 19).leaves().filter(|n| n.field.name == "gap").map(|n| n.bits.len / 8).collect();
    assert_eq!(gaps, [1, 1], "the byte of the first key, the byte after the last one");
}

#[test]
fn an_event_longer_than_the_message_ends_it() {
    let mut bytes = [head(0, 0), event(2, b""), event(5, b"\0\x01k")].concat();
    let at = bytes.len() - 4;
    bytes[at] = 4;
    let (object, result) = read(&bytes, 19);
    assert_eq!(result, Err(Fault { at: at as u32 + 1, kind: FaultKind::Short(1) }));
    assert_eq!(object.events.len(), 2);
    let huge = [&head(0, 0)[..], &[5, 0xff, 0xff, 0xff, 0xff, 0]].concat();
    assert_eq!(read(&huge, 19).1, Err(Fault { at: 23, kind: FaultKind::Short(0xffff_fffe) }));
}

#[test]
fn a_message_of_nothing_but_events_stays_within_the_bounds() {
    let bytes = [head(0, 0), event(1, b"").repeat(100_001)].concat();
    let (object, result) = read(&bytes, 19);
    assert!(matches!(result, Err(Fault { kind: FaultKind::TooMany, .. })));
    assert_eq!(object.events.len(), 100_000);
}
