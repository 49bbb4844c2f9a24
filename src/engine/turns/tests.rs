use std::io;

use super::*;

/// A file in which every byte tells in which stretch it is.
struct File(u64);

impl ReadAt for File {
    fn read_at(&self, buf: &mut [u8], at: u64) -> io::Result<usize> {
        let n = (buf.len() as u64).min(self.0.saturating_sub(at));
        buf[..n as usize].fill((at / 4096) as u8);
        Ok(n as usize)
    }
}

/// Notes what comes and who takes it, until so many turns were taken.
struct Notes {
    turns: Vec<String>,
    takers: Vec<thread::ThreadId>,
    most: usize,
    pause: Duration,
    stumbles_at: usize,
}

const NEVER: usize = usize::MAX;

impl Turns for Notes {
    fn turn(&mut self, lot: Lot) -> (Option<Lot>, bool) {
        assert_ne!(self.turns.len(), self.stumbles_at, "stumbles");
        // At first long enough for another thread to begin.
        thread::sleep(if self.turns.is_empty() { Duration::from_millis(200) } else { self.pause });
        let text = format!("{lot:?}");
        self.turns.push(text.split_once("len: ").map(|(_, rest)| rest.to_owned()).unwrap_or_default());
        self.takers.push(thread::current().id());
        (Some(lot), self.turns.len() == self.most)
    }
}

fn notes(most: usize, milliseconds: u64, stumbles_at: usize, sparing: bool) -> Notes {
    let pause = Duration::from_millis(milliseconds);
    let notes = Notes { turns: Vec::new(), takers: Vec::new(), most, pause, stumbles_at };
    take_turns(notes, Arc::new(File(200 << 20)), 24, Manners { sparing, awake: stumbles_at % 2 == 1 })
}

/// How often another thread takes a turn than the one before.
fn changes(takers: &[thread::ThreadId]) -> usize {
    takers.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

#[test]
fn lots_come_in_order_whoever_reads_them() {
    for most in [1, 2, 3, 100] {
        let notes = notes(most, 0, NEVER, false);
        assert_eq!(notes.turns.len(), most);
        for (number, turn) in notes.turns.iter().enumerate() {
            let at = 24 + number as u64 * Lot::LEN;
            assert!(turn.starts_with(&format!("{}, at: {at}, ", Lot::LEN)), "{number}: {turn}");
        }
        assert!(most < 100 || changes(&notes.takers) > 10);
    }
}

/// Where turns take much longer than reading, two threads are little better than one.
#[test]
fn a_sparing_thread_that_only_sleeps_leaves() {
    let (most, late) = (100, 2 * IDLE as usize + 10);
    let spared = notes(most, 5, NEVER, true);
    assert!(spared.turns.len() == most && changes(&spared.takers[..IDLE as usize]) > 10);
    assert_eq!(changes(&spared.takers[late..]), 0);
    let both = notes(most, 5, NEVER, false);
    assert!(changes(&both.takers[late..]) > 10);
}

/// Nobody waits for ever.
#[test]
fn who_stumbles_ends_it_for_all() {
    for stumbles_at in [0, 1, 5, 6] {
        assert!(std::panic::catch_unwind(|| notes(10, 0, stumbles_at, false).turns).is_err());
    }
}
