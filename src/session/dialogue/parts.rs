//! The messages inside of an aggregate, as messages of their own.

use std::slice::Iter;

use bytes::Bytes;

use crate::record::{Body, Head, Message, Part};
use crate::session::Assembled;
use crate::stream::Stamp;
use crate::wire::aggregate::Aggregate;

/// The parts of an aggregate whose record this is. They carry the aggregate's chunk stream, message stream and packets,
/// timestamps counted from its own, and no chunks.
pub(super) fn inside(message: &Message, aggregate: &Aggregate) -> Vec<Assembled> {
    let kept = message.body.bytes();
    let mut places = Places { chunks: message.parts.iter(), chunk: None, before: 0 };
    let stamp = |time, packet| Stamp { time, packet, frame_offset: 0 };
    let assembled = aggregate.parts.iter().map(|part| {
        let bytes = part.body.of(kept);
        let (start, end) = (u64::from(part.body.start), u64::from(part.body.end()));
        Assembled {
            head: head(&message.head, part.offset, part.body.len, part.message_type),
            span: places.span(start, end).unwrap_or(message.span),
            first: stamp(message.began, message.packets.0),
            last: stamp(message.time, message.packets.1),
            chunks: 0,
            body: Body::Kept(match &message.body {
                Body::Kept(whole) => whole.slice_ref(bytes),
                Body::Head { .. } => Bytes::copy_from_slice(bytes),
            }),
            partial: None,
            // What is not known of the aggregate is not known of its parts.
            recovered: message.recovered,
            parts: Vec::new(),
            carriers: Vec::new(),
        }
    });
    assembled.collect()
}

fn head(aggregate: &Head, offset: i32, length: u32, message_type: crate::wire::code::MessageType) -> Head {
    let timestamp = aggregate.timestamp.wrapping_add_signed(offset);
    // A part may lie before its aggregate, and before the beginning of time.
    let unwrapped = aggregate.unwrapped.checked_add_signed(i64::from(offset)).unwrap_or(u64::from(timestamp));
    Head { message_type, timestamp, unwrapped, delta: None, length, ..*aggregate }
}

/// Finds offsets of a body in the stream; each must be asked for after the smaller ones.
struct Places<'a> {
    chunks: Iter<'a, Part>,
    chunk: Option<&'a Part>,
    /// Bytes of the body in the chunks before this one.
    before: u64,
}

