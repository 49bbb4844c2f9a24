//! Messages as rows of chosen columns: CSV and Markdown.

use std::io::{self, Write};

use super::json::{Event, EventSink, Members, MessageText, what};
use crate::query::{Error, Place};
use crate::record::{Record, Sink};
use crate::view::{Mask, clean, gist};

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
}

impl<W: Write> Table<W> {
    /// A table with these columns: `what`, or anything that filters can ask for.
    pub fn new(out: W, mask: Mask, format: Format, names: &[String]) -> Result<Self, Error> {
        let usual: Vec<String> = USUAL.iter().map(|name| (*name).to_owned()).collect();
        let names = if names.is_empty() { usual } else { names.to_vec() };
        let columns = names.iter().map(|name| Column::new(name)).collect::<Result<Vec<Column>, Error>>()?;
        Ok(Table { out, mask, format, names, columns, text: MessageText::new(), headed: false, failed: None })
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
        self.row(&names)?;
        match self.format {
            Format::Csv => Ok(()),
            Format::Markdown => writeln!(self.out, "|{}", "---|".repeat(names.len())),
        }
    }

    fn message(&mut self, record: &Record) -> io::Result<()> {
        let Record::Message(message) = record else { return Ok(()) };
        self.head()?;
        let members = self.text.members(record, &self.mask);
        let cells = cells(&self.columns, &members, || gist(message, &self.mask));
        self.row(&cells)
    }

    fn read(&mut self, event: &Event<'_>) -> io::Result<()> {
        self.head()?;
        if event.members.raw("event") != Some("\"message\"") {
            return Ok(());
        }
        let cells = cells(&self.columns, &event.members, || what(&event.members));
        self.row(&cells)
    }

    fn row(&mut self, cells: &[String]) -> io::Result<()> {
        match self.format {
            Format::Csv => {
                let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
                write!(self.out, "{}\r\n", cells.join(","))
            }
            Format::Markdown => {
                let cells: Vec<String> = cells.iter().map(|cell| markdown_cell(cell)).collect();
                writeln!(self.out, "| {} |", cells.join(" | "))
            }
        }
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

fn cells(columns: &[Column], members: &Members<'_>, what: impl Fn() -> String) -> Vec<String> {
    let cell = |column: &Column| match column {
        Column::Place(place) => members.cell(place),
        Column::What => what(),
    };
    columns.iter().map(cell).collect()
}

fn csv_cell(cell: &str) -> String {
    let cell = clean(cell);
    // A cell that a spreadsheet would run as a formula gets a quote in front; numbers may be negative.
    let formula = cell.starts_with(['=', '+', '@']) || cell.starts_with('-') && cell.parse::<f64>().is_err();
    let cell = if formula { format!("'{cell}") } else { cell.into_owned() };
    if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

fn markdown_cell(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    for c in clean(cell).chars() {
        if matches!(c, '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

impl<W: Write> Sink for Table<W> {
    fn overhear(&mut self, record: &Record) {
        self.mask.learn(record);
    }

    fn take(&mut self, record: Record) {
        if self.failed.is_some() {
            return;
        }
        self.mask.learn(&record);
        if let Record::Source(source) = &record {
            self.text.start(source.start);
        }
        let written = match &record {
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
        assert_eq!(csv_cell("a,b\"c"), "\"a,b\"\"c\"");
        assert_eq!(csv_cell("=1+1"), "'=1+1");
        assert_eq!(csv_cell("-5"), "-5");
        assert_eq!(csv_cell("a\nb"), "a\\nb");
        assert_eq!(markdown_cell("a|b*c"), "a\\|b\\*c");
    }
}
