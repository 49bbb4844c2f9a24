//! Two messages side by side.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::title;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::paint::{Flow, Pen, width_of};
use crate::tui::theme::Role;

pub(super) fn draw(model: &Model, buffer: &mut Buffer, area: Rect) {
    let Some(comparison) = &model.comparison else { return };
    for row in 0..area.height {
        Pen::new(buffer, model.theme, area, row).finish();
    }
    let name = |row: u32| {
        let entry = model.index.entry(row);
        entry.map(|entry| format!("{}.{}", model.index.lane(entry).session, entry.seq)).unwrap_or_default()
    };
    let [left, right] = comparison.rows.map(name);
    let (names, each) = columns(area.width);
    let head = format!("{:<width$}{:<each$}  message {right}", "field", format!("message {left}"), width = names - 2);
    title(model, buffer, area, true, &head, "").finish();
    let shown = comparison.shown();
    if shown.is_empty() {
        let text = if comparison.is_complete() { "  no difference" } else { "  reading" };
        Pen::new(buffer, model.theme, area, 1).text(Role::Good, text);
    }
    for (n, pair) in shown.iter().skip(comparison.cursor.top).take(layout::page(area)).enumerate() {
        let over = if n + comparison.cursor.top == comparison.cursor.at { Some(Role::Selected) } else { None };
        let mut pen = Pen::new(buffer, model.theme, area, n as u16 + 1).over(over);
        // The sign says what the colour says.
        let (sign, role) = match (&pair.left, &pair.right) {
            (Some(_), None) => ("- ", Role::Warning),
            (None, Some(_)) => ("+ ", Role::Warning),
            _ if pair.left != pair.right => ("! ", Role::Warning),
            _ if pair.moved => ("~ ", Role::Info),
            _ => ("  ", Role::Text),
        };
        let indent = " ".repeat(usize::from(pair.depth) * 2);
        pen.text(role, sign).left(Role::Name, &format!("{indent}{}", pair.name), names.saturating_sub(3)).skip(1);
        pen.left(role, pair.left.as_deref().unwrap_or(""), each).skip(2);
        pen.text(role, pair.right.as_deref().unwrap_or("")).finish();
    }
}

/// Columns of the names, and of each message.
fn columns(width: u16) -> (usize, usize) {
    let width = usize::from(width);
    (width / 3, (width - width / 3) / 2 - 2)
}

/// What the signs mean; of a row that is cut, all of it.
pub(super) fn status(model: &Model, flow: &mut Flow) {
    let Some(comparison) = &model.comparison else { return };
    let (_, each) = columns(model.panes().body.width);
    if let Some(pair) = comparison.shown().get(comparison.cursor.at) {
        let said = [pair.left.as_deref(), pair.right.as_deref()].map(Option::unwrap_or_default);
        if let [left, right] = said
            && said.iter().any(|text| width_of(text) > each)
        {
            flow.text(Role::Name, &pair.name).text(Role::Text, "  ").text(Role::Text, left);
            flow.text(Role::Strong, model.theme.glyph("  │  ", "  |  ")).text(Role::Text, right);
            return;
        }
    }
    let other = if comparison.brief { "all rows" } else { "only differences" };
    flow.text(Role::Faint, &format!("! differs, - only left, + only right, ~ moved: Enter shows {other}"));
}
