//! Capture files made by hand, whole and damaged.

use std::io::{Cursor, Read, Write};

use proptest::prelude::*;

use super::{Capture, CaptureError, Damage, LinkType};
use crate::limits::Limits;
use crate::time::Time;

mod damaged;

/// Number, time, link type, data, original length.
type Seen = (u64, Option<i64>, u16, Vec<u8>, u32);

fn open(bytes: &[u8]) -> Result<Capture, CaptureError> {
    Capture::open(Box::new(Cursor::new(bytes.to_vec())), "test", &Limits::default())
}

fn all(capture: &mut Capture) -> Vec<Seen> {
    let mut seen = Vec::new();
    while let Some(p) = capture.next().unwrap() {
        seen.push((p.number, p.time.map(|t| t.0), p.link.0, p.data.to_vec(), p.original_len));
    }
    assert!(capture.next().unwrap().is_none(), "the end stays the end");
    seen
}

fn word(big: bool, value: u32) -> [u8; 4] {
    if big { value.to_be_bytes() } else { value.to_le_bytes() }
}

fn half(big: bool, value: u16) -> [u8; 2] {
    if big { value.to_be_bytes() } else { value.to_le_bytes() }
}

/// A pcap file with these packets, a second apart.
fn pcap(big: bool, magic: u32, packets: &[&[u8]]) -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(word(big, magic));
    file.extend(half(big, 2));
    file.extend(half(big, 4));
    for value in [0, 0, 65_535, 1] {
        file.extend(word(big, value));
    }
    for (second, packet) in (100..).zip(packets) {
        for value in [second, 7, packet.len() as u32, packet.len() as u32 + 1] {
            file.extend(word(big, value));
        }
        if magic == 0xa1b2_cd34 {
            file.extend([0; 8]);
        }
        file.extend(*packet);
    }
    file
}

fn block(big: bool, kind: u32, body: &[u8]) -> Vec<u8> {
    let len = (body.len().next_multiple_of(4) + 12) as u32;
    let mut block = [word(big, kind), word(big, len)].concat();
    block.extend(body);
    block.resize(len as usize - 4, 0);
    block.extend(word(big, len));
    block
}

fn section(big: bool) -> Vec<u8> {
    let body = [&word(big, 0x1a2b_3c4d)[..], &half(big, 1), &half(big, 0), &[0xff; 8]].concat();
    block(big, 0x0a0d_0d0a, &body)
}

fn interface(big: bool, link: u16, snaplen: u32, resolution: Option<u8>, offset: i64) -> Vec<u8> {
    let mut body = [&half(big, link)[..], &[0, 0], &word(big, snaplen)].concat();
    if let Some(resolution) = resolution {
        body.extend([&half(big, 9)[..], &half(big, 1), &[resolution, 0, 0, 0]].concat());
    }
    if offset != 0 {
        let value = if big { offset.to_be_bytes() } else { offset.to_le_bytes() };
        body.extend([&half(big, 14)[..], &half(big, 8), &value].concat());
    }
    block(big, 1, &body)
}

fn enhanced(big: bool, interface: u32, ticks: u64, data: &[u8]) -> Vec<u8> {
    let words = [interface, (ticks >> 32) as u32, ticks as u32, data.len() as u32, data.len() as u32 + 5];
    let mut body: Vec<u8> = words.into_iter().flat_map(|value| word(big, value)).collect();
    body.extend(data);
    block(big, 6, &body)
}

#[test]
fn pcap_dialects() {
    for (magic, nanos) in [(0xa1b2_c3d4, 7000), (0xa1b2_3c4d, 7), (0xa1b2_cd34, 7000)] {
        for big in [false, true] {
            let mut capture = open(&pcap(big, magic, &[b"one", b"two!"])).unwrap();
            let time = |second: i64| Some(second * 1_000_000_000 + nanos);
            let expected = vec![(1, time(100), 1, b"one".to_vec(), 4), (2, time(101), 1, b"two!".to_vec(), 5)];
            assert_eq!(all(&mut capture), expected, "{magic:x} {big}");
            assert!(capture.complete());
            assert_eq!(capture.format().to_string(), "pcap");
        }
    }
}

