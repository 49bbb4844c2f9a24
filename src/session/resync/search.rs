//! The search for a chain of headers in bytes that come piece by piece, with holes between them.
//!
//! It goes from one offset to the next and finds the chain that is proved first. An offset is looked at when there are
//! as many bytes behind it as the longest header has, so the result depends on the bytes only, never on how they are cut
//! into pieces.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;

use super::chain::{Chain, Lane, Step, Unsaid};
use super::{Known, LONGEST_GUESS, acks};
use crate::stream::{Loss, Stamp};
use crate::wire::chunk::LONGEST_HEADER;
use crate::wire::code::{Kind, MessageType};

/// Chains followed at the same time; the ones that need most bytes are given up first.
const MOST_CHAINS: usize = 2048;

/// Messages without length at the same time for which lengths are tried.
const MOST_UNSAID: usize = 8;

/// Bytes for which a chain that is proved waits for one that begins where a header must be.
const PATIENCE: u64 = 64 << 10;

/// What came of a direction since decoding was lost, and the guesses about it.
#[derive(Clone, Debug)]
pub(in crate::session) struct Search {
    /// The captured bytes; those before the oldest chain are forgotten.
    bytes: Vec<u8>,
    /// Stretches of them without a hole, in order.
    runs: VecDeque<Run>,
    /// Which packets they came in, and what is missing between them.
    pieces: VecDeque<Piece>,
    /// Bytes forgotten at the front of `bytes`, and missing bytes before them.
    forgotten: u64,
    missed: u64,
    /// Offset in the stream behind the last byte or hole.
    end: u64,
    /// The next offset to look at.
    cursor: u64,
    /// Chains by the offset of their next header, in the order in which they began.
    chains: BTreeMap<(u64, u64), Chain>,
    began: u64,
    unsaid: VecDeque<(Chain, Unsaid)>,
    /// A proved chain that begins behind the header at which one must begin, whose own chains may still prove.
    second_best: Option<(Chain, u64)>,
}

/// Captured bytes without a hole.
#[derive(Clone, Copy, Debug)]
struct Run {
    at: u64,
    /// Captured bytes of the search before it.
    before: u64,
    len: u64,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    at: u64,
    len: u64,
    stamp: Stamp,
    /// It is missing.
    loss: Option<Loss>,
}

/// A piece of what a search collected, to be decoded after all.
#[derive(Clone, Debug)]
pub(in crate::session) enum Waiting {
    /// Bytes.
    Data(Bytes, Stamp),
    /// Missing ones.
    Hole(u64, Loss, Stamp),
}

/// A place where chunks begin.
#[derive(Debug)]
pub(in crate::session) struct Place {
    /// Offset in the stream.
    pub(in crate::session) at: u64,
    /// Bits of evidence.
    pub(in crate::session) bits: u32,
    /// The chunk sizes that fit, most likely first.
    pub(in crate::session) sizes: Vec<u32>,
    /// What is known of chunk streams besides what headers say from here on.
    pub(in crate::session) lanes: Vec<Lane>,
    /// The headers up to this offset need no more proof.
    pub(in crate::session) proved_to: u64,
    /// Bytes missing before the place.
    pub(in crate::session) missing: u64,
}

impl Search {
    /// A search from a stream offset on.
    pub(in crate::session) fn new(from: u64) -> Search {
        Search {
            bytes: Vec::new(),
            runs: VecDeque::new(),
            pieces: VecDeque::new(),
            forgotten: 0,
            missed: 0,
            end: from,
            cursor: from,
            chains: BTreeMap::new(),
            began: 0,
            unsaid: VecDeque::new(),
            second_best: None,
        }
    }

    /// A search in the bytes from an offset on, in which no place is there.
    pub(in crate::session) fn behind(from: u64) -> Search {
        Search { cursor: from + 1, ..Search::new(from) }
    }

    /// A search from an offset at which a header must be.
    pub(in crate::session) fn from_header(from: u64, known: &Known<'_>) -> Search {
        let mut search = Search::new(from);
        search.follow(Chain::new(from, true, known), known);
        search
    }

    /// Offset in the stream behind the last byte or hole.
    pub(in crate::session) fn end(&self) -> u64 {
        self.end
    }

    /// The next bytes.
    pub(in crate::session) fn data(&mut self, bytes: &[u8], stamp: Stamp) {
        let len = bytes.len() as u64;
        if len == 0 {
            return;
        }
        self.pieces.push_back(Piece { at: self.end, len, stamp, loss: None });
        match self.runs.back_mut().filter(|run| run.at + run.len == self.end) {
            Some(run) => run.len += len,
            None => {
                let before = self.forgotten + self.bytes.len() as u64;
                self.runs.push_back(Run { at: self.end, before, len });
            }
        }
        self.bytes.extend_from_slice(bytes);
        self.end += len;
    }

