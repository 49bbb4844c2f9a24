//! A chain of headers, each where the one before it says.

use super::{
    CHOICE, CHOSEN, DARING, ENOUGH, GUESS_USES, Known, LAST_USUAL, Link, TRUSTED, acks, body_type, may_begin,
    remembered, weigh,
};
use crate::field::Reader;
use crate::session::settings::allowed_chunk_size;
use crate::wire::chunk::ChunkHeader;
use crate::wire::code::MessageType;

/// A guess that is being followed.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// Offset in the stream of its first header.
    pub(super) start: u64,
    /// Offset of the next one.
    pub(super) at: u64,
    /// Which of the possible chunk sizes fit so far.
    sizes: u32,
    /// The chunk size that a message of the chain set.
    size: Option<u32>,
    bits: u32,
    messages: u32,
    /// It begins where a header must be.
    known_start: bool,
    settled: Option<Settled>,
    links: Vec<Link>,
    /// Chunk streams whose length was found by trying, before a header stated one.
    guessed: Vec<Lane>,
    /// The chunk stream of the message that leads here, if its length was found by trying.
    tried: Option<u32>,
}

/// From where on the messages of a chain are believed.
#[derive(Clone, Debug, Default)]
struct Settled {
    at: u64,
    /// What the chunk streams were like there.
    links: Vec<Link>,
    /// The chunk size, if a message before set it.
    size: Option<u32>,
}

/// A chunk stream whose messages have this type and length, as a chain found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) struct Lane {
    pub(in crate::session) csid: u32,
    pub(in crate::session) kind: MessageType,
    pub(in crate::session) length: u32,
}

impl Lane {
    fn of(link: &Link) -> Lane {
        let &Link { csid, kind, length, .. } = link;
        Lane { csid, kind, length }
    }
}

/// What comes of a header.
pub(super) enum Step {
    /// It is none.
    No,
    /// The chain goes on: a way for each payload length that the possible chunk sizes give.
    On(Vec<Chain>),
    /// It is a fact. The headers before this offset need no more proof.
    Proved(Chain, u64),
    /// A header that does not say how long its message is.
    Unsaid(Chain, Unsaid),
}

/// A message whose length no header says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unsaid {
    csid: u32,
    kind: MessageType,
    /// Offset of its first byte.
    pub(super) body: u64,
    /// The chunk sizes with which it may go on.
    sizes: u32,
}

impl Unsaid {
    /// Is it a message of this chunk stream?
    pub(super) fn is_of(&self, csid: u32) -> bool {
        self.csid == csid
    }

    /// The message goes on at offset `at`, where there is this byte: behind a whole chunk it must be a header.
    pub(super) fn goes_on(&mut self, at: u64, byte: u8, known: &Known<'_>) {
        let Some(wire) = at.checked_sub(self.body) else { return };
        if u32::from(byte) != 0xc0 | self.csid {
            self.sizes &= mask(known, |size| wire % (u64::from(size) + 1) != u64::from(size));
        }
    }
}

impl Chain {
    /// A chain that begins at a stream offset.
    pub(super) fn new(start: u64, known_start: bool, known: &Known<'_>) -> Chain {
        Chain {
            start,
            at: start,
            sizes: mask(known, |_| true),
            size: None,
            bits: 0,
            messages: 0,
            known_start,
            settled: known_start.then(|| Settled { at: start, ..Settled::default() }),
            links: Vec::new(),
            guessed: Vec::new(),
            tried: None,
        }
    }

