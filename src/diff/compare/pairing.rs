//! Which session of one side is which of the other.

use crate::diff::align::{item_print, print_of};
use crate::diff::canonical::{LaneName, Role, Session};
use crate::stream::Direction;

type Paired<'a> = (Option<&'a Session>, Option<&'a Session>);

/// Pairs sessions by what they came for and carried; the order in which clients connect decides last. Sessions that have
/// no partner follow at the end.
pub(super) fn pairs<'a>(a: &'a [Session], b: &'a [Session]) -> Vec<Paired<'a>> {
    let mut candidates: Vec<(u32, usize, usize, usize)> = Vec::new();
    // Of very many sessions only neighbours are compared: the table grows with the square.
    let window = if a.len().saturating_mul(b.len()) > 1 << 20 { 64 } else { usize::MAX };
    let looks = |sessions: &'a [Session]| sessions.iter().map(Look::at).collect::<Vec<_>>();
    let (looks_a, looks_b) = (looks(a), looks(b));
    for (i, x) in looks_a.iter().enumerate() {
        for (j, y) in looks_b.iter().enumerate().filter(|(j, _)| i.abs_diff(*j) <= window) {
            if let Some(likeness) = x.likeness(y) {
                candidates.push((likeness, i.abs_diff(j), i, j));
            }
        }
    }
    // The same choice whoever comes first: ties are broken by what both sides see alike.
    candidates.sort_by_key(|&(likeness, apart, i, j)| (std::cmp::Reverse(likeness), apart, i + j, i.min(j)));
    let (mut of_a, mut of_b) = (vec![None; a.len()], vec![None; b.len()]);
    for (_, _, i, j) in candidates {
        if let (Some(x @ None), Some(y @ None)) = (of_a.get_mut(i), of_b.get_mut(j)) {
            (*x, *y) = (Some(j), Some(i));
        }
    }
    let both = a.iter().zip(&of_a).filter_map(|(x, j)| Some((Some(x), Some(b.get((*j)?)?))));
    let mut pairs: Vec<Paired<'a>> = both.collect();
    pairs.extend(a.iter().zip(&of_a).filter(|(_, j)| j.is_none()).map(|(x, _)| (Some(x), None)));
    pairs.extend(b.iter().zip(&of_b).filter(|(_, i)| i.is_none()).map(|(y, _)| (None, Some(y))));
    pairs
}

/// What tells a session from others, ready to be compared with very many.
struct Look<'a> {
    session: &'a Session,
    /// Nothing of what the client said is missing, so its role is certain.
    known: bool,
    lanes: Vec<LaneLook>,
}

struct LaneLook {
    name: LaneName,
    /// The sizes of its frames, in short.
    sizes: Option<u64>,
    /// Its first items.
    items: Vec<u64>,
}

impl<'a> Look<'a> {
    fn at(session: &'a Session) -> Look<'a> {
        let lanes = session.lanes.iter().map(|lane| {
            let sizes = lane.measures.iter().find(|measure| &*measure.name == "frame_bytes");
            LaneLook {
                name: lane.name,
                sizes: sizes.map(|measure| print_of(&measure.value)),
                items: lane.items.iter().take(8).map(item_print).collect(),
            }
        });
        // What it came for may be in what is missing.
        let lost = session.role == Role::Other && session.lanes.iter().any(|lane| lane.gaps);
        let known = !session.late && !lost && session.hears(Direction::ClientToServer);
        Look { session, known, lanes: lanes.collect() }
    }

    /// How much two sessions are alike; `None` when they cannot be the same.
    fn likeness(&self, other: &Look<'_>) -> Option<u32> {
        let (a, b) = (self.session, other.session);
        if a.role != b.role && self.known && other.known {
            return None;
        }
        let mut likeness = if a.role == b.role { 100 } else { 0 };
        likeness += if a.app == b.app { 50 } else { 0 };
        likeness += if a.stream == b.stream { 20 } else { 0 };
        // Who the client is, and what is carried: the same lanes, beginning in the same way.
        for lane in &self.lanes {
            let Some(other) = other.lanes.iter().find(|other| other.name == lane.name) else { continue };
            likeness += if lane.sizes.is_some() && lane.sizes == other.sizes { 7 } else { 2 };
            likeness += lane.items.iter().zip(&other.items).filter(|(x, y)| x == y).count() as u32;
        }
        Some(likeness)
    }
}
