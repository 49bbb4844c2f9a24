//! The short way: chunks that only go on with a message, which most of a stream is. Nothing of them needs a second look,
//! and they are taken without one; the long way would do the same.

use super::*;

impl Dechunker {
    /// Takes headers that only go on with a message, and its payload, up to its last byte: that one closes the message,
    /// which is another matter.
    #[inline(always)]
    pub(super) fn run_on(&mut self, input: &mut &[u8], stamp: Stamp) {
        let (csid, mut left) = match (self.state, input.first()) {
            (State::Payload { csid, left }, Some(_)) => (csid, left),
            (State::Header, Some(header)) => (u32::from(header & 0x3f), 0),
            _ => return,
        };
        // A header behind an unconfirmed message says more than where it goes on.
        if self.want.origin || self.unconfirmed.is_some() {
            return;
        }
        let Some(stream) = self.streams.enter_known(csid) else { return };
        let next = going_on(csid, stream);
        let Some(open) = stream.open.as_mut().filter(|open| open.message.parts.is_empty()) else { return };
        let mut owed = open.message.head.length - open.received;
        let mut full = open.kept.is_full();
        let mut chunks = 0;
        let mut rest = *input;
        loop {
            if left == 0 {
                let Some((_, behind)) = rest.split_first().filter(|(header, _)| Some(**header) == next) else { break };
                rest = behind;
                left = owed.min(self.chunk_size);
                chunks += 1;
            }
            let take = (left as usize).min(rest.len());
            let Some((bytes, behind)) = rest.split_at_checked(take).filter(|_| (take as u32) < owed) else { break };
            if !full {
                let room_in_all = self.limits.open_bytes.saturating_sub(self.held);
                self.held += open.keep(bytes, self.limits.message_bytes, room_in_all);
                full = open.kept.is_full();
            }
            rest = behind;
            left -= take as u32;
            owed -= take as u32;
            if left > 0 {
                break;
            }
        }
        let taken = input.len() - rest.len();
        if taken == 0 {
            return;
        }
        *input = rest;
        self.offset += taken as u64;
        open.received = open.message.head.length - owed;
        open.message.chunks += chunks;
        (open.message.span.1, open.message.last) = (self.offset, stamp);
        self.state = if left > 0 { State::Payload { csid, left } } else { State::Header };
    }
}

/// The header, if it is one byte long, of a chunk that goes on with the open message of a chunk stream: fmt 3, csid 2 to
/// 63, no extended timestamp.
#[inline]
fn going_on(csid: u32, stream: &ChunkStream) -> Option<u8> {
    let short = (2..64).contains(&csid) && stream.extended.is_none();
    short.then_some(0xc0 | csid as u8)
}
