//! What the screen does besides drawing: the clipboard, files, the user's configuration, the ring of a proxy. In a pseudo
//! terminal, with the built program.
#![cfg(unix)]

#[path = "common/pty.rs"]
mod pty;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use pty::{NO_CONFIG, PATIENCE, PROGRAM, Relayed, Screen, passes, sample};
use pty_process::blocking::Command;

/// A folder of a test's own, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("rtmpscope-habits-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    /// The text of a file there, that only its owner can read.
    fn text(&self, file: &str) -> String {
        let path = self.0.join(file);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
        std::fs::read_to_string(path).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn view(file: &Path, folder: &Folder) -> Screen {
    let command = Command::new(PROGRAM).arg("view").arg(file).env("RTMPSCOPE_CONFIG", NO_CONFIG);
    Screen::start(command.current_dir(&folder.0))
}

/// The texts that a terminal was told to put on its clipboard.
fn clipboard(screen: &Screen) -> Vec<String> {
    let heard = String::from_utf8_lossy(&screen.heard).into_owned();
    let sequences = heard.split("\x1b]52;c;").skip(1).map(|rest| rest.split('\x07').next().unwrap().to_owned());
    sequences.map(|text| String::from_utf8(BASE64.decode(text).unwrap()).unwrap()).collect()
}

#[test]
fn texts_go_to_the_clipboard_of_the_terminal_or_to_a_file() {
    let folder = Folder::new("copy");
    let mut screen = view(&sample(), &folder);
    screen.shows("clean close");
    screen.keys("\r:1\r");
    screen.shows("tree  message 1.1");
    // The name of the command, and all of the message.
    screen.keys("\tjy");
    screen.shows("value of the selected field");
    screen.keys("v");
    screen.shows("copied 7 characters");
    assert_eq!(clipboard(&screen), ["connect"]);
    screen.keys("yj");
    screen.hides("copied 7 characters");
    screen.shows(" characters (a capital letter writes to a file)");
    let json: serde_json::Value = serde_json::from_str(clipboard(&screen).last().unwrap()).unwrap();
    assert_eq!((&json["event"], &json["seq"]), (&"message".into(), &1.into()));
    // A capital letter writes to a file, the next one to another.
    screen.keys("yV");
    screen.shows("written to rtmpscope-1-copy.txt");
    screen.keys("yN");
    screen.shows("written to rtmpscope-2-copy.txt");
    assert_eq!(folder.text("rtmpscope-1-copy.txt"), "connect");
    assert!(folder.text("rtmpscope-2-copy.txt").starts_with("command_name: \"connect\""));
    assert_eq!(clipboard(&screen).len(), 2);
    screen.keys("Q");
    assert_eq!(screen.ended().code(), Some(0));
}

#[test]
fn what_is_too_long_for_a_clipboard_goes_to_a_file() {
    let folder = Folder::new("long");
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples/c-amf0-types.pcap");
    let mut screen = view(&file, &folder);
    screen.shows("1 session");
    // A command of 70,021 bytes: its bytes as hex.
    screen.keys("\r:32\r");
    screen.shows("0..70021");
    screen.keys("\tyx");
    screen.shows("too long for the clipboard: written to rtmpscope-1-copy.txt");
    let text = folder.text("rtmpscope-1-copy.txt");
    assert_eq!(text.split(' ').count(), 70_021);
    assert!(text.split(' ').all(|byte| u8::from_str_radix(byte, 16).is_ok()));
    assert_eq!(clipboard(&screen), [""; 0]);
}

#[test]
fn what_is_shown_and_all_events_are_written_to_files() {
    let folder = Folder::new("export");
    let mut screen = view(&sample(), &folder);
    screen.shows("clean close");
    screen.keys("\rws");
    screen.shows("written to rtmpscope-1-shown.txt");
    let text = folder.text("rtmpscope-1-shown.txt");
    assert!(text.lines().count() > 150 && text.contains("connect app=live"), "{text}");
    assert!(text.contains("publish ****") && !text.contains('\x1b'));
    screen.keys("wa");
    screen.shows("all events are in rtmpscope-1-events.ndjson");
    let events = folder.text("rtmpscope-1-events.ndjson");
    let ours = std::process::Command::new(PROGRAM).arg("export").arg(sample()).output().unwrap();
    assert!(events.lines().count() > 150);
    assert_eq!(events.lines().count(), String::from_utf8(ours.stdout).unwrap().lines().count());
}

#[test]
fn the_configuration_gives_keys_and_looks() {
    let folder = Folder::new("config");
    let config = folder.0.join("config.toml");
    let open = |text: &str| {
        std::fs::write(&config, text).unwrap();
        Screen::start(Command::new(PROGRAM).arg("view").arg(sample()).env("RTMPSCOPE_CONFIG", &config))
    };
    // Another key opens, the old one does so no more; no colours, and only ASCII.
    let mut screen = open("theme = \"mono\"\nascii = true\n[keys]\nopen = [\"o\"]\n");
    screen.shows("o open");
    screen.shows("clean close");
    screen.keys("\r");
    screen.keys("o");
    screen.shows("[2 Messages]");
    screen.shows("Set Peer Bandwidth 5000000");
    let heard = String::from_utf8(screen.heard.clone()).unwrap();
    assert!(heard.is_ascii(), "{heard:?}");
    assert!(!heard.contains("\x1b[38;") && !heard.contains("\x1b[48;"), "{heard:?}");
    screen.keys("Q");
    assert_eq!(screen.ended().code(), Some(0));
    // With colours there are some.
    let mut screen = open("theme = \"light\"\n");
    screen.shows("clean close");
    assert!(String::from_utf8_lossy(&screen.heard).contains("\x1b[38;"));
    // What is wrong is told before the screen opens.
    let mut screen = open("[keys]\nfly = \"x\"\n");
    assert_eq!(screen.ended().code(), Some(2));
    screen.shows("there is no action \"fly\"");
    assert!(!screen.heard.windows(8).any(|bytes| bytes == b"\x1b[?1049h"));
}

#[test]
fn a_key_writes_the_ring_of_a_proxy() {
    let folder = Folder::new("ring");
    let path = folder.0.join("ring.pcapng");
    let mut relayed = Relayed::with(|args| {
        let command = Command::new(PROGRAM).args(args).args(["--ring", "60s", "--record"]).arg(&path);
        Screen::start(command.env("RTMPSCOPE_CONFIG", NO_CONFIG))
    });
    let mut session = relayed.session();
    let screen = &mut relayed.screen;
    screen.shows("relaying 1 session");
    screen.keys("R");
    screen.shows("ring");
    let begun = Instant::now();
    let written = || {
        let files = std::fs::read_dir(&folder.0).unwrap().map(|file| file.unwrap().path());
        files.filter(|file| file.metadata().unwrap().len() > 0).collect::<Vec<PathBuf>>()
    };
    while written().is_empty() {
        assert!(begun.elapsed() < PATIENCE, "no ring");
        screen.listen();
    }
    assert!(passes(&mut session));
    drop(session);
    // What was written says what went through.
    let summary = std::process::Command::new(PROGRAM).arg("summary").args(written()).output().unwrap();
    let text = String::from_utf8_lossy(&summary.stdout).into_owned();
    assert!(text.contains("AVC") && text.contains("AAC"), "{text}");
    // Without one the key says how to have one.
    let mut relayed = Relayed::open();
    relayed.screen.keys("R");
    relayed.screen.shows("there is no ring");
}
