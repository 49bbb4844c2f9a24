//! Finding text in trees and logs, and text or hex in bytes.

use super::travel;
use crate::tui::model::Model;
use crate::tui::state::{Focus, Screen};
use crate::tui::theme::Role;
use crate::view::inspect::Origin;

/// Looks for what was typed, from the selection on.
pub(super) fn begin(model: &mut Model, text: &str) {
    model.search = Some(text.to_owned());
    look(model, false, true);
}

/// The next or previous match.
pub(super) fn again(model: &mut Model, backwards: bool) {
    if model.search.is_none() {
        model.say(Role::Info, "nothing is searched for: / in the tree, the bytes or the log begins");
        return;
    }
    look(model, backwards, false);
}

fn look(model: &mut Model, backwards: bool, from_here: bool) {
    let Some(wanted) = model.search.clone() else { return };
    let found = match (model.screen, model.focus) {
        (Screen::Log, _) => in_log(model, &wanted, backwards, from_here),
        (_, Focus::Bytes) => in_bytes(model, &wanted, backwards, from_here),
        _ => in_tree(model, &wanted, backwards, from_here),
    };
    match found {
        true => travel::show(model),
        false => model.say(Role::Warning, format!("{wanted} is not in here")),
    }
}

fn in_tree(model: &mut Model, wanted: &str, backwards: bool, from_here: bool) -> bool {
    let wanted = wanted.to_lowercase();
    let rows = model.detail.rows(model.open);
    let fits = |n: &usize| {
        rows.get(*n)
            .is_some_and(|row| row.name.to_lowercase().contains(&wanted) || row.value.to_lowercase().contains(&wanted))
    };
    let here = model.detail.selected().unwrap_or_default();
    let found: Vec<usize> = (0..rows.len()).filter(fits).collect();
    let Some(row) = next(&found, here, backwards, from_here) else { return false };
    model.detail.select_row(row);
    model.detail.select_bytes();
    true
}

fn in_log(model: &mut Model, wanted: &str, backwards: bool, from_here: bool) -> bool {
    let wanted = wanted.to_lowercase();
    let rows = model.log_rows();
    let fits = |n: &usize| {
        let note = rows.get(*n).and_then(|note| model.index.note(*note));
        note.is_some_and(|note| note.masked.to_lowercase().contains(&wanted))
    };
    let found: Vec<usize> = (0..rows.len()).filter(fits).collect();
    let Some(row) = next(&found, model.log.at, backwards, from_here) else { return false };
    let page = crate::tui::layout::page(model.panes().main);
    model.log.jump(row, rows.len(), page);
    true
}

fn in_bytes(model: &mut Model, wanted: &str, backwards: bool, from_here: bool) -> bool {
    let needle = needle(wanted);
    let Some(inspection) = &model.detail.inspection else { return false };
    let veil = inspection.veil(model.open);
    let hidden = |origin: Origin| matches!(origin, Origin::Body(at) if veil.hides(at));
    let sheet = &model.detail.sheet;
    // From the selected byte itself on, when the search begins.
    let from = if from_here { model.detail.byte.wrapping_sub(1) } else { model.detail.byte };
    let found = match from {
        usize::MAX => sheet.find(&needle, sheet.len(), false, hidden),
        from => sheet.find(&needle, from, backwards, hidden),
    };
    let Some(index) = found else { return false };
    model.detail.byte = index;
    model.detail.select_tree();
    true
}

/// The bytes that a search means: `0x1703`, `17 03`, or else the text itself.
pub(super) fn needle(text: &str) -> Vec<u8> {
    let hex = text.strip_prefix("0x").or_else(|| text.contains(' ').then_some(text)).map(|text| text.replace(' ', ""));
    let pairs = hex.filter(|hex| !hex.is_empty() && hex.len().is_multiple_of(2));
    let bytes = pairs.and_then(|hex| {
        let digits: Option<Vec<u8>> = hex.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
        Some(digits?.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
    });
    bytes.unwrap_or_else(|| text.as_bytes().to_vec())
}

/// The next of many, going round at the end.
fn next(found: &[usize], here: usize, backwards: bool, from_here: bool) -> Option<usize> {
    let ahead = |n: &&usize| **n > here || from_here && **n == here;
    if backwards {
        found.iter().rev().find(|n| **n < here).or(found.last()).copied()
    } else {
        found.iter().find(ahead).or(found.first()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_text_or_hex() {
        assert_eq!(needle("live"), b"live");
        assert_eq!(needle("0x1703"), [0x17, 3]);
        assert_eq!(needle("17 03 00"), [0x17, 3, 0]);
        assert_eq!(needle("0x170"), b"0x170");
        assert_eq!(needle("a b"), [0xab]);
        assert_eq!(needle("to be"), b"to be");
    }

    #[test]
    fn matches_go_round() {
        assert_eq!(next(&[2, 5], 2, false, false), Some(5));
        assert_eq!(next(&[2, 5], 2, false, true), Some(2));
        assert_eq!(next(&[2, 5], 5, false, false), Some(2));
        assert_eq!(next(&[2, 5], 2, true, false), Some(5));
        assert_eq!(next(&[], 2, true, false), None);
    }
}
