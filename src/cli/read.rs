//! Reading a capture the same way for every verb: input, selection, progress, warnings, exit codes.

use std::io::{self, Write};

use super::args::ReadArgs;
use super::failure::Failure;
use super::terminal::Meter;
use crate::engine::{Force, Input, MediaBody, ReadAhead, Settings, Want, run};
use crate::query::{Seen, Tally};
use crate::record::{End, Record, Sink};
use crate::time::{Span, Time};
use crate::view::{Empty, clean};

/// Threads where nobody says how many: more of them wait for the one that decodes.
const MOST_THREADS: usize = 4;

/// Opens the input.
pub(super) fn open(args: &ReadArgs) -> Result<Input, Failure> {
    Input::open(&args.file).map_err(|error| Failure::Open { name: name(args), error })
}

/// Does the input hold our own events?
pub(super) fn holds_events(args: &ReadArgs, input: &mut Input) -> Result<bool, Failure> {
    input.holds_json().map_err(|error| Failure::Open { name: name(args), error })
}

fn name(args: &ReadArgs) -> String {
    args.file.to_string_lossy().into_owned()
}

/// Runs a capture into `sink`, with what the user selected. Returns what the end of the input said.
pub(super) fn read_capture(
    args: &ReadArgs,
    input: Input,
    want: Want,
    sink: &mut (dyn Sink + Send),
) -> Result<End, Failure> {
    let tally = args.select.filter.clone().map(Tally::new);
    let units = tally.as_ref().is_some_and(|tally| tally.filter().needs().units);
    let want = Want { media: want.media.max(keep(units)), ..want };
    let read_ahead = match args.select.threads.map(usize::from) {
        Some(1) => ReadAhead::Never,
        None if threads(args) > 1 => ReadAhead::Sparing,
        None => ReadAhead::Never,
        Some(_) => ReadAhead::Always,
    };
    let settings = Settings { read_ahead, ..settings(args, want) };
    let mut meter = Meter::new(input.size, args.select.color);
    let mut selected = Select { tally, ..Select::new(args, sink) };
    let result = run(input, &settings, &mut selected, |progress| meter.update(progress));
    meter.clear();
    result?;
    let Select { tally, end, .. } = selected;
    // The engine always ends with this record.
    let end = end.ok_or_else(|| Failure::Output(io::Error::other("the run ended without its last record")))?;
    if end.sessions > 0 {
        complain(tally.as_ref())?;
    }
    Ok(end)
}

/// What to keep of media bodies for filters and columns that ask for what stands behind their headers, or do not.
pub(super) fn keep(units: bool) -> MediaBody {
    if units { MediaBody::Units } else { MediaBody::Head }
}

/// Threads to work on.
pub(super) fn threads(args: &ReadArgs) -> usize {
    let there_are = || std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    args.select.threads.map_or_else(there_are, usize::from)
}

/// What a run is to do.
pub(super) fn settings(args: &ReadArgs, want: Want) -> Settings {
    let ports = args.select.port.iter().map(|port| Force::Port(*port));
    let servers = args.select.decode_as.iter().map(|server| Force::Server(*server));
    Settings { force: ports.chain(servers).collect(), ..Settings::new(want) }
}

/// Says why a filter matched nothing.
pub(super) fn complain(tally: Option<&Tally>) -> Result<(), Failure> {
    tally.and_then(Tally::complaint).map_or(Ok(()), |text| warn(&text))
}

/// Lets through what `--session`, `--from`, `--to`, `--filter` and `--limit` select.
pub(super) struct Select<'a> {
    args: &'a ReadArgs,
    /// Nothing but the filter chooses.
    all: bool,
    tally: Option<Tally>,
    start: Time,
    messages: u64,
    sink: &'a mut (dyn Sink + Send),
    end: Option<End>,
}

