use std::io::Cursor;
use std::sync::{Arc, Mutex};

use super::*;
use crate::limits::Limits;
use crate::net::{Capture, CaptureError, Note, OfTurn};

/// A file with bytes that may become more, and a place that cannot be read. It gives less than it could.
#[derive(Default)]
struct File {
    bytes: Mutex<Vec<u8>>,
    broken: Option<u64>,
}

impl ReadAt for File {
    fn read_at(&self, buf: &mut [u8], at: u64) -> io::Result<usize> {
        let bytes = self.bytes.lock().unwrap();
        if self.broken == Some(at) {
            return Err(ErrorKind::PermissionDenied.into());
        }
        let end = self.broken.filter(|place| *place > at).map_or(bytes.len(), |place| place as usize);
        let there = bytes.get(at as usize..end).unwrap_or_default();
        let there = &there[..there.len().min(buf.len()).min(100_000)];
        buf[..there.len()].copy_from_slice(there);
        Ok(there.len())
    }
}

/// The same as a stream.
struct Stream(Arc<File>, u64);

impl io::Read for Stream {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read_at(buf, self.1)?;
        self.1 += n as u64;
        Ok(n)
    }
}

fn file(bytes: &[u8]) -> Arc<File> {
    Arc::new(File { bytes: Mutex::new(bytes.to_vec()), broken: None })
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// A capture of about so many bytes, whose packets have many sizes; the last of every 500 has this many.
fn capture(len: usize, largest: u32, pcapng: bool) -> Vec<u8> {
    let mut bytes = match pcapng {
        false => words(&[0xa1b2_c3d4, 0x0004_0002, 0, 0, 0x40_0000, 1]),
        true => words(&[0x0a0d_0d0a, 28, 0x1a2b_3c4d, 1, !0, !0, 28, 1, 20, 1, 0, 20]),
    };
    for n in 0u32.. {
        if bytes.len() >= len {
            break;
        }
        let size = if n % 500 == 499 { largest } else { n * n % 5000 + 1 };
        let padding = if pcapng { (4 - size % 4) % 4 } else { 0 };
        let whole = 32 + size + padding;
        bytes.extend(if pcapng { words(&[6, whole, 0, 0, n, size, size]) } else { words(&[n, 0, size, size]) });
        bytes.extend((0..size + padding).map(|k| (k ^ n) as u8));
        if pcapng {
            bytes.extend(words(&[whole]));
        }
    }
    bytes
}

/// All packets, what was noted, how much was read, and what ended it.
#[derive(Debug, PartialEq)]
struct Told {
    packets: Vec<(u64, Vec<u8>)>,
    notes: Vec<Note>,
    read: u64,
    failed: bool,
}

fn told(capture: &Capture, packets: Vec<(u64, Vec<u8>)>, failed: bool) -> Told {
    Told { packets, notes: capture.notes().to_vec(), read: capture.bytes_read(), failed }
}

fn alone(file: &Arc<File>) -> Told {
    let mut capture = Capture::open(Box::new(Stream(file.clone(), 0)), "test", &Limits::default()).unwrap();
    let mut packets = Vec::new();
    let failed = loop {
        match capture.next() {
            Ok(Some(packet)) => packets.push((packet.number, packet.data.to_vec())),
            Ok(None) => break false,
            Err(CaptureError::Io { .. }) => break true,
            Err(other) => panic!("{other}"),
        }
    };
    told(&capture, packets, failed)
}

/// Reads by turns, with lots that `lot` may spoil; tells how many turns there were, too.
fn by_turns(file: &Arc<File>, mut lot: impl FnMut(u64, &mut Lot)) -> (Told, u64) {
    let mut capture = Capture::open(Box::new(Stream(file.clone(), 0)), "test", &Limits::default()).unwrap();
    let from = capture.share(file.clone());
    let (mut packets, mut turns, mut free) = (Vec::new(), 0, vec![Lot::new(0), Lot::new(1)]);
    let failed = loop {
        match capture.next_of_turn() {
            Ok(OfTurn::Packet(packet)) => packets.push((packet.number, packet.data.to_vec())),
            Ok(OfTurn::End) => break false,
            Err(CaptureError::Io { .. }) => break true,
            Err(other) => panic!("{other}"),
            Ok(OfTurn::Over) => {
                free.extend(capture.end_turn());
                let mut next = free.pop().unwrap_or_else(|| Lot::new(2));
                next.fill(&**file, from + turns * Lot::LEN);
                lot(turns, &mut next);
                capture.begin_turn(next);
                turns += 1;
            }
        }
    };
    (told(&capture, packets, failed), turns)
}

#[test]
fn by_turns_the_same_is_read() {
    for pcapng in [false, true] {
        let bytes = capture(7 << 20, 60_000, pcapng);
        let block = 256 << 10;
        for cut in [0, 1, 7, 100_000, bytes.len() % block, bytes.len() % block + block] {
            let file = file(&bytes[..bytes.len() - cut]);
            let alone = alone(&file);
            assert!(alone.packets.len() > 1000 && alone.read == (bytes.len() - cut) as u64);
            let (told, turns) = by_turns(&file, |_, _| {});
            assert!(told == alone, "pcapng {pcapng}, {cut} bytes less");
            assert!(turns > 10, "{turns}");
        }
    }
}

/// Packets larger than a lot, or than what fits in front of one; bytes without any packet; records that are odd.
#[test]
fn what_is_no_usual_packet_is_read_alone() {
    let whole = capture(7 << 20, 60_000, false);
    let mut damaged = whole.clone();
    damaged[3 << 20..(3 << 20) + 700_000].fill(0xee);
    let odd = {
        let mut bytes = words(&[0xa1b2_c3d4, 0x0004_0002, 0, 0, 0x40_0000, 1]);
        for n in 0..3000 {
            // Longer than it was, says its header.
            bytes.extend(words(&[n, 0, 1000, 10]));
            bytes.extend([n as u8; 1000]);
        }
        bytes
    };
    for bytes in [capture(7 << 20, 300_000, false), capture(7 << 20, 900_000, true), damaged, odd, whole[..30].to_vec()]
    {
        let file = file(&bytes);
        assert!(by_turns(&file, |_, _| {}).0 == alone(&file));
    }
}

#[test]
fn lots_that_are_missing_cut_or_of_another_place_do_no_harm() {
    let file = file(&capture(5 << 20, 60_000, false));
    let alone = alone(&file);
    let spoil: [fn(&mut Lot); 3] = [|lot| lot.len = 0, |lot| lot.len -= 1000, |lot| lot.at -= 1000];
    for spoil in spoil {
        for spoiled in [0, 3] {
            let (told, _) = by_turns(&file, |turn, lot| {
                if turn == spoiled {
                    spoil(lot);
                }
            });
            assert!(told == alone);
        }
    }
}

#[test]
fn what_is_written_while_the_file_is_read_is_not_skipped() {
    let bytes = capture(5 << 20, 60_000, false);
    let growing = file(&bytes[..(3 << 20) + 99]);
    let (told, _) = by_turns(&growing, |turn, _| {
        if turn == 5 {
            *growing.bytes.lock().unwrap() = bytes.clone();
        }
    });
    assert!(told == alone(&file(&bytes)));
}

#[test]
fn what_cannot_be_read_is_told_behind_what_could() {
    let bytes = Mutex::new(capture(5 << 20, 60_000, false));
    let file = Arc::new(File { bytes, broken: Some((2 << 20) + 150_000) });
    let (told, _) = by_turns(&file, |_, _| {});
    assert!(told.failed && told.packets.len() > 500);
    assert!(told == alone(&file));
}

#[test]
fn a_pipe_is_not_shared() {
    let bytes = capture(1 << 20, 1000, false);
    let mut capture = Capture::open(Box::new(Cursor::new(bytes)), "test", &Limits::default()).unwrap();
    while let OfTurn::Packet(_) = capture.next_of_turn().unwrap() {}
    assert!(capture.packets() > 100 && matches!(capture.next_of_turn(), Ok(OfTurn::End)));
}
