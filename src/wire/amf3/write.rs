//! Writing AMF3, for tests and for peers that the proxy has to answer.

use std::collections::HashMap;

use super::Marker;
use crate::wire::value::Amf;

/// Appends the values of a message, without AMF0's marker 17 before them.
///
/// Strings that come again are written as references, as are the traits of objects. AMF3 has no time zones and no value
/// for what cannot be expressed: the former are left out, the latter is undefined. Every [`Amf::Object`] becomes an
/// anonymous object; one with an empty member name, which only sealed members can have, gets sealed members.
pub fn write_all(values: &[Amf], out: &mut Vec<u8>) {
    let mut writer = Writer { out, strings: HashMap::new(), traits: 0, dynamic: None };
    for value in values {
        writer.value(value);
    }
}

/// Values for a writer, with what only AMF3 tells apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Typed {
    /// A value that both versions have.
    Plain(Amf),
    /// A vector of integers; the flag says whether its length is fixed.
    Ints(Vec<i32>, bool),
    /// A vector of integers without sign.
    Uints(Vec<u32>, bool),
    /// A vector of doubles.
    Doubles(Vec<f64>, bool),
    /// A vector of values of a class.
    Objects(Box<str>, Vec<Typed>, bool),
    /// Pairs of keys and values; the flag says whether it holds its keys weakly.
    Dictionary(Vec<(Typed, Typed)>, bool),
    /// An externalizable Flex message: of each part the members that are there, by their number.
    Message(Box<str>, Vec<Vec<(u8, Typed)>>),
}

/// Appends one value, without AMF0's marker 17 before it.
pub fn write_typed(value: &Typed, out: &mut Vec<u8>) {
    Writer { out, strings: HashMap::new(), traits: 0, dynamic: None }.typed(value);
}

/// Integers have 29 bits and a sign; all other numbers are doubles.
const INTEGERS: std::ops::Range<f64> = -268_435_456.0..268_435_456.0;

/// Lengths and counts have 28 bits.
const LONGEST: usize = (1 << 28) - 1;

struct Writer<'a> {
    out: &'a mut Vec<u8>,
    strings: HashMap<&'a str, u32>,
    traits: u32,
    /// The traits of anonymous objects with members of any name, once they were written.
    dynamic: Option<u32>,
}

impl<'a> Writer<'a> {
    fn value(&mut self, value: &'a Amf) {
        match value {
            Amf::Undefined | Amf::Unsupported => self.marker(Marker::UNDEFINED),
            Amf::Null => self.marker(Marker::NULL),
            Amf::Boolean(false) => self.marker(Marker::FALSE),
            Amf::Boolean(true) => self.marker(Marker::TRUE),
            Amf::Number(n) => self.number(*n),
            Amf::String(text) => {
                self.marker(Marker::STRING);
                self.string(text);
            }
            Amf::Date(milliseconds, _) => {
                self.marker(Marker::DATE);
                u29(1, self.out);
                self.out.extend(milliseconds.to_be_bytes());
            }
            // Any marker of the object table may stand before a reference.
            Amf::Reference(index) => {
                self.marker(Marker::OBJECT);
                u29(index << 1, self.out);
            }
            Amf::Bytes(bytes) => {
                self.marker(Marker::BYTE_ARRAY);
                let bytes = bytes.get(..LONGEST).unwrap_or(bytes);
                self.inline(bytes.len());
                self.out.extend(bytes);
            }
            Amf::Array(items) => {
                self.marker(Marker::ARRAY);
                self.inline(items.len().min(LONGEST));
                self.string("");
                items.iter().take(LONGEST).for_each(|item| self.value(item));
            }
            Amf::Object(members) => self.object(members),
        }
    }

