//! A place in a list that is longer than the screen.

/// Where the selection is, and what is at the top of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The selected row.
    pub at: usize,
    /// The first row on screen.
    pub top: usize,
}

impl Cursor {
    /// Moves by rows and stays within `len`; `page` rows fit the screen.
    pub fn step(&mut self, by: isize, len: usize, page: usize) {
        self.to(self.at.saturating_add_signed(by), len, page);
    }

    /// Goes to a row, or the nearest there is.
    pub fn to(&mut self, at: usize, len: usize, page: usize) {
        self.at = at.min(len.saturating_sub(1));
        self.show(len, page);
    }

    /// Goes to a row and shows it in the middle, if it was not on screen.
    pub fn jump(&mut self, at: usize, len: usize, page: usize) {
        if !(self.top..self.top + page.max(1)).contains(&at) {
            self.top = at.saturating_sub(page / 2);
        }
        self.to(at, len, page);
    }

    /// Scrolls so that the selection is on screen.
    pub fn show(&mut self, len: usize, page: usize) {
        let page = page.max(1);
        self.top = self.top.min(self.at).min(len.saturating_sub(page.min(len)));
        if self.at >= self.top + page {
            self.top = self.at + 1 - page;
        }
    }

    /// Scrolls the screen and takes the selection along only if it would be left behind: what a mouse wheel does.
    pub fn scroll(&mut self, by: isize, len: usize, page: usize) {
        let page = page.max(1);
        self.top = self.top.saturating_add_signed(by).min(len.saturating_sub(page));
        self.at = self.at.clamp(self.top, (self.top + page - 1).min(len.saturating_sub(1)).max(self.top));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selection_stays_on_screen_and_in_the_list() {
        let mut cursor = Cursor::default();
        cursor.step(9, 100, 10);
        assert_eq!(cursor, Cursor { at: 9, top: 0 });
        cursor.step(1, 100, 10);
        assert_eq!(cursor, Cursor { at: 10, top: 1 });
        cursor.step(1000, 100, 10);
        assert_eq!(cursor, Cursor { at: 99, top: 90 });
        cursor.step(-1000, 100, 10);
        assert_eq!(cursor, Cursor { at: 0, top: 0 });
        cursor.jump(50, 100, 10);
        assert_eq!(cursor, Cursor { at: 50, top: 45 });
        cursor.jump(52, 100, 10);
        assert_eq!(cursor, Cursor { at: 52, top: 45 });
        cursor.scroll(10, 100, 10);
        assert_eq!(cursor, Cursor { at: 55, top: 55 });
        // A list that shrinks, and an empty one.
        cursor.to(55, 3, 10);
        assert_eq!(cursor, Cursor { at: 2, top: 0 });
        cursor.to(5, 0, 10);
        cursor.scroll(3, 0, 0);
        assert_eq!(cursor, Cursor { at: 0, top: 0 });
    }
}
