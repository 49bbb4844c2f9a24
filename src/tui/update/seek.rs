//! Going to what is wrong or odd: gaps, findings, timestamps, sound that drifts away from its pictures.

use super::travel::{show, step, to_item};
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::pane;
use crate::tui::state::{Focus, Screen};
use crate::tui::theme::Role;
use crate::view::index::{Item, Scope};
use crate::view::odd;

/// Goes to the next or previous gap or finding.
pub(super) fn trouble(model: &mut Model, backwards: bool) {
    match model.screen {
        Screen::Log => return step(model, if backwards { -1 } else { 1 }),
        Screen::Stats => return farthest_apart(model),
        Screen::Ladder => return trouble_in_ladder(model, backwards),
        Screen::Sessions | Screen::Messages => {}
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
            // The status line tells what it is.
            let note = *note;
            to_item(model, Item::Note(note));
            model.focus = Focus::List;
        }
        None => model.say(Role::Good, "no gaps and no findings here"),
    }
}

/// Goes to where sound and pictures are farthest apart.
fn farthest_apart(model: &mut Model) {
    match model.series.farthest() {
        Some(apart) => {
            model.stats_at = pane::column_of(model, apart.step);
            // The chart that shows it is among the last.
            model.stats_top = pane::most_scrolled(model);
            let text = format!("audio is {:+.0} ms ahead of video here: Enter shows the message", apart.offset);
            model.say(Role::Info, text);
        }
        None => model.say(Role::Info, "there is not both audio and video in this session"),
    }
}

fn trouble_in_ladder(model: &mut Model, backwards: bool) {
    let is_trouble = |item: Item| match item {
        Item::Note(note) => model.index.note(note).is_some_and(|note| note.kind.is_trouble()),
        Item::Message(_) => false,
    };
    let rows = model.ladder.rows();
    let places: Vec<usize> =
        (0..rows.len()).filter(|at| rows.get(*at).is_some_and(|rung| is_trouble(rung.item))).collect();
    let found = if backwards {
        places.iter().rev().find(|at| **at < model.rung.at).or(places.last())
    } else {
        places.iter().find(|at| **at > model.rung.at).or(places.first())
    };
    match found.copied() {
        Some(at) => {
            let (len, page) = (rows.len(), layout::page(model.panes().main));
            model.rung.jump(at, len, page);
        }
        None => model.say(Role::Good, "no gaps and no findings here"),
    }
}

/// Goes to the next media message whose timestamp runs backwards, or jumps against the clock of the capture.
pub(super) fn odd_timestamp(model: &mut Model, backwards: bool) {
    let here = match model.selected_item() {
        Some(Item::Message(row)) => row,
        Some(Item::Note(note)) => model.index.note(note).map_or(0, |note| note.before),
        None => return,
    };
    let session = match model.scope {
        Scope::Session(session) => Some(session),
        Scope::All => None,
    };
    match odd::find(&model.index, session, here, backwards) {
        Some(odd) => {
            to_item(model, Item::Message(odd.row));
            model.focus = Focus::Tree;
            model.detail.seek("message/timestamp");
            show(model);
            model.say(Role::Warning, odd.text());
        }
        None => model.say(Role::Good, "no timestamp runs backwards or jumps here"),
    }
}
