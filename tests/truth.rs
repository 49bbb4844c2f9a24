//! What the samples' truth files say, against what the export tells: message lists written by an independent decoder
//! (real captures) and by the generator (crafted ones).

mod common;

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{events, export, samples, samples_dir};
use rtmpscope::out::json::{Bodies, Detail};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

/// Captures whose truth asks for more than reading what is all there: finding messages again behind lost bytes, cut
/// packets or a late start. They come with the recovery.
const DAMAGED: &[(&str, &str)] = &[
    ("x-snap96", "packets cut at 96 bytes"),
    ("x-loss3", "three segments are missing"),
    ("x-cutstart-110", "the capture begins in mid stream"),
    ("c-midstream-starts", "connections without a handshake"),
];

/// What is compared of a message. A fact that one side does not state is not compared.
const FACTS: [&str; 9] = ["offset", "chunks", "csid", "fmt", "type", "len", "ts", "msid", "sha1_12"];

/// The messages of one session, client's and server's.
#[derive(Debug, Default)]
struct Session {
    client: String,
    server: String,
    lanes: [Vec<Value>; 2],
}

fn lane(dir: &str) -> usize {
    match dir {
        "c>s" | "c2s" => 0,
        "s>c" | "s2c" => 1,
        other => panic!("no direction: {other}"),
    }
}

/// Truth files write IPv6 addresses with and without brackets.
fn address(value: &Value) -> String {
    value.as_str().unwrap().replace(['[', ']'], "")
}

fn read_json(path: &std::path::Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The list of a real capture.
fn real(truth: &Value, tsv: &str) -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::new();
    let mut by_stream = HashMap::new();
    for connection in truth["connections"].as_array().unwrap() {
        if connection["dir"] == "c>s" {
            let (client, server) = (address(&connection["src"]), address(&connection["dst"]));
            by_stream.insert(connection["stream"].to_string(), sessions.len());
            sessions.push(Session { client, server, ..Session::default() });
        }
    }
    let mut lines = tsv.lines();
    let names: Vec<&str> = lines.next().unwrap().trim_start_matches('#').split('\t').collect();
    for line in lines {
        let row: HashMap<&str, &str> = names.iter().copied().zip(line.split('\t')).collect();
        let value = |name: &str| match name {
            "sha1_12" => json!(row[name]),
            name => json!(row[name].parse::<u64>().unwrap()),
        };
        let message = FACTS.iter().map(|name| ((*name).to_owned(), value(name))).collect();
        sessions[by_stream[row["tcp_stream"]]].lanes[lane(row["dir"])].push(Value::Object(message));
    }
    sessions
}

/// The list of a crafted capture.
fn crafted(truth: &Value) -> Vec<Session> {
    let session = |connection: &Value| {
        let lane = |name: &str| {
            let all = connection[name].as_array().map(Vec::as_slice).unwrap_or_default();
            let messages = all.iter().filter(|m| m.get("type").is_some()).cloned().map(|mut message| {
                message["offset"] = message["off"].take();
                message
            });
            messages.collect()
        };
        let (client, server) = (address(&connection["client"]), address(&connection["server"]));
        Session { client, server, lanes: [lane("c>s"), lane("s>c")] }
    };
    truth["connections"].as_array().unwrap().iter().map(session).collect()
}

/// What the export tells. Incomplete messages and the parts of aggregates are in no list.
fn ours(capture: &[u8]) -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::new();
    for event in events(&export(capture, Detail::Messages, Bodies::Base64, true)) {
        if event["event"] == "session" && event["state"] == "open" {
            let (client, server) = (address(&event["client"]), address(&event["server"]));
            sessions.push(Session { client, server, ..Session::default() });
        } else if event["event"] == "message" && event.get("partial").is_none() && event.get("within").is_none() {
            let digest = Sha1::digest(STANDARD.decode(event["body"].as_str().unwrap()).unwrap());
            let sha1: String = digest.iter().take(6).map(|b| format!("{b:02x}")).collect();
            let message = json!({
                "offset": event["span"][0], "chunks": event["chunks"], "csid": event["csid"], "fmt": event["fmt"],
                "type": event["type_id"], "len": event["length"], "ts": event["timestamp"],
                "msid": event["stream_id"], "sha1_12": sha1,
            });
            let session = event["session"].as_u64().unwrap() as usize - 1;
            sessions[session].lanes[lane(event["dir"].as_str().unwrap())].push(message);
        }
    }
    sessions
}

