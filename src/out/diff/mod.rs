//! What differs, as text for people and as documents for machines; and the rules file.

use crate::diff::{self, Detail, Difference, Pair, Report};
use crate::view::clean;
use crate::wire::value::Amf;

mod cases;
mod document;
mod rules;
mod text;

pub use cases::{Case, github, junit, markdown, table};
pub use document::{SCHEMA, documents, json};
pub use rules::read_rules;
pub use text::{Details, text};

/// The inputs, as they are called.
#[derive(Clone, Debug)]
pub struct Names {
    /// The first.
    pub a: String,
    /// The second.
    pub b: String,
}

/// Which session a line is about, where there are several.
fn pair_words(pair: &Pair) -> String {
    let number = match (pair.a, pair.b) {
        (Some(a), Some(b)) if a == b => format!("session {a}"),
        (Some(a), Some(b)) => format!("session {a} and {b}"),
        (Some(n), None) | (None, Some(n)) => format!("session {n}"),
        (None, None) => "session".to_owned(),
    };
    match pair.title() {
        title if title.is_empty() => number,
        title => format!("{number} ({})", clean(&title)),
    }
}

/// A difference in one line, with its session where there are several.
fn line(report: &Report, pair: &Pair, difference: &Difference) -> String {
    match report.pairs.len() {
        1 => words(difference),
        _ => format!("{}: {}", pair_words(pair), words(difference)),
    }
}

/// A difference and all that follows from it.
fn all_details(difference: &Difference) -> impl Iterator<Item = &Detail> {
    difference.details.iter().chain(difference.consequences.iter().flat_map(|consequence| &consequence.details))
}

/// A difference in words, which may hold names from the wire.
fn words(difference: &Difference) -> String {
    clean(&diff::words(difference)).into_owned()
}

/// A value, which may be one from the wire.
fn shown(value: Option<&Amf>) -> String {
    clean(&diff::shown(value)).into_owned()
}

/// `connect.object.app`, `gop`.
fn path(detail: &Detail) -> String {
    clean(&detail.path.join(".")).into_owned()
}
