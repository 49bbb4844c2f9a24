//! The built program in a pseudo terminal: it draws, it gives the terminal back whatever ends it, and it never outlives
//! or spins on a terminal that went away.
#![cfg(unix)]

#[path = "common/pty.rs"]
mod pty;

use std::io::Read;
use std::net::TcpStream;
use std::time::Instant;

use pty::{NO_CONFIG, PATIENCE, PROGRAM, Relayed, Screen, passes, sample};
use pty_process::blocking::Command;

#[test]
fn keys_work_and_quitting_gives_the_terminal_back() {
    let mut screen = Screen::open(|command| command);
    screen.shows("published 2.0 s, clean close");
    assert!(screen.parser.screen().alternate_screen());
    screen.keys("\r");
    screen.shows("Set Peer Bandwidth 5000000");
    screen.keys(":1\r");
    screen.shows("tree  message 1.1");
    screen.keys("\tjjj");
    screen.shows("who connects");
    screen.keys("Q");
    assert_eq!(screen.ended().code(), Some(0));
    screen.is_given_back();
}

#[test]
fn sigterm_gives_the_terminal_back() {
    let mut screen = Screen::open(|command| command);
    screen.shows("clean close");
    screen.signal("TERM");
    assert_eq!(screen.ended().code(), Some(143));
    screen.is_given_back();
}

#[test]
fn a_panic_gives_the_terminal_back_and_tells_why() {
    let mut screen = Screen::open(|command| command.env("RTMPSCOPE_TEST_PANIC", "1"));
    screen.shows("clean close");
    screen.keys("ws");
    assert_eq!(screen.ended().code(), Some(101));
    screen.is_given_back();
    assert!(screen.parser.screen().contents().contains("panicked"), "{}", screen.parser.screen().contents());
}

#[test]
fn ctrl_z_gives_the_terminal_back_until_somebody_calls() {
    let mut screen = Screen::open(|command| command);
    screen.shows("clean close");
    screen.keys("\x1a");
    screen.is_given_back();
    let begun = Instant::now();
    // It may not have stopped yet: only then it can be called back.
    while !screen.parser.screen().contents().contains("clean close") {
        assert!(begun.elapsed() < PATIENCE);
        screen.signal("CONT");
        (0..10).for_each(|_| screen.listen());
    }
    // It has the terminal again, and hears keys.
    assert!(screen.parser.screen().alternate_screen());
    screen.keys("\r");
    screen.shows("Set Peer Bandwidth 5000000");
    screen.keys("Q");
    assert_eq!(screen.ended().code(), Some(0));
    screen.is_given_back();
}

#[test]
fn a_terminal_that_goes_away_ends_the_program() {
    let (own, foreign) = (Screen::open(|command| command), Screen::open_foreign());
    for mut screen in [own, foreign] {
        screen.shows("clean close");
        drop(screen.pty.take());
        assert_eq!(screen.ended().code(), Some(129));
    }
}

/// A capture that comes through a pipe and does not end: what came is shown at once, keys come from the terminal.
#[test]
fn standard_input_is_shown_while_it_comes() {
    let script = "(cat \"$1\"; sleep 60) | \"$0\" view -";
    let command = Command::new("sh").args(["-c", script]).arg(PROGRAM).arg(sample());
    let mut screen = Screen::start(command.env("RTMPSCOPE_CONFIG", NO_CONFIG));
    screen.shows("live 116.0 kB");
    screen.keys("2:1\r");
    // Read again from the copy that is made on the way.
    screen.shows("connect_object");
    screen.keys("Q");
    screen.is_given_back();
}

