//! The menus: what to copy, what to write, what becomes of the sessions of a proxy.

use std::fmt::Write as _;

use super::travel;
use crate::tui::key::{Code, Key};
use crate::tui::keymap::Context;
use crate::tui::model::Model;
use crate::tui::msg::{Effect, Leave};
use crate::tui::pane;
use crate::tui::state::Overlay;
use crate::tui::theme::Role;
use crate::view::inspect::Origin;

/// Opens the menu of what can be copied.
pub(super) fn copy_menu(model: &mut Model) {
    let mut choices = Vec::new();
    // Elsewhere nobody sees which message and which field that would be.
    let reads = matches!(model.context(), Context::List | Context::Tree | Context::Bytes);
    if let Some(row) = travel::selected_row(model)
        .filter(|_| reads && model.has_detail())
        .and_then(|row| model.detail.rows(model.open).get(row))
    {
        let value = if row.value.is_empty() { row.name.clone() } else { row.value.clone() };
        choices.push(('v', "value of the selected field", bare(&value).to_owned()));
        choices.push(('n', "name and value", format!("{}: {value}", row.name)));
    }
    if reads && model.has_detail() {
        if let Some(hex) = hex(model) {
            choices.push(('x', "its bytes as hex", hex));
        }
        if let Some(place) = place(model) {
            choices.push(('o', "where it is", place));
        }
    }
    if let Some(filter) = pane::selected_filter(model).filter(|_| reads) {
        choices.push(('f', "a filter for it", filter));
    }
    if let Some(line) = pane::line_text(model) {
        choices.push(('l', "the selected line", line));
    }
    if reads && model.opened_message().is_some() {
        choices.push(('j', "the message as JSON", String::new()));
    }
    if choices.is_empty() {
        model.say(Role::Info, "nothing to copy here");
    } else {
        model.overlay = Overlay::Copy(choices);
    }
}

pub(super) fn copy_key(model: &mut Model, key: Key) -> Option<Effect> {
    let Overlay::Copy(choices) = std::mem::take(&mut model.overlay) else { return None };
    let Code::Char(c) = key.code else { return None };
    let (sign, _, text) = choices.into_iter().find(|(sign, ..)| *sign == c.to_ascii_lowercase() && !key.ctrl)?;
    // A capital letter writes to a file: for terminals that have no clipboard to offer.
    Some(match (sign, c.is_ascii_uppercase()) {
        ('j', false) => Effect::CopyMessage,
        ('j', true) => Effect::SaveMessage,
        (_, false) => Effect::Copy(text),
        (_, true) => Effect::Save("copy.txt".to_owned(), text),
    })
}

pub(super) fn export_key(model: &mut Model, key: Key) -> Option<Effect> {
    model.overlay = Overlay::None;
    match key.code {
        Code::Char('s') => Some(Effect::Save("shown.txt".to_owned(), pane::list_text(model))),
        Code::Char('m') => match model.opened_message().is_some() {
            true => Some(Effect::SaveMessage),
            false => {
                model.say(Role::Info, "no message is selected");
                None
            }
        },
        Code::Char('a') => Some(Effect::SaveAll),
        _ => None,
    }
}

/// What becomes of the sessions of a proxy.
pub(super) fn leave_key(model: &mut Model, key: Key) -> Option<Effect> {
    model.overlay = Overlay::None;
    match key.code {
        Code::Char('f') => Some(Effect::Leave(Leave::Finish)),
        Code::Char('e') => Some(Effect::Leave(Leave::End)),
        Code::Char('r') => Some(Effect::Leave(Leave::Stay)),
        _ => None,
    }
}

/// The bytes that the selected field speaks of.
fn hex(model: &Model) -> Option<String> {
    let inspection = model.detail.inspection.as_ref()?;
    let target = model.detail.target();
    let veil = inspection.veil(model.open);
    let mut text = String::new();
    for (byte, origin) in model.detail.sheet.cells().filter(|(_, origin)| target.covers(*origin)) {
        if !text.is_empty() {
            text.push(' ');
        }
        match origin {
            Origin::Body(at) if veil.hides(at) => text.push_str("**"),
            _ => drop(write!(text, "{byte:02x}")),
        }
    }
    (!text.is_empty()).then_some(text)
}

/// A value without its quotes, and without what is said of it: `"connect" (opens ...)` is `connect`, `3 (object)` is `3`.
fn bare(value: &str) -> &str {
    match value.strip_prefix('"') {
        Some(text) => text.split_once("\" (").map_or(text.trim_end_matches('"'), |(text, _)| text),
        None => value.split_once(" (").map_or(value, |(value, _)| value),
    }
}

/// Where the selected byte travelled.
fn place(model: &Model) -> Option<String> {
    let inspection = model.detail.inspection.as_ref()?;
    let at = inspection.carrier(travel::selected_byte(model)?)?;
    let packet = at.packet.map(|(packet, offset)| format!(", packet {packet} at {offset}"));
    Some(format!("stream {} of {}{}", at.stream, at.dir.name(), packet.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_copied_bare() {
        for (value, expected) in [
            ("\"connect\" (opens the connection to an app)", "connect"),
            ("\"live\"", "live"),
            ("\"\"", ""),
            ("\"LNX 10,0 (a)\"", "LNX 10,0 (a)"),
            ("3 (object)", "3"),
            ("4096 B", "4096 B"),
        ] {
            assert_eq!(bare(value), expected, "{value}");
        }
    }
}
