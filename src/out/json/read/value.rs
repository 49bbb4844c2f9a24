//! JSON values that are looked into only where somebody asks.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::out::json::writer::not_finite;

/// The members of a JSON object, their values not looked into yet.
#[derive(Debug, Default)]
pub struct Members<'a>(Vec<(Name<'a>, &'a str)>);

/// A message event has about this many members.
const USUAL: usize = 24;

/// A JSON value, one level of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true`, `false`.
    Boolean(bool),
    /// A whole number without sign.
    Unsigned(u64),
    /// Any other number.
    Float(f64),
    /// A string; borrowed where it has no escapes.
    Text(Cow<'a, str>),
    /// An array, as it is written.
    Array(&'a str),
    /// An object, as it is written.
    Object(&'a str),
}

impl<'a> Members<'a> {
    /// Reads one JSON object.
    pub fn read(text: &'a str) -> Result<Members<'a>, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The members of an object as our own writer writes it, without blanks and without escapes in names: told apart
    /// without a look at what is in their values.
    pub(in crate::out::json) fn of_written(text: &'a str) -> Members<'a> {
        let mut members = Vec::with_capacity(USUAL);
        let mut rest = text.strip_prefix('{').unwrap_or_default();
        while rest.starts_with('"') {
            let Some((name, after)) = rest.split_at_checked(string_len(rest.as_bytes())) else { break };
            let Some(name) = name.get(1..name.len() - 1) else { break };
            let after = after.strip_prefix(':').unwrap_or_default();
            let Some((value, after)) = after.split_at_checked(written_len(after.as_bytes())) else { break };
            members.push((Name(Cow::Borrowed(name)), value));
            rest = after.strip_prefix(',').unwrap_or_default();
        }
        Members(members)
    }

    /// The value of the member with this name.
    #[inline]
    pub fn find(&self, name: &str) -> Option<Json<'a>> {
        self.raw(name).map(Json::of)
    }

    /// Like [`find`](Self::find), as the value is written.
    #[inline]
    pub fn raw(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(key, _)| key.0 == name).map(|(_, raw)| *raw)
    }

    /// The value at the end of a path of names, through objects, and through arrays where a name is a number.
    pub fn at(&self, path: &[&str]) -> Option<Json<'a>> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.find(first)?, |value, name| value.member(name))
    }

    /// The member's number, where it is a whole one.
    #[inline]
    pub fn unsigned(&self, name: &str) -> Option<u64> {
        self.raw(name).and_then(|raw| raw.parse().ok())
    }

    /// The member's text.
    #[inline]
    pub fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        match self.find(name) {
            Some(Json::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The member's truth value.
    #[inline]
    pub fn boolean(&self, name: &str) -> Option<bool> {
        match self.raw(name) {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => None,
        }
    }

    /// The member's own members, where it is an object.
    pub fn object(&self, name: &str) -> Option<Members<'a>> {
        self.raw(name).filter(|raw| raw.starts_with('{')).and_then(|raw| Members::read(raw).ok())
    }

    /// All members in the order in which they are written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Json<'a>)> {
        self.0.iter().map(|(key, raw)| (&*key.0, Json::of(raw)))
    }
}

impl<'a> Json<'a> {
    /// The value that a piece of valid JSON writes.
    pub fn of(raw: &'a str) -> Json<'a> {
        match raw.as_bytes().first() {
            Some(b'{') => Json::Object(raw),
            Some(b'[') => Json::Array(raw),
            Some(b'"') => Json::Text(serde_json::from_str::<Name<'_>>(raw).map_or(Cow::Borrowed(""), |name| name.0)),
            Some(b't') => Json::Boolean(true),
            Some(b'f') => Json::Boolean(false),
            Some(b'n') | None => Json::Null,
            Some(_) => match raw.parse() {
                Ok(n) => Json::Unsigned(n),
                Err(_) => match raw.parse().unwrap_or(f64::NAN) {
                    n if f64::is_finite(n) => Json::Float(n),
                    // What is too large for a number is what the writer has for such numbers.
                    n => Json::Text(Cow::Borrowed(not_finite(n))),
                },
            },
        }
    }

    /// A member of an object, or an item of an array by its number from 0.
    pub fn member(&self, name: &str) -> Option<Json<'a>> {
        match self {
            Json::Object(raw) => Members::read(raw).ok()?.find(name),
            Json::Array(_) => self.items().into_iter().nth(name.parse().ok()?),
            _ => None,
        }
    }

    /// The items of an array.
    pub fn items(&self) -> Vec<Json<'a>> {
        match self {
            Json::Array(raw) => items_of(raw).into_iter().map(Json::of).collect(),
            _ => Vec::new(),
        }
    }

    /// The members of an object.
    pub fn members(&self) -> Members<'a> {
        match self {
            Json::Object(raw) => Members::read(raw).unwrap_or_default(),
            _ => Members::default(),
        }
    }

    /// The number.
    pub fn number(&self) -> Option<f64> {
        match self {
            Json::Unsigned(n) => Some(*n as f64),
            Json::Float(n) => Some(*n),
            _ => None,
        }
    }
}

