//! The story of sessions as the events of an export tell it: the same lines, as far as the export says as much.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{lasting, rows};
use crate::out::json::{Event, EventSink, Members, Value as Json};
use crate::out::{Ink, Paint};
use crate::stream::Direction;
use crate::time::Span;
use crate::view::{bytes_text, clean, short_time};

/// Gathers what an export tells of each session.
#[derive(Debug, Default)]
pub struct Retold {
    input: Option<String>,
    format: String,
    packets: Option<u64>,
    last: f64,
    sessions: BTreeMap<u64, Told>,
}

/// One session.
#[derive(Debug, Default)]
struct Told {
    began: f64,
    ends: String,
    verdict: Option<String>,
    app: Option<String>,
    peers: [Option<String>; 2],
    asked: Vec<String>,
    handshake: Option<f64>,
    /// The messages that connect, and that publish or play first, with their names.
    calls: Vec<(u64, &'static str)>,
    answers: Vec<(u64, f64)>,
    first_media: Option<f64>,
    /// Label and text of each track, and what metadata says otherwise.
    media: Vec<(&'static str, String)>,
    chunk_size: [u64; 2],
    messages: [u64; 2],
    bytes: Option<[u64; 2]>,
    gaps: u64,
    missing: u64,
    /// Bytes of the server are missing.
    deaf: bool,
    /// Errors, warnings, notes.
    findings: [u64; 3],
    worst: Option<(usize, String)>,
}

/// Levels of findings, the worst first, as they are counted.
const LEVELS: [(&str, &str, &str); 3] =
    [("error", "error", "errors"), ("warning", "warning", "warnings"), ("info", "note", "notes")];

impl EventSink for Retold {
    fn event(&mut self, event: &Event<'_>) {
        let members = &event.members;
        let text = |name: &str| members.text(name).unwrap_or_default().into_owned();
        let time = members.find("time").and_then(|time| time.number()).unwrap_or_default();
        self.last = self.last.max(time);
        match (text("event").as_str(), members.unsigned("session")) {
            ("source", _) => {
                self.input = Some(text("input"));
                self.format = text("format");
                self.packets = members.unsigned("packets").or(self.packets);
            }
            ("end", _) => self.packets = members.unsigned("packets").or(self.packets),
            (name, Some(session)) => {
                let told = self.sessions.entry(session).or_insert_with(|| Told {
                    began: time,
                    chunk_size: [128; 2],
                    ..Told::default()
                });
                match name {
                    "session" => told.session(members),
                    "handshake" if matches!(text("part").as_str(), "s2" | "c2") => {
                        told.handshake = Some(told.handshake.map_or(time, |before| before.max(time)));
                    }
                    "message" => told.message(members, time),
                    "gap" => told.gap(members),
                    "finding" => told.finding(&text("level"), text("text")),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

fn side(members: &Members<'_>) -> usize {
    usize::from(members.raw("dir") == Some("\"s2c\""))
}

impl Told {
    fn session(&mut self, members: &Members<'_>) {
        let text = |name: &str| members.text(name).unwrap_or_default().into_owned();
        if text("state") == "open" {
            let late = if text("joined") == "late" { ", joined late: the capture begins in mid-session" } else { "" };
            self.ends = format!("{} -> {}  {}{late}", text("client"), text("server"), text("transport"));
            return;
        }
        self.verdict = Some(text("verdict"));
        let bytes = members.object("bytes").unwrap_or_default();
        self.bytes = Some(["c2s", "s2c"].map(|dir| bytes.unsigned(dir).unwrap_or_default()));
        let tracks = members.find("media").map(|media| media.items()).unwrap_or_default();
        self.media = tracks.iter().map(|track| track_line(&track.members())).collect();
        let differs = members.find("differs").map(|differs| differs.items()).unwrap_or_default();
        let differs: Vec<String> =
            differs.iter().filter_map(|one| one.members().text("text").map(|text| text.into_owned())).collect();
        if !differs.is_empty() {
            self.media.push(("differs", differs.join("; ")));
        }
    }

    fn message(&mut self, members: &Members<'_>, time: f64) {
        let dir = side(members);
        if let Some(count) = self.messages.get_mut(dir) {
            *count += 1;
        }
        match members.text("kind").unwrap_or_default().as_ref() {
            "audio" | "video" => _ = self.first_media.get_or_insert(time),
            "control" => {
                let control = members.object("control").unwrap_or_default();
                let size = control.unsigned("value").filter(|_| control.raw("op") == Some("\"set_chunk_size\""));
                if let (Some(size), Some(known)) = (size, self.chunk_size.get_mut(dir)) {
                    *known = size;
                }
            }
            "command" => self.command(members, dir),
            _ => {}
        }
    }

    fn command(&mut self, members: &Members<'_>, dir: usize) {
        let command = members.object("command").unwrap_or_default();
        let seq = members.unsigned("seq").unwrap_or_default();
        let object = |name: &str| match command.at(&["object", name]) {
            Some(Json::Text(text)) => Some(text.into_owned()),
            _ => None,
        };
        // A reply names its call; where it came out before its call, only the call names it.
        let call = command.unsigned("reply_to").or_else(|| command.unsigned("reply").map(|_| seq));
        if let (Some(call), Some(after)) = (call, command.find("reply_after")) {
            self.answers.push((call, after.number().unwrap_or_default()));
        }
        match (command.text("name").unwrap_or_default().as_ref(), dir) {
            ("connect", 0) => {
                self.app = object("app");
                let [client, _] = &mut self.peers;
                *client = object("flashVer");
                self.calls.push((seq, "connect"));
            }
            ("_result", 1) => {
                let [_, server] = &mut self.peers;
                *server = server.take().or_else(|| object("fmsVer"));
            }
            (verb @ ("publish" | "play"), 0) => {
                let name = command.find("args").and_then(|args| args.member("0"));
                let name = if let Some(Json::Text(name)) = name { name.into_owned() } else { String::new() };
                if self.asked.is_empty() {
                    self.calls.push((seq, if verb == "publish" { "publish" } else { "play" }));
                }
                self.asked.push(format!("{verb} {name}"));
            }
            _ => {}
        }
    }

    fn gap(&mut self, members: &Members<'_>) {
        self.gaps += 1;
        let missing = members.unsigned("missing").unwrap_or_default();
        self.missing += missing;
        self.deaf |= missing > 0 && side(members) == Direction::ServerToClient.index();
        if let (Some(size), Some(known)) = (members.unsigned("chunk_size"), self.chunk_size.get_mut(side(members))) {
            *known = size;
        }
    }

    fn finding(&mut self, level: &str, text: String) {
        let Some(level) = LEVELS.iter().position(|(name, ..)| *name == level) else { return };
        if let Some(count) = self.findings.get_mut(level) {
            *count += 1;
        }
        if self.worst.as_ref().is_none_or(|(worst, _)| level < *worst) {
            self.worst = Some((level, text));
        }
    }

    fn lines(&self, session: u64) -> Vec<(&'static str, String)> {
        let mut lines = vec![("session", format!("{session}  {}", self.ends))];
        let unended = "not known: the export ends before the session does".to_owned();
        lines.push(("verdict", self.verdict.clone().unwrap_or(unended)));
        let app = self.app.as_ref().map(|app| format!("app {app}"));
        let more = self.asked.len().saturating_sub(3);
        let asked = self.asked.iter().take(3).cloned().chain((more > 0).then(|| format!("{more} more")));
        let mut put = |label: &'static str, parts: Vec<String>| {
            if !parts.is_empty() {
                lines.push((label, parts.join(", ")));
            }
        };
        put("stream", app.into_iter().chain(asked).collect());
        let peers = ["client", "server"].into_iter().zip(&self.peers);
        put("peers", peers.filter_map(|(role, name)| Some(format!("{role} {}", name.as_ref()?))).collect());
        lines.extend(self.media.iter().cloned());
        let start = self.start_line();
        if !start.is_empty() {
            lines.push(("start", start));
        }
        let sides = Direction::BOTH.into_iter().zip(self.messages).zip(self.chunk_size).enumerate();
        let sides = sides.map(|(n, ((dir, messages), chunk))| {
            let bytes = self.bytes.and_then(|bytes| bytes.get(n).copied());
            let bytes = bytes.map(|bytes| format!(", {}", bytes_text(bytes))).unwrap_or_default();
            format!("{} {}{bytes}, chunks of {chunk}", dir.name(), counted(messages, "message", "messages"))
        });
        lines.push(("traffic", sides.collect::<Vec<_>>().join("; ")));
        lines.extend(self.problems_line().map(|line| ("problems", line)));
        lines.into_iter().map(|(label, text)| (label, clean(&text).into_owned())).collect()
    }

    fn start_line(&self) -> String {
        let span = |seconds: f64| short_time(Span((seconds * 1e9).round() as i64));
        let not_captured = self.deaf || self.bytes.is_some_and(|[_, server]| server == 0);
        let mut parts = Vec::new();
        parts.extend(self.handshake.map(|time| format!("handshake {}", span(time - self.began))));
        for (seq, name) in &self.calls {
            let took = self.answers.iter().find(|(call, _)| call == seq);
            parts.push(match took {
                Some((_, took)) => format!("{name} {}", span(*took)),
                None if not_captured => format!("no answer to {name} captured"),
                None => format!("{name} not answered"),
            });
        }
        parts.extend(self.first_media.map(|time| format!("first media at {}", span(time - self.began))));
        parts.join(", ")
    }

    fn problems_line(&self) -> Option<String> {
        let mut parts = Vec::new();
        if self.gaps > 0 {
            let missing =
                if self.missing > 0 { format!(" ({} not captured)", bytes_text(self.missing)) } else { String::new() };
            parts.push(format!("{}{missing}", counted(self.gaps, "gap", "gaps")));
        }
        let found = LEVELS.iter().zip(self.findings).filter(|(_, count)| *count > 0);
        parts.extend(found.map(|((_, one, many), count)| counted(count, one, many)));
        let worst = self.worst.as_ref().map(|(_, text)| format!(": {text}")).unwrap_or_default();
        (!parts.is_empty()).then(|| parts.join(", ") + &worst)
    }
}

fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// What the event that closes a session says of a track.
fn track_line(track: &Members<'_>) -> (&'static str, String) {
    let label = if track.raw("kind") == Some("\"video\"") { "video" } else { "audio" };
    let words = |value: Option<Json<'_>>| -> Vec<String> {
        let items = value.map(|value| value.items()).unwrap_or_default();
        items
            .into_iter()
            .filter_map(|item| if let Json::Text(text) = item { Some(text.into_owned()) } else { None })
            .collect()
    };
    let mut what = words(track.find("codecs")).join(", ");
    if let Some(config) = track.object("config") {
        let known = |name: &str| {
            config.find(name).map(|value| match value {
                Json::Text(text) => text.into_owned(),
                _ => config.raw(name).unwrap_or_default().to_owned(),
            })
        };
        // Some profiles say the codec, too.
        if known("profile").is_some_and(|profile| profile.to_lowercase().starts_with(&what)) {
            what.clear();
        }
        what.extend(["profile", "level"].iter().filter_map(|name| Some(format!(" {}", known(name)?))));
        if let (Some(width), Some(height)) = (known("width"), known("height")) {
            what.push_str(&format!(", {width}x{height}"));
        }
        let units =
            [("chroma", ""), ("bit_depth", " bit"), ("fps", " fps"), ("rate", " Hz"), ("channels", " channels")];
        what.extend(units.iter().filter_map(|(name, unit)| Some(format!(" {}{unit}", known(name)?))));
    }
    let mut counts = vec![counted(track.unsigned("messages").unwrap_or_default(), "message", "messages")];
    counts.extend(track.unsigned("keyframes").map(|keys| counted(keys, "keyframe", "keyframes")));
    counts.extend(track.find("kbps").and_then(|rate| rate.number()).map(|rate| format!("{rate:.0} kbit/s")));
    let what = what.trim_start();
    let id = track.unsigned("track").filter(|id| *id > 0).map(|id| format!("track {id}: ")).unwrap_or_default();
    (label, format!("{id}{what}; {}", counts.join(", ")))
}

impl Retold {
    /// Writes what the export was made of and the lines of every session; `name` is the export's.
    pub fn write(&self, out: &mut impl Write, name: &str, paint: Paint, width: Option<usize>) -> io::Result<()> {
        let mut head = format!("{}  export", clean(name));
        if let Some(input) = &self.input {
            head.push_str(&format!(" of {} ({})", clean(input), self.format));
        }
        if let Some(packets) = self.packets {
            head.push_str(&format!(", {packets} packets"));
        }
        let sessions = counted(self.sessions.len() as u64, "session", "sessions");
        head.push_str(&format!(", {}, {sessions}", lasting(Span((self.last * 1e9) as i64))));
        writeln!(out, "{}", paint.ink(Ink::Strong, &head))?;
        for (session, told) in &self.sessions {
            writeln!(out)?;
            rows(out, told.lines(*session), paint, width)?;
        }
        Ok(())
    }
}
