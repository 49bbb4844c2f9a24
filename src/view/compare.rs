//! Two messages side by side: their trees aligned by name, so that members of AMF objects meet whatever their order.

use super::inspect::{Inspection, Target, TreeRow};
use crate::field::Kind;

/// A row of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// How deep it is.
    pub depth: u16,
    /// The name that both have, or that the one that is there has.
    pub name: String,
    /// What the first says; `None` when it has no such row.
    pub left: Option<String>,
    /// What the second says.
    pub right: Option<String>,
    /// Something differs here or below.
    pub differs: bool,
    /// Members that both have stand in another order.
    pub moved: bool,
}

/// Compares the bodies of two messages, and what is known of them besides.
pub fn compare(left: &Inspection, right: &Inspection, open: bool) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let (left, right) = (left.rows(open), right.rows(open));
    align(left, children(left, None), right, children(right, None), &mut pairs);
    pairs
}

/// The rows directly below a row, or at the top.
fn children(rows: &[TreeRow], parent: Option<usize>) -> Vec<usize> {
    let (mut at, end) = match parent {
        Some(parent) => (parent + 1, rows.get(parent).map_or(0, |row| row.end)),
        None => (0, rows.len()),
    };
    let mut found = Vec::new();
    while at < end {
        found.push(at);
        at = rows.get(at).map_or(end, |row| row.end.max(at + 1));
    }
    found
}

fn align(left: &[TreeRow], ours: Vec<usize>, right: &[TreeRow], theirs: Vec<usize>, pairs: &mut Vec<Pair>) {
    let name = |rows: &[TreeRow], at: usize| rows.get(at).map(|row| row.name.clone()).unwrap_or_default();
    let mut free = theirs;
    let mut last = 0;
    for at in ours.into_iter().filter(|at| counts(left, *at)) {
        let wanted = name(left, at);
        let place = free.iter().position(|other| name(right, *other) == wanted);
        let other = place.map(|place| free.remove(place));
        // One that stands before another that was met already has moved.
        let moved = other.is_some_and(|other| other < last);
        last = last.max(other.unwrap_or_default());
        pair(left, Some(at), right, other, moved, pairs);
    }
    for other in free.into_iter().filter(|at| counts(right, *at)) {
        pair(left, None, right, Some(other), false, pairs);
    }
}

fn pair(
    left: &[TreeRow],
    ours: Option<usize>,
    right: &[TreeRow],
    theirs: Option<usize>,
    moved: bool,
    pairs: &mut Vec<Pair>,
) {
    let (a, b) = (ours.and_then(|at| left.get(at)), theirs.and_then(|at| right.get(at)));
    let Some(named) = a.or(b) else { return };
    let at = pairs.len();
    let value = |row: Option<&TreeRow>| row.map(|row| row.value.clone());
    pairs.push(Pair {
        depth: named.depth,
        name: named.name.clone(),
        left: value(a),
        right: value(b),
        differs: a.map(|row| &row.value) != b.map(|row| &row.value) || moved,
        moved,
    });
    // A value that says it all in its own row needs no look at how it was written.
    let below = |rows: &[TreeRow], at: Option<usize>| {
        at.filter(|at| !says_it_all(rows, *at)).map(|at| children(rows, Some(at))).unwrap_or_default()
    };
    align(left, below(left, ours), right, below(right, theirs), pairs);
    // A group differs if anything in it does.
    let inside = pairs.get(at + 1..).unwrap_or_default().iter().any(|pair| pair.differs);
    if let Some(pair) = pairs.get_mut(at) {
        pair.differs |= inside;
    }
}

fn says_it_all(rows: &[TreeRow], at: usize) -> bool {
    let Some(row) = rows.get(at) else { return false };
    let inside = rows.get(at + 1..row.end).unwrap_or_default();
    !row.value.is_empty() && inside.iter().all(|below| below.kind == Kind::Leaf)
}

/// How a value was written is of no interest where the value itself is compared, and how it travelled is another matter.
fn counts(rows: &[TreeRow], at: usize) -> bool {
    let Some(row) = rows.get(at) else { return false };
    let written = matches!(row.name.as_str(), "marker" | "name_length" | "name" | "object_end");
    let travelled = matches!(row.name.as_str(), "captured" | "took" | "stream bytes" | "packets" | "carried by");
    !(written || travelled && row.target == Target::Nothing)
}
