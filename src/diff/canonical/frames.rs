//! A media lane's frames in a few numbers: how many, when, how far between key frames, how large.

use super::{Measure, MediaStrict, Strict};
use crate::diff::observed::Message;
use crate::wire::value::Amf;

/// Gathers the frames of a lane.
#[derive(Debug, Default)]
pub(super) struct Frames {
    video: bool,
    /// Timestamp and size of each, in order; a frame that was found again after a loss may not know its time.
    times: Vec<Option<u64>>,
    sizes: Vec<u32>,
    hashes: Vec<Box<str>>,
    /// Chunk stream, header form and number of chunks of each.
    chunks: Vec<(u32, u8, u32)>,
    keys: Vec<usize>,
    /// Indices of frames in front of which bytes were lost.
    after_gap: Vec<usize>,
    /// Composition offsets and how often they come.
    offsets: std::collections::BTreeMap<i64, u64>,
    bytes: u64,
}

/// Timestamps in a row that lie on a line, within a millisecond.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// Its first frame.
    first: usize,
    at: u64,
    frames: u64,
    last: u64,
}

/// More runs than this, and than one in 20 frames, are no pattern.
const MOST_RUNS: usize = 8;
/// How far a timestamp may lie from its line.
const SLACK_MS: f64 = 1.0;

