//! The list of messages, and what stands between them.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sessions::level_role;
use super::title;
use crate::time::Time;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::paint::Pen;
use crate::tui::state::{Focus, TimeColumn};
use crate::tui::theme::Role;
use crate::view::index::{Entry, Item, MessageKind, NoteKind, Scope};

pub(super) fn draw(model: &Model, buffer: &mut Buffer, area: Rect) {
    if area.area() == 0 {
        return;
    }
    let columns = Columns::of(model, area.width);
    title(model, buffer, area, model.focus == Focus::List, &columns.head(model), "").finish();
    for n in 0..layout::page(area) {
        let at = model.list.top + n;
        let Some(item) = model.list_item(at) else { break };
        let over = match (at == model.list.at, model.focus) {
            (true, Focus::List) => Some(Role::Selected),
            (true, _) => Some(Role::SelectedElsewhere),
            (false, _) => None,
        };
        let mut pen = Pen::new(buffer, model.theme, area, n as u16 + 1).over(over);
        row(model, &columns, at, item, &mut pen);
        pen.finish();
    }
    if model.list_len() == 0 {
        let text = match &model.filter {
            Some(filter) if filter.is_busy(&model.index) => "  looking".to_owned(),
            Some(filter) => match filter.complaint() {
                Some(complaint) => format!("  {complaint}"),
                None => format!("  0 of {} match: Esc clears the filter", filter.asked()),
            },
            None if model.load.ended => "  no messages".to_owned(),
            None => "  nothing yet".to_owned(),
        };
        Pen::new(buffer, model.theme, area, 2).text(Role::Faint, &text);
    }
}

/// Which columns there is room for.
struct Columns {
    session: bool,
    stream: bool,
    timestamp: bool,
    length: bool,
    kind: usize,
}

impl Columns {
    fn of(model: &Model, width: u16) -> Columns {
        Columns {
            session: model.scope == Scope::All && model.index.sessions().len() > 1,
            stream: width >= 120,
            timestamp: width >= 100,
            length: width >= 70,
            kind: if width >= 100 { 13 } else { 8 },
        }
    }

    fn head(&self, model: &Model) -> String {
        let mut head = String::new();
        let (time, _) = model.time.names();
        if self.session {
            let _ = write!(head, "{:>4} ", "S");
        }
        // The sign of the title and the column of marks take two columns each.
        let _ = write!(head, "{:>5} {time:>11} {:<4}{:<kind$}", "#", "dir", "kind", kind = self.kind);
        if self.stream {
            let _ = write!(head, "{:>5} {:>4} ", "csid", "msid");
        }
        if self.timestamp {
            let _ = write!(head, "{:>10} ", "timestamp");
        }
        if self.length {
            let _ = write!(head, "{:>7} ", "length");
        }
        head.push_str(" what");
        head
    }
}

fn row(model: &Model, columns: &Columns, at: usize, item: Item, pen: &mut Pen<'_>) {
    match item {
        Item::Message(row) => {
            if let Some(entry) = model.index.entry(row) {
                message(model, columns, at, row, entry, pen);
            }
        }
        Item::Note(note) => {
            let Some(note) = model.index.note(note) else { return };
            let role = note_role(note.kind);
            pen.text(Role::Text, "  ");
            if columns.session {
                pen.right(Role::Faint, &note.session.to_string(), 4).skip(1);
            }
            pen.skip(6).right(Role::Faint, &time(model, || above(model, at), item, note.time), 11).skip(1);
            pen.left(Role::Faint, note.dir.map_or("", |dir| dir.name()), 4);
            pen.left(role, note.kind.name(), columns.kind.max(10)).skip(1);
            pen.text(role, note.open.as_deref().filter(|_| model.open).unwrap_or(&note.masked));
        }
    }
}

