//! What the proxy records is what passed, whatever happens to its disk and its process.

mod common;
#[path = "common/relay.rs"]
mod relay;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use common::Numbers;
use relay::{Bench, drain, write_cut};
use rtmpscope::engine::Want;
use rtmpscope::out::json::{Bodies, Detail, Json, Options};
use rtmpscope::proxy::{Keep, Notice, Output, Recording};
use rtmpscope::record::{Record, Sink};
use rtmpscope::time::Span;
use rtmpscope::view::Mask;
use serde_json::Value;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("rtmpscope-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<_> = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn whole(path: &Path) -> Recording {
    let keep = Keep::All { file_bytes: None, file_time: None, files: None };
    Recording { path: path.to_owned(), overwrite: false, keep, only: None, remarks: String::new() }
}

/// An output that writes events as `export` does.
fn export_to(written: &Arc<Mutex<Vec<u8>>>) -> Output {
    struct Shared(Arc<Mutex<Vec<u8>>>);
    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let options = Options { detail: Detail::Messages, bodies: Bodies::Hash, array: false, live: true };
    let mut json = Json::new(Shared(Arc::clone(written)), options, Mask::new(false));
    let audience = Box::new(move |record: Record| json.take(record));
    Output { name: "export".to_owned(), longest_wait: Span(10_000_000_000), audience }
}

/// Events without what depends on the clock and on packets.
fn comparable(export: &[u8]) -> Vec<Value> {
    let mut events = common::events(export);
    events.retain(|event| !matches!(event["event"].as_str(), Some("source" | "end")));
    for event in &mut events {
        let object = event.as_object_mut().unwrap();
        for name in ["time", "packets", "packet"] {
            object.remove(name);
        }
        if let Some(command) = object.get_mut("command").and_then(Value::as_object_mut) {
            command.remove("reply_after");
        }
        if let Some(verdict) = object.get("verdict").and_then(Value::as_str) {
            // "published 9.2 s": by the clock.
            let words: Vec<&str> = verdict.split(' ').filter(|word| word.parse::<f64>().is_err()).collect();
            let words = words.join(" ");
            object.insert("verdict".to_owned(), words.into());
        }
    }
    events
}

/// The client's and the server's side of a sample, in order, through a proxy.
fn play(bench: &Bench, up: &[u8], down: &[u8], seed: u64) {
    let (client, server) = bench.session();
    thread::scope(|scope| {
        scope.spawn(|| {
            write_cut(&client, up, &mut Numbers(seed));
            client.shutdown(std::net::Shutdown::Write).unwrap();
        });
        scope.spawn(|| (&server).write_all(down).unwrap());
        assert!(drain(&server).unwrap() == up);
    });
    drop(server);
    assert!(drain(&client).unwrap() == down);
}

#[test]
fn the_recording_says_what_the_live_tap_said() {
    let folder = Folder::new("same");
    let path = folder.0.join("r.pcapng");
    let live = Arc::new(Mutex::new(Vec::new()));
    let bench = Bench::recording(|config| config.record = Some(whole(&path)), vec![export_to(&live)]);
    for (n, name) in ["pub-gst-rtmp2sink-nginx.pcap", "play-live-rtmpdump-nginx.pcap", "pub-ffmpeg5-2s-nginx.pcap"]
        .iter()
        .enumerate()
    {
        let [up, down] = common::sides(&common::sample(name).bytes);
        play(&bench, &up, &down, n as u64);
        bench.until("it is over", |b| b.proxy.counters().sessions.value() == 0);
    }
    bench.finish();
    let recorded = common::export(&fs::read(&path).unwrap(), Detail::Messages, Bodies::Hash, false);
    let (live, recorded) = (comparable(&live.lock().unwrap()), comparable(&recorded));
    assert!(live.len() > 400, "{}", live.len());
    for (a, b) in live.iter().zip(&recorded) {
        assert_eq!(a, b);
    }
    assert_eq!(live.len(), recorded.len());
}

#[test]
fn a_recording_is_whole_while_it_is_written() {
    let folder = Folder::new("abrupt");
    let path = folder.0.join("r.pcapng");
    let bench = Bench::with(|config| config.record = Some(whole(&path)));
    let [up, _] = common::sides(&common::sample("pub-gst-rtmp2sink-nginx.pcap").bytes);
    let (client, server) = bench.session();
    let reader = thread::spawn(move || drain(&server).unwrap());
    write_cut(&client, &up, &mut Numbers(4));
    bench.until("all is on disk", |b| b.proxy.counters().recorded.value() > up.len() as u64);
    // The proxy still runs: this is what a kill would leave.
    let [recorded, _] = common::sides(&fs::read(&path).unwrap());
    assert!(recorded == up, "{} of {} bytes", recorded.len(), up.len());
    drop(client);
    assert!(reader.join().unwrap() == up);
    bench.finish();
}

