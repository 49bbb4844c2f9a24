//! The canonical form and the comparison over every sample: laws that hold for all of them, and changes that are put in
//! one by one.

mod common;

use std::ops::ControlFlow;

use common::forms::{all_strict, between, of_capture, of_export, said, written};
use common::{export, in_parallel, sample, samples};
use rtmpscope::diff::{Canonical, Gather, Rules, Strict, compare};
use rtmpscope::out::json::{Bodies, Detail, Events, observe};
use rtmpscope::out::read_canonical;

#[test]
fn nothing_differs_from_itself() {
    in_parallel(&samples(), |sample| {
        for strict in [Strict::default(), all_strict(true)] {
            let canonical = of_capture(&sample.bytes, strict);
            let report = between(&canonical, &canonical);
            assert_eq!(said(&report), [] as [&str; 0], "{}", sample.name);
            assert!(report.pairs.iter().all(|pair| pair.infos.is_empty()), "{}", sample.name);
        }
    });
}

#[test]
fn an_export_gives_the_canonical_form_of_its_capture() {
    in_parallel(&samples(), |sample| {
        for (strict, show_secrets) in [(Strict::default(), false), (all_strict(false), false), (all_strict(true), true)]
        {
            let export = export(&sample.bytes, Detail::Fields, Bodies::Hash, show_secrets);
            let (from_export, complete) = of_export(&export, strict);
            let of_media = |canonical: &Canonical| canonical.sessions.iter().any(|session| !session.late);
            let from_capture = of_capture(&sample.bytes, strict);
            assert_eq!(written(&from_export), written(&from_capture), "{} {:?}", sample.name, strict.switches());
            assert!(complete || !of_media(&from_capture), "{}", sample.name);
        }
        // A default export says less of configurations, and what it says is the same.
        // (Heads of no bytes: whole bodies are decoded, as the verb does it, and nothing is said of them.)
        let (default, _) =
            of_export(&export(&sample.bytes, Detail::Messages, Bodies::Head(0), false), Strict::default());
        let report = between(&of_capture(&sample.bytes, Strict::default()), &default);
        assert_eq!(said(&report), [] as [&str; 0], "{}", sample.name);
    });
}

#[test]
fn a_canonical_form_reads_back() {
    in_parallel(&samples(), |sample| {
        for strict in [Strict::default(), all_strict(true)] {
            let canonical = of_capture(&sample.bytes, strict);
            let text = written(&canonical);
            let again = read_canonical(&text).unwrap();
            assert_eq!(written(&again), text, "{}", sample.name);
            for report in [between(&canonical, &again), between(&again, &canonical)] {
                assert_eq!(said(&report), [] as [&str; 0], "{}", sample.name);
            }
        }
    });
}

#[test]
fn the_other_way_round_is_the_mirror() {
    let all: Vec<(String, Canonical)> =
        samples().iter().map(|sample| (sample.name.clone(), of_capture(&sample.bytes, Strict::default()))).collect();
    let mut different = 0;
    for (x, a) in &all {
        for (y, b) in &all {
            let report = between(a, b);
            different += usize::from(!report.is_same());
            assert_eq!(report, between(b, a).mirrored(), "{x} and {y}");
        }
    }
    assert!(different > 700, "only {different} pairs differ");
}

#[test]
fn other_ways_to_capture_are_no_difference() {
    let base = |name: &str| of_capture(&sample(name).bytes, Strict::default());
    let gstreamer = base("pub-gst-rtmp2sink-nginx.pcap");
    for other in ["x-fmt-gz.pcap.gz", "x-ng-3sections-2ifs-mixed.pcapng"] {
        let report = between(&gstreamer, &base(other));
        assert_eq!((said(&report), report.excused()), (vec![], 0), "{other}");
    }
    // What a capture lost is not taken for something that the other side has more.
    let publish = base("pub-ffmpeg5-2s-nginx.pcap");
    for other in ["x-loss3.pcap", "x-cutstart-110.pcap", "x-snap96.pcap"] {
        assert_eq!(said(&between(&publish, &base(other))), [] as [&str; 0], "{other}");
    }
    assert!(!said(&between(&publish, &gstreamer)).is_empty());
}

