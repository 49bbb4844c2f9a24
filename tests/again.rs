//! A capture that was played again: its connections count from the same numbers, and are new ones all the same.

mod common;
mod impair;

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{in_parallel, records, samples};
use impair::{Packet, capture, packets};
use rtmpscope::record::{Message, Record};
use rtmpscope::session::Want;
use rtmpscope::stream::Ending;

/// Messages of each session, and how it ended.
fn sessions(bytes: &[u8]) -> Vec<(Vec<Message>, Option<Ending>)> {
    let mut sessions: Vec<(Vec<Message>, Option<Ending>)> = Vec::new();
    for record in records(bytes, Want::ALL) {
        match record {
            Record::Opened(_) => sessions.push((Vec::new(), None)),
            Record::Message(m) => sessions[m.session as usize - 1].0.push(m),
            Record::Closed(closed) => sessions[closed.session as usize - 1].1 = Some(closed.how),
            _ => {}
        }
    }
    sessions
}

#[test]
fn each_time_it_is_played_its_sessions_are_told() {
    let compared = AtomicUsize::new(0);
    in_parallel(&samples(), |sample| {
        let once = packets(&sample.bytes);
        let ordered = once.is_sorted_by_key(|packet| packet.time);
        let ports: HashSet<_> =
            once.iter().filter_map(|packet| packet.ends).map(|(a, b)| (a.min(b), a.max(b))).collect();
        let opened = once.iter().filter(|packet| packet.syn).filter_map(|packet| packet.ends);
        let opened: HashSet<_> = opened.map(|(a, b)| (a.min(b), a.max(b))).collect();
        let alone = sessions(&capture(&once));
        // Of a connection without a beginning or an end nobody can tell another one from copies of it.
        let ended = alone.iter().all(|(_, how)| matches!(how, Some(Ending::Fin | Ending::Reset)));
        if !ended || !ordered || opened != ports || ports.len() != alone.len() {
            return;
        }
        let later = once.last().map_or(0, |packet| packet.time) - once.first().map_or(0, |packet| packet.time);
        let again = once.iter().map(|packet| Packet { time: packet.time + later + 1_000_000_000, ..packet.clone() });
        let twice: Vec<Packet> = once.iter().cloned().chain(again).collect();
        let both = sessions(&capture(&twice));
        assert_eq!(both.len(), 2 * alone.len(), "{}", sample.name);
        let essence = |m: &Message| (m.head, m.span, m.chunks, m.body.bytes().to_vec());
        for ((messages, how), (expected, expected_how)) in both.iter().zip(alone.iter().cycle()) {
            assert_eq!(how, expected_how, "{}", sample.name);
            assert_eq!(
                messages.iter().map(essence).collect::<Vec<_>>(),
                expected.iter().map(essence).collect::<Vec<_>>(),
                "{}",
                sample.name
            );
        }
        compared.fetch_add(1, Ordering::Relaxed);
    });
    let compared = compared.into_inner();
    assert!(compared >= 10, "only {compared} captures could be compared");
}
