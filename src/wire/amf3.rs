//! AMF3 values: the Action Message Format specification of 2006, as RTMP uses it, behind AMF0's marker 17.
//!
//! Strings and classes that come again are written as an index. The tables hold ranges of the message, so a decoder
//! allocates nothing for them but their entries, of which each took at least one byte of the message.

use crate::field::{Annotate, Fault, Field, Range, Reader, Value};

use super::value::{Container, Empty, Visitor};

mod external;
mod fields;
mod tables;
mod write;
pub use fields::f;
pub use tables::Tables;
pub(super) use write::u29 as write_u29;
pub use write::{Typed, write_all, write_typed};

use tables::{Traits, string, string_ahead, u29};

/// The marker byte in front of a value; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker(pub u8);

impl Marker {
    /// Undefined.
    pub const UNDEFINED: Marker = Marker(0x00);
    /// Null.
    pub const NULL: Marker = Marker(0x01);
    /// False.
    pub const FALSE: Marker = Marker(0x02);
    /// True.
    pub const TRUE: Marker = Marker(0x03);
    /// Integer of 29 bits.
    pub const INTEGER: Marker = Marker(0x04);
    /// Double.
    pub const DOUBLE: Marker = Marker(0x05);
    /// String.
    pub const STRING: Marker = Marker(0x06);
    /// XML document, the older kind.
    pub const XML_DOCUMENT: Marker = Marker(0x07);
    /// Date.
    pub const DATE: Marker = Marker(0x08);
    /// Array.
    pub const ARRAY: Marker = Marker(0x09);
    /// Object.
    pub const OBJECT: Marker = Marker(0x0a);
    /// XML.
    pub const XML: Marker = Marker(0x0b);
    /// Byte array.
    pub const BYTE_ARRAY: Marker = Marker(0x0c);
    /// Vector of signed integers.
    pub const VECTOR_INT: Marker = Marker(0x0d);
    /// Vector of unsigned integers.
    pub const VECTOR_UINT: Marker = Marker(0x0e);
    /// Vector of doubles.
    pub const VECTOR_DOUBLE: Marker = Marker(0x0f);
    /// Vector of objects.
    pub const VECTOR_OBJECT: Marker = Marker(0x10);
    /// Dictionary.
    pub const DICTIONARY: Marker = Marker(0x11);
}

/// Reads one value, marker and body, as a group named by `field`.
fn value<A: Annotate, V: Visitor>(
    r: &mut Reader<'_, A>,
    field: &'static Field,
    tables: &mut Tables,
    visitor: &mut V,
) -> Result<(), Fault> {
    r.group(field, |r| {
        r.count()?;
        content(r, tables, visitor)
    })
}

