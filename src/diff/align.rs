//! Which item of a lane is which item of another: the alignment that keeps most of both, in order.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};

use super::canonical::Item;
use crate::wire::value::Amf;

/// A step through two lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The two items are the same, or one became the other.
    Both(usize, usize),
    /// The first lane only.
    OnlyA(usize),
    /// The second lane only.
    OnlyB(usize),
}

/// What two items have to have in common: the same name at least, better the same body too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    what: u64,
    /// The status code, for messages that carry one.
    code: u64,
    whole: u64,
}

/// Largest table of an exact alignment; longer lanes are cut at items that are unique in both.
const MOST_CELLS: usize = 1 << 22;

/// Aligns two lanes. The result is the same, mirrored, when they change places. What a reply answers is not known where
/// something was lost.
pub(super) fn align(a: &[Item], b: &[Item], lossy: bool) -> Vec<Step> {
    let (a, b) = (keys(a, lossy), keys(b, lossy));
    // Of several best alignments one is taken; which one must not depend on who comes first.
    let swapped = a > b;
    let mut steps = Vec::new();
    if swapped {
        between(&b, &a, (0, 0), &mut steps)
    } else {
        between(&a, &b, (0, 0), &mut steps)
    }
    if swapped {
        for step in &mut steps {
            *step = match *step {
                Step::Both(i, j) => Step::Both(j, i),
                Step::OnlyA(i) => Step::OnlyB(i),
                Step::OnlyB(j) => Step::OnlyA(j),
            };
        }
    }
    steps
}

/// The name of an item without the call that it answers.
pub(super) fn base_name(what: &str) -> &str {
    what.split('(').next().unwrap_or(what)
}

fn keys(items: &[Item], lossy: bool) -> Vec<Key> {
    let state = foldhash::fast::FixedState::default();
    items
        .iter()
        .map(|item| {
            let what: &str = if lossy { base_name(&item.what) } else { &item.what };
            Key { what: state.hash_one(what), code: state.hash_one(code(item)), whole: item_print(item) }
        })
        .collect()
}

/// The status code of an item that carries one.
pub(super) fn code(item: &Item) -> Option<&str> {
    item.body.iter().find_map(|(_, value)| value.member("code")).and_then(Amf::as_str)
}

/// What an item is and says, as a number that is the same in every run.
pub(super) fn item_print(item: &Item) -> u64 {
    let mut whole = foldhash::fast::FixedState::default().build_hasher();
    item.what.hash(&mut whole);
    item.body.len().hash(&mut whole);
    for (name, value) in &item.body {
        name.hash(&mut whole);
        hash(value, &mut whole);
    }
    whole.finish()
}

/// The same for a value.
pub(super) fn print_of(value: &Amf) -> u64 {
    let mut whole = foldhash::fast::FixedState::default().build_hasher();
    hash(value, &mut whole);
    whole.finish()
}

fn hash(value: &Amf, state: &mut impl Hasher) {
    match value {
        Amf::Number(n) => n.to_bits().hash(state),
        Amf::Boolean(b) => b.hash(state),
        Amf::String(text) => text.hash(state),
        Amf::Object(members) => members.iter().for_each(|(name, value)| {
            name.hash(state);
            hash(value, state);
        }),
        Amf::Array(items) => items.iter().for_each(|item| hash(item, state)),
        _ => 0u8.hash(state),
    }
}

fn between(mut a: &[Key], mut b: &[Key], mut at: (usize, usize), steps: &mut Vec<Step>) {
    while let ([first, rest_a @ ..], [other, rest_b @ ..]) = (a, b)
        && first == other
    {
        steps.push(Step::Both(at.0, at.1));
        (a, b, at) = (rest_a, rest_b, (at.0 + 1, at.1 + 1));
    }
    let mut tail = 0;
    while let ([rest_a @ .., last], [rest_b @ .., other]) = (a, b)
        && last == other
    {
        (a, b, tail) = (rest_a, rest_b, tail + 1);
    }
    if a.len().saturating_mul(b.len()) <= MOST_CELLS {
        exact(a, b, at, steps);
    } else {
        anchored(a, b, at, steps);
    }
    let end = (at.0 + a.len(), at.1 + b.len());
    steps.extend((0..tail).map(|n| Step::Both(end.0 + n, end.1 + n)));
}

/// How much it is worth to take two items for the same.
fn worth(a: &Key, b: &Key) -> u32 {
    match (a.whole == b.whole, a.what == b.what, a.code == b.code) {
        (true, ..) => 4,
        (false, true, true) => 3,
        (false, true, false) => 2,
        (false, false, _) => 0,
    }
}