impl Frames {
    pub(super) fn new(video: bool) -> Frames {
        Frames { video, ..Frames::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sizes.is_empty()
    }

    pub(super) fn gap(&mut self) {
        self.after_gap.push(self.sizes.len());
    }

    pub(super) fn add(&mut self, time: Option<u64>, size: u32, key: bool, offset: Option<i64>, hash: Option<&str>) {
        if key {
            self.keys.push(self.sizes.len());
        }
        self.times.push(time);
        self.sizes.push(size);
        self.bytes += u64::from(size);
        if let Some(offset) = offset {
            *self.offsets.entry(offset).or_default() += 1;
        }
        self.hashes.extend(hash.map(Into::into));
    }

    /// Notes how the frame that was added came in chunks.
    pub(super) fn note_chunks(&mut self, message: &Message<'_>) {
        self.chunks.push((message.csid, message.fmt, message.chunks));
    }

    /// The measures of the lane; `base` is the first timestamp of the session's media.
    pub(super) fn measures(&self, base: u64, strict: Strict) -> Vec<Measure> {
        let mut measures = Vec::new();
        let mut put = |name: &str, value: Amf| measures.push(Measure { name: name.into(), value });
        let runs = self.runs();
        let (first, last) = self.ends().unwrap_or((base, base));
        put("frames", number(self.sizes.len() as f64));
        put("duration_ms", number(last.saturating_sub(first) as f64));
        put("start_ms", number(first as f64 - base as f64));
        let interval = self.interval(&runs);
        if let Some(interval) = interval {
            put(if self.video { "fps" } else { "frames_per_second" }, number(rounded(1000.0 / interval)));
        }
        let irregular = runs.len() > MOST_RUNS.max(self.sizes.len() / 20);
        put("timing", if irregular { text("irregular") } else { self.timing(&runs, first) });
        if self.video {
            self.gop(&mut put);
            self.composition(interval, &mut put);
        }
        let seconds = last.saturating_sub(first) as f64 / 1000.0;
        if seconds > 0.0 && self.sizes.len() > 10 {
            put("kbps", number(rounded(self.bytes as f64 * 8.0 / 1000.0 / seconds)));
        }
        let (mut keys, mut inter) = (Vec::new(), Vec::new());
        let mut next_key = self.keys.iter().peekable();
        for (n, size) in self.sizes.iter().enumerate() {
            let is_key = next_key.next_if(|key| **key == n).is_some();
            if is_key { keys.push(*size) } else { inter.push(*size) }
        }
        for (name, sizes) in [("key_bytes", keys), ("frame_bytes", inter)] {
            if !sizes.is_empty() {
                put(name, distribution(sizes));
            }
        }
        if strict.media >= MediaStrict::Sizes {
            put("sizes", Amf::Array(self.sizes.iter().map(|n| number(f64::from(*n))).collect()));
        }
        if strict.media == MediaStrict::Hash {
            put("hashes", Amf::Array(self.hashes.iter().map(|hash| text(hash)).collect()));
        }
        if strict.chunks {
            let words =
                |(csid, fmt, chunks): &(u32, u8, u32)| text(&format!("csid {csid}, fmt {fmt}, chunks {chunks}"));
            put("chunking", Amf::Array(self.chunks.iter().map(words).collect()));
        }
        if strict.ts {
            put("timestamps", Amf::Array(self.times.iter().flatten().map(|n| number(*n as f64)).collect()));
        }
        measures
    }

    /// Timestamps as runs along lines; a loss begins a new one.
    fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut gaps = self.after_gap.iter().peekable();
        let mut cut = false;
        for (n, &time) in self.times.iter().enumerate() {
            while gaps.next_if(|gap| **gap <= n).is_some() {
                cut = true;
            }
            let Some(time) = time else {
                cut = true;
                continue;
            };
            let cut = std::mem::take(&mut cut);
            if let Some(run) = runs.last_mut().filter(|_| !cut) {
                let steps = run.frames as f64;
                let ahead = time as f64 - run.at as f64;
                let slopes = (low.max((ahead - SLACK_MS) / steps), high.min((ahead + SLACK_MS) / steps));
                if slopes.0 <= slopes.1 {
                    (low, high) = slopes;
                    (run.frames, run.last) = (run.frames + 1, time);
                    continue;
                }
            }
            (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
            runs.push(Run { first: n, at: time, frames: 1, last: time });
        }
        runs
    }

    /// Milliseconds from frame to frame, as most frames have it.
    fn interval(&self, runs: &[Run]) -> Option<f64> {
        let longest = runs.iter().max_by_key(|run| run.frames)?;
        let is_usual = longest.frames as usize * 2 > self.sizes.len() && longest.frames > 2;
        // Where frames were lost, a run without loss tells.
        let tells = longest.frames >= 10 && !self.after_gap.is_empty();
        if (is_usual || tells) && longest.last > longest.at {
            return Some((longest.last - longest.at) as f64 / (longest.frames - 1) as f64);
        }
        let (first, last) = self.ends()?;
        let usable = self.times.len() > 2 && last > first && self.after_gap.is_empty();
        usable.then(|| (last - first) as f64 / (self.times.len() - 1) as f64)
    }

    /// The first frame's timestamp, and the largest.
    fn ends(&self) -> Option<(u64, u64)> {
        let first = self.times.iter().flatten().next()?;
        Some((*first, self.times.iter().flatten().copied().max()?))
    }

    /// The runs: when (from the lane's first frame), how many frames, how far apart.
    fn timing(&self, runs: &[Run], first: u64) -> Amf {
        let mut parts = Vec::new();
        for run in runs {
            let every = if run.frames > 1 {
                let every = (run.last as f64 - run.at as f64) / (run.frames - 1) as f64;
                format!(" x {}, every {} ms", run.frames, rounded(every))
            } else {
                String::new()
            };
            let lost = if self.after_gap.contains(&run.first) { "after a loss " } else { "" };
            parts.push(text(&format!("{lost}{} ms{every}", run.at as f64 - first as f64)));
        }
        Amf::Array(parts)
    }

    /// Frames from key frame to key frame, as runs; the last group is open.
    fn gop(&self, put: &mut impl FnMut(&str, Amf)) {
        put("keyframes", number(self.keys.len() as f64));
        let mut runs: Vec<(usize, u64)> = Vec::new();
        let broken = |from: usize, to: usize| self.after_gap.iter().any(|gap| *gap > from && *gap <= to);
        for (from, to) in self.keys.iter().zip(self.keys.iter().skip(1)) {
            if broken(*from, *to) {
                continue;
            }
            match runs.last_mut() {
                Some((length, times)) if *length == to - from => *times += 1,
                _ => runs.push((to - from, 1)),
            }
        }
        let words = runs.iter().map(|(length, times)| match times {
            1 => number(*length as f64),
            _ => text(&format!("{length} x {times}")),
        });
        put("gop", Amf::Array(words.collect()));
        if let Some(last) = self.keys.last().filter(|last| !broken(**last, self.sizes.len())) {
            put("open_gop", number((self.sizes.len() - last) as f64));
        }
    }

    /// How far decoding runs ahead of showing, in frames: more than one value means B-frames.
    fn composition(&self, interval: Option<f64>, put: &mut impl FnMut(&str, Amf)) {
        let (Some((first, _)), Some((last, _))) = (self.offsets.first_key_value(), self.offsets.last_key_value())
        else {
            return;
        };
        put("composition_ms", Amf::Array(vec![number(*first as f64), number(*last as f64)]));
        let depth = interval.map(|interval| ((last - first) as f64 / interval).round());
        put("reordered", number(depth.unwrap_or(f64::from(u8::from(last > first)))));
    }
}

/// Tenth, half and nine tenths of the sizes are at most these.
fn distribution(mut sizes: Vec<u32>) -> Amf {
    sizes.sort_unstable();
    let at = |part: usize| sizes.get((sizes.len() - 1) * part / 10).copied().unwrap_or_default();
    Amf::Array([1, 5, 9].map(|part| number(f64::from(at(part)))).to_vec())
}

/// Two digits are more than any tolerance can tell apart.
fn rounded(n: f64) -> f64 {
    (n * 100.0).round() / 100.0
}

fn number(n: f64) -> Amf {
    Amf::Number(n)
}

fn text(text: &str) -> Amf {
    Amf::String(text.into())
}
