//! Our own events, read back: NDJSON line by line, or the array that `--format json` writes.
//!
//! A line is checked as JSON once and its members are found; their values are looked into where somebody asks, so that
//! reading costs little more than the lines do.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

use super::VERSION;

mod value;
pub use value::{Json, Members};
pub(super) use value::{items_of, member_of};

/// Events of an export, one after the other.
pub struct Events<R> {
    name: String,
    input: BufReader<R>,
    line: Vec<u8>,
    number: u64,
    damage: Damage,
    begun: bool,
}

/// One event, borrowed from the reader.
#[derive(Debug)]
pub struct Event<'a> {
    /// Its line in the input, from 1.
    pub line: u64,
    /// The event as it is written, without the line's end.
    pub text: &'a str,
    /// Its members.
    pub members: Members<'a>,
}

/// Why an input cannot be read as events (any further).
#[derive(Debug)]
pub enum Trouble {
    /// It holds something else.
    NotEvents {
        /// Name of the input.
        name: String,
        /// What it holds, or what is wrong with its first line.
        why: String,
    },
    /// Another major version wrote it.
    Version {
        /// Name of the input.
        name: String,
        /// The line that says so.
        line: u64,
        /// The version.
        found: u64,
    },
    /// The input could not be read.
    Io {
        /// Name of the input.
        name: String,
        /// The line at which reading stopped.
        line: u64,
        /// What the system says.
        cause: io::Error,
    },
}

/// What is missing or broken, as far as the input was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Damage {
    /// The last line ends in the middle of an event.
    pub cut: bool,
    /// Lines in the middle that are no events; they were skipped.
    pub broken: u64,
    /// The first of them, and what is wrong with it.
    pub first_broken: Option<(u64, String)>,
    /// The input begins with its source and has no end: whoever wrote it was stopped.
    pub unended: bool,
    /// The capture behind the export was damaged or incomplete itself.
    pub incomplete: bool,
    /// Gaps in the sessions: places where bytes were lost or could not be decoded.
    pub gaps: u64,
}

/// Longest line that is read. The largest body makes some 22 MB of base64.
const LONGEST_LINE: u64 = 128 << 20;

/// Takes events that were read.
pub trait EventSink {
    /// Takes one event.
    fn event(&mut self, event: &Event<'_>);
}

impl<R: Read> Events<R> {
    /// Reads events from unpacked text. `name` is for error messages.
    pub fn new(input: R, name: &str) -> Events<R> {
        let input = BufReader::with_capacity(256 << 10, input);
        Events { name: name.to_owned(), input, line: Vec::new(), number: 0, begun: false, damage: Damage::default() }
    }

    /// Hands every event to `take` until that says stop. A line that is no event is skipped and counted, unless it is
    /// the first one: then the input is something else.
    pub fn read(mut self, mut take: impl FnMut(&Event<'_>) -> ControlFlow<()>) -> Result<Damage, Trouble> {
        loop {
            self.line.clear();
            self.number += 1;
            let failed = |cause| Trouble::Io { name: self.name.clone(), line: self.number, cause };
            let n = self.input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut self.line).map_err(failed)?;
            if n == 0 {
                break;
            }
            let ended = self.line.last() == Some(&b'\n');
            let line = trim(&self.line);
            if line.is_empty() {
                continue;
            }
            match event(line, self.number) {
                Ok(event) if !self.begun && event.members.raw("event") == Some("\"canonical\"") => {
                    let why = "it is a canonical form, which diff and verify read".to_owned();
                    return Err(Trouble::NotEvents { name: self.name, why });
                }
                Ok(event) => {
                    check_version(&self.name, &event)?;
                    self.begun = true;
                    self.damage.note(&event);
                    if take(&event).is_break() {
                        return Ok(self.damage);
                    }
                }
                Err(why) if !self.begun => return Err(Trouble::NotEvents { name: self.name, why }),
                // An event that is written in full has its line's end, but for the very last one.
                Err(_) if !ended && n < LONGEST_LINE as usize => self.damage.cut = true,
                Err(why) => {
                    self.damage.broken += 1;
                    self.damage.first_broken.get_or_insert((self.number, why));
                }
            }
        }
        if !self.begun {
            let why = "there is no event in it".to_owned();
            return Err(Trouble::NotEvents { name: self.name, why });
        }
        Ok(self.damage)
    }
}

impl Damage {
    /// Is anything missing or broken?
    pub fn any(&self) -> bool {
        *self != Damage::default()
    }

    /// What is missing or broken, in words.
    pub fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if self.cut {
            words.push("its last line ends in the middle of an event".to_owned());
        }
        if let Some((line, why)) = &self.first_broken {
            let more =
                if self.broken > 1 { format!(" and {} more lines like it", self.broken - 1) } else { String::new() };
            words.push(format!("line {line} is no event ({why}){more}"));
        }
        if self.unended && !self.cut {
            words.push("it has no end event: the export was stopped".to_owned());
        }
        if self.incomplete {
            words.push("the capture that it was made from is damaged or incomplete".to_owned());
        }
        if self.gaps > 0 {
            words.push(format!("bytes are missing in {} places of its sessions", self.gaps));
        }
        words
    }

    fn note(&mut self, event: &Event<'_>) {
        match event.members.raw("event") {
            Some("\"source\"") => self.unended = true,
            Some("\"end\"") => {
                self.unended = false;
                self.incomplete |= event.members.boolean("complete") == Some(false);
            }
            Some("\"gap\"") => self.gaps += 1,
            _ => {}
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::NotEvents { name, why } => {
                write!(f, "{name}: JSON, but no export of rtmpscope: {why}")
            }
            Trouble::Version { name, line, found } => write!(
                f,
                "{name}:{line}: events of major version {found}, this program reads version {VERSION}; export the \
                 capture again with this program, or read it with the one that wrote it"
            ),
            Trouble::Io { name, line, cause } => write!(f, "{name}:{line}: reading stopped: {cause}"),
        }
    }
}

impl std::error::Error for Trouble {}

/// A line without its end, and without what an array puts around its items.
fn trim(line: &[u8]) -> &[u8] {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii();
    match line {
        b"[" | b"]" | b"[]" => &[],
        line => line.strip_suffix(b",").unwrap_or(line),
    }
}

fn event(line: &[u8], number: u64) -> Result<Event<'_>, String> {
    let text = std::str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned())?;
    let members = Members::read(text).map_err(|error| problem(&error, number))?;
    match members.raw("event") {
        Some(name) if !name.starts_with('"') => Err(format!("line {number} calls its `event` {name}")),
        Some(_) if members.unsigned("v").is_some() => Ok(Event { line: number, text, members }),
        Some(_) => Err(format!("line {number} has no version `v`")),
        None => Err(format!("line {number} has no member `event`")),
    }
}

/// What the JSON reader says, without the line that it counts by itself.
fn problem(error: &serde_json::Error, number: u64) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or(&text);
    format!("{text} in line {number}, column {}", error.column())
}

fn check_version(name: &str, event: &Event<'_>) -> Result<(), Trouble> {
    match event.members.unsigned("v") {
        Some(found) if found != u64::from(VERSION) => {
            Err(Trouble::Version { name: name.to_owned(), line: event.line, found })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