#[test]
fn a_recording_that_cannot_go_on_is_said_once_and_goes_on_when_it_can() {
    let folder = Folder::new("stuck");
    let path = folder.0.join("r.pcapng");
    // What is in the way of the second file.
    let obstacle = folder.0.join("r-00002.pcapng");
    fs::write(&obstacle, b"somebody else's").unwrap();
    let bench = Bench::with(|config| {
        let keep = Keep::All { file_bytes: Some(100_000), file_time: None, files: None };
        config.record = Some(Recording { keep, ..whole(&path) });
    });
    let bytes: Vec<u8> = (0..1_000_000u32).map(|n| n as u8).collect();
    for seed in 0..2 {
        play(&bench, &bytes, b"answer", seed);
    }
    bench.until("it is counted", |b| b.proxy.counters().unrecorded.value() > 100_000);
    common::records(&fs::read(folder.0.join("r-00001.pcapng")).unwrap(), Want::LITTLE);
    assert_eq!(fs::read(&obstacle).unwrap(), b"somebody else's");
    fs::remove_file(&obstacle).unwrap();
    bench.until("it goes on", |b| {
        play(b, b"more", b"answer", 1);
        b.notices.lock().unwrap().iter().any(|n| matches!(n, Notice::RecordingResumed { missing: 100_001.., .. }))
    });
    let (_, notices) = bench.finish();
    assert_eq!(notices.iter().filter(|n| matches!(n, Notice::RecordingStopped { .. })).count(), 1, "{notices:?}");
    common::records(&fs::read(folder.0.join("r-00001.pcapng")).unwrap(), Want::LITTLE);
}

#[test]
fn files_are_rotated_and_together_hold_everything() {
    let folder = Folder::new("rotate");
    let path = folder.0.join("r.pcapng");
    let bench = Bench::with(|config| {
        let keep = Keep::All { file_bytes: Some(400_000), file_time: None, files: None };
        config.record = Some(Recording { keep, ..whole(&path) });
    });
    let bytes: Vec<u8> = (0..600_000u32).map(|n| (n * 7) as u8).collect();
    for seed in 0..3 {
        play(&bench, &bytes, b"answer", seed);
    }
    bench.finish();
    let files = folder.files();
    assert!(files.len() > 3, "{files:?}");
    let mut payload = 0;
    for file in &files {
        let bytes = fs::read(file).unwrap();
        assert!(bytes.len() < 800_000, "{}", bytes.len());
        let [up, _] = common::sides(&bytes);
        payload += up.len();
    }
    assert!(payload > 0);
}

#[test]
fn a_ring_is_written_when_asked_and_holds_the_last_of_it() {
    let folder = Folder::new("ring");
    let path = folder.0.join("r.pcapng");
    let bench = Bench::with(|config| {
        let keep = Keep::Ring { time: std::time::Duration::from_secs(60), bytes: 3_000_000 };
        config.record = Some(Recording { keep, ..whole(&path) });
    });
    let bytes: Vec<u8> = (0..2_000_000u32).map(|n| (n * 7) as u8).collect();
    for seed in 0..3 {
        play(&bench, &bytes, b"answer", seed);
    }
    let [up, down] = common::sides(&common::sample("pub-gst-rtmp2sink-nginx.pcap").bytes);
    play(&bench, &up, &down, 9);
    bench.until("all is recorded", |b| b.proxy.counters().waiting.value() == 0);
    assert!(folder.files().is_empty(), "nothing before it is asked for");
    bench.proxy.ring()();
    bench.until("it is written", |b| b.notices.lock().unwrap().iter().any(|n| matches!(n, Notice::RingWritten { .. })));
    bench.finish();
    let [file] = &folder.files()[..] else { panic!("{:?}", folder.files()) };
    let ring = fs::read(file).unwrap();
    assert!(ring.len() < 3_200_000, "{}", ring.len());
    let messages = common::records(&ring, Want::LITTLE).iter().filter(|r| matches!(r, Record::Message(_))).count();
    assert!(messages > 100, "{messages}");
}
