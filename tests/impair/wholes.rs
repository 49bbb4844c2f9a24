//! Whole captures, and how much of them is told when they are damaged.

#![expect(clippy::print_stdout, reason = "figures are what a measurement is for")]

use std::sync::Mutex;

use rtmpscope::engine::Settings;
use rtmpscope::record::Record;
use rtmpscope::session::Want;

use super::{Damage, Packet, Score, Told, packets, score, told};
use crate::common::{in_parallel, sample, try_feed};

/// A capture without damage.
pub(crate) struct Whole {
    name: String,
    pub(crate) packets: Vec<Packet>,
    told: Told,
}

impl Whole {
    /// A capture of which all is known.
    pub(crate) fn read(name: &str, bytes: &[u8]) -> Whole {
        let packets = packets(bytes);
        let told = told(&super::capture(&packets));
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

/// Those of the samples.
pub(crate) fn samples() -> Vec<Whole> {
    SAMPLES.iter().map(|name| Whole::read(name, &sample(name).bytes)).collect()
}

/// Adds up the scores of several damages of each capture.
pub(crate) fn total(wholes: &[Whole], damages: impl Fn(&Whole) -> Vec<(Damage, u64)> + Sync) -> Score {
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
pub(crate) fn seeds(damage: Damage, many: u64) -> Vec<(Damage, u64)> {
    (0..many).map(|seed| (damage, seed)).collect()
}

/// One packet after the other is missing.
pub(crate) fn one_missing(whole: &Whole, places: usize) -> Vec<(Damage, u64)> {
    let data = whole.data_packets();
    (0..places.min(data)).map(|n| (Damage::One(n * data / places.min(data)), 0)).collect()
}

/// The capture begins later and later, up to three quarters.
pub(crate) fn later(whole: &Whole, places: usize) -> Vec<(Damage, u64)> {
    let most = whole.packets.len() * 3 / 4;
    (1..=places.min(most)).map(|n| (Damage::Late(n * most / places.min(most)), 0)).collect()
}

/// What the damaged captures accuse the peers of and the whole ones do not: rules, and verdicts that something was not
/// done.
pub(crate) fn accusations(wholes: &[Whole], damages: impl Fn(&Whole) -> Vec<(Damage, u64)> + Sync) -> Vec<String> {
    let found = Mutex::new(Vec::new());
    in_parallel(wholes, |whole| {
        let known = blame(&super::capture(&whole.packets));
        for (damage, seed) in damages(whole) {
            let told = blame(&super::capture(&damage.apply(&whole.packets, seed)));
            let new = told.into_iter().filter(|text| !known.contains(text));
            found.lock().unwrap().extend(new.map(|text| format!("{} {damage:?} seed {seed}: {text}", whole.name)));
        }
    });
    found.into_inner().unwrap()
}

fn blame(capture: &[u8]) -> Vec<String> {
    // Of the capture itself, not of the peers.
    const OF_THE_CAPTURE: [&str; 1] = ["capture.packets_cut"];
    let undone = ["not answered", "but no", "broke off", "not with RTMP", "refused", "failed"];
    let mut blame = Vec::new();
    try_feed(capture, &Settings::new(Want::ALL), &mut |record| match record {
        Record::Finding(f) if !OF_THE_CAPTURE.contains(&f.rule.id) => blame.push(format!("{}: {}", f.rule.id, f.text)),
        Record::Closed(c) if undone.iter().any(|words| c.verdict.contains(words)) => blame.push(c.verdict),
        _ => {}
    })
    .unwrap();
    blame
}
