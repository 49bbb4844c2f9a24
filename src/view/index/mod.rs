//! An index of a capture: what a list of a million messages needs to show any of its rows at once.
//!
//! Every message has an [`Entry`] of 40 bytes and four bytes in the list of its session; what messages share stands once.
//! Bodies, chunks and packets are not here: they are read again from the capture when somebody looks. [`Indexer`] is the
//! writing side and may run in another thread; what it found travels in a [`Batch`].

mod entry;
mod indexer;
mod thin;

use std::borrow::Cow;
use std::collections::HashMap;

pub use entry::{Entry, Lane, Note, NoteKind, Saying, SessionRow, SessionState, Spark};
pub use indexer::{Batch, Indexer};
pub use thin::{Thin, suffices};

use crate::record::{End, Source};
use crate::time::{Span, Time};
pub use crate::wire::code::Kind as MessageKind;

/// Entries in a block: growing never moves what is there.
const BLOCK: usize = 4096;

/// All that was found so far.
#[derive(Debug, Default)]
pub struct Index {
    blocks: Vec<Vec<Entry>>,
    rows: usize,
    lanes: Vec<Lane>,
    sayings: Vec<Saying>,
    notes: Vec<Note>,
    sessions: Vec<SessionRow>,
    /// The rows and notes of each session.
    of_session: Vec<Sequence>,
    /// Row of the other half of a transaction, and the time between them.
    partners: HashMap<u32, (u32, Span), foldhash::fast::RandomState>,
    /// Capture time and timestamp of the first media, by session and direction.
    clocks: Vec<[Option<(Time, u32)>; 2]>,
    source: Option<Source>,
    end: Option<End>,
}

/// The messages of a session and the notes between them.
#[derive(Debug, Default)]
struct Sequence {
    rows: Vec<u32>,
    /// Messages of the session before the note, and the note.
    notes: Vec<(u32, u32)>,
}

/// Which part of an index a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All sessions.
    All,
    /// One session.
    Session(u32),
}

/// What a place in a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// The message in this row.
    Message(u32),
    /// The note with this number.
    Note(u32),
}

impl Index {
    /// Takes in what was found.
    pub fn push(&mut self, batch: Batch) {
        let Batch { entries, lanes, sayings, notes, sessions, replies, source, end } = batch;
        self.lanes.extend(lanes);
        self.sayings.extend(sayings);
        // Notes say how many messages of the whole index came before them, so sequences grow in step.
        let mut notes = notes.into_iter().peekable();
        for entry in entries {
            while notes.peek().is_some_and(|note| note.before as usize <= self.rows) {
                self.push_note(notes.next());
            }
            self.push_entry(entry);
        }
        for note in notes {
            self.push_note(Some(note));
        }
        for row in sessions {
            // Sessions come in the order of their numbers, of which some may be left out.
            match self.sessions.binary_search_by_key(&row.number, |old| old.number) {
                Ok(at) => {
                    if let Some(old) = self.sessions.get_mut(at) {
                        *old = row;
                    }
                }
                Err(at) => self.sessions.insert(at, row),
            }
        }
        for (reply, session, seq, after) in replies {
            if let Some(call) = self.row(session, seq) {
                self.partners.insert(reply, (call, after));
                self.partners.insert(call, (reply, after));
            }
        }
        self.source = source.or(self.source.take());
        self.end = end.or(self.end.take());
    }

    fn push_entry(&mut self, entry: Entry) {
        if self.blocks.last().is_none_or(|block| block.len() == BLOCK) {
            self.blocks.push(Vec::with_capacity(if self.blocks.is_empty() { 64 } else { BLOCK }));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.push(entry);
        }
        let row = self.rows as u32;
        self.rows += 1;
        let lane = self.lane(&entry);
        let session = lane.session;
        self.set_clock(&lane, &entry);
        if let Some(sequence) = self.sequence_mut(session) {
            sequence.rows.push(row);
        }
    }

    /// The first media of a direction sets the clock that the others are held against.
    fn set_clock(&mut self, lane: &Lane, entry: &Entry) {
        if !lane.kind().is_media() || entry.is_configuration() || entry.timestamp().is_none() {
            return;
        }
        let session = lane.session as usize;
        if session >= self.clocks.len() {
            self.clocks.resize(session + 1, [None; 2]);
        }
        let clock = self.clocks.get_mut(session).and_then(|clocks| clocks.get_mut(lane.dir.index()));
        if let Some(clock @ None) = clock {
            *clock = Some((entry.time, entry.timestamp));
        }
    }

