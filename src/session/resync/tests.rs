use super::*;
use crate::wire::chunk::{BasicHeader, Chunker};

/// Nothing is known before.
fn strange(bytes: &[u8]) -> Judgement {
    let streams = Streams::new(0);
    judge(bytes, &Known { streams: &streams, chunk_size: None, repeats: false, ended: false })
}

/// A publisher's stream: audio and video messages in chunks of `size`.
fn stream(size: usize, messages: usize) -> Vec<u8> {
    let chunker = Chunker { chunk_size: size, repeat_extended: true };
    let mut out = Vec::new();
    for n in 0..messages {
        let time = n as u32 * 20;
        let (csid, kind, length) =
            if n % 3 == 0 { (6, MessageType::VIDEO, 700 + n) } else { (4, MessageType::AUDIO, 180 + n) };
        let body: Vec<u8> = (0..length).map(|i| (i * 7 + n) as u8).collect();
        chunker.write(csid, time, kind, 1, &body, &mut out);
    }
    out
}

#[test]
fn a_stream_is_recognised_at_its_first_header_with_its_chunk_size() {
    for size in [128, 256, 512] {
        let bytes = stream(size, 6);
        let Judgement::Sync { chunk_size, bits, .. } = strange(&bytes) else { panic!("chunks of {size}") };
        assert_eq!(chunk_size as usize, size);
        assert!(bits >= ENOUGH);
    }
}

#[test]
fn no_offset_inside_of_a_message_is_taken_for_a_header() {
    let bytes = stream(128, 12);
    // Where chunks really begin: after each header and payload.
    let mut begins = vec![0];
    let (mut at, mut left) = (0, [0usize; 8]);
    while at < bytes.len() {
        let mut r = Reader::quiet(&bytes[at..]);
        let header = ChunkHeader::read(&mut r, |_, _| false).unwrap();
        let owed = &mut left[header.basic.csid as usize];
        if let Some(length) = header.length {
            *owed = length as usize;
        }
        let payload = (*owed).min(128);
        *owed -= payload;
        at += r.at() + payload;
        begins.push(at);
    }
    for at in 0..bytes.len() - 1500 {
        if let Judgement::Sync { .. } = strange(&bytes[at..]) {
            assert!(begins.contains(&at), "{at} is no header");
        }
    }
}

#[test]
fn too_few_bytes_are_no_proof() {
    let bytes = stream(128, 6);
    for cut in 0..300 {
        assert!(!matches!(strange(&bytes[..cut]), Judgement::Sync { .. }), "{cut} bytes");
    }
}

#[test]
fn noise_is_never_believed() {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let noise: Vec<u8> = (0..200_000)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        })
        .collect();
    assert!(!holds_chunks(&noise, true));
    assert!(!holds_chunks(&[0; 10_000], true));
    assert!(!holds_chunks(&[4; 10_000], true));
}

#[test]
fn a_chain_may_go_over_messages_without_length() {
    let chunker = Chunker { chunk_size: 4096, repeat_extended: true };
    let mut bytes = Vec::new();
    for n in 0..4u32 {
        chunker.write(6, 40 * n, MessageType::VIDEO, 1, &[7; 300], &mut bytes);
        chunker.write(4, 40 * n, MessageType::AUDIO, 1, &[8; 71], &mut bytes);
        BasicHeader { fmt: 3, csid: 4, size: 1 }.write(&mut bytes);
        bytes.extend([8; 71]);
    }
    assert!(matches!(strange(&bytes), Judgement::Sync { .. }));
}
