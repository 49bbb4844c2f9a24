//! Drawing text into cells: cut to fit, safe, and in the characters that the terminal has.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthChar;

use super::theme::{Role, Theme};

/// A line being drawn from left to right.
pub(super) struct Pen<'a> {
    buffer: &'a mut Buffer,
    theme: Theme,
    x: u16,
    y: u16,
    end: u16,
    /// Laid over every style: the selection.
    over: Option<Style>,
}

impl<'a> Pen<'a> {
    /// A pen at the beginning of row `row` of an area.
    pub(super) fn new(buffer: &'a mut Buffer, theme: Theme, area: Rect, row: u16) -> Pen<'a> {
        let y = area.y.saturating_add(row);
        let visible = row < area.height && y < buffer.area.bottom();
        let end = if visible { area.right().min(buffer.area.right()) } else { area.x };
        Pen { buffer, theme, x: area.x, y, end, over: None }
    }

    /// Lays a role over all that follows, and over the rest of the line when it is done.
    pub(super) fn over(mut self, role: Option<Role>) -> Self {
        self.over = role.map(|role| self.theme.style(role));
        self
    }

    /// Columns left.
    pub(super) fn room(&self) -> usize {
        usize::from(self.end.saturating_sub(self.x))
    }

    /// Writes a text; what does not fit is cut with an ellipsis.
    pub(super) fn text(&mut self, role: Role, text: &str) -> &mut Self {
        let room = self.room();
        self.cell_text(role, text, room);
        self
    }

    /// Writes a text into exactly `width` columns.
    pub(super) fn left(&mut self, role: Role, text: &str, width: usize) -> &mut Self {
        let until = self.x.saturating_add(width as u16).min(self.end);
        self.cell_text(role, text, width.min(self.room()));
        self.fill_to(until);
        self
    }

    /// The same, at the right of its columns.
    pub(super) fn right(&mut self, role: Role, text: &str, width: usize) -> &mut Self {
        let used = width_of(text);
        if used < width {
            let gap = self.x.saturating_add((width - used) as u16).min(self.end);
            self.fill_to(gap);
        }
        self.cell_text(role, text, width.min(self.room()).min(used.max(1)));
        self
    }

    /// Leaves columns empty.
    pub(super) fn skip(&mut self, columns: usize) -> &mut Self {
        let until = self.x.saturating_add(columns as u16).min(self.end);
        self.fill_to(until);
        self
    }

    /// Writes a text at the end of the line, if it does not reach what is written.
    pub(super) fn at_end(&mut self, role: Role, text: &str) -> &mut Self {
        let width = width_of(text);
        if width <= self.room() {
            let at = self.end.saturating_sub(width as u16);
            self.fill_to(at);
            self.cell_text(role, text, width);
        }
        self
    }

    /// Fills the rest of the line.
    pub(super) fn finish(&mut self) {
        self.fill_to(self.end);
    }

    fn fill_to(&mut self, until: u16) {
        while self.x < until {
            self.put(' ', 1, Style::new());
        }
    }

    fn cell_text(&mut self, role: Role, text: &str, room: usize) {
        let style = self.theme.style(role);
        let fits = width_of(text) <= room;
        let cut = if self.theme.ascii { '~' } else { '…' };
        let mut left = if fits { room } else { room.saturating_sub(1) };
        for c in text.chars() {
            let c = self.shown(c);
            let width = c.width().unwrap_or(0);
            if width > left {
                break;
            }
            left -= width;
            self.put(c, width, style);
        }
        if !fits && room > 0 {
            self.put(cut, 1, style);
        }
    }

    /// A character as this terminal can show it.
    fn shown(&self, c: char) -> char {
        match c {
            c if crate::view::is_control(c) => ' ',
            c if !self.theme.ascii || c.is_ascii() => c,
            '…' => '~',
            '→' => '>',
            '←' => '<',
            '·' => '.',
            '─' => '-',
            '│' => '|',
            _ => '?',
        }
    }

    fn put(&mut self, c: char, width: usize, style: Style) {
        if self.x + width as u16 > self.end || width == 0 {
            return;
        }
        let style = self.over.map_or(style, |over| style.patch(over));
        if let Some(cell) = self.buffer.cell_mut((self.x, self.y)) {
            // What lies over something else is not to look like it.
            cell.reset();
            cell.set_char(c).set_style(style);
        }
        // A wide character covers its neighbour.
        if width > 1
            && let Some(cell) = self.buffer.cell_mut((self.x + 1, self.y))
        {
            cell.reset();
        }
        self.x += width as u16;
    }
}

/// A text in several roles that flows over the lines of an area, broken between words.
#[derive(Debug, Default)]
pub(super) struct Flow {
    spans: Vec<(Role, String)>,
}

impl Flow {
    /// Adds a text.
    pub(super) fn text(&mut self, role: Role, text: &str) -> &mut Self {
        self.spans.push((role, text.to_owned()));
        self
    }

