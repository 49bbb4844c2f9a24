use super::*;
use crate::field::{FaultKind, Off, Tree};

/// A message with its header and back pointer, timestamp in FLV order.
fn part(ty: u8, timestamp: u32, body: &[u8]) -> Vec<u8> {
    let [high, rest @ ..] = timestamp.to_be_bytes();
    framed(ty, [rest[0], rest[1], rest[2], high], body)
}

fn framed(ty: u8, timestamp: [u8; 4], body: &[u8]) -> Vec<u8> {
    let len = body.len() as u32;
    [&[ty], &len.to_be_bytes()[1..], &timestamp, &[0, 0, 0], body, &(11 + len).to_be_bytes()].concat()
}

fn explain(bytes: &[u8]) -> Tree {
    let tree = Tree::explain(bytes, |r| Aggregate::read(r).1);
    assert_eq!(tree.tiles(bytes.len()), Ok(()), "{bytes:x?}");
    tree
}

fn read(bytes: &[u8]) -> (Aggregate, Result<(), Fault>) {
    let read = Aggregate::read(&mut Reader::new(bytes, Off));
    assert_eq!(explain(bytes).first_fault(), read.1.err());
    read
}

fn good(bytes: &[u8]) -> Aggregate {
    let (aggregate, result) = read(bytes);
    assert_eq!((result, aggregate.fault), (Ok(()), None));
    assert!(explain(bytes).leaves().all(|n| n.field.name != "gap"), "{bytes:x?}");
    aggregate
}

fn remarks(bytes: &[u8]) -> Vec<&'static str> {
    explain(bytes).remarks().iter().map(|r| r.text).collect()
}

const EXAMPLE: &[u8] = &[
    8, 0, 0, 4, 0, 0x13, 0x88, 0, 0, 0, 0, 0xaf, 1, 0xaa, 0xbb, 0, 0, 0, 0x0f, //
    9, 0, 0, 11, 0, 0x13, 0x8f, 0, 0, 0, 0, 0x27, 1, 0, 0, 0, 0, 0, 0, 2, 0x41, 0x9a, 0, 0, 0, 0x16, //
    8, 0, 0, 3, 0, 0x13, 0x9f, 0, 0, 0, 0, 0xaf, 1, 0xdd, 0, 0, 0, 0x0e,
];

/// The example of the protocol page: 5000, 5007, 5023 become 9000, 9007, 9023.
#[test]
fn worked_example() {
    let aggregate = good(EXAMPLE);
    let parts: Vec<_> = aggregate.parts.iter().map(|p| (p.message_type.0, p.timestamp, 9000 + p.offset)).collect();
    assert_eq!(parts, [(8, 5000, 9000), (9, 5007, 9007), (8, 5023, 9023)]);
    let bodies: Vec<_> = aggregate.parts.iter().map(|p| p.body.of(EXAMPLE)).collect();
    assert_eq!(bodies, [&[0xaf, 1, 0xaa, 0xbb][..], &[0x27, 1, 0, 0, 0, 0, 0, 0, 2, 0x41, 0x9a], &[0xaf, 1, 0xdd]]);
    assert_eq!(aggregate.order, TimeOrder::Flv);
    assert!(remarks(EXAMPLE).is_empty());
    let tree = explain(EXAMPLE);
    let groups: Vec<_> = tree.nodes().iter().filter(|n| n.depth == 1 || n.depth == 2 && n.end as usize > 0).collect();
    assert_eq!(groups.iter().filter(|n| n.field.name == "message").count(), 3);
    assert_eq!(groups.iter().filter(|n| matches!(n.field.name, "audio" | "video")).count(), 3, "bodies are decoded");
}

#[test]
fn an_empty_aggregate_is_empty() {
    assert_eq!(good(&[]).parts, []);
}

