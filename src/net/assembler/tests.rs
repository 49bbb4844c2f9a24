//! Every way in which segments of one connection can come, and what is made of it.

use proptest::prelude::*;

use crate::limits::Limits;
use crate::net::OpenedBy;
use crate::net::testing::{ACK, CLIENT, FIN, RST, SERVER, SYN, Tape, tcp};
use crate::stream::Ending;

mod edges;
mod ends;

fn tape() -> Tape {
    Tape::new(&Limits::default())
}

#[test]
fn in_order() {
    let mut tape = tape();
    tape.handshake()
        .client(ACK, 1000, 5000, b"hello ")
        .server(ACK, 5000, 1006, b"yes")
        .client(ACK, 1006, 5003, b"world");
    tape.client(FIN | ACK, 1011, 5003, b"").server(FIN | ACK, 5003, 1012, b"");
    assert!(tape.now().closed);
    let heard = tape.only();
    assert_eq!(heard.sides, [b"hello world".to_vec(), b"yes".to_vec()]);
    assert_eq!(heard.ends, [Some(Ending::Fin), Some(Ending::Fin)]);
    assert_eq!(tape.heard.infos[0].opened_by, OpenedBy::Syn);
    assert_eq!(tape.heard.infos[0].first.packet, 1);
}

#[test]
fn out_of_order_and_repeated() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1003, 5000, b"def").client(ACK, 1006, 5000, b"ghi").client(ACK, 1003, 5000, b"def");
    assert!(tape.now().sides[0].is_empty());
    tape.client(ACK, 1000, 5000, b"abc").client(ACK, 1000, 5000, b"abcdefghi").client(ACK, 1005, 5000, b"fghijkl");
    assert_eq!(tape.only().sides[0], b"abcdefghijkl");
    assert_eq!(tape.flows.census().retransmitted_bytes, 3 + 9 + 4);
    assert_eq!(tape.flows.census().conflicting_bytes, 0);
}

#[test]
fn of_differing_copies_the_first_wins() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1003, 5000, b"def").client(ACK, 1000, 5000, b"abcXYf!");
    assert_eq!(tape.only().sides[0], b"abcdef!");
    assert_eq!(tape.flows.census().conflicting_bytes, 2);
}

#[test]
fn keep_alives_and_window_probes() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1000, 5000, b"abc").server(ACK, 5000, 1003, b"");
    tape.client(ACK, 1002, 5000, b"").client(ACK, 1002, 5000, b"\0").server(ACK, 5000, 1003, b"");
    tape.client(ACK, 1003, 5000, b"d").client(ACK, 1003, 5000, b"d").client(ACK, 1003, 5000, b"def");
    assert_eq!(tape.only().sides[0], b"abcdef");
}

#[test]
fn a_keep_alive_is_no_beginning() {
    let mut tape = tape();
    tape.server(ACK, 5000, 1003, b"").client(ACK, 1002, 5000, b"\0").client(ACK, 1003, 5000, b"def");
    assert_eq!(tape.only().sides[0], b"def");
}

#[test]
fn sequence_numbers_wrap() {
    let start = u32::MAX - 4;
    let mut tape = tape();
    tape.client(SYN, start.wrapping_sub(1), 0, b"").client(ACK, start.wrapping_add(8), 0, b"ijkl");
    tape.client(ACK, start.wrapping_add(4), 0, b"efgh").client(ACK, start, 0, b"abcd");
    assert_eq!(tape.only().sides[0], b"abcdefghijkl");
}

/// In order, each segment is placed by what the one before it left behind, on either side of the wrap.
#[test]
fn sequence_numbers_wrap_in_order() {
    let start = u32::MAX - 5;
    let mut tape = tape();
    tape.client(SYN, start.wrapping_sub(1), 0, b"").client(ACK, start, 0, b"abcd");
    tape.client(ACK, start.wrapping_add(4), 0, b"efgh").client(ACK, start.wrapping_add(8), 0, b"ijkl");
    tape.client(ACK, start.wrapping_add(4), 0, b"efgh").client(ACK, start.wrapping_add(12), 0, b"mnop");
    assert_eq!(tape.only().sides[0], b"abcdefghijklmnop");
    assert_eq!(tape.flows.census().retransmitted_bytes, 4);
}