#[test]
fn a_pcap_cut_in_a_record() {
    let file = pcap(false, 0xa1b2_c3d4, &[b"one", b"two"]);
    for len in 1..file.len() {
        let mut capture = match open(&file[..len]) {
            Ok(capture) => capture,
            Err(error) => {
                assert!((1..4).contains(&len), "{len}: {error}");
                continue;
            }
        };
        let packets = all(&mut capture).len();
        assert_eq!(packets, if len < 43 { 0 } else { 1 });
        assert_eq!(capture.complete(), [0, 24, 43].contains(&len), "{len}");
    }
}

#[test]
fn a_pcap_with_an_absurd_length() {
    let mut file = pcap(false, 0xa1b2_c3d4, &[b"one", b"two", b"three", b"four"]);
    file[43 + 8..43 + 12].copy_from_slice(&0x7fff_ffffu32.to_le_bytes());
    let mut capture = open(&file).unwrap();
    let seen: Vec<_> = all(&mut capture).into_iter().map(|packet| packet.3).collect();
    assert_eq!(seen, [b"one".to_vec(), b"three".to_vec(), b"four".to_vec()]);
    let note = &capture.notes()[0];
    assert_eq!((note.after_packet, note.offset), (1, 43));
    assert_eq!(note.damage, Damage::BadLength { announced: 16 + 0x7fff_ffff, skipped: 19 });
}

#[test]
fn pcapng_blocks_and_clocks() {
    let mut file = Vec::new();
    for big in [true, false] {
        file.extend(section(big));
        file.extend(interface(big, 1, 0, None, 0));
        file.extend(interface(big, 101, 0, Some(9), 1_700_000_000));
        file.extend(interface(big, 276, 0, Some(0x8a), 0));
        file.extend(interface(big, 228, 0, Some(12), -3));
        file.extend(block(big, 4, b"names"));
        file.extend(enhanced(big, 0, 5_000_001, b"a"));
        file.extend(block(big, 0x0bad, b"custom"));
        file.extend(enhanced(big, 1, 42, b"bb"));
        file.extend(block(big, 0x1234_5678, b"nobody knows"));
        file.extend(enhanced(big, 2, 1536, b"ccc"));
        file.extend(enhanced(big, 3, 7_000_000_000_000, b"dddd"));
        // An old packet block of interface 1, with 9 drops.
        let words = [0, 43, 1, 1].map(|value| word(big, value)).concat();
        file.extend(block(big, 2, &[&half(big, 1)[..], &half(big, 9), &words, b"e"].concat()));
    }
    let mut capture = open(&file).unwrap();
    let first = vec![
        (1, Some(5_000_001_000), 1, b"a".to_vec(), 6),
        (2, Some(1_700_000_000_000_000_042), 101, b"bb".to_vec(), 7),
        (3, Some(1_500_000_000), 276, b"ccc".to_vec(), 8),
        (4, Some(4_000_000_000), 228, b"dddd".to_vec(), 9),
        (5, Some(1_700_000_000_000_000_043), 101, b"e".to_vec(), 1),
    ];
    let mut expected = first.clone();
    expected.extend(first.into_iter().map(|(n, t, l, d, o)| (n + 5, t, l, d, o)));
    assert_eq!(all(&mut capture), expected);
    assert!(capture.complete());
    assert_eq!(capture.format().to_string(), "pcapng");
}

#[test]
fn simple_packets_are_cut_by_the_first_interface() {
    let mut file = [section(false), interface(false, 1, 4, None, 0)].concat();
    file.extend(block(false, 3, &[&word(false, 9)[..], b"abcd"].concat()));
    file.extend(block(false, 3, &[&word(false, 3)[..], b"xyz"].concat()));
    let expected = vec![(1, None, 1, b"abcd".to_vec(), 9), (2, None, 1, b"xyz".to_vec(), 3)];
    assert_eq!(all(&mut open(&file).unwrap()), expected);
}

