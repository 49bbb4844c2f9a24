//! Where does the next chunk begin? Evidence for a guess, after lost bytes or in a capture that starts in mid-session.
//!
//! A guess is a chain of headers, each where the one before it says. Each header adds the bits of surprise that it would
//! be in random bytes. A chain is believed when chance cannot have made it, and from the message on at which what lies
//! before is evidence enough by itself: a true chain proves nothing about a false header that happens to lead to it.
//! A chain goes over bytes that are missing if no header lies in them.

use super::streams::Streams;
use crate::wire::chunk::ChunkHeader;
use crate::wire::code::{Kind, MessageType};

mod acks;
mod chain;
mod search;
mod spotter;

pub(super) use search::{Place, Search, Waiting};
pub use spotter::Spotter;

/// Bits of evidence that make a chain a fact: one wrong guess in 2^64 offsets.
const ENOUGH: u32 = 64;

/// Bits up to and with the header of the first message that is believed. Behind it the chain goes on to [`ENOUGH`],
/// which it does from few places only: about 9 bits more.
const TRUSTED: u32 = 24;

/// Bits that headers behind a place that is known must add, to believe a chunk size or the length of a message.
const CHOSEN: u32 = 24;

/// Bits of a chain that may go on over a message of which no header states the length.
const DARING: u32 = 16;

/// Bits that the choice of a length costs: so many were tried.
const CHOICE: u32 = 13;

/// The longest message whose length is tried.
const LONGEST_GUESS: u32 = 8192;

/// Messages of a length that was found by trying, each of which must lead to a header that says type and length.
/// Headers that leave these out are no evidence for it: bodies may repeat themselves.
const GUESS_USES: u32 = 2;

/// Chunk streams above this one are too rare for headers that say nothing but the chunk stream.
const LAST_USUAL: u32 = 15;

/// Bits of evidence in a chain that ends with the stream.
const AT_THE_END: u32 = 10;

/// Chunk sizes that software uses, most usual first; tried when the size is not known.
pub(super) const USUAL_SIZES: [u32; 16] = [
    4096, 128, 65_536, 60_000, 1024, 5000, 8192, 2048, 256, 512, 10_000, 16_384, 32_768, 131_072, 1_000_000, 0xff_ffff,
];

/// The longest step of time between two messages of a chunk stream that counts as usual, in milliseconds.
const USUAL_STEP: u32 = 10_000;

/// What is known before the guess.
pub(super) struct Known<'a> {
    /// The chunk streams, as they were before the bytes that are missing.
    pub(super) streams: &'a Streams,
    /// The chunk sizes that are possible, most likely first; 32 at most.
    pub(super) sizes: &'a [u32],
    /// Do fmt 3 chunks repeat extended timestamps?
    pub(super) repeats: bool,
    /// Chains that need more bytes than this are given up.
    pub(super) longest: u64,
}

/// A chunk stream within a chain.
#[derive(Clone, Copy, Debug)]
struct Link {
    csid: u32,
    kind: MessageType,
    length: u32,
    left: u32,
    extended: Option<u32>,
    /// A header that was seen says all this; of what is remembered or tried, headers that repeat it are no evidence.
    stated: bool,
    /// The length was found by trying; so many messages of it led to a header.
    guess: Option<u32>,
    /// The number in the last of the acknowledgements of which no header says that they are some.
    acked: Option<u32>,
}

/// The evidence of one header, and what its chunk stream looks like after it; `None` when it does not fit.
fn weigh(header: &ChunkHeader, open: Option<Link>, known: &Known<'_>) -> Option<(u32, Link)> {
    let csid = header.basic.csid;
    let past = known.streams.peek(csid);
    let familiar = if past.is_some() || open.is_some() { 4 } else { u32::from(csid < 10) };
    match header.basic.fmt {
        fmt @ (0 | 1) => {
            // Bytes of the message before are still owed.
            if open.is_some_and(|link| link.left > 0) {
                return None;
            }
            let (kind, length) = (header.message_type?, header.length?);
            let mut bits = familiar + weigh_shape(kind, length, csid)?;
            if past.is_some_and(|past| past.message_type == kind) || open.is_some_and(|link| link.kind == kind) {
                bits += 4;
            }
            let time = header.timestamp.unwrap_or_default();
            if fmt == 0 {
                let stream = header.stream_id?;
                if stream > 64 {
                    return None;
                }
                bits += if past.is_some_and(|past| past.stream_id == stream) { 26 } else { 22 };
                if let Some(past) = past {
                    // Serial arithmetic: time goes on from where it was, or not at all (control messages).
                    let step = time.wrapping_sub(past.timestamp);
                    bits += if step < 30 * USUAL_STEP || time == 0 { 4 } else { 0 };
                }
            } else if time < USUAL_STEP {
                bits += 10;
            } else {
                return None;
            }
            // Before a true header any byte of 64 times n makes one of the longer forms, and what follows is true then.
            if csid > 63 && past.is_none() && open.is_none() {
                return None;
            }
            let extended = header.timestamp.filter(|_| header.extended);
            Some((bits, Link { csid, kind, length, left: length, extended, stated: true, guess: None, acked: None }))
        }
        2 => {
            let link = open.or_else(|| remembered(csid, known)).filter(|link| link.left == 0)?;
            let usual = header.timestamp.is_some_and(|step| step < USUAL_STEP);
            usual.then_some((10 + familiar, Link { left: link.length, extended: None, ..link }))
        }
        _ => {
            // A continuation must be where it has to be; that it is there is nearly a byte of evidence.
            let link = open.or_else(|| remembered(csid, known))?;
            match link.left {
                0 => Some((if link.stated { 4 } else { 1 }, Link { left: link.length, ..link })),
                _ => Some((if link.stated { 7 } else { 0 }, link)),
            }
        }
    }
}

