//! Captures made worse in stated, seeded ways, and how much of what they still hold is recovered.
#![allow(dead_code, reason = "every test uses its own part of this")]

pub(crate) mod wholes;

use std::collections::HashMap;
use std::io::Cursor;
use std::net::SocketAddr;

use rtmpscope::engine::Settings;
use rtmpscope::limits::Limits;
use rtmpscope::net::{Capture, segment};
use rtmpscope::record::{Message, Record};
use rtmpscope::session::Want;
use rtmpscope::stream::Direction;

use crate::common::{Numbers, try_feed};

/// A packet of a capture.
#[derive(Clone)]
pub(crate) struct Packet {
    /// Its number in the capture that it comes from.
    pub(crate) number: u64,
    /// Nanoseconds since 1970.
    pub(crate) time: i64,
    pub(crate) data: Vec<u8>,
    /// Its length on the wire.
    pub(crate) wire: u32,
    pub(crate) link: u32,
    /// Who sent it to whom, for TCP.
    pub(crate) ends: Option<(SocketAddr, SocketAddr)>,
    /// Bytes of TCP payload.
    pub(crate) payload: usize,
    pub(crate) syn: bool,
}

/// The packets of a capture of any format.
pub(crate) fn packets(bytes: &[u8]) -> Vec<Packet> {
    let reader = Box::new(Cursor::new(bytes.to_vec()));
    let mut capture = Capture::open(reader, "capture", &Limits::default()).unwrap();
    let mut packets = Vec::new();
    while let Some(packet) = capture.next().unwrap() {
        let tcp = segment(packet.link, packet.data, packet.original_len).ok();
        packets.push(Packet {
            number: packet.number,
            time: packet.time.map_or(0, |time| time.0),
            data: packet.data.to_vec(),
            wire: packet.original_len,
            link: u32::from(packet.link.0),
            ends: tcp.map(|tcp| (tcp.src, tcp.dst)),
            payload: tcp.map_or(0, |tcp| tcp.payload.len()),
            syn: tcp.is_some_and(|tcp| tcp.flags.syn),
        });
    }
    packets
}

/// A capture file of packets: little-endian pcap in nanoseconds.
pub(crate) fn capture(packets: &[Packet]) -> Vec<u8> {
    let mut file = Vec::new();
    let link = packets.first().map_or(1, |packet| packet.link);
    for word in [0xa1b2_3c4d, 2 | 4 << 16, 0, 0, 0xffff, link] {
        file.extend(u32::to_le_bytes(word));
    }
    for packet in packets {
        let (seconds, nanoseconds) = (packet.time.div_euclid(1_000_000_000), packet.time.rem_euclid(1_000_000_000));
        for word in [seconds as u32, nanoseconds as u32, packet.data.len() as u32, packet.wire] {
            file.extend(word.to_le_bytes());
        }
        file.extend(&packet.data);
    }
    file
}

/// What is done to a capture.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Damage {
    /// Each data packet is lost with this chance in a thousand.
    Loss(usize),
    /// So many packets in a row are lost, once.
    Burst(usize),
    /// The data packet with this number, counted from 0, is lost.
    One(usize),
    /// The capture begins behind this many packets.
    Late(usize),
    /// Packets are cut to this many bytes.
    Snap(usize),
    /// Only what the publisher (true) or the other side sends is there.
    OneWay(bool),
    /// A fifth of the packets comes twice.
    Twice,
    /// Packets change places with one a few later.
    Shuffled,
}

impl Damage {
    /// The packets that are left.
    pub(crate) fn apply(self, all: &[Packet], seed: u64) -> Vec<Packet> {
        let mut numbers = Numbers(seed);
        let mut left = all.to_vec();
        let data: Vec<u64> = all.iter().filter(|p| p.payload > 0).map(|p| p.number).collect();
        match self {
            Damage::Loss(chance) => left.retain(|p| p.payload == 0 || numbers.below(1000) >= chance),
            Damage::Burst(many) => {
                let from = numbers.below(all.len().saturating_sub(many).max(1));
                left.drain(from..(from + many).min(all.len()));
            }
            Damage::One(n) => left.retain(|p| p.number != data[n % data.len()]),
            Damage::Late(n) => drop(left.drain(..n.min(all.len()))),
            Damage::Snap(len) => left.iter_mut().for_each(|p| p.data.truncate(len)),
            Damage::OneWay(client) => {
                let opener = all.iter().find(|p| p.syn).and_then(|p| p.ends).map(|ends| ends.0);
                left.retain(|p| p.ends.is_none_or(|ends| (Some(ends.0) == opener) == client));
            }
            Damage::Twice => {
                left = all.iter().flat_map(|p| vec![p.clone(); 1 + usize::from(numbers.below(5) == 0)]).collect();
            }
            Damage::Shuffled => {
                for at in 4..left.len().saturating_sub(8) {
                    if numbers.below(10) == 0 {
                        left.swap(at, at + 1 + numbers.below(4));
                    }
                }
                // The clock of a capture goes on, whatever the packets do.
                let mut times: Vec<i64> = left.iter().map(|p| p.time).collect();
                times.sort_unstable();
                left.iter_mut().zip(times).for_each(|(p, time)| p.time = time);
            }
        }
        left
    }
}

/// The messages of a capture by who sent them to whom.
pub(crate) struct Told {
    pub(crate) lanes: HashMap<(SocketAddr, SocketAddr), Vec<Message>>,
}

