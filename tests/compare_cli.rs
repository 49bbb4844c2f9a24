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
