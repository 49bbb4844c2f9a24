//! Every event but messages: sources, sessions, handshakes, gaps, findings, the end.

use super::writer::{Object, array, object, string};
use super::{Detail, Options, VERSION, fields, media, message};
use crate::record::{Closed, End, Finding, Gap, GapAction, Handshake, Opened, Record, Source, Step, explain_handshake};
use crate::time::{Span, Time};
use crate::view::{Mask, Media};

/// What all lines of an output share.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) options: Options,
    /// AMF values are written once more, with their types.
    pub(super) lossless: bool,
    start: Time,
}

impl Line {
    pub(super) fn new(options: Options) -> Line {
        Line { options, lossless: false, start: Time::default() }
    }

    /// Times are told from the first packet on.
    pub(super) fn start(&mut self, start: Option<Time>) {
        self.start = start.unwrap_or_default();
    }

    pub(super) fn since_start(&self, time: Time) -> Span {
        time.since(self.start)
    }

    /// Appends the event of a record; where a session closes, with its sound and pictures.
    pub(super) fn write(&self, record: &Record, mask: &Mask, media: Option<&Media>, out: &mut Vec<u8>) {
        if let Record::Message(message) = record {
            return object(out, |o| message::write(self, o, message, mask));
        }
        object(out, |o| {
            o.number("v", VERSION);
            match record {
                Record::Opened(opened) => self.opened(o, opened),
                Record::Handshake(handshake) => self.handshake(o, handshake),
                Record::Gap(gap) => self.gap(o, gap),
                Record::Finding(finding) => self.finding(o, finding, mask),
                Record::Closed(closed) => self.closed(o, closed, mask, media),
                Record::End(end) => write_end(o, end),
                // These have no line here: the source's waits for its totals, a reply is told by its messages.
                Record::Source(_) | Record::Answered { .. } | Record::Message(_) => {}
            }
        });
    }

    fn opened(&self, o: &mut Object<'_>, opened: &Opened) {
        o.text("event", "session").number("session", opened.session).text("state", "open");
        o.seconds("time", self.since_start(opened.time)).text("transport", opened.transport.name());
        o.text("client", &opened.client.to_string()).text("server", &opened.server.to_string());
        o.text("joined", opened.joined.name());
    }

    fn handshake(&self, o: &mut Object<'_>, handshake: &Handshake) {
        o.text("event", "handshake").number("session", handshake.session);
        o.seconds("time", self.since_start(handshake.time)).text("dir", handshake.dir.name());
        o.text("part", handshake.part());
        match handshake.step {
            Step::First { version, form } => {
                o.number("version", version.0).text("form", form.name());
            }
            Step::Second { echo: Some(echo) } => {
                o.text("echo", echo.name());
            }
            Step::Second { echo: None } => {}
        }
        o.pair("span", handshake.span).pair("packets", handshake.packets);
        message::body(o, self.options.bodies, &handshake.bytes, handshake.beyond_numbers());
        if self.options.detail == Detail::Fields {
            fields::write(o.key("fields"), &explain_handshake(handshake), &handshake.bytes, None);
        }
    }

    fn gap(&self, o: &mut Object<'_>, gap: &Gap) {
        o.text("event", "gap").number("session", gap.session).text("dir", gap.dir.name());
        o.seconds("time", self.since_start(gap.time)).number("packet", gap.packet);
        o.number("at", gap.at).number("missing", gap.missing);
        if gap.skipped > 0 {
            o.number("skipped", gap.skipped);
        }
        if gap.lost_messages > 0 {
            o.number("lost_messages", gap.lost_messages);
        }
        o.text("action", gap.action.name());
        if let GapAction::Resync { chunk_size, confidence_bits } = gap.action {
            o.number("chunk_size", chunk_size).number("confidence_bits", confidence_bits);
        }
        o.text("why", gap.why);
    }

    fn finding(&self, o: &mut Object<'_>, finding: &Finding, mask: &Mask) {
        o.text("event", "finding").number("session", finding.session).text("dir", finding.dir.name());
        o.seconds("time", self.since_start(finding.time));
        if let Some(seq) = finding.seq {
            o.number("seq", seq);
        }
        o.number("at", finding.at).text("rule", finding.rule.id).text("level", finding.rule.level.name());
        o.text("text", &mask.echoes(finding.session, &finding.text));
    }

    fn closed(&self, o: &mut Object<'_>, closed: &Closed, mask: &Mask, media: Option<&Media>) {
        o.text("event", "session").number("session", closed.session).text("state", "closed");
        o.seconds("time", self.since_start(closed.time)).text("how", closed.how.name());
        match closed.by {
            Some(crate::stream::Direction::ClientToServer) => o.text("by", "client"),
            Some(crate::stream::Direction::ServerToClient) => o.text("by", "server"),
            None => o.null("by"),
        };
        o.text("verdict", &mask.echoes(closed.session, &closed.verdict)).number("messages", closed.messages);
        let [c2s, s2c] = closed.bytes;
        o.object("bytes", |o| {
            o.number("c2s", c2s).number("s2c", s2c);
        });
        let [c2s, s2c] = closed.missing;
        if c2s + s2c > 0 {
            o.object("missing", |o| {
                o.number("c2s", c2s).number("s2c", s2c);
            });
        }
        if let Some(sound_and_pictures) = media {
            media::write(o, sound_and_pictures);
        }
    }
}

/// The source's line while it waits for its totals.
pub(super) struct Waiting(Source);

impl Waiting {
    pub(super) fn new(source: &Source) -> Waiting {
        Waiting(source.clone())
    }

    pub(super) fn write(&self, out: &mut Vec<u8>, end: Option<&End>) {
        object(out, |o| {
            o.number("v", VERSION).text("event", "source");
            o.text("tool", concat!("rtmpscope ", env!("CARGO_PKG_VERSION")));
            o.text("input", &self.0.input).text("format", &self.0.format);
            if let Some(start) = self.0.start {
                o.text("start", &start.rfc3339());
            }
            if let Some(end) = end {
                o.number("packets", end.packets).boolean("complete", end.complete);
            }
        });
    }
}

fn write_end(o: &mut Object<'_>, end: &End) {
    o.text("event", "end").number("sessions", end.sessions).number("messages", end.messages);
    o.number("packets", end.packets).boolean("complete", end.complete);
    if !end.notes.is_empty() {
        array(o.key("notes"), &end.notes, |out, note| string(out, note));
    }
}
