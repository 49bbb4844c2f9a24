//! Filters and events keep to each other: what JSON writes is what filters know, with the same values, both ways.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex};

use common::{events, export, in_parallel, records, sample, samples};
use rtmpscope::out::json::{Bodies, Detail};
use rtmpscope::query::{ENTRIES, Entry, Filter, Place, Seen, Type, entry};
use rtmpscope::record::{Message, Record};
use rtmpscope::session::Want;
use rtmpscope::time::Time;
use serde_json::Value;

/// The message events of a sample beside the messages that they are of, secrets shown.
fn both(bytes: &[u8]) -> (Vec<(Message, Value)>, Time) {
    let lines = events(&export(bytes, Detail::Messages, Bodies::Base64, true));
    let lines = lines.into_iter().filter(|event| event["event"] == "message");
    let mut start = Time::default();
    let mut messages = Vec::new();
    for record in records(bytes, Want::ALL) {
        match record {
            Record::Source(source) => start = source.start.unwrap_or_default(),
            Record::Message(message) => messages.push(message),
            _ => {}
        }
    }
    let pairs: Vec<_> = messages.into_iter().zip(lines).collect();
    (pairs, start)
}

/// Members that depend on what an export was asked to write, and the head of every event.
const NOT_ASKED: &[&str] = &["v", "event", "body", "hash", "parts", "fields"];

/// Every path of an event that filters can be asked for, with what they would show there.
fn leaves(event: &Value) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for (name, value) in event.as_object().unwrap() {
        if !NOT_ASKED.contains(&name.as_str()) {
            walk(name, value, &mut found);
        }
    }
    found
}

fn walk(path: &str, value: &Value, found: &mut BTreeMap<String, Vec<String>>) {
    let mut put = |text: String| found.entry(path.to_owned()).or_default().push(text);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(path, item, found)),
        Value::Object(members) => {
            put("group".to_owned());
            for (name, value) in members {
                walk(&format!("{path}[{name:?}]"), value, found);
            }
        }
        Value::String(text) => put(format!("{text:?}")),
        Value::Number(n) => put(format!("{}", n.as_f64().unwrap())),
        value => put(value.to_string()),
    }
}

/// What a filter is shown at the path of `has(path)`.
fn shown(text: &str, message: &Message, start: Time) -> Vec<String> {
    use rtmpscope::query::Value;
    let mut values = Vec::new();
    rtmpscope::query::Subject::any(&Seen { message, start }, &place(text), &mut |value| {
        values.push(match value {
            Value::Null => "null".to_owned(),
            Value::Boolean(b) => b.to_string(),
            Value::Number(n) => format!("{n}"),
            Value::Text(text) => format!("{text:?}"),
            Value::Group => "group".to_owned(),
        });
        false
    });
    values
}

/// The place of a path; the same ones are asked for again and again.
fn place(path: &str) -> Place {
    static KNOWN: LazyLock<Mutex<BTreeMap<String, Place>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap();
    let found = known.entry(path.to_owned());
    found.or_insert_with(|| Filter::new(&format!("has({path})")).unwrap().places().remove(0)).clone()
}

/// The words of an entry.
fn words(entry: &Entry) -> Vec<&'static str> {
    static KNOWN: LazyLock<Mutex<BTreeMap<&str, Vec<&str>>>> = LazyLock::new(Mutex::default);
    KNOWN.lock().unwrap().entry(entry.name).or_insert_with(|| entry.values()).clone()
}

/// `a["b"]["c"]` as `a.b.c`.
fn dotted(path: &str) -> String {
    path.replace("[\"", ".").replace("\"]", "")
}

/// The entry with the longest name that leads to the path.
fn entry_of(path: &str) -> Option<&'static Entry> {
    let name = dotted(path);
    let all = ENTRIES.iter().flat_map(|table| table.iter());
    let leads =
        all.filter(|e| name == e.name || matches!(e.kind, Type::Amf) && name.starts_with(&format!("{}.", e.name)));
    leads.max_by_key(|entry| entry.name.len())
}

