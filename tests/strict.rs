//! The canonical form item by item: what it leaves out, and what each stricter switch keeps of it.

mod common;

use common::forms::{all_strict, between, of_capture, of_export, said, written};
use common::{export, in_parallel, sample, samples};
use rtmpscope::diff::{Canonical, Strict};
use rtmpscope::out::json::{Bodies, Detail};
use rtmpscope::out::read_canonical;

fn strict(switches: &[&str]) -> Strict {
    let mut strict = Strict::default();
    switches.iter().for_each(|switch| strict.set(switch).unwrap());
    strict
}

/// An export that carries what every switch needs.
fn whole() -> String {
    let bytes = sample("pub-ffmpeg5-2s-nginx.pcap").bytes;
    String::from_utf8(export(&bytes, Detail::Fields, Bodies::Hash, true)).unwrap()
}

fn form(text: &str, strict: Strict) -> Canonical {
    let (canonical, complete) = of_export(text.as_bytes(), strict);
    assert!(complete);
    canonical
}

/// A switch, a change of what it keeps, and the one line that the change gives with the switch; without it, none.
const CHANGES: &[(&str, &str, &str, &str)] = &[
    (
        "handshake=full",
        "\"name\":\"time\",\"at\":8,\"bits\":32,\"value\":0",
        "\"name\":\"time\",\"at\":8,\"bits\":32,\"value\":7",
        "control of the client: handshake c0c1 time \"0\" -> \"7\"",
    ),
    (
        "handshake=full",
        "\"value\":219023885}",
        "\"value\":219023886}",
        "control of the server: handshake s0s1 peer_version \"219023885\" -> \"219023886\"",
    ),
    // Random bytes, digests, the echo: of each of the four packets.
    ("handshake=full", "HASH c0c1", "0123456789abcdef", "control of the client: handshake c0c1 hash "),
    ("handshake=full", "HASH c2", "0123456789abcdef", "control of the client: handshake c2 hash "),
    ("handshake=full", "HASH s0s1", "0123456789abcdef", "control of the server: handshake s0s1 hash "),
    ("handshake=full", "HASH s2", "0123456789abcdef", "control of the server: handshake s2 hash "),
    (
        "chunks=exact",
        "\"csid\":3,\"fmt\":0,\"stream_id\":0,\"timestamp\":0,\"length\":140",
        "\"csid\":8,\"fmt\":0,\"stream_id\":0,\"timestamp\":0,\"length\":140",
        "control of the client: connect csid 3 -> 8",
    ),
    (
        "chunks=exact",
        "\"length\":140,\"chunks\":2",
        "\"length\":140,\"chunks\":3",
        "control of the client: connect chunks 2 -> 3",
    ),
    (
        "chunks=exact",
        "\"csid\":6,\"fmt\":1,\"stream_id\":1,\"timestamp\":40",
        "\"csid\":6,\"fmt\":0,\"stream_id\":1,\"timestamp\":40",
        "video: chunking \"frame 2: csid 6, fmt 1, chunks 1 (1 differ)\" -> \"frame 2: csid 6, fmt 0, chunks 1 (1 differ)\"",
    ),
    (
        "chunks=exact",
        "\"length\":789,\"chunks\":1",
        "\"length\":789,\"chunks\":7",
        "video: chunking \"frame 2: csid 6, fmt 1, chunks 1 (1 differ)\" -> \"frame 2: csid 6, fmt 1, chunks 7 (1 differ)\"",
    ),
    (
        "chunks=exact",
        "\"csid\":4,\"fmt\":0,\"stream_id\":1,\"timestamp\":0,\"length\":7",
        "\"csid\":5,\"fmt\":0,\"stream_id\":1,\"timestamp\":0,\"length\":7",
        "audio: configuration csid 4 -> 5",
    ),
    (
        "ids=exact",
        "\"name\":\"connect\",\"transaction\":1",
        "\"name\":\"connect\",\"transaction\":12",
        "control of the client: connect transaction_id 1 -> 12",
    ),
    (
        "ts=exact",
        "\"timestamp\":40,",
        "\"timestamp\":41,",
        "video: timing frame 2: 40 (1 differ) -> frame 2: 41 (1 differ)",
    ),
    (
        "ts=exact",
        "\"timestamp\":0,\"length\":140",
        "\"timestamp\":9,\"length\":140",
        "control of the client: connect timestamp 0 -> 9",
    ),
    (
        "amf.order=exact",
        "\"app\":\"live\",\"type\":\"nonprivate\"",
        "\"type\":\"nonprivate\",\"app\":\"live\"",
        "control of the client: connect object: keys in another order",
    ),
    (
        "amf.order=exact",
        "\"width\":320,\"height\":180,\"videodatarate\"",
        "\"height\":180,\"width\":320,\"videodatarate\"",
        "data of the client: @setDataFrame onMetaData: keys in another order",
    ),
    (
        "text=exact",
        "rtmp://192.0.2.20:1935/live",
        "rtmp://192.0.2.21:1935/live",
        "control of the client: connect object.tcUrl \"rtmp://192.0.2.20:1935/live\" -> \"rtmp://192.0.2.21:1935/live\"",
    ),
    (
        "text=exact",
        "\"description\":\"Start publishing\"",
        "\"description\":\"Go on\"",
        "control of the server: onStatus info.description \"Start publishing\" -> \"Go on\"",
    ),
    (
        "media=sizes",
        "\"length\":789",
        "\"length\":790",
        "video: sizes \"frame 2: 789 (1 differ)\" -> \"frame 2: 790 (1 differ)\"",
    ),
    (
        "media=hash",
        "a01259a1b6ed4459",
        "a01259a1b6ed4450",
        "video: hashes \"frame 2: a01259a1b6ed4459 (1 differ)\" -> \"frame 2: a01259a1b6ed4450 (1 differ)\"",
    ),
];

