//! A message in one line: what it is and what matters in it.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{Mask, bytes_text, clean};
use crate::field::{Field, Secrecy};
use crate::record::{Call, Gap, GapAction, Handshake, Message, Step};
use crate::time::Span;
use crate::wire::aggregate::Aggregate;
use crate::wire::body::Body;
use crate::wire::command::Command;
use crate::wire::control::Control;
use crate::wire::data::Data;
use crate::wire::shared_object::{Payload, SharedObject};
use crate::wire::user::{Event, UserControl};
use crate::wire::value::Amf;

mod media;

/// The line for a message, with secrets masked and controls escaped.
pub fn gist(message: &Message, mask: &Mask) -> String {
    let mut line = String::new();
    write_gist(&mut line, message, mask);
    line
}

/// The same in place of what `line` says, whose memory is used again: lists tell of millions of messages.
pub fn write_gist(line: &mut String, message: &Message, mask: &Mask) {
    line.clear();
    match &message.meaning {
        _ if message.partial == Some(0) => other_gist(line, message),
        Body::Audio(audio) => media::audio(line, audio),
        Body::Video(video) => media::video(line, video),
        Body::Control(control) => *line = control_gist(control, message.replaces),
        Body::UserControl(user) => *line = user_gist(user),
        Body::Command(command) => *line = command_gist(command, message, mask),
        Body::Data(data) => *line = data_gist(data, message.session, mask),
        Body::Aggregate(aggregate) => *line = aggregate_gist(aggregate),
        Body::SharedObject(shared) => *line = shared_gist(shared, message.session, mask),
        _ => other_gist(line, message),
    }
    if let Some(have) = message.partial {
        let _ = write!(line, " (only {have} of {} bytes)", message.head.length);
    }
    if let Cow::Owned(cleaned) = clean(line) {
        *line = cleaned;
    }
}

/// Milliseconds with the digits that matter: `0.07 ms`, `44.0 ms`, `1.2 s`.
pub fn short_time(span: Span) -> String {
    let ms = span.seconds() * 1000.0;
    match ms.abs() {
        ms_abs if ms_abs < 1.0 => format!("{ms:.2} ms"),
        ms_abs if ms_abs < 1000.0 => format!("{ms:.1} ms"),
        _ => format!("{:.2} s", ms / 1000.0),
    }
}

/// What a gap did, in one line.
pub fn gap_text(gap: &Gap) -> String {
    let place = format!("from byte {} on: {}", gap.at, gap.why);
    let missing = if gap.missing > 0 { format!("{} missing ", bytes_text(gap.missing)) } else { String::new() };
    let skipped = if gap.skipped > 0 { format!(", {} skipped", bytes_text(gap.skipped)) } else { String::new() };
    match gap.action {
        GapAction::Continued => format!("{missing}{place}; where the next header is is known all the same"),
        GapAction::Resync { chunk_size, confidence_bits } => {
            let next = gap.at + gap.missing + gap.skipped;
            format!(
                "{missing}{place}{skipped}; resumed at byte {next} (chunk size {chunk_size}, {confidence_bits} bits of evidence)"
            )
        }
        GapAction::Stopped => format!("{missing}{place}{skipped}; nothing more of this direction is decoded"),
    }
}

/// What a handshake packet is, in one line.
pub fn handshake_text(handshake: &Handshake) -> String {
    let part = handshake.part();
    let names = [("c0c1", "C0 and C1"), ("c2", "C2"), ("s0s1", "S0 and S1"), ("s2", "S2")];
    let name = names.iter().find(|(short, _)| *short == part).map_or(part, |(_, name)| name);
    match handshake.step {
        Step::First { version, form } => format!("{name}: version {}, {}", version.0, form.name().replace('_', " ")),
        Step::Second { echo: Some(echo) } => format!("{name}: echo {}", echo.name()),
        Step::Second { echo: None } => name.to_owned(),
    }
}

fn control_gist(control: &Control, replaces: Option<u32>) -> String {
    let was = replaces.map(|was| format!(" (was {was})")).unwrap_or_default();
    match control {
        Control::SetChunkSize { value } => format!("Set Chunk Size {value}{was}"),
        Control::Abort { csid } => format!("Abort chunk stream {csid}"),
        Control::Acknowledgement { sequence } => format!("Acknowledgement {sequence} bytes received"),
        Control::WindowAckSize { size } => format!("Window Acknowledgement Size {size}{was}"),
        Control::SetPeerBandwidth { size, limit } => {
            let limit = limit.map(|limit| match limit.word() {
                Some(word) => format!(", {word}"),
                None => format!(", limit type {}", limit.0),
            });
            format!("Set Peer Bandwidth {size}{}{was}", limit.unwrap_or_default())
        }
    }
}

