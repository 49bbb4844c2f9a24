//! Shared object messages (types 19 and 16): RTMP 1.0 section 7.1.3 draws their outline; the sizes of the fields are
//! those that servers write and read.
//!
//! Owns the header (name, version, flags), the events and their payloads. Keeps no state: what an object holds after its
//! events is not known here.

use crate::field::{Annotate, Content, Fault, FaultKind, Field, Member, Reader, Unit, Value, fields};

use super::amf0::{self, Scope};
use super::amf3;
use super::code::MessageType;
use super::status;
use super::value::{Amf, Build};

mod event;
pub use event::EventType;

/// What happened to a shared object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SharedObject {
    /// Its name.
    pub name: Box<str>,
    /// Rises with each change.
    pub version: u32,
    /// The server keeps it when nobody uses it.
    pub persistent: bool,
    /// The events, in wire order.
    pub events: Vec<Event>,
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Which one it is.
    pub kind: EventType,
    /// What it carries.
    pub payload: Payload,
}

/// What an event carries.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// Nothing.
    Empty,
    /// Slots with their values.
    Slots(Vec<(Box<str>, Amf)>),
    /// The name of a slot.
    Key(Box<str>),
    /// A call of a handler on the other side.
    Message {
        /// The handler; empty when the first value is no string.
        handler: Box<str>,
        /// Its arguments.
        args: Vec<Amf>,
    },
    /// Why something was refused, mostly.
    Status {
        /// The code.
        code: Box<str>,
        /// How serious it is.
        level: Box<str>,
    },
    /// No public description of the payload exists.
    Opaque(Box<[u8]>),
}

impl SharedObject {
    /// Reads a whole body of type 19 or 16. Each event ends where its length says, whatever was decoded in it; after a
    /// fault, what was read is returned with it.
    pub fn read<A: Annotate>(r: &mut Reader<'_, A>, ty: MessageType) -> (SharedObject, Result<(), Fault>) {
        let mut object = SharedObject::default();
        let result = r.group(&f::SHARED_OBJECT, |r| content(r, ty, &mut object));
        (object, result)
    }
}

/// How the values of a message are written, and what they share.
#[derive(Default)]
struct Values {
    amf0: Scope,
    /// All values are AMF3, without the marker that switches to it.
    amf3: Option<amf3::Tables>,
}

impl Values {
    fn read<A: Annotate>(
        &mut self,
        r: &mut Reader<'_, A>,
        field: &'static Field,
        build: &mut Build,
    ) -> Result<(), Fault> {
        match &mut self.amf3 {
            None => amf0::value(r, field, &mut self.amf0, build),
            Some(tables) => r.group(field, |r| {
                r.count()?;
                amf3::content(r, tables, build)
            }),
        }
    }
}

fn content<A: Annotate>(r: &mut Reader<'_, A>, ty: MessageType, object: &mut SharedObject) -> Result<(), Fault> {
    let mut values = Values::default();
    if ty == MessageType::SHARED_OBJECT_AMF3 && format(r)? == 3 {
        values.amf3 = Some(amf3::Tables::default());
    }
    let name = r.text16(&f::NAME_LENGTH, &f::NAME)?;
    r.value_text(name.len());
    object.name = lossy(name);
    object.version = r.u32(&f::VERSION)?;
    object.persistent = r.u32(&f::FLAGS)? & PERSISTENT != 0;
    if r.u32(&f::RESERVED)? != 0 {
        r.remark(4, "should be 0");
    }
    let mut first = Ok(());
    while !r.is_empty() {
        let result = event(r, &mut values, &mut object.events);
        first = first.and(result.decoded);
        if result.lost {
            break;
        }
    }
    first
}

/// How the reading of one event went.
struct Outcome {
    decoded: Result<(), Fault>,
    /// The next event cannot be found, or must not be looked for.
    lost: bool,
}

fn event<A: Annotate>(r: &mut Reader<'_, A>, values: &mut Values, events: &mut Vec<Event>) -> Outcome {
    let mut framed = false;
    let decoded = r.group(&f::EVENT, |r| {
        r.count()?;
        let kind = EventType(r.u8(&f::EVENT_TYPE)?);
        if let Some(name) = kind.name() {
            r.value(Value::Word(name));
        }
        let length = r.u32(&f::EVENT_LENGTH)? as usize;
        framed = length <= r.left();
        let mut payload = Payload::Empty;
        let result = r.within(length, |r| event::payload(r, kind, values, &mut payload));
        events.push(Event { kind, payload });
        result
    });
    let exhausted = matches!(decoded, Err(Fault { kind: FaultKind::TooMany, .. }));
    Outcome { decoded, lost: !framed || exhausted }
}

