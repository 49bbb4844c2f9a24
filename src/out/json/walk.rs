//! Paths through an event as it is written: filters and columns look at values where they stand.

use std::borrow::Cow;

use super::read::{Members, items_of, member_of};
use crate::query::{Place, Step, Subject, Test, Value};

impl Subject for Members<'_> {
    fn any(&self, place: &Place, test: Test<'_>) -> bool {
        self.each(&place.steps, &mut |raw| match raw.as_bytes().first() {
            Some(b'{') => test(Value::Group),
            Some(b'"') => test(Value::Text(&text(raw))),
            Some(b't') => test(Value::Boolean(true)),
            Some(b'f') => test(Value::Boolean(false)),
            Some(b'n') | None => test(Value::Null),
            Some(_) => raw.parse().is_ok_and(|n| test(Value::Number(n))),
        })
    }
}

impl<'a> Members<'a> {
    /// Shows what stands at the end of a path until `show` says yes: a list shows its items, on the way as well.
    fn each(&self, steps: &[Step], show: &mut dyn FnMut(&'a str) -> bool) -> bool {
        let Some((Step::Name(name), rest)) = steps.split_first() else { return false };
        self.raw(name).is_some_and(|raw| each(raw, rest, show))
    }

    /// Appends what stands at a place, as the cell of a table: text and numbers as they are, the items of a list with
    /// spaces between them, an object as JSON; nothing where nothing stands.
    pub fn write_cell(&self, place: &Place, cell: &mut String) {
        let mut first = true;
        self.each(&place.steps, &mut |raw| {
            if !std::mem::take(&mut first) {
                cell.push(' ');
            }
            cell.push_str(&if raw.starts_with('"') { text(raw) } else { Cow::Borrowed(raw) });
            false
        });
    }
}

fn each<'a>(raw: &'a str, steps: &[Step], show: &mut dyn FnMut(&'a str) -> bool) -> bool {
    match (raw.as_bytes().first(), steps.split_first()) {
        (Some(b'['), Some((Step::Index(index), rest))) => {
            items_of(raw).get(*index as usize).is_some_and(|raw| each(raw, rest, show))
        }
        (Some(b'['), _) => items_of(raw).into_iter().any(|raw| each(raw, steps, show)),
        (Some(b'{'), Some((Step::Name(name), rest))) => member_of(raw, name).is_some_and(|raw| each(raw, rest, show)),
        (_, None) => show(raw),
        (_, Some(_)) => false,
    }
}

/// The text of a JSON string.
pub(super) fn text(raw: &str) -> Cow<'_, str> {
    let inner = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(raw);
    if inner.contains('\\') {
        return Cow::Owned(serde_json::from_str(raw).unwrap_or_default());
    }
    Cow::Borrowed(inner)
}
