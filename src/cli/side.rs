//! A side of a comparison: a capture, an export or a golden file, told apart by content, in canonical form.

use std::collections::BTreeSet;
use std::io::{BufReader, Read};
use std::path::Path;

use super::args::ReadArgs;
use super::events::read_events;
use super::failure::Failure;
use super::read::{judge, partial, read_capture, warn};
use crate::diff::{Canonical, Gather, Lacking, MediaStrict, Observed, Strict};
use crate::engine::{Input, MediaBody, Want};
use crate::out::json::{Event, EventSink, observe};
use crate::out::{CANONICAL_VERSION, CanonicalError, is_canonical, read_canonical};
use crate::record::{Record, Sink};
use crate::time::Time;

/// What was read of one side.
pub(super) struct Side {
    pub(super) canonical: Canonical,
    /// What is missing of it, in words.
    pub(super) missing: Vec<String>,
    /// What an export did not carry.
    pub(super) lacking: BTreeSet<Lacking>,
}

/// Reads a side. A golden file brings its own switches.
pub(super) fn side(args: &ReadArgs, strict: Strict) -> Result<Side, Failure> {
    let name = args.file.to_string_lossy().into_owned();
    let failed = |error| Failure::Open { name: name.clone(), error };
    let mut input = Input::open(&args.file).map_err(failed)?;
    let side = if input.holds_json().map_err(failed)? {
        text(input.unpacked().map_err(failed)?, &name, args, strict)?
    } else {
        capture(input, args, strict)?
    };
    check(&side, &name)?;
    if side.canonical.sessions.is_empty() && !args.select.allow_empty && side.missing.is_empty() {
        return Err(Failure::Empty(format!("{name}: there is no session in it (--allow-empty to accept this)")));
    }
    Ok(side)
}

/// Reads a golden file and nothing else.
pub(super) fn golden(path: &Path) -> Result<Canonical, Failure> {
    let name = path.to_string_lossy().into_owned();
    let mut text = String::new();
    let read = Input::open(path).and_then(Input::unpacked).and_then(|mut input| input.reader.read_to_string(&mut text));
    match read {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Failure::Golden(format!(
            "{name}: there is no such golden file; write it with `rtmpscope accept` after a look at what verify made of \
             the capture"
        ))),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Err(Failure::Golden(format!("{name}: not a golden file: it is no text")))
        }
        Err(error) => Err(Failure::Open { name, error }),
        Ok(_) => parse(&text, &name),
    }
}

fn parse(text: &str, name: &str) -> Result<Canonical, Failure> {
    read_canonical(text).map_err(|error| match error {
        CanonicalError::Version(found) => Failure::Golden(format!(
            "{name}: a canonical form of major version {found}, this program knows version {CANONICAL_VERSION}; make it \
             again from its capture"
        )),
        CanonicalError::Malformed(line, why) => {
            Failure::Golden(format!("{name}:{line}: not a canonical form, or a damaged one: {why}"))
        }
    })
}

fn capture(input: Input, args: &ReadArgs, strict: Strict) -> Result<Side, Failure> {
    // Hashes of payload need the payload; all else is told by what is kept anyway.
    let hashes = strict.hashes();
    let media = if strict.media == MediaStrict::Hash { MediaBody::Whole } else { MediaBody::Head };
    let want = Want { media, origin: false };
    let mut records = Records { gather: Gather::new(strict), start: Time::default(), hashes };
    let end = read_capture(args, input, want, &mut records)?;
    judge(args, &end)?;
    let (canonical, lacking) = records.gather.finish();
    Ok(Side { canonical, missing: partial(&end), lacking })
}

/// Feeds records to the canonical form.
struct Records {
    gather: Gather,
    start: Time,
    hashes: bool,
}

impl Sink for Records {
    fn take(&mut self, record: Record) {
        if let Record::Source(source) = &record {
            self.start = source.start.unwrap_or_default();
        }
        if let Some(observed) = Observed::of(&record, self.start, self.hashes) {
            self.gather.take(observed);
        }
    }

    fn overhear(&mut self, record: &Record) {
        if let Record::Source(source) = record {
            self.start = source.start.unwrap_or_default();
        }
        // What is not compared may still say what must not be shown.
        if let Some(observed) = Observed::of(record, self.start, false) {
            self.gather.overhear(&observed);
        }
    }
}

/// An export or a golden file.
fn text(input: Input, name: &str, args: &ReadArgs, strict: Strict) -> Result<Side, Failure> {
    let mut reader = BufReader::with_capacity(64 << 10, input.reader);
    let mut first = Vec::new();
    let failed = |error| Failure::Open { name: name.to_owned(), error };
    reader.by_ref().take(4096).read_to_end(&mut first).map_err(failed)?;
    let mut reader = std::io::Cursor::new(first.clone()).chain(reader);
    if is_canonical(&first) {
        let mut text = String::new();
        reader.read_to_string(&mut text).map_err(failed)?;
        let canonical = parse(&text, name)?;
        return Ok(Side { canonical, missing: Vec::new(), lacking: BTreeSet::new() });
    }
    let mut told = Told(Gather::new(strict));
    let input = Input::new(name.to_owned(), Box::new(reader));
    let damage = read_events(args, input, &mut told)?;
    let (canonical, lacking) = told.0.finish();
    // What it is was said while reading.
    let missing = if damage.any() { vec!["the export is damaged or incomplete".to_owned()] } else { Vec::new() };
    Ok(Side { canonical, missing, lacking })
}

/// Feeds events to the canonical form.
struct Told(Gather);

impl EventSink for Told {
    fn event(&mut self, event: &Event<'_>) {
        if let Some(observed) = observe(event) {
            self.0.take(observed);
        }
    }
}

/// Refuses what an export cannot tell, and says what it tells less of.
fn check(side: &Side, name: &str) -> Result<(), Failure> {
    for lacking in &side.lacking {
        let needed = match lacking {
            Lacking::ConfigFields => {
                warn(&format!(
                    "{name}: this export holds only summaries of decoder configurations; export with --detail fields \
                     --bodies hash to compare them field by field"
                ))?;
                continue;
            }
            Lacking::HandshakeFields => "handshake=full needs an export made with --detail fields --bodies hash",
            Lacking::Hashes => "media=hash needs an export made with --bodies hash",
            Lacking::Secrets => "text=exact needs an export made with --show-secrets",
        };
        return Err(Failure::Usage(format!("{name}: {needed}, or the capture itself")));
    }
    Ok(())
}
