use std::io::{Seek, Write};

use super::*;

const PACKETS: u64 = 12_000;

/// What the end says of a capture of packets that have so many bytes, and are not what is looked for.
fn end(len: u32, read_ahead: ReadAhead) -> (u64, bool) {
    let mut bytes = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
    for n in 0..PACKETS as u32 {
        bytes.extend([n, 0, len, len].iter().flat_map(|word| word.to_le_bytes()));
        bytes.extend((0..len).map(|k| (k ^ n) as u8));
    }
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    file.rewind().unwrap();
    let stored = Stored::of(file.try_clone().unwrap());
    // Said to be larger than it is.
    let input = Input { name: "x".to_owned(), size: Some(1 << 30), reader: Box::new(file), stored };
    let settings = Settings { read_ahead, ..Settings::new(Want::LITTLE) };
    let mut end = None;
    let mut sink = |record: Record| {
        if let Record::End(told) = record {
            end = Some((told.packets, told.complete));
        }
    };
    run(input, &settings, &mut sink, |_| Control::Continue).unwrap();
    end.unwrap()
}

#[test]
fn threads_that_take_turns_lose_nothing() {
    for len in [100, 900] {
        for read_ahead in [ReadAhead::Never, ReadAhead::Sparing, ReadAhead::Always] {
            assert_eq!(end(len, read_ahead), (PACKETS, true), "{len} {read_ahead:?}");
        }
    }
}
