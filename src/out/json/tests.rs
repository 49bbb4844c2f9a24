use serde_json::{Value, json};

use super::*;
use crate::field::Reader;
use crate::record::{Body, Closed, End, Handshake, Head, Joined, Message, Opened, Source, Step, Transport};
use crate::stream::{Direction, Ending};
use crate::time::Time;
use crate::wire::amf0;
use crate::wire::body;
use crate::wire::code::MessageType;
use crate::wire::handshake::{Form, Version};
use crate::wire::value::Amf;

mod threads;

const PLAIN: Options = Options { detail: Detail::Messages, bodies: Bodies::None, array: false, live: false };
const START: Time = Time(1_700_000_000_000_000_000);

fn source() -> Record {
    Record::Source(Source { input: "a \"b\".pcap".to_owned(), format: "pcap".to_owned(), start: Some(START) })
}

fn end(messages: u64) -> Record {
    Record::End(End {
        packets: 77,
        complete: false,
        stopped: false,
        last: START,
        sessions: 1,
        messages,
        gaps: 0,
        searched: Default::default(),
        foreign: Default::default(),
        notes: vec!["cut".to_owned()],
        more_notes: 0,
    })
}

fn opened() -> Record {
    let (client, server) = (([10, 0, 0, 1], 4000).into(), ([10, 0, 0, 2], 1935).into());
    Record::Opened(Opened {
        session: 1,
        time: START,
        transport: Transport::Rtmp,
        client,
        server,
        joined: Joined::Start,
    })
}

fn closed(verdict: &str) -> Record {
    let (verdict, bytes) = (verdict.to_owned(), [5, 6]);
    Record::Closed(Closed {
        session: 1,
        time: START,
        how: Ending::Unfinished,
        by: None,
        verdict,
        messages: 1,
        bytes,
        missing: [0; 2],
    })
}

/// A message from the client with a body of this type.
fn message(kind: u8, body: &[u8]) -> Record {
    let (meaning, _) = body::read(&mut Reader::quiet(body), MessageType(kind), body::Context::default());
    Record::Message(Message {
        session: 1,
        seq: 1,
        dir: Direction::ClientToServer,
        time: Time(START.0 + 1_500_000_000),
        began: START,
        head: Head {
            csid: 3,
            fmt: 1,
            message_type: MessageType(kind),
            stream_id: 1,
            timestamp: 2,
            unwrapped: 4_294_967_298,
            delta: Some(0),
            length: body.len() as u32,
        },
        span: (0, 12),
        packets: (1, 2),
        chunks: 1,
        body: Body::Kept(body.to_vec().into()),
        partial: None,
        recovered: None,
        parts: Vec::new(),
        carriers: Vec::new(),
        meaning,
        context: body::Context::default(),
        call: None,
        replaces: None,
        reply_to: None,
        within: None,
    })
}

fn amf_body(values: &[Amf]) -> Vec<u8> {
    let mut body = Vec::new();
    amf0::write_all(values, &mut body);
    body
}

fn command(name: &str, args: &[Amf]) -> Record {
    message(20, &amf_body(&[&[Amf::String(name.into()), Amf::Number(0.0), Amf::Null], args].concat()))
}

fn text(s: &str) -> Amf {
    Amf::String(s.into())
}

