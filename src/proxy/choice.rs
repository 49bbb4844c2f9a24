//! Which sessions a recording is to hold, said while they go on.

use std::sync::{Arc, Mutex, PoisonError};

/// Between whoever hears the records of a run, and its recording: names the sessions that are to be recorded.
///
/// What a session carried before it was named is recorded as well, as far as there was memory to hold it.
#[derive(Clone, Debug, Default)]
pub struct Choice(Arc<Mutex<Vec<u32>>>);

impl Choice {
    /// Records this session. Said by an output, on the thread that decodes.
    pub fn keep(&self, session: u32) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(session);
    }

    /// What was chosen since this was last asked.
    pub(super) fn take(&self) -> Vec<u32> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
