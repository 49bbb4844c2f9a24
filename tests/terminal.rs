//! The built program in a pseudo terminal: it draws, it gives the terminal back whatever ends it, and it never outlives
//! or spins on a terminal that went away.
#![cfg(unix)]

mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use pty_process::blocking::{Command, Pty, open};
use rtmpscope::record::Record;
use rtmpscope::session::Want;

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

struct Screen {
    child: Child,
    pty: Option<Pty>,
    parser: vt100::Parser,
}

impl Screen {
    /// The program as a terminal starts it: the terminal is its own.
    fn open(set: impl FnOnce(Command) -> Command) -> Screen {
        let (pty, pts) = Screen::pty();
        let command = Command::new(PROGRAM).arg("view").arg(sample()).env("TERM", "xterm-256color");
        let command = command.env("LC_ALL", "C.UTF-8").env("RUST_BACKTRACE", "0").env_remove("NO_COLOR");
        let child = set(command).spawn(pts).unwrap();
        Screen { child, pty: Some(pty), parser: parser() }
    }

    /// The program on a terminal that is not its own, so that nobody tells it when the terminal goes away.
    fn open_foreign() -> Screen {
        let (pty, pts) = Screen::pty();
        let end = || std::process::Stdio::from(pts.as_fd().try_clone_to_owned().unwrap());
        let mut command = std::process::Command::new(PROGRAM);
        command.arg("view").arg(sample()).env("TERM", "xterm-256color").env("LC_ALL", "C.UTF-8");
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
        Screen { child, pty: Some(pty), parser: parser() }
    }

    fn pty() -> (Pty, pty_process::blocking::Pts) {
        let (pty, pts) = open().unwrap();
        pty.resize(pty_process::Size::new(24, 80)).unwrap();
        rustix::io::ioctl_fionbio(&pty, true).unwrap();
        (pty, pts)
    }

