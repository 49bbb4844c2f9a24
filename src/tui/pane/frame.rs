//! What is around the panes: the header and the keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::keymap::{Action, Context};
use crate::tui::model::Model;
use crate::tui::paint::{Pen, width_of};
use crate::tui::state::{Focus, Overlay, Screen};
use crate::tui::theme::Role;
use crate::view::bytes_text;
use crate::view::index::Scope;

/// Columns of the input's name at least.
const LEAST_NAME: usize = 8;

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
    let session = match (model.scope, model.screen) {
        (Scope::Session(session), screen) if screen != Screen::Sessions => format!("  session {session}"),
        _ => String::new(),
    };
    // Half a name is worth less than the session, which is worth nothing cut.
    let of = if session.is_empty() { "  " } else { " of " };
    if name_room >= width_of(&session) + width_of(of) + LEAST_NAME.min(width_of(&model.input)) {
        pen.left(Role::Text, &format!("{session}{of}{}", model.input), name_room);
    } else if name_room >= width_of(&session) {
        pen.left(Role::Text, &session, name_room);
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
    // The way out is always there, whatever there is no room for.
    let out = keys.last().cloned();
    let reserved = out.as_ref().map_or(0, |(key, word)| width_of(key) + width_of(word) + 1);
    for (key, word) in keys.iter().take(keys.len().saturating_sub(1)) {
        if width_of(key) + width_of(word) + 3 + reserved > pen.room() {
            break;
        }
        pen.text(Role::Key, key).text(Role::Faint, " ").text(Role::Faint, word).text(Role::Text, "  ");
    }
    if let Some((key, word)) = out {
        pen.text(Role::Key, &key).text(Role::Faint, " ").text(Role::Faint, &word);
    }
    pen.finish();
}

/// There is nothing to go back to.
fn is_first(model: &Model) -> bool {
    model.screen == Screen::Sessions && model.context() == Context::Sessions && model.before.is_empty()
}

fn words(keys: &[(&str, &str)]) -> Vec<(String, String)> {
    keys.iter().map(|(key, word)| ((*key).to_owned(), (*word).to_owned())).collect()
}

fn keys(model: &Model) -> Vec<(String, String)> {
    let mut keys = Vec::new();
    for binding in model.keymap.bindings_for(model.context()) {
        let Some(key) = binding.keys.first() else { continue };
        let word = match binding.action {
            Action::Close if is_first(model) => "quit",
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
