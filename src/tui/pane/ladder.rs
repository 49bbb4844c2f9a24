//! The ladder: who said what to whom, with the time between.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{list, title};
use crate::stream::Direction;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::paint::{Pen, width_of};
use crate::tui::theme::Role;
use crate::view::index::Item;
use crate::view::ladder::Rung;
use crate::view::short_time;

pub(super) fn draw(model: &Model, buffer: &mut Buffer, area: Rect) {
    let many = model.ladder_sessions().len() > 1;
    let session = if many { format!("{:>4} ", "S") } else { String::new() };
    let head = format!("{session}{:>11} {:>9}  client", "time", "after");
    title(model, buffer, area, true, &head, "").at_end(Role::Title, "server ").finish();
    let rows = model.ladder.rows();
    for (n, at) in (model.rung.top..rows.len()).take(layout::page(area)).enumerate() {
        let Some(rung) = rows.get(at) else { break };
        let over = if at == model.rung.at { Some(Role::Selected) } else { None };
        let mut pen = Pen::new(buffer, model.theme, area, n as u16 + 1).over(over);
        pen.skip(2);
        if many {
            pen.right(Role::Faint, &rung.session.to_string(), 4).skip(1);
        }
        pen.right(Role::Text, &format!("{:.6}", rung.time.since(model.index.start())), 11).skip(1);
        // The time since the row before of the same session: of another one it would say nothing.
        let before = rows.get(..at).and_then(|rows| rows.iter().rev().take(256).find(|r| r.session == rung.session));
        let after = before.map(|before| format!("+{}", short_time(rung.time.since(before.time))));
        pen.right(Role::Faint, &after.unwrap_or_default(), 9).skip(2);
        arrow(model, rung, &mut pen);
        pen.finish();
    }
    if rows.is_empty() {
        let text = "  choose a session first: 1, then Enter; or mark some with Space";
        Pen::new(buffer, model.theme, area, 2).text(Role::Faint, text);
    }
}

fn arrow(model: &Model, rung: &Rung, pen: &mut Pen<'_>) {
    let (text, role, line) = match (&rung.media, rung.item) {
        (Some(fold), _) => (fold.text(), Role::Video, model.theme.glyph("═", "=")),
        (None, Item::Message(row)) => {
            let kind = model.index.entry(row).map(|entry| model.index.lane(entry).kind());
            let seq = model.index.entry(row).map_or(0, |entry| entry.seq);
            let role = kind.map_or(Role::Text, list::kind_role);
            (format!("#{seq} {}", model.index.text(row, model.open)), role, model.theme.glyph("─", "-"))
        }
        (None, Item::Note(note)) => {
            let Some(note) = model.index.note(note) else { return };
            let text = note.open.as_deref().filter(|_| model.open).unwrap_or(&note.masked);
            pen.text(list::note_role(note.kind), &format!("{}: {text}", note.kind.name()));
            return;
        }
    };
    let room = pen.room().saturating_sub(1);
    let most = room.saturating_sub(6);
    let cut: String =
        if width_of(&text) > most { text.chars().take(most.saturating_sub(1)).chain(['…']).collect() } else { text };
    let shaft = line.repeat(room.saturating_sub(width_of(&cut) + 3));
    match rung.dir {
        Some(Direction::ServerToClient) => {
            pen.text(Role::Faint, model.theme.glyph("◀", "<")).text(Role::Faint, &shaft).skip(1).text(role, &cut);
        }
        _ => {
            pen.text(role, &cut).skip(1).text(Role::Faint, &shaft).text(Role::Faint, model.theme.glyph("▶", ">"));
        }
    }
}
