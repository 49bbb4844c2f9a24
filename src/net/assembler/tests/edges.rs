//! The edges of the rules: one step before each a stream goes on as if nothing had been.

use super::tape;
use crate::limits::Limits;
use crate::net::testing::{ACK, FIN, RST, SERVER, SYN, Tape, tcp};
use crate::stream::Ending;

/// Farther back than any receiver looks.
const FAR: u32 = 1003u32.wrapping_sub((1 << 30) + 100);

#[test]
fn acknowledgments_of_what_cannot_be_are_not_believed() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1000, 5000, b"abc").server(ACK, 5000, 1003 + (3 << 29), b"");
    assert!(tape.only().gaps[0].is_empty());
}

#[test]
fn an_old_acknowledgment_takes_nothing_back() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1000, 5000, b"abc").server(ACK, 5000, 1010, b"").server(ACK, 5000, 1003, b"");
    assert_eq!(tape.only().gaps[0], [(3, 7)]);
}

#[test]
fn a_fin_that_was_not_seen_is_no_byte_at_the_end_either() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1000, 5000, b"abc").server(FIN | ACK, 5000, 1004, b"");
    let heard = tape.only();
    assert_eq!((heard.gaps[0].len(), heard.ends[0]), (0, Some(Ending::Unfinished)));
}

#[test]
fn an_acknowledgment_says_where_a_stream_without_syn_begins() {
    let mut due = tape();
    due.server(ACK, 5000, 1000, b"").client(ACK, 1000, 5000, b"abc");
    assert_eq!(due.now().sides[0], b"abc", "nothing to wait for");
    // What it has already, and more than a byte: the capture has it in another order.
    let mut late = tape();
    late.server(ACK, 5000, 1003, b"").client(ACK, 1000, 5000, b"abc").client(ACK, 1003, 5000, b"def");
    assert_eq!(late.only().sides[0], b"abcdef");
}

#[test]
fn what_waits_before_the_beginning_is_not_of_the_stream() {
    let mut tape = tape();
    tape.client(ACK, 1000, 5000, b"oldnew").server(SYN | ACK, 4999, 1003, b"");
    assert_eq!(tape.only().sides[0], b"new");
}

#[test]
fn a_stream_without_syn_is_held_back_for_so_many_bytes() {
    let mut tape = tape();
    let piece = [b'x'; 30_000];
    tape.client(ACK, 1000, 5000, &piece).client(ACK, 31_000, 5000, &piece);
    assert_eq!(tape.now().sides[0].len(), 0);
    tape.client(ACK, 61_000, 5000, &piece);
    assert_eq!(tape.now().sides[0].len(), 90_000);
}

#[test]
fn only_strays_in_a_row_show_that_much_was_missed() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1000, 5000, b"abc");
    for round in 0..3u8 {
        for _ in 0..15 {
            tape.client(ACK, FAR, 5000, b"old");
        }
        tape.client(ACK, 1003 + u32::from(round), 5000, b"x");
    }
    let heard = tape.only();
    assert_eq!((heard.sides[0].as_slice(), heard.gaps[0].len()), (&b"abcxxx"[..], 0));
}

#[test]
fn strays_before_a_known_end_are_old() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1000, 5000, b"abc").client(FIN | ACK, 1006, 5000, b"");
    for _ in 0..40 {
        tape.client(ACK, FAR, 5000, b"old");
    }
    tape.client(ACK, 1003, 5000, b"def");
    let heard = tape.only();
    assert_eq!((heard.sides[0].as_slice(), heard.gaps[0].len()), (&b"abcdef"[..], 0));
}

/// What was delivered or dropped no longer counts towards the memory that all share.
#[test]
fn memory_is_given_back() {
    let limits = Limits { late_bytes_total: 1000, ..Limits::default() };
    let mut filled = Tape::new(&limits);
    filled.handshake();
    for seq in (1000..3000).step_by(101) {
        filled.client(ACK, seq + 1, 5000, &[b'x'; 100]).client(ACK, seq, 5000, b"y");
    }
    assert_eq!((filled.flows.census().given_up_bytes, filled.only().gaps[0].len()), (0, 0));
    let mut dropped = Tape::new(&limits);
    for port in 1..=20 {
        let ends = ((9, port), SERVER);
        dropped.push(tcp(ends.0, ends.1, SYN, 999, 0, b"")).push(tcp(ends.0, ends.1, ACK, 1010, 5000, &[b'x'; 100]));
        dropped.push(tcp(ends.0, ends.1, FIN | ACK, 1000, 5000, b"a"));
    }
    assert_eq!(dropped.flows.census().given_up_bytes, 0);
}

#[test]
fn a_hole_in_one_direction_is_waited_for_so_long() {
    let mut tape = tape();
    tape.client(SYN, 999, 0, b"").client(ACK, 1003, 5000, b"x");
    for i in 0..1023u32 {
        tape.client(ACK, 1004 + i, 5000, b"x");
    }
    assert!(tape.now().gaps[0].is_empty());
    tape.client(ACK, 1004 + 1023, 5000, b"x");
    assert_eq!(tape.now().gaps[0], [(0, 3)]);
}

/// An acknowledgment settles while as many packets pass as lie between two marks, wherever the next mark is.
#[test]
fn an_acknowledgment_just_before_a_mark_has_not_settled() {
    let mut tape = tape();
    tape.handshake();
    for _ in 0..115 {
        tape.client(ACK, 1000, 5000, b"");
    }
    tape.client(ACK, 1000, 5000, b"abc").client(ACK, 1006, 5000, b"ghi");
    for _ in 0..40 {
        tape.server(ACK, 5000, 1009, b"");
    }
    assert!(tape.now().gaps[0].is_empty());
    tape.client(ACK, 1003, 5000, b"def");
    assert_eq!(tape.only().sides[0], b"abcdefghi");
}

/// As long as the other side goes on, a reset connection is not over.
#[test]
fn what_is_in_flight_when_a_reset_comes_may_take_its_time() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1000, 5000, b"abc").server(ACK, 5000, 1003, b"x").client(RST, 1003, 0, b"");
    for i in 1..8 {
        tape.pass(500).server(ACK, 5000 + i, 1003, b"x");
    }
    assert_eq!(tape.only().sides[1], b"xxxxxxxx");
}
