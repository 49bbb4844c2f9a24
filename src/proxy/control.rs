//! The thread that accepts, obeys signals, and sees the run to its end.

use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use socket2::SockRef;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::metrics;
use super::notice::{Notice, Trouble};
use super::tap::Reader;
use super::worker::{self, Accepted, Worker};
use super::{Behind, Shared};

/// What the sessions are to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// Go on.
    #[default]
    Go,
    /// Go on to the end, but no new ones begin.
    Drain,
    /// End now.
    Cut,
}

/// Brings a run to its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Shutdown(watch::Sender<Order>);

/// Pause after a failure to accept, so that a lack of descriptors is no busy loop.
const BACK_OFF: Duration = Duration::from_millis(100);
/// How often a drain looks whether it is over.
const LOOK: Duration = Duration::from_millis(20);
/// How long outputs may take for what is still to be written at the end.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// Refused connections are told at most this often.
const TELL: Duration = Duration::from_secs(2);

impl Shutdown {
    /// The next step: drain, then cut.
    pub(super) fn advance(&self) {
        self.0.send_modify(|order| *order = if *order == Order::Go { Order::Drain } else { Order::Cut });
    }
}

/// Starts the thread. It ends after all others, which it joins.
pub(super) fn start(
    shared: Arc<Shared>,
    (listeners, metrics): (Vec<StdListener>, Option<StdListener>),
    shutdown: Shutdown,
    behind: Behind,
) -> Result<JoinHandle<()>, Trouble> {
    let workers = workers(&shared, &shutdown).map_err(Trouble::System)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Trouble::System)?;
    let work = move || {
        let listeners = (listeners, metrics);
        runtime.block_on(control(Arc::clone(&shared), listeners, shutdown, &workers));
        for worker in workers {
            drop(worker.clients);
            let _ = worker.thread.join();
        }
        let sessions = shared.counters.cut.value();
        if sessions > 0 {
            (shared.ear)(Notice::Cut { sessions });
        }
        // What the decoder hears at the very end may still choose what is recorded.
        shared.tap.close(Reader::Decoder);
        if !ends(&behind.inspector) {
            (shared.ear)(Notice::Stuck);
        }
        shared.tap.close(Reader::Recorder);
        let _ = behind.recorder.map(JoinHandle::join);
    };
    thread::Builder::new().name("control".to_owned()).spawn(work).map_err(Trouble::System)
}

/// Waits for the thread that decodes, unless an output never takes what it is given.
fn ends(inspector: &JoinHandle<()>) -> bool {
    let begun = Instant::now();
    while !inspector.is_finished() && begun.elapsed() < LAST_WORDS {
        thread::sleep(LOOK.min(begun.elapsed()));
    }
    inspector.is_finished()
}

fn workers(shared: &Arc<Shared>, shutdown: &Shutdown) -> io::Result<Vec<Worker>> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let count = if shared.config.workers > 0 { shared.config.workers } else { cores.min(4) };
    (0..count).map(|n| worker::start(Arc::clone(shared), n, shutdown.0.subscribe())).collect()
}

async fn control(
    shared: Arc<Shared>,
    (listeners, metrics): (Vec<StdListener>, Option<StdListener>),
    shutdown: Shutdown,
    workers: &[Worker],
) {
    let mut tasks = JoinSet::new();
    if let Some(listener) = metrics {
        tasks.spawn(metrics::serve(Arc::clone(&shared), listener));
    }
    if shared.config.signals {
        tasks.spawn(obey(shutdown.clone()));
        tasks.spawn(write_rings(Arc::clone(&shared)));
        tasks.spawn(outlive_file_limits());
    }
    let senders: Arc<[_]> = workers.iter().map(|worker| worker.clients.clone()).collect();
    let next = Arc::new(AtomicU64::new(0));
    let mut accepting = JoinSet::new();
    for listener in listeners {
        if let Ok(listener) = TcpListener::from_std(listener) {
            accepting.spawn(accept(Arc::clone(&shared), listener, Arc::clone(&senders), Arc::clone(&next)));
        }
    }
    // The sender lives as long as `shutdown`.
    let _ = shutdown.0.subscribe().wait_for(|order| *order != Order::Go).await;
    // Without listeners the kernel refuses what comes from now on.
    accepting.shutdown().await;
    drain(&shared, &shutdown).await;
    tasks.shutdown().await;
}

