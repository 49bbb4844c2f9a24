//! Messages as rows of chosen columns: CSV and Markdown.

use std::io::{self, Write};

use crate::record::{Message, Record, Sink};
use crate::time::Time;
use crate::view::{Mask, clean, gist};

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name, as in JSON.
    pub name: &'static str,
    value: fn(&Row<'_>) -> String,
}

/// What a column is made of.
struct Row<'a> {
    message: &'a Message,
    mask: &'a Mask,
    start: Time,
}

/// All columns that there are.
pub const COLUMNS: &[Column] = &[
    Column { name: "session", value: |r| r.message.session.to_string() },
    Column { name: "seq", value: |r| r.message.seq.to_string() },
    Column { name: "time", value: |r| r.message.time.since(r.start).to_string() },
    Column { name: "dir", value: |r| r.message.dir.name().to_owned() },
    Column { name: "kind", value: |r| r.message.head.message_type.kind().name().to_owned() },
    Column { name: "type_id", value: |r| r.message.head.message_type.0.to_string() },
    Column { name: "csid", value: |r| r.message.head.csid.to_string() },
    Column { name: "fmt", value: |r| r.message.head.fmt.to_string() },
    Column { name: "stream_id", value: |r| optional(r.message.stream_id()) },
    Column { name: "timestamp", value: |r| optional(r.message.timestamp()) },
    Column { name: "delta", value: |r| optional(r.message.head.delta) },
    Column { name: "length", value: |r| r.message.head.length.to_string() },
    Column { name: "chunks", value: |r| r.message.chunks.to_string() },
    Column { name: "span_start", value: |r| r.message.span.0.to_string() },
    Column { name: "span_end", value: |r| r.message.span.1.to_string() },
    Column { name: "packet_first", value: |r| r.message.packets.0.to_string() },
    Column { name: "packet_last", value: |r| r.message.packets.1.to_string() },
    Column { name: "partial", value: |r| optional(r.message.partial) },
    Column { name: "what", value: |r| gist(r.message, r.mask) },
];

/// A number that may not be known.
fn optional(number: Option<u32>) -> String {
    number.map(|n| n.to_string()).unwrap_or_default()
}

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
    columns: Vec<Column>,
    start: Time,
    failed: Option<io::Error>,
}

impl<W: Write> Table<W> {
    /// A table with these columns; an unknown name comes back as the error.
    pub fn new(out: W, mask: Mask, format: Format, names: &[String]) -> Result<Self, String> {
        let usual: Vec<String> = USUAL.iter().map(|name| (*name).to_owned()).collect();
        let names = if names.is_empty() { &usual } else { names };
        let find = |name: &String| COLUMNS.iter().find(|c| c.name == name).copied().ok_or_else(|| name.clone());
        let columns = names.iter().map(find).collect::<Result<Vec<Column>, String>>()?;
        Ok(Table { out, mask, format, columns, start: Time::default(), failed: None })
    }

    /// Ends the output.
    pub fn finish(mut self) -> io::Result<()> {
        match self.failed {
            Some(error) => Err(error),
            None => self.out.flush(),
        }
    }

    fn head(&mut self) -> io::Result<()> {
        let names: Vec<String> = self.columns.iter().map(|column| column.name.to_owned()).collect();
        self.row(&names)?;
        match self.format {
            Format::Csv => Ok(()),
            Format::Markdown => writeln!(self.out, "|{}", "---|".repeat(names.len())),
        }
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
        let written = match &record {
            Record::Source(source) => {
                self.start = source.start.unwrap_or_default();
                self.head()
            }
            Record::Message(message) => {
                let row = Row { message, mask: &self.mask, start: self.start };
                let cells: Vec<String> = self.columns.iter().map(|column| (column.value)(&row)).collect();
                self.row(&cells)
            }
            _ => Ok(()),
        };
        if let Err(error) = written {
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
