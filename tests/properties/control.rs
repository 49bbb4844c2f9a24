//! Chunk headers, protocol control and user control.

use proptest::prelude::*;
use rtmpscope::field::{Reader, Tree};
use rtmpscope::wire::chunk::ChunkHeader;
use rtmpscope::wire::code::MessageType;

use super::*;

/// A basic header of each size, and a message header of each form, with timestamps around the escape.
fn chunk_header() -> impl Strategy<Value = (Vec<u8>, bool)> {
    let csid = prop_oneof![(2..64u32).boxed(), (64..320u32).boxed(), (320..65600u32).boxed()];
    let time = prop_oneof![any::<u32>(), 0xff_fffe..=0x100_0000u32, 0..1000u32];
    (0..4u8, csid, time, any::<[u8; 8]>(), any::<bool>()).prop_map(|(fmt, csid, time, rest, repeats)| {
        let mut out = match csid {
            0..64 => vec![fmt << 6 | csid as u8],
            64..320 => vec![fmt << 6, (csid - 64) as u8],
            _ => vec![fmt << 6 | 1, (csid - 64) as u8, ((csid - 64) >> 8) as u8],
        };
        let escaped = time >= 0xff_ffff;
        if fmt < 3 {
            out.extend(be(time.min(0xff_ffff), 3));
            out.extend(&rest[..[8, 4, 0][usize::from(fmt)]]);
        }
        if if fmt < 3 { escaped } else { repeats } {
            out.extend(be(time, 4));
        }
        (out, repeats)
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn chunk_headers((header, repeats) in chunk_header()) {
        for end in 0..=header.len() {
            let cut = &header[..end];
            let mut quiet = Reader::quiet(cut);
            let read = ChunkHeader::read(&mut quiet, |_, _| repeats);
            let used = quiet.at();
            let mut reader = Reader::new(cut, Tree::new());
            let told = ChunkHeader::read(&mut reader, |_, _| repeats);
            prop_assert_eq!(read, told);
            let tree = reader.finish(told.map(drop));
            prop_assert_eq!(tree.tiles(end), Ok(()), "{:02x?}", cut);
            prop_assert_eq!(read.is_ok(), end == header.len(), "{:02x?} of {:02x?}", cut, header);
            prop_assert!(end < header.len() || used == end);
        }
    }

    #[test]
    fn protocol_control(ty in prop_oneof![Just(1u8), Just(2), Just(3), Just(5)], value in 1..=0x7fff_ffffu32, change in change()) {
        healthy(MessageType(ty), &be(value, 4), change)?;
    }

    #[test]
    fn set_peer_bandwidth(value: u32, limit in 0..3u8, change in change()) {
        healthy(MessageType(6), &[be(value, 4), vec![limit]].concat(), change)?;
    }

    /// Every event with the size that it has in its description, and with any other.
    #[test]
    fn user_control(code in prop_oneof![0..48u16, any::<u16>()], body in bytes(0..14), change in change()) {
        laws(MessageType(4), &[&code.to_be_bytes()[..], &body].concat(), change)?;
    }

    #[test]
    fn user_control_as_described(code in prop_oneof![Just(0u16), Just(1), Just(2), Just(4), Just(6), Just(7)], stream: u32, change in change()) {
        healthy(MessageType(4), &[&code.to_be_bytes()[..], &be(stream, 4)].concat(), change)?;
    }

    /// Any type with any bytes.
    #[test]
    fn anything(ty: u8, body in bytes(0..120), change in change()) {
        laws(MessageType(ty), &body, change)?;
    }
}