fn message(model: &Model, columns: &Columns, at: usize, row: u32, entry: &Entry, pen: &mut Pen<'_>) {
    let lane = model.index.lane(entry);
    let kind = lane.kind();
    let role = kind_role(kind);
    let mark = if model.marks.contains(&row) { model.theme.glyph("● ", "* ") } else { "  " };
    pen.text(Role::Match, mark);
    if columns.session {
        pen.right(Role::Faint, &lane.session.to_string(), 4).skip(1);
    }
    pen.right(Role::Faint, &entry.seq.to_string(), 5).skip(1);
    pen.right(Role::Text, &time(model, || above(model, at), Item::Message(row), entry.time), 11).skip(1);
    pen.left(Role::Text, lane.dir.name(), 4);
    pen.left(role, if columns.kind > 8 { kind.name() } else { short(kind) }, columns.kind);
    if columns.stream {
        let stream = if entry.knows_stream() { lane.stream_id.to_string() } else { String::new() };
        pen.right(Role::Faint, &lane.csid.to_string(), 5).skip(1).right(Role::Faint, &stream, 4).skip(1);
    }
    if columns.timestamp {
        let text = entry.timestamp().map(|time| time.to_string()).unwrap_or_default();
        pen.right(Role::Faint, &text, 10).skip(1);
    }
    if columns.length {
        pen.right(Role::Faint, &entry.length.to_string(), 7).skip(1);
    }
    if entry.is_within() {
        pen.text(Role::Faint, model.theme.glyph(" └", " +"));
    }
    // Key frames are what people look for in a flood of pictures.
    let role = if entry.is_keyframe() || entry.is_configuration() { Role::Strong } else { role };
    pen.skip(1).text(role, &model.index.text(row, model.open));
}

/// When the row above was, for a column of differences.
pub(super) fn above(model: &Model, at: usize) -> Option<Time> {
    at.checked_sub(1).and_then(|above| model.list_item(above)).and_then(|item| model.index.time(item))
}

/// What the time column says of an item, with the time of the one above it.
pub(super) fn time(model: &Model, above: impl FnOnce() -> Option<Time>, item: Item, time: Time) -> String {
    let index = &model.index;
    match model.time {
        TimeColumn::SinceStart => format!("{:.6}", time.since(index.start())),
        TimeColumn::OfDay => {
            let text = time.rfc3339();
            text.get(11..22).unwrap_or(&text).to_owned()
        }
        TimeColumn::Delta => above().map(|above| format!("{:.6}", time.since(above))).unwrap_or_default(),
        TimeColumn::Rtmp => match item {
            Item::Message(row) => {
                index.entry(row).and_then(Entry::timestamp).map(|t| t.to_string()).unwrap_or_default()
            }
            Item::Note(_) => String::new(),
        },
        TimeColumn::Drift => match item {
            Item::Message(row) => index.drift(row).map(|ms| format!("{ms:+.1}")).unwrap_or_default(),
            Item::Note(_) => String::new(),
        },
    }
}

pub(super) fn kind_role(kind: MessageKind) -> Role {
    match kind {
        MessageKind::Audio => Role::Audio,
        MessageKind::Video => Role::Video,
        MessageKind::Command | MessageKind::Data | MessageKind::SharedObject => Role::Command,
        MessageKind::Control | MessageKind::UserControl => Role::Faint,
        MessageKind::Aggregate => Role::Text,
        MessageKind::Unknown => Role::Warning,
    }
}

/// The kind in a column that is too narrow for its name.
fn short(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::UserControl => "user",
        MessageKind::SharedObject => "shared",
        MessageKind::Aggregate => "aggr",
        kind => kind.name(),
    }
}

pub(super) fn note_role(kind: NoteKind) -> Role {
    match kind {
        NoteKind::Opened | NoteKind::Closed => Role::Strong,
        NoteKind::Handshake => Role::Faint,
        NoteKind::Gap => Role::Error,
        NoteKind::Finding(level) => level_role(level),
        NoteKind::Capture | NoteKind::Relay => Role::Warning,
    }
}
