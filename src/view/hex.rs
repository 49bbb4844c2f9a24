//! Bytes as people read them.

use super::Veil;

/// `03 00 1f`, hidden bytes as `**`, at most `most` of them and then an ellipsis.
pub fn short_hex(bytes: &[u8], offset: u32, most: usize, veil: &Veil) -> String {
    let mut out = String::with_capacity(bytes.len().min(most) * 3 + 2);
    for (n, byte) in bytes.iter().take(most).enumerate() {
        if n > 0 {
            out.push(' ');
        }
        push_hex(&mut out, *byte, veil.hides(offset + n as u32));
    }
    if bytes.len() > most {
        out.push('…');
    }
    out
}

/// The rows of a hex dump: offset, sixteen bytes, their characters.
pub fn dump<'a>(bytes: &'a [u8], veil: &'a Veil) -> impl Iterator<Item = String> + 'a {
    bytes.chunks(16).enumerate().map(move |(row, chunk)| {
        let at = row * 16;
        let mut line = format!("{at:08x}  ");
        for n in 0..16 {
            match chunk.get(n) {
                Some(byte) => push_hex(&mut line, *byte, veil.hides((at + n) as u32)),
                None => line.push_str("  "),
            }
            line.push_str(if n == 7 { "  " } else { " " });
        }
        line.push_str(" |");
        for (n, byte) in chunk.iter().enumerate() {
            let hidden = veil.hides((at + n) as u32);
            line.push(match byte {
                _ if hidden => '*',
                0x20..=0x7e => char::from(*byte),
                _ => '.',
            });
        }
        line.push('|');
        line
    })
}

#[expect(clippy::indexing_slicing, reason = "half a byte is below 16")]
fn push_hex(out: &mut String, byte: u8, hidden: bool) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    if hidden {
        out.push_str("**");
    } else {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_line_up() {
        let bytes: Vec<u8> = (0x3c..0x50).collect();
        let rows: Vec<String> = dump(&bytes, &Veil::default()).collect();
        assert_eq!(rows[0], "00000000  3c 3d 3e 3f 40 41 42 43  44 45 46 47 48 49 4a 4b  |<=>?@ABCDEFGHIJK|");
        assert_eq!(rows[1], "00000010  4c 4d 4e 4f                                       |LMNO|");
        assert_eq!(short_hex(&[1, 2, 3], 0, 2, &Veil::default()), "01 02…");
    }
}
