//! The bytes of the selected message: offset, hex, characters.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::title;
use crate::tui::layout::{self, OFFSET};
use crate::tui::model::Model;
use crate::tui::paint::Pen;
use crate::tui::state::Focus;
use crate::tui::theme::Role;
use crate::view::inspect::{Origin, Target};
use crate::view::sheet::{Layout, Line};

pub(super) fn draw(model: &Model, buffer: &mut Buffer, area: Rect) {
    if area.area() == 0 {
        return;
    }
    let active = model.focus == Focus::Bytes;
    let detail = &model.detail;
    let is_message = detail.inspection.as_ref().is_none_or(|inspection| inspection.message().is_some());
    let name = match detail.layout {
        Layout::Body | Layout::Chunks if !is_message => "bytes of the handshake",
        Layout::Body => "bytes of the body",
        Layout::Chunks => "bytes of its chunks",
        Layout::Packets => "captured packets",
    };
    title(model, buffer, area, active, name, "").finish();
    let Some(inspection) = detail.inspection.as_ref().filter(|_| model.shown_item().is_some()) else { return };
    if detail.sheet.is_empty() {
        let waiting = detail.layout == Layout::Packets && detail.packets.is_none();
        let text = match detail.layout {
            Layout::Packets if model.relay.is_some() => "relayed, not captured: --record writes packets",
            _ if waiting => "reading",
            _ => "no bytes",
        };
        Pen::new(buffer, model.theme, area, 1).skip(2).text(Role::Faint, text);
        return;
    }
    let width = layout::bytes_per_line(area);
    let shown = Shown {
        width,
        active,
        target: detail.target(),
        selected: detail.byte,
        hidden: |origin| matches!(origin, Origin::Body(at) if inspection.veil(model.open).hides(at)),
    };
    for n in 0..layout::page(area) {
        let Some(line) = detail.sheet.line(detail.bytes_top + n, width) else { break };
        let mut pen = Pen::new(buffer, model.theme, area, n as u16 + 1);
        shown.line(&line, &mut pen);
    }
}

/// The byte under a column of a line of the pane.
pub(in crate::tui) fn byte_at(model: &Model, line: usize, column: usize, width: usize) -> Option<usize> {
    let Line::Bytes { index, cells, .. } = model.detail.sheet.line(line, width)? else { return None };
    let column = column.checked_sub(OFFSET)?;
    let groups = width.div_ceil(8);
    let hex = width * 3 + groups - 1;
    let n = if column < hex {
        // Each group of eight is followed by one more space.
        let group = column / 25;
        (group * 8 + (column - group * 25) / 3).min(group * 8 + 7)
    } else {
        column.checked_sub(hex + 1)?
    };
    (n < cells.len()).then_some(index + n)
}

struct Shown<F> {
    width: usize,
    active: bool,
    target: Target,
    selected: usize,
    hidden: F,
}

impl<F: Fn(Origin) -> bool> Shown<F> {
    fn line(&self, line: &Line<'_>, pen: &mut Pen<'_>) {
        let (at, index, cells) = match line {
            Line::Title(title) => {
                pen.text(Role::Faint, title);
                return;
            }
            Line::Bytes { at, index, cells } => (at, index, cells),
        };
        pen.left(Role::Faint, &format!("{at:06x}"), OFFSET);
        for n in 0..self.width {
            match cells.get(n) {
                Some((byte, origin)) => {
                    let role = self.role(index + n, *origin);
                    let text = if (self.hidden)(*origin) { "**".to_owned() } else { format!("{byte:02x}") };
                    pen.text(role, &text);
                    // A selection of many bytes is one bar, not a row of boxes.
                    let joined = cells.get(n + 1).is_some_and(|(_, next)| {
                        role == Role::Linked && self.role(index + n + 1, *next) == Role::Linked && n % 8 != 7
                    });
                    pen.text(if joined { Role::Linked } else { Role::Text }, " ");
                }
                None => {
                    pen.skip(3);
                }
            }
            if n % 8 == 7 && n + 1 < self.width {
                pen.skip(1);
            }
        }
        pen.skip(1);
        for (n, (byte, origin)) in cells.iter().enumerate() {
            let c = match byte {
                _ if (self.hidden)(*origin) => '*',
                0x20..=0x7e => char::from(*byte),
                _ => '.',
            };
            pen.text(self.role(index + n, *origin), c.encode_utf8(&mut [0; 4]));
        }
    }

    fn role(&self, index: usize, origin: Origin) -> Role {
        if index == self.selected && self.active {
            return Role::Selected;
        }
        // Everything is not told apart from nothing by painting it all.
        if self.target != Target::Everything && self.target.covers(origin) {
            return Role::Linked;
        }
        match origin {
            Origin::Header(..) => Role::Header,
            Origin::Foreign => Role::Foreign,
            Origin::Body(_) if (self.hidden)(origin) => Role::Faint,
            Origin::Body(_) => Role::Text,
        }
    }
}
