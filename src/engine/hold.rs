//! Holds records back while something earlier is still open: a connection that may turn out to be a session, or a call
//! whose reply has not come. So sessions are numbered by their first bytes, and a call's record can name its reply.
//!
//! Bounded in number, bytes and capture time: what waits longer goes out without the answer.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::offline::Settings;
use super::trail::Trail;
use crate::layer::Foreign;
use crate::limits::Limits;
use crate::record::{Body, Call, Record, Reply, Sink};
use crate::time::{Span, Time};

/// How much capture time a record may wait.
const LONGEST_WAIT: Span = Span(10_000_000_000);

/// Where the records of connections go, in an order that is decided there.
pub(super) trait Order: Sink {
    /// A connection began: its session, should it be one, comes before all that follows.
    fn reserve(&mut self, flow: u64);
    /// The connection is no session.
    fn reject(&mut self, flow: u64, foreign: &Foreign);
}

/// The provisional session number of a connection, until its record leaves.
pub(super) fn ticket(flow: u64) -> u32 {
    flow as u32
}

pub(super) struct Hold<S> {
    sink: S,
    limits: Limits,
    longest_wait: Span,
    pair_replies: bool,
    /// Nothing is held back and nothing renumbered.
    direct: bool,
    queue: VecDeque<Entry>,
    bytes: usize,
    newest: Time,
    /// Numbers of the sessions that have no end yet, by ticket.
    numbers: HashMap<u32, u32, foldhash::fast::RandomState>,
    /// The ticket and number of the latest record: the next one is of the same session more often than not.
    latest: Option<(u32, u32)>,
    /// Who gives the numbers, when several holds have to agree.
    shared: Option<Numbers>,
    totals: Totals,
    trail: Option<Trail>,
}

/// Session numbers for several outputs: the first that lets a session go gives it its number, and the last that lets its
/// end go forgets it.
#[derive(Clone, Debug, Default)]
pub struct Numbers(Arc<Mutex<Given>>);

#[derive(Debug, Default)]
struct Given {
    sessions: HashMap<u32, Number, foldhash::fast::RandomState>,
    last: u32,
    /// Outputs that ask for numbers.
    outputs: usize,
}

#[derive(Debug, Default)]
struct Number {
    number: Option<u32>,
    /// Who may still ask for it.
    users: usize,
}

impl Numbers {
    fn lock(&self) -> MutexGuard<'_, Given> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, ticket: u32) -> u32 {
        let mut given = self.lock();
        let Given { sessions, last, outputs } = &mut *given;
        let known = sessions.entry(ticket).or_default();
        *known.number.get_or_insert_with(|| {
            known.users += *outputs;
            *last += 1;
            *last
        })
    }

    fn forget_ticket(&self, ticket: u32) {
        let mut given = self.lock();
        let Some(known) = given.sessions.get_mut(&ticket) else { return };
        known.users = known.users.saturating_sub(1);
        if known.users == 0 {
            given.sessions.remove(&ticket);
        }
    }

    /// Remembers the number that a connection will get until [`Numbers::forget`].
    pub fn remember(&self, connection: u64) {
        self.lock().sessions.entry(ticket(connection)).or_default().users += 1;
    }

    /// Nobody asks for the number of a connection any more.
    pub fn forget(&self, connection: u64) {
        self.forget_ticket(ticket(connection));
    }

    /// The number that a connection has as a session, once a record of it went out and until its end did, unless it is
    /// remembered for longer.
    pub fn given(&self, connection: u64) -> Option<u32> {
        self.lock().sessions.get(&ticket(connection)).and_then(|known| known.number)
    }
}

/// What went out.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    pub(super) sessions: u32,
    pub(super) messages: u64,
    pub(super) gaps: u64,
}

#[expect(clippy::large_enum_variant, reason = "nearly all entries are records")]
enum Entry {
    /// A connection began here; it is not recognised yet.
    Place(u32, Time),
    Record(Record),
}

impl<S: Sink> Hold<S> {
    pub(super) fn new(sink: S, settings: &Settings) -> Self {
        Hold {
            sink,
            limits: settings.limits,
            longest_wait: LONGEST_WAIT,
            pair_replies: settings.pair_replies,
            direct: false,
            queue: VecDeque::new(),
            bytes: 0,
            newest: Time::default(),
            numbers: HashMap::default(),
            latest: None,
            shared: None,
            totals: Totals::default(),
            trail: settings.trail.clone(),
        }
    }

    /// Holds nothing back: records come as they are made, with provisional session numbers.
    pub(super) fn direct(sink: S, settings: &Settings) -> Self {
        Hold { direct: true, ..Hold::new(sink, settings) }
    }

    pub(super) fn sink(&self) -> &S {
        &self.sink
    }

    pub(super) fn into_sink(self) -> S {
        self.sink
    }

    /// Lets records wait no longer than `span`.
    pub(super) fn waiting_at_most(self, span: Span) -> Self {
        Hold { longest_wait: span, ..self }
    }

    /// Numbers sessions as other holds do.
    pub(super) fn numbered_by(self, numbers: Numbers) -> Self {
        numbers.lock().outputs += 1;
        Hold { shared: Some(numbers), ..self }
    }

