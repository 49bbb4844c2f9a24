//! Events tell the same of media whether all of each body was kept or only what tells its units.

mod common;
mod impair;

use common::{feed, in_parallel, samples};
use rtmpscope::engine::Settings;
use rtmpscope::out::json::{Bodies, Detail, Json, Options};
use rtmpscope::record::{Body, Record, Sink};
use rtmpscope::session::{MediaBody, Want};
use rtmpscope::view::Mask;

/// The events, how many bodies of media are there in part only, and how many of those tell all.
fn events(bytes: &[u8], media: MediaBody) -> (String, [usize; 2]) {
    let options = Options { detail: Detail::Messages, bodies: Bodies::None, array: false, live: false };
    let mut json = Json::new(Vec::new(), options, Mask::new(true));
    let mut heads = [0; 2];
    feed(bytes, &Settings::new(Want { media, origin: false }), &mut |record| {
        if let Record::Message(message) = &record
            && let Body::Head { enough, len, .. } = message.body
            && u32::from(len) < message.head.length
        {
            heads[usize::from(enough)] += 1;
        }
        json.take(record);
    });
    (String::from_utf8(json.finish().unwrap()).unwrap(), heads)
}

fn assert_same(bytes: &[u8], what: &str) -> usize {
    let (whole, _) = events(bytes, MediaBody::Whole);
    let (units, [_, enough]) = events(bytes, MediaBody::Units);
    for (a, b) in whole.lines().zip(units.lines()) {
        assert_eq!(a, b, "{what}");
    }
    assert_eq!(whole.lines().count(), units.lines().count(), "{what}");
    enough
}

#[test]
fn events_do_not_depend_on_what_was_kept() {
    let enough = std::sync::atomic::AtomicUsize::new(0);
    in_parallel(&samples(), |sample| {
        enough.fetch_add(assert_same(&sample.bytes, &sample.name), std::sync::atomic::Ordering::Relaxed);
    });
    // Otherwise nothing was saved.
    assert!(enough.into_inner() > 1000);
}

/// Bytes of the payload are spoiled: lengths of units, their types, what begins a slice. And packets are lost.
#[test]
fn nor_does_it_where_bytes_are_spoiled_or_lost() {
    let captures = ["pub-ffmpeg5-2s-nginx.pcap", "pub-ffmpeg9-hevc-aac-nms4.pcap", "pub-obs29-h264-aac-nginx.pcap"]
        .map(common::sample);
    in_parallel(&captures, |sample| {
        let mut random = common::Numbers(0x5eed);
        for round in 0..60 {
            let mut bytes = sample.bytes.clone();
            for _ in 0..40 {
                // Behind the handshake: what spoils headers is tried elsewhere.
                let at = bytes.len() / 4 + random.below(bytes.len() * 3 / 4);
                bytes[at] = random.below(256) as u8;
            }
            assert_same(&bytes, &format!("{}, round {round}", sample.name));
        }
        let whole = impair::packets(&sample.bytes);
        for n in 5..25 {
            let left = impair::capture(&impair::Damage::One(n).apply(&whole, 0));
            assert_same(&left, &format!("{} without packet {n}", sample.name));
        }
    });
}
