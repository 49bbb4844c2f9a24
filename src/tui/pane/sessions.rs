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
use crate::view::index::{MessageKind, NoteKind, SessionRow, SessionState};

/// Columns from which on the peers have theirs.
const WIDE: u16 = 110;
/// Columns from which on there is room for long addresses and names.
const VERY_WIDE: u16 = 180;
/// Columns from which on codecs and rate have theirs.
const MIDDLE: u16 = 76;
/// Columns of the rate over time, in a usual terminal and in a very wide one.
const SPARK: [usize; 2] = [6, 16];

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
    let (spark, names, addresses) = (spark(width), names(width), addresses(width));
    let (peers, stream) = ("client -> server", "app, stream");
    if width >= WIDE {
        format!(
            "{:>4} {:<7}{peers:<addresses$} {stream:<names$} {:<8}{:>7} {:>6} {:<spark$} verdict",
            "#", "state", "codecs", "length", "kbit/s", "rate"
        )
    } else if width >= MIDDLE {
        format!("{:>4} {:<7}{stream:<names$} {:<8}{:>7} {:>6} verdict", "#", "state", "codecs", "length", "kbit/s")
    } else {
        format!("{:>4} {:<7}{stream:<names$} {:>7} verdict", "#", "state", "length")
    }
}

/// Columns of app and stream: keys that are masked are told apart by what stands behind their stars.
fn names(width: u16) -> usize {
    if width >= VERY_WIDE { 36 } else { 24 }
}

/// Columns of client and server.
fn addresses(width: u16) -> usize {
    if width >= VERY_WIDE { 47 } else { 35 }
}

fn spark(width: u16) -> usize {
    let [usual, wide] = SPARK;
    if width >= 150 { wide } else { usual }
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
        pen.left(Role::Text, &peers, addresses(width)).skip(1);
    }
    pen.left(Role::Strong, stream, names(width)).skip(1);
    if width >= MIDDLE {
        pen.left(Role::Text, &row.codecs, 7).skip(1);
    }
    pen.right(Role::Text, &length, 7).skip(1);
    if width >= MIDDLE {
        pen.right(Role::Text, &rate, 6).skip(1);
    }
    if width >= WIDE {
        let spark = spark(width);
        let heights = row.spark.heights(spark, 8);
        let used = heights.len();
        for height in heights {
            pen.text(Role::Info, model.theme.bar(height).encode_utf8(&mut [0; 4]));
        }
        pen.skip(spark - used + 1);
    }
    verdict(model, row, pen);
}

/// The worst that is said of a session, in a word, and what became of it.
fn verdict(model: &Model, row: &SessionRow, pen: &mut Pen<'_>) {
    if let Some((level, _)) = &row.worst {
        pen.text(level_role(*level), level.name()).text(Role::Text, " ");
    } else if row.gaps > 0 {
        pen.text(Role::Warning, "gaps").text(Role::Text, " ");
    }
    let verdict = if model.open { row.open_verdict.as_ref() } else { row.verdict.as_ref() };
    pen.text(Role::Text, verdict.map(String::as_str).unwrap_or_default());
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
    calls(
        model,
        *session,
        Rect { y: area.y + y.min(area.height), height: area.height.saturating_sub(y), ..area },
        buffer,
    );
}

/// What was said in a session, without media and control, where there is room left: its beginning and its end.
fn calls(model: &Model, session: u32, area: Rect, buffer: &mut Buffer) {
    if area.height < 4 {
        return;
    }
    let area = Rect { y: area.y + 1, height: area.height - 1, ..area };
    title(model, buffer, area, false, "what was said", "").finish();
    let room = layout::page(area);
    let is_said = |row: &&u32| {
        let kind = model.index.entry(**row).map(|entry| model.index.lane(entry).kind());
        matches!(kind, Some(MessageKind::Command | MessageKind::Data))
    };
    let rows = model.index.rows_of(session);
    let mut said: Vec<Option<u32>> =
        rows.iter().take(LOOK).filter(is_said).take(room + 1).map(|row| Some(*row)).collect();
    if said.len() > room || rows.len() > LOOK {
        let first = said.get(..room / 2).unwrap_or(&said).to_vec();
        let after = first.last().copied().flatten().unwrap_or_default();
        let last = rows.iter().rev().take(LOOK).filter(is_said).take_while(|row| **row > after);
        let last: Vec<u32> = last.take(room - first.len().min(room) - 1).copied().collect();
        said = first;
        said.push(None);
        said.extend(last.into_iter().rev().map(Some));
    }
    for (n, row) in said.into_iter().enumerate() {
        let mut pen = Pen::new(buffer, model.theme, area, n as u16 + 1);
        let Some((row, entry)) = row.and_then(|row| Some((row, model.index.entry(row)?))) else {
            pen.skip(14).text(Role::Faint, model.theme.glyph("…", "..."));
            continue;
        };
        let time = format!("{:.6}", entry.time.since(model.index.start()));
        pen.skip(2).right(Role::Faint, &time, 11).skip(1);
        pen.left(Role::Faint, model.index.lane(entry).dir.name(), 4)
            .text(Role::Text, &model.index.text(row, model.open));
    }
}

/// Messages at each end of a session that are looked through for what was said: enough, and quick.
const LOOK: usize = 2000;

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