    /// How many milliseconds later than its timestamp says a media message came, against the first of its direction.
    pub fn drift(&self, row: u32) -> Option<f64> {
        let entry = self.entry(row)?;
        let lane = self.lane(entry);
        let (time, timestamp) = (*self.clocks.get(lane.session as usize)?.get(lane.dir.index())?)?;
        if !lane.kind().is_media() || entry.is_configuration() {
            return None;
        }
        let passed = f64::from(entry.timestamp()?.wrapping_sub(timestamp) as i32);
        Some(entry.time.since(time).seconds() * 1000.0 - passed)
    }

    fn push_note(&mut self, note: Option<Note>) {
        let Some(note) = note else { return };
        let number = self.notes.len() as u32;
        if let Some(sequence) = self.sequence_mut(note.session) {
            sequence.notes.push((sequence.rows.len() as u32, number));
        }
        self.notes.push(note);
    }

    fn sequence_mut(&mut self, session: u32) -> Option<&mut Sequence> {
        let at = (session as usize).checked_sub(1)?;
        if at >= self.of_session.len() {
            self.of_session.resize_with(at + 1, Sequence::default);
        }
        self.of_session.get_mut(at)
    }

    fn sequence(&self, session: u32) -> Option<&Sequence> {
        self.of_session.get((session as usize).checked_sub(1)?)
    }

    /// Messages in all.
    pub fn messages(&self) -> usize {
        self.rows
    }

    /// The message in a row.
    pub fn entry(&self, row: u32) -> Option<&Entry> {
        self.blocks.get(row as usize / BLOCK)?.get(row as usize % BLOCK)
    }

