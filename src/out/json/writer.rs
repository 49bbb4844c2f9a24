//! JSON text, written straight into a buffer: no values are built on the way.

use std::fmt::Write as _;

use super::digits::{Integer, fraction, unsigned};
use crate::time::Span;
use crate::wire::value::Amf;

/// A key of a member that needs no escapes.
pub trait Key {
    /// Appends it with what stands around it: a comma, if it is not the `first`, quotes, and a colon.
    fn write(self, out: &mut Vec<u8>, first: bool);
}

impl Key for &'static str {
    fn write(self, out: &mut Vec<u8>, first: bool) {
        out.extend_from_slice(if first { b"\"" } else { b",\"" });
        out.extend_from_slice(self.as_bytes());
        out.extend_from_slice(b"\":");
    }
}

/// A key with all that stands around it, made by [`key!`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Written(pub(super) &'static str);

impl Key for Written {
    #[inline(always)]
    fn write(self, out: &mut Vec<u8>, first: bool) {
        let Written(text) = self;
        // Two appends of constants, each a few stores; one of a length that depends would be a call.
        if first {
            out.extend_from_slice(text.as_bytes().get(1..).unwrap_or_default());
        } else {
            out.extend_from_slice(text.as_bytes());
        }
    }
}

/// A key whose comma, quotes and colon are put around it when this is compiled: events of messages have dozens.
macro_rules! key {
    ($name:literal) => {
        $crate::out::json::writer::Written(concat!(",\"", $name, "\":"))
    };
}
pub(super) use key;

/// Writes the members of one JSON object.
pub struct Object<'a> {
    out: &'a mut Vec<u8>,
    empty: bool,
}

/// Appends an object whose members `write` writes.
pub fn object(out: &mut Vec<u8>, write: impl FnOnce(&mut Object<'_>)) {
    out.push(b'{');
    write(&mut Object { out, empty: true });
    out.push(b'}');
}

/// Appends an array with an item for each of `items`.
pub(crate) fn array<T>(out: &mut Vec<u8>, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (n, item) in items.into_iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

impl Object<'_> {
    /// Begins a member with a key that needs no escapes; its value is to be appended to what this returns.
    #[inline(always)]
    pub fn key(&mut self, key: impl Key) -> &mut Vec<u8> {
        key.write(self.out, std::mem::replace(&mut self.empty, false));
        self.out
    }

    /// Like [`key`](Self::key) for a key from the wire.
    pub fn wire_key(&mut self, key: &str) -> &mut Vec<u8> {
        self.separate();
        string(self.out, key);
        self.out.push(b':');
        self.out
    }

    /// A member with an unsigned integer.
    #[inline(always)]
    pub fn number(&mut self, key: impl Key, value: impl Integer) -> &mut Self {
        integer(self.key(key), value);
        self
    }

    /// A member with text.
    #[inline(always)]
    pub fn text(&mut self, key: impl Key, value: &str) -> &mut Self {
        string(self.key(key), value);
        self
    }

    /// A member with a word of our own, which needs no escapes.
    #[inline(always)]
    pub fn word(&mut self, key: impl Key, value: &'static str) -> &mut Self {
        word(self.key(key), value);
        self
    }

    /// A member with a truth value.
    #[inline(always)]
    pub fn boolean(&mut self, key: impl Key, value: bool) -> &mut Self {
        self.key(key).extend_from_slice(if value { b"true" } else { b"false" });
        self
    }

    /// A member that is known to be none.
    #[inline(always)]
    pub fn null(&mut self, key: impl Key) -> &mut Self {
        self.key(key).extend_from_slice(b"null");
        self
    }

    /// A member with a time in decimal seconds.
    #[inline(always)]
    pub fn seconds(&mut self, key: impl Key, value: Span) -> &mut Self {
        seconds(self.key(key), value);
        self
    }

    /// A member with a pair of integers.
    #[inline(always)]
    pub fn pair(&mut self, key: impl Key, both: (u64, u64)) -> &mut Self {
        pair(self.key(key), both);
        self
    }

    /// A member with an object.
    #[inline(always)]
    pub fn object(&mut self, key: impl Key, write: impl FnOnce(&mut Object<'_>)) -> &mut Self {
        object(self.key(key), write);
        self
    }

    fn separate(&mut self) {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
    }
}

/// Appends a pair of integers.
#[inline]
fn pair(out: &mut Vec<u8>, (a, b): (u64, u64)) {
    out.push(b'[');
    unsigned(out, a);
    out.push(b',');
    unsigned(out, b);
    out.push(b']');
}

/// Appends an integer.
#[inline]
pub(super) fn integer(out: &mut Vec<u8>, value: impl Integer) {
    let (negative, magnitude) = value.parts();
    if negative {
        out.push(b'-');
    }
    unsigned(out, magnitude);
}

/// Appends a floating-point number: without a fraction where it has none, as text where JSON has no number for it.
pub(super) fn float(out: &mut Vec<u8>, value: f64) {
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < WHOLE && !(value == 0.0 && value.is_sign_negative()) {
        integer(out, value as i64);
    } else if value.is_finite() {
        append(out, format_args!("{value:?}"));
    } else {
        string(out, not_finite(value));
    }
}

/// The text for a number that JSON has none for.
pub(super) fn not_finite(value: f64) -> &'static str {
    match value {
        _ if value.is_nan() => "NaN",
        _ if value < 0.0 => "-Infinity",
        _ => "Infinity",
    }
}

/// Appends a time as decimal seconds with the digits that it has.
pub(super) fn seconds(out: &mut Vec<u8>, span: Span) {
    if span.0 < 0 {
        out.push(b'-');
    }
    let total = span.0.unsigned_abs();
    unsigned(out, total / 1_000_000_000);
    let part = (total % 1_000_000_000) as u32;
    if part > 0 {
        fraction(out, part);
    }
}

/// Appends bytes as a string of hex digits.
pub(super) fn hex(out: &mut Vec<u8>, bytes: &[u8]) {
    let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' - 10 + half };
    out.push(b'"');
    out.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]));
    out.push(b'"');
}

