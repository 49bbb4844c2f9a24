//! The thread that records what the tap kept.
//!
//! It writes what there is every [`PACE`], so that a kill loses no more than that. When writing fails it says so once
//! and tries again later; the connections' sequence numbers go on meanwhile, so that a reader sees the hole.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::Shared;
use super::config::{Keep, Recording};
use super::feeds::{Feeds, Taken};
use super::gate::{Blocks, Gate};
use super::lateness::Lateness;
use super::notice::{Notice, Trouble};
use super::tap::{Reader, What};
use super::tape::{Reel, Rotation, Tape, beside};
use crate::out::pcapng;
use crate::time::{Span, Time};

/// How often what there is goes to disk.
const PACE: Duration = Duration::from_millis(50);
/// What is older than this when it is written was waiting for something.
const LATE: Span = Span(2 * PACE.as_nanos() as i64);
/// Size of a write, where there is so much.
const WRITE: usize = 256 << 10;
/// Pause between attempts to write after a failure.
const RETRY: Duration = Duration::from_secs(2);

const MADE: &str = "recorded by rtmpscope proxy: the bytes are those that passed, the packets around them are made";

/// A recording that can begin.
pub(super) struct Recorder {
    gate: Gate,
    deck: Deck,
    head: Vec<u8>,
}

/// Where blocks go.
enum Deck {
    /// To files as they come.
    Files { reel: Reel, tape: Option<Tape>, failing: Option<Failing> },
    /// To memory.
    Ring { path: PathBuf, ring: Ring },
}

/// Writing fails.
struct Failing {
    tried: Instant,
    /// Payload bytes lost since.
    missing: u64,
}

/// The last blocks, in order.
struct Ring {
    time: Duration,
    most: usize,
    bytes: usize,
    parts: VecDeque<(Time, Vec<u8>)>,
}

/// Makes sure that a recording can begin: better now than when the encoder is on.
pub(super) fn prepare(recording: &Recording) -> Result<Recorder, Trouble> {
    let mut head = Vec::new();
    let remarks = &recording.remarks;
    let comment = if remarks.is_empty() { MADE.to_owned() } else { format!("{MADE}; {remarks}") };
    pcapng::head(&mut head, &comment);
    let trouble = |error| Trouble::Record { path: recording.path.clone(), error };
    let deck = match &recording.keep {
        Keep::All { file_bytes, file_time, files } => {
            let rotation = Rotation { bytes: *file_bytes, time: *file_time, files: *files };
            let mut reel = Reel::new(&recording.path, rotation, recording.overwrite);
            let mut tape = reel.next().map_err(trouble)?;
            tape.append(&head).map_err(trouble)?;
            Deck::Files { reel, tape: Some(tape), failing: None }
        }
        Keep::Ring { time, bytes } => {
            let ring = Ring { time: *time, most: *bytes, bytes: 0, parts: VecDeque::new() };
            Deck::Ring { path: recording.path.clone(), ring }
        }
    };
    Ok(Recorder { gate: Gate::new(recording.only.is_some()), deck, head })
}

impl Recorder {
    /// Starts the thread. It ends when the feeds are closed and empty.
    pub(super) fn start(self, shared: Arc<Shared>, feeds: Arc<Feeds>) -> Result<JoinHandle<()>, Trouble> {
        let record = move || self.run(&shared, &feeds);
        thread::Builder::new().name("recorder".to_owned()).spawn(record).map_err(Trouble::System)
    }

