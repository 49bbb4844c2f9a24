//! The writing side of an index: records in, batches out.

use std::collections::{BTreeSet, HashMap};

use super::entry::{Entry, Lane, Note, NoteKind, Saying, SessionRow, SessionState, Spark};
use crate::limits::Limits;
use crate::record::{Closed, End, Joined, Message, Opened, Record, Sink, Source};
use crate::stream::{Direction, Ending};
use crate::time::{Span, Time};
use crate::view::{Mask, Story, clean, gap_text, gist, handshake_text};
use crate::wire::body::Body;
use crate::wire::code::Kind;

/// What came since the last batch. An [`Index`](super::Index) grows by them.
#[derive(Debug, Default)]
pub struct Batch {
    pub(super) entries: Vec<Entry>,
    pub(super) lanes: Vec<Lane>,
    pub(super) sayings: Vec<Saying>,
    pub(super) notes: Vec<Note>,
    pub(super) sessions: Vec<SessionRow>,
    /// Row of the reply, session and number of the call, time between them.
    pub(super) replies: Vec<(u32, u32, u64, Span)>,
    pub(super) source: Option<Source>,
    pub(super) end: Option<End>,
}

impl Batch {
    /// Nothing came.
    pub fn is_empty(&self) -> bool {
        let Batch { entries, lanes, sayings, notes, sessions, replies, source, end } = self;
        entries.is_empty()
            && lanes.is_empty()
            && sayings.is_empty()
            && notes.is_empty()
            && sessions.is_empty()
            && replies.is_empty()
            && source.is_none()
            && end.is_none()
    }

    /// Messages in it.
    pub fn len(&self) -> usize {
        self.entries.len()
    }
}

/// Turns records into batches of an index, and remembers what explaining a message takes.
#[derive(Debug)]
pub struct Indexer {
    mask: Mask,
    open: Mask,
    batch: Batch,
    rows: u32,
    /// How many there may be: of media, and at all.
    most_rows: [usize; 2],
    /// It was said that there are no more of them.
    full: [bool; 2],
    lanes: HashMap<Lane, u32, foldhash::fast::RandomState>,
    /// The lane used last, by direction.
    recent_lanes: [Option<(Lane, u32)>; 4],
    sayings: u32,
    /// Bytes of all sayings, and how many of them there may be: with meanings, and at all.
    said: usize,
    most_meant: usize,
    most_said: usize,
    by_text: HashMap<Box<str>, u32, foldhash::fast::RandomState>,
    /// What media messages said lately: they repeat themselves.
    recent: [Vec<(Body, u32)>; 2],
    tellers: HashMap<u32, Teller, foldhash::fast::RandomState>,
    /// Sessions of which something changed since the last batch.
    changed: BTreeSet<u32>,
}

/// What is told of one session.
#[derive(Debug)]
struct Teller {
    story: Story,
    /// The same without the mask; of media it knows nothing.
    open: Story,
    spark: Spark,
    last: Time,
    messages: u64,
    bytes: u64,
}

/// Sayings of media remembered to compare with.
const RECENT: usize = 8;

impl Indexer {
    /// An index of nothing yet.
    pub fn new() -> Indexer {
        Indexer::within(&Limits::default())
    }

    /// The same with other caps.
    pub fn within(limits: &Limits) -> Indexer {
        let unsaid = Saying { masked: "".into(), open: None, meaning: None };
        Indexer {
            mask: Mask::new(false),
            open: Mask::new(true),
            batch: Batch { sayings: vec![unsaid], ..Batch::default() },
            rows: 0,
            most_rows: [limits.listed / 8 * 7, limits.listed],
            full: [false; 2],
            lanes: HashMap::default(),
            recent_lanes: [None; 4],
            sayings: 1,
            said: 0,
            most_meant: limits.meant_bytes,
            most_said: limits.said_bytes,
            by_text: HashMap::default(),
            recent: [Vec::new(), Vec::new()],
            tellers: HashMap::default(),
            changed: BTreeSet::new(),
        }
    }

    /// Messages that wait to be taken.
    pub fn waiting(&self) -> usize {
        self.batch.entries.len()
    }

    /// What came since the last time. With `sessions`, also the rows of sessions that changed.
    pub fn take_batch(&mut self, sessions: bool) -> Batch {
        if sessions {
            for session in std::mem::take(&mut self.changed) {
                self.tell(session);
            }
        }
        std::mem::take(&mut self.batch)
    }

    /// Takes what a proxy says beside its records.
    pub fn remark(&mut self, time: Time, text: &str) {
        self.note(NoteKind::Relay, 0, time, None, text);
    }