/// The length of the value that a text without blanks begins with.
fn written_len(text: &[u8]) -> usize {
    match text.first() {
        Some(b'"') => string_len(text),
        Some(b'{' | b'[') => nested_len(text),
        _ => text.iter().position(|byte| matches!(byte, b',' | b'}' | b']')).unwrap_or(text.len()),
    }
}

/// The length of the object or array that a text begins with.
fn nested_len(text: &[u8]) -> usize {
    let (mut depth, mut at) = (0u32, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => at += string_len(text.get(at..).unwrap_or_default()),
            b'{' | b'[' => (depth, at) = (depth + 1, at + 1),
            b'}' | b']' if depth <= 1 => return at + 1,
            b'}' | b']' => (depth, at) = (depth - 1, at + 1),
            _ => at += 1,
        }
    }
    text.len()
}

/// The length of the string that a text begins with, its quotes included.
fn string_len(text: &[u8]) -> usize {
    let mut at = 1;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        match rest.iter().position(|byte| matches!(byte, b'"' | b'\\')) {
            Some(place) if rest.get(place) == Some(&b'"') => return at + place + 1,
            // What is escaped does not end it.
            Some(place) => at += place + 2,
            None => return text.len(),
        }
    }
}

/// The member of an object that is written as `raw`, without a list of the others.
pub(in crate::out::json) fn member_of<'a>(raw: &'a str, name: &str) -> Option<&'a str> {
    Find(name).deserialize(&mut serde_json::Deserializer::from_str(raw)).ok().flatten()
}

/// Looks for the first member with this name.
struct Find<'n>(&'n str);

impl<'de> DeserializeSeed<'de> for Find<'_> {
    type Value = Option<&'de str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Find<'_> {
    type Value = Option<&'de str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(name) = map.next_key::<Name<'de>>()? {
            if found.is_none() && name.0 == self.0 {
                found = Some(map.next_value::<&'de RawValue>()?.get());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// The items of an array, as they are written.
pub(in crate::out::json) fn items_of(raw: &str) -> Vec<&str> {
    serde_json::from_str::<Vec<&RawValue>>(raw)
        .map_or_else(|_| Vec::new(), |items| items.into_iter().map(RawValue::get).collect())
}

/// A string that borrows where it can, which `Cow` alone does not.
#[derive(Debug)]
struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::with_capacity(USUAL);
                while let Some((name, value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    members.push((name, value.get()));
                }
                Ok(Members(members))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Members<'de>, A::Error> {
                Err(serde::de::Error::custom("an array, not an object"))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_without_a_look_into_it() {
        let text = r#"{"v":1,"t":"a\"b,}\\","o":{"a":[1,{"b":"]}"}],"c":{}},"e":[],"n":-0.5,"z":null}"#;
        let (quick, careful) = (Members::of_written(text), Members::read(text).unwrap());
        let pairs = |members: &Members<'_>| -> Vec<(String, String)> {
            members.0.iter().map(|(name, value)| (name.0.clone().into_owned(), (*value).to_owned())).collect()
        };
        assert_eq!(pairs(&quick), pairs(&careful));
        assert_eq!(quick.0.len(), 6);
        for empty in ["", "{}", "{", "[1]"] {
            assert!(Members::of_written(empty).0.is_empty());
        }
        // Not what we write, but no reason to fail.
        for end in 0..text.len() {
            let _ = Members::of_written(&text[..end]);
        }
    }

    #[test]
    fn values_are_found_by_their_path() {
        let text = r#"{"a":1,"b":{"c":[null,true,{"d":"x\ny"}],"e":-1.5},"k\u0065y":"plain","n":18446744073709551615}"#;
        let members = Members::read(text).unwrap();
        assert_eq!(members.unsigned("a"), Some(1));
        assert_eq!(members.unsigned("n"), Some(u64::MAX));
        assert_eq!(members.at(&["b", "e"]), Some(Json::Float(-1.5)));
        assert_eq!(members.at(&["b", "c", "0"]), Some(Json::Null));
        assert_eq!(members.at(&["b", "c", "1"]), Some(Json::Boolean(true)));
        assert_eq!(members.at(&["b", "c", "2", "d"]), Some(Json::Text("x\ny".into())));
        assert!(matches!(members.text("key"), Some(Cow::Borrowed("plain"))));
        assert_eq!(member_of(text, "n"), Some("18446744073709551615"));
        assert_eq!(member_of(text, "key"), Some("\"plain\""));
        for nothing in [&["x"][..], &["a", "b"], &["b", "c", "9"], &["b", "c", "x"], &[]] {
            assert_eq!(members.at(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn a_number_that_is_too_large_is_what_the_writer_makes_of_it() {
        for (text, value) in [("1e400", "Infinity"), ("-1e400", "-Infinity")] {
            assert_eq!(Json::of(text), Json::Text(value.into()));
        }
        assert_eq!(Json::of("1e300"), Json::Float(1e300));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["", "[1]", "{", "{\"a\":}", "{\"a\":1} x", "7", "{\"a\":01}"] {
            assert!(Members::read(text).is_err(), "{text}");
        }
    }
}
