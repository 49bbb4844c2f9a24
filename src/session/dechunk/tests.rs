use super::*;
use crate::record::Level;
use crate::time::Time;
use crate::wire::chunk::{BasicHeader, EXTENDED};

const AUDIO: u8 = 8;
const VIDEO: u8 = 9;
const DATA: u8 = 18;

/// What came out, told in short.
#[derive(Clone, Debug, PartialEq)]
enum Told {
    /// csid, fmt, type, timestamp, length, chunks, body, bytes that arrived of an incomplete one.
    Message(u32, u8, u8, u64, u32, u32, Vec<u8>, Option<u32>),
    Finding(&'static str, u64),
    Lost(u64),
    Found(u64, u64),
}

struct Wire {
    bytes: Vec<u8>,
}

/// The explicit fields of a header.
#[derive(Clone, Copy)]
struct Header {
    time: u32,
    length: u32,
    kind: u8,
    stream: u32,
}

fn header(time: u32, length: u32, kind: u8) -> Header {
    Header { time, length, kind, stream: 1 }
}

impl Wire {
    fn new() -> Wire {
        Wire { bytes: Vec::new() }
    }

    /// A chunk whose header is written as the specification says.
    fn chunk(self, fmt: u8, csid: u32, h: Header, payload: &[u8]) -> Wire {
        self.odd_chunk(fmt, csid, h, h.time >= EXTENDED, payload)
    }

    fn odd_chunk(mut self, fmt: u8, csid: u32, h: Header, extended: bool, payload: &[u8]) -> Wire {
        let header = ChunkHeader {
            basic: BasicHeader { fmt, csid, size: 0 },
            timestamp: Some(h.time),
            length: Some(h.length),
            message_type: Some(MessageType(h.kind)),
            stream_id: Some(h.stream),
            extended,
        };
        header.write(&mut self.bytes);
        self.bytes.extend(payload);
        self
    }

    /// A chunk that goes on with the message of its chunk stream, or begins one like the last.
    fn more(self, csid: u32, payload: &[u8]) -> Wire {
        self.odd_chunk(3, csid, header(0, 0, 0), false, payload)
    }

    fn control(self, kind: u8, value: u32) -> Wire {
        self.chunk(0, 2, Header { time: 0, length: 4, kind, stream: 0 }, &value.to_be_bytes())
    }

    /// What comes out, which must not depend on how the bytes are cut, nor on whether chunks are described: those that are
    /// not go a shorter way.
    fn told_with(&self, limits: Limits) -> Vec<Told> {
        let whole = told(&self.bytes, self.bytes.len().max(1), limits);
        let bodies = Want { media: MediaBody::Whole, origin: false };
        for size in [1, 128, 129, 130, 400, 1448, self.bytes.len().max(1)] {
            let short: Vec<Told> = events(&self.bytes, size, bodies, limits).iter().map(tell).collect();
            assert_eq!(short, whole, "the shorter way, in pieces of {size}");
        }
        for size in 1..self.bytes.len().min(40) {
            assert_eq!(told(&self.bytes, size, limits), whole, "in pieces of {size}");
        }
        whole
    }

