//! Makes one long session from a short one: its handshake and commands, then its sound and pictures again and again, on
//! one connection, in chunks and packets of any size. The same arguments make the same bytes.
//!
//! ```text
//! cargo run --release --example lengthen -- samples/pub-ffmpeg5-2s-nginx.pcap long.pcap 1000 4096 1448
//! cargo run --release --example lengthen -- samples/pub-ffmpeg5-2s-nginx.pcap dense.pcap 1000 128 280
//! ```
//!
//! The numbers are the size in MB, the chunk size, and the bytes of payload in a packet. Takes a publish.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use rtmpscope::engine::{Control, Input, MediaBody, Settings, Want, run};
use rtmpscope::record::{Message, Record};
use rtmpscope::stream::Direction;
use rtmpscope::wire::chunk::Chunker;
use rtmpscope::wire::code::{Kind, MessageType};

/// Ethernet, IPv4, TCP.
const HEADERS: usize = 14 + 20 + 20;
/// Client and server.
const ADDRESSES: [[u8; 4]; 2] = [[192, 0, 2, 10], [192, 0, 2, 20]];
const PORTS: [u16; 2] = [50_000, 1935];
const SYN: u8 = 2;
const PUSH_ACK: u8 = 0x18;
const ACK: u8 = 0x10;
/// Packets that are acknowledged together.
const ACKNOWLEDGED: usize = 2;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, numbers @ ..] = arguments.as_slice() else { return Err("give SAMPLE OUT MB CHUNK PAYLOAD".into()) };
    let numbers = numbers.iter().map(|n| n.parse()).collect::<Result<Vec<usize>, _>>()?;
    let [megabytes, chunk_size, payload] = *numbers.as_slice() else { return Err("give MB, CHUNK and PAYLOAD".into()) };
    let session = Session::read(Path::new(from))?;
    let mut wire = Wire::new(BufWriter::with_capacity(1 << 20, File::create(to)?), payload)?;
    wire.open()?;
    for (dir, bytes) in &session.handshake {
        wire.send(*dir, bytes)?;
    }
    let chunker = Chunker { chunk_size, repeat_extended: true };
    let mut sizes = [Chunker::default(); 2];
    for message in &session.commands {
        let dir = message.dir.index();
        if message.head.message_type != MessageType::SET_CHUNK_SIZE {
            wire.message(message, sizes[dir], 0)?;
        } else if dir == 0 {
            wire.send(Direction::ClientToServer, &set_chunk_size(chunk_size))?;
            sizes[dir] = chunker;
        }
    }
    if sizes[0].chunk_size != chunk_size {
        wire.send(Direction::ClientToServer, &set_chunk_size(chunk_size))?;
    }
    for repetition in 0.. {
        for message in &session.media {
            wire.message(message, chunker, repetition * session.length)?;
        }
        if wire.written >= megabytes * 1_000_000 {
            break;
        }
    }
    wire.out.flush()?;
    Ok(())
}

fn set_chunk_size(size: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    Chunker::default().write(2, 0, MessageType::SET_CHUNK_SIZE, 0, &(size as u32).to_be_bytes(), &mut bytes);
    bytes
}

/// What is repeated, and what comes before.
struct Session {
    handshake: Vec<(Direction, Vec<u8>)>,
    commands: Vec<Message>,
    media: Vec<Message>,
    /// Milliseconds of media.
    length: u32,
}

impl Session {
    fn read(path: &Path) -> Result<Session, Box<dyn Error>> {
        let (mut handshake, mut messages) = (Vec::new(), Vec::new());
        let mut sink = |record: Record| match record {
            Record::Handshake(part) if part.session == 1 => handshake.push((part.dir, part.bytes.to_vec())),
            Record::Message(message) if message.session == 1 => messages.push(message),
            _ => {}
        };
        let settings = Settings::new(Want { media: MediaBody::Whole, origin: false });
        run(Input::open(path)?, &settings, &mut sink, |_| Control::Continue)?;
        let is_media = |m: &Message| matches!(m.head.message_type.kind(), Kind::Audio | Kind::Video);
        let first = messages.iter().position(is_media).ok_or("no media in the sample")?;
        let mut media = messages.split_off(first);
        media.retain(|m| is_media(m) && m.dir == Direction::ClientToServer);
        let length = media.iter().map(|m| m.head.timestamp).max().unwrap_or_default() + 33;
        Ok(Session { handshake, commands: messages, media, length })
    }
}

