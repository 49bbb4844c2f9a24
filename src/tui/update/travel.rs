//! Moving about: in lists, in trees and bytes, between screens.

use crate::field::Kind;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::msg::Effect;
use crate::tui::pane;
use crate::tui::state::{Focus, Screen};
use crate::tui::theme::Role;
use crate::view::index::{Item, Scope};
use crate::view::inspect::Origin;
use crate::view::series::Series;

/// Moves the selection by rows.
pub(super) fn step(model: &mut Model, by: isize) {
    // Who moves up, or reads a message, is not to be carried away.
    if by < 0 || model.screen == Screen::Messages && model.focus != Focus::List {
        model.follow = false;
    }
    let panes = model.panes();
    if let Some(comparison) = &mut model.comparison {
        let len = comparison.shown().len();
        return comparison.cursor.step(by, len, layout::page(panes.body));
    }
    if let Some(contrast) = &mut model.contrast {
        let len = contrast.rows().len();
        return contrast.cursor.step(by, len, layout::page(panes.body));
    }
    match model.screen {
        Screen::Sessions => {
            let len = model.index.sessions().len();
            model.sessions.step(by, len, layout::page(panes.main));
        }
        Screen::Log => {
            let len = model.log_rows().len();
            model.log.step(by, len, layout::page(panes.main));
        }
        Screen::Messages => match model.focus {
            Focus::List => {
                let len = model.list_len();
                model.list.step(by, len, layout::page(panes.main));
            }
            Focus::Tree => {
                let len = model.detail.visible.len();
                model.detail.tree.step(by, len, layout::page(panes.tree));
                model.detail.select_bytes();
                show(model);
            }
            Focus::Bytes => {
                let width = layout::bytes_per_line(panes.bytes) as isize;
                byte_step(model, by * width);
            }
        },
        Screen::Ladder => {
            let len = model.ladder.rows().len();
            model.rung.step(by, len, layout::page(panes.main));
        }
        Screen::Stats => {}
    }
}

/// Moves the selection by pages.
pub(super) fn page(model: &mut Model, by: isize) {
    let panes = model.panes();
    let pane = match (model.screen, model.focus) {
        (Screen::Messages, Focus::Tree) => panes.tree,
        (Screen::Messages, Focus::Bytes) => panes.bytes,
        _ => panes.main,
    };
    step(model, by * layout::page(pane).max(1) as isize);
}

pub(super) fn to_first(model: &mut Model) {
    if model.screen == Screen::Stats {
        model.stats_at = 0;
    }
    step(model, isize::MIN / 64);
}

pub(super) fn to_last(model: &mut Model) {
    if model.screen == Screen::Stats {
        model.stats_at = pane::stats_columns(model) - 1;
    }
    step(model, isize::MAX / 64);
}

/// What came last, whichever pane has the keyboard: what following shows.
pub(super) fn to_newest(model: &mut Model) {
    if model.comparison.is_some() || model.contrast.is_some() {
        return;
    }
    let page = layout::page(model.panes().main);
    match model.screen {
        Screen::Sessions => {
            let len = model.index.sessions().len();
            model.sessions.to(len, len, page);
        }
        Screen::Messages => {
            let len = model.list_len();
            model.list.to(len, len, page);
        }
        Screen::Ladder => {
            let len = model.ladder.rows().len();
            model.rung.to(len, len, page);
        }
        Screen::Stats => model.stats_at = pane::stats_columns(model) - 1,
        Screen::Log => {
            let len = model.log_rows().len();
            model.log.to(len, len, page);
        }
    }
}

/// Left and right: branches of the tree, single bytes.
pub(super) fn sideways(model: &mut Model, by: isize) {
    if model.comparison.is_some() {
        return;
    }
    if let Some(contrast) = &mut model.contrast {
        return contrast.fold(by < 0);
    }
    match (model.screen, model.focus) {
        (Screen::Messages, Focus::Tree) => branch(model, by),
        (Screen::Messages, Focus::Bytes) => byte_step(model, by),
        (Screen::Stats, _) => {
            let last = pane::stats_columns(model) - 1;
            model.stats_at = model.stats_at.saturating_add_signed(by).min(last);
        }
        _ => {}
    }
}

