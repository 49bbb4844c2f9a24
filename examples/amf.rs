//! Reads and writes AMF for tests against other implementations (`tests/peers/suite/7-amf`).
//!
//! Standard input holds a request a line, standard output a reply a line:
//! `{"read": 0, "hex": "05"}` gives `{"values": [["null"]]}`, and `{"write": 3, "values": [["null"]]}` gives `{"hex": "01"}`.
//! `{"write_typed": ["ints", true, ["00000001"]]}` writes one value of AMF3 with what only that version tells apart.
//! A value is an array: its kind, then what there is to it. Doubles are 16 hex digits, so that none is rounded.

use std::io::{self, BufRead, Write};

use rtmpscope::field::{Field, Reader};
use rtmpscope::wire::amf3::Typed;
use rtmpscope::wire::value::{Amf, Container, Empty, Visitor};
use rtmpscope::wire::{amf0, amf3};
use serde_json::{Value, json};

static VALUE: Field = Field::new("value", "a value");

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let reply = match serde_json::from_str(&line?) {
            Ok(request) => answer(&request).unwrap_or_else(|| json!({"error": "not a request"})),
            Err(error) => json!({"error": error.to_string()}),
        };
        writeln!(out, "{reply}")?;
    }
    Ok(())
}

fn answer(request: &Value) -> Option<Value> {
    if let Some(version) = request.get("write") {
        let values: Vec<Amf> = request.get("values")?.as_array()?.iter().map(amf).collect::<Option<_>>()?;
        let mut bytes = Vec::new();
        if version == 3 {
            amf3::write_all(&values, &mut bytes)
        } else {
            amf0::write_all(&values, &mut bytes)
        }
        return Some(json!({"hex": hex(&bytes)}));
    }
    if let Some(value) = request.get("write_typed") {
        let mut bytes = Vec::new();
        amf3::write_typed(&typed(value)?, &mut bytes);
        return Some(json!({"hex": hex(&bytes)}));
    }
    // AMF3 stands behind a marker of AMF0 in RTMP, too.
    let mut bytes = if request.get("read")? == 3 { vec![17] } else { Vec::new() };
    bytes.extend(unhex(request.get("hex")?.as_str()?)?);
    let mut told = Told::default();
    let result = amf0::values(&mut Reader::quiet(&bytes), &mut told, |_| &VALUE);
    match result {
        Ok(()) => Some(json!({"values": told.done})),
        Err(fault) => Some(json!({"error": fault.to_string(), "at": fault.at})),
    }
}

/// Collects what a visitor hears.
#[derive(Default)]
struct Told {
    done: Vec<Value>,
    open: Vec<(Value, Vec<Value>, Option<String>)>,
}

impl Told {
    fn put(&mut self, value: Value) {
        match self.open.last_mut() {
            None => self.done.push(value),
            Some((_, items, key)) => items.push(match key.take() {
                Some(key) => json!([key, value]),
                None => value,
            }),
        }
    }
}

impl Visitor for Told {
    fn number(&mut self, n: f64) {
        self.put(json!(["number", format!("{:016x}", n.to_bits())]));
    }
    fn boolean(&mut self, b: bool) {
        self.put(json!(["boolean", b]));
    }
    fn string(&mut self, text: &[u8]) {
        self.put(json!(["string", String::from_utf8_lossy(text)]));
    }
    fn empty(&mut self, empty: Empty) {
        self.put(match empty {
            Empty::Null => json!(["null"]),
            Empty::Undefined => json!(["undefined"]),
            Empty::Unsupported => json!(["unsupported"]),
        });
    }
    fn date(&mut self, milliseconds: f64, _zone: i16) {
        self.put(json!(["date", format!("{:016x}", milliseconds.to_bits())]));
    }
    fn reference(&mut self, index: u32) {
        self.put(json!(["reference", index]));
    }
    fn bytes(&mut self, bytes: &[u8]) {
        self.put(json!(["bytes", hex(bytes)]));
    }
    fn begin(&mut self, container: Container<'_>) {
        let head = match container {
            Container::Strict => json!("array"),
            Container::Typed(class) => json!(["object", String::from_utf8_lossy(class)]),
            Container::Object => json!(["object", ""]),
            Container::Ecma => json!(["ecma", ""]),
        };
        self.open.push((head, Vec::new(), None));
    }
    fn key(&mut self, name: &[u8]) {
        if let Some((_, _, key)) = self.open.last_mut() {
            *key = Some(String::from_utf8_lossy(name).into_owned());
        }
    }
    fn end(&mut self) {
        if let Some((head, items, _)) = self.open.pop() {
            self.put(match head {
                Value::Array(head) => Value::Array(head.into_iter().chain([Value::Array(items)]).collect()),
                _ => json!(["array", items]),
            });
        }
    }
}

