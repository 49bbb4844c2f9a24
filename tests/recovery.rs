//! Recovery, measured: captures are damaged in stated, seeded ways, and what is told of them is compared with what the
//! whole captures tell, by type, length and body.
//!
//! This looks at a few places in the samples; `cargo bench --bench recovery` is the whole measurement.

#![expect(clippy::print_stdout, reason = "figures are what a measurement is for")]

mod common;
mod impair;

use impair::wholes::{accusations, later, one_missing, samples, seeds, total};
use impair::{Damage, Score};

#[track_caller]
fn expect(what: &str, score: &Score, least: f64) {
    println!("{what}: {:.2} % of {} untouched messages, {} false", 100.0 * score.share(), score.untouched, score.wrong);
    assert_eq!(score.wrong, 0, "{what}: false messages: {score:?}");
    assert_eq!(score.wrong_headers, 0, "{what}: false headers: {score:?}");
    assert!(score.untouched > 0, "{what}: the damage left nothing to find");
    assert!(score.share() >= least, "{what}: {:.2} % recovered: {score:?}", 100.0 * score.share());
}

#[test]
fn lost_packets() {
    let wholes = samples();
    expect("1 % lost", &total(&wholes[..5], |_| seeds(Damage::Loss(10), 6)), 0.95);
    expect("100 in a row lost", &total(&wholes, |_| seeds(Damage::Burst(100), 6)), 0.90);
    let one = total(&wholes, |whole| one_missing(whole, 24));
    expect("one packet missing", &one, 0.99);
    assert!(one.found as f64 >= 0.99 * one.all as f64, "of all messages: {one:?}");
}

#[test]
fn late_starts() {
    expect("joined late", &total(&samples(), |whole| later(whole, 16)), 0.95);
}

#[test]
fn whole_captures_in_disorder() {
    let wholes = samples();
    for damage in [Damage::Twice, Damage::Shuffled] {
        let score = total(&wholes, |_| seeds(damage, 2));
        expect(&format!("{damage:?}"), &score, 1.0);
        assert_eq!(score.found, score.all, "{damage:?}");
    }
}

#[test]
fn one_direction() {
    for client in [true, false] {
        expect("one direction", &total(&samples(), |_| vec![(Damage::OneWay(client), 0)]), 1.0);
    }
}

/// What was not captured is nobody's fault.
#[test]
fn losses_accuse_nobody() {
    let found = accusations(&samples(), |whole| {
        let mut damages = [one_missing(whole, 24), later(whole, 8)].concat();
        for damage in [Damage::Loss(10), Damage::Loss(50), Damage::Burst(30), Damage::Snap(96), Damage::Snap(400)] {
            damages.extend(seeds(damage, 3));
        }
        damages.extend([Damage::OneWay(true), Damage::OneWay(false), Damage::Twice, Damage::Shuffled].map(|d| (d, 1)));
        damages
    });
    assert_eq!(found, [] as [String; 0]);
}
