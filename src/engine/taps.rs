//! One tap per connection: bytes wait until they are recognised, then feed a session.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;

use super::hold::{Order, ticket};
use super::offline::{Force, Settings};
use crate::layer::{Foreign, Probe, probe};
use crate::net::{FlowId, FlowInfo, OpenedBy, Receiver, Side};
use crate::record::{ForeignCount, Joined, Opened, Record, Transport};
use crate::session::{Session, Spotter};
use crate::stream::{Direction, Piece, Stamp};
use crate::wire::code::{Kind, MessageType};
use crate::wire::handshake::{PACKET, Version};

/// What the connections of a capture feed.
pub(super) struct Taps<O> {
    settings: Settings,
    hold: O,
    taps: HashMap<FlowId, Tap, foldhash::fast::RandomState>,
    /// What is not RTMP, with the number of its connections.
    foreign: BTreeMap<Foreign, u64>,
    /// Connections that are not RTMP and began before the capture did.
    midstream: u64,
}

enum Tap {
    Waiting(Box<Waiting>),
    Session {
        session: Box<Session>,
        /// The side that spoke first is the server.
        swapped: bool,
    },
    Foreign,
}

/// A connection that is not recognised yet.
struct Waiting {
    info: FlowInfo,
    forced: bool,
    pieces: Vec<(Direction, Stamp, Owned)>,
    /// First bytes by direction, to look at.
    seen: [Vec<u8>; 2],
    /// No more first bytes come: the side ended, or bytes are missing.
    ended: [bool; 2],
    /// The connection is over.
    closed: bool,
    /// Looks for chunks in both directions, once it is clear that there is no handshake.
    spotters: Option<Box<[Spotter; 2]>>,
    /// Pieces that the spotters have seen, and bytes in them.
    spotted: (usize, usize),
}

/// What a connection is.
enum Verdict {
    /// A session from its handshake on.
    Rtmp {
        /// Bytes in front of the client's handshake.
        preamble: u64,
    },
    /// A session of which the beginning was not captured.
    Late {
        /// The side that spoke first is the server.
        server_first: bool,
    },
    Unsure,
    Foreign(Foreign),
}

/// The registered port of RTMP.
const RTMP_PORT: u16 = 1935;

/// Bytes of both handshake parts of a side.
const WHOLE_HANDSHAKE: usize = 1 + 2 * PACKET;

/// Kinds of foreign connections told apart: server names come from strangers.
const MOST_FOREIGN: usize = 1024;

/// A piece that waits.
enum Owned {
    Data(Vec<u8>),
    Other(Piece<'static>),
}

impl<O: Order> Taps<O> {
    pub(super) fn new(settings: &Settings, hold: O) -> Self {
        Taps { settings: settings.clone(), hold, taps: HashMap::default(), foreign: BTreeMap::new(), midstream: 0 }
    }

    /// Takes up a session as it was.
    pub(super) fn resume(&mut self, flow: FlowId, mut session: Session, swapped: bool) {
        session.wants(self.settings.want);
        self.taps.insert(flow, Tap::Session { session: Box::new(session), swapped });
    }

