//! Every line of the table of budgets: at the limit nothing is lost, one past it precision is, and that is said. Lines
//! that no session meets are tested beside their code (late bytes, datagrams, blocks, chunk streams, kept bodies, tracks).

mod common;
mod impair;

use std::io::Write;

use common::{sample, try_feed};
use rtmpscope::engine::Settings;
use rtmpscope::limits::Limits;
use rtmpscope::record::{End, GapAction, Joined, Opened, Record, Transport};
use rtmpscope::session::{Session, Want};
use rtmpscope::stream::{Direction, Loss, Piece, Stamp};
use rtmpscope::time::Time;
use rtmpscope::view::{Mask, Story};
use rtmpscope::wire::chunk::Chunker;
use rtmpscope::wire::code::MessageType;

/// The findings and messages of a session in which the client sends these messages.
fn session(limits: &Limits, messages: &[(MessageType, Vec<u8>)]) -> (Vec<(&'static str, String)>, usize) {
    let (mut findings, mut told) = (Vec::new(), 0);
    let mut sink = |record: Record| match record {
        Record::Finding(finding) => findings.push((finding.rule.id, finding.text)),
        Record::Message(_) => told += 1,
        _ => {}
    };
    let address = ([192, 0, 2, 1], 1935).into();
    let (transport, joined) = (Transport::Rtmp, Joined::Start);
    let opened = Opened { session: 1, time: Time(0), transport, client: address, server: address, joined };
    let mut session = Session::open(opened, 0, Want::ALL, limits, &mut sink);
    let mut bytes = vec![0; 1 + 2 * 1536];
    bytes[0] = 3;
    for (kind, body) in messages {
        let csid = if *kind == MessageType::SET_CHUNK_SIZE { 2 } else { 3 };
        Chunker::default().write(csid, 0, *kind, 0, body, &mut bytes);
    }
    session.push(Direction::ClientToServer, Stamp::default(), Piece::Data(&bytes), &mut sink);
    session.finish(&mut sink);
    (findings, told)
}

/// A call with this transaction and these AMF0 values behind it.
fn call(transaction: f64, values: &[u8]) -> (MessageType, Vec<u8>) {
    let mut body = b"\x02\x00\x04call\x00".to_vec();
    body.extend(transaction.to_be_bytes());
    body.push(5);
    body.extend(values);
    (MessageType::COMMAND, body)
}

/// So many objects inside of each other.
fn nested(depth: usize) -> Vec<u8> {
    let mut values = b"\x03\x00\x01a".repeat(depth);
    values.push(5);
    values.extend(b"\x00\x00\x09".repeat(depth));
    values
}

/// An array of so many nulls.
fn many(count: u32) -> Vec<u8> {
    let mut values = vec![10];
    values.extend(count.to_be_bytes());
    values.extend(vec![5; count as usize]);
    values
}

fn faults(values: &[u8]) -> Vec<String> {
    let (findings, told) = session(&Limits::default(), &[call(0.0, values)]);
    assert_eq!(told, 1, "the message is told all the same");
    findings.into_iter().map(|(rule, text)| format!("{rule}: {text}")).collect()
}

#[test]
fn amf_values_nest_so_deep_and_no_deeper() {
    let most = usize::from(Limits::default().amf_depth);
    // The innermost value counts, too.
    assert_eq!(faults(&nested(most - 1)), [""; 0]);
    let said = faults(&nested(most + 1));
    assert!(said.len() == 1 && said[0].contains("values nest too deep"), "{said:?}");
}

#[test]
fn a_message_has_so_many_amf_values_and_no_more() {
    let most = Limits::default().amf_nodes;
    assert_eq!(faults(&many(most - 10)), [""; 0]);
    let said = faults(&many(most + 1));
    assert!(said.len() == 1 && said[0].contains("too many values"), "{said:?}");
    // A count costs nothing: memory is taken for values that are there.
    let said = faults(&[10, 0xff, 0xff, 0xff, 0xff, 5]);
    assert_eq!(said.len(), 1, "{said:?}");
}

#[test]
fn so_many_calls_wait_for_their_reply() {
    let most = Limits::default().transactions;
    let calls = |n: usize| (1..=n).map(|n| call(n as f64, &[])).collect::<Vec<_>>();
    assert_eq!(session(&Limits::default(), &calls(most)), (Vec::new(), most));
    let (findings, told) = session(&Limits::default(), &calls(most + 1));
    assert_eq!(told, most + 1);
    assert_eq!(findings.iter().map(|f| f.0).collect::<Vec<_>>(), ["limit.transactions"]);
}

#[test]
fn small_chunk_sizes_are_said_and_impossible_ones_ignored() {
    let rules = |size: u32| {
        let set = (MessageType::SET_CHUNK_SIZE, size.to_be_bytes().to_vec());
        let (findings, _) = session(&Limits::default(), &[set]);
        findings.into_iter().map(|f| f.0).collect::<Vec<_>>()
    };
    assert_eq!(rules(0), ["chunk.size_illegal"]);
    assert_eq!(rules(1), ["chunk.size_tiny"]);
    assert_eq!(rules(15), ["chunk.size_tiny"]);
    assert_eq!(rules(16), [""; 0]);
    assert_eq!(rules(0x7fff_ffff), [""; 0]);
    assert_eq!(rules(0x8000_0000), ["chunk.size_illegal"]);
}

/// What a run says at its end.
fn end(bytes: &[u8], limits: Limits) -> (End, usize) {
    let (mut last, mut sessions) = (None, 0);
    let settings = Settings { limits, ..Settings::new(Want::LITTLE) };
    try_feed(bytes, &settings, &mut |record| match record {
        Record::End(end) => last = Some(end),
        Record::Opened(_) => sessions += 1,
        _ => {}
    })
    .unwrap();
    (last.unwrap(), sessions)
}

#[test]
fn connections_over_the_limit_are_dropped_and_that_is_said() {
    let bytes = sample("c-handshakes.pcap").bytes;
    let (all, sessions) = end(&bytes, Limits::default());
    assert_eq!((all.notes.len(), sessions as u64), (0, all.searched.connections));
    let (fits, _) = end(&bytes, Limits { flows: sessions, ..Limits::default() });
    assert_eq!(fits.notes, [""; 0]);
    // Two pairs of ports in turn, and room for one of them.
    let packets = include_packets();
    let other = |(header, data): &Raw| {
        let mut data = data.clone();
        // The last digit of both addresses.
        (data[29], data[33]) = (data[29] ^ 0x40, data[33] ^ 0x40);
        (header.clone(), data)
    };
    let (file, packets) = packets.split_first().unwrap();
    let both: Vec<Raw> = packets.iter().flat_map(|packet| [packet.clone(), other(packet)]).collect();
    let both = impair(&[vec![file.clone()], both].concat());
    let (fits, sessions) = end(&both, Limits { flows: 2, ..Limits::default() });
    assert_eq!((fits.notes, sessions), (Vec::new(), 2));
    let (over, _) = end(&both, Limits { flows: 1, ..Limits::default() });
    assert!(over.notes.iter().any(|note| note.contains("connections were dropped")), "{:?}", over.notes);
}

/// Without a handshake a connection is looked at until so many bytes have come; what is not recognised by then is not
/// RTMP.
#[test]
fn a_late_start_is_looked_for_in_so_many_bytes() {
    let bytes = sample("x-cutstart-110.pcap").bytes;
    let found = |most| end(&bytes, Limits { late_probe_bytes: most, ..Limits::default() }).1;
    assert_eq!(found(Limits::default().late_probe_bytes), 1);
    // The bytes that had come before the packet that tells.
    let mut sums = impair::packets(&bytes).into_iter().scan(0, |sum, packet| {
        *sum += packet.payload;
        Some(*sum)
    });
    let before = sums.find(|sum| found(sum + 1) == 1).unwrap();
    assert!(before > 500, "one packet alone tells little");
    assert_eq!((found(before + 1), found(before)), (1, 0));
}

/// Behind lost bytes a message is believed when a chain of headers leads on from it that is no longer than this.
#[test]
fn a_chain_of_headers_is_followed_so_far() {
    let address = ([192, 0, 2, 1], 1935).into();
    let (transport, joined) = (Transport::Rtmp, Joined::Start);
    let opened = Opened { session: 1, time: Time(0), transport, client: address, server: address, joined };
    let audio = |timestamp: u32| {
        let mut bytes = Vec::new();
        Chunker::default().write(4, timestamp, MessageType::AUDIO, 1, &[0x55; 100], &mut bytes);
        bytes
    };
    let told = |most: usize| {
        let limits = Limits { hunt_bytes: most, ..Limits::default() };
        let (mut messages, mut last) = (0, None);
        let mut sink = |record: Record| match record {
            Record::Message(m) => messages += usize::from(m.partial.is_none()),
            Record::Gap(gap) => last = Some(gap.action),
            _ => {}
        };
        let mut session = Session::open(opened.clone(), 0, Want::ALL, &limits, &mut sink);
        let mut bytes = vec![0; 1 + 2 * 1536];
        bytes[0] = 3;
        bytes.extend(audio(0));
        let push = |session: &mut Session, piece: Piece<'_>, sink: &mut dyn FnMut(Record)| {
            session.push(Direction::ClientToServer, Stamp::default(), piece, &mut |record: Record| sink(record));
        };
        push(&mut session, Piece::Data(&bytes), &mut sink);
        push(&mut session, Piece::Gap(5000, Loss::Unseen), &mut sink);
        push(&mut session, Piece::Data(&(1..=9).flat_map(|n| audio(n * 23)).collect::<Vec<_>>()), &mut sink);
        session.finish(&mut sink);
        (messages, last)
    };
    // Two headers tell enough, a whole message with its header of 12 bytes apart.
    assert_eq!(told(112), (10, Some(GapAction::Resync { chunk_size: 128, confidence_bits: 100 })));
    assert_eq!(told(111), (1, Some(GapAction::Stopped)));
}

