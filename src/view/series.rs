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
    /// Timestamp of sound minus timestamp of pictures, in milliseconds, at its largest.
    pub offset: Option<f64>,
    /// How much later than its timestamp says the last message came, in milliseconds.
    pub late: Option<f64>,
}

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
        let (mut audio, mut video) = (None, None);
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
            match kind {
                MessageKind::Audio => audio = Some((lane.dir, timestamp)),
                _ => video = Some((lane.dir, timestamp)),
            }
            if let (Some((audio_dir, audio)), Some((video_dir, video))) = (audio, video)
                && audio_dir == video_dir
            {
                let offset = f64::from(audio.wrapping_sub(video) as i32);
                if step.offset.is_none_or(|most| offset.abs() > most.abs()) {
                    step.offset = Some(offset);
                }
            }
            step.late = index.drift(*row).or(step.late);
        }
        series.replies.sort_by_key(|(_, after)| std::cmp::Reverse(*after));
        series
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
            Chart::Frames => Some(f64::from(step.frames) / seconds),
            Chart::Keyframes => Some(f64::from(step.keyframes)),
            Chart::Offset => step.offset,
            Chart::Late => step.late,
        };
        self.steps.iter().map(value).collect()
    }

    /// The mean of key-frame distances and the largest, in seconds.
    pub fn keyframe_distance(&self) -> Option<(f64, f64)> {
        let most = *self.keyframe_gaps.iter().max()?;
        let sum: u64 = self.keyframe_gaps.iter().map(|gap| u64::from(*gap)).sum();
        Some((sum as f64 / self.keyframe_gaps.len() as f64 / 1000.0, f64::from(most) / 1000.0))
    }
}

/// Values brought to a number of columns: the mean of those that share one, or the farthest from zero with `peaks`.
pub fn resampled(values: &[Option<f64>], columns: usize, peaks: bool) -> Vec<Option<f64>> {
    let columns = columns.max(1);
    let column = |n: usize| {
        let from = n * values.len() / columns;
        let to = ((n + 1) * values.len() / columns).max(from + 1);
        let known: Vec<f64> = values.get(from..to).unwrap_or_default().iter().flatten().copied().collect();
        match known.len() {
            0 => None,
            _ if peaks => known.into_iter().max_by(|a, b| a.abs().total_cmp(&b.abs())),
            len => Some(known.iter().sum::<f64>() / len as f64),
        }
    };
    (0..columns).map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_take_means_or_peaks() {
        let values = [Some(1.0), Some(3.0), None, None, Some(-9.0), Some(2.0)];
        assert_eq!(resampled(&values, 3, false), [Some(2.0), None, Some(-3.5)]);
        assert_eq!(resampled(&values, 3, true), [Some(3.0), None, Some(-9.0)]);
        // More columns than values: each value is as wide as it has to be.
        assert_eq!(resampled(&[Some(1.0), Some(2.0)], 5, false), [1.0, 1.0, 1.0, 2.0, 2.0].map(Some));
        assert_eq!(resampled(&[], 2, false), [None, None]);
    }
}
