//! The canonical form as text and back: a sequence of JSON values, one to an item, one line to a value of an object, so
//! that version control shows what changed and `jq` reads it.

use std::io::{self, Write};

use super::json::{Members, amf_of, members_of};
use crate::diff::{Canonical, Item, Lane, LaneName, Measure, Role, Salt, Session, Strict};
use crate::wire::value::Amf;

/// The major version of the form.
pub const CANONICAL_VERSION: u32 = 1;

/// The JSON Schema of one value of the form.
pub const CANONICAL_SCHEMA: &str = include_str!("canonical.schema.json");

/// Why a text is no canonical form.
#[derive(Debug, PartialEq, Eq)]
pub enum CanonicalError {
    /// Another major version wrote it.
    Version(u64),
    /// It is something else, or broken: the line and what is wrong.
    Malformed(u32, String),
}

/// Is this how a canonical form begins?
pub fn is_canonical(text: &[u8]) -> bool {
    let first = text.trim_ascii_start();
    let line = first.split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.starts_with(b"{") && line.windows(11).any(|window| window == b"\"canonical\"")
}

/// Writes the form.
pub fn write_canonical(out: &mut impl Write, canonical: &Canonical) -> io::Result<()> {
    let strict = list(canonical.strict.switches().iter().map(|switch| quoted(switch)));
    let salt = canonical.strict.salt.map(|salt| format!(",\"salt\":\"{salt}\"")).unwrap_or_default();
    writeln!(out, "{{\"event\":\"canonical\",\"v\":{CANONICAL_VERSION},\"strict\":{strict}{salt}}}")?;
    for session in &canonical.sessions {
        write_session(out, session)?;
    }
    Ok(())
}

fn write_session(out: &mut impl Write, session: &Session) -> io::Result<()> {
    let mut head = format!("{{\"session\":{},\"role\":{}", session.number, quoted(session.role.name()));
    for (name, text) in [("app", &session.app), ("stream", &session.stream)] {
        if let Some(text) = text {
            head.push_str(&format!(",\"{name}\":{}", quoted(text)));
        }
    }
    for (name, is) in [("late", session.late), ("unfinished", session.unfinished)] {
        if is {
            head.push_str(&format!(",\"{name}\":true"));
        }
    }
    writeln!(out, "\n{head}}}")?;
    for lane in &session.lanes {
        let lossy = if lane.gaps { ",\"lossy\":true" } else { "" };
        writeln!(out, "\n{{\"lane\":{}{lossy}}}", quoted(&lane.name.to_string()))?;
        for item in &lane.items {
            write_item(out, item)?;
        }
        if lane.gap_after {
            writeln!(out, "{{\"lost\":true}}")?;
        }
        write_measures(out, "measures", &lane.measures)?;
    }
    if !session.startup.is_empty() {
        writeln!(out)?;
    }
    write_measures(out, "startup", &session.startup)
}

fn write_item(out: &mut impl Write, item: &Item) -> io::Result<()> {
    write!(out, "{{\"item\":{}", quoted(&item.what))?;
    if item.times > 1 {
        write!(out, ",\"times\":{}", item.times)?;
    }
    if item.after_gap {
        write!(out, ",\"after_loss\":true")?;
    }
    write_members(out, "says", &item.body)
}

fn write_measures(out: &mut impl Write, what: &str, measures: &[Measure]) -> io::Result<()> {
    if measures.is_empty() {
        return Ok(());
    }
    let members: Vec<(Box<str>, Amf)> = measures.iter().map(|m| (m.name.clone(), m.value.clone())).collect();
    writeln!(out, "{{\"{what}\":{{")?;
    write_lines(out, &members, 1)?;
    writeln!(out, "}}}}")
}

/// The body of an item: nothing, one short line, or one line to a member.
fn write_members(out: &mut impl Write, key: &str, members: &[(Box<str>, Amf)]) -> io::Result<()> {
    let is_flat = |value: &Amf| !matches!(value, Amf::Object(_) | Amf::Array(_));
    if members.is_empty() {
        return writeln!(out, "}}");
    }
    if members.len() <= 3 && members.iter().all(|(_, value)| is_flat(value)) {
        return writeln!(out, ",\"{key}\":{}}}", json(&Amf::Object(members.to_vec())));
    }
    writeln!(out, ",\"{key}\":{{")?;
    write_lines(out, members, 1)?;
    writeln!(out, "}}}}")
}

fn write_lines(out: &mut impl Write, members: &[(Box<str>, Amf)], depth: usize) -> io::Result<()> {
    for (n, (name, value)) in members.iter().enumerate() {
        write!(out, "{:depth$}{}:", "", quoted(name))?;
        match value {
            Amf::Object(inner) if !inner.is_empty() => {
                writeln!(out, "{{")?;
                write_lines(out, inner, depth + 1)?;
                write!(out, "{:depth$}}}", "")?;
            }
            value => write!(out, "{}", json(value))?,
        }
        writeln!(out, "{}", if n + 1 < members.len() { "," } else { "" })?;
    }
    Ok(())
}

