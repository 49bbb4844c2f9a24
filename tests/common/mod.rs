//! What the integration tests share: the samples, and their records and events.
#![allow(dead_code, reason = "every test uses its own part of this")]

use std::io::Cursor;
use std::path::{Path, PathBuf};

use rtmpscope::engine::{CaptureError, Control, Input, Settings, run};
use rtmpscope::field::Tree;
use rtmpscope::out::json::{Bodies, Detail, Json, Options};
use rtmpscope::record::Record;
use rtmpscope::session::{MediaBody, Want};
use rtmpscope::view::Mask;
use serde_json::Value;

pub(crate) mod essence;
pub(crate) mod forms;

/// Where the samples lie.
pub(crate) fn samples_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// A capture of the samples folder.
pub(crate) struct Sample {
    /// Its name without the ending.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
}

/// All captures of the samples folder, by name.
pub(crate) fn samples() -> Vec<Sample> {
    let is_capture = |name: &str| [".pcap", ".pcapng", ".pcap.gz", ".pcap.zst"].iter().any(|end| name.ends_with(end));
    let entries = std::fs::read_dir(samples_dir()).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.file_name().and_then(|n| n.to_str()).is_some_and(is_capture)).collect();
    paths.sort();
    // A folder that lost its samples must not make every law hold.
    assert!(paths.len() >= 30, "only {} captures in samples/", paths.len());
    paths.iter().map(|path| read(path)).collect()
}

/// One capture by its file name.
pub(crate) fn sample(file: &str) -> Sample {
    read(&samples_dir().join(file))
}

fn read(path: &Path) -> Sample {
    let file = path.file_name().unwrap().to_str().unwrap();
    let name = file.split('.').next().unwrap().to_owned();
    Sample { name, path: path.to_owned(), bytes: std::fs::read(path).unwrap() }
}

/// The records of a capture.
pub(crate) fn records(bytes: &[u8], want: Want) -> Vec<Record> {
    let mut records = Vec::new();
    feed(bytes, &Settings::new(want), &mut |record| records.push(record));
    records
}

/// Runs a capture into a sink.
pub(crate) fn feed(bytes: &[u8], settings: &Settings, sink: &mut (impl FnMut(Record) + Send)) {
    try_feed(bytes, settings, sink).unwrap();
}

/// Runs what may be no capture at all into a sink.
pub(crate) fn try_feed(
    bytes: &[u8],
    settings: &Settings,
    sink: &mut (impl FnMut(Record) + Send),
) -> Result<(), CaptureError> {
    let input = Input::new("sample".to_owned(), Box::new(Cursor::new(bytes.to_vec())));
    run(input, settings, sink, |_| Control::Continue)
}

/// A capture exported as the `export` verb does it.
pub(crate) fn export(bytes: &[u8], detail: Detail, bodies: Bodies, show_secrets: bool) -> Vec<u8> {
    let media = if bodies != Bodies::None || detail == Detail::Fields { MediaBody::Whole } else { MediaBody::Units };
    export_of(media, bytes, detail, bodies, show_secrets)
}

/// The same, of what is kept of media.
pub(crate) fn export_of(media: MediaBody, bytes: &[u8], detail: Detail, bodies: Bodies, show_secrets: bool) -> Vec<u8> {
    let options = Options { detail, bodies, array: false, live: false };
    let settings = Settings::new(Want { media, origin: detail >= Detail::Chunks });
    let mut json = Json::new(Vec::new(), options, Mask::new(show_secrets));
    feed(bytes, &settings, &mut |record| rtmpscope::record::Sink::take(&mut json, record));
    json.finish().unwrap()
}

/// The events of an export.
pub(crate) fn events(export: &[u8]) -> Vec<Value> {
    export.split(|b| *b == b'\n').filter(|line| !line.is_empty()).map(|l| serde_json::from_slice(l).unwrap()).collect()
}

/// Leaves and gaps lie side by side and cover all bytes; groups enclose what is in them.
pub(crate) fn assert_tiles(tree: &Tree, bytes: &[u8], what: &str) {
    assert_eq!(tree.tiles(bytes.len()), Ok(()), "{what}");
}

/// A stream of numbers that is the same in every run.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    /// The next number below `below`. (splitmix64)
    pub(crate) fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % below.max(1) as u64) as usize
    }
}

/// Runs a check over items on all cores; a panic in one of them is a panic here.
pub(crate) fn in_parallel<T: Sync>(items: &[T], check: impl Fn(&T) + Sync) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(items.len().max(1));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    check(item);
                }
            });
        }
    });
}

/// What each side of the first connection of a capture sent.
pub(crate) fn sides(bytes: &[u8]) -> [Vec<u8>; 2] {
    use rtmpscope::limits::Limits;
    use rtmpscope::net::{Capture, FlowId, FlowInfo, Flows, Receiver, Side};
    use rtmpscope::stream::{Piece, Stamp};

    #[derive(Default)]
    struct Heard([Vec<u8>; 2]);

    impl Receiver for Heard {
        fn opened(&mut self, _: FlowId, _: &FlowInfo) {}
        fn piece(&mut self, flow: FlowId, side: Side, _: Stamp, piece: Piece<'_>) {
            if let (FlowId(0), Piece::Data(bytes)) = (flow, piece) {
                self.0[side as usize].extend_from_slice(bytes);
            }
        }
        fn closed(&mut self, _: FlowId) {}
    }

    let limits = Limits::default();
    let mut capture = Capture::open(Box::new(Cursor::new(bytes.to_vec())), "sample", &limits).unwrap();
    let (mut flows, mut heard) = (Flows::new(&limits), Heard::default());
    while let Some(packet) = capture.next().unwrap() {
        flows.push(&packet, &mut heard);
    }
    flows.finish(&mut heard);
    heard.0
}
