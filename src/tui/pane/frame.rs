//! What is around the panes: the header, the status line, the keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::overlay;
use crate::tui::keymap::{Action, Context};
use crate::tui::model::Model;
use crate::tui::paint::{Pen, width_of};
use crate::tui::state::{Focus, Overlay, Screen};
use crate::tui::theme::Role;
use crate::view::bytes_text;
use crate::view::index::{Item, Scope};
use crate::view::inspect::Origin;

/// The input, the screens, and how far reading is.
pub(super) fn header(model: &Model, buffer: &mut Buffer, area: Rect) {
    let mut pen = Pen::new(buffer, model.theme, area, 0).over(Some(Role::Bar));
    for (n, screen) in Screen::ALL.into_iter().enumerate() {
        let active = screen == model.screen;
        let name = tab(model, n, screen);
        if active {
            pen = pen.over(Some(Role::BarActive));
        }
        pen.text(Role::Text, &name);
        pen = pen.over(Some(Role::Bar));
    }
    let right = progress(model);
    let name_room = pen.room().saturating_sub(width_of(&right) + 2);
    if name_room >= 8 {
        let mut name = format!("  {}", model.input);
        if let (Scope::Session(session), true) = (model.scope, model.screen != Screen::Sessions) {
            name = format!("  session {session} of {}", model.input);
        }
        pen.left(Role::Text, &name, name_room);
    }
    pen.at_end(Role::Text, &format!("{right} "));
    pen.finish();
}

/// The screen whose name stands at a column of the header.
pub(in crate::tui) fn tab_at(model: &Model, column: u16) -> Option<Screen> {
    let mut at = 0;
    for (n, screen) in Screen::ALL.into_iter().enumerate() {
        at += width_of(&tab(model, n, screen));
        if usize::from(column) < at {
            return Some(screen);
        }
    }
    None
}

fn tab(model: &Model, n: usize, screen: Screen) -> String {
    // The screen that is shown has brackets, for those who see no weight.
    match (screen == model.screen, model.size.0 < 70) {
        (true, _) => format!("[{} {}]", n + 1, screen.name()),
        (false, true) => format!(" {} ", n + 1),
        (false, false) => format!(" {} {} ", n + 1, screen.name()),
    }
}

fn progress(model: &Model) -> String {
    let load = &model.load;
    let follow = if model.follow { "follow " } else { "" };
    let secrets = if model.open { "SECRETS SHOWN " } else { "" };
    if let Some(relay) = &model.relay {
        let state = if relay.paused { "PAUSED, relaying" } else { "relaying" };
        return format!("{secrets}{follow}{state}");
    }
    let stopped = model.index.end().is_some_and(|end| end.stopped);
    let state = match (load.ended, load.size) {
        (true, _) if stopped => "stopped".to_owned(),
        (true, _) => String::new(),
        (false, _) if load.live => format!("live {}", bytes_text(load.bytes)),
        (false, Some(size)) if size > 0 => format!("reading {} %", load.bytes * 100 / size),
        (false, _) => format!("reading {}", bytes_text(load.bytes)),
    };
    format!("{secrets}{follow}{state}")
}

/// What the selection is, what has to be said, or the line that is typed into.
pub(super) fn status(model: &Model, buffer: &mut Buffer, area: Rect) {
    if let Overlay::Prompt(prompt) = &model.overlay {
        return overlay::prompt(model, prompt, buffer, area);
    }
    let mut pen = Pen::new(buffer, model.theme, area, 0);
    if let Some(notice) = &model.notice {
        pen.text(notice.role, &notice.text).finish();
        return;
    }
    match model.context() {
        Context::Sessions => sessions(model, &mut pen),
        Context::List => list(model, &mut pen),
        Context::Tree => tree(model, &mut pen),
        Context::Bytes => bytes(model, &mut pen),
        Context::Log => {
            let rows = model.log_rows().len();
            let (number, s) = (model.log.at + usize::from(rows > 0), if rows == 1 { "" } else { "s" });
            pen.text(Role::Faint, &format!("{number} of {rows} note{s}: Enter shows the place"));
        }
        Context::Ladder => {
            let rows = model.ladder.rows().len();
            let at = model.rung.at + usize::from(rows > 0);
            pen.text(Role::Faint, &format!("row {at} of {rows}; media are folded: Enter shows the message"));
        }
        Context::Stats => {
            let apart =
                super::stats::apart(model).unwrap_or_else(|| "Left and Right move, Enter shows the message".to_owned());
            pen.text(Role::Faint, &apart);
        }
        Context::Compare if model.comparison.is_none() => super::contrast::status(model, &mut pen),
        Context::Compare => {
            let brief = model.comparison.as_ref().is_some_and(|comparison| comparison.brief);
            let other = if brief { "all rows" } else { "only differences" };
            let text = format!("! differs, - only left, + only right, ~ moved: Enter shows {other}");
            pen.text(Role::Faint, &text);
        }
    }
    pen.finish();
}

