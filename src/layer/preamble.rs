//! The PROXY protocol header that a load balancer writes in front of a connection (versions 1 and 2).

/// Whether bytes begin with a PROXY header, and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Preamble {
    /// No header.
    None,
    /// A header of this many bytes.
    Length(usize),
    /// A header may have begun; more bytes will tell.
    Unsure,
}

const V2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
/// The longest line of version 1.
const V1_LONGEST: usize = 107;

pub(super) fn preamble(bytes: &[u8]) -> Preamble {
    if let Some(after) = begins(bytes, b"PROXY ") {
        let line = bytes.get(..V1_LONGEST.min(bytes.len())).unwrap_or_default();
        return match line.windows(2).position(|pair| pair == b"\r\n") {
            _ if after.is_none() => Preamble::Unsure,
            Some(at) => Preamble::Length(at + 2),
            None if bytes.len() < V1_LONGEST => Preamble::Unsure,
            None => Preamble::None,
        };
    }
    match begins(bytes, V2) {
        None => Preamble::None,
        Some(None) => Preamble::Unsure,
        Some(Some([_, _, high, low, ..])) => Preamble::Length(16 + usize::from(u16::from_be_bytes([*high, *low]))),
        Some(Some(_)) => Preamble::Unsure,
    }
}

/// `None`: the bytes differ from `text`. `Some(None)`: they are a beginning of it. `Some(Some(rest))`: they begin with it.
fn begins<'a>(bytes: &'a [u8], text: &[u8]) -> Option<Option<&'a [u8]>> {
    match bytes.strip_prefix(text) {
        Some(rest) => Some(Some(rest)),
        None => (!bytes.is_empty() && text.starts_with(bytes)).then_some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_at_every_length() {
        let v1 = b"PROXY TCP4 192.0.2.1 192.0.2.2 1000 1935\r\n\x03";
        let v2 = [V2, &[0x21, 0x11, 0, 12], &[7; 12], &[3]].concat();
        for header in [&v1[..], &v2] {
            let length = header.len() - 1;
            for cut in 1..=header.len() {
                let seen = preamble(&header[..cut]);
                let known = if header[0] == b'P' { cut >= length } else { cut >= 16 };
                assert_eq!(seen, if known { Preamble::Length(length) } else { Preamble::Unsure }, "{cut}");
            }
        }
        assert_eq!(preamble(b""), Preamble::None);
        assert_eq!(preamble(b"\x03"), Preamble::None);
        assert_eq!(preamble(&[b"PROXY ".to_vec(), vec![b'x'; 200]].concat()), Preamble::None);
    }
}
