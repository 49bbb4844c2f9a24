//! Takes the records of a running proxy to the screen. Neither ever waits for the other: what the screen is too slow for
//! stays in the index until it has time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::shelf::Shelf;
use crate::cli::view::contrast::Chosen;
use crate::cli::view::reader::{Store, Wanted};
use crate::diff::Report;
use crate::limits::Limits;
use crate::proxy::{Counters, Subscription};
use crate::query::Filter;
use crate::record::{Handshake, Message, Record, Sink};
use crate::time::Time;
use crate::tui::{Lines, Msg, Wish};
use crate::view::index::Indexer;
use crate::view::sheet::Packet;
use crate::view::{Mask, bytes_text};

/// How often the screen hears of what came.
const TELL: Duration = Duration::from_millis(60);

/// What the threads of the screen share.
#[derive(Default)]
pub(super) struct Shared {
    indexer: Mutex<Indexer>,
    shelf: Mutex<Shelf>,
    start: Mutex<Time>,
    paused: AtomicBool,
    wanted: Wanted,
}

impl Shared {
    pub(super) fn pause(&self, paused: bool) {
        self.paused.store(paused, Ordering::Relaxed);
    }

    /// Hands out all that is kept, in order. The shelf is never held for long: the run goes on.
    pub(super) fn each(&self, mut take: impl FnMut(Record) -> bool) {
        let mut from = 0;
        loop {
            let some = lock(&self.shelf).some(from);
            let Some((records, after)) = some else { return };
            from = after;
            if !records.into_iter().all(&mut take) {
                return;
            }
        }
    }

    /// What differs between two sessions, as far as they are kept.
    pub(super) fn contrast(&self, sessions: [u32; 2]) -> Result<Box<Report>, String> {
        if let Some(broken) = sessions.iter().find(|session| !lock(&self.shelf).has_whole(**session)) {
            return Err(format!(
                "session {broken} is not whole in memory any more: diff compares recordings (--record)"
            ));
        }
        let mut chosen = Chosen::new(sessions);
        self.each(|record| {
            chosen.take(record);
            true
        });
        chosen.compare()
    }

    /// Which search is wished for.
    pub(super) fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Looks through what is kept for a filter that asks for what only bodies tell, in a thread of its own.
    pub(super) fn search(self: &Arc<Self>, sender: SyncSender<Msg>, search: u64, filter: &str) {
        let Ok(filter) = Filter::new(filter) else { return };
        let shared = Arc::clone(self);
        thread::spawn(move || {
            let (start, mut hits, mut asked) = (*lock(&shared.start), Vec::new(), 0);
            shared.each(|record| {
                if let Record::Message(message) = record {
                    asked += 1;
                    if filter.matches_message(&message, start) {
                        hits.push((message.session, message.seq));
                    }
                }
                shared.wanted.is(search)
            });
            // The screen may be gone by now.
            let _ = sender.send(Msg::Hits(search, hits, asked, true));
        });
    }
}

impl Store for Shared {
    fn message(&self, wish: Wish, _: &mut dyn FnMut() -> bool) -> Option<Box<Message>> {
        lock(&self.shelf).message(wish.session, wish.seq).map(|message| Box::new(message.clone()))
    }

    fn handshake(&self, wish: Wish) -> Option<Box<Handshake>> {
        lock(&self.shelf).handshake(wish.session, wish.seq).map(|handshake| Box::new(handshake.clone()))
    }

    fn packets(&self, _: &[u64]) -> Vec<Packet> {
        // What was relayed came in pieces, not in packets.
        Vec::new()
    }

    fn story(&self, session: u32) -> [Lines; 2] {
        let indexer = lock(&self.indexer);
        [indexer.story(session, false), indexer.story(session, true)]
    }

    fn mask(&self) -> (Mask, Time) {
        (lock(&self.indexer).mask().clone(), *lock(&self.start))
    }
}