fn user_gist(user: &UserControl) -> String {
    // The events that everybody sends need no second name.
    let name = match (user.code.name(), user.code.also()) {
        (Some(name), Some(also)) if user.code.0 > 7 => format!("{name} (also: {also})"),
        (Some(name), _) => name.to_owned(),
        (None, _) => format!("event {}", user.code.0),
    };
    match user.event {
        Event::Stream(stream) => format!("{name}, stream {stream}"),
        Event::BufferLength { stream, buffer_ms } => format!("{name} {buffer_ms} ms, stream {stream}"),
        Event::Ping(time) => format!("{name} {time}"),
        Event::SwfRequest(_) | Event::Opaque => name,
        Event::SwfResponse { size } => format!("{name}, SWF of {size} bytes"),
        Event::FlowSync { sync_id, count } => format!("{name} {sync_id}, {count} flows"),
        Event::Keepalive { server_ms, peer_ms } => format!("{name}: server {server_ms} ms, peer {peer_ms} ms"),
    }
}

fn command_gist(command: &Command, message: &Message, mask: &Mask) -> String {
    let session = message.session;
    let roles = command.roles(message.context.reply_to);
    let mut line = mask.echoes(session, &command.name).into_owned();
    if let Some(known) = message.context.reply_to.filter(|_| command.is_reply()) {
        let _ = write!(line, " to {}", known.name);
    }
    if let Some(code) = command.status_code() {
        let _ = write!(line, " {}", mask.echoes(session, code));
        if let Some(description) = command.status_description() {
            let _ = write!(line, ": {}", mask.text(session, Secrecy::Echo, description));
        }
    } else {
        let mut words = Words { line: &mut line, mask, session };
        words.members(&command.object, roles.object);
        for (n, arg) in command.args.iter().enumerate() {
            words.value(arg, roles.arg(n));
        }
    }
    match (message.call, message.reply_to) {
        (Some(Call::Answered(reply)), _) => {
            let _ = write!(line, " -> #{} after {}", reply.seq, short_time(reply.after));
        }
        (_, Some(call)) => {
            let _ = write!(line, " <- #{}", call.seq);
        }
        _ => {}
    }
    line
}

fn data_gist(data: &Data, session: u32, mask: &Mask) -> String {
    let mut line = mask.echoes(session, &data.handler).into_owned();
    let mut words = Words { line: &mut line, mask, session };
    for (n, value) in data.values.iter().enumerate() {
        words.value(value, data.role(n));
    }
    line
}

/// `4 messages: 2 audio, 1 video, 1 data`.
fn aggregate_gist(aggregate: &Aggregate) -> String {
    let mut kinds: Vec<(&'static str, usize)> = Vec::new();
    for part in &aggregate.parts {
        let name = part.message_type.kind().name();
        match kinds.iter_mut().find(|(kind, _)| *kind == name) {
            Some((_, count)) => *count += 1,
            None => kinds.push((name, 1)),
        }
    }
    let kinds: Vec<_> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    match aggregate.parts.len() {
        0 => "no messages".to_owned(),
        1 => format!("1 message: {}", kinds.join(", ")),
        n => format!("{n} messages: {}", kinds.join(", ")),
    }
}

fn shared_gist(shared: &SharedObject, session: u32, mask: &Mask) -> String {
    let kept = if shared.persistent { "persistent " } else { "" };
    let mut line = format!("{kept}{} v{}:", mask.echoes(session, &shared.name), shared.version);
    for (n, event) in shared.events.iter().enumerate() {
        let separator = if n > 0 { "," } else { "" };
        let word = event.kind.word().map_or_else(|| format!("event {}", event.kind.0), |word| word.replace('_', " "));
        if line.len() + word.len() >= LONGEST {
            let _ = write!(line, "{separator} {} more events", shared.events.len() - n);
            break;
        }
        let _ = write!(line, "{separator} {word}");
        let mut words = Words { line: &mut line, mask, session };
        match &event.payload {
            Payload::Empty => {}
            Payload::Slots(slots) => {
                for (name, value) in slots {
                    words.word(&format!("{}=", mask.echoes(session, name)), value, Secrecy::Open);
                }
            }
            Payload::Key(key) => words.text(key),
            Payload::Message { handler, args } => {
                words.text(handler);
                for arg in args {
                    words.word("", arg, Secrecy::Open);
                }
            }
            Payload::Status { code, .. } => words.text(code),
            Payload::Opaque(bytes) => words.text(&format!("({} bytes)", bytes.len())),
        }
    }
    line
}

/// Appends values in few words, as long as the line stays a line.
struct Words<'a> {
    line: &'a mut String,
    mask: &'a Mask,
    session: u32,
}

