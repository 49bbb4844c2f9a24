//! Names from the wire that were made to do harm: no output lets them move a cursor, turn a line around, end a line of
//! JSON, a row of CSV or a cell of Markdown, or name a file.

mod common;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use common::Numbers;
use rtmpscope::wire::amf0;
use rtmpscope::wire::chunk::Chunker;
use rtmpscope::wire::code::MessageType;
use rtmpscope::wire::value::Amf;
use serde_json::Value;

/// Strings that have done harm elsewhere. Each holds the word that shows that it came through.
const HOSTILE: [&str; 9] = [
    "planted\u{1b}[2J\u{1b}]0;title\u{7}",
    "planted\u{9b}31m\u{85}\u{90}q",
    "\u{202e}detnalp planted\u{2066}\u{200f}\u{feff}",
    "planted\r\n{\"event\":\"end\"}\nnext",
    "planted\",\"event\":\"end\",\"x\":\"",
    "=cmd|' /C calc'!A1,planted",
    "planted|cell|\n| row |",
    "../../../../tmp/planted\0name",
    "planted\u{2028}\u{2029}\u{7f}`$(touch planted)`<script>",
];

fn hostile(n: usize) -> String {
    HOSTILE[n % HOSTILE.len()].to_owned()
}

fn text(n: usize) -> Amf {
    Amf::String(hostile(n).into())
}

/// A body of AMF0 values.
fn body(values: &[Amf]) -> Vec<u8> {
    let mut body = Vec::new();
    amf0::write_all(values, &mut body);
    body
}

