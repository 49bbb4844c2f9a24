//! A session: pieces of both directions in, records out.

use super::dechunk::{Dechunker, Event, Found};
use super::dialogue::Dialogue;
use super::opening::{self, Missed, Opening, Progress};
use super::verdict::Seen;
use super::{Want, rules};
use crate::limits::Limits;
use crate::record::{Closed, Finding, Gap, GapAction, Handshake, Opened, Record, Rule, Sink, Step};
use crate::stream::{Direction, Ending, Loss, Piece, Stamp};
use crate::time::Time;
use crate::wire::handshake::{Echo, Form, PACKET, Speaker, Version};

/// One conversation between a client and a server.
#[derive(Clone, Debug)]
pub struct Session {
    id: u32,
    want: Want,
    limits: Limits,
    sides: [Side; 2],
    dialogue: Dialogue,
    last: Time,
    /// The capture begins after the handshake, or lost it.
    late: bool,
    /// It was said that packets are cut.
    cut_told: bool,
    /// How the connection ended and who ended it: the first side that did.
    ended: Option<(Ending, Direction)>,
}

#[derive(Clone, Debug)]
struct Side {
    phase: Phase,
    bytes: u64,
    /// Those of them that were not captured.
    missing: u64,
    version: Option<Version>,
    first_packet: Option<Box<[u8; PACKET]>>,
}

#[derive(Clone, Debug)]
enum Phase {
    Opening(Opening),
    Chunks(Box<Dechunker>),
    /// Bytes that cannot be decoded: they are counted.
    Dark {
        /// Bytes of the handshake that were seen before.
        handshake: usize,
    },
}

/// Bytes of both handshake parts of a side.
const WHOLE_HANDSHAKE: usize = 1 + 2 * PACKET;

impl Session {
    /// Opens a session whose client sends `preamble` bytes (a PROXY header) before its handshake.
    pub fn open(opened: Opened, preamble: u64, want: Want, limits: &Limits, sink: &mut impl Sink) -> Session {
        let side = |preamble| Side {
            phase: Phase::Opening(Opening::new(preamble)),
            bytes: 0,
            missing: 0,
            version: None,
            first_packet: None,
        };
        let session = Session {
            id: opened.session,
            want,
            limits: *limits,
            sides: [side(preamble), side(0)],
            dialogue: Dialogue::new(opened.session, limits),
            last: opened.time,
            late: false,
            cut_told: false,
            ended: None,
        };
        sink.take(Record::Opened(opened));
        session
    }

    /// Opens a session of which the beginning was not captured.
    pub fn join(opened: Opened, want: Want, limits: &Limits, sink: &mut impl Sink) -> Session {
        let mut session = Session::open(opened, 0, want, limits, sink);
        session.late = true;
        for side in &mut session.sides {
            let dechunker = Dechunker::late(0, "the capture begins in mid-session", want, limits);
            side.phase = Phase::Chunks(Box::new(dechunker));
        }
        session
    }

    /// Messages decoded so far.
    pub fn messages(&self) -> u64 {
        self.dialogue.messages()
    }

    /// From the next message on, keeps what `want` says.
    pub fn wants(&mut self, want: Want) {
        self.want = want;
        for side in &mut self.sides {
            if let Phase::Chunks(dechunker) = &mut side.phase {
                dechunker.wants(want);
            }
        }
    }

    /// Bytes that a copy of it takes, about; `None` while a direction is searched, when a copy is not worth making.
    pub fn weight(&self) -> Option<usize> {
        let mut weight = size_of::<Session>() + 2 * size_of::<Dechunker>();
        for side in &self.sides {
            weight += match &side.phase {
                Phase::Chunks(dechunker) => dechunker.weight()?,
                Phase::Opening(_) | Phase::Dark { .. } => 2 * PACKET,
            };
        }
        Some(weight)
    }

    /// Takes the next piece of a direction. Inlined up to the pieces that only go on with a message, as most do.
    #[inline(always)]
    pub fn push(&mut self, dir: Direction, stamp: Stamp, piece: Piece<'_>, sink: &mut impl Sink) {
        self.last = self.last.max(stamp.time);
        let mut bytes = match piece {
            Piece::Data(bytes) => bytes,
            Piece::Gap(missing, loss) => return self.gap(dir, stamp, missing, loss, sink),
            Piece::End(ending) => return self.end(dir, ending, stamp, sink),
        };
        let side = self.side_mut(dir);
        side.bytes += bytes.len() as u64;
        let Phase::Chunks(dechunker) = &mut side.phase else { return self.shakes(dir, stamp, bytes, sink) };
        dechunker.note(stamp, bytes.len());
        if !dechunker.passes(&mut bytes, stamp) {
            self.chunks(dir, stamp, bytes, sink);
        }
    }