    /// Columns that it takes in one line.
    pub(super) fn width(&self) -> usize {
        self.spans.iter().map(|(_, text)| width_of(text)).sum()
    }

    /// Draws it; the last line is cut with an ellipsis if there is more.
    pub(super) fn draw(self, buffer: &mut Buffer, theme: Theme, area: Rect) {
        let (mut row, mut used) = (0, 0);
        let width = usize::from(area.width);
        let fits = self.width() <= width;
        for (role, text) in self.spans {
            let mut rest = text.as_str();
            while !rest.is_empty() {
                let last = fits || row + 1 >= area.height;
                // In the last line all that is left of the span is one piece, so that what is cut ends in an ellipsis.
                let end = if last { rest.len() } else { rest.find(' ').map_or(rest.len(), |at| at + 1) };
                let (word, after) = rest.split_at(end);
                if !last && used > 0 && used + width_of(word.trim_end()) > width {
                    (row, used) = (row + 1, 0);
                    rest = rest.trim_start();
                    continue;
                }
                let room = width.saturating_sub(used);
                // A space at the end of a line needs no room.
                let piece = if width_of(word) > room { word.trim_end() } else { word };
                let mut pen =
                    Pen::new(buffer, theme, Rect { x: area.x + used as u16, width: room as u16, ..area }, row);
                pen.text(role, piece);
                used = width - pen.room();
                rest = after;
            }
        }
    }
}

/// Columns that a text takes.
pub(super) fn width_of(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(|c| c.width().unwrap_or(0)).sum() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(ascii: bool, width: u16, draw: impl FnOnce(&mut Pen<'_>)) -> String {
        let area = Rect::new(0, 0, width, 1);
        let mut buffer = Buffer::empty(area);
        let theme = Theme { ascii, ..Theme::default() };
        draw(&mut Pen::new(&mut buffer, theme, area, 0));
        buffer.content().iter().map(|cell| cell.symbol()).collect()
    }

    #[test]
    fn text_is_cut_and_aligned() {
        assert_eq!(
            drawn(false, 8, |pen| {
                pen.text(Role::Text, "123456789");
            }),
            "1234567…"
        );
        assert_eq!(
            drawn(true, 8, |pen| {
                pen.text(Role::Text, "123456789");
            }),
            "1234567~"
        );
        assert_eq!(
            drawn(false, 8, |pen| {
                pen.left(Role::Text, "ab", 4).right(Role::Text, "c", 3);
            }),
            "ab    c "
        );
        assert_eq!(
            drawn(false, 8, |pen| {
                pen.left(Role::Text, "abcdef", 4).at_end(Role::Text, "zz");
            }),
            "abc…  zz"
        );
        // What does not fit at the end is left out, not written over other text.
        assert_eq!(
            drawn(false, 4, |pen| {
                pen.text(Role::Text, "abc").at_end(Role::Text, "zz");
            }),
            "abc "
        );
    }

    #[test]
    fn what_is_longer_than_a_line_flows_into_the_next() {
        let flowed = |height: u16, texts: &[&str]| {
            let area = Rect::new(0, 0, 10, height);
            let mut buffer = Buffer::empty(area);
            let mut flow = Flow::default();
            for text in texts {
                flow.text(Role::Text, text);
            }
            flow.draw(&mut buffer, Theme::default(), area);
            let cells: Vec<&str> = buffer.content().iter().map(|cell| cell.symbol()).collect();
            cells.chunks(10).map(|line| line.concat().trim_end().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(flowed(2, &["one two"]), ["one two", ""]);
        assert_eq!(flowed(2, &["one two ", "three four"]), ["one two", "three four"]);
        assert_eq!(flowed(2, &["one two", ": three four five"]), ["one two:", "three fou…"]);
        assert_eq!(flowed(1, &["one two three"]), ["one two t…"]);
        assert_eq!(flowed(3, &["extraordinarily long"]), ["extraordi…", "long", ""]);
        assert_eq!(flowed(0, &["nothing"]), Vec::<String>::new());
    }

    #[test]
    fn wide_and_odd_characters_keep_the_columns() {
        assert_eq!(
            drawn(false, 6, |pen| {
                pen.text(Role::Text, "漢字x");
            }),
            "漢 字 x "
        );
        assert_eq!(
            drawn(false, 4, |pen| {
                pen.text(Role::Text, "漢字x");
            }),
            "漢 … "
        );
        assert_eq!(
            drawn(true, 6, |pen| {
                pen.text(Role::Text, "é→…");
            }),
            "?>~   "
        );
        assert_eq!(
            drawn(false, 6, |pen| {
                pen.text(Role::Text, "a\u{202e}b");
            }),
            "a b   "
        );
    }
}
