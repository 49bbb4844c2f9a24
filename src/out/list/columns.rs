//! The columns in front of a row's text. They are written digit by digit: a row costs less than what the capture spends
//! on its message.

use crate::time::Span;

/// What stands in a column.
#[derive(Clone, Copy)]
pub(super) enum Cell<'a> {
    /// Words, or what was written elsewhere.
    Text(&'a str),
    /// A number.
    Number(u64),
    /// A time with microseconds.
    Time(Span),
}

/// Nothing to say.
pub(super) const BLANK: Cell<'_> = Cell::Text("");

/// A column: how wide it is at least in a narrow row, where some are left out, and in one with room for all.
struct Column {
    narrow: Option<usize>,
    wide: usize,
    /// Words begin at the same place, numbers end there.
    words: bool,
}

const fn number(narrow: Option<usize>, wide: usize) -> Column {
    Column { narrow, wide, words: false }
}

/// What the columns tell.
pub(super) const NAMES: [&str; 9] = ["S", "#", "time", "dir", "kind", "csid", "msid", "timestamp", "length"];
const COLUMNS: [Column; 9] = [
    number(Some(2), 3),
    number(Some(5), 6),
    number(Some(10), 11),
    number(Some(3), 3),
    Column { narrow: Some(12), wide: 13, words: true },
    number(None, 5),
    number(None, 4),
    number(None, 10),
    number(Some(7), 8),
];

/// Appends all columns, or the most telling ones, each with a blank behind it.
pub(super) fn write(row: &mut Vec<u8>, cells: [Cell<'_>; 9], narrow: bool) {
    for (Column { narrow: least, wide, words }, cell) in COLUMNS.iter().zip(cells) {
        let Some(width) = (if narrow { *least } else { Some(*wide) }) else { continue };
        match cell {
            Cell::Text(text) => {
                let blanks = width.saturating_sub(text.chars().count());
                let before = if *words { 0 } else { blanks };
                pad(row, before);
                row.extend_from_slice(text.as_bytes());
                pad(row, blanks - before);
            }
            Cell::Number(number) => {
                let mut digits = Digits::new();
                digits.number(number, 1);
                digits.write(row, width);
            }
            Cell::Time(span) => {
                let micros = span.0.unsigned_abs().saturating_add(500) / 1000;
                let mut digits = Digits::new();
                digits.number(micros % 1_000_000, 6);
                digits.sign(b'.');
                digits.number(micros / 1_000_000, 1);
                if span.0 < 0 {
                    digits.sign(b'-');
                }
                digits.write(row, width);
            }
        }
        row.push(b' ');
    }
}

fn pad(row: &mut Vec<u8>, blanks: usize) {
    row.resize(row.len() + blanks, b' ');
}

/// A number from its last digit to its first, with blanks in front.
struct Digits {
    cell: [u8; Digits::MOST],
    begin: usize,
}

impl Digits {
    /// Enough for any number, and for any width.
    const MOST: usize = 32;

    fn new() -> Digits {
        Digits { cell: [b' '; Digits::MOST], begin: Digits::MOST }
    }

    fn sign(&mut self, sign: u8) {
        self.begin = self.begin.saturating_sub(1);
        if let Some(place) = self.cell.get_mut(self.begin) {
            *place = sign;
        }
    }

    /// With so many digits at least.
    fn number(&mut self, mut number: u64, least: usize) {
        let end = self.begin.saturating_sub(least);
        while number > 0 || self.begin > end {
            self.sign(b'0' + (number % 10) as u8);
            number /= 10;
        }
    }

    fn write(&self, row: &mut Vec<u8>, width: usize) {
        let begin = self.begin.min(Digits::MOST - width.min(Digits::MOST));
        row.extend_from_slice(self.cell.get(begin..).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [Cell<'_>; 9], narrow: bool) -> String {
        let mut row = Vec::new();
        write(&mut row, cells, narrow);
        String::from_utf8(row).unwrap()
    }

    #[test]
    fn cells_stand_below_each_other() {
        let names = NAMES.map(Cell::Text);
        let numbers = [1, 22, 3, 4, 5, 66_000, 1, 4_294_967_295, 7].map(Cell::Number);
        assert_eq!(row(names, false), "  S      #        time dir kind           csid msid  timestamp   length ");
        assert_eq!(row(numbers, false), "  1     22           3   4             5 66000    1 4294967295        7 ");
        assert_eq!(row(names, true), " S     #       time dir kind          length ");
        assert_eq!(row([BLANK; 9], true), " ".repeat(row(names, true).len()));
    }

    #[test]
    fn what_is_wider_than_its_column_is_written_whole() {
        let large = row([Cell::Number(u64::MAX); 9], true);
        assert_eq!(large, "18446744073709551615 ".repeat(6));
        assert_eq!(row([Cell::Text("漢字漢字漢字漢字漢字漢字漢字"); 9], true).matches('漢').count(), 42);
    }

    #[test]
    fn times_are_told_as_spans_tell_them() {
        for nanos in [0, 499, 500, -1, -500, 1_999_999_500, 12_345_678_900, i64::MAX, i64::MIN] {
            let cells = [Cell::Time(Span(nanos)); 9];
            let said = format!("{:.6}", Span(nanos));
            assert!(row(cells, false).starts_with(&format!("{said:>3} {said:>6} {said:>11} ")), "{nanos}");
        }
    }
}
