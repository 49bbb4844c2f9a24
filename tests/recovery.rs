//! Recovery, measured: captures are damaged in stated, seeded ways, and what is told of them is compared with what the
//! whole captures tell, by type, length and body.
//!
//! `cargo test` looks at a few places in the samples. The whole measurement, with a table:
//! `RECOVERY=FOLDER cargo test --release --test recovery -- --ignored --nocapture`, where the folder holds captures of
//! publishes and plays without loss; without the variable the samples serve.

#![expect(clippy::print_stdout, reason = "figures are what a measurement is for")]

mod common;
mod impair;

use std::path::PathBuf;
use std::sync::Mutex;

use common::{in_parallel, sample};
use impair::{Damage, Packet, Score, Told, packets, score, told};

/// A capture without damage.
struct Whole {
    name: String,
    packets: Vec<Packet>,
    told: Told,
}

impl Whole {
    fn read(name: &str, bytes: &[u8]) -> Whole {
        let packets = packets(bytes);
        let told = told(&impair::capture(&packets));
        Whole { name: name.to_owned(), packets, told }
    }

    fn data_packets(&self) -> usize {
        self.packets.iter().filter(|p| p.payload > 0).count()
    }

    fn score(&self, damage: Damage, seed: u64) -> Score {
        score(&self.told, &damage.apply(&self.packets, seed))
    }
}

/// Media-heavy publishes of four programs, and plays.
const SAMPLES: [&str; 7] = [
    "pub-ffmpeg5-2s-nginx.pcap",
    "pub-obs29-h264-aac-nginx.pcap",
    "pub-gst-rtmp2sink-nginx.pcap",
    "pub-ffmpeg9-hevc-aac-nms4.pcap",
    "chunk128-2s-nginx.pcap",
    "play-live-rtmpdump-nginx.pcap",
    "ipv6-ffmpeg9-nginx.pcap",
];

fn samples() -> Vec<Whole> {
    SAMPLES.iter().map(|name| Whole::read(name, &sample(name).bytes)).collect()
}

/// Adds up the scores of several damages of each capture.
fn total(wholes: &[Whole], damages: impl Fn(&Whole) -> Vec<(Damage, u64)> + Sync) -> Score {
    let total = Mutex::new(Score::default());
    let show = std::env::var_os("RECOVERY_SHOW").is_some();
    in_parallel(wholes, |whole| {
        let mut sum = Score::default();
        for (damage, seed) in damages(whole) {
            let score = whole.score(damage, seed);
            if show && (score.wrong + score.wrong_headers > 0 || score.share() < 0.9) {
                println!("  {} {damage:?} seed {seed}: {score:?}", whole.name);
            }
            sum += score;
        }
        if show {
            println!("  {}: {:.2} % {sum:?}", whole.name, 100.0 * sum.share());
        }
        *total.lock().unwrap() += sum;
    });
    total.into_inner().unwrap()
}

/// The same damage with several seeds.
fn seeds(damage: Damage, many: u64) -> Vec<(Damage, u64)> {
    (0..many).map(|seed| (damage, seed)).collect()
}

/// One packet after the other is missing.
fn one_missing(whole: &Whole, places: usize) -> Vec<(Damage, u64)> {
    let data = whole.data_packets();
    (0..places.min(data)).map(|n| (Damage::One(n * data / places.min(data)), 0)).collect()
}

/// The capture begins later and later, up to three quarters.
fn later(whole: &Whole, places: usize) -> Vec<(Damage, u64)> {
    let most = whole.packets.len() * 3 / 4;
    (1..=places.min(most)).map(|n| (Damage::Late(n * most / places.min(most)), 0)).collect()
}

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

/// The table of the documentation.
#[test]
#[ignore = "the whole measurement takes minutes"]
fn measure() {
    let wholes = match std::env::var_os("RECOVERY").map(PathBuf::from) {
        None => samples(),
        Some(folder) => {
            let wanted = |path: &PathBuf| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                let kinds = ["pub-", "play-", "chunk", "ipv6", "vod-flv", "vod-mp4", "bigts"];
                name.ends_with(".pcap") && kinds.iter().any(|kind| name.starts_with(kind))
            };
            let mut paths: Vec<PathBuf> =
                std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(wanted).collect();
            paths.sort();
            let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
            paths.iter().map(|path| Whole::read(&name(path), &std::fs::read(path).unwrap())).collect()
        }
    };
    println!("{} captures, {} packets", wholes.len(), wholes.iter().map(|w| w.packets.len()).sum::<usize>());
    println!("| damage | messages | untouched | found | share | false | headers told | false headers |");
    let row = |what: &str, score: Score| {
        let Score { all, untouched, found, wrong, headers, wrong_headers } = score;
        let share = 100.0 * score.share();
        println!("| {what} | {all} | {untouched} | {found} | {share:.2} % | {wrong} | {headers} | {wrong_headers} |");
    };
    row("1 % of packets lost", total(&wholes, |_| seeds(Damage::Loss(10), 10)));
    row("5 % of packets lost", total(&wholes, |_| seeds(Damage::Loss(50), 10)));
    row("100 packets in a row lost", total(&wholes, |_| seeds(Damage::Burst(100), 20)));
    row("one packet lost, 200 places each", total(&wholes, |whole| one_missing(whole, 200)));
    row("begins late, 100 places each", total(&wholes, |whole| later(whole, 100)));
    for len in [68, 96, 128, 200, 400] {
        row(&format!("packets cut at {len} bytes"), total(&wholes, |_| vec![(Damage::Snap(len), 0)]));
    }
    row("client's side only", total(&wholes, |_| vec![(Damage::OneWay(true), 0)]));
    row("server's side only", total(&wholes, |_| vec![(Damage::OneWay(false), 0)]));
    row("a fifth of the packets twice", total(&wholes, |_| seeds(Damage::Twice, 3)));
    row("out of order", total(&wholes, |_| seeds(Damage::Shuffled, 3)));
}