#[test]
fn every_value_that_json_writes_is_known_to_filters_and_the_other_way_round() {
    let seen = Mutex::new(BTreeSet::new());
    let samples = samples();
    in_parallel(&samples, |sample| {
        let (pairs, start) = both(&sample.bytes);
        for (message, event) in &pairs {
            let leaves = leaves(event);
            let place = format!("{} {}.{}", sample.name, message.session, message.seq);
            for (path, values) in &leaves {
                let Some(entry) = entry_of(path) else { panic!("{place}: {path} is in no table") };
                assert_eq!(&shown(path, message, start), values, "{place}: {path}");
                for value in values {
                    let fits = match entry.kind {
                        Type::Number(_) => value.parse::<f64>().is_ok() || value == "\"NaN\"",
                        Type::Word(_) => {
                            let word = value.trim_matches('"');
                            words(entry).contains(&word) || word.parse::<u8>().is_ok()
                        }
                        Type::Text => value.starts_with('"'),
                        Type::Truth => value == "true" || value == "false",
                        Type::Group => value == "group",
                        Type::Amf => true,
                    };
                    assert!(fits, "{place}: {path} is {}, not {value}", entry.type_name());
                    assert!(
                        !entry.list
                            || event.pointer(&format!("/{}", entry.name.replace('.', "/"))).is_none_or(Value::is_array)
                    );
                }
            }
            for entry in ENTRIES.iter().flat_map(|table| table.iter()) {
                let values = shown(entry.name, message, start);
                let written = leaves.get(&entry.name.split('.').enumerate().fold(String::new(), |path, (n, name)| {
                    if n == 0 { name.to_owned() } else { format!("{path}[{name:?}]") }
                }));
                assert_eq!(
                    values.is_empty(),
                    written.is_none(),
                    "{place}: {} is {values:?} and not in {event}",
                    entry.name
                );
            }
            seen.lock().unwrap().extend(leaves.keys().filter_map(|path| entry_of(path)).map(|entry| entry.name));
        }
    });
    let seen = seen.into_inner().unwrap();
    let unseen: Vec<&str> =
        ENTRIES.iter().flat_map(|t| t.iter()).map(|e| e.name).filter(|name| !seen.contains(name)).collect();
    // Nothing in samples/ has these. Whoever adds a sample that does takes the name away here.
    assert_eq!(unseen, NO_SAMPLE);
}

const NO_SAMPLE: &[&str] = &[
    "user_control.swf_request",
    "user_control.server_ms",
    "user_control.peer_ms",
    "audio.config.bits",
    "video.config.interlaced",
];

#[test]
fn what_needs_no_bodies_is_told_without_them() {
    let samples = samples();
    in_parallel(&samples, |sample| {
        let messages = |want| -> Vec<Message> {
            let records = records(&sample.bytes, want);
            records.into_iter().filter_map(|r| if let Record::Message(m) = r { Some(m) } else { None }).collect()
        };
        let start = Time::default();
        for (little, all) in messages(Want::LITTLE).iter().zip(&messages(Want::ALL)) {
            // A modifier of random bytes can be longer than the head of a body that is kept.
            if shown("video.packet", little, start) == ["\"mod_ex\""]
                || shown("audio.packet", little, start) == ["\"mod_ex\""]
            {
                continue;
            }
            for entry in ENTRIES.iter().flat_map(|table| table.iter()).filter(|entry| !entry.units) {
                let (a, b) = (shown(entry.name, little, start), shown(entry.name, all, start));
                assert_eq!(a, b, "{} {}.{}: {}", sample.name, all.session, all.seq, entry.name);
            }
        }
    });
}

#[test]
fn entries_are_asked_for_by_their_examples() {
    for entry in ENTRIES.iter().flat_map(|table| table.iter()) {
        let filter = Filter::new(entry.example).unwrap_or_else(|error| panic!("{error}"));
        assert!(filter.places().iter().any(|place| place.entry.name == entry.name), "{}", entry.name);
        assert_eq!(filter.needs().units, entry.units, "{}", entry.name);
    }
    assert!(entry("kind").is_some() && entry("knid").is_none());
}

#[test]
fn filters_pick_messages_of_real_captures() {
    let count = |file: &str, text: &str| {
        let (pairs, start) = both(&sample(file).bytes);
        let filter = Filter::new(text).unwrap_or_else(|error| panic!("{error}"));
        pairs.iter().filter(|(message, _)| filter.matches_message(message, start)).count()
    };
    let ffmpeg = |text| count("pub-ffmpeg5-2s-nginx.pcap", text);
    assert_eq!(ffmpeg("kind == video"), 54);
    assert_eq!(ffmpeg("kind == audio"), 89);
    assert_eq!(ffmpeg("video.keyframe"), 2);
    assert_eq!(ffmpeg("nals == idr"), 2);
    assert_eq!(ffmpeg("command.name in (publish, play)"), 1);
    assert_eq!(ffmpeg("command.object.app == live"), 1);
    assert_eq!(ffmpeg("command.args.code == NetStream.Publish.Start"), 1);
}