/// A chunk stream as it was before the bytes that are missing. Whether its messages still have that length shows in
/// what follows.
fn remembered(csid: u32, known: &Known<'_>) -> Option<Link> {
    let past = known.streams.peek(csid)?;
    if let Some(open) = &past.open {
        // Nothing is missing before a place that is known: bytes are owed still.
        let (kind, length) = (open.message.head.message_type, open.message.head.length);
        let left = length.saturating_sub(open.received);
        return Some(Link {
            csid,
            kind,
            length,
            left,
            extended: past.extended,
            stated: true,
            guess: None,
            acked: None,
        });
    }
    let (kind, length) = (past.message_type, past.length);
    // Only sound, pictures and what is told of them come again and again with headers that leave their shape out.
    (length > 0 && (kind.kind().is_media() || kind == MessageType::DATA)).then_some(Link {
        csid,
        kind,
        length,
        left: 0,
        extended: past.extended,
        stated: false,
        guess: None,
        acked: None,
    })
}

/// The evidence in a type, its length and its chunk stream; `None` for combinations that no sender makes.
fn weigh_shape(kind: MessageType, length: u32, csid: u32) -> Option<u32> {
    let control = |size| (length == size && csid == 2).then_some(28);
    match kind.kind() {
        Kind::Control if kind == MessageType::SET_PEER_BANDWIDTH => control(5),
        Kind::Control => control(4),
        Kind::UserControl => [3, 6, 10, 44].contains(&length).then_some(20),
        Kind::Audio => (length <= 0xffff).then_some(12),
        Kind::Video => (length <= 0x3f_ffff).then_some(6),
        Kind::Command | Kind::Data | Kind::SharedObject => (3..=0xffff).contains(&length).then_some(12),
        Kind::Aggregate => (11..=0x3f_ffff).contains(&length).then_some(6),
        Kind::Unknown => None,
    }
}

/// The only type that a body with these first bytes can have, of those that come again and again; `None` when it may
/// have several.
fn body_type(body: &[u8]) -> Option<MessageType> {
    if let [2, 0, ..] = body {
        // An AMF0 string: what players are told of the stream, or a command.
        let names = [b"\x02\x00\x0d@setDataFr", &b"\x02\x00\x0aonMetaDat"[..]];
        return names.iter().any(|name| body.starts_with(name)).then_some(MessageType::DATA);
    }
    let [first, fourcc @ ..] = body else { return None };
    let fourcc = fourcc.first_chunk::<4>();
    let (high, low) = (first >> 4, first & 15);
    let audio = match high {
        9 => fourcc.is_some_and(|code| matches!(code, b"mp4a" | b"Opus" | b"ac-3" | b"ec-3" | b"fLaC" | b".mp3")),
        // 12 and 13 were never given out.
        12 | 13 => false,
        _ => true,
    };
    let video = if high & 8 != 0 {
        fourcc.is_some_and(|code| matches!(code, b"avc1" | b"hvc1" | b"vvc1" | b"av01" | b"vp08" | b"vp09"))
    } else {
        (1..=5).contains(&high) && (1..=7).contains(&low)
    };
    match (audio, video) {
        (true, false) => Some(MessageType::AUDIO),
        (false, true) => Some(MessageType::VIDEO),
        _ => None,
    }
}

/// May a message of this type begin with these bytes?
fn may_begin(kind: MessageType, body: &[u8]) -> bool {
    match kind.kind() {
        Kind::Audio | Kind::Video => body_type(body).is_none_or(|found| found == kind),
        // A name.
        _ => matches!(body, [2, 0, _, b' '..=b'~', ..]),
    }
}

#[cfg(test)]
mod tests;