fn sessions(model: &Model, pen: &mut Pen<'_>) {
    let count = model.index.sessions().len();
    if let Some(relay) = &model.relay {
        pen.text(Role::Faint, &relay.state);
        if !model.marked_sessions.is_empty() {
            pen.text(Role::Faint, &format!(", {} marked", model.marked_sessions.len()));
        }
        return;
    }
    let text = match (count, model.load.ended) {
        (0, true) => "no RTMP in it".to_owned(),
        (0, false) => "nothing yet".to_owned(),
        (1, _) => format!("1 session, {} messages", model.index.messages()),
        (n, _) => format!("{n} sessions, {} messages", model.index.messages()),
    };
    pen.text(Role::Faint, &text);
    if !model.marked_sessions.is_empty() {
        pen.text(Role::Faint, &format!(", {} marked", model.marked_sessions.len()));
    }
}

fn list(model: &Model, pen: &mut Pen<'_>) {
    let len = model.list_len();
    let at = model.list.at + usize::from(len > 0);
    match &model.filter {
        None => pen.text(Role::Faint, &format!("row {at} of {len}")),
        Some(filter) => {
            let busy = match (filter.is_busy(&model.index), filter.reads()) {
                (true, true) => ", reading the capture for it",
                (true, false) => ", looking",
                (false, _) => "",
            };
            pen.text(Role::Strong, &format!("{at} of {len} match, {} asked{busy}: ", filter.asked()));
            pen.text(Role::Match, filter.text())
        }
    };
    if model.filter.is_some() {
        return;
    }
    if let Some(Item::Note(note)) = model.selected_item() {
        if let Some(note) = model.index.note(note) {
            let text = note.open.as_deref().filter(|_| model.open).unwrap_or(&note.masked);
            pen.text(Role::Text, "  ").text(Role::Text, text);
        }
        return;
    }
    let Some(message) = model.opened_message() else { return };
    let (from, to) = message.span;
    let packets = match message.packets {
        _ if model.relay.is_some() => String::new(),
        (first, last) if first == last => format!("packet {first}, "),
        (first, last) => format!("packets {first}..{last}, "),
    };
    let chunks = if message.chunks == 1 { "1 chunk".to_owned() } else { format!("{} chunks", message.chunks) };
    let text = format!("  stream {from}..{to} {}, {packets}{chunks}, fmt {}", message.dir.name(), message.head.fmt);
    pen.text(Role::Text, &text);
}

fn tree(model: &Model, pen: &mut Pen<'_>) {
    if !model.has_detail() {
        return list(model, pen);
    }
    let Some(row) = model.detail.selected().and_then(|row| model.detail.rows(model.open).get(row)) else { return };
    pen.text(Role::Strong, &row.target.words());
    if let Some(first) = row.target.first() {
        where_it_was(model, first, pen);
    }
    // What the pane has no room for is told here.
    let indent = usize::from(row.depth) * 2 + 4;
    if indent + width_of(&row.name) + width_of(&row.value) > usize::from(model.panes().tree.width) {
        pen.text(Role::Faint, "  ").text(Role::Value, &row.value);
    }
    if !row.about.is_empty() {
        pen.text(Role::Faint, "  ").text(Role::Text, row.about);
    }
}

