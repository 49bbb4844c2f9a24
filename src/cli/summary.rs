//! `summary`: what happened in each session.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use super::args::SummaryArgs;
use super::failure::Failure;
use super::read::{judge, read};
use super::terminal::{colored, width};
use crate::engine::Want;
use crate::out::{Paint, summary_head, summary_story};
use crate::record::{Record, Sink, Source};
use crate::view::{Mask, Story};

pub(super) fn run(args: &SummaryArgs) -> Result<ExitCode, Failure> {
    let mut stories = Stories { mask: Mask::new(args.read.show_secrets), source: None, stories: BTreeMap::new() };
    let end = read(&args.read, Want::LITTLE, &mut stories)?;
    judge(&args.read, &end)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let paint = Paint::new(colored(args.read.color));
    if let Some(source) = &stories.source {
        summary_head(&mut out, source, &end, paint)?;
    }
    for story in stories.stories.values() {
        summary_story(&mut out, story, &stories.mask, paint, width())?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Gathers the story of every session.
struct Stories {
    mask: Mask,
    source: Option<Source>,
    stories: BTreeMap<u32, Story>,
}

impl Sink for Stories {
    fn take(&mut self, record: Record) {
        self.mask.learn(&record);
        match &record {
            Record::Source(source) => self.source = Some(source.clone()),
            Record::Opened(opened) => {
                self.stories.insert(opened.session, Story::new(opened.clone()));
            }
            _ => {
                if let Some(story) = record.session().and_then(|session| self.stories.get_mut(&session)) {
                    story.add(&record, &self.mask);
                }
            }
        }
    }
}