    /// The mask that has learned the secrets so far.
    pub fn mask(&self) -> &Mask {
        &self.mask
    }

    /// The story of a session, as a summary tells it.
    pub fn story(&self, session: u32, open: bool) -> Vec<(&'static str, String)> {
        let Some(teller) = self.tellers.get(&session) else { return Vec::new() };
        let mut lines = teller.story.lines(&self.mask);
        if open {
            let whole = teller.open.lines(&self.open);
            for (label, text) in &mut lines {
                if let Some((_, same)) = whole.iter().find(|(other, _)| *other == *label && *other == "stream") {
                    text.clone_from(same);
                }
            }
        }
        lines
    }

    #[inline]
    fn message(&mut self, message: &Message) {
        if self.has_room(message) {
            let lane = self.lane(message);
            let saying = self.saying(message);
            self.batch.entries.push(Entry::of(message, lane, saying));
            if let Some(call) = message.reply_to {
                self.batch.replies.push((self.rows, message.session, call.seq, call.after));
            }
            self.rows += 1;
        }
        if let Some(teller) = self.tellers.get_mut(&message.session) {
            teller.messages += 1;
            teller.bytes += u64::from(message.head.length);
            teller.last = teller.last.max(message.time);
            teller.spark.add(message.time, message.head.length);
        }
    }

    /// Can one more message be listed? The first one that cannot is told.
    #[inline]
    fn has_room(&mut self, message: &Message) -> bool {
        let [media, all] = self.most_rows;
        let rows = self.rows as usize;
        if rows < media {
            return true;
        }
        let is_media = message.head.message_type.kind().is_media();
        let (full, text) = match (&mut self.full, is_media) {
            (_, false) if rows < all => return true,
            ([full, _], true) => (full, "from here on sound and pictures are not listed: there are too many messages"),
            ([_, full], false) => (full, "from here on no messages are listed: there are too many"),
        };
        if !std::mem::replace(full, true) {
            self.note(NoteKind::Capture, 0, message.time, None, text);
        }
        false
    }

    #[inline]
    fn lane(&mut self, message: &Message) -> u32 {
        let lane = Lane {
            session: message.session,
            dir: message.dir,
            csid: message.head.csid,
            stream_id: message.head.stream_id,
            message_type: message.head.message_type,
        };
        let slot = message.dir.index() * 2 + usize::from(lane.kind() == Kind::Audio);
        if let Some(Some((recent, number))) = self.recent_lanes.get(slot)
            && *recent == lane
        {
            return *number;
        }
        let next = self.lanes.len() as u32;
        let number = *self.lanes.entry(lane).or_insert_with(|| {
            self.batch.lanes.push(lane);
            next
        });
        if let Some(recent) = self.recent_lanes.get_mut(slot) {
            *recent = Some((lane, number));
        }
        number
    }

    #[inline]
    fn saying(&mut self, message: &Message) -> u32 {
        let slot = match message.meaning {
            _ if message.partial.is_some() => None,
            Body::Audio(_) => Some(0),
            Body::Video(_) => Some(1),
            _ => None,
        };
        if let Some(recent) = slot.and_then(|slot| self.recent.get(slot))
            && let Some((_, saying)) = recent.iter().find(|(body, _)| *body == message.meaning)
        {
            return *saying;
        }
        let masked = gist(message, &self.mask);
        if slot.is_some()
            && let Some(saying) = self.by_text.get(masked.as_str())
        {
            return *saying;
        }
        self.say(message, masked, slot)
    }

    /// A saying that is new.
    fn say(&mut self, message: &Message, masked: String, slot: Option<usize>) -> u32 {
        if self.said > self.most_said {
            return 0;
        }
        let open = if slot.is_some() { None } else { Some(gist(message, &self.open)).filter(|open| *open != masked) };
        let before = self.said;
        self.said += masked.len() + open.as_ref().map_or(0, String::len) + size_of::<Saying>();
        let passes = |most: usize| (before..self.said).contains(&most);
        if passes(self.most_said) {
            let text = "from here on messages are told by their columns only: there are too many different lines";
            self.note(NoteKind::Capture, 0, message.time, None, text);
        } else if passes(self.most_meant) {
            let text = "from here on filters read the capture again: there are too many different messages to keep";
            self.note(NoteKind::Capture, 0, message.time, None, text);
        }
        let number = self.sayings;
        self.sayings += 1;
        if let Some(slot) = slot {
            self.by_text.insert(masked.as_str().into(), number);
            if let Some(recent) = self.recent.get_mut(slot) {
                if recent.len() >= RECENT {
                    recent.remove(0);
                }
                recent.push((message.meaning.clone(), number));
            }
        }
        let meaning = (self.said < self.most_meant).then(|| Box::new(message.meaning.clone()));
        self.batch.sayings.push(Saying { masked: masked.into(), open: open.map(Into::into), meaning });
        number
    }