/// Reads the format byte in front of a body of type 16; 3 means that all values are AMF3. Some senders leave the byte
/// out: then nothing is read, but a remark is made.
fn format<A: Annotate>(r: &mut Reader<'_, A>) -> Result<u8, Fault> {
    let body = r.peek();
    if !header_fits(body.get(1..).unwrap_or_default()) && header_fits(body) {
        r.remark(0, "the format byte is missing");
        return Ok(0);
    }
    let format = r.u8(&f::FORMAT)?;
    if !matches!(format, 0 | 3) {
        r.remark(1, "only the formats 0 and 3 are known");
    }
    Ok(format)
}

/// Can a name and the three numbers stand here? The name is the only thing that has a length of its own.
fn header_fits(bytes: &[u8]) -> bool {
    match bytes {
        [high, low, rest @ ..] => rest.len() >= usize::from(u16::from_be_bytes([*high, *low])) + 12,
        _ => false,
    }
}

fn lossy(text: &[u8]) -> Box<str> {
    String::from_utf8_lossy(text).into()
}

/// The flag of an object that outlives its users.
const PERSISTENT: u32 = 2;

fn flags_name(flags: u64) -> Option<&'static str> {
    Some(match flags {
        0 => "temporary",
        2 => "persistent",
        16 | 32 | 48 => "seen in captures of Adobe's software, meaning not known",
        _ => return None,
    })
}

fn format_name(format: u64) -> Option<&'static str> {
    Some(match format {
        0 => "AMF0 values, any of which may switch to AMF3",
        3 => "AMF3 values",
        _ => return None,
    })
}

const SLOT: Member = Member { member: &f::SLOT, length: &f::KEY_LENGTH, name: &f::KEY };

/// Fields of shared object messages.
pub mod f {
    use super::*;
    fields! {
        /// The whole message.
        SHARED_OBJECT = Field::new("shared_object", "what happened to an object that several clients share");
        /// Format byte.
        FORMAT = Field::new("format", "how the values that follow are written").numbers(format_name);
        /// Length of the name.
        NAME_LENGTH = Field::new("name_length", "length of the object's name").unit(Unit::Bytes);
        /// Name.
        NAME = Field::new("name", "the object's name");
        /// Version.
        VERSION = Field::new("version", "version of the object, rises with each change");
        /// Flags.
        FLAGS = Field::new("flags", "whether the server keeps the object when nobody uses it").numbers(flags_name);
        /// Reserved word.
        RESERVED = Field::new("reserved", "always 0");
        /// An event.
        EVENT = Field::new("event", "one thing that happened, or is asked for");
        /// Which event.
        EVENT_TYPE = Field::new("event_type", "which event it is").numbers(event::event_name);
        /// Length of an event's data.
        EVENT_LENGTH = Field::new("event_length", "length of the event's data").unit(Unit::Bytes);
        /// A slot with its value.
        SLOT = Field::new("slot", "a named value of the object");
        /// Length of a slot's name.
        KEY_LENGTH = Field::new("key_length", "length of the slot's name").unit(Unit::Bytes);
        /// Name of a slot.
        KEY = Field::new("slot_name", "the slot's name, without AMF marker");
        /// Value of a slot.
        VALUE = Field::new("slot_value", "the slot's value");
        /// Handler of a message.
        HANDLER = Field::new("message_handler", "who shall get the arguments on the other side");
        /// Argument of a message.
        ARGUMENT = Field::new("argument", "an argument for the handler");
        /// Length of a status code.
        CODE_LENGTH = Field::new("code_length", "length of the code").unit(Unit::Bytes);
        /// Status code.
        CODE = Field::new("code", "what happened, as a code").texts(status::explain);
        /// Length of a level.
        LEVEL_LENGTH = Field::new("level_length", "length of the level").unit(Unit::Bytes);
        /// Level.
        LEVEL = Field::new("level", "how serious it is").texts(status::explain_level);
        /// Payload without public description.
        EVENT_DATA = Field::new("event_data", "payload; no public description of this event exists").content(Content::Undescribed);
    }
}

#[cfg(test)]
mod tests;
