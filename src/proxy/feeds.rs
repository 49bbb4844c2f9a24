//! The bounded queues between the workers and the readers behind the tap, the decoder and the recording.
//!
//! Both get their events under one lock, so that they agree on the order. A reader takes them in lots of limited weight
//! and gives the memory of one back before it takes the next: one that is late holds no more than what waits.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::counters::Counters;
use super::tap::{Conn, Event, Reader, What};
use crate::stream::Direction;
use crate::time::Time;

/// What taking brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// Events, or none in the time that was waited.
    Some,
    /// The same, and the reader was nudged after the last of them came.
    Asked,
    /// Nothing, and nothing comes any more.
    Over,
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
    lots: VecDeque<Lot>,
    /// Memory of a lot that was taken, to be used again.
    spare: Vec<Event>,
    /// Of all events that wait or were taken and are not done.
    weight: usize,
    /// Its reader waits for anything at all, not for its next look at the clock.
    asleep: bool,
    /// It was called because much waits.
    called: bool,
    /// Its reader is to look up though nothing came, when it took so many lots.
    nudged: Option<usize>,
    /// Nothing more comes.
    closed: bool,
}

/// Events that are taken at once.
#[derive(Default)]
struct Lot {
    events: Vec<Event>,
    weight: usize,
}

/// Weight at which a reader is woken before its time, and at which a lot is full.
const MUCH: usize = 512 << 10;

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

    /// The readers that there are.
    pub(super) fn readers(&self) -> &'static [Reader] {
        if self.recording { &[Reader::Decoder, Reader::Recorder] } else { &[Reader::Decoder] }
    }

    /// Puts bytes of a direction where there is room, and says of each reader whether there was.
    pub(super) fn data(&self, event: &Event, dir: Direction, mut say: impl FnMut(Reader, bool)) {
        let weight = event.what.weight();
        let mut queues = self.lock();
        for &reader in self.readers() {
            let queue = queue(&mut queues, reader);
            let own = event.conn.queued(reader).load(Ordering::Relaxed);
            let all = queue.weight + weight;
            // The last quarter is for those who hold little.
            let greedy = own + weight > self.room_of_one && all > self.room / 4 * 3;
            let has_room = all <= self.room && !greedy;
            if has_room {
                queue.settle(&event.conn, reader, dir, event.time);
                queue.push(reader, event.clone());
            }
            say(reader, has_room);
        }
        self.wake(queues);
    }

    /// Puts what there is always room for.
    pub(super) fn tell(&self, readers: &[Reader], event: &Event) {
        let mut queues = self.lock();
        for &reader in readers {
            let queue = queue(&mut queues, reader);
            if let What::End(dir, _) = &event.what {
                queue.settle(&event.conn, reader, *dir, event.time);
            }
            queue.push(reader, event.clone());
        }
        self.wake(queues);
    }

    /// Takes the next lot; `into` is empty. Waits for the first event, or for `pace` when there were some just before,
    /// unless many come.
    pub(super) fn take(&self, reader: Reader, pace: Option<Duration>, into: &mut Vec<Event>) -> Taken {
        let wake = self.condvar(reader);
        let mut queues = self.lock();
        queue(&mut queues, reader).asleep = pace.is_none();
        let quiet = |queues: &mut [Queue; 2]| {
            let queue = queue(queues, reader);
            let little = if pace.is_some() { queue.weight < MUCH } else { queue.lots.is_empty() };
            !queue.closed && queue.nudged.is_none() && little
        };
        let mut queues = match pace {
            Some(pace) => wake.wait_timeout_while(queues, pace, quiet).unwrap_or_else(PoisonError::into_inner).0,
            None => wake.wait_while(queues, quiet).unwrap_or_else(PoisonError::into_inner),
        };
        let queue = queue(&mut queues, reader);
        queue.asleep = false;
        queue.called = false;
        match queue.lots.pop_front() {
            Some(lot) => queue.spare = std::mem::replace(into, lot.events),
            None if queue.closed => return Taken::Over,
            None => {}
        }
        queue.nudged = queue.nudged.map(|lots| lots.saturating_sub(1));
        match queue.nudged {
            Some(0) => {
                queue.nudged = None;
                Taken::Asked
            }
            _ => Taken::Some,
        }
    }

    /// The reader is done with events that it took: their memory is free again.
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
        let mut queues = self.lock();
        let queue = queue(&mut queues, reader);
        queue.nudged = Some(queue.lots.len());
        self.condvar(reader).notify_one();
    }

    /// Nothing more comes.
    pub(super) fn close(&self, reader: Reader) {
        queue(&mut self.lock(), reader).closed = true;
        self.condvar(reader).notify_all();
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
            *due = (queue.asleep && !queue.lots.is_empty()) || much;
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
        match self.lots.back_mut().filter(|lot| lot.weight < MUCH) {
            Some(lot) => {
                lot.weight += weight;
                lot.events.push(event);
            }
            None => {
                let mut events = std::mem::take(&mut self.spare);
                events.push(event);
                self.lots.push_back(Lot { events, weight });
            }
        }
    }
}