#[test]
fn damaged_blocks_are_stepped_over() {
    let start = [section(false), interface(false, 1, 0, None, 0), enhanced(false, 0, 1, b"first")].concat();
    let mut wrong = enhanced(false, 0, 2, b"wrong");
    let end = enhanced(false, 0, 3, b"last");
    let last = |file: &[u8]| {
        let mut capture = open(file).unwrap();
        let packets = all(&mut capture);
        (packets.last().unwrap().3.clone(), packets.len(), capture.notes().to_vec())
    };
    // A length that is too long, too short or odd; one that agrees with nothing.
    for len in [0xffff_fff0u32, 4, 41, 1000, 20, 0x00ff_0000] {
        wrong[4..8].copy_from_slice(&len.to_le_bytes());
        let (data, count, notes) = last(&[&start[..], &wrong, &end].concat());
        assert_eq!((data.as_slice(), count), (b"last".as_slice(), 2), "{len}");
        assert_eq!((notes.len(), notes[0].offset, notes[0].after_packet), (1, start.len() as u64, 1));
    }
    // A captured length beyond the block; an interface that is not there.
    let mut long = enhanced(false, 0, 2, b"long");
    long[20..24].copy_from_slice(&500u32.to_le_bytes());
    let (_, count, notes) = last(&[&start[..], &long, &enhanced(false, 7, 2, b"what"), &end].concat());
    assert_eq!(count, 2);
    assert_eq!(notes[0].damage, Damage::BadBlock { kind: 6 });
    assert_eq!(notes[1].damage, Damage::UnknownInterface(7));
    // Nothing behind the damage.
    let (_, count, notes) = last(&[&start[..], &wrong].concat());
    assert_eq!((count, notes.len()), (1, 1));
}

#[test]
fn blocks_over_the_limit_are_skipped() {
    let limits = Limits { capture_block: 2000, ..Limits::default() };
    let big = block(false, 0x0bad, &[0x55; 500_000]);
    let file = [section(false), interface(false, 1, 0, None, 0), big, enhanced(false, 0, 3, b"last")].concat();
    let mut capture = Capture::open(Box::new(Cursor::new(file)), "test", &limits).unwrap();
    assert_eq!(all(&mut capture).len(), 1);
    assert_eq!(capture.notes()[0].damage, Damage::BadLength { announced: 500_012, skipped: 500_012 });
}

#[test]
fn compression_is_taken_off() {
    let file = pcap(false, 0xa1b2_c3d4, &[b"one", b"two"]);
    let gz = gzip(&file);
    for (bytes, name) in [(gz.clone(), "pcap.gz"), (gzip(&gz), "pcap.gz.gz"), (zstd(&file), "pcap.zst")] {
        let mut capture = open(&bytes).unwrap();
        assert_eq!(all(&mut capture).len(), 2, "{name}");
        assert_eq!(capture.format().to_string(), name);
        assert!(capture.complete());
        assert_eq!(capture.bytes_read(), bytes.len() as u64);
    }
    // Two members one after the other are one file; two frames, with something to skip between them, too.
    let (front, back) = file.split_at(30);
    let skip = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"???"].concat();
    for bytes in [[gzip(front), gzip(back)].concat(), [zstd(front), skip, zstd(back)].concat()] {
        assert_eq!(all(&mut open(&bytes).unwrap()).len(), 2);
    }
    for bytes in [gz, zstd(&file)] {
        for len in 5..bytes.len() {
            if let Ok(mut capture) = open(&bytes[..len]) {
                all(&mut capture);
                assert!(!capture.complete(), "{len}");
            }
        }
    }
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn zstd(data: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(data, ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn an_empty_file_says_so() {
    let error = Capture::open(Box::new(&b""[..]), "nothing.pcap", &Limits::default()).err().unwrap();
    assert_eq!(error.to_string(), "nothing.pcap: the file is empty");
}

#[test]
fn other_files_are_refused() {
    let error = open(b"FLV\x01\x05").unwrap_err().to_string();
    assert_eq!(error, "test: neither pcap nor pcapng: it begins with 46 4c 56 01 05 (an FLV file)");
    let error = open(&gzip(b"hello")).unwrap_err().to_string();
    assert_eq!(error, "test: neither pcap nor pcapng, after unpacking gz: it begins with 68 65 6c 6c 6f");
}

#[test]
fn a_failing_read_says_where() {
    struct Failing(Cursor<Vec<u8>>);
    impl Read for Failing {
        fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(buf)? {
                0 => Err(std::io::Error::other("the disk is gone")),
                n => Ok(n),
            }
        }
    }
    let file = pcap(false, 0xa1b2_c3d4, &[b"one"]);
    let mut capture = Capture::open(Box::new(Failing(Cursor::new(file))), "x.pcap", &Limits::default()).unwrap();
    assert_eq!(capture.next().unwrap().unwrap().time, Some(Time(100_000_007_000)));
    let error = capture.next().unwrap_err().to_string();
    assert_eq!(error, "x.pcap: reading stopped at byte 43: the disk is gone");
}

#[test]
fn the_length_of_a_check_sequence_is_no_link_type() {
    let mut file = pcap(false, 0xa1b2_c3d4, &[b"one"]);
    file[20..24].copy_from_slice(&0x2400_0001u32.to_le_bytes());
    assert_eq!(open(&file).unwrap().next().unwrap().unwrap().link, LinkType::ETHERNET);
}

/// Reads as many bytes at a time as it is told to.
struct Pieces {
    input: Cursor<Vec<u8>>,
    sizes: Vec<usize>,
    next: usize,
}

impl Read for Pieces {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let most = self.sizes.get(self.next % self.sizes.len().max(1)).copied().unwrap_or(buf.len());
        self.next += 1;
        let most = most.clamp(1, buf.len());
        self.input.read(&mut buf[..most])
    }
}

