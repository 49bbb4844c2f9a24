//! Which packets carried which stretch of a direction's stream, as long as a message may still ask.

use std::collections::VecDeque;

use crate::record::Carrier;
use crate::stream::Stamp;

/// The packets of a direction, oldest first, bounded in number.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    runs: VecDeque<Carrier>,
    limit: usize,
}

impl Ledger {
    /// An empty ledger that remembers at most `limit` runs.
    pub(super) fn new(limit: usize) -> Ledger {
        Ledger { runs: VecDeque::new(), limit }
    }

    /// Notes that the packet of `stamp` carried `len` bytes from stream offset `at` on.
    pub(super) fn note(&mut self, at: u64, len: usize, stamp: Stamp) {
        if len == 0 {
            return;
        }
        if self.runs.len() >= self.limit {
            self.runs.pop_front();
        }
        let Stamp { time, packet, frame_offset } = stamp;
        self.runs.push_back(Carrier { at, len: len as u32, packet, frame_offset, time });
    }

    /// Forgets what lies before a stream offset.
    pub(super) fn forget_before(&mut self, offset: u64) {
        while self.runs.front().is_some_and(|run| run.end() <= offset) {
            self.runs.pop_front();
        }
    }

    /// The runs that carried the bytes from `start` to `end`.
    pub(super) fn carriers(&self, start: u64, end: u64) -> Vec<Carrier> {
        let first = self.runs.partition_point(|run| run.end() <= start);
        self.runs.range(first..).map_while(|run| run.clip(start, end)).collect()
    }
}
