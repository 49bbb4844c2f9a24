//! Moving about: in lists, in trees and bytes, between screens.

use crate::field::Kind;
use crate::tui::layout;
use crate::tui::model::Model;
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
        Screen::Stats => model.stats_top = model.stats_top.saturating_add_signed(by).min(pane::most_scrolled(model)),
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
        return;
    }
    step(model, isize::MIN / 64);
}

pub(super) fn to_last(model: &mut Model) {
    if model.screen == Screen::Stats {
        model.stats_at = pane::stats_columns(model) - 1;
        return;
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

pub(super) fn byte_step(model: &mut Model, by: isize) {
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
    choose_session(model);
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

/// The session that was looked at is the one that other screens show, and the one that is selected in the list of them.
pub(super) fn choose_session(model: &mut Model) {
    let looked_at = match model.screen {
        Screen::Messages => model.selected_item().and_then(|item| model.index.session_of(item)),
        Screen::Ladder => model.ladder.rows().get(model.rung.at).map(|rung| rung.session),
        Screen::Sessions | Screen::Stats | Screen::Log => None,
    };
    let sessions = model.index.sessions();
    if let Some(at) = looked_at.and_then(|number| sessions.iter().position(|row| row.number == number)) {
        model.sessions.at = at;
    }
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
    let time = model.series.time(pane::stats_step(model));
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
        Screen::Stats => count(model),
        Screen::Messages if model.panes().strip.area() > 0 => count(model),
        Screen::Sessions | Screen::Messages | Screen::Log => {}
    }
}

/// Messages that are counted in no time.
const FEW: usize = 20_000;

/// Counts what a session did over time, anew when that would look different.
fn count(model: &mut Model) {
    let Some(session) = model.session() else { return };
    let messages = model.index.rows_of(session).len();
    // Counting a million takes a while: while they come, it is done again when there are a quarter more.
    let counted = model.series.messages;
    let grown = messages > counted + counted / if counted > FEW { 4 } else { 50 } || model.load.ended;
    if session != model.series.session || grown && messages != model.series.messages {
        model.series = Series::new(&model.index, session);
    }
}

/// Goes to the message at a column of the strip of time.
pub(super) fn to_strip(model: &mut Model, column: usize) {
    let time = pane::strip_time(model, column);
    let rows = model.index.rows_of(model.series.session);
    let at = rows.partition_point(|row| model.index.entry(*row).is_some_and(|entry| entry.time < time));
    if let Some(row) = rows.get(at.min(rows.len().saturating_sub(1))) {
        let row = *row;
        to_item(model, Item::Message(row));
    }
}

/// The filter found more: the selection stays with its message.
pub(super) fn filtered(model: &mut Model) {
    if let Some(item) = model.detail.item
        && model.list.at == 0
        && let Some(place) = model.list_place(item)
    {
        let (len, page) = (model.list_len(), layout::page(model.panes().main));
        model.list.jump(place, len, page);
    }
    show(model);
}

/// Scrolls every pane so that its selection is on screen.
pub(super) fn show(model: &mut Model) {
    let panes = model.panes();
    if panes.strip.area() > 0 && model.session() != Some(model.series.session) {
        count(model);
    }
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
