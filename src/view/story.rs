//! The story of a session, told in a few lines: who, what, how it went.

mod row;

use std::fmt::Write as _;

use super::media::{Difference, Media, count};
use super::{Mask, clean, short_time};
use crate::field::Secrecy;
use crate::record::{Call, Closed, Finding, Gap, GapAction, Joined, Level, Message, Opened, Record, Step};
use crate::stream::Direction;
use crate::time::{Span, Time};
use crate::wire::body::Body;
use crate::wire::command::Command;
use crate::wire::control::Control;
use crate::wire::value::Amf;

/// What a session came to, gathered from its records.
#[derive(Debug)]
pub struct Story {
    /// How it began.
    pub opened: Opened,
    /// How it ended.
    pub closed: Option<Closed>,
    app: Option<String>,
    client: Option<String>,
    server: Option<String>,
    /// What the client asked for: verb and masked name.
    asked: Vec<String>,
    handshake: Option<Time>,
    connect: Milestone,
    stream: Milestone,
    media: Media,
    chunk_size: [u32; 2],
    messages: [u64; 2],
    findings: [u64; 3],
    worst: Option<(Level, String)>,
    missing: u64,
    gaps: u64,
    /// Bytes of the server are missing.
    deaf: bool,
}

/// A request and its answer.
#[derive(Debug, Default)]
struct Milestone {
    asked: Option<u64>,
    took: Option<Span>,
    name: &'static str,
}

impl Story {
    /// The story of a session that has just been recognised.
    pub fn new(opened: Opened) -> Story {
        Story {
            opened,
            closed: None,
            app: None,
            client: None,
            server: None,
            asked: Vec::new(),
            handshake: None,
            connect: Milestone { name: "connect", ..Milestone::default() },
            stream: Milestone::default(),
            media: Media::default(),
            chunk_size: [128; 2],
            messages: [0; 2],
            findings: [0; 3],
            worst: None,
            missing: 0,
            gaps: 0,
            deaf: false,
        }
    }

    /// Takes a record of this session into account.
    pub fn add(&mut self, record: &Record, mask: &Mask) {
        match record {
            Record::Handshake(handshake) if matches!(handshake.step, Step::Second { .. }) => {
                self.handshake = self.handshake.max(Some(handshake.time));
            }
            Record::Message(message) => self.message(message, mask),
            Record::Answered { call, after, .. } => self.answered(*call, *after),
            Record::Gap(Gap { missing, action, dir, .. }) => {
                self.gaps += 1;
                self.missing += missing;
                self.deaf |= *dir == Direction::ServerToClient && *missing > 0;
                if let (GapAction::Resync { chunk_size, .. }, Some(size)) =
                    (action, self.chunk_size.get_mut(dir.index()))
                {
                    *size = *chunk_size;
                }
            }
            Record::Finding(finding) => self.finding(finding, mask),
            Record::Closed(closed) => self.closed = Some(closed.clone()),
            _ => {}
        }
    }

    fn message(&mut self, message: &Message, mask: &Mask) {
        if let Some(call) = message.reply_to {
            self.answered(call.seq, call.after);
        }
        let side = message.dir.index();
        if let Some(count) = self.messages.get_mut(side) {
            *count += 1;
        }
        self.media.add(message);
        match &message.meaning {
            Body::Command(command) => self.command(command, message, mask),
            Body::Control(Control::SetChunkSize { value }) => {
                if let Some(size) = self.chunk_size.get_mut(side) {
                    *size = *value;
                }
            }
            _ => {}
        }
    }

    fn answered(&mut self, call: u64, after: Span) {
        for milestone in [&mut self.connect, &mut self.stream] {
            if milestone.asked == Some(call) && milestone.took.is_none() {
                milestone.took = Some(after);
            }
        }
    }

    fn command(&mut self, command: &Command, message: &Message, mask: &Mask) {
        let session = message.session;
        let text = |name: &str, secrecy| {
            command.object.member(name).and_then(Amf::as_str).map(|text| mask.text(session, secrecy, text).into_owned())
        };
        match (&*command.name, message.dir) {
            ("connect", Direction::ClientToServer) => {
                self.app = text("app", Secrecy::Url);
                self.client = text("flashVer", Secrecy::Open);
                self.connect.asked = Some(message.seq);
            }
            ("_result", Direction::ServerToClient) if self.server.is_none() => {
                self.server = text("fmsVer", Secrecy::Open);
            }
            (verb @ ("publish" | "play"), Direction::ClientToServer) => {
                let name = command.args.first().and_then(Amf::as_str).unwrap_or_default();
                self.asked.push(format!("{verb} {}", mask.text(session, Secrecy::Whole, name)));
                if self.stream.asked.is_none() {
                    let name = if verb == "publish" { "publish" } else { "play" };
                    self.stream = Milestone { asked: Some(message.seq), took: None, name };
                }
            }
            _ => {}
        }
        if let Some(Call::Answered(reply)) = &message.call {
            self.answered(message.seq, reply.after);
        }
    }

