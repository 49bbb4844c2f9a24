//! Two threads that read and decode by turns: while one decodes the stretch of the file that it read, the other one reads the
//! next. What is read stays in the cache of the core that decodes it, and nothing is decoded out of order.

use std::hint;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::net::{Lot, ReadAt};

/// What is done by turns.
pub(super) trait Turns: Send {
    /// Takes a turn with what was read for it. Gives memory that is free again back, and tells whether that was the last
    /// turn.
    fn turn(&mut self, lot: Lot) -> (Option<Lot>, bool);
}

/// Threads that take turns. More than two would wait: decoding takes longer than a fraction of the reading.
const THREADS: usize = 2;

/// A thread that had to sleep before so many turns in a row is of little help: decoding is what takes the time.
const IDLE: u32 = 32;

/// How long a thread stays awake for its turn: a little longer than waking it takes, which everybody would wait for.
const AWAKE: Duration = Duration::from_micros(50);

struct Table<T> {
    input: Arc<dyn ReadAt>,
    /// Where the first lot begins.
    from: u64,
    /// How long a thread stays awake for its turn.
    awake: Duration,
    /// Locked by whose turn it is.
    work: Mutex<T>,
    /// Number of the lot whose turn it is. Changed with the board locked.
    due: AtomicU64,
    board: Mutex<Board>,
    changed: Condvar,
}

struct Board {
    /// Number of the first lot that nobody reads yet.
    unread: u64,
    over: bool,
    /// Free memory. Each thread takes its own, which its core's cache may still hold.
    free: Vec<Lot>,
}

/// How threads take turns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manners {
    /// They leave when they are of little help.
    pub(super) sparing: bool,
    /// They stay awake for turns that come soon, because no others have use for their processors.
    pub(super) awake: bool,
}

/// Takes turns until the last one; the first lot begins at `from`.
pub(super) fn take_turns<T: Turns>(work: T, input: Arc<dyn ReadAt>, from: u64, manners: Manners) -> T {
    // One to be read while the other one is decoded.
    let free = (0..2 * THREADS).map(|n| Lot::new(n % THREADS)).collect();
    let board = Mutex::new(Board { unread: 0, over: false, free });
    let (work, due, changed) = (Mutex::new(work), AtomicU64::new(0), Condvar::new());
    let awake = if manners.awake { AWAKE } else { Duration::ZERO };
    let table = Table { input, from, awake, work, due, board, changed };
    thread::scope(|scope| {
        for number in 1..THREADS {
            let table = &table;
            // Without another thread this one takes all turns.
            let _ = thread::Builder::new()
                .name("turns".to_owned())
                .spawn_scoped(scope, move || table.sit(number, manners.sparing));
        }
        table.sit(0, false);
    });
    table.work.into_inner().unwrap_or_else(PoisonError::into_inner)
}

impl<T: Turns> Table<T> {
    /// One thread: reads, waits for its turn, takes it.
    fn sit(&self, number: usize, sparing: bool) {
        let _leaving = Leaving(self);
        let mut idle = 0;
        while !sparing || idle < IDLE {
            let mut board = self.board();
            if board.over {
                return;
            }
            let own = board.free.iter().position(|lot| lot.owner() == number);
            let own = own.map(|at| board.free.swap_remove(at));
            let lot_number = board.unread;
            board.unread += 1;
            drop(board);
            let mut lot = own.unwrap_or_else(|| Lot::new(number));
            lot.fill(&*self.input, self.from + lot_number * Lot::LEN);
            if !self.stays_awake_for(lot_number) {
                idle += 1;
                if !self.sleeps_until(lot_number) {
                    return;
                }
            } else {
                idle = 0;
            }
            let (free, last) = self.work.lock().unwrap_or_else(PoisonError::into_inner).turn(lot);
            let mut board = self.board();
            board.free.extend(free);
            self.due.store(lot_number + 1, Ordering::Release);
            board.over |= last;
            drop(board);
            self.changed.notify_all();
        }
    }
}

impl<T> Table<T> {
    fn is_due(&self, number: u64) -> bool {
        self.due.load(Ordering::Acquire) == number
    }

    /// Waits for a turn that comes soon; false if it does not.
    fn stays_awake_for(&self, number: u64) -> bool {
        let begun = Instant::now();
        while !self.is_due(number) && begun.elapsed() < self.awake {
            hint::spin_loop();
        }
        self.is_due(number)
    }

    /// Waits for a turn; false if it never comes.
    fn sleeps_until(&self, number: u64) -> bool {
        let waits = |board: &mut Board| !self.is_due(number) && !board.over;
        let board = self.changed.wait_while(self.board(), waits).unwrap_or_else(PoisonError::into_inner);
        self.is_due(number) && !board.over
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who stumbles ends it for all: nobody waits for a turn that is never over.
struct Leaving<'a, T>(&'a Table<T>);

impl<T> Drop for Leaving<'_, T> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.board().over = true;
            self.0.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests;