    /// Takes the header at the front of `window`; too few bytes for one are none.
    pub(super) fn step(mut self, window: &[u8], known: &Known<'_>) -> Step {
        let mut r = Reader::quiet(window);
        let header = ChunkHeader::read(&mut r, |csid, ahead| {
            let link = self.links.iter().find(|link| link.csid == csid).copied();
            let extended = link.or_else(|| remembered(csid, known)).and_then(|link| link.extended);
            extended.is_some_and(|value| known.repeats || ahead.starts_with(&value.to_be_bytes()))
        });
        let Ok(header) = header else { return Step::No };
        let (fmt, csid) = (header.basic.fmt, header.basic.csid);
        let body = window.get(r.at()..).unwrap_or_default();
        let end = self.at + r.at() as u64;
        let place = self.links.iter().position(|link| link.csid == csid);
        let open = place.and_then(|n| self.links.get(n)).copied();
        if fmt > 1 && open.is_none() && remembered(csid, known).is_none() {
            return match acks::first(header.basic, body) {
                Some(number) => self.first_ack(number, end, known),
                None => self.unsaid(&header, body, end, known),
            };
        }
        let Some((mut gain, mut link)) = weigh(&header, open, known) else { return Step::No };
        let begins = fmt < 3 || link.left == link.length;
        if let Some(before) = link.acked {
            let Some((number, bits)) = acks::next(before, body) else { return Step::No };
            (gain, link.acked) = (gain + bits, Some(number));
        } else if begins && !link.stated && !may_begin(link.kind, body) {
            return Step::No;
        }
        // Chunks that all fill their size may as well go on with a message whose beginning is missing.
        if fmt == 3 && begins && open.is_none() {
            self.sizes &= mask(known, |size| link.length % size != 0);
            if self.sizes == 0 || self.size.is_some_and(|size| link.length % size == 0) {
                return Step::No;
            }
        }
        // That a header is where it must be says nothing of what follows it.
        let first = self.known_start && self.at == self.start;
        self.bits += if first { 0 } else { gain };
        self.messages += u32::from(begins);
        self.landed(fmt < 2 && csid <= LAST_USUAL);
        if self.settled.is_none() && begins && self.bits >= TRUSTED && self.links.iter().all(|link| link.left == 0) {
            self.settled = Some(Settled { at: self.at, links: self.links.clone(), size: self.size });
        }
        if self.is_proved() {
            // Whether a message still has the length that is remembered shows behind it only.
            let proved_to = if begins && !link.stated { self.at } else { end };
            return Step::Proved(self, proved_to);
        }
        let stated = (link.kind == MessageType::SET_CHUNK_SIZE && link.length == 4).then(|| allowed_chunk_size(body));
        match place.and_then(|n| self.links.get_mut(n)) {
            Some(slot) => {
                if let Some(uses) = slot.guess.filter(|_| link.stated) {
                    // Stated now: the length that was tried is right if it is this one, or has proved itself before.
                    if uses < GUESS_USES && (slot.kind, slot.length) != (link.kind, link.length) {
                        return Step::No;
                    }
                    self.guessed.push(Lane::of(slot));
                }
                *slot = link;
            }
            None => self.links.push(link),
        }
        match stated {
            // An unlawful size, or one that is not there to be read.
            Some(None) => Step::No,
            Some(size) => {
                if !self.has_whole(link.length, known) {
                    return Step::No;
                }
                self.size = size;
                Step::On(vec![self.over(csid, end, 4)])
            }
            None => Step::On(self.ways(csid, end, link.left, known)),
        }
    }

    /// A message that ends where the stream does.
    pub(super) fn ends(mut self, known: &Known<'_>) -> Option<Chain> {
        self.bits += super::AT_THE_END;
        self.landed(true);
        (self.is_proved() && self.at - self.start <= known.longest).then_some(self)
    }

    /// The chains if the message without length ends at `at`: one for each number of chunks that it may have.
    pub(super) fn tried(&self, unsaid: &Unsaid, at: u64, known: &Known<'_>) -> Vec<Chain> {
        let Some(wire) = at.checked_sub(unsaid.body).filter(|wire| *wire > 0) else { return Vec::new() };
        let mut ways: Vec<(u32, u32)> = Vec::new();
        for (n, size) in known.sizes.iter().enumerate().filter(|(n, _)| unsaid.sizes >> n & 1 == 1) {
            // Between chunks there is a header of one byte, and something behind it.
            let (chunk, over) = (u64::from(*size) + 1, wire % (u64::from(*size) + 1));
            let length = (wire - wire / chunk) as u32;
            match ways.iter_mut().find(|(known, _)| *known == length) {
                _ if over == 0 => {}
                Some((_, sizes)) => *sizes |= 1 << n,
                None => ways.push((length, 1 << n)),
            }
        }
        let Unsaid { csid, kind, .. } = *unsaid;
        let way = |(length, sizes)| {
            let mut chain = Chain { sizes, tried: Some(csid), at, ..self.clone() };
            chain.links.push(Link {
                csid,
                kind,
                length,
                left: 0,
                extended: None,
                stated: false,
                guess: Some(0),
                acked: None,
            });
            chain.bits = chain.bits.saturating_sub(CHOICE);
            chain.messages += 1;
            chain
        };
        ways.into_iter().map(way).collect()
    }

    /// Does it begin where a header must be?
    pub(super) fn begins_at_header(&self) -> bool {
        self.known_start
    }

    /// Does the message that leads to the next header have a length that was found by trying?
    pub(super) fn is_tried(&self) -> bool {
        self.tried.is_some()
    }

    /// Knows the chunk stream of a header that leaves out length and type?
    pub(super) fn knows(&self, csid: u32) -> bool {
        self.links.iter().any(|link| link.csid == csid)
    }

    /// From where on it is believed.
    pub(super) fn believed_from(&self) -> u64 {
        self.settled.as_ref().map_or(self.start, |settled| settled.at)
    }

    /// Bits of evidence.
    pub(super) fn bits(&self) -> u32 {
        if self.known_start { self.bits + ENOUGH } else { self.bits }
    }

    /// The chunk sizes that fit, most likely first.
    pub(super) fn sizes(&self, known: &Known<'_>) -> Vec<u32> {
        match self.settled.as_ref().and_then(|settled| settled.size) {
            Some(size) => vec![size],
            None => known.sizes.iter().enumerate().filter(|(n, _)| self.sizes >> n & 1 == 1).map(|(_, s)| *s).collect(),
        }
    }

