//! Holds records back while something earlier is still open: a connection that may turn out to be a session, or a call
//! whose reply has not come. So sessions are numbered by their first bytes, and a call's record can name its reply.
//!
//! Bounded in number, bytes and capture time: what waits longer goes out without the answer.

use std::collections::{HashMap, VecDeque};

use super::offline::Settings;
use super::trail::Trail;
use crate::limits::Limits;
use crate::record::{Body, Call, Record, Reply, Sink};
use crate::time::{Span, Time};

/// How much capture time a record may wait.
const LONGEST_WAIT: Span = Span(10_000_000_000);

pub(super) struct Hold<'a, S> {
    sink: &'a mut S,
    limits: Limits,
    pair_replies: bool,
    /// Nothing is held back and nothing renumbered.
    direct: bool,
    queue: VecDeque<Entry>,
    bytes: usize,
    newest: Time,
    /// Session numbers by ticket.
    numbers: HashMap<u32, u32, foldhash::fast::RandomState>,
    totals: Totals,
    trail: Option<Trail>,
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

impl<'a, S: Sink> Hold<'a, S> {
    pub(super) fn new(sink: &'a mut S, settings: &Settings) -> Self {
        Hold {
            sink,
            limits: settings.limits,
            pair_replies: settings.pair_replies,
            direct: false,
            queue: VecDeque::new(),
            bytes: 0,
            newest: Time::default(),
            numbers: HashMap::default(),
            totals: Totals::default(),
            trail: settings.trail.clone(),
        }
    }

    /// Holds nothing back: records come as they are made, with provisional session numbers.
    pub(super) fn direct(sink: &'a mut S, settings: &Settings) -> Self {
        Hold { direct: true, ..Hold::new(sink, settings) }
    }

    pub(super) fn sink(&self) -> &S {
        self.sink
    }

    /// The provisional session number of a connection, until its record leaves.
    pub(super) fn ticket(flow: u64) -> u32 {
        flow as u32
    }

    /// A connection began: its session, should it be one, comes before all that follows.
    pub(super) fn reserve(&mut self, flow: u64) {
        if !self.direct {
            self.queue.push_back(Entry::Place(Self::ticket(flow), self.newest));
        }
    }

    /// The connection is no session.
    pub(super) fn reject(&mut self, flow: u64) {
        let ticket = Self::ticket(flow);
        self.queue.retain(|entry| !matches!(entry, Entry::Place(t, _) if *t == ticket));
        self.let_go(false);
    }

    /// Lets everything go and tells what went out.
    pub(super) fn finish(mut self) -> Totals {
        self.let_go(true);
        self.totals
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
            let waits = waits_since.is_some_and(|since| self.newest.since(since) < LONGEST_WAIT);
            if waits && !full && !all {
                return;
            }
            if let Some(Entry::Record(record)) = self.queue.pop_front() {
                self.bytes -= weight(&record);
                self.deliver(record);
            }
        }
    }

    #[inline]
    fn deliver(&mut self, mut record: Record) {
        match &mut record {
            Record::Opened(opened) => {
                self.totals.sessions += 1;
                if let Some(trail) = &self.trail {
                    trail.numbered(opened.session, self.totals.sessions);
                }
                self.numbers.insert(opened.session, self.totals.sessions);
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
        if let Some(session) = record.session_mut() {
            *session = self.numbers.get(session).copied().unwrap_or_default();
        }
        self.sink.take(record);
    }
}

impl<S: Sink> Sink for Hold<'_, S> {
    #[inline]
    fn take(&mut self, mut record: Record) {
        if self.direct {
            return self.sink.take(record);
        }
        match &mut record {
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
        self.push(record);
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
