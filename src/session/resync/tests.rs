use super::*;
use crate::field::Reader;
use crate::stream::{Loss, Stamp};
use crate::wire::chunk::{BasicHeader, Chunker, LONGEST_HEADER};

fn known<'a>(streams: &'a Streams, sizes: &'a [u32]) -> Known<'a> {
    Known { streams, sizes, repeats: false, longest: 4 << 20 }
}

/// What a search finds that knows nothing, in pieces of `size` bytes.
fn found(bytes: &[u8], size: usize, ended: bool) -> Option<Place> {
    let streams = Streams::new(0);
    let known = known(&streams, &USUAL_SIZES);
    let mut search = Search::new(0);
    for piece in bytes.chunks(size) {
        search.data(piece, Stamp::default());
        if let Some(place) = search.find(&known, false) {
            return Some(place);
        }
    }
    search.find(&known, true).filter(|_| ended)
}

/// Part of a publisher's stream: audio and video messages in chunks of `size`.
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

/// Random bytes, the same in every run. (xorshift)
fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..len).map(|_| next()).collect()
}

#[test]
fn a_stream_is_recognised_at_its_first_header_with_its_chunk_size() {
    for size in [128, 256, 512] {
        let place = found(&stream(size, 6), 4096, false).unwrap();
        assert_eq!((place.at, place.sizes), (0, vec![size as u32]));
        assert!(place.bits >= ENOUGH);
    }
}

#[test]
fn sizes_that_no_message_exceeds_fit_alike() {
    let place = found(&stream(4096, 6), 4096, false).unwrap();
    let fit: Vec<u32> = USUAL_SIZES.into_iter().filter(|size| *size > 700).collect();
    assert_eq!((place.at, place.sizes), (0, fit));
}

/// Where chunks begin in [`stream`].
fn headers(bytes: &[u8], size: usize) -> Vec<usize> {
    let mut begins = vec![0];
    let (mut at, mut left) = (0, [0usize; 8]);
    while at < bytes.len() {
        let mut r = Reader::quiet(&bytes[at..]);
        let header = ChunkHeader::read(&mut r, |_, _| false).unwrap();
        let owed = &mut left[header.basic.csid as usize];
        if let Some(length) = header.length {
            *owed = length as usize;
        }
        let payload = (*owed).min(size);
        *owed -= payload;
        at += r.at() + payload;
        begins.push(at);
    }
    begins
}

#[test]
fn no_offset_inside_of_a_message_is_taken_for_a_header() {
    let bytes = stream(128, 30);
    let begins = headers(&bytes, 128);
    for at in 0..bytes.len() - 4000 {
        let place = found(&bytes[at..], 1000, false).unwrap();
        assert!(begins.contains(&(at + place.at as usize)), "{at}: {} is no header", place.at);
    }
}

#[test]
fn too_few_bytes_are_no_proof() {
    let bytes = stream(128, 6);
    for cut in 0..300 {
        assert!(found(&bytes[..cut], 4096, true).is_none(), "{cut} bytes");
    }
}

/// What a player sends while it plays: each acknowledgement has a header of one byte.
#[test]
fn acknowledgements_that_no_header_names_are_found_by_their_numbers() {
    let acks = |step: fn(u32) -> u32| -> Vec<u8> {
        let message = |n| [&[0xc2][..], &(70_000 + step(n)).to_be_bytes()].concat();
        // The end of one that began before.
        [&[9, 9][..], &(0..8).flat_map(message).collect::<Vec<u8>>()].concat()
    };
    let place = found(&acks(|n| n * 2_500), 3, false).unwrap();
    let lane = (place.lanes[0].csid, place.lanes[0].kind, place.lanes[0].length);
    // The first two are not sure enough: a byte before may look like them.
    assert_eq!((place.at, lane), (12, (2, MessageType::ACKNOWLEDGEMENT, 4)));
    // Numbers that stand still, go back or jump are none.
    for step in [|_| 0, |n| 90_000 - 2_500 * n, |n| n << 25] {
        assert!(found(&acks(step), 64, true).is_none());
    }
}

