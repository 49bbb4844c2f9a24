//! Events as observations for the canonical form: the same that the capture behind the export gives.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::read::{Event, Json, Members};
use crate::diff::{Config, Media, Message, Observed, PARTIAL, Says, labelled, repeated};
use crate::stream::Direction;
use crate::time::Span;
use crate::wire::command::Command;
use crate::wire::data::Data;
use crate::wire::value::Amf;

/// What an event tells.
pub fn observe<'a>(event: &'a Event<'_>) -> Option<Observed<'a>> {
    let members = &event.members;
    let session = u32::try_from(members.unsigned("session")?).ok()?;
    let time = members.raw("time").map(span).unwrap_or_default();
    let dir = || Direction::BOTH.into_iter().find(|dir| members.text("dir").is_some_and(|name| name == dir.name()));
    Some(match members.text("event")?.as_ref() {
        "session" if members.raw("state") == Some("\"open\"") => {
            Observed::Opened { session, time, late: members.raw("joined") == Some("\"late\"") }
        }
        "session" => Observed::Closed {
            session,
            unfinished: matches!(members.raw("how"), Some("\"unfinished\"" | "\"evicted\"")),
        },
        "handshake" => Observed::Handshake {
            session,
            dir: dir()?,
            time,
            part: members.raw("part").and_then(unquoted)?,
            body: handshake_body(members),
            fields: members.find("fields").map(|fields| flat(&fields, 0)),
            hash: handshake_hash(members),
        },
        "gap" => Observed::Gap { session, dir: dir()? },
        "message" => Observed::Message(message(members, session, dir()?, time)?),
        _ => return None,
    })
}

fn message<'a>(members: &Members<'a>, session: u32, dir: Direction, time: Span) -> Option<Message<'a>> {
    let small = |name: &str| members.unsigned(name).and_then(|n| u32::try_from(n).ok());
    let says = says(members)?;
    // The reply's side of a transaction is told in what it says.
    let reply = members.object("command").and_then(|command| {
        let after = command.raw("reply_after").map(span).unwrap_or_default();
        command.unsigned("reply_to").map(|seq| (seq, after))
    });
    Some(Message {
        session,
        seq: members.unsigned("seq")?,
        dir,
        time,
        timestamp: members.unsigned("timestamp_unwrapped").or_else(|| members.unsigned("timestamp")),
        stream_id: small("stream_id"),
        csid: small("csid").unwrap_or_default(),
        fmt: small("fmt").and_then(|n| u8::try_from(n).ok()).unwrap_or_default(),
        chunks: small("chunks").unwrap_or_default(),
        length: small("length").unwrap_or_default(),
        partial: members.raw("partial").is_some(),
        within: members.raw("within").is_some(),
        reply_to: reply,
        hash: hash(members, &says),
        says,
    })
}

/// The body's hash; made from the body itself where that is written in full.
fn hash(members: &Members<'_>, says: &Says<'_>) -> Option<Box<str>> {
    if !matches!(says, Says::Media(_)) {
        return None;
    }
    if members.raw("partial").is_some() {
        return Some(PARTIAL.into());
    }
    if let Some(hash) = members.text("hash") {
        return Some(hash.into());
    }
    let body = members.text("body")?;
    let bytes = STANDARD.decode(body.as_bytes()).ok()?;
    // `--bodies head:N` writes hex, and less than all.
    (Some(bytes.len() as u64) == members.unsigned("length"))
        .then(|| format!("{:016x}", super::message::hash(&bytes)).into())
}

/// The same for a handshake packet: of what follows its numbers.
fn handshake_hash(members: &Members<'_>) -> Option<Box<str>> {
    if let Some(hash) = members.text("hash") {
        return Some(hash.into());
    }
    let bytes = STANDARD.decode(members.text("body")?.as_bytes()).ok()?;
    let (numbers, whole) = if members.raw("version").is_some() { (9, 1537) } else { (8, 1536) };
    let beyond = bytes.get(numbers..).filter(|_| bytes.len() == whole)?;
    Some(format!("{:016x}", super::message::hash(beyond)).into())
}

fn says<'a>(members: &Members<'a>) -> Option<Says<'a>> {
    let amf = |name: &str| members.find(name).map_or(Amf::Null, |value| amf_of(&value));
    Some(match members.raw("kind").and_then(unquoted)? {
        "audio" => Says::Media(media(members, "audio")),
        "video" => Says::Media(media(members, "video")),
        "control" if members.raw("control").is_some() => Says::Control(amf("control")),
        "user_control" if members.raw("user_control").is_some() => Says::UserControl(amf("user_control")),
        "command" => Says::Command(command(members)),
        "data" => Says::Data(data(members)),
        "shared_object" => Says::SharedObject(amf("shared_object")),
        "aggregate" => Says::Aggregate,
        _ => Says::Unknown(members.unsigned("type_id").and_then(|n| u8::try_from(n).ok()).unwrap_or_default()),
    })
}