    fn keys(&mut self, keys: &str) {
        self.pty.as_mut().unwrap().write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until the screen shows a text no more.
    fn hides(&mut self, text: &str) {
        let begun = Instant::now();
        while self.parser.screen().contents().contains(text) {
            assert!(begun.elapsed() < PATIENCE, "still {text:?} in\n{}", self.parser.screen().contents());
            self.listen();
        }
    }

    /// Waits until the screen shows a text.
    fn shows(&mut self, text: &str) {
        let begun = Instant::now();
        while !self.parser.screen().contents().contains(text) {
            assert!(begun.elapsed() < PATIENCE, "no {text:?} in\n{}", self.parser.screen().contents());
            self.listen();
        }
    }

    fn listen(&mut self) {
        let mut buffer = [0; 4096];
        match self.pty.as_mut().unwrap().read(&mut buffer) {
            Ok(n) => self.parser.process(&buffer[..n]),
            // Nothing yet, or nothing any more.
            Err(_) => std::thread::sleep(Duration::from_millis(10)),
        }
    }

    fn ended(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                if self.pty.is_some() {
                    (0..10).for_each(|_| self.listen());
                }
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "still running:\n{}", self.parser.screen().contents());
            match self.pty {
                Some(_) => self.listen(),
                None => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    }

    /// The terminal is as it was found, or is so soon: the first screen, a cursor, no mouse, no raw mode.
    fn is_given_back(&mut self) {
        use rustix::termios::LocalModes;
        let begun = Instant::now();
        loop {
            let screen = self.parser.screen();
            let shown = (screen.alternate_screen(), screen.hide_cursor(), screen.bracketed_paste());
            let mouse = screen.mouse_protocol_mode();
            let modes = rustix::termios::tcgetattr(self.pty.as_ref().unwrap()).unwrap().local_modes;
            let cooked = modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
            if shown == (false, false, false) && mouse == vt100::MouseProtocolMode::None && cooked {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{shown:?} {mouse:?} {modes:?}");
            self.listen();
        }
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn parser() -> vt100::Parser {
    let size = |n: u16| std::num::NonZero::new(n).unwrap();
    vt100::Parser::new(size(24), size(80), 0)
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_rtmpscope");

fn scratch(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn sample() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples/pub-ffmpeg5-2s-nginx.pcap")
}

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
    let (pty, pts) = Screen::pty();
    let script = "(cat \"$1\"; sleep 60) | \"$0\" view -";
    let command = Command::new("sh").args(["-c", script]).arg(PROGRAM).arg(sample());
    let child = command.env("TERM", "xterm-256color").env("LC_ALL", "C.UTF-8").spawn(pts).unwrap();
    let mut screen = Screen { child, pty: Some(pty), parser: parser() };
    screen.shows("live 116.0 kB");
    screen.keys("2:1\r");
    // Read again from the copy that is made on the way.
    screen.shows("connect_object");
    screen.keys("Q");
    screen.is_given_back();
}

/// A file that grows: from nothing, by halves of its header and of a record, until it is cut.
#[test]
fn a_file_that_grows_is_followed() {
    let (bytes, path) = (std::fs::read(sample()).unwrap(), scratch("grows.pcap"));
    std::fs::write(&path, b"").unwrap();
    let (pty, pts) = Screen::pty();
    let command = Command::new(PROGRAM).args(["view", "-F", "grows.pcap"]).env("TERM", "xterm-256color");
    let child = command.current_dir(path.parent().unwrap()).env("LC_ALL", "C.UTF-8").spawn(pts).unwrap();
    let mut screen = Screen { child, pty: Some(pty), parser: parser() };
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

/// A proxy with a screen, a server behind it, and what goes through.
struct Relayed {
    screen: Screen,
    address: SocketAddr,
    server: TcpListener,
}

impl Relayed {
    fn open() -> Relayed {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let upstream = format!("rtmp://{}/live", server.local_addr().unwrap());
        let (pty, pts) = Screen::pty();
        let command =
            Command::new(PROGRAM).args(["proxy", "--tui", "--listen", "127.0.0.1:0", "--upstream", &upstream]);
        let command = command.env("TERM", "xterm-256color").env("LC_ALL", "C.UTF-8").env_remove("NO_COLOR");
        let mut screen = Screen { child: command.spawn(pts).unwrap(), pty: Some(pty), parser: parser() };
        // Where to point the encoder stands on the screen until somebody comes.
        screen.shows("-f flv rtmp://127.0.0.1:");
        let text = screen.parser.screen().contents();
        let url = text.split("rtmpscope proxy: ").nth(1).unwrap();
        let address = url.split(' ').next().unwrap().parse().unwrap();
        Relayed { screen, address, server }
    }

    /// A client and the server that it was relayed to, both at the last byte of a publish.
    fn session(&self) -> (TcpStream, TcpStream) {
        let [up, down] = common::sides(&common::sample("pub-ffmpeg5-2s-nginx.pcap").bytes);
        let len = up.len();
        let mut client = TcpStream::connect(self.address).unwrap();
        let (mut server, _) = self.server.accept().unwrap();
        std::thread::scope(|scope| {
            let mut to = client.try_clone().unwrap();
            scope.spawn(move || to.write_all(&up).unwrap());
            // The client speaks first: what is shown of both sides has an order.
            server.read_exact(&mut vec![0; len]).unwrap();
            let mut heard = vec![0; down.len()];
            server.write_all(&down).unwrap();
            client.read_exact(&mut heard).unwrap();
        });
        (client, server)
    }
}

/// Does a byte of the client reach the server?
fn passes((client, server): &mut (TcpStream, TcpStream)) -> bool {
    server.set_read_timeout(Some(PATIENCE)).unwrap();
    client.write_all(&[0xc3]).unwrap();
    server.read_exact(&mut [0]).is_ok()
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
    let (pty, pts) = Screen::pty();
    let child = Command::new(PROGRAM).arg("view").arg(PROGRAM).env("TERM", "xterm").spawn(pts).unwrap();
    let mut screen = Screen { child, pty: Some(pty), parser: parser() };
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
