//! TCP connections made of relayed bytes: every packet that a reader needs to follow them, and none more.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use super::checksum::Sum;
use super::packet;
use crate::stream::{Direction, Ending};
use crate::time::Time;

/// The connections of a recording.
#[derive(Debug, Default)]
pub struct Tcp {
    connections: HashMap<u64, Connection, foldhash::fast::RandomState>,
}

#[derive(Debug)]
struct Connection {
    client: SocketAddr,
    server: SocketAddr,
    /// Next sequence number, by direction.
    next: [u32; 2],
    /// What the other side acknowledged last.
    acknowledged: [u32; 2],
    ended: [bool; 2],
    reset: bool,
    identification: u16,
}

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const PSH: u8 = 8;
const ACK: u8 = 16;

/// Most payload of a packet.
const MOST: usize = 32 << 10;
/// After so many bytes in one direction the other acknowledges, so that nobody sees a full window.
const WINDOW: u32 = 256 << 10;
/// The SYNs announce windows in units of 2^7 bytes, so 65535 of them are eight megabytes.
const SCALE: u8 = 7;

impl Tcp {
    /// A connection is made: its three packets.
    pub fn open(
        &mut self,
        id: u64,
        (client, server): (SocketAddr, SocketAddr),
        time: Time,
        comment: &str,
        out: &mut Vec<u8>,
    ) {
        let (client, server) = of_one_family(client, server);
        // Another connection between the same ports is told by its numbers.
        let first = (id as u32).wrapping_mul(0x0306_0f13);
        let mut connection = Connection {
            client,
            server,
            next: [first, first ^ 0x5555_5555],
            acknowledged: [0; 2],
            ended: [false; 2],
            reset: false,
            identification: 0,
        };
        let (up, down) = (Direction::ClientToServer, Direction::ServerToClient);
        connection.write(up, SYN, time, &[], Some(comment), out);
        connection.advance(up, 1);
        connection.write(down, SYN | ACK, time, &[], None, out);
        connection.advance(down, 1);
        connection.write(up, ACK, time, &[], None, out);
        self.connections.insert(id, connection);
    }

    /// Bytes of a direction.
    pub fn data(&mut self, id: u64, dir: Direction, time: Time, bytes: &[u8], out: &mut Vec<u8>) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        for payload in bytes.chunks(MOST) {
            connection.write(dir, PSH | ACK, time, payload, None, out);
            connection.advance(dir, payload.len() as u32);
            if connection.unacknowledged(dir) > WINDOW {
                connection.write(dir.reverse(), ACK, time, &[], None, out);
            }
        }
    }

    /// Bytes of a direction that are not in the recording: its numbers step over them.
    pub fn missing(&mut self, id: u64, dir: Direction, bytes: u64) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.advance(dir, bytes as u32);
        }
    }

    /// A direction ended.
    pub fn end(&mut self, id: u64, dir: Direction, time: Time, ending: Ending, out: &mut Vec<u8>) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let [c2s, s2c] = &mut connection.ended;
        let ended = std::mem::replace(if dir == Direction::ClientToServer { c2s } else { s2c }, true);
        match ending {
            _ if ended || connection.reset => {}
            Ending::Fin => {
                connection.write(dir, FIN | ACK, time, &[], None, out);
                connection.advance(dir, 1);
                connection.write(dir.reverse(), ACK, time, &[], None, out);
            }
            Ending::Reset => {
                connection.reset = true;
                connection.write(dir, RST | ACK, time, &[], None, out);
            }
            // Nobody said anything.
            Ending::Unfinished | Ending::Replaced | Ending::Evicted => {}
        }
    }

    /// Nothing more comes of a connection.
    pub fn close(&mut self, id: u64) {
        self.connections.remove(&id);
    }
}

impl Connection {
    fn advance(&mut self, dir: Direction, bytes: u32) {
        let [c2s, s2c] = &mut self.next;
        let next = if dir == Direction::ClientToServer { c2s } else { s2c };
        *next = next.wrapping_add(bytes);
    }

    fn next(&self, dir: Direction) -> u32 {
        let [c2s, s2c] = self.next;
        if dir == Direction::ClientToServer { c2s } else { s2c }
    }

    fn unacknowledged(&self, dir: Direction) -> u32 {
        let [c2s, s2c] = self.acknowledged;
        self.next(dir).wrapping_sub(if dir == Direction::ClientToServer { c2s } else { s2c })
    }

    fn write(
        &mut self,
        dir: Direction,
        flags: u8,
        time: Time,
        payload: &[u8],
        comment: Option<&str>,
        out: &mut Vec<u8>,
    ) {
        let (from, to) = match dir {
            Direction::ClientToServer => (self.client, self.server),
            Direction::ServerToClient => (self.server, self.client),
        };
        let acknowledges = if flags & ACK == 0 { 0 } else { self.next(dir.reverse()) };
        let [c2s, s2c] = &mut self.acknowledged;
        *if dir == Direction::ClientToServer { s2c } else { c2s } = acknowledges;
        self.identification = self.identification.wrapping_add(1);
        let (segment, options) = segment(flags, (from.port(), to.port()), self.next(dir), acknowledges);
        let segment = segment.get(..20 + options).unwrap_or(&segment);
        let mut headers = Headers::default();
        headers.ethernet(dir, from.ip());
        let pseudo = headers.ip(from.ip(), to.ip(), segment.len() + payload.len(), self.identification);
        headers.tcp(segment, pseudo.add(segment).add(payload).finish());
        packet(out, time, headers.bytes(), payload, comment);
    }
}

