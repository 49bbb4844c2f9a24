//! Observations from the engine's records. What a body says takes the form that events have.

use std::collections::HashMap;

use super::{Config, Media, Message, Observed, PARTIAL, Says};
use crate::field::{Kind, Tree, Value};
use crate::record::{self, Record, Step, explain_body, explain_handshake};
use crate::stream::Ending;
use crate::time::{Time, rfc3339_of_milliseconds};
use crate::wire::audio::{Audio, SoundFormat};
use crate::wire::body::Body;
use crate::wire::codec::VideoConfig;
use crate::wire::codec::audio::AudioConfig;
use crate::wire::command::Command;
use crate::wire::control::Control;
use crate::wire::data::Data;
use crate::wire::enhanced::{Header, Multitrack};
use crate::wire::shared_object::{Payload, SharedObject};
use crate::wire::user::{Event, UserControl};
use crate::wire::value::Amf;
use crate::wire::video::Video;

impl Observed<'static> {
    /// What a record tells; `start` is the time of the first packet. Hashes of handshakes and media bodies are made with
    /// `hashes`, of bodies that were kept whole.
    pub fn of(record: &Record, start: Time, hashes: bool) -> Option<Observed<'static>> {
        Some(match record {
            Record::Opened(opened) => Observed::Opened {
                session: opened.session,
                time: opened.time.since(start),
                late: opened.joined == record::Joined::Late,
            },
            Record::Handshake(handshake) => Observed::Handshake {
                session: handshake.session,
                dir: handshake.dir,
                time: handshake.time.since(start),
                part: handshake.part(),
                body: handshake_body(handshake),
                fields: Some(flat(&explain_handshake(handshake), &handshake.bytes, 0)),
                hash: hashes.then(|| hash_text(handshake.beyond_numbers()).into()),
            },
            Record::Message(message) => Observed::Message(of_message(message, start, hashes)),
            Record::Gap(gap) => Observed::Gap { session: gap.session, dir: gap.dir },
            Record::Closed(closed) => Observed::Closed {
                session: closed.session,
                unfinished: matches!(closed.how, Ending::Unfinished | Ending::Evicted),
            },
            Record::Source(_) | Record::Answered { .. } | Record::Finding(_) | Record::End(_) => return None,
        })
    }
}

fn of_message(message: &record::Message, start: Time, hashes: bool) -> Message<'static> {
    let head = &message.head;
    let is_config = message.meaning.is_configuration();
    let hash = match message.partial {
        Some(_) => Some(PARTIAL.into()),
        None => (message.body_kept() && (hashes || is_config)).then(|| hash_text(message.body.bytes()).into()),
    };
    Message {
        session: message.session,
        seq: message.seq,
        dir: message.dir,
        time: message.time.since(start),
        timestamp: message.timestamp().map(|_| head.unwrapped),
        stream_id: message.stream_id(),
        csid: head.csid,
        fmt: head.fmt,
        chunks: message.chunks,
        length: head.length,
        partial: message.partial.is_some(),
        within: message.within.is_some(),
        reply_to: message.reply_to.map(|call| (call.seq, call.after)),
        hash,
        says: says(message, is_config),
    }
}

fn says(message: &record::Message, is_config: bool) -> Says<'static> {
    match &message.meaning {
        Body::Control(control) => Says::Control(control_body(control)),
        Body::UserControl(user) => Says::UserControl(user_body(user)),
        Body::Command(command) => Says::Command(command_as_written(command)),
        Body::Data(data) => Says::Data(Data { handler: data.handler.clone(), values: values(&data.values) }),
        Body::SharedObject(shared) => Says::SharedObject(shared_body(shared)),
        Body::Aggregate(_) => Says::Aggregate,
        Body::Unknown => Says::Unknown(message.head.message_type.0),
        Body::Audio(audio) => Says::Media(audio_media(audio, message, is_config)),
        Body::Video(video) => Says::Media(video_media(video, message, is_config)),
    }
}

