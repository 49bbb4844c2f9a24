//! Stories of `diff`, `verify`, `accept` and `export --canonical`: exit codes, and sentences that help.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::samples_dir;

const PUBLISH: &str = "pub-ffmpeg5-2s-nginx.pcap";
const OTHER: &str = "pub-gst-rtmp2sink-nginx.pcap";

fn run_in(ci: Option<&str>, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtmpscope"));
    command.args(args).current_dir(samples_dir()).env_remove("CI");
    ci.map(|ci| command.env("CI", ci));
    command.output().unwrap()
}

fn run(args: &[&str]) -> (i32, String, String) {
    let output = run_in(None, args);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A fresh folder of a test.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("compare-{name}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

#[test]
fn diff_says_no_with_1_and_yes_with_0() {
    let (code, out, err) = run(&["diff", PUBLISH, PUBLISH]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("same: 1 session, "), "{out}");
    let (code, out, _) = run(&["diff", PUBLISH, OTHER]);
    let first = out.lines().next().unwrap();
    assert!(code == 1 && first.contains(": "), "{out}");
    // What is worded first is told in detail behind it.
    let (words, details) = out.split_once("\n\n").unwrap();
    assert!(words.lines().all(|line| line.starts_with("info: ") || details.contains(line)), "{out}");
    for format in ["json", "junit", "markdown", "github"] {
        let (code, document, _) = run(&["diff", PUBLISH, OTHER, "--format", format]);
        assert!(code == 1 && document.contains("flashVer"), "{format}: {document}");
    }
    let document = run(&["diff", PUBLISH, OTHER, "--format", "json"]).1;
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["same"], false);
    assert!(!document["sessions"][0]["differences"].as_array().unwrap().is_empty());
    for flag in ["--stat", "--side-by-side"] {
        assert_eq!(run(&["diff", PUBLISH, OTHER, flag]).0, 1);
    }
}

#[test]
fn inputs_that_cannot_be_compared_say_why() {
    let folder = folder("inputs");
    let export = String::from_utf8(run_in(None, &["export", PUBLISH]).stdout).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        fs::write(folder.join(name), bytes).unwrap();
        path(&folder, name)
    };
    let half = write("half.ndjson", &export.as_bytes()[..export.len() * 2 / 3]);
    let newer = write("newer.ndjson", export.replace("\"v\":1,", "\"v\":2,").as_bytes());
    let garbage = write("garbage", b"\x00\x01\x02 no capture at all, but long enough to be looked at");
    let header = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0];
    let empty = write("empty.pcap", &header);
    let json = write("other.json", b"{\"hello\":\"world\"}\n");
    let golden = run_in(None, &["export", "--canonical", PUBLISH]).stdout;
    let golden = String::from_utf8(golden).unwrap();
    let future = write("future.golden", golden.replacen("\"v\":1", "\"v\":9", 1).as_bytes());
    let torn = write("torn.golden", &golden.as_bytes()[..golden.len() / 2]);
    for (file, expected, word) in [
        (half.as_str(), 5, "in the middle of an event"),
        (newer.as_str(), 7, "major version 2"),
        (garbage.as_str(), 3, "neither pcap nor pcapng"),
        (json.as_str(), 3, "no export of rtmpscope"),
        (future.as_str(), 7, "major version 9"),
        (torn.as_str(), 7, "damaged"),
        ("nowhere.pcap", 3, "nowhere.pcap"),
        (empty.as_str(), 4, "RTMP"),
        ("x-loss3.pcap", 5, "--allow-partial"),
    ] {
        let (code, out, err) = run(&["diff", PUBLISH, file]);
        assert_eq!(code, expected, "{file}: {out} {err}");
        assert!(err.contains(word), "{file}: {err}");
    }
    assert_eq!(run(&["diff", PUBLISH, &half, "--allow-partial"]).0, 0);
    assert_eq!(run(&["diff", PUBLISH, "x-loss3.pcap", "--allow-partial"]).0, 0);
    // A default export lacks what a stricter comparison needs.
    let whole = write("whole.ndjson", export.as_bytes());
    for (switch, needs) in
        [("media=hash", "--bodies hash"), ("handshake=full", "--detail fields"), ("text=exact", "--show-secrets")]
    {
        let (code, _, err) = run(&["diff", PUBLISH, &whole, "--strict", switch]);
        assert!(code == 2 && err.contains(needs), "{switch}: {err}");
    }
    for wrong in [["--strict", "ts=loose"], ["--rule", "video..kbps=1"], ["--rules", "nowhere.toml"]] {
        let (code, _, err) = run(&["diff", PUBLISH, PUBLISH, wrong[0], wrong[1]]);
        assert!(code == 2 || code == 3 && wrong[0] == "--rules", "{wrong:?}: {err}");
    }
}

