//! The laws that hold for every body, over hand-made bodies of every type.

use super::*;
use crate::field::{Off, Tree};
use crate::wire::amf0;
use crate::wire::command::{KNOWN, known};
use crate::wire::data::HANDLERS;
use crate::wire::value::Amf;

fn text(s: &str) -> Amf {
    Amf::String(s.into())
}

fn object(members: &[(&str, Amf)]) -> Amf {
    Amf::Object(members.iter().map(|(k, v)| ((*k).into(), v.clone())).collect())
}

fn amf(values: &[Amf]) -> Vec<u8> {
    let mut bytes = Vec::new();
    amf0::write_all(values, &mut bytes);
    bytes
}

/// Bodies of every type, well-formed and odd ones.
fn samples() -> Vec<(u8, Vec<u8>, Context)> {
    let fixed: &[(u8, &[u8])] = &[
        (1, &[0, 0, 0x10, 0]),
        (1, &[0x80, 0, 0, 0]),
        (2, &[0, 0, 0, 6]),
        (3, &[0, 0x26, 0x25, 0xa0]),
        (4, &[0, 3, 0, 0, 0, 1, 0, 0, 0x0b, 0xb8]),
        (4, &[0, 5, 1, 2]),
        (5, &[0, 0x26, 0x25, 0xa0]),
        (6, &[0, 0x26, 0x25, 0xa0, 2]),
        (7, &[1, 2, 3]),
        (8, &[0xaf, 0, 0x11, 0x90, 0x56, 0xe5, 0]),
        (8, &[0xaf, 0, 0x13, 0x90, 0x56, 0xe5, 0xa5, 0x48, 0x80]),
        (8, &[0x2e, 0xff, 0xfb, 0x50]),
        (8, &[0x2e, 0xff, 0xfb, 0x50, 0xc4, 1]),
        (8, &[0xdf, 0xfb, 0x83, 1]),
        (8, b"\x91Opus\x01"),
        (9, &[0x17, 1, 0, 0, 0x43, 0, 0, 2, 0xa0, 6, 5]),
        (9, &[0x12, 0, 0, 0x84, 0, 0x80, 0xa1, 0, 0x77, 0x12]),
        (9, &[0x22, 0, 0, 0x84, 0, 0x30, 0x20, 0x20, 0]),
        (9, &[0x22, 0, 0, 0x84, 1, 0x80, 0]),
        (9, &[0x13, 0x31, 0x40, 0x30, 0xf0, 9]),
        (9, &[0x15, 0x12, 0, 1, 0, 7]),
        (9, &[0x57, 0, 0, 0, 0, 1]),
        (9, b"\x93hvc1\x01"),
        (16, b"\0\0\x04chat\0\0\0\x01\0\0\0\x02\0\0\0\0\x03\0\0\0\x07\0\x01k\x11\x06\x03v\x4d\0\0\0\x02zz"),
        (16, b"\x03\0\x01a\0\0\0\0\0\0\0\0\0\0\0\0\x06\0\0\0\x06\x06\x03f\x0a\x01\x06"),
        (19, b"\0\x04chat\0\0\0\x03\0\0\0\x02\0\0\0\0\x0b\0\0\0\0\x08\0\0\0\0\x04\0\0\0\x0b\0\x03foo\x02\0\x03bar"),
        (19, b"\0\x01a\0\0\0\0\0\0\0\0\0\0\0\0\x06\0\0\0\x05\x02\0\x01f\x04\x07\0\0\0\x07\0\x01c\0\x01l!\x05\0\0\0\x03\0\x01k"),
        (22, &[8, 0, 0, 4, 0, 0x13, 0x88, 0, 0, 0, 0, 0xaf, 1, 0xaa, 0xbb, 0, 0, 0, 0x0f]),
        (22, b"\x12\0\0\x05\0\0\x05\0\0\0\0\x02\0\x02hi\0\0\0\x10\x16\0\0\x01\0\0\x06\0\0\0\0\x08\0\0\0\x0c\x13\0\0\x01\0\0\x07\0\0\0\0\x01"),
        (22, b"\x08\0\0\x02\0\0\x13\x88\0\0\0\xaf\x01\0\0\0\x0d\x08\0\0\x02\0\0\x13\x99\0\0\0\xaf\x01\0\0\0\x0d"),
        (20, b"\x0a\0\0\0\x01\x07\0\0"),
        (18, b"\x05"),
        (18, b"\x02\0\x01a\x11\x06\x03a"),
        (17, b"\0\x02\0\x07publish\0\x40\0\0\0\0\0\0\0\x05\x11\x06\x07key\x11\x0a\x0b\x01\x03x\x04\x01\x01"),
        (99, &[0]),
    ];
    let mut samples: Vec<_> = fixed.iter().map(|(ty, bytes)| (*ty, bytes.to_vec(), Context::default())).collect();
    let everything = object(&[
        ("app", text("live?k=1")),
        ("audioCodecs", Amf::Number(4071.0)),
        ("code", text("NetStream.Play.Start")),
        ("ex", object(&[("code", Amf::Number(302.0)), ("redirect", text("rtmp://h/a"))])),
        ("fourCcList", Amf::Array(vec![text("*")])),
        ("videoTrackIdInfoMap", object(&[("1", object(&[("width", Amf::Number(2.0))]))])),
        ("when", Amf::Date(1.0, 0)),
    ]);
    for k in KNOWN {
        let values = [text(k.name), Amf::Number(3.0), everything.clone(), everything.clone(), Amf::Number(-2.0)];
        samples.push((20, amf(&values), Context::default()));
        samples.push((17, [&[0], &amf(&values)[..]].concat(), Context::default()));
        for reply in ["_result", "_error"] {
            let values = [text(reply), Amf::Number(3.0), everything.clone(), everything.clone(), Amf::Null];
            let context = Context { reply_to: known(k.name.as_bytes()), ..Context::default() };
            samples.push((20, amf(&values), context));
        }
    }
    for h in HANDLERS {
        let values = [text(h.name), everything.clone(), Amf::Boolean(true)];
        samples.push((18, amf(&values), Context::default()));
        let kept = [text("@setDataFrame"), text(h.name), everything.clone()];
        samples.push((15, amf(&kept), Context::default()));
    }
    samples
}