impl<'a> Select<'a> {
    /// Selects by all that `args` says but the filter.
    pub(super) fn new(args: &'a ReadArgs, sink: &'a mut (dyn Sink + Send)) -> Select<'a> {
        let chosen = &args.select;
        let all = chosen.session.is_empty() && chosen.limit.is_none() && chosen.from.or(chosen.to).is_none();
        Select { args, all, tally: None, start: Time::default(), messages: 0, sink, end: None }
    }

    fn lets(&mut self, record: &Record) -> bool {
        if self.all && self.tally.is_none() {
            return true;
        }
        let session = record.session();
        if !self.args.select.session.is_empty() && session.is_some_and(|n| !self.args.select.session.contains(&n)) {
            return false;
        }
        let Some(time) = time_of(record) else { return true };
        let time: Span = time.since(self.start);
        if self.args.select.from.is_some_and(|from| time < from) || self.args.select.to.is_some_and(|to| time >= to) {
            return false;
        }
        let Record::Message(message) = record else {
            // A filter asks for messages, and for nothing that stands between them.
            return self.tally.is_none();
        };
        let seen = Seen { message, start: self.start };
        if self.tally.as_mut().is_some_and(|tally| !tally.matches(&seen)) {
            return false;
        }
        self.messages += 1;
        self.args.select.limit.is_none_or(|limit| self.messages <= limit)
    }
}

/// When something happened, for records that a time can leave out. Where sessions begin and end is always told.
fn time_of(record: &Record) -> Option<Time> {
    match record {
        Record::Message(r) => Some(r.time),
        Record::Handshake(r) => Some(r.time),
        Record::Gap(r) => Some(r.time),
        Record::Finding(r) => Some(r.time),
        _ => None,
    }
}

impl Sink for Select<'_> {
    fn take(&mut self, mut record: Record) {
        self.pass(&mut record);
    }

    fn pass(&mut self, record: &mut Record) {
        match record {
            Record::Source(source) => self.start = source.start.unwrap_or_default(),
            Record::End(end) => self.end = Some(end.clone()),
            _ => {}
        }
        if self.lets(record) {
            self.sink.pass(record);
        } else {
            self.sink.overhear(record);
        }
    }
}

/// Warns on stderr of what makes the answer incomplete, and fails when there is no RTMP.
pub(super) fn judge(args: &ReadArgs, end: &End) -> Result<(), Failure> {
    for note in &end.notes {
        warn(note)?;
    }
    if end.more_notes > 0 {
        warn(&format!("and {} more places like these", end.more_notes))?;
    }
    if end.sessions == 0 && !args.select.allow_empty {
        return Err(Failure::Empty(Empty { end, input: &args.file.to_string_lossy() }.to_string()));
    }
    if let Some(missing) = args.select.session.iter().find(|n| **n > end.sessions || **n == 0) {
        let known = match end.sessions {
            1 => "there is only session 1".to_owned(),
            n => format!("there are sessions 1 to {n}"),
        };
        return Err(Failure::Missing(format!("no session {missing}: {known}")));
    }
    Ok(())
}

pub(super) fn warn(text: &str) -> Result<(), Failure> {
    let _ = writeln!(io::stderr(), "rtmpscope: {}", clean(text));
    Ok(())
}

/// What a verb that promises the whole has to confess.
pub(super) fn confess(end: &End, allowed: bool) -> Result<(), Failure> {
    confess_missing(partial(end), allowed)
}

/// The same for what is missing, in words.
pub(super) fn confess_missing(missing: Vec<String>, allowed: bool) -> Result<(), Failure> {
    if missing.is_empty() || allowed {
        return Ok(());
    }
    Err(Failure::Partial(format!("{} (--allow-partial to accept this)", missing.join(" and "))))
}

/// What is missing of an input, in words.
pub(super) fn partial(end: &End) -> Vec<String> {
    let mut missing = Vec::new();
    if !end.complete {
        missing.push("the capture is damaged or incomplete".to_owned());
    }
    if end.gaps > 0 {
        missing.push(format!("bytes are missing in {} places", end.gaps));
    }
    missing
}
