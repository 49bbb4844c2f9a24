//! What the mouse does: nothing that keys do not do.

use super::travel;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::msg::{Effect, Mouse};
use crate::tui::pane;
use crate::tui::state::{Focus, Overlay, Screen};

pub(super) fn mouse(model: &mut Model, mouse: Mouse, x: u16, y: u16) -> Option<Effect> {
    if model.overlay != Overlay::None {
        return None;
    }
    let panes = model.panes();
    let at = ratatui::layout::Position { x, y };
    if mouse == Mouse::Press && panes.header.contains(at) {
        let screen = pane::tab_at(model, x)?;
        travel::go(model, screen);
        return None;
    }
    if let Some(len) = compared(model) {
        let row = usize::from(y.checked_sub(panes.body.y + 1)?);
        let page = layout::page(panes.body);
        let cursor = match (&mut model.comparison, &mut model.contrast) {
            (Some(comparison), _) => &mut comparison.cursor,
            (None, contrast) => &mut contrast.as_mut()?.cursor,
        };
        match mouse {
            Mouse::Press if row < page => cursor.to(cursor.top + row, len, page),
            Mouse::Press => {}
            Mouse::WheelUp => cursor.scroll(-3, len, page),
            Mouse::WheelDown => cursor.scroll(3, len, page),
        }
        return None;
    }
    if mouse == Mouse::Press && panes.strip.contains(at) {
        press_strip(model, usize::from(x - panes.strip.x));
        return None;
    }
    let pane = [(Focus::List, panes.main), (Focus::Tree, panes.tree), (Focus::Bytes, panes.bytes)];
    let (focus, pane) = pane.into_iter().find(|(_, pane)| pane.contains(at))?;
    // The first row of a pane is its title.
    let row = usize::from(y - pane.y).checked_sub(1)?;
    if mouse == Mouse::Press {
        let again = model.focus == focus;
        if model.screen == Screen::Messages {
            model.focus = focus;
        }
        return press(model, row, usize::from(x - pane.x), again);
    }
    let by = if mouse == Mouse::WheelUp { -3 } else { 3 };
    scroll(model, focus, by, layout::page(pane));
    None
}

/// Rows of what is compared, which lies over the panes.
fn compared(model: &Model) -> Option<usize> {
    match (&model.comparison, &model.contrast) {
        (Some(comparison), _) => Some(comparison.shown().len()),
        (None, contrast) => contrast.as_ref().map(|contrast| contrast.rows().len()),
    }
}

/// A press of the mouse in the strip of time.
fn press_strip(model: &mut Model, column: usize) {
    model.follow = false;
    travel::to_strip(model, column);
    travel::show(model);
}

/// A press of the mouse in a row of a pane.
fn press(model: &mut Model, row: usize, column: usize, again: bool) -> Option<Effect> {
    let panes = model.panes();
    match (model.screen, model.focus) {
        (Screen::Sessions, _) => {
            let at = model.sessions.top + row;
            if at < model.index.sessions().len() {
                if model.sessions.at == at {
                    return super::act(model, crate::tui::keymap::Action::Open);
                }
                model.sessions.at = at;
            }
        }
        (Screen::Messages, Focus::List) => {
            model.follow = false;
            let (at, len) = (model.list.top + row, model.list_len());
            model.list.to(at, len, layout::page(panes.main));
        }
        (Screen::Messages, Focus::Tree) => {
            let at = model.detail.tree.top + row;
            if at < model.detail.visible.len() {
                if again && model.detail.tree.at == at {
                    return super::act(model, crate::tui::keymap::Action::Open);
                }
                model.detail.tree.at = at;
                model.detail.select_bytes();
            }
        }
        (Screen::Messages, Focus::Bytes) => {
            let width = layout::bytes_per_line(panes.bytes);
            if let Some(index) = pane::byte_at(model, model.detail.bytes_top + row, column, width) {
                model.detail.byte = index;
                model.detail.select_tree();
            }
        }
        (Screen::Log, _) => {
            let (at, len) = (model.log.top + row, model.log_rows().len());
            model.log.to(at, len, layout::page(panes.main));
        }
        (Screen::Ladder, _) => {
            let (at, len) = (model.rung.top + row, model.ladder.rows().len());
            if model.rung.at == at {
                return super::act(model, crate::tui::keymap::Action::Open);
            }
            model.rung.to(at, len, layout::page(panes.main));
        }
        (Screen::Stats, _) => {
            let last = pane::stats_columns(model) - 1;
            model.stats_at = column.saturating_sub(pane::STATS_SCALE).min(last);
        }
    }
    travel::show(model);
    None
}

/// The mouse's wheel over a pane.
fn scroll(model: &mut Model, focus: Focus, by: isize, page: usize) {
    match model.screen {
        Screen::Sessions => {
            let len = model.index.sessions().len();
            model.sessions.scroll(by, len, page);
        }
        Screen::Log => {
            let len = model.log_rows().len();
            model.log.scroll(by, len, page);
        }
        Screen::Messages => match focus {
            Focus::List => {
                model.follow &= by > 0;
                let len = model.list_len();
                model.list.scroll(by, len, page);
            }
            Focus::Tree => {
                let len = model.detail.visible.len();
                model.detail.tree.scroll(by, len, page);
                model.detail.select_bytes();
            }
            Focus::Bytes => {
                let width = layout::bytes_per_line(model.panes().bytes);
                let lines = model.detail.sheet.lines(width);
                let top = model.detail.bytes_top.saturating_add_signed(by);
                model.detail.bytes_top = top.min(lines.saturating_sub(page.max(1)));
            }
        },
        Screen::Ladder => {
            let len = model.ladder.rows().len();
            model.rung.scroll(by, len, page);
        }
        Screen::Stats => travel::sideways(model, by),
    }
}