    /// Ends the session.
    pub fn finish(mut self, sink: &mut impl Sink) {
        let stamp = Stamp { time: self.last, ..Stamp::default() };
        for dir in Direction::BOTH {
            self.stop(dir, stamp, sink);
        }
        let (how, by) = match self.ended {
            Some((how @ (Ending::Fin | Ending::Reset), by)) => (how, Some(by)),
            Some((how, _)) => (how, None),
            None => (Ending::Unfinished, None),
        };
        let [client, server] = &self.sides;
        let seen = Seen {
            handshake: [handshake_bytes(client), handshake_bytes(server)],
            encrypted: self.encrypted(),
            late: self.late,
            holes: [has_holes(client, server), has_holes(server, client)],
            foreign_server: speaks_otherwise(server),
        };
        sink.take(Record::Closed(Closed {
            session: self.id,
            time: self.last,
            how,
            by,
            verdict: self.dialogue.verdict(how, by, seen),
            messages: self.dialogue.messages(),
            bytes: [client.bytes, server.bytes],
            missing: [client.missing, server.missing],
        }));
    }

    /// Takes bytes of the handshake, and what follows it.
    #[inline(never)]
    fn shakes(&mut self, dir: Direction, stamp: Stamp, bytes: &[u8], sink: &mut impl Sink) {
        let mut input = bytes;
        let origin = self.want.origin;
        loop {
            // Parts of the handshake and the first chunks may stand in the same packet.
            let before = (bytes.len() - input.len()) as u32;
            let stamp = Stamp { frame_offset: stamp.frame_offset + before, ..stamp };
            match &mut self.side_mut(dir).phase {
                Phase::Dark { .. } => return,
                Phase::Opening(opening) => match opening.poll(&mut input, stamp, origin) {
                    None => return,
                    Some(progress) => self.shake(dir, progress, sink),
                },
                Phase::Chunks(dechunker) => {
                    dechunker.note(stamp, input.len());
                    return self.chunks(dir, stamp, input, sink);
                }
            }
        }
    }

    #[inline(never)]
    fn chunks(&mut self, dir: Direction, stamp: Stamp, mut input: &[u8], sink: &mut impl Sink) {
        let Session { id, sides: [client, server], dialogue, .. } = self;
        let side = if dir == Direction::ClientToServer { client } else { server };
        let Phase::Chunks(dechunker) = &mut side.phase else { return };
        while let Some(event) = dechunker.poll(&mut input, stamp) {
            match event {
                Event::Message(mut message) => {
                    dialogue.message(dir, &mut message, sink);
                    dechunker.reuse(message);
                }
                event => report(*id, dir, stamp, event, dialogue, sink),
            }
        }
    }

    #[inline(never)]
    fn gap(&mut self, dir: Direction, stamp: Stamp, missing: u64, loss: Loss, sink: &mut impl Sink) {
        if let Loss::Cut(kept) = loss {
            self.cut(dir, stamp, kept, sink);
        }
        let (want, limits) = (self.want, self.limits);
        let side = self.side_mut(dir);
        let at = side.bytes;
        side.bytes += missing;
        side.missing += missing;
        let mut rest = missing;
        if let Phase::Opening(opening) = &mut side.phase {
            let version = opening.first_byte().map(Version);
            let missed = opening.miss(missing);
            side.version = side.version.or(version);
            let behind = if let Missed::All { behind, .. } = missed { behind } else { 0 };
            if !matches!(loss, Loss::Cut(_)) && missing > behind {
                let (missing, action) = (missing - behind, GapAction::Continued);
                let found = Found { lost_at: at, missing, skipped: 0, cut: 0, why: IN_HANDSHAKE, action };
                sink.take(Record::Gap(gap_record(self.id, dir, stamp, found)));
            }
            let Missed::All { end, .. } = missed else { return };
            rest = behind;
            self.begin_chunks(dir, end);
            if behind > 0 {
                self.late = true;
                if let Phase::Chunks(dechunker) = &mut self.side_mut(dir).phase {
                    **dechunker = Dechunker::late(end, "what follows the handshake was not captured", want, &limits);
                }
            }
        }
        if rest > 0 {
            self.dialogue.missed(dir);
        }
        match &mut self.side_mut(dir).phase {
            Phase::Chunks(dechunker) if rest > 0 => dechunker.gap(rest, loss, stamp),
            Phase::Dark { .. } => {
                let (why, action) = (loss.reason(), GapAction::Stopped);
                let found = Found { lost_at: at, missing, skipped: 0, cut: 0, why, action };
                sink.take(Record::Gap(gap_record(self.id, dir, stamp, found)));
                return;
            }
            _ => {}
        }
        // Messages that were cut are ready now.
        self.chunks(dir, stamp, &[], sink);
    }

    /// Says once that the capture keeps only the beginnings of packets.
    fn cut(&mut self, dir: Direction, stamp: Stamp, kept: u32, sink: &mut impl Sink) {
        if !std::mem::replace(&mut self.cut_told, true) {
            let text = format!("packets are cut at {kept} bytes: headers only; recapture with full length");
            let at = self.side(dir).bytes;
            sink.take(Record::Finding(finding(self.id, dir, stamp, rules::PACKETS_CUT, at, text)));
        }
    }

