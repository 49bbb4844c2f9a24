//! Stories of the built program: what it prints where, and how it ends.

mod common;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use common::{Sample, in_parallel, sample, samples, samples_dir};
use serde_json::Value;

const PUBLISH: &str = "pub-ffmpeg5-2s-nginx.pcap";
const VERBS: [&str; 8] = ["summary", "list", "show", "export", "fields", "schema", "completions", "man"];

/// The program with nothing in its environment that could change what it prints, in the folder of the project.
fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtmpscope"));
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command
}

fn run(args: &[&str]) -> Output {
    program(args).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

/// Runs what has to succeed without a word beside its data.
fn told(args: &[&str]) -> String {
    let output = run(args);
    assert_eq!((code(&output), text(&output.stderr)), (0, ""), "{args:?}");
    text(&output.stdout).to_owned()
}

/// Runs what has to fail, and gives what it says.
fn refused(args: &[&str], with: i32) -> String {
    let output = run(args);
    assert_eq!(code(&output), with, "{args:?}: {}", text(&output.stderr));
    assert!(!output.stderr.is_empty(), "{args:?} says why");
    text(&output.stderr).to_owned()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn path(file: &str) -> String {
    samples_dir().join(file).to_str().unwrap().to_owned()
}

/// A file of this test only.
fn scratch(name: &str, bytes: &[u8]) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{name}"));
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A capture with one packet in it that is no RTMP: an Ethernet frame of an unknown kind.
fn without_rtmp() -> Vec<u8> {
    let mut pcap = b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x01\0\0\0".to_vec();
    pcap.extend(b"\0\0\0\0\0\0\0\0\x3c\0\0\0\x3c\0\0\0");
    pcap.extend([0x88; 60]);
    pcap
}

// --- exit codes ----------------------------------------------------------------------------------------------------

#[test]
fn what_cannot_be_meant_ends_with_2() {
    let file = path(PUBLISH);
    refused(&["list", &file, "--nonsense"], 2);
    refused(&["list", &file, "--from", "yesterday"], 2);
    refused(&["list", &file, "--fields", "seq"], 2);
    refused(&["list"], 2);
    refused(&["fields", "no such thing anywhere"], 2);
    let error = refused(&["list", &file, "--format", "csv", "--fields", "seq,knid"], 2);
    assert!(error.contains("knid") && error.contains("did you mean kind?"), "{error}");
    assert!(refused(&["show", &file, "100000"], 2).contains("no message 100000"));
    assert!(refused(&["show", &file, "7.1"], 2).contains("session 7"));
    refused(&["show", &file, "first"], 2);
    assert!(refused(&["list", &file, "--session", "2"], 2).contains("no session 2"));
}

#[test]
fn what_cannot_be_read_ends_with_3() {
    let folder = samples_dir();
    let words = scratch("words.txt", b"this is not a capture, it only looks like a text file\n");
    let empty = scratch("empty.pcap", b"");
    for verb in ["summary", "list", "export"] {
        assert!(refused(&[verb, "/nonexistent/file.pcap"], 3).contains("/nonexistent/file.pcap"));
        assert!(refused(&[verb, folder.to_str().unwrap()], 3).contains("directory"));
        assert!(refused(&[verb, &words], 3).contains("neither pcap nor pcapng"));
        assert!(refused(&[verb, &empty], 3).contains("the file is empty"));
    }
    refused(&["show", &empty, "1"], 3);
    refused(&["list", &empty, "--allow-empty"], 3);
    assert_eq!(code(&run(&["list", "-"])), 3, "nothing on standard input");
}

#[test]
fn a_capture_without_rtmp_ends_with_4() {
    let other = scratch("other.pcap", &without_rtmp());
    let header = scratch("header.pcap", &without_rtmp()[..24]);
    for file in [&other, &header] {
        for verb in ["summary", "list", "export"] {
            assert!(refused(&[verb, file], 4).contains("no RTMP"));
            assert_eq!(code(&run(&[verb, file, "--allow-empty"])), 0);
        }
        refused(&["show", file, "1"], 4);
    }
}

#[test]
fn only_export_insists_on_the_whole() {
    let whole = sample(PUBLISH).bytes;
    let cut = scratch("cut.pcap", &whole[..whole.len() - 100]);
    for file in [path("x-loss3.pcap"), cut] {
        assert!(refused(&["export", &file], 5).contains("--allow-partial"));
        assert!(refused(&["export", &file, "--format", "csv"], 5).contains("--allow-partial"));
        for args in [&["export", &file, "--allow-partial"][..], &["summary", &file], &["list", &file]] {
            let output = run(args);
            assert_eq!(code(&output), 0, "{args:?}");
            assert!(!output.stdout.is_empty());
        }
    }
}

// --- pipes ---------------------------------------------------------------------------------------------------------

#[test]
fn standard_input_reads_like_the_file() {
    for args in [&["list"][..], &["summary"], &["export"], &["list", "--format", "csv"]] {
        let from_pipe = |args: &[&str]| {
            let mut command = program(args);
            command.stdin(File::open(path(PUBLISH)).unwrap());
            let output = command.output().unwrap();
            assert_eq!((code(&output), text(&output.stderr)), (0, ""), "{args:?}");
            text(&output.stdout).replace("\"-\"", "NAME").replacen("-  pcap", "NAME  pcap", 1)
        };
        let piped = from_pipe(&[args, &["-"]].concat());
        let file = told(&[args, &[path(PUBLISH).as_str()]].concat());
        let file =
            file.replace(&format!("\"{PUBLISH}\""), "NAME").replacen(&format!("{PUBLISH}  pcap"), "NAME  pcap", 1);
        // Events go out before it is known how many packets standard input holds.
        let file = file.replacen(",\"packets\":521,\"complete\":true}\n", "}\n", usize::from(args[0] == "export"));
        assert_eq!(piped, file, "{args:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let file = path("c-random-mix.pcap");
    for args in [&["list", &file][..], &["export", &file, "--detail", "fields"], &["show", &file, "9"], &["fields"]] {
        let mut child = program(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut error = String::new();
        child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
        assert_eq!((child.wait().unwrap().code(), error.as_str()), (Some(0), ""), "{args:?}");
    }
}

// --- colour --------------------------------------------------------------------------------------------------------

#[test]
fn colour_is_for_those_who_want_it() {
    let file = path(PUBLISH);
    let coloured = |args: &[&str], environment: &[(&str, &str)]| {
        let mut command = program(&[&["list", &file], args].concat());
        let output = command.envs(environment.iter().copied()).output().unwrap();
        assert_eq!(code(&output), 0);
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured(&[], &[]), "a pipe is no terminal");
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[], &[("CLICOLOR_FORCE", "0")]));
    assert!(!coloured(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), "NO_COLOR wins");
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]), "the flag wins");
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    // Data for machines never has any.
    for args in [&["--format", "csv", "--color", "always"][..], &["--format", "ndjson", "--color", "always"]] {
        assert!(!coloured(args, &[("CLICOLOR_FORCE", "1")]));
    }
}

