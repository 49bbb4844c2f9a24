//! Multitrack: the three forms, and tracks that are not what they say.

use super::*;

/// Values of the groups of tracks: their ids.
fn ids(tree: &Tree) -> Vec<Value> {
    tree.nodes().iter().filter(|n| n.field.name == "track").map(|n| n.value).collect()
}

#[test]
fn composition_times_stand_in_each_track() {
    let bytes = hex(
        "96 21 61 76 63 31 00 00 00 09 00 00 28 00 00 00 02 65 88 61 76 30 31 05 00 00 02 12 00 7a 7a 7a 7a ff 00 00 01 cc",
    );
    let (video, tree) = video(&bytes);
    let header = &video.header;
    assert_eq!((header.first, header.packet), (VideoPacket::MULTITRACK, VideoPacket::CODED_FRAMES));
    assert_eq!((video.composition_ms, video.codec()), (Some(40), Some("avc")));
    let form = Multitrack::MANY_TRACKS_MANY_CODECS;
    assert_eq!(header.tracks, Some(Tracks { form, first: Some(0), count: Some(3) }));
    assert_eq!(ids(&tree), [Value::Unsigned(0), Value::Unsigned(5), Value::Unsigned(255)]);
    let length = |name: &str| tree.nodes().iter().find(|n| n.field.name == name).map(|n| n.bits.len / 8);
    assert_eq!([length("nal_unit"), length("obu"), length("payload")], [Some(6), Some(2), Some(1)]);
    let payloads: Vec<_> = leaves(&video_head(&bytes).1).into_iter().filter(|leaf| leaf.0 == "payload").collect();
    assert_eq!(payloads, [("payload", 6), ("payload", 2), ("payload", 1)]);
    assert!(video.is_keyframe());
}

#[test]
fn a_track_that_cannot_be_read_does_not_end_the_message() {
    // The first track is too short for its composition time.
    let bytes = hex("a6 11 68 76 63 31 00 00 00 02 00 00 01 00 00 09 00 00 28 00 00 00 02 26 01");
    let (said, result, tree) = check(&bytes, Extent::Whole);
    assert_eq!(result, Err(Fault { at: 10, kind: FaultKind::Short(1) }));
    let Said::Video(Video::Enhanced(video)) = said else { panic!("{said:?}") };
    assert_eq!(video.header.tracks.unwrap().count, Some(2));
    assert_eq!(video.composition_ms, Some(40));
    let tracks: Vec<_> = (0..tree.nodes().len()).filter(|n| tree.nodes()[*n].field.name == "track").collect();
    assert_eq!([tree.fault(tracks[0]), tree.fault(tracks[1])], [result.err(), None]);
    assert_eq!(node(&tree, "nal_unit").bits.len, 6 * 8);
}

#[test]
fn every_fault_of_a_track_is_pinned_on_it() {
    let bytes = hex("a6 11 68 76 63 31 00 00 00 01 00 01 00 00 02 00 00");
    let (_, result, tree) = check(&bytes, Extent::Whole);
    assert_eq!(result, Err(Fault { at: 10, kind: FaultKind::Short(2) }));
    let tracks = (0..tree.nodes().len()).filter(|n| tree.nodes()[*n].field.name == "track");
    let faults: Vec<_> = tracks.map(|n| tree.fault(n).map(|fault| fault.at)).collect();
    assert_eq!(faults, [Some(10), Some(15)]);
}

#[test]
fn a_track_that_is_longer_than_the_message_is_a_fault_on_its_size() {
    let bytes = hex("96 13 68 76 63 31 00 00 00 06 00 00 00 02 26 01 01 00 00 09 bb cc");
    let (said, result, tree) = check(&bytes, Extent::Whole);
    let fault = result.unwrap_err();
    assert_eq!((fault.at, fault.to_string()), (17, "the track reaches beyond the end of the message".to_owned()));
    let Said::Video(Video::Enhanced(video)) = said else { panic!("{said:?}") };
    assert_eq!(video.header.tracks.unwrap().count, None);
    assert_eq!(node(&tree, "gap").value, Value::Word("not decoded after a fault"));
    // When the rest was not kept, it is no fault.
    let (_, result, tree) = check(&bytes, Extent::Head);
    assert_eq!(result, Ok(()));
    assert_eq!(leaves(&tree).last(), Some(&("payload", 2)));
}

#[test]
fn tracks_carry_neither_tracks_nor_modifiers() {
    for bytes in ["96 06 61 76 63 31 00", "96 17 61 76 63 31 00", "95 05 6d 70 34 61 00", "95 27 6d 70 34 61 00"] {
        let (_, result, _) = check(&hex(bytes), Extent::Whole);
        let fault = result.unwrap_err();
        assert_eq!((fault.at, fault.to_string()), (1, "tracks can carry neither Multitrack nor ModEx".to_owned()));
    }
}

#[test]
fn reserved_forms_and_types_keep_their_bytes() {
    let (video_, tree) = video(&hex("96 31 61 76 63 31 00"));
    assert_eq!(video_.header.tracks.unwrap().form, Multitrack(3));
    assert_eq!(leaves(&tree).last(), Some(&("reserved_body", 5)));
    assert_eq!(tree.remarks()[0].text, "a reserved form of multitrack");
    let (_, tree) = video(&hex("96 09 61 76 63 31 01 aa"));
    assert_eq!(leaves(&tree), [("fourcc", 4), ("track_id", 1), ("reserved_body", 1)]);
    let (_, tree) = video(&hex("96 11 61 76 63 31"));
    assert_eq!(tree.remarks()[0].text, "no track follows");
}

#[test]
fn the_number_of_tracks_is_bounded() {
    let mut bytes = hex("95 11 4f 70 75 73");
    for _ in 0..10 {
        bytes.extend(hex("01 00 00 00"));
    }
    let bounds = crate::field::Bounds { depth: 4, nodes: 5 };
    let (_, result) = Audio::read(&mut Reader::quiet(&bytes).bounded(bounds));
    assert_eq!(result, Err(Fault { at: 26, kind: FaultKind::TooMany }));
}
