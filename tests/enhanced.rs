//! Enhanced RTMP in the samples: crafted rarities against what their generator says, and streams of FFmpeg 9.

mod common;

use std::collections::BTreeMap;

use common::{events, export, export_of, records, sample, samples_dir};
use rtmpscope::out::json::{Bodies, Detail};
use rtmpscope::record::Record;
use rtmpscope::session::{MediaBody, Want};
use rtmpscope::view::{Mask, gist};
use serde_json::Value;

/// The audio and video events of a sample.
fn media(name: &str, detail: Detail) -> Vec<Value> {
    of_media(name, &export(&sample(&format!("{name}.pcap")).bytes, detail, Bodies::None, false))
}

/// The same of the first bytes of each body.
fn heads(name: &str) -> Vec<Value> {
    let capture = sample(&format!("{name}.pcap")).bytes;
    of_media(name, &export_of(MediaBody::Head, &capture, Detail::Messages, Bodies::None, false))
}

fn of_media(name: &str, export: &[u8]) -> Vec<Value> {
    let events = events(export);
    for event in &events {
        // The pictures and sounds of crafted captures are random bytes: their headers are right, their units are not.
        let crafted = name.starts_with("c-")
            && event["text"].as_str().is_some_and(|t| t.starts_with("Video") || t.starts_with("Audio"));
        assert!(crafted || event["rule"] != "body.fault", "{name}: {event}");
    }
    events.into_iter().filter(|event| matches!(event["kind"].as_str(), Some("audio" | "video"))).collect()
}

fn meaning(event: &Value) -> &Value {
    &event[event["kind"].as_str().unwrap()]
}

/// `CodedFramesX` as `coded_frames_x`.
fn word(name: &str) -> String {
    if name == "MPEG2TSSequenceStart" {
        return "mpeg2ts_sequence_start".to_owned();
    }
    let mut word = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.push(c.to_ascii_lowercase());
    }
    word
}

/// The values of all fields of one name.
fn values<'a>(fields: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    for field in fields.as_array().into_iter().flatten() {
        // Crafted pictures are random bytes, which cannot be read as units to their end.
        assert!(field["name"] != "gap" || field["label"] == "not decoded after a fault", "{field}");
        if field["name"] == name {
            found.push(&field["value"]);
        }
        values(&field["fields"], name, found);
    }
}

#[test]
fn crafted_messages_say_what_their_generator_says() {
    for name in ["c-ertmp-video", "c-ertmp-audio"] {
        let truth = std::fs::read(samples_dir().join(format!("truth/{name}.json"))).unwrap();
        let truth: Value = serde_json::from_slice(&truth).unwrap();
        let sent = truth["connections"][0]["c>s"].as_array().unwrap();
        let sent: Vec<&Value> = sent.iter().filter(|m| m["ext_header"] == true).collect();
        let read = media(name, Detail::Fields);
        assert_eq!(read.len(), sent.len(), "{name}");
        for (truth, event) in sent.into_iter().zip(&read) {
            compare(truth, event);
        }
    }
}

fn compare(truth: &Value, event: &Value) {
    let read = meaning(event);
    let all = |name| {
        let mut found = Vec::new();
        values(&event["fields"], name, &mut found);
        found
    };
    let packet = truth["packet_type"].as_str().unwrap();
    // What tracks and modifiers wrap.
    let packet = truth["inner"].as_str().filter(|inner| *inner != "Multitrack").unwrap_or(packet);
    match packet {
        "command" => assert!(read["command"].is_number() && read["fourcc"].is_null(), "{truth} {read}"),
        "ModEx" => assert_eq!((&read["multitrack"], &read["track"]), (&"one_track".into(), &2.into())),
        _ => match packet.strip_prefix("reserved ") {
            Some(number) => assert_eq!(read["packet"], number),
            None => assert_eq!(read["packet"], word(packet), "{truth} {read}"),
        },
    }
    for (theirs, ours) in [("fourcc", "fourcc"), ("channels", "channels")] {
        if !truth[theirs].is_null() {
            assert_eq!(truth[theirs], read[ours], "{truth} {read}");
        }
    }
    if let Some(frame) = truth["frame"].as_str() {
        assert_eq!(read["keyframe"], frame == "key");
    }
    if let Some(form) = truth["multitrack"].as_str() {
        assert_eq!(read["multitrack"], word(form));
    }
    if !truth["modex"].is_null() {
        assert_eq!(read["nano_offset"], truth["modex"][0]["ns"]);
    }
    if !truth["mask"].is_null() {
        assert_eq!(all("speakers"), [&truth["mask"]]);
    }
    if let Some(tracks) = truth["tracks"].as_array() {
        assert_eq!(all("track_id"), tracks.iter().map(|t| &t["id"]).collect::<Vec<_>>());
        if truth["multitrack"] != "OneTrack" {
            assert_eq!(read["tracks"], tracks.len());
            assert_eq!(all("track_size"), tracks.iter().map(|t| &t["len"]).collect::<Vec<_>>());
        }
        if truth["multitrack"] == "ManyTracksManyCodecs" {
            assert_eq!(all("fourcc"), tracks.iter().map(|t| &t["fourcc"]).collect::<Vec<_>>());
        }
    }
}

