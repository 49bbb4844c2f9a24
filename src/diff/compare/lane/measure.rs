//! Measures: what differs by more than its bound, given what of either side is known.

use crate::diff::canonical::Lane;
use crate::diff::rules::Bound;
use crate::wire::value::Amf;

/// What is known of the lanes whose measures are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    /// Bytes of one were lost.
    pub(super) gaps: bool,
    /// Bytes of a session were lost, so what is numbered by first use may have moved.
    pub(super) lossy: bool,
    /// The beginning or the end of one was not captured.
    pub(super) cut: bool,
    /// A player's side: it joins the stream wherever that is.
    pub(super) playing: bool,
}

/// A measure of a lane.
pub(super) fn find<'a>(lane: &'a Lane, name: &str) -> Option<&'a Amf> {
    lane.measures.iter().find(|measure| &*measure.name == name).map(|measure| &measure.value)
}

/// What stands for a whole lane: its codec, or the number of its messages.
pub(super) fn lane_value(lane: &Lane, messages: u64) -> Amf {
    let format = lane.items.iter().find(|item| &*item.what == "format");
    let codec = format.and_then(|item| item.body.iter().find(|(name, _)| &**name == "codec"));
    match codec.and_then(|(_, value)| value.as_str()) {
        Some(codec) => Amf::String(format!("{codec}, {messages} messages").into()),
        None => Amf::String(format!("{messages} messages").into()),
    }
}

type Values = (Option<Amf>, Option<Amf>);

/// Both values of a measure, where they differ by more than `bound`.
pub(super) fn differ(name: &str, a: &Lane, b: &Lane, bound: Bound, state: State) -> Option<Values> {
    if bound == Bound::Ignore || !is_known(name, a, b, state) {
        return None;
    }
    let (x, y) = (find(a, name), find(b, name));
    match name {
        "gop" => gop(a, b, state),
        // They say the same as the distance of key frames and the duration.
        "open_gop" | "keyframes" => None,
        "timing" => timing(x?, y?),
        "composition_ms" => None,
        "reordered" => {
            let depth = |value: Option<&Amf>| value.and_then(Amf::as_number).unwrap_or_default();
            let whole = |lane: &Lane| find(lane, "composition_ms").cloned();
            let ends = |lane: &Lane| match find(lane, "composition_ms") {
                Some(Amf::Array(ends)) => ends.iter().filter_map(Amf::as_number).collect(),
                _ => Vec::new(),
            };
            let within = |x: &[f64], y: &[f64]| match (x, y) {
                ([low, high], [lowest, highest]) => lowest <= low && high <= highest,
                _ => true,
            };
            let (m, n): (Vec<f64>, Vec<f64>) = (ends(a), ends(b));
            // Of the offsets that were lost nothing is known.
            let same = depth(x) == depth(y) || m == n || state.gaps && (within(&m, &n) || within(&n, &m));
            (!same).then(|| (whole(a), whole(b)))
        }
        "acknowledged_every" | "pinged_every_ms" | "kbps" | "key_bytes" | "frame_bytes" | "fps"
        | "frames_per_second" | "stream"
            if x.is_none() || y.is_none() =>
        {
            None
        }
        "sizes" | "hashes" | "timestamps" | "chunking" => first_apart(x?, y?),
        _ => (!close(x, y, bound)).then(|| (x.cloned(), y.cloned())),
    }
}

/// Can the measure be compared, given what was lost?
fn is_known(name: &str, a: &Lane, b: &Lane, state: State) -> bool {
    match name {
        "stream" => !state.lossy,
        "frames" | "duration_ms" | "sizes" | "hashes" | "timestamps" | "chunking" => !state.gaps && !state.cut,
        "timing" | "start_ms" => !state.gaps && !state.cut && !state.playing,
        "kbps" | "key_bytes" | "frame_bytes" => !(state.gaps || state.cut && lengths_differ(a, b)),
        "acknowledged_every" | "pinged_every_ms" | "repeats_configuration" | "aggregates" => !state.gaps && !state.cut,
        _ => true,
    }
}

/// Other parts of a stream have other sizes.
fn lengths_differ(a: &Lane, b: &Lane) -> bool {
    let length = |lane| find(lane, "duration_ms").and_then(Amf::as_number).unwrap_or_default();
    !Bound::Within { absolute: 0.0, relative: 0.1 }.holds(length(a), length(b))
}

fn close(a: Option<&Amf>, b: Option<&Amf>, bound: Bound) -> bool {
    match (a, b) {
        (Some(Amf::Number(a)), Some(Amf::Number(b))) => bound.holds(*a, *b),
        (Some(Amf::Array(a)), Some(Amf::Array(b))) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(Some(a), Some(b), bound))
        }
        (a, b) => a == b,
    }
}

