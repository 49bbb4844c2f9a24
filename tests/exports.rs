//! Verbs on exports: what they tell is what they tell of the capture behind the export.

mod common;
mod impair;

use std::path::Path;
use std::process::{Command, Output};

use common::{in_parallel, samples, samples_dir};

fn run(args: &[&str]) -> (i32, String, String) {
    let output: Output =
        Command::new(env!("CARGO_BIN_EXE_rtmpscope")).args(args).current_dir(samples_dir()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// An export of a capture in a file.
fn exported(capture: &str, name: &str, more: &[&str]) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("exports-{name}.ndjson"));
    let args = [&["export", capture, "--allow-partial", "--allow-empty"], more].concat();
    let (code, out, err) = run(&args);
    assert_eq!(code, 0, "{capture}: {err}");
    std::fs::write(&path, out).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The lines behind the first one, but for media, whose codecs an export calls by another name, and for problems: an export
/// is made of whole bodies, in which more is found (tracks, faults).
fn told(page: &str) -> Vec<&str> {
    let other = |line: &&str| ["video", "audio", "problems"].iter().any(|label| line.starts_with(label));
    page.lines().skip(1).filter(|line| !other(line)).collect()
}

#[test]
fn a_summary_of_an_export_is_that_of_its_capture() {
    in_parallel(&samples(), |sample| {
        let capture = sample.path.to_str().unwrap();
        let (code, page, _) = run(&["summary", capture, "--allow-empty"]);
        let (read, retold, err) = run(&["summary", &exported(capture, &sample.name, &[])]);
        assert_eq!((code, read), (0, 0), "{}: {err}", sample.name);
        assert_eq!(told(&page), told(&retold), "{}", sample.name);
        let media =
            |page: &str| page.lines().filter(|line| line.starts_with("video") || line.starts_with("audio")).count();
        assert!(media(&page) <= media(&retold), "{}", sample.name);
        let problems = |page: &str| page.matches("\nproblems").count();
        assert!(problems(&page) <= problems(&retold), "{}", sample.name);
    });
}

/// Packets of the handshake are missing: what waits behind them comes out after its reply.
#[test]
fn replies_that_came_out_before_their_calls_are_told_alike() {
    let whole = impair::packets(&common::sample("pub-ffmpeg5-2s-nginx.pcap").bytes);
    let mut early = 0;
    for n in 0..6 {
        let left = impair::capture(&impair::Damage::One(n).apply(&whole, 0));
        let path = std::env::temp_dir().join(format!("rtmpscope-{}-early-{n}.pcap", std::process::id()));
        std::fs::write(&path, left).unwrap();
        let capture = path.to_str().unwrap();
        let (_, page, _) = run(&["summary", capture]);
        let (_, events, _) = run(&["export", capture, "--allow-partial"]);
        early += events.lines().filter(|line| line.contains("\"_result\"") && !line.contains("\"reply_to\"")).count();
        let (_, retold, _) = run(&["summary", &exported(capture, &format!("early-{n}"), &[])]);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(told(&page), told(&retold), "packet {n}");
        assert!(page.contains("connect 4"), "packet {n}: {page}");
    }
    assert!(early > 0, "no reply came out early");
}

/// The head of a page: what was captured where, without what the message says.
fn head(page: &str) -> Vec<&str> {
    let is_row = |line: &&str| {
        ["timestamp", "captured", "stream", "length", "reply", "answers"]
            .iter()
            .any(|label| line.trim_start().starts_with(label) && line.starts_with("  ") && !line.starts_with("   "))
    };
    page.lines().take(10).filter(is_row).collect()
}

#[test]
fn a_message_of_an_export_is_shown_as_far_as_the_export_tells() {
    for capture in ["pub-ffmpeg5-2s-nginx.pcap", "c-aggregate.pcap", "x-loss3.pcap", "c-user-control-all.pcap"] {
        let plain = exported(capture, &format!("plain-{capture}"), &[]);
        let full = exported(capture, &format!("full-{capture}"), &["--detail", "fields", "--bodies", "base64"]);
        for number in ["1", "2", "5", "9", "14"] {
            let (code, page, _) = run(&["show", capture, number]);
            for export in [&plain, &full] {
                let (read, reread, err) = run(&["show", export, number]);
                assert_eq!((code, 0), (read, code), "{capture} {number}: {err}");
                assert_eq!(head(&page), head(&reread), "{capture} {number}");
                assert!(head(&page).len() >= 4, "{page}");
            }
            // The bytes and the fields, where the export holds them.
            let dump = |page: &str| page.split("bytes of the body").nth(1).map(str::to_owned);
            let (_, with_bytes, _) = run(&["show", capture, number, "--hex"]);
            let (_, reread, _) = run(&["show", &full, number, "--hex", "--chunks"]);
            assert_eq!(dump(&with_bytes), dump(&reread), "{capture} {number}");
            assert!(reread.contains("\nchunks\n"), "{reread}");
            // `--json` is the event as it stands.
            let (_, event, _) = run(&["show", &full, number, "--json"]);
            assert!(std::fs::read_to_string(&full).unwrap().contains(&event), "{event}");
        }
        let (code, _, err) = run(&["show", &plain, "1", "--hex"]);
        assert!(code == 2 && err.contains("--bodies base64"), "{err}");
        let (code, _, err) = run(&["show", &plain, "1", "--chunks"]);
        assert!(code == 2 && err.contains("--detail chunks"), "{err}");
    }
    let export = exported("pub-ffmpeg5-2s-nginx.pcap", "chosen", &[]);
    let of_capture = run(&["show", "pub-ffmpeg5-2s-nginx.pcap", "2", "--filter", "video.keyframe"]).1;
    let of_export = run(&["show", &export, "2", "--filter", "video.keyframe"]).1;
    assert_eq!(head(&of_capture), head(&of_export));
    for (wanted, words) in [("999", "there are 1 to 159"), ("2.1", "nothing was decoded there")] {
        let (code, _, err) = run(&["show", &export, wanted]);
        assert!(code == 2 && err.contains(words), "{err}");
    }
    assert_eq!(run(&["summary", &export, "--coverage"]).0, 2);
}