    fn typed(&mut self, value: &'a Typed) {
        match value {
            Typed::Plain(value) => self.value(value),
            Typed::Ints(items, fixed) => {
                self.vector(Marker::VECTOR_INT, items.len(), *fixed);
                items.iter().for_each(|item| self.out.extend(item.to_be_bytes()));
            }
            Typed::Uints(items, fixed) => {
                self.vector(Marker::VECTOR_UINT, items.len(), *fixed);
                items.iter().for_each(|item| self.out.extend(item.to_be_bytes()));
            }
            Typed::Doubles(items, fixed) => {
                self.vector(Marker::VECTOR_DOUBLE, items.len(), *fixed);
                items.iter().for_each(|item| self.out.extend(item.to_be_bytes()));
            }
            Typed::Objects(class, items, fixed) => {
                self.vector(Marker::VECTOR_OBJECT, items.len(), *fixed);
                self.string(class);
                items.iter().for_each(|item| self.typed(item));
            }
            Typed::Dictionary(pairs, weak) => {
                self.vector(Marker::DICTIONARY, pairs.len(), *weak);
                for (key, value) in pairs {
                    self.typed(key);
                    self.typed(value);
                }
            }
            Typed::Message(class, parts) => self.message(class, parts),
        }
    }

    /// What vectors and dictionaries begin with.
    fn vector(&mut self, marker: Marker, count: usize, flag: bool) {
        self.marker(marker);
        self.inline(count);
        self.out.push(u8::from(flag));
    }

    fn message(&mut self, class: &'a str, parts: &'a [Vec<(u8, Typed)>]) {
        self.marker(Marker::OBJECT);
        self.traits += 1;
        u29(0b0111, self.out);
        self.string(class);
        for members in parts {
            // Seven members to a byte, whose top bit says that another one follows.
            let bytes = members.iter().map(|(number, _)| number / 7).max().unwrap_or_default();
            for byte in 0..=bytes {
                let here = members.iter().filter(|(number, _)| number / 7 == byte);
                let flags = here.fold(0, |flags, (number, _)| flags | 1 << (number % 7));
                self.out.push(if byte < bytes { flags | 0x80 } else { flags });
            }
            members.iter().for_each(|(_, value)| self.typed(value));
        }
    }

    fn number(&mut self, n: f64) {
        if INTEGERS.contains(&n) && n.fract() == 0.0 && !(n == 0.0 && n.is_sign_negative()) {
            self.marker(Marker::INTEGER);
            u29(n as i32 as u32 & 0x1fff_ffff, self.out);
        } else {
            self.marker(Marker::DOUBLE);
            self.out.extend(n.to_be_bytes());
        }
    }

    fn object(&mut self, members: &'a [(Box<str>, Amf)]) {
        self.marker(Marker::OBJECT);
        if members.iter().any(|(name, _)| name.is_empty()) {
            self.traits += 1;
            u29((members.len() as u32) << 4 | 0b0011, self.out);
            self.string("");
            members.iter().for_each(|(name, _)| self.string(name));
            members.iter().for_each(|(_, value)| self.value(value));
            return;
        }
        if let Some(index) = self.dynamic {
            u29(index << 2 | 0b01, self.out);
        } else {
            self.dynamic = Some(self.traits);
            self.traits += 1;
            u29(0b1011, self.out);
            self.string("");
        }
        for (name, value) in members {
            self.string(name);
            self.value(value);
        }
        self.string("");
    }

    fn marker(&mut self, marker: Marker) {
        self.out.push(marker.0);
    }

    fn string(&mut self, text: &'a str) {
        if let Some(index) = self.strings.get(text) {
            return u29(index << 1, self.out);
        }
        let cut = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default();
        self.inline(cut.len());
        self.out.extend(cut.as_bytes());
        if !text.is_empty() {
            self.strings.insert(text, self.strings.len() as u32);
        }
    }

    fn inline(&mut self, count: usize) {
        u29((count as u32) << 1 | 1, self.out);
    }
}

/// An integer of variable width.
pub(in crate::wire) fn u29(n: u32, out: &mut Vec<u8>) {
    let group = |shift: u32| (n >> shift) as u8 & 0x7f;
    match n {
        0..0x80 => out.push(group(0)),
        0x80..0x4000 => out.extend([0x80 | group(7), group(0)]),
        0x4000..0x20_0000 => out.extend([0x80 | group(14), 0x80 | group(7), group(0)]),
        _ => out.extend([0x80 | group(22), 0x80 | group(15), 0x80 | group(8), n as u8]),
    }
}