    #[inline(never)]
    fn end(&mut self, dir: Direction, ending: Ending, stamp: Stamp, sink: &mut impl Sink) {
        self.stop(dir, stamp, sink);
        // A side that never ended says less than one that did.
        let says_more = |(known, _): &(Ending, _)| *known == Ending::Unfinished && ending != Ending::Unfinished;
        if self.ended.is_none() || self.ended.as_ref().is_some_and(says_more) {
            self.ended = Some((ending, dir));
        }
    }

    /// Reports the unfinished messages of a direction and decodes nothing more of it.
    fn stop(&mut self, dir: Direction, stamp: Stamp, sink: &mut impl Sink) {
        let Session { id, sides: [client, server], dialogue, .. } = self;
        let side = if dir == Direction::ClientToServer { client } else { server };
        let handshake = handshake_bytes(side);
        let Phase::Chunks(dechunker) = &mut side.phase else { return };
        while dechunker.last_chance(stamp) {
            while let Some(event) = dechunker.poll(&mut &[][..], stamp) {
                report(*id, dir, stamp, event, dialogue, sink);
            }
        }
        for mut message in dechunker.stop() {
            dialogue.message(dir, &mut message, sink);
        }
        dialogue.ended(dir, sink);
        if let Some(found) = dechunker.abandon().filter(|found| found.missing + found.skipped > 0) {
            sink.take(Record::Gap(gap_record(*id, dir, stamp, found)));
        }
        side.phase = Phase::Dark { handshake };
    }

    /// The handshake of a side is over at stream offset `at`.
    fn begin_chunks(&mut self, dir: Direction, at: u64) {
        self.dialogue.heard(dir);
        self.side_mut(dir).phase = if self.encrypted() {
            Phase::Dark { handshake: WHOLE_HANDSHAKE }
        } else {
            Phase::Chunks(Box::new(Dechunker::new(at, self.want, &self.limits)))
        };
    }

    /// Does an RC4 stream follow the handshake? The server's version decides; the client's while there is no other.
    fn encrypted(&self) -> bool {
        let [client, server] = &self.sides;
        server.version.or(client.version).is_some_and(Version::is_encrypted)
    }

    fn side(&self, dir: Direction) -> &Side {
        let [client, server] = &self.sides;
        if dir == Direction::ClientToServer { client } else { server }
    }

    fn side_mut(&mut self, dir: Direction) -> &mut Side {
        let [client, server] = &mut self.sides;
        if dir == Direction::ClientToServer { client } else { server }
    }
}

fn handshake_bytes(side: &Side) -> usize {
    match &side.phase {
        Phase::Opening(opening) => opening.seen(),
        Phase::Dark { handshake } => *handshake,
        Phase::Chunks(_) => WHOLE_HANDSHAKE,
    }
}

/// Did a side say more than what was seen of it? Nobody ends a handshake alone.
fn has_holes(side: &Side, other: &Side) -> bool {
    side.missing > 0 || side.bytes == 0 && handshake_bytes(other) == WHOLE_HANDSHAKE
}

/// Is the first byte of a side no version of RTMP?
fn speaks_otherwise(side: &Side) -> bool {
    let Phase::Opening(opening) = &side.phase else { return false };
    opening.first_byte().is_some_and(|byte| byte != Version::PLAIN.0 && !Version(byte).is_encrypted())
}

fn finding(session: u32, dir: Direction, stamp: Stamp, rule: Rule, at: u64, text: String) -> Finding {
    Finding { session, dir, time: stamp.time, seq: None, at, rule, text }
}

/// Hands on what a dechunker found.
fn report(session: u32, dir: Direction, stamp: Stamp, event: Event, dialogue: &mut Dialogue, sink: &mut impl Sink) {
    match event {
        Event::Message(mut message) => dialogue.message(dir, &mut message, sink),
        Event::Finding(rule, at, text) => sink.take(Record::Finding(finding(session, dir, stamp, rule, at, text))),
        // Behind a hole it may be the resumption that was wrong; the gap that follows tells of it.
        Event::Lost(_) if dialogue.missed(dir) => {}
        Event::Lost(at) => {
            let text = "this cannot be a chunk header: the bytes before it were not what they seemed".to_owned();
            sink.take(Record::Finding(finding(session, dir, stamp, rules::IMPLAUSIBLE, at, text)));
        }
        Event::Gap(found) => sink.take(Record::Gap(gap_record(session, dir, stamp, found))),
    }
}

fn gap_record(session: u32, dir: Direction, stamp: Stamp, found: Found) -> Gap {
    let Stamp { time, packet, .. } = stamp;
    let Found { lost_at, missing, skipped, cut, why, action } = found;
    Gap { session, dir, time, packet, at: lost_at, missing, skipped, lost_messages: cut, action, why }
}

const IN_HANDSHAKE: &str = "bytes of the handshake were not captured";

mod shaking;
#[cfg(test)]
mod tests;
