//! Writing AMF0, for tests and for peers that the proxy has to answer.

use crate::wire::amf3::write_u29 as u29;
use crate::wire::value::Amf;

/// Appends one value.
///
/// Every [`Amf::Object`] becomes a plain object. A string of more than 65,535 bytes becomes a long string; a longer
/// member name is cut at a character boundary.
pub fn write(value: &Amf, out: &mut Vec<u8>) {
    match value {
        Amf::Number(n) => {
            out.push(0);
            out.extend(n.to_be_bytes());
        }
        Amf::Boolean(b) => out.extend([1, u8::from(*b)]),
        Amf::String(s) => string(s, out),
        Amf::Null => out.push(5),
        Amf::Undefined => out.push(6),
        Amf::Unsupported => out.push(13),
        Amf::Reference(index) => {
            out.push(7);
            out.extend((*index as u16).to_be_bytes());
        }
        // AMF0 has no byte arrays: this one value is AMF3.
        Amf::Bytes(bytes) => {
            out.extend([17, 12]);
            u29((bytes.len() as u32) << 1 | 1, out);
            out.extend(bytes);
        }
        Amf::Date(milliseconds, zone) => {
            out.push(11);
            out.extend(milliseconds.to_be_bytes());
            out.extend(zone.to_be_bytes());
        }
        Amf::Object(members) => {
            out.push(3);
            for (key, value) in members {
                name(key, out);
                write(value, out);
            }
            out.extend([0, 0, 9]);
        }
        Amf::Array(items) => {
            out.push(10);
            out.extend((items.len() as u32).to_be_bytes());
            for item in items {
                write(item, out);
            }
        }
    }
}

/// Appends the values of a message.
pub fn write_all(values: &[Amf], out: &mut Vec<u8>) {
    for value in values {
        write(value, out);
    }
}

fn string(text: &str, out: &mut Vec<u8>) {
    if text.len() > usize::from(u16::MAX) {
        out.push(12);
        out.extend((text.len() as u32).to_be_bytes());
        out.extend(text.as_bytes());
    } else {
        out.push(2);
        name(text, out);
    }
}

fn name(text: &str, out: &mut Vec<u8>) {
    let cut = text.floor_char_boundary(usize::from(u16::MAX));
    let text = text.get(..cut).unwrap_or_default();
    out.extend((text.len() as u16).to_be_bytes());
    out.extend(text.as_bytes());
}