#[test]
fn data_in_syn_and_with_fin() {
    let mut tape = tape();
    tape.client(SYN, 999, 0, b"ab").client(SYN, 999, 0, b"abc").server(SYN | ACK, 4999, 1003, b"");
    tape.client(FIN | ACK, 1003, 5000, b"def").client(ACK, 1006, 5000, b"more").client(ACK, 1004, 5000, b"efmore");
    let heard = tape.only();
    assert_eq!(heard.sides[0], b"abcdef");
    assert_eq!(heard.ends, [Some(Ending::Fin), Some(Ending::Unfinished)]);
    assert_eq!(tape.flows.census().bytes_after_end, 8);
}

#[test]
fn half_close() {
    let mut tape = tape();
    tape.handshake()
        .client(FIN | ACK, 1000, 5000, b"bye")
        .server(ACK, 5000, 1004, b"still")
        .server(ACK, 5005, 1004, b" here");
    assert!(!tape.now().closed);
    tape.server(FIN | ACK, 5010, 1004, b"");
    assert_eq!(tape.only().sides, [b"bye".to_vec(), b"still here".to_vec()]);
}

#[test]
fn a_reset_ends_both_sides() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1000, 5000, b"abc").server(ACK, 5000, 1003, b"xyz").client(RST, 1003, 0, b"why not");
    tape.server(ACK, 5003, 1003, b"in flight");
    assert_eq!(tape.now().ends, [Some(Ending::Reset), None]);
    // Another connection shows that time passes.
    tape.pass(5000).push(tcp((7, 7), (8, 8), SYN, 0, 0, b""));
    let heard = tape.now();
    assert!(heard.closed);
    assert_eq!(heard.sides, [b"abc".to_vec(), b"xyzin flight".to_vec()]);
    assert_eq!(heard.ends, [Some(Ending::Reset), Some(Ending::Reset)]);
}

#[test]
fn a_reset_overtaking_data_does_not_lose_it() {
    let mut tape = tape();
    tape.handshake().client(RST, 1003, 0, b"").client(ACK, 1000, 5000, b"abc");
    let heard = tape.only();
    assert_eq!((heard.sides[0].as_slice(), heard.gaps[0].len()), (b"abc".as_slice(), 0));
}

#[test]
fn the_same_ports_again() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1000, 5000, b"one");
    tape.client(SYN, 777_000, 0, b"").server(SYN | ACK, 9_999, 777_001, b"").client(ACK, 777_001, 10_000, b"two");
    let all = tape.finish();
    assert_eq!(all.len(), 2);
    assert_eq!((all[0].sides[0].as_slice(), all[0].ends[0]), (b"one".as_slice(), Some(Ending::Replaced)));
    assert_eq!((all[1].sides[0].as_slice(), all[1].ends[0]), (b"two".as_slice(), Some(Ending::Unfinished)));
}

#[test]
fn a_late_syn_is_no_new_connection() {
    let mut tape = tape();
    tape.client(ACK, 1003, 5000, b"def").client(ACK, 1000, 5000, b"abc").client(SYN, 999, 0, b"");
    assert_eq!(tape.now().sides[0], b"abcdef");
    assert_eq!(tape.only().sides[0], b"abcdef");
}

#[test]
fn without_syn() {
    let mut tape = tape();
    tape.server(ACK, 5003, 1000, b"def").server(ACK, 5000, 1000, b"abc").client(ACK, 1000, 5006, b"x");
    let heard = tape.only();
    assert_eq!(heard.sides, [b"abcdef".to_vec(), b"x".to_vec()]);
    assert_eq!(tape.heard.infos[0].opened_by, OpenedBy::FirstPayload);
    assert_eq!(tape.heard.infos[0].a.port(), SERVER.1);
}

