//! Is a connection RTMP? Told by its first bytes in both directions, on any port.

use super::foreign::Foreign;
use super::preamble::{Preamble, preamble};
use crate::field::Reader;
use crate::wire::chunk::ChunkHeader;
use crate::wire::code::MessageType;
use crate::wire::handshake::{Form, PACKET, Speaker, Version};

/// Bytes per side after which a probe stops being unsure: the handshake and one chunk header.
pub const MOST_PROBED: usize = 4096;

const FIRST: usize = 1 + PACKET;
const WHOLE: usize = 1 + 2 * PACKET;

/// What a probe says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// RTMP.
    Rtmp {
        /// Bytes in front of the client's handshake.
        preamble: u64,
    },
    /// More bytes will tell.
    Unsure,
    /// Something else.
    Foreign(Foreign),
}

/// Looks at the first bytes of the presumed client and server. `ended` says that no more will come.
pub fn probe(client: &[u8], server: &[u8], ended: bool) -> Probe {
    let skip = match preamble(client) {
        Preamble::None => 0,
        Preamble::Length(length) => length,
        Preamble::Unsure if ended => 0,
        Preamble::Unsure => return Probe::Unsure,
    };
    let hello = client.get(skip..).unwrap_or_default();
    let rtmp = Probe::Rtmp { preamble: skip as u64 };
    match (judge(hello, Speaker::Client), judge(server, Speaker::Server)) {
        // An RTMP client that met something else is an attempt worth showing.
        (Side::Certain, _) => rtmp,
        (Side::Likely | Side::Silent, Side::Certain) => rtmp,
        // Both sides say version 3 and send a packet of the right size.
        (Side::Likely, Side::Likely) => rtmp,
        // Only the client was captured, or it broke off early.
        (Side::Short, Side::Short | Side::Silent) if ended && begins_like_c1(hello) => rtmp,
        (Side::Other, _) | (Side::Silent, Side::Other) => Probe::Foreign(Foreign::of(hello, server)),
        _ if ended || hello.len().max(server.len()) >= MOST_PROBED => Probe::Foreign(Foreign::of(hello, server)),
        _ => Probe::Unsure,
    }
}

/// What the bytes of one side look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// Nothing yet.
    Silent,
    /// A possible beginning of a handshake.
    Short,
    /// A first packet whose contents prove nothing.
    Likely,
    /// A handshake.
    Certain,
    /// Not a handshake.
    Other,
}

fn judge(bytes: &[u8], speaker: Speaker) -> Side {
    let Some(&version) = bytes.first() else { return Side::Silent };
    if version != 3 && !Version(version).is_encrypted() {
        return Side::Other;
    }
    let Some(packet) = bytes.get(1..).and_then(|packet| packet.first_chunk::<PACKET>()) else { return Side::Short };
    let zero = packet.get(4..8) == Some(&[0; 4]);
    if zero || Form::of(packet, speaker) != Form::Simple || begins_with_a_message(bytes, speaker) {
        Side::Certain
    } else {
        Side::Likely
    }
}

/// Does a chunk stream follow the handshake, as this speaker would begin it?
fn begins_with_a_message(bytes: &[u8], speaker: Speaker) -> bool {
    let Some(stream) = bytes.get(WHOLE..) else { return false };
    let Ok(header) = ChunkHeader::read(&mut Reader::quiet(stream), |_, _| false) else { return false };
    let first = match speaker {
        Speaker::Client => [MessageType::COMMAND, MessageType::SET_CHUNK_SIZE, MessageType::COMMAND_AMF3],
        Speaker::Server => [MessageType::WINDOW_ACK_SIZE, MessageType::SET_CHUNK_SIZE, MessageType::COMMAND],
    };
    header.basic.fmt == 0
        && header.stream_id == Some(0)
        && header.message_type.is_some_and(|kind| first.contains(&kind))
        && header.length.is_some_and(|length| length < 0x1_0000)
}

/// Enough of C0 and C1 to call it an attempt: the zero that a simple client sends.
fn begins_like_c1(bytes: &[u8]) -> bool {
    bytes.len() < FIRST && bytes.get(5..9) == Some(&[0; 4])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(fill: u8) -> Vec<u8> {
        let mut bytes = vec![fill; FIRST];
        bytes[0] = 3;
        bytes[5..9].fill(0);
        bytes
    }

    fn found(client: &[u8], server: &[u8], ended: bool) -> bool {
        matches!(probe(client, server, ended), Probe::Rtmp { .. })
    }

    #[test]
    fn a_client_is_enough() {
        assert!(found(&hello(7), b"", false));
        assert_eq!(probe(&hello(7)[..100], b"", false), Probe::Unsure);
        assert!(found(&hello(7)[..100], b"", true));
        assert!(found(&hello(7), b"HTTP/1.1 400 Bad Request", false), "the attempt is shown");
    }

    #[test]
    fn behind_a_proxy_header() {
        let client = [&b"PROXY TCP4 192.0.2.1 192.0.2.2 1000 1935\r\n"[..], &hello(1)].concat();
        assert_eq!(probe(&client, b"", false), Probe::Rtmp { preamble: 42 });
    }

    #[test]
    fn a_version_alone_proves_nothing() {
        let threes = vec![3u8; 3000];
        assert_eq!(probe(&threes, b"", false), Probe::Unsure);
        let mut reply = threes.clone();
        assert!(found(&threes, &reply, false), "both sides speak version 3");
        reply[0] = b'x';
        assert!(!found(&threes, &reply, true));
    }

    #[test]
    fn other_protocols_have_names() {
        assert_eq!(probe(b"GET / HTTP/1.1\r\n", b"", false), Probe::Foreign(Foreign::Http));
        assert_eq!(probe(b"", b"SSH-2.0", false), Probe::Foreign(Foreign::Ssh));
        // A remote desktop client also begins with 3.
        let rdp = [3, 0, 0, 0x13, 0x0e, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0];
        assert_eq!(probe(&rdp, b"\x03\0\0\x13", true), Probe::Foreign(Foreign::Unknown));
    }
}
