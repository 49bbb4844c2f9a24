//! The options of `rtmpscope proxy` that choose, keep and hand on: each through the built program.

#[path = "common/binary.rs"]
mod binary;
mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use binary::{Proxy, SAMPLE, get, until};

const OTHER: &str = "pub-obs29-h264-aac-nginx.pcap";
/// Holds for a message of the other sample and for none of the usual one.
const OF_OTHER: &str = "command.object.flashVer =~ FMSc";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = binary::temporary(name);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// The names in it, in order.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn sides(sample: &str) -> [Vec<u8>; 2] {
    common::sides(&common::sample(sample).bytes)
}

fn recorded(path: impl AsRef<Path>) -> [Vec<u8>; 2] {
    common::sides(&fs::read(path).unwrap())
}

/// Connections that a recording holds.
fn connections(path: &str) -> usize {
    let bytes = fs::read(path).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    text.matches(" of rtmpscope proxy").count()
}

#[test]
fn the_ring_is_written_on_a_signal_and_not_before() {
    let folder = Folder::new("ring");
    let proxy = Proxy::start(&["--format", "none", "--record", &folder.file("r.pcapng"), "--ring", "60s"]);
    proxy.play();
    thread::sleep(Duration::from_millis(300));
    assert!(folder.names().is_empty(), "nothing before it is asked for");
    proxy.signal("-USR1");
    until("the ring is written", || folder.names().len() == 1);
    let (_, errors, code) = proxy.stop();
    assert!(code == Some(0) && errors.contains("the ring was written to "), "{errors}");
    let [name] = &folder.names()[..] else { panic!() };
    assert!(name.starts_with("r-2") && name.ends_with(".pcapng"), "{name}");
    assert!(recorded(folder.file(name)) == sides(SAMPLE));
}

#[test]
fn the_ring_is_written_when_a_message_matches_and_only_then() {
    let folder = Folder::new("ring-on");
    let record = folder.file("r.pcapng");
    let on = ["--format", "none", "--record", &record, "--ring", "60s", "--ring-on", OF_OTHER];
    let proxy = Proxy::start(&on);
    proxy.play();
    proxy.play_sample(OTHER);
    until("the ring is written", || folder.names().len() == 1);
    let (_, errors, code) = proxy.stop();
    assert_eq!((code, errors.matches("the ring was written").count()), (Some(0), 1), "{errors}");
    // What was before the match is in it.
    assert_eq!(connections(&folder.file(&folder.names()[0])), 2);

    let other = Folder::new("ring-on-nothing");
    let record = other.file("r.pcapng");
    let proxy =
        Proxy::start(&["--format", "none", "--record", &record, "--ring", "60s", "--ring-on", "kind == aggregate"]);
    proxy.play();
    proxy.stop();
    assert!(other.names().is_empty());
}

#[test]
fn enter_on_the_terminal_writes_the_ring_and_a_background_proxy_is_not_stopped_by_it() {
    let folder = Folder::new("ring-key");
    let record = folder.file("r.pcapng");
    let (pty, pts) = pty_process::blocking::open().unwrap();
    let input = Stdio::from(pts.as_fd().try_clone_to_owned().unwrap());
    let proxy = Proxy::start_on(&["--format", "none", "--record", &record, "--ring", "60s"], |command| {
        command.stdin(input);
    });
    proxy.play();
    let mut keys = &pty;
    // Other keys do nothing.
    keys.write_all(b"xyz").unwrap();
    thread::sleep(Duration::from_millis(200));
    assert!(folder.names().is_empty());
    keys.write_all(b"\n").unwrap();
    until("the ring is written", || folder.names().len() == 1);
    let (_, errors, code) = proxy.stop();
    assert!(code == Some(0) && errors.contains("written on Enter, or from elsewhere: kill -USR1 "), "{errors}");
}

#[test]
fn only_the_sessions_that_were_named_are_printed_and_recorded() {
    let folder = Folder::new("only");
    let record = folder.file("r.pcapng");
    let proxy = Proxy::start(&["--only-session", "2", "--format", "ndjson", "--record", &record]);
    for sample in [SAMPLE, OTHER, SAMPLE] {
        proxy.play_sample(sample);
    }
    let (out, errors, code) = proxy.stop();
    assert_eq!(code, Some(0), "{errors}");
    let sessions = |event: &serde_json::Value| event["session"].as_u64();
    let events = common::events(out.as_bytes());
    assert!(events.iter().filter_map(sessions).count() > 20 && events.iter().filter_map(sessions).all(|n| n == 2));
    assert_eq!(connections(&record), 1);
    assert!(recorded(&record) == sides(OTHER), "from its first byte to its last");
}

#[test]
fn a_filter_records_the_sessions_with_a_match_from_their_beginning() {
    let folder = Folder::new("filter");
    let record = folder.file("r.pcapng");
    let proxy = Proxy::start(&["--filter", OF_OTHER, "--format", "list", "--record", &record]);
    let mut foreign = TcpStream::connect(proxy.address).unwrap();
    foreign.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    drop(foreign);
    drop(proxy.server.accept().unwrap());
    for sample in [SAMPLE, OTHER, SAMPLE] {
        proxy.play_sample(sample);
    }
    let (_, errors, code) = proxy.stop();
    assert_eq!(code, Some(0), "{errors}");
    assert_eq!(connections(&record), 1);
    assert!(recorded(&record) == sides(OTHER), "also what came before the match");

    // Nothing matches: a file without connections, and nothing that is missing in it.
    let nothing = folder.file("n.pcapng");
    let proxy = Proxy::start(&["--filter", "kind == aggregate", "--format", "none", "--record", &nothing]);
    proxy.play();
    let (_, errors, _) = proxy.stop();
    assert!(connections(&nothing) == 0 && !errors.contains("not recorded"), "{errors}");
}

