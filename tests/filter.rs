//! `--filter`, columns, and exports as input: stories of the built program.

mod common;

use std::io::Write;
use std::process::{Command, Output, Stdio};

use common::{in_parallel, samples_dir};
use rtmpscope::out::json::Members;
use rtmpscope::query::{ENTRIES, Filter};

const PUBLISH: &str = "pub-ffmpeg5-2s-nginx.pcap";

/// Runs the program in the samples folder.
fn run(args: &[&str]) -> Output {
    run_on(args, b"")
}

fn run_on(args: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtmpscope"));
    command.args(args).current_dir(samples_dir()).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // Written beside reading: a full pipe would wait forever. That the program stops reading is no fault.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn out(args: &[&str]) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(args: &[&str]) -> (i32, String) {
    let output = run(args);
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_bad_filter_is_told_before_anything_is_read() {
    let (code, said) = refused(&["list", "no-such-file.pcap", "--filter", "kind == vidoe && length > 3"]);
    assert_eq!(code, 2);
    for line in ["  kind == vidoe && length > 3", "          ^^^^^", "kind is never vidoe; did you mean video?"] {
        assert!(said.lines().any(|said| said == line), "{line:?} in {said}");
    }
}

#[test]
fn list_shows_what_matches() {
    let rows = out(&["list", PUBLISH, "--filter", "kind == video && video.keyframe && length > 1KiB"]);
    let rows: Vec<&str> = rows.lines().collect();
    // A head, the session, its two key frames, its end.
    assert_eq!(rows.len(), 5, "{rows:?}");
    assert!(rows[1].contains("session") && rows[4].contains("closed"));
    // Sessions without a match are not told of.
    let rows = out(&["list", "auth-failures-nginx.pcap", "--filter", "command.args.code == NetStream.Publish.BadName"]);
    assert_eq!(rows.lines().filter(|row| row.contains("session")).count(), 1, "{rows}");
    // An export of the capture has the same rows, up to the words of a message.
    let export = out(&["export", "auth-failures-nginx.pcap"]);
    for filter in ["command.args.code == NetStream.Publish.BadName", "dir == c2s && kind == control", "seq < 4"] {
        let rows = out(&["list", "auth-failures-nginx.pcap", "--filter", filter]);
        let read = run_on(&["list", "-", "--filter", filter], export.as_bytes()).stdout;
        let columns = |text: &str| text.lines().map(|row| row.chars().take(72).collect()).collect::<Vec<String>>();
        assert_eq!(columns(&rows), columns(&String::from_utf8(read).unwrap()), "{filter}");
    }
    let rows = out(&["list", PUBLISH, "--filter", "kind == audio", "--limit", "3", "--format", "ndjson"]);
    assert_eq!(rows.lines().count(), 3);
}

#[test]
fn nothing_that_matches_is_no_silence() {
    let output = run(&["export", PUBLISH, "--filter", "kind == video && video.codec == hevc"]);
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8(output.stderr).unwrap();
    let words = "rtmpscope: the filter matches nothing: 0 of 159 match; never true: video.codec == hevc\n";
    assert_eq!(said, words);
    let export = out(&["export", PUBLISH]);
    let again = run_on(&["list", "-", "--filter", "kind == video && video.codec == hevc"], export.as_bytes());
    assert_eq!(String::from_utf8(again.stderr).unwrap(), words);
}

#[test]
fn show_takes_the_nth_match_and_summary_takes_none() {
    let shown = out(&["show", PUBLISH, "2", "--filter", "video.keyframe"]);
    assert!(shown.starts_with("message 150 of session 1"), "{shown}");
    let shown = out(&["show", "auth-failures-nginx.pcap", "8.1", "--filter", "command.name == onStatus"]);
    assert!(shown.contains("of session 8"), "{shown}");
    let (code, said) = refused(&["show", PUBLISH, "3", "--filter", "video.keyframe"]);
    assert!(code == 2 && said.contains("no match 3: there are 2"), "{said}");
    let (code, said) = refused(&["summary", PUBLISH, "--filter", "video.keyframe"]);
    assert!(code == 2 && said.contains("whole sessions"), "{said}");
}

/// A filter is asked of real values; what leaves is masked all the same.
#[test]
fn a_secret_can_be_asked_for_and_is_not_told() {
    let open = out(&["list", PUBLISH, "--format", "csv", "--fields", "command.args", "--show-secrets"]);
    let key = open.lines().find(|line| line.ends_with(" live")).unwrap().trim_end_matches(" live");
    assert!(!key.contains('*'));
    for verb in [&["list", PUBLISH][..], &["export", PUBLISH], &["export", PUBLISH, "--format", "csv"]] {
        let filter = format!("command.args[0] == {key:?}");
        let found = out(&[verb, &["--filter", &filter]].concat());
        assert!(found.contains("publish") && found.contains("****") && !found.contains(key), "{found}");
    }
}

const FILTERS: &[&str] = &[
    "kind == video",
    "kind in (command, data, shared_object)",
    "dir == s2c && !(kind == control)",
    "length > 1KiB || has(partial)",
    "nals == idr || nals == idr_w_radl",
    "has(command.reply) && reply_after < 1s",
    "command.args.code =~ \"^Net\"",
    "command.object != null",
    "timestamp.delta > 20ms && seq != 9",
    "recovered || has(within)",
    "data.values.width > 0",
    "audio.codec in (aac, opus) && csid > 3",
];

const CAPTURES: &[&str] = &[
    PUBLISH,
    "auth-failures-nginx.pcap",
    "c-aggregate.pcap",
    "c-amf0-types.pcap",
    "c-shared-objects.pcap",
    "c-random-mix.pcap",
    "c-ertmp-video.pcap",
    "x-loss3.pcap",
    "pub-ffmpeg9-hevc-aac-nms4.pcap",
];

/// A filtered export is the full one with lines left out; messages and events are asked with the same answer; and an
/// export of the export is the same bytes.
#[test]
fn a_filtered_export_is_a_part_of_the_whole_whichever_way_it_is_made() {
    in_parallel(CAPTURES, |file| {
        let export = |args: &[&str]| {
            String::from_utf8(run(&[&["export", file, "--allow-partial", "--show-secrets"], args].concat()).stdout)
                .unwrap()
        };
        let whole = export(&[]);
        let all: Vec<&str> = whole.lines().collect();
        let mut matched = 0;
        for text in FILTERS.iter().copied().chain(ENTRIES.iter().flat_map(|t| t.iter()).map(|e| e.example).step_by(9)) {
            let filter = Filter::new(text).unwrap();
            let part = export(&["--filter", text]);
            let kept: Vec<&str> = part.lines().collect();
            let mut rest = all.iter();
            assert!(kept.iter().all(|line| rest.any(|other| other == line)), "{file}: {text}: lines of its own");
            let expected = all.iter().filter(|line| {
                let members = Members::read(line).unwrap();
                match members.raw("event") {
                    Some("\"message\"") => filter.matches(&members),
                    Some("\"handshake\"" | "\"gap\"" | "\"finding\"") => false,
                    _ => true,
                }
            });
            assert!(expected.eq(kept.iter()), "{file}: {text}");
            matched += kept.iter().filter(|line| line.contains(r#""event":"message""#)).count();
            let again = run_on(&["export", "-", "--allow-partial", "--filter", text], whole.as_bytes());
            assert_eq!(String::from_utf8(again.stdout).unwrap(), part, "{file}: {text}");
        }
        assert!(matched > 0, "{file}: no filter matched anything");
    });
}

#[test]
fn columns_are_the_same_from_captures_and_exports() {
    in_parallel(CAPTURES, |file| {
        let columns = "session,seq,time,kind,span,packets,partial,command.name,command.object,command.args,data.values,\
                       control.op,control.value,video.codec,video.nals,audio.codec,reply_after,shared_object.events.name";
        for format in ["csv", "md"] {
            let args = ["--format", format, "--fields", columns, "--filter", "seq < 200"];
            let from_capture = run(&[&["list", file], &args[..]].concat()).stdout;
            let export = run(&["export", file, "--allow-partial"]).stdout;
            let from_export = run_on(&[&["export", "-", "--allow-partial"], &args[..]].concat(), &export).stdout;
            assert!(from_capture.len() > columns.len());
            assert_eq!(String::from_utf8(from_capture).unwrap(), String::from_utf8(from_export).unwrap(), "{file}");
        }
    });
}

#[test]
fn an_export_is_read_in_every_form() {
    let export = out(&["export", PUBLISH]);
    let array = out(&["export", PUBLISH, "--format", "json"]);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(export.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    for input in [export.as_bytes(), array.as_bytes(), &gzip] {
        let again = run_on(&["export", "-"], input);
        assert_eq!((again.status.code(), &*again.stdout), (Some(0), export.as_bytes()));
        let again = run_on(&["export", "-", "--format", "json"], input);
        assert_eq!((again.status.code(), &*again.stdout), (Some(0), array.as_bytes()));
        let rows = String::from_utf8(run_on(&["list", "-"], input).stdout).unwrap();
        assert_eq!(rows.lines().count(), out(&["list", PUBLISH]).lines().count());
    }
    let selected = ["--session", "1", "--from", "1s", "--to", "1500ms", "--limit", "5"];
    let expected = out(&[&["export", PUBLISH], &selected[..]].concat());
    let got = run_on(&[&["export", "-"], &selected[..]].concat(), export.as_bytes());
    assert_eq!(String::from_utf8(got.stdout).unwrap(), expected);
}

#[test]
fn what_an_export_cannot_tell_is_said() {
    let export = out(&["export", PUBLISH]);
    for (args, code, words) in [
        (&["export", "-", "--detail", "fields"][..], 2, "need the capture itself"),
        (&["list", "-", "--show-secrets"], 2, "what is masked in an export is not there"),
        (&["export", "-", "--session", "7"], 2, "no session 7"),
    ] {
        let output = run_on(args, export.as_bytes());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: {said}");
    }
    let cut = &export.as_bytes()[..export.len() - 40];
    assert_eq!(run_on(&["export", "-"], cut).status.code(), Some(5));
    assert_eq!(run_on(&["export", "-", "--allow-partial"], cut).status.code(), Some(0));
    assert_eq!(run_on(&["list", "-"], cut).status.code(), Some(0));
    let other = export.replace("\"v\":1", "\"v\":2");
    assert_eq!(run_on(&["export", "-"], other.as_bytes()).status.code(), Some(7));
    assert_eq!(run_on(&["export", "-"], b"{\"a\":1}\n").status.code(), Some(3));
}

#[test]
fn an_unknown_column_is_told_with_what_was_meant() {
    let (code, said) = refused(&["export", PUBLISH, "--format", "md", "--fields", "seq,knid"]);
    assert!(code == 2 && said.contains("did you mean kind?") && said.contains("^^^^"), "{said}");
}

#[test]
fn fields_tells_names_types_values_and_examples() {
    let all = out(&["fields"]);
    for entry in ENTRIES.iter().flat_map(|table| table.iter()) {
        let line = all.lines().find(|line| line.split_whitespace().next() == Some(entry.name)).unwrap();
        assert!(line.contains(entry.about) && line.contains(entry.example) && line.contains(&entry.type_name()));
    }
    assert!(out(&["fields", "kind"]).contains("control, user_control"));
    assert!(out(&["fields", "command.object.app"]).contains("command.object"));
}

/// The commands of the documents run as they stand there, on the samples.
#[test]
fn documented_commands_run() {
    let root = samples_dir().join("..");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_rtmpscope")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    for page in ["docs/filter.md", "docs/events.md"] {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        let commands: Vec<&str> = text.lines().filter(|line| line.starts_with("rtmpscope ")).collect();
        assert!(commands.len() > 3, "{page}");
        for command in commands {
            let output =
                Command::new("sh").args(["-c", command]).current_dir(&root).env("PATH", &path).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && said.is_empty(), "{page}: {command}: {said}");
            assert!(output.stdout.iter().filter(|b| **b == b'\n').count() > 1, "{page}: {command} tells nothing");
        }
    }
}
