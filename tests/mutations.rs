//! Captures spoiled at random: bytes flipped, cut out, put in twice, the end cut off. Whatever comes, every run ends with
//! its last record and closes what it opened.
//!
//! `cargo test` makes a few hundred; `MUTATIONS=1000000 cargo test --release --test mutations -- --nocapture` makes as
//! many as it is told and prints what they cost.

#![expect(clippy::print_stdout, reason = "figures are what a measurement is for")]

mod common;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use common::{Numbers, Sample, in_parallel, samples, try_feed};
use rtmpscope::engine::Settings;
use rtmpscope::record::Record;
use rtmpscope::session::Want;

/// Larger captures are cut to this, so that there can be many runs.
const MOST: usize = 24 << 10;

/// One capture, spoiled in one to eight places.
fn spoiled(sample: &Sample, numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = sample.bytes[..sample.bytes.len().min(MOST)].to_vec();
    for _ in 0..1 + numbers.below(8) {
        let len = bytes.len();
        if len < 64 {
            break;
        }
        // The first bytes say what kind of file it is: spoiled now and then only.
        let from = if numbers.below(50) == 0 { 0 } else { 24 };
        let at = from + numbers.below(len - from);
        let most = 1 << numbers.below(9);
        let run = 1 + numbers.below(most);
        let end = (at + run).min(len);
        match numbers.below(8) {
            0..=3 => bytes[at] ^= 1 + numbers.below(255) as u8,
            4 => bytes[at..end].iter_mut().for_each(|b| *b = [0, 0xff, 0x80, *b ^ 0xc0][numbers.below(4)]),
            5 => drop(bytes.drain(at..end)),
            6 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            _ => bytes.truncate(at.max(64)),
        }
    }
    bytes
}

/// Runs so many spoiled captures; tells how many records came out and the longest time that one took, in microseconds.
fn run(many: u64) -> (u64, u64) {
    let samples = samples();
    let parts: Vec<u64> = (0..64).collect();
    let (records, longest) = (AtomicU64::new(0), AtomicU64::new(0));
    in_parallel(&parts, |part| {
        for n in (*part..many).step_by(parts.len()) {
            let mut numbers = Numbers(n);
            let sample = &samples[numbers.below(samples.len())];
            let bytes = spoiled(sample, &mut numbers);
            let want = if n % 2 == 0 { Want::ALL } else { Want::LITTLE };
            let (mut told, mut open, mut last_was_end) = (0, 0i64, false);
            let begun = Instant::now();
            let result = try_feed(&bytes, &Settings::new(want), &mut |record| {
                told += 1;
                open += i64::from(matches!(record, Record::Opened(_))) - i64::from(matches!(record, Record::Closed(_)));
                last_was_end = matches!(record, Record::End(_));
            });
            longest.fetch_max(begun.elapsed().as_micros() as u64, Ordering::Relaxed);
            assert_eq!((result.is_ok(), open), (last_was_end, 0), "{} mutation {n}", sample.name);
            records.fetch_add(told, Ordering::Relaxed);
        }
    });
    (records.into_inner(), longest.into_inner())
}

#[test]
fn spoiled_captures_end_as_they_should() {
    let many = std::env::var("MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(400);
    let begun = Instant::now();
    let (records, longest) = run(many);
    println!("{many} runs: {records} records, {:?}, longest {longest} us, {}", begun.elapsed(), resident());
    assert!(records > 20 * many, "the damage left something to decode: {records}");
}

/// The most memory that was held.
fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).map(str::to_owned).unwrap_or_default()
}
