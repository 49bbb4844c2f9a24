//! The chunk streams of one direction: what each remembers from its last header, and its unfinished message.

use std::collections::HashMap;

use bytes::BytesMut;

use super::Assembled;
use crate::record::{Body, Part};
use crate::stream::Stamp;
use crate::wire::body;
use crate::wire::chunk::{ChunkHeader, LONGEST_HEADER};
use crate::wire::code::{Kind, MessageType};

/// What a chunk stream remembers.
#[derive(Clone, Debug)]
pub(super) struct ChunkStream {
    pub(super) timestamp: u32,
    pub(super) unwrapped: u64,
    pub(super) delta: u32,
    pub(super) length: u32,
    pub(super) message_type: MessageType,
    pub(super) stream_id: u32,
    /// The value of the last extended timestamp field, while the last explicit header had one.
    pub(super) extended: Option<u32>,
    pub(super) open: Option<Open>,
    /// Formats of the sound or the pictures that it carried, as bits.
    formats: u16,
    /// What of the above is known: all of it, until bytes are lost.
    pub(super) sure: Sure,
    /// Used for the last time at this chunk.
    pub(super) used: u64,
}

/// Which facts of a chunk stream are known. After lost bytes each comes back with the next header that states it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sure {
    /// Length and type of messages.
    pub(super) shape: bool,
    /// The absolute timestamp.
    pub(super) time: bool,
    /// The message stream.
    pub(super) stream_id: bool,
}

impl Default for ChunkStream {
    fn default() -> Self {
        ChunkStream {
            timestamp: 0,
            unwrapped: 0,
            delta: 0,
            length: 0,
            message_type: MessageType(0),
            stream_id: 0,
            extended: None,
            open: None,
            formats: 0,
            sure: Sure { shape: false, time: false, stream_id: false },
            used: 0,
        }
    }
}

impl ChunkStream {
    /// Sets an absolute time, following wraps at 2^32.
    pub(super) fn set_time(&mut self, timestamp: u32) {
        // A step forward of less than half the range that passes 2^32 is a wrap; everything else is taken as it is.
        let forward = timestamp.wrapping_sub(self.timestamp);
        let wraps = forward < 1 << 31 && timestamp < self.timestamp;
        let era = (self.unwrapped >> 32) + u64::from(wraps);
        self.timestamp = timestamp;
        self.unwrapped = era << 32 | u64::from(timestamp);
    }
}

impl ChunkStream {
    /// Is this the first message in a format that its chunk stream never had? A publisher may change it, but foreign
    /// bytes look like that, too.
    #[inline]
    pub(super) fn is_strange(&mut self, open: &Open) -> bool {
        let first = open.kept.first();
        let format = match (open.message.head.message_type, first) {
            (MessageType::AUDIO, Some(first)) => first >> 4,
            (MessageType::VIDEO, Some(first)) if first & 0x80 == 0 => first & 15,
            // Enhanced: no codec has this number.
            (MessageType::VIDEO, Some(_)) => 0,
            _ => return false,
        };
        let before = self.formats;
        self.formats |= 1 << format;
        before != 0 && before != self.formats
    }
}

/// A message of which bytes are still owed.
#[derive(Clone, Debug)]
pub(super) struct Open {
    /// What is known of it so far, up to the last byte that came.
    pub(super) message: Box<Assembled>,
    pub(super) received: u32,
    /// Bytes that were lost on the way, counted in `received`.
    pub(super) lost: u32,
    pub(super) kept: Kept,
}

impl Open {
    /// Keeps what it may of the next bytes of the body; tells how many bytes it holds more than before.
    #[inline]
    pub(super) fn keep(&mut self, bytes: &[u8], most: usize, room_in_all: usize) -> usize {
        if self.kept.is_full() {
            return 0;
        }
        let room = most.saturating_sub(self.kept.held()).min(room_in_all);
        let head = &self.message.head;
        self.kept.push(head.message_type, bytes, room, head.length as usize)
    }

    /// The next chunk begins, with a header of `bytes` at stream offset `at`, carried by the packets of its first and
    /// its last byte. It is described unless that many are.
    #[inline]
    pub(super) fn chunk(
        &mut self,
        header: &ChunkHeader,
        bytes: &[u8],
        at: u64,
        (first, last): (Stamp, Stamp),
        most_described: usize,
    ) {
        let message = &mut *self.message;
        message.chunks += 1;
        (message.span.1, message.last) = (at + bytes.len() as u64, last);
        if message.parts.len() < most_described {
            let mut copy = [0; LONGEST_HEADER];
            if let Some(slot) = copy.get_mut(..bytes.len()) {
                slot.copy_from_slice(bytes);
            }
            message.parts.push(Part {
                start: at,
                header_len: bytes.len() as u8,
                header: copy,
                payload_len: 0,
                repeats_extended: header.basic.fmt == 3 && header.extended,
                packets: (first.packet, last.packet),
            });
        }
    }
}

