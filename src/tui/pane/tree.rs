//! The explained tree of the selected message.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::title;
use crate::field::Kind;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::paint::Pen;
use crate::tui::state::Focus;
use crate::tui::theme::Role;
use crate::view::index::{Item, NoteKind};
use crate::view::inspect::{Origin, Subject, TreeRow};

pub(super) fn draw(model: &Model, buffer: &mut Buffer, area: Rect) {
    if area.area() == 0 {
        return;
    }
    let active = model.focus == Focus::Tree;
    title(model, buffer, area, active, "tree", &subject(model)).finish();
    let detail = &model.detail;
    let here = model.shown_item().is_some() && model.shown_item() == detail.item;
    let rows =
        if here || detail.inspection.is_some() && model.shown_item().is_some() { detail.rows(model.open) } else { &[] };
    if rows.is_empty() {
        let text = match model.selected_item() {
            Some(Item::Note(note)) if model.shown_item().is_none() || !here && !is_handshake(model, note) => {
                return note_text(model, note, buffer, area);
            }
            Some(_) if detail.lost && model.relay.is_some() => "no longer in memory: --record keeps everything",
            Some(_) if detail.lost => "the capture does not give this message back",
            Some(_) => "reading",
            None => "",
        };
        Pen::new(buffer, model.theme, area, 1).skip(2).text(Role::Faint, text);
        return;
    }
    let linked = if model.focus == Focus::Bytes { detail.origin() } else { None };
    for (n, row) in detail.visible.iter().skip(detail.tree.top).take(layout::page(area)).enumerate() {
        let Some(found) = rows.get(*row) else { break };
        let over = match (n + detail.tree.top == detail.tree.at, active) {
            (true, true) => Some(Role::Selected),
            (true, false) => Some(Role::SelectedElsewhere),
            (false, _) => None,
        };
        let mut pen = Pen::new(buffer, model.theme, area, n as u16 + 1).over(over);
        let sign = match (detail.is_group(*row), detail.is_closed(*row)) {
            (false, _) => "  ",
            (true, true) => model.theme.glyph("▸ ", "+ "),
            (true, false) => model.theme.glyph("▾ ", "- "),
        };
        cells(model, found, sign, linked, &mut pen);
    }
}

fn cells(model: &Model, row: &TreeRow, sign: &str, linked: Option<Origin>, pen: &mut Pen<'_>) {
    pen.skip(usize::from(row.depth) * 2).text(Role::Faint, sign);
    let found = model.search.as_ref().is_some_and(|search| {
        let search = search.to_lowercase();
        row.name.to_lowercase().contains(&search) || row.value.to_lowercase().contains(&search)
    });
    let name = match row.kind {
        _ if found => Role::Match,
        Kind::Group => Role::Strong,
        Kind::Leaf => Role::Name,
        Kind::Derived => Role::Faint,
        Kind::Gap => Role::Warning,
    };
    let linked = linked.is_some_and(|origin| row.target.covers(origin));
    pen.text(if linked && row.kind != Kind::Group { Role::Linked } else { name }, &row.name);
    if !row.value.is_empty() {
        pen.text(Role::Text, "  ").text(Role::Value, &row.value);
    }
    if let Some(fault) = &row.fault {
        pen.text(Role::Error, &format!("  decoding stopped here: {fault}"));
    }
    // Where it lies, if there is room left for it.
    if !row.place.is_empty() && pen.room() > row.place.len() + 2 {
        pen.at_end(Role::Faint, &format!(" {}", row.place));
    }
    pen.finish();
}

fn subject(model: &Model) -> String {
    let inspection = model.detail.inspection.as_ref().filter(|_| model.shown_item().is_some());
    match inspection.map(|found| &found.subject) {
        Some(Subject::Message(message)) => format!("message {}.{}", message.session, message.seq),
        Some(Subject::Handshake(handshake)) => {
            format!("handshake {} of session {}", handshake.part(), handshake.session)
        }
        None => String::new(),
    }
}

fn is_handshake(model: &Model, note: u32) -> bool {
    model.index.note(note).is_some_and(|note| note.kind == NoteKind::Handshake)
}

fn note_text(model: &Model, note: u32, buffer: &mut Buffer, area: Rect) {
    let Some(note) = model.index.note(note) else { return };
    let text = note.open.as_deref().filter(|_| model.open).unwrap_or(&note.masked);
    let width = usize::from(area.width).saturating_sub(4);
    let role = super::list::note_role(note.kind);
    Pen::new(buffer, model.theme, area, 1).skip(2).text(role, note.kind.name());
    for (n, line) in super::sessions::wrapped(text, width).iter().enumerate() {
        Pen::new(buffer, model.theme, area, n as u16 + 2).skip(2).text(Role::Text, line);
    }
}