/// Marker and body of a value, into the group that is open.
///
/// The visitor hears of an array with named members, and of a dictionary, as follows: the former is an object whose
/// items are members named `0`, `1` and so on; the latter an array of arrays of two, key and value. A wrapper such as
/// ArrayCollection is not heard of at all, only what it wraps.
#[inline(never)]
pub(super) fn content<A: Annotate, V: Visitor>(
    r: &mut Reader<'_, A>,
    tables: &mut Tables,
    visitor: &mut V,
) -> Result<(), Fault> {
    match Marker(r.u8(&f::MARKER)?) {
        Marker::UNDEFINED => {
            r.value(Value::Word("undefined"));
            visitor.empty(Empty::Undefined);
        }
        Marker::NULL => {
            r.value(Value::Word("null"));
            visitor.empty(Empty::Null);
        }
        Marker::FALSE => boolean(r, false, visitor),
        Marker::TRUE => boolean(r, true, visitor),
        Marker::INTEGER => {
            let (u, len) = u29(r)?;
            // 29 bits with a sign: bit 28 is copied upwards.
            let number = ((u << 3) as i32) >> 3;
            r.coded(&f::INTEGER, len, Value::Signed(i64::from(number)))?;
            r.value(Value::Signed(i64::from(number)));
            visitor.number(f64::from(number));
        }
        Marker::DOUBLE => {
            let number = r.f64(&f::DOUBLE)?;
            r.value(Value::Float(number));
            visitor.number(number);
        }
        Marker::STRING => {
            let text = string(r, tables, &f::STRING)?;
            r.value(Value::Text(text));
            visitor.string(r.at_range(text));
        }
        Marker::XML_DOCUMENT | Marker::XML => {
            if let Some(len) = inline(r, tables, &f::XML_LENGTH, visitor)? {
                let text = r.text(&f::XML, len as usize)?;
                r.value_text(text.len());
                visitor.string(text);
            }
        }
        Marker::DATE => {
            if inline(r, tables, &f::DATE_HEADER, visitor)?.is_some() {
                let milliseconds = r.f64(&f::DATE)?;
                r.value(Value::Date(milliseconds));
                visitor.date(milliseconds, 0);
            }
        }
        Marker::BYTE_ARRAY => {
            if let Some(len) = inline(r, tables, &f::BYTES_LENGTH, visitor)? {
                let start = r.at() as u32;
                let bytes = r.bytes(&f::BYTES, len as usize)?;
                r.value(Value::Bytes(Range { start, len }));
                visitor.bytes(bytes);
            }
        }
        Marker::ARRAY => {
            if let Some(count) = inline(r, tables, &f::ITEM_COUNT, visitor)? {
                array(r, count, tables, visitor)?;
            }
        }
        Marker::OBJECT => object(r, tables, visitor)?,
        marker @ (Marker::VECTOR_INT | Marker::VECTOR_UINT | Marker::VECTOR_DOUBLE | Marker::VECTOR_OBJECT) => {
            if let Some(count) = inline(r, tables, &f::ITEM_COUNT, visitor)? {
                r.u8(&f::FIXED)?;
                if marker == Marker::VECTOR_OBJECT {
                    string(r, tables, &f::TYPE_NAME)?;
                }
                container(r, visitor, Container::Strict, |r, visitor| {
                    for _ in 0..count {
                        vector_item(r, marker, tables, visitor)?;
                    }
                    Ok(count)
                })?;
            }
        }
        Marker::DICTIONARY => {
            if let Some(count) = inline(r, tables, &f::PAIR_COUNT, visitor)? {
                r.u8(&f::WEAK_KEYS)?;
                container(r, visitor, Container::Strict, |r, visitor| {
                    for _ in 0..count {
                        pair(r, tables, visitor)?;
                    }
                    Ok(count)
                })?;
            }
        }
        _ => return Err(r.malformed(&"not an AMF3 marker")),
    }
    Ok(())
}

fn boolean<A: Annotate, V: Visitor>(r: &mut Reader<'_, A>, boolean: bool, visitor: &mut V) {
    r.value(Value::Boolean(boolean));
    visitor.boolean(boolean);
}

/// The integer in front of a value that the object table holds: a reference, which is the whole value, or a number that
/// is returned.
fn inline<A: Annotate, V: Visitor>(
    r: &mut Reader<'_, A>,
    tables: &mut Tables,
    field: &'static Field,
    visitor: &mut V,
) -> Result<Option<u32>, Fault> {
    let (u, len) = u29(r)?;
    if u & 1 == 0 {
        reference(r, u >> 1, len, tables, visitor)?;
        return Ok(None);
    }
    r.coded(field, len, Value::Unsigned(u64::from(u >> 1)))?;
    tables.objects += 1;
    Ok(Some(u >> 1))
}

fn reference<A: Annotate, V: Visitor>(
    r: &mut Reader<'_, A>,
    index: u32,
    len: usize,
    tables: &Tables,
    visitor: &mut V,
) -> Result<(), Fault> {
    let value = Value::Unsigned(u64::from(index));
    r.coded(&f::OBJECT_REFERENCE, len, value)?;
    if index >= tables.objects {
        r.remark(len, "refers to an object that has not begun");
    }
    r.value(value);
    visitor.reference(index);
    Ok(())
}

