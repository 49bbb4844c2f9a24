//! Do the bytes of a direction hold chunks, wherever they begin?

use super::{Known, Search, USUAL_SIZES};
use crate::session::streams::Streams;
use crate::stream::{Loss, Stamp};

/// Looks for chunks in a direction of which nothing is known.
#[derive(Debug)]
pub struct Spotter {
    search: Search,
    streams: Streams,
    found: bool,
}

/// Bytes that a chain may need; the caller looks at fewer.
const LONGEST: u64 = 4 << 20;

impl Spotter {
    /// The next bytes.
    pub fn data(&mut self, bytes: &[u8]) {
        self.search.data(bytes, Stamp::default());
    }

    /// The next bytes are missing.
    pub fn hole(&mut self, missing: u64, loss: Loss) {
        self.search.hole(missing, loss, Stamp::default());
    }

    /// Were chunks found in what came so far? `ended` says that nothing more will come.
    pub fn spots(&mut self, ended: bool) -> bool {
        let known = Known { streams: &self.streams, sizes: &USUAL_SIZES, repeats: false, longest: LONGEST };
        self.found |= self.search.find(&known, ended).is_some();
        self.found
    }
}

impl Default for Spotter {
    fn default() -> Spotter {
        Spotter { search: Search::new(0), streams: Streams::new(0), found: false }
    }
}
