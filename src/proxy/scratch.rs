//! The memory that a worker reads into: a few arenas that all its sessions share. All workers draw on one allowance, so
//! that whoever has the traffic has the memory.
//!
//! What was read leaves as a reference-counted slice of an arena, which the relay writes out and the tap hands to the
//! decoder without a copy. An arena is used again when nobody holds a slice of it. When all are held, because decoder
//! or disk are behind, sessions read into a memory that is not tapped: the relay goes on.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::BytesMut;

/// Most bytes of one read, at first and when much comes: fewer and larger reads and writes cost a fifth less.
pub(super) const READ: usize = 64 << 10;
pub(super) const LARGE: usize = 256 << 10;
const ARENA: usize = 1 << 20;
/// After so many arenas one that rests is given up, if it was not needed for that long.
const SELDOM: u32 = 64;
/// When all were held, so many of those that rest longest are looked at before the next read.
const OLDEST: usize = 4;

/// The arenas that all workers may have together.
#[derive(Debug)]
pub(super) struct Memory {
    most: usize,
    made: AtomicUsize,
}

#[derive(Debug)]
pub(super) struct Scratch {
    memory: Arc<Memory>,
    current: BytesMut,
    /// Used up, in the order in which they were.
    resting: VecDeque<BytesMut>,
    renewed: u32,
    /// All were held at the last look.
    exhausted: bool,
    blind: BytesMut,
}

impl Memory {
    /// Arenas of `bytes` together.
    pub(super) fn new(bytes: usize) -> Memory {
        Memory { most: bytes / ARENA, made: AtomicUsize::new(0) }
    }

    /// May there be one more?
    fn take(&self) -> bool {
        let more = |made| (made < self.most).then_some(made + 1);
        self.made.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }

    fn give_back(&self) {
        self.made.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Scratch {
    /// The memory of a worker: at least two arenas, whatever the others have.
    pub(super) fn new(memory: Arc<Memory>) -> Scratch {
        memory.made.fetch_add(2, Ordering::Relaxed);
        let resting = VecDeque::from([BytesMut::with_capacity(ARENA)]);
        let current = BytesMut::with_capacity(ARENA);
        Scratch { memory, current, resting, renewed: 0, exhausted: false, blind: BytesMut::new() }
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
        self.memory.made.load(Ordering::Relaxed) > self.memory.most / 2
    }

    /// Finds an arena that nobody holds, or makes one.
    fn renew(&mut self) -> bool {
        let next = match self.free() {
            Some(at) => self.resting.remove(at).unwrap_or_default(),
            None if self.memory.take() => BytesMut::with_capacity(ARENA),
            None => {
                self.exhausted = true;
                return false;
            }
        };
        self.exhausted = false;
        self.resting.push_back(std::mem::replace(&mut self.current, next));
        self.renewed += 1;
        if self.renewed.is_multiple_of(SELDOM) {
            self.give_up_one();
        }
        true
    }

    /// The place of an arena that nobody holds.
    fn free(&mut self) -> Option<usize> {
        if self.exhausted {
            return self.resting.iter_mut().take(OLDEST).position(|arena| arena.try_reclaim(ARENA));
        }
        // The one used last is the one most likely in the processor's caches.
        self.resting.iter_mut().rposition(|arena| arena.try_reclaim(ARENA))
    }

    /// What a burst needed is given back when it is over.
    fn give_up_one(&mut self) {
        let rests = self.resting.len() > 1 && self.resting.front_mut().is_some_and(|arena| arena.try_reclaim(ARENA));
        if rests {
            self.resting.pop_front();
            self.memory.give_back();
        }
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
        let mut scratch = Scratch::new(Arc::new(Memory::new(4 * ARENA)));
        for _ in 0..1000 {
            assert!(read(&mut scratch, LARGE).1);
        }
        assert!(scratch.resting.len() <= 1, "{}", scratch.resting.len());
    }

    #[test]
    fn when_all_are_held_reads_are_blind_until_one_is_let_go() {
        let mut scratch = Scratch::new(Arc::new(Memory::new(2 * ARENA)));
        let mut held: Vec<_> = (0..8).map(|_| read(&mut scratch, LARGE)).collect();
        assert!(held.iter().all(|(bytes, tapped)| *tapped && bytes.len() == LARGE));
        assert!(scratch.is_tight());
        assert!(!read(&mut scratch, 100).1);
        held.drain(..4);
        assert!(read(&mut scratch, 100).1);
    }

    #[test]
    fn one_worker_may_have_what_the_others_do_not_need_and_gives_it_back() {
        let memory = Arc::new(Memory::new(20 * ARENA));
        let made = || memory.made.load(Ordering::Relaxed);
        let (mut one, mut other) = (Scratch::new(Arc::clone(&memory)), Scratch::new(Arc::clone(&memory)));
        let held: Vec<_> = (0..80).map(|_| read(&mut one, LARGE)).collect();
        assert_eq!(held.iter().filter(|(_, tapped)| *tapped).count(), 18 * 4, "but for two of the other worker");
        assert!(made() == 20 && one.is_tight() && other.is_tight());
        assert!(read(&mut other, LARGE).1);
        drop(held);
        for _ in 0..4 * SELDOM * 20 {
            assert!(read(&mut one, LARGE).1);
        }
        assert!(made() <= 5, "{}", made());
    }
}
