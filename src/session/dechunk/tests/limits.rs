//! What is kept of messages, and what is not.

use super::*;

#[test]
fn a_body_is_kept_up_to_the_limit() {
    let a = bytes(101);
    for (len, kept) in [(99, 99), (100, 100), (101, 100)] {
        let limits = Limits { message_bytes: 100, ..Limits::default() };
        let wire =
            Wire::new().chunk(0, 4, header(0, len, DATA), &a[..len as usize]).chunk(0, 4, header(0, 1, DATA), b"x");
        let first = Told::Message(4, 0, DATA, 0, len, 1, a[..kept].to_vec(), None);
        assert_eq!(wire.told_with(limits), [first, message(4, 0, DATA, 0, 1, b"x")]);
    }
}

#[test]
fn open_messages_share_a_limit() {
    let limits = Limits { open_bytes: 100, ..Limits::default() };
    let a = bytes(128);
    let (first, second) = (header(0, 130, DATA), header(0, 60, DATA));
    let wire = Wire::new().chunk(0, 4, first, &a).chunk(0, 5, second, &a[..60]).more(4, &a[..2]);
    let wire = wire.chunk(0, 5, second, &a[..60]);
    let expected = [
        // Nothing is left of the limit while the first message holds all of it.
        Told::Message(5, 0, DATA, 0, 60, 1, Vec::new(), None),
        Told::Message(4, 0, DATA, 0, 130, 2, a[..100].to_vec(), None),
        message(5, 0, DATA, 0, 1, &a[..60]),
    ];
    assert_eq!(wire.told_with(limits), expected);
}

/// What does not fit is missing, and never taken for what tells all.
#[test]
fn bodies_kept_for_their_units_share_the_limit() {
    let units = Want { media: MediaBody::Units, origin: false };
    // Two units: the first bytes do not tell the second.
    let body = [&[0x27, 1, 0, 0, 0, 0, 0, 0, 1, 0x41][..], &[0x55; 110]].concat();
    for (most, kept) in [(0, 0), (40, 40), (63, 63), (64, 64), (65, 65), (120, 120)] {
        let limits = Limits { open_bytes: most, ..Limits::default() };
        let wire = Wire::new().chunk(0, 6, header(0, 120, VIDEO), &body);
        for size in [1, 7, 64, 200] {
            let events = events(&wire.bytes, size, units, limits);
            let [Event::Message(message)] = &events[..] else { panic!("{events:?}") };
            assert!(
                matches!(&message.body, Body::Kept(bytes) if bytes[..] == body[..kept]),
                "{most}, in pieces of {size}"
            );
        }
    }
}

#[test]
fn the_chunk_stream_idle_longest_is_forgotten() {
    let limits = Limits { chunk_streams: 2, ..Limits::default() };
    let two = Wire::new().chunk(0, 64, header(1, 200, VIDEO), &bytes(128)).chunk(0, 65, header(2, 1, AUDIO), b"a");
    let rest = &bytes(200)[128..];
    let kept = Wire { bytes: two.bytes.clone() }.more(64, rest).told_with(limits);
    assert_eq!(kept, [message(65, 0, AUDIO, 2, 1, b"a"), message(64, 0, VIDEO, 1, 2, &bytes(200))]);
    let told = sorted(two.chunk(0, 66, header(3, 1, AUDIO), b"b").told_with(limits));
    let expected = [
        Told::Finding("limit.chunk_streams", 155),
        message(65, 0, AUDIO, 2, 1, b"a"),
        Told::Message(64, 0, VIDEO, 1, 200, 1, bytes(128), Some(128)),
        message(66, 0, AUDIO, 3, 1, b"b"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn so_many_chunks_are_described_and_all_are_counted() {
    for most in [3, 2] {
        let limits = Limits { chunks_described: most, ..Limits::default() };
        let wire = Wire::new().chunk(0, 4, header(0, 300, DATA), &bytes(128)).more(4, &bytes(128)).more(4, &bytes(44));
        let found = events(&wire.bytes, 50, Want::ALL, limits);
        let [Event::Message(m)] = &found[..] else { panic!("{found:?}") };
        let lengths: Vec<u32> = m.parts.iter().map(|part| part.payload_len).collect();
        assert_eq!(lengths, [128, 128, 44][..most]);
        assert_eq!((m.chunks, m.span, m.body.bytes().len()), (3, (0, wire.bytes.len() as u64), 300));
    }
}

#[test]
fn so_many_packets_are_remembered() {
    let wire = Wire::new().chunk(0, 4, header(0, 108, DATA), &bytes(108));
    for (most, first) in [(12, 1), (11, 2)] {
        let limits = Limits { carriers: most, ..Limits::default() };
        let found = events(&wire.bytes, 10, Want::ALL, limits);
        let [Event::Message(m)] = &found[..] else { panic!("{found:?}") };
        let packets: Vec<u64> = m.carriers.iter().map(|carrier| carrier.packet).collect();
        assert_eq!(packets, (first..=12).collect::<Vec<u64>>());
        assert_eq!((m.first.packet, m.last.packet), (1, 12), "the ends are known all the same");
    }
}

#[test]
fn media_payload_is_counted_not_kept_unless_wanted() {
    let wire =
        Wire::new().chunk(0, 4, header(0, 100, VIDEO), &bytes(100)).chunk(0, 5, header(0, 100, DATA), &bytes(100));
    let kept: Vec<usize> = events(&wire.bytes, 7, Want::LITTLE, Limits::default())
        .iter()
        .map(|event| match event {
            Event::Message(m) => m.body.bytes().len(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(kept, [Body::HEAD, 100]);
}

#[test]
fn rules_have_levels() {
    assert_eq!((rules::UNFINISHED.level, rules::FRESH_STREAM.level), (Level::Error, Level::Warning));
}
