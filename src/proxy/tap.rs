//! The tap: a copy of what passes, in bounded queues, one for the decoder and one for the recording.
//!
//! A worker never waits here. What finds no room is counted and owed: the consumer hears of it as a hole before the
//! next bytes of that direction. Both queues get their events under one lock, so that they agree on the order.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;

use super::counters::Counters;
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

/// What taking brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// Events, or none in the time that was waited.
    Some,
    /// The same, and the reader was nudged.
    Asked,
    /// Nothing, and nothing comes any more.
    Over,
}

/// Where workers put events.
#[derive(Clone)]
pub(super) struct Tap {
    feeds: Arc<Feeds>,
    counters: Arc<Counters>,
}

/// The queues.
pub(super) struct Feeds {
    lock: Mutex<[Queue; 2]>,
    wake: [Condvar; 2],
    /// Weight that each queue may have, and each connection in it.
    room: usize,
    room_of_one: usize,
    recording: bool,
}

#[derive(Default)]
struct Queue {
    events: VecDeque<Event>,
    weight: usize,
    /// Its reader waits for anything at all, not for its next look at the clock.
    asleep: bool,
    /// It was called because much waits.
    called: bool,
    /// Its reader is to look up though nothing came.
    nudged: bool,
    /// Nothing more comes.
    closed: bool,
}

/// What an event weighs beside its bytes.
const EVENT: usize = 128;
/// Weight at which a reader is woken before its time.
const MUCH: usize = 512 << 10;

impl Conn {
    pub(super) fn new(id: u64, client: SocketAddr, server: SocketAddr, note: String) -> Conn {
        Conn { id, client, server, note, queued: Default::default(), owed: Default::default() }
    }

    fn queued(&self, reader: Reader) -> &AtomicUsize {
        let [decoder, recorder] = &self.queued;
        if reader == Reader::Decoder { decoder } else { recorder }
    }

    fn owed(&self, reader: Reader, dir: Direction) -> &AtomicU64 {
        let [decoder, recorder] = &self.owed;
        let [c2s, s2c] = if reader == Reader::Decoder { decoder } else { recorder };
        if dir == Direction::ClientToServer { c2s } else { s2c }
    }
}

impl What {
    fn weight(&self) -> usize {
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
        self.put(event, dir, len);
    }

    /// Bytes passed that nobody kept.
    pub(super) fn skipped(&self, conn: &Arc<Conn>, dir: Direction, bytes: u64) {
        for reader in self.feeds.readers() {
            self.owe(conn, *reader, dir, bytes);
        }
    }

    /// A connection began or ended, or one of its directions did: there is always room for these.
    pub(super) fn tell(&self, conn: &Arc<Conn>, time: Time, what: What) {
        let mut queues = self.feeds.lock();
        for &reader in self.feeds.readers() {
            if let What::End(dir, _) = &what {
                queue(&mut queues, reader).settle(conn, reader, *dir, time);
            }
            queue(&mut queues, reader).push(reader, Event { conn: Arc::clone(conn), time, what: what.clone() });
        }
        self.feeds.wake(queues);
    }

    /// Tells the recording what became of a connection.
    pub(super) fn tell_recorder(&self, conn: &Arc<Conn>, time: Time, what: What) {
        let mut queues = self.feeds.lock();
        let event = Event { conn: Arc::clone(conn), time, what };
        queue(&mut queues, Reader::Recorder).push(Reader::Recorder, event);
        self.feeds.wake(queues);
    }

    fn put(&self, event: Event, dir: Direction, len: u64) {
        let mut queues = self.feeds.lock();
        for &reader in self.feeds.readers() {
            let queue = queue(&mut queues, reader);
            let weight = event.what.weight();
            let own = event.conn.queued(reader).load(Ordering::Relaxed);
            let all = queue.weight + weight;
            // Where there is little, one may have all of it.
            let greedy = own + weight > self.feeds.room_of_one && all > self.feeds.room / 2;
            if all > self.feeds.room || greedy {
                self.owe(&event.conn, reader, dir, len);
                continue;
            }
            queue.settle(&event.conn, reader, dir, event.time);
            queue.push(reader, event.clone());
            self.counters.waiting.add(len as i64);
        }
        self.feeds.wake(queues);
    }

