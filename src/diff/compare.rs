//! Two canonical forms to what differs, as plain data.

use super::canonical::{Canonical, LaneName, Role, Session};
use super::rules::Rules;
use crate::wire::value::Amf;

mod fold;
mod lane;
mod pairing;
mod topic;

pub use topic::Topic;

/// What two recordings have in common, and what not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Sessions of both sides, paired; those that only one side has stand at the end.
    pub pairs: Vec<Pair>,
}

/// A session of each side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pair {
    /// The number of the first side's.
    pub a: Option<u32>,
    /// The number of the second side's.
    pub b: Option<u32>,
    /// What it is on the first side, and on the second: `publish live`.
    pub titles: (String, String),
    /// What differs, the most telling first; each with what follows from it.
    pub differences: Vec<Difference>,
    /// Differences that do not count, such as another order of keys.
    pub infos: Vec<Difference>,
    /// Lanes, and how much of each was compared.
    pub lanes: Vec<Compared>,
}

/// How much of a lane was compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Which lane.
    pub name: LaneName,
    /// Messages of either side.
    pub messages: (u64, u64),
    /// Messages that one side has and the other one lost, or may have: nothing can be said of them.
    pub excused: u64,
}

/// Something that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What it is about.
    pub topic: Topic,
    /// Where; none for a session as a whole.
    pub lane: Option<LaneName>,
    /// What makes it up.
    pub details: Vec<Detail>,
    /// What follows from it.
    pub consequences: Vec<Difference>,
}

/// One value that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// Where.
    pub lane: Option<LaneName>,
    /// Names that lead to it, the item or measure first.
    pub path: Vec<Box<str>>,
    /// The first side's; none where it has none.
    pub a: Option<Amf>,
    /// The second side's.
    pub b: Option<Amf>,
    /// Where the first side says so.
    pub at_a: Place,
    /// Where the second side says so.
    pub at_b: Place,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The message in its session.
    pub seq: Option<u64>,
    /// The line of a golden file, 0 for none.
    pub line: u32,
}

impl Report {
    /// Does nothing differ?
    pub fn is_same(&self) -> bool {
        self.pairs.iter().all(|pair| pair.differences.is_empty())
    }

    /// All differences.
    pub fn differences(&self) -> impl Iterator<Item = (&Pair, &Difference)> {
        self.pairs.iter().flat_map(|pair| pair.differences.iter().map(move |difference| (pair, difference)))
    }

    /// Messages of which nothing can be said because a side lost them.
    pub fn excused(&self) -> u64 {
        self.pairs.iter().flat_map(|pair| &pair.lanes).fold(0, |sum, lane| sum.saturating_add(lane.excused))
    }

    /// The report as if the sides had changed places.
    pub fn mirrored(mut self) -> Report {
        for pair in &mut self.pairs {
            std::mem::swap(&mut pair.a, &mut pair.b);
            std::mem::swap(&mut pair.titles.0, &mut pair.titles.1);
            pair.differences.iter_mut().chain(&mut pair.infos).for_each(Difference::mirror);
            pair.lanes.iter_mut().for_each(|lane| lane.messages = (lane.messages.1, lane.messages.0));
        }
        self.sort();
        self
    }

    /// Pairs first, in the order of their sessions.
    fn sort(&mut self) {
        self.pairs.sort_by_key(|pair| match (pair.a, pair.b) {
            (Some(a), Some(b)) => (0, a.min(b), a.max(b), a),
            (Some(a), None) => (1, a, 0, 0),
            (None, b) => (2, b.unwrap_or_default(), 0, 0),
        });
    }
}

impl Pair {
    /// What it is, in two or three words.
    pub fn title(&self) -> String {
        match (self.titles.0.as_str(), self.titles.1.as_str()) {
            (a, b) if a == b || b.is_empty() => a.to_owned(),
            ("", b) => b.to_owned(),
            (a, b) => format!("{a} -> {b}"),
        }
    }
}

impl Difference {
    fn mirror(&mut self) {
        for detail in &mut self.details {
            std::mem::swap(&mut detail.a, &mut detail.b);
            std::mem::swap(&mut detail.at_a, &mut detail.at_b);
        }
        self.consequences.iter_mut().for_each(Difference::mirror);
    }
}

/// Compares two recordings.
pub fn compare(a: &Canonical, b: &Canonical, rules: &Rules) -> Report {
    let pairs = pairing::pairs(&a.sessions, &b.sessions).into_iter().map(|pair| match pair {
        (Some(x), Some(y)) => both(x, y, rules, a.strict.amf_order && b.strict.amf_order),
        (Some(a), None) => alone(a, true),
        (None, Some(b)) => alone(b, false),
        (None, None) => Pair::default(),
    });
    let mut report = Report { pairs: pairs.collect() };
    report.sort();
    report
}

/// Compares two sessions that somebody chose, whatever they came for.
pub fn compare_sessions(a: &Session, b: &Session, rules: &Rules) -> Report {
    Report { pairs: vec![both(a, b, rules, false)] }
}

fn both(a: &Session, b: &Session, rules: &Rules, ordered: bool) -> Pair {
    let mut gathered = lane::Gathered::new(a, b, rules, ordered);
    gathered.session(a, b);
    let names: std::collections::BTreeSet<LaneName> = a.lanes.iter().chain(&b.lanes).map(|lane| lane.name).collect();
    for name in names {
        let find = |session: &'_ Session| session.lanes.iter().position(|lane| lane.name == name);
        let lane_a = find(a).and_then(|n| a.lanes.get(n));
        let lane_b = find(b).and_then(|n| b.lanes.get(n));
        gathered.lane(name, lane_a, lane_b);
    }
    let (details, infos, lanes) = gathered.finish();
    Pair {
        a: Some(a.number),
        b: Some(b.number),
        titles: (title(a), title(b)),
        differences: fold::fold(details),
        infos: infos.into_iter().map(|(topic, detail)| fold::single(topic, detail)).collect(),
        lanes,
    }
}

fn alone(session: &Session, is_a: bool) -> Pair {
    let value = Some(Amf::String(title(session).into()));
    let place = Place { seq: None, line: session.line };
    let (a, b) = if is_a { (value, None) } else { (None, value) };
    let (at_a, at_b) = if is_a { (place, Place::default()) } else { (Place::default(), place) };
    let detail = Detail { lane: None, path: vec!["session".into()], a, b, at_a, at_b };
    Pair {
        a: is_a.then_some(session.number),
        b: (!is_a).then_some(session.number),
        titles: if is_a { (title(session), String::new()) } else { (String::new(), title(session)) },
        differences: vec![fold::single(Topic::Session, detail)],
        ..Pair::default()
    }
}

/// What a session is, in two or three words.
fn title(session: &Session) -> String {
    let role = if session.role == Role::Other && session.app.is_none() { "session" } else { session.role.name() };
    [Some(role), session.app.as_deref(), session.stream.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
