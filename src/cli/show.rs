//! `show`: one message explained.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use super::args::{MessageNumber, ShowArgs};
use super::failure::Failure;
use super::read::{judge, read};
use super::terminal::{colored, width};
use crate::engine::Want;
use crate::out::json::{Bodies, Detail, Json, Options};
use crate::out::{Paint, ShowOptions, show};
use crate::record::{Message, Record, Sink};
use crate::time::Time;
use crate::view::Mask;

/// Columns of a page that goes to a file.
const PAGE: usize = 100;

pub(super) fn run(args: &ShowArgs) -> Result<ExitCode, Failure> {
    let mut found = Found {
        wanted: args.message,
        selected: args.read.session.first().copied(),
        mask: Mask::new(args.read.show_secrets),
        start: Time::default(),
        matching: args.read.filter.is_some(),
        message: None,
        most: 0,
    };
    let end = read(&args.read, Want::ALL, &mut found)?;
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
        let options = ShowOptions { hex: args.hex, chunks: args.chunks, width: width().unwrap_or(PAGE) };
        show(&mut out, &message, found.start, &found.mask, Paint::new(colored(args.read.color)), options)?;
        out.flush()?;
    }
    Ok(ExitCode::SUCCESS)
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