    fn finding(&mut self, finding: &Finding, mask: &Mask) {
        let level = finding.rule.level;
        if let Some(count) = self.findings.get_mut(level as usize) {
            *count += 1;
        }
        if self.worst.as_ref().is_none_or(|(worst, _)| *worst < level) {
            let text = mask.echoes(finding.session, &finding.text).into_owned();
            self.worst = Some((level, text));
        }
    }

    /// The lines of the story: a label and what there is to say.
    pub fn lines(&self, mask: &Mask) -> Vec<(&'static str, String)> {
        let mut lines = Vec::new();
        let Opened { session, client, server, transport, joined, .. } = &self.opened;
        let late = if *joined == Joined::Late { ", joined late: the capture begins in mid-session" } else { "" };
        lines.push(("session", format!("{session}  {client} -> {server}  {}{late}", transport.name())));
        if let Some(closed) = &self.closed {
            lines.push(("verdict", mask.echoes(closed.session, &closed.verdict).into_owned()));
        }
        if self.app.is_some() || !self.asked.is_empty() {
            let app = self.app.as_ref().map(|app| format!("app {app}"));
            let parts: Vec<String> = app.into_iter().chain(shortened(&self.asked)).collect();
            lines.push(("stream", parts.join(", ")));
        }
        let peers = [("client", &self.client), ("server", &self.server)];
        let peers: Vec<String> =
            peers.iter().filter_map(|(role, name)| name.as_ref().map(|name| format!("{role} {name}"))).collect();
        if !peers.is_empty() {
            lines.push(("peers", peers.join(", ")));
        }
        self.media_lines(&mut lines);
        let start = self.start_line();
        if !start.is_empty() {
            lines.push(("start", start));
        }
        lines.push(("traffic", self.traffic_line()));
        if let Some(problems) = self.problems_line() {
            lines.push(("problems", problems));
        }
        lines.into_iter().map(|(label, text)| (label, clean(&text).into_owned())).collect()
    }

    /// Its sound and pictures.
    pub fn media(&self) -> &Media {
        &self.media
    }

    fn media_lines(&self, lines: &mut Vec<(&'static str, String)>) {
        lines.extend(self.media.lines());
        let differences: Vec<String> =
            self.media.differences().into_iter().map(|Difference { text, .. }| text).collect();
        if !differences.is_empty() {
            lines.push(("differs", differences.join("; ")));
        }
    }

    fn start_line(&self) -> String {
        let begin = self.opened.time;
        let unheard = self.closed.as_ref().is_some_and(|Closed { bytes: [_, server], .. }| *server == 0);
        let not_captured = self.deaf || unheard;
        let mut parts = Vec::new();
        if let Some(time) = self.handshake {
            parts.push(format!("handshake {}", short_time(time.since(begin))));
        }
        for milestone in [&self.connect, &self.stream] {
            match (milestone.asked, milestone.took) {
                (Some(_), Some(took)) => parts.push(format!("{} {}", milestone.name, short_time(took))),
                (Some(_), None) if not_captured => parts.push(format!("no answer to {} captured", milestone.name)),
                (Some(_), None) => parts.push(format!("{} not answered", milestone.name)),
                (None, _) => {}
            }
        }
        if let Some(first) = self.media.tracks().iter().filter_map(|track| track.lane.first).min() {
            parts.push(format!("first media at {}", short_time(first.since(begin))));
        }
        parts.join(", ")
    }

    fn traffic_line(&self) -> String {
        // How many bytes there were is told when the session ends.
        let bytes = match &self.closed {
            Some(closed) => closed.bytes.map(|bytes| format!("{}, ", bytes_text(bytes))),
            None => [String::new(), String::new()],
        };
        let sides = Direction::BOTH.into_iter().zip(bytes).zip(self.messages).zip(self.chunk_size);
        let sides = sides.map(|(((dir, bytes), messages), chunk)| {
            format!("{} {}, {bytes}chunks of {chunk}", dir.name(), count(messages))
        });
        sides.collect::<Vec<_>>().join("; ")
    }

    fn problems_line(&self) -> Option<String> {
        let mut parts = Vec::new();
        if self.gaps > 0 {
            let unit = if self.gaps == 1 { "gap" } else { "gaps" };
            let missing = match self.missing {
                0 => String::new(),
                missing => format!(" ({} not captured)", bytes_text(missing)),
            };
            parts.push(format!("{} {unit}{missing}", self.gaps));
        }
        let [infos, warnings, errors] = self.findings;
        for (count, one, many) in
            [(errors, "error", "errors"), (warnings, "warning", "warnings"), (infos, "note", "notes")]
        {
            if count > 0 {
                parts.push(format!("{count} {}", if count == 1 { one } else { many }));
            }
        }
        let mut line = parts.join(", ");
        if let Some((_, worst)) = &self.worst {
            let _ = write!(line, ": {worst}");
        }
        (!line.is_empty()).then_some(line)
    }
}

/// At most three of many.
fn shortened(names: &[String]) -> Vec<String> {
    let mut out: Vec<String> = names.iter().take(3).cloned().collect();
    if names.len() > 3 {
        out.push(format!("{} more", names.len() - 3));
    }
    out
}

/// `812 B`, `69.6 kB`, `1.2 MB`.
pub fn bytes_text(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}
