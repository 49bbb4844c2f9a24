//! The message that is opened up: its tree and its bytes, and what is selected in them.

use std::collections::HashMap;

use super::cursor::Cursor;
use crate::field::Kind;
use crate::view::index::Item;
use crate::view::inspect::{Inspection, Origin, Target, TreeRow};
use crate::view::sheet::{Layout, Packet, Sheet};

/// Tree and bytes of a message.
#[derive(Debug, Default)]
pub struct Detail {
    /// The message or handshake that is shown.
    pub item: Option<Item>,
    /// The same opened up; `None` while it is read, or when it cannot be.
    pub inspection: Option<Box<Inspection>>,
    /// The capture does not give it back.
    pub lost: bool,
    /// The packets that carried it, once they were read.
    pub packets: Option<Vec<Packet>>,
    /// How bytes are laid out.
    pub layout: Layout,
    /// The bytes.
    pub sheet: Sheet,
    /// Selection in the visible rows of the tree.
    pub tree: Cursor,
    /// The rows of the tree that are visible.
    pub visible: Vec<usize>,
    /// Index of the selected byte.
    pub byte: usize,
    /// The first line of bytes on screen.
    pub bytes_top: usize,
    /// Groups that the user closed or opened, by the names on the way to them: so they stay from message to message.
    folded: HashMap<String, bool>,
    /// The names on the way to the selected row, to be found again in the next message.
    path: String,
}

impl Detail {
    /// Shows another message.
    pub fn show(&mut self, item: Item, inspection: Option<Box<Inspection>>) {
        let new = self.item != Some(item);
        self.item = Some(item);
        self.lost = inspection.is_none();
        self.inspection = inspection;
        self.packets = None;
        self.refold();
        if new {
            self.find_again();
            self.byte = 0;
            self.bytes_top = 0;
        }
        self.relay();
        self.select_bytes();
    }

    /// Nothing is shown.
    pub fn clear(&mut self) {
        self.item = None;
        self.inspection = None;
        self.packets = None;
        self.lost = false;
        self.visible.clear();
        self.sheet = Sheet::default();
    }

    /// The packets came.
    pub fn set_packets(&mut self, packets: Vec<Packet>) {
        self.packets = Some(packets);
        self.relay();
        self.select_bytes();
    }

    /// Lays the bytes out another way.
    pub fn lay(&mut self, layout: Layout) {
        let selected = self.origin();
        self.layout = layout;
        self.relay();
        self.bytes_top = 0;
        match selected.filter(|origin| *origin != Origin::Foreign).and_then(|origin| self.sheet.index_of(origin)) {
            Some(index) => self.byte = index,
            None => self.select_bytes(),
        }
    }

    fn relay(&mut self) {
        let packets = self.packets.as_deref().unwrap_or_default();
        self.sheet = self.inspection.as_ref().map(|found| Sheet::new(found, self.layout, packets)).unwrap_or_default();
        self.byte = self.byte.min(self.sheet.len().saturating_sub(1));
    }

    /// All rows of the tree.
    pub fn rows(&self, open: bool) -> &[TreeRow] {
        self.inspection.as_ref().map(|inspection| inspection.rows(open)).unwrap_or_default()
    }

    /// The selected row of the tree.
    pub fn selected(&self) -> Option<usize> {
        self.visible.get(self.tree.at).copied()
    }

    /// The bytes that the selected row speaks of.
    pub fn target(&self) -> Target {
        self.selected().and_then(|row| self.rows(false).get(row)).map_or(Target::Nothing, |row| row.target)
    }

    /// The selected byte.
    pub fn origin(&self) -> Option<Origin> {
        self.sheet.origin(self.byte)
    }

    /// Is a group closed?
    pub fn is_closed(&self, row: usize) -> bool {
        self.rows(false).get(row).is_some_and(|found| self.is_group(row) && self.closed(row, found, &self.path_of(row)))
    }

    /// Chunks, and values that say it all in their own row, are closed until somebody opens them.
    fn closed(&self, n: usize, row: &TreeRow, path: &str) -> bool {
        self.folded.get(path).copied().unwrap_or_else(|| {
            let inside = self.rows(false).get(n + 1..row.end).unwrap_or_default();
            let flat = inside.iter().all(|below| below.end <= n + 1 || below.kind != Kind::Group);
            let says_it = !row.value.is_empty() && flat && row.fault.is_none() && row.target != Target::Everything;
            matches!(row.target, Target::Chunk(_)) || says_it && inside.len() <= MOST_HIDDEN
        })
    }