fn amf(value: &Value) -> Option<Amf> {
    let double = |value: &Value| u64::from_str_radix(value.as_str()?, 16).ok().map(f64::from_bits);
    let [kind, rest @ ..] = value.as_array()?.as_slice() else { return None };
    Some(match (kind.as_str()?, rest) {
        ("number", [n]) => Amf::Number(double(n)?),
        ("boolean", [b]) => Amf::Boolean(b.as_bool()?),
        ("string", [text]) => Amf::String(text.as_str()?.into()),
        ("null", []) => Amf::Null,
        ("undefined", []) => Amf::Undefined,
        ("date", [ms]) => Amf::Date(double(ms)?, 0),
        ("reference", [index]) => Amf::Reference(u32::try_from(index.as_u64()?).ok()?),
        ("bytes", [bytes]) => Amf::Bytes(unhex(bytes.as_str()?)?.into()),
        ("array", [items]) => Amf::Array(items.as_array()?.iter().map(amf).collect::<Option<_>>()?),
        ("object", [_, members]) => {
            let member = |pair: &Value| Some((pair.get(0)?.as_str()?.into(), amf(pair.get(1)?)?));
            Amf::Object(members.as_array()?.iter().map(member).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// What AMF3 alone has: kind, flag, and the items; of objects the class before them, of messages the class and the parts.
fn typed(value: &Value) -> Option<Typed> {
    let items = |value: &Value| value.as_array()?.iter().map(typed).collect::<Option<Vec<_>>>();
    let word = |value: &Value| u32::from_str_radix(value.as_str()?, 16).ok();
    let words = |value: &Value| value.as_array()?.iter().map(word).collect::<Option<Vec<_>>>();
    let [kind, rest @ ..] = value.as_array()?.as_slice() else { return None };
    Some(match (kind.as_str()?, rest) {
        ("ints", [fixed, list]) => {
            Typed::Ints(words(list)?.into_iter().map(u32::cast_signed).collect(), fixed.as_bool()?)
        }
        ("uints", [fixed, list]) => Typed::Uints(words(list)?, fixed.as_bool()?),
        ("doubles", [fixed, list]) => {
            let double = |value: &Value| u64::from_str_radix(value.as_str()?, 16).ok().map(f64::from_bits);
            Typed::Doubles(list.as_array()?.iter().map(double).collect::<Option<_>>()?, fixed.as_bool()?)
        }
        ("objects", [fixed, class, list]) => Typed::Objects(class.as_str()?.into(), items(list)?, fixed.as_bool()?),
        ("dictionary", [weak, pairs]) => {
            let pair = |pair: &Value| Some((typed(pair.get(0)?)?, typed(pair.get(1)?)?));
            Typed::Dictionary(pairs.as_array()?.iter().map(pair).collect::<Option<_>>()?, weak.as_bool()?)
        }
        ("message", [class, parts]) => {
            let member = |pair: &Value| Some((u8::try_from(pair.get(0)?.as_u64()?).ok()?, typed(pair.get(1)?)?));
            let part = |part: &Value| part.as_array()?.iter().map(member).collect::<Option<Vec<_>>>();
            Typed::Message(class.as_str()?.into(), parts.as_array()?.iter().map(part).collect::<Option<_>>()?)
        }
        _ => Typed::Plain(amf(value)?),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}