/// Each message stream with sound in it is a track.
#[test]
fn so_many_tracks_are_told_apart() {
    let told = |streams: u32| {
        let address = ([192, 0, 2, 1], 1935).into();
        let (transport, joined) = (Transport::Rtmp, Joined::Start);
        let opened = Opened { session: 1, time: Time(0), transport, client: address, server: address, joined };
        let (mut story, mask) = (Story::new(opened.clone()), Mask::new(true));
        let mut sink = |record: Record| story.add(&record, &mask);
        let mut session = Session::open(opened, 0, Want::ALL, &Limits::default(), &mut sink);
        let mut bytes = vec![0; 1 + 2 * 1536];
        bytes[0] = 3;
        for stream in 1..=streams {
            Chunker::default().write(4, 0, MessageType::AUDIO, stream, &[0xaf, 1, 7], &mut bytes);
        }
        session.push(Direction::ClientToServer, Stamp::default(), Piece::Data(&bytes), &mut sink);
        session.finish(&mut sink);
        let beyond =
            story.lines(&mask).into_iter().map(|line| format!("{line:?}")).find(|line| line.contains("told apart"));
        (story.media().tracks().len(), beyond)
    };
    assert_eq!(told(1024), (1024, None));
    let (tracks, beyond) = told(1025);
    assert_eq!(tracks, 1024);
    assert!(beyond.is_some_and(|line| line.contains("1 message of more than 1024 tracks")));
}