/// Compares in order; connections without messages need no session. Returns how many messages agree.
fn compare(name: &str, expected: Vec<Session>, mut told: Vec<Session>) -> usize {
    let mut agree = 0;
    for session in expected {
        let same_ends = |s: &Session| (&s.client, &s.server) == (&session.client, &session.server);
        let found = told.iter().position(same_ends).map(|at| told.remove(at)).unwrap_or_default();
        for (dir, (expected, told)) in session.lanes.iter().zip(&found.lanes).enumerate() {
            let what = format!("{name}: {} > {}, direction {dir}", session.client, session.server);
            for (n, (expected, told)) in expected.iter().zip(told).enumerate() {
                for fact in FACTS {
                    let stated = |m: &Value| !m[fact].is_null();
                    let equal = !(stated(expected) && stated(told)) || expected[fact] == told[fact];
                    assert!(equal, "{what}, message {n}, {fact}: {told} instead of {expected}");
                }
                assert!(!told["type"].is_null() && !expected["sha1_12"].is_null(), "{what}, message {n}");
                agree += 1;
            }
            assert_eq!(told.len(), expected.len(), "{what}: number of messages");
        }
    }
    for session in told {
        assert!(session.lanes.iter().all(Vec::is_empty), "{name}: {} is no session", session.client);
    }
    agree
}

#[test]
fn every_message_is_as_the_truth_says() {
    let folder = samples_dir().join("truth");
    let mut compared = Vec::new();
    let mut agree = 0;
    for sample in samples() {
        if DAMAGED.iter().any(|(name, _)| *name == sample.name) {
            continue;
        }
        let truth = read_json(&folder.join(format!("{}.json", sample.name)));
        let list = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        let expected = if let Some(base) = truth["base_messages"].as_str() {
            // The same packets in another wrapping: the same messages as the base.
            let base_truth = read_json(&folder.join(base.replace(".messages.tsv", ".json")));
            real(&base_truth, &list(base))
        } else if truth["kind"].is_null() {
            real(&truth, &list(&format!("{}.messages.tsv", sample.name)))
        } else {
            crafted(&truth)
        };
        agree += compare(&sample.name, expected, ours(&sample.bytes));
        compared.push(sample.name);
    }
    assert!(compared.len() >= 26, "compared only {compared:?}");
    assert!(agree > 6000, "only {agree} messages agree");
}

/// A name in the list of what is left out must be a sample, so that the list does not outlive its reason unseen.
#[test]
fn what_is_left_out_exists() {
    for (name, reason) in DAMAGED {
        assert!(samples_dir().join(format!("{name}.pcap")).exists(), "{name}: {reason}");
    }
}

#[test]
fn a_wrong_fact_is_noticed() {
    let session = |ts: u64| {
        let message = json!({"offset": 1, "type": 8, "len": 4, "ts": ts, "sha1_12": "00"});
        vec![Session { client: "a".into(), server: "b".into(), lanes: [vec![message], Vec::new()] }]
    };
    assert_eq!(compare("equal", session(5), session(5)), 1);
    for (expected, told) in [(session(5), session(6)), (session(5), Vec::new()), (Vec::new(), session(5))] {
        let result = std::panic::catch_unwind(move || compare("unequal", expected, told));
        assert!(result.is_err(), "a difference passes");
    }
}
