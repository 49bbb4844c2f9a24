//! Where the records of a live run go: rows, stories, events.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::args::{ProxyArgs, Show};
use crate::cli::args;
use crate::cli::failure::Failure;
use crate::cli::terminal::{colored, width};
use crate::out::json::{Detail, Json, Options};
use crate::out::{List, Paint, summary_story};
use crate::proxy::{Audience, Output, Want};
use crate::record::{Record, Sink};
use crate::time::Span;
use crate::view::{Mask, Story};

/// How long a call may wait for its reply before people see it without.
const SOON: Span = Span(300_000_000);
/// The same for machines, who want it whole: as for captures.
const LATER: Span = Span(10_000_000_000);

/// The outputs that the user asked for.
pub(super) fn outputs(args: &ProxyArgs) -> Result<Vec<Output>, Failure> {
    let mut outputs = Vec::new();
    let stdout = BufWriter::with_capacity(1 << 16, io::stdout());
    let paint = Paint::new(colored(args.color));
    let mask = || Mask::new(args.show_secrets);
    match args.format {
        Show::List => {
            let list = List::new(stdout, mask(), paint, width());
            let stories = Stories::new(mask(), paint);
            outputs.push(output("standard output", SOON, Lines { list, stories, failed: false }));
        }
        Show::Summary => {
            let stories = Stories::new(mask(), paint);
            outputs.push(output("standard output", SOON, Closings { out: stdout, stories, failed: false }));
        }
        Show::Ndjson => outputs.push(events(args, "standard output", stdout)),
        Show::None => {}
    }
    if let Some(path) = &args.export {
        let file = BufWriter::with_capacity(1 << 16, create(path)?);
        outputs.push(events(args, &path.to_string_lossy(), file));
    }
    Ok(outputs)
}

/// How much of each message the outputs need.
pub(super) fn want(args: &ProxyArgs) -> Want {
    let json = args.format == Show::Ndjson || args.export.is_some();
    // The units of a picture (`nals`) are told of whole bodies only.
    Want { media: json, origin: json && detail(args) >= Detail::Chunks }
}

fn detail(args: &ProxyArgs) -> Detail {
    match args.detail {
        args::Detail::Messages => Detail::Messages,
        args::Detail::Chunks => Detail::Chunks,
        args::Detail::Fields => Detail::Fields,
    }
}

/// A new file that only its owner may read: it may hold what people publish.
fn create(path: &Path) -> Result<std::fs::File, Failure> {
    use std::os::unix::fs::OpenOptionsExt;
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    file.map_err(|error| Failure::Open { name: path.to_string_lossy().into_owned(), error })
}

fn output(name: &str, longest_wait: Span, audience: impl Audience + 'static) -> Output {
    Output { name: name.to_owned(), longest_wait, audience: Box::new(audience) }
}

fn events(args: &ProxyArgs, name: &str, out: impl Write + Send + 'static) -> Output {
    let options = Options { detail: detail(args), bodies: args.bodies, array: false, live: false };
    let json = Json::new(out, options, Mask::new(args.show_secrets));
    output(name, LATER, Events { json, name: name.to_owned(), failed: false })
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
