//! Cut and damaged captures: nothing panics, nothing false is told, and what was captured is told.

mod common;

use std::collections::HashMap;

use common::{Numbers, Sample, in_parallel, samples, try_feed};
use rtmpscope::engine::Settings;
use rtmpscope::out::json::{Bodies, Detail, Json, Options};
use rtmpscope::record::{Message, Record, Sink};
use rtmpscope::session::Want;
use rtmpscope::stream::Direction;
use rtmpscope::view::Mask;

/// Everything is kept of messages, and replies are left out: whether one comes depends on where a capture ends.
fn settings() -> Settings {
    Settings { pair_replies: false, ..Settings::new(Want::ALL) }
}

/// A lane: a direction of a connection.
type Lane = (String, Direction);

/// What a capture tells: complete messages by lane, and the number of packets.
struct Told {
    lanes: HashMap<Lane, Vec<Message>>,
    packets: u64,
    /// Packets are cut: what RTMP is shows later than its first message.
    cut: bool,
}

fn told(bytes: &[u8]) -> Option<Told> {
    let mut told = Told { lanes: HashMap::new(), packets: 0, cut: false };
    let mut names = HashMap::new();
    let mut last_was_end = false;
    let result = try_feed(bytes, &settings(), &mut |record| {
        last_was_end = matches!(record, Record::End(_));
        match record {
            // A port may be used again: the time tells such sessions apart.
            Record::Opened(o) => {
                names.insert(o.session, format!("{} {} {:?}", o.client, o.server, o.time));
            }
            Record::Message(m) if m.partial.is_none() => {
                told.lanes.entry((names[&m.session].clone(), m.dir)).or_default().push(m);
            }
            Record::Finding(finding) => told.cut |= finding.rule.id == "capture.packets_cut",
            Record::End(end) => told.packets = end.packets,
            _ => {}
        }
    });
    assert_eq!(result.is_ok(), last_was_end, "the last record is the end");
    result.ok().map(|()| told)
}

/// A message without what only its neighbours tell, as text, and its body.
fn essence(m: &Message) -> (String, &[u8]) {
    let facts = (m.head, m.span, m.packets, m.time, m.chunks, m.replaces, m.reply_to.map(|r| r.after));
    (format!("{facts:?} {:?}", m.meaning), m.body.bytes())
}

/// The packet with which each message of a lane was all there, and all before it.
fn known_at(messages: &[Message]) -> Vec<u64> {
    let mut latest = 0;
    let all = messages.iter().map(|m| {
        latest = m.carriers.iter().map(|c| c.packet).fold(latest, u64::max);
        latest
    });
    all.collect()
}

/// Where to cut: everywhere in a tiny capture, else spread evenly, and densely where the last packets are.
fn cuts(len: usize) -> Vec<usize> {
    let many = (6_000_000 / len.max(1)).clamp(12, 300);
    let mut cuts: Vec<usize> = (0..many).map(|n| n * len / many).collect();
    cuts.extend((0..many / 4).map(|n| len - n * 7 - 1));
    cuts.retain(|cut| *cut < len);
    cuts
}

/// Were these messages found behind lost bytes? How many of them a part of the capture proves is not for this law.
fn found_again(messages: &[Message]) -> bool {
    messages.iter().any(|m| m.recovered.is_some())
}

fn check_cuts(sample: &Sample) -> usize {
    let whole = told(&sample.bytes).unwrap();
    let known: HashMap<&Lane, Vec<u64>> = whole.lanes.iter().map(|(lane, all)| (lane, known_at(all))).collect();
    let mut compared = 0;
    for cut in cuts(sample.bytes.len()) {
        let Some(part) = told(&sample.bytes[..cut]) else { continue };
        let what = || format!("{} cut to {cut} of {} bytes", sample.name, sample.bytes.len());
        for (lane, messages) in &part.lanes {
            let all = whole.lanes.get(lane).unwrap_or_else(|| panic!("{}: {lane:?} is invented", what()));
            assert!(messages.len() <= all.len(), "{}: {lane:?} has messages too many", what());
            if found_again(all) {
                // With fewer bytes the search may begin elsewhere; it must not find what is not there.
                for a in messages {
                    assert!(all.iter().any(|b| essence(a) == essence(b)), "{}: {} is invented", what(), essence(a).0);
                }
                continue;
            }
            for (a, b) in messages.iter().zip(all) {
                assert!(essence(a) == essence(b), "{}: {} is not {}", what(), essence(a).0, essence(b).0);
                compared += 1;
            }
        }
        for (lane, known) in &known {
            if whole.cut || found_again(&whole.lanes[lane]) {
                continue;
            }
            let due = known.iter().take_while(|packet| **packet <= part.packets).count();
            let shown = part.lanes.get(lane).map_or(0, Vec::len);
            assert!(shown >= due, "{}: {lane:?} shows {shown} of {due} messages captured", what());
        }
    }
    compared
}

#[test]
fn a_cut_capture_tells_what_was_captured_and_nothing_else() {
    let compared = std::sync::atomic::AtomicUsize::new(0);
    in_parallel(&samples(), |sample| {
        compared.fetch_add(check_cuts(sample), std::sync::atomic::Ordering::Relaxed);
    });
    assert!(compared.into_inner() > 30_000, "the cuts left messages to compare");
}

