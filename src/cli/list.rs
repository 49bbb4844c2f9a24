//! `list`: one line per message.

use std::collections::HashMap;
use std::io::{self, BufWriter};
use std::process::ExitCode;

use super::args::{ListArgs, ListFormat};
use super::events::{Copy, read_events};
use super::export::{self, Rows};
use super::failure::Failure;
use super::read::{holds_events, judge, keep, open, read_capture};
use super::terminal::{self, Out, colored, width};
use crate::engine::{Input, Want};
use crate::out::json::{Bodies, Detail, Event, EventSink, Json, Members, Options};
use crate::out::{List, Paint, TableFormat};
use crate::record::{End, Record, Sink};
use crate::view::Mask;

pub(super) fn run(args: &ListArgs) -> Result<ExitCode, Failure> {
    let format = match args.format {
        ListFormat::Csv => Some(TableFormat::Csv),
        ListFormat::Md => Some(TableFormat::Markdown),
        ListFormat::Table | ListFormat::Ndjson => None,
    };
    if format.is_none() && !args.fields.is_empty() {
        return Err(Failure::Usage("--fields chooses the columns of --format csv and --format md".to_owned()));
    }
    let table = format.map(|format| export::table(&args.read, format, &args.fields)).transpose()?;
    let mut input = open(&args.read)?;
    if holds_events(&args.read, &mut input)? {
        events(args, input, table)?;
    } else {
        let end = capture(args, input, table)?;
        judge(&args.read, &end)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn out() -> BufWriter<Out> {
    BufWriter::with_capacity(1 << 16, terminal::out())
}

fn rows(args: &ListArgs) -> List<BufWriter<Out>> {
    List::new(out(), Mask::new(args.read.show_secrets), Paint::new(colored(args.read.select.color)), width())
}

fn capture(args: &ListArgs, input: Input, table: Option<Rows>) -> Result<End, Failure> {
    if let Some(mut table) = table {
        let want = Want { media: keep(table.needs_units()), ..Want::LITTLE };
        let end = read_capture(&args.read, input, want, &mut table)?;
        table.finish()?;
        return Ok(end);
    }
    if args.format == ListFormat::Ndjson {
        let live = export::is_live(&args.read);
        let options = Options { detail: Detail::Messages, bodies: Bodies::None, array: false, live };
        let json = Json::new(out(), options, Mask::new(args.read.show_secrets));
        let json = json.on_threads(export::writers(&args.read, &options));
        let mut sink = MessagesOnly(json);
        let end = read_capture(&args.read, input, export::want(&options), &mut sink)?;
        drop(sink.0.finish()?);
        return Ok(end);
    }
    let mut sink = Sessions { list: rows(args), waiting: HashMap::new(), lazy: args.read.select.filter.is_some() };
    let end = read_capture(&args.read, input, Want::LITTLE, &mut sink)?;
    sink.list.finish()?;
    Ok(end)
}

fn events(args: &ListArgs, input: Input, table: Option<Rows>) -> Result<(), Failure> {
    if let Some(mut table) = table {
        read_events(&args.read, input, &mut table)?;
        table.finish()?;
    } else if args.format == ListFormat::Ndjson {
        let mut copy = Copy::of_messages(out(), export::is_live(&args.read));
        read_events(&args.read, input, &mut copy)?;
        copy.finish()?;
    } else {
        let mut sink =
            ReadSessions { list: rows(args), waiting: HashMap::new(), lazy: args.read.select.filter.is_some() };
        read_events(&args.read, input, &mut sink)?;
        sink.list.finish()?;
    }
    Ok(())
}

/// Behind a filter, tells of a session when the first of its messages comes, if one does.
struct Sessions<W> {
    list: List<W>,
    waiting: HashMap<u32, Record>,
    lazy: bool,
}

impl<W: io::Write> Sink for Sessions<W> {
    fn take(&mut self, mut record: Record) {
        self.pass(&mut record);
    }

    fn pass(&mut self, record: &mut Record) {
        if self.lazy {
            match record {
                Record::Opened(opened) => {
                    self.waiting.insert(opened.session, record.take_out());
                    return;
                }
                Record::Closed(closed) if self.waiting.remove(&closed.session).is_some() => return,
                Record::Message(message) => {
                    if let Some(opened) = self.waiting.remove(&message.session) {
                        self.list.take(opened);
                    }
                }
                _ => {}
            }
        }
        self.list.pass(record);
    }

    fn overhear(&mut self, record: &Record) {
        self.list.overhear(record);
    }
}

/// The same for events that are read.
struct ReadSessions<W> {
    list: List<W>,
    waiting: HashMap<u64, String>,
    lazy: bool,
}

impl<W: io::Write> EventSink for ReadSessions<W> {
    fn event(&mut self, event: &Event<'_>) {
        let members = &event.members;
        let session = members.unsigned("session").unwrap_or_default();
        match (members.raw("event"), members.raw("state")) {
            (Some("\"session\""), Some("\"open\"")) if self.lazy => {
                self.waiting.insert(session, event.text.to_owned());
                return;
            }
            (Some("\"session\""), _) if self.waiting.remove(&session).is_some() => return,
            (Some("\"message\""), _) => {
                if let Some(text) = self.waiting.remove(&session) {
                    let members = Members::read(&text).unwrap_or_default();
                    self.list.event(&Event { line: event.line, text: &text, members });
                }
            }
            _ => {}
        }
        self.list.event(event);
    }
}

/// Lets only messages through, and what shows them right.
struct MessagesOnly<W>(Json<W>);

impl<W: io::Write> Sink for MessagesOnly<W> {
    fn take(&mut self, mut record: Record) {
        self.pass(&mut record);
    }

    fn pass(&mut self, record: &mut Record) {
        match record {
            Record::Message(_) => self.0.pass(record),
            record => self.0.overhear(record),
        }
    }

    fn overhear(&mut self, record: &Record) {
        self.0.overhear(record);
    }
}
