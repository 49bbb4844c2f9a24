//! Differences in words: `video: GOP 50 -> 100 frames`.

use std::fmt::Write as _;

use super::canonical::{LaneKind, LaneName};
use super::compare::{Detail, Difference, Topic};
use crate::stream::Direction;
use crate::wire::value::Amf;

/// A difference in one line.
pub fn words(difference: &Difference) -> String {
    let mut line = format!("{}: {}", place(difference), change(difference));
    let mut also: Vec<&str> = Vec::new();
    for consequence in &difference.consequences {
        let noun = match (consequence.topic, consequence.lane.map(|lane| lane.kind)) {
            (Topic::Value, Some(LaneKind::Control)) => "the same of the other side",
            (Topic::Presence, Some(LaneKind::Control)) if difference.topic == Topic::Presence => "its answer",
            (topic, _) => noun(topic),
        };
        if !also.contains(&noun) {
            also.push(noun);
        }
    }
    if !also.is_empty() {
        let _ = write!(line, " (with it: {})", also.join(", "));
    }
    line
}

/// A lane for people: `video`, `audio[1]`, `control of the server`.
pub fn lane_words(lane: LaneName) -> String {
    let mut text = lane.kind.name().to_owned();
    if lane.track > 0 {
        let _ = write!(text, "[{}]", lane.track);
    }
    if !lane.kind.is_media() {
        text.push_str(if lane.dir == Direction::ClientToServer { " of the client" } else { " of the server" });
    }
    text
}

/// A value for people, no longer than a line can take.
pub fn shown(value: Option<&Amf>) -> String {
    const MOST: usize = 120;
    let Some(value) = value else { return "nothing".to_owned() };
    let mut text = String::new();
    write_value(&mut text, value);
    if text.chars().count() > MOST {
        text = text.chars().take(MOST - 3).collect();
        text.push_str("...");
    }
    text
}

fn write_value(out: &mut String, value: &Amf) {
    match value {
        Amf::String(text) => {
            let _ = write!(out, "{text:?}");
        }
        Amf::Number(n) => {
            let _ = write!(out, "{n}");
        }
        Amf::Boolean(b) => {
            let _ = write!(out, "{b}");
        }
        Amf::Object(members) => {
            out.push('{');
            for (n, (name, value)) in members.iter().enumerate() {
                let _ = write!(out, "{}{name}: ", if n > 0 { ", " } else { "" });
                write_value(out, value);
            }
            out.push('}');
        }
        Amf::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                out.push_str(if n > 0 { ", " } else { "" });
                write_value(out, item);
            }
            out.push(']');
        }
        _ => out.push_str("null"),
    }
}

/// Texts as they are, everything else as [`shown`].
fn bare(value: Option<&Amf>) -> String {
    match value {
        Some(Amf::String(text)) => text.to_string(),
        value => shown(value),
    }
}

fn place(difference: &Difference) -> String {
    match (difference.topic, difference.lane) {
        (Topic::Session | Topic::Purpose, _) => "session".to_owned(),
        (Topic::Startup, _) => "start-up".to_owned(),
        (Topic::Duration, None) => "media".to_owned(),
        (_, Some(lane)) => lane_words(lane),
        (_, None) => "session".to_owned(),
    }
}

