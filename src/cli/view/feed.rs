//! Reads the capture in a thread of its own and tells the screen what it finds, piece by piece.

use std::fs::Metadata;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::reader::{Store, Wanted};
use crate::cli::args::ReadArgs;
use crate::cli::read::{Select, keep, settings};
use crate::engine::{CaptureError, Control, Input, Place, Settings, Trail, Want, run};
use crate::limits::Limits;
use crate::query::Filter;
use crate::record::{End, Handshake, Message, Record, Sink};
use crate::time::Time;
use crate::tui::{Lines, Msg, Wish};
use crate::view::Mask;
use crate::view::index::Indexer;
use crate::view::sheet::Packet;

/// Messages in a batch.
const BATCH: usize = 4096;
/// Messages in the first batch, which the user waits for.
const FIRST_BATCH: usize = 64;
/// How often the rows of sessions and the progress are told.
const TELL: Duration = Duration::from_millis(60);
/// How often a file that grows is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// What the threads share.
#[derive(Debug)]
pub(super) struct Shared {
    indexer: Mutex<Indexer>,
    trail: Trail,
    known: Mutex<Known>,
    stop: AtomicBool,
    follow: AtomicBool,
    wanted: Wanted,
}

#[derive(Debug, Default)]
struct Known {
    start: Time,
    end: Option<End>,
}

impl Shared {
    pub(super) fn new(path: &Path, follow: bool) -> Shared {
        Shared {
            indexer: Mutex::new(Indexer::new()),
            trail: Trail::new(path),
            known: Mutex::default(),
            stop: AtomicBool::new(false),
            follow: AtomicBool::new(follow),
            wanted: Wanted::default(),
        }
    }

    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Which search is wished for.
    pub(super) fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// From now on the end of a file is waited at.
    pub(super) fn follow(&self) {
        self.follow.store(true, Ordering::Relaxed);
    }

    /// Forgets what was read, if it was read to its end.
    pub(super) fn begin_again(&self) -> bool {
        let ended = self.known().end.take().is_some();
        if ended {
            *self.indexer() = Indexer::new();
            self.stop.store(false, Ordering::Relaxed);
            self.follow();
        }
        ended
    }

    pub(super) fn trail(&self) -> &Trail {
        &self.trail
    }

    pub(super) fn indexer(&self) -> MutexGuard<'_, Indexer> {
        self.indexer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn start(&self) -> Time {
        self.known().start
    }