    /// The next bytes are missing.
    pub(in crate::session) fn hole(&mut self, len: u64, loss: Loss, stamp: Stamp) {
        self.pieces.push_back(Piece { at: self.end, len, stamp, loss: Some(loss) });
        self.end += len;
    }

    /// Looks at what came since; `ended` says that nothing more will.
    pub(in crate::session) fn find(&mut self, known: &Known<'_>, ended: bool) -> Option<Place> {
        while let Some(run) = self.enter_run() {
            let run_end = run.at + run.len;
            let longest = LONGEST_HEADER as u64;
            // Only behind the last run there may be more bytes of it.
            let stop = if ended || run_end < self.end { run_end } else { run_end.saturating_sub(longest - 1) };
            let begin = (run.before - self.forgotten) as usize;
            let bytes = std::mem::take(&mut self.bytes);
            let run_bytes = bytes.get(begin..begin + run.len as usize).unwrap_or_default();
            let mut found = None;
            while self.cursor < stop && found.is_none() {
                let window = run_bytes.get((self.cursor - run.at) as usize..).unwrap_or_default();
                found = self.look(window.get(..LONGEST_HEADER).unwrap_or(window), known);
                if let Some(proved) = found.take() {
                    found = self.best(proved);
                } else if self.second_best.as_ref().is_some_and(|(chain, _)| self.cursor - chain.start >= PATIENCE) {
                    found = self.second_best.take();
                }
                self.cursor += 1;
            }
            self.bytes = bytes;
            if let Some((chain, proved_to)) = found {
                return Some(self.place(&chain, proved_to, known));
            }
            if self.cursor < run_end {
                break;
            }
        }
        if ended {
            let chains = std::mem::take(&mut self.chains).into_iter();
            let last = chains.filter(|((at, _), _)| *at == self.end).find_map(|(_, chain)| chain.ends(known));
            let last = last.map(|chain| (chain, self.end));
            let known_start = last.as_ref().is_some_and(|(chain, _)| chain.begins_at_header());
            let best = if known_start { last } else { self.second_best.take().or(last) };
            return best.map(|(chain, proved_to)| self.place(&chain, proved_to, known));
        }
        if self.second_best.is_some() && !self.may_begin_at_header() {
            return self.second_best.take().map(|(chain, proved_to)| self.place(&chain, proved_to, known));
        }
        self.forget();
        None
    }

    /// Which of the proved chains is taken. Behind a header that must be one, and of which only the length is looked for,
    /// others are proved sooner than it; they wait as long as the length may still be found.
    fn best(&mut self, proved: (Chain, u64)) -> Option<(Chain, u64)> {
        if proved.0.begins_at_header() {
            return Some(proved);
        }
        let first = self.second_best.take().unwrap_or(proved);
        if self.may_begin_at_header() && self.cursor - first.0.start < PATIENCE {
            self.second_best = Some(first);
            return None;
        }
        Some(first)
    }

    /// Is a chain open that begins where a header must be?
    fn may_begin_at_header(&self) -> bool {
        let all = self.chains.values().chain(self.unsaid.iter().map(|(chain, _)| chain));
        all.into_iter().any(Chain::begins_at_header)
    }

    /// The pieces from an offset on.
    pub(in crate::session) fn take_from(&mut self, at: u64) -> Vec<Waiting> {
        let bytes = Bytes::from(std::mem::take(&mut self.bytes));
        let mut before = self.runs.front().map_or(0, |run| run.before);
        let mut waiting = Vec::new();
        for piece in self.pieces.drain(..) {
            let skip = at.saturating_sub(piece.at).min(piece.len);
            let start = (before - self.forgotten) as usize;
            if piece.loss.is_none() {
                before += piece.len;
            }
            match piece.loss {
                _ if skip == piece.len => {}
                Some(loss) => waiting.push(Waiting::Hole(piece.len - skip, loss, piece.stamp)),
                None => {
                    let mut stamp = piece.stamp;
                    stamp.frame_offset += skip as u32;
                    waiting.push(Waiting::Data(bytes.slice(start + skip as usize..start + piece.len as usize), stamp));
                }
            }
        }
        waiting
    }

    /// Bytes missing before an offset.
    pub(in crate::session) fn missing_before(&self, at: u64) -> u64 {
        let holes = self.pieces.iter().filter(|piece| piece.loss.is_some());
        self.missed + holes.map(|piece| at.saturating_sub(piece.at).min(piece.len)).sum::<u64>()
    }

    /// The run in which the cursor is, behind holes if it must be.
    fn enter_run(&mut self) -> Option<Run> {
        let run = *self.runs.iter().find(|run| run.at + run.len > self.cursor)?;
        if run.at > self.cursor {
            // Headers may lie in what is missing. A length that was tried may leave one out, so such a message counts
            // only where all of it is seen.
            self.cursor = run.at;
            self.chains = self.chains.split_off(&(run.at, 0));
            self.chains.retain(|_, chain| !chain.is_tried());
            self.unsaid.clear();
        }
        Some(run)
    }

