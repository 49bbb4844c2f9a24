//! A steady stream of media costs no allocation per message: what a summary of a long capture, or a proxy beside its
//! relay, decodes all day.

use allocation_counter::{AllocationInfo, measure};
use rtmpscope::limits::Limits;
use rtmpscope::query::{Filter, Needs};
use rtmpscope::record::{Joined, Opened, Record, Transport};
use rtmpscope::session::{Dechunker, Event, Session, Want};
use rtmpscope::stream::{Direction, Loss, Piece, Stamp};
use rtmpscope::time::Time;
use rtmpscope::wire::chunk::Chunker;
use rtmpscope::wire::code::MessageType;

const MESSAGES: u32 = 10_000;

/// Messages before the counting begins: tables and queues find their size.
const WARM_UP: u32 = 100;

/// A Set Chunk Size and messages of this type, then the packets that carry them: AAC frames, AVC frames.
fn stream(kind: MessageType, length: usize, chunk_size: usize) -> Vec<Vec<u8>> {
    stream_of(kind, if kind == MessageType::AUDIO { &[0xaf, 1] } else { &[0x27, 1] }, length, chunk_size)
}

/// The same with messages that begin with these bytes.
fn stream_of(kind: MessageType, head: &[u8], length: usize, chunk_size: usize) -> Vec<Vec<u8>> {
    let mut bytes = Vec::new();
    let size = (chunk_size as u32).to_be_bytes();
    Chunker::default().write(2, 0, MessageType::SET_CHUNK_SIZE, 0, &size, &mut bytes);
    let mut body = vec![0x5a; length];
    body[..head.len()].copy_from_slice(head);
    let mut packets = vec![bytes];
    for n in 0..WARM_UP + MESSAGES {
        let mut bytes = Vec::new();
        Chunker { chunk_size, repeat_extended: true }.write(4, n * 23, kind, 1, &body, &mut bytes);
        packets.extend(bytes.chunks(1448).map(<[u8]>::to_vec));
    }
    packets
}

fn stamp(n: usize) -> Stamp {
    Stamp { time: Time(n as i64 * 1_000_000), packet: n as u64 + 1, frame_offset: 66 }
}

/// Feeds packets, the first of them uncounted; tells what the rest allocated.
fn counted(packets: &[Vec<u8>], mut feed: impl FnMut(Stamp, &[u8])) -> AllocationInfo {
    let warm = packets.len() * WARM_UP as usize / (WARM_UP + MESSAGES) as usize;
    for (n, packet) in packets.iter().enumerate().take(warm) {
        feed(stamp(n), packet);
    }
    measure(|| {
        for (n, packet) in packets.iter().enumerate().skip(warm) {
            feed(stamp(n), packet);
        }
    })
}

/// The kinds of stream: usual audio and video in large and in small chunks, Enhanced RTMP, several tracks, modifiers.
fn streams() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let (audio, video) = (MessageType::AUDIO, MessageType::VIDEO);
    vec![
        ("enhanced audio", stream_of(audio, b"\x91Opus", 372, 4096)),
        ("enhanced video", stream_of(video, b"\xa1hvc1\0\0\x28", 6000, 4096)),
        ("one of several tracks of audio", stream_of(audio, b"\x95\x01mp4a\x02", 372, 4096)),
        ("one of several tracks of video", stream_of(video, b"\xa6\x01av01\x01", 6000, 4096)),
        ("two tracks of one codec", stream_of(video, b"\xa6\x11vp09\0\0\0\x20", 6000, 4096)),
        ("two tracks of two codecs", stream_of(video, b"\xa6\x21\x01vp09\0\0\x20", 6000, 4096)),
        ("nanoseconds before the packet", stream_of(video, b"\xa7\x02\0\x01\x02\x01hvc1\0\0\0", 6000, 4096)),
        ("audio in chunks of 4096", stream(MessageType::AUDIO, 372, 4096)),
        ("audio in chunks of 128", stream(MessageType::AUDIO, 372, 128)),
        ("video in chunks of 4096", stream(MessageType::VIDEO, 6000, 4096)),
        ("video in chunks of 128", stream(MessageType::VIDEO, 6000, 128)),
    ]
}

#[test]
fn the_dechunker_allocates_nothing_for_media() {
    for (name, packets) in streams() {
        let mut dechunker = Dechunker::new(0, Want::LITTLE, &Limits::default());
        let mut messages = 0;
        let allocated = counted(&packets, |stamp, packet| {
            let mut input = packet;
            dechunker.note(stamp, packet.len());
            while let Some(event) = dechunker.poll(&mut input, stamp) {
                if let Event::Message(message) = event {
                    messages += u32::from(message.partial.is_none());
                    dechunker.reuse(message);
                }
            }
        });
        assert_eq!(messages, 1 + WARM_UP + MESSAGES, "{name}");
        assert_eq!(allocated.count_total, 0, "{name}: {allocated:?}");
    }
}

