//! Ports that are used again: where one connection ends and the next begins.

use crate::limits::Limits;
use crate::net::OpenedBy;
use crate::net::testing::{ACK, CLIENT, FIN, Heard, PSH, RST, SERVER, SYN, Tape, tcp};
use crate::stream::Ending;

fn tape() -> Tape {
    Tape::new(&Limits::default())
}

/// A connection that counts from these numbers: handshake, a word and its answer.
fn talk(tape: &mut Tape, client: u32, server: u32, word: &[u8]) {
    let (c, s) = (client.wrapping_add(1), server.wrapping_add(1));
    let after = c.wrapping_add(word.len() as u32);
    tape.client(SYN, client, 0, b"").server(SYN | ACK, server, c, b"").client(ACK, c, s, b"");
    tape.client(ACK, c, s, word).server(ACK, s, after, b"yes").client(ACK, after, s.wrapping_add(3), b"");
}

/// The numbers after `talk` with a word of three bytes.
fn close(tape: &mut Tape, client: u32, server: u32) {
    let (c, s) = (client + 4, server + 4);
    tape.client(FIN | ACK, c, s, b"").server(FIN | ACK, s, c + 1, b"").client(ACK, c + 1, s + 1, b"");
}

fn words(all: &[Heard]) -> Vec<(&str, &str, Option<Ending>)> {
    let text = |bytes| std::str::from_utf8(bytes).unwrap();
    all.iter().map(|heard| (text(&heard.sides[0]), text(&heard.sides[1]), heard.ends[0])).collect()
}

#[test]
fn other_numbers_after_a_close_a_reset_or_no_end_at_all() {
    for (end, how) in [(0, Ending::Fin), (1, Ending::Reset), (2, Ending::Replaced)] {
        // Farther on, as the clocks of hosts count, farther back, and just before the beginning.
        for next in [777_000, 500, 998, u32::MAX - 70_000] {
            let mut tape = tape();
            talk(&mut tape, 999, 4999, b"one");
            match end {
                0 => close(&mut tape, 999, 4999),
                1 => {
                    tape.client(RST, 1003, 0, b"");
                }
                _ => {}
            }
            talk(&mut tape, next, 90_000, b"two");
            let all = tape.finish();
            assert_eq!(words(&all), [("one", "yes", Some(how)), ("two", "yes", Some(Ending::Unfinished))], "{next}");
            assert_eq!(tape.flows.census().retransmitted_bytes, 0);
            assert!(tape.heard.infos.iter().all(|info| info.opened_by == OpenedBy::Syn));
        }
    }
}

/// A capture that is played over and over counts from the same numbers each time.
#[test]
fn the_same_numbers_after_a_close_or_a_reset() {
    for closed in [true, false] {
        let mut tape = tape();
        for word in [b"one", b"two", b"six"] {
            talk(&mut tape, 999, 4999, word);
            match closed {
                true => close(&mut tape, 999, 4999),
                false => {
                    tape.client(RST, 1003, 0, b"");
                }
            }
            tape.pass(10);
        }
        let how = Some(if closed { Ending::Fin } else { Ending::Reset });
        let all = tape.finish();
        assert_eq!(words(&all), [("one", "yes", how), ("two", "yes", how), ("six", "yes", how)]);
        assert_eq!((tape.flows.census().connections, tape.flows.census().retransmitted_bytes), (3, 0));
    }
}

#[test]
fn the_same_numbers_where_only_one_direction_was_captured() {
    let mut tape = tape();
    for word in [b"one", b"two"] {
        tape.client(SYN, 999, 0, b"").client(ACK, 1000, 5000, word).client(FIN | ACK, 1003, 5000, b"");
    }
    let mut server = Tape::new(&Limits::default());
    for word in [b"yes", b"off"] {
        server.server(SYN | ACK, 4999, 1000, b"").server(ACK, 5000, 1003, word).server(FIN | ACK, 5003, 1003, b"");
    }
    assert_eq!(words(&tape.finish()), [("one", "", Some(Ending::Fin)), ("two", "", Some(Ending::Fin))]);
    let sides: Vec<_> = server.finish().into_iter().map(|heard| heard.sides[1].clone()).collect();
    assert_eq!(sides, [b"yes", b"off"]);
}

/// The old connection ends where its last bytes are still missing.
#[test]
fn the_same_numbers_while_a_hole_was_open() {
    let mut tape = tape();
    talk(&mut tape, 999, 4999, b"one");
    tape.client(ACK, 1006, 5003, b"!").client(FIN | ACK, 1007, 5003, b"").server(FIN | ACK, 5003, 1003, b"");
    talk(&mut tape, 999, 4999, b"two");
    let all = tape.finish();
    assert_eq!(words(&all), [("one!", "yes", Some(Ending::Fin)), ("two", "yes", Some(Ending::Unfinished))]);
    assert_eq!(all[0].gaps[0], [(3, 3)]);
}

/// A port that was closed, asked again with the same number until it is open, as some clients do.
#[test]
fn a_refused_connection_is_tried_again() {
    let mut tape = tape();
    for _ in 0..2 {
        tape.client(SYN, 999, 0, b"").server(RST | ACK, 0, 1000, b"").pass(500);
    }
    talk(&mut tape, 999, 4999, b"one");
    assert_eq!(words(&tape.finish()), [("one", "yes", Some(Ending::Unfinished))]);
}