#[test]
fn goldens_are_proposed_accepted_and_kept() {
    let folder = folder("golden");
    let (golden, new) = (path(&folder, "a.golden"), path(&folder, "a.golden.new"));
    let verify = |file: &str| run(&["verify", file, "--golden", &golden]);
    let (code, _, err) = verify(PUBLISH);
    assert!(code == 7 && err.contains("no such golden file") && Path::new(&new).exists(), "{err}");
    // A pipeline must not make its own truth.
    let refused = run_in(Some("true"), &["accept", &golden]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(!Path::new(&golden).exists());
    assert_eq!(run(&["accept", &golden]).0, 0);
    assert!(Path::new(&golden).exists() && !Path::new(&new).exists());
    assert_eq!(verify(PUBLISH).0, 0);
    assert_eq!(run(&["accept", &golden]).0, 7, "there is nothing to accept");
    let (code, out, _) = verify(OTHER);
    assert!(code == 1 && out.contains("flashVer") && Path::new(&new).exists(), "{out}");
    // A proposal of an earlier run does not outlive a run that needs none.
    assert_eq!(verify(PUBLISH).0, 0);
    assert!(!Path::new(&new).exists());
    assert_eq!(verify("x-loss3.pcap").0, 5);
    fs::write(&golden, fs::read_to_string(&golden).unwrap().replacen("\"v\":1", "\"v\":2", 1)).unwrap();
    assert_eq!(verify(PUBLISH).0, 7);
}

#[test]
fn a_folder_against_a_folder() {
    let folder = folder("folders");
    let (captures, goldens) = (folder.join("captures"), folder.join("goldens"));
    fs::create_dir_all(&captures).unwrap();
    fs::create_dir_all(&goldens).unwrap();
    for (name, sample) in [("one.pcap", PUBLISH), ("two.pcap", OTHER)] {
        fs::copy(samples_dir().join(sample), captures.join(name)).unwrap();
    }
    let (captures, goldens) = (captures.to_str().unwrap(), goldens.to_str().unwrap());
    let verify = |more: &[&str]| run(&[&["verify", captures, "--golden", goldens], more].concat());
    assert_eq!(verify(&[]).0, 7);
    assert_eq!(run(&["accept", goldens]).0, 0);
    let (code, out, err) = verify(&[]);
    assert!(code == 0 && out.matches("same").count() == 2, "{out} {err}");
    fs::copy(samples_dir().join(OTHER), Path::new(captures).join("one.pcap")).unwrap();
    let (code, out, _) = verify(&[]);
    assert!(code == 1 && out.contains("one.golden") && out.contains("differences"), "{out}");
    let junit = verify(&["--format", "junit"]).1;
    assert_eq!(junit.matches("<testsuite ").count(), 2);
    assert!(junit.contains("<failure") && junit.contains("failures=\"0\""), "{junit}");
    // Annotations point at lines of the golden file that tell the old value.
    let golden = fs::read_to_string(Path::new(goldens).join("one.golden")).unwrap();
    let annotations = verify(&["--format", "github"]).1;
    let line = annotations.lines().find(|line| line.contains("flashVer")).unwrap();
    let number: usize = line.split("line=").nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    assert!(golden.lines().nth(number - 1).unwrap().contains("connect"), "{line}");
    // A golden file without its capture is no success.
    fs::remove_file(Path::new(captures).join("two.pcap")).unwrap();
    assert_eq!(verify(&[]).0, 3);
}

#[test]
fn rules_come_from_a_file_and_the_command_line() {
    let folder = folder("rules");
    let rules = path(&folder, "rules.toml");
    let everything =
        "ignore = [\"control\", \"data\", \"audio\", \"video\", \"startup\"]\n[tolerance]\n\"video.kbps\" = \"50%\"\n";
    fs::write(&rules, everything).unwrap();
    assert_eq!(run(&["diff", PUBLISH, OTHER, "--rules", &rules]).0, 0);
    assert_eq!(run(&["diff", PUBLISH, OTHER, "--rules", &rules, "--rule", "exact control.connect"]).0, 1);
    fs::write(&rules, "ignore = 7").unwrap();
    let (code, _, err) = run(&["diff", PUBLISH, OTHER, "--rules", &rules]);
    assert!(code == 2 && err.contains("rules.toml"), "{err}");
}

#[test]
fn canonical_forms_are_small_and_hold_no_key() {
    let (code, out, _) = run(&["export", "--canonical", PUBLISH]);
    assert!(code == 0 && out.len() < 20_000 && !out.contains("\"short\""), "{} bytes", out.len());
    assert_eq!(out, run(&["export", "--canonical", PUBLISH]).1);
    assert_eq!(run(&["export", "--canonical", "--format", "csv", PUBLISH]).0, 2);
    assert_eq!(run(&["export", "--canonical", "x-loss3.pcap"]).0, 5);
}

#[test]
fn every_form_of_a_capture_is_a_side() {
    let folder = folder("sides");
    let mut sides = vec![PUBLISH.to_owned()];
    let forms: [(&str, &[&str]); 6] = [
        ("plain.ndjson", &[]),
        ("array.json", &["--format", "json"]),
        ("lossless.ndjson", &["--amf", "lossless"]),
        ("full.ndjson", &["--detail", "fields", "--bodies", "base64", "--amf", "lossless"]),
        ("shown.ndjson", &["--show-secrets"]),
        ("form.golden", &["--canonical"]),
    ];
    for (name, options) in forms {
        let (code, out, err) = run(&[&["export", PUBLISH], options].concat());
        assert_eq!(code, 0, "{name}: {err}");
        fs::write(folder.join(name), out).unwrap();
        sides.push(path(&folder, name));
    }
    for a in &sides {
        for b in &sides {
            let (code, out, err) = run(&["diff", a, b]);
            assert_eq!(code, 0, "{a} {b}: {out} {err}");
        }
        // And each of them differs from another capture in the same words.
        let words = |file: &str| {
            run(&["diff", file, OTHER, "--rule", "ignore video.configuration", "--rule", "ignore audio.configuration"])
        };
        let (code, out, _) = words(a);
        assert_eq!((code, out.lines().next()), (1, words(PUBLISH).1.lines().next()), "{a}");
    }
}

#[test]
fn exact_texts_are_compared_with_the_salt_of_their_golden_file() {
    let folder = folder("salt");
    let golden = path(&folder, "a.golden");
    let verify = |file: &str| run(&["verify", file, "--golden", &golden, "--strict", "text=exact"]);
    assert_eq!(verify(PUBLISH).0, 7);
    assert_eq!(run(&["accept", &golden]).0, 0);
    let (code, out, err) = verify(PUBLISH);
    assert_eq!(code, 0, "{out} {err}");
    for sides in [[&golden, PUBLISH], [PUBLISH, &golden]] {
        assert_eq!(run(&["diff", sides[0], sides[1]]).0, 0);
    }
    let (code, out, _) = run(&["diff", PUBLISH, OTHER, "--strict", "text=exact"]);
    assert!(code == 1 && out.contains("stream_name \"****"), "{out}");
    // Two golden files have two salts: their secrets cannot be compared, and that is said.
    let other = path(&folder, "b.golden");
    fs::write(&other, run(&["export", "--canonical", "--strict", "text=exact", OTHER]).1).unwrap();
    let (code, _, err) = run(&["diff", &golden, &other]);
    assert!(code == 2 && err.contains("different salts"), "{err}");
}

/// What can be wrong with a file, and how each verb ends with which words.
#[test]
fn broken_inputs_end_in_a_sentence_that_helps() {
    let folder = folder("broken");
    let write = |name: &str, bytes: &[u8]| {
        fs::write(folder.join(name), bytes).unwrap();
        path(&folder, name)
    };
    let export = run(&["export", PUBLISH]).1;
    let golden = run(&["export", "--canonical", PUBLISH]).1;
    let noise: Vec<u8> = (0..4000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let capture = fs::read(samples_dir().join(PUBLISH)).unwrap();
    let swapped = export.replacen("\"event\":\"message\"", "\"event\":7", 1);
    // Name, bytes; how summary (as list and show), export and diff end; words of the last one.
    let table: Vec<(&str, Vec<u8>, [i32; 3], &str)> = vec![
        ("empty", Vec::new(), [3, 3, 3], "empty"),
        ("noise", noise.clone(), [3, 3, 3], "neither pcap nor pcapng"),
        ("zeros", vec![0; 5000], [3, 3, 3], "neither pcap nor pcapng"),
        ("text", b"hello, this is a text and no capture at all\n".to_vec(), [3, 3, 3], "neither pcap nor pcapng"),
        ("other.json", b"{\"hello\":\"world\"}\n".to_vec(), [3, 3, 3], "no export of rtmpscope"),
        ("list.json", b"[1, 2, 3]\n".to_vec(), [3, 3, 3], "no export of rtmpscope"),
        ("brace", b"{".to_vec(), [3, 3, 3], "no export of rtmpscope"),
        ("half.ndjson", export.as_bytes()[..export.len() / 2].to_vec(), [0, 5, 5], "in the middle of an event"),
        (
            "unended.ndjson",
            export.rsplit_once("{\"v\":1,\"event\":\"end\"").unwrap().0.into(),
            [0, 5, 5],
            "no end event",
        ),
        ("torn.ndjson", swapped.into_bytes(), [0, 5, 1], "is no event"),
        ("noise.ndjson", [export.as_bytes(), &noise, b"\n"].concat(), [0, 5, 5], "is no event"),
        ("later.ndjson", export.replace("\"v\":1,", "\"v\":2,").into_bytes(), [7, 7, 7], "major version 2"),
        ("later.golden", golden.replacen("\"v\":1", "\"v\":3", 1).into_bytes(), [3, 3, 7], "major version 3"),
        ("half.golden", golden.as_bytes()[..golden.len() / 2].to_vec(), [3, 3, 7], "half.golden:"),
        (
            "odd.golden",
            golden.replacen("{\"lane\"", "{\"lain\"", 1).into_bytes(),
            [3, 3, 7],
            "nothing that a canonical form holds",
        ),
        (
            "twice.golden",
            golden.replacen("{\"lane\":\"s2c control\"", "{\"lane\":\"c2s control\"", 1).into_bytes(),
            [3, 3, 7],
            "nothing that a canonical form holds",
        ),
        (
            "switch.golden",
            golden.replacen("\"strict\":[]", "\"strict\":[\"all\"]", 1).into_bytes(),
            [3, 3, 7],
            "all is no switch",
        ),
        ("cut.pcap", capture[..capture.len() / 2].to_vec(), [0, 5, 5], "cut.pcap"),
        ("header.pcap", capture[..24].to_vec(), [4, 4, 4], "RTMP"),
    ];
    for (name, bytes, codes, words) in table {
        let file = write(name, &bytes);
        let ends = [run(&["summary", &file]), run(&["export", &file]), run(&["diff", PUBLISH, &file])];
        let found: Vec<i32> = ends.iter().map(|(code, ..)| *code).collect();
        assert_eq!(found, codes, "{name}: {}", ends[2].2);
        assert!(ends[2].2.contains(words), "{name}: {}", ends[2].2);
        for (args, with) in [
            (&["list", &file][..], codes[0]),
            (&["show", &file, "14"], codes[0]),
            (&["diff", &file, PUBLISH], codes[2]),
        ] {
            let (code, _, err) = run(args);
            assert_eq!(code, with, "{args:?}: {err}");
            assert!(err.lines().all(|line| line.starts_with("rtmpscope: ") && line.len() < 400), "{args:?}: {err}");
        }
        // As a golden file each of them is none, or one of another version.
        let (code, _, err) = run(&["verify", PUBLISH, "--golden", &file]);
        assert!(code == 7 && err.contains(name), "{name}: {code} {err}");
    }
}