    /// The session of a connection as it is now, and whether the side that spoke first is the server.
    pub(super) fn session(&self, flow: FlowId) -> Option<(&Session, bool)> {
        match self.taps.get(&flow) {
            Some(Tap::Session { session, swapped }) => Some((session, *swapped)),
            _ => None,
        }
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

    pub(super) fn order(&self) -> &O {
        &self.hold
    }

    pub(super) fn into_sink(self) -> O {
        self.hold
    }

    /// Where records go.
    pub(super) fn sink_mut(&mut self) -> &mut O {
        &mut self.hold
    }

    /// Decodes nothing more of a connection; tells how many messages its session had, if it was one.
    pub(super) fn abandon(&mut self, flow: FlowId) -> Option<u64> {
        match self.taps.insert(flow, Tap::Foreign) {
            Some(Tap::Session { session, .. }) => Some(session.messages()),
            _ => None,
        }
    }

    /// Forgets a connection.
    pub(super) fn forget(&mut self, flow: FlowId) {
        self.taps.remove(&flow);
    }

    fn is_forced(&self, server: SocketAddr) -> bool {
        self.settings.force.iter().any(|force| match force {
            Force::Port(port) => server.port() == *port,
            Force::Server(address) => server == *address,
        })
    }

    #[inline(never)]
    fn wait(&mut self, flow: FlowId, dir: Direction, stamp: Stamp, piece: Piece<'_>) {
        if let Some(Tap::Waiting(waiting)) = self.taps.get_mut(&flow) {
            waiting.wait(dir, stamp, piece);
            self.look(flow);
        }
    }

    /// Looks at a waiting connection again and lets it go if it is recognised.
    fn look(&mut self, flow: FlowId) {
        let late_probe = self.settings.limits.late_probe_bytes;
        let Some(Tap::Waiting(waiting)) = self.taps.get_mut(&flow) else { return };
        let verdict = match waiting.judge(late_probe) {
            Verdict::Unsure => return,
            verdict => verdict,
        };
        match (verdict, self.taps.insert(flow, Tap::Foreign)) {
            (Verdict::Foreign(foreign), Some(Tap::Waiting(waiting))) => {
                self.hold.reject(flow.0, &foreign);
                let foreign = if self.foreign.len() < MOST_FOREIGN { foreign } else { Foreign::Unknown };
                *self.foreign.entry(foreign).or_default() += 1;
                self.midstream += u64::from(waiting.info.opened_by == OpenedBy::FirstPayload);
            }
            (verdict, Some(Tap::Waiting(waiting))) => self.admit(flow, *waiting, &verdict),
            _ => {}
        }
    }

    /// Begins a session with the pieces that waited.
    fn admit(&mut self, flow: FlowId, waiting: Waiting, verdict: &Verdict) {
        let Waiting { info, pieces, seen: [client, _], .. } = waiting;
        let Settings { want, limits, .. } = &self.settings;
        if let Some(trail) = &self.settings.trail {
            trail.begin(ticket(flow.0), flow, info);
        }
        let first = pieces.first().map_or(info.first.time, |(_, stamp, _)| stamp.time);
        let (session, transport) = (ticket(flow.0), Transport::Rtmp);
        let opened =
            |transport, joined, client, server| Opened { session, time: first, transport, client, server, joined };
        let mut swapped = false;
        let mut session = match verdict {
            Verdict::Late { server_first } => {
                swapped = *server_first;
                let (client, server) = if swapped { (info.b, info.a) } else { (info.a, info.b) };
                let opened = opened(transport, Joined::Late, client, server);
                Session::join(opened, *want, limits, &mut self.hold)
            }
            verdict => {
                let preamble = if let Verdict::Rtmp { preamble } = verdict { *preamble } else { 0 };
                let version = client.get(preamble as usize).copied().unwrap_or(Version::PLAIN.0);
                let transport = if Version(version).is_encrypted() { Transport::Rtmpe } else { transport };
                let opened = opened(transport, Joined::Start, info.a, info.b);
                Session::open(opened, preamble, *want, limits, &mut self.hold)
            }
        };
        for (dir, stamp, piece) in pieces {
            let piece = match &piece {
                Owned::Data(bytes) => Piece::Data(bytes),
                Owned::Other(piece) => *piece,
            };
            let dir = if swapped { dir.reverse() } else { dir };
            session.push(dir, stamp, piece, &mut self.hold);
        }
        self.taps.insert(flow, Tap::Session { session: Box::new(session), swapped });
    }
}

impl<O: Order> Receiver for Taps<O> {
    fn opened(&mut self, flow: FlowId, info: &FlowInfo) {
        self.hold.reserve(flow.0);
        let forced = self.is_forced(info.b);
        let waiting = Waiting {
            info: *info,
            forced,
            pieces: Vec::new(),
            seen: [Vec::new(), Vec::new()],
            ended: [false; 2],
            closed: false,
            spotters: None,
            spotted: (0, 0),
        };
        self.taps.insert(flow, Tap::Waiting(Box::new(waiting)));
    }

