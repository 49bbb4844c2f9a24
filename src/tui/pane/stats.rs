//! Charts over the time of a session.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::title;
use crate::tui::model::Model;
use crate::tui::paint::Pen;
use crate::tui::theme::Role;
use crate::view::series::{Chart, Series, resampled};
use crate::view::short_time;

/// Rows of a chart at least: its name, and bars.
const LEAST: u16 = 2;

/// Columns in front of the charts, for their scale.
pub(in crate::tui) const SCALE: usize = 8;

pub(super) fn draw(model: &Model, buffer: &mut Buffer, area: Rect) {
    let series = &model.series;
    let head = match series.steps.len() {
        0 => "nothing to count yet: choose a session with media".to_owned(),
        _ => format!("session {}, steps of {}", series.session, short_time(series.step)),
    };
    title(model, buffer, area, true, &head, "").finish();
    if series.steps.is_empty() {
        return;
    }
    // What has nothing to show takes one row.
    let (shown, empty): (Vec<Chart>, Vec<Chart>) = Chart::ALL.into_iter().partition(|chart| has_values(series, *chart));
    let lines = area.height.saturating_sub(3 + empty.len() as u16);
    let each = (lines / shown.len().max(1) as u16).clamp(LEAST, 8);
    let mut y = 1;
    for chart in shown.into_iter().skip(first_chart(model)) {
        if y + each > area.height.saturating_sub(1) {
            break;
        }
        draw_chart(model, chart, Rect { y: area.y + y, height: each, ..area }, buffer);
        y += each;
    }
    let room = area.height.saturating_sub(y + 2);
    for chart in empty.into_iter().take(usize::from(room)) {
        let (name, _) = chart.names();
        Pen::new(buffer, model.theme, area, y).skip(2).left(Role::Name, name, 26).text(Role::Faint, "none");
        y += 1;
    }
    axis(model, buffer, area, y);
    let mut pen = Pen::new(buffer, model.theme, area, y + 1);
    pen.skip(2).text(Role::Text, &replies(model, series)).finish();
}

/// Where sound and pictures are farthest apart, in words.
pub(super) fn apart(model: &Model) -> Option<String> {
    let apart = model.series.farthest()?;
    let at = model.series.time(apart.step).since(model.index.start()).seconds();
    Some(format!(
        "audio ahead of video: {:+.0} ms at first, {:+.0} ms at last, farthest {:+.0} ms at {at:.2} s",
        apart.first, apart.last, apart.offset
    ))
}

/// The column that shows a step: the last one, where a step has several.
pub(in crate::tui) fn column_of(model: &Model, step: usize) -> usize {
    let columns = columns(model);
    (((step + 1) * columns).div_ceil(model.series.steps.len().max(1)) - 1).min(columns - 1)
}

/// Charts that are scrolled away at most, so that the rest fills the screen.
pub(in crate::tui) fn most_scrolled(model: &Model) -> usize {
    let shown = Chart::ALL.into_iter().filter(|chart| has_values(&model.series, *chart)).count();
    let lines = model.panes().main.height.saturating_sub(3 + (Chart::ALL.len() - shown) as u16);
    shown.saturating_sub(usize::from(lines / LEAST).max(1))
}

fn first_chart(model: &Model) -> usize {
    model.stats_top.min(most_scrolled(model))
}

/// Columns that the charts have.
pub(in crate::tui) fn columns(model: &Model) -> usize {
    usize::from(model.panes().main.width).saturating_sub(SCALE + 1).max(1)
}

/// The step of the series that is selected: of a column of several steps the one where sound and pictures are farthest
/// apart, if it is among them, or else the first.
pub(in crate::tui) fn step_at(model: &Model) -> usize {
    match model.series.farthest().map(|apart| apart.step) {
        Some(step) if column_of(model, step) == model.stats_at => step,
        _ => model.stats_at * model.series.steps.len() / columns(model),
    }
}