/// Reads quietly and annotated, checks the laws, and returns what was read.
fn check(ty: u8, bytes: &[u8], context: Context) -> (Body, Result<(), Fault>) {
    let ty = MessageType(ty);
    let quiet = read(&mut Reader::new(bytes, Off), ty, context);
    let mut annotated = None;
    let tree = Tree::explain(bytes, |r| {
        let read = read(r, ty, context);
        let result = read.1;
        annotated = Some(read);
        result
    });
    // As text, because NaN does not equal itself.
    assert_eq!(format!("{quiet:?}"), format!("{:?}", annotated.unwrap()));
    assert_eq!(tree.first_fault(), quiet.1.err());
    assert_eq!(tree.tiles(bytes.len()), Ok(()), "{ty:?} {bytes:x?}");
    quiet
}

#[test]
fn quiet_equals_annotated_and_leaves_tile_wherever_a_body_is_cut() {
    for (ty, bytes, context) in samples() {
        for end in 0..=bytes.len() {
            let _ = check(ty, &bytes[..end], context);
        }
    }
}

#[test]
fn quiet_equals_annotated_and_leaves_tile_whichever_byte_is_wrong() {
    for (ty, bytes, context) in samples().into_iter().step_by(4) {
        for at in 0..bytes.len() {
            for wrong in [0xff, bytes[at] ^ 1] {
                let mut bytes = bytes.clone();
                bytes[at] = wrong;
                let _ = check(ty, &bytes, context);
            }
        }
    }
}

/// Beginnings of each type, followed by noise.
#[test]
fn quiet_equals_annotated_and_leaves_tile_over_noise() {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for (ty, bytes, context) in samples().into_iter().step_by(3) {
        for _ in 0..60 {
            let keep = next() as usize % (bytes.len() + 1);
            let mut bytes = bytes[..keep].to_vec();
            bytes.extend((0..next() % 80).map(|_| if next() % 3 == 0 { 0 } else { next() as u8 }));
            let _ = check(ty, &bytes, context);
        }
    }
}