fn change(difference: &Difference) -> String {
    let Some(first) = difference.details.first() else { return "differs".to_owned() };
    let arrow = |unit: &str| format!("{} -> {}{unit}", bare(first.a.as_ref()), bare(first.b.as_ref()));
    match difference.topic {
        Topic::Session | Topic::Lane => match (&first.a, &first.b) {
            (Some(a), _) => format!("only in A ({})", bare(Some(a))),
            (None, b) => format!("only in B ({})", bare(b.as_ref())),
        },
        Topic::Presence => presence(first),
        Topic::Order => format!("{} {}", item(first), arrow("")),
        Topic::Codec => format!("codec {}", arrow("")),
        Topic::Resolution => resolution(difference),
        Topic::Rate => match first.lane.map(|lane| lane.kind) {
            Some(LaneKind::Audio) => format!("{} frames a second", arrow("")),
            _ => arrow(" fps"),
        },
        Topic::Gop => format!("GOP {}", arrow(" frames")),
        Topic::Reordering => reordering(difference, first),
        Topic::SampleRate => format!("sample rate {}", arrow(" Hz")),
        Topic::Channels => format!("channels {}", arrow("")),
        Topic::Profile => profile(difference),
        Topic::ChunkSize => format!("chunk size {}", arrow("")),
        Topic::Times => format!("{} {} times", item(first), arrow("")),
        Topic::Duration => duration(difference),
        Topic::Start => format!("starts at {}", arrow(" ms")),
        Topic::Header => format!("header {}", arrow("")),
        Topic::Bitrate => format!("bit rate {}", arrow(" kbit/s")),
        Topic::Configuration => match difference.details.len() {
            1 => leaf(first),
            n => format!("{}, and {} more fields", leaf(first), n - 1),
        },
        Topic::Sizes => match first.path.first().map(|name| &**name) {
            Some("key_bytes") => {
                format!("sizes of key frames {} (10 %, half, 90 % of them are at most so large)", arrow(""))
            }
            _ => format!("sizes of frames {} (10 %, half, 90 % of them are at most so large)", arrow("")),
        },
        Topic::Timing if first.path.len() == 2 => format!("{} at {}", item(first), arrow(" ms")),
        Topic::Timing => format!("timing {}", timing(first)),
        Topic::Startup => startup(difference),
        Topic::KeyOrder if first.path.len() > 1 => format!("{}: keys in another order", path_words(&first.path)),
        Topic::KeyOrder => format!("{}: keys in another order", item(first)),
        Topic::NotCompared => format!("{}: lost on one side, not compared", item(first)),
        Topic::Payload | Topic::Purpose | Topic::Upkeep | Topic::Value => leaf(first),
    }
}

/// `connect object.app "live" -> "test"`.
fn leaf(detail: &Detail) -> String {
    let path = path_words(&detail.path);
    match (&detail.a, &detail.b) {
        (Some(a), None) => format!("{path} only in A: {}", shown(Some(a))),
        (None, Some(b)) => format!("{path} only in B: {}", shown(Some(b))),
        (a, b) => format!("{path} {} -> {}", shown(a.as_ref()), shown(b.as_ref())),
    }
}

fn path_words(path: &[Box<str>]) -> String {
    match path.split_first() {
        // The handler inside says what it is.
        Some((first, rest)) if !rest.is_empty() => {
            format!("{} {}", first.strip_prefix("@setDataFrame ").unwrap_or(first), rest.join("."))
        }
        Some((first, _)) => first.replace('_', " "),
        None => String::new(),
    }
}

fn item(detail: &Detail) -> &str {
    detail.path.first().map(|name| &**name).unwrap_or_default()
}

fn presence(detail: &Detail) -> String {
    let (side, value, at) = match (&detail.a, &detail.b) {
        (Some(value), _) => ("A", value, detail.at_a),
        (None, Some(value)) => ("B", value, detail.at_b),
        (None, None) => return item(detail).to_owned(),
    };
    let message = at.seq.map(|seq| format!(" (message {seq})")).unwrap_or_default();
    // A status is known by its code.
    let code = value.member("info").or_else(|| value.member("response")).and_then(|info| info.member("code"));
    let code = code.and_then(Amf::as_str).map(|code| format!(" {code}")).unwrap_or_default();
    format!("{}{code} only in {side}{message}", item(detail))
}

fn resolution(difference: &Difference) -> String {
    let of =
        |name: &str| difference.details.iter().find(|detail| detail.path.last().is_some_and(|last| &**last == name));
    let (width, height) = (of("width"), of("height"));
    match (width, height) {
        (Some(width), Some(height)) => format!(
            "resolution {}x{} -> {}x{}",
            bare(width.a.as_ref()),
            bare(height.a.as_ref()),
            bare(width.b.as_ref()),
            bare(height.b.as_ref())
        ),
        (Some(one), None) | (None, Some(one)) => format!(
            "{} {} -> {}",
            one.path.last().map_or("", |name| &**name),
            bare(one.a.as_ref()),
            bare(one.b.as_ref())
        ),
        (None, None) => "resolution".to_owned(),
    }
}