fn queue(queues: &mut [Queue; 2], reader: Reader) -> &mut Queue {
    let [decoder, recorder] = queues;
    if reader == Reader::Decoder { decoder } else { recorder }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;

    use super::super::tap::Tap;
    use super::*;
    use crate::stream::Ending;

    fn conn(id: u64) -> Arc<Conn> {
        let address = ([127, 0, 0, 1], 1935).into();
        Arc::new(Conn::new(id, address, address, String::new()))
    }

    fn taken(feeds: &Feeds, reader: Reader) -> Vec<String> {
        let mut events = Vec::new();
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

    fn up(tap: &Tap, conn: &Arc<Conn>, len: usize) {
        tap.data(conn, Direction::ClientToServer, Time(2), Bytes::from(vec![0; len]));
    }

    #[test]
    fn what_finds_no_room_is_owed_and_told_before_what_follows() {
        let feeds = Arc::new(Feeds::new(4 << 20, false));
        let counters = Arc::new(Counters::default());
        let tap = Tap::new(Arc::clone(&feeds), Arc::clone(&counters));
        let (one, two) = (conn(1), conn(2));
        tap.tell(&one, Time(1), What::Open);
        // Three quarters of the room are for one connection; the rest is for others.
        let block = (1 << 20) - 1000;
        (0..5).for_each(|_| up(&tap, &one, block));
        up(&tap, &two, 5);
        let told: Vec<_> = (0..4).flat_map(|_| taken(&feeds, Reader::Decoder)).collect();
        let whole = format!("1 c2s {block}");
        assert_eq!(told, ["1 Open", &whole, &whole, &whole, "2 c2s 5"]);
        assert_eq!(counters.skipped.value(), 2 * block as u64);
        let dir = Direction::ClientToServer;
        tap.skipped(&one, dir, 1);
        up(&tap, &one, 1);
        tap.tell(&one, Time(5), What::End(dir, Ending::Fin));
        let skipped = format!("1 c2s skipped {}", 2 * block + 1);
        assert_eq!(taken(&feeds, Reader::Decoder), [skipped.as_str(), "1 c2s 1", "1 End(ClientToServer, Fin)"]);
        feeds.close(Reader::Decoder);
        assert_eq!(feeds.take(Reader::Decoder, None, &mut Vec::new()), Taken::Over);
    }

    #[test]
    fn a_late_reader_takes_lots_and_its_room_grows_with_each() {
        let feeds = Arc::new(Feeds::new(4 << 20, false));
        let counters = Arc::new(Counters::default());
        let tap = Tap::new(Arc::clone(&feeds), Arc::clone(&counters));
        let one = conn(1);
        let block = MUCH - 128;
        (0..7).for_each(|_| up(&tap, &one, block));
        assert_eq!(counters.skipped.value(), block as u64, "full");
        assert_eq!(taken(&feeds, Reader::Decoder).len(), 1, "no more than a lot");
        up(&tap, &one, block);
        assert_eq!(counters.skipped.value(), block as u64, "the memory of the lot is free again");
    }

    #[test]
    fn a_reader_that_is_nudged_has_taken_first_what_came_before() {
        let feeds = Arc::new(Feeds::new(4 << 20, false));
        let tap = Tap::new(Arc::clone(&feeds), Arc::default());
        let mut events = Vec::new();
        feeds.nudge(Reader::Decoder);
        assert_eq!(feeds.take(Reader::Decoder, None, &mut events), Taken::Asked, "nothing came");
        (0..3).for_each(|_| up(&tap, &conn(1), MUCH));
        feeds.nudge(Reader::Decoder);
        (0..2).for_each(|_| up(&tap, &conn(2), MUCH));
        let mut take = || {
            events.clear();
            feeds.take(Reader::Decoder, Some(Duration::ZERO), &mut events)
        };
        assert_eq!([(); 5].map(|()| take()), [Taken::Some, Taken::Some, Taken::Asked, Taken::Some, Taken::Some]);
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
            let mut events = Vec::new();
            (feeds.take(Reader::Decoder, None, &mut events), events.len())
        });
        tap.data(&conn(1), Direction::ServerToClient, Time(2), Bytes::from_static(b"abc"));
        assert_eq!(reader.join().unwrap(), (Taken::Some, 1));
    }
}