/// The end of a capture that was copied while it was written: the last packets byte by byte.
#[test]
fn every_byte_of_the_end_may_be_missing() {
    for name in ["c-aggregate.pcap", "c-ext-timestamps.pcap", "x-fmt-gz.pcap.gz"] {
        let mut sample = common::sample(name);
        let len = sample.bytes.len();
        let step = if len > 100_000 { 40 } else { 1 };
        let whole = told(&sample.bytes).unwrap().lanes.values().map(Vec::len).sum::<usize>();
        let mut fewest = whole;
        for cut in (len - 600..len).rev().step_by(step) {
            sample.bytes.truncate(cut);
            let shown = told(&sample.bytes).unwrap().lanes.values().map(Vec::len).sum::<usize>();
            assert!(shown <= fewest, "{name}: {shown} messages in {cut} bytes, {fewest} in more of them");
            fewest = shown;
        }
        assert!(fewest > 0 && fewest <= whole, "{name}");
    }
}

/// Exports a damaged capture with everything; what is written must be JSON, line by line, and end properly.
fn export_damaged(bytes: &[u8], what: &str) -> usize {
    let options = Options { detail: Detail::Fields, bodies: Bodies::Head(64), array: false, live: false };
    let mut json = Json::new(Vec::new(), options, Mask::new(false));
    let (mut open, mut closed) = (0, 0);
    let result = try_feed(bytes, &Settings::new(Want::ALL), &mut |record| {
        open += usize::from(matches!(record, Record::Opened(_)));
        closed += usize::from(matches!(record, Record::Closed(_)));
        json.take(record);
    });
    assert_eq!(open, closed, "{what}: every session that opens closes");
    let written = json.finish().unwrap();
    let lines: Vec<&[u8]> = written.split(|b| *b == b'\n').filter(|line| !line.is_empty()).collect();
    for line in &lines {
        if let Err(error) = serde_json::from_slice::<serde_json::Value>(line) {
            panic!("{what}: {error}: {}", String::from_utf8_lossy(line));
        }
    }
    if result.is_ok() {
        assert!(lines.last().unwrap().starts_with(br#"{"v":1,"event":"end""#), "{what}");
    }
    lines.len()
}

#[test]
fn flipped_bytes_never_panic() {
    let events = std::sync::atomic::AtomicUsize::new(0);
    in_parallel(&samples(), |sample| {
        let len = sample.bytes.len();
        let mut numbers = Numbers(len as u64);
        // The first bytes say what kind of capture it is: with those wrong there is nothing to see.
        let rounds = (700_000 / len).clamp(3, 40);
        for round in 0..rounds {
            let mut bytes = sample.bytes.clone();
            let most = 1 << numbers.below(9);
            for _ in 0..1 + numbers.below(most) {
                let at = 24 + numbers.below(len - 24);
                bytes[at] ^= 1 + numbers.below(255) as u8;
            }
            let told = export_damaged(&bytes, &format!("{} round {round}", sample.name));
            events.fetch_add(told, std::sync::atomic::Ordering::Relaxed);
        }
    });
    assert!(events.into_inner() > 10_000, "the damage left something to decode");
}

/// Wrong bytes where they hurt most: in chunk headers and right behind them.
#[test]
fn flipped_chunk_headers_never_panic() {
    in_parallel(&samples(), |sample| {
        let mut places = Vec::new();
        if try_feed(&sample.bytes, &Settings::new(Want::ALL), &mut |record| {
            if let Record::Message(m) = record {
                let described = m.parts.iter().flat_map(|part| m.carriers_of(part.start, part.payload_start() + 4));
                places.extend(described.map(|carrier| (carrier.packet, carrier.frame_offset, carrier.len)));
            }
        })
        .is_err()
            || places.is_empty()
            || sample.path.extension().is_none_or(|end| end != "pcap")
        {
            return;
        }
        let offsets = packet_offsets(&sample.bytes);
        let mut numbers = Numbers(7);
        for round in 0..(400_000 / sample.bytes.len()).clamp(3, 40) {
            let mut bytes = sample.bytes.clone();
            for _ in 0..1 + round % 4 {
                let (packet, at, len) = places[numbers.below(places.len())];
                let at = offsets[packet as usize - 1] + at as usize + numbers.below(len as usize);
                bytes[at] = [0, 0xff, bytes[at] ^ 0xc0, bytes[at] ^ 1, numbers.below(256) as u8][numbers.below(5)];
            }
            export_damaged(&bytes, &format!("{} round {round}", sample.name));
        }
    });
}

/// Where the data of each packet of a little-endian pcap begins.
fn packet_offsets(pcap: &[u8]) -> Vec<usize> {
    assert!([0xd4c3_b2a1, 0x4d3c_b2a1].contains(&u32::from_be_bytes(pcap[..4].try_into().unwrap())));
    let mut offsets = Vec::new();
    let mut at = 24;
    while let Some(header) = pcap.get(at..at + 16) {
        offsets.push(at + 16);
        at += 16 + u32::from_le_bytes(header[8..12].try_into().unwrap()) as usize;
    }
    offsets
}
