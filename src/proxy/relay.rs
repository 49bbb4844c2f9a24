//! Bytes from one socket to the other, both ways, as they come.
//!
//! A direction reads only when all it read before was written, so that a slow receiver slows its sender down. What was
//! read is offered to the receiver first and to the tap after that. An end of one direction is passed on when all before
//! it was written, and the other direction goes on; a reset ends both.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::{Buf, BufMut, Bytes};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{sleep, timeout};

use super::clock::Clock;
use super::counters::Counters;
use super::scratch::{LARGE, READ, Scratch};
use super::tap::{Conn, Tap, What};
use crate::stream::{Direction, Ending};

/// What a session's two directions share.
pub(super) struct Lanes<'a> {
    pub(super) conn: &'a Arc<Conn>,
    pub(super) tap: &'a Tap,
    pub(super) counters: &'a Counters,
    pub(super) clock: &'a Clock,
    pub(super) scratch: &'a RefCell<Scratch>,
    /// When something was last read.
    pub(super) last: Cell<Instant>,
    /// Whether anything was read at all.
    pub(super) spoke: Cell<bool>,
}

/// How a relay ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Both sides ended in order.
    Ended,
    /// A side's connection broke.
    Broken(Broken),
}

/// A side's connection broke.
#[derive(Debug)]
pub(super) struct Broken {
    /// The direction whose sender it is.
    pub(super) side: Direction,
    pub(super) error: io::Error,
}

/// How long received bytes may keep an arena from being used again while their receiver is slow.
const PINNED: Duration = Duration::from_millis(100);
/// How long what a server said is still passed on after it stopped taking anything.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// Every so many chunks one is timed.
const TIMED: u32 = 8;

/// Relays until both directions ended or a side broke.
pub(super) async fn relay<CR, CW, SR, SW>(
    lanes: &Lanes<'_>,
    (mut from_client, mut to_client): (CR, CW),
    (mut from_server, mut to_server): (SR, SW),
) -> Outcome
where
    CR: AsyncRead + Unpin,
    CW: AsyncWrite + Unpin,
    SR: AsyncRead + Unpin,
    SW: AsyncWrite + Unpin,
{
    let c2s = pin!(lanes.carry(Direction::ClientToServer, &mut from_client, &mut to_server));
    let s2c = pin!(lanes.carry(Direction::ServerToClient, &mut from_server, &mut to_client));
    let (mut c2s, mut s2c) = (Some(c2s), Some(s2c));
    loop {
        let done = poll_fn(|cx| {
            for lane in [&mut c2s as &mut dyn Lane, &mut s2c] {
                if let Poll::Ready(result) = lane.poll(cx) {
                    return Poll::Ready(result);
                }
            }
            Poll::Pending
        });
        let broken = match done.await {
            Ok(()) if c2s.is_none() && s2c.is_none() => return Outcome::Ended,
            Ok(()) => continue,
            Err(broken) => broken,
        };
        // A side that takes nothing any more may have said why: its last words lie in our socket.
        let rest: &mut dyn Lane = if broken.side == Direction::ServerToClient { &mut s2c } else { &mut c2s };
        if rest.lasts() {
            let _ = timeout(LAST_WORDS, poll_fn(|cx| rest.poll(cx))).await;
        }
        return Outcome::Broken(broken);
    }
}

/// A direction while it lasts; afterwards nothing ever comes of it.
trait Lane {
    fn lasts(&self) -> bool;
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Broken>>;
}

impl<F: Future<Output = Result<(), Broken>>> Lane for Option<Pin<&mut F>> {
    fn lasts(&self) -> bool {
        self.is_some()
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        let Some(future) = self else { return Poll::Pending };
        let result = future.as_mut().poll(cx);
        if result.is_ready() {
            *self = None;
        }
        result
    }
}

