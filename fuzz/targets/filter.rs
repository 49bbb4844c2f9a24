//! A filter: any text is one or a fault with a place; printed it reads back the same; asking it never fails, with the
//! same answer for a message and for its event.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rtmpscope::engine::{Control, Input, Settings, run};
use rtmpscope::out::json::{Bodies, Detail, Json, Members, Options};
use rtmpscope::query::{Filter, complete};
use rtmpscope::record::{Message, Record, Sink};
use rtmpscope::session::Want;
use rtmpscope::time::Time;
use rtmpscope::view::Mask;

/// A capture with many kinds of messages.
const CAPTURE: &[u8] = include_bytes!("../../samples/c-amf0-types.pcap");

struct Known {
    start: Time,
    messages: Vec<(Message, String)>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let input = Input::new("sample".to_owned(), Box::new(CAPTURE));
    let options = Options { detail: Detail::Messages, bodies: Bodies::None, array: false, live: false };
    let mut json = Json::new(Vec::new(), options, Mask::new(true));
    let (mut start, mut messages) = (Time::default(), Vec::new());
    let mut sink = |record: Record| {
        match &record {
            Record::Source(source) => start = source.start.unwrap_or_default(),
            Record::Message(message) => messages.push(message.clone()),
            _ => {}
        }
        json.take(record);
    };
    run(input, &Settings::new(Want::ALL), &mut sink, |_| Control::Continue).unwrap();
    let text = String::from_utf8(json.finish().unwrap()).unwrap();
    let lines = text.lines().filter(|line| line.contains("\"event\":\"message\"")).map(str::to_owned);
    Known { start, messages: messages.into_iter().zip(lines).collect() }
});

fuzz_target!(|text: &str| {
    complete(text, text.len() / 2);
    match Filter::new(text) {
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "the place lies in the text");
            assert!(!error.to_string().is_empty());
        }
        Ok(filter) => {
            let again = Filter::new(&filter.to_string()).expect("what is printed is a filter");
            assert_eq!(again.expr(), filter.expr());
            for (message, line) in &KNOWN.messages {
                let matches = filter.matches_message(message, KNOWN.start);
                assert_eq!(filter.matches(&Members::read(line).unwrap()), matches, "{line}");
            }
        }
    }
});
