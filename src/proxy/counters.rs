//! The numbers of a run, told while it goes on. No name, key or address in any of them.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

/// A number that goes up and down.
#[derive(Debug, Default)]
pub struct Level(AtomicI64);

/// How long chunks of bytes stayed in the proxy: between the end of the read and the end of the write.
#[derive(Debug, Default)]
pub struct Latency {
    /// Chunks by the logarithm of their microseconds: below 1, below 2, below 4 ...
    buckets: [Count; Latency::BUCKETS],
    nanoseconds: Count,
}

/// The numbers of a run.
#[derive(Debug, Default)]
pub struct Counters {
    /// Connections accepted.
    pub accepted: Count,
    /// Connections refused because there were too many sessions.
    pub refused: Count,
    /// Times that accepting failed for want of file descriptors or the like.
    pub accept_failures: Count,
    /// Connections to the server that failed.
    pub upstream_failures: Count,
    /// Sessions now.
    pub sessions: Level,
    /// Sessions that were cut when the proxy stopped.
    pub cut: Count,
    /// Bytes relayed, by direction.
    pub bytes: [Count; 2],
    /// Bytes read and not yet written, because the receiver is slow.
    pub in_flight: Level,
    /// Connections that are not RTMP.
    pub foreign: Count,
    /// Connections whose decoder failed.
    pub decoder_failures: Count,
    /// Bytes that the decoder had to skip because it was behind.
    pub skipped: Count,
    /// Bytes that are missing in the recording.
    pub unrecorded: Count,
    /// Bytes that wait to be decoded or recorded.
    pub waiting: Level,
    /// Bytes written to recordings.
    pub recorded: Count,
    /// What the proxy added.
    pub latency: Latency,
    /// Messages by kind, in the order of [`Counters::KINDS`].
    pub messages: [Count; 9],
    /// Bytes of message bodies by kind, in the same order.
    pub message_bytes: [Count; 9],
    /// Gaps in sessions.
    pub gaps: Count,
    /// Directions of open sessions that are not decoded any more.
    pub stopped: Level,
}

impl Count {
    /// Adds.
    #[inline]
    pub fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    /// The number.
    pub fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Level {
    /// Adds, or takes away.
    #[inline]
    pub fn add(&self, n: i64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    /// The number.
    pub fn value(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Latency {
    /// The last bucket has no upper bound.
    pub const BUCKETS: usize = 22;

    /// Counts a chunk.
    pub fn count(&self, stayed: Duration) {
        let micros = stayed.as_micros() as u64;
        let bucket = (u64::BITS - micros.leading_zeros()) as usize;
        if let Some(bucket) = self.buckets.get(bucket.min(Self::BUCKETS - 1)) {
            bucket.add(1);
        }
        self.nanoseconds.add(stayed.as_nanos() as u64);
    }

    /// Upper bounds in microseconds with the number of chunks up to them; the last bound is `None`.
    pub fn cumulative(&self) -> impl Iterator<Item = (Option<u64>, u64)> + '_ {
        let mut sum = 0;
        self.buckets.iter().enumerate().map(move |(n, bucket)| {
            sum += bucket.value();
            ((n + 1 < Self::BUCKETS).then_some(1 << n), sum)
        })
    }

    /// All of them together.
    pub fn total(&self) -> Duration {
        Duration::from_nanos(self.nanoseconds.value())
    }

    /// A bound in microseconds below which this share of the chunks stayed; `None` when there were none.
    pub fn quantile(&self, share: f64) -> Option<u64> {
        let all = self.buckets.iter().map(Count::value).sum::<u64>();
        let wanted = (all as f64 * share).ceil() as u64;
        if all == 0 {
            return None;
        }
        self.cumulative().find(|(_, sum)| *sum >= wanted).map(|(bound, _)| bound.unwrap_or(u64::MAX))
    }
}

impl Counters {
    /// The kinds that messages are counted by.
    pub const KINDS: [&'static str; 9] =
        ["control", "user_control", "command", "data", "shared_object", "audio", "video", "aggregate", "unknown"];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_fall_into_buckets() {
        let latency = Latency::default();
        assert_eq!(latency.quantile(0.5), None);
        for micros in [0, 1, 3, 3, 900] {
            latency.count(Duration::from_micros(micros));
        }
        assert_eq!(latency.quantile(0.5), Some(4));
        assert_eq!(latency.quantile(0.99), Some(1024));
        latency.count(Duration::from_secs(1 << 20));
        assert_eq!(latency.quantile(1.0), Some(u64::MAX));
        assert_eq!(latency.cumulative().last(), Some((None, 6)));
    }
}