impl Places<'_> {
    /// Where the bytes from `start` to `end` of the body begin and end; `None` when the chunks are not known.
    fn span(&mut self, start: u64, end: u64) -> Option<(u64, u64)> {
        if start == end {
            // Nothing lies here, but something lies before it: a header.
            let at = self.place(start.checked_sub(1)?)? + 1;
            return Some((at, at));
        }
        Some((self.place(start)?, self.place(end - 1)? + 1))
    }

    fn place(&mut self, at: u64) -> Option<u64> {
        loop {
            if let Some(chunk) = self.chunk {
                let len = u64::from(chunk.payload_len);
                if at < self.before + len {
                    return Some(chunk.payload_start() + (at - self.before));
                }
                self.before += len;
            }
            self.chunk = Some(self.chunks.next()?);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(start: u64, payload_len: u32) -> Part {
        Part { start, header_len: 1, header: [0; 18], payload_len, repeats_extended: false, packets: (1, 1) }
    }

    #[test]
    fn bodies_are_found_across_chunks() {
        let chunks = [chunk(100, 4), chunk(200, 4), chunk(300, 2)];
        let mut places = Places { chunks: chunks.iter(), chunk: None, before: 0 };
        // Body offsets 0..4 stand at 101, 4..8 at 201, 8..10 at 301.
        assert_eq!(places.span(1, 3), Some((102, 104)));
        assert_eq!(places.span(3, 5), Some((104, 202)));
        assert_eq!(places.span(6, 6), Some((203, 203)));
        assert_eq!(places.span(7, 10), Some((204, 303)));
        assert_eq!(places.span(10, 11), None);
        assert_eq!(Places { chunks: [].iter(), chunk: None, before: 0 }.span(0, 1), None);
    }

    use crate::limits::Limits;
    use crate::record::Record;
    use crate::session::Dialogue;
    use crate::stream::Direction;
    use crate::wire::body::Body as Meaning;
    use crate::wire::code::MessageType;

    /// 5000, 5007 and 5023, of which the second one is a command.
    const BODY: &[u8] = b"\x08\0\0\x02\0\x13\x88\0\0\0\0\xaf\x01\0\0\0\x0d\
        \x14\0\0\x0d\0\x13\x8f\0\0\0\0\x02\0\x01f\0\0\0\0\0\0\0\0\0\0\0\0\x18\
        \x08\0\0\x01\0\x13\x9f\0\0\0\0\xaf\0\0\0\x0c";

    fn records(timestamp: u32, unwrapped: u64, body: &'static [u8], partial: Option<u32>) -> (Vec<Record>, u64) {
        let message_type = MessageType::AGGREGATE;
        let length = body.len() as u32;
        let head = Head { csid: 7, fmt: 1, message_type, stream_id: 9, timestamp, unwrapped, delta: Some(3), length };
        let stamp = |packet| Stamp { packet, ..Stamp::default() };
        let mut assembled = Assembled {
            head,
            span: (88, 200),
            first: stamp(3),
            last: stamp(5),
            chunks: 2,
            body: Body::Kept(Bytes::from_static(body)),
            partial,
            recovered: None,
            parts: vec![chunk(88, 15), chunk(120, length - 15)],
            carriers: Vec::new(),
        };
        let mut records = Vec::new();
        let mut dialogue = Dialogue::new(1, &Limits::default());
        dialogue.message(Direction::ServerToClient, &mut assembled, &mut |record| records.push(record));
        (records, dialogue.messages())
    }

    fn messages(records: &[Record]) -> Vec<&Message> {
        records.iter().filter_map(|r| if let Record::Message(m) = r { Some(m) } else { None }).collect()
    }

    #[test]
    fn parts_are_messages_of_their_own() {
        let (records, count) = records(9000, 9000, BODY, None);
        let messages = messages(&records);
        assert_eq!(count, 4);
        let told: Vec<_> =
            messages.iter().map(|m| (m.seq, m.within, m.head.timestamp, m.head.length, m.span)).collect();
        assert_eq!(
            told,
            [
                (1, None, 9000, BODY.len() as u32, (88, 200)),
                (2, Some(1), 9000, 2, (100, 102)),
                (3, Some(1), 9007, 13, (134, 147)),
                (4, Some(1), 9023, 1, (162, 163)),
            ]
        );
        for part in &messages[1..] {
            let Head { csid, fmt, stream_id, delta, .. } = part.head;
            assert_eq!((csid, fmt, stream_id, delta), (7, 1, 9, None));
            assert_eq!((part.packets, part.chunks, part.parts.len()), ((3, 5), 0, 0));
            assert_eq!(part.body.bytes().len(), part.head.length as usize);
        }
        assert!(matches!(&messages[2].meaning, Meaning::Command(command) if &*command.name == "f"));
    }

    #[test]
    fn a_fault_in_a_part_is_told_once_and_with_the_part() {
        let (records, _) = records(0, 0, BODY, None);
        let faults: Vec<_> =
            records.iter().filter_map(|r| if let Record::Finding(f) = r { Some(f) } else { None }).collect();
        let [fault] = faults.as_slice() else { panic!("{faults:?}") };
        assert_eq!((fault.rule.id, fault.seq, fault.at), ("body.fault", Some(4), 162));
    }

    #[test]
    fn timestamps_wrap_with_the_clock() {
        let times = |timestamp, unwrapped, body| {
            let (records, _) = records(timestamp, unwrapped, body, None);
            messages(&records).iter().map(|m| (m.head.timestamp, m.head.unwrapped)).collect::<Vec<_>>()
        };
        let last = u64::from(u32::MAX);
        let forward = times(u32::MAX, last, BODY);
        assert_eq!(forward[1..], [(u32::MAX, last), (6, last + 7), (22, last + 23)]);
        // The second message lies 1 ms before the first one, which stands at 0.
        const BACK: &[u8] = b"\x08\0\0\0\0\0\x05\0\0\0\0\0\0\0\x0b\x08\0\0\0\0\0\x04\0\0\0\0\0\0\0\x0b";
        assert_eq!(times(0, 0, BACK)[1..], [(0, 0), (u32::MAX, last)]);
    }

    #[test]
    fn an_aggregate_that_was_given_up_has_no_parts() {
        let (records, count) = records(0, 0, BODY, Some(20));
        assert_eq!((messages(&records).len(), count), (1, 1));
    }
}
