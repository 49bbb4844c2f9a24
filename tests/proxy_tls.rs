//! Plain in, TLS out: who is trusted, what is said of who is not, and that the bytes are the same.

mod common;
#[path = "common/relay.rs"]
mod relay;

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use relay::{Bench, drain};
use rtmpscope::proxy::{Keep, Mode, Notice, Recording, Trust};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tls").join(name)
}

/// A server inside TLS that says back what it hears, for one connection. Returns what it heard.
fn server(certificate: &str, listener: TcpListener) -> JoinHandle<std::io::Result<Vec<u8>>> {
    let chain = vec![CertificateDer::from_pem_file(file(&format!("{certificate}.pem"))).unwrap()];
    let key = PrivateKeyDer::from_pem_file(file(&format!("{certificate}.key"))).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls_graviola::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    thread::spawn(move || {
        let (socket, _) = listener.accept()?;
        let mut stream = StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), socket);
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard)?;
        stream.write_all(&heard)?;
        stream.conn.send_close_notify();
        stream.flush()?;
        stream.sock.shutdown(Shutdown::Write)?;
        Ok(heard)
    })
}

struct Run {
    heard: std::io::Result<Vec<u8>>,
    answered: std::io::Result<Vec<u8>>,
    notices: Vec<Notice>,
}

fn run(certificate: &str, trust: Trust, record: Option<Recording>, said: &[u8]) -> Run {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let upstream = format!("rtmps://{}/live", listener.local_addr().unwrap()).parse().unwrap();
    let server = server(certificate, listener);
    let bench = Bench::with(|config| {
        config.mode = Mode::Reverse(upstream);
        config.trust = trust;
        config.record = record;
    });
    let mut client = bench.client();
    let answered = client.write_all(said).and_then(|()| {
        client.shutdown(Shutdown::Write)?;
        drain(&client)
    });
    bench.until("it is over", |b| b.proxy.counters().sessions.value() == 0);
    let (_, notices) = bench.finish();
    Run { heard: server.join().unwrap(), answered, notices }
}

#[test]
fn who_is_known_is_trusted_and_hears_every_byte() {
    let said: Vec<u8> = (0..700_000u32).map(|n| (n * 31) as u8).collect();
    for (certificate, trusted) in [("good", "ca.pem"), ("self", "self.pem")] {
        let run = run(certificate, Trust::File(file(trusted)), None, &said);
        assert!(run.heard.unwrap() == said, "{certificate}: {:?}", run.notices);
        assert!(run.answered.unwrap() == said, "{certificate}: the other direction goes on after an end");
        assert!(!run.notices.iter().any(|n| matches!(n, Notice::Insecure { .. })));
    }
}

#[test]
fn who_is_not_is_refused_in_words() {
    let known = || Trust::File(file("ca.pem"));
    for (certificate, trust, words) in [
        ("self", known(), "one that it made itself"),
        ("good", Trust::File(file("self.pem")), "signed by nobody that is trusted"),
        ("other", known(), "for another name"),
        ("expired", known(), "has expired"),
    ] {
        let run = run(certificate, trust, None, b"secret");
        assert_eq!(run.answered.unwrap_err().kind(), ErrorKind::ConnectionReset, "{certificate}");
        assert!(!run.heard.is_ok_and(|heard| !heard.is_empty()), "{certificate} heard something");
        assert!(run.notices.iter().any(|n| n.to_string().contains(words)), "{certificate}: {:?}", run.notices);
    }
}

#[test]
fn trusting_anybody_is_said_in_every_output() {
    let path = std::env::temp_dir().join(format!("rtmpscope-insecure-{}.pcapng", std::process::id()));
    let keep = Keep::All { file_bytes: None, file_time: None, files: None };
    let remarks = "INSECURE: as the config says".to_owned();
    let record = Recording { path: path.clone(), overwrite: true, keep, only: None, remarks };
    let run = run("expired", Trust::Anybody, Some(record), b"hello");
    assert_eq!(run.answered.unwrap(), b"hello");
    assert!(run.notices.iter().any(|n| n.to_string().contains("INSECURE")), "{:?}", run.notices);
    let recorded = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let said = recorded.windows(8).filter(|window| window == b"INSECURE").count();
    assert_eq!(said, 2, "in the head of the file and at the connection");
}

#[test]
fn a_server_without_tls_is_said_to_have_none() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let upstream = format!("rtmps://{}", listener.local_addr().unwrap()).parse().unwrap();
    let server = thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        socket.write_all(b"\x03hello, I speak RTMP").unwrap();
        drain(&socket)
    });
    let bench = Bench::with(|config| {
        config.mode = Mode::Reverse(upstream);
        config.trust = Trust::Anybody;
    });
    assert_eq!(drain(&bench.client()).unwrap_err().kind(), ErrorKind::ConnectionReset);
    let _ = server.join().unwrap();
    let (_, notices) = bench.finish();
    assert!(notices.iter().any(|n| n.to_string().contains("speaks no TLS")), "{notices:?}");
}
