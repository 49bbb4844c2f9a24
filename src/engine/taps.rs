//! One tap per connection: bytes wait until they are recognised, then feed a session.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;

use super::hold::Hold;
use super::offline::{Force, Settings};
use crate::layer::{Foreign, Probe, probe};
use crate::net::{FlowId, FlowInfo, OpenedBy, Receiver, Side};
use crate::record::{ForeignCount, Opened, Record, Sink, Transport};
use crate::session::Session;
use crate::stream::{Direction, Piece, Stamp};
use crate::wire::handshake::Version;

/// What the connections of a capture feed.
pub(super) struct Taps<'a, S> {
    settings: &'a Settings,
    hold: Hold<'a, S>,
    taps: HashMap<FlowId, Tap, foldhash::fast::RandomState>,
    /// What is not RTMP, with the number of its connections.
    foreign: BTreeMap<Foreign, u64>,
    /// Connections that are not RTMP and began before the capture did.
    midstream: u64,
}

enum Tap {
    Waiting(Box<Waiting>),
    Session(Box<Session>),
    Foreign,
}

/// A connection that is not recognised yet.
struct Waiting {
    info: FlowInfo,
    forced: bool,
    pieces: Vec<(Direction, Stamp, Owned)>,
    /// First bytes by direction, to look at.
    seen: [Vec<u8>; 2],
    ended: [bool; 2],
}

/// A piece that waits.
enum Owned {
    Data(Vec<u8>),
    Other(Piece<'static>),
}

impl<'a, S: Sink> Taps<'a, S> {
    pub(super) fn new(settings: &'a Settings, hold: Hold<'a, S>) -> Self {
        Taps { settings, hold, taps: HashMap::default(), foreign: BTreeMap::new(), midstream: 0 }
    }

    pub(super) fn record(&mut self, record: Record) {
        self.hold.take(record);
    }

    /// What was not RTMP.
    pub(super) fn finish(&mut self) -> ForeignCount {
        let mut foreign: Vec<(String, u64)> =
            std::mem::take(&mut self.foreign).into_iter().map(|(what, n)| (what.to_string(), n)).collect();
        foreign.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        ForeignCount { protocols: foreign, midstream: self.midstream }
    }

    pub(super) fn into_sink(self) -> Hold<'a, S> {
        self.hold
    }

    fn is_forced(&self, server: SocketAddr) -> bool {
        self.settings.force.iter().any(|force| match force {
            Force::Port(port) => server.port() == *port,
            Force::Server(address) => server == *address,
        })
    }

    /// Looks at a waiting connection again and lets it go if it is recognised.
    fn look(&mut self, flow: FlowId) {
        let Some(Tap::Waiting(waiting)) = self.taps.get(&flow) else { return };
        let [client, server] = &waiting.seen;
        let ended = waiting.ended == [true, true];
        let verdict = match probe(client, server, ended) {
            Probe::Unsure => return,
            Probe::Foreign(_) if waiting.forced => Some(0),
            Probe::Foreign(foreign) => {
                *self.foreign.entry(foreign).or_default() += 1;
                self.midstream += u64::from(waiting.info.opened_by == OpenedBy::FirstPayload);
                None
            }
            Probe::Rtmp { preamble } => Some(preamble),
        };
        let place = flow.0;
        match (verdict, self.taps.insert(flow, Tap::Foreign)) {
            (Some(preamble), Some(Tap::Waiting(waiting))) => self.admit(flow, *waiting, preamble),
            _ => self.hold.reject(place),
        }
    }

    /// Begins a session with the pieces that waited.
    fn admit(&mut self, flow: FlowId, waiting: Waiting, preamble: u64) {
        let Waiting { info, pieces, seen, .. } = waiting;
        let [client, _] = &seen;
        let version = client.get(preamble as usize).copied().unwrap_or(3);
        let encrypted = Version(version).is_encrypted();
        let opened = Opened {
            session: Hold::<S>::ticket(flow.0),
            time: pieces.first().map_or(info.first.time, |(_, stamp, _)| stamp.time),
            transport: if encrypted { Transport::Rtmpe } else { Transport::Rtmp },
            client: info.a,
            server: info.b,
        };
        let Settings { want, limits, .. } = self.settings;
        let mut session = Session::open(opened, preamble, *want, limits, &mut self.hold);
        for (dir, stamp, piece) in pieces {
            let piece = match &piece {
                Owned::Data(bytes) => Piece::Data(bytes),
                Owned::Other(piece) => *piece,
            };
            session.push(dir, stamp, piece, &mut self.hold);
        }
        self.taps.insert(flow, Tap::Session(Box::new(session)));
    }
}

impl<S: Sink> Receiver for Taps<'_, S> {
    fn opened(&mut self, flow: FlowId, info: &FlowInfo) {
        self.hold.reserve(flow.0);
        let forced = self.is_forced(info.b);
        let waiting =
            Waiting { info: *info, forced, pieces: Vec::new(), seen: [Vec::new(), Vec::new()], ended: [false; 2] };
        self.taps.insert(flow, Tap::Waiting(Box::new(waiting)));
    }

    #[inline]
    fn piece(&mut self, flow: FlowId, side: Side, stamp: Stamp, piece: Piece<'_>) {
        let dir = match side {
            Side::A => Direction::ClientToServer,
            Side::B => Direction::ServerToClient,
        };
        match self.taps.get_mut(&flow) {
            Some(Tap::Session(session)) => session.push(dir, stamp, piece, &mut self.hold),
            Some(Tap::Waiting(waiting)) => {
                waiting.wait(dir, stamp, piece);
                self.look(flow);
            }
            Some(Tap::Foreign) | None => {}
        }
    }

    fn closed(&mut self, flow: FlowId) {
        if let Some(Tap::Waiting(waiting)) = self.taps.get_mut(&flow) {
            waiting.ended = [true, true];
            self.look(flow);
        }
        if let Some(Tap::Session(session)) = self.taps.remove(&flow) {
            session.finish(&mut self.hold);
        }
    }
}

impl Waiting {
    fn wait(&mut self, dir: Direction, stamp: Stamp, piece: Piece<'_>) {
        let [client, server] = &mut self.seen;
        let seen = if dir == Direction::ClientToServer { client } else { server };
        let [client_ended, server_ended] = &mut self.ended;
        let ended = if dir == Direction::ClientToServer { client_ended } else { server_ended };
        let owned = match piece {
            Piece::Data(bytes) => {
                if !*ended {
                    seen.extend_from_slice(bytes);
                }
                Owned::Data(bytes.to_vec())
            }
            // What follows a hole cannot be told apart by its place in the stream.
            Piece::Gap(missing) => {
                *ended = true;
                Owned::Other(Piece::Gap(missing))
            }
            Piece::End(ending) => {
                *ended = true;
                Owned::Other(Piece::End(ending))
            }
        };
        self.pieces.push((dir, stamp, owned));
    }
}
