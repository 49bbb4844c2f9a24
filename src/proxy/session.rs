//! One client: find out where it wants to go, connect there, relay, and end both sides as one of them ended.

use std::cell::{Cell, RefCell};
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use socket2::SockRef;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::client::TlsStream;

use super::Shared;
use super::config::Mode;
use super::notice::Notice;
use super::relay::{Broken, Lanes, Outcome, relay};
use super::scratch::Scratch;
use super::tap::{Conn, What};
use super::target;
use crate::stream::{Direction, Ending};

/// A client that was accepted.
pub(super) struct Client {
    pub(super) id: u64,
    pub(super) stream: TcpStream,
    pub(super) address: SocketAddr,
}

/// The server's side of a session.
enum Server {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Server {
    fn socket(&self) -> &TcpStream {
        match self {
            Server::Plain(stream) => stream,
            Server::Tls(stream) => stream.get_ref().0,
        }
    }
}

/// Bytes that may wait in a socket to be sent, beside those on their way.
const UNSENT: u32 = 256 << 10;
/// How long the last bytes before a reset may take to leave.
const LEAVING: Duration = Duration::from_secs(2);

/// Serves a client to its end, or until `cut` ends.
pub(super) async fn serve(shared: &Shared, scratch: &RefCell<Scratch>, client: Client, cut: impl Future<Output = ()>) {
    let Client { id, mut stream, address } = client;
    tune(&stream);
    let mut cut = pin!(cut);
    let connected = tokio::select! {
        connected = connect(shared, &stream, address) => connected,
        () = &mut cut => return reset(&stream),
    };
    let mut upstream = match connected {
        Ok(upstream) => upstream,
        Err((server, error)) => {
            shared.counters.upstream_failures.add(1);
            let why = target::words(&error);
            (shared.ear)(Notice::UpstreamFailed { client: address, server, why });
            return reset(&stream);
        }
    };
    let server = upstream.socket().peer_addr().unwrap_or(address);
    let note = note(shared, id, address);
    let conn = Arc::new(Conn::new(id, address, server, note));
    shared.tap.tell(&conn, shared.clock.now(), What::Open);
    let lanes = Lanes {
        conn: &conn,
        tap: &shared.tap,
        counters: &shared.counters,
        clock: &shared.clock,
        scratch,
        last: Cell::new(Instant::now()),
        spoke: Cell::new(false),
    };
    let relaying = async {
        match &mut upstream {
            Server::Plain(server) => relay(&lanes, stream.split(), server.split()).await,
            Server::Tls(server) => relay(&lanes, stream.split(), tokio::io::split(server)).await,
        }
    };
    let outcome = tokio::select! {
        outcome = relaying => Some(outcome),
        quiet = lanes.idle(shared.config.silent_timeout, shared.config.idle_timeout) => {
            (shared.ear)(Notice::Idle { client: address, seconds: quiet.as_secs() });
            None
        }
        () = &mut cut => {
            shared.counters.cut.add(1);
            None
        }
    };
    if let Some(Outcome::Broken(Broken { side, error })) = outcome {
        let time = shared.clock.now();
        shared.tap.tell(&conn, time, What::End(side, Ending::Reset));
        shared.tap.tell(&conn, time, What::End(side.reverse(), Ending::Reset));
        if is_reset(&error) {
            let other = if side == Direction::ClientToServer { upstream.socket() } else { &stream };
            leave(other).await;
            reset(other);
        }
    }
    shared.tap.tell(&conn, shared.clock.now(), What::Close);
}

async fn connect(shared: &Shared, stream: &TcpStream, client: SocketAddr) -> Result<Server, (String, io::Error)> {
    let mode = &shared.config.mode;
    let name = match mode {
        Mode::Reverse(upstream) => upstream.to_string(),
        Mode::Redirect | Mode::Tproxy => "where it wanted to go".to_owned(),
    };
    let addresses = target::of(mode, stream).await.map_err(|error| (name.clone(), error))?;
    let name = match (mode, addresses.first()) {
        (Mode::Redirect | Mode::Tproxy, Some(address)) => address.to_string(),
        _ => name,
    };
    let from = (*mode == Mode::Tproxy).then_some(client);
    let patience = shared.config.connect_timeout;
    let server = match target::connect(&addresses, from, *mode == Mode::Redirect, patience).await {
        Ok(server) => server,
        Err(error) => return Err((name, error)),
    };
    tune(&server);
    let Some(tls) = &shared.tls else { return Ok(Server::Plain(server)) };
    match timeout(patience, tls.connect(server)).await {
        Ok(Ok(server)) => Ok(Server::Tls(Box::new(server))),
        Ok(Err(error)) => Err((name, error)),
        Err(_) => Err((name, io::Error::new(io::ErrorKind::TimedOut, "it does not answer in TLS"))),
    }
}

/// Small messages leave at once, and what a slow receiver does not take waits at the sender rather than here.
fn tune(stream: &TcpStream) {
    let _ = stream.set_nodelay(true);
    let _ = SockRef::from(stream).set_tcp_notsent_lowat(UNSENT);
}

/// What the recording says of a connection.
fn note(shared: &Shared, id: u64, client: SocketAddr) -> String {
    let mut note = format!("connection {id} of rtmpscope proxy");
    if shared.tls.is_some() {
        note.push_str("; to the server it was inside TLS");
    }
    if let Some(why) = shared.config.insecurity() {
        note.push_str("; ");
        note.push_str(&why);
        (shared.ear)(Notice::Insecure { client, why });
    }
    note
}

/// Closes with a reset instead of an end.
fn reset(stream: &TcpStream) {
    let _ = SockRef::from(stream).set_linger(Some(Duration::ZERO));
}

/// A reset throws away what was not sent: waits until all is.
async fn leave(stream: &TcpStream) {
    let _ = SockRef::from(stream).set_tcp_notsent_lowat(1);
    let begun = Instant::now();
    while begun.elapsed() < LEAVING {
        let mut fds = [PollFd::new(stream.as_fd(), PollFlags::POLLOUT)];
        // Ready, or broken: both end the waiting.
        if poll(&mut fds, PollTimeout::ZERO) != Ok(0) {
            return;
        }
        sleep(Duration::from_millis(5)).await;
    }
}

fn is_reset(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(error.kind(), Kind::ConnectionReset | Kind::BrokenPipe | Kind::ConnectionAborted | Kind::TimedOut)
}