fn bytes(model: &Model, pen: &mut Pen<'_>) {
    if !model.has_detail() {
        return list(model, pen);
    }
    let Some(origin) = model.detail.origin() else { return };
    let words = match origin {
        Origin::Body(at) if model.opened_message().is_none() => format!("byte {at} of the handshake"),
        Origin::Body(at) => format!("body byte {at}"),
        Origin::Header(chunk, at) => format!("header byte {at} of chunk {}", chunk + 1),
        Origin::Foreign => "not of this message".to_owned(),
    };
    pen.text(Role::Strong, &words);
    where_it_was(model, origin, pen);
    let row = model.detail.inspection.as_ref().and_then(|inspection| inspection.row_of(origin));
    if let Some(row) = row.and_then(|row| model.detail.rows(model.open).get(row)) {
        let value = if row.value.is_empty() { String::new() } else { format!(" {}", row.value) };
        pen.text(Role::Faint, "  ").text(Role::Name, &row.name).text(Role::Text, &value);
    }
}

/// Stream offset, chunk and packet of a byte.
fn where_it_was(model: &Model, origin: Origin, pen: &mut Pen<'_>) {
    let Some(place) = model.detail.inspection.as_ref().and_then(|inspection| inspection.carrier(origin)) else {
        return;
    };
    // The headers of chunks say which they are of.
    let chunk = place.chunk.filter(|_| matches!(origin, Origin::Body(_)));
    let chunk = chunk.map(|chunk| format!(", chunk {chunk}")).unwrap_or_default();
    // What a proxy relays was read piece by piece: there is no packet to look for.
    let packet = place.packet.filter(|_| model.relay.is_none());
    let packet = packet.map(|(packet, at)| format!(", packet {packet} at {at}")).unwrap_or_default();
    pen.text(Role::Text, &format!(": stream {}{chunk}{packet}", place.stream));
}

/// The keys that matter here.
pub(super) fn footer(model: &Model, buffer: &mut Buffer, area: Rect) {
    let mut pen = Pen::new(buffer, model.theme, area, 0);
    let keys = match &model.overlay {
        Overlay::None => keys(model),
        Overlay::Help(..) => words(&[("type", "search"), ("Up Down PgUp PgDn", "scroll"), ("Esc", "close")]),
        Overlay::Prompt(_) => {
            words(&[("Enter", "go"), ("Tab", "complete"), ("Up", "history"), ("Ctrl-u", "clear"), ("Esc", "cancel")])
        }
        Overlay::Leave => words(&[("a letter", "chooses"), ("Esc", "stay here")]),
        Overlay::Copy(_) | Overlay::Export => words(&[("a letter", "chooses"), ("Esc", "cancel")]),
    };
    for (key, word) in keys {
        if width_of(&key) + width_of(&word) + 3 > pen.room() {
            break;
        }
        pen.text(Role::Key, &key).text(Role::Faint, " ").text(Role::Faint, &word).text(Role::Text, "  ");
    }
    pen.finish();
}

fn words(keys: &[(&str, &str)]) -> Vec<(String, String)> {
    keys.iter().map(|(key, word)| ((*key).to_owned(), (*word).to_owned())).collect()
}

fn keys(model: &Model) -> Vec<(String, String)> {
    let mut keys = Vec::new();
    for binding in model.keymap.bindings_for(model.context()) {
        let Some(key) = binding.keys.first() else { continue };
        let word = match binding.action {
            Action::Open if model.comparison.is_some() => "all",
            Action::NextTrouble if model.screen == Screen::Stats => "farthest apart",
            Action::Open if model.contrast.is_some() => "fold, show",
            Action::Open if model.focus == Focus::Tree && model.screen == Screen::Messages => "fold",
            Action::Open if model.focus == Focus::List && model.screen == Screen::Messages => "tree",
            _ => binding.short,
        };
        if !word.is_empty() {
            keys.push((key.to_string(), word.to_owned()));
        }
    }
    keys
}
