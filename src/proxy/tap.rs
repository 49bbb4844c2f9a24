//! The tap: a copy of what passes, put into the [`Feeds`] of the decoder and of the recording.
//!
//! A worker never waits here. What finds no room is counted and owed: the consumer hears of it as a hole before the
//! next bytes of that direction.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use bytes::Bytes;

use super::counters::Counters;
use super::feeds::Feeds;
use crate::stream::{Direction, Ending};
use crate::time::Time;

/// A connection through the proxy.
#[derive(Debug)]
pub(super) struct Conn {
    /// Its number, never used twice.
    pub(super) id: u64,
    pub(super) client: SocketAddr,
    pub(super) server: SocketAddr,
    /// What the recording says of it.
    pub(super) note: String,
    /// Weight of its events in each queue.
    queued: [AtomicUsize; 2],
    /// Bytes that each queue had no room for, by direction.
    owed: [[AtomicU64; 2]; 2],
}

#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) conn: Arc<Conn>,
    pub(super) time: Time,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Open,
    Data(Direction, Bytes),
    /// So many bytes had no room.
    Skipped(Direction, u64),
    End(Direction, Ending),
    Close,
    /// For the recording: the connection is to be in it.
    Chosen,
    /// For the recording: nobody will choose the connection any more.
    Left,
}

/// Who reads a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    Decoder,
    Recorder,
}

/// Where workers put events.
#[derive(Clone)]
pub(super) struct Tap {
    feeds: Arc<Feeds>,
    counters: Arc<Counters>,
}

/// What an event weighs beside its bytes.
const EVENT: usize = 128;

impl Conn {
    pub(super) fn new(id: u64, client: SocketAddr, server: SocketAddr, note: String) -> Conn {
        Conn { id, client, server, note, queued: Default::default(), owed: Default::default() }
    }

    /// Weight of its events in a queue.
    pub(super) fn queued(&self, reader: Reader) -> &AtomicUsize {
        let [decoder, recorder] = &self.queued;
        if reader == Reader::Decoder { decoder } else { recorder }
    }

    /// Bytes that a queue had no room for.
    pub(super) fn owed(&self, reader: Reader, dir: Direction) -> &AtomicU64 {
        let [decoder, recorder] = &self.owed;
        let [c2s, s2c] = if reader == Reader::Decoder { decoder } else { recorder };
        if dir == Direction::ClientToServer { c2s } else { s2c }
    }
}

impl What {
    pub(super) fn weight(&self) -> usize {
        match self {
            What::Data(_, bytes) => EVENT + bytes.len(),
            _ => EVENT,
        }
    }
}

impl Tap {
    pub(super) fn new(feeds: Arc<Feeds>, counters: Arc<Counters>) -> Tap {
        Tap { feeds, counters }
    }

    /// Nothing more comes.
    pub(super) fn close(&self, reader: Reader) {
        self.feeds.close(reader);
    }

    /// Asks for the ring to be written.
    pub(super) fn write_ring(&self) {
        self.feeds.nudge(Reader::Recorder);
    }

    /// Bytes passed, and this is a copy of them.
    pub(super) fn data(&self, conn: &Arc<Conn>, dir: Direction, time: Time, bytes: Bytes) {
        let len = bytes.len() as u64;
        let event = Event { conn: Arc::clone(conn), time, what: What::Data(dir, bytes) };
        self.feeds.data(&event, dir, |reader, has_room| match has_room {
            true => self.counters.waiting.add(len as i64),
            false => self.owe(conn, reader, dir, len),
        });
    }

    /// Bytes passed that nobody kept.
    pub(super) fn skipped(&self, conn: &Arc<Conn>, dir: Direction, bytes: u64) {
        for reader in self.feeds.readers() {
            self.owe(conn, *reader, dir, bytes);
        }
    }

    /// A connection began or ended, or one of its directions did: there is always room for these.
    pub(super) fn tell(&self, conn: &Arc<Conn>, time: Time, what: What) {
        self.feeds.tell(self.feeds.readers(), &Event { conn: Arc::clone(conn), time, what });
    }

    /// Tells the recording what became of a connection.
    pub(super) fn tell_recorder(&self, conn: &Arc<Conn>, time: Time, what: What) {
        self.feeds.tell(&[Reader::Recorder], &Event { conn: Arc::clone(conn), time, what });
    }

    fn owe(&self, conn: &Conn, reader: Reader, dir: Direction, bytes: u64) {
        conn.owed(reader, dir).fetch_add(bytes, Ordering::Relaxed);
        match reader {
            Reader::Decoder => self.counters.skipped.add(bytes),
            Reader::Recorder => self.counters.unrecorded.add(bytes),
        }
    }
}
