//! What the recorder waits for when it is behind: the disk, or a processor.
//!
//! The kernel says how long a thread ran and how long it waited to run. What is left of the time that writing took went
//! by in the file system.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use super::notice::Notice;

/// Told at most this often, and of about the time since.
const TELL: Duration = Duration::from_secs(5);

/// How the recorder keeps up.
pub(super) struct Lateness {
    /// Where the kernel says it; elsewhere than on Linux nobody does.
    statistics: Option<File>,
    window: Window,
}

/// The time since this was last told.
struct Window {
    began: Instant,
    /// How long the thread had waited for a processor when it began.
    waited: Duration,
    told_before: bool,
    disk: Duration,
    /// Payload bytes that had no room.
    missing: u64,
}

/// A moment of the recorder's thread.
#[derive(Clone, Copy, Debug)]
struct Moment {
    now: Instant,
    ran: Duration,
    waited: Duration,
}

/// When writing began.
pub(super) struct Begun(Option<Moment>);

impl Lateness {
    /// Of the thread that calls.
    pub(super) fn of_this_thread() -> Lateness {
        let statistics = File::open("/proc/thread-self/schedstat").ok();
        let mut lateness = Lateness { statistics, window: Window::new(Duration::ZERO, false) };
        lateness.begin_window(false);
        lateness
    }

    /// What waited for longer than usual is going to be written now.
    pub(super) fn begin(&mut self, late: bool) -> Begun {
        if self.window.missing == 0 && self.window.began.elapsed() >= TELL {
            self.begin_window(false);
        }
        Begun(if late { self.moment() } else { None })
    }

    /// It was written, and so many bytes had no room. What to tell, if it is time.
    pub(super) fn end(&mut self, begun: Begun, missing: u64) -> Option<Notice> {
        if let (Some(begun), Some(ended)) = (begun.0, begun.0.and_then(|_| self.moment())) {
            self.window.disk += ended.elsewhere_since(begun);
        }
        self.window.missing += missing;
        let passed = self.window.began.elapsed();
        if self.window.missing == 0 || (self.window.told_before && passed < TELL) {
            return None;
        }
        let processor = self.moment().map(|moment| moment.waited.saturating_sub(self.window.waited));
        let Window { disk, missing, .. } = self.window;
        self.begin_window(true);
        Some(Notice::RecordingBehind { missing, passed, disk: processor.map(|_| disk), processor })
    }

    fn begin_window(&mut self, told_before: bool) {
        let waited = self.moment().map(|moment| moment.waited);
        self.window = Window::new(waited.unwrap_or_default(), told_before);
    }

    fn moment(&self) -> Option<Moment> {
        let mut text = [0; 64];
        let length = self.statistics.as_ref()?.read_at(&mut text, 0).ok()?;
        let text = std::str::from_utf8(text.get(..length)?).ok()?;
        let mut numbers = text.split_ascii_whitespace().map_while(|number| number.parse().ok());
        let mut next = || numbers.next().map(Duration::from_nanos);
        Some(Moment { now: Instant::now(), ran: next()?, waited: next()? })
    }
}

impl Window {
    fn new(waited: Duration, told_before: bool) -> Window {
        Window { began: Instant::now(), waited, told_before, disk: Duration::ZERO, missing: 0 }
    }
}

impl Moment {
    /// Time in which the thread neither ran nor waited to run.
    fn elsewhere_since(self, before: Moment) -> Duration {
        let active = (self.ran + self.waited).saturating_sub(before.ran + before.waited);
        self.now.saturating_duration_since(before.now).saturating_sub(active)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_that_was_neither_run_nor_waited_for_went_by_in_the_file_system() {
        let second = Duration::from_secs;
        let before = Moment { now: Instant::now(), ran: second(7), waited: second(1) };
        let after = Moment { now: before.now + second(10), ran: second(9), waited: second(4) };
        assert_eq!(after.elsewhere_since(before), second(5));
        assert_eq!(before.elsewhere_since(after), Duration::ZERO);
    }

    #[test]
    fn the_first_loss_is_told_at_once_and_the_next_with_all_that_followed() {
        let mut lateness = Lateness::of_this_thread();
        let mut write = |missing| {
            let begun = lateness.begin(true);
            std::thread::sleep(Duration::from_millis(30));
            lateness.end(begun, missing)
        };
        assert_eq!(write(0), None);
        let told = write(5);
        let Some(Notice::RecordingBehind { missing: 5, passed, disk, .. }) = told else { panic!("{told:?}") };
        // Asleep is neither running nor waiting to run.
        assert!(disk.is_none_or(|disk| disk >= Duration::from_millis(55) && disk <= passed), "{disk:?}");
        assert_eq!((write(6), write(7)), (None, None), "not so soon");
        let Some(before) = Instant::now().checked_sub(TELL) else { return };
        lateness.window.began = before;
        let begun = lateness.begin(false);
        let told = lateness.end(begun, 0);
        assert!(matches!(told, Some(Notice::RecordingBehind { missing: 13, .. })), "{told:?}");
    }
}
