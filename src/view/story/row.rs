//! The story of a session in the cells of one row.

use super::{Story, shortened};
use crate::record::Level;

impl Story {
    /// App and stream names, as far as they were said.
    pub fn stream(&self) -> String {
        let app = self.app.clone().into_iter();
        app.chain(shortened(&self.asked)).collect::<Vec<_>>().join(", ")
    }

    /// The codecs in short, pictures first: `AVC+AAC`.
    pub fn codecs(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for codec in self.media.tracks().iter().flat_map(|track| track.lane.codecs()) {
            let name = codec.split([' ', '(']).next().unwrap_or(codec);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join("+")
    }

    /// Mean rate of all media, in kbit/s.
    pub fn rate(&self) -> Option<f64> {
        self.media.tracks().iter().filter_map(|track| track.lane.rate()).reduce(|sum, rate| sum + rate)
    }

    /// The worst that is said of it.
    pub fn worst(&self) -> Option<(Level, &str)> {
        self.worst.as_ref().map(|(level, text)| (*level, text.as_str()))
    }

    /// Places where bytes are missing.
    pub fn gaps(&self) -> u64 {
        self.gaps
    }
}
