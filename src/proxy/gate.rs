//! What passes into the recording: everything, or the connections that were chosen.
//!
//! A connection that nobody has chosen yet is held in memory as the packets that it would be. When there is too much of
//! that, the connection that holds most loses its oldest packets but for the first, which say who it is.

use std::collections::{HashMap, VecDeque};

use super::tap::{Event, What};
use crate::out::pcapng::Tcp;
use crate::time::Time;

/// Packets on their way to disk.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) bytes: Vec<u8>,
    /// Payload bytes in them.
    pub(super) payload: u64,
    pub(super) last: Time,
}

/// Before the recording.
#[derive(Default)]
pub(super) struct Gate {
    tcp: Tcp,
    /// Connections that nobody has chosen yet; `None` lets everything pass.
    held: Option<HashMap<u64, Held, foldhash::fast::RandomState>>,
    bytes: usize,
}

#[derive(Default)]
struct Held {
    parts: VecDeque<Blocks>,
    bytes: usize,
    /// Payload bytes that had to go.
    lost: u64,
}

/// Most memory of what is held.
const MOST: usize = 32 << 20;
/// What is held goes in parts of about this size.
const PART: usize = 64 << 10;

impl Blocks {
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.payload = 0;
    }

    fn add(&mut self, tcp: &mut Tcp, event: &Event) {
        let Event { conn, time, what } = event;
        self.last = *time;
        let out = &mut self.bytes;
        match what {
            What::Open => tcp.open(conn.id, (conn.client, conn.server), *time, &conn.note, out),
            What::Data(dir, bytes) => {
                self.payload += bytes.len() as u64;
                tcp.data(conn.id, *dir, *time, bytes, out);
            }
            What::Skipped(dir, bytes) => tcp.missing(conn.id, *dir, *bytes),
            What::End(dir, ending) => tcp.end(conn.id, *dir, *time, *ending, out),
            What::Close => tcp.close(conn.id),
            What::Chosen | What::Left => {}
        }
    }
}

impl Gate {
    /// Lets pass what is chosen, or everything.
    pub(super) fn new(chosen_only: bool) -> Gate {
        Gate { held: chosen_only.then(HashMap::default), ..Gate::default() }
    }

    /// Takes an event; what is to be recorded is appended. Returns payload bytes that are missing in it.
    pub(super) fn add(&mut self, event: &Event, blocks: &mut Blocks) -> u64 {
        let Some(held) = &mut self.held else {
            blocks.add(&mut self.tcp, event);
            return 0;
        };
        let connection = event.conn.id;
        match &event.what {
            What::Chosen | What::Left => {
                let Some(gone) = held.remove(&connection) else { return 0 };
                self.bytes -= gone.bytes;
                if matches!(event.what, What::Left) {
                    return 0;
                }
                blocks.last = event.time;
                for part in gone.parts {
                    blocks.bytes.extend_from_slice(&part.bytes);
                    blocks.payload += part.payload;
                }
                return gone.lost;
            }
            What::Open => {
                held.insert(connection, Held::default());
            }
            _ => {}
        }
        match held.get_mut(&connection) {
            Some(waits) => {
                let more = waits.add(&mut self.tcp, event);
                self.bytes += more;
                if self.bytes > MOST {
                    self.make_room();
                }
            }
            None => blocks.add(&mut self.tcp, event),
        }
        0
    }

    fn make_room(&mut self) {
        let Some(most) = self.held.iter_mut().flat_map(HashMap::values_mut).max_by_key(|held| held.bytes) else {
            return;
        };
        // The first part has the handshake and what the client wants.
        if let Some(gone) = most.parts.remove(1).or_else(|| most.parts.pop_front()) {
            most.bytes -= gone.bytes.len();
            self.bytes -= gone.bytes.len();
            most.lost += gone.payload;
        }
    }
}

impl Held {
    /// Returns how much more it holds.
    fn add(&mut self, tcp: &mut Tcp, event: &Event) -> usize {
        if self.parts.back().is_none_or(|part| part.bytes.len() >= PART) {
            self.parts.push_back(Blocks::default());
        }
        let Some(part) = self.parts.back_mut() else { return 0 };
        let before = part.bytes.len();
        part.add(tcp, event);
        let more = part.bytes.len() - before;
        self.bytes += more;
        more
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;

    use super::super::tap::Conn;
    use super::*;
    use crate::stream::Direction;

    fn conn(id: u64) -> Arc<Conn> {
        let address = ([127, 0, 0, 1], 1935).into();
        Arc::new(Conn::new(id, address, address, String::new()))
    }

    fn feed(gate: &mut Gate, blocks: &mut Blocks, conn: &Arc<Conn>, what: What) -> u64 {
        gate.add(&Event { conn: Arc::clone(conn), time: Time(1), what }, blocks)
    }

    fn data(len: usize) -> What {
        What::Data(Direction::ClientToServer, Bytes::from(vec![7; len]))
    }

    #[test]
    fn what_is_chosen_is_recorded_from_its_beginning_and_the_rest_is_not() {
        let (mut gate, mut blocks) = (Gate::new(true), Blocks::default());
        let (one, two) = (conn(1), conn(2));
        for conn in [&one, &two] {
            feed(&mut gate, &mut blocks, conn, What::Open);
            feed(&mut gate, &mut blocks, conn, data(1000));
        }
        assert!(blocks.bytes.is_empty());
        assert_eq!(feed(&mut gate, &mut blocks, &two, What::Chosen), 0);
        assert_eq!(blocks.payload, 1000);
        feed(&mut gate, &mut blocks, &two, data(10));
        feed(&mut gate, &mut blocks, &one, data(10));
        assert_eq!(blocks.payload, 1010);
        feed(&mut gate, &mut blocks, &one, What::Close);
        feed(&mut gate, &mut blocks, &one, What::Left);
        assert_eq!((blocks.payload, gate.bytes), (1010, 0));
        assert!(gate.held.is_some_and(|held| held.is_empty()));
    }

    #[test]
    fn too_much_to_hold_costs_the_middle_of_the_biggest_and_is_counted() {
        let (mut gate, mut blocks) = (Gate::new(true), Blocks::default());
        let (big, small) = (conn(1), conn(2));
        feed(&mut gate, &mut blocks, &small, What::Open);
        feed(&mut gate, &mut blocks, &small, data(1000));
        feed(&mut gate, &mut blocks, &big, What::Open);
        let all = MOST + (8 << 20);
        for _ in 0..all / 8192 {
            feed(&mut gate, &mut blocks, &big, data(8192));
            assert!(gate.bytes <= MOST);
        }
        let lost = feed(&mut gate, &mut blocks, &big, What::Chosen);
        assert!(lost > 8 << 20 && blocks.payload + lost == all as u64, "{lost}");
        assert_eq!(feed(&mut gate, &mut blocks, &small, What::Chosen), 0);
        assert_eq!(blocks.payload + lost, all as u64 + 1000);
    }

    #[test]
    fn without_a_choice_everything_passes_at_once() {
        let (mut gate, mut blocks) = (Gate::new(false), Blocks::default());
        feed(&mut gate, &mut blocks, &conn(1), What::Open);
        feed(&mut gate, &mut blocks, &conn(1), data(5));
        assert_eq!(blocks.payload, 5);
    }
}