#[test]
fn a_proxy_is_browsed_while_it_relays_and_its_screen_never_holds_it_up() {
    let mut relayed = Relayed::open();
    let mut session = relayed.session();
    let screen = &mut relayed.screen;
    screen.shows("relaying 1 session");
    screen.shows("AVC+AAC");
    // Any message is opened, from memory.
    screen.keys("\r:1\r");
    screen.shows("tree  message 1.1");
    screen.shows("connect_object");
    // The screen stands still; the relay does not. Nor does Ctrl-Z stop it.
    screen.keys("1s");
    screen.shows("PAUSED");
    assert!(passes(&mut session));
    screen.keys("\x1a");
    screen.shows("Ctrl-Z would stop the relay");
    assert!(passes(&mut session));
    screen.keys("s");
    screen.shows("going on");
    screen.signal("TSTP");
    screen.shows("Ctrl-Z would stop the relay");
    assert!(passes(&mut session));
    // Who quits says what becomes of the session; staying is one answer.
    screen.keys("Q");
    screen.shows("1 session runs");
    // Esc and a key that follows at once would be one key with Alt.
    screen.keys("\x1b");
    screen.hides("1 session runs");
    assert!(passes(&mut session));
    screen.keys("Q");
    screen.shows("e  end them now");
    screen.keys("r");
    screen.shows("the relay goes on; Ctrl-C stops it");
    screen.is_given_back();
    assert!(passes(&mut session));
    drop(session);
    screen.signal("INT");
    assert_eq!(screen.ended().code(), Some(0));
}

#[test]
fn sigterm_lets_the_sessions_of_a_proxy_finish_and_gives_the_terminal_back() {
    let mut relayed = Relayed::open();
    let mut session = relayed.session();
    let screen = &mut relayed.screen;
    screen.shows("relaying 1 session");
    screen.signal("TERM");
    screen.is_given_back();
    assert!(passes(&mut session));
    drop(session);
    assert_eq!(screen.ended().code(), Some(0));
}

/// The sessions of a proxy finish when its terminal goes away, told by the terminal or not; nobody spins meanwhile.
#[test]
fn sessions_outlive_the_terminal_of_their_proxy() {
    for mut relayed in [Relayed::open(), Relayed::with(Screen::start_foreign)] {
        let mut session = relayed.session();
        relayed.screen.shows("relaying 1 session");
        drop(relayed.screen.pty.take());
        assert!(relayed.screen.rests(), "it spins");
        assert!(passes(&mut session));
        // Nobody new is let in.
        assert!(TcpStream::connect(relayed.address).is_err());
        drop(session);
        assert_eq!(relayed.screen.ended().code(), Some(129));
    }
}

/// After its screen was closed a proxy does not care for the terminal, and does not spin on it.
#[test]
fn a_proxy_without_its_screen_outlives_the_terminal() {
    let mut relayed = Relayed::with(Screen::start_foreign);
    let mut session = relayed.session();
    let screen = &mut relayed.screen;
    screen.shows("relaying 1 session");
    screen.keys("Qr");
    screen.shows("the relay goes on; Ctrl-C stops it");
    drop(screen.pty.take());
    assert!(screen.rests(), "it spins");
    assert!(passes(&mut session));
    screen.signal("TERM");
    drop(session);
    assert_eq!(screen.ended().code(), Some(0));
}

#[test]
fn ending_the_sessions_of_a_proxy_is_one_letter() {
    let mut relayed = Relayed::open();
    let (_client, mut server) = relayed.session();
    let screen = &mut relayed.screen;
    screen.shows("relaying 1 session");
    screen.keys("Qe");
    assert_eq!(screen.ended().code(), Some(0));
    screen.is_given_back();
    server.set_read_timeout(Some(PATIENCE)).unwrap();
    // The end, or a reset: not a wait.
    let end = server.read(&mut [0; 16]);
    assert!(!matches!(&end, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock), "{end:?}");
}

#[test]
fn what_is_no_capture_is_told_without_a_screen() {
    let mut screen = Screen::start(Command::new(PROGRAM).arg("view").arg(PROGRAM));
    assert_eq!(screen.ended().code(), Some(3));
    assert!(screen.parser.screen().contents().contains("neither pcap nor pcapng"));
}

#[test]
fn without_a_terminal_there_is_text() {
    for args in [&["view"][..], &[]] {
        let output = std::process::Command::new(PROGRAM).args(args).arg(sample()).output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.lines().count() > 150 && !text.contains('\x1b'), "{text}");
    }
}