#[test]
fn without_syn_but_announced() {
    let mut tape = tape();
    tape.client(ACK, 1000, 5000, b"").client(ACK, 1000, 5000, b"abc");
    assert_eq!(tape.now().sides[0], b"abc", "nothing to wait for");
}

#[test]
fn syn_ack_tells_who_opened() {
    let mut tape = tape();
    tape.server(SYN | ACK, 4999, 1000, b"")
        .server(ACK, 5000, 1000, b"hi")
        .client(ACK, 1003, 5002, b"def")
        .client(ACK, 1000, 5002, b"abc");
    assert_eq!(tape.only().sides, [b"abcdef".to_vec(), b"hi".to_vec()]);
    assert_eq!(tape.heard.infos[0].opened_by, OpenedBy::SynAck);
    assert_eq!(tape.heard.infos[0].a.port(), CLIENT.1);
}

#[test]
fn cut_payload_is_a_gap() {
    let mut tape = tape();
    tape.handshake().push_cut(tcp(CLIENT, SERVER, ACK, 1000, 5000, b"abcdefgh"), 43).client(ACK, 1008, 5000, b"ij");
    tape.push_cut(tcp(CLIENT, SERVER, ACK, 1012, 5000, b"mnop"), 42).client(ACK, 1010, 5000, b"kl");
    let heard = tape.only();
    assert_eq!(heard.sides[0], b"abcijklmn");
    assert_eq!(heard.gaps[0], [(3, 5), (14, 2)]);
    assert_eq!(tape.flows.census().cut_bytes, 7);
}

#[test]
fn a_hole_is_lost_when_its_acknowledgment_has_settled() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1000, 5000, b"abc").client(ACK, 1006, 5000, b"ghi").server(ACK, 5000, 1009, b"");
    for _ in 0..100 {
        tape.server(ACK, 5000, 1009, b"");
    }
    assert!(tape.now().gaps[0].is_empty(), "reordering is still possible");
    for _ in 0..200 {
        tape.server(ACK, 5000, 1009, b"");
    }
    assert_eq!(tape.now().gaps[0], [(3, 3)]);
    tape.client(ACK, 1003, 5000, b"def");
    assert_eq!(tape.only().sides[0], b"abcghi");
    assert_eq!(tape.flows.census().bytes_too_late, 3);
    assert_eq!(tape.flows.census().lost_bytes, 3);
}

#[test]
fn a_hole_is_lost_when_time_passes() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1000, 5000, b"abc").client(ACK, 1006, 5000, b"ghi").server(ACK, 5000, 1009, b"");
    for _ in 0..4 {
        tape.pass(3000).push(tcp((7, 7), (8, 8), SYN, 0, 0, b""));
    }
    assert_eq!(tape.now().gaps[0], [(3, 3)]);
}

#[test]
fn a_hole_that_nobody_acknowledged_is_waited_for() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1000, 5000, b"abc").client(ACK, 1006, 5000, b"ghi");
    for _ in 0..3000 {
        tape.server(ACK, 5000, 1003, b"");
    }
    assert!(tape.now().gaps[0].is_empty());
    tape.client(ACK, 1003, 5000, b"def");
    assert_eq!(tape.only().sides[0], b"abcdefghi");
}

#[test]
fn one_direction_only() {
    let mut tape = tape();
    tape.client(SYN, 999, 0, b"").client(ACK, 1003, 5000, b"x");
    for i in 0..2000u32 {
        tape.client(ACK, 1004 + i, 5000, b"x");
    }
    assert_eq!(tape.now().gaps[0], [(0, 3)]);
    let heard = tape.only();
    assert_eq!((heard.sides[0].len(), heard.sides[1].len()), (2001, 0));
}