/// OBS sets its chunk size before it connects, FFmpeg after that.
#[test]
fn what_moved_is_told_as_moved_and_compared() {
    let of = |name: &str| of_capture(&sample(name).bytes, Strict::default());
    let found = said(&between(&of("pub-ffmpeg5-2s-nginx.pcap"), &of("pub-obs29-h264-aac-nginx.pcap")));
    let of_connect: Vec<&str> =
        found.iter().filter_map(|line| line.strip_prefix("control of the client: connect ")).collect();
    let names =
        ["before set_chunk_size -> after set_chunk_size", "object.flashVer ", "object.supportsGoAway only in B"];
    assert!(names.iter().all(|name| of_connect.iter().any(|line| line.starts_with(name))), "{found:#?}");
    assert!(!found.iter().any(|line| line.contains("connect only in")), "{found:#?}");
}

#[test]
fn secrets_are_in_no_form() {
    let sample = sample("pub-obs29-h264-aac-nginx.pcap");
    let shown = String::from_utf8(export(&sample.bytes, Detail::Messages, Bodies::None, true)).unwrap();
    let publish = shown.lines().find(|line| line.contains("\"publish\"")).unwrap();
    let key = publish.split("\"args\":[\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(key.len() > 2, "{publish}");
    for strict in [Strict::default(), all_strict(true)] {
        for canonical in [of_capture(&sample.bytes, strict), of_export(shown.as_bytes(), strict).0] {
            assert!(!written(&canonical).contains(&format!("\"{key}\"")), "{key}");
        }
    }
}

/// One change in an export, and the one line that it has to give.
const CHANGES: &[(&str, &str, &str)] = &[
    (
        "\"code\":\"NetStream.Publish.Start\"",
        "\"code\":\"NetStream.Publish.BadName\"",
        "control of the server: onStatus info.code \"NetStream.Publish.Start\" -> \"NetStream.Publish.BadName\"",
    ),
    (
        "\"fmsVer\":\"FMS/3,0,1,123\"",
        "\"fmsVer\":\"FMS/5,0,0,1\"",
        "control of the server: _result(connect) object.fmsVer \"FMS/3,0,1,123\" -> \"FMS/5,0,0,1\"",
    ),
    ("\"name\":\"FCPublish\"", "\"name\":\"FCPublisH\"", "control of the client: FCPublish only in A (message 8)"),
    ("\"stereo\":true", "\"stereO\":true", "data of the client: onMetaData stereO only in B: true"),
    (
        "\"op\":\"window_ack_size\",\"value\":5000000",
        "\"op\":\"window_ack_size\",\"value\":2500000",
        "control of the server: window_ack_size value 5000000 -> 2500000",
    ),
    ("\"rate\":44100", "\"rate\":48000", "audio: sample rate 44100 -> 48000 Hz"),
    (
        "\"width\":320,\"height\":180,\"fps\"",
        "\"width\":640,\"height\":360,\"fps\"",
        "video: resolution 320x180 -> 640x360",
    ),
    ("\"profile\":\"High\"", "\"profile\":\"Main\"", "video: profile High -> Main"),
    (
        "\"object\":{\"app\":\"live\"",
        "\"object\":{\"app\":\"test\"",
        "control of the client: connect object.app \"live\" -> \"test\"",
    ),
];

#[test]
fn one_change_gives_one_line() {
    let bytes = sample("pub-ffmpeg5-2s-nginx.pcap").bytes;
    let text = String::from_utf8(export(&bytes, Detail::Messages, Bodies::None, false)).unwrap();
    let base = of_export(text.as_bytes(), Strict::default()).0;
    for (old, new, expected) in CHANGES {
        assert!(text.contains(old), "{old}");
        let changed = of_export(text.replacen(old, new, 1).as_bytes(), Strict::default()).0;
        let lines = said(&between(&base, &changed));
        // A name that changes goes on one side and comes on the other.
        let most = if expected.contains("only in") { 2 } else { 1 };
        assert!(lines.iter().any(|line| line.starts_with(expected)) && lines.len() <= most, "{expected}: {lines:?}");
    }
}

#[test]
fn rules_decide_what_counts() {
    let bytes = sample("pub-ffmpeg5-2s-nginx.pcap").bytes;
    let text = String::from_utf8(export(&bytes, Detail::Messages, Bodies::None, false)).unwrap();
    let base = of_export(text.as_bytes(), Strict::default()).0;
    let changed =
        text.replacen("\"framerate\":25", "\"framerate\":26", 1).replace("\"encoder\":\"Lavf", "\"encoder\":\"Xavf");
    let changed = of_export(changed.as_bytes(), Strict::default()).0;
    let lines = |typed: &[&str]| {
        let mut rules = Rules::default();
        typed.iter().for_each(|rule| rules.add_typed(rule).unwrap());
        said(&compare(&base, &changed, &rules))
    };
    assert_eq!(lines(&[]).len(), 2);
    assert_eq!(lines(&["ignore data.onMetaData.encoder"]).len(), 1);
    assert_eq!(lines(&["ignore **.encoder", "data.onMetaData.framerate=1"]), [] as [&str; 0]);
    assert_eq!(lines(&["ignore s2c.data"]).len(), 2, "the other direction");
    assert_eq!(lines(&["ignore c2s.data", "exact data.onMetaData.framerate"]).len(), 1);
}

#[test]
fn nothing_panics_on_broken_forms_and_exports() {
    let bytes = sample("pub-ffmpeg5-2s-nginx.pcap").bytes;
    let golden = written(&of_capture(&bytes, Strict::default()));
    let whole = read_canonical(&golden).unwrap();
    let mut numbers = common::Numbers(7);
    for _ in 0..300 {
        let cut = numbers.below(golden.len());
        if let Ok(part) = read_canonical(golden.get(..cut).unwrap_or_default()) {
            drop((between(&whole, &part), between(&part, &whole)));
        }
        let mut noisy = golden.clone().into_bytes();
        for _ in 0..4 {
            let at = numbers.below(noisy.len());
            noisy[at] = numbers.below(128) as u8;
        }
        if let Ok(other) = read_canonical(&String::from_utf8_lossy(&noisy)) {
            assert_eq!(between(&whole, &other), between(&other, &whole).mirrored());
        }
    }
    let export = export(&bytes, Detail::Fields, Bodies::Base64, false);
    for _ in 0..50 {
        let mut noisy = export.clone();
        for _ in 0..200 {
            let at = numbers.below(noisy.len());
            noisy[at] = numbers.below(256) as u8;
        }
        let mut gather = Gather::new(all_strict(true));
        let _ = Events::new(noisy.as_slice(), "x").read(|event| {
            if let Some(observed) = observe(event) {
                gather.take(observed);
            }
            ControlFlow::Continue(())
        });
        let other = gather.finish().0;
        drop(between(&whole, &other));
    }
}

#[test]
fn what_follows_is_told_with_its_cause() {
    let bytes = sample("pub-ffmpeg5-2s-nginx.pcap").bytes;
    let text = String::from_utf8(export(&bytes, Detail::Messages, Bodies::None, false)).unwrap();
    let base = of_export(text.as_bytes(), Strict::default()).0;
    let cases: [(&str, &[(&str, &str)]); 3] = [
        (
            "video: resolution 320x180 -> 640x360 (with it: profile, metadata, resolution)",
            &[
                ("\"width\":320,\"height\":180", "\"width\":640,\"height\":360"),
                ("\"width\":320", "\"width\":640"),
                ("\"height\":180", "\"height\":360"),
                ("\"level\":\"1.2\"", "\"level\":\"2.1\""),
            ],
        ),
        (
            "video: codec avc -> hevc (with it: metadata, profile)",
            &[
                ("\"codec\":\"avc\"", "\"codec\":\"hevc\""),
                ("\"videocodecid\":7", "\"videocodecid\":12"),
                ("\"profile\":\"High\"", "\"profile\":\"Main\""),
            ],
        ),
        (
            "control of the client: chunk size 4096 -> 128 (with it: chunk size of the other side)",
            &[("\"op\":\"set_chunk_size\",\"value\":4096", "\"op\":\"set_chunk_size\",\"value\":128")],
        ),
    ];
    for (expected, changes) in cases {
        let changed = changes.iter().fold(text.clone(), |text, (old, new)| text.replace(old, new));
        let report = between(&base, &of_export(changed.as_bytes(), Strict::default()).0);
        assert_eq!(said(&report).len(), 1, "{:?}", said(&report));
        let (words, expected) = (said(&report).remove(0), expected.split(" (with it: "));
        let [cause, consequences] = expected.collect::<Vec<_>>()[..] else { panic!() };
        assert!(words.starts_with(cause), "{words}");
        // Which consequences there are, not in which order they are named.
        let found = consequences.trim_end_matches(')').split(", ").filter(|word| words.contains(word)).count();
        assert!(found > 0, "{words}");
    }
}

/// An export that says every field, as lines.
fn lines_of_publish() -> Vec<String> {
    let bytes = sample("pub-ffmpeg5-2s-nginx.pcap").bytes;
    let text = String::from_utf8(export(&bytes, Detail::Fields, Bodies::Hash, false)).unwrap();
    text.lines().map(|line| format!("{line}\n")).collect()
}

/// What differs between an export and what `change` makes of its lines.
fn changed(lines: &[String], change: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let form = |text: &str| of_export(text.as_bytes(), Strict::default()).0;
    let other: String = lines.iter().filter_map(|line| change(line)).collect();
    said(&between(&form(&lines.concat()), &form(&other)))
}

#[test]
fn what_nobody_asked_for_is_not_missed_twice() {
    let lines = lines_of_publish();
    let call = lines.iter().find(|line| line.contains("\"name\":\"createStream\"")).unwrap();
    let seq = call.split("\"seq\":").nth(1).unwrap().split(',').next().unwrap();
    let answer = format!("\"reply_to\":{seq},");
    let found = changed(&lines, |line| (line != call && !line.contains(&answer)).then(|| line.to_owned()));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("control of the client: createStream only in A"), "{found:?}");
    // The answer alone is another matter.
    let found = changed(&lines, |line| (!line.contains(&answer)).then(|| line.to_owned()));
    assert!(found.iter().any(|line| line.contains("_result(createStream) only in A")), "{found:?}");
}

