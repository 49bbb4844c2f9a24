//! Which sessions are recorded: those that the user named, from the first message that matches the filter.

use std::collections::BTreeSet;

use super::args::ProxyArgs;
use crate::proxy::{Audience, Choice, Output};
use crate::query::Filter;
use crate::record::Record;
use crate::time::{Span, Time};

/// How long a call may wait for its reply before it is held against the filter without.
const SOON: Span = Span(300_000_000);

/// An output that chooses, if there is a recording and something to choose by.
pub(super) fn chooser(args: &ProxyArgs) -> Option<(Choice, Output)> {
    if args.record.is_none() || args.filter.is_none() && args.only_session.is_empty() {
        return None;
    }
    let choice = Choice::default();
    let chooser = Chooser {
        filter: args.filter.clone(),
        sessions: args.only_session.clone(),
        choice: choice.clone(),
        chosen: BTreeSet::new(),
        start: Time::default(),
    };
    let output = Output { name: "the choice of --record".to_owned(), longest_wait: SOON, audience: Box::new(chooser) };
    Some((choice, output))
}

struct Chooser {
    filter: Option<Filter>,
    sessions: Vec<u32>,
    choice: Choice,
    /// Those that are open.
    chosen: BTreeSet<u32>,
    start: Time,
}

impl Audience for Chooser {
    fn take(&mut self, record: Record) {
        if let Record::Source(source) = &record {
            self.start = source.start.unwrap_or_default();
        }
        let Some(session) = record.session() else { return };
        if !self.sessions.is_empty() && !self.sessions.contains(&session) {
            return;
        }
        let matches = match (&self.filter, &record) {
            (None, Record::Opened(_)) => true,
            (Some(filter), Record::Message(message)) => {
                !self.chosen.contains(&session) && filter.matches_message(message, self.start)
            }
            _ => false,
        };
        if matches {
            self.choice.keep(session);
            self.chosen.insert(session);
        }
        if let Record::Closed(_) = record {
            self.chosen.remove(&session);
        }
    }
}