#[test]
fn recordings_are_rotated_by_size_by_time_and_thrown_away() {
    let folder = Folder::new("rotate");
    let record = folder.file("r.pcapng");
    let proxy =
        Proxy::start(&["--format", "none", "--record", &record, "--rotate-size", "100KB", "--rotate-keep", "2"]);
    for _ in 0..4 {
        proxy.play();
        thread::sleep(Duration::from_millis(120));
    }
    proxy.stop();
    let names = folder.names();
    assert!(names.len() == 2 && names[0].as_str() > "r-00002.pcapng", "{names:?}");

    let folder = Folder::new("rotate-time");
    let record = folder.file("r.pcapng");
    let proxy = Proxy::start(&["--format", "none", "--record", &record, "--rotate-time", "200ms"]);
    for _ in 0..3 {
        proxy.play();
        thread::sleep(Duration::from_millis(400));
    }
    proxy.stop();
    let names = folder.names();
    assert!(names.len() >= 3, "{names:?}");
    let whole = |name: &&String| recorded(folder.file(name)) == sides(SAMPLE);
    assert!(names.iter().filter(whole).count() >= 1, "each file is one that can be read alone");
}

#[test]
fn readers_of_the_socket_get_the_same_events_as_the_file() {
    let folder = Folder::new("socket");
    let (socket, export) = (folder.file("s"), folder.file("e.ndjson"));
    let proxy = Proxy::start(&["--format", "none", "--export-socket", &socket, "--export", &export]);
    let mut early = UnixStream::connect(&socket).unwrap();
    // The source is told to each reader as it comes.
    let mut line = String::new();
    let mut reader = BufReader::new(early.try_clone().unwrap());
    reader.read_line(&mut line).unwrap();
    assert!(line.contains("\"event\":\"source\""), "{line}");
    // One that comes and goes harms nobody.
    drop(UnixStream::connect(&socket).unwrap());
    proxy.play();
    let rest = thread::spawn(move || {
        let mut rest = String::new();
        reader.read_to_string(&mut rest).unwrap();
        rest
    });
    let (_, errors, code) = proxy.stop();
    assert_eq!(code, Some(0), "{errors}");
    assert_eq!(line + &rest.join().unwrap(), fs::read_to_string(&export).unwrap());
    assert!(early.write_all(b"x").is_err() && !Path::new(&socket).exists());
}

#[test]
fn sigterm_drains_and_a_second_one_cuts() {
    let proxy = Proxy::start(&["--format", "none", "--drain", "60s"]);
    let mut client = TcpStream::connect(proxy.address).unwrap();
    let (mut server, _) = proxy.server.accept().unwrap();
    client.write_all(b"before").unwrap();
    server.read_exact(&mut [0; 6]).unwrap();
    proxy.signal("-TERM");
    // Some of these may come before the signal, and are sessions as well.
    until("nothing more is accepted", || TcpStream::connect(proxy.address).is_err());
    client.write_all(b"after").unwrap();
    server.read_exact(&mut [0; 5]).unwrap();
    proxy.signal("-TERM");
    let (_, errors, code) = proxy.stop();
    assert_eq!(code, Some(0), "{errors}");
    assert!(errors.contains(" sessions may go on for 60 s") && errors.contains(" sessions cut"), "{errors}");
}

#[test]
fn a_direction_given_up_is_an_open_gap_until_its_session_closes() {
    let metrics = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let args = ["--format", "none", "--metrics", &metrics.to_string()];
    let proxy = Proxy::start_on(&args, |command| {
        command.stdin(Stdio::null()).env("RTMPSCOPE_TEST_INJURY", "1:20000");
    });
    let [up, _] = sides(SAMPLE);
    let mut client = TcpStream::connect(proxy.address).unwrap();
    let (server, _) = proxy.server.accept().unwrap();
    for piece in up[..60_000].chunks(5000) {
        client.write_all(piece).unwrap();
        thread::sleep(Duration::from_millis(10));
    }
    let open = |n| {
        let told = get(metrics, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
        told.contains(&format!("\nrtmpscope_gaps_open {n}\n"))
    };
    until("both directions are given up", || open(2));
    drop((client, server));
    until("they are closed", || open(0));
    proxy.stop();
}

#[test]
fn a_pipe_or_device_is_not_replaced_by_a_recording() {
    let folder = Folder::new("pipe");
    let pipe = folder.file("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let refused = std::process::Command::new(env!("CARGO_BIN_EXE_rtmpscope"))
        .args([
            "proxy",
            "--listen",
            "127.0.0.1:0",
            "--upstream",
            "rtmp://127.0.0.1:1",
            "--record",
            &pipe,
            "--overwrite",
        ])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(refused.status.code() == Some(2) && said.contains("no plain file"), "{said}");
    assert!(!fs::symlink_metadata(&pipe).unwrap().is_file());
}