/// Reads records until the run is over.
pub(super) struct Feed {
    shared: Arc<Shared>,
    sender: SyncSender<Msg>,
    /// What the screen had no room for.
    waiting: Option<Msg>,
    missed: u64,
    gave_up: bool,
    counters: Arc<Counters>,
    most: usize,
}

impl Feed {
    pub(super) fn spawn(
        shared: Arc<Shared>,
        subscription: Subscription,
        notices: Receiver<String>,
        counters: Arc<Counters>,
        sender: SyncSender<Msg>,
    ) {
        let most = Limits::default().shelf_bytes;
        let feed = Feed { shared, sender, waiting: None, missed: 0, gave_up: false, counters, most };
        thread::spawn(move || feed.run(&subscription, &notices));
    }

    fn run(mut self, subscription: &Subscription, notices: &Receiver<String>) {
        let mut told = Instant::now();
        loop {
            let record = subscription.records.recv_timeout(TELL);
            let over = matches!(record, Err(RecvTimeoutError::Disconnected));
            if let Ok(record) = record {
                self.record(record);
            }
            for notice in notices.try_iter() {
                self.remark(&notice);
            }
            let missed = subscription.missed();
            if missed > self.missed {
                self.remark(&format!(
                    "{} records are not shown: the screen was behind, the relay was not",
                    missed - self.missed
                ));
                self.missed = missed;
            }
            if over || told.elapsed() >= TELL {
                told = Instant::now();
                self.tell();
            }
            if over {
                let _ = self.sender.try_send(Msg::Ended(None));
                return;
            }
        }
    }

    fn record(&mut self, record: Record) {
        if let Record::Source(source) = &record {
            *lock(&self.shared.start) = source.start.unwrap_or_default();
        }
        lock(&self.shared.indexer).take(record.clone());
        let gave_up = lock(&self.shared.shelf).put(record, self.most);
        if gave_up && !std::mem::replace(&mut self.gave_up, true) {
            let most = bytes_text(self.most as u64);
            self.remark(&format!(
                "from now on the oldest messages can no longer be opened: {most} are kept, --record keeps all"
            ));
        }
    }

    /// Something that stands in the log, and in the status line for a while.
    fn remark(&mut self, text: &str) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        lock(&self.shared.indexer).remark(Time(i64::try_from(now).unwrap_or(i64::MAX)), text);
        let _ = self.sender.try_send(Msg::Failed(text.to_owned()));
    }

    /// Sends what came since the last time, as far as the screen has room for it.
    fn tell(&mut self) {
        if self.shared.paused.load(Ordering::Relaxed) {
            return;
        }
        if let Some(msg) = self.waiting.take()
            && !self.send(msg)
        {
            return;
        }
        let batch = lock(&self.shared.indexer).take_batch(true);
        if !batch.is_empty() && !self.send(Msg::Batch(Box::new(batch))) {
            return;
        }
        let [up, down] = &self.counters.bytes;
        let sessions = u64::try_from(self.counters.sessions.value()).unwrap_or_default();
        let s = if sessions == 1 { "" } else { "s" };
        let mut state =
            format!("relaying {sessions} session{s}, {} c2s, {} s2c", bytes_text(up.value()), bytes_text(down.value()));
        if let Some(most) = self.counters.latency.quantile(0.99) {
            state.push_str(&format!(", 99 % passed on within {most} us"));
        }
        if self.counters.skipped.value() > 0 {
            state.push_str(&format!(", {} not decoded", bytes_text(self.counters.skipped.value())));
        }
        // Told again soon, if there is no room for it now.
        let _ = self.sender.try_send(Msg::Relay(state, sessions));
    }

    /// False when the screen has no room; then it is kept for later.
    fn send(&mut self, msg: Msg) -> bool {
        match self.sender.try_send(msg) {
            Err(TrySendError::Full(msg)) => {
                self.waiting = Some(msg);
                false
            }
            _ => true,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
