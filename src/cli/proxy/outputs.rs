//! Where the records of a live run go: rows, stories, events.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::args::{ProxyArgs, Show};
use crate::cli::args;
use crate::cli::export;
use crate::cli::failure::Failure;
use crate::cli::read::keep;
use crate::cli::terminal::{colored, width};
use crate::out::json::{Detail, Json, Options};
use crate::out::{List, Paint, summary_story};
use crate::proxy::{Audience, Broadcast, Output, Want};
use crate::query::Filter;
use crate::record::{Record, Sink};
use crate::time::{Span, Time};
use crate::view::{Mask, Story};

/// How long a call may wait for its reply before people see it without.
const SOON: Span = Span(300_000_000);
/// The same for machines, who want it whole: as for captures.
const LATER: Span = Span(10_000_000_000);

/// The outputs that the user asked for, and what pulls the trigger of the ring.
pub(super) fn outputs(args: &ProxyArgs) -> Result<(Vec<Output>, Trigger), Failure> {
    let mut outputs = Vec::new();
    let trigger = Trigger::default();
    if let Some(filter) = &args.ring_on {
        let watch = Watch { filter: filter.clone(), trigger: trigger.clone(), start: Time::default(), pulled: None };
        outputs.push(Output { name: "--ring-on".to_owned(), longest_wait: SOON, audience: Box::new(watch) });
    }
    let output = |name: &str, wait, audience| {
        let selected = Selected {
            audience,
            filter: args.filter.clone(),
            sessions: args.only_session.clone(),
            start: Time::default(),
        };
        Output { name: name.to_owned(), longest_wait: wait, audience: Box::new(selected) }
    };
    let stdout = BufWriter::with_capacity(1 << 16, io::stdout());
    let paint = Paint::new(colored(args.color));
    let mask = || Mask::new(args.show_secrets);
    match args.format {
        // The screen takes standard output for itself.
        _ if args.tui => {}
        Show::List => {
            let list = List::new(stdout, mask(), paint, width());
            let stories = Stories::new(mask(), paint);
            outputs.push(output(
                "standard output",
                SOON,
                Box::new(Lines { list, stories, failed: false }) as Box<dyn Hears>,
            ));
        }
        Show::Summary => {
            let stories = Stories::new(mask(), paint);
            outputs.push(output("standard output", SOON, Box::new(Closings { out: stdout, stories, failed: false })));
        }
        Show::Ndjson => outputs.push(output("standard output", LATER, events(args, "standard output", stdout))),
        Show::None => {}
    }
    if let Some(path) = &args.export {
        let file = BufWriter::with_capacity(1 << 16, create(path)?);
        let name = path.to_string_lossy();
        outputs.push(output(&name, LATER, events(args, &name, file)));
    }
    if let Some(path) = &args.export_socket {
        let name = path.to_string_lossy();
        let opened = Broadcast::new(path);
        let socket = opened.map_err(|error| Failure::Network(format!("cannot listen on {name}: {error}")))?;
        outputs.push(output(&name, LATER, events(args, &name, socket)));
    }
    Ok((outputs, trigger))
}

/// How much of each message the outputs need.
pub(super) fn want(args: &ProxyArgs) -> Want {
    let json = args.format == Show::Ndjson || args.export.is_some() || args.export_socket.is_some();
    let units = args.filter.iter().chain(&args.ring_on).any(|filter| filter.needs().units);
    if args.tui {
        // Any message may be opened later.
        return Want::ALL;
    }
    let want = if json { export::want(&options(args)) } else { Want::LITTLE };
    Want { media: want.media.max(keep(units)), ..want }
}

fn options(args: &ProxyArgs) -> Options {
    let detail = match args.detail {
        args::Detail::Messages => Detail::Messages,
        args::Detail::Chunks => Detail::Chunks,
        args::Detail::Fields => Detail::Fields,
    };
    Options { detail, bodies: args.bodies, array: false, live: false }
}

/// A new file that only its owner may read: it may hold what people publish.
fn create(path: &Path) -> Result<std::fs::File, Failure> {
    use std::os::unix::fs::OpenOptionsExt;
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    file.map_err(|error| Failure::Open { name: path.to_string_lossy().into_owned(), error })
}

fn events(args: &ProxyArgs, name: &str, out: impl Write + Send + 'static) -> Box<dyn Hears> {
    let json = Json::new(out, options(args), Mask::new(args.show_secrets));
    Box::new(Events { json, name: name.to_owned(), failed: false })
}

/// An audience that learns also from what it is not to show.
trait Hears: Audience {
    fn overhear(&mut self, record: &Record);
}

/// Lets through what the user selected.
struct Selected {
    audience: Box<dyn Hears>,
    filter: Option<Filter>,
    sessions: Vec<u32>,
    start: Time,
}

impl Selected {
    fn lets(&self, record: &Record) -> bool {
        if record.session().is_some_and(|session| !self.sessions.is_empty() && !self.sessions.contains(&session)) {
            return false;
        }
        match (record, &self.filter) {
            (Record::Message(message), Some(filter)) => filter.matches_message(message, self.start),
            (Record::Handshake(_), Some(_)) => false,
            _ => true,
        }
    }
}