/// Bodies that were not kept tell the same, but for the number of tracks and for what the codec says.
#[test]
fn heads_say_what_whole_bodies_say() {
    for name in ["c-ertmp-video", "c-ertmp-audio", "pub-ffmpeg9-hevc-aac-nms4"] {
        let (heads, whole) = (heads(name), media(name, Detail::Fields));
        assert_eq!(heads.len(), whole.len());
        let mut differ = 0;
        for (head, whole) in heads.iter().zip(&whole) {
            let (mut head, mut whole) = (meaning(head).clone(), meaning(whole).clone());
            for facts in ["config", "nals"] {
                whole.as_object_mut().unwrap().remove(facts);
                head.as_object_mut().unwrap().remove(facts);
            }
            if head["tracks"].is_null() {
                whole.as_object_mut().unwrap().remove("tracks");
            }
            differ += usize::from(head != whole);
        }
        // One modifier of the crafted file is longer than a head.
        assert_eq!(differ, usize::from(name == "c-ertmp-video"), "{name}");
    }
}

/// How many messages of each sort a stream has.
fn sorts(name: &str) -> BTreeMap<String, usize> {
    let mut sorts = BTreeMap::new();
    for event in media(name, Detail::Fields) {
        let read = meaning(&event);
        if read["enhanced"] == false {
            continue;
        }
        let mut nothing = Vec::new();
        values(&event["fields"], "", &mut nothing);
        let track = read["track"].as_u64().map(|track| format!(" {track}")).unwrap_or_default();
        let sort = format!("{} {}{track}", read["codec"].as_str().unwrap(), read["packet"].as_str().unwrap());
        *sorts.entry(sort).or_default() += 1;
    }
    sorts
}

#[test]
fn streams_of_ffmpeg_9() {
    let list = |sorts: &[(&str, usize)]| sorts.iter().map(|(s, n)| ((*s).to_owned(), *n)).collect::<BTreeMap<_, _>>();
    let hevc =
        [("hevc coded_frames", 86), ("hevc coded_frames_x", 39), ("hevc metadata", 1), ("hevc sequence_start", 1)];
    assert_eq!(sorts("pub-ffmpeg9-hevc-aac-nms4"), list(&hevc));
    let tracks = [
        ("aac coded_frames 1", 189),
        ("aac multichannel_config 1", 1),
        ("aac sequence_start 1", 1),
        ("avc coded_frames 1", 37),
        ("avc coded_frames_x 1", 11),
        ("avc sequence_start 1", 1),
    ];
    assert_eq!(sorts("pub-ffmpeg9-multitrack-avc2-aac2-fflisten"), list(&tracks));
}

#[test]
fn lines_that_people_read() {
    let lines = |name: &str, want| {
        let mut lines = Vec::new();
        for record in records(&sample(&format!("{name}.pcap")).bytes, want) {
            if let Record::Message(message) = record {
                lines.push(gist(&message, &Mask::new(false)));
            }
        }
        lines
    };
    let hevc = lines("pub-ffmpeg9-hevc-aac-nms4", Want::LITTLE);
    let tracks = lines("pub-ffmpeg9-multitrack-avc2-aac2-fflisten", Want::LITTLE);
    let crafted = lines("c-ertmp-video", Want::ALL);
    let sound = lines("c-ertmp-audio", Want::LITTLE);
    for (lines, line) in [
        (&hevc, "HEVC sequence start: the decoder configuration"),
        (&hevc, "colour metadata"),
        (&hevc, "HEVC key frame, shown +80 ms"),
        (&hevc, "HEVC inter frame"),
        (&hevc, "AAC frame"),
        (&tracks, "AVC track 1 key frame, shown +167 ms"),
        (&tracks, "AAC track 1 frame"),
        (&tracks, "AAC track 1 channel layout, 1 channel"),
        (&crafted, "HEVC key frame, +799458 ns"),
        (&crafted, "AVC inter frame, shown +40 ms, 3 tracks"),
        (&crafted, "AV1 track 2 key frame, +1234 ns"),
        (&crafted, "zzzz end of sequence"),
        (&crafted, "command frame: end of a seek on the client's side"),
        (&crafted, "HEVC reserved packet type 15"),
        (&sound, "Opus channel layout, 6 channels"),
    ] {
        assert!(lines.iter().any(|found| found == line), "{line}: {lines:#?}");
    }
}

#[test]
fn a_closed_session_tells_its_tracks_and_what_metadata_says_otherwise() {
    let capture = common::sample("pub-ffmpeg9-multitrack-avc2-aac2-fflisten.pcap").bytes;
    let all = events(&export(&capture, Detail::Messages, Bodies::None, false));
    let closed = all.iter().find(|event| event["state"] == "closed").unwrap();
    let told: Vec<String> = closed["media"]
        .as_array()
        .unwrap()
        .iter()
        .map(|track| {
            let config = &track["config"];
            let size = if track["kind"] == "video" { &config["width"] } else { &config["rate"] };
            format!("{} {} {} {size} {}", track["kind"], track["track"], track["codecs"], track["frames"])
        })
        .collect();
    // The counts are ffprobe's in the truth file; of further tracks it counts configurations too.
    assert_eq!(
        told,
        [
            r#""video" 0 ["avc"] 320 100"#,
            r#""video" 1 ["avc"] 256 48"#,
            r#""audio" 0 ["aac"] 44100 174"#,
            r#""audio" 1 ["aac"] 48000 189"#,
        ]
    );
    // FFmpeg writes the rate of its last track.
    assert_eq!(closed["differs"][0]["what"], "fps", "{closed}");
    assert_eq!(closed["differs"][0]["text"], "metadata says 12 fps, measured 25.0");
}
