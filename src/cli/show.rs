//! `show`: one message explained.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use super::args::{MessageNumber, ShowArgs};
use super::events::read_events;
use super::failure::Failure;
use super::read::{holds_events, judge, open, read_capture};
use super::terminal::{colored, width};
use crate::engine::{Input, Want};
use crate::out::json::{Bodies, Detail, Event, EventSink, Json, Members, Options};
use crate::out::{Paint, ShowOptions, lacking_of_event, show, show_event};
use crate::record::{Message, Record, Sink};
use crate::time::Time;
use crate::view::Mask;

/// Columns of a page that goes to a file.
const PAGE: usize = 100;

pub(super) fn run(args: &ShowArgs) -> Result<ExitCode, Failure> {
    let mut input = open(&args.read)?;
    if holds_events(&args.read, &mut input)? {
        return events(args, input);
    }
    let mut found = Found {
        wanted: args.message,
        selected: args.read.select.session.first().copied(),
        mask: Mask::new(args.read.show_secrets),
        start: Time::default(),
        matching: args.read.select.filter.is_some(),
        message: None,
        most: 0,
    };
    let end = read_capture(&args.read, input, Want::ALL, &mut found)?;
    judge(&args.read, &end)?;
    let Some(message) = found.message else {
        return Err(Failure::Missing(match found.matching {
            true => no_match(args.message, found.most),
            false => missing(args.message, found.most, end.sessions),
        }));
    };
    let mut out = BufWriter::new(io::stdout().lock());
    if args.json {
        let options = Options { detail: Detail::Fields, bodies: Bodies::Base64, array: false, live: false };
        let mut json = Json::new(out, options, found.mask);
        json.begin_at(found.start);
        json.take(Record::Message(*message));
        drop(json.finish()?);
    } else {
        let paint = Paint::new(colored(args.read.select.color));
        show(&mut out, &message, found.start, &found.mask, paint, page(args))?;
        out.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}

fn page(args: &ShowArgs) -> ShowOptions {
    ShowOptions { hex: args.hex, chunks: args.chunks, width: width().unwrap_or(PAGE) }
}

/// A message of an export, as far as its event tells.
fn events(args: &ShowArgs, input: Input) -> Result<ExitCode, Failure> {
    let mut found = FoundEvent { args, text: None, most: 0, sessions: 0 };
    read_events(&args.read, input, &mut found)?;
    let Some(text) = found.text else {
        return Err(Failure::Missing(match args.read.select.filter {
            Some(_) => no_match(args.message, found.most),
            None => missing(args.message, found.most, found.sessions),
        }));
    };
    let members = Members::read(&text).unwrap_or_default();
    let mut out = BufWriter::new(io::stdout().lock());
    if args.json {
        writeln!(out, "{text}")?;
    } else {
        if let Some(why) = lacking_of_event(&members, page(args)) {
            return Err(Failure::Usage(format!("{why}, or the capture itself")));
        }
        show_event(&mut out, &members, Paint::new(colored(args.read.select.color)), page(args))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Waits for the event of one message, which is chosen as in a capture.
struct FoundEvent<'a> {
    args: &'a ShowArgs,
    text: Option<String>,
    most: u64,
    sessions: u32,
}

impl EventSink for FoundEvent<'_> {
    fn event(&mut self, event: &Event<'_>) {
        let members = &event.members;
        let number = |name: &str| members.unsigned(name).unwrap_or_default();
        let session = u32::try_from(number("session")).unwrap_or(u32::MAX);
        self.sessions = self.sessions.max(session);
        let matching = self.args.read.select.filter.is_some();
        let first = if matching { session } else { 1 };
        let wanted = self.args.message.session.or(self.args.read.select.session.first().copied()).unwrap_or(first);
        if members.raw("event") == Some("\"message\"") && session == wanted {
            self.most = if matching { self.most + 1 } else { number("seq") };
            if self.most == self.args.message.seq {
                self.text = Some(event.text.to_owned());
            }
        }
    }
}

fn missing(wanted: MessageNumber, most: u64, sessions: u32) -> String {
    let MessageNumber { session, seq } = wanted;
    let of = session.map(|n| format!(" of session {n}")).unwrap_or_default();
    let hint = match (most, sessions, session) {
        (0, _, _) => "nothing was decoded there".to_owned(),
        (_, 2.., None) => format!("session 1 has messages 1 to {most}; SESSION.NUMBER chooses another session"),
        _ => format!("there are 1 to {most}"),
    };
    format!("no message {seq}{of}: {hint}")
}

fn no_match(MessageNumber { session, seq }: MessageNumber, most: u64) -> String {
    let of = session.map(|n| format!(" in session {n}")).unwrap_or_default();
    match most {
        0 => format!("no message matches{of}"),
        1 => format!("no match {seq}{of}: there is one"),
        most => format!("no match {seq}{of}: there are {most}"),
    }
}

/// Waits for one message. Without a session it is the first one's; behind a filter it is the n-th match.
struct Found {
    matching: bool,
    wanted: MessageNumber,
    selected: Option<u32>,
    mask: Mask,
    start: Time,
    message: Option<Box<Message>>,
    most: u64,
}

impl Sink for Found {
    fn overhear(&mut self, record: &Record) {
        self.mask.learn(record);
    }

    fn take(&mut self, record: Record) {
        self.mask.learn(&record);
        match record {
            Record::Source(source) => self.start = source.start.unwrap_or_default(),
            Record::Message(message) => {
                let first = if self.matching { message.session } else { 1 };
                let session = self.wanted.session.or(self.selected).unwrap_or(first);
                if message.session == session {
                    self.most = if self.matching { self.most + 1 } else { message.seq };
                    if self.most == self.wanted.seq {
                        self.message = Some(Box::new(message));
                    }
                }
            }
            _ => {}
        }
    }
}