    /// All messages from a row on.
    pub fn entries_from(&self, row: usize) -> impl Iterator<Item = (u32, &Entry)> + '_ {
        let blocks = self.blocks.iter().enumerate().skip(row / BLOCK);
        let all = blocks.flat_map(|(n, block)| (n * BLOCK..).zip(block));
        all.skip(row % BLOCK).map(|(row, entry)| (row as u32, entry))
    }

    /// What a message shares with others.
    pub fn lane(&self, entry: &Entry) -> Lane {
        const NONE: Lane = Lane {
            session: 0,
            dir: crate::stream::Direction::ClientToServer,
            csid: 0,
            stream_id: 0,
            message_type: crate::wire::code::MessageType(0),
        };
        self.lanes.get(entry.lane as usize).copied().unwrap_or(NONE)
    }

    /// What a message says and means.
    pub fn saying(&self, entry: &Entry) -> Option<&Saying> {
        self.sayings.get(entry.saying as usize)
    }

    /// The line for the message in a row; `open` lifts the mask.
    pub fn text(&self, row: u32, open: bool) -> Cow<'_, str> {
        let Some(entry) = self.entry(row) else { return Cow::Borrowed("") };
        let Some(saying) = self.saying(entry) else { return Cow::Borrowed("") };
        let text = saying.open.as_deref().filter(|_| open).unwrap_or(&saying.masked);
        match self.partner(row) {
            // The reply's own line names its call.
            Some((reply, after)) if reply > row => {
                let seq = self.entry(reply).map_or(0, |reply| reply.seq);
                Cow::Owned(format!("{text} -> #{seq} after {}", crate::view::short_time(after)))
            }
            _ => Cow::Borrowed(text),
        }
    }

    /// The other half of a transaction, and the time between them.
    pub fn partner(&self, row: u32) -> Option<(u32, Span)> {
        self.partners.get(&row).copied()
    }

    /// All that stands between messages.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The note with this number.
    pub fn note(&self, number: u32) -> Option<&Note> {
        self.notes.get(number as usize)
    }

    /// Which packet of its session's handshake a note is about: the first, the second ...
    pub fn handshake_number(&self, note: u32) -> Option<u64> {
        let found = self.note(note).filter(|found| found.kind == NoteKind::Handshake)?;
        let notes = &self.sequence(found.session)?.notes;
        let before = notes.iter().map(|(_, number)| *number).take_while(|number| *number <= note);
        let is_handshake = |number: &u32| self.note(*number).is_some_and(|note| note.kind == NoteKind::Handshake);
        Some(before.filter(is_handshake).count() as u64)
    }

    /// All sessions.
    pub fn sessions(&self) -> &[SessionRow] {
        &self.sessions
    }

    /// One session.
    pub fn session(&self, number: u32) -> Option<&SessionRow> {
        let at = self.sessions.binary_search_by_key(&number, |row| row.number).ok()?;
        self.sessions.get(at)
    }

    /// The rows of a session's messages.
    pub fn rows_of(&self, session: u32) -> &[u32] {
        self.sequence(session).map(|sequence| sequence.rows.as_slice()).unwrap_or_default()
    }

    /// The row of a message.
    pub fn row(&self, session: u32, seq: u64) -> Option<u32> {
        let rows = self.rows_of(session);
        // Numbers count up by one from 1, so the first look nearly always hits.
        let near = (seq as usize).checked_sub(1)?;
        let at = |place: usize| rows.get(place).and_then(|row| self.entry(*row)).map(|entry| u64::from(entry.seq));
        if at(near) == Some(seq) {
            return rows.get(near).copied();
        }
        let place = rows.partition_point(|row| self.entry(*row).is_some_and(|entry| u64::from(entry.seq) < seq));
        (at(place) == Some(seq)).then(|| rows.get(place).copied())?
    }

    /// Messages and notes of a scope.
    pub fn len(&self, scope: Scope) -> usize {
        match scope {
            Scope::All => self.rows + self.notes.len(),
            Scope::Session(n) => self.sequence(n).map_or(0, |s| s.rows.len() + s.notes.len()),
        }
    }

    /// Nothing was found yet.
    pub fn is_empty(&self) -> bool {
        self.rows == 0 && self.notes.is_empty()
    }

    /// What stands at a place of a scope.
    pub fn item(&self, scope: Scope, place: usize) -> Option<Item> {
        match scope {
            Scope::All => {
                let before = |n: usize| self.notes.get(n).map_or(usize::MAX, |note| note.before as usize);
                match merged(self.notes.len(), before, place) {
                    Ok(note) => Some(Item::Note(note as u32)),
                    Err(row) => (row < self.rows).then_some(Item::Message(row as u32)),
                }
            }
            Scope::Session(session) => {
                let sequence = self.sequence(session)?;
                let before = |n: usize| sequence.notes.get(n).map_or(usize::MAX, |note| note.0 as usize);
                match merged(sequence.notes.len(), before, place) {
                    Ok(note) => sequence.notes.get(note).map(|note| Item::Note(note.1)),
                    Err(row) => sequence.rows.get(row).map(|row| Item::Message(*row)),
                }
            }
        }
    }

    /// The place of an item in a scope.
    pub fn place(&self, scope: Scope, item: Item) -> Option<usize> {
        match (scope, item) {
            (Scope::All, Item::Message(row)) => {
                Some(row as usize + self.notes.partition_point(|note| note.before <= row))
            }
            (Scope::All, Item::Note(note)) => Some(self.note(note)?.before as usize + note as usize),
            (Scope::Session(session), Item::Message(row)) => {
                let sequence = self.sequence(session)?;
                let at = sequence.rows.binary_search(&row).ok()?;
                Some(at + sequence.notes.partition_point(|note| note.0 as usize <= at))
            }
            (Scope::Session(session), Item::Note(note)) => {
                let sequence = self.sequence(session)?;
                let at = sequence.notes.binary_search_by_key(&note, |note| note.1).ok()?;
                Some(sequence.notes.get(at)?.0 as usize + at)
            }
        }
    }

    /// When an item happened.
    pub fn time(&self, item: Item) -> Option<Time> {
        match item {
            Item::Message(row) => self.entry(row).map(|entry| entry.time),
            Item::Note(note) => self.note(note).map(|note| note.time),
        }
    }

    /// The session of an item.
    pub fn session_of(&self, item: Item) -> Option<u32> {
        match item {
            Item::Message(row) => self.entry(row).map(|entry| self.lane(entry).session),
            Item::Note(note) => self.note(note).map(|note| note.session).filter(|session| *session > 0),
        }
    }

    /// Time of the first packet.
    pub fn start(&self) -> Time {
        self.source.as_ref().and_then(|source| source.start).unwrap_or_default()
    }

    /// The input.
    pub fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    /// What the end of the input said, once it came.
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Bytes of memory per message, shared texts left out.
    pub fn bytes_per_message(&self) -> f64 {
        let entries: usize = self.blocks.iter().map(Vec::capacity).sum::<usize>() * size_of::<Entry>();
        let rows: usize = self.of_session.iter().map(|sequence| sequence.rows.capacity()).sum::<usize>() * 4;
        (entries + rows) as f64 / self.rows.max(1) as f64
    }
}

/// Rows and notes in one sequence: note `n` stands before row `before(n)` and behind the notes with smaller numbers.
/// What stands at `place`: a note, or else a row.
fn merged(notes: usize, before: impl Fn(usize) -> usize, place: usize) -> Result<usize, usize> {
    let (mut low, mut high) = (0, notes);
    while low < high {
        let middle = (low + high) / 2;
        if before(middle).saturating_add(middle) < place { low = middle + 1 } else { high = middle }
    }
    if low < notes && before(low).saturating_add(low) == place { Ok(low) } else { Err(place - low) }
}
