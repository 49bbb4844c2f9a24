//! Chunks that go on with a message, and what is not one of them.

use super::*;

#[test]
fn long_runs_of_chunks_end_where_another_chunk_stream_goes_on() {
    let (sound, picture) = (bytes(128 * 9 + 5), bytes(128 * 12 + 1));
    let mut wire = Wire::new().chunk(0, 4, header(40, sound.len() as u32, AUDIO), &sound[..128]).chunk(
        0,
        6,
        header(40, picture.len() as u32, VIDEO),
        &picture[..128],
    );
    let (mut of_sound, mut of_picture) = (sound[128..].chunks(128), picture[128..].chunks(128));
    // Runs of three and two in turn, until both are through.
    for _ in 0..5 {
        wire = of_sound.by_ref().take(3).fold(wire, |wire, part| wire.more(4, part));
        wire = of_picture.by_ref().take(2).fold(wire, |wire, part| wire.more(6, part));
    }
    wire = of_picture.fold(wire, |wire, part| wire.more(6, part));
    let expected = [message(4, 0, AUDIO, 40, 10, &sound), message(6, 0, VIDEO, 40, 13, &picture)];
    assert_eq!(wire.told(), expected);
}

/// The message comes out where it was, not behind the one that the chunk goes on with.
#[test]
fn a_chunk_that_goes_on_confirms_a_message_in_a_new_format() {
    let sound = bytes(300);
    let wire =
        Wire::new().chunk(0, 6, header(0, 2, VIDEO), b"\x17\x01").chunk(0, 4, header(10, 300, AUDIO), &sound[..128]);
    let wire = wire.chunk(0, 6, header(20, 2, VIDEO), b"\x12\x01").more(4, &sound[128..256]).more(4, &sound[256..]);
    let pictures = [message(6, 0, VIDEO, 0, 1, b"\x17\x01"), message(6, 0, VIDEO, 20, 1, b"\x12\x01")];
    assert_eq!(wire.told(), [&pictures[..], &[message(4, 0, AUDIO, 10, 3, &sound)]].concat());
}

/// Its bytes look like headers that go on with the other message.
#[test]
fn a_header_in_pieces_is_no_chunk_that_goes_on() {
    let (sound, picture) = (bytes(300), vec![0xc4; 30]);
    let wire = Wire::new().chunk(0, 4, header(0, 300, AUDIO), &sound[..128]);
    let wire =
        wire.chunk(0, 6, header(0xc4_c4c4, 30, VIDEO), &picture).more(4, &sound[128..256]).more(4, &sound[256..]);
    assert_eq!(wire.told(), [message(6, 0, VIDEO, 0xc4_c4c4, 1, &picture), message(4, 0, AUDIO, 0, 3, &sound)]);
}
