use std::io::Cursor;

use super::*;
use crate::limits::Limits;
use crate::net::{Capture, Note};

/// A file with bytes that may become more, and a place that cannot be read. It gives less than it could.
#[derive(Default)]
struct File {
    bytes: Mutex<Vec<u8>>,
    broken: Option<u64>,
}

impl ReadAt for File {
    fn read_at(&self, buf: &mut [u8], at: u64) -> io::Result<usize> {
        let bytes = self.bytes.lock().unwrap();
        let end = (at as usize + buf.len().min(100_000)).min(bytes.len());
        match self.broken {
            Some(place) if (at..end as u64).contains(&place) => Err(ErrorKind::PermissionDenied.into()),
            _ => {
                let there = bytes.get(at as usize..end).unwrap_or_default();
                buf[..there.len()].copy_from_slice(there);
                Ok(there.len())
            }
        }
    }
}

fn file(bytes: &[u8]) -> Arc<File> {
    Arc::new(File { bytes: Mutex::new(bytes.to_vec()), broken: None })
}

/// A capture of about so many bytes, whose packets have many sizes, a few of them more than a block.
fn capture(len: usize) -> Vec<u8> {
    let mut bytes = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 1, 0, 0, 0];
    for n in 0u32.. {
        if bytes.len() >= len {
            break;
        }
        let size = if n % 500 == 499 { 300_000 } else { n * n % 5000 + 1 };
        let header = [n, 0, size, size];
        bytes.extend(header.iter().flat_map(|word| word.to_le_bytes()));
        bytes.extend((0..size).map(|k| (k ^ n) as u8));
    }
    bytes
}

/// All packets, what was noted, and how much was read.
type Told = (Vec<(u64, Vec<u8>)>, Vec<Note>, u64);

fn packets(bytes: &[u8], together: bool) -> Told {
    let mut capture = Capture::open(Box::new(Cursor::new(bytes.to_vec())), "test", &Limits::default()).unwrap();
    if together {
        capture.read_ahead(Some(file(bytes)));
    }
    let mut packets = Vec::new();
    while let Some(packet) = capture.next().unwrap() {
        packets.push((packet.number, packet.data.to_vec()));
    }
    (packets, capture.notes().to_vec(), capture.bytes_read())
}

#[test]
fn two_threads_read_what_one_reads() {
    let bytes = capture(7 << 20);
    for cut in [0, 1, 7, 100_000, bytes.len() % BLOCK, bytes.len() % BLOCK + BLOCK] {
        let bytes = &bytes[..bytes.len() - cut];
        let alone = packets(bytes, false);
        assert!(alone.0.len() > 1000 && alone.2 == bytes.len() as u64);
        assert_eq!(packets(bytes, true), alone, "{cut} bytes less");
    }
}

/// All that comes out, and the meter behind each block.
fn rest(together: &mut Together) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(Block { bytes, read, .. }) = together.next()
        && let Ok(n @ 1..) = read
    {
        all.extend_from_slice(&bytes[FRONT..FRONT + n]);
        together.give_back(bytes);
    }
    all
}

#[test]
fn blocks_come_in_order_and_memory_may_be_kept() {
    let bytes: Vec<u8> = (0..40 * BLOCK as u32 + 77).map(|n| (n / 7) as u8 ^ (n >> 13) as u8).collect();
    assert!(rest(&mut Together::begin(file(&bytes), 5).unwrap()) == bytes[5..]);
    let mut together = Together::begin(file(&bytes), 0).unwrap();
    let kept: Vec<Block> = (0..BLOCKS + 3).map(|_| together.next().unwrap()).collect();
    assert!(kept.iter().zip(bytes.chunks(BLOCK)).all(|(block, bytes)| block.bytes[FRONT..] == *bytes));
    for block in kept {
        together.give_back(block.bytes);
    }
    assert!(rest(&mut together) == bytes[(BLOCKS + 3) * BLOCK..]);
}

#[test]
fn what_is_written_while_the_file_is_read_is_not_skipped() {
    let bytes: Vec<u8> = (0..6 * BLOCK as u32).map(|n| (n / 5) as u8).collect();
    let file = file(&bytes[..2 * BLOCK + 99]);
    let mut together = Together::begin(file.clone(), 0).unwrap();
    let mut all = Vec::new();
    for _ in 0..3 {
        let block = together.next().unwrap();
        all.extend_from_slice(&block.bytes[FRONT..FRONT + block.read.unwrap()]);
        together.give_back(block.bytes);
    }
    file.bytes.lock().unwrap().extend_from_slice(&bytes[2 * BLOCK + 99..]);
    all.extend(rest(&mut together));
    assert!(all == bytes);
}

#[test]
fn an_error_is_handed_on_behind_what_was_read_before_it() {
    let bytes = vec![7; 3 * BLOCK];
    let file = Arc::new(File { bytes: Mutex::new(bytes), broken: Some(BLOCK as u64 + 150_000) });
    let mut together = Together::begin(file, 0).unwrap();
    let mut told = || together.next().unwrap().read.map_err(|error| error.kind());
    assert_eq!([told(), told(), told()], [Ok(BLOCK), Ok(100_000), Err(ErrorKind::PermissionDenied)]);
}