fn audio_media(audio: &Audio, message: &record::Message, is_config: bool) -> Media<'static> {
    let mut media = Media { codec: audio.codec(), packet: audio.packet(), keyframe: false, ..Media::default() };
    match audio {
        Audio::Enhanced(enhanced) => {
            media.enhanced = true;
            media.track = track(&enhanced.header);
        }
        Audio::Legacy(tag) if tag.format != SoundFormat::AAC => {
            let rate = tag.rate.hertz().map_or(0, u64::from);
            media.format = Some([rate, if tag.wide { 16 } else { 8 }, if tag.stereo { 2 } else { 1 }]);
        }
        Audio::Legacy(_) | Audio::Silence => {}
    }
    if is_config {
        let facts = audio.config().map(|config| audio_facts(&config)).unwrap_or_default();
        media.config = Some(Config { facts, fields: config_fields(message) });
    }
    media
}

fn video_media(video: &Video, message: &record::Message, is_config: bool) -> Media<'static> {
    let mut media = Media {
        video: true,
        codec: video.codec(),
        packet: video.packet(),
        keyframe: video.is_keyframe(),
        ..Media::default()
    };
    match video {
        Video::Enhanced(enhanced) => {
            media.enhanced = true;
            media.track = track(&enhanced.header);
            media.packet = if enhanced.command.is_some() { Some(COMMAND) } else { media.packet };
            media.composition_ms = enhanced.composition_ms.map(i64::from);
        }
        Video::Legacy(tag) => {
            media.composition_ms = tag.composition_ms.map(i64::from);
            media.packet = if tag.command.is_some() { Some(COMMAND) } else { media.packet };
        }
        Video::Empty => {}
    }
    if is_config {
        let facts = video.facts().config.map(|config| video_facts(&config)).unwrap_or_default();
        media.config = Some(Config { facts, fields: config_fields(message) });
    }
    media
}

/// What a command frame carries.
const COMMAND: &str = "command";

fn track<P>(header: &Header<P>) -> Option<u64> {
    let tracks = header.tracks.filter(|tracks| tracks.form == Multitrack::ONE_TRACK)?;
    tracks.first.map(u64::from)
}

fn config_fields(message: &record::Message) -> Option<Vec<(String, String)>> {
    message.body_kept().then(|| flat(&explain_body(message), message.body.bytes(), 1))
}

fn video_facts(config: &VideoConfig) -> Vec<(Box<str>, Amf)> {
    let mut facts = Vec::new();
    let text = |text: Option<&str>| text.map(|text| Amf::String(text.into()));
    put(&mut facts, "profile", text(config.profile()));
    put(&mut facts, "level", text(config.level()));
    put(&mut facts, "chroma", text(config.chroma()));
    put(&mut facts, "width", config.width().map(number));
    put(&mut facts, "height", config.height().map(number));
    put(&mut facts, "fps", config.fps().filter(|fps| fps.is_finite()).map(Amf::Number));
    put(&mut facts, "bit_depth", config.bit_depth().map(number));
    put(&mut facts, "interlaced", config.is_interlaced().then_some(Amf::Boolean(true)));
    if let Some(colour) = config.colour() {
        put(&mut facts, "primaries", text(colour.primaries_name()));
        put(&mut facts, "transfer", text(colour.transfer_name()));
        put(&mut facts, "matrix", text(colour.matrix_name()));
        put(&mut facts, "full_range", Some(Amf::Boolean(colour.full_range)));
    }
    facts
}

fn audio_facts(config: &AudioConfig) -> Vec<(Box<str>, Amf)> {
    let mut facts = Vec::new();
    put(&mut facts, "profile", config.profile().map(|text| Amf::String(text.into())));
    put(&mut facts, "rate", config.sample_rate.map(number));
    put(&mut facts, "channels", config.channels.map(number));
    put(&mut facts, "samples_per_frame", config.samples_per_frame.map(number));
    put(&mut facts, "bits", config.bits_per_sample.map(number));
    facts
}

