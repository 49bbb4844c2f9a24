//! How much is found again behind damage, as a table. Takes minutes.
//!
//! `RECOVERY=FOLDER cargo bench --bench recovery`, where the folder holds captures of publishes and plays without loss;
//! without the variable the samples serve. `tests/recovery.rs` holds a few of these places to their goals.

#![expect(clippy::print_stdout, reason = "figures are what a measurement is for")]

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../tests/impair/mod.rs"]
mod impair;

use std::path::PathBuf;

use impair::wholes::{Whole, later, one_missing, samples, seeds, total};
use impair::{Damage, Score};

fn main() {
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
