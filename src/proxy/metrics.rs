//! `/metrics` for Prometheus and `/healthz`, on an address of their own.
//!
//! Answers only requests whose Host is an address or localhost: a page in a browser cannot make a name of its own point
//! here and read the answer.

use std::fmt::Write as _;
use std::net::{IpAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::Shared;
use super::counters::{Counters, Latency};

/// A request has to come and the answer to go within this time.
const PATIENCE: Duration = Duration::from_secs(3);
const LONGEST_REQUEST: usize = 8 << 10;
/// Requests at the same time.
const MOST: usize = 16;

/// Answers for ever.
pub(super) async fn serve(shared: Arc<Shared>, listener: StdListener) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    let room = Arc::new(Semaphore::new(MOST));
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    let _ = timeout(PATIENCE, answer(&shared, stream)).await;
                    drop(permit);
                });
            }
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn answer(shared: &Shared, mut stream: TcpStream) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.windows(4).any(|window| window == b"\r\n\r\n") && request.len() < LONGEST_REQUEST {
        if stream.read_buf(&mut request).await? == 0 {
            break;
        }
    }
    let (status, text) = respond(&String::from_utf8_lossy(&request), &shared.counters);
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        text.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}

fn respond(request: &str, counters: &Counters) -> (&'static str, String) {
    let mut lines = request.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let host = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("host"))
        .map(|(_, value)| value.trim());
    if !host.is_some_and(is_plain) {
        return ("421 Misdirected Request", "ask by address, or as localhost\n".to_owned());
    }
    if method != "GET" {
        return ("405 Method Not Allowed", "only GET\n".to_owned());
    }
    match path {
        "/healthz" => ("200 OK", "ok\n".to_owned()),
        "/metrics" => ("200 OK", text(counters)),
        _ => ("404 Not Found", "/metrics or /healthz\n".to_owned()),
    }
}

/// Is this host an address or localhost?
fn is_plain(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

fn text(counters: &Counters) -> String {
    let mut out = String::new();
    let c = counters;
    let simple: [(&str, &str, &str, i64); 15] = [
        ("sessions", "gauge", "Sessions now", c.sessions.value()),
        ("connections_total", "counter", "Connections accepted", c.accepted.value() as i64),
        ("refused_total", "counter", "Connections refused for want of room", c.refused.value() as i64),
        ("accept_failures_total", "counter", "Failures to accept", c.accept_failures.value() as i64),
        (
            "upstream_failures_total",
            "counter",
            "Connections to servers that failed",
            c.upstream_failures.value() as i64,
        ),
        ("not_rtmp_total", "counter", "Connections that are not RTMP", c.foreign.value() as i64),
        ("in_flight_bytes", "gauge", "Bytes read and not yet written", c.in_flight.value()),
        ("waiting_bytes", "gauge", "Bytes that wait to be decoded or recorded", c.waiting.value()),
        ("undecoded_bytes_total", "counter", "Bytes skipped because decoding was behind", c.skipped.value() as i64),
        ("recorded_bytes_total", "counter", "Bytes written to recordings", c.recorded.value() as i64),
        ("unrecorded_bytes_total", "counter", "Payload bytes missing in recordings", c.unrecorded.value() as i64),
        ("decoder_failures_total", "counter", "Connections whose decoder failed", c.decoder_failures.value() as i64),
        ("gaps_total", "counter", "Places where decoding lost bytes", c.gaps.value() as i64),
        ("gaps_open", "gauge", "Directions of open sessions not decoded since a gap", c.stopped.value()),
        ("cut_total", "counter", "Sessions cut when stopping", c.cut.value() as i64),
    ];
    for (name, kind, help, value) in simple {
        let _ =
            writeln!(out, "# HELP rtmpscope_{name} {help}\n# TYPE rtmpscope_{name} {kind}\nrtmpscope_{name} {value}");
    }
    labelled(&mut out, "bytes_total", "Bytes relayed", "dir", ["c2s", "s2c"].iter().zip(&c.bytes));
    labelled(&mut out, "messages_total", "Messages", "kind", Counters::KINDS.iter().zip(&c.messages));
    labelled(&mut out, "message_bytes_total", "Bytes of bodies", "kind", Counters::KINDS.iter().zip(&c.message_bytes));
    latency(&mut out, &c.latency);
    out
}

fn labelled<'a>(
    out: &mut String,
    name: &str,
    help: &str,
    label: &str,
    values: impl Iterator<Item = (&'a &'static str, &'a super::counters::Count)>,
) {
    let _ = writeln!(out, "# HELP rtmpscope_{name} {help}\n# TYPE rtmpscope_{name} counter");
    for (value, count) in values {
        let _ = writeln!(out, "rtmpscope_{name}{{{label}=\"{value}\"}} {}", count.value());
    }
}

/// A sample of the chunks is timed, from the end of the read to the end of the write.
fn latency(out: &mut String, latency: &Latency) {
    let name = "rtmpscope_added_latency_seconds";
    let _ = writeln!(out, "# HELP {name} Time in the proxy between read and write\n# TYPE {name} histogram");
    let mut all = 0;
    for (bound, count) in latency.cumulative() {
        let bound = bound.map_or("+Inf".to_owned(), |micros| (micros as f64 / 1e6).to_string());
        let _ = writeln!(out, "{name}_bucket{{le=\"{bound}\"}} {count}");
        all = count;
    }
    let _ = writeln!(out, "{name}_sum {}\n{name}_count {all}", latency.total().as_secs_f64());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(request: &str) -> &'static str {
        respond(request, &Counters::default()).0
    }

    #[test]
    fn only_addresses_and_localhost_are_answered() {
        for host in ["127.0.0.1:9935", "localhost:9935", "LOCALHOST", "[::1]:9935", "10.0.0.1"] {
            assert_eq!(status(&format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n")), "200 OK", "{host}");
        }
        for request in [
            "GET /healthz HTTP/1.1\r\nHost: evil.example:9935\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n",
            "GET /healthz HTTP/1.1\r\n\r\n",
            "",
        ] {
            assert_eq!(status(request), "421 Misdirected Request", "{request:?}");
        }
        assert_eq!(status("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"), "404 Not Found");
        assert_eq!(status("POST /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n"), "405 Method Not Allowed");
    }

    #[test]
    fn metrics_are_in_the_form_of_prometheus() {
        let counters = Counters::default();
        counters.bytes[0].add(7);
        counters.latency.count(Duration::from_micros(3));
        let text = text(&counters);
        assert!(text.contains("\nrtmpscope_bytes_total{dir=\"c2s\"} 7\n"), "{text}");
        assert!(text.contains("\nrtmpscope_added_latency_seconds_bucket{le=\"0.000004\"} 1\n"), "{text}");
        assert!(text.contains("\nrtmpscope_added_latency_seconds_bucket{le=\"+Inf\"} 1\n"), "{text}");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            assert!(line.split(' ').count() == 2 && line.starts_with("rtmpscope_"), "{line}");
        }
    }
}