#[test]
fn noise_is_never_believed() {
    for bytes in [noise(200_000), vec![0; 10_000], vec![4; 10_000], vec![0x44; 10_000], vec![0xc4; 10_000]] {
        assert!(found(&bytes, 5000, true).is_none());
    }
}

#[test]
fn a_place_does_not_depend_on_how_the_bytes_are_cut() {
    let bytes = [&noise(700)[..], &stream(128, 12)].concat();
    let whole = found(&bytes, bytes.len(), false).unwrap();
    assert_eq!(whole.at, 700);
    for size in [1, 2, 7, 100, 1448] {
        let cut = found(&bytes, size, false).unwrap();
        assert_eq!((cut.at, cut.bits, cut.proved_to), (whole.at, whole.bits, whole.proved_to), "pieces of {size}");
    }
}

/// A header in front that happens to lead to the first true one is not believed on the word of those behind it.
#[test]
fn a_true_chain_proves_nothing_about_what_leads_to_it() {
    let mut streams = Streams::new(0);
    let (past, ..) = streams.enter(4);
    (past.message_type, past.length) = (MessageType::AUDIO, 50);
    let known = known(&streams, &[4096]);
    let mut bytes = vec![0; 20];
    BasicHeader { fmt: 3, csid: 4, size: 1 }.write(&mut bytes);
    bytes.extend([0; 50]);
    let truth = bytes.len() as u64;
    bytes.extend(stream(4096, 6));
    let mut search = Search::new(0);
    search.data(&bytes, Stamp::default());
    assert_eq!(search.find(&known, false).unwrap().at, truth);
}

#[test]
fn a_chain_goes_over_missing_bytes_in_which_no_header_lies() {
    let streams = Streams::new(0);
    let known = known(&streams, &[4096]);
    let bytes = stream(4096, 6);
    // Of each message only the beginning is there, as in packets that were cut.
    let mut search = Search::new(0);
    for place in headers(&bytes, 4096).windows(2) {
        search.data(&bytes[place[0]..place[0] + 20], Stamp::default());
        search.hole((place[1] - place[0] - 20) as u64, Loss::Cut(96), Stamp::default());
    }
    let place = search.find(&known, false).unwrap();
    assert_eq!((place.at, place.missing), (0, 0));
    let waiting = search.take_from(place.at);
    assert_eq!(waiting.len(), 12, "six beginnings and six holes");
    // A hole in which a header lies ends every chain.
    let mut search = Search::new(0);
    for place in headers(&bytes, 4096).windows(2) {
        search.hole(3, Loss::Unseen, Stamp::default());
        search.data(&bytes[place[0] + 3..place[1]], Stamp::default());
    }
    assert!(search.find(&known, true).is_none());
}

/// Speech codecs make messages of one length; from the second on no header says it.
fn speech(messages: u32, first: &[u8]) -> Vec<u8> {
    let chunker = Chunker { chunk_size: 4096, repeat_extended: true };
    let mut bytes = Vec::new();
    for n in 0..messages {
        let picture = noise(800 + 90 * n as usize);
        let mut out = Vec::new();
        chunker.write(6, 40 * n, MessageType::VIDEO, 1, &picture, &mut out);
        // A header of fmt 1 instead of fmt 0.
        out[0] |= 0x40;
        out[1..4].copy_from_slice(&[0, 0, 40]);
        out.drain(8..12);
        bytes.extend(out);
        for _ in 0..2 {
            BasicHeader { fmt: 3, csid: 4, size: 1 }.write(&mut bytes);
            bytes.extend(first);
            bytes.extend(&noise(500 + n as usize)[430 + n as usize + first.len()..]);
        }
    }
    bytes
}

#[test]
fn a_length_that_no_header_says_is_found_by_trying() {
    let place = found(&speech(6, &[0xb6]), 1448, false).unwrap();
    assert!(place.lanes.contains(&chain::Lane { csid: 4, kind: MessageType::AUDIO, length: 70 }), "{:?}", place.lanes);
    assert!(place.at < 2000, "{}", place.at);
}