/// Packets, notes and a copy of what was read, with or without a thread that reads ahead.
fn told(file: &[u8], sizes: &[usize], ahead: bool) -> (Vec<Seen>, Vec<super::Note>, Vec<u8>) {
    let input = Pieces { input: Cursor::new(file.to_vec()), sizes: sizes.to_vec(), next: 0 };
    let limits = Limits { unpack_ratio: 20, ..Limits::default() };
    let mut capture = Capture::open(Box::new(input), "test", &limits).unwrap();
    let copy = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    struct Spool(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);
    impl Write for Spool {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    capture.copy_to(Box::new(Spool(std::sync::Arc::clone(&copy))));
    if ahead {
        capture.read_ahead();
    }
    let seen = all(&mut capture);
    let copy = copy.lock().unwrap().clone();
    (seen, capture.notes().to_vec(), copy)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Packets of every size, unpacked in pieces of every size, here or ahead: the same packets, notes and copy.
    #[test]
    fn a_thread_that_unpacks_ahead_changes_nothing(
        packets in prop::collection::vec((0usize..6, 0usize..3000), 1..60),
        sizes in prop::collection::vec(prop_oneof![1usize..40, 500usize..5000, 30_000usize..400_000], 0..5),
        cut in 0usize..2000,
        gzipped in any::<bool>(),
    ) {
        // Few packets are larger than the room in front of a block, and than a block.
        let lengths = packets.iter().map(|&(kind, len)| match kind { 0 => len * 200, 1 => len * 20, _ => len });
        let contents: Vec<Vec<u8>> = lengths.zip(0u8..).map(|(len, n)| vec![n; len]).collect();
        let plain = pcap(false, 0xa1b2_c3d4, &contents.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let mut file = if gzipped { gzip(&plain) } else { zstd(&plain) };
        file.truncate(file.len() - cut.min(file.len() / 2));
        // A frame that is cut before its first block holds nothing.
        prop_assume!(open(&file).is_ok());
        let (seen, notes, copy) = told(&file, &sizes, false);
        prop_assert!(plain.starts_with(&copy));
        if cut == 0 {
            prop_assert_eq!(seen.len(), contents.len());
            prop_assert_eq!(&copy, &plain);
        }
        prop_assert!(seen.iter().zip(&contents).all(|(seen, content)| seen.3 == *content));
        prop_assert_eq!(told(&file, &sizes, true), (seen, notes, copy));
    }
}

proptest! {
    /// Damage anywhere never panics, and never costs more than it must before it.
    #[test]
    fn damage(place in any::<prop::sample::Index>(), with in prop::collection::vec(any::<u8>(), 1..20), ng in any::<bool>()) {
        let mut file = if ng {
            let mut file = [section(true), interface(true, 1, 0, None, 0)].concat();
            for i in 0..20u8 {
                file.extend(enhanced(true, 0, i.into(), &vec![i; usize::from(i) * 3]));
            }
            file
        } else {
            pcap(true, 0xa1b2_3c4d, &[b"one", b"two", &[1; 300], b"four", b"five"])
        };
        let at = place.index(file.len());
        let end = (at + with.len()).min(file.len());
        file[at..end].copy_from_slice(&with[..end - at]);
        if let Ok(mut capture) = open(&file) {
            all(&mut capture);
        }
    }

    #[test]
    fn noise(bytes in prop::collection::vec(any::<u8>(), 0..600), start in 0usize..5) {
        let header = [pcap(false, 0xa1b2_c3d4, &[]), section(true), section(false), vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], vec![0x28, 0xb5, 0x2f, 0xfd]];
        if let Ok(mut capture) = open(&[&header[start][..], &bytes].concat()) {
            all(&mut capture);
        }
    }
}
