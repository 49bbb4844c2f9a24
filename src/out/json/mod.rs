//! Records as JSON events, one a line or in one array. The shape is described by [`SCHEMA`] and versioned.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::record::{Record, Sink};
use crate::time::Time;
use crate::view::{Mask, Media};

mod amf;
mod batch;
mod digits;
mod event;
mod fields;
mod lossless;
mod meaning;
mod media;
mod message;
mod observe;
mod read;
mod walk;
mod what;
mod writer;

pub use lossless::{read_amf, write_amf};
pub use observe::observe;
pub(super) use observe::{amf_of, members_of};
pub use read::{Damage, Event, EventSink, Events, Json as Value, Members, Trouble};
pub(super) use what::what;
pub use writer::{Object, object};
pub(super) use writer::{amf_text, array, string_text};

/// The JSON Schema of the events.
pub const SCHEMA: &str = include_str!("schema.json");

/// The major version of the events: renaming, retyping or removing anything makes a new one.
pub const VERSION: u32 = 1;

/// How much each message event says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// What the message is.
    Messages,
    /// Also its chunks and the packets that carried them.
    Chunks,
    /// Also the explained tree of its headers and body.
    Fields,
}

/// What of a body goes into a message event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bodies {
    /// Nothing.
    None,
    /// A 64-bit hash.
    Hash,
    /// The first bytes, in hex.
    Head(usize),
    /// All of it, in base64.
    Base64,
}

/// What to write.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How much each message says.
    pub detail: Detail,
    /// What of bodies is written.
    pub bodies: Bodies,
    /// One array instead of a line each.
    pub array: bool,
    /// Write each event as it comes, instead of filling in the source's totals first where they come soon.
    pub live: bool,
}

/// Writes records as JSON events.
pub struct Json<W> {
    out: W,
    options: Options,
    mask: Mask,
    line: event::Line,
    /// The sound and pictures of the sessions that are open.
    media: HashMap<u32, Media, foldhash::fast::RandomState>,
    /// Events that wait for the totals of the source.
    waiting: Vec<u8>,
    source: Option<event::Waiting>,
    wrote: bool,
    failed: Option<io::Error>,
    /// Writes events on several threads.
    writers: Option<batch::Writers>,
}

/// The source's line waits for its totals behind at most this much output.
const LONGEST_WAIT: usize = 1 << 20;
/// Output goes out in pieces of this size.
const BATCH: usize = 256 << 10;

impl<W: Write> Json<W> {
    /// A writer of events.
    pub fn new(out: W, options: Options, mask: Mask) -> Self {
        let line = event::Line::new(options);
        Json {
            out,
            options,
            mask,
            line,
            media: HashMap::default(),
            waiting: Vec::new(),
            source: None,
            wrote: false,
            failed: None,
            writers: None,
        }
    }

    /// Writes events on so many threads, this one included: the same text. Not where each event goes out as it comes.
    pub fn on_threads(mut self, threads: usize) -> Self {
        self.writers = (threads > 1 && !self.options.live).then(|| batch::Writers::new(threads));
        self
    }

    /// Also writes AMF values with everything that plain JSON forgets.
    pub fn with_lossless_amf(mut self) -> Self {
        self.line.lossless = true;
        self
    }

    /// Tells times from here on, for events without their source.
    pub fn begin_at(&mut self, start: Time) {
        self.line.start(Some(start));
    }

    /// Has writing failed? Then nothing more is worth decoding.
    pub fn failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Writes what waits: nothing more comes for the moment. Tells of a failure each time from the first one on.
    pub fn pause(&mut self) -> io::Result<()> {
        self.settle();
        self.release(None);
        self.flush();
        match &self.failed {
            Some(error) => Err(io::Error::new(error.kind(), error.to_string())),
            None => self.out.flush(),
        }
    }

    /// Writes what waits and ends the output.
    pub fn finish(mut self) -> io::Result<W> {
        self.settle();
        self.release(None);
        if self.options.array {
            self.waiting.extend_from_slice(if self.wrote { b"\n]\n" } else { b"[]\n" });
        }
        self.flush();
        match self.failed {
            Some(error) => Err(error),
            None => self.out.flush().map(|()| self.out),
        }
    }

    fn learn(&mut self, record: &Record) {
        self.mask.learn(record);
        if let Record::Message(message) = record {
            self.media.entry(message.session).or_default().add(message);
        }
    }

    /// Begins an event: what follows the one before it.
    fn separate(&mut self) {
        let separator = self.separator();
        self.waiting.extend_from_slice(separator);
    }