const LONGEST: usize = 160;

impl Words<'_> {
    fn value(&mut self, value: &Amf, field: &'static Field) {
        match value {
            Amf::Object(_) => self.members(value, field),
            Amf::Null | Amf::Undefined => {}
            _ => self.word("", value, field.secrecy),
        }
    }

    /// The scalar members of an object as `name=value`.
    fn members(&mut self, value: &Amf, field: &'static Field) {
        let Amf::Object(members) = value else { return };
        for (name, value) in members {
            let secrecy = field.member(name.as_bytes()).map_or(Secrecy::Open, |member| member.secrecy);
            self.word(&format!("{name}="), value, secrecy);
        }
    }

    fn text(&mut self, text: &str) {
        let text = self.mask.echoes(self.session, text);
        self.append("", &text);
    }

    fn word(&mut self, name: &str, value: &Amf, secrecy: Secrecy) {
        let text = match value {
            Amf::Number(n) => format!("{n}"),
            Amf::Boolean(b) => format!("{b}"),
            Amf::String(text) => self.mask.text(self.session, secrecy, text).into_owned(),
            Amf::Array(items) => format!("[{} items]", items.len()),
            Amf::Object(members) => format!("{{{} members}}", members.len()),
            Amf::Bytes(bytes) => format!("[{} bytes]", bytes.len()),
            Amf::Date(..) => "date".to_owned(),
            Amf::Null | Amf::Undefined | Amf::Unsupported | Amf::Reference(_) => return,
        };
        self.append(name, &text);
    }

    fn append(&mut self, name: &str, text: &str) {
        if self.line.len() + name.len() + text.len() < LONGEST {
            let _ = write!(self.line, " {name}{text}");
        } else if !self.line.ends_with('…') {
            self.line.push_str(" …");
        }
    }
}

fn other_gist(line: &mut String, message: &Message) {
    let kind = message.head.message_type;
    let _ = match kind.name() {
        Some(name) => line.write_str(name),
        None => write!(line, "unknown type {}", kind.0),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Reader;
    use crate::wire::code::MessageType;

    #[test]
    fn shared_objects_and_aggregates_fit_a_line() {
        let shared = |bytes: &[u8]| {
            let (shared, _) = SharedObject::read(&mut Reader::quiet(bytes), MessageType::SHARED_OBJECT);
            shared_gist(&shared, 1, &Mask::new(true))
        };
        let head = b"\0\x04chat\0\0\0\x03\0\0\0\x02\0\0\0\0";
        let events = b"\x08\0\0\0\0\x03\0\0\0\x07\0\x01k\x02\0\x01v\x06\0\0\0\x08\x02\0\x03say\x01\x01\x4d\0\0\0\x02zz";
        let line = shared(&[&head[..], events].concat());
        assert_eq!(line, "persistent chat v3: clear, request change k=v, send message say true, event 77 (2 bytes)");
        let many = shared(&[&head[..], &b"\x08\0\0\0\0".repeat(1000)].concat());
        assert!(many.len() < 200 && many.ends_with(" more events"), "{many}");

        let aggregate = |bytes: &[u8]| aggregate_gist(&Aggregate::read(&mut Reader::quiet(bytes)).0);
        let part = |ty| [&[ty][..], b"\0\0\x02\0\0\x05\0\0\0\0\xaf\x01\0\0\0\x0d"].concat();
        assert_eq!(aggregate(b""), "no messages");
        assert_eq!(aggregate(&part(8)), "1 message: 1 audio");
        assert_eq!(aggregate(&[part(8), part(18), part(8)].concat()), "3 messages: 2 audio, 1 data");
    }
}
