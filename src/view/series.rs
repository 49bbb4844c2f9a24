//! What a session did over time: rates, clocks and reply times, in steps for charts.

use super::index::{Index, MessageKind};
use crate::time::{Span, Time};

/// Steps of a series.
pub const STEPS: usize = 240;

/// A session over time.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// The session.
    pub session: u32,
    /// When it began.
    pub start: Time,
    /// How long a step is.
    pub step: Span,
    /// The steps; one more than the time of the last message.
    pub steps: Vec<Step>,
    /// Messages that were counted.
    pub messages: usize,
    /// Calls and how long their replies took, slowest first.
    pub replies: Vec<(u32, Span)>,
    /// Milliseconds between key frames, in order.
    pub keyframe_gaps: Vec<u32>,
}

/// What happened in one step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Step {
    /// Bytes of sound.
    pub audio: u64,
    /// Bytes of pictures.
    pub video: u64,
    /// Pictures.
    pub frames: u32,
    /// Key frames.
    pub keyframes: u32,
    /// How far sound is ahead of pictures, in milliseconds: of what arrives together, the one has the later timestamp.
    pub offset: Option<f64>,
    /// How much later than their timestamps say messages came, in milliseconds.
    pub late: Option<f64>,
}

/// Where sound and pictures are farthest apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Apart {
    /// The step.
    pub step: usize,
    /// How far sound is ahead there, in milliseconds.
    pub offset: f64,
    /// At the beginning.
    pub first: f64,
    /// At the end.
    pub last: f64,
}

/// How late the messages of a step are together.
#[derive(Clone, Copy, Debug, Default)]
struct Lateness {
    sum: f64,
    count: u32,
}

impl Lateness {
    fn add(&mut self, late: f64) {
        self.sum += late;
        self.count += 1;
    }

    fn mean(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / f64::from(self.count))
    }
}

/// How long the lateness of sound or pictures holds while none come.
const HOLDS: Span = Span(3_000_000_000);

/// What a chart shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chart {
    /// kbit/s of pictures.
    Video,
    /// kbit/s of sound.
    Audio,
    /// Pictures a second.
    Frames,
    /// Seconds from one key frame to the next.
    Keyframes,
    /// Timestamps of sound against those of pictures.
    Offset,
    /// Arrival against timestamps.
    Late,
}

impl Chart {
    /// All of them.
    pub const ALL: [Chart; 6] =
        [Chart::Video, Chart::Audio, Chart::Frames, Chart::Keyframes, Chart::Offset, Chart::Late];

    /// What it is, and its unit.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Chart::Video => ("video", "kbit/s"),
            Chart::Audio => ("audio", "kbit/s"),
            Chart::Frames => ("pictures", "a second"),
            Chart::Keyframes => ("key frames", "in a step"),
            Chart::Offset => ("audio ahead of video", "ms"),
            Chart::Late => ("arrival behind RTMP clock", "ms"),
        }
    }
}

impl Series {
    /// Counts the messages of a session.
    pub fn new(index: &Index, session: u32) -> Series {
        let rows = index.rows_of(session);
        let time = |row: Option<&u32>| row.and_then(|row| index.entry(*row)).map(|entry| entry.time);
        let mut series = Series { session, messages: rows.len(), ..Series::default() };
        let Some((start, end)) = time(rows.first()).zip(time(rows.last())) else { return series };
        series.start = start;
        series.step = Span((end.since(start).0 / STEPS as i64 + 1).max(100_000_000));
        let count = (end.since(start).0.max(0) / series.step.0) as usize + 1;
        series.steps = vec![Step::default(); count];
        let mut lateness = vec![[Lateness::default(); 2]; count];
        let mut keyframe: Option<u32> = None;
        for row in rows {
            let Some(entry) = index.entry(*row) else { continue };
            if let Some((reply, after)) = index.partner(*row)
                && reply > *row
            {
                series.replies.push((*row, after));
            }
            let lane = index.lane(entry);
            let kind = lane.kind();
            let at = (entry.time.since(start).0.max(0) / series.step.0) as usize;
            let Some(step) = series.steps.get_mut(at).filter(|_| kind.is_media()) else { continue };
            match kind {
                MessageKind::Audio => step.audio += u64::from(entry.length),
                _ => {
                    step.video += u64::from(entry.length);
                    step.frames += u32::from(!entry.is_configuration());
                    step.keyframes += u32::from(entry.is_keyframe());
                }
            }
            let Some(timestamp) = entry.timestamp().filter(|_| !entry.is_configuration()) else { continue };
            if entry.is_keyframe()
                && let Some(before) = keyframe.replace(timestamp)
            {
                series.keyframe_gaps.push(timestamp.wrapping_sub(before));
            }
            let Some(late) = index.drift(*row) else { continue };
            if let Some(sums) = lateness.get_mut(at) {
                let [audio, video] = sums;
                if kind == MessageKind::Audio { audio } else { video }.add(late);
            }
        }
        series.compare_clocks(&lateness);
        series.replies.sort_by_key(|(_, after)| std::cmp::Reverse(*after));
        series
    }

    /// How far sound is ahead of pictures in each step. Where one of them pauses, its last lateness still holds for a
    /// while.
    fn compare_clocks(&mut self, lateness: &[[Lateness; 2]]) {
        let most = (HOLDS.0 / self.step.0.max(1)).max(1) as usize;
        let mut last = [None::<(usize, f64)>; 2];
        for (n, (step, sums)) in self.steps.iter_mut().zip(lateness).enumerate() {
            let mut came = false;
            for (last, sum) in last.iter_mut().zip(sums) {
                if let Some(mean) = sum.mean() {
                    *last = Some((n, mean));
                    came = true;
                }
            }
            let [audio, video] = sums;
            step.late = Lateness { sum: audio.sum + video.sum, count: audio.count + video.count }.mean();
            if let [Some((heard, audio)), Some((seen, video))] = last
                && came
                && n - heard <= most
                && n - seen <= most
            {
                step.offset = Some(video - audio);
            }
        }
    }