    fn owe(&self, conn: &Conn, reader: Reader, dir: Direction, bytes: u64) {
        conn.owed(reader, dir).fetch_add(bytes, Ordering::Relaxed);
        match reader {
            Reader::Decoder => self.counters.skipped.add(bytes),
            Reader::Recorder => self.counters.unrecorded.add(bytes),
        }
    }
}

impl Feeds {
    /// Queues that weigh `room` each at most; the second one, which has the same bytes, only if there is a recording.
    pub(super) fn new(room: usize, recording: bool) -> Feeds {
        Feeds {
            lock: Mutex::default(),
            wake: Default::default(),
            room,
            room_of_one: (room / 4).max(1 << 20),
            recording,
        }
    }

    /// Takes all events that wait. Waits for the first one, or for `pace` when there were some just before, unless many
    /// come.
    pub(super) fn take(&self, reader: Reader, pace: Option<Duration>, into: &mut VecDeque<Event>) -> Taken {
        let wake = self.condvar(reader);
        let mut queues = self.lock();
        queue(&mut queues, reader).asleep = pace.is_none();
        let quiet = |queues: &mut [Queue; 2]| {
            let queue = queue(queues, reader);
            !queue.closed && !queue.nudged && if pace.is_some() { queue.weight < MUCH } else { queue.events.is_empty() }
        };
        let mut queues = match pace {
            Some(pace) => wake.wait_timeout_while(queues, pace, quiet).unwrap_or_else(PoisonError::into_inner).0,
            None => wake.wait_while(queues, quiet).unwrap_or_else(PoisonError::into_inner),
        };
        let queue = queue(&mut queues, reader);
        queue.asleep = false;
        queue.called = false;
        let nudged = std::mem::take(&mut queue.nudged);
        std::mem::swap(&mut queue.events, into);
        match nudged {
            _ if queue.closed && into.is_empty() => Taken::Over,
            true => Taken::Asked,
            false => Taken::Some,
        }
    }

    /// The reader is done with an event that it took: its memory is free again.
    pub(super) fn done(&self, reader: Reader, events: impl Iterator<Item = Event>, counters: &Counters) {
        let mut weight = 0;
        for event in events {
            event.conn.queued(reader).fetch_sub(event.what.weight(), Ordering::Relaxed);
            weight += event.what.weight();
            if let What::Data(_, bytes) = &event.what {
                counters.waiting.add(-(bytes.len() as i64));
            }
        }
        queue(&mut self.lock(), reader).weight -= weight;
    }

    /// Makes a reader look up though nothing came.
    pub(super) fn nudge(&self, reader: Reader) {
        queue(&mut self.lock(), reader).nudged = true;
        self.condvar(reader).notify_one();
    }

    /// Nothing more comes.
    pub(super) fn close(&self, reader: Reader) {
        queue(&mut self.lock(), reader).closed = true;
        self.condvar(reader).notify_all();
    }

    /// The readers that there are.
    fn readers(&self) -> &'static [Reader] {
        if self.recording { &[Reader::Decoder, Reader::Recorder] } else { &[Reader::Decoder] }
    }

    fn lock(&self) -> MutexGuard<'_, [Queue; 2]> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn condvar(&self, reader: Reader) -> &Condvar {
        let [decoder, recorder] = &self.wake;
        if reader == Reader::Decoder { decoder } else { recorder }
    }

    /// Wakes readers that sleep, or have much to do.
    fn wake(&self, mut queues: MutexGuard<'_, [Queue; 2]>) {
        let mut due = [false; 2];
        for (due, queue) in due.iter_mut().zip(queues.iter_mut()) {
            let much = queue.weight >= MUCH && !queue.called;
            *due = (queue.asleep && !queue.events.is_empty()) || much;
            queue.asleep &= !*due;
            queue.called |= much;
        }
        drop(queues);
        // A wake-up costs microseconds: outside the lock, and seldom.
        for (due, wake) in due.into_iter().zip(&self.wake) {
            if due {
                wake.notify_one();
            }
        }
    }
}

impl Queue {
    /// Tells the reader of the bytes that had no room, before anything else of that direction.
    fn settle(&mut self, conn: &Arc<Conn>, reader: Reader, dir: Direction, time: Time) {
        let owed = conn.owed(reader, dir).swap(0, Ordering::Relaxed);
        if owed > 0 {
            self.push(reader, Event { conn: Arc::clone(conn), time, what: What::Skipped(dir, owed) });
        }
    }

