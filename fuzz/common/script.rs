//! Bytes read as the script of a session: what either side sends, cut how, with what missing.
//!
//! First a byte of settings, then steps. A step begins with a byte: its highest bit is the direction, the next two say
//! what happens, the rest how. Data has its length in the next two bytes (little-endian) and follows them.

use std::net::SocketAddr;

use rtmpscope::limits::Limits;
use rtmpscope::record::{Joined, Opened, Record, Sink, Transport};
use rtmpscope::session::{MediaBody, Session, Want};
use rtmpscope::stream::{Direction, Ending, Loss, Piece, Stamp};
use rtmpscope::time::Time;

/// What a session is given.
pub struct Script<'a> {
    /// The first byte: bit 0, a plain handshake goes before; bit 1, little is kept of messages.
    settings: u8,
    steps: Vec<(Direction, Step<'a>)>,
}

enum Step<'a> {
    /// Bytes, and how long the pieces are into which they are cut.
    Data(&'a [u8], u8),
    Gap(u64),
    End(Ending),
}

/// How the data of a script is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// Into pieces as the script says.
    Cut,
    /// What a side sends before the other side speaks is one piece.
    Whole,
}

impl<'a> Script<'a> {
    /// Reads a script; any bytes are one.
    pub fn read(bytes: &'a [u8]) -> Script<'a> {
        let (settings, mut rest) = bytes.split_first().map_or((0, bytes), |(first, rest)| (*first, rest));
        let mut steps = Vec::new();
        while let Some((&head, after)) = rest.split_first() {
            let dir = if head & 0x80 == 0 { Direction::ClientToServer } else { Direction::ServerToClient };
            let size = after.first_chunk().map_or(0, |bytes| usize::from(u16::from_le_bytes(*bytes)));
            rest = after.get(2..).unwrap_or_default();
            let step = match head >> 5 & 3 {
                2 if head & 0x10 != 0 => Step::Gap((size as u64) << (head & 15)),
                2 => Step::Gap(size as u64),
                3 if head & 0x10 != 0 => Step::End(if head & 1 == 0 { Ending::Fin } else { Ending::Reset }),
                _ => {
                    let (data, after) = rest.split_at(size.min(rest.len()));
                    rest = after;
                    Step::Data(data, head & 0x1f)
                }
            };
            steps.push((dir, step));
        }
        Script { settings, steps }
    }

    /// Plays the script to a session that is seen from its start, or joined late.
    pub fn play(&self, joined: Joined, take: Take, sink: &mut impl Sink) {
        let address: SocketAddr = ([192, 0, 2, 1], 1935).into();
        let (transport, time) = (Transport::Rtmp, Time(0));
        let opened = Opened { session: 1, time, transport, client: address, server: address, joined };
        let want = match self.settings & 10 {
            0 => Want::ALL,
            2 => Want::LITTLE,
            _ => Want { media: MediaBody::Units, origin: false },
        };
        // Small enough that the limits themselves are met.
        let small = Limits { chunk_streams: 4, transactions: 4, open_bytes: 4096, ..Limits::default() };
        let limits = if self.settings & 4 == 0 { Limits::default() } else { small };
        let mut session = match joined {
            Joined::Start => Session::open(opened, 0, want, &limits, sink),
            Joined::Late => Session::join(opened, want, &limits, sink),
        };
        if joined == Joined::Start && self.settings & 1 == 1 {
            let mut shake = vec![0; 1 + 2 * 1536];
            shake[0] = 3;
            for dir in Direction::BOTH {
                session.push(dir, Stamp::default(), Piece::Data(&shake), sink);
            }
        }
        let mut ended = [false; 2];
        let mut at = 0;
        while let Some((dir, step)) = self.steps.get(at) {
            at += 1;
            if ended[dir.index()] {
                continue;
            }
            // All that is sent in one turn has one stamp, however it is cut.
            let stamp = Stamp { time: Time(at as i64 * 1_000_000), packet: at as u64, frame_offset: 54 };
            match step {
                Step::Gap(0) => {}
                Step::Gap(missing) => session.push(*dir, stamp, Piece::Gap(*missing, Loss::Unseen), sink),
                Step::End(ending) => {
                    ended[dir.index()] = true;
                    session.push(*dir, stamp, Piece::End(*ending), sink);
                }
                Step::Data(data, pieces) => {
                    let mut turn: Vec<(&[u8], u8)> = vec![(data, *pieces)];
                    while let Some((next_dir, Step::Data(data, pieces))) = self.steps.get(at)
                        && next_dir == dir
                    {
                        turn.push((data, *pieces));
                        at += 1;
                    }
                    send(&mut session, *dir, stamp, &turn, take, sink);
                }
            }
        }
        session.finish(sink);
    }

    /// The records of the script.
    pub fn records(&self, joined: Joined, take: Take) -> Vec<Record> {
        let mut records = Vec::new();
        self.play(joined, take, &mut |record| records.push(record));
        records
    }
}

fn send(session: &mut Session, dir: Direction, stamp: Stamp, turn: &[(&[u8], u8)], take: Take, sink: &mut impl Sink) {
    if take == Take::Whole {
        let whole: Vec<u8> = turn.iter().flat_map(|(data, _)| *data).copied().collect();
        if !whole.is_empty() {
            session.push(dir, stamp, Piece::Data(&whole), sink);
        }
        return;
    }
    for (data, pieces) in turn {
        let length = if *pieces == 0 { data.len().max(1) } else { usize::from(*pieces) };
        for piece in data.chunks(length) {
            session.push(dir, stamp, Piece::Data(piece), sink);
        }
    }
}