/// The best alignment, by the table of the best ones of all ends.
fn exact(a: &[Key], b: &[Key], at: (usize, usize), steps: &mut Vec<Step>) {
    let width = b.len() + 1;
    let mut best = vec![0u32; (a.len() + 1) * width];
    let cell = |best: &[u32], i: usize, j: usize| best.get(i * width + j).copied().unwrap_or_default();
    for (i, x) in a.iter().enumerate().rev() {
        for (j, y) in b.iter().enumerate().rev() {
            let worth = worth(x, y);
            let skip = cell(&best, i + 1, j).max(cell(&best, i, j + 1));
            let both = if worth > 0 { worth + cell(&best, i + 1, j + 1) } else { 0 };
            if let Some(place) = best.get_mut(i * width + j) {
                *place = skip.max(both);
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        let here = cell(&best, i, j);
        let worth = worth(x, y);
        if worth > 0 && here == worth + cell(&best, i + 1, j + 1) {
            steps.push(Step::Both(at.0 + i, at.1 + j));
            (i, j) = (i + 1, j + 1);
        } else if here == cell(&best, i + 1, j) {
            steps.push(Step::OnlyA(at.0 + i));
            i += 1;
        } else {
            steps.push(Step::OnlyB(at.1 + j));
            j += 1;
        }
    }
    steps.extend((i..a.len()).map(|i| Step::OnlyA(at.0 + i)));
    steps.extend((j..b.len()).map(|j| Step::OnlyB(at.1 + j)));
}

/// Cuts long lanes at items that each side has once (patience); without any, items are taken in pairs as they come.
fn anchored(a: &[Key], b: &[Key], at: (usize, usize), steps: &mut Vec<Step>) {
    let anchors = anchors(a, b);
    if anchors.is_empty() {
        let same = a.iter().zip(b).take_while(|(x, y)| x.what == y.what).count();
        steps.extend((0..same).map(|n| Step::Both(at.0 + n, at.1 + n)));
        steps.extend((same..a.len()).map(|i| Step::OnlyA(at.0 + i)));
        steps.extend((same..b.len()).map(|j| Step::OnlyB(at.1 + j)));
        return;
    }
    let (mut i, mut j) = (0, 0);
    for (next_i, next_j) in anchors.into_iter().chain([(a.len(), b.len())]) {
        let part = |keys: &'_ [Key], from: usize, to: usize| keys.get(from..to).unwrap_or_default().to_vec();
        between(&part(a, i, next_i), &part(b, j, next_j), (at.0 + i, at.1 + j), steps);
        if next_i < a.len() && next_j < b.len() {
            steps.push(Step::Both(at.0 + next_i, at.1 + next_j));
        }
        (i, j) = (next_i + 1, next_j + 1);
    }
}

/// The longest run of pairs of unique items that keeps the order of both sides.
fn anchors(a: &[Key], b: &[Key]) -> Vec<(usize, usize)> {
    fn once(keys: &[Key]) -> HashMap<u64, Option<usize>> {
        let mut places = HashMap::new();
        for (n, key) in keys.iter().enumerate() {
            places.entry(key.whole).and_modify(|place| *place = None).or_insert(Some(n));
        }
        places
    }
    let (in_a, in_b) = (once(a), once(b));
    let place = |places: &HashMap<u64, Option<usize>>, key: &Key| places.get(&key.whole).copied().flatten();
    let pairs: Vec<(usize, usize)> =
        a.iter().filter_map(|key| Some((place(&in_a, key)?, place(&in_b, key)?))).collect();
    // Patience: each pile's top is the smallest end of a run of its length.
    let mut tops: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::new();
    let b_of = |n: usize| pairs.get(n).map_or(0, |pair| pair.1);
    for (n, (_, j)) in pairs.iter().enumerate() {
        let pile = tops.partition_point(|top| b_of(*top) < *j);
        before.push(pile.checked_sub(1).and_then(|pile| tops.get(pile).copied()));
        match tops.get_mut(pile) {
            Some(top) => *top = n,
            None => tops.push(n),
        }
    }
    let mut run = Vec::new();
    let mut next = tops.last().copied();
    while let Some(n) = next {
        run.extend(pairs.get(n));
        next = before.get(n).copied().flatten();
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(names: &str) -> Vec<Item> {
        names
            .split_whitespace()
            .map(|name| {
                let (what, value) = name.split_once('=').unwrap_or((name, "0"));
                let body = vec![("v".into(), Amf::String(value.into()))];
                Item { what: what.into(), body, times: 1, ..Item::default() }
            })
            .collect()
    }

    fn shown(a: &str, b: &str) -> String {
        let (a, b) = (items(a), items(b));
        let name = |items: &[Item], n: usize| items[n].what.to_string();
        let steps = align(&a, &b, false).into_iter().map(|step| match step {
            Step::Both(i, j) if a[i] == b[j] => name(&a, i),
            Step::Both(i, _) => format!("{}~", name(&a, i)),
            Step::OnlyA(i) => format!("-{}", name(&a, i)),
            Step::OnlyB(j) => format!("+{}", name(&b, j)),
        });
        steps.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_missing_or_changed_is_found() {
        assert_eq!(shown("a b c", "a b c"), "a b c");
        assert_eq!(shown("a b c", "a c"), "a -b c");
        assert_eq!(shown("a c", "a b c"), "a +b c");
        assert_eq!(shown("a b=1 c", "a b=2 c"), "a b~ c");
        assert_eq!(shown("s=1 s=2", "s=2"), "-s s");
        assert_eq!(shown("", "a"), "+a");
        assert_eq!(shown("a b", "b a").matches(['+', '-']).count(), 2);
    }

    #[test]
    fn long_lanes_are_cut_at_unique_items() {
        let long = |skip: usize| {
            let names: Vec<String> = (0..6000).filter(|n| *n != skip).map(|n| format!("x={}", n % 1000)).collect();
            items(&names.join(" "))
        };
        let (mut a, mut b) = (long(17), long(4000));
        for (n, item) in items("left middle right").into_iter().enumerate() {
            a.insert(n * 2500, item.clone());
            b.insert(n * 2400, item);
        }
        let steps = align(&a, &b, false);
        let both: Vec<(usize, usize)> =
            steps.iter().filter_map(|s| if let Step::Both(i, j) = s { Some((*i, *j)) } else { None }).collect();
        for unique in [(0, 0), (2500, 2400), (5000, 4800)] {
            let place = both.partition_point(|pair| pair.0 < unique.0);
            assert_eq!(both[place], unique, "{:?}", &both[place.saturating_sub(3)..place + 3]);
        }
        assert!(both.is_sorted() && both.len() > 5700, "{}", both.len());
        assert_eq!(steps.len(), a.len() + b.len() - both.len(), "each item once");
    }
}