/// A TCP header with room for the options of a SYN, and how many bytes of options there are.
fn segment(flags: u8, ports: (u16, u16), seq: u32, ack: u32) -> ([u8; 28], usize) {
    let options = if flags & SYN == 0 { 0 } else { 8 };
    let mut bytes = [0; 28];
    let mut rest = &mut bytes[..];
    put(&mut rest, &ports.0.to_be_bytes());
    put(&mut rest, &ports.1.to_be_bytes());
    put(&mut rest, &seq.to_be_bytes());
    put(&mut rest, &ack.to_be_bytes());
    put(&mut rest, &[((20 + options) as u8 / 4) << 4, flags]);
    // Window; checksum and urgent pointer are zero for now.
    put(&mut rest, &[0xff, 0xff, 0, 0, 0, 0]);
    // Maximum segment size; no operation, window scale.
    put(&mut rest, &[2, 4, 0x7f, 0xff, 1, 3, 3, SCALE]);
    (bytes, options)
}

/// Headers in front of a payload: Ethernet 14, IPv6 40, TCP 28 at most.
#[derive(Debug)]
struct Headers {
    bytes: [u8; 82],
    len: usize,
}

impl Default for Headers {
    fn default() -> Self {
        Headers { bytes: [0; 82], len: 0 }
    }
}

impl Headers {
    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    fn put(&mut self, bytes: &[u8]) {
        if let Some(mut place) = self.bytes.get_mut(self.len..) {
            put(&mut place, bytes);
        }
        self.len += bytes.len();
    }

    /// Addresses that nobody else has: the bit of local administration is set.
    fn ethernet(&mut self, dir: Direction, ip: IpAddr) {
        let (client, server) = ([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]);
        let (from, to) = if dir == Direction::ClientToServer { (client, server) } else { (server, client) };
        self.put(&to);
        self.put(&from);
        self.put(if ip.is_ipv4() { &[8, 0] } else { &[0x86, 0xdd] });
    }

    /// Returns the sum of the pseudo header.
    fn ip(&mut self, from: IpAddr, to: IpAddr, length: usize, identification: u16) -> Sum {
        const TCP: u8 = 6;
        const TTL: u8 = 64;
        let pseudo = Sum::default().add(&[0, TCP]).add(&(length as u16).to_be_bytes());
        match (from, to) {
            (IpAddr::V4(from), IpAddr::V4(to)) => {
                let mut header = [0; 20];
                let mut rest = &mut header[..];
                put(&mut rest, &[0x45, 0]);
                put(&mut rest, &((20 + length) as u16).to_be_bytes());
                put(&mut rest, &identification.to_be_bytes());
                // Do not fragment; the checksum is zero for now.
                put(&mut rest, &[0x40, 0, TTL, TCP, 0, 0]);
                put(&mut rest, &from.octets());
                put(&mut rest, &to.octets());
                let [high, low] = Sum::default().add(&header).finish();
                let [.., a, b, _, _, _, _, _, _, _, _] = &mut header;
                (*a, *b) = (high, low);
                self.put(&header);
                pseudo.add(&from.octets()).add(&to.octets())
            }
            (from, to) => {
                let (from, to) = (v6(from).octets(), v6(to).octets());
                self.put(&[0x60, 0, 0, 0]);
                self.put(&(length as u16).to_be_bytes());
                self.put(&[TCP, TTL]);
                self.put(&from);
                self.put(&to);
                pseudo.add(&from).add(&to)
            }
        }
    }

    fn tcp(&mut self, segment: &[u8], checksum: [u8; 2]) {
        let at = self.len + 16;
        self.put(segment);
        if let Some(place) = self.bytes.get_mut(at..at + 2) {
            place.copy_from_slice(&checksum);
        }
    }
}

fn put(rest: &mut &mut [u8], bytes: &[u8]) {
    let all = std::mem::take(rest);
    if let Some((place, after)) = all.split_at_mut_checked(bytes.len()) {
        place.copy_from_slice(bytes);
        *rest = after;
    }
}

/// One packet has addresses of one family: a client and a server of two are both told as IPv6.
fn of_one_family(client: SocketAddr, server: SocketAddr) -> (SocketAddr, SocketAddr) {
    let both = |address: SocketAddr| SocketAddr::new(v6(address.ip()).into(), address.port());
    if client.is_ipv4() == server.is_ipv4() { (client, server) } else { (both(client), both(server)) }
}

fn v6(ip: IpAddr) -> Ipv6Addr {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        IpAddr::V6(ip) => ip,
    }
}
