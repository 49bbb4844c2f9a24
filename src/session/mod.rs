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
    /// Keep whole media bodies, not only their first bytes.
    pub media: bool,
    /// Describe each chunk and the packets that carried it.
    pub origin: bool,
}

impl Want {
    /// What a summary needs.
    pub const LITTLE: Want = Want { media: false, origin: false };
    /// Everything.
    pub const ALL: Want = Want { media: true, origin: true };
}
