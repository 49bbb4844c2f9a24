//! Makes a large capture from a small one: repeats it, each time with other client ports and addresses and at a later
//! time, so that every repetition brings new connections. The same arguments make the same bytes.
//!
//! ```text
//! cargo run --release --example grow -- samples/pub-ffmpeg5-2s-nginx.pcap big.pcap 1000
//! ```
//!
//! The last argument is the size in MB. Takes classic pcap with little-endian headers and Ethernet frames of IPv4.

use std::error::Error;
use std::fs;
use std::io::{BufWriter, Write};
use std::ops::Range;

const FILE_HEADER: usize = 24;
const RECORD_HEADER: usize = 16;
const ETHERNET: usize = 14;
/// The registered port of RTMP: the side of a connection that keeps its address.
const RTMP: u16 = 1935;
/// Repetitions before the client's address changes, so that ports do not come round.
const PORTS: u32 = 20_000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, megabytes] = arguments.as_slice() else { return Err("give SAMPLE OUT MEGABYTES".into()) };
    let sample = fs::read(from)?;
    let size = megabytes.parse::<usize>()? * 1_000_000;
    let (header, records) = sample.split_at_checked(FILE_HEADER).ok_or("no capture")?;
    if header[..4] != [0xd4, 0xc3, 0xb2, 0xa1] || header[20] != 1 {
        return Err("only classic pcap, little-endian, microseconds, Ethernet".into());
    }
    let packets = packets(records).ok_or("the sample is damaged")?;
    let (first, last) = (time(records, packets.first()), time(records, packets.last()));
    let length = last - first + 1_000_000;
    let mut out = BufWriter::with_capacity(1 << 20, fs::File::create(to)?);
    out.write_all(header)?;
    let mut written = header.len();
    let mut record = Vec::new();
    for repetition in 0.. {
        for packet in &packets {
            record.clear();
            record.extend_from_slice(&records[packet.clone()]);
            let now = time(records, Some(packet)) + u64::from(repetition) * length;
            record[..4].copy_from_slice(&((now / 1_000_000) as u32).to_le_bytes());
            record[4..8].copy_from_slice(&((now % 1_000_000) as u32).to_le_bytes());
            change_client(&mut record[RECORD_HEADER..], repetition);
            out.write_all(&record)?;
            written += record.len();
        }
        if written >= size {
            break;
        }
    }
    out.flush()?;
    Ok(())
}

/// Where each record lies, header included.
fn packets(records: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut packets = Vec::new();
    let mut at = 0;
    while at < records.len() {
        let length = u32::from_le_bytes(*records.get(at + 8..)?.first_chunk()?) as usize;
        packets.push(at..at + RECORD_HEADER + length);
        at += RECORD_HEADER + length;
    }
    (at == records.len() && !packets.is_empty()).then_some(packets)
}

/// The time of a record in microseconds.
fn time(records: &[u8], packet: Option<&Range<usize>>) -> u64 {
    let at = packet.map_or(0, |packet| packet.start);
    let word =
        |at: usize| u64::from(u32::from_le_bytes([records[at], records[at + 1], records[at + 2], records[at + 3]]));
    word(at) * 1_000_000 + word(at + 4)
}

/// Gives the client of a frame another port and address. Checksums stay as they are: no decoder of captures may rely
/// on them.
fn change_client(frame: &mut [u8], repetition: u32) {
    let tcp = frame.get(12..24).is_some_and(|head| head[..2] == [8, 0] && head[11] == 6);
    let Some(ports) = frame.get(ETHERNET).map(|first| ETHERNET + usize::from(first & 0xf) * 4).filter(|_| tcp) else {
        return;
    };
    for (port, address) in [(ports, ETHERNET + 12), (ports + 2, ETHERNET + 16)] {
        let Some(bytes) = frame.get_mut(port..port + 2) else { return };
        let known = u16::from_be_bytes([bytes[0], bytes[1]]);
        if known != RTMP {
            let moved = (u32::from(known) + repetition % PORTS) % 60_000 + 2_000;
            bytes.copy_from_slice(&(moved as u16).to_be_bytes());
            frame[address + 2] = frame[address + 2].wrapping_add((repetition / PORTS) as u8);
        }
    }
}