/// Opens a container for the visitor and closes it on the way out, also after a fault. `read` returns the number of
/// members.
fn container<A: Annotate, V: Visitor>(
    r: &mut Reader<'_, A>,
    visitor: &mut V,
    kind: Container<'_>,
    read: impl FnOnce(&mut Reader<'_, A>, &mut V) -> Result<u32, Fault>,
) -> Result<(), Fault> {
    visitor.begin(kind);
    let result = r.deeper(|r| read(r, visitor));
    visitor.end();
    r.value(Value::Count(result?));
    Ok(())
}

fn array<A: Annotate, V: Visitor>(
    r: &mut Reader<'_, A>,
    count: u32,
    tables: &mut Tables,
    visitor: &mut V,
) -> Result<(), Fault> {
    let named = !tables::no_name_ahead(r.peek());
    let kind = if named { Container::Ecma } else { Container::Strict };
    container(r, visitor, kind, |r, visitor| {
        let members = pairs(r, tables, visitor)?;
        for n in 0..count {
            if named {
                let mut digits = [0; 10];
                visitor.key(decimal(n, &mut digits));
            }
            value(r, &f::ITEM, tables, visitor)?;
        }
        Ok(members + count)
    })
}

/// Members with their names in front, until an empty name.
fn pairs<A: Annotate, V: Visitor>(r: &mut Reader<'_, A>, tables: &mut Tables, visitor: &mut V) -> Result<u32, Fault> {
    let mut count = 0;
    loop {
        let (u, len) = u29(r)?;
        if u == 1 {
            r.coded(&f::MEMBERS_END, len, Value::None)?;
            return Ok(count);
        }
        // The name is looked at before it is read, so that the group can carry it and enclose it.
        let ahead = string_ahead(r, tables);
        r.named(&f::MEMBER, ahead, |r| {
            r.count()?;
            let name = string(r, tables, &f::NAME)?;
            visitor.key(r.at_range(name));
            content(r, tables, visitor)
        })?;
        count += 1;
    }
}

fn object<A: Annotate, V: Visitor>(r: &mut Reader<'_, A>, tables: &mut Tables, visitor: &mut V) -> Result<(), Fault> {
    let (u, len) = u29(r)?;
    if u & 1 == 0 {
        return reference(r, u >> 1, len, tables, visitor);
    }
    tables.objects += 1;
    let traits = if u & 2 == 0 {
        r.coded(&f::TRAITS_REFERENCE, len, Value::Unsigned(u64::from(u >> 2)))?;
        let Some(traits) = tables.traits(u >> 2) else {
            return Err(r.malformed(&"refers to a class that has not come"));
        };
        tables.spend(r, traits.class)?;
        traits
    } else {
        Traits::read(r, (u, len), tables)?
    };
    let class = r.at_range(traits.class);
    if traits.external {
        return external::read(r, class, tables, visitor);
    }
    let kind = if class.is_empty() { Container::Object } else { Container::Typed(class) };
    container(r, visitor, kind, |r, visitor| {
        for n in 0..traits.count {
            let name = tables.member(traits, n);
            tables.spend(r, name)?;
            r.named(&f::MEMBER, name, |r| {
                r.count()?;
                visitor.key(r.at_range(name));
                content(r, tables, visitor)
            })?;
        }
        let dynamic = if traits.dynamic { pairs(r, tables, visitor)? } else { 0 };
        Ok(traits.count + dynamic)
    })
}

fn vector_item<A: Annotate, V: Visitor>(
    r: &mut Reader<'_, A>,
    marker: Marker,
    tables: &mut Tables,
    visitor: &mut V,
) -> Result<(), Fault> {
    if marker == Marker::VECTOR_OBJECT {
        return value(r, &f::ITEM, tables, visitor);
    }
    r.count()?;
    visitor.number(match marker {
        Marker::VECTOR_INT => f64::from(r.i32(&f::VECTOR_INT)?),
        Marker::VECTOR_UINT => f64::from(r.u32(&f::VECTOR_UINT)?),
        _ => r.f64(&f::VECTOR_DOUBLE)?,
    });
    Ok(())
}

fn pair<A: Annotate, V: Visitor>(r: &mut Reader<'_, A>, tables: &mut Tables, visitor: &mut V) -> Result<(), Fault> {
    r.group(&f::PAIR, |r| {
        container(r, visitor, Container::Strict, |r, visitor| {
            value(r, &f::KEY, tables, visitor)?;
            value(r, &f::KEY_VALUE, tables, visitor)?;
            Ok(2)
        })
    })
}

/// The digits of a number, without allocation.
fn decimal(mut n: u32, digits: &mut [u8; 10]) -> &[u8] {
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (n % 10) as u8;
        n /= 10;
        used += 1;
        if n == 0 {
            break;
        }
    }
    digits.get(10 - used..).unwrap_or_default()
}

#[cfg(test)]
mod tests;
