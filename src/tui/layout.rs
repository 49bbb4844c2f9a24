//! Where everything is on screen: a pure function of the size and of what is shown.

use ratatui::layout::Rect;

use super::state::{Focus, Screen};

/// What the layout depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Columns of the terminal.
    pub columns: u16,
    /// Rows of the terminal.
    pub rows: u16,
    /// The screen.
    pub screen: Screen,
    /// The pane with the keyboard.
    pub focus: Focus,
    /// That pane takes the whole screen.
    pub zoom: bool,
    /// Sessions in the list: it takes no more room than they need.
    pub sessions: usize,
    /// Something is compared on top of the screen.
    pub compares: bool,
}

/// Areas of the screen; those that are not shown are empty. Each pane has its title in its first row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Panes {
    /// Name, screens, progress.
    pub header: Rect,
    /// All between header and status.
    pub body: Rect,
    /// Sessions, messages, ladder, charts or log.
    pub main: Rect,
    /// The story of a session.
    pub story: Rect,
    /// The time of a session, from left to right.
    pub strip: Rect,
    /// The explained tree.
    pub tree: Rect,
    /// The bytes.
    pub bytes: Rect,
    /// What the selection is, or a line to type into.
    pub status: Rect,
    /// Keys.
    pub footer: Rect,
}

/// Rows from which on there is room for the strip of time.
const TALL: u16 = 30;
/// Rows from which on the status may have two, where it has long things to say, and columns from which on it needs but
/// one.
const ROOMY: u16 = 20;
const LONG: u16 = 160;
/// The rows of that strip: bars, and marks below them.
const STRIP: u16 = 2;

/// The smallest screen that is drawn at all.
pub const SMALLEST: (u16, u16) = (40, 8);
/// Columns from which on tree and bytes stand side by side.
const SIDE_BY_SIDE: u16 = 76;

/// Where everything is.
pub fn panes(shape: Shape) -> Panes {
    let Shape { columns, rows, screen, focus, zoom, sessions, compares } = shape;
    let line = |y: u16| Rect::new(0, y.min(rows.saturating_sub(1)), columns, u16::from(rows > y));
    let long = compares || matches!(screen, Screen::Messages | Screen::Ladder | Screen::Log);
    let said = if rows >= ROOMY && columns < LONG && long { 2 } else { 1 };
    let body = Rect::new(0, 1.min(rows), columns, rows.saturating_sub(2 + said));
    let mut panes = Panes {
        header: line(0),
        body,
        main: body,
        status: Rect { height: said.min(rows), ..line(rows.saturating_sub(1 + said)) },
        footer: line(rows.saturating_sub(1)),
        ..Panes::default()
    };
    match screen {
        Screen::Sessions => {
            let story = (body.height / 2).clamp(4, 13).min(body.height.saturating_sub(3));
            // A title, a row for each, and one that is empty. While there are none, it says why.
            let needed = match sessions {
                0 => body.height,
                n => u16::try_from(n).unwrap_or(u16::MAX).saturating_add(2).max(5),
            };
            (panes.main, panes.story) = split_rows(body, needed.min(body.height - story));
        }
        Screen::Messages if zoom => {
            panes.main = Rect::default();
            match focus {
                Focus::List => panes.main = body,
                Focus::Tree => panes.tree = body,
                Focus::Bytes => panes.bytes = body,
            }
        }
        Screen::Messages => {
            // The list keeps a little less than half: what a message says is what people came for.
            let list = (body.height * 45 / 100).max(4).min(body.height);
            let (main, below) = split_rows(body, list);
            let strip = if rows >= TALL { STRIP } else { 0 };
            (panes.main, panes.strip) = split_rows(main, main.height.saturating_sub(strip));
            if columns >= SIDE_BY_SIDE {
                let bytes = bytes_columns(columns);
                panes.tree = Rect { width: columns - bytes - 1, ..below };
                panes.bytes = Rect { x: columns - bytes, width: bytes, ..below };
            } else if focus == Focus::Bytes {
                panes.bytes = below;
            } else {
                panes.tree = below;
            }
        }
        Screen::Ladder | Screen::Stats | Screen::Log => {}
    }
    panes
}

/// Rows of a pane below its title.
pub fn page(pane: Rect) -> usize {
    usize::from(pane.height.saturating_sub(1))
}

/// Bytes in a line of a pane of this width: as many as fit, in steps of eight.
pub fn bytes_per_line(pane: Rect) -> usize {
    let width = usize::from(pane.width);
    [32, 16, 8].into_iter().find(|n| OFFSET + n * 4 + n / 8 < width).unwrap_or(4)
}

/// Columns of the offset in front of a line of bytes.
pub const OFFSET: usize = 8;

/// Columns of the bytes beside the tree.
fn bytes_columns(columns: u16) -> u16 {
    let needs = |n: u16| OFFSET as u16 + n * 4 + n / 8 + 1;
    if columns >= 180 {
        needs(16) + 4
    } else if columns >= 118 {
        needs(16)
    } else {
        needs(8)
    }
}

fn split_rows(area: Rect, upper: u16) -> (Rect, Rect) {
    let upper = upper.min(area.height);
    let below = Rect { y: area.y + upper, height: area.height - upper, ..area };
    (Rect { height: upper, ..area }, below)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes() -> impl Iterator<Item = Shape> {
        let sizes = [(0, 0), (1, 1), (40, 8), (60, 15), (80, 24), (120, 40), (200, 60), (500, 4), (10, 300)];
        sizes.into_iter().flat_map(|(columns, rows)| {
            Screen::ALL.into_iter().flat_map(move |screen| {
                [Focus::List, Focus::Tree, Focus::Bytes].into_iter().flat_map(move |focus| {
                    [false, true].map(move |on| Shape {
                        columns,
                        rows,
                        screen,
                        focus,
                        zoom: on,
                        sessions: 3,
                        compares: on,
                    })
                })
            })
        })
    }

    #[test]
    fn panes_lie_on_the_screen_and_never_on_each_other() {
        for shape in shapes() {
            let screen = Rect::new(0, 0, shape.columns, shape.rows);
            let Panes { header, main, story, strip, tree, bytes, status, footer, .. } = panes(shape);
            let all = [header, main, story, strip, tree, bytes, status, footer];
            for (n, pane) in all.iter().enumerate() {
                assert_eq!(pane.intersection(screen).area(), pane.area(), "{shape:?} {pane:?}");
                if shape.rows >= 3 {
                    for other in &all[n + 1..] {
                        assert_eq!(pane.intersection(*other).area(), 0, "{shape:?} {pane:?} {other:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_usual_terminal_has_room_for_all_three_panes() {
        let messages = Screen::Messages;
        let shape = Shape {
            columns: 80,
            rows: 24,
            screen: messages,
            focus: Focus::List,
            zoom: false,
            sessions: 1,
            compares: false,
        };
        let found = panes(shape);
        assert!(page(found.main) >= 8 && page(found.tree) >= 8 && page(found.bytes) >= 8);
        assert_eq!(bytes_per_line(found.bytes), 8);
        assert_eq!(bytes_per_line(panes(Shape { columns: 120, rows: 40, ..shape }).bytes), 16);
        // A small one shows the pane that is used.
        let small = Shape { columns: 60, rows: 15, ..shape };
        assert!(panes(small).bytes.area() == 0 && panes(small).tree.area() > 0);
        assert!(panes(Shape { focus: Focus::Bytes, ..small }).bytes.area() > 0);
    }
}
