//! `summary`: what happened in each session.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use super::args::SummaryArgs;
use super::events::read_events;
use super::failure::Failure;
use super::read::{holds_events, judge, open, read_capture};
use super::terminal::{colored, width};
use crate::engine::{Input, Want};
use crate::out::{Paint, Retold, summary_coverage, summary_head, summary_story};
use crate::record::{Record, Sink, Source};
use crate::view::{Coverage, Mask, Story};

pub(super) fn run(args: &SummaryArgs) -> Result<ExitCode, Failure> {
    if args.read.select.filter.is_some() {
        let text = "summary tells of whole sessions, not of chosen messages: list takes --filter; \
                    --session, --from and --to choose here";
        return Err(Failure::Usage(text.to_owned()));
    }
    let mut input = open(&args.read)?;
    if holds_events(&args.read, &mut input)? {
        return events(args, input);
    }
    let coverage = args.coverage.then(BTreeMap::new);
    let mask = Mask::new(args.read.show_secrets);
    let mut stories = Stories { mask, source: None, stories: BTreeMap::new(), coverage };
    let want = if args.coverage { Want::ALL } else { Want::LITTLE };
    let end = read_capture(&args.read, input, want, &mut stories)?;
    judge(&args.read, &end)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let paint = Paint::new(colored(args.read.select.color));
    if let Some(source) = &stories.source {
        summary_head(&mut out, source, &end, paint)?;
    }
    let mut all = Coverage::default();
    for (session, story) in &stories.stories {
        summary_story(&mut out, story, &stories.mask, paint, width())?;
        if let Some(coverage) = stories.coverage.as_ref().and_then(|all| all.get(session)) {
            summary_coverage(&mut out, coverage, paint, width())?;
            all.merge(coverage);
        }
    }
    if stories.coverage.is_some_and(|sessions| sessions.len() > 1) {
        writeln!(out)?;
        summary_coverage(&mut out, &all, paint, width())?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The same of an export.
fn events(args: &SummaryArgs, input: Input) -> Result<ExitCode, Failure> {
    if args.coverage {
        let text = "--coverage needs the capture itself: an export does not hold all bytes";
        return Err(Failure::Usage(text.to_owned()));
    }
    let name = input.name.clone();
    let mut retold = Retold::default();
    read_events(&args.read, input, &mut retold)?;
    let mut out = BufWriter::new(io::stdout().lock());
    retold.write(&mut out, &name, Paint::new(colored(args.read.select.color)), width())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Gathers the story of every session.
struct Stories {
    mask: Mask,
    source: Option<Source>,
    stories: BTreeMap<u32, Story>,
    /// How much of every session is explained, if that was asked.
    coverage: Option<BTreeMap<u32, Coverage>>,
}

impl Sink for Stories {
    fn overhear(&mut self, record: &Record) {
        self.mask.learn(record);
    }

    fn take(&mut self, mut record: Record) {
        self.pass(&mut record);
    }

    fn pass(&mut self, record: &mut Record) {
        self.mask.learn(record);
        if let (Some(coverage), Some(session)) = (&mut self.coverage, record.session()) {
            coverage.entry(session).or_default().add(record);
        }
        match record {
            Record::Source(source) => self.source = Some(source.clone()),
            Record::Opened(opened) => {
                self.stories.insert(opened.session, Story::new(opened.clone()));
            }
            _ => {
                if let Some(story) = record.session().and_then(|session| self.stories.get_mut(&session)) {
                    story.add(record, &self.mask);
                }
            }
        }
    }
}
