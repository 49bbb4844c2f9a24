//! Two lanes side by side: what differs in their items and measures.

use std::collections::BTreeSet;

use super::topic::Topic;
use super::{Compared, Detail, Place};
use crate::diff::align::{Step, align, base_name};
use crate::diff::canonical::{Item, Lane, LaneName, Role, Session};
use crate::diff::rules::{Bound, Rules};
use crate::stream::Direction;
use crate::wire::value::Amf;

mod measure;
mod moved;
mod order;
mod settle;

/// Values that differ, each with what it is about.
pub(super) type Found = Vec<(Topic, Detail)>;

/// Gathers what differs between two sessions.
pub(super) struct Gathered<'a> {
    rules: &'a Rules,
    a: &'a Session,
    b: &'a Session,
    /// Something of a side is missing, so numbers by first use may have moved.
    lossy: bool,
    /// Another order of keys is a difference.
    ordered: bool,
    details: Found,
    infos: Found,
    lanes: Vec<Compared>,
}

/// A lane that a side does not have, or of which all was lost.
fn empty(name: LaneName, session: &Session) -> Lane {
    let lost = session.lanes.iter().any(|lane| lane.name.dir == name.dir && lane.gaps);
    Lane { name, items: Vec::new(), gap_after: lost, gaps: lost, measures: Vec::new(), line: 0 }
}

impl<'a> Gathered<'a> {
    pub(super) fn new(a: &'a Session, b: &'a Session, rules: &'a Rules, ordered: bool) -> Self {
        let lossy = is_lossy(a) || is_lossy(b);
        Gathered { rules, a, b, lossy, ordered, details: Vec::new(), infos: Vec::new(), lanes: Vec::new() }
    }

    /// What differs, what does not count, and how much of each lane was compared.
    pub(super) fn finish(self) -> (Found, Found, Vec<Compared>) {
        (self.details, self.infos, self.lanes)
    }

    /// What the sessions are, and their start-up times.
    pub(super) fn session(&mut self, a: &Session, b: &Session) {
        let text = |text: &str| Some(Amf::String(text.into()));
        let place = |session: &Session| Place { seq: None, line: session.line };
        let mut put = |topic, path: &[&str], x: Option<Amf>, y: Option<Amf>| {
            let path = path.iter().map(|name| (*name).into()).collect();
            let detail = Detail { lane: None, path, a: x, b: y, at_a: place(a), at_b: place(b) };
            self.details.push((topic, detail));
        };
        if a.role != b.role && !self.lossy {
            put(Topic::Purpose, &["session", "role"], text(a.role.name()), text(b.role.name()));
        }
        if self.lossy {
            return;
        }
        for x in &a.startup {
            let Some(y) = b.startup.iter().find(|y| y.name == x.name) else { continue };
            let bound = self.rules.bound("", &["startup", &x.name]);
            if let (Amf::Number(m), Amf::Number(n)) = (&x.value, &y.value)
                && !bound.holds(*m, *n)
            {
                put(Topic::Startup, &["startup", &x.name], Some(x.value.clone()), Some(y.value.clone()));
            }
        }
    }

