//! The live driver: bytes of connections as they pass, through the same core as captures.
//!
//! What it is given is a copy of traffic that goes on whatever happens here. So a decoder that panics costs the
//! decoding of its own connection, an output that panics costs that output, and both are said.

mod outputs;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use outputs::{Audience, Output};
use outputs::{Outputs, words};

use super::hold::{Hold, Numbers, Order, Totals, ticket};
use super::offline::Settings;
use super::taps::Taps;
use crate::layer::Foreign;
use crate::net::{FlowId, FlowInfo, OpenedBy, Receiver, Side};
use crate::record::{Bytes2, Closed, End, Gap, GapAction, Record, Searched, Source};
use crate::stream::{Direction, Ending, Piece, Stamp};
use crate::time::Time;

/// Connections that are decoded while they last.
pub struct Live {
    taps: Taps<Outputs>,
    connections: HashMap<u64, Connection, foldhash::fast::RandomState>,
    packets: u64,
    last: Time,
    injury: Option<Injury>,
}

/// What people should hear beside the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A connection is not RTMP.
    Foreign {
        /// Which connection.
        connection: u64,
        /// What it speaks.
        protocol: String,
    },
    /// The decoder failed: the rest of the connection is not decoded.
    Failed {
        /// Which connection.
        connection: u64,
        /// What the decoder said.
        why: String,
    },
    /// An output failed and gets nothing more.
    OutputFailed {
        /// Its name.
        output: String,
        /// What it said.
        why: String,
    },
}

/// Makes the decoder panic, to test that nothing else suffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Injury {
    /// In which connection.
    pub connection: u64,
    /// After how many bytes of it.
    pub after: u64,
}

struct Connection {
    info: FlowInfo,
    /// It had payload.
    begun: bool,
    /// Endings that came before any payload.
    early: Vec<(Direction, Stamp, Ending)>,
    bytes: Bytes2,
    /// Those of them that the tap had to skip.
    missing: Bytes2,
    last: Stamp,
    first_end: Option<(Ending, Direction)>,
    failed: Option<Failed>,
}

/// A connection whose decoder failed.
struct Failed {
    /// Messages of its session before that; `None` when it was no session yet.
    messages: Option<u64>,
}

impl Live {
    /// Begins a run: `source` is the first record of every output.
    pub fn new(source: &Source, settings: &Settings, outputs: Vec<Output>) -> Live {
        let outputs = Outputs::new(outputs, settings);
        let mut taps = Taps::new(settings, outputs);
        taps.record(Record::Source(source.clone()));
        let last = source.start.unwrap_or_default();
        Live { taps, connections: HashMap::default(), packets: 0, last, injury: None }
    }

    /// Makes the decoder panic, to test that nothing else suffers.
    pub fn injure(&mut self, injury: Option<Injury>) {
        self.injury = injury;
    }

    /// A connection was made. `connection` is a number of the caller's, never used twice.
    pub fn open(&mut self, connection: u64, time: Time, client: SocketAddr, server: SocketAddr) {
        let first = self.stamp(time);
        let info = FlowInfo { a: client, b: server, opened_by: OpenedBy::Syn, first };
        let fresh = Connection {
            info,
            begun: false,
            early: Vec::new(),
            bytes: [0; 2],
            missing: [0; 2],
            last: first,
            first_end: None,
            failed: None,
        };
        self.connections.insert(connection, fresh);
    }

    /// The next piece of a direction: bytes, bytes that the tap had to skip, or the end.
    pub fn piece(&mut self, connection: u64, time: Time, dir: Direction, piece: Piece<'_>) {
        let stamp = self.stamp(time);
        let Some(known) = self.connections.get_mut(&connection) else { return };
        known.last = stamp;
        let [c2s, s2c] = &mut known.bytes;
        *if dir == Direction::ClientToServer { c2s } else { s2c } += length(&piece);
        if let Piece::Gap(skipped, _) = piece {
            let [c2s, s2c] = &mut known.missing;
            *if dir == Direction::ClientToServer { c2s } else { s2c } += skipped;
        }
        if let Piece::End(ending) = piece {
            known.first_end.get_or_insert((ending, dir));
            if !known.begun {
                known.early.push((dir, stamp, ending));
                return;
            }
        }
        if known.failed.is_some() {
            return;
        }
        let hurts = self
            .injury
            .is_some_and(|injury| injury.connection == connection && known.bytes.iter().sum::<u64>() > injury.after);
        let (info, begun) = (known.info, std::mem::replace(&mut known.begun, true));
        let early = std::mem::take(&mut known.early);
        self.guarded(connection, |taps| {
            if !begun {
                taps.opened(FlowId(connection), &info);
            }
            for (dir, stamp, ending) in early {
                taps.piece(FlowId(connection), side(dir), stamp, Piece::End(ending));
            }
            assert!(!hurts, "injured by a test");
            taps.piece(FlowId(connection), side(dir), stamp, piece);
        });
    }

