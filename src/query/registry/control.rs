//! What protocol control and user control messages say.

use super::{Entry, Type, count, group, text, word_or_number, words};
use crate::field::Unit;
use crate::query::subject::{Seen, Test};
use crate::wire::body::Body;
use crate::wire::control::{Control, LimitType};
use crate::wire::user::{Event, UserControl};

const NUMBER: Type = Type::Number(Unit::None);
const MILLISECONDS: Type = Type::Number(Unit::Milliseconds);
const BYTES: Type = Type::Number(Unit::Bytes);

pub(super) static TABLE: &[Entry] = &[
    Entry::new("control", Type::Group, "a message about the chunk stream itself", "has(control)", |s, _, t| {
        group(t, control(s).is_some())
    }),
    Entry::new(
        "control.op",
        Type::Word(words::control_op),
        "what it does",
        "control.op == set_chunk_size",
        |s, _, t| text(t, control(s).map(Control::op)),
    ),
    Entry::new(
        "control.value",
        BYTES,
        "the size that it sets, or the number of bytes that it acknowledges",
        "control.value > 4096",
        |s, _, t| {
            count(
                t,
                control(s).and_then(|control| match *control {
                    Control::Abort { .. } => None,
                    Control::SetChunkSize { value } => Some(value),
                    Control::Acknowledgement { sequence } => Some(sequence),
                    Control::WindowAckSize { size } | Control::SetPeerBandwidth { size, .. } => Some(size),
                }),
            )
        },
    ),
    Entry::new(
        "control.csid",
        NUMBER,
        "chunk stream whose unfinished message is dropped (abort)",
        "has(control.csid)",
        |s, _, t| {
            count(
                t,
                control(s).and_then(|control| if let Control::Abort { csid } = control { Some(*csid) } else { None }),
            )
        },
    ),
    Entry::new(
        "control.limit",
        Type::Word(words::control_limit),
        "how strictly a bandwidth is meant",
        "control.limit == dynamic",
        |s, _, t| match control(s) {
            Some(Control::SetPeerBandwidth { limit: Some(limit), .. }) => limit_word(t, *limit),
            _ => false,
        },
    ),
    Entry::new(
        "control.previous",
        BYTES,
        "the value that was in force before",
        "control.previous == 128",
        |s, _, t| count(t, s.message.replaces.filter(|_| control(s).is_some())),
    ),
    Entry::new("user_control", Type::Group, "a user control message", "has(user_control)", |s, _, t| {
        group(t, user(s).is_some())
    }),
    Entry::new("user_control.code", NUMBER, "the code of the event", "user_control.code == 3", |s, _, t| {
        count(t, user(s).map(|user| user.code.0))
    }),
    Entry::new(
        "user_control.name",
        Type::Word(words::user_control_name),
        "the name of the code",
        "user_control.name in (ping_request, ping_response)",
        |s, _, t| text(t, user(s).and_then(|user| user.code.word())),
    ),
    Entry::new(
        "user_control.stream",
        NUMBER,
        "message stream that it is about",
        "user_control.stream == 1",
        |s, _, t| {
            count(
                t,
                user(s).and_then(|user| match user.event {
                    Event::Stream(stream) | Event::BufferLength { stream, .. } => Some(stream),
                    _ => None,
                }),
            )
        },
    ),
    Entry::new(
        "user_control.buffer_ms",
        MILLISECONDS,
        "length of the client's buffer",
        "user_control.buffer_ms > 1s",
        |s, _, t| {
            count(
                t,
                user(s).and_then(|user| match user.event {
                    Event::BufferLength { buffer_ms, .. } => Some(buffer_ms),
                    _ => None,
                }),
            )
        },
    ),
    Entry::new(
        "user_control.time",
        MILLISECONDS,
        "clock of the sender of a ping",
        "user_control.time > 1m",
        |s, _, t| count(t, user(s).and_then(|user| if let Event::Ping(time) = user.event { Some(time) } else { None })),
    ),
    Entry::new(
        "user_control.swf_request",
        NUMBER,
        "number in a request for SWF verification",
        "has(user_control.swf_request)",
        |s, _, t| {
            count(t, user(s).and_then(|user| if let Event::SwfRequest(kind) = user.event { Some(kind) } else { None }))
        },
    ),
    Entry::new(
        "user_control.swf_size",
        BYTES,
        "size that a SWF verification states",
        "user_control.swf_size > 1MB",
        |s, _, t| {
            count(
                t,
                user(s).and_then(|user| if let Event::SwfResponse { size } = user.event { Some(size) } else { None }),
            )
        },
    ),
    Entry::new(
        "user_control.sync_id",
        NUMBER,
        "number of a flow synchronisation",
        "has(user_control.sync_id)",
        |s, _, t| {
            count(
                t,
                user(s).and_then(|user| match user.event {
                    Event::FlowSync { sync_id, .. } => Some(sync_id),
                    _ => None,
                }),
            )
        },
    ),
    Entry::new("user_control.count", NUMBER, "flows in a flow synchronisation", "user_control.count > 1", |s, _, t| {
        count(
            t,
            user(s).and_then(|user| match user.event {
                Event::FlowSync { count, .. } => Some(count),
                _ => None,
            }),
        )
    }),
    Entry::new(
        "user_control.server_ms",
        MILLISECONDS,
        "keepalive interval of the server",
        "user_control.server_ms < 10s",
        |s, _, t| {
            count(
                t,
                user(s).and_then(|user| match user.event {
                    Event::Keepalive { server_ms, .. } => Some(server_ms),
                    _ => None,
                }),
            )
        },
    ),
    Entry::new(
        "user_control.peer_ms",
        MILLISECONDS,
        "keepalive interval between peers",
        "user_control.peer_ms < 10s",
        |s, _, t| {
            count(
                t,
                user(s).and_then(|user| match user.event {
                    Event::Keepalive { peer_ms, .. } => Some(peer_ms),
                    _ => None,
                }),
            )
        },
    ),
];

fn control<'a>(s: &Seen<'a>) -> Option<&'a Control> {
    if let Body::Control(control) = &s.message.meaning { Some(control) } else { None }
}

fn user<'a>(s: &Seen<'a>) -> Option<&'a UserControl> {
    if let Body::UserControl(user) = &s.message.meaning { Some(user) } else { None }
}

fn limit_word(test: Test<'_>, limit: LimitType) -> bool {
    word_or_number(test, limit.word(), limit.0)
}
