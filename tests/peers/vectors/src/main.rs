//! Writes generated AMF3 vectors and dictionaries with flash-lso, a line each: the value in hex, then what it is in the
//! form of examples/amf.rs. `tests/peers/suite/7-amf` has them read by rtmpscope.
//!
//! With the argument `read` it goes the other way: values in hex on standard input, a line each, and what flash-lso makes
//! of them on standard output, vectors with their kinds.

use std::io::BufRead;

use flash_lso::amf3::read::AMF3Decoder;

use flash_lso::types::{
    AMFVersion, DictionaryEntry, DictionaryObjectValue, Element, Lso, ObjectId, Value, VectorObjectValue,
    VectorPrimitiveValue,
};
use flash_lso::write::{header_length, write_to_bytes};

const ROUNDS: u64 = 400;

fn main() {
    if std::env::args().nth(1).as_deref() == Some("read") {
        for line in std::io::stdin().lock().lines() {
            println!("{}", read(&line.unwrap()));
        }
        return;
    }
    for seed in 0..ROUNDS {
        let (value, told) = Numbers(seed).container(2);
        println!("{} {told}", written(value));
    }
}

/// One value without the file around it.
fn written(value: Value) -> String {
    let mut lso = Lso::new(vec![Element::new("", value)], "n", AMFVersion::AMF3);
    let bytes = write_to_bytes(&mut lso).unwrap();
    // Mark and size of the file, its header, the name of the element; a zero byte behind it. An empty name enters no table.
    let body = &bytes[6 + header_length(&lso.header)..bytes.len() - 1];
    let value = body.strip_prefix(&[1]).unwrap();
    value.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(hex: &str) -> String {
    let bytes: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    match AMF3Decoder::default().parse_single_element(&bytes) {
        Ok(([], value)) => told(&value),
        Ok((rest, _)) => format!("[\"error\", \"{} bytes are left\"]", rest.len()),
        Err(error) => format!("[\"error\", {:?}]", error.to_string()),
    }
}

fn told(value: &Value) -> String {
    let list = |items: Vec<String>| format!("[{}]", items.join(", "));
    match value {
        Value::Number(n) => number(*n),
        Value::Integer(n) => number(f64::from(*n)),
        Value::String(text) => format!("[\"string\", {text:?}]"),
        Value::Bool(b) => format!("[\"boolean\", {b}]"),
        Value::Null => "[\"null\"]".to_owned(),
        Value::VectorInt(v) => {
            format!(
                "[\"ints\", {}, {}]",
                v.fixed_length,
                list(v.values.iter().map(|n| format!("\"{n:08x}\"")).collect())
            )
        }
        Value::VectorUInt(v) => {
            format!(
                "[\"uints\", {}, {}]",
                v.fixed_length,
                list(v.values.iter().map(|n| format!("\"{n:08x}\"")).collect())
            )
        }
        Value::VectorDouble(v) => {
            let items = v.values.iter().map(|n| format!("\"{:016x}\"", n.to_bits())).collect();
            format!("[\"doubles\", {}, {}]", v.fixed_length, list(items))
        }
        Value::VectorObject { data, .. } => {
            let items = list(data.values.iter().map(told).collect());
            format!("[\"objects\", {}, {:?}, {items}]", data.fixed_length, data.object_type_name)
        }
        Value::Dictionary { data, .. } => {
            let pairs = data.elements.iter().map(|pair| format!("[{}, {}]", told(&pair.key), told(&pair.value)));
            format!("[\"dictionary\", {}, {}]", data.weak_keys, list(pairs.collect()))
        }
        other => format!("[\"error\", {:?}]", format!("{other:?}")),
    }
}

/// A stream of numbers that is the same in every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn many<T>(&mut self, one: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.next() % 6).map(|_| one(self)).collect()
    }

    /// A vector or a dictionary, and what it is.
    fn container(&mut self, depth: u32) -> (Value, String) {
        let fixed_length = self.next() % 2 == 0;
        match self.next() % if depth > 0 { 5 } else { 3 } {
            0 => {
                let values = self.many(|n| n.next() as i32);
                let told = values.iter().map(|n| number(f64::from(*n))).collect();
                (Value::VectorInt(VectorPrimitiveValue { values, fixed_length }), array(told))
            }
            1 => {
                let values = self.many(|n| n.next() as u32);
                let told = values.iter().map(|n| number(f64::from(*n))).collect();
                (Value::VectorUInt(VectorPrimitiveValue { values, fixed_length }), array(told))
            }
            2 => {
                let values = self.many(|n| n.next() as i64 as f64 / 1024.0);
                let told = values.iter().map(|n| number(*n)).collect();
                (Value::VectorDouble(VectorPrimitiveValue { values, fixed_length }), array(told))
            }
            3 => {
                let (values, told) = self.many(|n| n.item(depth)).into_iter().unzip();
                let object_type_name = ["", "org.example.Point"][self.next() as usize % 2].to_owned();
                let data = VectorObjectValue { values, object_type_name, fixed_length };
                (Value::VectorObject { id: ObjectId::INVALID, data }, array(told))
            }
            _ => {
                let pairs = self.many(|n| (n.item(0), n.item(depth)));
                let told = pairs.iter().map(|(key, value)| array(vec![key.1.clone(), value.1.clone()])).collect();
                let elements = pairs.into_iter().map(|(key, value)| DictionaryEntry { key: key.0, value: value.0 });
                let data = DictionaryObjectValue { elements: elements.collect(), weak_keys: fixed_length };
                (Value::Dictionary { id: ObjectId::INVALID, data }, array(told))
            }
        }
    }

    fn item(&mut self, depth: u32) -> (Value, String) {
        match self.next() % if depth > 0 { 5 } else { 4 } {
            0 => {
                let n = self.next() as i64 as f64 / 3.0;
                (Value::Number(n), number(n))
            }
            1 => {
                let n = (self.next() % (1 << 29)) as i32 - (1 << 28);
                (Value::Integer(n), number(f64::from(n)))
            }
            2 => {
                let text = format!("text{}", self.next() % 4);
                let told = format!("[\"string\", \"{text}\"]");
                (Value::String(text), told)
            }
            3 => (Value::Bool(true), "[\"boolean\", true]".to_owned()),
            _ => self.container(depth - 1),
        }
    }
}

fn number(n: f64) -> String {
    format!("[\"number\", \"{:016x}\"]", n.to_bits())
}

fn array(items: Vec<String>) -> String {
    format!("[\"array\", [{}]]", items.join(", "))
}
