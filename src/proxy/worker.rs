//! A thread that relays its share of the sessions.

use std::cell::RefCell;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::rc::Rc;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::LocalSet;

use super::Shared;
use super::control::Order;
use super::scratch::Scratch;
use super::session::{Client, serve};

/// A client for a worker.
pub(super) struct Accepted {
    pub(super) id: u64,
    pub(super) stream: TcpStream,
    pub(super) address: SocketAddr,
}

pub(super) struct Worker {
    pub(super) clients: UnboundedSender<Accepted>,
    pub(super) thread: JoinHandle<()>,
}

/// Starts a worker. It ends when its sender is gone and its sessions are over.
pub(super) fn start(shared: Arc<Shared>, number: usize, orders: watch::Receiver<Order>) -> io::Result<Worker> {
    let (clients, inbox) = unbounded_channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let thread = thread::Builder::new().name(format!("relay-{number}")).spawn(move || {
        LocalSet::new().block_on(&runtime, work(shared, orders, inbox));
    })?;
    Ok(Worker { clients, thread })
}

async fn work(shared: Arc<Shared>, orders: watch::Receiver<Order>, mut inbox: UnboundedReceiver<Accepted>) {
    let scratch = Rc::new(RefCell::new(Scratch::new(Arc::clone(&shared.memory))));
    let mut sessions = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = inbox.recv() => match accepted {
                Some(accepted) => {
                    let session = session(Arc::clone(&shared), Rc::clone(&scratch), orders.clone(), accepted);
                    sessions.spawn_local(session);
                }
                None => break,
            },
            // What ended is forgotten.
            Some(_) = sessions.join_next() => {}
        }
    }
    while sessions.join_next().await.is_some() {}
}

async fn session(
    shared: Arc<Shared>,
    scratch: Rc<RefCell<Scratch>>,
    mut orders: watch::Receiver<Order>,
    accepted: Accepted,
) {
    let _counted = Counted(&shared);
    let Accepted { id, stream, address } = accepted;
    let Ok(stream) = tokio::net::TcpStream::from_std(stream) else { return };
    let cut = async move {
        // Gone is the control thread only at the very end.
        let _ = orders.wait_for(|order| *order == Order::Cut).await;
    };
    serve(&shared, &scratch, Client { id, stream, address }, cut).await;
}

/// Counts a session as long as it lasts, however it ends.
struct Counted<'a>(&'a Shared);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.counters.sessions.add(-1);
    }
}