#[test]
fn every_type_has_its_body() {
    for (ty, bytes, context) in samples() {
        let (body, result) = check(ty, &bytes, context);
        let kind = match &body {
            Body::Control(_) => Kind::Control,
            Body::UserControl(_) => Kind::UserControl,
            Body::Command(_) => Kind::Command,
            Body::Data(_) => Kind::Data,
            Body::Audio(_) => Kind::Audio,
            Body::Video(_) => Kind::Video,
            Body::SharedObject(_) => Kind::SharedObject,
            Body::Aggregate(_) => Kind::Aggregate,
            Body::Unknown => Kind::Unknown,
        };
        assert_eq!(kind, MessageType(ty).kind(), "{bytes:x?} {result:?}");
    }
}

#[test]
fn a_control_message_without_its_value_is_unknown() {
    assert_eq!(check(1, &[0, 0], Context::default()).0, Body::Unknown);
    assert!(check(1, &[0, 0], Context::default()).1.is_err());
}

/// What the first bytes say of a picture of `units`, each given by its first bytes and its length.
fn tells_all(header: &[u8], units: &[(&[u8], u32)]) -> bool {
    let mut body = header.to_vec();
    for (first, len) in units {
        body.extend(len.to_be_bytes());
        let unit = first.iter().copied().chain(std::iter::repeat(0x55)).take(*len as usize);
        body.extend(unit);
    }
    head_tells_all(MessageType::VIDEO, &body[..64], body.len() as u32)
}

#[test]
fn the_beginning_of_a_single_slice_tells_all() {
    let (avc, slice, sei) = (&[0x27, 1, 0, 0, 0][..], (&[0x41, 0x9a][..], 900), (&[6, 1][..], 12));
    assert!(tells_all(avc, &[slice]));
    assert!(!tells_all(avc, &[(&[9, 0xf0], 900)]), "no picture");
    assert!(!tells_all(avc, &[sei, slice]) && !tells_all(avc, &[slice, slice]) && !tells_all(avc, &[(&[6, 5], 900)]));
    // Another length of lengths, a configuration, a command, a unit that is longer than its message.
    assert!(!tells_all(&[0x27, 1, 0, 0, 0, 0], &[slice]));
    assert!(!tells_all(&[0x17, 0, 0, 0, 0], &[slice]) && !tells_all(&[0x57, 1, 0, 0, 0], &[slice]));
    assert!(!head_tells_all(MessageType::VIDEO, &[&[0x27, 1, 0, 0, 0, 0, 0, 9], &[0x41; 56][..]].concat(), 900));
    let enhanced = |packet: u8, fourcc: &[u8], more: &[u8]| [&[0xa0 | packet], fourcc, more].concat();
    assert!(tells_all(&enhanced(3, b"hvc1", &[]), &[(&[2, 1], 900)]));
    assert!(tells_all(&enhanced(1, b"vvc1", &[0; 3]), &[(&[0, 9], 900)]));
    assert!(!tells_all(&enhanced(3, b"hvc1", &[]), &[(&[0x4e, 1], 900)]), "a message beside the picture");
    assert!(!tells_all(&enhanced(1, b"av01", &[]), &[slice]));
    // One track is not what the whole message tells.
    assert!(!tells_all(&enhanced(6, &[3], b"hvc1\0"), &[(&[2, 1], 900)]));
}

#[test]
fn the_beginning_of_sound_tells_all_where_nobody_reads_on() {
    let tells_all = |first: [u8; 2]| head_tells_all(MessageType::AUDIO, &[&first, &[0x55; 62][..]].concat(), 700);
    assert!(tells_all([0xaf, 1]) && tells_all([0x3f, 1]), "AAC, PCM");
    assert!(
        !tells_all([0xaf, 0]) && !tells_all([0x2f, 0xff]) && !tells_all([0x91, b'm']),
        "configuration, MP3, enhanced"
    );
}