#[test]
fn late_bytes_are_bounded() {
    let limits = Limits { late_bytes: 4096, ..Limits::default() };
    let mut tape = Tape::new(&limits);
    tape.handshake();
    for i in 0..40 {
        tape.client(ACK, 1100 + i * 200, 5000, &[b'x'; 100]);
    }
    let heard = tape.now();
    assert!(heard.gaps[0].len() > 10, "{:?}", heard.gaps[0]);
    assert_eq!(heard.gaps[0][0], (0, 100));
    assert_eq!(tape.only().sides[0].len(), 4000);
}

/// What waits costs its bytes and 128 more for each segment.
#[test]
fn late_bytes_up_to_the_limit_are_waited_for_and_not_one_more() {
    let waiting = |limits: &Limits, len: usize| {
        let mut tape = Tape::new(limits);
        tape.handshake().client(ACK, 1010, 5000, &vec![b'x'; len]).client(ACK, 1000, 5000, &[b'y'; 10]);
        (tape.flows.census().given_up_bytes, tape.only().sides[0].len())
    };
    let limits = Limits { late_bytes: 1000, ..Limits::default() };
    assert_eq!(waiting(&limits, 1000 - 128), (0, 882));
    assert_eq!(waiting(&limits, 1001 - 128), (10, 873));
    let limits = Limits { late_bytes_total: 1000, ..Limits::default() };
    assert_eq!(waiting(&limits, 1000 - 128), (0, 882));
    assert_eq!(waiting(&limits, 1001 - 128), (10, 873));
}

#[test]
fn all_connections_share_the_memory_for_late_bytes() {
    let given_up = |most: usize| {
        let mut tape = Tape::new(&Limits { late_bytes_total: most, ..Limits::default() });
        for port in [1, 2] {
            tape.push(tcp((9, port), SERVER, SYN, 999, 0, b""));
            tape.push(tcp((9, port), SERVER, ACK, 1000, 5000, b"a"));
            tape.push(tcp((9, port), SERVER, ACK, 1010, 5000, &[b'x'; 372]));
        }
        tape.flows.census().given_up_bytes
    };
    assert_eq!((given_up(1000), given_up(999)), (0, 9));
}

#[test]
fn what_is_missing_at_the_end_is_a_gap() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1000, 5000, b"abc").client(FIN | ACK, 1010, 5000, b"").server(ACK, 5000, 1003, b"");
    let heard = tape.only();
    assert_eq!((heard.gaps[0].as_slice(), heard.ends[0]), ([(3, 7)].as_slice(), Some(Ending::Fin)));
}

#[test]
fn connections_are_evicted_idle_first() {
    let limits = Limits { flows: 3, ..Limits::default() };
    let mut tape = Tape::new(&limits);
    for port in [1, 2, 3, 1, 4] {
        tape.push(tcp((9, port), SERVER, ACK, if tape.heard.infos.is_empty() { 0 } else { 3 }, 0, b"abc"));
    }
    let ends: Vec<_> = tape.heard.connections.values().map(|heard| heard.ends[0]).collect();
    assert_eq!(ends, [None, Some(Ending::Evicted), None, None]);
    assert_eq!(tape.flows.census().evicted, 1);
    assert!(tape.flows.census().remarks()[0].starts_with("1 connections were dropped"));
}

#[test]
fn so_many_connections_are_followed_and_not_one_more() {
    let evicted = |flows: usize| {
        let mut tape = Tape::new(&Limits { flows, ..Limits::default() });
        for port in 1..=5 {
            tape.push(tcp((9, port), SERVER, ACK, 0, 0, b"abc"));
        }
        tape.flows.census().evicted
    };
    assert_eq!((evicted(5), evicted(4)), (0, 1));
}

