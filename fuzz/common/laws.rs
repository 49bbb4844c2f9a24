//! Laws that hold for any bytes.

use rtmpscope::field::Tree;
use rtmpscope::record::{Body, Record, explain_body, explain_handshake, explain_header};
use rtmpscope::time::{Span, Time};

/// Leaves and gaps lie side by side and cover all bytes; groups enclose what is in them.
pub fn assert_tiles(tree: &Tree, bytes: &[u8]) {
    assert_eq!(tree.tiles(bytes.len()), Ok(()));
}

/// A record as text, without what depends on packets, and the bytes that stand in it.
fn essence(mut record: Record) -> (String, Vec<u8>) {
    let (time, packets) = (Time(0), (0, 0));
    let mut bytes = Vec::new();
    match &mut record {
        Record::Message(m) => {
            (m.time, m.began, m.packets) = (time, time, packets);
            m.carriers.clear();
            m.parts.iter_mut().for_each(|part| part.packets = packets);
            if let Some(reply) = &mut m.reply_to {
                reply.after = Span(0);
            }
            bytes = m.body.bytes().to_vec();
            m.body = Body::Kept(Default::default());
        }
        Record::Answered { after, .. } => *after = Span(0),
        Record::Handshake(h) => {
            (h.time, h.packets) = (time, packets);
            bytes = std::mem::take(&mut h.bytes).to_vec();
        }
        Record::Gap(g) => (g.time, g.packet) = (time, 0),
        Record::Finding(f) => f.time = time,
        Record::Closed(c) => c.time = time,
        _ => {}
    }
    (format!("{record:?}"), bytes)
}

/// What is explained of a record tiles its bytes.
pub fn assert_explained(record: &Record) {
    match record {
        Record::Handshake(h) => assert_tiles(&explain_handshake(h), &h.bytes),
        Record::Message(m) => {
            assert_tiles(&explain_body(m), m.body.bytes());
            m.parts.iter().for_each(|part| assert_tiles(&explain_header(part), part.header()));
        }
        _ => {}
    }
}

/// The same bytes cut differently gave the same records, whatever is missing between them.
pub fn assert_same(cut: Vec<Record>, whole: Vec<Record>) {
    let same_length = cut.len() == whole.len();
    for (a, b) in cut.into_iter().zip(whole) {
        assert_eq!(essence(a), essence(b), "cut differently");
    }
    assert!(same_length, "cut differently: number of records");
}