/// A session in which every name is hostile: both sides, as (from the client, type, message stream, body).
fn talk() -> Vec<(bool, MessageType, u32, Vec<u8>)> {
    let object = |from: usize| {
        let names = ["app", "tcUrl", "flashVer", "pageUrl", "code", "description", "level", "encoder"];
        let mut members: Vec<_> = names.iter().enumerate().map(|(n, name)| ((*name).into(), text(from + n))).collect();
        members.extend((0..HOSTILE.len()).map(|n| (hostile(n).into(), text(n + 1))));
        Amf::Object(members)
    };
    let call = |name: &str, transaction: f64, rest: Vec<Amf>| {
        let name = Amf::String(name.to_owned().into());
        body(&[vec![name, Amf::Number(transaction)], rest].concat())
    };
    let mut all = vec![
        (true, MessageType::COMMAND, 0, call("connect", 1.0, vec![object(0)])),
        (false, MessageType::COMMAND, 0, call("_result", 1.0, vec![object(1), object(2)])),
    ];
    for n in 0..HOSTILE.len() {
        let stream = Amf::Null;
        all.push((
            true,
            MessageType::COMMAND,
            1,
            call("publish", 2.0 + n as f64, vec![stream.clone(), text(n), text(n + 1)]),
        ));
        all.push((false, MessageType::COMMAND, 1, call("onStatus", 0.0, vec![stream.clone(), object(n)])));
        all.push((true, MessageType::COMMAND, 1, call(&hostile(n), 0.0, vec![stream, text(n)])));
        all.push((
            true,
            MessageType::DATA,
            1,
            body(&[text(n), Amf::String("onMetaData".to_owned().into()), object(n)]),
        ));
        // A shared object with a hostile name; bytes that are no UTF-8 in a command.
        let mut shared = (hostile(n).len() as u16).to_be_bytes().to_vec();
        shared.extend(hostile(n).bytes());
        shared.extend([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
        all.push((true, MessageType::SHARED_OBJECT, 0, shared));
        all.push((true, MessageType::COMMAND, 1, b"\x02\x00\x0bplanted\xff\x9b\x1b\xfe\x00".to_vec()));
    }
    all
}

/// The capture of a talk.
fn capture() -> Vec<u8> {
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4u32, 2 | 4 << 16, 0, 0, 0xffff, 101] {
        file.extend(word.to_le_bytes());
    }
    let mut seqs = [1000u32, 9000];
    let mut packets = 0u32;
    let mut send = |client: bool, flags: u8, payload: &[u8]| {
        let (from, to) = if client { (0, 1) } else { (1, 0) };
        for piece in if payload.is_empty() { vec![payload] } else { payload.chunks(1000).collect() } {
            let mut ip = vec![0x45, 0];
            ip.extend((40 + piece.len() as u16).to_be_bytes());
            ip.extend([0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, from + 1, 10, 0, 0, to + 1]);
            ip.extend(if client { [0x9c, 0x40, 0x07, 0x8f] } else { [0x07, 0x8f, 0x9c, 0x40] });
            ip.extend(seqs[from as usize].to_be_bytes());
            ip.extend(seqs[to as usize].to_be_bytes());
            ip.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
            ip.extend(piece);
            seqs[from as usize] += piece.len() as u32 + u32::from(flags & 3 != 0);
            packets += 1;
            for word in [packets / 1000, packets % 1000 * 1000, ip.len() as u32, ip.len() as u32] {
                file.extend(word.to_le_bytes());
            }
            file.extend(ip);
        }
    };
    send(true, 2, b"");
    send(false, 0x12, b"");
    let mut numbers = Numbers(1);
    let mut shake =
        |_| [vec![3, 0, 0, 0, 0, 0, 0, 0, 0], (0..3064).map(|_| numbers.below(256) as u8).collect()].concat();
    let (c, s): (Vec<u8>, Vec<u8>) = (shake(0), shake(1));
    send(true, 0x10, &c);
    send(false, 0x10, &s);
    for (client, kind, stream, body) in talk() {
        let mut bytes = Vec::new();
        Chunker::default().write(3, 0, kind, stream, &body, &mut bytes);
        send(client, 0x10, &bytes);
    }
    send(true, 0x11, b"");
    send(false, 0x11, b"");
    file
}

/// What must not stand in any output: C0 but the end of a line, DEL, C1, and what turns text around.
fn harmful(c: char) -> bool {
    c != '\n' && c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[test]
fn planted_names_do_no_harm_in_any_output() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hygiene");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    // The name of the input is not ours either.
    let name = "in\u{1b}[31m\u{202e}put.pcap";
    fs::write(folder.join(name), capture()).unwrap();
    let run = |args: &[&str]| {
        let program = env!("CARGO_BIN_EXE_rtmpscope");
        let output = Command::new(program).args(args).current_dir(&folder).stdin(Stdio::null()).output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap_or_else(|_| panic!("{args:?}: not UTF-8"));
        let err = String::from_utf8(output.stderr).unwrap_or_else(|_| panic!("{args:?}: stderr is not UTF-8"));
        assert!(matches!(output.status.code(), Some(0 | 2 | 5)), "{args:?}: {:?} {err}", output.status);
        for (n, line) in out.lines().chain(err.lines()).enumerate() {
            assert!(!line.contains(harmful), "{args:?} line {n}: {line:?}");
        }
        assert!(out.contains("planted") || args.contains(&"summary"), "{args:?}: the names came through: {out}{err}");
        out
    };
    let all = talk().len();
    for secrets in [&[][..], &["--show-secrets"]] {
        let with = |args: &[&'static str]| [args, &[name], secrets].concat();
        run(&with(&["summary"]));
        let table = run(&with(&["list"]));
        assert!(table.lines().count() >= all, "one line a message");
        // Every row of a table has as many cells as its head.
        let cells = |row: &str| row.replace("\\|", "").matches('|').count();
        let md = run(&with(&["list", "--format", "md"]));
        let rows: Vec<_> = md.lines().filter(|line| line.starts_with('|')).collect();
        assert!(rows.len() >= all && rows.iter().all(|row| cells(row) == cells(rows[0])), "{md}");
        let csv = run(&with(&["list", "--format", "csv"]));
        let columns: Vec<usize> = records(&csv).iter().map(Vec::len).collect();
        assert!(columns.len() > all && columns.iter().all(|n| *n == columns[0]), "{columns:?}");
        for args in [
            &["list", "--format", "ndjson"][..],
            &["export"],
            &["export", "--detail", "fields", "--bodies", "base64"],
            &["export", "--detail", "chunks", "--bodies", "head:64"],
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
        for n in 1..=all {
            let n = n.to_string();
            for more in [&[][..], &["--hex"], &["--chunks"], &["--json"]] {
                let output = Command::new(env!("CARGO_BIN_EXE_rtmpscope"))
                    .args([&["show", name, &n], more, secrets].concat())
                    .current_dir(&folder)
                    .output()
                    .unwrap();
                let out = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
                assert!(output.status.success() && !out.contains(harmful), "show {n} {more:?}: {out:?}");
            }
        }
    }
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [name], "no name became a file");
    assert!(!PathBuf::from("/tmp/planted").exists(), "nor a path");
}

/// The records of a CSV text (RFC 4180).
fn records(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = csv.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\n', false) => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (c, _) => cell.push(c),
        }
    }
    rows
}