fn json(value: &Amf) -> String {
    super::json::amf_text(value)
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

fn quoted(text: &str) -> String {
    super::json::string_text(text)
}

/// Reads a form back.
pub fn read_canonical(text: &str) -> Result<Canonical, CanonicalError> {
    let mut canonical = Canonical::default();
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Members<'_>>();
    let mut at = Lines { text, offset: 0, line: 1 };
    let mut begun = false;
    loop {
        let line = at.line_of_next(values.byte_offset());
        let value = match values.next() {
            None => break,
            Some(Ok(value)) => value,
            Some(Err(error)) => {
                let at = line.max(u32::try_from(error.line()).unwrap_or(u32::MAX));
                return Err(CanonicalError::Malformed(at, error.to_string()));
            }
        };
        if !begun {
            canonical.strict = head(&value, line)?;
            begun = true;
        } else if !take(&mut canonical.sessions, &value, line) {
            return Err(CanonicalError::Malformed(line, "this is nothing that a canonical form holds here".to_owned()));
        }
    }
    if !begun {
        return Err(CanonicalError::Malformed(1, "there is nothing in it".to_owned()));
    }
    Ok(canonical)
}

/// Counts lines up to where values begin.
struct Lines<'a> {
    text: &'a str,
    offset: usize,
    line: u32,
}

impl Lines<'_> {
    fn line_of_next(&mut self, offset: usize) -> u32 {
        let rest = self.text.get(offset..).unwrap_or_default();
        let start = offset + (rest.len() - rest.trim_start().len());
        let passed = self.text.get(self.offset..start).unwrap_or_default();
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count() as u32;
        self.offset = start;
        self.line
    }
}

fn head(value: &Members<'_>, line: u32) -> Result<Strict, CanonicalError> {
    let malformed = |why: &str| Err(CanonicalError::Malformed(line, why.to_owned()));
    if value.text("event").as_deref() != Some("canonical") {
        return malformed("the first line of a canonical form says {\"event\":\"canonical\",\"v\":1 ...}");
    }
    match value.unsigned("v") {
        Some(v) if v == u64::from(CANONICAL_VERSION) => {}
        Some(v) => return Err(CanonicalError::Version(v)),
        None => return malformed("its version `v` is missing"),
    }
    let mut strict = Strict::default();
    for switch in value.find("strict").map(|list| list.items()).unwrap_or_default() {
        if let Err(why) = strict.set(amf_of(&switch).as_str().unwrap_or_default()) {
            return malformed(&why);
        }
    }
    strict.salt = match value.text("salt").map(|salt| salt.parse::<Salt>()) {
        Some(Ok(salt)) => Some(salt),
        Some(Err(())) => return malformed("its `salt` is not 32 hexadecimal digits"),
        None if strict.text => return malformed("it keeps text=exact and its `salt` is missing"),
        None => None,
    };
    Ok(strict)
}

/// Takes one value of a form; false for one that has no place in it.
fn take(sessions: &mut Vec<Session>, value: &Members<'_>, line: u32) -> bool {
    let text = |name: &str| value.text(name);
    let is = |name: &str| value.boolean(name) == Some(true);
    if let Some(number) = value.unsigned("session") {
        sessions.push(Session {
            number: u32::try_from(number).unwrap_or(u32::MAX),
            role: text("role").and_then(|name| Role::of(&name)).unwrap_or_default(),
            app: text("app").map(Into::into),
            stream: text("stream").map(Into::into),
            late: is("late"),
            unfinished: is("unfinished"),
            line,
            ..Session::default()
        });
        return true;
    }
    let Some(session) = sessions.last_mut() else { return false };
    if value.raw("startup").is_some() {
        session.startup = measures(value, "startup");
        return true;
    }
    if let Some(name) = text("lane") {
        let Ok(name) = name.parse::<LaneName>() else { return false };
        // Each lane is there once; which of two is compared with the other side's would be chance.
        if session.lanes.iter().any(|lane| lane.name == name) {
            return false;
        }
        let (items, measures) = (Vec::new(), Vec::new());
        session.lanes.push(Lane { name, items, gap_after: false, gaps: is("lossy"), measures, line });
        return true;
    }
    let Some(lane) = session.lanes.last_mut() else { return false };
    if let Some(what) = text("item") {
        let body = value.find("says").map(|says| members_of(&says)).unwrap_or_default();
        let times = value.unsigned("times").unwrap_or(1);
        lane.items.push(Item { what: what.into(), body, times, after_gap: is("after_loss"), line, ..Item::default() });
        return true;
    }
    if is("lost") {
        lane.gap_after = true;
        return true;
    }
    if value.raw("measures").is_some() {
        lane.measures = measures(value, "measures");
        return true;
    }
    false
}

fn measures(value: &Members<'_>, name: &str) -> Vec<Measure> {
    let members = value.find(name).map(|measures| members_of(&measures)).unwrap_or_default();
    members.into_iter().map(|(name, value)| Measure { name, value }).collect()
}
