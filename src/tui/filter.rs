//! A filter at work: which messages of the list it lets through, found a few thousand at a time.

use crate::query::{Filter, Seen, Tally};
use crate::view::index::{Index, Scope, Thin, suffices};

/// A filter and what it found so far.
#[derive(Debug)]
pub struct Filtered {
    tally: Tally,
    /// The filter as it was typed.
    text: String,
    /// The messages it is asked of.
    scope: Scope,
    /// Rows that match, in order.
    rows: Vec<u32>,
    /// Messages of the scope that were asked.
    asked: usize,
    thin: Thin,
    /// It asks for what only the capture tells: found by reading it once more. Tells one reading from another.
    deep: Option<u64>,
    /// Which reading it would be.
    generation: u64,
    /// All of the capture was read for it.
    read: bool,
}

/// Messages asked before the screen gets its turn.
const SLICE: usize = 1 << 15;

impl Filtered {
    /// A filter that has asked nobody yet. `generation` tells one reading of the capture from another.
    pub fn new(text: &str, scope: Scope, generation: u64) -> Result<Filtered, String> {
        let filter = Filter::new(text).map_err(|error| error.brief())?;
        let deep = (!suffices(&filter)).then_some(generation);
        Ok(Filtered {
            tally: Tally::new(filter),
            text: text.to_owned(),
            scope,
            rows: Vec::new(),
            asked: 0,
            thin: Thin::default(),
            deep,
            generation,
            read: false,
        })
    }

    /// The filter as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The rows found so far.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The messages it is asked of.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Messages asked so far.
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// Why nothing matches, once all were asked.
    pub fn complaint(&self) -> Option<String> {
        self.tally.complaint().filter(|_| self.rows.is_empty() && self.deep.is_none())
    }

    /// Which reading of the capture it waits for.
    pub fn wants_reading(&self) -> Option<u64> {
        self.deep.filter(|_| !self.read)
    }

    /// Are there messages that were not asked?
    pub fn is_busy(&self, index: &Index) -> bool {
        match self.deep {
            Some(_) => !self.read,
            None => self.asked < messages(index, self.scope),
        }
    }

    /// Asks a slice of messages.
    pub fn work(&mut self, index: &Index) {
        if self.deep.is_some() {
            return;
        }
        let until = (self.asked + SLICE).min(messages(index, self.scope));
        let start = index.start();
        for at in self.asked..until {
            let row = match self.scope {
                Scope::All => at as u32,
                Scope::Session(session) => index.rows_of(session).get(at).copied().unwrap_or_default(),
            };
            let Some(message) = self.thin.message(index, row) else {
                // What the index no longer knows by heart is read again.
                return self.read_instead();
            };
            if self.tally.matches(&Seen { message, start }) {
                self.rows.push(row);
            }
        }
        self.asked = until;
    }

    fn read_instead(&mut self) {
        self.deep = Some(self.generation);
        self.rows.clear();
        self.asked = 0;
    }

    /// All is asked of the capture itself, because the index does not know enough.
    pub fn reads(&self) -> bool {
        self.deep.is_some()
    }

    /// Messages that a reading of the capture found.
    pub fn found(&mut self, index: &Index, hits: &[(u32, u64)], asked: usize, done: bool) {
        let rows = hits.iter().filter_map(|(session, seq)| index.row(*session, *seq));
        let scope = self.scope;
        let inside = |row: &u32| match scope {
            Scope::All => true,
            Scope::Session(_) => index.place(scope, crate::view::index::Item::Message(*row)).is_some(),
        };
        self.rows.extend(rows.filter(inside));
        self.asked = asked;
        self.read = done;
        if done {
            self.rows.sort_unstable();
            self.rows.dedup();
        }
    }
}

fn messages(index: &Index, scope: Scope) -> usize {
    match scope {
        Scope::All => index.messages(),
        Scope::Session(session) => index.rows_of(session).len(),
    }
}
