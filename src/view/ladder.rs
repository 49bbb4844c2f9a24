//! The call flow of one or more sessions: calls, replies and notes one by one, media folded.

use super::index::{Index, Item, MessageKind};
use crate::stream::Direction;
use crate::time::{Span, Time};

/// Rows of a ladder; grows with its index.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    sessions: Vec<u32>,
    /// How many messages and notes of each session are in it.
    taken: Vec<usize>,
    rows: Vec<Rung>,
}

/// A row of a ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct Rung {
    /// When it happened; of folded media, the first.
    pub time: Time,
    /// The session.
    pub session: u32,
    /// Who sent it; a note may be about both.
    pub dir: Option<Direction>,
    /// What it stands for; of folded media, the first.
    pub item: Item,
    /// Media that were folded.
    pub media: Option<Fold>,
}

/// Media messages in a row of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fold {
    /// Messages with sound.
    pub audio: u32,
    /// Messages with pictures.
    pub video: u32,
    /// Key frames among them.
    pub keyframes: u32,
    /// Bytes of bodies.
    pub bytes: u64,
    /// From the first to the last.
    pub lasted: Span,
}

impl Ladder {
    /// Takes in what is new; begins anew for other sessions.
    pub fn refresh(&mut self, index: &Index, sessions: &[u32]) {
        if self.sessions != sessions {
            *self = Ladder { sessions: sessions.to_vec(), taken: vec![0; sessions.len()], rows: Vec::new() };
        }
        // Rows are numbered in the order of the capture, and notes say how many rows came before them.
        let mut fresh: Vec<(u64, Item)> = Vec::new();
        for (session, taken) in self.sessions.iter().zip(&mut self.taken) {
            let scope = super::index::Scope::Session(*session);
            let len = index.len(scope);
            fresh.extend(
                (*taken..len).filter_map(|place| index.item(scope, place)).map(|item| (order(index, item), item)),
            );
            *taken = len;
        }
        fresh.sort_by_key(|(order, _)| *order);
        for (_, item) in fresh {
            self.push(index, item);
        }
    }

    /// All rows.
    pub fn rows(&self) -> &[Rung] {
        &self.rows
    }

    /// The row that an item is in.
    pub fn place(&self, index: &Index, item: Item) -> Option<usize> {
        let wanted = order(index, item);
        let session = index.session_of(item);
        let after = self.rows.partition_point(|rung| order(index, rung.item) <= wanted);
        self.rows.get(..after)?.iter().rposition(|rung| Some(rung.session) == session)
    }

    fn push(&mut self, index: &Index, item: Item) {
        let (Some(time), Some(session)) = (index.time(item), index.session_of(item)) else { return };
        let Item::Message(row) = item else {
            let dir = if let Item::Note(note) = item { index.note(note).and_then(|note| note.dir) } else { None };
            return self.rows.push(Rung { time, session, dir, item, media: None });
        };
        let Some(entry) = index.entry(row) else { return };
        let lane = index.lane(entry);
        let folds = lane.kind().is_media() && !entry.is_configuration() && !entry.is_partial();
        if folds {
            // Other sessions may talk in between; a message of the same session ends the fold.
            let open = self.rows.iter_mut().rev().take(64).find(|rung| rung.session == session);
            if let Some(Rung { media: Some(fold), dir, time: first, .. }) = open
                && *dir == Some(lane.dir)
            {
                fold.add(lane.kind(), entry.is_keyframe(), entry.length);
                fold.lasted = time.since(*first);
                return;
            }
        }
        let media = folds.then(|| {
            let mut fold = Fold::default();
            fold.add(lane.kind(), entry.is_keyframe(), entry.length);
            fold
        });
        self.rows.push(Rung { time, session, dir: Some(lane.dir), item, media });
    }
}

impl Fold {
    fn add(&mut self, kind: MessageKind, keyframe: bool, length: u32) {
        match kind {
            MessageKind::Audio => self.audio += 1,
            _ => self.video += 1,
        }
        self.keyframes += u32::from(keyframe);
        self.bytes += u64::from(length);
    }

    /// `video x50 (2.0 s, 1 key), audio x87`.
    pub fn text(&self) -> String {
        let seconds = self.lasted.seconds();
        let keys = match self.keyframes {
            0 => String::new(),
            1 => ", 1 key".to_owned(),
            n => format!(", {n} keys"),
        };
        match (self.video, self.audio) {
            (0, audio) => format!("audio x{audio} ({seconds:.1} s)"),
            (video, 0) => format!("video x{video} ({seconds:.1} s{keys})"),
            (video, audio) => format!("video x{video}, audio x{audio} ({seconds:.1} s{keys})"),
        }
    }
}

fn order(index: &Index, item: Item) -> u64 {
    match item {
        Item::Message(row) => u64::from(row) << 1 | 1,
        Item::Note(note) => index.note(note).map_or(0, |note| u64::from(note.before) << 1),
    }
}
