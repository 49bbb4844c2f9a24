//! `list` as aligned columns for people: a row per message, and rows for what stands between messages.

use std::borrow::Cow;
use std::io::{self, Write};

use columns::{BLANK, Cell};

use super::json::{Event, EventSink, what};
use super::style::{Ink, Paint};
use crate::record::{Closed, GapAction, Handshake, Joined, Level, Message, Opened, Record, Sink};
use crate::stream::Direction;
use crate::time::Time;
use crate::view::{Mask, clean, gap_text, handshake_text, write_gist};
use crate::wire::code::Kind;

mod columns;

/// Columns from which on a row shows everything.
const ROOM_FOR_ALL: usize = 110;

/// Writes records as rows.
pub struct List<W> {
    out: W,
    mask: Mask,
    paint: Paint,
    /// Columns that a row may take.
    width: Option<usize>,
    start: Time,
    headed: bool,
    failed: Option<io::Error>,
    /// The row in the making and the text of a message: their memory is used again.
    row: Vec<u8>,
    text: String,
}

impl<W: Write> List<W> {
    /// A list that cuts rows at `width` columns, if there is one.
    pub fn new(out: W, mask: Mask, paint: Paint, width: Option<usize>) -> Self {
        let start = Time::default();
        List { out, mask, paint, width, start, headed: false, failed: None, row: Vec::new(), text: String::new() }
    }

    /// Writes what waits. Tells of a failure each time from the first one on.
    pub fn flush(&mut self) -> io::Result<()> {
        match &self.failed {
            Some(error) => Err(io::Error::new(error.kind(), error.to_string())),
            None => self.out.flush(),
        }
    }

    /// Where rows go, for what stands between them.
    pub fn writer(&mut self) -> &mut W {
        &mut self.out
    }

    /// Ends the output.
    pub fn finish(mut self) -> io::Result<()> {
        match self.failed {
            Some(error) => Err(error),
            None => self.out.flush(),
        }
    }

    fn line(&mut self, cells: [Cell<'_>; 9], ink: Ink, text: &str) -> io::Result<()> {
        if !self.headed {
            self.headed = true;
            self.columns(columns::NAMES.map(Cell::Text));
            let head = format!("{} what", String::from_utf8_lossy(&self.row));
            writeln!(self.out, "{}", self.paint.ink(Ink::Faint, &self.cut(&head, 0)))?;
        }
        self.columns(cells);
        let used = self.width.map(|_| String::from_utf8_lossy(&self.row).chars().count() + 1);
        let text = used.map_or(Cow::Borrowed(text), |used| self.cut(text, used));
        let (begin, end) = self.paint.around(ink);
        for part in [" ", begin, &text, end, "\n"] {
            self.row.extend_from_slice(part.as_bytes());
        }
        self.out.write_all(&self.row)
    }

    /// Begins a row with the columns in front of the text: all of them where there is room, the most telling ones
    /// elsewhere.
    fn columns(&mut self, cells: [Cell<'_>; 9]) {
        self.row.clear();
        columns::write(&mut self.row, cells, self.width.is_some_and(|width| width < ROOM_FOR_ALL));
    }

    /// A text that fits behind `used` columns.
    fn cut<'a>(&self, text: &'a str, used: usize) -> Cow<'a, str> {
        let room = self.width.map_or(usize::MAX, |width| width.saturating_sub(used).max(8));
        if text.chars().count() <= room {
            return Cow::Borrowed(text);
        }
        text.chars().take(room - 1).chain(['…']).collect()
    }

