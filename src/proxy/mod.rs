//! The live man in the middle: a byte-exact relay, and a tap that decodes a copy of what passes.
//!
//! Owns sockets, tokio, the threads of a live run, TLS to the server, original destinations, the recording to disk and
//! the counters. Refuses to decode or format anything itself: bytes go to [`crate::engine::Live`], records to the
//! [`Output`]s that the caller hands in, packets are made by [`crate::out::pcapng`]. Nothing behind the tap can
//! delay the relay, end it or change a byte of it.
//!
//! Threads: one accepts, obeys signals and answers `/metrics`; each worker relays its share of the sessions on a runtime
//! of its own, into one scratch memory for all of them; one decodes; one writes the recording.
//!
//! **For a terminal app**: hand [`subscribe`]'s output to [`start`] and read [`Subscription::records`], a plain channel;
//! what an app is too slow for is dropped there and counted in [`Subscription::missed`]. [`Running::counters`] has the
//! numbers that change without records, [`Notice`]s say what people should hear. Neither side ever waits.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unreachable)
)]

mod broadcast;
mod choice;
mod clock;
mod config;
mod control;
mod counters;
mod feeds;
mod gate;
mod inspector;
mod key;
mod lateness;
mod listener;
mod metrics;
mod notice;
mod privileges;
mod recorder;
mod relay;
mod scratch;
mod session;
mod subscribe;
mod tap;
mod tape;
mod target;
mod tls;
mod worker;

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

pub use broadcast::Broadcast;
pub use choice::Choice;
pub use config::{Config, Keep, Mode, Recording, Upstream, UpstreamError};
pub use counters::{Count, Counters, Latency, Level};
pub use key::on_enter;
pub use notice::{Notice, Trouble};
pub use subscribe::{Subscription, subscribe};
pub use target::MARK;
pub use tls::Trust;

pub use crate::engine::{Audience, Injury, Output, Settings, Want};

use clock::Clock;
use control::Shutdown;
use feeds::Feeds;
use scratch::Memory;
use tap::Tap;
use tls::Tls;

/// Hears notices, on whatever thread they arise.
pub type Ear = Arc<dyn Fn(Notice) + Send + Sync>;

/// A proxy at work.
pub struct Running {
    addresses: Vec<SocketAddr>,
    metrics: Option<SocketAddr>,
    counters: Arc<Counters>,
    shutdown: Shutdown,
    control: JoinHandle<()>,
    shared: Arc<Shared>,
}

/// The threads behind the tap.
struct Behind {
    inspector: JoinHandle<()>,
    recorder: Option<JoinHandle<()>>,
}

/// What all threads of a run share.
struct Shared {
    config: Config,
    counters: Arc<Counters>,
    clock: Clock,
    tap: Tap,
    ear: Ear,
    /// For an upstream inside TLS.
    tls: Option<Tls>,
    /// What all workers read into.
    memory: Arc<Memory>,
}

/// Binds, and begins to relay. Records go to `outputs` on the thread that decodes, notices to `ear`.
pub fn start(config: Config, settings: Settings, outputs: Vec<Output>, ear: Ear) -> Result<Running, Trouble> {
    let listeners = listener::bind(&config.listen, &config.mode)?;
    let addresses: Vec<SocketAddr> = listeners.iter().filter_map(|l| l.local_addr().ok()).collect();
    target::check(&config.mode, &addresses)?;
    let metrics = config.metrics.map(|address| listener::bind(&[address], &config.mode)).transpose()?;
    let metrics = metrics.and_then(|mut listeners| listeners.pop());
    let metrics_address = metrics.as_ref().and_then(|listener| listener.local_addr().ok());
    if let Some(user) = &config.user {
        if config.mode == Mode::Tproxy {
            let why = "--user does not go with TPROXY, which needs to be root for each connection";
            return Err(Trouble::User(why.to_owned()));
        }
        privileges::become_user(user).map_err(Trouble::User)?;
    }
    let tls = match &config.mode {
        Mode::Reverse(upstream) if upstream.tls => {
            Some(Tls::new(&config.trust, &upstream.host).map_err(Trouble::Upstream)?)
        }
        _ => None,
    };
    let counters = Arc::new(Counters::default());
    // Arenas are never quite full: a queue that had room for all of them would stop the other reader as well.
    let feeds = Arc::new(Feeds::new(config.tap_bytes / 4 * 3, config.record.is_some()));
    let recorder = config.record.as_ref().map(recorder::prepare).transpose()?;
    let shared = Arc::new(Shared {
        clock: Clock::start(),
        counters: Arc::clone(&counters),
        tap: Tap::new(Arc::clone(&feeds), Arc::clone(&counters)),
        ear,
        tls,
        memory: Arc::new(Memory::new(config.tap_bytes)),
        config,
    });
    let shutdown = Shutdown::default();
    let inspector = inspector::start(Arc::clone(&shared), Arc::clone(&feeds), settings, outputs)?;
    let recorder = recorder.map(|recorder| recorder.start(Arc::clone(&shared), Arc::clone(&feeds))).transpose()?;
    let behind = Behind { inspector, recorder };
    let control = control::start(Arc::clone(&shared), (listeners, metrics), shutdown.clone(), behind)?;
    Ok(Running { addresses, metrics: metrics_address, counters, shutdown, control, shared })
}

impl Running {
    /// Where it listens.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Where metrics are asked for.
    pub fn metrics(&self) -> Option<SocketAddr> {
        self.metrics
    }

    /// The numbers.
    pub fn counters(&self) -> &Arc<Counters> {
        &self.counters
    }

    /// Writes the ring of a recording, if there is one, each time that it is called.
    pub fn ring(&self) -> Box<dyn Fn() + Send + Sync> {
        let shared = Arc::clone(&self.shared);
        Box::new(move || shared.tap.write_ring())
    }

    /// Accepts nothing more and lets sessions go on until their end or the deadline; the second time ends them now.
    pub fn stop(&self) {
        self.shutdown.advance();
    }

    /// Waits for the end of the proxy.
    pub fn wait(self) {
        // A control thread that panicked has ended as well.
        let _ = self.control.join();
    }
}
