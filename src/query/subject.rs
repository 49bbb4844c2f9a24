//! What can be asked: anything that gives the values at a place.

use super::place::{Place, Step};
use crate::record::Message;
use crate::time::{Time, rfc3339_of_milliseconds};
use crate::wire::value::Amf;

/// A value at a place, as a JSON event has it, but never masked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Known to be none.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A number, in the unit of its entry.
    Number(f64),
    /// Text.
    Text(&'a str),
    /// An object: it is there, and has no value of its own.
    Group,
}

/// Looks at one value; `true` ends the search.
pub type Test<'t> = &'t mut dyn FnMut(Value<'_>) -> bool;

/// Something that filters can be asked about.
pub trait Subject {
    /// Shows every value at `place` to `test` until it says yes; tells whether it did. A list shows its items. Where
    /// nothing stands, nothing is shown.
    fn any(&self, place: &Place, test: Test<'_>) -> bool;
}

/// A decoded message, with the time from which times are counted.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The message.
    pub message: &'a Message,
    /// When the input began.
    pub start: Time,
}

impl Subject for Seen<'_> {
    fn any(&self, place: &Place, test: Test<'_>) -> bool {
        (place.entry.read)(self, place, test)
    }
}

/// Values of an AMF value at the end of `steps`, as its plain JSON would have them.
pub(super) fn amf(value: &Amf, steps: &[Step], test: Test<'_>) -> bool {
    let Some((step, rest)) = steps.split_first() else { return plain(value, test) };
    match (value, step) {
        (Amf::Object(members), Step::Name(name)) => member(members, name).is_some_and(|value| amf(value, rest, test)),
        (Amf::Array(items), _) => items_at(items, steps, test),
        (Amf::Bytes(bytes), Step::Name(name)) if &**name == "bytes" && rest.is_empty() => {
            test(Value::Number(bytes.len() as f64))
        }
        (Amf::Reference(index), Step::Name(name)) if &**name == "reference" && rest.is_empty() => {
            test(Value::Number(f64::from(*index)))
        }
        _ => false,
    }
}

/// Values of items at the end of `steps`: an index chooses one, anything else goes to each.
pub(super) fn items_at(items: &[Amf], steps: &[Step], test: Test<'_>) -> bool {
    match steps.split_first() {
        Some((Step::Index(index), rest)) => items.get(*index as usize).is_some_and(|item| amf(item, rest, test)),
        _ => items.iter().any(|item| amf(item, steps, test)),
    }
}

/// The value of a member. JSON numbers a name that comes again, in any case of letters: `name#2`.
pub(super) fn member<'a>(members: &'a [(Box<str>, Amf)], name: &str) -> Option<&'a Amf> {
    let nth = |name: &str, n: usize| {
        let mut alike = members.iter().filter(|(key, _)| is_alike(key, name));
        alike.nth(n.checked_sub(1)?).filter(|(key, _)| **key == *name).map(|(_, value)| value)
    };
    nth(name, 1).or_else(|| {
        let (name, n) = name.rsplit_once('#')?;
        nth(name, n.parse().ok()?)
    })
}

/// The same letters, in whichever case.
fn is_alike(a: &str, b: &str) -> bool {
    a == b || a.chars().flat_map(char::to_lowercase).eq(b.chars().flat_map(char::to_lowercase))
}

fn plain(value: &Amf, test: Test<'_>) -> bool {
    match value {
        Amf::Number(n) => test(number(*n)),
        Amf::Boolean(b) => test(Value::Boolean(*b)),
        Amf::String(text) => test(Value::Text(text)),
        Amf::Null => test(Value::Null),
        Amf::Undefined => test(Value::Text("undefined")),
        Amf::Unsupported => test(Value::Text("unsupported")),
        Amf::Date(milliseconds, _) => match rfc3339_of_milliseconds(*milliseconds) {
            Some(date) => test(Value::Text(&date)),
            None => test(number(*milliseconds)),
        },
        Amf::Bytes(_) | Amf::Reference(_) | Amf::Object(_) => test(Value::Group),
        Amf::Array(items) => items.iter().any(|item| plain(item, test)),
    }
}

/// A number, or the text that JSON has for it.
pub(super) fn number(n: f64) -> Value<'static> {
    match n {
        n if n.is_finite() => Value::Number(n),
        n if n.is_nan() => Value::Text("NaN"),
        n if n > 0.0 => Value::Text("Infinity"),
        _ => Value::Text("-Infinity"),
    }
}
