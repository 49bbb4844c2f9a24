//! The JSON Schema and the events keep to each other: what is written is what is described, nothing more.

mod common;

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{events, export, in_parallel, samples};
use jsonschema::{Validator, validator_for};
use rtmpscope::engine::Settings;
use rtmpscope::out::CANONICAL_SCHEMA;
use rtmpscope::out::json::{Bodies, Detail, Json, Options, SCHEMA, read_amf};
use rtmpscope::record::Sink;
use rtmpscope::session::Want;
use rtmpscope::view::Mask;
use serde_json::{Value, json};

/// Message events of one export that are checked at the level of fields: more of the same would only take time.
const WITH_FIELDS: usize = 40;

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

/// The schema with every shape closed: it refuses members that it does not describe.
fn closed() -> Value {
    closing(SCHEMA)
}

fn closing(schema: &str) -> Value {
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    for shape in schema["$defs"].as_object_mut().unwrap().values_mut() {
        if shape.get("properties").is_some() {
            shape["additionalProperties"] = json!(false);
        }
    }
    schema
}

fn complaints(validator: &Validator, event: &Value) -> Vec<String> {
    validator.iter_errors(event).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// What to check of an export: everything, but at the level of fields a spread of the messages only.
fn selected(mut all: Vec<Value>, detail: Detail) -> Vec<Value> {
    if detail == Detail::Fields {
        let messages = all.iter().filter(|event| event["event"] == "message").count();
        let step = messages.div_ceil(WITH_FIELDS).max(1);
        let mut nth = 0;
        all.retain(|event| {
            nth += usize::from(event["event"] == "message");
            event["event"] != "message" || nth % step == 0 || nth < 12
        });
    }
    all
}

#[test]
fn every_export_of_every_sample_is_described() {
    let validator = validator_for(&closed()).unwrap();
    let samples = samples();
    in_parallel(&samples, |sample| {
        for detail in [Detail::Messages, Detail::Chunks, Detail::Fields] {
            for bodies in [Bodies::None, Bodies::Hash, Bodies::Head(16), Bodies::Base64] {
                // Bodies do not depend on the detail beyond this.
                if detail == Detail::Chunks && bodies != Bodies::Hash {
                    continue;
                }
                let written = events(&export(&sample.bytes, detail, bodies, false));
                assert!(written.len() >= 2, "{}: a source and an end at least", sample.name);
                for event in selected(written, detail) {
                    assert!(
                        validator.is_valid(&event),
                        "{} {detail:?} {bodies:?}: {event}\n{:?}",
                        sample.name,
                        complaints(&validator, &event)
                    );
                }
            }
        }
    });
}

/// What `--amf lossless` writes of every command and data message gives the bytes of its body back.
#[test]
fn lossless_values_are_described_and_read_back() {
    let validator = validator_for(&closed()).unwrap();
    let samples = samples();
    let seen = std::sync::Mutex::new(BTreeSet::new());
    in_parallel(&samples, |sample| {
        for show_secrets in [false, true] {
            let options = Options { detail: Detail::Messages, bodies: Bodies::Base64, array: false, live: false };
            let mut json = Json::new(Vec::new(), options, Mask::new(show_secrets)).with_lossless_amf();
            common::feed(&sample.bytes, &Settings::new(Want::LITTLE), &mut |record| Sink::take(&mut json, record));
            for event in events(&json.finish().unwrap()) {
                let made_of_amf = matches!(event["kind"].as_str(), Some("command" | "data"));
                assert_eq!(event.get("amf").is_some(), made_of_amf, "{event}");
                if !made_of_amf {
                    continue;
                }
                assert!(validator.is_valid(&event), "{}: {event}\n{:?}", sample.name, complaints(&validator, &event));
                let body = STANDARD.decode(event["body"].as_str().unwrap()).unwrap();
                // Types 15 and 17 have a byte in front that is no value.
                let format = usize::from(matches!(event["type_id"].as_u64(), Some(15 | 17)) && !body.is_empty());
                assert_eq!(read_amf(&event["amf"].to_string()).as_deref(), Some(&body[format..]), "{event}");
                let mut seen = seen.lock().unwrap();
                let text = event["amf"].to_string();
                seen.extend(
                    text.split("\"amf\":\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned),
                );
            }
        }
    });
    let seen = seen.into_inner().unwrap();
    for name in
        ["object", "ecma_array", "strict_array", "typed_object", "date", "undefined", "reference", "xml", "bytes"]
    {
        assert!(seen.contains(name), "no sample has {name}: {seen:?}");
    }
}

#[test]
fn a_cut_capture_and_an_empty_one_are_described_too() {
    let validator = validator_for(&closed()).unwrap();
    let whole = common::sample("pub-ffmpeg5-2s-nginx.pcap").bytes;
    let cut = events(&export(&whole[..whole.len() / 2], Detail::Chunks, Bodies::Hash, false));
    let closed = &cut[cut.len() - 2];
    let end = &cut[cut.len() - 1];
    assert!(closed["by"].is_null() && closed["how"] == "unfinished", "{closed}");
    assert!(end["notes"].is_array() && end["complete"] == false, "{end}");
    // Nothing but the header of the file.
    let empty = events(&export(&whole[..24], Detail::Fields, Bodies::Base64, false));
    assert_eq!(empty.len(), 2);
    for event in cut.iter().chain(&empty) {
        assert!(validator.is_valid(event), "{event}\n{:?}", complaints(&validator, event));
    }
}

#[test]
fn every_property_says_what_it_is() {
    fn walk(path: &str, value: &Value, seen: &mut usize) {
        let Value::Object(members) = value else { return };
        if let Some(Value::Object(properties)) = members.get("properties") {
            // Conditions name properties without describing them again.
            if !path.contains("/if") && !path.contains("/then") {
                for (name, property) in properties {
                    let text = property["description"].as_str().unwrap_or_default();
                    assert!(text.len() > 8 && text.ends_with('.'), "{path}/{name} needs a description: {text:?}");
                    assert!(!text.contains('\n'), "{path}/{name}: one line");
                    *seen += 1;
                }
            }
        }
        for (name, value) in members {
            match value {
                Value::Array(items) => items.iter().for_each(|item| walk(&format!("{path}/{name}"), item, seen)),
                value => walk(&format!("{path}/{name}"), value, seen),
            }
        }
    }
    let mut seen = 0;
    walk("", &schema(), &mut seen);
    assert!(seen > 100, "only {seen} properties were looked at");
    for more in [CANONICAL_SCHEMA, rtmpscope::out::diff::SCHEMA] {
        walk("", &serde_json::from_str(more).unwrap(), &mut seen);
    }
    assert!(seen > 170, "only {seen} properties were looked at");
    assert!(schema()["title"].as_str().unwrap().ends_with(&format!("version {}", rtmpscope::out::json::VERSION)));
}

/// One event of each shape, as the exports write them.
fn specimens() -> Vec<Value> {
    let mut specimens: Vec<Value> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for file in ["pub-ffmpeg5-2s-nginx.pcap", "x-loss3.pcap", "c-random-mix.pcap", "c-user-control-all.pcap"] {
        for event in events(&export(&common::sample(file).bytes, Detail::Fields, Bodies::Hash, false)) {
            let partial = if event["partial"].is_null() { "" } else { "partial" };
            let shape = format!("{}{}{}{partial}", event["event"], event["state"], event["kind"]);
            if !seen.contains(&shape) {
                seen.push(shape);
                specimens.push(event);
            }
        }
    }
    specimens
}

#[test]
fn members_that_nobody_knows_yet_are_let_through() {
    let validator = validator_for(&schema()).unwrap();
    for mut event in specimens() {
        event["of_a_later_version"] = json!({ "anything": [1, "two"] });
        assert!(validator.is_valid(&event), "{event}");
    }
}

#[test]
fn wrong_events_do_not_validate() {
    let validator = validator_for(&schema()).unwrap();
    let specimens = specimens();
    assert!(specimens.len() >= 14, "one of each shape, got {}", specimens.len());
    let wrong_for = |value: &Value| match value {
        Value::String(_) => json!(17),
        Value::Null => json!(17),
        _ => json!("no such value!"),
    };
    for event in &specimens {
        assert!(validator.is_valid(event), "{event}");
        for (name, value) in event.as_object().unwrap() {
            let mut wrong = event.clone();
            wrong[name] = wrong_for(value);
            assert!(!validator.is_valid(&wrong), "a wrong {name} passes: {wrong}");
        }
    }
    let message = specimens.iter().find(|event| !event["command"].is_null()).unwrap();
    let edits: [(&str, Value); 16] = [
        ("/v", json!(2)),
        ("/event", json!("massage")),
        ("/session", json!(0)),
        ("/seq", json!(1.5)),
        ("/dir", json!("up")),
        ("/kind", json!("audio")),
        ("/type_id", json!(256)),
        ("/csid", json!(1)),
        ("/fmt", json!(4)),
        ("/timestamp", json!(4_294_967_296_u64)),
        ("/span", json!([1])),
        ("/packets", json!([1, 2, 3])),
        ("/hash", json!("0123")),
        ("/parts/0/header", json!("0")),
        ("/parts/0/carriers/0/packet", json!(0)),
        ("/fields/0/fields/0/at", json!(-1)),
    ];
    for (path, value) in edits {
        let mut wrong = message.clone();
        *wrong.pointer_mut(path).unwrap_or_else(|| panic!("no {path} in {message}")) = value;
        assert!(!validator.is_valid(&wrong), "a wrong {path} passes");
    }
}

#[test]
fn what_an_event_must_say_cannot_be_left_out() {
    let schema = schema();
    let validator = validator_for(&schema).unwrap();
    let mut removed = 0;
    for event in specimens() {
        let shape = match (event["event"].as_str().unwrap(), event["state"].as_str()) {
            ("session", Some(state)) => format!("session_{state}_event"),
            (name, _) => format!("{name}_event"),
        };
        for name in schema["$defs"][shape]["required"].as_array().unwrap() {
            let mut wrong = event.clone();
            wrong.as_object_mut().unwrap().remove(name.as_str().unwrap()).unwrap();
            assert!(!validator.is_valid(&wrong), "an event without {name} passes: {wrong}");
            removed += 1;
        }
    }
    assert!(removed > 100);
}

/// The values of a canonical form, or the documents of several comparisons.
fn values(text: &str) -> Vec<Value> {
    serde_json::Deserializer::from_str(text).into_iter().map(Result::unwrap).collect()
}

#[test]
fn every_canonical_form_of_every_sample_is_described() {
    use common::forms::{all_strict, of_capture, written};
    let validator = validator_for(&closing(CANONICAL_SCHEMA)).unwrap();
    let seen = std::sync::Mutex::new(BTreeSet::new());
    in_parallel(&samples(), |sample| {
        for strict in [Default::default(), all_strict(true)] {
            for value in values(&written(&of_capture(&sample.bytes, strict))) {
                assert!(validator.is_valid(&value), "{}: {:.600}", sample.name, value.to_string());
                let measures = ["measures", "startup"].into_iter().filter_map(|name| value[name].as_object());
                let names = measures.flat_map(|measures| measures.keys()).chain(value.as_object().unwrap().keys());
                seen.lock().unwrap().extend(names.cloned());
            }
        }
    });
    // No shape and no measure is described that nothing writes.
    let schema: Value = serde_json::from_str(CANONICAL_SCHEMA).unwrap();
    let shapes = schema["$defs"].as_object().unwrap().values();
    let described: BTreeSet<String> =
        shapes.filter_map(|shape| shape["properties"].as_object()).flat_map(|p| p.keys()).cloned().collect();
    let seen = seen.into_inner().unwrap();
    let never: Vec<&str> = described.difference(&seen).map(String::as_str).collect();
    // Long sessions have these; the samples are short.
    let long = ["acknowledged_every", "acknowledgements", "pinged_every_ms", "rate_updates", "repeats_configuration"];
    assert_eq!(never, long);
    for wrong in ["{}", "[]", r#"{"lane":"up audio"}"#, r#"{"event":"canonical","v":2,"strict":[]}"#, r#"{"item":7}"#] {
        assert!(!validator.is_valid(&serde_json::from_str(wrong).unwrap()), "{wrong}");
    }
}

#[test]
fn every_comparison_of_samples_is_described() {
    use common::forms::{between, of_capture};
    let validator = validator_for(&closing(rtmpscope::out::diff::SCHEMA)).unwrap();
    let forms: Vec<_> = samples().iter().map(|sample| of_capture(&sample.bytes, Default::default())).collect();
    let names = rtmpscope::out::diff::Names { a: "a".to_owned(), b: "b".to_owned() };
    for (n, a) in forms.iter().enumerate() {
        for b in forms.iter().skip(n).step_by(3) {
            let report = between(a, b);
            let cases = [Ok(&report), Err("why")].map(|outcome| rtmpscope::out::diff::Case { names: &names, outcome });
            let mut text = Vec::new();
            rtmpscope::out::diff::documents(&mut text, &cases).unwrap();
            for value in values(std::str::from_utf8(&text).unwrap()) {
                assert!(validator.is_valid(&value), "{:.3000}", value.to_string());
            }
        }
    }
    assert!(!validator.is_valid(&json!({ "v": 2, "document": "diff", "a": "", "b": "", "failed": "x" })));
}
