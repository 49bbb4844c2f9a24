//! Two marked messages, once both were read again.

use super::cursor::Cursor;
use crate::view::compare::{Pair, compare};
use crate::view::inspect::Inspection;

/// Two messages side by side.
#[derive(Debug)]
pub struct Comparison {
    /// Their rows in the index.
    pub rows: [u32; 2],
    /// The selected row.
    pub cursor: Cursor,
    /// Only what differs is shown.
    pub brief: bool,
    sides: [Option<Box<Inspection>>; 2],
    pairs: Vec<Pair>,
}

impl Comparison {
    /// A comparison of which nothing was read yet.
    pub fn new(rows: [u32; 2]) -> Comparison {
        Comparison { rows, cursor: Cursor::default(), brief: true, sides: [None, None], pairs: Vec::new() }
    }

    /// A message came; true if it is one of these.
    pub fn take(&mut self, row: u32, inspection: Box<Inspection>, open: bool) -> Result<(), Box<Inspection>> {
        let Some(side) = self.rows.iter().position(|wanted| *wanted == row) else { return Err(inspection) };
        if let Some(side) = self.sides.get_mut(side) {
            *side = Some(inspection);
        }
        self.refresh(open);
        Ok(())
    }

    /// Compares anew, for when the mask goes on or off.
    pub fn refresh(&mut self, open: bool) {
        if let [Some(left), Some(right)] = &self.sides {
            self.pairs = compare(left, right, open);
        }
    }

    /// The message that is still to be read.
    pub fn missing(&self) -> Option<u32> {
        self.rows.iter().zip(&self.sides).find(|(_, side)| side.is_none()).map(|(row, _)| *row)
    }

    /// Both were read.
    pub fn is_complete(&self) -> bool {
        self.missing().is_none()
    }

    /// The rows on screen.
    pub fn shown(&self) -> Vec<&Pair> {
        self.pairs.iter().filter(|pair| pair.differs || !self.brief).collect()
    }
}
