//! What of a record does not depend on how its bytes were cut into packets. The fuzz targets use this file as well.

use rtmpscope::record::{Body, Record};
use rtmpscope::time::{Span, Time};

/// A record as text, without what depends on packets, and the bytes that stand in it, for they are long.
pub(crate) fn essence(mut record: Record) -> (String, Vec<u8>) {
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
            h.carriers.clear();
            bytes = std::mem::take(&mut h.bytes).to_vec();
        }
        Record::Gap(g) => (g.time, g.packet) = (time, 0),
        Record::Finding(f) => f.time = time,
        Record::Closed(c) => c.time = time,
        _ => {}
    }
    (format!("{record:?}"), bytes)
}
