//! Reading an input on two threads at once: whoever has nothing else to do reads the next block. One thread only reads; the
//! one that decodes reads as well whenever the block that it needs is not there yet.
//!
//! Nearly all that reading costs is the copy out of the system's cache, and two processors copy twice as fast. A block
//! that the decoding thread read itself is also still in its cache.

use std::io::{self, ErrorKind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::source::{BLOCK, Block, Blocks, FRONT};

/// Blocks in all.
const BLOCKS: usize = 4;
/// So many empty blocks wake the thread that reads: waking costs as much as reading a piece of one.
const WORTH_WAKING: usize = BLOCKS / 2;

/// An input that can be read at any offset, by several threads at once.
pub trait ReadAt: Send + Sync {
    /// Reads bytes from an offset on, as many as one read gives.
    fn read_at(&self, buf: &mut [u8], at: u64) -> io::Result<usize>;
}

/// Blocks of an input in order, read by two threads.
pub(super) struct Together {
    shared: Arc<Shared>,
    /// Number of the block that is handed out next.
    due: u64,
    /// From here on one thread reads: a block was not filled, so the input ends, or grows, or cannot be read further.
    alone: Option<u64>,
}

struct Shared {
    input: Arc<dyn ReadAt>,
    /// Offset of the first block in the input.
    from: u64,
    board: Mutex<Board>,
    /// There are empty blocks again, or nobody wants any more.
    room: Condvar,
    /// A block was read.
    arrived: Condvar,
}

struct Board {
    empty: Vec<Vec<u8>>,
    /// Number of the first block that nobody reads yet.
    unread: u64,
    /// Blocks that were read, and not yet handed out.
    read: Vec<(u64, Block)>,
    /// The reading thread sleeps.
    resting: bool,
    /// Nothing more is to be read ahead.
    over: bool,
}

impl Together {
    /// Begins to read at an offset of the input; `None` when there is no thread to be had.
    pub(super) fn begin(input: Arc<dyn ReadAt>, from: u64) -> Option<Together> {
        let empty = (0..BLOCKS).map(|_| vec![0; FRONT + BLOCK]).collect();
        let board = Board { empty, unread: 0, read: Vec::with_capacity(BLOCKS), resting: false, over: false };
        let (room, arrived) = (Condvar::new(), Condvar::new());
        let shared = Arc::new(Shared { input, from, board: Mutex::new(board), room, arrived });
        let ahead = Arc::clone(&shared);
        thread::Builder::new().name("read".to_owned()).spawn(move || ahead.read_ahead()).ok()?;
        Some(Together { shared, due: 0, alone: None })
    }
}

impl Blocks for Together {
    fn next(&mut self) -> Option<Block> {
        if let Some(at) = self.alone {
            let block = self.shared.read(at, vec![0; FRONT + BLOCK]);
            self.alone = Some(block.meter);
            return Some(block);
        }
        let mut board = self.shared.board();
        let block = loop {
            if let Some(at) = board.read.iter().position(|(number, _)| *number == self.due) {
                break board.read.swap_remove(at).1;
            }
            board = match board.empty.pop() {
                Some(bytes) => self.shared.read_next(board, bytes),
                // Whoever asks keeps all blocks.
                None if board.unread == self.due => self.shared.read_next(board, vec![0; FRONT + BLOCK]),
                // The other thread is reading it.
                None => self.shared.arrived.wait(board).unwrap_or_else(PoisonError::into_inner),
            };
        };
        drop(board);
        self.due += 1;
        self.alone = (!matches!(block.read, Ok(BLOCK))).then_some(block.meter);
        Some(block)
    }

    fn give_back(&mut self, bytes: Vec<u8>) {
        let mut board = self.shared.board();
        board.empty.push(bytes);
        if board.resting && board.empty.len() >= WORTH_WAKING {
            board.resting = false;
            drop(board);
            self.shared.room.notify_one();
        }
    }
}

impl Drop for Together {
    fn drop(&mut self) {
        self.shared.board().over = true;
        self.shared.room.notify_one();
    }
}

impl Shared {
    fn board(&self) -> MutexGuard<'_, Board> {
        // Nothing panics while it holds the board.
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads until the input ends, or nobody wants its blocks any more.
    fn read_ahead(&self) {
        let mut board = self.board();
        while !board.over {
            board = match board.empty.pop() {
                Some(bytes) => {
                    let board = self.read_next(board, bytes);
                    self.arrived.notify_one();
                    board
                }
                None => {
                    board.resting = true;
                    self.room.wait(board).unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }

    /// Reads the next block that nobody reads, with the board left to others meanwhile.
    fn read_next<'a>(&'a self, mut board: MutexGuard<'a, Board>, bytes: Vec<u8>) -> MutexGuard<'a, Board> {
        let number = board.unread;
        board.unread += 1;
        drop(board);
        let block = self.read(self.from + number * BLOCK as u64, bytes);
        let mut board = self.board();
        board.over |= !matches!(block.read, Ok(BLOCK));
        board.read.push((number, block));
        board
    }

    /// Reads until the block is full or the input ends. An error stands in a block of its own: what was read before it
    /// comes first.
    fn read(&self, at: u64, mut bytes: Vec<u8>) -> Block {
        let mut filled = 0;
        let read = loop {
            let rest = bytes.get_mut(FRONT + filled..FRONT + BLOCK).unwrap_or_default();
            match self.input.read_at(rest, at + filled as u64) {
                Ok(0) => break Ok(filled),
                Ok(n) => filled += n,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) if filled > 0 => break Ok(filled),
                Err(error) => break Err(error),
            }
        };
        Block { bytes, read, meter: at + filled as u64 }
    }
}

#[cfg(test)]
mod tests;