impl Lanes<'_> {
    async fn carry(
        &self,
        dir: Direction,
        from: &mut (impl AsyncRead + Unpin),
        to: &mut (impl AsyncWrite + Unpin),
    ) -> Result<(), Broken> {
        let reader = |error| Broken { side: dir, error };
        let writer = |error| Broken { side: dir.reverse(), error };
        let (mut chunks, mut most) = (0u32, READ);
        loop {
            let (mut bytes, tapped) = self.read(from, most).await.map_err(reader)?;
            // More waits than was asked for, or less than a small read would bring.
            most = if bytes.len() == most {
                LARGE
            } else if bytes.len() < READ {
                READ
            } else {
                most
            };
            let moment = Instant::now();
            let time = self.clock.at(moment);
            if bytes.is_empty() {
                self.tap.tell(self.conn, time, What::End(dir, Ending::Fin));
                // A receiver that is gone already needs no end.
                let _ = to.shutdown().await;
                return Ok(());
            }
            self.last.set(moment);
            self.spoke.set(true);
            let copy = tapped.then(|| bytes.clone());
            let length = bytes.len() as u64;
            let offered = offer(to, &mut bytes).await;
            chunks = chunks.wrapping_add(1);
            if bytes.is_empty() && chunks % TIMED == 1 {
                self.counters.latency.count(moment.elapsed());
            }
            match copy {
                Some(copy) => self.tap.data(self.conn, dir, time, copy),
                None => self.tap.skipped(self.conn, dir, length),
            }
            self.count(dir, length);
            offered.map_err(writer)?;
            if !bytes.is_empty() {
                self.insist(to, bytes).await.map_err(writer)?;
            }
        }
    }

    /// Reads what there is, up to `most`; nothing at the end. Reports whether the tap may keep it.
    async fn read(&self, from: &mut (impl AsyncRead + Unpin), most: usize) -> io::Result<(Bytes, bool)> {
        poll_fn(|cx| {
            let mut scratch = self.scratch.borrow_mut();
            let (room, tapped) = scratch.room(most);
            let polled = pin!(from.read_buf(&mut (&mut *room).limit(most))).poll(cx);
            polled.map(|read| match read {
                Ok(_) => Ok((room.split().freeze(), tapped)),
                // TLS that ended without saying so ended all the same.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok((Bytes::new(), tapped)),
                Err(error) => Err(error),
            })
        })
        .await
    }

    /// Writes what the receiver would not take at once.
    async fn insist(&self, to: &mut (impl AsyncWrite + Unpin), mut bytes: Bytes) -> io::Result<()> {
        let waiting = bytes.len() as i64;
        self.counters.in_flight.add(waiting);
        let mut pinned = true;
        let result = loop {
            if pinned && self.scratch.borrow().is_tight() {
                bytes = Bytes::copy_from_slice(&bytes);
                pinned = false;
            }
            let write = async {
                while !bytes.is_empty() {
                    let n = poll_fn(|cx| Pin::new(&mut *to).poll_write(cx, &bytes)).await?;
                    bytes.advance(n);
                    self.last.set(Instant::now());
                }
                to.flush().await
            };
            match pinned {
                false => break write.await,
                true => match timeout(PINNED, write).await {
                    Ok(result) => break result,
                    Err(_) => {
                        bytes = Bytes::copy_from_slice(&bytes);
                        pinned = false;
                    }
                },
            }
        };
        self.counters.in_flight.add(-waiting);
        result
    }

    fn count(&self, dir: Direction, bytes: u64) {
        let [c2s, s2c] = &self.counters.bytes;
        if dir == Direction::ClientToServer { c2s } else { s2c }.add(bytes);
    }

    /// Ends when the session was silent from its beginning, or idle, for too long; tells for how long.
    pub(super) async fn idle(&self, silent: Option<Duration>, idle: Option<Duration>) -> Duration {
        loop {
            let limit = if self.spoke.get() { idle } else { silent };
            let quiet = self.last.get().elapsed();
            match limit {
                Some(limit) if quiet >= limit => return limit,
                Some(limit) => sleep(limit - quiet).await,
                None if self.spoke.get() => std::future::pending().await,
                // It may become idle once it spoke.
                None => sleep(idle.unwrap_or(Duration::from_secs(3600))).await,
            }
        }
    }
}

/// Lets the receiver take what it will at once.
async fn offer(to: &mut (impl AsyncWrite + Unpin), bytes: &mut Bytes) -> io::Result<()> {
    let written = poll_fn(|cx| match Pin::new(&mut *to).poll_write(cx, bytes) {
        Poll::Pending => Poll::Ready(Ok(0)),
        ready => ready,
    });
    bytes.advance(written.await?);
    if bytes.is_empty() { to.flush().await } else { Ok(()) }
}