fn reordering(difference: &Difference, first: &Detail) -> String {
    let measured =
        difference.details.iter().find(|detail| detail.path.first().is_some_and(|name| &**name == "reordered"));
    let Some(detail) = measured else {
        // Where the header tells no composition times, the parameter sets still do.
        let appear = first.a.as_ref().and_then(Amf::as_str) == Some("0");
        let name = first.path.last().and_then(|path| path.rsplit('.').next()).unwrap_or_default();
        let change = format!("{name} {} -> {}", bare(first.a.as_ref()), bare(first.b.as_ref()));
        return format!("B-frames {} ({change})", if appear { "appear" } else { "disappear" });
    };
    let spread = |value: &Option<Amf>| match value {
        Some(Amf::Array(ends)) => match ends.as_slice() {
            [Amf::Number(first), Amf::Number(last)] if last > first => Some(format!("{first} to {last} ms")),
            _ => None,
        },
        _ => None,
    };
    match (spread(&detail.a), spread(&detail.b)) {
        (None, Some(offsets)) => format!("B-frames appear (composition offsets {offsets})"),
        (Some(offsets), None) => format!("B-frames disappear (composition offsets were {offsets})"),
        (a, b) => format!("composition offsets {} -> {}", a.unwrap_or_default(), b.unwrap_or_default()),
    }
}

fn profile(difference: &Difference) -> String {
    let parts = difference.details.iter().map(|detail| {
        let name = detail.path.last().map(|name| name.replace('_', " ")).unwrap_or_default();
        format!("{name} {} -> {}", bare(detail.a.as_ref()), bare(detail.b.as_ref()))
    });
    parts.collect::<Vec<_>>().join(", ")
}

fn duration(difference: &Difference) -> String {
    let by_name = |wanted: &str| {
        difference.details.iter().find(|detail| detail.path.last().is_some_and(|name| &**name == wanted))
    };
    let seconds = |value: &Option<Amf>| match value.as_ref().and_then(Amf::as_number) {
        Some(milliseconds) => format!("{:.1}", milliseconds / 1000.0),
        None => "none".to_owned(),
    };
    match (by_name("duration_ms"), by_name("frames"), difference.details.first()) {
        (Some(detail), ..) => format!("duration {} -> {} s", seconds(&detail.a), seconds(&detail.b)),
        (None, Some(detail), _) => format!("{} -> {} frames", bare(detail.a.as_ref()), bare(detail.b.as_ref())),
        (None, None, Some(detail)) => leaf(detail),
        (None, None, None) => "duration".to_owned(),
    }
}

fn timing(detail: &Detail) -> String {
    let runs = |value: &Option<Amf>| match value {
        Some(Amf::Array(runs)) => match runs.len() {
            0 | 1 => "regular".to_owned(),
            n => format!("{} jumps, the first at {}", n - 1, bare(runs.get(1))),
        },
        value => bare(value.as_ref()),
    };
    format!("{} -> {}", runs(&detail.a), runs(&detail.b))
}

fn startup(difference: &Difference) -> String {
    let parts = difference.details.iter().map(|detail| {
        let name = detail.path.last().map_or("", |name| name.strip_suffix("_ms").unwrap_or(name)).replace('_', " ");
        format!("{name} {} -> {} ms", bare(detail.a.as_ref()), bare(detail.b.as_ref()))
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// What a consequence is about, in a word.
fn noun(topic: Topic) -> &'static str {
    match topic {
        Topic::Session => "sessions",
        Topic::Purpose => "purpose",
        Topic::Lane => "lanes",
        Topic::Codec => "codec",
        Topic::Resolution => "resolution",
        Topic::Rate => "frame rate",
        Topic::Gop => "GOP",
        Topic::Reordering => "B-frames",
        Topic::SampleRate => "sample rate",
        Topic::Channels => "channels",
        Topic::Profile => "profile",
        Topic::Presence => "messages",
        Topic::Order => "order",
        Topic::ChunkSize => "chunk size of the other side",
        Topic::Value => "metadata",
        Topic::Times => "repetitions",
        Topic::Timing => "timing",
        Topic::Duration => "duration",
        Topic::Start => "start",
        Topic::Configuration => "configuration",
        Topic::Header => "header",
        Topic::Bitrate => "bit rate",
        Topic::Sizes => "frame sizes",
        Topic::Payload => "payload",
        Topic::Startup => "start-up",
        Topic::Upkeep => "acknowledgements",
        Topic::KeyOrder => "order of keys",
        Topic::NotCompared => "losses",
    }
}
