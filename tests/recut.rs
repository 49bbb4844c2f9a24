//! What is found behind lost bytes, and in captures that begin late, does not depend on how the bytes are cut into
//! pieces.

mod common;
mod impair;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{Numbers, in_parallel, sample};
use impair::{Damage, packets};
use rtmpscope::limits::Limits;
use rtmpscope::net::{Capture, FlowId, FlowInfo, Flows, Receiver, Side};
use rtmpscope::record::{GapAction, Joined, Opened, Record, Transport};
use rtmpscope::session::{Session, Want};
use rtmpscope::stream::{Direction, Ending, Loss, Piece, Stamp};
use rtmpscope::time::Time;

/// A turn: what one side sends before something else happens.
enum Turn {
    Data(Vec<u8>),
    Gap(u64, Loss),
    End(Ending),
}

/// What each connection of a capture carries, turn by turn.
#[derive(Default)]
struct Tape(BTreeMap<FlowId, Vec<(Direction, Turn)>>);

impl Receiver for Tape {
    fn opened(&mut self, flow: FlowId, _: &FlowInfo) {
        self.0.insert(flow, Vec::new());
    }

    fn piece(&mut self, flow: FlowId, side: Side, _: Stamp, piece: Piece<'_>) {
        let dir = if side == Side::A { Direction::ClientToServer } else { Direction::ServerToClient };
        let turns = self.0.get_mut(&flow).unwrap();
        match (piece, turns.last_mut()) {
            (Piece::Data(more), Some((last, Turn::Data(bytes)))) if *last == dir => bytes.extend_from_slice(more),
            (Piece::Data(bytes), _) => turns.push((dir, Turn::Data(bytes.to_vec()))),
            (Piece::Gap(missing, loss), _) => turns.push((dir, Turn::Gap(missing, loss))),
            (Piece::End(ending), _) => turns.push((dir, Turn::End(ending))),
        }
    }

    fn closed(&mut self, _: FlowId) {}
}

/// The connections of a damaged capture.
fn connections(capture: &[u8]) -> Vec<Vec<(Direction, Turn)>> {
    let limits = Limits::default();
    let mut capture = Capture::open(Box::new(Cursor::new(capture.to_vec())), "capture", &limits).unwrap();
    let (mut flows, mut tape) = (Flows::new(&limits), Tape::default());
    while let Some(packet) = capture.next().unwrap() {
        flows.push(&packet, &mut tape);
    }
    flows.finish(&mut tape);
    tape.0.into_values().collect()
}

/// The records of a session whose turns are cut into pieces of the lengths that `cut` gives. All pieces of a turn have
/// the same stamp, so that whole records can be compared.
fn records(turns: &[(Direction, Turn)], joined: Joined, mut cut: impl FnMut(usize) -> usize) -> Vec<String> {
    let mut told = Vec::new();
    let mut sink = |record: Record| told.push(essence(record));
    let address = ([192, 0, 2, 1], 1935).into();
    let (transport, time) = (Transport::Rtmp, Time(0));
    let opened = Opened { session: 1, time, transport, client: address, server: address, joined };
    let limits = Limits::default();
    let mut session = match joined {
        Joined::Start => Session::open(opened, 0, Want::ALL, &limits, &mut sink),
        Joined::Late => Session::join(opened, Want::ALL, &limits, &mut sink),
    };
    for (nth, (dir, turn)) in turns.iter().enumerate() {
        let stamp = Stamp { time: Time(nth as i64 * 1_000_000), packet: nth as u64, frame_offset: 0 };
        match turn {
            Turn::Gap(missing, loss) => session.push(*dir, stamp, Piece::Gap(*missing, *loss), &mut sink),
            Turn::End(ending) => session.push(*dir, stamp, Piece::End(*ending), &mut sink),
            Turn::Data(bytes) => {
                let mut rest = &bytes[..];
                while !rest.is_empty() {
                    let (piece, after) = rest.split_at(cut(rest.len()).clamp(1, rest.len()));
                    session.push(*dir, stamp, Piece::Data(piece), &mut sink);
                    rest = after;
                }
            }
        }
    }
    session.finish(&mut sink);
    told
}

/// A record as text, without the places of its bytes in packets.
fn essence(mut record: Record) -> String {
    match &mut record {
        Record::Message(m) => m.carriers.clear(),
        Record::Handshake(h) => h.carriers.clear(),
        _ => {}
    }
    format!("{record:?}")
}

#[test]
fn what_is_found_again_does_not_depend_on_how_bytes_are_cut() {
    let damages = [
        (Damage::Loss(50), Joined::Start),
        (Damage::Loss(200), Joined::Start),
        (Damage::Burst(40), Joined::Start),
        (Damage::Late(40), Joined::Late),
        (Damage::Snap(400), Joined::Start),
        (Damage::Snap(120), Joined::Late),
    ];
    let names =
        ["pub-ffmpeg5-2s-nginx.pcap", "chunk128-2s-nginx.pcap", "pub-gst-rtmp2sink-nginx.pcap", "c-random-mix.pcap"];
    let found = AtomicUsize::new(0);
    in_parallel(&names, |name| {
        let whole = packets(&sample(name).bytes);
        for (seed, (damage, joined)) in damages.into_iter().enumerate() {
            let left = impair::capture(&damage.apply(&whole, seed as u64));
            for turns in connections(&left) {
                let once = records(&turns, joined, |len| len);
                found.fetch_add(once.iter().filter(|told| told.contains("Resync {")).count(), Ordering::Relaxed);
                let mut numbers = Numbers(seed as u64);
                let same = |how: &str, cut: Vec<String>| {
                    for (a, b) in once.iter().zip(&cut) {
                        assert_eq!(a, b, "{name} {damage:?} {how}");
                    }
                    assert_eq!(once.len(), cut.len(), "{name} {damage:?} {how}: number of records");
                };
                same("byte by byte", records(&turns, joined, |_| 1));
                same("at random", records(&turns, joined, |_| 1 + numbers.below(3000)));
            }
        }
    });
    let resync = format!("{:?}", GapAction::Resync { chunk_size: 1, confidence_bits: 1 });
    assert!(resync.starts_with("Resync {"), "what is counted is written so");
    assert!(found.into_inner() > 50, "decoding was found again");
}
