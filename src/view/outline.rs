//! An explained buffer as rows: where, which bytes, what.

use super::{Veil, clean, short_hex};
use crate::field::{Bits, Kind, Node, Tree, Unit, Value};
use crate::time::rfc3339_of_milliseconds;

/// One row of an outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// How deep it is.
    pub depth: u16,
    /// Where: `3..10`, `0` or, in bits, `0.2-5` within a byte and `2.5-3.0` across bytes, the last bit included. Empty for computed values.
    pub place: String,
    /// The bytes, for fields of whole bytes; the bits of smaller ones.
    pub hex: String,
    /// The name: the field's, or the one that the wire gives a member.
    pub name: String,
    /// The value, with its unit and meaning.
    pub value: String,
    /// Why decoding stopped here.
    pub fault: Option<String>,
    /// What the row stands for.
    pub kind: Kind,
}

/// The rows of a tree. `hex_bytes` says how many bytes of hex a row has room for.
pub fn outline(tree: &Tree, bytes: &[u8], veil: &Veil, hex_bytes: usize) -> Vec<Row> {
    let nodes = tree.nodes().iter().enumerate();
    nodes
        .map(|(index, node)| Row {
            depth: node.depth,
            place: place(node),
            hex: hex(node, bytes, veil, hex_bytes),
            name: name(node, bytes, veil),
            value: value(node, bytes, veil),
            fault: tree.fault(index).map(|fault| fault.to_string()),
            kind: node.kind,
        })
        .collect()
}

fn place(node: &Node) -> String {
    let Bits { start, len } = node.bits;
    let (end, whole) = (start + len, start % 8 == 0 && len % 8 == 0);
    match len {
        0 => String::new(),
        8 if whole => format!("{}", start / 8),
        _ if whole => format!("{}..{}", start / 8, end / 8),
        1 => format!("{}.{}", start / 8, start % 8),
        // The last bit of a byte belongs to that byte, not to the next.
        _ => {
            let last = end - 1;
            match last / 8 {
                byte if byte == start / 8 => format!("{byte}.{}-{}", start % 8, last % 8),
                byte => format!("{}.{}-{byte}.{}", start / 8, start % 8, last % 8),
            }
        }
    }
}

fn hex(node: &Node, bytes: &[u8], veil: &Veil, most: usize) -> String {
    if node.kind == Kind::Group || node.bits.len == 0 {
        return String::new();
    }
    let range = node.bits.bytes();
    if range.len > 1 || node.bits.start.is_multiple_of(8) && node.bits.len.is_multiple_of(8) {
        return short_hex(range.of(bytes), range.start, most, veil);
    }
    // The bits of the field in their places, dots for those of its neighbours.
    let byte = range.of(bytes).first().copied().unwrap_or_default();
    let own = node.bits.start % 8..node.bits.start % 8 + node.bits.len;
    (0..8)
        .map(|bit| if own.contains(&bit) { if byte >> (7 - bit) & 1 == 1 { '1' } else { '0' } } else { '.' })
        .collect()
}

fn name(node: &Node, bytes: &[u8], veil: &Veil) -> String {
    match node.key {
        Some(key) if key.len > 0 => clean(&veil.text(key, bytes)).into_owned(),
        Some(_) => "\"\"".to_owned(),
        None => node.field.name.to_owned(),
    }
}

fn value(node: &Node, bytes: &[u8], veil: &Veil) -> String {
    let value = match node.value {
        Value::None => return String::new(),
        Value::Unsigned(n) => n.to_string(),
        Value::Signed(n) => n.to_string(),
        Value::Float(n) => n.to_string(),
        Value::Boolean(b) => b.to_string(),
        Value::Text(range) => format!("\"{}\"", clean(&veil.text(range, bytes))),
        Value::Bytes(range) if range.len == 1 => "1 byte".to_owned(),
        Value::Bytes(range) => format!("{} bytes", range.len),
        Value::Date(ms) => rfc3339_of_milliseconds(ms).unwrap_or_else(|| format!("{ms} ms")),
        Value::Word(word) => word.to_owned(),
        Value::Count(1) => "1 member".to_owned(),
        Value::Count(n) => format!("{n} members"),
    };
    let unit = match (node.field.unit, node.value) {
        (Unit::None, _) | (_, Value::Text(_) | Value::Bytes(_) | Value::Date(_) | Value::Word(_)) => String::new(),
        (unit, _) => format!(" {}", unit.sign()),
    };
    match node.field.label(node.value, bytes) {
        Some(label) => format!("{value}{unit} ({label})"),
        None => format!("{value}{unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;

    #[test]
    fn places_in_bits_and_bytes() {
        static FIELD: Field = Field::new("field", "a field");
        let at = |start, len| {
            let node = Node {
                field: &FIELD,
                key: None,
                bits: Bits { start, len },
                value: Value::None,
                end: 1,
                depth: 0,
                kind: Kind::Leaf,
            };
            place(&node)
        };
        assert_eq!(at(16, 0), "");
        assert_eq!([at(0, 8), at(24, 56), at(16, 1), at(18, 4)], ["0", "3..10", "2.0", "2.2-5"]);
        // The last bit of a byte belongs to that byte, not to the next.
        assert_eq!([at(21, 3), at(21, 4), at(21, 20), at(20, 8)], ["2.5-7", "2.5-3.0", "2.5-5.0", "2.4-3.3"]);
    }
}
