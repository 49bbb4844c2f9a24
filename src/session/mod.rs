//! One conversation, both directions, sans-IO.
//!
//! Owns the opening (handshake), the [`Dechunker`] (bytes to messages) and the [`Dialogue`] (messages to meaning:
//! transactions, stream names, what became of it all). Takes a direction, a stamp and a piece; gives records to a sink.
//! Refuses to know sockets, files, clocks, threads, output.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unreachable)
)]

mod codecs;
mod conversation;
mod dechunk;
mod dialogue;
mod ledger;
mod opening;
mod resync;
mod rules;
mod settings;
mod streams;
mod verdict;

pub use conversation::Session;
pub use dechunk::{Assembled, Dechunker, Event, Found};
pub use dialogue::Dialogue;
pub use resync::Spotter;

/// How much of each message a session keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Want {
    /// What to keep of media bodies.
    pub media: MediaBody,
    /// Describe each chunk and the packets that carried it.
    pub origin: bool,
}

impl Want {
    /// What a summary needs.
    pub const LITTLE: Want = Want { media: MediaBody::Head, origin: false };
    /// Everything.
    pub const ALL: Want = Want { media: MediaBody::Whole, origin: true };
}

/// What is kept of the body of a media message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MediaBody {
    /// Its first bytes.
    Head,
    /// As much as tells the units of a picture: nearly always the first bytes, for nearly all pictures are one unit.
    Units,
    /// All of it.
    Whole,
}