// --- reference -----------------------------------------------------------------------------------------------------

#[test]
fn help_is_at_hand() {
    let all = told(&["--help"]);
    for verb in VERBS {
        assert!(all.contains(verb), "--help names {verb}");
        assert!(told(&[verb, "--help"]).contains("Usage: rtmpscope"), "{verb} --help");
        assert_eq!(code(&run(&["help", verb])), 0);
    }
    assert_eq!(told(&["--version"]), format!("rtmpscope {}\n", env!("CARGO_PKG_VERSION")));
    refused(&[], 2);
}

#[test]
fn reference_verbs_print_what_they_promise() {
    for shell in ["bash", "zsh", "fish"] {
        let script = told(&["completions", shell]);
        assert!(VERBS.iter().all(|verb| script.contains(verb)), "{shell}");
    }
    refused(&["completions", "tcsh-like"], 2);
    assert!(told(&["man"]).contains(".TH rtmpscope"));
    let schema: Value = serde_json::from_str(&told(&["schema"])).unwrap();
    assert!(schema.get("$schema").is_some());
    let all = told(&["fields"]);
    let some = told(&["fields", "CHUNK"]);
    assert!(all.lines().count() > 200);
    assert!((1..all.lines().count()).contains(&some.lines().count()));
    for line in some.lines().filter(|line| !is_heading(line)) {
        assert!(line.to_lowercase().contains("chunk") && all.contains(line), "{line}");
    }
}