/// Frames from key frame to key frame: as runs of equal ones, and what follows the last key frame.
struct Groups {
    runs: Vec<(u64, u64)>,
    open: u64,
}

impl Groups {
    fn of(lane: &Lane) -> Groups {
        let Some(Amf::Array(runs)) = find(lane, "gop") else { return Groups { runs: Vec::new(), open: 0 } };
        let runs = runs.iter().filter_map(|run| match run {
            Amf::Number(n) => Some((*n as u64, 1)),
            Amf::String(text) => {
                let (length, times) = text.split_once(" x ")?;
                Some((length.parse().ok()?, times.parse().ok()?))
            }
            _ => None,
        });
        let open = find(lane, "open_gop").and_then(Amf::as_number).unwrap_or_default();
        Groups { runs: runs.collect(), open: open as u64 }
    }

    /// The length that most groups have; the larger one of two that are as frequent.
    fn usual(&self) -> u64 {
        let mut counts = std::collections::BTreeMap::new();
        for (length, times) in &self.runs {
            let count = counts.entry(*length).or_insert(0u64);
            *count = count.saturating_add(*times);
        }
        counts.into_iter().max_by_key(|(length, times)| (*times, *length)).map_or(0, |(length, _)| length)
    }

    fn longest(&self) -> u64 {
        self.runs.iter().map(|(length, _)| *length).max().unwrap_or_default()
    }

    fn is_constant(&self) -> bool {
        self.runs.len() == 1
    }

    /// Unlike groups have no one length: the text tells the longest too.
    fn shown(&self) -> Amf {
        match self.runs.as_slice() {
            [] => Amf::String(format!("{} or more", self.open).into()),
            [(length, _)] => Amf::Number(*length as f64),
            _ if self.usual() == self.longest() => Amf::Number(self.usual() as f64),
            _ => Amf::String(format!("{} (up to {})", self.usual(), self.longest()).into()),
        }
    }
}

fn gop(a: &Lane, b: &Lane, state: State) -> Option<Values> {
    let (x, y) = (Groups::of(a), Groups::of(b));
    let same = match (x.runs.is_empty(), y.runs.is_empty()) {
        (true, true) => true,
        // One side never came to a second key frame: that tells only how long its groups are at least.
        (true, false) => x.open <= y.longest(),
        (false, true) => y.open <= x.longest(),
        (false, false) if x.is_constant() && y.is_constant() => x.longest() == y.longest(),
        // Where losses hide key frames, the frequent length is what can be trusted.
        (false, false) if state.gaps || state.cut => x.usual() == y.usual() || x.longest() == y.longest(),
        (false, false) => x.usual() == y.usual() && x.longest() == y.longest(),
    };
    (!same).then(|| (Some(x.shown()), Some(y.shown())))
}

/// Jumps of timestamps; what lies between them is told by the rate.
fn timing(a: &Amf, b: &Amf) -> Option<Values> {
    fn jumps(value: &Amf) -> Option<Vec<&str>> {
        let Amf::Array(runs) = value else { return None };
        // The last run is as long as the stream is.
        let cut = |run: &'_ str| run.len().min(run.find(" x ").unwrap_or(run.len()));
        let last = runs.len().saturating_sub(1);
        Some(
            runs.iter()
                .enumerate()
                .filter_map(|(n, run)| {
                    run.as_str().map(|run| if n == last { run.get(..cut(run)).unwrap_or(run) } else { run })
                })
                .collect(),
        )
    }
    let differ = match (jumps(a), jumps(b)) {
        (Some(x), Some(y)) => (x.len() > 1 || y.len() > 1) && x != y,
        (x, y) => x.is_some() != y.is_some(),
    };
    differ.then(|| (Some(a.clone()), Some(b.clone())))
}

/// Where two lists part.
fn first_apart(a: &Amf, b: &Amf) -> Option<Values> {
    let (Amf::Array(x), Amf::Array(y)) = (a, b) else { return None };
    let apart = x.iter().zip(y).filter(|(a, b)| a != b).count() + x.len().abs_diff(y.len());
    let first = x.iter().zip(y).position(|(a, b)| a != b).unwrap_or(x.len().min(y.len()));
    let at = |list: &[Amf]| match list.get(first) {
        Some(Amf::Number(n)) => format!("frame {}: {n} ({apart} differ)", first + 1),
        Some(Amf::String(text)) => format!("frame {}: {text} ({apart} differ)", first + 1),
        _ => format!("ends after {} frames", list.len()),
    };
    (apart > 0).then(|| (Some(Amf::String(at(x).into())), Some(Amf::String(at(y).into()))))
}
