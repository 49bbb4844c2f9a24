//! The built program as a proxy on loopback, with a server behind it that the test plays.
#![allow(dead_code, reason = "every test uses its own part of this")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::common;

/// What is played unless a test says otherwise.
pub(crate) const SAMPLE: &str = "pub-ffmpeg5-2s-nginx.pcap";

pub(crate) struct Proxy {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) errors: BufReader<ChildStderr>,
    pub(crate) server: TcpListener,
}

impl Proxy {
    pub(crate) fn start(args: &[&str]) -> Proxy {
        Proxy::start_on(args, |command| {
            command.stdin(Stdio::null());
        })
    }

    /// With a standard input of the test's choice.
    pub(crate) fn start_on(args: &[&str], set: impl FnOnce(&mut Command)) -> Proxy {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let upstream = format!("rtmp://{}/live", server.local_addr().unwrap());
        let mut command = Command::new(env!("CARGO_BIN_EXE_rtmpscope"));
        set(&mut command);
        let mut child = command
            .args(["proxy", "--listen", "127.0.0.1:0", "--upstream", &upstream])
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let mut screen = String::new();
        while !screen.contains("Waiting for clients") {
            assert!(errors.read_line(&mut screen).unwrap() > 0, "{screen}");
        }
        let address = screen.lines().find_map(|line| line.strip_prefix("rtmpscope proxy: ")).unwrap();
        let address: SocketAddr = address.split(' ').next().unwrap().parse().unwrap();
        assert!(screen.contains(&format!("-f flv rtmp://{address}/live/KEY")), "{screen}");
        Proxy { child, address, errors, server }
    }

    /// Plays a sample through it.
    pub(crate) fn play(&self) {
        self.play_sample(SAMPLE);
    }

    pub(crate) fn play_sample(&self, sample: &str) {
        let [up, down] = common::sides(&common::sample(sample).bytes);
        self.play_bytes(&up, &down);
    }

    /// What a client and a server send.
    pub(crate) fn play_bytes(&self, up: &[u8], down: &[u8]) {
        let mut client = TcpStream::connect(self.address).unwrap();
        let (mut server, _) = self.server.accept().unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                for piece in up.chunks(20_000) {
                    client.write_all(piece).unwrap();
                    thread::sleep(Duration::from_millis(1));
                }
                client.shutdown(Shutdown::Write).unwrap();
            });
            server.write_all(down).unwrap();
            let mut heard = Vec::new();
            server.read_to_end(&mut heard).unwrap();
            assert!(heard == up);
        });
        drop(server);
        let mut heard = Vec::new();
        client.read_to_end(&mut heard).unwrap();
        assert!(heard == down);
    }

    pub(crate) fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Ctrl-C; what it printed, what it said, and its exit code.
    pub(crate) fn stop(mut self) -> (String, String, Option<i32>) {
        self.signal("-INT");
        let mut stdout = self.child.stdout.take().unwrap();
        let out = thread::spawn(move || {
            let mut out = String::new();
            stdout.read_to_string(&mut out).map(|_| out)
        });
        let mut errors = String::new();
        self.errors.read_to_string(&mut errors).unwrap();
        (out.join().unwrap().unwrap(), errors, self.child.wait().unwrap().code())
    }
}

pub(crate) fn get(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

pub(crate) fn temporary(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("rtmpscope-{}-{name}", std::process::id()))
}

/// Long enough for a busy machine; nothing waits for it when all goes well.
const LONG: Duration = Duration::from_secs(20);

/// Waits until something holds.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < LONG, "never: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}