    pub(super) fn lane(&mut self, name: LaneName, a: Option<&Lane>, b: Option<&Lane>) {
        let nothing = [empty(name, self.a), empty(name, self.b)];
        if name.kind.is_media()
            && let (Some(lane), None) | (None, Some(lane)) = (a, b)
        {
            return self.missing(name, lane, a.is_some());
        }
        let [none_of_a, none_of_b] = &nothing;
        let (a, b) = (a.unwrap_or(none_of_a), b.unwrap_or(none_of_b));
        let mut compared = Compared { name, messages: (messages(a), messages(b)), excused: 0 };
        let times = |lane: &Lane| match measure::find(lane, "item_ms") {
            Some(Amf::Array(times)) => times.iter().filter_map(Amf::as_number).collect(),
            _ => Vec::new(),
        };
        let (times_a, times_b): (Vec<f64>, Vec<f64>) = (times(a), times(b));
        let before = self.details.len();
        let (mut next_a, mut next_b) = (0, 0);
        let steps = align(&a.items, &b.items, self.lossy);
        let moved = if self.lossy || name.kind.is_media() { Vec::new() } else { moved::moved(&steps, a, b) };
        for step in steps {
            match step {
                Step::OnlyA(i) if moved.iter().any(|moved| moved.a == i) => next_a = i + 1,
                Step::OnlyB(j) if moved.iter().any(|moved| moved.b == j) => next_b = j + 1,
                Step::Both(i, j) => {
                    (next_a, next_b) = (i + 1, j + 1);
                    if let (Some(x), Some(y)) = (a.items.get(i), b.items.get(j)) {
                        self.items(name, x, y);
                        let at = |times: &[f64], n: usize| times.get(n).copied().unwrap_or_default();
                        self.timestamps(name, x, y, at(&times_a, i), at(&times_b, j));
                    }
                }
                Step::OnlyA(i) => {
                    next_a = i + 1;
                    let excused = self.only(a, a.items.get(i), true, lost(b, self.b, next_b));
                    compared.excused = compared.excused.saturating_add(excused);
                }
                Step::OnlyB(j) => {
                    next_b = j + 1;
                    let excused = self.only(b, b.items.get(j), false, lost(a, self.a, next_a));
                    compared.excused = compared.excused.saturating_add(excused);
                }
            }
        }
        for moved in &moved {
            if let (Some(x), Some(y)) = (a.items.get(moved.a), b.items.get(moved.b)) {
                self.moved(name, moved, x, y);
            }
        }
        let found = self.details.split_off(before);
        self.details.extend(settle::settle(found, a, b));
        self.measures(a, b);
        self.lanes.push(compared);
    }

    /// A whole lane that one side does not have.
    fn missing(&mut self, name: LaneName, lane: &Lane, is_a: bool) {
        let other = if is_a { self.b } else { self.a };
        let in_dir = other.lanes.iter().filter(|other| other.name.dir == name.dir);
        let lossy =
            other.late || other.unfinished || !other.hears(name.dir) || in_dir.into_iter().any(|other| other.gaps);
        let count = messages(lane);
        let value = measure::lane_value(lane, count);
        let place = Place { seq: lane.items.first().and_then(|item| item.seq), line: lane.line };
        let mut compared = Compared { name, messages: (0, 0), excused: 0 };
        if is_a {
            compared.messages.0 = count
        } else {
            compared.messages.1 = count
        }
        let detail = one_sided(name, "lane", value, is_a, place);
        if self.ignores(&detail) {
        } else if lossy {
            compared.excused = count;
            self.infos.push((Topic::NotCompared, detail));
        } else {
            self.details.push((Topic::Lane, detail));
        }
        self.lanes.push(compared);
    }

    /// An item that one side does not have. Returns how many messages are excused by a loss.
    fn only(&mut self, lane: &Lane, item: Option<&Item>, is_a: bool, lost: bool) -> u64 {
        let Some(item) = item else { return 0 };
        let name = lane.name;
        let value = Amf::Object(item.body.clone());
        let place = Place { seq: item.seq, line: item.line };
        let detail = one_sided(name, &item.what, value, is_a, place);
        if self.ignores(&detail) {
            return 0;
        }
        // A handshake of which bytes are missing is not told. Behind a loss, what was found again may be no message at all.
        let torn = self.lossy && item.what.starts_with("handshake ");
        if lost || torn || name.kind.is_media() && lane.gaps {
            self.infos.push((Topic::NotCompared, detail));
            return item.times;
        }
        self.details.push((Topic::Presence, detail));
        0
    }

    fn ignores(&self, detail: &Detail) -> bool {
        self.bound(detail.lane, &detail.path) == Bound::Ignore
    }

    fn bound(&self, lane: Option<LaneName>, path: &[Box<str>]) -> Bound {
        let dir = lane.map_or("", |lane| lane.dir.name());
        let kind = lane.map_or("session", |lane| lane.kind.name());
        // `@setDataFrame onMetaData` is ruled as onMetaData, `handshake c0c1` as it is.
        let first = path.first().map(|what| what.strip_prefix("@setDataFrame ").unwrap_or(what));
        let names: Vec<&str> =
            std::iter::once(kind).chain(first).chain(path.iter().skip(1).map(|name| &**name)).collect();
        self.rules.bound(dir, &names)
    }

