//! Where does the next chunk begin? Evidence for a guess, after lost bytes or in a capture that starts in mid-session.
//!
//! A candidate is the offset of a message's first header. It is believed when the chunks that follow from it, header by
//! header, fit so well that chance cannot have made them: each header adds the bits of surprise that it would be in random
//! bytes. Nothing is believed on a single header.

use super::streams::Streams;
use crate::field::Reader;
use crate::wire::chunk::ChunkHeader;
use crate::wire::code::{Kind, MessageType};

/// Bits of evidence that make a guess a fact: one wrong guess in 2^64 offsets.
const ENOUGH: u32 = 64;

/// Chunk sizes that software uses, most usual first; tried when the size is not known.
pub(super) const USUAL_SIZES: [u32; 14] =
    [4096, 128, 65_536, 60_000, 1024, 5000, 8192, 2048, 256, 512, 16_384, 32_768, 131_072, 1_000_000];

/// The longest step of time between two messages of a chunk stream that counts as usual, in milliseconds.
const USUAL_STEP: u32 = 10_000;

/// What is said of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// Chunks begin here.
    Sync {
        /// The chunk size that fits.
        chunk_size: u32,
        /// Bits of evidence.
        bits: u32,
        /// Bytes that were followed to find it: the headers among them need no more proof.
        followed: usize,
    },
    /// More bytes will tell.
    Unsure,
    /// Chunks do not begin here.
    No,
}

/// What is known before the guess.
pub(super) struct Known<'a> {
    /// The chunk streams, as they were before the bytes that are missing.
    pub(super) streams: &'a Streams,
    /// The chunk size, when it is known.
    pub(super) chunk_size: Option<u32>,
    /// Do fmt 3 chunks repeat extended timestamps?
    pub(super) repeats: bool,
    /// No more bytes will come.
    pub(super) ended: bool,
}

/// Judges the candidate at the front of `bytes`.
pub(super) fn judge(bytes: &[u8], known: &Known<'_>) -> Judgement {
    // A header that leaves out length and type can open a chain on a chunk stream that had one before, and a first
    // message on an id of two or three bytes is too rare to look for. Most offsets fail here.
    let Some(first) = bytes.first() else { return Judgement::Unsure };
    let csid = u32::from(first & 0x3f);
    if csid < 2 || first >> 6 > 1 && known.streams.peek(csid).is_none() {
        return Judgement::No;
    }
    match known.chunk_size {
        Some(size) => follow(bytes, size, known),
        None => {
            // The first size that leads to a chain wins; sizes that no message here exceeds fit equally well.
            let mut unsure = false;
            for size in USUAL_SIZES {
                match follow(bytes, size, known) {
                    Judgement::No => {}
                    Judgement::Unsure => unsure = true,
                    sync => return sync,
                }
            }
            if unsure { Judgement::Unsure } else { Judgement::No }
        }
    }
}

/// Do these first bytes of a direction hold chunks, wherever they begin?
pub fn holds_chunks(bytes: &[u8], ended: bool) -> bool {
    let streams = Streams::new(0);
    let known = Known { streams: &streams, chunk_size: None, repeats: false, ended };
    (0..bytes.len()).any(|at| matches!(judge(bytes.get(at..).unwrap_or_default(), &known), Judgement::Sync { .. }))
}

/// A chunk stream within a chain.
#[derive(Clone, Copy)]
struct Link {
    csid: u32,
    kind: MessageType,
    length: u32,
    left: u32,
    extended: Option<u32>,
}

/// Follows the chunks from the front of `bytes` on.
fn follow(bytes: &[u8], chunk_size: u32, known: &Known<'_>) -> Judgement {
    let mut links: Vec<Link> = Vec::new();
    let (mut at, mut bits, mut messages) = (0usize, 0u32, 0u32);
    let short = if known.ended { Judgement::No } else { Judgement::Unsure };
    loop {
        let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) else { return short };
        let mut r = Reader::quiet(rest);
        let header = ChunkHeader::read(&mut r, |csid, ahead| {
            let extended = links.iter().find(|link| link.csid == csid).and_then(|link| link.extended);
            extended.is_some_and(|value| known.repeats || ahead.starts_with(&value.to_be_bytes()))
        });
        let Ok(header) = header else { return short };
        let csid = header.basic.csid;
        let place = links.iter().position(|link| link.csid == csid);
        let open = place.and_then(|n| links.get(n)).copied();
        let Some((gain, link)) = weigh(&header, open, known) else { return Judgement::No };
        bits += gain;
        messages += u32::from(header.basic.fmt < 3 || open.is_none_or(|link| link.left == 0));
        if bits >= ENOUGH && messages >= 2 {
            return Judgement::Sync { chunk_size, bits, followed: at + r.at() };
        }
        let payload = link.left.min(chunk_size);
        let link = Link { left: link.left - payload, ..link };
        match place.and_then(|n| links.get_mut(n)) {
            Some(slot) => *slot = link,
            None => links.push(link),
        }
        at += r.at() + payload as usize;
    }
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
            let extended = header.timestamp.filter(|_| header.extended);
            Some((bits, Link { csid, kind, length, left: length, extended }))
        }
        2 => {
            let link = open.or_else(|| remembered(csid, known)).filter(|link| link.left == 0)?;
            let usual = header.timestamp.is_some_and(|step| step < USUAL_STEP);
            usual.then_some((10 + familiar, Link { left: link.length, extended: None, ..link }))
        }
        _ => {
            // A continuation must be where it has to be; that it is there is nearly a byte of evidence.
            let link = open.or_else(|| remembered(csid, known))?;
            if link.left > 0 { Some((7, link)) } else { Some((4, Link { left: link.length, ..link })) }
        }
    }
}

/// A chunk stream as it was before the bytes that are missing. Whether its messages still have that length shows in
/// what follows.
fn remembered(csid: u32, known: &Known<'_>) -> Option<Link> {
    let past = known.streams.peek(csid).filter(|past| past.length > 0)?;
    let (kind, length) = (past.message_type, past.length);
    Some(Link { csid, kind, length, left: 0, extended: None })
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

#[cfg(test)]
mod tests;