    fn time(&self, time: Time) -> Cell<'static> {
        Cell::Time(time.since(self.start))
    }

    fn message(&mut self, message: &Message) -> io::Result<()> {
        let head = &message.head;
        let kind = head.message_type.kind();
        // What cannot be known after lost bytes is left blank.
        let known = |number: Option<u32>| number.map_or(BLANK, |number| Cell::Number(number.into()));
        let cells = [
            Cell::Number(message.session.into()),
            Cell::Number(message.seq),
            self.time(message.time),
            Cell::Text(message.dir.name()),
            Cell::Text(kind.name()),
            Cell::Number(head.csid.into()),
            known(message.stream_id()),
            known(message.timestamp()),
            Cell::Number(head.length.into()),
        ];
        let ink = match kind {
            Kind::Audio | Kind::Video | Kind::Aggregate => Ink::Plain,
            Kind::Command | Kind::Data | Kind::SharedObject => Ink::Strong,
            Kind::Unknown => Ink::Warning,
            Kind::Control | Kind::UserControl => Ink::Faint,
        };
        let mut text = std::mem::take(&mut self.text);
        write_gist(&mut text, message, &self.mask);
        let written = self.line(cells, ink, &text);
        self.text = text;
        written
    }

    /// A row that is no message: session, time, direction, and what it is.
    fn note(
        &mut self,
        session: u32,
        time: Time,
        dir: Option<Direction>,
        kind: &str,
        ink: Ink,
        text: &str,
    ) -> io::Result<()> {
        let (dir, kind) = (Cell::Text(dir.map_or("", Direction::name)), Cell::Text(kind));
        let cells = [Cell::Number(session.into()), BLANK, self.time(time), dir, kind, BLANK, BLANK, BLANK, BLANK];
        self.line(cells, ink, &clean(text))
    }

    fn record(&mut self, record: &Record) -> io::Result<()> {
        match record {
            Record::Source(source) => {
                self.start = source.start.unwrap_or_default();
                Ok(())
            }
            Record::Opened(Opened { session, time, client, server, transport, joined }) => {
                let late = if *joined == Joined::Late { ", joined late" } else { "" };
                let text = format!("{client} -> {server}, {}{late}", transport.name());
                self.note(*session, *time, None, "session", Ink::Strong, &text)
            }
            Record::Handshake(handshake) => {
                let Handshake { session, time, dir, .. } = handshake;
                self.note(*session, *time, Some(*dir), "handshake", Ink::Faint, &handshake_text(handshake))
            }
            Record::Message(message) => self.message(message),
            Record::Gap(gap) => {
                let ink = if gap.action == GapAction::Stopped { Ink::Error } else { Ink::Warning };
                self.note(gap.session, gap.time, Some(gap.dir), "gap", ink, &gap_text(gap))
            }
            Record::Finding(finding) => {
                let ink = if finding.rule.level == Level::Info { Ink::Faint } else { Ink::Warning };
                let text = self.mask.echoes(finding.session, &finding.text).into_owned();
                self.note(finding.session, finding.time, Some(finding.dir), finding.rule.level.name(), ink, &text)
            }
            Record::Closed(Closed { session, time, verdict, .. }) => {
                let text = self.mask.echoes(*session, verdict).into_owned();
                self.note(*session, *time, None, "closed", Ink::Strong, &text)
            }
            Record::Answered { .. } | Record::End(_) => Ok(()),
        }
    }
}

impl<W: Write> List<W> {
    /// A row for an event that was read: what it says in its own words.
    fn read(&mut self, event: &Event<'_>) -> io::Result<()> {
        let members = &event.members;
        let cell = |name: &str| members.raw(name).unwrap_or_default().trim_matches('"');
        let time = members.raw("time").and_then(|raw| raw.parse::<f64>().ok()).map(|time| format!("{time:.6}"));
        let time = time.unwrap_or_default();
        let kind = members.text("kind").unwrap_or_default();
        if cell("event") == "message" {
            let cells = [
                cell("session"),
                cell("seq"),
                &time,
                cell("dir"),
                &kind,
                cell("csid"),
                cell("stream_id"),
                cell("timestamp"),
                cell("length"),
            ];
            return self.line(cells.map(Cell::Text), Ink::Plain, &what(members));
        }
        let words = |names: &[&str]| -> String {
            let words = names.iter().filter_map(|name| members.text(name));
            words.collect::<Vec<_>>().join(" ")
        };
        let (kind, text) = match (cell("event"), cell("state")) {
            ("session", "open") => {
                let late = if cell("joined") == "late" { ", joined late" } else { "" };
                (
                    "session",
                    format!("{} -> {}, {}{late}", words(&["client"]), words(&["server"]), words(&["transport"])),
                )
            }
            ("session", _) => ("closed", words(&["verdict"])),
            ("handshake", _) => ("handshake", words(&["part", "form", "echo"])),
            ("gap", _) => (
                "gap",
                format!("{} bytes missing at byte {}; {}", cell("missing"), cell("at"), words(&["action", "why"])),
            ),
            ("finding", _) => (cell("level"), words(&["text"])),
            _ => return Ok(()),
        };
        let cells = [cell("session"), "", &time, cell("dir"), kind, "", "", "", ""];
        self.line(cells.map(Cell::Text), Ink::Faint, &clean(&text))
    }
}

impl<W: Write> EventSink for List<W> {
    fn event(&mut self, event: &Event<'_>) {
        if self.failed.is_none()
            && let Err(error) = self.read(event)
        {
            self.failed = Some(error);
        }
    }
}

impl<W: Write> Sink for List<W> {
    fn overhear(&mut self, record: &Record) {
        self.mask.learn(record);
    }

    fn take(&mut self, mut record: Record) {
        self.pass(&mut record);
    }

    fn pass(&mut self, record: &mut Record) {
        if self.failed.is_some() {
            return;
        }
        self.mask.learn(record);
        if let Err(error) = self.record(record) {
            self.failed = Some(error);
        }
    }
}
