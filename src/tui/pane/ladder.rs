//! The ladder: who said what to whom, with the time between.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{list, title};
use crate::stream::Direction;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::paint::{Pen, width_of};
use crate::tui::theme::Role;
use crate::view::index::Item;
use crate::view::ladder::Rung;
use crate::view::short_time;

/// Calls that wait for their reply at the same time and are drawn so.
const LANES: usize = 3;
/// Rows above the screen in which calls are looked for whose reply is on it.
const LOOK_BACK: usize = 200;

pub(super) fn draw(model: &Model, buffer: &mut Buffer, area: Rect) {
    let many = model.ladder_sessions().len() > 1;
    let session = if many { format!("{:>4} ", "S") } else { String::new() };
    let (time, _) = model.time.names();
    let head = format!("{session}{time:>11} {:>9} {:LANES$} client", "after", "");
    title(model, buffer, area, true, &head, "").at_end(Role::Title, "server ").finish();
    let rows = model.ladder.rows();
    let visible = model.rung.top..(model.rung.top + layout::page(area)).min(rows.len());
    let pairs = pairs(model, visible.start, visible.end);
    for (n, at) in visible.enumerate() {
        let Some(rung) = rows.get(at) else { break };
        let over = if at == model.rung.at { Some(Role::Selected) } else { None };
        let mut pen = Pen::new(buffer, model.theme, area, n as u16 + 1).over(over);
        pen.skip(2);
        if many {
            pen.right(Role::Faint, &rung.session.to_string(), 4).skip(1);
        }
        // The time since the row before of the same session: of another one it would say nothing.
        let before = rows.get(..at).and_then(|rows| rows.iter().rev().take(256).find(|r| r.session == rung.session));
        let time = list::time(model, || before.map(|before| before.time), rung.item, rung.time);
        pen.right(Role::Text, &time, 11).skip(1);
        let after = before.map(|before| format!("+{}", short_time(rung.time.since(before.time))));
        pen.right(Role::Faint, &after.unwrap_or_default(), 9).skip(1);
        for lane in 0..LANES {
            let sign = pairs.iter().find(|pair| pair.lane == lane && (pair.call..=pair.reply).contains(&at));
            let sign = match sign {
                Some(pair) if pair.call == at => model.theme.glyph("╭", ","),
                Some(pair) if pair.reply == at => model.theme.glyph("╰", "`"),
                Some(_) => model.theme.glyph("│", "|"),
                None => " ",
            };
            pen.text(Role::Info, sign);
        }
        pen.skip(1);
        arrow(model, rung, &mut pen);
        pen.finish();
    }
    if rows.is_empty() {
        let text = "  choose a session first: 1, then Enter; or mark some with Space";
        Pen::new(buffer, model.theme, area, 2).text(Role::Faint, text);
    }
}

/// A call and its reply, by their rows, and the column that joins them.
struct Pair {
    call: usize,
    reply: usize,
    lane: usize,
}

/// The calls whose way to their reply crosses the rows from `top` to `bottom`.
fn pairs(model: &Model, top: usize, bottom: usize) -> Vec<Pair> {
    let rows = model.ladder.rows();
    let mut free_from: BTreeMap<usize, usize> = (0..LANES).map(|lane| (lane, 0)).collect();
    let mut pairs = Vec::new();
    for call in top.saturating_sub(LOOK_BACK)..bottom {
        let Some(Item::Message(row)) = rows.get(call).filter(|rung| rung.media.is_none()).map(|rung| rung.item) else {
            continue;
        };
        let Some((partner, _)) = model.index.partner(row).filter(|(partner, _)| *partner > row) else { continue };
        let Some(reply) = model.ladder.place(&model.index, Item::Message(partner)) else { continue };
        // The first column that no earlier call needs any more.
        let lane = free_from.iter().find(|(_, free)| **free <= call).map(|(lane, _)| *lane);
        if let Some(lane) = lane {
            free_from.insert(lane, reply + 1);
            if reply >= top {
                pairs.push(Pair { call, reply, lane });
            }
        }
    }
    pairs
}

/// What a rung says.
pub(super) fn said(model: &Model, rung: &Rung) -> (Role, String) {
    match (&rung.media, rung.item) {
        (Some(fold), _) => (Role::Video, fold.text()),
        (None, Item::Message(row)) => {
            let kind = model.index.entry(row).map(|entry| model.index.lane(entry).kind());
            let seq = model.index.entry(row).map_or(0, |entry| entry.seq);
            let role = kind.map_or(Role::Text, list::kind_role);
            (role, format!("#{seq} {}", model.index.text(row, model.open)))
        }
        (None, Item::Note(note)) => {
            let Some(note) = model.index.note(note) else { return (Role::Text, String::new()) };
            let text = note.open.as_deref().filter(|_| model.open).unwrap_or(&note.masked);
            (list::note_role(note.kind), format!("{}: {text}", note.kind.name()))
        }
    }
}

fn arrow(model: &Model, rung: &Rung, pen: &mut Pen<'_>) {
    let (role, text) = said(model, rung);
    let line = match (&rung.media, rung.item) {
        (Some(_), _) => model.theme.glyph("═", "="),
        (None, Item::Message(_)) => model.theme.glyph("─", "-"),
        (None, Item::Note(_)) => {
            pen.text(role, &text);
            return;
        }
    };
    let room = pen.room().saturating_sub(1);
    let most = room.saturating_sub(6);
    let cut: String =
        if width_of(&text) > most { text.chars().take(most.saturating_sub(1)).chain(['…']).collect() } else { text };
    let shaft = line.repeat(room.saturating_sub(width_of(&cut) + 3));
    match rung.dir {
        Some(Direction::ServerToClient) => {
            pen.text(Role::Faint, model.theme.glyph("◀", "<")).text(Role::Faint, &shaft).skip(1).text(role, &cut);
        }
        _ => {
            pen.text(role, &cut).skip(1).text(Role::Faint, &shaft).text(Role::Faint, model.theme.glyph("▶", ">"));
        }
    }
}
