//! `rtmpscope proxy` as people run it: the binary, its lines, its signals and exit codes.

#[path = "common/binary.rs"]
mod binary;
mod common;

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use binary::{Proxy, SAMPLE, get, temporary};
use serde_json::Value;

/// The names that the sample publishes and that nothing may tell.
fn key() -> String {
    let shown = common::export(
        &common::sample(SAMPLE).bytes,
        rtmpscope::out::json::Detail::Messages,
        rtmpscope::out::json::Bodies::None,
        true,
    );
    let publish = common::events(&shown).into_iter().find(|event| event["command"]["name"] == "publish").unwrap();
    publish["command"]["args"][0].as_str().unwrap().to_owned()
}

#[test]
fn lines_and_a_summary_as_it_happens_and_ctrl_c_ends_with_0() {
    let proxy = Proxy::start(&[]);
    proxy.play();
    let (out, errors, code) = proxy.stop();
    assert_eq!(code, Some(0), "{errors}");
    assert!(out.contains("connect app=live") && out.contains("AVC key frame"), "{out}");
    assert!(out.contains("\nverdict   published"), "{out}");
    assert!(errors.contains("stopping") && errors.contains(" in 1 connections; between read and write: "), "{errors}");
    assert!(!out.contains(&key()) && out.contains("****"), "the key is masked");
}

#[test]
fn a_filter_chooses_what_is_told_and_not_what_is_relayed() {
    let export = temporary("export.ndjson");
    let proxy = Proxy::start(&[
        "--format",
        "ndjson",
        "--filter",
        "kind == command && dir == c2s",
        "--export",
        export.to_str().unwrap(),
    ]);
    proxy.play();
    let (out, _, code) = proxy.stop();
    assert_eq!(code, Some(0));
    assert_eq!(out, fs::read_to_string(&export).unwrap());
    fs::remove_file(&export).unwrap();
    let events: Vec<Value> = common::events(out.as_bytes());
    let messages: Vec<&Value> = events.iter().filter(|event| event["event"] == "message").collect();
    assert!(messages.len() > 4 && messages.len() < 20, "{}", messages.len());
    assert!(messages.iter().all(|m| m["kind"] == "command" && m["dir"] == "c2s"));
    assert!(!out.contains(&key()), "masks learn also from what is not shown");
    assert_eq!(events.last().unwrap()["event"], "end");

    let refused = Command::new(env!("CARGO_BIN_EXE_rtmpscope"))
        .args(["proxy", "--upstream", "rtmp://127.0.0.1:1", "--filter", "kind == vidoe"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("video"), "did you mean");
}

#[test]
fn metrics_and_health_without_secrets() {
    let metrics = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let proxy = Proxy::start(&["--format", "none", "--metrics", &metrics.to_string()]);
    proxy.play();
    let [up, _] = common::sides(&common::sample(SAMPLE).bytes);
    let begun = Instant::now();
    let told = loop {
        let told = get(metrics, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
        if told.contains("rtmpscope_sessions 0") && !told.contains("{kind=\"video\"} 0\n") {
            break told;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{told}");
    };
    assert!(told.contains(&format!("rtmpscope_bytes_total{{dir=\"c2s\"}} {}\n", up.len())), "{told}");
    assert!(!told.contains(&key()));
    assert!(get(metrics, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").ends_with("\r\n\r\nok\n"));
    let rebound = get(metrics, "GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert!(rebound.starts_with("HTTP/1.1 421") && !rebound.contains("rtmpscope_"), "{rebound}");
    proxy.stop();
}

#[test]
fn a_killed_proxy_leaves_a_readable_recording() {
    let recording = temporary("killed.pcapng");
    let mut proxy = Proxy::start(&["--format", "none", "--record", recording.to_str().unwrap()]);
    proxy.play();
    // What is older than the pace of writing is on disk.
    thread::sleep(Duration::from_millis(300));
    proxy.child.kill().unwrap();
    proxy.child.wait().unwrap();
    let recorded = common::sides(&fs::read(&recording).unwrap());
    fs::remove_file(&recording).unwrap();
    assert!(recorded == common::sides(&common::sample(SAMPLE).bytes));
}

#[test]
fn troubles_have_words_and_exit_codes() {
    let existing = temporary("existing.pcapng");
    fs::write(&existing, b"mine").unwrap();
    let file = existing.to_str().unwrap();
    let hold = TcpListener::bind("127.0.0.1:0").unwrap();
    let held = hold.local_addr().unwrap().to_string();
    for (args, code, words) in [
        (vec!["--listen", &held, "--upstream", "rtmp://127.0.0.1:1"], 6, "is in use by"),
        (vec!["--upstream", "http://x"], 2, "not relayed"),
        (vec![], 2, "--upstream"),
        (vec!["--listen", "127.0.0.1:0", "--upstream", "rtmp://no-such-host.invalid"], 6, "cannot find"),
        (vec!["--listen", "127.0.0.1:0", "--upstream", "rtmp://127.0.0.1:1", "--record", file], 2, "--overwrite"),
        (
            vec!["--listen", "127.0.0.1:0", "--upstream", "rtmp://127.0.0.1:1", "--user", "no-such-user"],
            6,
            "no-such-user",
        ),
        (vec!["setup", "--print", "--mode", "tproxy", "--same-host"], 2, "redirect does it"),
    ] {
        let run = Command::new(env!("CARGO_BIN_EXE_rtmpscope")).arg("proxy").args(&args).output().unwrap();
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(run.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: {said}");
    }
    assert_eq!(fs::read(&existing).unwrap(), b"mine");
    fs::remove_file(&existing).unwrap();
}

#[test]
fn a_reader_that_goes_away_does_not_end_the_relay() {
    let mut proxy = Proxy::start(&[]);
    drop(proxy.child.stdout.take());
    proxy.play();
    proxy.play();
    proxy.signal("-INT");
    let mut errors = String::new();
    proxy.errors.read_to_string(&mut errors).unwrap();
    assert_eq!(proxy.child.wait().unwrap().code(), Some(0), "{errors}");
    assert_eq!(errors.matches("its reader went away").count(), 1, "{errors}");
}
