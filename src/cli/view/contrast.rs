//! Compares two sessions of the capture that is on screen, with the machinery of `diff`.

use super::feed::Shared;
use crate::cli::args::ReadArgs;
use crate::cli::read::settings;
use crate::diff::{Canonical, Gather, Observed, Report, Rules, Strict, compare_sessions};
use crate::engine::{Control, Input, Want, run};
use crate::record::{Record, Sink};
use crate::time::Time;

/// Reads the capture once more for both sessions, and says what differs.
pub(super) fn contrast(shared: &Shared, args: &ReadArgs, sessions: [u32; 2]) -> Result<Box<Report>, String> {
    let reader = shared.trail().whole().ok_or("the capture cannot be read again")?;
    let input = Input::new(String::new(), reader);
    let mut chosen = Chosen::new(sessions);
    run(input, &settings(args, Want::LITTLE), &mut chosen, |_| Control::Continue).map_err(|error| error.to_string())?;
    chosen.compare()
}

/// Takes two sessions out of many.
pub(in crate::cli) struct Chosen {
    sessions: [u32; 2],
    start: Time,
    gather: Gather,
}

impl Chosen {
    pub(in crate::cli) fn new(sessions: [u32; 2]) -> Chosen {
        Chosen { sessions, start: Time::default(), gather: Gather::new(Strict::default()) }
    }

    /// What differs between them.
    pub(in crate::cli) fn compare(self) -> Result<Box<Report>, String> {
        let (Canonical { sessions, .. }, _) = self.gather.finish();
        let find = |number: u32| {
            let found = sessions.iter().find(|session| session.number == number);
            found.ok_or_else(|| format!("session {number} is not in what was read again"))
        };
        let [a, b] = self.sessions;
        Ok(Box::new(compare_sessions(find(a)?, find(b)?, &Rules::default())))
    }
}

impl Sink for Chosen {
    fn take(&mut self, record: Record) {
        if let Record::Source(source) = &record {
            self.start = source.start.unwrap_or_default();
        }
        if record.session().is_some_and(|session| self.sessions.contains(&session))
            && let Some(observed) = Observed::of(&record, self.start, false)
        {
            self.gather.take(observed);
        }
    }
}
