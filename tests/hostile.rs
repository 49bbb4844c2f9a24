//! Values that lie: each ends in a fault on the right byte, explained to the last byte, in bounded memory.

mod common;

use allocation_counter::measure;
use common::assert_tiles;
use rtmpscope::field::{FaultKind, Reader, Tree};
use rtmpscope::wire::body::{self, Context};
use rtmpscope::wire::code::MessageType;

/// Memory that explaining a body of a few kilobytes may take; a count of 2^28 that is believed takes gigabytes.
const MOST_BYTES: u64 = 4 << 20;

/// Reads a body quietly and with a tree; both find the same fault. Returns where it is and what kind it is.
fn fault(name: &str, ty: MessageType, bytes: &[u8]) -> (u32, FaultKind) {
    let mut result = Ok(());
    let quiet = measure(|| result = body::read(&mut Reader::quiet(bytes), ty, Context::default()).1);
    let mut tree = None;
    let told = measure(|| {
        let mut reader = Reader::new(bytes, Tree::new());
        let (_, result) = body::read(&mut reader, ty, Context::default());
        tree = Some(reader.finish(result));
    });
    let tree = tree.unwrap();
    assert_tiles(&tree, bytes, name);
    assert_eq!(tree.first_fault(), result.err(), "{name}");
    let most = quiet.bytes_max.max(told.bytes_max);
    assert!(most < MOST_BYTES + 64 * bytes.len() as u64, "{name}: {most} bytes");
    let fault = result.expect_err(name);
    (fault.at, fault.kind)
}

fn short(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Short(_))
}

#[test]
fn nesting_of_ten_thousand_levels() {
    let deep = |level: &[u8], front: &[u8]| [front, &level.repeat(10_000)].concat();
    for (name, level, front) in [
        ("strict arrays", &b"\x0a\0\0\0\x01"[..], &b""[..]),
        ("objects", b"\x03\0\x01a", b""),
        ("ECMA arrays", b"\x08\0\0\0\x01\0\x01a", b""),
        ("typed objects", b"\x10\0\x01c\0\x01a", b""),
        ("AMF3 arrays", b"\x09\x03\x01", b"\x11"),
        ("AMF3 objects", b"\x0a\x0b\x01\x03a", b"\x11"),
        ("AMF3 dictionaries", b"\x11\x03\0", b"\x11"),
        ("AMF3 vectors", b"\x10\x03\0\x01", b"\x11"),
    ] {
        let bytes = deep(level, &[b"\x02\0\x02on", front].concat());
        let (at, kind) = fault(name, MessageType::DATA, &bytes);
        assert_eq!(kind, FaultKind::TooDeep, "{name}");
        assert!((at as usize) < 100 * level.len() + 16, "{name}: at {at}");
    }
}

#[test]
fn counts_of_2_to_the_28_and_lengths_beyond_the_end() {
    for (name, value, at) in [
        ("strict array", &b"\x0a\xff\xff\xff\xff\x05"[..], 6),
        ("long string", b"\x0c\xff\xff\xff\xffab", 5),
        ("XML", b"\x0f\x7f\xff\xff\xff<", 5),
        ("AMF3 string", b"\x11\x06\xff\xff\xff\xffab", 6),
        ("AMF3 array", b"\x11\x09\xff\xff\xff\xff\x01\x01", 8),
        ("AMF3 vector of numbers", b"\x11\x0f\xff\xff\xff\xff\0\0\0", 7),
        ("AMF3 vector of objects", b"\x11\x10\xff\xff\xff\xff\0\x01\x01", 9),
        ("AMF3 dictionary", b"\x11\x11\xff\xff\xff\xff\0\x01", 8),
        ("AMF3 byte array", b"\x11\x0c\xff\xff\xff\xff\0", 6),
        ("AMF3 sealed members", b"\x11\x0a\xff\xff\xff\xf3\x01\x03a", 9),
    ] {
        let bytes = [b"\x02\0\x02on", value].concat();
        let (found, kind) = fault(name, MessageType::DATA, &bytes);
        assert!(short(kind), "{name}: {kind:?}");
        assert_eq!(found, 5 + at, "{name}");
    }
}