    /// Looks at the offset of the cursor.
    #[inline]
    fn look(&mut self, window: &[u8], known: &Known<'_>) -> Option<(Chain, u64)> {
        let mut best: Option<(Chain, u64)> = None;
        while let Some(entry) = self.chains.first_entry().filter(|entry| entry.key().0 <= self.cursor) {
            let chain = entry.remove();
            // Of several ways to the same header the one with more evidence is right.
            match (self.step(chain, window, known), &best) {
                (Some(proved), Some(known)) if proved.0.bits() <= known.0.bits() => {}
                (Some(proved), _) => best = Some(proved),
                (None, _) => {}
            }
        }
        if best.is_some() {
            return best;
        }
        let first = window.first().copied().unwrap_or_default();
        let (fmt, csid) = (first >> 6, u32::from(first & 0x3f));
        // A first message on an id of two or three bytes is too rare to look for. Most offsets fail here.
        if csid < 2 && self.unsaid.is_empty() {
            return None;
        }
        let says_type =
            csid > 1 && fmt < 2 && window.get(7).is_some_and(|kind| MessageType(*kind).kind() != Kind::Unknown);
        if !self.unsaid.is_empty()
            && let Some(proved) = self.try_lengths(window, says_type, csid, known)
        {
            return Some(proved);
        }
        let says_nothing = fmt > 1 && known.streams.peek(csid).is_some() || first == acks::HEADER;
        if csid > 1 && (says_type || says_nothing) {
            let chain = Chain::new(self.cursor, false, known);
            return self.step(chain, window, known);
        }
        None
    }

    /// A message without length may end here.
    fn try_lengths(&mut self, window: &[u8], says_type: bool, csid: u32, known: &Known<'_>) -> Option<(Chain, u64)> {
        let at = self.cursor;
        self.unsaid.retain(|(_, unsaid)| at.saturating_sub(unsaid.body) <= u64::from(LONGEST_GUESS));
        for n in 0..self.unsaid.len() {
            let Some((chain, unsaid)) = self.unsaid.get_mut(n) else { break };
            let ways = if says_type || unsaid.is_of(csid) || chain.knows(csid) {
                chain.tried(unsaid, at, known)
            } else {
                Vec::new()
            };
            unsaid.goes_on(at, window.first().copied().unwrap_or_default(), known);
            for chain in ways {
                if let Some(proved) = self.step(chain, window, known) {
                    return Some(proved);
                }
            }
        }
        None
    }

    fn step(&mut self, chain: Chain, window: &[u8], known: &Known<'_>) -> Option<(Chain, u64)> {
        match chain.step(window, known) {
            Step::No => {}
            Step::On(ways) => ways.into_iter().for_each(|chain| self.follow(chain, known)),
            Step::Proved(chain, end) => return Some((chain, end)),
            Step::Unsaid(chain, unsaid) => {
                if self.unsaid.len() >= MOST_UNSAID {
                    self.unsaid.pop_front();
                }
                self.unsaid.push_back((chain, unsaid));
            }
        }
        None
    }

    fn follow(&mut self, chain: Chain, known: &Known<'_>) {
        if chain.at - chain.start > known.longest {
            return;
        }
        self.chains.insert((chain.at, self.began), chain);
        self.began += 1;
        if self.chains.len() > MOST_CHAINS {
            self.chains.pop_last();
        }
    }

    fn place(&self, chain: &Chain, proved_to: u64, known: &Known<'_>) -> Place {
        let at = chain.believed_from();
        let (bits, sizes, lanes) = (chain.bits(), chain.sizes(known), chain.lanes());
        Place { at, bits, sizes, lanes, proved_to, missing: self.missing_before(at) }
    }

    /// Forgets what no chain needs.
    fn forget(&mut self) {
        let unsaid = self.unsaid.iter().map(|(chain, _)| chain.start);
        let waiting = self.second_best.iter().map(|(chain, _)| chain.start);
        let starts = self.chains.values().map(|chain| chain.start).chain(unsaid).chain(waiting);
        let needed = starts.fold(self.cursor, u64::min);
        while let Some(piece) = self.pieces.pop_front_if(|piece| piece.at + piece.len <= needed) {
            self.missed += if piece.loss.is_some() { piece.len } else { 0 };
        }
        let keep_from = self.pieces.front().map_or(self.end, |piece| piece.at);
        while self.runs.front().is_some_and(|run| run.at + run.len <= keep_from) {
            self.runs.pop_front();
        }
        let mut kept_from = self.forgotten + self.bytes.len() as u64;
        if let Some(run) = self.runs.front_mut() {
            let gone = keep_from.saturating_sub(run.at);
            (run.at, run.before, run.len) = (run.at + gone, run.before + gone, run.len - gone);
            kept_from = run.before;
        }
        let free = (kept_from - self.forgotten) as usize;
        // Now and then: what is kept has to move.
        if free > self.bytes.len() / 2 {
            self.bytes.drain(..free);
            self.forgotten = kept_from;
        }
    }
}