    fn told(&self) -> Vec<Told> {
        self.told_with(Limits::default())
    }
}

fn outline(m: &Assembled) -> Told {
    let h = &m.head;
    let body = m.body.bytes().to_vec();
    Told::Message(h.csid, h.fmt, h.message_type.0, h.unwrapped, h.length, m.chunks, body, m.partial)
}

fn events(bytes: &[u8], size: usize, want: Want, limits: Limits) -> Vec<Event> {
    let mut dechunker = Dechunker::new(0, want, &limits);
    let mut found = Vec::new();
    for (n, piece) in bytes.chunks(size).enumerate() {
        let stamp = Stamp { packet: n as u64 + 1, time: Time(n as i64), frame_offset: 0 };
        let mut input = piece;
        dechunker.note(stamp, piece.len());
        if !dechunker.passes(&mut input, stamp) {
            found.extend(std::iter::from_fn(|| dechunker.poll(&mut input, stamp)));
        }
        assert!(input.is_empty(), "all bytes are taken");
    }
    found.extend(dechunker.stop().into_iter().map(Event::Message));
    found
}

fn told(bytes: &[u8], size: usize, limits: Limits) -> Vec<Told> {
    events(bytes, size, Want::ALL, limits).iter().map(tell).collect()
}

fn tell(event: &Event) -> Told {
    match event {
        Event::Message(m) => outline(m),
        Event::Finding(rule, at, _) => Told::Finding(rule.id, *at),
        Event::Lost(at) => Told::Lost(*at),
        Event::Gap(found) => Told::Found(found.lost_at, found.skipped),
    }
}

fn message(csid: u32, fmt: u8, kind: u8, time: u64, chunks: u32, body: &[u8]) -> Told {
    Told::Message(csid, fmt, kind, time, body.len() as u32, chunks, body.to_vec(), None)
}

fn bytes(len: usize) -> Vec<u8> {
    (0..len).map(|n| n as u8).collect()
}

#[test]
fn chunks_of_two_messages_interleave() {
    let (a, b) = (bytes(300), vec![7; 200]);
    let wire =
        Wire::new().chunk(0, 4, header(10, 300, VIDEO), &a[..128]).chunk(0, 5, header(20, 200, AUDIO), &b[..128]);
    let wire = wire.more(4, &a[128..256]).more(5, &b[128..]).more(4, &a[256..]);
    assert_eq!(wire.told(), [message(5, 0, AUDIO, 20, 2, &b), message(4, 0, VIDEO, 10, 3, &a)]);
}

#[test]
fn all_forms_of_chunk_stream_ids() {
    for csid in [2, 3, 63, 64, 319, 320, 65_599] {
        assert_eq!(
            Wire::new().chunk(0, csid, header(1, 2, AUDIO), b"ab").told(),
            [message(csid, 0, AUDIO, 1, 1, b"ab")]
        );
    }
}

#[test]
fn the_chunk_size_changes_in_the_middle_of_a_message() {
    let a = bytes(300);
    let wire = Wire::new().chunk(0, 4, header(0, 300, VIDEO), &a[..128]).control(1, 100).more(4, &a[128..228]);
    let wire = wire.control(1, 4096).more(4, &a[228..]);
    let size = |value: u32| message(2, 0, 1, 0, 1, &value.to_be_bytes());
    assert_eq!(wire.told(), [size(100), size(4096), message(4, 0, VIDEO, 0, 3, &a)]);
}

#[test]
fn a_chunk_size_that_is_not_allowed_changes_nothing() {
    let a = bytes(200);
    for value in [0, 0x8000_0000, 0xffff_ffff] {
        let wire = Wire::new().control(1, value).chunk(0, 4, header(0, 200, VIDEO), &a[..128]).more(4, &a[128..]);
        let expected = [
            Told::Finding("chunk.size_illegal", 0),
            message(2, 0, 1, 0, 1, &value.to_be_bytes()),
            message(4, 0, VIDEO, 0, 2, &a),
        ];
        assert_eq!(sorted(wire.told()), sorted(expected.to_vec()), "{value:#x}");
    }
    let short = Wire::new().chunk(0, 2, Header { time: 0, length: 3, kind: 1, stream: 0 }, &[0, 0, 1]);
    let told = short.chunk(0, 4, header(0, 200, VIDEO), &a[..128]).more(4, &a[128..]).told();
    assert!(told.contains(&Told::Finding("chunk.size_illegal", 0)) && told.contains(&message(4, 0, VIDEO, 0, 2, &a)));
}

/// A finding comes out before or after the message that it is about.
fn sorted(mut told: Vec<Told>) -> Vec<Told> {
    told.sort_by_key(|told| matches!(told, Told::Message(..)));
    told
}

#[test]
fn the_smallest_and_the_largest_chunk_size() {
    let wire = Wire::new().control(1, 1).chunk(0, 4, header(0, 3, AUDIO), b"a").more(4, b"b").more(4, b"c");
    let told = wire.told();
    assert!(told.contains(&Told::Finding("chunk.size_tiny", 0)));
    assert_eq!(told.last(), Some(&message(4, 0, AUDIO, 0, 3, b"abc")));
    let a = bytes(70_000);
    let mut dechunker = Dechunker::new(0, Want::ALL, &Limits::default());
    let wire = Wire::new().control(1, 0x7fff_ffff).chunk(0, 4, header(0, 70_000, VIDEO), &a);
    let mut input = &wire.bytes[..];
    while dechunker.poll(&mut input, Stamp::default()).is_some() {}
    assert_eq!((dechunker.chunk_size(), dechunker.offset()), (LARGEST_CHUNK, wire.bytes.len() as u64));
}

#[test]
fn an_abort_drops_the_message_that_it_names() {
    let (a, b) = (bytes(300), bytes(200));
    let wire = Wire::new().chunk(0, 4, header(5, 300, VIDEO), &a[..128]).chunk(0, 5, header(6, 200, AUDIO), &b[..128]);
    let wire = wire.control(2, 4).more(5, &b[128..]).more(4, &a[..128]).more(4, &a[128..256]).more(4, &a[256..]);
    let expected = [
        Told::Message(4, 0, VIDEO, 5, 300, 1, a[..128].to_vec(), Some(128)),
        message(2, 0, 2, 0, 1, &4u32.to_be_bytes()),
        message(5, 0, AUDIO, 6, 2, &b),
        // What follows on the chunk stream is a new message; its delta is the timestamp of the fmt 0 header.
        message(4, 3, VIDEO, 10, 3, &a),
    ];
    assert_eq!(wire.told(), expected);
}

#[test]
fn an_abort_of_nothing_is_only_a_message() {
    for csid in [2, 4, 99, 0xffff_ffff] {
        assert_eq!(Wire::new().control(2, csid).told(), [message(2, 0, 2, 0, 1, &csid.to_be_bytes())]);
    }
}

#[test]
fn fmt_3_begins_a_message_like_the_last_one() {
    let wire = Wire::new().chunk(0, 4, header(1000, 2, AUDIO), b"ab").more(4, b"cd");
    let wire =
        wire.chunk(1, 4, header(20, 2, VIDEO), b"ef").more(4, b"gh").chunk(2, 4, header(7, 0, 0), b"ij").more(4, b"kl");
    let expected = [
        message(4, 0, AUDIO, 1000, 1, b"ab"),
        // The specification: after fmt 0 the timestamp itself is the delta.
        message(4, 3, AUDIO, 2000, 1, b"cd"),
        message(4, 1, VIDEO, 2020, 1, b"ef"),
        message(4, 3, VIDEO, 2040, 1, b"gh"),
        message(4, 2, VIDEO, 2047, 1, b"ij"),
        message(4, 3, VIDEO, 2054, 1, b"kl"),
    ];
    assert_eq!(wire.told(), expected);
}

#[test]
fn extended_timestamps_repeated_on_fmt_3() {
    let a = bytes(300);
    for time in [EXTENDED, EXTENDED + 1, 0xffff_ffff] {
        let h = header(time, 300, VIDEO);
        let wire = Wire::new().chunk(0, 4, h, &a[..128]).chunk(3, 4, h, &a[128..256]).chunk(3, 4, h, &a[256..]);
        assert_eq!(wire.told(), [message(4, 0, VIDEO, time.into(), 3, &a)], "{time:#x}");
    }
    let largest = EXTENDED - 1;
    let wire = Wire::new().chunk(0, 4, header(largest, 300, VIDEO), &a[..128]).more(4, &a[128..256]).more(4, &a[256..]);
    assert_eq!(wire.told(), [message(4, 0, VIDEO, largest.into(), 3, &a)]);
}

#[test]
fn extended_timestamps_left_out_on_fmt_3() {
    let a = bytes(300);
    let wire = Wire::new().chunk(0, 4, header(EXTENDED + 5, 300, VIDEO), &a[..128]);
    let told = wire.more(4, &a[128..256]).more(4, &a[256..]).told();
    let expected = [Told::Finding("chunk.extended_omitted", 144), message(4, 0, VIDEO, u64::from(EXTENDED) + 5, 3, &a)];
    assert_eq!(told, expected);
}

#[test]
fn extended_timestamps_written_as_zero_on_fmt_3() {
    let a = bytes(300);
    let zero = header(0, 0, 0);
    let wire = Wire::new().chunk(0, 4, header(EXTENDED + 5, 300, VIDEO), &a[..128]);
    let told = wire.odd_chunk(3, 4, zero, true, &a[128..256]).odd_chunk(3, 4, zero, true, &a[256..]).told();
    assert_eq!(told.last(), Some(&message(4, 0, VIDEO, u64::from(EXTENDED) + 5, 3, &a)));
    assert!(told[..2].iter().all(|t| matches!(t, Told::Finding("chunk.extended_differs", _))), "{told:?}");
}

/// The payload begins with what may as well be the repeated field; four bytes are too few to wait for.
#[test]
fn a_short_end_behind_a_header_that_leaves_the_field_out() {
    let a = bytes(130);
    let wire = Wire::new().chunk(0, 4, header(EXTENDED, 130, VIDEO), &a[..128]).more(4, &a[128..]);
    let told = wire.told();
    assert_eq!(told.last(), Some(&message(4, 0, VIDEO, EXTENDED.into(), 2, &a)), "nothing follows, yet it is complete");
    let told = wire.control(3, 9).told();
    assert!(told.contains(&message(4, 0, VIDEO, EXTENDED.into(), 2, &a)), "{told:?}");
}

#[test]
fn an_extended_delta() {
    let wire = Wire::new().chunk(0, 4, header(5, 1, AUDIO), b"a").chunk(1, 4, header(EXTENDED + 1, 1, AUDIO), b"b");
    let wire = wire.chunk(3, 4, header(EXTENDED + 1, 0, 0), b"c");
    let delta = u64::from(EXTENDED) + 1;
    let expected = [
        message(4, 0, AUDIO, 5, 1, b"a"),
        message(4, 1, AUDIO, 5 + delta, 1, b"b"),
        message(4, 3, AUDIO, 5 + 2 * delta, 1, b"c"),
    ];
    assert_eq!(wire.told(), expected);
}

#[test]
fn timestamps_wrap_at_2_to_the_32() {
    let last = 0xffff_fff0;
    let wire = Wire::new().chunk(0, 4, header(last, 1, AUDIO), b"a").chunk(1, 4, header(0x20, 1, AUDIO), b"b");
    let wire = wire.chunk(0, 4, header(0x30, 1, AUDIO), b"c").chunk(0, 4, header(0x20, 1, AUDIO), b"d");
    let wrapped = 1 << 32;
    let expected = [
        message(4, 0, AUDIO, last.into(), 1, b"a"),
        message(4, 1, AUDIO, wrapped + 0x10, 1, b"b"),
        message(4, 0, AUDIO, wrapped + 0x30, 1, b"c"),
        // A step back is no wrap.
        message(4, 0, AUDIO, wrapped + 0x20, 1, b"d"),
    ];
    assert_eq!(wire.told(), expected);
}

#[test]
fn a_fresh_chunk_stream_with_a_short_header() {
    let told = Wire::new().chunk(1, 4, header(30, 2, AUDIO), b"ab").told();
    assert_eq!(told, [Told::Finding("chunk.fresh_stream", 0), message(4, 1, AUDIO, 30, 1, b"ab")][..].to_vec());
    // A header of fmt 2 or 3 says nothing of type and length: there is nothing to decode.
    assert_eq!(Wire::new().chunk(2, 4, header(30, 2, AUDIO), b"ab").told(), [Told::Lost(0)]);
    assert_eq!(Wire::new().control(3, 1).more(4, b"abcd").told()[1..], [Told::Lost(16)]);
}

#[test]
fn headers_that_nobody_writes_end_the_decoding() {
    let strange = Header { time: 0, length: 2, kind: AUDIO, stream: 0x0102_0304 };
    let told = Wire::new().chunk(0, 4, strange, b"ab").chunk(0, 4, header(0, 2, AUDIO), b"cd").told();
    assert_eq!(told, [Told::Lost(0)]);
    // Some write the stream id in the wrong byte order, and types unknown to us may come.
    let swapped = Header { stream: 1 << 24, ..strange };
    assert_eq!(Wire::new().chunk(0, 4, swapped, b"ab").told(), [message(4, 0, AUDIO, 0, 1, b"ab")]);
    assert_eq!(Wire::new().chunk(0, 4, header(0, 2, 99), b"ab").told(), [message(4, 0, 99, 0, 1, b"ab")]);
}

/// Foreign bytes fill up the message in which they stand, and no header follows them.
#[test]
fn a_message_in_a_new_format_waits_for_the_header_behind_it() {
    let aac = header(0, 3, AUDIO);
    let wire = || Wire::new().chunk(0, 4, aac, &[0xaf, 1, 2]).chunk(1, 4, header(20, 3, AUDIO), &[0x2f, 5, 6]);
    let first = message(4, 0, AUDIO, 0, 1, &[0xaf, 1, 2]);
    let second = message(4, 1, AUDIO, 20, 1, &[0x2f, 5, 6]);
    let third = message(6, 0, VIDEO, 0, 1, b"\x27");
    // A publisher may change its codec; nothing is lost, and the order stays.
    let changed = wire().chunk(0, 6, header(0, 1, VIDEO), b"\x27");
    assert_eq!(changed.told(), [first.clone(), second.clone(), third]);
    assert_eq!(wire().told(), [first.clone(), second], "nothing behind it says otherwise");
    let mut foreign = wire();
    foreign.bytes.extend([0x7f; 12]);
    assert_eq!(foreign.told(), [first, Told::Lost(26)]);
}

#[test]
fn a_header_replaces_a_message_that_is_not_complete() {
    let a = bytes(300);
    let wire = Wire::new().chunk(0, 4, header(5, 300, VIDEO), &a[..128]).chunk(0, 4, header(6, 2, VIDEO), b"ab");
    let cut = Told::Message(4, 0, VIDEO, 5, 300, 1, a[..128].to_vec(), Some(128));
    let told = wire.told();
    assert_eq!(sorted(told), [Told::Finding("chunk.unfinished", 140), cut.clone(), message(4, 0, VIDEO, 6, 1, b"ab")]);
    // The new one may be empty: both are complete with its header.
    let wire = Wire::new().chunk(0, 4, header(5, 300, VIDEO), &a[..128]).chunk(0, 4, header(6, 0, AUDIO), b"");
    assert_eq!(sorted(wire.told()), [Told::Finding("chunk.unfinished", 140), cut, message(4, 0, AUDIO, 6, 1, b"")]);
}

#[test]
fn empty_messages_are_complete_with_their_header() {
    let wire = Wire::new().chunk(0, 4, header(5, 0, AUDIO), b"").more(4, b"").chunk(0, 6, header(6, 1, DATA), b"x");
    let expected = [message(4, 0, AUDIO, 5, 1, b""), message(4, 3, AUDIO, 10, 1, b""), message(6, 0, DATA, 6, 1, b"x")];
    assert_eq!(wire.told(), expected);
}

#[test]
fn what_is_not_complete_at_the_end_is_told_oldest_first() {
    let a = bytes(128);
    let wire = Wire::new().chunk(0, 70, header(1, 300, VIDEO), &a).chunk(0, 5, header(2, 200, AUDIO), &a[..50]);
    let expected = [
        Told::Message(70, 0, VIDEO, 1, 300, 1, a.clone(), Some(128)),
        Told::Message(5, 0, AUDIO, 2, 200, 1, a[..50].to_vec(), Some(50)),
    ];
    assert_eq!(wire.told(), expected);
}

mod gaps;
mod limits;
mod runs;