fn branch(model: &mut Model, by: isize) {
    let Some(row) = model.detail.selected() else { return };
    let (group, closed) = (model.detail.is_group(row), model.detail.is_closed(row));
    match by {
        1 if group && closed => model.detail.fold(row, false),
        1 => step(model, 1),
        _ if group && !closed => model.detail.fold(row, true),
        _ => {
            if let Some(parent) = model.detail.parent(row) {
                model.detail.select_row(parent);
                model.detail.select_bytes();
            }
        }
    }
    show(model);
}

fn byte_step(model: &mut Model, by: isize) {
    let last = model.detail.sheet.len().saturating_sub(1);
    model.detail.byte = model.detail.byte.saturating_add_signed(by).min(last);
    model.detail.select_tree();
    show(model);
}

/// Goes to a screen.
pub(super) fn go(model: &mut Model, screen: Screen) {
    model.comparison = None;
    model.contrast = None;
    if model.screen == screen {
        return;
    }
    model.before.retain(|before| *before != screen);
    model.before.push(model.screen);
    model.screen = screen;
    if screen == Screen::Messages && model.list.at == 0 && model.filter.is_none() {
        // Addresses and handshakes are above; what was said is what people come for.
        let first = match model.scope {
            Scope::All => 0,
            Scope::Session(session) => model.index.rows_of(session).first().copied().unwrap_or_default(),
        };
        if let Some(place) = model.index.place(model.scope, Item::Message(first)) {
            model.list.at = place;
        }
    }
    refresh(model);
    if model.follow {
        to_newest(model);
    }
    show(model);
}

/// Shows an item in the list of messages.
pub(super) fn to_item(model: &mut Model, item: Item) {
    if model.list_place(item).is_none() && model.filter.take().is_some() {
        model.say(Role::Info, "the filter was cleared: it hides this row");
    }
    if model.list_place(item).is_none()
        && let Some(session) = model.index.session_of(item)
    {
        model.scope = Scope::Session(session);
    }
    if let Some(place) = model.list_place(item) {
        go(model, Screen::Messages);
        let (len, page) = (model.list_len(), layout::page(model.panes().main));
        model.list.jump(place, len, page);
    }
}

/// Shows what a note is about: its message, or else the note.
pub(super) fn to_note(model: &mut Model, note: u32) {
    let Some(found) = model.index.note(note) else { return };
    let text = found.masked.to_string();
    let message = found.seq.and_then(|seq| model.index.row(found.session, seq));
    to_item(model, message.map_or(Item::Note(note), Item::Message));
    model.say(Role::Warning, text);
}

/// Shows what is selected in the ladder.
pub(super) fn from_ladder(model: &mut Model) {
    if let Some(rung) = model.ladder.rows().get(model.rung.at) {
        let item = rung.item;
        to_item(model, item);
    }
}

/// Shows the message at the selected time of the charts.
pub(super) fn from_stats(model: &mut Model) {
    let time = model.series.time(pane::step_at(model, model.stats_at));
    let rows = model.index.rows_of(model.series.session);
    let at = rows.partition_point(|row| model.index.entry(*row).is_some_and(|entry| entry.time < time));
    if let Some(row) = rows.get(at.min(rows.len().saturating_sub(1))) {
        let row = *row;
        to_item(model, Item::Message(row));
    }
}

/// Brings ladder and charts up to date, if they are shown.
pub(super) fn refresh(model: &mut Model) {
    match model.screen {
        Screen::Ladder => {
            let sessions = model.ladder_sessions();
            let before = model.ladder.rows().len();
            model.ladder.refresh(&model.index, &sessions);
            if before == 0 {
                // The rung of the message that was looked at.
                let here = model.selected_item().and_then(|item| model.ladder.place(&model.index, item));
                let (len, page) = (model.ladder.rows().len(), layout::page(model.panes().main));
                model.rung.jump(here.unwrap_or_default(), len, page);
            }
        }
        Screen::Stats => {
            let Some(session) = model.session() else { return };
            let messages = model.index.rows_of(session).len();
            // Charts are drawn anew when they would look different.
            let grown = messages > model.series.messages + model.series.messages / 50 || model.load.ended;
            if session != model.series.session || grown && messages != model.series.messages {
                model.series = Series::new(&model.index, session);
            }
        }
        Screen::Sessions | Screen::Messages | Screen::Log => {}
    }
}