    /// What it found out of chunk streams whose headers leave it out.
    pub(super) fn lanes(&self) -> Vec<Lane> {
        let mut lanes: Vec<Lane> = self.settled.iter().flat_map(|settled| &settled.links).map(Lane::of).collect();
        let guessed = self.links.iter().filter(|link| link.guess.is_some()).map(Lane::of);
        for lane in self.guessed.iter().copied().chain(guessed) {
            if lanes.iter().all(|known| known.csid != lane.csid) {
                lanes.push(lane);
            }
        }
        lanes
    }

    fn is_proved(&self) -> bool {
        let certain = self.links.iter().all(|link| link.guess.is_none_or(|uses| uses >= GUESS_USES));
        let enough = if self.known_start { self.bits >= CHOSEN } else { self.bits >= ENOUGH && self.messages >= 2 };
        certain && enough && self.settled.is_some()
    }

    /// A message whose length was tried led to a header, which says itself what it is about or not.
    fn landed(&mut self, says: bool) {
        let Some(csid) = self.tried.take().filter(|_| says) else { return };
        if let Some(uses) = self.links.iter_mut().find(|link| link.csid == csid).and_then(|link| link.guess.as_mut()) {
            *uses += 1;
        }
    }

    /// The type of a body that may be sound or pictures, beside a chunk stream of pictures and none of sound.
    fn only_sound(&self, body: &[u8], known: &Known<'_>) -> Option<MessageType> {
        let here = |kind| self.links.iter().any(|link| link.kind == kind) || known.streams.carry(kind);
        let fits = may_begin(MessageType::AUDIO, body) && body_type(body).is_none() && !body.is_empty();
        (fits && here(MessageType::VIDEO) && !here(MessageType::AUDIO)).then_some(MessageType::AUDIO)
    }

    /// What may be the first of a player's acknowledgements.
    fn first_ack(mut self, number: u32, end: u64, known: &Known<'_>) -> Step {
        if !self.has_whole(4, known) {
            return Step::No;
        }
        let (csid, kind, acked) = (2, MessageType::ACKNOWLEDGEMENT, Some(number));
        self.links.push(Link { csid, kind, length: 4, left: 4, extended: None, stated: false, guess: None, acked });
        self.messages += 1;
        Step::On(vec![self.over(csid, end, 4)])
    }

    /// A body was read in one piece: smaller chunk sizes are not in force.
    fn has_whole(&mut self, length: u32, known: &Known<'_>) -> bool {
        match self.size {
            Some(size) => size >= length,
            None => {
                self.sizes &= mask(known, |size| size >= length);
                self.sizes != 0
            }
        }
    }

    fn unsaid(self, header: &ChunkHeader, body: &[u8], end: u64, known: &Known<'_>) -> Step {
        let usual = header.basic.fmt == 3 || header.timestamp.is_some_and(|step| step < super::USUAL_STEP);
        let daring = self.known_start || self.bits >= DARING;
        match body_type(body).or_else(|| self.only_sound(body, known)) {
            // Chunk stream 2 is for control messages, whose bodies look like anything.
            Some(kind) if usual && daring && (3..=LAST_USUAL).contains(&header.basic.csid) && self.size.is_none() => {
                let sizes = self.sizes;
                Step::Unsaid(self, Unsaid { csid: header.basic.csid, kind, body: end, sizes })
            }
            _ => Step::No,
        }
    }

    /// The ways on behind a header whose message still owes `left` bytes.
    fn ways(self, csid: u32, end: u64, left: u32, known: &Known<'_>) -> Vec<Chain> {
        if let Some(size) = self.size {
            return vec![self.over(csid, end, left.min(size))];
        }
        let whole = self.sizes & mask(known, |size| size >= left);
        let mut ways = Vec::new();
        for (n, size) in known.sizes.iter().enumerate().filter(|(n, _)| (self.sizes & !whole) >> n & 1 == 1) {
            ways.push(Chain { sizes: 1 << n, ..self.clone() }.over(csid, end, *size));
        }
        if whole > 0 {
            ways.push(Chain { sizes: whole, ..self }.over(csid, end, left));
        }
        ways
    }

    /// Goes over the payload of a chunk.
    fn over(mut self, csid: u32, end: u64, payload: u32) -> Chain {
        if let Some(link) = self.links.iter_mut().find(|link| link.csid == csid) {
            link.left = link.left.saturating_sub(payload);
            self.tried = link.guess.filter(|_| link.left == 0).map(|_| csid);
        }
        self.at = end + u64::from(payload);
        self
    }
}

/// The possible chunk sizes for which something holds, as bits.
fn mask(known: &Known<'_>, holds: impl Fn(u32) -> bool) -> u32 {
    known.sizes.iter().enumerate().filter(|(_, size)| holds(**size)).take(32).fold(0, |mask, (n, _)| mask | 1 << n)
}
