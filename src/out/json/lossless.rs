//! AMF values with everything that plain JSON forgets: types, the order of members, names that come twice, NaN, dates
//! with their zone, references, undefined beside null, classes. What is written reads back to the same bytes.
//!
//! A number, text, truth value or null that JSON can tell stands for itself. Everything else is an object whose member
//! `amf` names the AMF0 type:
//!
//! ```text
//! {"amf":"object","members":[["app","live"],["app","again"]]}     also with "open":true when its end is missing
//! {"amf":"ecma_array","count":20,"members":[...]}                 {"amf":"typed_object","class":"c","members":[...]}
//! {"amf":"strict_array","items":[...]}                            {"amf":"date","ms":0,"zone":60}
//! {"amf":"undefined"} {"amf":"unsupported"}                       {"amf":"reference","index":3}
//! {"amf":"long_string","text":".."} {"amf":"xml","text":".."}     {"amf":"boolean","byte":7}
//! {"amf":"number","bits":"7ff8000000000000"}                      NaN and the infinities; as "ms" of a date, too
//! {"amf":"bytes","base64":".."}                                   an AMF3 value with its marker 17, or what is broken
//! ```
//!
//! Text that is not UTF-8 is `{"base64":".."}` wherever text stands.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Read;

use super::writer::{Object, array, float, object, string};
use crate::field::{Kind, Node, Range, Tree, Value};
use crate::wire::amf0::{Marker, f};

/// Values nested deeper than this are written as bytes: readers of JSON have limits, too.
const DEEPEST: u16 = 32;

/// Appends the values of a command or data message whose body is `bytes`, explained by `tree`.
pub fn write_amf(out: &mut Vec<u8>, tree: &Tree, bytes: &[u8]) {
    let mut values = Vec::new();
    let mut end = None;
    let mut next = 0;
    while let Some(node) = tree.nodes().get(next) {
        let is_value =
            node.kind == Kind::Group && children(tree, next).next().is_some_and(|(_, child)| is_marker(child));
        if is_value {
            let range = bytes_of(node);
            // What lies between two values is written as well: nothing is left out.
            let from: usize = end.unwrap_or(range.start as usize);
            values.extend(gap(bytes, from, range.start as usize));
            values.push(Piece::Value(next, range));
            end = Some((range.start + range.len) as usize);
            next = node.end as usize;
        } else {
            next += 1;
        }
    }
    let from = end.unwrap_or_else(|| format_byte(tree));
    values.extend(gap(bytes, from, bytes.len()));
    array(out, values, |out, piece| match piece {
        Piece::Value(index, range) => whole(out, tree, index, bytes, range),
        Piece::Bytes(raw) => raw_bytes(out, raw),
    });
}

/// The bytes of an array of values that [`write_amf`] wrote; none when it is no such array.
pub fn read_amf(json: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for value in serde_json::from_str::<Read>(json).ok()?.as_array()? {
        read(value, &mut out)?;
    }
    Some(out)
}

enum Piece<'a> {
    Value(usize, Range),
    Bytes(&'a [u8]),
}

fn gap(bytes: &[u8], from: usize, to: usize) -> Option<Piece<'_>> {
    bytes.get(from..to).filter(|raw| !raw.is_empty()).map(Piece::Bytes)
}

/// Where values begin when there is none: behind the format byte of types 15 and 17.
fn format_byte(tree: &Tree) -> usize {
    let format = tree.nodes().iter().find(|node| std::ptr::eq(node.field, &crate::wire::format::f::FORMAT));
    format.map_or(0, |node| (node.bits.start + node.bits.len) as usize / 8)
}

/// A value, when what was written reads back to its bytes; otherwise its bytes.
fn whole(out: &mut Vec<u8>, tree: &Tree, index: usize, bytes: &[u8], range: Range) {
    let start = out.len();
    let nodes = Nodes { tree, bytes };
    let written = nodes.value(out, children(tree, index).collect(), 0);
    let mut back = Vec::new();
    let text = out.get(start..).unwrap_or_default();
    let reads_back = written.is_some()
        && serde_json::from_slice::<Read>(text).is_ok_and(|json| read(&json, &mut back).is_some())
        && back == range.of(bytes);
    if !reads_back {
        out.truncate(start);
        raw_bytes(out, range.of(bytes));
    }
}

fn raw_bytes(out: &mut Vec<u8>, raw: &[u8]) {
    object(out, |o| {
        o.text("amf", "bytes").text("base64", &STANDARD.encode(raw));
    });
}

fn children(tree: &Tree, index: usize) -> impl Iterator<Item = (usize, &Node)> {
    let end = tree.nodes().get(index).map_or(0, |node| node.end as usize);
    let mut next = index + 1;
    std::iter::from_fn(move || {
        let at = next;
        let node = tree.nodes().get(at).filter(|_| at < end)?;
        next = node.end as usize;
        Some((at, node))
    })
}