/// 64 bits of a body's SHA-256, as events write them.
fn hash_text(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let first = Sha256::digest(bytes).first_chunk().map_or(0, |first| u64::from_be_bytes(*first));
    format!("{first:016x}")
}

fn handshake_body(handshake: &record::Handshake) -> Amf {
    let mut body = Vec::new();
    match handshake.step {
        Step::First { version, form } => {
            put(&mut body, "version", Some(number(version.0)));
            put(&mut body, "form", Some(Amf::String(form.name().into())));
        }
        Step::Second { echo } => put(&mut body, "echo", echo.map(|echo| Amf::String(echo.name().into()))),
    }
    put(&mut body, "bytes", Some(Amf::Number((handshake.span.1 - handshake.span.0) as f64)));
    Amf::Object(body)
}

/// The leaves below the groups of `depth`, all of them for 0, by their path, with what they say. Opaque bytes say nothing:
/// the hash of the whole tells of them.
fn flat(tree: &Tree, bytes: &[u8], depth: u16) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut seen: Vec<HashMap<&str, u32>> = vec![HashMap::new()];
    for node in tree.nodes() {
        let level = usize::from(node.depth);
        path.truncate(level);
        seen.truncate(level + 1);
        let count = seen.last_mut().map_or(0, |names| {
            let count = names.entry(node.field.name).or_default();
            *count += 1;
            *count
        });
        path.push(super::repeated(node.field.name, count));
        if node.kind == Kind::Group {
            seen.push(HashMap::new());
        }
        let value = match node.value {
            Value::Text(range) => String::from_utf8_lossy(range.of(bytes)).into_owned(),
            value => match plain(value) {
                Some(value) => value,
                None => continue,
            },
        };
        // What was not decoded has no value, only a reason.
        if !matches!(node.kind, Kind::Group | Kind::Gap) && (depth == 0 || node.depth > depth) {
            let label = node.field.label(node.value, bytes);
            let path = path.get(usize::from(depth)..).unwrap_or_default().join(".");
            fields.push((path, super::labelled(&value, label.as_deref())));
        }
    }
    fields
}

fn plain(value: Value) -> Option<String> {
    Some(match value {
        Value::Unsigned(n) => n.to_string(),
        Value::Signed(n) => n.to_string(),
        // As JSON has it: no fraction where there is none.
        Value::Float(n) if n.fract() == 0.0 && n.abs() < 9e15 => format!("{n}"),
        Value::Float(n) => format!("{n:?}"),
        Value::Boolean(b) => b.to_string(),
        Value::Word(word) => word.to_owned(),
        Value::Count(n) => n.to_string(),
        Value::Date(n) => rfc3339_of_milliseconds(n)?,
        Value::None | Value::Bytes(_) | Value::Text(_) => return None,
    })
}

fn control_body(control: &Control) -> Amf {
    let mut body = vec![("op".into(), Amf::String(control.op().into()))];
    match control {
        Control::SetChunkSize { value } => put(&mut body, "value", Some(number(*value))),
        Control::Abort { csid } => put(&mut body, "csid", Some(number(*csid))),
        Control::Acknowledgement { sequence } => put(&mut body, "value", Some(number(*sequence))),
        Control::WindowAckSize { size } => put(&mut body, "value", Some(number(*size))),
        Control::SetPeerBandwidth { size, limit } => {
            put(&mut body, "value", Some(number(*size)));
            let word = limit.map(|limit| limit.word().map_or_else(|| limit.0.to_string(), str::to_owned));
            put(&mut body, "limit", word.map(|word| Amf::String(word.into())));
        }
    }
    Amf::Object(body)
}

