//! Who takes the records of a live run: several outputs, each with an order of its own, each of which may fail without
//! harm to the others.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::super::hold::{Hold, Numbers, Order, Totals};
use super::super::offline::Settings;
use super::News;
use crate::layer::Foreign;
use crate::record::{Record, Sink};
use crate::time::{Span, Time};

/// Takes the records of a live run, on the thread that decodes.
pub struct Output {
    /// What to call it when it fails.
    pub name: String,
    /// How long a record may wait for what came before it: a call for its reply, say.
    pub longest_wait: Span,
    /// Who takes them.
    pub audience: Box<dyn Audience>,
}

/// Takes records as they come.
pub trait Audience: Send {
    /// Takes one record.
    fn take(&mut self, record: Record);
    /// Nothing more comes for the moment: what waits to be written is written.
    fn pause(&mut self) {}
}

impl<F: FnMut(Record) + Send> Audience for F {
    fn take(&mut self, record: Record) {
        self(record);
    }
}

/// All outputs, each with an order of its own.
pub(super) struct Outputs {
    pub(super) holds: Vec<Hold<Guarded>>,
    pub(super) numbers: Numbers,
    pub(super) news: Vec<News>,
}

/// An output that may fail without harm to others.
pub(super) struct Guarded {
    pub(super) output: Output,
    /// What it said when it failed.
    pub(super) failed: Option<String>,
    pub(super) told: bool,
}

impl Outputs {
    pub(super) fn new(outputs: Vec<Output>, settings: &Settings) -> Outputs {
        let numbers = Numbers::default();
        let hold = |output: Output| {
            let wait = output.longest_wait;
            let guarded = Guarded { output, failed: None, told: false };
            Hold::new(guarded, settings).waiting_at_most(wait).numbered_by(numbers.clone())
        };
        let holds = outputs.into_iter().map(hold).collect();
        Outputs { holds, numbers, news: Vec::new() }
    }

    pub(super) fn tick(&mut self, now: Time) {
        self.holds.iter_mut().for_each(|hold| hold.tick(now));
        self.hear();
    }

    /// Reports outputs that failed.
    pub(super) fn hear(&mut self) {
        for hold in &mut self.holds {
            let guarded = hold.sink_mut();
            if let Some(why) = guarded.failed.clone().filter(|_| !guarded.told) {
                guarded.told = true;
                self.news.push(News::OutputFailed { output: guarded.output.name.clone(), why });
            }
        }
    }

    pub(super) fn let_all_go(&mut self) -> Totals {
        let mut totals = Totals::default();
        for hold in &mut self.holds {
            totals = hold.let_all_go();
        }
        totals
    }

    pub(super) fn deliver_last(&mut self, record: Record) {
        for hold in &mut self.holds {
            hold.sink_mut().take(record.clone());
        }
        self.hear();
    }
}

impl Order for Outputs {
    fn reserve(&mut self, flow: u64) {
        self.holds.iter_mut().for_each(|hold| hold.reserve(flow));
    }

    fn reject(&mut self, flow: u64, foreign: &Foreign) {
        self.holds.iter_mut().for_each(|hold| hold.reject(flow, foreign));
        self.news.push(News::Foreign { connection: flow, protocol: foreign.to_string() });
    }
}

impl Sink for Outputs {
    fn take(&mut self, record: Record) {
        let Some((last, others)) = self.holds.split_last_mut() else { return };
        others.iter_mut().for_each(|hold| hold.take(record.clone()));
        last.take(record);
    }
}

impl Guarded {
    pub(super) fn attempt(&mut self, work: impl FnOnce(&mut dyn Audience)) {
        if self.failed.is_some() {
            return;
        }
        let audience = &mut *self.output.audience;
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(audience))) {
            self.failed = Some(words(&*panic));
        }
    }
}

impl Sink for Guarded {
    fn take(&mut self, record: Record) {
        self.attempt(|audience| audience.take(record));
    }
}

/// What a panic said.
pub(super) fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no words").to_owned()
}
