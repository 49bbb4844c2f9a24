//! Numbers with units, brought to the unit of a field.

use crate::field::Unit;

/// The number in the unit of the field; otherwise which signs would fit.
pub(super) fn convert(value: f64, sign: &str, unit: Unit) -> Result<f64, Option<String>> {
    if sign.is_empty() {
        return Ok(value);
    }
    let table = match unit {
        Unit::Bytes => BYTES,
        // From milliseconds and seconds to the field's own.
        Unit::Milliseconds => MILLISECONDS,
        Unit::Seconds => SECONDS,
        Unit::Hertz => HERTZ,
        _ => return Err(None),
    };
    match table.iter().find(|(known, ..)| *known == sign) {
        // A division keeps 100ms at the number nearest to 0.1, a multiplication by 0.001 does not.
        Some((_, times, over)) => Ok(value * times / over),
        None => {
            let signs: Vec<&str> = table.iter().map(|(sign, ..)| *sign).collect();
            Err(Some(format!("write one of {}", signs.join(", "))))
        }
    }
}

type Table = &'static [(&'static str, f64, f64)];

const BYTES: Table = &[
    ("B", 1.0, 1.0),
    ("kB", 1e3, 1.0),
    ("KB", 1e3, 1.0),
    ("MB", 1e6, 1.0),
    ("GB", 1e9, 1.0),
    ("KiB", 1024.0, 1.0),
    ("MiB", 1_048_576.0, 1.0),
    ("GiB", 1_073_741_824.0, 1.0),
];

const MILLISECONDS: Table = &[
    ("ms", 1.0, 1.0),
    ("s", 1e3, 1.0),
    ("m", 60e3, 1.0),
    ("min", 60e3, 1.0),
    ("h", 3600e3, 1.0),
    ("us", 1.0, 1e3),
    ("µs", 1.0, 1e3),
    ("ns", 1.0, 1e6),
];

const SECONDS: Table = &[
    ("s", 1.0, 1.0),
    ("ms", 1.0, 1e3),
    ("m", 60.0, 1.0),
    ("min", 60.0, 1.0),
    ("h", 3600.0, 1.0),
    ("us", 1.0, 1e6),
    ("µs", 1.0, 1e6),
    ("ns", 1.0, 1e9),
];

const HERTZ: Table = &[("Hz", 1.0, 1.0), ("kHz", 1e3, 1.0), ("MHz", 1e6, 1.0)];
