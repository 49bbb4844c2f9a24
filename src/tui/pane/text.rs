//! What is on screen as text, to be copied or written to a file: one line, or all of them.

use super::list::{above, time};
use super::{ladder, stats};
use crate::tui::contrast::Line;
use crate::tui::keymap::Context;
use crate::tui::model::Model;
use crate::view::compare::Pair;
use crate::view::index::{Item, SessionRow};
use crate::view::ladder::Rung;
use crate::view::short_time;

/// The selected line.
pub(in crate::tui) fn line_text(model: &Model) -> Option<String> {
    match model.context() {
        Context::Compare => match (&model.comparison, &model.contrast) {
            (Some(comparison), _) => comparison.shown().get(comparison.cursor.at).map(|pair| pair_text(pair)),
            (None, contrast) => contrast.as_ref()?.selected().map(difference_text),
        },
        Context::Sessions => model.index.sessions().get(model.sessions.at).map(|row| session_text(model, row)),
        Context::Log => text_of(model, 0, Item::Note(model.log_item()?)),
        Context::Ladder => model.ladder.rows().get(model.rung.at).map(|rung| rung_text(model, rung)),
        Context::Stats => stats::apart(model),
        Context::List | Context::Tree | Context::Bytes => text_of(model, model.list.at, model.selected_item()?),
    }
}

/// All lines that can be scrolled to.
pub(in crate::tui) fn list_text(model: &Model) -> String {
    let lines: Vec<String> = match model.context() {
        Context::Compare => match (&model.comparison, &model.contrast) {
            (Some(comparison), _) => comparison.shown().into_iter().map(pair_text).collect(),
            (None, contrast) => contrast.iter().flat_map(|contrast| contrast.rows()).map(difference_text).collect(),
        },
        Context::Sessions => model.index.sessions().iter().map(|row| session_text(model, row)).collect(),
        Context::Log => model.log_rows().into_iter().filter_map(|note| text_of(model, 0, Item::Note(note))).collect(),
        Context::Ladder => model.ladder.rows().iter().map(|rung| rung_text(model, rung)).collect(),
        Context::Stats | Context::List | Context::Tree | Context::Bytes => {
            let items = (0..model.list_len()).filter_map(|at| Some((at, model.list_item(at)?)));
            items.filter_map(|(at, item)| text_of(model, at, item)).collect()
        }
    };
    lines.into_iter().map(|line| line + "\n").collect()
}

fn session_text(model: &Model, row: &SessionRow) -> String {
    let SessionRow { number, client, server, codecs, .. } = row;
    let (stream, verdict) = match model.open {
        true => (&row.open_stream, &row.open_verdict),
        false => (&row.stream, &row.verdict),
    };
    let (state, length) = (row.state.name(), short_time(row.last.since(row.opened)));
    let verdict = verdict.as_deref().unwrap_or_default();
    format!("{number:>4} {state:<6} {client} -> {server}  {stream}  {codecs}  {length}  {verdict}")
}

fn rung_text(model: &Model, rung: &Rung) -> String {
    let seconds = rung.time.since(model.index.start()).seconds();
    let dir = rung.dir.map_or("   ", |dir| dir.name());
    format!("{:>4} {seconds:>12.6} {dir}  {}", rung.session, ladder::said(model, rung).1)
}

fn pair_text(pair: &Pair) -> String {
    let indent = " ".repeat(usize::from(pair.depth) * 2);
    let said = [&pair.left, &pair.right].map(|side| side.as_deref().unwrap_or("nothing"));
    format!("{indent}{}: {}", pair.name, said.join(" | "))
}

fn difference_text(line: &Line) -> String {
    match line {
        Line::Difference(_, _, text) | Line::Remark(text) => text.clone(),
        Line::Value(name, [a, b], _) => format!("    {name}: {a} | {b}"),
    }
}

/// A row of the list of messages, with the one above it for a column of differences.
fn text_of(model: &Model, at: usize, item: Item) -> Option<String> {
    match item {
        Item::Message(row) => {
            let entry = model.index.entry(row)?;
            let lane = model.index.lane(entry);
            let time = time(model, || above(model, at), item, entry.time);
            let timestamp = entry.timestamp().map(|time| time.to_string()).unwrap_or_default();
            Some(format!(
                "{:>3} {:>6} {time:>11} {} {:<13} {timestamp:>10} {:>8}  {}",
                lane.session,
                entry.seq,
                lane.dir.name(),
                lane.kind().name(),
                entry.length,
                model.index.text(row, model.open)
            ))
        }
        Item::Note(note) => {
            let note = model.index.note(note)?;
            let text = note.open.as_deref().filter(|_| model.open).unwrap_or(&note.masked);
            let (time, dir) =
                (time(model, || above(model, at), item, note.time), note.dir.map_or("   ", |dir| dir.name()));
            Some(format!("{:>3} {:>6} {time:>11} {dir} {:<13} {:>19}  {text}", note.session, "", note.kind.name(), ""))
        }
    }
}