    /// Where sound and pictures come to be farthest from what they were at the beginning.
    pub fn farthest(&self) -> Option<Apart> {
        let known: Vec<(usize, f64)> = (0..).zip(&self.steps).filter_map(|(n, step)| Some((n, step.offset?))).collect();
        let few = known.len().div_ceil(10);
        let middle = |some: &[(usize, f64)]| median(some.iter().map(|(_, offset)| *offset).collect());
        let (first, last) = (middle(known.get(..few)?)?, middle(known.get(known.len() - few..)?)?);
        let distance = |offset: f64| (offset - first).abs();
        let most = known.iter().map(|(_, offset)| distance(*offset)).fold(0.0, f64::max);
        // After a jump they stay apart: the place is where they came to be.
        let (step, offset) = known.into_iter().find(|(_, offset)| distance(*offset) >= most * 0.95)?;
        Some(Apart { step, offset, first, last })
    }

    /// What a chart shows in most steps; for that of sound against pictures, what it shows in the beginning.
    pub fn usual(&self, chart: Chart) -> Option<f64> {
        match chart {
            Chart::Offset => self.farthest().map(|apart| apart.first),
            _ => median(self.values(chart).into_iter().flatten().collect()),
        }
    }

    /// When a step begins.
    pub fn time(&self, step: usize) -> Time {
        Time(self.start.0.saturating_add(self.step.0.saturating_mul(step as i64)))
    }

    /// The value of a chart in each step; `None` where there is none.
    pub fn values(&self, chart: Chart) -> Vec<Option<f64>> {
        let seconds = self.step.seconds();
        let value = |step: &Step| match chart {
            Chart::Video => Some(step.video as f64 * 8.0 / 1000.0 / seconds),
            Chart::Audio => Some(step.audio as f64 * 8.0 / 1000.0 / seconds),
            Chart::Frames => Some(f64::from(step.frames)),
            Chart::Keyframes => Some(f64::from(step.keyframes)),
            Chart::Offset => step.offset,
            Chart::Late => step.late,
        };
        let values: Vec<Option<f64>> = self.steps.iter().map(value).collect();
        // A step may be shorter than the time between two pictures: they are counted over a second.
        let window = (1.0 / seconds).ceil() as usize;
        match chart {
            Chart::Frames => per_second(&values, window.max(1), seconds),
            _ => values,
        }
    }

    /// The mean of key-frame distances and the largest, in seconds.
    pub fn keyframe_distance(&self) -> Option<(f64, f64)> {
        let most = *self.keyframe_gaps.iter().max()?;
        let sum: u64 = self.keyframe_gaps.iter().map(|gap| u64::from(*gap)).sum();
        Some((sum as f64 / self.keyframe_gaps.len() as f64 / 1000.0, f64::from(most) / 1000.0))
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Sums over the `window` steps that end with each, as a rate.
fn per_second(values: &[Option<f64>], window: usize, seconds: f64) -> Vec<Option<f64>> {
    let mut sum = 0.0;
    let mut rates = Vec::with_capacity(values.len());
    for (n, value) in values.iter().enumerate() {
        sum += value.unwrap_or_default();
        let gone = n.checked_sub(window).and_then(|gone| values.get(gone).copied().flatten());
        sum -= gone.unwrap_or_default();
        rates.push(Some(sum / ((n + 1).min(window) as f64 * seconds)));
    }
    rates
}

/// Values brought to a number of columns: the mean of those that share one, or with `peaks` the farthest from there.
pub fn resampled(values: &[Option<f64>], columns: usize, peaks: Option<f64>) -> Vec<Option<f64>> {
    let columns = columns.max(1);
    let column = |n: usize| {
        let from = n * values.len() / columns;
        let to = ((n + 1) * values.len() / columns).max(from + 1);
        let known: Vec<f64> = values.get(from..to).unwrap_or_default().iter().flatten().copied().collect();
        match (known.len(), peaks) {
            (0, _) => None,
            (_, Some(from)) => known.into_iter().max_by(|a, b| (a - from).abs().total_cmp(&(b - from).abs())),
            (len, None) => Some(known.iter().sum::<f64>() / len as f64),
        }
    };
    (0..columns).map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_counted_over_a_second() {
        // 25 a second in steps of 100 ms: now two, now three.
        let steps: Vec<Option<f64>> = (0..40).map(|n| Some(if n % 2 == 0 { 2.0 } else { 3.0 })).collect();
        let rates = per_second(&steps, 10, 0.1);
        assert!(rates.iter().skip(9).all(|rate| rate.is_some_and(|rate| (rate - 25.0).abs() < 1e-9)), "{rates:?}");
    }

    #[test]
    fn columns_take_means_or_peaks() {
        let values = [Some(1.0), Some(3.0), None, None, Some(-9.0), Some(2.0)];
        assert_eq!(resampled(&values, 3, None), [Some(2.0), None, Some(-3.5)]);
        assert_eq!(resampled(&values, 3, Some(0.0)), [Some(3.0), None, Some(-9.0)]);
        // From above all that is below is far.
        assert_eq!(resampled(&values, 3, Some(3.0)), [Some(1.0), None, Some(-9.0)]);
        // More columns than values: each value is as wide as it has to be.
        assert_eq!(resampled(&[Some(1.0), Some(2.0)], 5, None), [1.0, 1.0, 1.0, 2.0, 2.0].map(Some));
        assert_eq!(resampled(&[], 2, None), [None, None]);
    }
}
