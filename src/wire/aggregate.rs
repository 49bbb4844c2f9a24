//! Aggregate messages (type 22): RTMP 1.0 section 7.1.6, in the layout of FLV tags that servers write.
//!
//! Owns how several messages stand in one body. What each of them says is read through the door of all bodies.

use crate::field::{Annotate, Fault, Field, Range, Reader, Unit, Value, fields};

use super::body::{self, Context};
use super::code::{MessageType, message_type_names};

/// Several messages in one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aggregate {
    /// The messages, in wire order.
    pub parts: Vec<Part>,
    /// How their timestamps are written.
    pub order: TimeOrder,
    /// Why the messages after the last one could not be found, or one was refused. A fault inside of a message is not
    /// told here: the message is whole, and tells it itself.
    pub fault: Option<Fault>,
}

/// A message inside of an aggregate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its type.
    pub message_type: MessageType,
    /// Its timestamp as it is written. Only differences count.
    pub timestamp: u32,
    /// Milliseconds after the first message of the aggregate, to be added to the aggregate's own timestamp.
    pub offset: i32,
    /// Where its body stands in the body of the aggregate.
    pub body: Range,
}

/// How the timestamps of an aggregate are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeOrder {
    /// As in FLV tags: the low 24 bits, then the high 8.
    #[default]
    Flv,
    /// As the specification draws it: 32 bits from high to low.
    Plain,
}

impl TimeOrder {
    /// The name as a JSON word.
    pub fn word(self) -> &'static str {
        match self {
            TimeOrder::Flv => "flv",
            TimeOrder::Plain => "plain",
        }
    }

    /// How the timestamps of this body are written: as in FLV, unless they jump absurdly so and do not the other way.
    fn of(mut bytes: &[u8]) -> TimeOrder {
        let mut before = None;
        let (mut flv_is_sane, mut plain_is_sane) = (true, true);
        while let Some((head, rest)) = bytes.split_first_chunk::<{ HEADER as usize }>() {
            let &[_, n2, n1, n0, a, b, c, d, ..] = head;
            let (flv, plain) = (u32::from_be_bytes([d, a, b, c]), u32::from_be_bytes([a, b, c, d]));
            let (flv_before, plain_before) = before.unwrap_or((flv, plain));
            flv_is_sane &= is_step(flv_before, flv);
            plain_is_sane &= is_step(plain_before, plain);
            before = Some((flv, plain));
            let len = u32::from_be_bytes([0, n2, n1, n0]) as usize;
            bytes = rest.get(len + BACK_POINTER..).unwrap_or_default();
        }
        if !flv_is_sane && plain_is_sane { TimeOrder::Plain } else { TimeOrder::Flv }
    }
}

/// Bytes in front of each body.
const HEADER: u32 = 11;

/// Bytes after each body.
const BACK_POINTER: usize = 4;

/// Neighbours in one aggregate lie milliseconds apart, mostly. Read in the wrong order they lie hours apart.
const LARGEST_STEP: u32 = 10 * 60 * 1000;

fn is_step(from: u32, to: u32) -> bool {
    (to.wrapping_sub(from) as i32).unsigned_abs() <= LARGEST_STEP
}

impl Aggregate {
    /// Reads a whole body of type 22. After a fault, what was read until then is returned with it; the fault may be that
    /// of a message inside, after which the next one is read all the same.
    pub fn read<A: Annotate>(r: &mut Reader<'_, A>) -> (Aggregate, Result<(), Fault>) {
        let mut aggregate = Aggregate { order: TimeOrder::of(r.peek()), ..Aggregate::default() };
        let result = r.group(&f::AGGREGATE, |r| content(r, &mut aggregate));
        (aggregate, result)
    }
}

fn content<A: Annotate>(r: &mut Reader<'_, A>, aggregate: &mut Aggregate) -> Result<(), Fault> {
    if aggregate.order == TimeOrder::Plain {
        r.remark(0, "the timestamps are not written as in FLV");
    }
    let mut origin = None;
    let mut first = Ok(());
    while !r.is_empty() {
        let mut frame = Ok(());
        let result = r.group(&f::PART, |r| {
            let (read, ended) = part(r, aggregate, &mut origin);
            frame = ended;
            read.and(ended)
        });
        first = first.and(result);
        if let Err(fault) = frame {
            // Nobody knows where the next message begins.
            aggregate.fault.get_or_insert(fault);
            break;
        }
    }
    first
}

