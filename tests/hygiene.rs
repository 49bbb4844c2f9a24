//! Names from the wire that were made to do harm: no output lets them move a cursor, turn a line around, end a line of
//! JSON, a row of CSV or a cell of Markdown, or name a file.

#[path = "common/binary.rs"]
mod binary;
mod common;
mod planted;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use binary::Proxy;
use planted::{capture, harmful, records, streams, talk};
use serde_json::Value;

/// A folder of a test's own.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(name), bytes).unwrap();
    }

    /// Runs the program in it, which ends with one of these codes: what it printed and said, which does no harm.
    fn run(&self, args: &[&str], codes: &[i32]) -> (String, String) {
        let program = env!("CARGO_BIN_EXE_rtmpscope");
        let mut command = Command::new(program);
        // In pipelines `accept` refuses to work.
        command.args(args).current_dir(&self.0).stdin(Stdio::null()).env_remove("CI");
        let output = command.output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap_or_else(|_| panic!("{args:?}: not UTF-8"));
        let err = String::from_utf8(output.stderr).unwrap_or_else(|_| panic!("{args:?}: stderr is not UTF-8"));
        let code = output.status.code().unwrap();
        assert!(codes.contains(&code), "{args:?}: {code} {err}");
        is_harmless(&out, &format!("{args:?}"));
        is_harmless(&err, &format!("{args:?}"));
        (out, err)
    }

    /// No name became a file, nor a path.
    fn holds(&self, names: &[&str]) {
        let mut left: Vec<_> = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, names);
        assert!(!PathBuf::from("/tmp/planted").exists());
    }
}

fn is_harmless(text: &str, what: &str) {
    for (n, line) in text.lines().enumerate() {
        assert!(!line.contains(harmful), "{what} line {n}: {line:?}");
        // Markers of GitHub's workflow commands count where a line begins.
        assert!(!line.trim_start().starts_with("::set-output"), "{what} line {n}: {line:?}");
    }
}

/// The numbers of rows of the tables in a Markdown text, each of which has as many cells as the first of its table.
fn tables(markdown: &str) -> Vec<usize> {
    let cells = |row: &str| row.replace("\\\\", "").replace("\\|", "").matches('|').count();
    let lines: Vec<&str> = markdown.lines().collect();
    let tables = lines.chunk_by(|a, b| a.starts_with('|') == b.starts_with('|')).filter(|t| t[0].starts_with('|'));
    tables
        .map(|table| {
            table.iter().for_each(|row| assert_eq!(cells(row), cells(table[0]), "{row}\n{}", table[0]));
            table.len()
        })
        .collect()
}