fn object(members: &[(&str, Amf)]) -> Amf {
    Amf::Object(members.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
}

fn written(options: Options, mask: Mask, records: Vec<Record>) -> String {
    let mut json = Json::new(Vec::new(), options, mask);
    records.into_iter().for_each(|record| json.take(record));
    String::from_utf8(json.finish().unwrap()).unwrap()
}

fn events(options: Options, records: Vec<Record>) -> Vec<Value> {
    written(options, Mask::new(true), records).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

// --- the source's line ---------------------------------------------------------------------------------------------

#[test]
fn a_short_output_tells_the_totals_first() {
    let events = events(PLAIN, vec![source(), opened(), end(0)]);
    assert_eq!(events[0]["packets"], 77);
    assert_eq!(events[0]["complete"], false);
    assert_eq!(events[0]["start"], "2023-11-14T22:13:20.000000000Z");
    assert_eq!(events[0]["input"], "a \"b\".pcap");
    assert_eq!((events.len(), &events[1]["state"], &events[2]["event"]), (3, &json!("open"), &json!("end")));
    assert_eq!(events[2]["notes"], json!(["cut"]));
}

#[test]
fn a_long_output_does_not_wait_for_the_totals() {
    let long = closed(&"x".repeat(LONGEST_WAIT));
    let events = events(PLAIN, vec![source(), opened(), long, end(0)]);
    assert_eq!((events[0].get("packets"), events[0].get("complete")), (None, None));
    let order: Vec<&str> = events.iter().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!(order, ["source", "session", "session", "end"]);
    assert_eq!(events[3]["packets"], 77, "the end tells them");
}

#[test]
fn a_live_output_waits_for_nothing() {
    let mut json = Json::new(Vec::new(), Options { live: true, ..PLAIN }, Mask::new(true));
    json.take(source());
    assert_eq!(json.out.iter().filter(|b| **b == b'\n').count(), 1, "the source is out");
    json.take(opened());
    assert_eq!(json.out.iter().filter(|b| **b == b'\n').count(), 2);
    assert!(!String::from_utf8(json.finish().unwrap()).unwrap().contains("packets"));
}

#[test]
fn an_output_that_stops_early_is_whole_lines() {
    let out = written(PLAIN, Mask::new(true), vec![source(), opened()]);
    assert_eq!(out.lines().count(), 2);
    assert!(out.ends_with("}\n") && out.starts_with("{\"v\":1,\"event\":\"source\""), "{out}");
}

#[test]
fn a_failed_write_is_told_at_the_end_and_ends_the_work() {
    struct Broken;
    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut json = Json::new(Broken, Options { live: true, ..PLAIN }, Mask::new(true));
    json.take(source());
    json.take(opened());
    assert!(json.failed());
    assert_eq!(json.finish().err().map(|error| error.kind()), Some(io::ErrorKind::BrokenPipe));
}

#[test]
fn an_array_is_one_json_value_however_long_it_is() {
    let options = Options { array: true, ..PLAIN };
    for filler in [10, LONGEST_WAIT, 3 * BATCH] {
        let records = vec![source(), opened(), closed(&"x".repeat(filler)), opened(), end(0)];
        let out = written(options, Mask::new(true), records);
        let Value::Array(items) = serde_json::from_str(&out).unwrap() else { panic!("{out}") };
        assert_eq!((items.len(), &items[0]["event"], &items[4]["event"]), (5, &json!("source"), &json!("end")));
    }
    for (records, len) in [(vec![], 0), (vec![source()], 1), (vec![source(), end(0)], 2)] {
        let items: Value = serde_json::from_str(&written(options, Mask::new(true), records)).unwrap();
        assert_eq!(items.as_array().map(Vec::len), Some(len));
    }
    let live = written(Options { live: true, ..options }, Mask::new(true), vec![source(), opened(), end(0)]);
    assert_eq!(serde_json::from_str::<Value>(&live).unwrap().as_array().map(Vec::len), Some(3));
}

// --- messages ------------------------------------------------------------------------------------------------------

#[test]
fn a_message_tells_its_place_and_times() {
    let event = &events(PLAIN, vec![source(), message(8, &[0xaf, 1, 2]), end(1)])[1];
    assert_eq!((&event["time"], &event["delta"]), (&json!(1.5), &json!(0)));
    assert_eq!((&event["timestamp"], &event["timestamp_unwrapped"]), (&json!(2), &json!(4_294_967_298_u64)));
    assert_eq!((&event["span"], &event["packets"]), (&json!([0, 12]), &json!([1, 2])));
    assert_eq!(event["audio"], json!({"codec": "aac", "enhanced": false, "packet": "raw", "format_id": 10}));
    assert_eq!((event.get("partial"), event.get("body"), event.get("parts")), (None, None, None));
}

#[test]
fn bodies_as_asked() {
    let body = |bodies| {
        let options = Options { bodies, ..PLAIN };
        events(options, vec![source(), message(8, b"\xaf\x01abc"), end(1)]).remove(1)
    };
    assert_eq!(body(Bodies::Base64)["body"], "rwFhYmM=");
    assert_eq!(body(Bodies::Head(2))["body"], "af01");
    assert_eq!(body(Bodies::Head(99))["body"], "af01616263");
    // The first 64 bits of the SHA-256 of these bytes, computed by another program.
    assert_eq!(body(Bodies::Hash)["hash"], "66d21507b43b8477");
    assert_eq!(body(Bodies::None).get("hash"), None);
}

#[test]
fn members_that_come_again_are_numbered() {
    let number = |n: f64| Amf::Number(n);
    let members =
        [("a", number(1.0)), ("a", number(2.0)), ("A", number(3.0)), ("a#2", number(4.0)), ("b", number(5.0))];
    let out = written(PLAIN, Mask::new(true), vec![source(), command("x", &[object(&members)]), end(1)]);
    let event: Value = serde_json::from_str(out.lines().nth(1).unwrap()).unwrap();
    let members = event["command"]["args"][0].as_object().unwrap();
    assert_eq!(members.len(), 5, "no name comes twice: {members:?}");
    let mut names: Vec<String> = members.keys().map(|name| name.to_lowercase()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 5, "not even when case does not count: {members:?}");
    assert_eq!((&members["a"], &members["a#2"], &members["A#3"]), (&json!(1), &json!(2), &json!(3)));
}

#[test]
fn amf_values_that_json_lacks() {
    let values = [
        Amf::Number(f64::NAN),
        Amf::Number(f64::NEG_INFINITY),
        Amf::Number(-0.0),
        Amf::Undefined,
        Amf::Date(1_577_836_800_000.0, 0),
        Amf::Date(f64::INFINITY, 0),
        Amf::Reference(7),
        Amf::Array(vec![Amf::Null, Amf::Boolean(true)]),
    ];
    let event = &events(PLAIN, vec![source(), command("x", &values), end(1)])[1];
    let expected = json!([
        "NaN", "-Infinity", -0.0, "undefined", "2020-01-01T00:00:00.000Z", "Infinity", {"reference": 7}, [null, true]
    ]);
    assert_eq!(event["command"]["args"], expected);
}

#[test]
fn no_control_character_reaches_a_terminal() {
    let nasty = "\u{1b}[2J\u{7}\n\u{9b}31m\u{202e}evil\u{2069}\0";
    let records = vec![source(), command(nasty, &[text(nasty), object(&[(nasty, Amf::Null)])]), closed(nasty), end(1)];
    for detail in [Detail::Messages, Detail::Fields] {
        let out = written(Options { detail, ..PLAIN }, Mask::new(true), records.clone());
        let raw = out.chars().filter(|c| *c != '\n').find(|c| crate::view::is_control(*c));
        assert_eq!(raw, None, "{out:?}");
        let event: Value = serde_json::from_str(out.lines().nth(1).unwrap()).unwrap();
        assert_eq!(event["command"]["args"][0], nasty, "and the text reads back");
        assert_eq!(out.lines().count(), 4);
    }
}

// --- secrets -------------------------------------------------------------------------------------------------------

/// A publish of a secret name, with everything that repeats it.
fn publishing() -> Vec<Record> {
    let url = "rtmp://me:pa55word@host/live?token=t0ps3cret";
    let handshake = Record::Handshake(Handshake {
        session: 1,
        dir: Direction::ClientToServer,
        time: START,
        step: Step::First { version: Version(3), form: Form::Simple },
        span: (0, 1537),
        packets: (1, 1),
        carriers: Vec::new(),
        bytes: vec![3; 1537].into(),
    });
    let connect = [text("connect"), Amf::Number(1.0), object(&[("app", text("live")), ("tcUrl", text(url))])];
    let description = "k3y-of-mine is now published";
    vec![
        source(),
        opened(),
        handshake,
        message(20, &amf_body(&connect)),
        command("publish", &[text("k3y-of-mine?user=x9y8"), text("live")]),
        command("onStatus", &[object(&[("level", text("status")), ("description", text(description))])]),
        message(18, &amf_body(&[text("@k3y-of-mine"), object(&[("k3y-of-mine", text("k3y-of-mine"))])])),
        closed("published k3y-of-mine"),
        end(4),
    ]
}

const SECRETS: [&str; 4] = ["k3y-of-mine", "x9y8", "pa55word", "t0ps3cret"];

/// The text and every body in it, decoded: where a secret could hide.
fn all_there_is(out: &str, bodies: Bodies) -> String {
    use base64::Engine as _;
    let mut all = out.to_owned();
    for event in out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let Some(body) = event["body"].as_str() else { continue };
        let bytes = match bodies {
            Bodies::Base64 => base64::engine::general_purpose::STANDARD.decode(body).unwrap(),
            _ => {
                body.as_bytes().chunks(2).map(|d| u8::from_str_radix(str::from_utf8(d).unwrap(), 16).unwrap()).collect()
            }
        };
        all.push_str(&String::from_utf8_lossy(&bytes));
    }
    all
}

#[test]
fn secrets_are_masked_wherever_they_stand() {
    for detail in [Detail::Messages, Detail::Chunks, Detail::Fields] {
        for bodies in [Bodies::None, Bodies::Hash, Bodies::Head(1000), Bodies::Base64] {
            let options = Options { detail, bodies, ..PLAIN };
            let masked = all_there_is(&written(options, Mask::new(false), publishing()), bodies);
            let shown = all_there_is(&written(options, Mask::new(true), publishing()), bodies);
            for secret in SECRETS {
                assert!(!masked.contains(secret), "{detail:?} {bodies:?}: {secret} in {masked}");
                assert!(shown.contains(secret), "{detail:?} {bodies:?}: --show-secrets shows {secret}");
            }
        }
    }
}

#[test]
fn equal_secrets_look_equal_in_one_output() {
    let out = written(PLAIN, Mask::new(false), publishing());
    let event = |n: usize| serde_json::from_str::<Value>(out.lines().nth(n).unwrap()).unwrap();
    let told = event(5)["command"]["args"][0]["description"].as_str().unwrap().to_owned();
    let (token, rest) = told.split_at(10);
    assert!(token.starts_with("****") && rest == " is now published", "{told}");
    assert_eq!(event(7)["verdict"], format!("published {token}"));
    assert_eq!(event(6)["data"]["handler"], format!("@{token}"));
    assert!(event(4)["command"]["args"][0].as_str().unwrap().starts_with("****"));
    assert_eq!(event(4)["command"]["args"][1], "live", "what is no secret stays");
}

// --- shared objects and aggregates ---------------------------------------------------------------------------------

#[test]
fn events_of_a_shared_object_are_told_one_by_one() {
    let head = b"\0\x04chat\0\0\0\x03\0\0\0\x02\0\0\0\0";
    let events_of = [
        &b"\x0b\0\0\0\0"[..],
        b"\x04\0\0\0\x0b\0\x01a\x05\0\x01a\x02\0\x01x",
        b"\x09\0\0\0\x03\0\x01a",
        b"\x06\0\0\0\x08\x02\0\x03say\x01\x01",
        b"\x07\0\0\0\x06\0\x01c\0\x01l",
        b"\x0c\0\0\0\x02zz",
    ];
    let body = [&head[..], &events_of.concat()].concat();
    let event = &events(PLAIN, vec![source(), message(19, &body), end(1)])[1];
    assert_eq!(
        event["shared_object"],
        json!({"name": "chat", "version": 3, "persistent": true, "events": [
            {"type": 11, "name": "use_success"},
            {"type": 4, "name": "change", "slots": {"a": null, "a#2": "x"}},
            {"type": 9, "name": "remove", "key": "a"},
            {"type": 6, "name": "send_message", "handler": "say", "args": [true]},
            {"type": 7, "name": "status", "code": "c", "level": "l"},
            {"type": 12, "bytes": 2},
        ]})
    );
}

#[test]
fn an_aggregate_tells_what_it_holds_and_a_part_where_it_was() {
    let body = b"\x08\0\0\x02\0\0\x05\0\0\0\0\xaf\x01\0\0\0\x0d";
    let Record::Message(aggregate) = message(22, body) else { panic!() };
    let part = Message { within: Some(7), ..aggregate.clone() };
    let written = events(PLAIN, vec![source(), Record::Message(aggregate), Record::Message(part), end(2)]);
    assert_eq!(written[1]["aggregate"], json!({"messages": 1, "time_order": "flv"}));
    assert_eq!((&written[1]["within"], &written[2]["within"]), (&Value::Null, &json!(7)));
}