    #[inline(always)]
    fn piece(&mut self, flow: FlowId, side: Side, stamp: Stamp, piece: Piece<'_>) {
        let dir = match side {
            Side::A => Direction::ClientToServer,
            Side::B => Direction::ServerToClient,
        };
        match self.taps.get_mut(&flow) {
            Some(Tap::Session { session, swapped }) => {
                let dir = if *swapped { dir.reverse() } else { dir };
                session.push(dir, stamp, piece, &mut self.hold);
            }
            Some(Tap::Waiting(_)) => self.wait(flow, dir, stamp, piece),
            Some(Tap::Foreign) | None => {}
        }
    }

    fn closed(&mut self, flow: FlowId) {
        if let Some(Tap::Waiting(waiting)) = self.taps.get_mut(&flow) {
            (waiting.ended, waiting.closed) = ([true, true], true);
            self.look(flow);
        }
        if let Some(Tap::Session { session, .. }) = self.taps.remove(&flow) {
            session.finish(&mut self.hold);
        }
    }
}

impl Waiting {
    fn judge(&mut self, late_probe: usize) -> Verdict {
        let [client, server] = &self.seen;
        let ended = self.ended == [true, true];
        match probe(client, server, ended) {
            Probe::Rtmp { preamble } => Verdict::Rtmp { preamble },
            // The user knows better; without a handshake it can only be joined late.
            Probe::Foreign(_) if self.forced => Verdict::Late { server_first: self.server_is_first() },
            Probe::Foreign(Foreign::Unknown) => self.judge_chunks(late_probe),
            Probe::Foreign(foreign) => Verdict::Foreign(foreign),
            Probe::Unsure => Verdict::Unsure,
        }
    }

    /// Without a handshake there may still be chunks: the capture began too late, or lost its beginning.
    fn judge_chunks(&mut self, late_probe: usize) -> Verdict {
        let ended = self.closed;
        let spotters = self.spotters.get_or_insert_default();
        for (dir, _, piece) in self.pieces.iter().skip(self.spotted.0) {
            let [client, server] = &mut **spotters;
            let spotter = if *dir == Direction::ClientToServer { client } else { server };
            match piece {
                Owned::Data(bytes) => {
                    spotter.data(bytes);
                    self.spotted.1 += bytes.len();
                }
                Owned::Other(Piece::Gap(missing, loss)) => spotter.hole(*missing, *loss),
                Owned::Other(_) => {}
            }
        }
        self.spotted.0 = self.pieces.len();
        if spotters.iter_mut().any(|spotter| spotter.spots(ended)) {
            // Of a handshake only the lengths are there when packets are cut.
            let shakes = self.opened_by_syn() && self.seen.iter().all(|seen| begins_handshake(seen));
            return if shakes {
                Verdict::Rtmp { preamble: 0 }
            } else {
                Verdict::Late { server_first: self.server_is_first() }
            };
        }
        if ended || self.spotted.1 >= late_probe {
            return Verdict::Foreign(Foreign::Unknown);
        }
        Verdict::Unsure
    }

    fn opened_by_syn(&self) -> bool {
        matches!(self.info.opened_by, OpenedBy::Syn | OpenedBy::SynAck)
    }

    /// Is side A the server? The SYN tells; without it the port does, and at last the smaller port.
    fn server_is_first(&self) -> bool {
        let (a, b) = (self.info.a.port(), self.info.b.port());
        match self.info.opened_by {
            OpenedBy::Syn | OpenedBy::SynAck => false,
            OpenedBy::FirstPayload if a == RTMP_PORT || b == RTMP_PORT => a == RTMP_PORT,
            OpenedBy::FirstPayload => a < b,
        }
    }

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
            Piece::Gap(missing, loss) => {
                *ended = true;
                Owned::Other(Piece::Gap(missing, loss))
            }
            Piece::End(ending) => {
                *ended = true;
                Owned::Other(Piece::End(ending))
            }
        };
        self.pieces.push((dir, stamp, owned));
    }
}

/// May these be the first bytes of a handshake of which the rest is missing? What begins like a chunk is none.
fn begins_handshake(seen: &[u8]) -> bool {
    let chunk =
        seen.get(7).is_some_and(|kind| MessageType(*kind).kind() != Kind::Unknown) && seen.get(9..12) == Some(&[0; 3]);
    seen.is_empty() || seen.len() < WHOLE_HANDSHAKE && seen.first() == Some(&Version::PLAIN.0) && !chunk
}