/// Accepts for ever.
async fn accept(
    shared: Arc<Shared>,
    listener: TcpListener,
    workers: Arc<[UnboundedSender<Accepted>]>,
    next: Arc<AtomicU64>,
) {
    let counters = &shared.counters;
    let mut refused = Seldom::default();
    let mut failed = Seldom::default();
    loop {
        let (stream, address) = match listener.accept().await {
            Ok(accepted) => accepted,
            // The client was gone before it was accepted.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
            Err(error) => {
                counters.accept_failures.add(1);
                if failed.count().is_some() {
                    (shared.ear)(Notice::AcceptFails { why: error.to_string() });
                }
                sleep(BACK_OFF).await;
                continue;
            }
        };
        counters.accepted.add(1);
        let limit = shared.config.max_sessions;
        if counters.sessions.value() >= limit as i64 {
            counters.refused.add(1);
            let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
            if let Some(connections) = refused.count() {
                (shared.ear)(Notice::Refused { connections, limit });
            }
            continue;
        }
        let id = next.fetch_add(1, Ordering::Relaxed) + 1;
        let worker = workers.get(id as usize % workers.len().max(1));
        let sent = worker.zip(stream.into_std().ok()).map(|(worker, stream)| {
            counters.sessions.add(1);
            worker.send(Accepted { id, stream, address: canonical(address) })
        });
        if let Some(Err(_)) = sent {
            counters.sessions.add(-1);
        }
    }
}

/// An IPv4 address as such, also when an IPv6 socket saw it.
fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// Counts what is told at most every [`TELL`].
#[derive(Default)]
struct Seldom {
    told: Option<Instant>,
    untold: u64,
}

impl Seldom {
    /// One more; how many there are to tell now, if it is time.
    fn count(&mut self) -> Option<u64> {
        self.untold += 1;
        if self.told.is_some_and(|told| told.elapsed() < TELL) {
            return None;
        }
        self.told = Some(Instant::now());
        Some(std::mem::take(&mut self.untold))
    }
}

/// Lets sessions end by themselves for a while, then cuts them.
async fn drain(shared: &Shared, shutdown: &Shutdown) {
    let left = || shared.counters.sessions.value().max(0) as u64;
    (shared.ear)(Notice::Draining { sessions: left(), seconds: shared.config.drain.as_secs() });
    let over = async {
        while left() > 0 {
            sleep(LOOK).await;
        }
    };
    let mut orders = shutdown.0.subscribe();
    tokio::select! {
        () = over => return,
        _ = orders.wait_for(|order| *order == Order::Cut) => {}
        () = sleep(shared.config.drain) => {}
    }
    shutdown.0.send_replace(Order::Cut);
}

/// Turns signals into orders.
async fn obey(shutdown: Shutdown) {
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return;
    };
    loop {
        tokio::select! {
            Some(()) = interrupt.recv() => {}
            Some(()) = terminate.recv() => {}
        }
        shutdown.advance();
    }
}

/// Writing beyond the limit of a file's size is to fail, not to end the relay.
async fn outlive_file_limits() {
    let Ok(mut exceeded) = signal(SignalKind::from_raw(nix::libc::SIGXFSZ)) else { return };
    while exceeded.recv().await.is_some() {}
}

/// SIGUSR1 has the ring written.
async fn write_rings(shared: Arc<Shared>) {
    let Ok(mut asked) = signal(SignalKind::user_defined1()) else { return };
    while asked.recv().await.is_some() {
        shared.tap.write_ring();
    }
}