#[test]
fn planted_names_do_no_harm_in_any_output() {
    let folder = Folder::new("hygiene");
    // The name of the input is not ours either.
    let name = "in\u{1b}[31m\u{202e}put.pcap";
    folder.write(name, &capture(0));
    let run = |args: &[&str]| {
        let (out, _) = folder.run(args, &[0, 2, 5]);
        assert!(out.contains("planted") || args.contains(&"summary"), "{args:?}: the names came through: {out}");
        out
    };
    let all = talk(0).len();
    for secrets in [&[][..], &["--show-secrets"]] {
        let with = |args: &[&'static str]| [args, &[name], secrets].concat();
        run(&with(&["summary"]));
        let table = run(&with(&["list"]));
        assert!(table.lines().count() >= all, "one line a message");
        let fields = "seq,command.name,command.object,command.args,data.values,shared_object.name,shared_object.events";
        for verb in [&["list"][..], &["export"], &["list", "--fields", fields], &["export", "--fields", fields]] {
            assert_eq!(tables(&run(&with(&[verb, &["--format", "md"]].concat()))), [all + 2]);
            let rows = records(&run(&with(&[verb, &["--format", "csv"]].concat())));
            assert!(rows.len() == all + 1 && rows.iter().all(|row| row.len() == rows[0].len()), "{rows:?}");
            // What a spreadsheet would run.
            let formula = |cell: &&String| cell.starts_with(['=', '+', '@', '-']) && cell.parse::<f64>().is_err();
            assert_eq!(rows.iter().flatten().find(formula), None);
        }
        run(&with(&["summary", "--coverage"]));
        for args in [
            &["list", "--format", "ndjson"][..],
            &["export"],
            &["export", "--detail", "fields", "--bodies", "base64"],
            &["export", "--detail", "chunks", "--bodies", "head:64"],
            &["export", "--amf", "lossless"],
        ] {
            let lines = run(&with(args));
            let events: Vec<Value> = lines
                .lines()
                .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{args:?} {e}: {line}")))
                .collect();
            let ends = events.iter().filter(|event| event["event"] == "end").count();
            assert_eq!(ends, usize::from(args[0] == "export"), "{args:?}: no end but our own");
            assert!(events.len() >= all, "{args:?}");
        }
        let json: Value = serde_json::from_str(&run(&with(&["export", "--format", "json"]))).unwrap();
        assert!(json.as_array().is_some_and(|events| events.len() > all));
        for n in (1..=all).step_by(3) {
            let n = n.to_string();
            for more in [&[][..], &["--hex"], &["--chunks"], &["--json"]] {
                let output = Command::new(env!("CARGO_BIN_EXE_rtmpscope"))
                    .args([&["show", name, &n], more, secrets].concat())
                    .current_dir(&folder.0)
                    .output()
                    .unwrap();
                let out = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
                assert!(output.status.success() && !out.contains(harmful), "show {n} {more:?}: {out:?}");
            }
        }
    }
    folder.holds(&[name]);
}

/// What an export says, told again.
#[test]
fn planted_names_do_no_harm_when_exports_are_read() {
    let folder = Folder::new("hygiene-exports");
    folder.write("a.pcap", &capture(0));
    let all = talk(0).len();
    let (export, _) = folder.run(&["export", "a.pcap", "--show-secrets", "--detail", "fields"], &[0]);
    folder.write("a.ndjson", export.as_bytes());
    let run = |args: &[&str]| folder.run(args, &[0, 5]).0;
    run(&["summary", "a.ndjson"]);
    assert!(run(&["list", "a.ndjson"]).lines().count() >= all);
    assert_eq!(tables(&run(&["list", "a.ndjson", "--format", "md"])), [all + 2]);
    assert_eq!(records(&run(&["export", "a.ndjson", "--format", "csv"])).len(), all + 1);
    for n in (1..=all).step_by(7) {
        run(&["show", "a.ndjson", &n.to_string()]);
        serde_json::from_str::<Value>(&run(&["show", "a.ndjson", &n.to_string(), "--json"])).unwrap();
    }
    let lines = run(&["export", "a.ndjson"]);
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    folder.holds(&["a.ndjson", "a.pcap"]);
}

/// Two sessions of which every name differs, and files that are called alike.
#[test]
fn planted_names_do_no_harm_in_comparisons() {
    let folder = Folder::new("hygiene-diff");
    let (a, b) = ("a\u{1b}[31m|`<&\"']]>.pcap", "b\u{202e}\n::error file=x::y.pcap");
    folder.write(a, &capture(0));
    folder.write(b, &capture(1));
    for strict in [&[][..], &["--strict", "text=exact"]] {
        let (golden, _) = folder.run(&[&["export", "--canonical", a], strict].concat(), &[0]);
        assert!(
            serde_json::Deserializer::from_str(&golden).into_iter::<Value>().all(|value| value.is_ok()),
            "{golden}"
        );
        let golden_name = "planted|\u{9b}31m.golden.json";
        folder.write(golden_name, golden.as_bytes());
        let mut told = 0;
        for format in ["text", "json", "junit", "markdown", "github"] {
            for more in [&[][..], &["--stat"], &["--side-by-side"]] {
                if format != "text" && !more.is_empty() {
                    continue;
                }
                let (out, _) = folder.run(&[&["diff", a, b, "--format", format], more, strict].concat(), &[1, 2]);
                told += usize::from(out.contains("planted"));
                parses(&out, format);
            }
            let strict: &[&str] = &[];
            let (out, _) =
                folder.run(&[&["verify", "--golden", golden_name, b, "--format", format], strict].concat(), &[1]);
            told += usize::from(out.contains("planted"));
            parses(&out, format);
        }
        assert!(told >= 11, "names came through: {told}");
        folder.run(&["accept", golden_name], &[0, 1, 2, 3]);
        fs::remove_file(folder.0.join(golden_name)).unwrap();
    }
    // Files that are not there, and one that is no capture.
    let missing = "no\u{1b}[31m|\n::set-output name=x::y";
    for args in
        [&["summary", missing][..], &["diff", a, missing], &["verify", "--golden", missing, a], &["accept", missing]]
    {
        assert!(!folder.run(args, &[1, 2, 3, 7]).1.is_empty());
        let _ = fs::remove_file(folder.0.join(format!("{missing}.new")));
    }
    folder.holds(&[a, b]);
}

/// Is it what its format promises?
fn parses(text: &str, format: &str) {
    match format {
        "json" => drop(serde_json::from_str::<Value>(text).unwrap()),
        "junit" => is_xml(text),
        "markdown" => drop(tables(text)),
        "github" => {
            for line in text.lines() {
                let command = ["::error", "::warning", "::notice"].iter().any(|command| line.starts_with(command));
                assert!(command && line.matches("::").count() >= 2, "{line}");
            }
        }
        _ => {}
    }
}

/// Well-formed as far as these documents go: elements nest, attributes are quoted, characters are escaped.
fn is_xml(text: &str) {
    let mut open = Vec::new();
    let escaped = |text: &str| {
        assert!(!text.contains('<') && !text.contains("]]>"), "{text}");
        for entity in text.split('&').skip(1) {
            let (name, _) = entity.split_once(';').unwrap_or_else(|| panic!("{text}"));
            assert!(["lt", "gt", "amp", "quot", "apos"].contains(&name) || name.starts_with('#'), "{text}");
        }
    };
    let mut rest = text.trim_start();
    if let Some(after) = rest.strip_prefix("<?xml") {
        rest = after.split_once("?>").unwrap().1;
    }
    while let Some((before, tag)) = rest.split_once('<') {
        escaped(before);
        let mut quoted = false;
        let end = tag.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let (tag, after) = tag.split_at(end.unwrap_or_else(|| panic!("{tag}")));
        rest = &after[1..];
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let attributes = tag[name.len()..].trim_end_matches('/');
        let parts: Vec<&str> = attributes.split('"').collect();
        assert!(parts.len() % 2 == 1, "{tag}");
        parts.iter().skip(1).step_by(2).for_each(|value| escaped(value));
        parts.iter().step_by(2).for_each(|name| assert!(name.trim().is_empty() || name.ends_with('='), "{tag}"));
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {rest}");
}

/// What a proxy prints, exports and records while such a session passes.
#[test]
fn planted_names_do_no_harm_in_a_proxy() {
    let folder = Folder::new("hygiene-proxy");
    for format in ["list", "summary", "ndjson"] {
        let path = |name: &str| folder.0.join(name).to_str().unwrap().to_owned();
        let (record, export) = (path("r.pcapng"), path("e.ndjson"));
        let args = ["--format", format, "--record", &record, "--export", &export, "--overwrite", "--show-secrets"];
        let proxy = Proxy::start(&args);
        let side = |client: bool| -> Vec<u8> {
            streams(0).into_iter().filter(|piece| piece.0 == client).flat_map(|piece| piece.1).collect()
        };
        proxy.play_bytes(&side(true), &side(false));
        let (out, errors, code) = proxy.stop();
        assert_eq!(code, Some(0), "{errors}");
        is_harmless(&out, format);
        is_harmless(&errors, format);
        assert!(out.contains("planted") || format == "summary", "{out}");
        let events = fs::read_to_string(&export).unwrap();
        is_harmless(&events, "export");
        assert!(events.contains("planted") && events.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
        // Only what passed holds the names: no comment, no name of an interface.
        let recorded = fs::read(&record).unwrap();
        let options = options(&recorded);
        assert!(options.len() >= 4, "{options:?}");
        for option in options {
            assert!(!option.contains("planted") && !option.contains(harmful), "{option:?}");
        }
        assert_eq!(common::sides(&recorded), [side(true), side(false)]);
        fs::remove_file(&export).unwrap();
    }
    folder.holds(&["r.pcapng"]);
}

/// The texts in the options of all blocks of a little-endian pcapng.
fn options(file: &[u8]) -> Vec<String> {
    let word = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    let half = |at: usize| usize::from(u16::from_le_bytes(file[at..at + 2].try_into().unwrap()));
    let (mut at, mut texts) = (0, Vec::new());
    while at < file.len() {
        let (kind, len) = (word(at), word(at + 4));
        let mut option = at
            + match kind {
                0x0a0d_0d0a => 24,
                1 => 16,
                6 => 28 + word(at + 20).next_multiple_of(4),
                _ => len,
            };
        while option + 8 <= at + len && half(option) != 0 {
            let size = half(option + 2);
            // The resolution of time is a number.
            if half(option) != 9 {
                texts.push(String::from_utf8(file[option + 4..option + 4 + size].to_vec()).unwrap());
            }
            option += 4 + size.next_multiple_of(4);
        }
        at += len;
    }
    texts
}
