//! The events of a shared object: their names and what they carry.

use super::*;

/// The type of an event; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventType(pub u8);

impl EventType {
    /// The client begins to use the object.
    pub const USE: EventType = EventType(1);
    /// The client ends its use.
    pub const RELEASE: EventType = EventType(2);
    /// The client wants to set a slot.
    pub const REQUEST_CHANGE: EventType = EventType(3);
    /// The server tells of slots that were set.
    pub const CHANGE: EventType = EventType(4);
    /// The server set the slot that the client asked for.
    pub const SUCCESS: EventType = EventType(5);
    /// A call for everybody who uses the object.
    pub const SEND_MESSAGE: EventType = EventType(6);
    /// A status.
    pub const STATUS: EventType = EventType(7);
    /// The server emptied the object, or the client is to do so.
    pub const CLEAR: EventType = EventType(8);
    /// The server removed a slot.
    pub const REMOVE: EventType = EventType(9);
    /// The client wants to remove a slot.
    pub const REQUEST_REMOVE: EventType = EventType(10);
    /// The server lets the client use the object.
    pub const USE_SUCCESS: EventType = EventType(11);

    /// The name for people.
    pub fn name(self) -> Option<&'static str> {
        event_name(u64::from(self.0))
    }

    /// The name as a JSON word, such as `send_message`.
    pub fn word(self) -> Option<&'static str> {
        EVENTS.get(usize::from(self.0)).map(|e| e.0).filter(|word| !word.is_empty())
    }
}

/// Reads what an event carries; what was read before a fault stays in `payload`.
pub(super) fn payload<A: Annotate>(
    r: &mut Reader<'_, A>,
    kind: EventType,
    values: &mut Values,
    payload: &mut Payload,
) -> Result<(), Fault> {
    match kind {
        EventType::USE | EventType::RELEASE | EventType::CLEAR => Ok(()),
        EventType::REQUEST_CHANGE => slots(r, 1, values, payload),
        EventType::CHANGE => slots(r, usize::MAX, values, payload),
        // Mostly empty; one server lets the slots follow at once.
        EventType::USE_SUCCESS if r.is_empty() => Ok(()),
        EventType::USE_SUCCESS => slots(r, usize::MAX, values, payload),
        EventType::SUCCESS | EventType::REMOVE | EventType::REQUEST_REMOVE => {
            *payload = Payload::Key(lossy(r.text16(&f::KEY_LENGTH, &f::KEY)?));
            Ok(())
        }
        EventType::SEND_MESSAGE => message(r, values, payload),
        EventType::STATUS => {
            let code = lossy(r.text16(&f::CODE_LENGTH, &f::CODE)?);
            *payload = Payload::Status { code: code.clone(), level: Box::default() };
            let level = lossy(r.text16(&f::LEVEL_LENGTH, &f::LEVEL)?);
            *payload = Payload::Status { code, level };
            Ok(())
        }
        _ => {
            *payload = Payload::Opaque(r.rest(&f::EVENT_DATA).into());
            Ok(())
        }
    }
}

/// Slots until the event ends, at most so many.
fn slots<A: Annotate>(
    r: &mut Reader<'_, A>,
    most: usize,
    values: &mut Values,
    payload: &mut Payload,
) -> Result<(), Fault> {
    let mut slots = Vec::new();
    let mut result = Ok(());
    while result.is_ok() && !r.is_empty() && slots.len() < most {
        result = r.member(&SLOT, |r, name| {
            let mut build = Build::default();
            let read = values.read(r, &f::VALUE, &mut build);
            // A value that broke off keeps what was read of it.
            if let Some(value) = build.finish().pop() {
                slots.push((lossy(name), value));
            }
            read
        });
    }
    *payload = Payload::Slots(slots);
    result
}

/// The name of a handler and its arguments, until the event ends.
fn message<A: Annotate>(r: &mut Reader<'_, A>, values: &mut Values, payload: &mut Payload) -> Result<(), Fault> {
    let mut build = Build::default();
    let mut result = values.read(r, &f::HANDLER, &mut build);
    if result.is_ok() && !matches!(build.complete(), [Amf::String(_)]) {
        r.remark(0, "the name of a handler should be a string");
    }
    while result.is_ok() && !r.is_empty() {
        result = values.read(r, &f::ARGUMENT, &mut build);
    }
    let mut read = build.finish().into_iter().peekable();
    let handler = match read.next_if(|value| matches!(value, Amf::String(_))) {
        Some(Amf::String(name)) => name,
        _ => Box::default(),
    };
    *payload = Payload::Message { handler, args: read.collect() };
    result
}

/// Word for JSON and name for people, by event type; an empty word where only a note tells of the event.
const EVENTS: [(&str, &str); 15] = [
    ("", ""),
    ("use", "Use"),
    ("release", "Release"),
    ("request_change", "Request Change (also: set attribute)"),
    ("change", "Change (also: update data)"),
    ("success", "Success (also: update attribute)"),
    ("send_message", "Send Message"),
    ("status", "Status"),
    ("clear", "Clear (also: clear data)"),
    ("remove", "Remove (also: delete data)"),
    ("request_remove", "Request Remove (also: delete attribute)"),
    ("use_success", "Use Success (also: initial data)"),
    ("", "a key and a number, says one note"),
    ("", "acknowledges a key and its value, says one note"),
    ("", "asks to clear the object, says one note"),
];

pub(super) fn event_name(kind: u64) -> Option<&'static str> {
    EVENTS.get(usize::try_from(kind).ok()?).map(|e| e.1).filter(|name| !name.is_empty())
}