/// The bytes kept of an unfinished message.
#[derive(Clone, Debug)]
pub(super) enum Kept {
    Head {
        bytes: [u8; Body::HEAD],
        len: u8,
        /// How many bytes it may hold: fewer when a hole follows.
        most: u8,
        /// Whether all is wanted where the first bytes do not tell the units of a picture.
        units: bool,
    },
    Whole(BytesMut),
    /// The bytes before a hole.
    Closed(BytesMut),
}

impl Kept {
    /// Keeps nothing more: what follows a hole would stand in the wrong place.
    pub(super) fn close(&mut self) {
        match self {
            Kept::Whole(bytes) => *self = Kept::Closed(std::mem::take(bytes)),
            Kept::Head { len, most, .. } => *most = *len,
            Kept::Closed(_) => {}
        }
    }

    /// The first byte of the body.
    #[inline]
    fn first(&self) -> Option<u8> {
        match self {
            Kept::Head { bytes, len, .. } => bytes.first().copied().filter(|_| *len > 0),
            Kept::Whole(bytes) | Kept::Closed(bytes) => bytes.first().copied(),
        }
    }

    /// Are all bytes held that are wanted?
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        matches!(self, Kept::Head { len, .. } if usize::from(*len) == Body::HEAD)
    }

    /// Like [`Open::keep`], with the room that is left and the length that the message announces.
    fn push(&mut self, kind: MessageType, bytes: &[u8], room: usize, announced: usize) -> usize {
        match self {
            Kept::Head { bytes: held, len, most, units } => {
                // Two bytes tell a decoder configuration: small, rare, and needed whole.
                if *len < 2.min(*most)
                    && is_configuration(kind, held.get(..usize::from(*len)).unwrap_or_default(), bytes)
                {
                    let mut whole = BytesMut::from(held.get(..usize::from(*len)).unwrap_or_default());
                    let take = bytes.get(..room.min(bytes.len())).unwrap_or_default();
                    whole.extend_from_slice(take);
                    let kept = whole.len();
                    *self = Kept::Whole(whole);
                    return kept;
                }
                let free = held.get_mut(usize::from(*len)..usize::from(*most)).unwrap_or_default();
                let take = free.len().min(bytes.len());
                if let (Some(to), Some(from)) = (free.get_mut(..take), bytes.get(..take)) {
                    to.copy_from_slice(from);
                    *len += take as u8;
                }
                let full = take > 0 && usize::from(*len) == held.len();
                if *units && full && announced > held.len() && !body::head_tells_all(kind, held, announced as u32) {
                    // Where there is no room for more, fewer bytes than announced say so later.
                    let held = BytesMut::from(held.get(..room).unwrap_or(held));
                    let (kept, rest) = (held.len(), bytes.get(take..).unwrap_or_default());
                    *self = Kept::Whole(held);
                    return kept + self.push(kind, rest, room - kept, announced);
                }
                0
            }
            Kept::Closed(_) => 0,
            Kept::Whole(held) => {
                let take = bytes.get(..room.min(bytes.len())).unwrap_or_default();
                if held.capacity() - held.len() < take.len() {
                    // Memory for what is announced, but never for much more than what came.
                    let likely = announced.saturating_sub(held.len()).min(MUCH.max(3 * held.len()));
                    held.reserve(take.len().max(likely));
                }
                held.extend_from_slice(take);
                take.len()
            }
        }
    }

    /// Bytes that count against the limit of open messages.
    pub(super) fn held(&self) -> usize {
        match self {
            Kept::Head { .. } => 0,
            Kept::Whole(bytes) | Kept::Closed(bytes) => bytes.len(),
        }
    }

    pub(super) fn finish(self) -> Body {
        match self {
            Kept::Head { bytes, len, units, .. } => {
                Body::Head { bytes, len, enough: units && usize::from(len) == Body::HEAD }
            }
            Kept::Whole(bytes) | Kept::Closed(bytes) => Body::Kept(bytes.freeze()),
        }
    }
}

/// Memory taken for the first bytes of a body.
const MUCH: usize = 2048;