/// Appends a word of our own, which needs no escapes, as a string.
#[inline]
pub(super) fn word(out: &mut Vec<u8>, word: &'static str) {
    out.push(b'"');
    out.extend_from_slice(word.as_bytes());
    out.push(b'"');
}

/// Appends a string. Control and bidirectional characters leave as escapes, so that no line of output can move a
/// cursor or reorder text.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    // All of it is looked at in any case: without a way out in the middle, many bytes are told at once.
    let plain = |byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    if !text.bytes().fold(true, |all, byte| all & plain(byte)) {
        return escaped(out, text);
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// The same for a text of which a character or more may have to be escaped.
#[expect(clippy::indexing_slicing, reason = "the places are where characters of this text begin")]
fn escaped(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut plain = 0;
    for (at, c) in text.char_indices() {
        if is_plain(c) {
            continue;
        }
        out.extend_from_slice(&text.as_bytes()[plain..at]);
        plain = at + c.len_utf8();
        match c {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            c => append(out, format_args!("\\u{:04x}", u32::from(c))),
        }
    }
    out.extend_from_slice(&text.as_bytes()[plain..]);
    out.push(b'"');
}

/// A string as JSON.
pub(crate) fn string_text(text: &str) -> String {
    let mut out = Vec::new();
    string(&mut out, text);
    String::from_utf8_lossy(&out).into_owned()
}

/// A value as JSON, of the types that JSON has.
pub(crate) fn amf_text(value: &Amf) -> String {
    fn write(out: &mut Vec<u8>, value: &Amf) {
        match value {
            Amf::Number(n) => float(out, *n),
            Amf::Boolean(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
            Amf::String(text) => string(out, text),
            Amf::Array(items) => array(out, items, write),
            Amf::Object(members) => object(out, |o| {
                for (name, value) in members {
                    write(o.wire_key(name), value);
                }
            }),
            _ => out.extend_from_slice(b"null"),
        }
    }
    let mut out = Vec::new();
    write(&mut out, value);
    String::from_utf8_lossy(&out).into_owned()
}

#[inline]
fn is_plain(c: char) -> bool {
    match c {
        '"' | '\\' => false,
        ' '..='~' => true,
        c => !crate::view::is_control(c),
    }
}

fn append(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    struct Adapter<'a>(&'a mut Vec<u8>);
    impl std::fmt::Write for Adapter<'_> {
        fn write_str(&mut self, s: &str) -> std::fmt::Result {
            self.0.extend_from_slice(s.as_bytes());
            Ok(())
        }
    }
    // Writing to memory cannot fail.
    let _ = Adapter(out).write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn objects_and_arrays() {
        let json = text(|out| {
            object(out, |o| {
                o.number("n", 7u32).text("t", "x").boolean("b", true).null("z").pair("p", (1, 2));
                o.object("o", |_| {});
                array(o.key("a"), [1, 2], integer);
            });
        });
        assert_eq!(json, r#"{"n":7,"t":"x","b":true,"z":null,"p":[1,2],"o":{},"a":[1,2]}"#);
    }

    #[test]
    fn floats_read_back_as_the_same_number() {
        for value in [0.0, -0.0, 1.0, -1.5, 0.1, 1e300, 5e-324, 9_007_199_254_740_993.0, f64::MAX] {
            let json = text(|out| float(out, value));
            assert_eq!(serde_json::from_str::<f64>(&json).unwrap().to_bits(), value.to_bits(), "{json}");
        }
        assert_eq!(text(|out| float(out, f64::NAN)), "\"NaN\"");
        assert_eq!(text(|out| float(out, f64::NEG_INFINITY)), "\"-Infinity\"");
    }

    #[test]
    fn seconds_have_the_digits_they_need() {
        for (nanos, expected) in [(0, "0"), (1_500_000_000, "1.5"), (73_000, "0.000073"), (-1, "-0.000000001")] {
            assert_eq!(text(|out| seconds(out, Span(nanos))), expected);
        }
    }

    #[test]
    fn strings_hold_no_raw_controls_and_read_back() {
        for s in ["plain", "\"\\\n\r\t", "\0\x1b[31m\x7f", "\u{85}\u{202e}abc\u{2066}", "é漢字🎥"] {
            let json = text(|out| string(out, s));
            assert!(!json.chars().any(crate::view::is_control), "{json:?}");
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), s);
        }
    }
}