    /// What the end of the capture said, once it came.
    pub(super) fn end(&self) -> Option<End> {
        self.known().end.clone()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Shared {
    fn message(&self, wish: Wish, go_on: &mut dyn FnMut() -> bool) -> Option<Box<Message>> {
        let place = Place { session: wish.session, seq: wish.seq, packet: u64::from(wish.packet) };
        self.trail.message(place, &Limits::default(), go_on)
    }

    fn handshake(&self, wish: Wish) -> Option<Box<Handshake>> {
        self.trail.handshake(wish.session, wish.seq, &Limits::default())
    }

    fn packets(&self, numbers: &[u64]) -> Vec<Packet> {
        let start = self.start();
        let frames = self.trail.frames(numbers, &Limits::default()).into_iter();
        let packet = frames.map(|frame| Packet {
            number: frame.packet,
            time: frame.time.map(|time| format!("{:.6} s", time.since(start))).unwrap_or_default(),
            bytes: frame.bytes.into(),
        });
        packet.collect()
    }

    fn story(&self, session: u32) -> [Lines; 2] {
        let indexer = self.indexer();
        [indexer.story(session, false), indexer.story(session, true)]
    }

    fn mask(&self) -> (Mask, Time) {
        (self.indexer().mask().clone(), self.start())
    }
}

/// Begins to read.
pub(super) fn spawn(
    args: ReadArgs,
    input: Input,
    shared: Arc<Shared>,
    sender: SyncSender<Msg>,
) -> JoinHandle<Result<(), CaptureError>> {
    thread::spawn(move || {
        let size = input.size;
        let feed = Feed {
            shared: Arc::clone(&shared),
            sender: sender.clone(),
            told: Instant::now(),
            begun: false,
            bytes: 0,
            size,
        };
        let feed = Arc::new(Mutex::new(feed));
        let path = size.is_some().then(|| args.file.clone());
        let reader = Patient { input: input.reader, path, feed: Arc::clone(&feed), shared: Arc::clone(&shared) };
        let input = Input { reader: Box::new(reader), stored: None, ..input };
        let settings =
            Settings { pair_replies: false, trail: Some(shared.trail.clone()), ..settings(&args, Want::LITTLE) };
        let _ = sender.send(Msg::Began);
        let result = catch_unwind(AssertUnwindSafe(|| {
            let mut sink = |record: Record| lock(&feed).record(record);
            let mut selected = Select::new(&args, &mut sink);
            run(input, &settings, &mut selected, |_| {
                lock(&feed).progress();
                if shared.stop.load(Ordering::Relaxed) { Control::Stop } else { Control::Continue }
            })
        }));
        lock(&feed).flush(true);
        let (told, result) = match result {
            Ok(Ok(())) => (None, Ok(())),
            Ok(Err(error)) => (Some(error.to_string()), Err(error)),
            Err(_) => (Some("reading failed: this is a bug of rtmpscope".to_owned()), Ok(())),
        };
        // The screen may be gone by now.
        let _ = sender.send(Msg::Ended(told));
        result
    })
}

/// Reads the capture once more for the messages that fit a filter, in a thread of its own.
pub(super) fn search(args: &ReadArgs, shared: Arc<Shared>, sender: SyncSender<Msg>, search: u64, filter: &str) {
    let (Ok(filter), Some(reader)) = (Filter::new(filter), shared.trail.whole()) else { return };
    let args = args.clone();
    thread::spawn(move || {
        let (start, mut hits, mut asked) = (shared.start(), Vec::new(), 0usize);
        let mut told = Instant::now();
        let mut sink = |record: Record| {
            let Record::Message(message) = record else { return };
            asked += 1;
            if filter.matches_message(&message, start) {
                hits.push((message.session, message.seq));
            }
            // The first hit is told at once.
            if asked.is_multiple_of(1024) && told.elapsed() >= TELL || hits.len() == 1 {
                told = Instant::now();
                let _ = sender.send(Msg::Hits(search, std::mem::take(&mut hits), asked, false));
            }
        };
        let want = Want { media: keep(filter.needs().units), origin: false };
        let settings = Settings { pair_replies: filter.needs().replies, ..settings(&args, want) };
        let input = Input::new(String::new(), reader);
        let wanted = |_| match shared.wanted.is(search) {
            true => Control::Continue,
            false => Control::Stop,
        };
        {
            let mut selected = Select::new(&args, &mut sink);
            // What cannot be read here could not be read before either, and was told then.
            let _ = run(input, &settings, &mut selected, wanted);
        }
        let _ = sender.send(Msg::Hits(search, hits, asked, true));
    });
}

/// Takes records into the index and sends batches.
struct Feed {
    shared: Arc<Shared>,
    sender: SyncSender<Msg>,
    told: Instant,
    begun: bool,
    /// Bytes read, and in all.
    bytes: u64,
    size: Option<u64>,
}

impl Feed {
    fn record(&mut self, record: Record) {
        match &record {
            Record::Source(source) => self.shared.known().start = source.start.unwrap_or_default(),
            Record::End(end) => self.shared.known().end = Some(end.clone()),
            _ => {}
        }
        let waiting = {
            let mut indexer = self.shared.indexer();
            indexer.take(record);
            indexer.waiting()
        };
        if waiting >= BATCH || !self.begun && waiting >= FIRST_BATCH {
            self.flush(!self.begun);
        }
    }

    fn progress(&mut self) {
        if self.told.elapsed() >= TELL {
            self.flush(true);
        }
    }

    /// Sends what waits. The channel is bounded: a screen that is busy slows reading down, never the other way round.
    fn flush(&mut self, sessions: bool) {
        let batch = self.shared.indexer().take_batch(sessions);
        self.begun |= !batch.is_empty();
        if sessions {
            self.told = Instant::now();
            let _ = self.sender.send(Msg::Progress(self.bytes, self.size));
        }
        if !batch.is_empty() {
            let _ = self.sender.send(Msg::Batch(Box::new(batch)));
        }
    }
}

/// An input that may have to be waited for: what was found so far is told first.
struct Patient {
    input: Box<dyn Read + Send>,
    /// The file that may grow.
    path: Option<PathBuf>,
    feed: Arc<Mutex<Feed>>,
    shared: Arc<Shared>,
}

impl Read for Patient {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        {
            let mut feed = lock(&self.feed);
            // Standard input may let the next bytes wait for as long as it likes.
            if feed.told.elapsed() >= TELL || !feed.begun || feed.size.is_none() {
                feed.flush(true);
            }
        }
        loop {
            let n = self.input.read(buf)?;
            let follow = self.shared.follow.load(Ordering::Relaxed) && !self.shared.stop.load(Ordering::Relaxed);
            if n > 0 || !follow {
                lock(&self.feed).bytes += n as u64;
                return Ok(n);
            }
            lock(&self.feed).flush(true);
            self.look()?;
            thread::sleep(LOOK);
        }
    }
}

impl Patient {
    /// A file that was cut or written anew never grows from where its reading stopped.
    fn look(&self) -> io::Result<()> {
        let Some(file) = self.path.as_ref().and_then(|path| path.metadata().ok()).filter(Metadata::is_file) else {
            return Ok(());
        };
        let read = lock(&self.feed).bytes;
        if file.len() < read {
            let text = format!("the file was cut or written anew ({} bytes now)", file.len());
            return Err(io::Error::other(text));
        }
        Ok(())
    }
}

fn lock(feed: &Mutex<Feed>) -> MutexGuard<'_, Feed> {
    feed.lock().unwrap_or_else(PoisonError::into_inner)
}
