//! The format byte in front of messages 15, 16 and 17: Enhanced RTMP v2 and the practice of implementations.
//!
//! Only 0 is defined: AMF0 values follow, any of which may switch to AMF3 for itself.

use crate::field::{Annotate, Fault, Field, Reader, fields};

/// Reads the format byte in front of AMF values. Some senders leave it out: then nothing is read but a remark is made.
#[inline]
pub fn read<A: Annotate>(r: &mut Reader<'_, A>) -> Result<(), Fault> {
    if begins_with_a_string(r.peek()) {
        r.remark(0, "the format byte is missing");
        return Ok(());
    }
    if r.u8(&f::FORMAT)? != 0 {
        r.remark(1, "only format 0 is defined");
    }
    Ok(())
}

/// An AMF0 string with a length that can be true.
fn begins_with_a_string(bytes: &[u8]) -> bool {
    match bytes {
        [2, high, low, rest @ ..] => {
            let len = usize::from(u16::from_be_bytes([*high, *low]));
            len > 0 && len <= rest.len()
        }
        _ => false,
    }
}

fn format_name(format: u64) -> Option<&'static str> {
    (format == 0).then_some("AMF0 values, any of which may switch to AMF3")
}

/// Field of the format byte.
pub mod f {
    use super::*;
    fields! {
        /// Format byte.
        FORMAT = Field::new("format", "how the values that follow are written").numbers(format_name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Tree;

    #[test]
    fn the_byte_may_be_missing() {
        let left = |bytes: &[u8]| {
            let mut r = Reader::quiet(bytes);
            read(&mut r).map(|()| r.left())
        };
        assert_eq!(left(b"\0\x02\0\x01a"), Ok(4));
        assert_eq!(left(b"\x02\0\x01a"), Ok(4));
        // Not a string: the length is a lie, so the byte is a format byte of unknown meaning.
        assert_eq!(left(b"\x02\0\x09a"), Ok(3));
        assert!(left(b"").is_err());
        for (bytes, remarks) in [(&b"\0"[..], 0), (b"\x02\0\x01a", 1), (b"\x03", 1)] {
            assert_eq!(Tree::explain(bytes, read).remarks().len(), remarks);
        }
    }
}