/// Do the first bytes of a media message, in two runs, say that it configures a decoder?
fn is_configuration(kind: MessageType, held: &[u8], next: &[u8]) -> bool {
    let mut first = held.iter().chain(next);
    match (first.next(), first.next()) {
        (Some(a), Some(b)) => body::begins_configuration(kind, [*a, *b]),
        _ => false,
    }
}

/// The chunk streams of a direction: a small table for the ids that everybody uses, a bounded map for the rest.
#[derive(Clone, Debug)]
pub(super) struct Streams {
    common: [Option<Box<ChunkStream>>; 64],
    others: HashMap<u32, Box<ChunkStream>, foldhash::fast::RandomState>,
    limit: usize,
    clock: u64,
}

impl Streams {
    pub(super) fn new(limit: usize) -> Streams {
        Streams { common: [const { None }; 64], others: HashMap::default(), limit, clock: 0 }
    }

    /// The chunk stream with this id, if it was used before.
    pub(super) fn peek(&self, csid: u32) -> Option<&ChunkStream> {
        match self.common.get(csid as usize) {
            Some(slot) => slot.as_deref(),
            None => self.others.get(&csid).map(|stream| &**stream),
        }
    }

    /// The chunk stream with this id, if it was used before.
    pub(super) fn get(&mut self, csid: u32) -> Option<&mut ChunkStream> {
        match self.common.get_mut(csid as usize) {
            Some(slot) => slot.as_deref_mut(),
            None => self.others.get_mut(&csid).map(|stream| &mut **stream),
        }
    }

    /// The chunk stream with this id, if it was used before; it is in use now.
    #[inline]
    pub(super) fn enter_known(&mut self, csid: u32) -> Option<&mut ChunkStream> {
        self.clock += 1;
        let clock = self.clock;
        let stream = self.get(csid)?;
        stream.used = clock;
        Some(stream)
    }

    /// The chunk stream with this id, and whether it is new. At the limit the one idle longest is forgotten; it comes
    /// back to be reported if it was in the middle of a message, boxed, for that is rare.
    pub(super) fn enter(&mut self, csid: u32) -> (&mut ChunkStream, bool, Option<Box<Open>>) {
        self.clock += 1;
        let clock = self.clock;
        let mut evicted = None;
        if csid >= 64 && self.others.len() >= self.limit && !self.others.contains_key(&csid) {
            let idle = self.others.iter().min_by_key(|(csid, s)| (s.used, **csid)).map(|(csid, _)| *csid);
            evicted = idle.and_then(|csid| self.others.remove(&csid)).and_then(|stream| stream.open).map(Box::new);
        }
        let (stream, fresh) = match self.common.get_mut(csid as usize) {
            Some(slot) => {
                let fresh = slot.is_none();
                (slot.get_or_insert_default(), fresh)
            }
            None => {
                let fresh = !self.others.contains_key(&csid);
                (self.others.entry(csid).or_default(), fresh)
            }
        };
        stream.used = clock;
        (stream, fresh, evicted)
    }

    /// Takes the unfinished messages, oldest first.
    pub(super) fn take_open(&mut self) -> Vec<Open> {
        let all = self.common.iter_mut().flatten().chain(self.others.values_mut());
        let mut open: Vec<Open> = all.filter_map(|stream| stream.open.take()).collect();
        open.sort_by_key(|open| open.message.span.0);
        open
    }

    /// Nothing is sure any more: bytes were lost in which any header may have stood. Sound and pictures keep to their
    /// message stream, and control messages to none; commands of several message streams share a chunk stream.
    pub(super) fn doubt(&mut self) {
        let media = |stream: &ChunkStream| stream.message_type.kind().is_media();
        let all = || self.common.iter().flatten().chain(self.others.values());
        let first = all().find(|stream| media(stream)).map(|stream| stream.stream_id);
        let one = all().filter(|stream| media(stream)).all(|stream| Some(stream.stream_id) == first);
        for stream in self.common.iter_mut().flatten().chain(self.others.values_mut()) {
            let keeps = stream.message_type.kind() == Kind::Control || one && media(stream);
            stream.sure = Sure { shape: false, time: false, stream_id: stream.sure.stream_id && keeps };
            stream.extended = None;
        }
    }

    /// Were messages of this type on any of them?
    pub(super) fn carry(&self, kind: MessageType) -> bool {
        self.common.iter().flatten().chain(self.others.values()).any(|stream| stream.message_type == kind)
    }

    /// Stream offset of the oldest unfinished message.
    pub(super) fn oldest_open(&self) -> Option<u64> {
        let all = self.common.iter().flatten().chain(self.others.values());
        all.filter_map(|stream| stream.open.as_ref()).map(|open| open.message.span.0).min()
    }
}
