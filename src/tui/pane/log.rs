//! What is wrong or odd: gaps, findings, damage of the capture.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{list, title};
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::paint::Pen;
use crate::tui::theme::Role;

pub(super) fn draw(model: &Model, buffer: &mut Buffer, area: Rect) {
    let head = format!("{:>4} {:>11} {:<4}{:<8} {:>6}  what", "S", "time", "dir", "level", "#");
    title(model, buffer, area, true, &head, "").finish();
    let rows = model.log_rows();
    for (n, note) in rows.iter().skip(model.log.top).take(layout::page(area)).enumerate() {
        let Some(note) = model.index.note(*note) else { break };
        let over = if n + model.log.top == model.log.at { Some(Role::Selected) } else { None };
        let mut pen = Pen::new(buffer, model.theme, area, n as u16 + 1).over(over);
        let session = if note.session > 0 { note.session.to_string() } else { String::new() };
        pen.skip(2).right(Role::Faint, &session, 4).skip(1);
        pen.right(Role::Text, &format!("{:.6}", note.time.since(model.index.start())), 11).skip(1);
        pen.left(Role::Text, note.dir.map_or("", |dir| dir.name()), 4);
        let role = list::note_role(note.kind);
        pen.left(role, note.kind.name(), 8).skip(1);
        pen.right(Role::Faint, &note.seq.map(|seq| seq.to_string()).unwrap_or_default(), 6).skip(2);
        pen.text(role, note.open.as_deref().filter(|_| model.open).unwrap_or(&note.masked));
        pen.finish();
    }
    if rows.is_empty() {
        let text = if model.load.ended { "  no gaps and no findings" } else { "  no gaps and no findings yet" };
        Pen::new(buffer, model.theme, area, 2).text(Role::Good, text);
    }
}
