//! Tasks worked on by several threads, with results in the order of the tasks. What comes out is what one thread would
//! make of them, whatever the number of threads.
//!
//! The thread that hands tasks out works as well whenever enough of them wait: memory is bounded, and no thread is idle
//! while another one is behind.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Tasks that may be under way for each thread.
const AHEAD: usize = 2;

/// The threads and what they work on.
pub(super) struct Crew<T, R> {
    shared: Arc<Shared<T, R>>,
    work: fn(T) -> R,
    /// Tasks that may be under way: waiting, worked on, or done and not yet asked for.
    most: usize,
}

struct Shared<T, R> {
    board: Mutex<Board<T, R>>,
    /// A task waits, or nothing more comes.
    tasks: Condvar,
    /// A result is there.
    results: Condvar,
}

struct Board<T, R> {
    waiting: VecDeque<(u64, T)>,
    /// By the number of the task; what a panic left is handed on to the thread that asks.
    results: VecDeque<Option<thread::Result<R>>>,
    /// Number of the first of the results.
    due: u64,
    over: bool,
}

impl<T: Send + 'static, R: Send + 'static> Crew<T, R> {
    /// A crew of so many threads, this one included. Where threads cannot be had, fewer do the same.
    pub(super) fn new(threads: usize, work: fn(T) -> R) -> Crew<T, R> {
        let board = Board { waiting: VecDeque::new(), results: VecDeque::new(), due: 0, over: false };
        let shared = Arc::new(Shared { board: Mutex::new(board), tasks: Condvar::new(), results: Condvar::new() });
        for n in 1..threads {
            let shared = Arc::clone(&shared);
            let _ = thread::Builder::new().name(format!("write-{n}")).spawn(move || shared.help(work));
        }
        Crew { shared, work, most: AHEAD * threads.max(1) }
    }

    /// Hands out a task, and hands on the results that are due.
    pub(super) fn take(&mut self, task: T, mut result: impl FnMut(R)) {
        let mut board = self.shared.board();
        let number = board.due + board.results.len() as u64;
        board.results.push_back(None);
        board.waiting.push_back((number, task));
        drop(board);
        self.shared.tasks.notify_one();
        self.settle(self.most, &mut result);
    }

    /// Waits for all results.
    pub(super) fn finish(&mut self, mut result: impl FnMut(R)) {
        self.settle(0, &mut result);
    }

    /// Hands on the results that are due, and works or waits until no more than so many tasks are under way.
    fn settle(&self, most: usize, result: &mut impl FnMut(R)) {
        let mut board = self.shared.board();
        loop {
            while let Some(Some(done)) = board.results.pop_front_if(|first| first.is_some()) {
                board.due += 1;
                drop(board);
                match done {
                    Ok(done) => result(done),
                    Err(panic) => resume_unwind(panic),
                }
                board = self.shared.board();
            }
            if board.results.len() <= most {
                return;
            }
            board = match board.waiting.pop_front() {
                Some(task) => {
                    drop(board);
                    self.shared.work(self.work, task);
                    self.shared.board()
                }
                None => self.shared.results.wait(board).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

impl<T, R> Drop for Crew<T, R> {
    fn drop(&mut self) {
        self.shared.board().over = true;
        self.shared.tasks.notify_all();
    }
}

impl<T, R> Shared<T, R> {
    fn board(&self) -> MutexGuard<'_, Board<T, R>> {
        // Nothing panics while it holds the board.
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works until nothing more comes.
    fn help(&self, work: fn(T) -> R) {
        let mut board = self.board();
        while !board.over {
            board = match board.waiting.pop_front() {
                Some(task) => {
                    drop(board);
                    self.work(work, task);
                    self.board()
                }
                None => self.tasks.wait(board).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    fn work(&self, work: fn(T) -> R, (number, task): (u64, T)) {
        let done = catch_unwind(AssertUnwindSafe(|| work(task)));
        let mut board = self.board();
        let place = number.saturating_sub(board.due) as usize;
        if let Some(slot) = board.results.get_mut(place) {
            *slot = Some(done);
        }
        drop(board);
        self.results.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_come_in_the_order_of_tasks() {
        fn work(n: u64) -> u64 {
            // The earlier of two neighbours takes longer.
            thread::sleep(Duration::from_micros(300 * (n % 2)));
            n * n
        }
        for threads in [1, 2, 3, 8] {
            let mut crew = Crew::new(threads, work);
            let mut results = Vec::new();
            for n in 0..200 {
                crew.take(n, |result| results.push(result));
            }
            crew.finish(|result| results.push(result));
            assert_eq!(results, (0..200).map(|n| n * n).collect::<Vec<_>>(), "{threads} threads");
            crew.take(7, |result| results.push(result));
            crew.finish(|result| results.push(result));
            assert_eq!(results.last(), Some(&49), "it goes on after a finish");
        }
    }

    #[test]
    fn no_more_tasks_are_under_way_than_said() {
        static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let mut crew = Crew::new(3, |()| thread::sleep(Duration::from_micros(100)));
        for _ in 0..200 {
            MOST.fetch_max(UNDER_WAY.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            crew.take((), |()| {
                UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
            });
        }
        crew.finish(|()| {
            UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
        });
        assert_eq!(UNDER_WAY.load(Ordering::SeqCst), 0);
        assert!(MOST.load(Ordering::SeqCst) <= 3 * AHEAD + 1, "{MOST:?}");
    }

    #[test]
    fn a_panic_comes_back_to_the_thread_that_asked() {
        for threads in [1, 2] {
            let mut crew = Crew::new(threads, |n: u32| {
                assert_ne!(n, 3, "this one fails");
                n
            });
            let mut results = Vec::new();
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                for n in 0..10 {
                    crew.take(n, |result| results.push(result));
                }
                crew.finish(|result| results.push(result));
            }));
            assert!(outcome.is_err());
            assert_eq!(results, [0, 1, 2]);
        }
    }
}
