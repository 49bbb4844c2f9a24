//! IP datagrams put together from fragments (RFC 791, RFC 8200).
//!
//! Fragments may come in any order; of overlapping ones the first wins. Each part of a datagram remembers the frame
//! that carried it, so that its bytes can be found in the capture again.

use std::collections::{HashMap, VecDeque};

use foldhash::fast::RandomState;

use super::assembler::{Bytes, Late};
use super::frame::{DatagramId, Fragment};
use crate::stream::Stamp;
use crate::time::Span;

#[cfg(test)]
mod tests;

/// Longest payload of a datagram.
const LONGEST: u64 = 65_535;
/// Identifications are used again: a datagram that waits longer than this is another one's beginning.
const PATIENCE: Span = Span(30_000_000_000);

/// Datagrams of which fragments are missing.
#[derive(Debug)]
pub(super) struct Defrag {
    open: HashMap<DatagramId, Open, RandomState>,
    /// Oldest first; a serial number that is no longer in `open` is of a datagram that is done.
    ages: VecDeque<(DatagramId, u64)>,
    serial: u64,
    most: usize,
    most_bytes: usize,
    /// Memory held by the fragments of all of them.
    held: usize,
    /// Datagrams given up.
    given_up: u64,
}

#[derive(Debug)]
struct Open {
    serial: u64,
    first: Stamp,
    parts: Late,
    /// Length of the whole, known once the last fragment came.
    len: Option<u64>,
}

/// A datagram that is complete.
#[derive(Debug)]
pub(super) struct Datagram {
    pub(super) data: Vec<u8>,
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug)]
struct Part {
    start: u64,
    captured: u64,
    cut: u64,
    stamp: Stamp,
}

impl Defrag {
    /// Puts together `most` datagrams at the same time, with `most_bytes` of memory.
    pub(super) fn new(most: usize, most_bytes: usize) -> Defrag {
        let (open, ages) = (HashMap::default(), VecDeque::new());
        Defrag { open, ages, serial: 0, most: most.max(1), most_bytes, held: 0, given_up: 0 }
    }

    /// Takes a fragment; gives the datagram that it completes. `stamp` is of the fragment's payload.
    pub(super) fn add(&mut self, fragment: &Fragment<'_>, stamp: Stamp) -> Option<Datagram> {
        let bytes = Bytes { data: fragment.payload, cut: fragment.cut.into(), stamp };
        let start = u64::from(fragment.offset);
        let end = start + bytes.len();
        if end > LONGEST {
            return None;
        }
        let id = fragment.datagram;
        if self.open.get(&id).is_some_and(|open| stamp.time.since(open.first.time) > PATIENCE) {
            self.give_up(id);
        }
        if !self.open.contains_key(&id) {
            self.begin(id, stamp);
        }
        let open = self.open.get_mut(&id)?;
        let before = open.parts.cost();
        open.parts.insert(start, bytes, 0);
        self.held += open.parts.cost() - before;
        if !fragment.more {
            open.len.get_or_insert(end);
        }
        // Parts behind the end contradict the last fragment: such a datagram is never whole.
        if open.len.is_none_or(|len| open.parts.covered() < len || open.parts.whole() != Some(len)) {
            while self.held > self.most_bytes && self.give_up_oldest() {}
            return None;
        }
        let open = self.open.remove(&id)?;
        self.held -= open.parts.cost();
        Some(Datagram::from(open))
    }

    /// Datagrams of which fragments are missing, given up or still waited for.
    pub(super) fn broken(&self) -> u64 {
        self.given_up + self.open.len() as u64
    }

    fn begin(&mut self, id: DatagramId, first: Stamp) {
        while self.open.len() >= self.most || self.ages.len() >= self.most.saturating_mul(2) {
            if !self.give_up_oldest() {
                break;
            }
        }
        self.serial += 1;
        self.ages.push_back((id, self.serial));
        self.open.insert(id, Open { serial: self.serial, first, parts: Late::default(), len: None });
    }

    /// False if there is none.
    fn give_up_oldest(&mut self) -> bool {
        let Some((oldest, serial)) = self.ages.pop_front() else { return false };
        if self.open.get(&oldest).is_some_and(|open| open.serial == serial) {
            self.give_up(oldest);
        }
        true
    }

    fn give_up(&mut self, id: DatagramId) {
        if let Some(open) = self.open.remove(&id) {
            self.held -= open.parts.cost();
            self.given_up += 1;
        }
    }
}

impl From<Open> for Datagram {
    fn from(open: Open) -> Datagram {
        let mut datagram = Datagram { data: Vec::new(), parts: Vec::new() };
        for (start, chunk) in open.parts.into_chunks() {
            datagram.data.extend_from_slice(&chunk.data);
            // Bytes that the capture cut off keep their place; `pieces` leaves them out.
            datagram.data.resize(datagram.data.len().saturating_add(chunk.cut as usize), 0);
            let captured = chunk.data.len() as u64;
            datagram.parts.push(Part { start, captured, cut: chunk.cut, stamp: chunk.stamp });
        }
        datagram
    }
}

impl Datagram {
    /// The bytes from `from` up to `to`, one piece for each fragment, with its place in that fragment's frame.
    pub(super) fn pieces(&self, from: u64, to: u64) -> impl Iterator<Item = Bytes<'_>> {
        self.parts.iter().filter_map(move |part| {
            let data = self.data.get(part.start as usize..(part.start + part.captured) as usize)?;
            let whole = Bytes { data, cut: part.cut, stamp: part.stamp };
            let (from, to) = (from.max(part.start), to.min(part.start + whole.len()));
            (from < to).then(|| whole.part(from - part.start, to - part.start))
        })
    }
}
