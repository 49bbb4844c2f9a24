//! What holds for every capture, checked on all samples: cutting, tiling, quiet reading, provenance, totals, repetition.

mod common;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{Numbers, Sample, assert_tiles, events, export, in_parallel, records, sample, samples};
use rtmpscope::field::{Reader, Tree};
use rtmpscope::layer::{Probe, probe};
use rtmpscope::limits::Limits;
use rtmpscope::net::{Capture, FlowId, FlowInfo, Flows, Receiver, Side};
use rtmpscope::out::json::{Bodies, Detail};
use rtmpscope::record::{self, Call, Joined, Message, Opened, Record, Transport};
use rtmpscope::session::{Session, Want};
use rtmpscope::stream::{Direction, Ending, Loss, Piece, Stamp};
use rtmpscope::time::Time;
use rtmpscope::wire::body;
use serde_json::Value;

// --- cutting -------------------------------------------------------------------------------------------------------

/// A piece of a stream that owns its bytes.
#[derive(Clone)]
enum Owned {
    Data(Vec<u8>),
    Gap(u64, Loss),
    End(Ending),
}

/// What a connection carries, in the order of its packets.
type Pieces = Vec<(Direction, Stamp, Owned)>;

/// Collects what each connection of a capture carries.
#[derive(Default)]
struct Tape {
    flows: HashMap<FlowId, (FlowInfo, Pieces)>,
}

impl Receiver for Tape {
    fn opened(&mut self, flow: FlowId, info: &FlowInfo) {
        self.flows.insert(flow, (*info, Vec::new()));
    }

    fn piece(&mut self, flow: FlowId, side: Side, stamp: Stamp, piece: Piece<'_>) {
        let dir = if side == Side::A { Direction::ClientToServer } else { Direction::ServerToClient };
        let owned = match piece {
            Piece::Data(bytes) => Owned::Data(bytes.to_vec()),
            Piece::Gap(missing, loss) => Owned::Gap(missing, loss),
            Piece::End(ending) => Owned::End(ending),
        };
        self.flows.get_mut(&flow).unwrap().1.push((dir, stamp, owned));
    }

    fn closed(&mut self, _: FlowId) {}
}

/// A connection that carries RTMP: where its session begins, and what it carries.
struct Connection {
    client: SocketAddr,
    server: SocketAddr,
    preamble: u64,
    pieces: Pieces,
}

fn connections(sample: &Sample) -> Vec<Connection> {
    let limits = Limits::default();
    let reader = Box::new(std::io::Cursor::new(sample.bytes.clone()));
    let mut capture = Capture::open(reader, &sample.name, &limits).unwrap();
    let (mut flows, mut tape) = (Flows::new(&limits), Tape::default());
    while let Some(packet) = capture.next().unwrap() {
        flows.push(&packet, &mut tape);
    }
    flows.finish(&mut tape);
    let mut all: Vec<_> = tape.flows.into_iter().collect();
    all.sort_by_key(|(flow, _)| *flow);
    let rtmp = all.into_iter().filter_map(|(_, (info, pieces))| {
        let side = |wanted| {
            let until_hole = pieces.iter().filter(|(dir, ..)| *dir == wanted).map_while(|(.., piece)| match piece {
                Owned::Data(bytes) => Some(bytes.as_slice()),
                _ => None,
            });
            until_hole.flatten().copied().collect::<Vec<u8>>()
        };
        match probe(&side(Direction::ClientToServer), &side(Direction::ServerToClient), true) {
            Probe::Rtmp { preamble } => Some(Connection { client: info.a, server: info.b, preamble, pieces }),
            _ => None,
        }
    });
    rtmp.collect()
}