fn media<'a>(members: &Members<'a>, kind: &str) -> Media<'a> {
    let said = members.object(kind).unwrap_or_default();
    let word = |name: &str| said.raw(name).and_then(unquoted);
    // A reserved number is no word.
    let packet = word("packet").filter(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    let packet = if said.raw("command").is_some() { Some("command") } else { packet };
    let is_config = matches!(packet, Some("sequence_header" | "sequence_start" | "mpeg2ts_sequence_start"));
    let numbers = [said.unsigned("rate"), said.unsigned("bits"), said.unsigned("channels")];
    let format = if let [rate, Some(bits), Some(channels)] = numbers {
        Some([rate.unwrap_or_default(), bits, channels])
    } else {
        None
    };
    Media {
        video: kind == "video",
        codec: word("codec"),
        enhanced: said.boolean("enhanced") == Some(true),
        packet,
        keyframe: said.boolean("keyframe") == Some(true),
        composition_ms: said.raw("composition_ms").and_then(|raw| raw.parse().ok()),
        track: said.unsigned("track"),
        format: format.filter(|_| said.boolean("enhanced") == Some(false)),
        config: is_config.then(|| Config {
            facts: said.find("config").map(|config| members_of(&config)).unwrap_or_default(),
            fields: members.find("fields").map(|fields| flat(&fields, 1)),
        }),
    }
}

fn command(members: &Members<'_>) -> Command {
    let said = members.object("command").unwrap_or_default();
    Command {
        name: said.text("name").unwrap_or_default().into(),
        transaction: said.find("transaction").and_then(|n| n.number()),
        object: said.find("object").map_or(Amf::Null, |value| amf_of(&value)),
        args: said.find("args").map(|args| args.items().iter().map(amf_of).collect()).unwrap_or_default(),
    }
}

fn data(members: &Members<'_>) -> Data {
    let said = members.object("data").unwrap_or_default();
    Data {
        handler: said.text("handler").unwrap_or_default().into(),
        values: said.find("values").map(|values| values.items().iter().map(amf_of).collect()).unwrap_or_default(),
    }
}

fn handshake_body(event: &Members<'_>) -> Amf {
    let mut body: Vec<(Box<str>, Amf)> = Vec::new();
    for name in ["version", "form", "echo"] {
        body.extend(event.find(name).map(|value| (name.into(), amf_of(&value))));
    }
    let span: Vec<f64> =
        event.find("span").map(|span| span.items()).unwrap_or_default().iter().filter_map(Json::number).collect();
    if let [start, end] = span.as_slice() {
        body.push(("bytes".into(), Amf::Number(end - start)));
    }
    Amf::Object(body)
}

/// The leaves of `fields` below the groups of `depth`, all of them for 0, by their path.
fn flat(fields: &Json<'_>, depth: usize) -> Vec<(String, String)> {
    fn walk(fields: &Json<'_>, path: &mut Vec<String>, depth: usize, out: &mut Vec<(String, String)>) {
        let mut seen: std::collections::HashMap<String, u32> = std::collections::HashMap::new();
        for field in fields.items() {
            let field = field.members();
            let name = field.text("name").unwrap_or_default().into_owned();
            let count = seen.entry(name.clone()).or_default();
            *count += 1;
            path.push(repeated(&name, *count));
            match (field.find("fields"), field.find("value")) {
                (Some(below), _) => walk(&below, path, depth, out),
                (None, Some(value)) if depth == 0 || path.len() > depth + 1 => {
                    let value = match value {
                        Json::Text(text) => text.into_owned(),
                        Json::Null => "null".to_owned(),
                        _ => field.raw("value").unwrap_or_default().to_owned(),
                    };
                    let label = field.text("label");
                    out.push((path.get(depth..).unwrap_or_default().join("."), labelled(&value, label.as_deref())));
                }
                (None, _) => {}
            }
            path.pop();
        }
    }
    let mut out = Vec::new();
    walk(fields, &mut Vec::new(), depth, &mut out);
    out
}

/// The members of a JSON object as those of an AMF object.
pub(crate) fn members_of(value: &Json<'_>) -> Vec<(Box<str>, Amf)> {
    value.members().iter().map(|(name, value)| (name.into(), amf_of(&value))).collect()
}

/// A JSON value as the AMF value that it was written for.
pub(crate) fn amf_of(value: &Json<'_>) -> Amf {
    match value {
        Json::Null => Amf::Null,
        Json::Boolean(b) => Amf::Boolean(*b),
        Json::Unsigned(n) => Amf::Number(*n as f64),
        Json::Float(n) => Amf::Number(*n),
        Json::Text(text) => Amf::String(text.as_ref().into()),
        Json::Array(_) => Amf::Array(value.items().iter().map(amf_of).collect()),
        Json::Object(_) => Amf::Object(members_of(value)),
    }
}

/// Decimal seconds, exactly.
fn span(raw: &str) -> Span {
    let (sign, digits) = raw.strip_prefix('-').map_or((1, raw), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let nanos = format!("{part:0<9}").get(..9).and_then(|part| part.parse::<i64>().ok()).unwrap_or_default();
    Span(sign * (whole.parse::<i64>().unwrap_or_default().saturating_mul(1_000_000_000).saturating_add(nanos)))
}

/// A string without escapes, as all words of ours are.
fn unquoted(raw: &str) -> Option<&str> {
    raw.strip_prefix('"')?.strip_suffix('"')
}
