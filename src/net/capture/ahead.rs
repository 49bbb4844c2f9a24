//! Reading ahead: a thread that reads, and takes compression off, while others decode what it read before.

use std::io::{ErrorKind, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use super::source::{BLOCK, Block, FRONT};

/// Blocks between the two threads: one is read, one is decoded, the others even out.
const BLOCKS: usize = 4;

/// Blocks of an input in order, read by a thread of their own.
pub(super) struct Ahead {
    full: Receiver<Block>,
    empty: Sender<Vec<u8>>,
}

impl Ahead {
    /// Begins to read. The thread ends with the input, or when nobody wants its blocks any more. Without a thread the
    /// input comes back.
    pub(super) fn begin(
        input: Box<dyn Read + Send>,
        meter: impl Fn() -> u64 + Send + 'static,
    ) -> Result<Ahead, Box<dyn Read + Send>> {
        let (full_to, full) = sync_channel(BLOCKS);
        let (empty, empty_from) = channel();
        for _ in 0..BLOCKS {
            // The other end is at hand.
            let _ = empty.send(vec![0; FRONT + BLOCK]);
        }
        // The input goes to the thread by a channel, so that it is not lost when there is no thread.
        let (input_to, input_from) = sync_channel(1);
        let reading = move || {
            if let Ok(input) = input_from.recv() {
                read_all(input, &meter, &empty_from, &full_to);
            }
        };
        match thread::Builder::new().name("read".to_owned()).spawn(reading) {
            Ok(_) => input_to.send(input).map(|()| Ahead { full, empty }).map_err(|unsent| unsent.0),
            Err(_) => Err(input),
        }
    }

    /// The next block; `None` when there is nobody who reads.
    pub(super) fn next(&mut self) -> Option<Block> {
        self.full.recv().ok()
    }

    /// Gives the memory of a block back.
    pub(super) fn give_back(&mut self, bytes: Vec<u8>) {
        // A thread that ended needs none.
        let _ = self.empty.send(bytes);
    }
}

fn read_all(
    mut input: Box<dyn Read + Send>,
    meter: &impl Fn() -> u64,
    empty: &Receiver<Vec<u8>>,
    full: &SyncSender<Block>,
) {
    while let Ok(mut bytes) = empty.recv() {
        let read = loop {
            match input.read(bytes.get_mut(FRONT..).unwrap_or_default()) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        let last = !matches!(read, Ok(1..));
        if full.send(Block { bytes, read, meter: meter() }).is_err() || last {
            return;
        }
    }
}