fn user_body(user: &UserControl) -> Amf {
    let mut body = vec![("code".into(), number(user.code.0))];
    put(&mut body, "name", user.code.word().map(|word| Amf::String(word.into())));
    let mut put = |name, value: u32| put(&mut body, name, Some(number(value)));
    match user.event {
        Event::Stream(stream) => put("stream", stream),
        Event::BufferLength { stream, buffer_ms } => {
            put("stream", stream);
            put("buffer_ms", buffer_ms);
        }
        Event::Ping(time) => put("time", time),
        Event::SwfRequest(kind) => put("swf_request", u32::from(kind)),
        Event::SwfResponse { size } => put("swf_size", size),
        Event::FlowSync { sync_id, count } => {
            put("sync_id", sync_id);
            put("count", count);
        }
        Event::Keepalive { server_ms, peer_ms } => {
            put("server_ms", server_ms);
            put("peer_ms", peer_ms);
        }
        Event::Opaque => {}
    }
    Amf::Object(body)
}

fn command_as_written(command: &Command) -> Command {
    Command {
        name: command.name.clone(),
        transaction: command.transaction,
        object: as_written(&command.object),
        args: values(&command.args),
    }
}

fn shared_body(shared: &SharedObject) -> Amf {
    let events = shared.events.iter().map(|event| {
        let mut body = vec![("type".into(), number(event.kind.0))];
        put(&mut body, "name", event.kind.word().map(|word| Amf::String(word.into())));
        let text = |text: &str| Some(Amf::String(text.into()));
        match &event.payload {
            Payload::Empty => {}
            Payload::Slots(slots) => put(&mut body, "slots", Some(as_written(&Amf::Object(slots.clone())))),
            Payload::Key(key) => put(&mut body, "key", text(key)),
            Payload::Message { handler, args } => {
                put(&mut body, "handler", text(handler));
                put(&mut body, "args", Some(Amf::Array(values(args))));
            }
            Payload::Status { code, level } => {
                put(&mut body, "code", text(code));
                put(&mut body, "level", text(level));
            }
            Payload::Opaque(bytes) => put(&mut body, "bytes", Some(Amf::Number(bytes.len() as f64))),
        }
        Amf::Object(body)
    });
    Amf::Object(vec![
        ("name".into(), Amf::String(shared.name.clone())),
        ("version".into(), number(shared.version)),
        ("persistent".into(), Amf::Boolean(shared.persistent)),
        ("events".into(), Amf::Array(events.collect())),
    ])
}

fn values(values: &[Amf]) -> Vec<Amf> {
    values.iter().map(as_written).collect()
}

/// A value as events write it: text where JSON has no type for it, a number behind names that come again.
fn as_written(value: &Amf) -> Amf {
    match value {
        Amf::Undefined => Amf::String("undefined".into()),
        Amf::Unsupported => Amf::String("unsupported".into()),
        Amf::Date(milliseconds, _) => match rfc3339_of_milliseconds(*milliseconds) {
            Some(date) => Amf::String(date.into()),
            None => as_written(&Amf::Number(*milliseconds)),
        },
        Amf::Number(n) if n.is_nan() => Amf::String("NaN".into()),
        Amf::Number(n) if n.is_infinite() => Amf::String(if *n > 0.0 { "Infinity" } else { "-Infinity" }.into()),
        Amf::Bytes(bytes) => Amf::Object(vec![("bytes".into(), Amf::Number(bytes.len() as f64))]),
        Amf::Reference(index) => Amf::Object(vec![("reference".into(), number(*index))]),
        Amf::Array(items) => Amf::Array(values(items)),
        Amf::Object(members) => {
            let mut seen: HashMap<String, u32> = HashMap::new();
            let members = members.iter().map(|(name, value)| {
                let count = seen.entry(name.to_lowercase()).or_default();
                *count += 1;
                let name = match *count {
                    1 => name.clone(),
                    n => {
                        let numbered = format!("{name}#{n}");
                        seen.insert(numbered.to_lowercase(), 1);
                        numbered.into()
                    }
                };
                (name, as_written(value))
            });
            Amf::Object(members.collect())
        }
        plain => plain.clone(),
    }
}

fn put(body: &mut Vec<(Box<str>, Amf)>, name: &str, value: Option<Amf>) {
    body.extend(value.map(|value| (name.into(), value)));
}

fn number(n: impl Into<f64>) -> Amf {
    Amf::Number(n.into())
}
