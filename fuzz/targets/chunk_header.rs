//! A chunk header: read quietly and explained it is the same, and written it has the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtmpscope::field::{Reader, Tree};
use rtmpscope::wire::chunk::ChunkHeader;
use rtmpscope_fuzz::assert_tiles;

fuzz_target!(|bytes: &[u8]| {
    let Some((settings, header)) = bytes.split_first() else { return };
    let repeats = settings & 1 == 1;
    let mut quiet = Reader::quiet(header);
    let read = ChunkHeader::read(&mut quiet, |_, _| repeats);
    let used = quiet.at();
    let mut reader = Reader::new(header, Tree::new());
    let told = ChunkHeader::read(&mut reader, |_, _| repeats);
    assert_eq!(read, told, "quiet and explained differ");
    assert_tiles(&reader.finish(told.map(drop)), header);
    if let Ok(read) = read {
        let mut written = Vec::new();
        read.write(&mut written);
        assert_eq!(written, &header[..used], "write(read(x)) is x");
    }
});
