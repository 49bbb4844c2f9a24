//! AMF0 values: the Action Message Format specification of 2007, with the corrections that implementations agree on.

use crate::field::{Annotate, Fault, Field, Member, Reader, Unit, Value, fields};

use super::amf3;
use super::value::{Container, Empty, Visitor};

mod write;
pub use write::{write, write_all};

/// The marker byte in front of a value; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker(pub u8);

impl Marker {
    /// Number.
    pub const NUMBER: Marker = Marker(0);
    /// Boolean.
    pub const BOOLEAN: Marker = Marker(1);
    /// String.
    pub const STRING: Marker = Marker(2);
    /// Object.
    pub const OBJECT: Marker = Marker(3);
    /// MovieClip: reserved, its body is not defined.
    pub const MOVIE_CLIP: Marker = Marker(4);
    /// Null.
    pub const NULL: Marker = Marker(5);
    /// Undefined.
    pub const UNDEFINED: Marker = Marker(6);
    /// Reference.
    pub const REFERENCE: Marker = Marker(7);
    /// ECMA array.
    pub const ECMA_ARRAY: Marker = Marker(8);
    /// Object end.
    pub const OBJECT_END: Marker = Marker(9);
    /// Strict array.
    pub const STRICT_ARRAY: Marker = Marker(10);
    /// Date.
    pub const DATE: Marker = Marker(11);
    /// Long string.
    pub const LONG_STRING: Marker = Marker(12);
    /// Unsupported.
    pub const UNSUPPORTED: Marker = Marker(13);
    /// RecordSet: reserved, its body is not defined.
    pub const RECORD_SET: Marker = Marker(14);
    /// XML document.
    pub const XML: Marker = Marker(15);
    /// Typed object.
    pub const TYPED_OBJECT: Marker = Marker(16);
    /// One AMF3 value follows.
    pub const AVM_PLUS: Marker = Marker(17);
}

/// What the values of one message share: how many containers began, for references, and the tables of AMF3.
#[derive(Debug, Default)]
pub struct Scope {
    containers: u32,
    amf3: Option<Box<amf3::Tables>>,
}

/// Reads values until the message ends; `role` names the field of the n-th value.
pub fn values<A: Annotate, V: Visitor>(
    r: &mut Reader<'_, A>,
    visitor: &mut V,
    role: impl Fn(usize) -> &'static Field,
) -> Result<(), Fault> {
    let mut scope = Scope::default();
    let mut n = 0;
    while !r.is_empty() {
        value(r, role(n), &mut scope, visitor)?;
        n += 1;
    }
    Ok(())
}

/// Reads one value, marker and body, as a group named by `field`.
#[inline]
pub fn value<A: Annotate, V: Visitor>(
    r: &mut Reader<'_, A>,
    field: &'static Field,
    scope: &mut Scope,
    visitor: &mut V,
) -> Result<(), Fault> {
    r.group(field, |r| content(r, scope, visitor))
}

/// Marker and body of a value, into the group that is open. The common values stand here, so that they are compiled into
/// the loops over members and items; the others in [`container_or_rare`].
#[inline(always)]
fn content<A: Annotate, V: Visitor>(r: &mut Reader<'_, A>, scope: &mut Scope, visitor: &mut V) -> Result<(), Fault> {
    r.count()?;
    match Marker(r.u8(&f::MARKER)?) {
        Marker::NUMBER => {
            let number = r.f64(&f::NUMBER)?;
            r.value(Value::Float(number));
            visitor.number(number);
        }
        Marker::BOOLEAN => {
            let boolean = r.u8(&f::BOOLEAN)? != 0;
            r.value(Value::Boolean(boolean));
            visitor.boolean(boolean);
        }
        Marker::STRING => {
            let text = r.text16(&f::STRING_LENGTH, &f::STRING)?;
            r.value_text(text.len());
            visitor.string(text);
        }
        Marker::NULL => empty(r, Empty::Null, visitor),
        marker => container_or_rare(r, marker, scope, visitor)?,
    }
    Ok(())
}

#[inline(never)]
fn container_or_rare<A: Annotate, V: Visitor>(
    r: &mut Reader<'_, A>,
    marker: Marker,
    scope: &mut Scope,
    visitor: &mut V,
) -> Result<(), Fault> {
    match marker {
        Marker::OBJECT => container(r, scope, visitor, Container::Object, members)?,
        Marker::TYPED_OBJECT => {
            let class = r.text16(&f::CLASS_LENGTH, &f::CLASS_NAME)?;
            container(r, scope, visitor, Container::Typed(class), members)?;
        }
        Marker::ECMA_ARRAY => {
            // The count is only a hint: OBS writes 20 whatever follows. The end marker decides.
            r.u32(&f::ECMA_COUNT)?;
            container(r, scope, visitor, Container::Ecma, members)?;
        }
        Marker::STRICT_ARRAY => {
            let count = r.u32(&f::ITEM_COUNT)?;
            container(r, scope, visitor, Container::Strict, |r, scope, visitor| items(r, count, scope, visitor))?;
        }
        Marker::UNDEFINED => empty(r, Empty::Undefined, visitor),
        Marker::UNSUPPORTED => empty(r, Empty::Unsupported, visitor),
        Marker::LONG_STRING | Marker::XML => {
            let len = r.u32(&f::LONG_LENGTH)?;
            let text = r.text(&f::STRING, len as usize)?;
            r.value_text(text.len());
            visitor.string(text);
        }
        Marker::REFERENCE => {
            let index = r.u16(&f::REFERENCE)?;
            if u32::from(index) >= scope.containers {
                r.remark(2, "refers to a container that has not begun");
            }
            r.value(Value::Unsigned(u64::from(index)));
            visitor.reference(u32::from(index));
        }
        Marker::DATE => {
            let milliseconds = r.f64(&f::DATE)?;
            let zone = r.i16(&f::TIME_ZONE)?;
            r.value(Value::Date(milliseconds));
            visitor.date(milliseconds, zone);
        }
        Marker::AVM_PLUS => amf3::content(r, scope.amf3.get_or_insert_default(), visitor)?,
        Marker::MOVIE_CLIP | Marker::RECORD_SET => {
            return Err(r.malformed(&"a reserved type whose body is not defined"));
        }
        Marker::OBJECT_END => return Err(r.malformed(&"an object end outside of an object")),
        _ => return Err(r.malformed(&"not an AMF0 marker")),
    }
    Ok(())
}