    /// Has a row others below it?
    pub fn is_group(&self, row: usize) -> bool {
        self.rows(false).get(row).is_some_and(|found| found.end > row + 1)
    }

    /// Opens or closes the group of a row.
    pub fn fold(&mut self, row: usize, close: bool) {
        self.folded.insert(self.path_of(row), close);
        self.refold();
        if let Some(at) = self.visible.iter().position(|visible| *visible == row) {
            self.tree.at = at;
        }
    }

    /// The row that encloses another.
    pub fn parent(&self, row: usize) -> Option<usize> {
        let rows = self.rows(false);
        let depth = rows.get(row)?.depth;
        rows.get(..row)?.iter().rposition(|above| above.depth < depth)
    }

    /// Selects a row of the tree, and opens what hides it.
    pub fn select_row(&mut self, row: usize) {
        let mut above = self.parent(row);
        while let Some(group) = above {
            if self.is_closed(group) {
                self.fold(group, false);
            }
            above = self.parent(group);
        }
        if let Some(at) = self.visible.iter().position(|visible| *visible == row) {
            self.tree.at = at;
            self.path = self.path_of(row);
        }
    }

    /// The tree's selection moved: the bytes follow.
    pub fn select_bytes(&mut self) {
        if let Some(row) = self.selected() {
            self.path = self.path_of(row);
        }
        let Some(first) = self.target().first() else { return };
        // Headers of chunks are not in the body: they are shown where they are.
        if self.layout == Layout::Body && matches!(first, Origin::Header(..)) {
            self.layout = Layout::Chunks;
            self.relay();
        }
        if let Some(index) = self.sheet.index_of(first) {
            self.byte = index;
        }
    }

    /// The selection in the bytes moved: the tree follows.
    pub fn select_tree(&mut self) {
        let row = self.origin().and_then(|origin| self.inspection.as_ref()?.row_of(origin));
        // What is closed stays closed: the group stands for what is in it.
        let last = row.map(|row| self.visible.partition_point(|visible| *visible <= row));
        if let Some(at) = last.and_then(|after| after.checked_sub(1)) {
            self.tree.at = at;
            if let Some(row) = self.selected() {
                self.path = self.path_of(row);
            }
        }
    }

    fn refold(&mut self) {
        let mut visible = Vec::new();
        let rows = self.rows(false);
        let mut way: Vec<&str> = Vec::new();
        let mut n = 0;
        while let Some(row) = rows.get(n) {
            visible.push(n);
            way.truncate(usize::from(row.depth));
            way.push(&row.name);
            let closed = row.end > n + 1 && self.closed(n, row, &way.join("/"));
            n = if closed { row.end } else { n + 1 };
        }
        self.visible = visible;
        self.tree.at = self.tree.at.min(self.visible.len().saturating_sub(1));
    }

    /// Selects the row that has the names of the one selected in the message before.
    fn find_again(&mut self) {
        let path = std::mem::take(&mut self.path);
        let rows = self.rows(false);
        let again = self.visible.iter().position(|row| !path.is_empty() && path_of(rows, *row) == path);
        self.tree.at = again.unwrap_or(0);
        self.tree.top = self.tree.top.min(self.tree.at);
        self.path = path;
    }

    /// Selects the row with these names on the way to it, in this message or in the one that is read now.
    pub fn seek(&mut self, path: &str) {
        let rows = self.rows(false);
        let found = (0..rows.len()).find(|row| path_of(rows, *row) == path);
        self.path = path.to_owned();
        if let Some(row) = found {
            self.select_row(row);
            self.select_bytes();
        }
    }

    fn path_of(&self, row: usize) -> String {
        path_of(self.rows(false), row)
    }
}

/// Rows inside of a value that is closed until somebody opens it.
const MOST_HIDDEN: usize = 6;

/// The names on the way to a row.
fn path_of(rows: &[TreeRow], row: usize) -> String {
    let mut names = Vec::new();
    let mut depth = u16::MAX;
    for above in rows.get(..=row).unwrap_or_default().iter().rev() {
        if above.depth < depth {
            depth = above.depth;
            names.push(above.name.as_str());
            if depth == 0 {
                break;
            }
        }
    }
    names.reverse();
    names.join("/")
}
