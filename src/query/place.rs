//! Where in a message a value stands: an entry of the registry, and the steps below it.

use std::fmt;

use super::check::resolve;
use super::error::Error;
use super::parse::path_alone;
use super::registry::Entry;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The member with this name; in a list, that of each item.
    Name(Box<str>),
    /// An item of a list, from 0.
    Index(u32),
}

/// A path that the registry knows.
#[derive(Clone, Debug)]
pub struct Place {
    /// What stands there.
    pub entry: &'static Entry,
    /// The whole path as steps, as it leads through a JSON event.
    pub steps: Box<[Step]>,
    /// Which item of a list on the way was chosen, for entries below one.
    pub(super) item: Option<u32>,
    /// How many of the steps lead to the entry itself.
    pub(super) own: usize,
}

impl Place {
    /// The place of a path, such as `command.args[0]`.
    pub fn new(path: &str) -> Result<Place, Error> {
        let parsed = path_alone(path)?;
        resolve(&parsed.steps).map_err(|(reason, suggestion)| Error {
            text: path.to_owned(),
            span: parsed.at,
            reason,
            suggestion,
        })
    }

    /// The steps below the entry: items, and members of AMF values.
    pub fn below(&self) -> &[Step] {
        self.steps.get(self.own..).unwrap_or_default()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_steps(f, &self.steps)
    }
}

/// Writes a path as filters have it.
pub(super) fn write_steps(f: &mut impl fmt::Write, steps: &[Step]) -> fmt::Result {
    for (n, step) in steps.iter().enumerate() {
        match step {
            Step::Index(index) => write!(f, "[{index}]")?,
            Step::Name(name) if is_plain(name) && n > 0 => write!(f, ".{name}")?,
            Step::Name(name) if is_plain(name) => f.write_str(name)?,
            Step::Name(name) => write!(f, "[{}]", super::print::Quoted(name))?,
        }
    }
    Ok(())
}

/// Can the name be written without quotes?
fn is_plain(name: &str) -> bool {
    name.chars().next().is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | '@'))
        && name.chars().all(super::lex::is_word)
}