    /// Two items that are the same, or became another.
    fn items(&mut self, name: LaneName, a: &Item, b: &Item) {
        let at = (Place { seq: a.seq, line: a.line }, Place { seq: b.seq, line: b.line });
        if a.what != b.what && base_name(&a.what) == base_name(&b.what) {
            return;
        }
        let before = self.details.len();
        if a.body != b.body {
            self.members(name, &[&a.what], &a.body, &b.body, at);
        }
        if self.ordered {
            let object = |item: &Item| Amf::Object(item.body.clone());
            self.order(name, &mut vec![a.what.clone()], &object(a), &object(b), at);
        }
        if &*a.what == "configuration" {
            // The fields tell what length and hash only hint at.
            let is_hint = |detail: &Detail| {
                matches!(detail.path.last().map(|name| &**name), Some("hash" | "length")) && detail.path.len() == 2
            };
            let tells = self.details.iter().skip(before).any(|(_, detail)| !is_hint(detail));
            let mut n = 0;
            self.details.retain(|(_, detail)| {
                n += 1;
                n <= before || !tells || !is_hint(detail)
            });
        }
        if !self.often(a.times, b.times) && !self.lossy {
            let path = [&*a.what, "times"].map(Into::into).to_vec();
            let count = |item: &Item| Some(Amf::Number(item.times as f64));
            let detail = Detail { lane: Some(name), path, a: count(a), b: count(b), at_a: at.0, at_b: at.1 };
            if !self.ignores(&detail) {
                self.details.push((Topic::Times, detail));
            }
        }
        if !self.ordered && self.details.len() == before && a.order.is_some() && b.order.is_some() && a.order != b.order
        {
            let path = vec![a.what.clone()];
            let detail = Detail { lane: Some(name), path, a: None, b: None, at_a: at.0, at_b: at.1 };
            self.infos.push((Topic::KeyOrder, detail));
        }
    }

