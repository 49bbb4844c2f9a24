//! The plain-data vocabulary that leaves the engine: what happened, with where it was captured.
//!
//! Owns the records, the link from a byte of a message to the packet that carried it, the one door to lazy annotation,
//! and which texts of a session are secrets. Refuses to know how records are made or shown.

mod explain;
mod message;
mod origin;
mod run;
mod secrets;
mod session;
mod sink;

pub use explain::{
    annotate_body, annotate_handshake, annotate_header, explain_body, explain_handshake, explain_header,
};
pub use message::{Body, Call, Head, Message, Recovered, Reply};
pub use origin::{Carrier, Part};
pub use run::{End, ForeignCount, Searched, Source};
pub use secrets::Secrets;
pub use session::{
    Bytes2, Closed, Finding, Gap, GapAction, Handshake, Joined, Level, Opened, Packets, Rule, Step, Transport,
};
pub use sink::{Record, Sink};