    /// Does a record wait?
    pub(super) fn waits(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Time passes also when nothing comes.
    pub(super) fn tick(&mut self, now: Time) {
        self.newest = self.newest.max(now);
        self.let_go(false);
    }

    /// Lets everything go that came so far, and tells what went out.
    pub(super) fn let_all_go(&mut self) -> Totals {
        self.let_go(true);
        self.totals
    }

    /// Where records go.
    pub(super) fn sink_mut(&mut self) -> &mut S {
        &mut self.sink
    }

    fn answered(&mut self, session: u32, call: u64, reply: Reply) {
        for entry in &mut self.queue {
            if let Entry::Record(Record::Message(message)) = entry
                && (message.session, message.seq) == (session, call)
            {
                message.call = Some(Call::Answered(reply));
                return;
            }
        }
    }

    /// No reply can come any more.
    fn settle(&mut self, session: u32) {
        for entry in &mut self.queue {
            if let Entry::Record(Record::Message(message)) = entry
                && message.session == session
                && message.call == Some(Call::Waiting)
            {
                message.call = None;
            }
        }
    }

    fn push(&mut self, record: Record) {
        if let Record::Opened(opened) = &record {
            let ticket = opened.session;
            let place = self.queue.iter_mut().find(|entry| matches!(entry, Entry::Place(t, _) if *t == ticket));
            if let Some(place) = place {
                *place = Entry::Record(record);
                return;
            }
        }
        self.bytes += weight(&record);
        self.queue.push_back(Entry::Record(record));
    }

    /// Lets go what waits for nothing, from the front.
    fn let_go(&mut self, all: bool) {
        while let Some(front) = self.queue.front() {
            let full = self.queue.len() > self.limits.held_events || self.bytes > self.limits.held_bytes;
            let waits_since = match front {
                Entry::Place(_, since) => Some(*since),
                Entry::Record(Record::Message(m)) if m.call == Some(Call::Waiting) => Some(m.time),
                Entry::Record(_) => None,
            };
            let waits = waits_since.is_some_and(|since| self.newest.since(since) < self.longest_wait);
            if waits && !full && !all {
                return;
            }
            if let Some(Entry::Record(mut record)) = self.queue.pop_front() {
                self.bytes -= weight(&record);
                self.deliver(&mut record);
            }
        }
    }

    #[inline]
    fn deliver(&mut self, record: &mut Record) {
        match record {
            Record::Opened(opened) => {
                self.totals.sessions += 1;
                let number = self.shared.as_ref().map_or(self.totals.sessions, |shared| shared.of(opened.session));
                if let Some(trail) = &self.trail {
                    trail.numbered(opened.session, number);
                }
                self.numbers.insert(opened.session, number);
                self.latest = Some((opened.session, number));
            }
            Record::Message(message) => {
                self.totals.messages += 1;
                if message.call == Some(Call::Waiting) {
                    message.call = None;
                }
            }
            Record::Gap(_) => self.totals.gaps += 1,
            _ => {}
        }
        let last = matches!(record, Record::Closed(_));
        if let Some(session) = record.session_mut() {
            let ticket = *session;
            *session = match self.latest {
                Some((latest, number)) if latest == ticket => number,
                _ => {
                    let number = self.numbers.get(&ticket).copied().unwrap_or_default();
                    self.latest.insert((ticket, number)).1
                }
            };
            if last {
                self.forget(ticket);
            }
        }
        self.sink.pass(record);
    }
}

impl<S> Hold<S> {
    /// Nothing comes after the end of a session.
    fn forget(&mut self, ticket: u32) {
        self.numbers.remove(&ticket);
        self.latest = None;
        if let Some(shared) = &self.shared {
            shared.forget_ticket(ticket);
        }
    }
}

impl<S: Sink> Order for Hold<S> {
    fn reserve(&mut self, flow: u64) {
        if !self.direct {
            self.queue.push_back(Entry::Place(ticket(flow), self.newest));
        }
    }

    fn reject(&mut self, flow: u64, _: &Foreign) {
        let ticket = ticket(flow);
        self.queue.retain(|entry| !matches!(entry, Entry::Place(t, _) if *t == ticket));
        self.let_go(false);
    }
}

impl<S: Sink> Sink for Hold<S> {
    fn take(&mut self, mut record: Record) {
        self.pass(&mut record);
    }

    #[inline]
    fn pass(&mut self, record: &mut Record) {
        if self.direct {
            return self.sink.pass(record);
        }
        match record {
            Record::Answered { session, call, reply, after } => {
                let reply = Reply { seq: *reply, after: *after };
                self.answered(*session, *call, reply);
                return self.let_go(false);
            }
            Record::Closed(closed) => self.settle(closed.session),
            Record::Message(message) => {
                self.newest = self.newest.max(message.time);
                if !self.pair_replies {
                    message.call = None;
                }
                // Nothing waits: the record goes straight through.
                if self.queue.is_empty() && message.call.is_none() {
                    return self.deliver(record);
                }
            }
            _ => {}
        }
        self.push(record.take_out());
        self.let_go(false);
    }
}

/// Bytes that a waiting record holds.
fn weight(record: &Record) -> usize {
    match record {
        Record::Message(message) => {
            let body = match &message.body {
                Body::Head { .. } => 0,
                Body::Kept(bytes) => bytes.len(),
            };
            body + 64 * (message.parts.len() + message.carriers.len())
        }
        Record::Handshake(handshake) => handshake.bytes.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
