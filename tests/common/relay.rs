//! A proxy on loopback with a server behind it that the test plays.
#![allow(dead_code, reason = "every test uses its own part of this")]

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rtmpscope::proxy::{Config, Mode, Notice, Output, Running, Settings, Want, start};
use rtmpscope::record::Record;
use rtmpscope::session::MediaBody;
use rtmpscope::time::Span;

/// Long enough for a busy machine; nothing waits for it when all goes well.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// A proxy, and the server behind it.
pub(crate) struct Bench {
    pub(crate) proxy: Running,
    pub(crate) server: TcpListener,
    pub(crate) records: Receiver<Record>,
    pub(crate) notices: Arc<Mutex<Vec<Notice>>>,
}

impl Bench {
    pub(crate) fn new() -> Bench {
        Bench::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Bench {
        Bench::recording(change, Vec::new())
    }

    pub(crate) fn recording(change: impl FnOnce(&mut Config), mut outputs: Vec<Output>) -> Bench {
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let upstream = format!("rtmp://{}/live", server.local_addr().unwrap()).parse().unwrap();
        let mut config = Config::new((Ipv4Addr::LOCALHOST, 0).into(), Mode::Reverse(upstream));
        change(&mut config);
        let (sender, records) = channel();
        outputs.push(Output {
            name: "test".to_owned(),
            longest_wait: Span(10_000_000_000),
            audience: Box::new(move |record| drop(sender.send(record))),
        });
        let notices = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&notices);
        let ear = Arc::new(move |notice| heard.lock().unwrap().push(notice));
        let settings = Settings::new(Want { media: MediaBody::Whole, origin: false });
        let proxy = start(config, settings, outputs, ear).unwrap();
        Bench { proxy, server, records, notices }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.proxy.addresses()[0]
    }

    /// A client, and the server's end of its session.
    pub(crate) fn session(&self) -> (TcpStream, TcpStream) {
        let client = self.client();
        let (server, _) = self.server.accept().unwrap();
        patient(&server);
        (client, server)
    }

    pub(crate) fn client(&self) -> TcpStream {
        let client = TcpStream::connect(self.address()).unwrap();
        patient(&client);
        client
    }

    /// Waits until something holds.
    pub(crate) fn until(&self, what: &str, mut holds: impl FnMut(&Bench) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(begun.elapsed() < LONG, "never: {what}; heard {:?}", self.notices.lock().unwrap());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Stops the proxy; what it told from beginning to end.
    pub(crate) fn finish(self) -> (Vec<Record>, Vec<Notice>) {
        self.proxy.stop();
        self.proxy.stop();
        self.proxy.wait();
        let records = self.records.iter().collect();
        (records, Arc::try_unwrap(self.notices).map_or_else(|n| n.lock().unwrap().clone(), |n| n.into_inner().unwrap()))
    }
}

fn patient(stream: &TcpStream) {
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream.set_write_timeout(Some(LONG)).unwrap();
}

/// Everything until the end.
pub(crate) fn drain(mut stream: &TcpStream) -> std::io::Result<Vec<u8>> {
    let mut all = Vec::new();
    stream.read_to_end(&mut all).map(|_| all)
}

/// Writes in pieces of random sizes.
pub(crate) fn write_cut(mut stream: &TcpStream, bytes: &[u8], numbers: &mut super::common::Numbers) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let most = [3, 200, 5000, 200_000][numbers.below(4)];
        let (piece, after) = rest.split_at((1 + numbers.below(most)).min(rest.len()));
        stream.write_all(piece).unwrap();
        rest = after;
    }
}
