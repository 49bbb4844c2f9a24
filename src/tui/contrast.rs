//! Two sessions side by side: what the comparison of sessions says of them, each difference with its values below.

use std::collections::BTreeSet;

use super::cursor::Cursor;
use crate::diff::{Detail, Difference, Place, Report, Topic, lane_words, shown, words};

/// Two sessions, and what differs between them once the capture was read for it.
#[derive(Debug)]
pub struct Contrast {
    /// The sessions.
    pub sessions: [u32; 2],
    /// The selected row.
    pub cursor: Cursor,
    /// Nothing while the capture is read; then what was found, or why nothing can be.
    found: Option<Result<Box<Report>, String>>,
    /// Differences whose values are not shown, by number.
    closed: BTreeSet<usize>,
    rows: Vec<Line>,
}

/// A row of the comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// A difference in words: its number, whether its values are shown.
    Difference(usize, bool, String),
    /// A value that differs: where, what the first session says, what the second, and in which messages.
    Value(String, [String; 2], [Option<u64>; 2]),
    /// What is the same, or does not count.
    Remark(String),
}

impl Contrast {
    /// A comparison for which nothing was read yet.
    pub fn new(sessions: [u32; 2]) -> Contrast {
        Contrast { sessions, cursor: Cursor::default(), found: None, closed: BTreeSet::new(), rows: Vec::new() }
    }

    /// What was found.
    pub fn take(&mut self, found: Result<Box<Report>, String>) {
        self.found = Some(found);
        self.refresh();
    }

    /// The capture was read for it.
    pub fn is_complete(&self) -> bool {
        self.found.is_some()
    }

    /// Why nothing can be said.
    pub fn complaint(&self) -> Option<&str> {
        self.found.as_ref()?.as_ref().err().map(String::as_str)
    }

    /// How many differences there are.
    pub fn differences(&self) -> usize {
        self.report().map_or(0, |report| report.differences().count())
    }

    /// The rows on screen.
    pub fn rows(&self) -> &[Line] {
        &self.rows
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&Line> {
        self.rows.get(self.cursor.at)
    }

    /// Shows the values of the difference that is selected, or whose value is; or shows them no longer.
    pub fn fold(&mut self, close: bool) {
        let above = self.rows.get(..=self.cursor.at).unwrap_or_default().iter().enumerate().rev();
        let head = above.filter_map(|(at, row)| if let Line::Difference(n, ..) = row { Some((at, *n)) } else { None });
        let Some((at, number)) = head.take(1).next() else { return };
        if matches!(self.selected(), Some(Line::Remark(_))) {
            return;
        }
        match close {
            true => drop(self.closed.insert(number)),
            false => drop(self.closed.remove(&number)),
        }
        if close {
            self.cursor.at = at;
        }
        self.refresh();
    }

    fn report(&self) -> Option<&Report> {
        self.found.as_ref()?.as_ref().ok().map(|report| &**report)
    }

    fn refresh(&mut self) {
        let rows = self.report().map(|report| lines(report, &self.closed)).unwrap_or_default();
        self.rows = rows;
        self.cursor.at = self.cursor.at.min(self.rows.len().saturating_sub(1));
    }
}

fn lines(report: &Report, closed: &BTreeSet<usize>) -> Vec<Line> {
    let mut rows = Vec::new();
    let mut lanes_that_differ = Vec::new();
    for (n, (_, difference)) in report.differences().enumerate() {
        let open = !closed.contains(&n);
        rows.push(Line::Difference(n, open, words(difference)));
        let details = details(difference);
        lanes_that_differ.extend(details.iter().filter_map(|detail| detail.lane));
        if open {
            rows.extend(details.into_iter().map(value));
        }
    }
    if rows.is_empty() {
        rows.push(Line::Remark("no difference that counts".to_owned()));
    }
    for pair in &report.pairs {
        for lane in pair.lanes.iter().filter(|lane| lane.messages.0 > 0 && !lanes_that_differ.contains(&lane.name)) {
            let messages = if lane.messages.0 == 1 { "message" } else { "messages" };
            rows.push(Line::Remark(format!("same: {} ({} {messages})", lane_words(lane.name), lane.messages.0)));
        }
        let infos = pair.infos.iter().filter(|info| info.topic != Topic::NotCompared);
        rows.extend(infos.map(|info| Line::Remark(format!("does not count: {}", words(info)))));
    }
    if report.excused() > 0 {
        rows.push(Line::Remark(format!("{} messages were lost on one side and not compared", report.excused())));
    }
    rows
}

fn details(difference: &Difference) -> Vec<&Detail> {
    let below = difference.consequences.iter().flat_map(|consequence| &consequence.details);
    difference.details.iter().chain(below).collect()
}

fn value(detail: &Detail) -> Line {
    let path = detail.path.join(".");
    let name = match detail.lane {
        Some(lane) => format!("{}: {path}", lane_words(lane)),
        None => path,
    };
    let seq = |place: &Place| place.seq;
    let said = [shown(detail.a.as_ref()), shown(detail.b.as_ref())];
    Line::Value(name, said, [seq(&detail.at_a), seq(&detail.at_b)])
}