/// Reads one message: how its body went, and whether its frame is whole.
fn part<A: Annotate>(
    r: &mut Reader<'_, A>,
    aggregate: &mut Aggregate,
    origin: &mut Option<u32>,
) -> (Result<(), Fault>, Result<(), Fault>) {
    let (message_type, len, timestamp) = match header(r, aggregate.order) {
        Ok(header) => header,
        Err(fault) => return (Ok(()), Err(fault)),
    };
    let offset = timestamp.wrapping_sub(*origin.get_or_insert(timestamp)) as i32;
    r.derived(&f::OFFSET, Value::Signed(i64::from(offset)));
    let body = Range { start: r.at() as u32, len };
    let framed = len as usize <= r.left();
    let read = r.within(len as usize, |r| match message_type {
        MessageType::AGGREGATE => Err(r.malformed(&"an aggregate inside of an aggregate")),
        _ => body::read(r, message_type, Context::default()).1,
    });
    match read {
        Err(fault) if !framed => return (Ok(()), Err(fault)),
        Err(fault) if message_type == MessageType::AGGREGATE => {
            aggregate.fault.get_or_insert(fault);
        }
        _ => aggregate.parts.push(Part { message_type, timestamp, offset, body }),
    }
    (read, back_pointer(r, len))
}

fn header<A: Annotate>(r: &mut Reader<'_, A>, order: TimeOrder) -> Result<(MessageType, u32, u32), Fault> {
    r.count()?;
    let message_type = MessageType(r.u8(&f::TYPE)?);
    if let Some(name) = message_type.name() {
        r.value(Value::Word(name));
    }
    let len = r.u24(&f::LENGTH)?;
    let timestamp = match order {
        TimeOrder::Flv => {
            let low = r.u24(&f::TIMESTAMP_LOW)?;
            let timestamp = u32::from(r.u8(&f::TIMESTAMP_HIGH)?) << 24 | low;
            r.derived(&f::TIMESTAMP, Value::Unsigned(u64::from(timestamp)));
            timestamp
        }
        TimeOrder::Plain => r.u32(&f::TIMESTAMP)?,
    };
    r.u24(&f::STREAM_ID)?;
    Ok((message_type, len, timestamp))
}

fn back_pointer<A: Annotate>(r: &mut Reader<'_, A>, len: u32) -> Result<(), Fault> {
    if r.is_empty() {
        r.remark(0, "the last back pointer is missing");
        return Ok(());
    }
    if r.u32(&f::BACK_POINTER)? != HEADER + len {
        r.remark(4, "should be the length of the message before it, header included");
    }
    Ok(())
}

/// Fields of aggregate messages.
pub mod f {
    use super::*;
    fields! {
        /// The whole message.
        AGGREGATE = Field::new("aggregate", "several messages in one");
        /// A message inside.
        PART = Field::new("message", "a message inside of an aggregate");
        /// Its type.
        TYPE = Field::new("message_type", "what kind of message it is").known_as(message_type_names);
        /// Its length.
        LENGTH = Field::new("message_length", "length of its body").unit(Unit::Bytes);
        /// Low bits of its timestamp.
        TIMESTAMP_LOW = Field::new("timestamp_low", "low 24 bits of its timestamp").unit(Unit::Milliseconds);
        /// High bits of its timestamp.
        TIMESTAMP_HIGH = Field::new("timestamp_high", "high 8 bits of its timestamp");
        /// Its timestamp.
        TIMESTAMP = Field::new("timestamp", "its timestamp; only the differences inside of an aggregate count")
            .unit(Unit::Milliseconds);
        /// Its message stream.
        STREAM_ID = Field::new("message_stream", "ignored: that of the aggregate counts");
        /// Time after the first message.
        OFFSET = Field::new("offset", "time after the first message, to be added to the aggregate's timestamp")
            .unit(Unit::Milliseconds);
        /// Back pointer.
        BACK_POINTER = Field::new("back_pointer", "length of the message before it, header included")
            .unit(Unit::Bytes);
    }
}

#[cfg(test)]
mod tests;