/// The hash of a part of the handshake, as the export has it.
fn handshake_hash(text: &str, part: &str) -> String {
    let line = text.lines().find(|line| line.contains(&format!("\"part\":\"{part}\""))).unwrap();
    line.split("\"hash\":\"").nth(1).unwrap()[..16].to_owned()
}

#[test]
fn each_switch_keeps_what_its_name_says() {
    let text = whole();
    for (switch, old, new, expected) in CHANGES {
        // The hash of an echo is that of what it echoes.
        let (from, old) = match old.strip_prefix("HASH ") {
            Some(part) => (text.find(&format!("\"part\":\"{part}\"")).unwrap(), handshake_hash(&text, part)),
            None => (0, (*old).to_owned()),
        };
        let (before, rest) = text.split_at(from);
        assert!(rest.contains(&old), "{old}");
        let changed = before.to_owned() + &rest.replacen(&old, new, 1);
        let lines = |switches: &[&str]| {
            let a = form(&text, strict(switches));
            // A golden file of it, so that what is kept outlives a file.
            let a = read_canonical(&written(&a)).unwrap();
            said(&between(&a, &form(&changed, a.strict)))
        };
        assert_eq!(lines(&[]), [] as [&str; 0], "{expected}, without {switch}");
        let with = lines(&[switch]);
        assert!(with.len() == 1 && with[0].starts_with(expected), "{switch}: {expected}: {with:?}");
    }
    let tested: Vec<&str> = CHANGES.iter().map(|(switch, ..)| *switch).collect();
    assert!(Strict::SWITCHES.iter().all(|switch| tested.contains(switch)), "a switch without a test");
}

/// Message streams by another number: every message and argument that names them.
#[test]
fn ids_are_numbered_by_first_use_unless_they_are_kept() {
    let text = whole();
    let names_a_stream =
        |line: &str| ["\"deleteStream\"", "\"reply_to\":9", "\"stream_begin\""].iter().any(|name| line.contains(name));
    let renumbered = |line: &str| {
        let line = line.replace("\"stream_id\":1,", "\"stream_id\":5,") + "\n";
        if names_a_stream(&line) {
            line.replace("\"args\":[1]", "\"args\":[5]").replace("\"stream\":1", "\"stream\":5")
        } else {
            line
        }
    };
    let changed: String = text.lines().map(renumbered).collect();
    assert_ne!(text, changed);
    let between = |strict: Strict| said(&between(&form(&text, strict), &form(&changed, strict)));
    assert_eq!(between(Strict::default()), [] as [&str; 0]);
    let lines = between(strict(&["ids=exact"]));
    for expected in ["control of the client: publish stream 1 -> 5", "video: stream 1 -> 5", "audio: stream 1 -> 5"] {
        assert!(lines.iter().any(|line| line == expected), "{expected}: {lines:?}");
    }
    // Sound and pictures on a stream that nobody opened are another thing even when numbers do not matter.
    let strayed = text
        .lines()
        .map(|line| match line.contains("\"kind\":\"video\"") {
            true => line.replace("\"stream_id\":1,", "\"stream_id\":0,") + "\n",
            false => line.to_owned() + "\n",
        })
        .collect::<String>();
    let report = common::forms::between(&form(&text, Strict::default()), &form(&strayed, Strict::default()));
    assert_eq!(said(&report), ["video: stream 1 -> 0"]);
}

#[test]
fn exact_texts_tell_keys_apart_and_do_not_show_them() {
    let text = whole();
    let key = text.lines().find(|line| line.contains("\"name\":\"publish\"")).unwrap();
    let key = key.split("\"args\":[\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let other = text.replace(&format!("\"{key}\""), "\"another-key-of-somebody\"");
    let exact = strict(&["text=exact"]);
    let a = form(&text, exact);
    assert!(a.strict.salt.is_some());
    let golden = written(&a);
    assert!(!golden.contains(&format!("\"{key}\"")), "{key}");
    assert_eq!(golden, written(&form(&text, exact)), "the same capture gives the same file");
    // With the salt of the golden file the key is the same or not; its salt is written in the file.
    let a = read_canonical(&golden).unwrap();
    assert_eq!(said(&between(&a, &form(&text, a.strict))), [] as [&str; 0]);
    let lines = said(&between(&a, &form(&other, a.strict)));
    assert!(!lines.is_empty() && lines.iter().all(|line| line.contains("****")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("publish stream_name")), "{lines:?}");
    assert_eq!(said(&between(&form(&text, Strict::default()), &form(&other, Strict::default()))), [] as [&str; 0]);
    // Another capture has another salt: nobody can make a table of keys beforehand.
    let later = text.replacen(&handshake_hash(&text, "s0s1"), "0123456789abcdef", 1);
    assert_ne!(form(&later, exact).strict.salt, a.strict.salt);
    assert!(read_canonical(&golden.replacen("\"salt\"", "\"pepper\"", 1)).is_err(), "no salt, no comparison");
}

#[test]
fn every_switch_outlives_a_file() {
    in_parallel(&samples(), |sample| {
        let canonical = of_capture(&sample.bytes, all_strict(true));
        let again = read_canonical(&written(&canonical)).unwrap();
        assert_eq!(again.strict, canonical.strict, "{}", sample.name);
    });
}