impl Connection {
    /// The records of the session when every run of bytes of one side is cut by `cut`, which gives the length of the
    /// next piece. Runs end where the other side speaks, so that the order between the sides stays.
    fn records(&self, mut cut: impl FnMut(usize) -> usize) -> Vec<Record> {
        let mut out = Vec::new();
        let mut sink = |record: Record| out.push(record);
        let (client, server) = (self.client, self.server);
        let opened =
            Opened { session: 1, time: Time(0), transport: Transport::Rtmp, client, server, joined: Joined::Start };
        let mut session = Session::open(opened, self.preamble, Want::ALL, &Limits::default(), &mut sink);
        for run in self.pieces.chunk_by(|a, b| a.0 == b.0 && matches!((&a.2, &b.2), (Owned::Data(_), Owned::Data(_)))) {
            let (dir, stamp, first) = &run[0];
            match first {
                Owned::Gap(missing, loss) => session.push(*dir, *stamp, Piece::Gap(*missing, *loss), &mut sink),
                Owned::End(ending) => session.push(*dir, *stamp, Piece::End(*ending), &mut sink),
                Owned::Data(_) => {
                    let data = run.iter().map(|(.., piece)| match piece {
                        Owned::Data(bytes) => bytes.as_slice(),
                        _ => &[],
                    });
                    let data: Vec<u8> = data.flatten().copied().collect();
                    let mut rest = &data[..];
                    while !rest.is_empty() {
                        let (piece, after) = rest.split_at(cut(rest.len()).clamp(1, rest.len()));
                        session.push(*dir, *stamp, Piece::Data(piece), &mut sink);
                        rest = after;
                    }
                }
            }
        }
        session.finish(&mut sink);
        out
    }
}

/// What does not depend on packets, and so not on the seconds that a verdict tells.
fn essence(mut record: Record) -> (String, Vec<u8>) {
    if let Record::Closed(closed) = &mut record {
        closed.verdict.clear();
    }
    common::essence::essence(record)
}

#[test]
fn cutting_the_same_bytes_differently_gives_the_same_records() {
    let samples = samples();
    let sessions = AtomicUsize::new(0);
    in_parallel(&samples, |sample| {
        for (nth, connection) in connections(sample).iter().enumerate() {
            let whole: Vec<_> = connection.records(|len| len).into_iter().map(essence).collect();
            let mut numbers = Numbers(nth as u64);
            let same = |how: &str, cut: &mut dyn FnMut(usize) -> usize| {
                let cut = connection.records(cut).into_iter().map(essence);
                for (n, (a, b)) in whole.iter().zip(cut.clone()).enumerate() {
                    assert_eq!(a.0, b.0, "{} connection {nth}, {how}, record {n}", sample.name);
                    assert!(a.1 == b.1, "{} connection {nth}, {how}, the bytes of record {n}: {}", sample.name, a.0);
                }
                assert_eq!(whole.len(), cut.count(), "{} connection {nth}, {how}: number of records", sample.name);
            };
            same("byte by byte", &mut |_| 1);
            same("at random", &mut |len| 1 + numbers.below(len.min(300)));
            same("in large pieces at random", &mut |len| 1 + numbers.below(len.min(9000)));
            sessions.fetch_add(1, Ordering::Relaxed);
        }
    });
    assert!(sessions.into_inner() >= 40, "all sessions of the samples");
}

// --- explaining ----------------------------------------------------------------------------------------------------

#[test]
fn explained_headers_bodies_and_handshakes_tile_their_bytes() {
    let samples = samples();
    in_parallel(&samples, |sample| {
        for record in records(&sample.bytes, Want::ALL) {
            match record {
                Record::Handshake(h) => assert_tiles(&record::explain_handshake(&h), &h.bytes, &sample.name),
                Record::Message(m) => {
                    let what = format!("{} session {} message {}", sample.name, m.session, m.seq);
                    assert_tiles(&record::explain_body(&m), m.body.bytes(), &what);
                    for part in &m.parts {
                        assert_tiles(&record::explain_header(part), part.header(), &what);
                    }
                }
                _ => {}
            }
        }
    });
}

#[test]
fn reading_quietly_and_explaining_say_the_same() {
    let samples = samples();
    in_parallel(&samples, |sample| {
        for record in records(&sample.bytes, Want::ALL) {
            let Record::Message(m) = record else { continue };
            let (bytes, ty) = (m.body.bytes(), m.head.message_type);
            let (quiet, fault) = body::read(&mut Reader::quiet(bytes), ty, m.context);
            let mut reader = Reader::new(bytes, Tree::new());
            let (told, told_fault) = body::read(&mut reader, ty, m.context);
            let tree = reader.finish(told_fault);
            let what = format!("{} session {} message {}", sample.name, m.session, m.seq);
            assert_eq!(format!("{quiet:?} {fault:?}"), format!("{told:?} {told_fault:?}"), "{what}");
            assert_eq!(tree.first_fault(), fault.err(), "{what}");
            assert_eq!(format!("{quiet:?}"), format!("{:?}", m.meaning), "{what}: the record says the same");
        }
    });
}

// --- provenance ----------------------------------------------------------------------------------------------------

