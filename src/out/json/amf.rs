//! AMF values as plain JSON: what people expect to read and diff. Types that JSON lacks become text or small objects.

use std::collections::HashMap;

use super::writer::{Object, array, float, integer, object, string};
use crate::field::{Field, Secrecy};
use crate::time::rfc3339_of_milliseconds;
use crate::view::Mask;
use crate::wire::value::Amf;

/// What writing a value needs to know about its surroundings.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) mask: &'a Mask,
    pub(super) session: u32,
}

/// Appends a value that has the role of `field`.
pub(super) fn write(out: &mut Vec<u8>, value: &Amf, field: Option<&'static Field>, scene: Scene<'_>) {
    match value {
        Amf::Number(n) => float(out, *n),
        Amf::Boolean(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
        Amf::String(text) => {
            let secrecy = field.map_or(Secrecy::Open, |field| field.secrecy);
            string(out, &scene.mask.text(scene.session, secrecy, text));
        }
        Amf::Null => out.extend_from_slice(b"null"),
        Amf::Undefined => string(out, "undefined"),
        Amf::Unsupported => string(out, "unsupported"),
        Amf::Date(milliseconds, _) => match rfc3339_of_milliseconds(*milliseconds) {
            Some(date) => string(out, &date),
            None => float(out, *milliseconds),
        },
        Amf::Bytes(bytes) => object(out, |o| integer(o.key("bytes"), bytes.len())),
        Amf::Reference(index) => object(out, |o| integer(o.key("reference"), *index)),
        Amf::Object(members) => object(out, |o| write_members(o, members, field, scene)),
        Amf::Array(items) => array(out, items, |out, item| write(out, item, None, scene)),
    }
}

/// Members in wire order. JSON readers trip over a name that comes twice (some also when only the case differs), so
/// every repetition gets a number.
pub(super) fn write_members(
    o: &mut Object<'_>,
    members: &[(Box<str>, Amf)],
    field: Option<&'static Field>,
    scene: Scene<'_>,
) {
    let mut seen: HashMap<String, u32> = HashMap::new();
    for (name, value) in members {
        let count = seen.entry(name.to_lowercase()).or_default();
        *count += 1;
        let count = *count;
        let name_shown = scene.mask.echoes(scene.session, name);
        let member = field.and_then(|field| field.member(name.as_bytes()));
        let out = match count {
            1 => o.wire_key(&name_shown),
            n => {
                let numbered = format!("{name_shown}#{n}");
                seen.insert(numbered.to_lowercase(), 1);
                o.wire_key(&numbered)
            }
        };
        write(out, value, member, scene);
    }
}