#[test]
fn a_type_that_the_body_does_not_tell_is_not_guessed() {
    assert!(body_type(&[0x22, 0, 0, 0, 0]).is_none(), "video, or audio of an old codec");
    assert_eq!(body_type(&[0xaf, 1]), Some(MessageType::AUDIO));
    assert_eq!(body_type(b"\x91ac-3"), Some(MessageType::AUDIO));
    assert_eq!(body_type(b"\x91hvc1"), Some(MessageType::VIDEO));
    assert!(body_type(b"\x91abcd").is_none());
    assert_eq!(body_type(b"\x02\x00\x0d@setDataFrame"), Some(MessageType::DATA));
    assert!(body_type(b"\x02\x00\x07publish").is_none());
}

/// Beside pictures it is sound, unless the sound is known.
#[test]
fn a_type_that_the_body_does_not_tell_is_told_by_the_other_chunk_streams() {
    let sound = chain::Lane { csid: 4, kind: MessageType::AUDIO, length: 70 };
    assert!(found(&speech(6, &[0x22]), 1448, false).unwrap().lanes.contains(&sound));
    let mut streams = Streams::new(0);
    streams.enter(5).0.message_type = MessageType::AUDIO;
    let known = known(&streams, &USUAL_SIZES);
    let mut search = Search::new(0);
    search.data(&speech(6, &[0x22]), Stamp::default());
    assert!(search.find(&known, true).is_none());
}

/// Pictures prove themselves sooner than a length of sound can, and the sound before them is found all the same.
#[test]
fn a_header_that_must_be_one_is_waited_for() {
    let streams = Streams::new(0);
    let known = known(&streams, &[4096]);
    let pictures = stream(4096, 30);
    let mut bytes = Vec::new();
    for n in 0..4 {
        BasicHeader { fmt: 3, csid: 5, size: 1 }.write(&mut bytes);
        bytes.push(0xb6);
        bytes.extend(noise(600)[500 - n..].iter().take(69));
        let begins = headers(&pictures, 4096);
        bytes.extend(&pictures[begins[n * 6]..begins[n * 6 + 6]]);
    }
    let mut search = Search::from_header(0, &known);
    search.data(&bytes, Stamp::default());
    let place = search.find(&known, true).unwrap();
    assert_eq!((place.at, place.lanes.len()), (0, 1), "{place:?}");
    assert_eq!(place.lanes[0], chain::Lane { csid: 5, kind: MessageType::AUDIO, length: 70 });
    // It is not waited for for ever: noise is no such header.
    let mut search = Search::from_header(0, &known);
    let mut bytes = vec![0xc5, 0xb6];
    bytes.extend(noise(300));
    let at = bytes.len() as u64;
    bytes.extend(stream(4096, 300));
    search.data(&bytes, Stamp::default());
    assert_eq!(search.find(&known, false).unwrap().at, at);
}

#[test]
fn the_window_is_as_long_as_the_longest_header() {
    let bytes = stream(128, 12);
    let place = found(&bytes, 1, false).unwrap();
    let end = (place.proved_to as usize + LONGEST_HEADER).min(bytes.len());
    assert!(found(&bytes[..end], 1, false).is_some());
}

/// Two messages of one length must not be taken for one because the header between them is missing.
#[test]
fn a_length_that_was_tried_does_not_go_over_missing_bytes() {
    let streams = Streams::new(0);
    let known = known(&streams, &USUAL_SIZES);
    // Two pictures with their sound; of the sound behind a third picture the second header is missing.
    let mut bytes = speech(3, &[0xb6]);
    bytes.truncate(bytes.len() - 71);
    let mut search = Search::new(0);
    search.data(&bytes, Stamp::default());
    assert!(search.find(&known, false).is_none());
    search.hole(71, Loss::Unseen, Stamp::default());
    search.data(&speech(6, &[0xb6]), Stamp::default());
    let place = search.find(&known, false).unwrap();
    assert!(place.lanes.iter().all(|lane| lane.csid != 4 || lane.length == 70), "{place:?}");
}
