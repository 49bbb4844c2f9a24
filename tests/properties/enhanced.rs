//! Audio and video of Enhanced RTMP: every packet type, ModEx before them, and the three forms of multitrack.

use proptest::prelude::*;
use rtmpscope::field::Tree;
use rtmpscope::wire::code::MessageType;

use super::*;

const VIDEO: [&[u8; 4]; 6] = [b"vp08", b"vp09", b"av01", b"avc1", b"hvc1", b"vvc1"];
const AUDIO: [&[u8; 4]; 6] = [b"ac-3", b"ec-3", b"Opus", b".mp3", b"fLaC", b"mp4a"];

/// A media message: its type, its body, and how many tracks it names.
#[derive(Clone, Debug)]
struct Media {
    ty: MessageType,
    body: Vec<u8>,
    modifiers: usize,
    tracks: usize,
}

/// ModEx entries: sizes of one byte or three, nanoseconds or a type that nobody knows.
fn mod_ex() -> impl Strategy<Value = Vec<(u8, Vec<u8>)>> {
    let nano = (0..1_000_000u32).prop_map(|nano| (0u8, be(nano, 3)));
    let other = (1..16u8, prop_oneof![bytes(1..6), bytes(250..300)]);
    proptest::collection::vec(prop_oneof![nano, other], 0..3)
}

/// Packet types whose bodies may be anything: coded pictures and sound, the end of a sequence.
fn media() -> impl Strategy<Value = Media> {
    let track = (any::<u8>(), 0..6usize, bytes(0..24));
    let tracks = proptest::collection::vec(track, 1..4);
    (any::<bool>(), 0..4u8, prop_oneof![Just(1u8), Just(2), Just(3)], mod_ex(), tracks, 1..3u8).prop_map(
        |(video, form, packet, mod_ex, tracks, frame)| {
            let (multitrack, codes) = if video { (6, VIDEO) } else { (5, AUDIO) };
            // Audio has no packet of type 3.
            let packet = if video || packet < 3 { packet } else { 1 };
            let end = packet == 2;
            let payload = |body: &[u8]| if end { Vec::new() } else { body.to_vec() };
            let mut types: Vec<u8> = vec![7; mod_ex.len()];
            types.push(if form == 0 { packet } else { multitrack });
            // The first type stands in byte 0, each further one behind the entry of ModEx before it.
            let mut body = vec![if video { 0x80 | frame << 4 } else { 0x90 } | types[0]];
            for ((kind, data), next) in mod_ex.iter().zip(&types[1..]) {
                let size = data.len() - 1;
                if size < 255 {
                    body.push(size as u8);
                } else {
                    body.push(255);
                    body.extend((size as u16).to_be_bytes());
                }
                body.extend(data);
                body.push(kind << 4 | next);
            }
            let (_, first, data) = &tracks[0];
            match form {
                0 => {
                    body.extend(codes[*first]);
                    body.extend(payload(data));
                }
                1 => {
                    body.push(packet);
                    body.extend(codes[*first]);
                    body.push(tracks[0].0);
                    body.extend(payload(data));
                }
                _ => {
                    body.push((form - 1) << 4 | packet);
                    if form == 2 {
                        body.extend(codes[*first]);
                    }
                    for (id, code, data) in &tracks {
                        if form == 3 {
                            body.extend(codes[*code]);
                        }
                        body.push(*id);
                        body.extend(be(payload(data).len() as u32, 3));
                        body.extend(payload(data));
                    }
                }
            }
            let tracks = [0, 1, tracks.len(), tracks.len()][usize::from(form)];
            Media { ty: MessageType(if video { 9 } else { 8 }), body, modifiers: mod_ex.len(), tracks }
        },
    )
}

fn named(tree: &Tree, name: &str) -> usize {
    tree.nodes().iter().filter(|node| node.field.name == name).count()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn packets_mod_ex_and_tracks(media in media(), change in change()) {
        let tree = laws(media.ty, &media.body, change)?;
        // What codecs make of random bytes is theirs; how many tracks there are is not.
        prop_assert_eq!(named(&tree, "track_id"), media.tracks, "{:02x?}", media.body);
        prop_assert_eq!(named(&tree, "mod_ex"), media.modifiers, "{:02x?}", media.body);
    }

    /// Orders of channels, and masks, with any number of channels.
    #[test]
    fn channel_layouts(order in 0..3u8, code in 0..6usize, channels in bytes(1..24), mask: u32, change in change()) {
        let mut body = vec![0x94];
        body.extend(AUDIO[code]);
        body.extend([order, channels.len() as u8]);
        match order {
            1 => body.extend(be(mask, 4)),
            2 => body.extend(&channels),
            _ => {}
        }
        healthy(MessageType(8), &body, change)?;
    }

    /// Commands instead of pictures.
    #[test]
    fn video_commands(command: u8, change in change()) {
        healthy(MessageType(9), &[0x80 | 5 << 4, command], change)?;
    }

    /// Messages with the nibbles of FLV, with every codec.
    #[test]
    fn legacy(video: bool, first in 0..0x80u8, rest in bytes(0..40), change in change()) {
        let first = if !video && first >> 4 == 9 { first ^ 0x10 } else { first };
        laws(MessageType(if video { 9 } else { 8 }), &[vec![first], rest].concat(), change)?;
    }
}
