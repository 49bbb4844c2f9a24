//! What a connection speaks that is not RTMP, as far as its first bytes tell.

use std::fmt;

/// A protocol that is not plain RTMP.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Foreign {
    /// TLS, with the server name that the client asked for.
    Tls(Option<Box<str>>),
    /// HTTP, which may carry RTMPT.
    Http,
    /// SSH.
    Ssh,
    /// A request to a SOCKS proxy: what follows belongs to the connection behind it.
    Socks,
    /// Something else.
    Unknown,
}

impl Foreign {
    /// Names the protocol by the first bytes of its client (or, where there are none, of its server).
    pub fn of(client: &[u8], server: &[u8]) -> Foreign {
        let first = if client.is_empty() { server } else { client };
        match first {
            [0x16, 3, ..] => Foreign::Tls(server_name(client)),
            [b'S', b'S', b'H', b'-', ..] => Foreign::Ssh,
            [4, 1 | 2, ..] if first.len() < 512 && first.get(8..).is_some_and(|rest| rest.contains(&0)) => {
                Foreign::Socks
            }
            [5, methods @ 1..=8, rest @ ..] if rest.len() == usize::from(*methods) => Foreign::Socks,
            _ if is_http(first) => Foreign::Http,
            _ => Foreign::Unknown,
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Foreign::Tls(Some(name)) => write!(f, "TLS to {name}"),
            Foreign::Tls(None) => f.write_str("TLS"),
            Foreign::Http => f.write_str("HTTP"),
            Foreign::Ssh => f.write_str("SSH"),
            Foreign::Socks => f.write_str("SOCKS"),
            Foreign::Unknown => f.write_str("another protocol"),
        }
    }
}

fn is_http(bytes: &[u8]) -> bool {
    [&b"GET "[..], b"POST ", b"HEAD ", b"PUT ", b"OPTIONS ", b"CONNECT ", b"HTTP/1."]
        .iter()
        .any(|m| bytes.starts_with(m))
}

/// The server name of a ClientHello: RFC 8446 section 4.1.2, RFC 6066 section 3.
fn server_name(hello: &[u8]) -> Option<Box<str>> {
    // Record header 5, handshake header 4, version 2, random 32.
    let rest = skip8(hello.get(43..)?)?;
    let rest = skip8(skip16(rest)?)?;
    let mut extensions = rest.get(2..)?;
    loop {
        let (kind, body) = (be16(extensions)?, extensions.get(2..)?);
        let len = be16(body)?;
        if kind == 0 {
            // List length 2, name type 1, name length 2.
            let name = body.get(5..)?;
            let name = name.get(2..2 + be16(name)?)?;
            let printable = name.iter().all(|b| b.is_ascii_graphic());
            return std::str::from_utf8(name).ok().filter(|_| printable).map(Into::into);
        }
        extensions = body.get(2 + len..)?;
    }
}

fn be16(bytes: &[u8]) -> Option<usize> {
    bytes.first_chunk().map(|b| usize::from(u16::from_be_bytes(*b)))
}

fn skip8(bytes: &[u8]) -> Option<&[u8]> {
    let (len, rest) = bytes.split_first()?;
    rest.get(usize::from(*len)..)
}

fn skip16(bytes: &[u8]) -> Option<&[u8]> {
    bytes.get(2 + be16(bytes)?..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_it_sees() {
        assert_eq!(Foreign::of(b"GET / HTTP/1.1\r\n", b""), Foreign::Http);
        assert_eq!(Foreign::of(b"", b"SSH-2.0-x"), Foreign::Ssh);
        assert_eq!(Foreign::of(b"\x05\x02\0", b""), Foreign::Unknown);
        assert_eq!(Foreign::of(b"\x05\x01\0", b""), Foreign::Socks);
        assert_eq!(Foreign::of(b"\x04\x01\x07\x8f\xc0\0\x02\x14\0", b""), Foreign::Socks);
        assert_eq!(Foreign::of(b"\x16\x03\x01\0\x05", b""), Foreign::Tls(None));
    }

    #[test]
    fn server_name_of_a_client_hello() {
        let mut hello = vec![0x16, 3, 1, 0, 0, 1, 0, 0, 0, 3, 3];
        hello.extend([7; 32]);
        hello.extend([0]); // session id
        hello.extend([0, 2, 0x13, 1]); // cipher suites
        hello.extend([1, 0]); // compression
        hello.extend([0, 28, 0, 23, 0, 0]); // extensions, an empty one
        hello.extend([0, 0, 0, 16, 0, 14, 0, 0, 11]);
        hello.extend(b"example.org");
        assert_eq!(Foreign::of(&hello, b""), Foreign::Tls(Some("example.org".into())));
        for cut in 0..hello.len() {
            Foreign::of(&hello[..cut], b"");
        }
    }
}