#[test]
fn corrected_rates_in_metadata_are_no_change() {
    let lines = lines_of_publish();
    let again = |key: &str, value: &str| {
        changed(&lines, |line| match line.contains("onMetaData") {
            true => Some(line.to_owned() + &line.replace(key, value) + &line.replace("193.203125", "88")),
            false => Some(line.to_owned()),
        })
    };
    assert_eq!(again("\"videodatarate\":193.203125", "\"videodatarate\":100"), [] as [&str; 0]);
    let found = again("\"width\":320", "\"width\":321");
    assert!(found.iter().any(|line| line.contains("onMetaData only in B")), "{found:?}");
}

#[test]
fn reordering_is_told_by_parameter_sets_where_headers_say_nothing() {
    let found = changed(&lines_of_publish(), |line| {
        let (before, rest) = line.split_once("\"name\":\"max_num_reorder_frames\"").unwrap_or((line, ""));
        let name = if rest.is_empty() { "" } else { "\"name\":\"max_num_reorder_frames\"" };
        Some(format!("{before}{name}{}", rest.replacen("\"value\":2", "\"value\":0", 1)))
    });
    assert_eq!(found, ["video: B-frames disappear (max_num_reorder_frames 2 -> 0)"]);
}

#[test]
fn another_codec_is_compared_by_what_its_sound_is() {
    let lines = lines_of_publish();
    let as_mp3 = |rate: u32| {
        changed(&lines, |line| {
            let raw = "\"audio\":{\"codec\":\"aac\",\"enhanced\":false,\"packet\":\"raw\",\"format_id\":10}";
            let mp3 = format!(
                "\"audio\":{{\"codec\":\"mp3\",\"enhanced\":false,\"rate\":{rate},\"bits\":16,\"channels\":2}}"
            );
            let configures = line.contains("\"codec\":\"aac\"") && line.contains("\"sequence_header\"");
            (!configures).then(|| line.replace(raw, &mp3))
        })
    };
    let same_rate = as_mp3(44_100);
    assert!(same_rate.len() == 1 && same_rate[0].starts_with("audio: codec aac -> mp3"), "{same_rate:?}");
    let other_rate = as_mp3(22_050);
    assert!(other_rate[0].starts_with("audio: codec aac -> mp3"), "{other_rate:?}");
    assert_eq!(other_rate[1..], ["audio: sample rate 44100 -> 22050 Hz"]);
}

#[test]
fn a_golden_file_may_say_any_number() {
    let bytes = sample("pub-ffmpeg5-2s-nginx.pcap").bytes;
    let golden = written(&of_capture(&bytes, Strict::default()));
    let most = u64::MAX.to_string();
    let odd = golden
        .replacen("{\"item\":\"connect\"", &format!("{{\"item\":\"connect\",\"times\":{most}"), 1)
        .replacen("{\"item\":\"createStream\"", &format!("{{\"item\":\"createStream\",\"times\":{most}"), 1)
        .replace("\"frames\":", "\"frames\":9e99")
        .replace("\"gop\":[", &format!("\"gop\":[\"50 x {most}\",\"7 x 1\",\"50 x {most}\","));
    assert_ne!(odd, golden);
    let (a, b) = (read_canonical(&golden).unwrap(), read_canonical(&odd).unwrap());
    assert!(!between(&a, &b).is_same());
    assert_eq!(between(&a, &b), between(&b, &a).mirrored());
    assert!(between(&b, &b).is_same());
}