#[test]
fn a_session_allocates_nothing_for_media() {
    for (name, packets) in streams() {
        let (client, server) = (([10, 0, 0, 1], 4000).into(), ([10, 0, 0, 2], 1935).into());
        let opened =
            Opened { session: 1, time: Time(0), transport: Transport::Rtmp, client, server, joined: Joined::Start };
        let mut messages = 0;
        let mut sink = |record: Record| messages += u32::from(matches!(record, Record::Message(_)));
        let mut session = Session::open(opened, 0, Want::LITTLE, &Limits::default(), &mut sink);
        session.push(Direction::ClientToServer, stamp(0), Piece::Data(&[3; 1537 + 1536]), &mut sink);
        let allocated = counted(&packets, |stamp, packet| {
            session.push(Direction::ClientToServer, stamp, Piece::Data(packet), &mut sink);
        });
        assert_eq!(messages, 1 + WARM_UP + MESSAGES, "{name}");
        assert_eq!(allocated.count_total, 0, "{name}: {allocated:?}");
    }
}

/// Nor does it once bytes were lost, and every header is looked at twice.
#[test]
fn a_session_allocates_nothing_for_media_behind_a_gap() {
    for (name, packets) in streams() {
        let (client, server) = (([10, 0, 0, 1], 4000).into(), ([10, 0, 0, 2], 1935).into());
        let opened =
            Opened { session: 1, time: Time(0), transport: Transport::Rtmp, client, server, joined: Joined::Start };
        let (mut messages, mut gaps, mut recovered) = (0, 0, 0);
        let mut sink = |record: Record| {
            messages += u32::from(matches!(record, Record::Message(_)));
            gaps += u32::from(matches!(record, Record::Gap(_)));
            recovered += u32::from(matches!(&record, Record::Message(m) if m.recovered.is_some()));
        };
        let mut session = Session::open(opened, 0, Want::LITTLE, &Limits::default(), &mut sink);
        session.push(Direction::ClientToServer, stamp(0), Piece::Data(&[3; 1537 + 1536]), &mut sink);
        let missing = packets.len() / 400;
        let mut n = 0;
        let allocated = counted(&packets, |stamp, packet| {
            let piece = if n == missing { Piece::Gap(packet.len() as u64, Loss::Unseen) } else { Piece::Data(packet) };
            n += 1;
            session.push(Direction::ClientToServer, stamp, piece, &mut sink);
        });
        session.finish(&mut sink);
        assert!(gaps == 1 && recovered > MESSAGES - 10 && messages > MESSAGES, "{name}: {gaps} {recovered} {messages}");
        assert_eq!(allocated.count_total, 0, "{name}: {allocated:?}");
    }
}

/// A filter on what the headers say costs no allocation either: nothing is kept, explained or formatted for it.
#[test]
fn a_cheap_filter_allocates_nothing_for_media() {
    let filter = Filter::new(
        "kind in (audio, video) && dir == c2s && length > 100B && !(video.codec == vvc || audio.codec in (mp3, flac)) \
         && !has(partial) && time >= 0s && timestamp < 1h && !video.keyframe",
    )
    .unwrap();
    assert_eq!(filter.needs(), Needs::default());
    for (name, packets) in streams() {
        let (client, server) = (([10, 0, 0, 1], 4000).into(), ([10, 0, 0, 2], 1935).into());
        let opened =
            Opened { session: 1, time: Time(0), transport: Transport::Rtmp, client, server, joined: Joined::Start };
        let mut matches = 0;
        let mut sink = |record: Record| {
            matches += u32::from(matches!(&record, Record::Message(m) if filter.matches_message(m, Time(0))));
        };
        let mut session = Session::open(opened, 0, Want::LITTLE, &Limits::default(), &mut sink);
        session.push(Direction::ClientToServer, stamp(0), Piece::Data(&[3; 1537 + 1536]), &mut sink);
        let allocated = counted(&packets, |stamp, packet| {
            session.push(Direction::ClientToServer, stamp, Piece::Data(packet), &mut sink);
        });
        assert_eq!(matches, WARM_UP + MESSAGES, "{name}");
        assert_eq!(allocated.count_total, 0, "{name}: {allocated:?}");
    }
}

/// The counter counts: keeping bodies cannot be had for nothing.
#[test]
fn keeping_bodies_allocates() {
    let packets = stream(MessageType::AUDIO, 372, 4096);
    let mut dechunker = Dechunker::new(0, Want::ALL, &Limits::default());
    let allocated = counted(&packets, |stamp, packet| {
        let mut input = packet;
        dechunker.note(stamp, packet.len());
        while dechunker.poll(&mut input, stamp).is_some() {}
    });
    assert!(allocated.count_total >= u64::from(MESSAGES), "{allocated:?}");
}
