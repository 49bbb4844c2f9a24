//! Two sessions side by side.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::title;
use crate::tui::contrast::Line;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::paint::{Flow, Pen};
use crate::tui::theme::Role;

pub(super) fn draw(model: &Model, buffer: &mut Buffer, area: Rect) {
    let Some(contrast) = &model.contrast else { return };
    for row in 0..area.height {
        Pen::new(buffer, model.theme, area, row).finish();
    }
    let [a, b] = contrast.sessions;
    let names = usize::from(area.width) * 2 / 5;
    let each = (usize::from(area.width) - names) / 2 - 2;
    let (a, b) = (format!("A: session {a}"), format!("B: session {b}"));
    let head = format!("{:<width$}{a:<each$}  {b}", "what differs", width = names - 2);
    title(model, buffer, area, true, &head, "").finish();
    let said = match (contrast.complaint(), contrast.is_complete()) {
        (Some(why), _) => Some((Role::Error, why)),
        (None, false) => Some((Role::Faint, "reading the capture")),
        (None, true) => None,
    };
    if let Some((role, text)) = said {
        Pen::new(buffer, model.theme, area, 2).skip(2).text(role, text).finish();
    }
    let shown = contrast.rows().iter().enumerate().skip(contrast.cursor.top).take(layout::page(area));
    for (n, (at, row)) in shown.enumerate() {
        let over = if at == contrast.cursor.at { Some(Role::Selected) } else { None };
        let mut pen = Pen::new(buffer, model.theme, area, n as u16 + 1).over(over);
        match row {
            Line::Difference(_, open, text) => {
                let sign = if *open { model.theme.glyph("▾ ", "v ") } else { model.theme.glyph("▸ ", "> ") };
                pen.text(Role::Faint, sign).text(Role::Warning, text);
            }
            Line::Value(name, [a, b], _) => {
                pen.skip(4).left(Role::Name, name, names - 5).skip(1);
                pen.left(Role::Text, a, each).skip(2).text(Role::Text, b);
            }
            Line::Remark(text) => {
                pen.skip(2).text(Role::Faint, text);
            }
        }
        pen.finish();
    }
}

/// What is selected, for the status line: a row may be longer than the screen is wide.
pub(super) fn status(model: &Model, flow: &mut Flow) {
    let Some(contrast) = &model.contrast else { return };
    let [a, b] = contrast.sessions;
    match contrast.selected() {
        Some(Line::Difference(n, _, text)) => {
            flow.text(Role::Faint, &format!("{} of {}: ", n + 1, contrast.differences())).text(Role::Warning, text);
        }
        Some(Line::Value(_, [said_a, said_b], seqs)) => {
            let place =
                |session: u32, seq: Option<u64>| seq.map(|seq| format!(" ({session}.{seq})")).unwrap_or_default();
            let [seq_a, seq_b] = *seqs;
            let (left, right) = (place(a, seq_a), place(b, seq_b));
            flow.text(Role::Text, said_a)
                .text(Role::Faint, &left)
                .text(Role::Strong, model.theme.glyph("  →  ", "  ->  "));
            flow.text(Role::Text, said_b).text(Role::Faint, &right);
        }
        _ => {}
    }
}
