//! The strip of time: how much came when in the session of the selected message, and where that message is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::time::Time;
use crate::tui::model::Model;
use crate::tui::paint::Pen;
use crate::tui::theme::Role;
use crate::view::series::{Chart, resampled};

/// Columns in front of the bars, for the rate of the tallest.
const SCALE: usize = 14;

pub(super) fn draw(model: &Model, buffer: &mut Buffer, area: Rect) {
    let series = &model.series;
    if area.area() == 0 || series.steps.is_empty() {
        return;
    }
    let columns = columns(area);
    let both = series.values(Chart::Video).into_iter().zip(series.values(Chart::Audio));
    let sums: Vec<Option<f64>> = both.map(|(video, audio)| Some(video.unwrap_or(0.0) + audio.unwrap_or(0.0))).collect();
    let rates = resampled(&sums, columns, None);
    let most = rates.iter().flatten().copied().fold(0.0, f64::max);
    if most == 0.0 {
        Pen::new(buffer, model.theme, area, 0).skip(2).text(Role::Faint, "no audio and no video in this session");
        return;
    }
    let here = model.selected_item().and_then(|item| model.index.time(item)).map(|time| column(model, columns, time));
    let mut bars = Pen::new(buffer, model.theme, area, 0);
    bars.skip(2).right(Role::Faint, &format!("{most:.0} kbit/s"), SCALE - 3).skip(1);
    for (n, rate) in rates.iter().enumerate() {
        let height = (rate.unwrap_or(0.0) / most * 8.0).ceil() as u32;
        let role = if Some(n) == here { Role::Match } else { Role::Video };
        bars.text(role, model.theme.bar(height).encode_utf8(&mut [0; 4]));
    }
    bars.finish();
    let mut marks = vec![None; columns];
    for (n, _) in series.steps.iter().enumerate().filter(|(_, step)| step.keyframes > 0) {
        if let Some(mark) = marks.get_mut(n * columns / series.steps.len()) {
            *mark = Some((Role::Faint, "k"));
        }
    }
    // Only notes between the first and the last message of the session can be of it.
    let rows = model.index.rows_of(series.session);
    let (first, last) = (rows.first().copied().unwrap_or_default(), rows.last().copied().unwrap_or_default());
    let notes = model.index.notes();
    let from = notes.partition_point(|note| note.before < first);
    let notes = notes.iter().skip(from).take_while(|note| note.before <= last.saturating_add(1));
    for note in notes.filter(|note| note.session == series.session && note.kind.is_trouble()) {
        if let Some(mark) = marks.get_mut(column(model, columns, note.time)) {
            *mark = Some((Role::Error, "!"));
        }
    }
    if let Some(mark) = here.and_then(|here| marks.get_mut(here)) {
        *mark = Some((Role::Strong, model.theme.glyph("▲", "^")));
    }
    let mut below = Pen::new(buffer, model.theme, area, 1);
    below.skip(2).right(Role::Faint, "k keyframes", SCALE - 3).skip(1);
    for mark in marks {
        let (role, sign) = mark.unwrap_or((Role::Text, " "));
        below.text(role, sign);
    }
    below.finish();
}

/// When the column of a strip was, counted from its left edge.
pub(in crate::tui) fn time(model: &Model, at: usize) -> Time {
    let columns = columns(model.panes().strip);
    let step = at.saturating_sub(SCALE).min(columns - 1) * model.series.steps.len() / columns;
    model.series.time(step)
}

fn columns(area: Rect) -> usize {
    usize::from(area.width).saturating_sub(SCALE + 1).max(1)
}

fn column(model: &Model, columns: usize, time: Time) -> usize {
    let series = &model.series;
    let step = (time.since(series.start).0.max(0) / series.step.0.max(1)) as usize;
    (step * columns / series.steps.len().max(1)).min(columns - 1)
}
