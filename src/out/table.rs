//! Messages as rows of chosen columns: CSV and Markdown.

use std::io::{self, Write};

use super::json::{Event, EventSink, MessageText, what};
use crate::query::{Error, Place};
use crate::record::{Record, Sink};
use crate::view::{Mask, clean, write_gist};

/// What a column shows.
#[derive(Clone, Debug)]
enum Column {
    /// What stands at a place of the message's event.
    Place(Place),
    /// The message in one line.
    What,
}

/// Names of columns that are no names of fields.
const SHORT: &[(&str, &str)] = &[
    ("span_start", "span[0]"),
    ("span_end", "span[1]"),
    ("packet_first", "packets[0]"),
    ("packet_last", "packets[1]"),
];

/// The columns that are written when none are chosen.
pub const USUAL: &[&str] =
    &["session", "seq", "time", "dir", "kind", "csid", "fmt", "stream_id", "timestamp", "length", "chunks", "what"];

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180.
    Csv,
    /// A GitHub-flavoured Markdown table.
    Markdown,
}

/// Writes messages as rows.
pub struct Table<W> {
    out: W,
    mask: Mask,
    format: Format,
    names: Vec<String>,
    columns: Vec<Column>,
    text: MessageText,
    headed: bool,
    failed: Option<io::Error>,
    row: Row,
}

/// A row in the making, whose memory is used again.
#[derive(Default)]
struct Row {
    text: String,
    /// The cell in the making.
    cell: String,
}

impl<W: Write> Table<W> {
    /// A table with these columns: `what`, or anything that filters can ask for.
    pub fn new(out: W, mask: Mask, format: Format, names: &[String]) -> Result<Self, Error> {
        let usual: Vec<String> = USUAL.iter().map(|name| (*name).to_owned()).collect();
        let names = if names.is_empty() { usual } else { names.to_vec() };
        let columns = names.iter().map(|name| Column::new(name)).collect::<Result<Vec<Column>, Error>>()?;
        let (text, row) = (MessageText::new(), Row::default());
        Ok(Table { out, mask, format, names, columns, text, headed: false, failed: None, row })
    }

    /// Are there columns that the first bytes of media bodies may not tell?
    pub fn needs_units(&self) -> bool {
        self.columns.iter().any(|column| matches!(column, Column::Place(place) if place.entry.units))
    }

    /// Ends the output.
    pub fn finish(mut self) -> io::Result<()> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.head().and_then(|()| self.out.flush()),
        }
    }

    fn head(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.headed, true) {
            return Ok(());
        }
        let names = std::mem::take(&mut self.names);
        self.row.fill(self.format, &names, |name, cell| cell.push_str(name));
        self.out.write_all(self.row.text.as_bytes())?;
        match self.format {
            Format::Csv => Ok(()),
            Format::Markdown => writeln!(self.out, "|{}", "---|".repeat(names.len())),
        }
    }

    fn message(&mut self, record: &Record) -> io::Result<()> {
        let Record::Message(message) = record else { return Ok(()) };
        self.head()?;
        let members = self.text.members(record, &self.mask);
        self.row.fill(self.format, &self.columns, |column, cell| match column {
            Column::Place(place) => members.write_cell(place, cell),
            Column::What => write_gist(cell, message, &self.mask),
        });
        self.out.write_all(self.row.text.as_bytes())
    }

    fn read(&mut self, event: &Event<'_>) -> io::Result<()> {
        self.head()?;
        let members = &event.members;
        if members.raw("event") != Some("\"message\"") {
            return Ok(());
        }
        self.row.fill(self.format, &self.columns, |column, cell| match column {
            Column::Place(place) => members.write_cell(place, cell),
            Column::What => cell.push_str(&what(members)),
        });
        self.out.write_all(self.row.text.as_bytes())
    }
}

impl Row {
    /// Writes the row of `columns` whose cells `write` writes.
    fn fill<C>(&mut self, format: Format, columns: &[C], mut write: impl FnMut(&C, &mut String)) {
        let Row { text, cell } = self;
        let (begin, between, end) = match format {
            Format::Csv => ("", ",", "\r\n"),
            Format::Markdown => ("| ", " | ", " |\n"),
        };
        text.clear();
        for (n, column) in columns.iter().enumerate() {
            text.push_str(if n == 0 { begin } else { between });
            cell.clear();
            write(column, cell);
            match format {
                Format::Csv => csv_cell(text, cell),
                Format::Markdown => markdown_cell(text, cell),
            }
        }
        text.push_str(end);
    }
}

impl Column {
    fn new(name: &str) -> Result<Column, Error> {
        if name == "what" {
            return Ok(Column::What);
        }
        let path = SHORT.iter().find(|(short, _)| *short == name).map_or(name, |(_, path)| path);
        Place::new(path).map(Column::Place)
    }
}

fn csv_cell(row: &mut String, cell: &str) {
    let cell = clean(cell);
    // A cell that a spreadsheet would run as a formula gets a quote in front; numbers may be negative.
    let formula = match cell.as_bytes().first() {
        Some(b'=' | b'+' | b'@') => "'",
        Some(b'-') if cell.parse::<f64>().is_err() => "'",
        _ => "",
    };
    if !cell.bytes().any(|byte| matches!(byte, b',' | b'"')) {
        row.push_str(formula);
        row.push_str(&cell);
        return;
    }
    row.push('"');
    row.push_str(formula);
    row.push_str(&cell.replace('"', "\"\""));
    row.push('"');
}

fn markdown_cell(row: &mut String, cell: &str) {
    for c in clean(cell).chars() {
        if matches!(c, '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#') {
            row.push('\\');
        }
        row.push(c);
    }
}

impl<W: Write> Sink for Table<W> {
    fn overhear(&mut self, record: &Record) {
        self.mask.learn(record);
    }

    fn take(&mut self, mut record: Record) {
        self.pass(&mut record);
    }

    fn pass(&mut self, record: &mut Record) {
        if self.failed.is_some() {
            return;
        }
        self.mask.learn(record);
        if let Record::Source(source) = record {
            self.text.start(source.start);
        }
        let written = match record {
            Record::Source(_) => self.head(),
            record => self.message(record),
        };
        if let Err(error) = written {
            self.failed = Some(error);
        }
    }
}

impl<W: Write> EventSink for Table<W> {
    fn event(&mut self, event: &Event<'_>) {
        if self.failed.is_none()
            && let Err(error) = self.read(event)
        {
            self.failed = Some(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_cannot_break_out() {
        let cell = |write: fn(&mut String, &str), text: &str| {
            let mut row = String::new();
            write(&mut row, text);
            row
        };
        assert_eq!(cell(csv_cell, "a,b\"c"), "\"a,b\"\"c\"");
        assert_eq!(cell(csv_cell, "=1+1"), "'=1+1");
        assert_eq!(cell(csv_cell, "-cmd,x"), "\"'-cmd,x\"");
        assert_eq!(cell(csv_cell, "-5"), "-5");
        assert_eq!(cell(csv_cell, "a\nb"), "a\\nb");
        assert_eq!(cell(markdown_cell, "a|b*c"), "a\\|b\\*c");
    }
}