#[test]
fn input_that_unpacks_to_very_much_is_read_and_said() {
    // Packets of zeros: nothing packs better.
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4u32, 2 | 4 << 16, 0, 0, 0xffff, 1] {
        file.extend(word.to_le_bytes());
    }
    for _ in 0..400 {
        for word in [0, 0, 1500, 1500u32] {
            file.extend(word.to_le_bytes());
        }
        file.resize(file.len() + 1500, 0);
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&file).unwrap();
    let packed = encoder.finish().unwrap();
    let ratio = (file.len() / packed.len()) as u64;
    let said = |ratio| {
        let (end, _) = end(&packed, Limits { unpack_ratio: ratio, ..Limits::default() });
        assert!(end.complete && end.packets == 400, "all of it is read");
        end.notes
    };
    assert_eq!(said(ratio), [""; 0]);
    let notes = said(ratio - 1);
    assert!(notes.len() == 1 && notes[0].contains(&format!("unpacks to {ratio} times its size")), "{notes:?}");
}

#[test]
fn copies_that_differ_and_packets_out_of_order_are_said() {
    let mut all = include_packets();
    let (clean, _) = end(&impair(&all), Limits::default());
    assert_eq!(clean.notes, [""; 0]);
    let last = all.len() - 2;
    all.swap(last - 40, last - 20);
    let (said, _) = end(&impair(&all), Limits::default());
    assert!(said.notes.iter().any(|note| note.contains("older than the one before")), "{:?}", said.notes);
}

type Raw = (Vec<u8>, Vec<u8>);

/// The records of a capture: headers and frames.
fn include_packets() -> Vec<Raw> {
    let bytes = sample("pub-ffmpeg5-2s-nginx.pcap").bytes;
    let (mut rest, mut all) = (&bytes[24..], vec![(bytes[..24].to_vec(), Vec::new())]);
    while rest.len() >= 16 {
        let len = u32::from_le_bytes(rest[8..12].try_into().unwrap()) as usize;
        all.push((rest[..16].to_vec(), rest[16..16 + len].to_vec()));
        rest = &rest[16 + len..];
    }
    all
}

fn impair(all: &[Raw]) -> Vec<u8> {
    all.iter().flat_map(|(header, data)| [&header[..], data].concat()).collect()
}