/// A connection as packets of a capture.
struct Wire {
    out: BufWriter<File>,
    payload: usize,
    written: usize,
    /// Next sequence numbers of both sides.
    seq: [u32; 2],
    micros: u64,
    unacknowledged: usize,
    bytes: Vec<u8>,
    /// What does not fill a packet yet.
    rest: Vec<u8>,
}

impl Wire {
    fn new(mut out: BufWriter<File>, payload: usize) -> Result<Wire, Box<dyn Error>> {
        let words = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1];
        for word in words {
            out.write_all(&word.to_le_bytes())?;
        }
        let payload = payload.clamp(1, 60_000);
        Ok(Wire {
            out,
            payload,
            written: 24,
            seq: [1000, 2000],
            micros: 0,
            unacknowledged: 0,
            bytes: Vec::new(),
            rest: Vec::new(),
        })
    }

    fn open(&mut self) -> Result<(), Box<dyn Error>> {
        self.packet(0, SYN, &[])?;
        self.seq[0] += 1;
        self.packet(1, SYN | ACK, &[])?;
        self.seq[1] += 1;
        self.packet(0, ACK, &[])
    }

    fn message(&mut self, message: &Message, chunker: Chunker, later: u32) -> Result<(), Box<dyn Error>> {
        let head = &message.head;
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        let time = head.timestamp.wrapping_add(later);
        chunker.write(head.csid, time, head.message_type, head.stream_id, message.body.bytes(), &mut bytes);
        self.micros = self.micros.max(u64::from(time) * 1000);
        if later == 0 {
            self.send(message.dir, &bytes)?;
        } else {
            // A stream in full flow does not begin a packet for each message.
            self.rest.extend_from_slice(&bytes);
            let rest = std::mem::take(&mut self.rest);
            let whole = rest.len() / self.payload * self.payload;
            self.send(message.dir, &rest[..whole])?;
            self.rest = rest[whole..].to_vec();
        }
        self.bytes = bytes;
        Ok(())
    }

    fn send(&mut self, dir: Direction, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
        let side = dir.index();
        for part in bytes.chunks(self.payload) {
            self.packet(side, PUSH_ACK, part)?;
            self.seq[side] = self.seq[side].wrapping_add(part.len() as u32);
            self.unacknowledged += 1;
            if self.unacknowledged >= ACKNOWLEDGED {
                self.unacknowledged = 0;
                self.packet(1 - side, ACK, &[])?;
            }
        }
        Ok(())
    }

    fn packet(&mut self, side: usize, flags: u8, payload: &[u8]) -> Result<(), Box<dyn Error>> {
        self.micros += 3;
        let len = (HEADERS + payload.len()) as u32;
        let mut packet = Vec::with_capacity(16 + HEADERS + payload.len());
        for word in [(self.micros / 1_000_000) as u32, (self.micros % 1_000_000) as u32, len, len] {
            packet.extend(word.to_le_bytes());
        }
        packet.extend([[2, 0, 0, 0, 0, 1 - side as u8], [2, 0, 0, 0, 0, side as u8]].concat());
        packet.extend([8, 0, 0x45, 0]);
        packet.extend((len as u16 - 14).to_be_bytes());
        packet.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
        packet.extend([ADDRESSES[side], ADDRESSES[1 - side]].concat());
        packet.extend(PORTS[side].to_be_bytes());
        packet.extend(PORTS[1 - side].to_be_bytes());
        packet.extend(self.seq[side].to_be_bytes());
        packet.extend(if flags & ACK == 0 { [0; 4] } else { self.seq[1 - side].to_be_bytes() });
        packet.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
        packet.extend_from_slice(payload);
        self.written += packet.len();
        Ok(self.out.write_all(&packet)?)
    }
}