/// A heading of the lists that `fields` prints, or the line in front of one.
fn is_heading(line: &str) -> bool {
    line.is_empty() || line.starts_with("NAMES FOR") || line.starts_with("FIELDS OF")
}

// --- selection -----------------------------------------------------------------------------------------------------

#[test]
fn a_file_alone_is_listed() {
    let file = path(PUBLISH);
    assert_eq!(told(&[&file]), told(&["list", &file]));
    assert_eq!(told(&["--limit", "3", &file]), told(&["list", &file, "--limit", "3"]));
}

/// The messages of an export: session, time and the whole line.
fn messages(args: &[&str]) -> Vec<(u64, f64, String)> {
    let lines = told(args);
    let events = lines.lines().map(|line| (serde_json::from_str::<Value>(line).unwrap(), line.to_owned()));
    let messages = events.filter(|(event, _)| event["event"] == "message");
    messages.map(|(e, line)| (e["session"].as_u64().unwrap(), e["time"].as_f64().unwrap(), line)).collect()
}

#[test]
fn selections_leave_out_and_change_nothing() {
    let file = path("auth-failures-nginx.pcap");
    let all = messages(&["export", &file]);
    let chosen =
        |keep: &dyn Fn(&(u64, f64, String)) -> bool| -> Vec<_> { all.iter().filter(|m| keep(m)).cloned().collect() };
    let middle = all[all.len() / 2].1;
    let (from, most) = (format!("{middle}"), all.len() / 3);
    assert_eq!(messages(&["export", &file, "--session", "8"]), chosen(&|m| m.0 == 8));
    assert_eq!(messages(&["export", &file, "--session", "8", "--session", "2"]), chosen(&|m| m.0 == 8 || m.0 == 2));
    assert_eq!(messages(&["export", &file, "--from", &from]), chosen(&|m| m.1 >= middle));
    assert_eq!(messages(&["export", &file, "--to", &from]), chosen(&|m| m.1 < middle));
    assert_eq!(messages(&["export", &file, "--from", "1000000ms"]), chosen(&|m| m.1 >= 1000.0));
    assert_eq!(messages(&["export", &file, "--limit", &most.to_string()]), all[..most]);
    assert_eq!(messages(&["list", "--format", "ndjson", &file]), all);
    let rows = told(&["list", &file, "--format", "csv", "--session", "8", "--fields", "session,seq"]);
    assert_eq!(rows.lines().count(), 1 + chosen(&|m| m.0 == 8).len());
}

// --- promises ------------------------------------------------------------------------------------------------------

#[test]
fn every_sample_prints_data_only_and_the_same_twice() {
    in_parallel(&samples(), |sample| {
        let file = sample.path.to_str().unwrap();
        for args in
            [&["summary", file][..], &["list", file], &["export", file, "--allow-partial", "--detail", "fields"]]
        {
            let (one, two) = (run(args), run(args));
            assert_eq!(one, two, "{args:?}: the same bytes twice");
            if code(&one) == 0 {
                assert_eq!(text(&one.stderr), "", "{args:?}");
                assert!(!one.stdout.is_empty(), "{args:?}");
            } else {
                assert_eq!(code(&one), 4, "{args:?}: {}", text(&one.stderr));
            }
        }
    });
}

/// Commands that stand in the code blocks of README.md.
fn readme_commands() -> Vec<Vec<String>> {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let blocks = readme.split("```").skip(1).step_by(2);
    let lines = blocks.flat_map(|block| block.lines().skip(1));
    let words = lines.filter_map(|line| {
        let ours = line.strip_prefix("rtmpscope ").or_else(|| line.strip_prefix("cargo run --release -- "))?;
        // What stands between quotes is one word.
        let parts = ours.split('\'').enumerate().flat_map(|(n, part)| match n % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        });
        Some(parts.collect())
    });
    words.collect()
}

