//! A file that grows while it is shown. In a pseudo terminal, with the built program.
#![cfg(unix)]

#[path = "common/pty.rs"]
mod pty;

use std::io::Write;
use std::path::PathBuf;

use pty::{NO_CONFIG, PROGRAM, Screen, common, sample};
use pty_process::blocking::Command;
use rtmpscope::record::Record;
use rtmpscope::session::Want;

/// A file that grows: from nothing, by halves of its header and of a record, until it is cut.
#[test]
fn a_file_that_grows_is_followed() {
    let (bytes, path) =
        (std::fs::read(sample()).unwrap(), PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("grows.pcap"));
    std::fs::write(&path, b"").unwrap();
    let command = Command::new(PROGRAM).args(["view", "-F", "grows.pcap"]).env("RTMPSCOPE_CONFIG", NO_CONFIG);
    let mut screen = Screen::start(command.current_dir(path.parent().unwrap()));
    screen.shows("follow live 0 B");
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    let record = |at: usize| 16 + usize::from(bytes[at + 8]) + 256 * usize::from(bytes[at + 9]);
    let record_end = (0..200).fold(24, |at, _| at + record(at));
    let half = record_end - 20;
    file.write_all(&bytes[..10]).unwrap();
    screen.shows("follow live 10 B");
    file.write_all(&bytes[10..half]).unwrap();
    screen.shows("1 session, ");
    // The messages of the packets that are whole, as any reading of them tells.
    let whole = messages(&bytes[..half]);
    screen.shows(&format!("1 session, {whole} messages"));
    file.write_all(&bytes[half..]).unwrap();
    screen.shows(&format!("1 session, {} messages", messages(&bytes)));
    assert!(!screen.parser.screen().contents().contains("gap"), "nothing was lost");
    // What is read again is read from the file as it is now.
    screen.keys("2G\r");
    screen.shows("NetStream.Unpublish.Success");
    file.set_len(5000).unwrap();
    screen.shows("the file was cut or written");
    screen.keys("Q");
    screen.is_given_back();
}

/// How many messages a capture tells as complete.
fn messages(capture: &[u8]) -> usize {
    common::records(capture, Want::LITTLE)
        .iter()
        .filter(|record| matches!(record, Record::Message(message) if message.partial.is_none()))
        .count()
}
