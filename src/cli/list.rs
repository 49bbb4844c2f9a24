//! `list`: one line per message.

use std::collections::HashMap;
use std::io::{self, BufWriter};
use std::process::ExitCode;

use super::args::{ListArgs, ListFormat};
use super::export;
use super::failure::Failure;
use super::read::{judge, read};
use super::terminal::{colored, width};
use crate::engine::Want;
use crate::out::json::{Bodies, Detail, Json, Options};
use crate::out::{COLUMNS, List, Paint, Table, TableFormat};
use crate::query::nearest;
use crate::record::{Record, Sink};
use crate::view::Mask;

pub(super) fn run(args: &ListArgs) -> Result<ExitCode, Failure> {
    let mask = Mask::new(args.read.show_secrets);
    let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    if !args.fields.is_empty() && !matches!(args.format, ListFormat::Csv | ListFormat::Md) {
        return Err(Failure::Usage("--fields chooses the columns of --format csv and --format md".to_owned()));
    }
    let end = match args.format {
        ListFormat::Table => {
            let paint = Paint::new(colored(args.read.color));
            let list = List::new(out, mask, paint, width());
            let mut sink = Sessions { list, waiting: HashMap::new(), lazy: args.read.filter.is_some() };
            let end = read(&args.read, Want::LITTLE, &mut sink)?;
            sink.list.finish()?;
            end
        }
        ListFormat::Ndjson => {
            let live = export::is_live(&args.read);
            let options = Options { detail: Detail::Messages, bodies: Bodies::None, array: false, live };
            let mut sink = MessagesOnly(Json::new(out, options, mask));
            // The same events as `export`, whose `nals` need whole bodies.
            let want = Want { media: true, origin: false };
            let end = read(&args.read, want, &mut sink)?;
            drop(sink.0.finish()?);
            end
        }
        ListFormat::Csv => table(args, out, mask, TableFormat::Csv)?,
        ListFormat::Md => table(args, out, mask, TableFormat::Markdown)?,
    };
    judge(&args.read, &end)?;
    Ok(ExitCode::SUCCESS)
}

fn table(args: &ListArgs, out: impl io::Write, mask: Mask, format: TableFormat) -> Result<crate::record::End, Failure> {
    let mut sink = Table::new(out, mask, format, &args.fields).map_err(|name| unknown_column(&name))?;
    let end = read(&args.read, Want::LITTLE, &mut sink)?;
    sink.finish()?;
    Ok(end)
}

pub(super) fn unknown_column(name: &str) -> Failure {
    let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    let hint =
        nearest(name, names.iter().copied()).map(|known| format!(" (did you mean {known}?)")).unwrap_or_default();
    Failure::Usage(format!("no column {name}{hint}; there are {}", names.join(", ")))
}

/// Behind a filter, tells of a session when the first of its messages comes, if one does.
struct Sessions<W> {
    list: List<W>,
    waiting: HashMap<u32, Record>,
    lazy: bool,
}

impl<W: io::Write> Sink for Sessions<W> {
    fn take(&mut self, record: Record) {
        match (&record, record.session()) {
            (Record::Opened(opened), _) if self.lazy => {
                self.waiting.insert(opened.session, record);
                return;
            }
            (Record::Closed(closed), _) if self.waiting.remove(&closed.session).is_some() => return,
            (Record::Message(_), Some(session)) => {
                if let Some(opened) = self.waiting.remove(&session) {
                    self.list.take(opened);
                }
            }
            _ => {}
        }
        self.list.take(record);
    }

    fn overhear(&mut self, record: &Record) {
        self.list.overhear(record);
    }
}

/// Lets only messages through, and what shows them right.
struct MessagesOnly<W>(Json<W>);

impl<W: io::Write> Sink for MessagesOnly<W> {
    fn take(&mut self, record: Record) {
        match record {
            Record::Message(_) => self.0.take(record),
            record => self.0.overhear(&record),
        }
    }

    fn overhear(&mut self, record: &Record) {
        self.0.overhear(record);
    }
}
