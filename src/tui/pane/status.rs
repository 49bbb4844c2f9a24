//! The line that tells of the selection, in two lines where it is narrow, or the line that is typed into.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::list::note_role;
use super::overlay;
use crate::tui::keymap::Context;
use crate::tui::model::Model;
use crate::tui::paint::{Flow, width_of};
use crate::tui::state::Overlay;
use crate::tui::theme::Role;
use crate::view::index::Item;
use crate::view::inspect::Origin;

/// What the selection is, what has to be said, or the line that is typed into.
pub(super) fn draw(model: &Model, buffer: &mut Buffer, area: Rect) {
    if let Overlay::Prompt(prompt) = &model.overlay {
        return overlay::prompt(model, prompt, buffer, area);
    }
    let mut flow = Flow::default();
    let mut area = area;
    if let Some(notice) = &model.notice {
        flow.text(notice.role, &notice.text);
        if area.height < 2 || flow.width() > usize::from(area.width) {
            return flow.draw(buffer, model.theme, area);
        }
        // What was said has a line of its own, and what is selected the other one.
        let first = Rect { height: 1, ..area };
        std::mem::take(&mut flow).draw(buffer, model.theme, first);
        area = Rect { y: area.y + 1, height: area.height - 1, ..area };
    }
    selection(model, &mut flow);
    flow.draw(buffer, model.theme, area);
}

/// What is selected.
fn selection(model: &Model, flow: &mut Flow) {
    match model.context() {
        Context::Sessions => sessions(model, flow),
        Context::List => list(model, flow),
        Context::Tree => tree(model, flow),
        Context::Bytes => bytes(model, flow),
        Context::Log => {
            let rows = model.log_rows();
            flow.text(Role::Faint, &format!("{} of {}", model.log.at + usize::from(!rows.is_empty()), rows.len()));
            if let Some(note) = rows.get(model.log.at).and_then(|note| model.index.note(*note)) {
                let text = note.open.as_deref().filter(|_| model.open).unwrap_or(&note.masked);
                flow.text(Role::Faint, ": ").text(note_role(note.kind), text);
            }
        }
        Context::Ladder => ladder(model, flow),
        Context::Stats => {
            let apart =
                super::stats::apart(model).unwrap_or_else(|| "Left and Right move, Enter shows the message".to_owned());
            flow.text(Role::Faint, &apart);
        }
        Context::Compare if model.comparison.is_none() => super::contrast::status(model, flow),
        Context::Compare => super::compare::status(model, flow),
    }
}

fn ladder(model: &Model, flow: &mut Flow) {
    let rows = model.ladder.rows();
    flow.text(Role::Faint, &format!("row {} of {}", model.rung.at + usize::from(!rows.is_empty()), rows.len()));
    if let Some(rung) = rows.get(model.rung.at) {
        let what = if rung.media.is_some() { ": media, folded: " } else { ": " };
        let (role, text) = super::ladder::said(model, rung);
        flow.text(Role::Faint, what).text(role, &text);
    }
}

fn sessions(model: &Model, flow: &mut Flow) {
    let count = model.index.sessions().len();
    if let Some(relay) = &model.relay {
        flow.text(Role::Faint, &relay.state);
        if !model.marked_sessions.is_empty() {
            flow.text(Role::Faint, &format!(", {} marked", model.marked_sessions.len()));
        }
        return;
    }
    let text = match (count, model.load.ended) {
        (0, true) => "no RTMP in it".to_owned(),
        (0, false) => "nothing yet".to_owned(),
        (1, _) => format!("1 session, {} messages", model.index.messages()),
        (n, _) => format!("{n} sessions, {} messages", model.index.messages()),
    };
    flow.text(Role::Faint, &text);
    if !model.marked_sessions.is_empty() {
        flow.text(Role::Faint, &format!(", {} marked", model.marked_sessions.len()));
    }
}

fn list(model: &Model, flow: &mut Flow) {
    let len = model.list_len();
    let at = model.list.at + usize::from(len > 0);
    if let (Some(Item::Note(note)), None) = (model.selected_item(), &model.filter) {
        // The text first: it is what is cut where there is no room.
        if let Some(note) = model.index.note(note) {
            let text = note.open.as_deref().filter(|_| model.open).unwrap_or(&note.masked);
            flow.text(note_role(note.kind), text).text(Role::Faint, &format!("  row {at} of {len}"));
        }
        return;
    }
    match &model.filter {
        None => flow.text(Role::Faint, &format!("row {at} of {len}")),
        Some(filter) => {
            let busy = match (filter.is_busy(&model.index), filter.reads()) {
                (true, true) => ", reading the capture for it",
                (true, false) => ", looking",
                (false, _) => "",
            };
            flow.text(Role::Strong, &format!("{at} of {len} match, {} asked{busy}: ", filter.asked()));
            flow.text(Role::Match, filter.text())
        }
    };
    if model.filter.is_some() {
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
    flow.text(Role::Text, &text);
}

fn tree(model: &Model, flow: &mut Flow) {
    if !model.has_detail() {
        return list(model, flow);
    }
    let Some(row) = model.detail.selected().and_then(|row| model.detail.rows(model.open).get(row)) else { return };
    flow.text(Role::Strong, &row.target.words());
    if let Some(first) = row.target.first() {
        where_it_was(model, first, flow);
    }
    // What the pane has no room for is told here.
    let indent = usize::from(row.depth) * 2 + 4;
    if indent + width_of(&row.name) + width_of(&row.value) > usize::from(model.panes().tree.width) {
        flow.text(Role::Faint, "  ").text(Role::Value, &row.value);
    }
    if !row.about.is_empty() {
        flow.text(Role::Faint, "  ").text(Role::Text, row.about);
    }
}

fn bytes(model: &Model, flow: &mut Flow) {
    if !model.has_detail() {
        return list(model, flow);
    }
    let Some(origin) = model.detail.origin() else { return };
    let words = match origin {
        Origin::Body(at) if model.opened_message().is_none() => format!("byte {at} of the handshake"),
        Origin::Body(at) => format!("body byte {at}"),
        Origin::Header(chunk, at) => format!("header byte {at} of chunk {}", chunk + 1),
        Origin::Foreign => "not of this message".to_owned(),
    };
    flow.text(Role::Strong, &words);
    where_it_was(model, origin, flow);
    let row = model.detail.inspection.as_ref().and_then(|inspection| inspection.row_of(origin));
    if let Some(row) = row.and_then(|row| model.detail.rows(model.open).get(row)) {
        let value = if row.value.is_empty() { String::new() } else { format!(" {}", row.value) };
        flow.text(Role::Faint, "  ").text(Role::Name, &row.name).text(Role::Text, &value);
    }
}

/// Stream offset, chunk and packet of a byte.
fn where_it_was(model: &Model, origin: Origin, flow: &mut Flow) {
    let Some(place) = model.detail.inspection.as_ref().and_then(|inspection| inspection.carrier(origin)) else {
        return;
    };
    // The headers of chunks say which they are of.
    let chunk = place.chunk.filter(|_| matches!(origin, Origin::Body(_)));
    let chunk = chunk.map(|chunk| format!(", chunk {chunk}")).unwrap_or_default();
    // What a proxy relays was read piece by piece: there is no packet to look for.
    let packet = place.packet.filter(|_| model.relay.is_none());
    let packet = packet.map(|(packet, at)| format!(", packet {packet} at {at}")).unwrap_or_default();
    flow.text(Role::Text, &format!(": stream {}{chunk}{packet}", place.stream));
}