proptest! {
    /// Cut into segments in two ways, repeated and shuffled: the stream is the same.
    #[test]
    fn any_order_gives_the_same_bytes(
        len in 1usize..4000,
        seed_seq in any::<u32>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 1usize..700), 0..60),
        order in any::<u64>(),
        syn in any::<bool>(),
    ) {
        let stream: Vec<u8> = (0..len).map(|i| (i * 31 + i / 256) as u8).collect();
        let mut parts: Vec<(usize, usize)> = (0..len).step_by(500).map(|at| (at, (at + 500).min(len))).collect();
        parts.extend(cuts.iter().map(|(at, n)| { let at = at.index(len); (at, (at + n).min(len)) }));
        let mut state = order | 1;
        for i in (1..parts.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            parts.swap(i, (state >> 33) as usize % (i + 1));
        }
        // Without SYN only what comes soon can be put in front.
        if !syn {
            parts.truncate(16.min(parts.len()));
            parts.insert(0, (0, 1));
            let first = (state >> 40) as usize % parts.len().min(8);
            parts.swap(0, first);
        }
        let covered = |at: usize| parts.iter().any(|&(from, to)| from <= at && at < to);
        let expected: Vec<u8> = (0..len).filter(|&at| covered(at)).map(|at| stream[at]).collect();

        let mut tape = tape();
        if syn {
            tape.client(SYN, seed_seq.wrapping_sub(1), 0, b"");
        }
        for &(from, to) in &parts {
            tape.client(ACK, seed_seq.wrapping_add(from as u32), 0, &stream[from..to]);
        }
        let heard = tape.only();
        prop_assert_eq!(&heard.sides[0], &expected);
        prop_assert_eq!(tape.flows.census().conflicting_bytes, 0);
        if syn {
            prop_assert!(heard.gaps[0].is_empty());
        }
    }

    /// Whatever segments come, nothing is promised twice and nothing panics.
    #[test]
    fn noise(segments in prop::collection::vec((any::<bool>(), 0u8..32, 0u32..60, 0u32..60, 0usize..30, 0usize..30), 0..200)) {
        let limits = Limits { late_bytes: 2000, late_bytes_total: 3000, flows: 2, ..Limits::default() };
        let mut tape = Tape::new(&limits);
        for (client, flags, seq, ack, len, cut) in segments {
            let (from, to) = if client { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
            let seq = seq.wrapping_sub(30);
            let packet = tcp(from, to, flags, seq, ack.wrapping_sub(30), &[seq as u8; 30][..len]);
            let captured = packet.len() - cut.min(len);
            tape.push_cut(packet, captured);
        }
        tape.finish();
    }
}

#[test]
fn a_reset_without_a_connection_is_nothing() {
    let mut tape = tape();
    tape.client(RST, 1, 0, b"");
    assert!(tape.finish().is_empty());
    assert_eq!(tape.flows.census().connections, 0);
}

#[test]
fn the_end_of_time_is_survived() {
    let mut tape = tape();
    tape.pass(i64::MAX / 1_000_000 - 10).handshake().client(ACK, 1006, 5000, b"ghi").client(RST, 1100, 5000, b"");
    tape.server(ACK, 5000, 1009, b"").server(ACK, 5000, 1009, b"");
    assert_eq!(tape.only().gaps[0].len(), 2);
}

#[test]
fn more_than_half_of_the_sequence_numbers_may_be_missing() {
    let mut tape = tape();
    tape.handshake().client(ACK, 1000, 5000, b"abc");
    let far = 1003 + (5 << 29);
    for i in 0..20 {
        tape.client(ACK, far + i, 5000, &[i as u8]);
    }
    let heard = tape.only();
    assert_eq!(heard.gaps[0], [(3, (5 << 29) + 15)]);
    assert_eq!(heard.sides[0], b"abc\x0f\x10\x11\x12\x13");
}

/// Found by fuzzing: such segments were kept, and giving them up never came to an end.
#[test]
fn segments_after_the_reset_of_the_other_side_are_not_kept() {
    let mut tape = Tape::new(&Limits { late_bytes: 600, late_bytes_total: 900, ..Limits::default() });
    tape.handshake().server(ACK, 5000, 1000, b"xyz").client(RST, 1000, 0, b"");
    for n in 0..20 {
        tape.server(ACK, 5100 + n * 100, 1000, &[0; 50]);
    }
    let all = tape.finish();
    assert!(all.iter().all(|heard| heard.closed), "{all:?}");
}