#[test]
fn the_commands_of_the_readme_work() {
    let commands = readme_commands();
    // `tcpdump ... | rtmpscope -` begins otherwise and wants a network: it is not among them.
    assert!(commands.len() >= 6, "{commands:?}");
    // Nor is the proxy, which tests/proxy_cli.rs runs.
    for command in commands.into_iter().filter(|command| command.first().is_none_or(|verb| verb != "proxy")) {
        assert!(!command.iter().any(|word| word == "|"), "{command:?} is more than one program");
        let args: Vec<&str> = command.iter().map(String::as_str).collect();
        assert!(!told(&args).is_empty());
    }
}

// --- secrets -------------------------------------------------------------------------------------------------------

/// The stream names that a capture holds, of four characters and more.
fn names(sample: &Sample) -> BTreeSet<String> {
    let output = run(&["export", sample.path.to_str().unwrap(), "--show-secrets", "--allow-partial", "--allow-empty"]);
    let events = text(&output.stdout).lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let commands = events.filter(|e| {
        let names = ["publish", "play", "releaseStream", "FCPublish", "getStreamLength"];
        e["command"]["name"].as_str().is_some_and(|name| names.contains(&name))
    });
    let first = commands.filter_map(|e| e["command"]["args"][0].as_str().map(str::to_owned));
    let parts = first.flat_map(|name| [name.split('?').next().unwrap_or_default().to_owned(), name]);
    // `clip` is a word of AMF0 too: one of its markers is that of a movie clip.
    parts.filter(|name| name.chars().count() >= 4 && (name != "clip" || sample.name != "c-amf0-types")).collect()
}

/// Does a line hold a name as a word of its own? `short` is a stream, `short_frames` a field.
fn shows(line: &str, name: &str) -> bool {
    let of_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(at, _)| {
        let (before, after) = (line[..at].chars().next_back(), line[at + name.len()..].chars().next());
        !before.is_some_and(of_word) && !after.is_some_and(of_word)
    })
}

/// Runs with the capture on standard input, so that its file name is not in what comes out.
fn piped(sample: &Sample, args: &[&str]) -> String {
    let mut child = program(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let bytes = sample.bytes.clone();
    let writer = std::thread::spawn(move || drop(input.write_all(&bytes)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    text(&output.stdout).to_owned()
}

#[test]
fn stream_names_leave_masked() {
    let names: Vec<(Sample, BTreeSet<String>)> =
        samples().into_iter().map(|s| (names(&s), s)).map(|(n, s)| (s, n)).collect();
    assert!(names.iter().filter(|(_, names)| !names.is_empty()).count() >= 8);
    in_parallel(&names, |(sample, names)| {
        if names.is_empty() {
            return;
        }
        let mut outputs: Vec<Vec<String>> = [
            "summary -",
            "list -",
            "list - --format csv",
            "list - --format md",
            "list - --format ndjson",
            "export - --detail chunks",
            "export - --detail fields",
            "export - --format csv",
            "export - --bodies head:64",
        ]
        .iter()
        .map(|line| line.split(' ').map(str::to_owned).collect())
        .collect();
        for n in 1..=14 {
            outputs.push(["show", "-", &n.to_string(), "--hex", "--chunks"].map(str::to_owned).to_vec());
            outputs.push(["show", "-", &n.to_string(), "--json"].map(str::to_owned).to_vec());
        }
        for args in outputs {
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let output = piped(sample, &args);
            for name in names {
                let line = output.lines().find(|line| shows(line, name));
                assert_eq!(line, None, "{} {args:?} shows {name}", sample.name);
            }
        }
    });
}

/// Every session says how much of it is explained, and all together do.
#[test]
fn summary_tells_the_coverage_when_asked() {
    let told_by =
        |args: &[&str]| told(args).lines().filter(|line| line.starts_with("coverage ")).map(String::from).collect();
    let lines: Vec<String> = told_by(&["summary", "--coverage", &path("auth-failures-nginx.pcap")]);
    assert_eq!(lines.len(), 9 + 1, "{lines:?}");
    assert!(lines.iter().all(|line| line.ends_with(" 0 B unexplained")), "{lines:?}");
    let without: Vec<String> = told_by(&["summary", &path("auth-failures-nginx.pcap")]);
    assert_eq!(without, [""; 0]);
}
