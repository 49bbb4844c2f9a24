//! The list of sessions, and the story of the selected one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::title;
use crate::record::Level;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::paint::{Pen, width_of};
use crate::tui::state::Relay;
use crate::tui::theme::Role;
use crate::view::index::{NoteKind, SessionRow, SessionState};

/// Columns from which on everything has its column.
const WIDE: u16 = 110;
/// Columns from which on codecs and rate have theirs.
const MIDDLE: u16 = 76;

pub(super) fn draw(model: &Model, buffer: &mut Buffer, area: Rect) {
    title(model, buffer, area, true, &head(area.width), "").finish();
    let rows = model.index.sessions().iter().enumerate().skip(model.sessions.top).take(layout::page(area));
    for (n, (at, row)) in rows.enumerate() {
        let over = if at == model.sessions.at { Some(Role::Selected) } else { None };
        let mut pen = Pen::new(buffer, model.theme, area, n as u16 + 1).over(over);
        cells(model, row, area.width, &mut pen);
        pen.finish();
    }
    if let Some(relay) = model.relay.as_ref().filter(|_| model.index.sessions().is_empty()) {
        waiting(model, relay, buffer, area);
    } else if model.index.sessions().is_empty() && model.load.ended {
        let mut pen = Pen::new(buffer, model.theme, area, 2);
        pen.text(Role::Warning, "  no RTMP was found: q ends, and rtmpscope summary says what was searched");
    }
}

/// Where encoders are to be pointed, and what came of those that tried.
fn waiting(model: &Model, relay: &Relay, buffer: &mut Buffer, area: Rect) {
    let news = model.index.notes().iter().rev().filter(|note| note.kind == NoteKind::Relay).take(5);
    let news: Vec<&str> = news.map(|note| &*note.masked).collect();
    let lines = relay.waiting.iter().map(|line| (Role::Text, line.as_str()));
    let lines = lines.chain(news.into_iter().rev().map(|line| (Role::Warning, line)));
    for (n, (role, line)) in lines.enumerate() {
        Pen::new(buffer, model.theme, area, n as u16 + 2).skip(2).text(role, line);
    }
}

fn head(width: u16) -> String {
    if width >= WIDE {
        format!(
            "{:>4} {:<7}{:<37} {:<23} {:<9} {:>7} {:>6}  {:<7} over time",
            "#", "state", "client -> server", "app, stream", "codecs", "length", "kbit/s", "worst"
        )
    } else if width >= MIDDLE {
        format!("{:>4} {:<7}{:<28} {:<11} {:>8} {:>7} worst", "#", "state", "app, stream", "codecs", "length", "kbit/s")
    } else {
        format!("{:>4} {:<7}{:<24} {:>8} worst", "#", "state", "app, stream", "length")
    }
}

fn cells(model: &Model, row: &SessionRow, width: u16, pen: &mut Pen<'_>) {
    let mark = if model.marked_sessions.contains(&row.number) { model.theme.glyph("●", "*") } else { " " };
    pen.text(Role::Match, mark)
        .text(Role::Text, " ")
        .right(Role::Text, &row.number.to_string(), 4)
        .text(Role::Text, " ");
    let role = match row.state {
        SessionState::Open => Role::Good,
        SessionState::Closed => Role::Text,
        SessionState::Reset | SessionState::Cut => Role::Warning,
    };
    pen.left(role, row.state.name(), 7);
    let seconds = row.last.since(row.opened).seconds();
    let length = if seconds < 100.0 { format!("{seconds:.1} s") } else { format!("{:.0} s", seconds) };
    let rate = row.rate.map(|rate| format!("{rate:.0}")).unwrap_or_default();
    let stream = if model.open { &row.open_stream } else { &row.stream };
    if width >= WIDE {
        let peers = format!("{} -> {}", row.client, row.server);
        pen.left(Role::Text, &peers, 37).skip(1).left(Role::Strong, stream, 23).skip(1);
        pen.left(Role::Text, &row.codecs, 9).skip(1).right(Role::Text, &length, 7).skip(1).right(Role::Text, &rate, 6);
        pen.skip(2);
        let before = pen.room();
        worst(row, pen);
        pen.skip(8usize.saturating_sub(before - pen.room()));
        for height in row.spark.heights(pen.room().min(32), 8) {
            pen.text(Role::Info, model.theme.bar(height).encode_utf8(&mut [0; 4]));
        }
        return;
    } else if width >= MIDDLE {
        pen.left(Role::Strong, stream, 28).skip(1).left(Role::Text, &row.codecs, 11).skip(1);
        pen.right(Role::Text, &length, 8).skip(1).right(Role::Text, &rate, 7).skip(1);
    } else {
        pen.left(Role::Strong, stream, 24).skip(1).right(Role::Text, &length, 8).skip(1);
    }
    worst(row, pen);
}

/// The worst that is said of a session, in a word.
fn worst(row: &SessionRow, pen: &mut Pen<'_>) {
    if let Some((level, _)) = &row.worst {
        pen.text(level_role(*level), level.name());
    } else if row.gaps > 0 {
        pen.text(Role::Warning, "gaps");
    }
}

pub(super) fn level_role(level: Level) -> Role {
    match level {
        Level::Info => Role::Info,
        Level::Warning => Role::Warning,
        Level::Error => Role::Error,
    }
}

/// The story, as a summary tells it.
pub(super) fn story(model: &Model, buffer: &mut Buffer, area: Rect) {
    title(model, buffer, area, false, "what happened", "").finish();
    let Some(row) = model.index.sessions().get(model.sessions.at) else { return };
    let Some((session, _, lines)) = &model.story else { return };
    if *session != row.number {
        return;
    }
    let [masked, open] = lines;
    let mut y = 1;
    for (label, text) in if model.open { open } else { masked } {
        let role = match *label {
            "verdict" => Role::Strong,
            "problems" => Role::Warning,
            _ => Role::Text,
        };
        for (n, line) in wrapped(text, usize::from(area.width).saturating_sub(13)).iter().enumerate() {
            let mut pen = Pen::new(buffer, model.theme, area, y);
            pen.skip(2).left(Role::Faint, if n == 0 { label } else { "" }, 10).text(role, line);
            y += 1;
        }
    }
}

/// A text in lines, broken between words.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width_of(line) + 1 + width_of(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
