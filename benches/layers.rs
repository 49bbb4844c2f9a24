//! What each layer costs by itself, in memory: `cargo bench --bench layers`. Rates are of capture, stream or text bytes.
//!
//! `benches/compare` times the whole program.

use std::io::{self, Cursor};

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use rtmpscope::engine::{Control, Input, Settings, run};
use rtmpscope::field::Reader;
use rtmpscope::limits::Limits;
use rtmpscope::net::{Capture, FlowId, FlowInfo, Flows, Receiver, Side, segment};
use rtmpscope::out::json::{Bodies, Detail, Json, Options};
use rtmpscope::record::{Record, Sink};
use rtmpscope::session::{Dechunker, Want};
use rtmpscope::stream::{Piece, Stamp};
use rtmpscope::view::Mask;
use rtmpscope::wire::body::{self, Context};
use rtmpscope::wire::chunk::Chunker;
use rtmpscope::wire::code::MessageType;

fn main() {
    divan::main();
}

/// A publish in chunks of 4096 bytes, one in chunks of 128, and one where every byte has a packet of its own.
const CAPTURES: [&str; 3] = ["pub-ffmpeg5-2s-nginx.pcap", "chunk128-2s-nginx.pcap", "c-one-byte-segments.pcap"];

fn sample(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name);
    std::fs::read(path).unwrap()
}

fn capture(bytes: &[u8]) -> Capture {
    Capture::open(Box::new(Cursor::new(bytes.to_vec())), "sample", &Limits::default()).unwrap()
}

/// Records of a file.
#[divan::bench(args = CAPTURES)]
fn records(bencher: Bencher, name: &str) {
    let bytes = sample(name);
    bencher.counter(BytesCount::of_slice(&bytes)).with_inputs(|| capture(&bytes)).bench_local_values(|mut capture| {
        let mut sum = 0;
        while let Ok(Some(packet)) = capture.next() {
            sum += packet.data.len();
        }
        sum
    });
}

/// Frames to TCP segments.
#[divan::bench(args = CAPTURES)]
fn frames(bencher: Bencher, name: &str) {
    let bytes = sample(name);
    let mut capture = capture(&bytes);
    let mut frames = Vec::new();
    while let Ok(Some(packet)) = capture.next() {
        frames.push((packet.link, packet.data.to_vec(), packet.original_len));
    }
    bencher.counter(ItemsCount::new(frames.len())).bench_local(|| {
        frames
            .iter()
            .filter_map(|(link, data, len)| segment(*link, data, *len).ok())
            .map(|s| s.payload.len())
            .sum::<usize>()
    });
}

#[derive(Default)]
struct Count(usize);

impl Receiver for Count {
    fn opened(&mut self, _: FlowId, _: &FlowInfo) {}
    fn piece(&mut self, _: FlowId, _: Side, _: Stamp, piece: Piece<'_>) {
        if let Piece::Data(bytes) = piece {
            self.0 += bytes.len();
        }
    }
    fn closed(&mut self, _: FlowId) {}
}

/// A file to ordered pieces: records, frames, connections, reassembly.
#[divan::bench(args = CAPTURES)]
fn assembler(bencher: Bencher, name: &str) {
    let bytes = sample(name);
    bencher.counter(BytesCount::of_slice(&bytes)).with_inputs(|| capture(&bytes)).bench_local_values(|mut capture| {
        let (mut flows, mut count) = (Flows::new(&Limits::default()), Count::default());
        while let Ok(Some(packet)) = capture.next() {
            flows.push(&packet, &mut count);
        }
        flows.finish(&mut count);
        count.0
    });
}

/// A chunk stream of video frames, cut as a network cuts it.
fn chunks(chunk_size: usize) -> Vec<Vec<u8>> {
    let mut bytes = Vec::new();
    let size = (chunk_size as u32).to_be_bytes();
    Chunker::default().write(2, 0, MessageType::SET_CHUNK_SIZE, 0, &size, &mut bytes);
    let mut frame = vec![0x5a; 6000];
    frame[..5].copy_from_slice(&[0x27, 1, 0, 0, 0]);
    for n in 0..200 {
        Chunker { chunk_size, repeat_extended: true }.write(4, n * 33, MessageType::VIDEO, 1, &frame, &mut bytes);
    }
    bytes.chunks(1448).map(<[u8]>::to_vec).collect()
}

/// Ordered bytes to messages, by chunk size.
#[divan::bench(args = [128, 4096, 65536])]
fn dechunker(bencher: Bencher, chunk_size: usize) {
    let packets = chunks(chunk_size);
    let total: usize = packets.iter().map(Vec::len).sum();
    bencher.counter(BytesCount::new(total)).bench_local(|| {
        let mut dechunker = Dechunker::new(0, Want::LITTLE, &Limits::default());
        let mut events = 0;
        for packet in &packets {
            let mut input = &packet[..];
            dechunker.note(Stamp::default(), packet.len());
            while dechunker.poll(&mut input, Stamp::default()).is_some() {
                events += 1;
            }
        }
        events
    });
}

/// Bodies to what they mean, by the type of message: the bodies of a publish.
#[divan::bench(args = [8, 9, 18, 20])]
fn bodies(bencher: Bencher, kind: u8) {
    let mut bodies = Vec::new();
    all(CAPTURES[0], Want::ALL, &mut |record: Record| {
        if let Record::Message(message) = record
            && message.head.message_type.0 == kind
        {
            bodies.push(message.body.bytes().to_vec());
        }
    });
    let total: usize = bodies.iter().map(Vec::len).sum();
    bencher.counter(BytesCount::new(total)).bench_local(|| {
        let meanings =
            bodies.iter().map(|bytes| body::read(&mut Reader::quiet(bytes), MessageType(kind), Context::default()).0);
        meanings.map(|meaning| divan::black_box(&meaning).is_configuration()).filter(|is| *is).count()
    });
}

fn all(name: &str, want: Want, sink: &mut (impl FnMut(Record) + Send)) {
    let input = Input::new("sample".to_owned(), Box::new(Cursor::new(sample(name))));
    run(input, &Settings::new(want), sink, |_| Control::Continue).unwrap();
}

/// Records to lines of JSON, by what they say: messages, chunks, fields. On one thread and on two.
#[divan::bench(args = [(0, 1), (1, 1), (2, 1), (2, 2)])]
fn json(bencher: Bencher, (detail, threads): (usize, usize)) {
    let detail = [Detail::Messages, Detail::Chunks, Detail::Fields][detail];
    let options = Options { detail, bodies: Bodies::None, array: false, live: false };
    let mut records = Vec::new();
    all(CAPTURES[1], Want::ALL, &mut |record| records.push(record));
    let writer = || Json::new(Written(0), options, Mask::new(false));
    let mut json = writer();
    records.iter().for_each(|record| json.take(record.clone()));
    let total = json.finish().unwrap().0;
    bencher.counter(BytesCount::new(total)).with_inputs(|| records.clone()).bench_local_values(|records| {
        let mut json = writer().on_threads(threads);
        records.into_iter().for_each(|record| json.take(record));
        json.finish().unwrap().0
    });
}

/// Counts what is written.
struct Written(usize);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