/// A client that lost its memory opens a connection that the server has still open (RFC 9293, 3.10.7.4; RFC 5961): the
/// server answers with what it knows, the client resets that and tries again with the same number.
#[test]
fn a_client_that_forgot_opens_the_same_ports() {
    let mut tape = tape();
    talk(&mut tape, 999, 4999, b"one");
    tape.client(SYN, 777_000, 0, b"").server(ACK, 5003, 1003, b"").client(RST, 1003, 0, b"").pass(1000);
    talk(&mut tape, 777_000, 90_000, b"two");
    let all = tape.finish();
    assert_eq!(words(&all), [("one", "yes", Some(Ending::Replaced)), ("two", "yes", Some(Ending::Unfinished))]);
}

/// The old connection's last packets may be on their way when the new one begins.
#[test]
fn stragglers_of_the_old_connection_do_not_disturb_the_new_one() {
    for late in [ACK, FIN | ACK, PSH | ACK] {
        let mut tape = tape();
        talk(&mut tape, 99_999, 94_999, b"one");
        tape.client(RST, 100_003, 0, b"").client(SYN, 999, 0, b"");
        let payload: &[u8] = if late & PSH != 0 { b"old" } else { b"" };
        tape.server(late, 95_003, 100_003, payload).client(ACK, 100_003, 95_003, b"");
        tape.server(SYN | ACK, 4999, 1000, b"").client(ACK, 1000, 5000, b"two").server(ACK, 5000, 1003, b"yes");
        let all = tape.finish();
        let last = all.last().unwrap();
        assert_eq!((last.sides[0].as_slice(), last.sides[1].as_slice()), (&b"two"[..], &b"yes"[..]), "{late}");
        assert!(last.gaps.iter().all(Vec::is_empty), "{late}: {:?}", last.gaps);
    }
}

/// Of a capture whose packets are merged out of order, or that two taps made, copies come late.
#[test]
fn copies_of_a_handshake_open_nothing() {
    let mut tape = tape();
    talk(&mut tape, 999, 4999, b"one");
    // While the connection lasts a copy may be as late as it likes.
    tape.pass(60_000).client(SYN, 999, 0, b"").server(SYN | ACK, 4999, 1000, b"");
    close(&mut tape, 999, 4999);
    // Behind its end, copies that are older than the end.
    tape.pass(-61_000);
    talk(&mut tape, 999, 4999, b"one");
    close(&mut tape, 999, 4999);
    assert_eq!(words(&tape.finish()), [("one", "yes", Some(Ending::Fin))]);
    assert_eq!((tape.flows.census().connections, tape.flows.census().retransmitted_bytes), (1, 6));
}

#[test]
fn a_syn_that_refuses_itself_opens_nothing() {
    let mut tape = tape();
    talk(&mut tape, 999, 4999, b"one");
    tape.push(tcp(CLIENT, SERVER, SYN | RST, 777_000, 0, b""));
    tape.client(ACK, 1003, 5003, b"more");
    let all = tape.finish();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].sides[0], b"onemore");
}

#[test]
fn a_server_that_resets_is_asked_again_with_the_same_number() {
    let mut tape = tape();
    for word in [b"one", b"two"] {
        talk(&mut tape, 999, 4999, word);
        tape.server(RST, 5003, 0, b"");
    }
    assert_eq!(tape.finish().len(), 2);
    assert!(tape.heard.infos.iter().all(|info| info.opened_by == OpenedBy::Syn));
}

#[test]
fn a_repeated_answer_to_a_client_that_gave_up_opens_nothing() {
    let mut tape = tape();
    tape.client(SYN, 999, 0, b"").server(SYN | ACK, 4999, 1000, b"").client(RST, 1000, 0, b"");
    tape.server(SYN | ACK, 4999, 1000, b"");
    assert_eq!(tape.flows.census().connections, 1);
}

#[test]
fn a_syn_tells_who_opened_whatever_was_seen_before() {
    let mut tape = tape();
    tape.server(ACK, 5000, 1000, b"").handshake().client(ACK, 1000, 5000, b"abc");
    assert_eq!(tape.only().sides[0], b"abc");
    assert_eq!((tape.heard.infos[0].opened_by, tape.heard.infos[0].a.port()), (OpenedBy::Syn, CLIENT.1));
}

/// Without its handshake a new connection is told by how far its numbers are.
#[test]
fn far_payload_behind_a_close_is_of_another_connection() {
    let mut tape = tape();
    talk(&mut tape, 999, 4999, b"one");
    close(&mut tape, 999, 4999);
    tape.client(ACK, 500_000_000, 900_000_000, b"two");
    let all = tape.finish();
    assert_eq!(words(&all), [("one", "yes", Some(Ending::Fin)), ("two", "", Some(Ending::Unfinished))]);
}

#[test]
fn connections_that_are_over_make_room_first() {
    let mut tape = Tape::new(&Limits { flows: 2, ..Limits::default() });
    tape.push(tcp((9, 1), SERVER, ACK, 1000, 0, b"abc"));
    talk(&mut tape, 999, 4999, b"one");
    close(&mut tape, 999, 4999);
    tape.push(tcp((9, 2), SERVER, ACK, 1000, 0, b"abc"));
    assert_eq!(tape.flows.census().evicted, 0);
    assert!(tape.heard.connections.values().next().is_some_and(|first| !first.closed), "it goes on");
}

#[test]
fn a_number_without_the_flag_acknowledges_nothing() {
    let mut tape = tape();
    tape.handshake().client(PSH, 1000, 5500, b"abc").server(ACK, 5000, 1003, b"yes");
    let heard = tape.only();
    assert_eq!((&heard.sides[0][..], &heard.sides[1][..]), (&b"abc"[..], &b"yes"[..]));
    // Had the client acknowledged that much, bytes of the server would be missing.
    assert_eq!(heard.gaps, [vec![], vec![]]);
}
