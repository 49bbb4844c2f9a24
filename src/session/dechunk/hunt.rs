//! After lost bytes: collects what comes, finds the next message that can be trusted, and decodes from there.

use super::*;
use crate::record::GapAction;
use crate::session::resync::{Known, Place, Search, USUAL_SIZES, Waiting};
use crate::stream::Loss;

/// A search for the next message.
#[derive(Clone, Debug)]
pub(super) struct Hunt {
    /// Offset in the stream at which decoding was lost.
    lost_at: u64,
    /// Messages that were cut.
    cut: u32,
    why: &'static str,
    /// A header is where decoding was lost; what it leaves out is looked for.
    at_header: bool,
    search: Search,
}

/// Bytes that could not be decoded, or were not there to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Offset of the first of them.
    pub lost_at: u64,
    /// Bytes never captured.
    pub missing: u64,
    /// Bytes captured and not decoded.
    pub skipped: u64,
    /// Messages that were cut.
    pub cut: u32,
    /// Why.
    pub why: &'static str,
    /// How decoding goes on.
    pub action: GapAction,
}

/// What has to be searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// How long the message is, or its chunk.
    Length(&'static str),
    /// Where chunks begin.
    Place(&'static str),
}

impl Dechunker {
    /// A dechunker for a direction of which the beginning was not captured: nothing is known from stream offset `at`
    /// on.
    pub fn late(at: u64, why: &'static str, want: Want, limits: &Limits) -> Dechunker {
        let mut dechunker = Dechunker::new(at, want, limits);
        dechunker.recovered = true;
        dechunker.sizes = USUAL_SIZES.to_vec();
        dechunker.hunt(at, Search::new(at), why, 0, false);
        dechunker
    }

    /// The next bytes are missing. What comes of it is told by [`poll`](Self::poll).
    pub fn gap(&mut self, missing: u64, loss: Loss, stamp: Stamp) {
        self.arrived += missing;
        if self.replay.is_empty() {
            self.hole(missing, loss, stamp);
        } else {
            self.replay.push_back(Waiting::Hole(missing, loss, stamp));
        }
    }

    pub(super) fn hole(&mut self, missing: u64, loss: Loss, stamp: Stamp) {
        match (self.state, &mut self.hunt) {
            (State::Lost, _) => self.offset += missing,
            (_, Some(hunt)) => {
                hunt.search.hole(missing, loss, stamp);
                self.offset = hunt.search.end();
            }
            (State::Payload { csid, left }, _) if self.carry_len == 0 && missing <= u64::from(left) => {
                self.hole_in_payload(csid, left, missing as u32, loss, stamp);
            }
            _ => {
                self.lose(self.offset, loss.reason());
                // What was captured of a header does not tell where the next one is.
                let (carry, len) = (self.carry, std::mem::take(&mut self.carry_len));
                if let Some(hunt) = &mut self.hunt {
                    hunt.search.data(carry.get(..len).unwrap_or_default(), self.header_from);
                    hunt.search.hole(missing, loss, stamp);
                    self.offset = hunt.search.end();
                }
            }
        }
    }

    /// The missing bytes all belong to the payload of one chunk: the next header is where it has to be.
    fn hole_in_payload(&mut self, csid: u32, left: u32, missing: u32, loss: Loss, stamp: Stamp) {
        // Packets that are cut are told of once, not each time.
        if !matches!(loss, Loss::Cut(_)) {
            let (lost_at, missing, why) = (self.offset, u64::from(missing), loss.reason());
            self.gaps.push_back(Found { lost_at, missing, skipped: 0, cut: 1, why, action: GapAction::Continued });
        }
        self.offset += u64::from(missing);
        if let Some(open) = self.streams.get(csid).and_then(|stream| stream.open.as_mut()) {
            open.received += missing;
            open.lost += missing;
            open.kept.close();
            open.message.span.1 = self.offset;
            // The part goes on behind the hole; which of its bytes are missing shows in its carriers.
            if let Some(part) = open.message.parts.last_mut() {
                part.payload_len += missing;
            }
        }
        self.state = State::Payload { csid, left: left - missing };
        if left == missing
            && let Step::Next(Some(message)) = self.payload(csid, 0, &mut &[][..], stamp)
        {
            self.ready.push_back(message);
        }
    }

    /// Gives up the place in the chunk stream and begins to look for it again, from stream offset `at` on.
    pub(super) fn lose(&mut self, at: u64, why: &'static str) {
        let cut = self.cut_open();
        // After a gap in the capture what was held back never will be confirmed, and was right.
        self.ready.extend(self.unconfirmed.take());
        self.hunt(at, Search::new(at), why, cut, false);
    }

    /// What to do about a header at stream offset `at` that cannot be taken as it is.
    pub(super) fn doubt(&mut self, at: u64, doubt: Doubt) {
        match doubt {
            Doubt::Length(why) => {
                let known = self.known(&self.sizes);
                let search = Search::from_header(at, &known);
                self.hunt(at, search, why, 0, true);
            }
            Doubt::Place(why) => {
                let disproved = self.disproved(at);
                let cut = self.cut_open() + u32::from(disproved.is_some());
                // The same search would find the same place.
                let search = if self.resumed_at == Some(at) { Search::behind(at) } else { Search::new(at) };
                self.hunt(disproved.unwrap_or(at), search, why, cut, false);
            }
        }
    }

    /// Takes bytes while hunting; decoding goes on as soon as a place is found.
    pub(super) fn search(&mut self, bytes: &[u8], stamp: Stamp, ended: bool) -> Step {
        let Some(mut hunt) = self.hunt.take() else {
            self.state = State::Header;
            return Step::Next(None);
        };
        hunt.search.data(bytes, stamp);
        let place = hunt.search.find(&self.known(&self.sizes), ended);
        match place {
            Some(place) => {
                self.resume(*hunt, place);
                Step::Next(None)
            }
            None => {
                self.offset = hunt.search.end();
                self.hunt = Some(hunt);
                Step::More
            }
        }
    }

    /// Decodes on at a place that was found.
    fn resume(&mut self, mut hunt: Hunt, place: Place) {
        let Place { at, bits, sizes, lanes, proved_to, missing } = place;
        if hunt.at_header && at == hunt.lost_at {
            // The place was right, and with it what lies before.
            self.ready.extend(self.unconfirmed.take());
            self.resumed_at = Some(at);
        } else {
            if hunt.at_header {
                if let Some(begin) = self.disproved(hunt.lost_at) {
                    (hunt.lost_at, hunt.cut) = (begin, hunt.cut + 1);
                }
                hunt.cut += self.cut_open();
            }
            let chunk_size = sizes.first().copied().unwrap_or(self.chunk_size);
            let action = GapAction::Resync { chunk_size, confidence_bits: bits };
            let found = hunt.found(at, missing, action);
            self.gaps.push_back(found);
        }
        self.chunk_size = sizes.first().copied().unwrap_or(self.chunk_size).min(LARGEST_CHUNK);
        // One that is left is known.
        self.sizes = if sizes.len() > 1 { sizes } else { Vec::new() };
        for lane in lanes {
            let (stream, ..) = self.streams.enter(lane.csid);
            (stream.message_type, stream.length, stream.sure.shape) = (lane.kind, lane.length, true);
        }
        self.offset = at;
        self.trusted_to = proved_to;
        for piece in hunt.search.take_from(at).into_iter().rev() {
            self.replay.push_front(piece);
        }
        self.state = State::Header;
    }

    /// Ends a hunt that found nothing.
    pub(super) fn give_up(&mut self) -> Option<Found> {
        let hunt = self.hunt.take()?;
        let waiting = self.replay.drain(..).map(|piece| match piece {
            Waiting::Data(bytes, _) => (bytes.len() as u64, 0),
            Waiting::Hole(missing, ..) => (0, missing),
        });
        let (more, missed) = waiting.fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
        let end = hunt.search.end();
        let mut found = hunt.found(end, hunt.search.missing_before(end), GapAction::Stopped);
        (found.skipped, found.missing) = (found.skipped + more, found.missing + missed);
        Some(found)
    }

    fn hunt(&mut self, lost_at: u64, search: Search, why: &'static str, cut: u32, at_header: bool) {
        self.recovered = true;
        self.hunt = Some(Box::new(Hunt { lost_at, cut, why, at_header, search }));
        self.state = State::Hunting;
    }

    fn known<'a>(&'a self, sizes: &'a [u32]) -> Known<'a> {
        let sizes = if sizes.is_empty() { std::slice::from_ref(&self.chunk_size) } else { sizes };
        let longest = self.limits.hunt_bytes as u64;
        Known { streams: &self.streams, sizes, repeats: self.repeats == Repeats::Yes, longest }
    }

    /// Gives up the unfinished messages, and what is known of headers and chunk size.
    fn cut_open(&mut self) -> u32 {
        let open = self.streams.take_open();
        let cut = open.len() as u32;
        for open in open {
            let message = self.cut(open);
            self.ready.push_back(message);
        }
        self.streams.doubt();
        if self.sizes.is_empty() {
            // A Set Chunk Size may be among what was lost.
            let others = USUAL_SIZES.into_iter().filter(|size| *size != self.chunk_size);
            self.sizes = [self.chunk_size].into_iter().chain(others).collect();
        }
        cut
    }

    /// The message that was held back is none, for no header follows it at `at`; tells where it seemed to begin.
    fn disproved(&mut self, at: u64) -> Option<u64> {
        let message = self.unconfirmed.take().filter(|message| message.span.1 <= at)?;
        // It is told as far as that goes: a part of it may be right.
        Some(message.span.0)
    }
}

impl Hunt {
    fn found(&self, resumed: u64, missing: u64, action: GapAction) -> Found {
        let Hunt { lost_at, cut, why, .. } = *self;
        let skipped = resumed.saturating_sub(lost_at).saturating_sub(missing);
        Found { lost_at, missing, skipped, cut, why, action }
    }
}
