//! Records for a reader on another thread, who may be slow.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, TrySendError, sync_channel};

use crate::engine::Output;
use crate::record::Record;
use crate::time::Span;

/// The reader's end.
pub struct Subscription {
    /// Records in order. The channel ends with the run.
    pub records: Receiver<Record>,
    missed: Arc<AtomicU64>,
}

impl Subscription {
    /// Records that were dropped because the reader was behind.
    pub fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }
}

/// An output for [`start`](super::start) and the end to read from. At most `room` records wait; `longest_wait` is how
/// long a call may wait for its reply before it is shown without.
pub fn subscribe(name: &str, room: usize, longest_wait: Span) -> (Output, Subscription) {
    let (sender, records) = sync_channel(room);
    let missed = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&missed);
    let take = move |record| {
        // A reader that is gone wants nothing, one that is behind is told how much it missed.
        if let Err(TrySendError::Full(_)) = sender.try_send(record) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    };
    (Output { name: name.to_owned(), longest_wait, audience: Box::new(take) }, Subscription { records, missed })
}