    fn note(&mut self, kind: NoteKind, session: u32, time: Time, dir: Option<Direction>, text: &str) {
        let masked = clean(&self.mask.echoes(session, text)).into_owned();
        let open = Some(clean(text).into_owned()).filter(|open| *open != masked);
        let (masked, open) = (masked.into(), open.map(Into::into));
        let note = Note { time, session, dir, kind, masked, open, seq: None, before: self.rows };
        self.batch.notes.push(note);
    }

    fn notable(&mut self, record: &Record) {
        match record {
            Record::Source(source) => self.batch.source = Some(source.clone()),
            Record::Opened(opened) => self.opened(opened),
            Record::Handshake(handshake) => {
                let text = handshake_text(handshake);
                self.note(NoteKind::Handshake, handshake.session, handshake.time, Some(handshake.dir), &text);
            }
            Record::Gap(gap) => self.note(NoteKind::Gap, gap.session, gap.time, Some(gap.dir), &gap_text(gap)),
            Record::Finding(finding) => {
                let kind = NoteKind::Finding(finding.rule.level);
                self.note(kind, finding.session, finding.time, Some(finding.dir), &finding.text);
                if let Some(note) = self.batch.notes.last_mut() {
                    note.seq = finding.seq;
                }
            }
            Record::Closed(Closed { session, time, verdict, .. }) => {
                self.note(NoteKind::Closed, *session, *time, None, verdict);
            }
            Record::End(end) => {
                for text in &end.notes {
                    self.note(NoteKind::Capture, 0, end.last, None, text);
                }
                self.batch.end = Some(end.clone());
            }
            Record::Message(_) | Record::Answered { .. } => {}
        }
    }

    fn opened(&mut self, opened: &Opened) {
        let late = if opened.joined == Joined::Late { ", joined late" } else { "" };
        let text = format!("{} -> {}, {}{late}", opened.client, opened.server, opened.transport.name());
        self.note(NoteKind::Opened, opened.session, opened.time, None, &text);
        let teller = Teller {
            story: Story::new(opened.clone()),
            open: Story::new(opened.clone()),
            spark: Spark::new(opened.time),
            last: opened.time,
            messages: 0,
            bytes: 0,
        };
        self.tellers.insert(opened.session, teller);
    }

    /// Puts the row of a session into the batch.
    fn tell(&mut self, session: u32) {
        let Some(Teller { story, open, spark, last, messages, bytes }) = self.tellers.get_mut(&session) else {
            return;
        };
        let state = match story.closed.as_ref().map(|closed| closed.how) {
            None => SessionState::Open,
            Some(Ending::Fin) => SessionState::Closed,
            Some(Ending::Reset) => SessionState::Reset,
            Some(Ending::Unfinished | Ending::Replaced | Ending::Evicted) => SessionState::Cut,
        };
        let verdict = story.closed.as_ref().map(|closed| clean(&closed.verdict).into_owned());
        let row = SessionRow {
            number: session,
            opened: story.opened.time,
            last: *last,
            state,
            client: story.opened.client,
            server: story.opened.server,
            stream: clean(&story.stream()).into_owned(),
            open_stream: clean(&open.stream()).into_owned(),
            codecs: story.codecs(),
            messages: *messages,
            bytes: *bytes,
            rate: story.rate(),
            worst: story.worst().map(|(level, text)| (level, clean(text).into_owned())),
            gaps: story.gaps(),
            verdict: verdict.as_ref().map(|verdict| self.mask.echoes(session, verdict).into_owned()),
            open_verdict: verdict,
            spark: *spark,
        };
        self.batch.sessions.push(row);
    }
}

impl Default for Indexer {
    fn default() -> Self {
        Indexer::new()
    }
}

impl Sink for Indexer {
    fn take(&mut self, record: Record) {
        self.mask.learn(&record);
        match &record {
            Record::Message(message) => self.message(message),
            record => self.notable(record),
        }
        let Some(session) = record.session() else { return };
        let media = matches!(&record, Record::Message(message) if message.head.message_type.kind().is_media());
        if let Some(teller) = self.tellers.get_mut(&session) {
            teller.story.add(&record, &self.mask);
            if !media {
                teller.open.add(&record, &self.open);
            }
        }
        self.changed.insert(session);
    }
}