impl Audience for Selected {
    fn take(&mut self, record: Record) {
        if let Record::Source(source) = &record {
            self.start = source.start.unwrap_or_default();
        }
        match self.lets(&record) {
            true => self.audience.take(record),
            false => self.audience.overhear(&record),
        }
    }

    fn pause(&mut self) {
        self.audience.pause();
    }
}

/// Writes the ring when it is pulled, once the run can do that.
#[derive(Clone, Default)]
pub(super) struct Trigger(Arc<OnceLock<Box<dyn Fn() + Send + Sync>>>);

impl Trigger {
    pub(super) fn arm(&self, ring: Box<dyn Fn() + Send + Sync>) {
        // Only armed here, once.
        let _ = self.0.set(ring);
    }
}

/// Pulls the trigger when a message matches.
struct Watch {
    filter: Filter,
    trigger: Trigger,
    start: Time,
    pulled: Option<Time>,
}

/// The ring is not written more often than this for matches.
const SELDOM: Span = Span(10_000_000_000);

impl Audience for Watch {
    fn take(&mut self, record: Record) {
        match &record {
            Record::Source(source) => self.start = source.start.unwrap_or_default(),
            Record::Message(message) if self.filter.matches_message(message, self.start) => {
                let again = self.pulled.is_none_or(|pulled| message.time.since(pulled) >= SELDOM);
                if let (true, Some(write)) = (again, self.trigger.0.get()) {
                    self.pulled = Some(message.time);
                    write();
                }
            }
            _ => {}
        }
    }
}

/// Rows as `list` prints them, and the story of each session at its end.
struct Lines<W> {
    list: List<W>,
    stories: Stories,
    failed: bool,
}

/// The story of each session at its end.
struct Closings<W> {
    out: W,
    stories: Stories,
    failed: bool,
}

/// Events as `export` writes them.
struct Events<W> {
    json: Json<W>,
    name: String,
    failed: bool,
}

impl<W: Write + Send> Audience for Lines<W> {
    fn take(&mut self, record: Record) {
        let story = self.stories.take(&record);
        self.list.take(record);
        if let Some(story) = story {
            let told = self.stories.tell(self.list.writer(), &story).and_then(|()| writeln!(self.list.writer()));
            say_once(&mut self.failed, told, "standard output");
        }
    }

    fn pause(&mut self) {
        say_once(&mut self.failed, self.list.flush(), "standard output");
    }
}

impl<W: Write + Send> Audience for Closings<W> {
    fn take(&mut self, record: Record) {
        if let Some(story) = self.stories.take(&record) {
            let told = self.stories.tell(&mut self.out, &story);
            say_once(&mut self.failed, told, "standard output");
        }
    }

    fn pause(&mut self) {
        say_once(&mut self.failed, self.out.flush(), "standard output");
    }
}

impl<W: Write + Send> Audience for Events<W> {
    fn take(&mut self, record: Record) {
        let last = matches!(record, Record::End(_));
        self.json.take(record);
        if last {
            self.pause();
        }
    }

    fn pause(&mut self) {
        say_once(&mut self.failed, self.json.pause(), &self.name);
    }
}

impl<W: Write + Send> Hears for Lines<W> {
    fn overhear(&mut self, record: &Record) {
        self.stories.overhear(record);
        self.list.overhear(record);
    }
}

impl<W: Write + Send> Hears for Closings<W> {
    fn overhear(&mut self, record: &Record) {
        self.stories.overhear(record);
    }
}

impl<W: Write + Send> Hears for Events<W> {
    fn overhear(&mut self, record: &Record) {
        self.json.overhear(record);
    }
}

/// Tells of the first failure. A reader that went away does not end the relay.
fn say_once(failed: &mut bool, result: io::Result<()>, name: &str) {
    let Err(error) = result else { return };
    if !std::mem::replace(failed, true) {
        let why = match error.kind() {
            io::ErrorKind::BrokenPipe => "its reader went away".to_owned(),
            _ => error.to_string(),
        };
        let _ = writeln!(io::stderr(), "rtmpscope: {name} gets nothing more: {why}; the relay goes on");
    }
}

/// Gathers the stories of the sessions that are open.
struct Stories {
    mask: Mask,
    paint: Paint,
    open: BTreeMap<u32, Story>,
}

impl Stories {
    fn new(mask: Mask, paint: Paint) -> Stories {
        Stories { mask, paint, open: BTreeMap::new() }
    }

    /// Learns from what is not shown: the story of a session is of all its messages.
    fn overhear(&mut self, record: &Record) {
        self.mask.learn(record);
        let story = record.session().and_then(|session| self.open.get_mut(&session));
        if let Some(story) = story {
            story.add(record, &self.mask);
        }
    }

    /// Hears a record; returns the story that ends with it.
    fn take(&mut self, record: &Record) -> Option<Story> {
        self.mask.learn(record);
        if let Record::Opened(opened) = record {
            self.open.insert(opened.session, Story::new(opened.clone()));
            return None;
        }
        let session = record.session()?;
        self.open.get_mut(&session)?.add(record, &self.mask);
        if matches!(record, Record::Closed(_)) { self.open.remove(&session) } else { None }
    }

    fn tell(&self, out: &mut impl Write, story: &Story) -> io::Result<()> {
        summary_story(out, story, &self.mask, self.paint, width())
    }
}