#[test]
fn references_to_nowhere_and_to_themselves() {
    // A class that has not come stops the value; a string, an object or a container that has not is a remark.
    let class = fault("class", MessageType::DATA, b"\x02\0\x02on\x11\x0a\x41");
    assert!(matches!(class, (8, FaultKind::Malformed(_))), "{class:?}");
    for (name, value, remarks) in [
        ("AMF0 reference to nowhere", &b"\x07\x12\x34"[..], 1),
        ("AMF3 object to nowhere", b"\x11\x0a\x7e", 1),
        ("AMF3 string to nowhere", b"\x11\x06\x7e", 1),
        ("AMF0 array that holds itself", b"\x0a\0\0\0\x01\x07\0\0", 0),
        ("AMF3 array that holds itself", b"\x11\x09\x03\x01\x09\0", 0),
    ] {
        let bytes = [b"\x02\0\x02on", value].concat();
        let mut reader = Reader::new(&bytes, Tree::new());
        let (_, result) = body::read(&mut reader, MessageType::DATA, Context::default());
        let tree = reader.finish(result);
        assert_tiles(&tree, &bytes, name);
        assert_eq!((result, tree.remarks().len()), (Ok(()), remarks), "{name}");
    }
}

#[test]
fn tracks_that_overrun() {
    for (name, ty, bytes, at) in [
        ("tracks of one codec", MessageType::VIDEO, &b"\xa6\x11vp09\0\xff\xff\xff\x01\x02"[..], 7),
        ("tracks of several codecs", MessageType::VIDEO, b"\xa6\x21vp09\0\xff\xff\xff\x01\x02", 7),
        ("tracks of sound", MessageType::AUDIO, b"\x95\x11mp4a\0\0\0\x09\x01\x02", 7),
        ("a modifier", MessageType::VIDEO, b"\xa7\xff\xff\xff\x01", 4),
    ] {
        let (found, kind) = fault(name, ty, bytes);
        assert!(short(kind) || matches!(kind, FaultKind::Malformed(_)), "{name}: {kind:?}");
        assert_eq!(found, at, "{name}");
    }
}

#[test]
fn absurd_numbers_in_parameter_sets() {
    let record = |sps: &[u8]| [b"\x17\0\0\0\0\x01\x64\0\x1f\xff\xe1\0", &[sps.len() as u8][..], sps, b"\0"].concat();
    // Exp-Golomb codes of 40 zeros, a width of 2^32 - 2 blocks, a set that ends inside a code.
    for (name, sps, at) in [
        ("more than 32 zeros", &b"\x67\x42\0\x1f\0\0\0\0\0\xff"[..], 17),
        ("an enormous exponent", b"\x67\x42\0\x1f\x80\0\x80\0\0", 17),
        ("an end inside a code", b"\x67\x42\0\x1f\0", 17),
    ] {
        let (found, kind) = fault(name, MessageType::VIDEO, &record(sps));
        assert!(short(kind) || matches!(kind, FaultKind::Malformed(_)), "{name}: {kind:?}");
        assert_eq!(found, at, "{name}");
    }
}

/// The same in units of HEVC and VVC, whose counts would be loops of 2^29 rounds.
#[test]
fn absurd_counts_in_units() {
    let unit = |code: &[u8], unit: &[u8]| [code, b"\0\0\0", &[unit.len() as u8][..], unit].concat();
    let (hevc, vvc) = (&b"\xa3hvc1"[..], &b"\xa1vvc1\0\0\0"[..]);
    for (name, bytes, at) in [
        // The code begins at the first of four bytes that are nothing but zeros and a one.
        (
            "layer sets of HEVC",
            unit(hevc, b"\x40\x01\x0c\x01\xff\xff\x01\x60\0\x03\0\x90\0\x03\0\x03\0\x3c\0\0\0\x01"),
            27,
        ),
        ("width of VVC", unit(vvc, b"\0\x79\0\0\0\0\x01\0\0\x80\0"), 16),
        ("parts of VVC", unit(vvc, b"\0\x81\0\x03\x03\x01\0\0\0\x02\0\0\0\0\x80"), 18),
    ] {
        let (found, kind) = fault(name, MessageType::VIDEO, &bytes);
        assert!(short(kind) || matches!(kind, FaultKind::Malformed(_)), "{name}: {kind:?}");
        assert_eq!(found, at, "{name}");
    }
}
