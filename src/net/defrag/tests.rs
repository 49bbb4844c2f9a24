//! Datagrams in fragments, through `Flows` so that the ledger is checked too.

use proptest::prelude::*;

use crate::limits::Limits;
use crate::net::testing::{ACK, CLIENT, SERVER, SYN, Tape, ipv4, tcp};

/// Fragments of the IPv4 packet `whole`: payload offsets and lengths.
fn fragments(whole: &[u8], id: u8, places: &[(usize, usize)]) -> Vec<Vec<u8>> {
    let payload = &whole[20..];
    let fragment = |&(from, to): &(usize, usize)| {
        let to = to.min(payload.len());
        let more = if to < payload.len() { 0x2000 } else { 0 };
        let mut packet = ipv4(whole[15], whole[19], 6, more | (from / 8) as u16, &payload[from..to]);
        packet[5] = id;
        packet
    };
    places.iter().map(fragment).collect()
}

fn stream() -> Vec<u8> {
    (0..1000u32).map(|i| (i * 7 + i / 256) as u8).collect()
}

#[test]
fn in_any_order_with_overlaps() {
    let whole = tcp(CLIENT, SERVER, ACK, 1000, 0, &stream());
    let orders: [&[(usize, usize)]; 6] = [
        &[(0, 504), (504, 1020)],
        &[(504, 1020), (0, 504)],
        &[(400, 800), (0, 160), (160, 400), (800, 1020)],
        &[(800, 1020), (0, 160), (400, 800), (160, 400)],
        &[(0, 8), (8, 16), (16, 1020)],
        &[(0, 600), (0, 600), (200, 800), (400, 1020)],
    ];
    for places in orders {
        let mut tape = Tape::new(&Limits::default());
        tape.client(SYN, 999, 0, b"");
        for packet in fragments(&whole, 1, places) {
            tape.push(packet);
        }
        assert_eq!(tape.only().sides[0], stream(), "{places:?}");
        assert_eq!(tape.flows.census().datagrams, 1);
    }
}

#[test]
fn what_is_cut_off_a_fragment_is_a_gap() {
    let whole = tcp(CLIENT, SERVER, ACK, 1000, 0, &stream());
    let mut tape = Tape::new(&Limits::default());
    tape.client(SYN, 999, 0, b"");
    for packet in fragments(&whole, 1, &[(0, 504), (504, 1020)]) {
        tape.push_cut(packet, 120);
    }
    let heard = tape.only();
    assert_eq!(heard.gaps[0], [(80, 404), (584, 416)]);
    assert_eq!(heard.sides[0], [&stream()[..80], &stream()[484..584]].concat());
}

#[test]
fn unfinished_datagrams_are_bounded() {
    let mut tape = Tape::new(&Limits { datagrams: 2, ..Limits::default() });
    tape.client(SYN, 999, 0, b"");
    let whole = tcp(CLIENT, SERVER, ACK, 1000, 0, &stream());
    let parts: Vec<_> = (1..=4).map(|id| fragments(&whole, id, &[(0, 504), (504, 1020)])).collect();
    for part in &parts {
        tape.push(part[0].clone());
    }
    tape.push(parts[0][1].clone()).push(parts[1][1].clone());
    assert_eq!(tape.flows.census().datagrams, 0, "the oldest are forgotten");
    assert!(tape.finish().is_empty());
    tape.push(parts[2][1].clone());
}

/// A fragment costs its bytes and 128 more; the datagram that was begun first is given up.
#[test]
fn fragments_share_a_memory() {
    let whole = tcp(CLIENT, SERVER, ACK, 1000, 0, &stream());
    for (most, datagrams) in [(1000 + 256, 1), (1000 + 255, 0)] {
        let mut tape = Tape::new(&Limits { datagram_bytes: most, ..Limits::default() });
        tape.client(SYN, 999, 0, b"");
        let first = fragments(&whole, 1, &[(0, 504), (504, 1020)]);
        let second = fragments(&whole, 2, &[(0, 496), (496, 1020)]);
        tape.push(first[0].clone()).push(second[0].clone());
        tape.push(first[1].clone());
        assert_eq!(tape.flows.census().datagrams, datagrams, "{most} bytes");
        // What is given up makes room again.
        for part in fragments(&whole, 3, &[(0, 504), (504, 1020)]) {
            tape.push(part);
        }
        assert_eq!(tape.flows.census().datagrams, datagrams + 1, "{most} bytes");
    }
}

#[test]
fn so_many_datagrams_wait_and_not_one_more() {
    let whole = tcp(CLIENT, SERVER, ACK, 1000, 0, &stream());
    for (most, datagrams) in [(3, 1), (2, 0)] {
        let mut tape = Tape::new(&Limits { datagrams: most, ..Limits::default() });
        tape.client(SYN, 999, 0, b"");
        let parts: Vec<_> = (1..=3).map(|id| fragments(&whole, id, &[(0, 504), (504, 1020)])).collect();
        for part in &parts {
            tape.push(part[0].clone());
        }
        tape.push(parts[0][1].clone());
        assert_eq!(tape.flows.census().datagrams, datagrams, "room for {most}");
    }
}

#[test]
fn identifications_are_used_again() {
    let mut tape = Tape::new(&Limits::default());
    tape.client(SYN, 999, 0, b"");
    let old = fragments(&tcp(CLIENT, SERVER, ACK, 1000, 0, &[0xff; 1000]), 1, &[(0, 504), (504, 1020)]);
    let new = fragments(&tcp(CLIENT, SERVER, ACK, 1000, 0, &stream()), 1, &[(0, 504), (504, 1020)]);
    tape.push(old[1].clone()).pass(60_000).push(new[0].clone()).push(new[1].clone());
    assert_eq!(tape.only().sides[0], stream());
}

proptest! {
    #[test]
    fn noise(fragments in prop::collection::vec((0usize..60, 0usize..60, 0u8..3, any::<bool>()), 0..80)) {
        let mut tape = Tape::new(&Limits { datagrams: 2, ..Limits::default() });
        for (from, len, id, more) in fragments {
            let mut packet = ipv4(1, 2, 6, u16::from(more) << 13 | from as u16, &[0x50; 60][..len]);
            packet[5] = id;
            tape.push(packet);
        }
        tape.finish();
    }
}

#[test]
fn a_hole_is_not_made_up_for_by_what_is_too_much() {
    let mut tape = Tape::new(&Limits::default());
    tape.client(SYN, 999, 0, b"");
    let whole = tcp(CLIENT, SERVER, ACK, 1000, 0, &stream());
    let mut parts = fragments(&whole, 1, &[(0, 200), (400, 1020), (200, 400)]);
    // The middle one claims a place behind the end.
    parts[2][6..8].copy_from_slice(&(0x2000u16 | 200).to_be_bytes());
    for part in parts {
        tape.push(part);
    }
    assert_eq!(tape.flows.census().datagrams, 0);
}
