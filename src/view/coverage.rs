//! How much of a session is explained: a figure that adds up to every byte that was captured.

use std::fmt::Write as _;

use super::bytes_text;
use crate::field::Tally;
use crate::record::{
    Closed, GapAction, Handshake, Joined, Message, Record, Step, annotate_body, annotate_handshake, annotate_header,
};
use crate::stream::Direction;
use crate::wire::chunk::LONGEST_HEADER;
use crate::wire::handshake::Version;

/// What became of the bytes of a session, gathered from its records. Needs whole bodies and the chunks of messages.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    tally: Tally,
    encrypted: u64,
    /// Captured bytes, in all.
    captured: u64,
    /// Bytes for which nothing of the above accounts, or that were counted twice.
    unaccounted: u64,
    joined: Option<Joined>,
    version: Option<Version>,
    sides: [Side; 2],
}

/// What is known of one direction while its session lasts. All in stream bytes, those that were not captured included.
#[derive(Clone, Copy, Debug, Default)]
struct Side {
    /// Bytes that something accounts for.
    known: u64,
    /// Those of them that were not captured.
    missing: u64,
    /// Where the last record ends.
    end: u64,
    /// Captured bytes of chunks that are not in the body of their message.
    not_kept: u64,
    /// Some chunks of a message are not described.
    headers_dropped: bool,
    /// The handshake is complete.
    shaken: bool,
}

impl Coverage {
    /// Takes a record of the session into account.
    pub fn add(&mut self, record: &Record) {
        match record {
            Record::Opened(opened) => self.joined = Some(opened.joined),
            Record::Handshake(handshake) => self.handshake(handshake),
            // The bytes of a part of an aggregate are those of the aggregate.
            Record::Message(message) if message.within.is_none() => self.message(message),
            Record::Gap(gap) => {
                if gap.skipped > 0 {
                    self.tally.add_gap("passed over while the next message was looked for", gap.skipped * 8);
                }
                let side = self.side(gap.dir);
                side.end = side.end.max(gap.at + gap.missing + gap.skipped);
                side.known += gap.skipped;
                // A hole inside of a chunk is counted with the chunk.
                if gap.action != GapAction::Continued {
                    side.known += gap.missing;
                    side.missing += gap.missing;
                }
            }
            Record::Closed(closed) => self.close(closed),
            _ => {}
        }
    }

    /// Adds another session.
    pub fn merge(&mut self, other: &Coverage) {
        self.tally.add(&other.tally);
        self.encrypted += other.encrypted;
        self.captured += other.captured;
        self.unaccounted += other.unaccounted;
    }

    /// Bytes that nothing explains and that have no name either: not decoded here, or not accounted for at all.
    pub fn unexplained(&self) -> u64 {
        self.tally.undecoded.iter().map(|(_, bits)| bits).sum::<u64>().div_ceil(8) + self.unaccounted
    }

    /// Bytes that were counted: as many as were captured.
    pub fn counted(&self) -> u64 {
        self.tally.total() / 8 + self.encrypted + self.unaccounted
    }

    /// Captured bytes.
    pub fn captured(&self) -> u64 {
        self.captured
    }

    fn side(&mut self, dir: Direction) -> &mut Side {
        let [client, server] = &mut self.sides;
        if dir == Direction::ClientToServer { client } else { server }
    }

    fn handshake(&mut self, handshake: &Handshake) {
        annotate_handshake(handshake, &mut self.tally);
        if let Step::First { version, .. } = handshake.step
            && (handshake.dir == Direction::ServerToClient || self.version.is_none())
        {
            self.version = Some(version);
        }
        let side = self.side(handshake.dir);
        let before = handshake.span.0.saturating_sub(side.end);
        side.known += before + handshake.bytes.len() as u64;
        side.end = handshake.span.1;
        side.shaken = matches!(handshake.step, Step::Second { .. });
        self.tally.add_gap("in front of the handshake", before * 8);
    }

    fn message(&mut self, message: &Message) {
        for part in &message.parts {
            annotate_header(part, &mut self.tally);
        }
        annotate_body(message, &mut self.tally);
        let body = message.body.bytes().len() as u64;
        let arrived = u64::from(message.arrived());
        let carried: u64 = message.parts.iter().map(|part| u64::from(part.payload_len)).sum();
        let headers: u64 = message.parts.iter().map(|part| u64::from(part.header_len)).sum();
        let side = self.side(message.dir);
        side.known += headers + carried.max(body);
        side.end = side.end.max(message.span.1);
        side.missing += carried.saturating_sub(arrived);
        side.not_kept += arrived.min(carried).saturating_sub(body);
        side.headers_dropped |= (message.parts.len() as u64) < u64::from(message.chunks);
    }

    fn close(&mut self, closed: &Closed) {
        let encrypted = self.version.is_some_and(Version::is_encrypted);
        let sides = std::mem::take(&mut self.sides).into_iter().zip(closed.bytes).zip(closed.missing);
        for ((side, bytes), missing) in sides {
            self.captured += bytes.saturating_sub(missing);
            // Nothing behind a hole in a chunk, or beyond the limit of a message, is kept.
            self.tally.add_gap("not kept: behind a hole in its message, or beyond a limit", side.not_kept * 8);
            let unknown = bytes.saturating_sub(side.known);
            // Of a handshake part with a hole there is no record.
            let holes = missing.saturating_sub(side.missing).min(unknown);
            let rest = unknown - holes;
            let tail = rest == bytes.saturating_sub(side.end);
            if encrypted && side.shaken {
                self.encrypted += rest;
            } else if (tail || holes > 0) && self.joined == Some(Joined::Start) && !side.shaken {
                self.tally.add_gap("a handshake that is not whole", rest * 8);
            } else if tail && rest < LONGEST_HEADER as u64 {
                self.tally.add_gap("a chunk header that was not finished", rest * 8);
            } else if side.headers_dropped {
                self.tally.add_gap("headers of chunks beyond the limit", rest * 8);
            } else {
                self.unaccounted += rest;
            }
            self.unaccounted += side.known.saturating_sub(bytes);
        }
    }

    /// The figure in words.
    pub fn text(&self) -> String {
        let bytes = |bits: u64| bytes_text(bits.div_ceil(8));
        let mut text = format!("{} captured: ", bytes_text(self.captured));
        let _ = write!(text, "{} explained, {} media payload", bytes(self.tally.meaning), bytes(self.tally.media));
        if self.encrypted > 0 {
            let _ = write!(text, ", {} encrypted", bytes_text(self.encrypted));
        }
        let mut named = |counts: &[(&'static str, u64)], title: &str, other: u64| {
            let total = counts.iter().map(|(_, bits)| bits).sum::<u64>() + other * 8;
            let mut counts: Vec<_> = counts.to_vec();
            counts.extend((other > 0).then_some(("not accounted for", other * 8)));
            counts.sort_by_key(|(name, bits)| (std::cmp::Reverse(*bits), *name));
            let names: Vec<String> = counts.iter().map(|(name, bits)| format!("{name} {}", bytes(*bits))).collect();
            let names = if names.is_empty() { String::new() } else { format!(" ({})", names.join("; ")) };
            let _ = write!(text, ", {} {title}{names}", bytes(total));
        };
        named(&self.tally.gaps, "in named gaps", 0);
        named(&self.tally.undecoded, "unexplained", self.unaccounted);
        text
    }
}