    /// Nothing more comes of a connection. Directions that did not end are unfinished.
    pub fn close(&mut self, connection: u64) {
        let Some(known) = self.connections.remove(&connection) else { return };
        match known.failed {
            None if known.begun => self.guarded(connection, |taps| taps.closed(FlowId(connection))),
            Some(Failed { messages: Some(messages) }) => self.taps.record(known.closed(connection, messages)),
            _ => {}
        }
        self.taps.forget(FlowId(connection));
    }

    /// Time passes also when nothing comes: what waited too long goes out.
    pub fn tick(&mut self, now: Time) {
        self.last = self.last.max(now);
        self.taps.sink_mut().tick(now);
    }

    /// Does a record wait for what may come, or for time to pass?
    pub fn waits(&mut self) -> bool {
        self.taps.sink_mut().holds.iter().any(Hold::waits)
    }

    /// The numbers that connections get as sessions.
    pub fn numbers(&mut self) -> Numbers {
        self.taps.sink_mut().numbers.clone()
    }

    /// Nothing more comes for the moment: outputs write what they hold.
    pub fn pause(&mut self) {
        let outputs = self.taps.sink_mut();
        outputs.holds.iter_mut().for_each(|hold| hold.sink_mut().attempt(|audience| audience.pause()));
        outputs.hear();
    }

    /// What people should hear since this was last asked.
    pub fn news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.taps.sink_mut().news)
    }

    /// Ends the run: every connection is over, everything goes out.
    pub fn finish(mut self) -> Vec<News> {
        let mut open: Vec<u64> = self.connections.keys().copied().collect();
        open.sort_unstable();
        for connection in open {
            self.close(connection);
        }
        let foreign = self.taps.finish();
        let mut outputs = self.taps.into_sink();
        let Totals { sessions, messages, gaps } = outputs.let_all_go();
        outputs.deliver_last(Record::End(End {
            packets: self.packets,
            complete: true,
            stopped: false,
            last: self.last,
            sessions,
            messages,
            gaps,
            searched: Searched::default(),
            foreign,
            notes: Vec::new(),
            more_notes: 0,
        }));
        outputs.news
    }

    fn stamp(&mut self, time: Time) -> Stamp {
        self.packets += 1;
        self.last = self.last.max(time);
        Stamp { time, packet: self.packets, frame_offset: 0 }
    }

    /// Runs the decoder of a connection. A panic ends its decoding and nothing else.
    fn guarded(&mut self, connection: u64, work: impl FnOnce(&mut Taps<Outputs>)) {
        let taps = &mut self.taps;
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(taps))) else { return };
        let messages = self.taps.abandon(FlowId(connection));
        let outputs = self.taps.sink_mut();
        if messages.is_none() {
            outputs.holds.iter_mut().for_each(|hold| hold.reject(connection, &Foreign::Unknown));
        }
        outputs.news.push(News::Failed { connection, why: words(&*panic) });
        let Some(known) = self.connections.get_mut(&connection) else { return };
        known.failed = Some(Failed { messages });
        if messages.is_some() {
            let gaps = Direction::BOTH.map(|dir| known.undecoded(connection, dir));
            gaps.into_iter().for_each(|gap| self.taps.record(gap));
        }
    }
}

impl Connection {
    /// What follows of a direction is not decoded.
    fn undecoded(&self, connection: u64, dir: Direction) -> Record {
        let [c2s, s2c] = self.bytes;
        Record::Gap(Gap {
            session: ticket(connection),
            dir,
            time: self.last.time,
            packet: self.last.packet,
            at: if dir == Direction::ClientToServer { c2s } else { s2c },
            missing: 0,
            skipped: 0,
            lost_messages: 0,
            action: GapAction::Stopped,
            why: "the decoder failed on these bytes: a bug of rtmpscope",
        })
    }

    fn closed(&self, connection: u64, messages: u64) -> Record {
        let (how, by) = match self.first_end {
            Some((how @ (Ending::Fin | Ending::Reset), by)) => (how, Some(by)),
            _ => (Ending::Unfinished, None),
        };
        let verdict = "not decoded to its end: the decoder failed".to_owned();
        let session = ticket(connection);
        Record::Closed(Closed {
            session,
            time: self.last.time,
            how,
            by,
            verdict,
            messages,
            bytes: self.bytes,
            missing: self.missing,
        })
    }
}

fn side(dir: Direction) -> Side {
    match dir {
        Direction::ClientToServer => Side::A,
        Direction::ServerToClient => Side::B,
    }
}

fn length(piece: &Piece<'_>) -> u64 {
    match piece {
        Piece::Data(bytes) => bytes.len() as u64,
        Piece::Gap(missing, _) => *missing,
        Piece::End(_) => 0,
    }
}

#[cfg(test)]
mod tests;
