//! The built program in a pseudo terminal, and a proxy with a screen and a session behind it.
#![allow(dead_code, reason = "every test uses its own part of this")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use pty_process::blocking::{Command, Pty, open};

#[path = "mod.rs"]
pub(crate) mod common;

/// How long anything may take on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Screen {
    pub(crate) child: Child,
    pub(crate) pty: Option<Pty>,
    pub(crate) parser: vt100::Parser,
    /// All that was written to it.
    pub(crate) heard: Vec<u8>,
}

impl Screen {
    /// The program as a terminal starts it: the terminal is its own.
    pub(crate) fn open(set: impl FnOnce(Command) -> Command) -> Screen {
        Screen::start(set(Command::new(PROGRAM)
            .arg("view")
            .arg(sample())
            .env("RUST_BACKTRACE", "0")
            .env("RTMPSCOPE_CONFIG", NO_CONFIG)))
    }

    /// Any command on a terminal of its own; no setting of a user shows.
    pub(crate) fn start(command: Command) -> Screen {
        let (pty, pts) = Screen::pty();
        let command = command.env("TERM", "xterm-256color").env("LC_ALL", "C.UTF-8").env_remove("NO_COLOR");
        let child = command.spawn(pts).unwrap();
        Screen { child, pty: Some(pty), parser: parser(), heard: Vec::new() }
    }

    /// The program on a terminal that is not its own, so that nobody tells it when the terminal goes away.
    pub(crate) fn open_foreign() -> Screen {
        let sample = sample();
        Screen::start_foreign(&["view", sample.to_str().unwrap()])
    }

    pub(crate) fn start_foreign(args: &[&str]) -> Screen {
        let (pty, pts) = Screen::pty();
        let end = || std::process::Stdio::from(pts.as_fd().try_clone_to_owned().unwrap());
        let mut command = std::process::Command::new(PROGRAM);
        command.args(args).env("TERM", "xterm-256color").env("LC_ALL", "C.UTF-8").env("RTMPSCOPE_CONFIG", NO_CONFIG);
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
        Screen { child, pty: Some(pty), parser: parser(), heard: Vec::new() }
    }

    pub(crate) fn pty() -> (Pty, pty_process::blocking::Pts) {
        let (pty, pts) = open().unwrap();
        pty.resize(pty_process::Size::new(24, 80)).unwrap();
        rustix::io::ioctl_fionbio(&pty, true).unwrap();
        (pty, pts)
    }

    pub(crate) fn keys(&mut self, keys: &str) {
        self.pty.as_mut().unwrap().write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until the screen shows a text no more.
    pub(crate) fn hides(&mut self, text: &str) {
        let begun = Instant::now();
        while self.parser.screen().contents().contains(text) {
            assert!(begun.elapsed() < PATIENCE, "still {text:?} in\n{}", self.parser.screen().contents());
            self.listen();
        }
    }

    /// Waits until the screen shows a text.
    pub(crate) fn shows(&mut self, text: &str) {
        let begun = Instant::now();
        while !self.parser.screen().contents().contains(text) {
            assert!(begun.elapsed() < PATIENCE, "no {text:?} in\n{}", self.parser.screen().contents());
            self.listen();
        }
    }

    pub(crate) fn listen(&mut self) {
        let mut buffer = [0; 4096];
        match self.pty.as_mut().unwrap().read(&mut buffer) {
            Ok(n) => {
                self.parser.process(&buffer[..n]);
                self.heard.extend_from_slice(&buffer[..n]);
            }
            // Nothing yet, or nothing any more.
            Err(_) => std::thread::sleep(Duration::from_millis(10)),
        }
    }

    pub(crate) fn ended(&mut self) -> ExitStatus {
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
    pub(crate) fn is_given_back(&mut self) {
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

    /// Whether it waits, rather than being busy: of two seconds it may use a tenth.
    pub(crate) fn rests(&mut self) -> bool {
        let used = |pid: u32| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
            let times = stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2);
            // In hundredths of a second, on every Linux there is.
            times.map(|ticks| ticks.parse::<u64>().unwrap()).sum::<u64>()
        };
        let before = used(self.child.id());
        std::thread::sleep(Duration::from_secs(2));
        used(self.child.id()) - before <= 20
    }

    pub(crate) fn signal(&self, name: &str) {
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

pub(crate) fn parser() -> vt100::Parser {
    let size = |n: u16| std::num::NonZero::new(n).unwrap();
    vt100::Parser::new(size(24), size(80), 0)
}

/// Where no configuration is.
pub(crate) const NO_CONFIG: &str = "/nonexistent/rtmpscope.toml";

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_rtmpscope");

pub(crate) fn sample() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples/pub-ffmpeg5-2s-nginx.pcap")
}

/// A proxy with a screen, a server behind it, and what goes through.
pub(crate) struct Relayed {
    pub(crate) screen: Screen,
    pub(crate) address: SocketAddr,
    server: TcpListener,
}

impl Relayed {
    pub(crate) fn open() -> Relayed {
        Relayed::with(|args| Screen::start(Command::new(PROGRAM).args(args).env("RTMPSCOPE_CONFIG", NO_CONFIG)))
    }

    /// The same on a terminal that somebody opens.
    pub(crate) fn with(open: impl FnOnce(&[&str]) -> Screen) -> Relayed {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let upstream = format!("rtmp://{}/live", server.local_addr().unwrap());
        let mut screen = open(&["proxy", "--tui", "--listen", "127.0.0.1:0", "--upstream", &upstream]);
        // Where to point the encoder stands on the screen until somebody comes.
        screen.shows("-f flv rtmp://127.0.0.1:");
        let text = screen.parser.screen().contents();
        let url = text.split("rtmpscope proxy: ").nth(1).unwrap();
        let address = url.split(' ').next().unwrap().parse().unwrap();
        Relayed { screen, address, server }
    }

    /// A client and the server that it was relayed to, both at the last byte of a publish.
    pub(crate) fn session(&self) -> (TcpStream, TcpStream) {
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
pub(crate) fn passes((client, server): &mut (TcpStream, TcpStream)) -> bool {
    server.set_read_timeout(Some(PATIENCE)).unwrap();
    client.write_all(&[0xc3]).unwrap();
    server.read_exact(&mut [0]).is_ok()
}
