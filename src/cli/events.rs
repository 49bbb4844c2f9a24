//! Reading an export where a capture could stand: the same selection, on events as they are written.

use std::io::{self, Write};
use std::ops::ControlFlow;

use super::args::ReadArgs;
use super::failure::Failure;
use super::read::{complain, warn};
use crate::engine::Input;
use crate::out::json::{Damage, Event, EventSink, Events};
use crate::query::Tally;
use crate::time::Span;

/// Hands the selected events of an export to `sink`.
pub(super) fn read_events(args: &ReadArgs, input: Input, sink: &mut dyn EventSink) -> Result<Damage, Failure> {
    refuse(args)?;
    let name = input.name.clone();
    let input = input.unpacked().map_err(|error| Failure::Open { name: name.clone(), error })?;
    let mut select = Select { args, tally: args.select.filter.clone().map(Tally::new), messages: 0, sessions: 0 };
    let damage = Events::new(input.reader, &name).read(|event| {
        if select.lets(event) {
            sink.event(event);
        }
        ControlFlow::Continue(())
    })?;
    for text in damage.words() {
        warn(&format!("{name}: {text}"))?;
    }
    if let Some(missing) = args.select.session.iter().find(|n| u64::from(**n) > select.sessions || **n == 0) {
        return Err(Failure::Missing(format!("no session {missing}: the last one is session {}", select.sessions)));
    }
    complain(select.tally.as_ref())?;
    Ok(damage)
}

/// What asks for more than an export holds.
fn refuse(args: &ReadArgs) -> Result<(), Failure> {
    let asked = [
        (args.show_secrets, "--show-secrets", "what is masked in an export is not there"),
        (
            !args.select.port.is_empty() || !args.select.decode_as.is_empty(),
            "--port and --decode-as",
            "an export holds no packets",
        ),
    ];
    match asked.iter().find(|(asked, ..)| *asked) {
        Some((_, flag, why)) => Err(Failure::Usage(format!("{flag} needs the capture itself: {why}"))),
        None => Ok(()),
    }
}

/// Lets through what `--session`, `--from`, `--to`, `--filter` and `--limit` select, as for captures.
struct Select<'a> {
    args: &'a ReadArgs,
    tally: Option<Tally>,
    messages: u64,
    sessions: u64,
}

impl Select<'_> {
    fn lets(&mut self, event: &Event<'_>) -> bool {
        let members = &event.members;
        let session = members.unsigned("session");
        self.sessions = self.sessions.max(session.unwrap_or_default());
        if !self.args.select.session.is_empty()
            && session.is_some_and(|n| !self.args.select.session.iter().any(|s| u64::from(*s) == n))
        {
            return false;
        }
        let is_message = match members.raw("event") {
            Some("\"message\"") => true,
            Some("\"handshake\"" | "\"gap\"" | "\"finding\"") => false,
            _ => return true,
        };
        if !self.is_in_time(event) {
            return false;
        }
        if !is_message {
            return self.tally.is_none();
        }
        if self.tally.as_mut().is_some_and(|tally| !tally.matches(members)) {
            return false;
        }
        self.messages += 1;
        self.args.select.limit.is_none_or(|limit| self.messages <= limit)
    }

    fn is_in_time(&self, event: &Event<'_>) -> bool {
        let (from, to) = (self.args.select.from, self.args.select.to);
        if from.is_none() && to.is_none() {
            return true;
        }
        let time = event.members.raw("time").and_then(|raw| raw.parse::<f64>().ok()).unwrap_or_default();
        let time = Span((time * 1e9).round() as i64);
        from.is_none_or(|from| time >= from) && to.is_none_or(|to| time < to)
    }
}

/// Writes events as they were written, a line each or as one array.
pub(super) struct Copy<W> {
    out: W,
    array: bool,
    /// Only messages.
    messages: bool,
    live: bool,
    wrote: bool,
    failed: Option<io::Error>,
}

impl<W: Write> Copy<W> {
    /// A copy of all events; `live` when each is to go out as it comes.
    pub(super) fn new(out: W, array: bool, live: bool) -> Copy<W> {
        Copy { out, array, messages: false, live, wrote: false, failed: None }
    }

    /// A copy of message events alone.
    pub(super) fn of_messages(out: W, live: bool) -> Copy<W> {
        Copy { messages: true, ..Copy::new(out, false, live) }
    }

    /// Ends the output.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        if let Some(error) = self.failed {
            return Err(error.into());
        }
        if self.array {
            self.out.write_all(if self.wrote { b"\n]\n" } else { b"[]\n" })?;
        }
        self.out.flush()?;
        Ok(())
    }

    fn write(&mut self, event: &Event<'_>) -> io::Result<()> {
        let (before, after): (&[u8], &[u8]) = match (self.array, self.wrote) {
            (false, _) => (b"", b"\n"),
            (true, false) => (b"[\n", b""),
            (true, true) => (b",\n", b""),
        };
        self.wrote = true;
        self.out.write_all(before)?;
        self.out.write_all(event.text.as_bytes())?;
        self.out.write_all(after)?;
        if self.live { self.out.flush() } else { Ok(()) }
    }
}

impl<W: Write> EventSink for Copy<W> {
    fn event(&mut self, event: &Event<'_>) {
        if self.failed.is_none()
            && (!self.messages || event.members.raw("event") == Some("\"message\""))
            && let Err(error) = self.write(event)
        {
            self.failed = Some(error);
        }
    }
}
