//! How a side ends: FIN in front of a hole, its own sequence number, and what comes behind it.

use super::tape;
use crate::net::testing::{ACK, CLIENT, FIN, RST, SERVER, SYN, tcp};
use crate::stream::Ending;

#[test]
fn a_fin_waits_for_what_is_missing_before_it() {
    // The hole is filled: with one segment, with two in the other order, with a copy of all.
    let fills: [&[(u32, &[u8])]; 3] = [&[(1003, b"def")], &[(1005, b"f"), (1003, b"de")], &[(1000, b"abcdefghi")]];
    for fill in fills {
        let mut tape = tape();
        tape.handshake().client(ACK, 1000, 5000, b"abc").client(FIN | ACK, 1006, 5000, b"ghi");
        tape.server(ACK, 5000, 1003, b"").server(FIN | ACK, 5000, 1003, b"");
        assert_eq!((tape.now().ends, tape.now().closed), ([None, Some(Ending::Fin)], false));
        for (seq, bytes) in fill {
            tape.client(ACK, *seq, 5001, bytes);
        }
        assert_eq!((tape.now().ends, tape.now().closed), ([Some(Ending::Fin); 2], true));
        let heard = tape.only();
        assert_eq!((heard.sides[0].as_slice(), heard.gaps[0].len()), (&b"abcdefghi"[..], 0));
    }
}

#[test]
fn a_fin_alone_comes_before_the_data() {
    let mut tape = tape();
    tape.handshake().client(FIN | ACK, 1006, 5000, b"").client(ACK, 1003, 5000, b"def").client(ACK, 1000, 5000, b"abc");
    let heard = tape.only();
    assert_eq!((heard.sides[0].as_slice(), heard.ends[0]), (&b"abcdef"[..], Some(Ending::Fin)));
}

/// A FIN takes a sequence number of its own, which is no byte.
#[test]
fn the_number_of_a_fin_is_no_byte() {
    // It was seen, and data before it was not: the peer acknowledges both.
    let mut lost = tape();
    lost.handshake().client(ACK, 1000, 5000, b"abc").client(FIN | ACK, 1010, 5000, b"").server(ACK, 5000, 1011, b"");
    let heard = lost.only();
    assert_eq!((heard.gaps[0].as_slice(), heard.ends[0]), (&[(3, 7)][..], Some(Ending::Fin)));
    // It was not seen, and all data was: one byte more is acknowledged, and none is missing.
    let mut unseen = tape();
    unseen.handshake().client(ACK, 1000, 5000, b"abc").server(FIN | ACK, 5000, 1004, b"").client(RST, 1004, 0, b"");
    let heard = unseen.only();
    assert_eq!((heard.gaps[0].len(), heard.ends[0]), (0, Some(Ending::Reset)));
    // Neither was seen: what is acknowledged was there.
    let mut both = tape();
    both.handshake().client(ACK, 1000, 5000, b"abc").server(ACK, 5000, 1006, b"");
    assert_eq!(both.only().gaps[0], [(3, 3)]);
    // A copy of the FIN, with and without the last bytes.
    let mut copies = tape();
    copies.handshake().client(FIN | ACK, 1000, 5000, b"abc").client(FIN | ACK, 1003, 5000, b"");
    copies.client(FIN | ACK, 1001, 5000, b"bc").server(ACK, 5000, 1004, b"").client(ACK, 1004, 5000, b"");
    assert_eq!((copies.only().sides[0].as_slice(), copies.flows.census().bytes_after_end), (&b"abc"[..], 0));
}

#[test]
fn bytes_behind_a_fin_are_not_of_the_stream() {
    // Waiting before it, coming after it, partly behind it.
    let mut tape = tape();
    tape.handshake().client(ACK, 1008, 5000, b"xx").client(FIN | ACK, 1003, 5000, b"def").client(ACK, 1007, 5000, b"y");
    tape.client(ACK, 1000, 5000, b"abc").client(ACK, 1004, 5000, b"efZZZ");
    let heard = tape.only();
    assert_eq!((heard.sides[0].as_slice(), heard.ends[0]), (&b"abcdef"[..], Some(Ending::Fin)));
    assert_eq!(tape.flows.census().bytes_after_end, 2 + 1 + 3);
    assert!(tape.flows.census().remarks()[0].starts_with("6 bytes came behind the end"));
}

/// Of two ends that contradict each other the first in the stream counts, whichever came first.
#[test]
fn the_first_of_two_ends_counts() {
    for (one, other) in [(1006, 1009), (1009, 1006)] {
        let mut tape = tape();
        tape.handshake().client(FIN | ACK, one, 5000, b"").client(FIN | ACK, other, 5000, b"");
        tape.client(ACK, 1000, 5000, b"abcdefghi");
        assert_eq!(tape.only().sides[0], b"abcdef");
    }
}

#[test]
fn what_never_came_before_a_fin_is_given_up() {
    // As soon as the peer's acknowledgment of it has settled.
    let mut acknowledged = tape();
    acknowledged.handshake().client(ACK, 1000, 5000, b"abc").client(FIN | ACK, 1006, 5000, b"ghi");
    acknowledged.server(ACK, 5000, 1010, b"");
    for _ in 0..4 {
        acknowledged.pass(3000).push(tcp((7, 7), (8, 8), SYN, 0, 0, b""));
    }
    assert_eq!((acknowledged.now().ends[0], acknowledged.now().gaps[0].as_slice()), (Some(Ending::Fin), &[(3, 3)][..]));
    // When both sides have said that they stop, and nothing more comes.
    let mut silent = tape();
    silent.handshake().client(ACK, 1000, 5000, b"abc").client(FIN | ACK, 1006, 5000, b"").server(
        FIN | ACK,
        5000,
        1003,
        b"",
    );
    silent.pass(3000).push(tcp((7, 7), (8, 8), SYN, 0, 0, b""));
    assert!(silent.now().closed);
    assert_eq!(silent.now().gaps[0], [(3, 3)]);
    // A side that has not stopped may still be sent the rest.
    let mut open = tape();
    open.handshake().client(ACK, 1000, 5000, b"abc").client(FIN | ACK, 1006, 5000, b"").server(ACK, 5000, 1003, b"");
    open.pass(3000).push(tcp((7, 7), (8, 8), SYN, 0, 0, b""));
    assert_eq!(open.now().ends, [None, None]);
    open.push(tcp(CLIENT, SERVER, ACK, 1003, 5000, b"def"));
    assert_eq!((open.now().sides[0].as_slice(), open.now().ends[0]), (&b"abcdef"[..], Some(Ending::Fin)));
}

/// As an old connection of the same ports may leave behind, or somebody who guesses numbers.
#[test]
fn a_fin_from_before_what_was_sent_is_no_end() {
    for stale in [1002, 500, 0u32.wrapping_sub(70_000)] {
        let mut tape = tape();
        tape.handshake()
            .client(ACK, 1000, 5000, b"abc")
            .client(FIN | ACK, stale, 5000, b"")
            .client(ACK, 1003, 5000, b"def");
        assert_eq!(tape.now().sides[0], b"abcdef", "{stale}");
        tape.client(FIN | ACK, 1006, 5000, b"");
        assert_eq!(tape.only().ends[0], Some(Ending::Fin));
    }
}