    /// What stands in front of the next event.
    fn separator(&mut self) -> &'static [u8] {
        match (self.options.array, std::mem::replace(&mut self.wrote, true)) {
            (true, false) => b"[\n",
            (true, true) => b",\n",
            (false, _) => b"",
        }
    }

    /// Takes what other threads still write.
    fn settle(&mut self) {
        let Json { writers, waiting, source, out, failed, .. } = self;
        if let Some(writers) = writers {
            writers.finish(&mut |text| pass_on(text, source.is_some(), waiting, out, failed));
        }
        self.source_waits_no_longer();
    }

    /// The source's totals come too late.
    fn source_waits_no_longer(&mut self) {
        if self.source.is_some() && self.waiting.len() > LONGEST_WAIT {
            self.release(None);
        }
    }

    /// Writes the source's line in front of what waits.
    fn release(&mut self, end: Option<&crate::record::End>) {
        let Some(source) = self.source.take() else { return };
        let after = std::mem::take(&mut self.waiting);
        self.wrote = false;
        self.separate();
        source.write(&mut self.waiting, end);
        self.end_line();
        if self.options.array && !after.is_empty() {
            self.waiting.extend_from_slice(b",\n");
            self.waiting.extend_from_slice(after.strip_prefix(b"[\n").unwrap_or(&after));
        } else {
            self.waiting.extend_from_slice(&after);
        }
    }

    fn end_line(&mut self) {
        if !self.options.array {
            self.waiting.push(b'\n');
        }
    }

    fn flush(&mut self) {
        if self.failed.is_none()
            && let Err(error) = self.out.write_all(&self.waiting)
        {
            self.failed = Some(error);
        }
        self.waiting.clear();
    }
}

impl<W: Write> Sink for Json<W> {
    fn overhear(&mut self, record: &Record) {
        if let Record::Source(source) = record {
            self.line.start(source.start);
        }
        self.learn(record);
    }

    fn take(&mut self, mut record: Record) {
        self.pass(&mut record);
    }

    fn pass(&mut self, record: &mut Record) {
        if self.failed() {
            return;
        }
        match record {
            Record::Source(source) => {
                self.line.start(source.start);
                self.source = Some(event::Waiting::new(source));
                if self.options.live {
                    self.release(None);
                }
            }
            Record::End(end) => {
                self.settle();
                self.release(Some(end));
                self.event(record);
                self.flush();
                return;
            }
            Record::Answered { .. } => return,
            _ => {
                self.learn(record);
                self.write(record);
            }
        }
        self.source_waits_no_longer();
        if self.source.is_none() && (self.options.live || self.waiting.len() > BATCH) {
            self.flush();
            if self.options.live
                && let Err(error) = self.out.flush()
            {
                self.failed = Some(error);
            }
        }
    }
}

/// Takes what another thread wrote: straight to the output, unless the source's line is still to come before it.
fn pass_on(text: &[u8], waits: bool, waiting: &mut Vec<u8>, out: &mut impl Write, failed: &mut Option<io::Error>) {
    if waits {
        waiting.extend_from_slice(text);
    } else if failed.is_none() {
        let written = out.write_all(waiting).and_then(|()| out.write_all(text));
        *failed = written.err();
        waiting.clear();
    }
}

/// Messages as the text of their events, one at a time.
pub(super) struct MessageText {
    line: event::Line,
    text: Vec<u8>,
}

impl MessageText {
    /// Events without bodies, chunks and fields.
    pub(super) fn new() -> MessageText {
        let options = Options { detail: Detail::Messages, bodies: Bodies::None, array: false, live: false };
        MessageText { line: event::Line::new(options), text: Vec::new() }
    }

    /// Tells times from here on.
    pub(super) fn start(&mut self, start: Option<Time>) {
        self.line.start(start);
    }

    /// The members of a message's event.
    pub(super) fn members(&mut self, record: &Record, mask: &Mask) -> Members<'_> {
        self.text.clear();
        self.line.write(record, mask, None, &mut self.text);
        Members::of_written(std::str::from_utf8(&self.text).unwrap_or_default())
    }
}

impl<W: Write> Json<W> {
    /// Writes an event, here or on another thread.
    fn write(&mut self, record: &mut Record) {
        if self.writers.is_none() {
            return self.event(record);
        }
        let (separator, media) = (self.separator(), self.media_of(record));
        let Json { writers, waiting, source, out, failed, line, mask, .. } = self;
        if let Some(writers) = writers {
            let mut out = |text: &[u8]| pass_on(text, source.is_some(), waiting, out, failed);
            writers.take(line, record.take_out(), separator, mask, media, &mut out);
        }
    }

    fn event(&mut self, record: &Record) {
        self.separate();
        let media = self.media_of(record);
        self.line.write(record, &self.mask, media.as_ref(), &mut self.waiting);
        self.end_line();
    }

    /// The sound and pictures of a session that closes.
    fn media_of(&mut self, record: &Record) -> Option<Media> {
        match record {
            Record::Closed(closed) => self.media.remove(&closed.session),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
