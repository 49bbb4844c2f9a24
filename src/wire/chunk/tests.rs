use super::*;
use crate::field::Tree;

fn header(bytes: &[u8], repeats: bool) -> ChunkHeader {
    ChunkHeader::read(&mut Reader::quiet(bytes), |_, _| repeats).unwrap()
}

#[test]
fn basic_headers_in_one_two_and_three_bytes() {
    for (bytes, fmt, csid, size) in [
        (&[0x02][..], 0, 2, 1),
        (&[0x3f], 0, 63, 1),
        (&[0x00, 0x00], 0, 64, 2),
        (&[0x00, 0xff], 0, 319, 2),
        (&[0x01, 0x00, 0x01], 0, 320, 3),
        (&[0xc1, 0x2d, 0x01], 3, 365, 3),
        (&[0x01, 0xff, 0xff], 0, 65_599, 3),
        (&[0x01, 0x00, 0x00], 0, 64, 3),
    ] {
        let basic = BasicHeader::read(&mut Reader::quiet(bytes)).unwrap();
        assert_eq!(basic, BasicHeader { fmt, csid, size });
        let mut out = Vec::new();
        basic.write(&mut out);
        assert_eq!(out, bytes);
    }
}

#[test]
fn the_four_forms() {
    let full = header(&[0x04, 0, 3, 0xe8, 0, 0, 0x0a, 8, 1, 0, 0, 0], false);
    assert_eq!((full.timestamp, full.length, full.stream_id), (Some(1000), Some(10), Some(1)));
    assert_eq!(full.message_type, Some(MessageType::AUDIO));
    let delta = header(&[0x44, 0, 0, 0x17, 0, 0, 0x0a, 8], false);
    assert_eq!((delta.timestamp, delta.length, delta.stream_id), (Some(23), Some(10), None));
    assert_eq!(header(&[0x84, 0, 0, 0x17], false).timestamp, Some(23));
    assert_eq!(header(&[0xc4], false).timestamp, None);
}

#[test]
fn extended_timestamps_also_on_a_continuation() {
    let bytes = [0x06, 0xff, 0xff, 0xff, 0, 0, 0xc8, 9, 1, 0, 0, 0, 1, 0, 0, 0];
    let full = header(&bytes, false);
    assert_eq!((full.timestamp, full.extended), (Some(0x0100_0000), true));
    let next = header(&[0xc6, 1, 0, 0, 0], true);
    assert_eq!((next.timestamp, next.extended), (Some(0x0100_0000), true));
    let tree = Tree::explain(&bytes, |r| ChunkHeader::read(r, |_, _| false).map(drop));
    let names: Vec<_> = tree.leaves().map(|n| n.field.name).collect();
    assert_eq!(
        names,
        ["fmt", "csid", "timestamp", "message_length", "message_type", "message_stream_id", "extended_timestamp"]
    );
}

#[test]
fn written_headers_read_back() {
    for fmt in 0..4 {
        for csid in [2, 63, 64, 319, 320, 65_599] {
            for time in [0, 40, EXTENDED, 0xffff_fffe] {
                let extended = time >= EXTENDED;
                let size = 1 + u8::from(csid > 63) + u8::from(csid > 319);
                let wrote = ChunkHeader {
                    basic: BasicHeader { fmt, csid, size },
                    timestamp: (fmt < 3 || extended).then_some(time),
                    length: (fmt < 2).then_some(77),
                    message_type: (fmt < 2).then_some(MessageType::VIDEO),
                    stream_id: (fmt == 0).then_some(1),
                    extended,
                };
                let mut bytes = Vec::new();
                wrote.write(&mut bytes);
                assert_eq!(header(&bytes, extended), wrote);
                for cut in 0..bytes.len() {
                    let mut r = Reader::quiet(&bytes[..cut]);
                    assert!(ChunkHeader::read(&mut r, |_, _| extended).is_err());
                }
            }
        }
    }
}

#[test]
fn a_message_becomes_chunks() {
    let mut out = Vec::new();
    Chunker::default().write(6, 0x0100_0000, MessageType::VIDEO, 1, &[7; 200], &mut out);
    assert_eq!(out.len(), 16 + 128 + 5 + 72);
    assert_eq!(out[16 + 128..][..5], [0xc6, 1, 0, 0, 0]);
}