#[inline]
fn empty<A: Annotate, V: Visitor>(r: &mut Reader<'_, A>, empty: Empty, visitor: &mut V) {
    r.value(Value::Word(match empty {
        Empty::Null => "null",
        Empty::Undefined => "undefined",
        Empty::Unsupported => "unsupported",
    }));
    visitor.empty(empty);
}

/// Opens a container for the visitor and closes it on the way out, also after a fault. `read` returns the number of
/// members.
#[inline]
fn container<A: Annotate, V: Visitor>(
    r: &mut Reader<'_, A>,
    scope: &mut Scope,
    visitor: &mut V,
    kind: Container<'_>,
    read: impl FnOnce(&mut Reader<'_, A>, &mut Scope, &mut V) -> Result<u32, Fault>,
) -> Result<(), Fault> {
    scope.containers += 1;
    visitor.begin(kind);
    let result = r.deeper(|r| read(r, scope, visitor));
    visitor.end();
    r.value(Value::Count(result?));
    Ok(())
}

/// Members until the end marker.
#[inline]
fn members<A: Annotate, V: Visitor>(r: &mut Reader<'_, A>, scope: &mut Scope, visitor: &mut V) -> Result<u32, Fault> {
    let mut count = 0;
    loop {
        if let [0, 0, 9, ..] = r.peek() {
            r.bytes(&f::OBJECT_END, 3)?;
            return Ok(count);
        }
        if r.is_empty() {
            // Some writers leave the end out at the end of the message.
            r.remark(0, "the object is not closed");
            return Ok(count);
        }
        r.member(&MEMBER, |r, name| {
            visitor.key(name);
            content(r, scope, visitor)
        })?;
        count += 1;
    }
}

const MEMBER: Member = Member { member: &f::MEMBER, length: &f::NAME_LENGTH, name: &f::NAME };

fn items<A: Annotate, V: Visitor>(
    r: &mut Reader<'_, A>,
    count: u32,
    scope: &mut Scope,
    visitor: &mut V,
) -> Result<u32, Fault> {
    for _ in 0..count {
        value(r, &f::ITEM, scope, visitor)?;
    }
    Ok(count)
}

/// The name of a marker.
fn marker_name(marker: u64) -> Option<&'static str> {
    const NAMES: [&str; 18] = [
        "number",
        "boolean",
        "string",
        "object",
        "movie clip (reserved)",
        "null",
        "undefined",
        "reference",
        "ECMA array",
        "object end",
        "strict array",
        "date",
        "long string",
        "unsupported",
        "record set (reserved)",
        "XML document",
        "typed object",
        "switch to AMF3",
    ];
    NAMES.get(usize::try_from(marker).ok()?).copied()
}

fn boolean_name(b: u64) -> Option<&'static str> {
    Some(if b == 0 { "false" } else { "true" })
}

/// Fields of AMF0 values.
pub mod f {
    use super::*;
    fields! {
        /// Type of the value.
        MARKER = Field::new("marker", "type of the value").numbers(marker_name);
        /// A number.
        NUMBER = Field::new("number", "64-bit floating-point number");
        /// A truth value.
        BOOLEAN = Field::new("boolean", "0 is false, everything else true").numbers(boolean_name);
        /// Length of a string.
        STRING_LENGTH = Field::new("length", "length of the text").unit(Unit::Bytes);
        /// Length of a long string.
        LONG_LENGTH = Field::new("long_length", "length of the text, in four bytes").unit(Unit::Bytes);
        /// Text.
        STRING = Field::new("text", "the text, UTF-8");
        /// A member of an object.
        MEMBER = Field::new("member", "a named member of an object");
        /// Length of a member's name.
        NAME_LENGTH = Field::new("name_length", "length of the member's name").unit(Unit::Bytes);
        /// Name of a member.
        NAME = Field::new("name", "the member's name");
        /// An item of an array.
        ITEM = Field::new("item", "an item of an array");
        /// End of an object.
        OBJECT_END = Field::new("object_end", "an empty name and the object end marker");
        /// Length of a class name.
        CLASS_LENGTH = Field::new("class_length", "length of the class name").unit(Unit::Bytes);
        /// Name of a class.
        CLASS_NAME = Field::new("class_name", "the class of a typed object");
        /// Announced number of members.
        ECMA_COUNT = Field::new("ecma_count", "announced number of members, only a hint");
        /// Number of items.
        ITEM_COUNT = Field::new("item_count", "number of items");
        /// Reference to a container.
        REFERENCE = Field::new("reference", "index of an earlier container of this message");
        /// A date.
        DATE = Field::new("date", "milliseconds since 1970-01-01 UTC").unit(Unit::Milliseconds);
        /// Zone of a date.
        TIME_ZONE = Field::new("time_zone", "minutes from UTC; should be 0 and be ignored");
    }
}

#[cfg(test)]
mod tests;