fn is_marker(node: &Node) -> bool {
    std::ptr::eq(node.field, &f::MARKER)
}

fn bytes_of(node: &Node) -> Range {
    Range { start: node.bits.start / 8, len: node.bits.len / 8 }
}

#[derive(Clone, Copy)]
struct Nodes<'a> {
    tree: &'a Tree,
    bytes: &'a [u8],
}

impl Nodes<'_> {
    /// A value that begins with its marker; none when it is not as AMF0 has it.
    fn value(self, out: &mut Vec<u8>, nodes: Vec<(usize, &Node)>, depth: u16) -> Option<()> {
        let ((_, marker), rest) = nodes.split_first().filter(|((_, first), _)| is_marker(first))?;
        let leaf = |n: usize| rest.get(n).map(|(_, node)| *node);
        match Marker(marker.value.as_unsigned()? as u8) {
            _ if depth > DEEPEST => return None,
            Marker::NUMBER => number(out, leaf(0)?.value)?,
            Marker::BOOLEAN => match leaf(0)?.value.as_unsigned()? {
                0 => out.extend_from_slice(b"false"),
                1 => out.extend_from_slice(b"true"),
                byte => object(out, |o| {
                    o.text("amf", "boolean").number("byte", byte);
                }),
            },
            Marker::STRING => self.text(out, leaf(1)?),
            Marker::NULL => out.extend_from_slice(b"null"),
            Marker::UNDEFINED => object(out, |o| {
                o.text("amf", "undefined");
            }),
            Marker::UNSUPPORTED => object(out, |o| {
                o.text("amf", "unsupported");
            }),
            Marker::LONG_STRING => self.tagged(out, "long_string", leaf(1)?),
            Marker::XML => self.tagged(out, "xml", leaf(1)?),
            Marker::REFERENCE => {
                let index = leaf(0)?.value.as_unsigned()?;
                object(out, |o| {
                    o.text("amf", "reference").number("index", index);
                });
            }
            Marker::DATE => {
                let (ms, zone) = (leaf(0)?.value, leaf(1)?.value.as_signed()?);
                let mut written = None;
                object(out, |o| {
                    o.text("amf", "date");
                    written = number(o.key("ms"), ms);
                    o.number("zone", zone);
                });
                written?;
            }
            Marker::OBJECT => self.container(out, "object", rest, depth, |_| ())?,
            Marker::TYPED_OBJECT => {
                let class = leaf(1)?;
                self.container(out, "typed_object", rest.get(2..)?, depth, |o| self.text(o.key("class"), class))?;
            }
            Marker::ECMA_ARRAY => {
                let count = leaf(0)?.value.as_unsigned()?;
                self.container(out, "ecma_array", rest.get(1..)?, depth, |o| {
                    o.number("count", count);
                })?;
            }
            Marker::STRICT_ARRAY => {
                let items = rest.get(1..)?;
                let mut written = Some(());
                object(out, |o| {
                    o.text("amf", "strict_array");
                    array(o.key("items"), items, |out, (index, _)| {
                        let value = self.value(out, children(self.tree, *index).collect(), depth + 1);
                        written = written.and(value);
                    });
                });
                written?;
            }
            _ => return None,
        }
        Some(())
    }

    fn container(
        self,
        out: &mut Vec<u8>,
        name: &str,
        nodes: &[(usize, &Node)],
        depth: u16,
        head: impl FnOnce(&mut Object<'_>),
    ) -> Option<()> {
        let closed = nodes.last().is_some_and(|(_, node)| std::ptr::eq(node.field, &f::OBJECT_END));
        let members = nodes.get(..nodes.len() - usize::from(closed))?;
        let mut written = Some(());
        object(out, |o| {
            o.text("amf", name);
            head(o);
            if !closed {
                o.boolean("open", true);
            }
            array(o.key("members"), members, |out, (index, _)| {
                let parts: Vec<(usize, &Node)> = children(self.tree, *index).collect();
                // Length and name, then the value.
                let (Some((_, name)), Some(value)) = (parts.get(1), parts.get(2..)) else {
                    written = None;
                    return;
                };
                out.push(b'[');
                self.text(out, name);
                out.push(b',');
                written = written.and(self.value(out, value.to_vec(), depth + 1));
                out.push(b']');
            });
        });
        written
    }

    fn tagged(self, out: &mut Vec<u8>, name: &str, text: &Node) {
        object(out, |o| {
            o.text("amf", name);
            self.text(o.key("text"), text);
        });
    }

    fn text(self, out: &mut Vec<u8>, leaf: &Node) {
        let raw = bytes_of(leaf).of(self.bytes);
        match std::str::from_utf8(raw) {
            Ok(text) => string(out, text),
            Err(_) => object(out, |o| {
                o.text("base64", &STANDARD.encode(raw));
            }),
        }
    }
}

