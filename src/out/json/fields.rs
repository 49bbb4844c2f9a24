//! The explained tree as JSON: every node with its place in bits, so that leaves and gaps tile what they explain.

use std::borrow::Cow;

use super::writer::{Object, array, float, integer, key, object, string};
use crate::field::{Kind, Node, Range, Tree, Value};
use crate::time::rfc3339_of_milliseconds;
use crate::view::Veil;

/// Appends the array of a tree's top nodes. `veil` says which bytes must not be shown.
pub(super) fn write(out: &mut Vec<u8>, tree: &Tree, bytes: &[u8], veil: Option<&Veil>) {
    level(out, tree, bytes, veil, 0, tree.nodes().len());
}

fn level(out: &mut Vec<u8>, tree: &Tree, bytes: &[u8], veil: Option<&Veil>, from: usize, to: usize) {
    let mut next = from;
    let siblings = std::iter::from_fn(|| {
        let index = next;
        let node = tree.nodes().get(index).filter(|_| index < to)?;
        next = node.end as usize;
        Some((index, node))
    });
    array(out, siblings, |out, (index, node)| {
        object(out, |o| {
            write_node(o, tree, index, node, bytes, veil);
            if node.kind == Kind::Group {
                level(o.key(key!("fields")), tree, bytes, veil, index + 1, node.end as usize);
            }
        });
    });
}

fn write_node(o: &mut Object<'_>, tree: &Tree, index: usize, node: &Node, bytes: &[u8], veil: Option<&Veil>) {
    o.word(key!("name"), node.field.name).number(key!("at"), node.bits.start).number(key!("bits"), node.bits.len);
    if let Some(key) = node.key {
        o.text(key!("key"), &shown(key, bytes, veil));
    }
    match node.value {
        Value::None => {}
        Value::Word(why) if node.kind == Kind::Gap => {
            o.text(key!("label"), why);
        }
        value => write_value(o, value, node.kind, bytes, veil),
    }
    if let Some(label) = node.field.label(node.value, bytes) {
        o.text(key!("label"), &label);
    }
    if let Some(fault) = tree.fault(index) {
        o.text(key!("fault"), &fault.to_string());
    }
}

fn write_value(o: &mut Object<'_>, value: Value, kind: Kind, bytes: &[u8], veil: Option<&Veil>) {
    match value {
        Value::None => {}
        Value::Unsigned(n) => integer(o.key(key!("value")), n),
        Value::Signed(n) => integer(o.key(key!("value")), n),
        Value::Float(n) => float(o.key(key!("value")), n),
        Value::Boolean(b) => {
            o.boolean(key!("value"), b);
        }
        Value::Text(range) => string(o.key(key!("value")), &shown(range, bytes, veil)),
        // Opaque bytes stand in the body; what a leaf of them says is where they are.
        Value::Bytes(_) => {}
        Value::Date(milliseconds) => match rfc3339_of_milliseconds(milliseconds) {
            Some(date) => string(o.key(key!("value")), &date),
            None => float(o.key(key!("value")), milliseconds),
        },
        Value::Word("null") => {
            o.null(key!("value"));
        }
        Value::Word(word) => {
            o.text(key!("value"), word);
        }
        Value::Count(n) if kind == Kind::Group => integer(o.key(key!("count")), n),
        Value::Count(n) => integer(o.key(key!("value")), n),
    }
}

fn shown<'a>(range: Range, bytes: &'a [u8], veil: Option<&Veil>) -> Cow<'a, str> {
    match veil {
        Some(veil) => Cow::Owned(veil.text(range, bytes)),
        None => String::from_utf8_lossy(range.of(bytes)),
    }
}