    fn run(mut self, shared: &Shared, feeds: &Feeds) {
        let mut batch = Vec::new();
        let mut blocks = Blocks::default();
        let mut pace = None;
        let mut lateness = Lateness::of_this_thread();
        loop {
            let taken = feeds.take(Reader::Recorder, pace, &mut batch);
            let late = batch.first().is_some_and(|event| shared.clock.now().since(event.time) > LATE);
            let begun = lateness.begin(late);
            let mut no_room = 0;
            for event in &batch {
                if let What::Skipped(_, bytes) = event.what {
                    no_room += bytes;
                }
                let missing = self.gate.add(event, &mut blocks);
                shared.counters.unrecorded.add(missing);
                if blocks.bytes.len() >= WRITE {
                    self.deck.write(&self.head, &mut blocks, shared);
                }
            }
            self.deck.write(&self.head, &mut blocks, shared);
            if let Some(notice) = lateness.end(begun, no_room) {
                (shared.ear)(notice);
            }
            match taken {
                Taken::Some => {}
                Taken::Asked => self.deck.write_ring(&self.head, shared),
                Taken::Over => return,
            }
            pace = (!batch.is_empty()).then_some(PACE);
            feeds.done(Reader::Recorder, batch.drain(..), &shared.counters);
        }
    }
}

impl Deck {
    /// Takes all blocks.
    fn write(&mut self, head: &[u8], blocks: &mut Blocks, shared: &Shared) {
        if blocks.bytes.is_empty() {
            return;
        }
        match self {
            Deck::Ring { ring, .. } => ring.push(blocks),
            Deck::Files { reel, tape, failing } => {
                let waits = failing.as_ref().is_some_and(|failing| failing.tried.elapsed() < RETRY);
                let result = if waits { None } else { Some(append(reel, tape, head, &blocks.bytes)) };
                match result {
                    Some(Ok(())) => {
                        shared.counters.recorded.add(blocks.bytes.len() as u64);
                        if let Some(Failing { missing, .. }) = failing.take() {
                            (shared.ear)(Notice::RecordingResumed { file: name(tape.as_ref()), missing });
                        }
                    }
                    failed => {
                        shared.counters.unrecorded.add(blocks.payload);
                        let first = failing.is_none();
                        let now = failing.get_or_insert(Failing { tried: Instant::now(), missing: 0 });
                        now.missing += blocks.payload;
                        if let Some(Err(error)) = failed {
                            now.tried = Instant::now();
                            if first {
                                let file = name(tape.as_ref());
                                (shared.ear)(Notice::RecordingStopped { file, why: error.to_string() });
                            }
                        }
                    }
                }
            }
        }
        blocks.clear();
    }

    fn write_ring(&self, head: &[u8], shared: &Shared) {
        let Deck::Ring { path, ring } = self else { return };
        let moment: String = shared.clock.now().rfc3339().chars().filter(char::is_ascii_digit).take(17).collect();
        let path = beside(path, &moment);
        let notice = match ring.save(&path, head) {
            Ok(bytes) => Notice::RingWritten { file: path.display().to_string(), bytes },
            Err(error) => Notice::RecordingStopped { file: path.display().to_string(), why: error.to_string() },
        };
        (shared.ear)(notice);
    }
}

fn append(reel: &mut Reel, tape: &mut Option<Tape>, head: &[u8], blocks: &[u8]) -> io::Result<()> {
    let due = tape.as_ref().is_none_or(|tape| reel.is_due(tape, blocks.len()));
    if due {
        let mut next = reel.next()?;
        next.append(head)?;
        *tape = Some(next);
    }
    tape.as_mut().map_or(Ok(()), |tape| tape.append(blocks))
}

fn name(tape: Option<&Tape>) -> String {
    tape.map_or_else(|| "the recording".to_owned(), |tape| tape.path().display().to_string())
}

impl Ring {
    fn push(&mut self, blocks: &Blocks) {
        self.bytes += blocks.bytes.len();
        self.parts.push_back((blocks.last, blocks.bytes.clone()));
        let oldest = Time(blocks.last.0.saturating_sub(i64::try_from(self.time.as_nanos()).unwrap_or(i64::MAX)));
        while self.bytes > self.most || self.parts.front().is_some_and(|(time, _)| *time < oldest) {
            let Some((_, part)) = self.parts.pop_front() else { break };
            self.bytes -= part.len();
        }
    }

    fn save(&self, path: &Path, head: &[u8]) -> io::Result<u64> {
        let mut tape = Tape::create(path, false)?;
        tape.append(head)?;
        for (_, part) in &self.parts {
            tape.append(part)?;
        }
        Ok(tape.len())
    }
}
