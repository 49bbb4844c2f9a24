//! Timestamps that cannot be right: they run backwards, or jump against the clock of the capture.

use std::collections::HashMap;

use super::index::{Index, Lane};
use super::short_time;
use crate::time::{Span, Time};

/// A message with such a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Odd {
    /// Its row.
    pub row: u32,
    /// The timestamp before it on the same chunk stream, and its own, in milliseconds.
    pub timestamps: (u32, u32),
    /// The time that passed between them on the clock of the capture.
    pub passed: Span,
}

/// A timestamp may be farther from the one before than time passed by this much: senders buffer, and so do players.
const SLACK: i64 = 1000;

impl Odd {
    /// In words.
    pub fn text(&self) -> String {
        let (before, now) = self.timestamps;
        let step = i64::from(now.wrapping_sub(before) as i32);
        let passed = short_time(self.passed);
        match step < 0 {
            true => format!("the timestamp runs backwards: {before} -> {now} ms, {passed} later"),
            false => format!("the timestamp jumps: {before} -> {now} ms, only {passed} later"),
        }
    }
}

/// The next odd message after a row, or the last one before it, of one session or of all; going round at the end.
pub fn find(index: &Index, session: Option<u32>, from: u32, backwards: bool) -> Option<Odd> {
    let mut last: HashMap<Lane, (Time, u32), foldhash::fast::RandomState> = HashMap::default();
    let (mut first, mut before, mut latest) = (None, None, None);
    let mut look = |row: u32| {
        let entry = index.entry(row)?;
        let lane = index.lane(entry);
        let timestamp = entry.timestamp().filter(|_| lane.kind().is_media() && !entry.is_configuration())?;
        let (time, was) = last.insert(lane, (entry.time, timestamp))?;
        let step = i64::from(timestamp.wrapping_sub(was) as i32);
        let passed = entry.time.since(time);
        // What waits behind a slow network comes all at once: late is no jump, early is.
        let jumps = step < 0 || step - passed.0 / 1_000_000 > SLACK;
        jumps.then_some(Odd { row, timestamps: (was, timestamp), passed })
    };
    let mut take = |row: u32| {
        let Some(odd) = look(row) else { return false };
        first = first.or(Some(odd));
        latest = Some(odd);
        if row < from {
            before = Some(odd);
        }
        !backwards && row > from
    };
    let stopped = match session {
        Some(session) => index.rows_of(session).iter().any(|row| take(*row)),
        None => (0..index.messages() as u32).any(take),
    };
    match (stopped, backwards) {
        (true, _) => latest,
        (false, true) => before.or(latest),
        (false, false) => first,
    }
}
