//! How much of the samples is explained: every captured byte is counted once, and nothing of them is left unexplained.

mod common;

use std::collections::BTreeMap;

use common::{in_parallel, records, samples};
use rtmpscope::record::Record;
use rtmpscope::session::Want;
use rtmpscope::view::Coverage;

/// The coverage of each session of a capture.
fn coverage(bytes: &[u8]) -> BTreeMap<u32, Coverage> {
    let mut sessions: BTreeMap<u32, Coverage> = BTreeMap::new();
    for record in records(bytes, Want::ALL) {
        if let Some(session) = record.session() {
            sessions.entry(session).or_default().add(&record);
        }
    }
    sessions
}

#[test]
fn no_byte_of_the_samples_is_unexplained() {
    let samples = samples();
    in_parallel(&samples, |sample| {
        let mut all = Coverage::default();
        coverage(&sample.bytes).values().for_each(|session| all.merge(session));
        assert_eq!(all.unexplained(), 0, "{}: {}", sample.name, all.text());
    });
}

#[test]
fn all_captured_bytes_are_counted() {
    let samples = samples();
    in_parallel(&samples, |sample| {
        let mut told: BTreeMap<u32, u64> = BTreeMap::new();
        let mut captured: BTreeMap<u32, u64> = BTreeMap::new();
        for record in records(&sample.bytes, Want::LITTLE) {
            match record {
                Record::Gap(gap) => *told.entry(gap.session).or_default() += gap.missing,
                Record::Closed(closed) => {
                    let missing: u64 = closed.missing.iter().sum();
                    captured.insert(closed.session, closed.bytes.iter().sum::<u64>() - missing);
                    // Packets that are cut are told of once, all other losses one by one.
                    let told = told.remove(&closed.session).unwrap_or_default();
                    assert!(told == missing || told < missing && sample.name == "x-snap96", "{}", sample.name);
                }
                _ => {}
            }
        }
        for (session, coverage) in coverage(&sample.bytes) {
            let captured = captured[&session];
            assert_eq!(coverage.captured(), captured, "{} session {session}", sample.name);
            assert_eq!(coverage.counted(), captured, "{} session {session}: {}", sample.name, coverage.text());
        }
    });
}

/// A message that is left out, or told twice, is missed.
#[test]
fn what_is_lost_or_doubled_shows_in_the_figure() {
    let sample = common::sample("pub-ffmpeg5-2s-nginx.pcap");
    let all = records(&sample.bytes, Want::ALL);
    let unexplained = |times: usize| {
        let mut coverage = Coverage::default();
        for record in &all {
            let chosen = matches!(record, Record::Message(message) if message.seq == 20);
            (0..if chosen { times } else { 1 }).for_each(|_| coverage.add(record));
        }
        coverage.unexplained()
    };
    let Some(Record::Message(message)) = all.iter().find(|r| matches!(r, Record::Message(m) if m.seq == 20)) else {
        panic!("no message 20");
    };
    let bytes = message.span.1 - message.span.0;
    assert_eq!((unexplained(1), unexplained(0), unexplained(2)), (0, bytes, bytes));
}