/// What a capture tells; parts of aggregates are left out.
pub(crate) fn told(capture: &[u8]) -> Told {
    let mut ends = HashMap::new();
    let mut lanes: HashMap<_, Vec<Message>> = HashMap::new();
    let settings = Settings { pair_replies: false, ..Settings::new(Want::ALL) };
    try_feed(capture, &settings, &mut |record| match record {
        Record::Opened(o) => drop(ends.insert(o.session, (o.client, o.server))),
        Record::Message(m) if m.within.is_none() => {
            let (client, server) = ends[&m.session];
            let lane = if m.dir == Direction::ClientToServer { (client, server) } else { (server, client) };
            lanes.entry(lane).or_default().push(m);
        }
        _ => {}
    })
    .unwrap();
    Told { lanes }
}

/// How a damaged capture fares against the whole one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Score {
    /// Messages of the whole capture.
    pub(crate) all: usize,
    /// Those of them all of whose bytes are still there.
    pub(crate) untouched: usize,
    /// Those that were found.
    pub(crate) found: usize,
    /// Messages told as complete that the whole capture does not have.
    pub(crate) wrong: usize,
    /// Messages of which the header was told, complete or not.
    pub(crate) headers: usize,
    /// Headers told that the whole capture does not have.
    pub(crate) wrong_headers: usize,
}

impl std::ops::AddAssign for Score {
    fn add_assign(&mut self, other: Score) {
        self.all += other.all;
        self.untouched += other.untouched;
        self.found += other.found;
        self.wrong += other.wrong;
        self.headers += other.headers;
        self.wrong_headers += other.wrong_headers;
    }
}

impl Score {
    /// Share of the untouched messages that were found.
    pub(crate) fn share(&self) -> f64 {
        if self.untouched == 0 { 1.0 } else { self.found as f64 / self.untouched as f64 }
    }
}

/// Does what a found message states agree with the true one?
fn agrees(found: &Message, truth: &Message) -> bool {
    found.head.csid == truth.head.csid
        && found.timestamp().is_none_or(|time| time == truth.head.timestamp)
        && found.stream_id().is_none_or(|id| id == truth.head.stream_id)
}

/// Compares what is told of `left` with what the whole capture tells.
pub(crate) fn score(whole: &Told, left: &[Packet]) -> Score {
    let told = told(&capture(left));
    let kept: HashMap<u64, usize> = left.iter().map(|p| (p.number, p.data.len())).collect();
    let mut score = Score::default();
    let nothing = Vec::new();
    for (lane, truth) in &whole.lanes {
        let found = told.lanes.get(lane).unwrap_or(&nothing);
        score += compare(truth, found, |m| {
            m.carriers.iter().all(|c| kept.get(&c.packet).is_some_and(|len| (c.frame_offset + c.len) as usize <= *len))
        });
    }
    for (lane, found) in told.lanes.iter().filter(|(lane, _)| !whole.lanes.contains_key(lane)) {
        assert!(found.is_empty(), "a session between {lane:?} is invented");
    }
    score
}

/// Compares the messages of a lane, not by their places: those may not be known.
fn compare(truth: &[Message], found: &[Message], untouched: impl Fn(&Message) -> bool) -> Score {
    let mut score = Score::default();
    let mut bodies: HashMap<_, Vec<(usize, bool)>> = HashMap::new();
    for (n, m) in truth.iter().enumerate().filter(|(_, m)| m.partial.is_none()) {
        let whole = untouched(m);
        (score.all, score.untouched) = (score.all + 1, score.untouched + usize::from(whole));
        bodies.entry((m.head.message_type, m.body.bytes())).or_default().push((n, whole));
    }
    let mut told = vec![false; truth.len()];
    let (complete, partial): (Vec<_>, Vec<_>) = found.iter().partition(|m| m.partial.is_none());
    for m in complete {
        let same = bodies.entry((m.head.message_type, m.body.bytes())).or_default();
        let whole = same.iter().position(|(n, whole)| *whole && agrees(m, &truth[*n]));
        match whole.or_else(|| same.iter().position(|(n, _)| agrees(m, &truth[*n]))) {
            Some(place) => {
                let (n, whole) = same.swap_remove(place);
                (score.found, score.headers, told[n]) = (score.found + usize::from(whole), score.headers + 1, true);
            }
            None => {
                show("message", m);
                score.wrong += 1;
            }
        }
    }
    // Those that state most choose first.
    let (timed, untimed): (Vec<_>, Vec<_>) = partial.into_iter().partition(|m| m.timestamp().is_some());
    for m in timed.into_iter().chain(untimed) {
        let same = |t: &Message| (t.head.message_type, t.head.length) == (m.head.message_type, m.head.length);
        match (0..truth.len()).find(|n| !told[*n] && same(&truth[*n]) && agrees(m, &truth[*n])) {
            Some(n) => (score.headers, told[n]) = (score.headers + 1, true),
            None => {
                show("header", m);
                score.wrong_headers += 1;
            }
        }
    }
    score
}

/// Prints what is false, when asked to.
#[allow(clippy::print_stdout, reason = "figures are what a measurement is for")]
fn show(what: &str, m: &Message) {
    if std::env::var_os("RECOVERY_SHOW").is_some() {
        println!("  false {what}: {:?} span {:?} {:?} partial {:?}", m.head, m.span, m.recovered, m.partial);
    }
}