/// The filter found more: the selection stays with its message.
pub(super) fn filtered(model: &mut Model) {
    if let Some(row) = model.detail.row
        && model.list.at == 0
        && let Some(place) = model.list_place(Item::Message(row))
    {
        let (len, page) = (model.list_len(), layout::page(model.panes().main));
        model.list.jump(place, len, page);
    }
    show(model);
}

/// Goes to the next or previous gap or finding.
pub(super) fn trouble(model: &mut Model, backwards: bool) {
    if model.screen == Screen::Log {
        return step(model, if backwards { -1 } else { 1 });
    }
    let scope = if model.screen == Screen::Sessions { Scope::All } else { model.scope };
    let here = match model.screen {
        Screen::Messages => match model.selected_item().and_then(|item| model.index.place(scope, item)) {
            Some(place) => place as isize,
            None => -1,
        },
        _ => -1,
    };
    let of_scope = |session: u32| scope == Scope::All || scope == Scope::Session(session);
    let mut places: Vec<(usize, u32)> = (0..)
        .zip(model.index.notes())
        .filter(|(_, note)| note.kind.is_trouble() && of_scope(note.session))
        .filter_map(|(n, _)| model.index.place(scope, Item::Note(n)).map(|place| (place, n)))
        .collect();
    places.sort_unstable();
    let found = if backwards {
        places.iter().rev().find(|(place, _)| (*place as isize) < here).or(places.last())
    } else {
        places.iter().find(|(place, _)| *place as isize > here).or(places.first())
    };
    match found {
        Some((_, note)) => {
            let note = *note;
            let text = model.index.note(note).map(|note| note.masked.to_string()).unwrap_or_default();
            to_item(model, Item::Note(note));
            model.focus = Focus::List;
            model.say(Role::Warning, text);
        }
        None => model.say(Role::Good, "no gaps and no findings here"),
    }
}

/// A press of the mouse in a row of a pane.
pub(super) fn press(model: &mut Model, row: usize, column: usize, again: bool) -> Option<Effect> {
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
    show(model);
    None
}

/// The mouse's wheel over a pane.
pub(super) fn scroll(model: &mut Model, focus: Focus, by: isize, page: usize) {
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
        Screen::Stats => sideways(model, by),
    }
}

/// Scrolls every pane so that its selection is on screen.
pub(super) fn show(model: &mut Model) {
    let panes = model.panes();
    let len = model.index.sessions().len();
    model.sessions.show(len, layout::page(panes.main));
    model.rung.show(model.ladder.rows().len(), layout::page(panes.main));
    if model.screen == Screen::Messages {
        let len = model.list_len();
        if panes.main.height > 0 {
            model.list.show(len, layout::page(panes.main));
        }
        let len = model.detail.visible.len();
        model.detail.tree.show(len, layout::page(panes.tree));
        let (width, page) = (layout::bytes_per_line(panes.bytes), layout::page(panes.bytes).max(1));
        let line = model.detail.sheet.line_of(model.detail.byte, width);
        // The title of a chunk or a packet stays in sight with its first line.
        if line <= model.detail.bytes_top {
            model.detail.bytes_top = line.saturating_sub(1);
        } else if line >= model.detail.bytes_top + page {
            model.detail.bytes_top = line + 1 - page;
        }
    }
}

/// The field that is selected, whichever pane has the keyboard: for copying.
pub(super) fn selected_row(model: &Model) -> Option<usize> {
    model.detail.selected().filter(|row| {
        model.detail.rows(false).get(*row).is_some_and(|row| row.kind != Kind::Group || !row.value.is_empty())
    })
}

/// The origin of the selected byte.
pub(super) fn selected_byte(model: &Model) -> Option<Origin> {
    model.detail.origin()
}
