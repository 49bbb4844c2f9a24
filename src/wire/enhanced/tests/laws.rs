//! What must hold whatever arrives.

use super::*;

/// The examples, and bodies with everything in them.
fn samples() -> Vec<Vec<u8>> {
    let mut samples = examples::all();
    samples.extend(
        [
            "97 02 00 04 d2 07 ff 00 ff".to_owned() + &"55".repeat(256) + "56 03 61 76 30 31 02 12 00",
            "c4 68 76 63 31 02 00 01 61 11 06 03 62".to_owned(),
            "95 21 6d 70 34 61 00 00 00 02 21 10 61 63 2d 33 07 00 00 01 0b".to_owned(),
            "94 66 4c 61 43 02 04 00 01 02 ff".to_owned(),
            "95 61 76 30 31 80 04 81 08 0c 00".to_owned(),
            "d0 00".to_owned(),
            "98 68 76 63 31 07 07".to_owned(),
            "93 7a 7a 7a 7a 01".to_owned(),
        ]
        .iter()
        .map(|text| hex(text)),
    );
    samples
}

#[test]
fn quiet_equals_annotated_and_leaves_tile_wherever_a_body_is_cut() {
    for bytes in samples() {
        for end in 0..=bytes.len() {
            let _ = check(&bytes[..end], Extent::Whole);
            let _ = check(&bytes[..end], Extent::Head);
        }
    }
}

#[test]
fn quiet_equals_annotated_and_leaves_tile_whichever_byte_is_wrong() {
    for mut bytes in samples() {
        for at in 0..bytes.len().min(80) {
            let right = bytes[at];
            for wrong in [0xff, right ^ 1, right ^ 0x10, 0] {
                bytes[at] = wrong;
                let _ = check(&bytes, Extent::Whole);
                let _ = check(&bytes, Extent::Head);
            }
            bytes[at] = right;
        }
    }
}

/// The session keeps 64 bytes of a media body: all that the header says must come out of them.
#[test]
fn the_first_bytes_say_what_the_whole_body_says() {
    for bytes in samples() {
        let longer = [&bytes[..], &[0x5a; 100]].concat();
        for bytes in [&bytes, &longer] {
            let (mut whole, _, _) = check(bytes, Extent::Whole);
            let head = &bytes[..bytes.len().min(64)];
            let (mut said, result, _) = check(head, Extent::Head);
            assert_eq!(result, Ok(()), "{head:02x?}");
            // Configurations and units are read of whole bodies only; the header of a frame of sound is read of both.
            for said in [&mut whole, &mut said] {
                match said {
                    Said::Video(Video::Enhanced(video)) => video.facts = Default::default(),
                    Said::Audio(Audio::Enhanced(audio)) if audio.is_sequence_header() => audio.config = None,
                    _ => {}
                }
            }
            if head.len() < bytes.len() && bytes[0] == 0x97 && bytes[6] == 0xff {
                // The long modifier: what stands behind it is not there.
                continue;
            }
            let tracks = match &mut whole {
                Said::Audio(Audio::Enhanced(audio)) => &mut audio.header.tracks,
                Said::Video(Video::Enhanced(video)) => &mut video.header.tracks,
                other => panic!("{other:?}"),
            };
            // How many tracks there are is the one thing that the end of a body is needed for.
            if let Some(tracks) = tracks.as_mut().filter(|tracks| tracks.form != Multitrack::ONE_TRACK) {
                tracks.count = None;
            }
            assert_eq!(said, whole, "{head:02x?}");
        }
    }
}

#[test]
fn noise_of_every_packet_type_neither_panics_nor_loses_bytes() {
    let mut noise = 0x1234_5678_u32;
    let mut next = || {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (noise >> 24) as u8
    };
    for round in 0..20_000 {
        let len = round % 97;
        let mut bytes: Vec<u8> = (0..len).map(|_| next()).collect();
        if let Some(first) = bytes.first_mut() {
            *first = 0x80 | round as u8;
        }
        let video = Tree::explain(&bytes, |r| Video::read(r).1);
        let audio = Tree::explain(&bytes, |r| Audio::read(r).1);
        for tree in [video, audio] {
            assert_eq!(tree.leaves().map(|leaf| leaf.bits.len).sum::<u32>() as usize, len * 8, "{bytes:02x?}");
        }
    }
}

/// Whatever the 64th byte happens to be a part of: behind the header, the end of a head is no fault.
#[test]
fn the_end_of_a_head_is_no_fault() {
    let track = |id: u8| [&[id, 0, 0, 9][..], &[7; 9]].concat();
    let tracks = [hex("96 10 76 70 30 39"), track(0), track(1), track(2)].concat();
    let codecs = [hex("96 20"), b"vp09".to_vec(), track(0), b"av01".to_vec(), track(1)].concat();
    let speakers = [hex("94 66 4c 61 43 02 64"), vec![3; 100]].concat();
    let modifier = [hex("97 63"), vec![5; 100], hex("53")].concat();
    let colours = examples::all()[7].clone();
    for (body, header) in [(tracks, 6), (codecs, 2), (speakers, 7), (modifier, 1), (colours, 5)] {
        for end in header..body.len() {
            let (_, result, _) = check(&body[..end], Extent::Head);
            assert_eq!(result, Ok(()), "{:02x?}", &body[..end]);
        }
    }
}