    fn members(
        &mut self,
        lane: LaneName,
        path: &[&str],
        a: &[(Box<str>, Amf)],
        b: &[(Box<str>, Amf)],
        at: (Place, Place),
    ) {
        let names: BTreeSet<&str> = a.iter().chain(b).map(|(name, _)| &**name).collect();
        let find = |members: &'_ [(Box<str>, Amf)], name: &str| {
            members.iter().find(|(other, _)| &**other == name).map(|(_, value)| value.clone())
        };
        for name in names {
            let mut path = path.to_vec();
            // The fields of a configuration stand under its name directly.
            if !(path == ["configuration"] && name == "fields") {
                path.push(name);
            }
            match (find(a, name), find(b, name)) {
                (Some(Amf::Object(a)), Some(Amf::Object(b))) => self.members(lane, &path, &a, &b, at),
                (Some(Amf::Array(a)), Some(Amf::Array(b))) => self.array(lane, &path, &a, &b, at),
                (x, y) => self.leaf(lane, &path, x, y, at),
            }
        }
    }

    fn array(&mut self, lane: LaneName, path: &[&str], a: &[Amf], b: &[Amf], at: (Place, Place)) {
        let named = |items: &[Amf]| -> Vec<(Box<str>, Amf)> {
            items.iter().enumerate().map(|(n, item)| (n.to_string().into(), item.clone())).collect()
        };
        self.members(lane, path, &named(a), &named(b), at);
    }

    fn leaf(&mut self, lane: LaneName, path: &[&str], a: Option<Amf>, b: Option<Amf>, at: (Place, Place)) {
        if a == b || self.unknown(path, a.as_ref(), b.as_ref()) {
            return;
        }
        let topic = Topic::of(lane.kind, path);
        let path: Vec<Box<str>> = path.iter().map(|name| (*name).into()).collect();
        let holds = match (self.bound(Some(lane), &path), &a, &b) {
            (Bound::Ignore, ..) => true,
            (bound, Some(Amf::Number(x)), Some(Amf::Number(y))) => bound.holds(*x, *y),
            _ => false,
        };
        if !holds {
            self.details.push((topic, Detail { lane: Some(lane), path, a, b, at_a: at.0, at_b: at.1 }));
        }
    }

    /// Is nothing known of the value on one side?
    fn unknown(&self, path: &[&str], a: Option<&Amf>, b: Option<&Amf>) -> bool {
        match (path, a, b) {
            // Exports say as much of a configuration as they were asked to.
            (["configuration"], Some(Amf::Object(_)), None) | (["configuration"], None, Some(Amf::Object(_))) => true,
            // An echo cannot be judged where the packet that it echoes was not captured before it.
            ([_, "echo"], None, _) | ([_, "echo"], _, None) => {
                path.first().is_some_and(|what| what.starts_with("handshake"))
            }
            (["configuration", "hash"], None, _) | (["configuration", "hash"], _, None) => true,
            // What a reply answers, its stream and numbers by first use are not known where something was lost.
            ([_, "stream" | "call", ..], ..) if self.lossy => true,
            (_, Some(Amf::String(a)), Some(Amf::String(b))) if self.lossy => unnumbered(a) == unnumbered(b),
            _ => false,
        }
    }

    /// Does something come about as often on both sides? What comes again and again depends on how long the session is.
    fn often(&self, a: u64, b: u64) -> bool {
        let bound = if a.min(b) > 2 { Bound::Within { absolute: 1.0, relative: 0.1 } } else { Bound::Exact };
        bound.holds(a as f64, b as f64)
    }

    fn timestamps(&mut self, lane: LaneName, x: &Item, y: &Item, a: f64, b: f64) {
        let bound = self.bound(Some(lane), &["item_ms".into()]);
        if self.lossy || bound.holds(a, b) {
            return;
        }
        let path = [&*x.what, "timestamp"].map(Into::into).to_vec();
        let at = |item: &Item| Place { seq: item.seq, line: item.line };
        let detail = Detail {
            lane: Some(lane),
            path,
            a: Some(Amf::Number(a)),
            b: Some(Amf::Number(b)),
            at_a: at(x),
            at_b: at(y),
        };
        self.details.push((Topic::Timing, detail));
    }

    fn measures(&mut self, a: &Lane, b: &Lane) {
        let state = measure::State {
            gaps: a.gaps || b.gaps,
            lossy: self.lossy,
            cut: self.a.late || self.b.late || self.a.unfinished || self.b.unfinished,
            playing: [self.a, self.b].iter().any(|side| matches!(side.role, Role::Play | Role::Both))
                && a.name.dir.index() == 1,
        };
        let names: BTreeSet<&str> = a.measures.iter().chain(&b.measures).map(|m| &*m.name).collect();
        for name in names.into_iter().filter(|name| *name != "item_ms") {
            let path: Vec<Box<str>> = vec![name.into()];
            let bound = match state.playing {
                true => self.rules.bound_of_window(a.name.dir.name(), &[a.name.kind.name(), name]),
                false => self.bound(Some(a.name), &path),
            };
            let Some((x, y)) = measure::differ(name, a, b, bound, state) else { continue };
            let topic = Topic::of(a.name.kind, &[name]);
            let at = |lane: &Lane| Place { seq: None, line: lane.line };
            self.details.push((topic, Detail { lane: Some(a.name), path, a: x, b: y, at_a: at(a), at_b: at(b) }));
        }
    }
}

/// Messages of a lane. A golden file may say any number.
fn messages(lane: &Lane) -> u64 {
    let frames = measure::find(lane, "frames").and_then(Amf::as_number).unwrap_or_default();
    lane.items.iter().fold(frames as u64, |sum, item| sum.saturating_add(item.times))
}

/// Is something of a session missing?
fn is_lossy(session: &Session) -> bool {
    let deaf = Direction::BOTH.into_iter().any(|dir| !session.hears(dir));
    session.late || deaf || session.lanes.iter().any(|lane| lane.gaps)
}

/// May messages in front of this item have been lost?
fn lost(lane: &Lane, session: &Session, next: usize) -> bool {
    if !session.hears(lane.name.dir) || session.late && lane.name.kind.is_media() {
        return true;
    }
    match lane.items.get(next) {
        Some(item) => item.after_gap || next == 0 && session.late,
        None => lane.gap_after || session.unfinished || next == 0 && session.late,
    }
}

fn one_sided(name: LaneName, what: &str, value: Amf, is_a: bool, place: Place) -> Detail {
    let (a, b) = if is_a { (Some(value), None) } else { (None, Some(value)) };
    let (at_a, at_b) = if is_a { (place, Place::default()) } else { (Place::default(), place) };
    Detail { lane: Some(name), path: vec![what.into()], a, b, at_a, at_b }
}

/// A text whose stand-ins have no numbers.
fn unnumbered(text: &str) -> String {
    let mut parts = text.split("****");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("****");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}