    fn push(&mut self, reader: Reader, event: Event) {
        let weight = event.what.weight();
        self.weight += weight;
        event.conn.queued(reader).fetch_add(weight, Ordering::Relaxed);
        self.events.push_back(event);
    }
}

fn queue(queues: &mut [Queue; 2], reader: Reader) -> &mut Queue {
    let [decoder, recorder] = queues;
    if reader == Reader::Decoder { decoder } else { recorder }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conn(id: u64) -> Arc<Conn> {
        let address = ([127, 0, 0, 1], 1935).into();
        Arc::new(Conn::new(id, address, address, String::new()))
    }

    fn taken(feeds: &Feeds, reader: Reader) -> Vec<String> {
        let mut events = VecDeque::new();
        assert_eq!(feeds.take(reader, Some(Duration::ZERO), &mut events), Taken::Some);
        let told = events
            .iter()
            .map(|event| match &event.what {
                What::Data(dir, bytes) => format!("{} {} {}", event.conn.id, dir.name(), bytes.len()),
                What::Skipped(dir, n) => format!("{} {} skipped {n}", event.conn.id, dir.name()),
                other => format!("{} {other:?}", event.conn.id),
            })
            .collect();
        feeds.done(reader, events.into_iter(), &Counters::default());
        told
    }

    #[test]
    fn what_finds_no_room_is_owed_and_told_before_what_follows() {
        let feeds = Arc::new(Feeds::new(3 << 20, false));
        let counters = Arc::new(Counters::default());
        let tap = Tap::new(Arc::clone(&feeds), Arc::clone(&counters));
        let (one, two) = (conn(1), conn(2));
        let up = Direction::ClientToServer;
        let block = Bytes::from(vec![0; 400 << 10]);
        tap.tell(&one, Time(1), What::Open);
        for _ in 0..5 {
            tap.data(&one, up, Time(2), block.clone());
        }
        tap.data(&two, up, Time(3), Bytes::from_static(b"small"));
        let mib = 400 << 10;
        assert_eq!(
            taken(&feeds, Reader::Decoder),
            [
                "1 Open".to_owned(),
                format!("1 c2s {mib}"),
                format!("1 c2s {mib}"),
                format!("1 c2s {mib}"),
                "2 c2s 5".to_owned()
            ],
            "one connection fills half of the room only"
        );
        assert_eq!(counters.skipped.value(), 2 * mib);
        tap.skipped(&one, up, 1);
        tap.data(&one, up, Time(4), Bytes::from_static(b"x"));
        tap.tell(&one, Time(5), What::End(up, Ending::Fin));
        let skipped = format!("1 c2s skipped {}", 2 * mib + 1);
        assert_eq!(taken(&feeds, Reader::Decoder), [skipped.as_str(), "1 c2s 1", "1 End(ClientToServer, Fin)"]);
        feeds.close(Reader::Decoder);
        assert_eq!(feeds.take(Reader::Decoder, None, &mut VecDeque::new()), Taken::Over);
    }

    #[test]
    fn both_readers_get_the_same() {
        let feeds = Arc::new(Feeds::new(1 << 20, true));
        let tap = Tap::new(Arc::clone(&feeds), Arc::default());
        let one = conn(1);
        tap.data(&one, Direction::ServerToClient, Time(2), Bytes::from_static(b"abc"));
        assert_eq!(taken(&feeds, Reader::Recorder), ["1 s2c 3"]);
        assert_eq!(taken(&feeds, Reader::Decoder), ["1 s2c 3"]);
    }

    #[test]
    fn a_reader_that_sleeps_is_woken() {
        let feeds = Arc::new(Feeds::new(1 << 20, false));
        let tap = Tap::new(Arc::clone(&feeds), Arc::default());
        let reader = std::thread::spawn(move || {
            let mut events = VecDeque::new();
            (feeds.take(Reader::Decoder, None, &mut events), events.len())
        });
        tap.data(&conn(1), Direction::ServerToClient, Time(2), Bytes::from_static(b"abc"));
        assert_eq!(reader.join().unwrap(), (Taken::Some, 1));
    }
}