#[test]
fn timestamps_in_plain_order_are_recognised_by_their_jumps() {
    let plain =
        |times: &[u32]| times.iter().map(|t| framed(8, t.to_be_bytes(), &[0xaf, 1])).collect::<Vec<_>>().concat();
    let offsets = |bytes: &[u8]| {
        let aggregate = good(bytes);
        (aggregate.order, aggregate.parts.iter().map(|p| p.offset).collect::<Vec<_>>())
    };
    assert_eq!(offsets(&plain(&[5000, 5007, 5023])), (TimeOrder::Plain, vec![0, 7, 23]));
    assert_eq!(remarks(&plain(&[5000, 5007, 5023])).len(), 1);
    // A single message has no jumps; nor do steps of whole multiples of 256, which FLV order divides.
    assert_eq!(offsets(&plain(&[5000])), (TimeOrder::Flv, vec![0]));
    assert_eq!(offsets(&plain(&[5000, 5256])), (TimeOrder::Flv, vec![0, 1]));
    // Absurd either way: FLV order.
    assert_eq!(offsets(&plain(&[0, 0x4000_0040])).0, TimeOrder::Flv);
    // Across the edges of 24 and 32 bits, and backwards.
    let flv = |times: [u32; 3]| times.iter().map(|t| part(8, *t, &[0xaf, 1])).collect::<Vec<_>>().concat();
    assert_eq!(offsets(&flv([0xff_fff0, 0x100_0007, 0x100_001e])), (TimeOrder::Flv, vec![0, 23, 46]));
    assert_eq!(offsets(&flv([u32::MAX, 6, 2])), (TimeOrder::Flv, vec![0, 7, 3]));
    assert_eq!(offsets(&flv([40, 20, 60])), (TimeOrder::Flv, vec![0, -20, 20]));
}

#[test]
fn back_pointers_are_checked_and_the_last_one_may_be_missing() {
    let mut wrong = EXAMPLE.to_vec();
    wrong[18] = 9;
    assert_eq!(good(&wrong).parts.len(), 3);
    assert_eq!(explain(&wrong).remarks()[0].bits, crate::field::Bits::of_bytes(15, 4));
    let missing = &EXAMPLE[..EXAMPLE.len() - 4];
    assert_eq!(good(missing).parts.len(), 3);
    assert_eq!(remarks(missing).len(), 1);
    let (aggregate, result) = read(&EXAMPLE[..EXAMPLE.len() - 1]);
    let fault = Fault { at: EXAMPLE.len() as u32 - 4, kind: FaultKind::Short(1) };
    assert_eq!((aggregate.parts.len(), aggregate.fault, result), (3, Some(fault), Err(fault)));
}

#[test]
fn a_length_beyond_the_end_is_a_fault_where_the_body_should_stand() {
    let mut bytes = EXAMPLE.to_vec();
    bytes[19 + 2] = 0xff;
    let (aggregate, result) = read(&bytes);
    let at = 19 + 11;
    let fault = Fault { at, kind: FaultKind::Short(0xff0b - (EXAMPLE.len() as u32 - at)) };
    assert_eq!((aggregate.parts.len(), aggregate.fault, result), (1, Some(fault), Err(fault)));
    // A header that is not there.
    let (aggregate, result) = read(&EXAMPLE[..19 + 9]);
    let fault = Fault { at: 19 + 8, kind: FaultKind::Short(2) };
    assert_eq!((aggregate.parts.len(), aggregate.fault, result), (1, Some(fault), Err(fault)));
}

#[test]
fn an_aggregate_inside_is_refused_and_the_rest_is_read() {
    let bytes = [part(22, 5, EXAMPLE), part(8, 6, &[0xaf, 1])].concat();
    let (aggregate, result) = read(&bytes);
    let fault = Fault { at: 11, kind: FaultKind::Malformed(&"an aggregate inside of an aggregate") };
    assert_eq!((aggregate.fault, result), (Some(fault), Err(fault)));
    let parts: Vec<_> = aggregate.parts.iter().map(|p| (p.message_type.0, p.offset)).collect();
    assert_eq!(parts, [(8, 1)], "times count from the first message, refused or not");
}

#[test]
fn a_fault_in_a_body_is_that_of_the_message_inside() {
    let bytes = [part(8, 5, &[0xaf]), part(9, 6, &[0x17, 1]), part(8, 7, &[0xaf, 1])].concat();
    let (aggregate, result) = read(&bytes);
    assert_eq!(result, Err(Fault { at: 12, kind: FaultKind::Short(1) }));
    assert_eq!((aggregate.parts.len(), aggregate.fault), (3, None));
}

#[test]
fn an_aggregate_of_nothing_but_headers_stays_within_the_bounds() {
    let bytes = part(8, 0, &[]).repeat(100_001);
    let (aggregate, result) = read(&bytes);
    assert!(matches!(result, Err(Fault { kind: FaultKind::TooMany, .. })));
    assert_eq!(aggregate.parts.len(), 100_000);
}
