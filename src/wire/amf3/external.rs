//! Externalizable classes: objects that write themselves, so that their class has to be known.

use crate::field::{Annotate, Fault, Field, Range, Reader};
use crate::wire::value::{Container, Visitor};

use super::{Tables, container, content, f, value};

/// Reads the body of an externalizable object.
pub(super) fn read<A: Annotate, V: Visitor>(
    r: &mut Reader<'_, A>,
    class: &[u8],
    tables: &mut Tables,
    visitor: &mut V,
) -> Result<(), Fault> {
    let parts: &[Part] = match class {
        b"flex.messaging.io.ArrayCollection"
        | b"mx.collections.ArrayCollection"
        | b"flex.messaging.io.ArrayList"
        | b"flex.messaging.io.ObjectProxy" => return r.deeper(|r| value(r, &f::WRAPPED, tables, visitor)),
        b"DSA" | b"flex.messaging.messages.AsyncMessageExt" => &[ABSTRACT, ASYNC],
        b"DSK" | b"flex.messaging.messages.AcknowledgeMessageExt" => &[ABSTRACT, ASYNC, ACKNOWLEDGE],
        b"DSC" | b"flex.messaging.messages.CommandMessageExt" => &[ABSTRACT, ASYNC, COMMAND],
        _ => return Err(r.malformed(&"an externalizable object whose class is not known")),
    };
    container(r, visitor, Container::Typed(class), |r, visitor| {
        let mut count = 0;
        for names in parts {
            count += part(r, names, tables, visitor)?;
        }
        Ok(count)
    })
}

/// The members that the bits of each flag byte announce.
type Part = &'static [&'static [&'static Field]];

const ABSTRACT: Part = &[
    &[&f::BODY, &f::CLIENT_ID, &f::DESTINATION, &f::HEADERS, &f::MESSAGE_ID, &f::TIMESTAMP, &f::TIME_TO_LIVE],
    &[&f::CLIENT_ID_BYTES, &f::MESSAGE_ID_BYTES],
];
const ASYNC: Part = &[&[&f::CORRELATION_ID, &f::CORRELATION_ID_BYTES]];
const ACKNOWLEDGE: Part = &[];
const COMMAND: Part = &[&[&f::OPERATION]];

/// Flag bytes, until one without its top bit; then one value for each set bit of each, from the lowest bit up.
fn part<A: Annotate, V: Visitor>(
    r: &mut Reader<'_, A>,
    names: Part,
    tables: &mut Tables,
    visitor: &mut V,
) -> Result<u32, Fault> {
    let start = r.at();
    while r.u8(&f::FLAGS)? & 0x80 != 0 {
        r.count()?;
    }
    let flags = r.at_range(Range { start: start as u32, len: (r.at() - start) as u32 });
    let mut count = 0;
    for (byte, flags) in flags.iter().enumerate() {
        let names = names.get(byte).copied().unwrap_or_default();
        for bit in (0..7).filter(|bit| flags & 1 << bit != 0) {
            let field = names.get(bit).copied().unwrap_or(&f::UNKNOWN_MEMBER);
            visitor.key(field.name.as_bytes());
            r.group(field, |r| {
                r.count()?;
                content(r, tables, visitor)
            })?;
            count += 1;
        }
    }
    Ok(count)
}
