//! Every name that filters, columns and completion know: what it is called in JSON, its type, its meaning, and how a
//! message tells it. A test walks the exports of all samples and holds this table to them, both ways.

use std::fmt::Write as _;

use super::place::Place;
use super::subject::{Seen, Test, Value};
use crate::field::Unit;

mod control;
mod media;
mod message;
mod said;
mod shared;
mod words;

/// Something that a message can have.
#[derive(Debug)]
pub struct Entry {
    /// Its path in a message event. A list on the way stands for each of its items; `[0]` chooses one.
    pub name: &'static str,
    /// What its values are.
    pub kind: Type,
    /// A list of such values.
    pub list: bool,
    /// What it means.
    pub about: &'static str,
    /// A filter with it.
    pub example: &'static str,
    /// More than the first bytes of media bodies may be needed to tell it: their units or tracks.
    pub units: bool,
    /// Shows the values of a message.
    pub(super) read: Read,
}

pub(super) type Read = fn(&Seen<'_>, &Place, Test<'_>) -> bool;

/// The type of a value.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// A number, and in which unit.
    Number(Unit),
    /// A word of a closed list.
    Word(fn() -> Vec<&'static str>),
    /// Any text.
    Text,
    /// True or false.
    Truth,
    /// An object: it can be asked for by `has`, its members have entries of their own.
    Group,
    /// What the peer sent: any type, with members below.
    Amf,
}

impl Entry {
    const fn new(name: &'static str, kind: Type, about: &'static str, example: &'static str, read: Read) -> Entry {
        Entry { name, kind, list: false, about, example, units: false, read }
    }

    const fn list(mut self) -> Entry {
        self.list = true;
        self
    }

    const fn of_units(mut self) -> Entry {
        self.units = true;
        self
    }

    /// Its type in words.
    pub fn type_name(&self) -> String {
        let mut name = match self.kind {
            Type::Number(unit) => match unit {
                Unit::None => "number".to_owned(),
                unit => format!("number in {}", unit.sign()),
            },
            Type::Word(_) => "word".to_owned(),
            Type::Text => "text".to_owned(),
            Type::Truth => "true or false".to_owned(),
            Type::Group => "group".to_owned(),
            Type::Amf => "any value".to_owned(),
        };
        if self.list {
            // Writing to a string cannot fail.
            let _ = write!(name, ", many");
        }
        name
    }

    /// The values that it can have, if there is a list of them.
    pub fn values(&self) -> Vec<&'static str> {
        match self.kind {
            Type::Word(words) => words(),
            Type::Truth => vec!["true", "false"],
            _ => Vec::new(),
        }
    }

    /// The names of the path.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.name.split('.')
    }
}

/// The tables in the order in which JSON writes them.
pub static ENTRIES: &[&[Entry]] =
    &[message::TABLE, control::TABLE, said::TABLE, shared::TABLE, media::AUDIO, media::VIDEO];

/// Names that people write for others.
pub const ALIASES: &[(&str, &str)] = &[
    ("timestamp.delta", "delta"),
    ("timestamp.unwrapped", "timestamp_unwrapped"),
    ("nals", "video.nals"),
    ("keyframe", "video.keyframe"),
    ("reply", "command.reply"),
    ("reply_to", "command.reply_to"),
    ("reply_after", "command.reply_after"),
];

/// All entries.
pub(super) fn all() -> impl Iterator<Item = &'static Entry> {
    ENTRIES.iter().flat_map(|table| table.iter())
}

/// The entry with this name.
pub fn entry(name: &str) -> Option<&'static Entry> {
    all().find(|entry| entry.name == name)
}

fn count(test: Test<'_>, value: Option<impl Into<f64>>) -> bool {
    value.is_some_and(|value| test(Value::Number(value.into())))
}

fn text(test: Test<'_>, value: Option<&str>) -> bool {
    value.is_some_and(|value| test(Value::Text(value)))
}

fn truth(test: Test<'_>, value: Option<bool>) -> bool {
    value.is_some_and(|value| test(Value::Boolean(value)))
}

fn group(test: Test<'_>, there: bool) -> bool {
    there && test(Value::Group)
}

/// A word, or the number of a code that has none.
fn word_or_number(test: Test<'_>, word: Option<&str>, number: u8) -> bool {
    match word {
        Some(word) => test(Value::Text(word)),
        None => test(Value::Text(&number.to_string())),
    }
}
