//! Drawing: one file per pane. Nothing here changes the model.

mod bytes;
mod compare;
mod contrast;
mod expression;
mod frame;
mod ladder;
mod list;
mod log;
mod overlay;
mod sessions;
mod stats;
mod status;
mod strip;
mod text;
mod tree;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::layout;
use super::model::Model;
use super::paint::Pen;
use super::state::{Overlay, Screen};
use super::theme::Role;

pub(super) use bytes::byte_at;
pub(super) use expression::selected_filter;
pub(super) use frame::tab_at;
pub(super) use overlay::{choices, help_rows};
pub(super) use stats::{
    SCALE as STATS_SCALE, column_of, columns as stats_columns, most_scrolled, step_at as stats_step,
};
pub(super) use strip::time as strip_time;
pub(super) use text::{line_text, list_text};

/// Draws the whole screen.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let (columns, rows) = layout::SMALLEST;
    if area.width < columns || area.height < rows {
        let mut pen = Pen::new(frame.buffer_mut(), model.theme, area, 0);
        pen.text(Role::Text, "this terminal is too small");
        return;
    }
    let panes = model.panes();
    let buffer = frame.buffer_mut();
    frame::header(model, buffer, panes.header);
    match model.screen {
        Screen::Sessions => {
            sessions::draw(model, buffer, panes.main);
            sessions::story(model, buffer, panes.story);
        }
        Screen::Messages => {
            list::draw(model, buffer, panes.main);
            strip::draw(model, buffer, panes.strip);
            tree::draw(model, buffer, panes.tree);
            bytes::draw(model, buffer, panes.bytes);
            between(model, buffer, panes.tree, panes.bytes);
        }
        Screen::Ladder => ladder::draw(model, buffer, panes.main),
        Screen::Stats => stats::draw(model, buffer, panes.main),
        Screen::Log => log::draw(model, buffer, panes.main),
    }
    contrast::draw(model, buffer, panes.body);
    compare::draw(model, buffer, panes.body);
    status::draw(model, buffer, panes.status);
    frame::footer(model, buffer, panes.footer);
    overlay::draw(model, buffer, panes.body);
    if let Overlay::Prompt(prompt) = &model.overlay {
        let at = overlay::cursor_column(model, prompt).min(usize::from(panes.status.width).saturating_sub(1));
        frame.set_cursor_position((panes.status.x + at as u16, panes.status.y));
    }
}

/// The line between two panes that stand side by side.
fn between(model: &Model, buffer: &mut ratatui::buffer::Buffer, left: Rect, right: Rect) {
    if left.area() == 0 || right.area() == 0 {
        return;
    }
    for row in 0..left.height {
        let line = Rect { x: left.right(), width: right.x - left.right(), ..left };
        Pen::new(buffer, model.theme, line, row).text(Role::Faint, model.theme.glyph("│", "|"));
    }
}

/// The title of a pane, in its first row.
fn title<'a>(
    model: &Model,
    buffer: &'a mut ratatui::buffer::Buffer,
    area: Rect,
    active: bool,
    name: &str,
    more: &str,
) -> Pen<'a> {
    let role = if active { Role::TitleActive } else { Role::Title };
    let mut pen = Pen::new(buffer, model.theme, area, 0).over(Some(role));
    // The pane with the keyboard has a sign, not only a colour.
    pen.text(role, if active { model.theme.glyph("▸ ", "> ") } else { "  " });
    pen.text(role, name);
    if !more.is_empty() {
        pen.text(role, "  ").text(role, more);
    }
    pen
}
