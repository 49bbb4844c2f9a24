//! Wall-clock stamps that never step back: the time at the start, and what a monotonic clock says since.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::time::Time;

#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    began: Instant,
    wall: Time,
}

impl Clock {
    pub(super) fn start() -> Clock {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Clock { began: Instant::now(), wall: Time(i64::try_from(since_epoch.as_nanos()).unwrap_or(i64::MAX)) }
    }

    /// The stamp of a moment.
    pub(super) fn at(&self, moment: Instant) -> Time {
        let passed = moment.saturating_duration_since(self.began).as_nanos();
        Time(self.wall.0.saturating_add(i64::try_from(passed).unwrap_or(i64::MAX)))
    }

    pub(super) fn now(&self) -> Time {
        self.at(Instant::now())
    }
}