fn draw_chart(model: &Model, chart: Chart, area: Rect, buffer: &mut Buffer) {
    let (name, unit) = chart.names();
    let signed = matches!(chart, Chart::Offset | Chart::Late);
    // Of the steps that share a column the one shows that is farthest from what is usual.
    let peaks = match chart {
        Chart::Offset | Chart::Late => model.series.usual(chart),
        Chart::Keyframes => Some(0.0),
        _ => None,
    };
    let values = resampled(&model.series.values(chart), columns(model), peaks);
    let known = || values.iter().flatten().copied();
    let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    let here = values.get(model.stats_at.min(values.len().saturating_sub(1))).copied().flatten();
    let number = |n: f64| if n.abs() < 10.0 && n != n.trunc() { format!("{n:.1}") } else { format!("{n:.0}") };
    let range = format!("{} to {} {unit}", number(low), number(high));
    let at = here.map_or_else(|| "nothing here".to_owned(), |n| format!("here {}", number(n)));
    let mut more = String::new();
    if chart == Chart::Keyframes
        && let Some((mean, most)) = model.series.keyframe_distance()
    {
        more = format!(", every {mean:.2} s, at most {most:.2} s");
    }
    let mut pen = Pen::new(buffer, model.theme, area, 0);
    pen.skip(2).left(Role::Name, name, 26).text(Role::Text, &range).text(Role::Text, &more);
    pen.text(Role::Strong, &format!("   {at}")).finish();
    // What is signed is drawn between its least and its most, what is counted from 0 on.
    let floor = if signed { low } else { 0.0 };
    let span = if high > floor { high - floor } else { 1.0 };
    let rows = u32::from(area.height.saturating_sub(1));
    for row in 0..rows {
        let mut pen = Pen::new(buffer, model.theme, area, row as u16 + 1);
        let label = match row {
            0 => number(high),
            _ if row + 1 == rows => number(floor),
            _ => String::new(),
        };
        pen.right(Role::Faint, &label, SCALE - 1).skip(1);
        for (n, value) in values.iter().enumerate() {
            let full = value.map_or(0, |value| (((value - floor) / span) * f64::from(rows * 8)).ceil() as u32);
            // The least that is there is still to be seen.
            let full =
                if value.is_some() && (signed || value.is_some_and(|value| value > 0.0)) { full.max(1) } else { 0 };
            let height = full.saturating_sub((rows - 1 - row) * 8).min(8);
            let role = if n == model.stats_at { Role::Match } else { chart_role(chart) };
            pen.text(role, model.theme.bar(height).encode_utf8(&mut [0; 4]));
        }
    }
}

/// Is there anything to draw?
fn has_values(series: &Series, chart: Chart) -> bool {
    let signed = matches!(chart, Chart::Offset | Chart::Late);
    series.values(chart).iter().flatten().any(|value| signed || *value > 0.0)
}

fn chart_role(chart: Chart) -> Role {
    match chart {
        Chart::Video | Chart::Frames | Chart::Keyframes => Role::Video,
        Chart::Audio => Role::Audio,
        Chart::Offset | Chart::Late => Role::Warning,
    }
}

/// Where the cursor is, and the time below it.
fn axis(model: &Model, buffer: &mut Buffer, area: Rect, y: u16) {
    let mut pen = Pen::new(buffer, model.theme, area, y);
    let time = model.series.time(step_at(model));
    let at = format!("{:.2} s", time.since(model.index.start()).seconds());
    let sign = model.theme.glyph("▲", "^");
    let column = SCALE + model.stats_at;
    if column + at.len() + 4 < usize::from(area.width) {
        pen.skip(column).text(Role::Strong, sign).text(Role::Strong, &format!(" {at}"));
    } else {
        pen.skip(column.saturating_sub(at.len() + 1))
            .text(Role::Strong, &at)
            .text(Role::Strong, " ")
            .text(Role::Strong, sign);
    }
    pen.finish();
}

fn replies(model: &Model, series: &Series) -> String {
    if series.replies.is_empty() {
        return "no call was answered".to_owned();
    }
    let name = |row: u32| {
        let text = model.index.text(row, false);
        text.split(' ').next().unwrap_or_default().to_owned()
    };
    let slowest: Vec<String> =
        series.replies.iter().take(4).map(|(row, after)| format!("{} {}", name(*row), short_time(*after))).collect();
    format!("slowest replies: {}", slowest.join(", "))
}