/// A number: JSON's own where it has one.
fn number(out: &mut Vec<u8>, value: Value) -> Option<()> {
    let (Value::Float(n) | Value::Date(n)) = value else { return None };
    if n.is_finite() {
        float(out, n);
    } else {
        object(out, |o| {
            o.text("amf", "number").text("bits", &format!("{:016x}", n.to_bits()));
        });
    }
    Some(())
}

/// Appends the bytes of one value.
fn read(json: &Read, out: &mut Vec<u8>) -> Option<()> {
    match json {
        Read::Null => out.push(Marker::NULL.0),
        Read::Bool(b) => out.extend([Marker::BOOLEAN.0, u8::from(*b)]),
        Read::Number(n) => {
            out.push(Marker::NUMBER.0);
            out.extend(n.as_f64()?.to_be_bytes());
        }
        Read::String(_) => {
            out.push(Marker::STRING.0);
            short(&text_of(json)?, out)?;
        }
        Read::Object(members) => match members.get("amf") {
            Some(name) => tagged(name.as_str()?, json, out)?,
            None => {
                out.push(Marker::STRING.0);
                short(&text_of(json)?, out)?;
            }
        },
        Read::Array(_) => return None,
    }
    Some(())
}

fn tagged(name: &str, json: &Read, out: &mut Vec<u8>) -> Option<()> {
    match name {
        "undefined" => out.push(Marker::UNDEFINED.0),
        "unsupported" => out.push(Marker::UNSUPPORTED.0),
        "boolean" => out.extend([Marker::BOOLEAN.0, u8::try_from(json.get("byte")?.as_u64()?).ok()?]),
        "number" => {
            out.push(Marker::NUMBER.0);
            out.extend(double(json)?.to_be_bytes());
        }
        "long_string" | "xml" => {
            out.push(if name == "xml" { Marker::XML.0 } else { Marker::LONG_STRING.0 });
            let text = text_of(json.get("text")?)?;
            out.extend(u32::try_from(text.len()).ok()?.to_be_bytes());
            out.extend(text);
        }
        "reference" => {
            out.push(Marker::REFERENCE.0);
            out.extend(u16::try_from(json.get("index")?.as_u64()?).ok()?.to_be_bytes());
        }
        "date" => {
            out.push(Marker::DATE.0);
            out.extend(double(json.get("ms")?)?.to_be_bytes());
            out.extend(i16::try_from(json.get("zone")?.as_i64()?).ok()?.to_be_bytes());
        }
        "object" => {
            out.push(Marker::OBJECT.0);
            members(json, out)?;
        }
        "typed_object" => {
            out.push(Marker::TYPED_OBJECT.0);
            short(&text_of(json.get("class")?)?, out)?;
            members(json, out)?;
        }
        "ecma_array" => {
            out.push(Marker::ECMA_ARRAY.0);
            out.extend(u32::try_from(json.get("count")?.as_u64()?).ok()?.to_be_bytes());
            members(json, out)?;
        }
        "strict_array" => {
            let items = json.get("items")?.as_array()?;
            out.push(Marker::STRICT_ARRAY.0);
            out.extend(u32::try_from(items.len()).ok()?.to_be_bytes());
            for item in items {
                read(item, out)?;
            }
        }
        "bytes" => out.extend(STANDARD.decode(json.get("base64")?.as_str()?).ok()?),
        _ => return None,
    }
    Some(())
}

fn members(json: &Read, out: &mut Vec<u8>) -> Option<()> {
    for member in json.get("members")?.as_array()? {
        let [name, value] = member.as_array()?.as_slice() else { return None };
        short(&text_of(name)?, out)?;
        read(value, out)?;
    }
    if json.get("open").is_none() {
        out.extend([0, 0, Marker::OBJECT_END.0]);
    }
    Some(())
}

/// A number, or the bits of one that JSON does not have.
fn double(json: &Read) -> Option<f64> {
    json.as_f64().or_else(|| u64::from_str_radix(json.get("bits")?.as_str()?, 16).ok().map(f64::from_bits))
}

fn text_of(json: &Read) -> Option<Vec<u8>> {
    match json.as_str() {
        Some(text) => Some(text.as_bytes().to_vec()),
        None => STANDARD.decode(json.get("base64")?.as_str()?).ok(),
    }
}

/// Text with its length in two bytes.
fn short(text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    out.extend(u16::try_from(text.len()).ok()?.to_be_bytes());
    out.extend(text);
    Some(())
}

#[cfg(test)]
mod tests;
