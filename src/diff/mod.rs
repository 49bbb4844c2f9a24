//! What two recordings of a protocol have in common, and what not, in words.
//!
//! Owns the canonical form of a session (lanes from which everything is taken that differs from run to run), the pairing
//! of sessions and messages, tolerances and rules, and the worded result as plain data. Refuses to know captures, files
//! and output formats: it is fed with what was observed, by a capture or by an export alike.

mod align;
mod canonical;
mod compare;
mod observed;
mod rules;
mod words;

pub use canonical::{
    Canonical, Gather, Item, Lacking, Lane, LaneKind, LaneName, Measure, MediaStrict, Role, Salt, Session, Strict,
};
pub use compare::{Compared, Detail, Difference, Pair, Place, Report, Topic, compare, compare_sessions};
pub use observed::{Config, Media, Message, Observed, Says};
pub(crate) use observed::{PARTIAL, labelled, repeated};
pub use rules::{Bound, RuleError, Rules};
pub use words::{lane_words, shown, words};