#[test]
fn every_byte_of_a_message_is_found_in_the_packet_that_is_named() {
    let holes = AtomicUsize::new(0);
    let samples = samples();
    in_parallel(&samples, |sample| {
        let reader = Box::new(std::io::Cursor::new(sample.bytes.clone()));
        let mut capture = Capture::open(reader, &sample.name, &Limits::default()).unwrap();
        let mut packets = Vec::new();
        while let Some(packet) = capture.next().unwrap() {
            packets.push(packet.data.to_vec());
        }
        let mut aggregate = None;
        for record in records(&sample.bytes, Want::ALL) {
            let Record::Message(m) = record else { continue };
            let what = format!("{} session {} message {}", sample.name, m.session, m.seq);
            if let Some(seq) = m.within {
                // A part has no chunks of its own: its bytes are those of the aggregate in its span.
                let whole: &Message = aggregate.as_ref().unwrap();
                assert_eq!((whole.session, whole.seq, whole.packets), (m.session, seq, m.packets), "{what}");
                let lies_here = |at: &usize| {
                    let place = whole.stream_offset(*at as u64).unwrap();
                    m.span.0 <= place && place < m.span.1
                };
                let bytes = whole.body.bytes();
                let here: Vec<u8> = (0..bytes.len()).filter(lies_here).map(|at| bytes[at]).collect();
                assert!(here == m.body.bytes(), "{what}: the body of a part");
                continue;
            }
            aggregate = Some(m.clone());
            assert_eq!(m.parts.len(), m.chunks as usize, "{what}");
            let chunks: u32 = m.parts.iter().map(|part| part.payload_len).sum();
            if m.partial.is_some_and(|have| have < chunks) {
                // Packets were lost in the middle of a chunk: what carried the rest leaves a hole.
                assert!(
                    ["x-loss3", "x-snap96"].contains(&sample.name.as_str()),
                    "{what}: only a lossy capture has holes"
                );
                continue;
            }
            let bytes_of = |start: u64, end: u64| {
                let mut at = start;
                let mut found = Vec::new();
                for carrier in m.carriers_of(start, end) {
                    assert_eq!(carrier.at, at, "{what}: carriers follow each other");
                    let packet = &packets[carrier.packet as usize - 1];
                    let from = carrier.frame_offset as usize;
                    found.extend_from_slice(&packet[from..from + carrier.len as usize]);
                    at = carrier.end();
                }
                assert_eq!(at, end, "{what}: carriers cover the chunk");
                found
            };
            let carried: u32 = m.carriers.iter().map(|carrier| carrier.len).sum();
            let described = m.parts.iter().map(|part| u32::from(part.header_len) + part.payload_len).sum::<u32>();
            if m.partial.is_some() && carried < described {
                // Bytes were never captured: the chunk in which they are missing is told as one, its hole included.
                let headers: u32 = m.parts.iter().map(|part| u32::from(part.header_len)).sum();
                assert_eq!(Some(carried), m.partial.map(|have| have + headers), "{what}: what did come has carriers");
                holes.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            let mut body = Vec::new();
            for part in &m.parts {
                assert_eq!(bytes_of(part.start, part.payload_start()), part.header(), "{what}: a header");
                body.extend(bytes_of(part.payload_start(), part.end()));
                let numbers: Vec<u64> = m.carriers_of(part.start, part.end()).map(|c| c.packet).collect();
                assert_eq!((numbers.first(), numbers.last()), (Some(&part.packets.0), Some(&part.packets.1)), "{what}");
            }
            assert!(body == m.body.bytes(), "{what}: the body");
            let ends = (m.parts.first().unwrap(), m.parts.last().unwrap());
            assert_eq!(m.span, (ends.0.start, ends.1.end()), "{what}: the span");
            assert_eq!(m.packets, (ends.0.packets.0, ends.1.packets.1), "{what}: the packets");
        }
    });
    assert!(holes.into_inner() < 10, "few messages of the samples have a hole");
}

/// How much is kept of messages does not change what they are.
#[test]
fn the_same_messages_come_out_however_much_of_them_is_kept() {
    let samples = samples();
    in_parallel(&samples, |sample| {
        let outline = |want| -> Vec<String> {
            let facts = |m: &Message| (m.seq, m.dir, m.time, m.head, m.span, m.packets, m.chunks, m.partial);
            let messages = records(&sample.bytes, want).into_iter().filter_map(|record| match record {
                Record::Message(m) => Some(format!("{:?} {:?}", facts(&m), m.reply_to)),
                _ => None,
            });
            messages.collect()
        };
        let (little, all) = (outline(Want::LITTLE), outline(Want::ALL));
        assert_eq!(little.len(), all.len(), "{}", sample.name);
        little.iter().zip(&all).for_each(|(a, b)| assert_eq!(a, b, "{}", sample.name));
    });
}

// --- exports -------------------------------------------------------------------------------------------------------

#[test]
fn exporting_twice_gives_the_same_bytes() {
    let samples = samples();
    in_parallel(&samples, |sample| {
        let once = export(&sample.bytes, Detail::Fields, Bodies::Base64, false);
        assert!(once == export(&sample.bytes, Detail::Fields, Bodies::Base64, false), "{}", sample.name);
    });
}

#[test]
fn totals_are_the_sums_of_what_was_told() {
    let samples = samples();
    in_parallel(&samples, |sample| {
        let events = events(&export(&sample.bytes, Detail::Messages, Bodies::None, false));
        let of = |kind: &str| events.iter().filter(|e| e["event"] == kind).collect::<Vec<_>>();
        let ends = of("end");
        assert_eq!((ends.len(), events.last().unwrap()), (1, ends[0]), "{}", sample.name);
        assert_eq!(events[0]["packets"], ends[0]["packets"], "{}", sample.name);
        let (opened, closed): (Vec<_>, Vec<_>) = of("session").into_iter().partition(|e| e["state"] == "open");
        assert_eq!(ends[0]["sessions"], opened.len(), "{}", sample.name);
        assert_eq!(ends[0]["messages"], of("message").len(), "{}", sample.name);
        let numbers = |events: &[&Value]| events.iter().map(|e| e["session"].as_u64().unwrap()).collect::<Vec<_>>();
        assert_eq!(
            numbers(&opened),
            (1..=opened.len() as u64).collect::<Vec<_>>(),
            "{}: sessions in order",
            sample.name
        );
        let mut sorted = numbers(&closed);
        sorted.sort_unstable();
        assert_eq!(sorted, numbers(&opened), "{}: every session closes once", sample.name);
        for closed in closed {
            let is_of = |e: &&Value| e["session"] == closed["session"];
            let messages: Vec<_> = of("message").into_iter().filter(is_of).collect();
            let what = format!("{} session {}", sample.name, closed["session"]);
            assert_eq!(closed["messages"], messages.len(), "{what}");
            let seqs: Vec<u64> = messages.iter().map(|e| e["seq"].as_u64().unwrap()).collect();
            assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>(), "{what}: numbered in order");
            for message in messages {
                let end = message["span"][1].as_u64().unwrap();
                assert!(
                    end <= closed["bytes"][message["dir"].as_str().unwrap()].as_u64().unwrap(),
                    "{what}: {message}"
                );
                // Replies and calls name each other.
                if let Some(reply) = message["command"]["reply"].as_u64() {
                    let other = events
                        .iter()
                        .find(|e| e["session"] == closed["session"] && e["seq"] == reply && e["event"] == "message");
                    assert_eq!(other.unwrap()["command"]["reply_to"], message["seq"], "{what}");
                }
            }
        }
    });
}

#[test]
fn the_same_packets_in_other_wrappings_give_the_same_messages() {
    let told = |file: &str| {
        let all = events(&export(&sample(file).bytes, Detail::Chunks, Bodies::Base64, false));
        all.into_iter().filter(|e| e["event"] == "message").collect::<Vec<_>>()
    };
    let pcap = told("pub-gst-rtmp2sink-nginx.pcap");
    assert!(pcap.len() > 300);
    for file in ["x-fmt-gz.pcap.gz", "x-ng-3sections-2ifs-mixed.pcapng"] {
        let other = told(file);
        assert_eq!(other.len(), pcap.len(), "{file}");
        for (a, b) in pcap.iter().zip(&other) {
            assert_eq!(a, b, "{file}");
        }
    }
}

/// Calls that wait are the hold's own business; no record leaves with one.
#[test]
fn no_message_leaves_with_a_reply_still_open() {
    for sample in samples() {
        let waits = |r: &Record| matches!(r, Record::Message(m) if m.call == Some(Call::Waiting));
        assert!(!records(&sample.bytes, Want::LITTLE).iter().any(waits), "{}", sample.name);
    }
}
