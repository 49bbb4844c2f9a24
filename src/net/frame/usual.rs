//! The frame of nearly every packet, read at one glance: Ethernet, IPv4 without options, TCP. What is not quite that is
//! left to the walk from header to header, which says the same of these.

use super::{Ends, Flags, Tcp};

/// Ethernet, IPv4 and TCP headers without options.
const HEADERS: usize = 14 + 20 + 20;
/// Ethernet and IPv4 headers.
const TO_TCP: usize = 14 + 20;

/// The segment, if the frame is of this kind and the capture holds its headers.
#[inline]
pub(super) fn segment(data: &[u8]) -> Option<Tcp<'_>> {
    let head: &[u8; HEADERS] = data.first_chunk()?;
    #[rustfmt::skip]
    let &[
        _, _, _, _, _, _, _, _, _, _, _, _, 0x08, 0x00,
        0x45, _, len0, len1, _, _, place0, place1, _, 6, _, _, s0, s1, s2, s3, d0, d1, d2, d3,
        from0, from1, to0, to1, q0, q1, q2, q3, a0, a1, a2, a3, offset, flags, _, _, _, _, _, _,
    ] = head else { return None };
    let total = usize::from(u16::from_be_bytes([len0, len1]));
    let header = usize::from(offset >> 4) * 4;
    let is_fragment = u16::from_be_bytes([place0, place1]) & 0x3fff != 0;
    let at = TO_TCP + header;
    if is_fragment || header < 20 || total < 20 + header || data.len() < at {
        return None;
    }
    let end = 14 + total;
    Some(Tcp {
        ends: Ends::V4 { src: u32::from_be_bytes([s0, s1, s2, s3]), dst: u32::from_be_bytes([d0, d1, d2, d3]) },
        src_port: u16::from_be_bytes([from0, from1]),
        dst_port: u16::from_be_bytes([to0, to1]),
        seq: u32::from_be_bytes([q0, q1, q2, q3]),
        ack: u32::from_be_bytes([a0, a1, a2, a3]),
        flags: Flags { fin: flags & 0x01 != 0, syn: flags & 0x02 != 0, rst: flags & 0x04 != 0, ack: flags & 0x10 != 0 },
        payload: data.get(at..end.min(data.len()))?,
        payload_offset: at as u32,
        cut: end.saturating_sub(data.len()) as u32,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Content, LinkType, walk};
    use super::*;
    use crate::net::testing::{ACK, CLIENT, SERVER, tcp};

    fn frame(payload: &[u8]) -> Vec<u8> {
        [&[2; 12], &[8, 0][..], &tcp(CLIENT, SERVER, ACK, 77, 88, payload)].concat()
    }

    #[test]
    fn a_usual_frame_is_read() {
        let frame = frame(b"payload");
        let tcp = segment(&frame).unwrap();
        assert_eq!((tcp.payload, tcp.seq, tcp.ack), (&b"payload"[..], 77, 88));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn the_walk_says_the_same(
            len in 0_usize..40,
            kept in 0_usize..110,
            changes in prop::collection::vec((0_usize..60, any::<u8>()), 0..4),
            padding in 0_usize..8,
        ) {
            let mut frame = frame(&vec![7; len]);
            frame.resize(frame.len() + padding, 0xee);
            for (at, byte) in changes {
                if let Some(slot) = frame.get_mut(at) {
                    *slot = byte;
                }
            }
            let original = frame.len() as u32;
            frame.truncate(kept);
            if let Some(tcp) = segment(&frame) {
                prop_assert_eq!(walk(LinkType::ETHERNET, &frame, original), Ok(Content::Segment(tcp)));
            }
        }
    }
}
