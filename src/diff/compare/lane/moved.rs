//! Messages that both sides have, in another place.

use super::{Detail, Gathered, LaneName, Place, Topic};
use crate::diff::align::{Step, code};
use crate::diff::canonical::{Item, Lane};
use crate::wire::value::Amf;

/// An item that stands on the other side of one that kept its place.
pub(super) struct Moved<'a> {
    pub(super) a: usize,
    pub(super) b: usize,
    over: &'a Item,
    /// It stood before that in the first lane.
    before: bool,
}

/// Of the items that an alignment left alone, those that are the same by name and code, in the order of the lane.
pub(super) fn moved<'a>(steps: &[Step], a: &'a Lane, b: &Lane) -> Vec<Moved<'a>> {
    let mut left: Vec<usize> =
        steps.iter().filter_map(|step| if let Step::OnlyB(j) = step { Some(*j) } else { None }).collect();
    let mut moved = Vec::new();
    for step in steps {
        let Step::OnlyA(i) = *step else { continue };
        let Some(x) = a.items.get(i) else { continue };
        let same = |y: &Item| x.what == y.what && code(x) == code(y);
        let Some(n) = left.iter().position(|j| b.items.get(*j).is_some_and(same)) else { continue };
        let j = left.remove(n);
        if let Some((over, before)) = crossed(steps, a, (i, j)) {
            moved.push(Moved { a: i, b: j, over, before });
        }
    }
    moved
}

/// The nearest item that kept its place and that the pair went past; whether the pair stood before it.
fn crossed<'a>(steps: &[Step], a: &'a Lane, (i, j): (usize, usize)) -> Option<(&'a Item, bool)> {
    let kept = steps.iter().filter_map(|step| if let Step::Both(p, q) = step { Some((*p, *q)) } else { None });
    let past = kept.filter(|(p, q)| (i < *p) != (j < *q));
    let (p, _) = past.min_by_key(|(p, q)| p.abs_diff(i) + q.abs_diff(j))?;
    Some((a.items.get(p)?, i < p))
}

impl Gathered<'_> {
    /// Says that an item moved, and what else differs in it.
    pub(super) fn moved(&mut self, name: LaneName, moved: &Moved<'_>, a: &Item, b: &Item) {
        let place = |before: bool| {
            let side = if before { "before" } else { "after" };
            Some(Amf::String(format!("{side} {}", moved.over.what).into()))
        };
        let at = |item: &Item| Place { seq: item.seq, line: item.line };
        let detail = Detail {
            lane: Some(name),
            path: vec![a.what.clone()],
            a: place(moved.before),
            b: place(!moved.before),
            at_a: at(a),
            at_b: at(b),
        };
        if !self.ignores(&detail) {
            self.details.push((Topic::Order, detail));
        }
        self.items(name, a, b);
    }
}
