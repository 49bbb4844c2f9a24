//! What shared object messages say.

use super::{Entry, Type, count, group, text, truth, words};
use crate::field::Unit;
use crate::query::Step;
use crate::query::place::Place;
use crate::query::subject::{Seen, Test, Value, amf, items_at, member};
use crate::wire::body::Body;
use crate::wire::shared_object::{self, Payload, SharedObject};

const NUMBER: Type = Type::Number(Unit::None);
const BYTES: Type = Type::Number(Unit::Bytes);

pub(super) static TABLE: &[Entry] = &[
    Entry::new(
        "shared_object",
        Type::Group,
        "what happened to an object that clients share",
        "has(shared_object)",
        |s, _, t| group(t, shared(s).is_some()),
    ),
    Entry::new("shared_object.name", Type::Text, "name of the object", "shared_object.name == chat", |s, _, t| {
        text(t, shared(s).map(|shared| &*shared.name))
    }),
    Entry::new(
        "shared_object.version",
        NUMBER,
        "version of the object, rises with each change",
        "shared_object.version > 0",
        |s, _, t| count(t, shared(s).map(|shared| shared.version)),
    ),
    Entry::new(
        "shared_object.persistent",
        Type::Truth,
        "the server keeps it though nobody uses it",
        "shared_object.persistent",
        |s, _, t| truth(t, shared(s).map(|shared| shared.persistent)),
    ),
    Entry::new(
        "shared_object.events",
        Type::Group,
        "what happened, in wire order",
        "has(shared_object.events[1])",
        |s, p, t| events(s, p, t, |_, t| t(Value::Group)),
    )
    .list(),
    Entry::new(
        "shared_object.events.type",
        NUMBER,
        "number of an event's type",
        "shared_object.events.type == 4",
        |s, p, t| events(s, p, t, |event, t| count(t, Some(event.kind.0))),
    ),
    Entry::new(
        "shared_object.events.name",
        Type::Word(words::shared_event),
        "name of an event's type",
        "shared_object.events.name == change",
        |s, p, t| events(s, p, t, |event, t| text(t, event.kind.word())),
    ),
    Entry::new(
        "shared_object.events.slots",
        Type::Amf,
        "slots with their values below",
        "shared_object.events.slots.topic == hello",
        |s, p, t| {
            events(s, p, t, |event, t| {
                let Payload::Slots(slots) = &event.payload else { return false };
                match p.below().split_first() {
                    None => t(Value::Group),
                    Some((Step::Name(name), rest)) => member(slots, name).is_some_and(|value| amf(value, rest, t)),
                    Some((Step::Index(_), _)) => false,
                }
            })
        },
    ),
    Entry::new("shared_object.events.key", Type::Text, "name of a slot", "has(shared_object.events.key)", |s, p, t| {
        events(s, p, t, |event, t| if let Payload::Key(key) = &event.payload { text(t, Some(key)) } else { false })
    }),
    Entry::new(
        "shared_object.events.handler",
        Type::Text,
        "handler that is called on the other side",
        "has(shared_object.events.handler)",
        |s, p, t| {
            events(s, p, t, |event, t| match &event.payload {
                Payload::Message { handler, .. } => text(t, Some(handler)),
                _ => false,
            })
        },
    ),
    Entry::new(
        "shared_object.events.args",
        Type::Amf,
        "arguments of the handler",
        "shared_object.events.args == hello",
        |s, p, t| {
            events(s, p, t, |event, t| match &event.payload {
                Payload::Message { args, .. } => items_at(args, p.below(), t),
                _ => false,
            })
        },
    )
    .list(),
    Entry::new(
        "shared_object.events.code",
        Type::Text,
        "what happened, as a code (status)",
        "has(shared_object.events.code)",
        |s, p, t| {
            events(s, p, t, |event, t| match &event.payload {
                Payload::Status { code, .. } => text(t, Some(code)),
                _ => false,
            })
        },
    ),
    Entry::new(
        "shared_object.events.level",
        Type::Text,
        "how serious it is (status)",
        "shared_object.events.level == error",
        |s, p, t| {
            events(s, p, t, |event, t| match &event.payload {
                Payload::Status { level, .. } => text(t, Some(level)),
                _ => false,
            })
        },
    ),
    Entry::new(
        "shared_object.events.bytes",
        BYTES,
        "length of a payload without public description",
        "has(shared_object.events.bytes)",
        |s, p, t| {
            events(s, p, t, |event, t| match &event.payload {
                Payload::Opaque(bytes) => count(t, Some(bytes.len() as f64)),
                _ => false,
            })
        },
    ),
];

fn shared<'a>(s: &Seen<'a>) -> Option<&'a SharedObject> {
    if let Body::SharedObject(shared) = &s.message.meaning { Some(shared) } else { None }
}

/// The events of a shared object: the one that the path chooses, or all.
fn events(s: &Seen<'_>, place: &Place, test: Test<'_>, show: impl Fn(&shared_object::Event, Test<'_>) -> bool) -> bool {
    let Some(shared) = shared(s) else { return false };
    match place.item {
        Some(item) => shared.events.get(item as usize).is_some_and(|event| show(event, test)),
        None => shared.events.iter().any(|event| show(event, test)),
    }
}
