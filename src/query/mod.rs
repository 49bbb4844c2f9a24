//! The filter language: `kind == video && video.keyframe && length > 64KiB`.
//!
//! Owns the text of filters (words, grammar, errors with a caret), the registry of the names that a message has in JSON
//! with their types and meanings, and the decision whether a message matches. One implementation for every verb, the
//! terminal app and the proxy. Refuses to read captures, to print, and to know where messages come from: whatever is a
//! [`Subject`] can be asked.
//!
//! A filter compares real values, as people type them; masking secrets is the business of outputs.

mod check;
mod complete;
mod error;
mod eval;
mod lex;
mod parse;
mod place;
mod print;
mod registry;
mod subject;
mod tally;

pub use check::{Filter, Needs};
pub use complete::{Candidate, Completion, complete};
pub use error::Error;
pub(crate) use error::nearest;
pub use parse::{Compare, Expr, Literal, Operator, Scalar, parse};
pub use place::{Place, Step};
pub use registry::{ALIASES, ENTRIES, Entry, Type, entry};
pub use subject::{Seen, Subject, Test, Value};
pub use tally::Tally;

#[cfg(test)]
mod tests;
