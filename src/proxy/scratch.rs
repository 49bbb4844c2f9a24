//! The memory that a worker reads into: a few arenas that all its sessions share.
//!
//! What was read leaves as a reference-counted slice of an arena, which the relay writes out and the tap hands to the
//! decoder without a copy. An arena is used again when nobody holds a slice of it. When all are held, because decoder
//! or disk are behind, sessions read into a memory that is not tapped: the relay goes on.

use std::collections::VecDeque;

use bytes::BytesMut;

/// Most bytes of one read, at first and when much comes: fewer and larger reads and writes cost a fifth less.
pub(super) const READ: usize = 64 << 10;
pub(super) const LARGE: usize = 256 << 10;
const ARENA: usize = 1 << 20;

#[derive(Debug)]
pub(super) struct Scratch {
    current: BytesMut,
    resting: VecDeque<BytesMut>,
    /// Arenas that there may be.
    most: usize,
    blind: BytesMut,
}

impl Scratch {
    /// Arenas of `bytes` together, at least two.
    pub(super) fn new(bytes: usize) -> Scratch {
        let most = (bytes / ARENA).max(2);
        Scratch { current: BytesMut::with_capacity(ARENA), resting: VecDeque::new(), most, blind: BytesMut::new() }
    }

    /// Empty room for a read of so many bytes, and whether the tap may keep what is read.
    pub(super) fn room(&mut self, bytes: usize) -> (&mut BytesMut, bool) {
        if self.current.capacity() < bytes && !self.renew() {
            self.blind.reserve(bytes);
            return (&mut self.blind, false);
        }
        (&mut self.current, true)
    }

    /// Are so many arenas in use that nobody should hold one for long?
    pub(super) fn is_tight(&self) -> bool {
        self.resting.len() + 1 > self.most / 2
    }

    /// Finds an arena that nobody holds, or makes one.
    fn renew(&mut self) -> bool {
        // The one used last is the one most likely in the processor's caches.
        let free = self.resting.iter_mut().rposition(|arena| arena.try_reclaim(ARENA));
        let next = match free {
            Some(at) => self.resting.remove(at).unwrap_or_default(),
            None if self.resting.len() + 1 < self.most => BytesMut::with_capacity(ARENA),
            None => return false,
        };
        self.resting.push_back(std::mem::replace(&mut self.current, next));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(scratch: &mut Scratch, n: usize) -> (bytes::Bytes, bool) {
        let (room, tapped) = scratch.room(LARGE);
        assert!(room.capacity() >= LARGE && room.is_empty());
        room.extend_from_slice(&vec![7; n]);
        (room.split().freeze(), tapped)
    }

    #[test]
    fn arenas_are_used_again() {
        let mut scratch = Scratch::new(4 * ARENA);
        for _ in 0..1000 {
            assert!(read(&mut scratch, LARGE).1);
        }
        assert!(scratch.resting.len() <= 1, "{}", scratch.resting.len());
    }

    #[test]
    fn when_all_are_held_reads_are_blind_until_one_is_let_go() {
        let mut scratch = Scratch::new(2 * ARENA);
        let mut held: Vec<_> = (0..8).map(|_| read(&mut scratch, LARGE)).collect();
        assert!(held.iter().all(|(bytes, tapped)| *tapped && bytes.len() == LARGE));
        assert!(scratch.is_tight());
        assert!(!read(&mut scratch, 100).1);
        held.drain(..4);
        assert!(read(&mut scratch, 100).1);
    }
}
