//! What every message has: who, when, where, how long.

use super::words;
use super::{Entry, Type, count, group, text, truth};
use crate::field::Unit;
use crate::query::Step;
use crate::query::place::Place;
use crate::query::subject::{Test, Value};

const NUMBER: Type = Type::Number(Unit::None);
const SECONDS: Type = Type::Number(Unit::Seconds);
const MILLISECONDS: Type = Type::Number(Unit::Milliseconds);
const BYTES: Type = Type::Number(Unit::Bytes);

pub(super) static TABLE: &[Entry] = &[
    Entry::new("session", NUMBER, "number of the session, from 1", "session == 2", |s, _, t| {
        count(t, Some(s.message.session))
    }),
    Entry::new("seq", NUMBER, "number of the message in its session, from 1", "seq <= 20", |s, _, t| {
        count(t, Some(s.message.seq as f64))
    }),
    Entry::new(
        "dir",
        Type::Word(words::dir),
        "who sent it: client to server, or server to client",
        "dir == c2s",
        |s, _, t| text(t, Some(s.message.dir.name())),
    ),
    Entry::new("time", SECONDS, "when its last byte was captured, since the first packet", "time > 1m", |s, _, t| {
        t(Value::Number(s.message.time.since(s.start).seconds()))
    }),
    Entry::new("kind", Type::Word(words::kind), "what it is about", "kind in (command, data)", |s, _, t| {
        text(t, Some(s.message.head.message_type.kind().name()))
    }),
    Entry::new("type_id", NUMBER, "message type of the chunk header", "type_id == 20", |s, _, t| {
        count(t, Some(s.message.head.message_type.0))
    }),
    Entry::new("csid", NUMBER, "chunk stream id", "csid == 3", |s, _, t| count(t, Some(s.message.head.csid))),
    Entry::new("fmt", NUMBER, "form of the first chunk's header, 0 to 3", "fmt == 0", |s, _, t| {
        count(t, Some(s.message.head.fmt))
    }),
    Entry::new("stream_id", NUMBER, "message stream id; 0 is the connection itself", "stream_id == 1", |s, _, t| {
        count(t, s.message.stream_id())
    }),
    Entry::new("timestamp", MILLISECONDS, "absolute RTMP timestamp, modulo 2^32", "timestamp >= 10s", |s, _, t| {
        count(t, s.message.timestamp())
    }),
    Entry::new(
        "timestamp_unwrapped",
        MILLISECONDS,
        "the timestamp with the wraps at 2^32 counted, where it differs",
        "has(timestamp_unwrapped)",
        |s, _, t| {
            let unwrapped = s.message.head.unwrapped;
            let differs = s.message.timestamp().is_some_and(|timestamp| unwrapped != u64::from(timestamp));
            count(t, differs.then_some(unwrapped as f64))
        },
    ),
    Entry::new(
        "delta",
        MILLISECONDS,
        "what was added to the chunk stream's previous timestamp; none for an absolute one",
        "delta > 100ms",
        |s, _, t| count(t, s.message.head.delta),
    ),
    Entry::new("within", NUMBER, "seq of the aggregate that it is a part of", "has(within)", |s, _, t| {
        count(t, s.message.within.map(|seq| seq as f64))
    }),
    Entry::new("length", BYTES, "length of the body, as announced", "length > 64KiB", |s, _, t| {
        count(t, Some(s.message.head.length))
    }),
    Entry::new("chunks", NUMBER, "number of its chunks; 0 for a part of an aggregate", "chunks > 10", |s, _, t| {
        count(t, Some(s.message.chunks))
    }),
    Entry::new(
        "span",
        BYTES,
        "first byte and end in the byte stream of its direction",
        "span[0] >= 1MiB",
        |s, p, t| pair(s.message.span, p, t),
    )
    .list(),
    Entry::new("packets", NUMBER, "first and last packet that carried it", "packets == 120", |s, p, t| {
        pair(s.message.packets, p, t)
    })
    .list(),
    Entry::new("partial", Type::Group, "bytes of the body are missing", "has(partial)", |s, _, t| {
        group(t, s.message.partial.is_some())
    }),
    Entry::new("partial.have", BYTES, "bytes that arrived of an incomplete body", "partial.have < 100B", |s, _, t| {
        count(t, s.message.partial)
    }),
    Entry::new(
        "recovered",
        Type::Truth,
        "found again after lost bytes or a late start, by evidence",
        "recovered",
        |s, _, t| truth(t, s.message.recovered.map(|_| true)),
    ),
];

fn pair((first, last): (u64, u64), place: &Place, test: Test<'_>) -> bool {
    let mut show = |n: u64| test(Value::Number(n as f64));
    match place.below() {
        [] => show(first) || show(last),
        [Step::Index(0)] => show(first),
        [Step::Index(1)] => show(last),
        _ => false,
    }
}
