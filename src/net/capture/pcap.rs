//! The classic pcap format: a file header of 24 bytes, then records of 16 (modified: 24) bytes and the packet.

use std::io;

use super::note::{Damage, Notes};
use super::source::Source;
use super::{LinkType, Record};
use crate::net::bytes::{Order, array};
use crate::time::Time;

/// Largest snapshot length of libpcap; longer records are believed unless they lead nowhere.
const USUAL_MOST: u32 = 262_144;
/// How far a believable record is looked for after damage.
const SEARCH: usize = 1 << 20;

pub(super) struct Pcap {
    order: Order,
    /// Nanoseconds in one unit of the fraction.
    unit: i64,
    record_header: usize,
    link: LinkType,
    snaplen: u32,
    /// Seconds of the last packet, to judge a record found by searching.
    seconds: Option<u32>,
}

impl Pcap {
    /// A file header, or as much of it as there is.
    pub(super) fn recognise(first: &[u8]) -> Option<Pcap> {
        let (order, unit, record_header) = match array(first, 0)? {
            [0xd4, 0xc3, 0xb2, 0xa1] => (Order::Little, 1000, 16),
            [0xa1, 0xb2, 0xc3, 0xd4] => (Order::Big, 1000, 16),
            [0x4d, 0x3c, 0xb2, 0xa1] => (Order::Little, 1, 16),
            [0xa1, 0xb2, 0x3c, 0x4d] => (Order::Big, 1, 16),
            // The "modified" format of old Linux distributions: 8 more bytes in each record header.
            [0x34, 0xcd, 0xb2, 0xa1] => (Order::Little, 1000, 24),
            [0xa1, 0xb2, 0xcd, 0x34] => (Order::Big, 1000, 24),
            _ => return None,
        };
        let snaplen = order.u32(first, 16).unwrap_or_default();
        // The upper half of the word is for the length of the frame check sequence.
        let link = LinkType((order.u32(first, 20).unwrap_or_default() & 0xffff) as u16);
        Some(Pcap { order, unit, record_header, link, snaplen, seconds: None })
    }

    /// Steps over the file header.
    pub(super) fn skip_header(&self, source: &mut Source, notes: &mut Notes) {
        let have = source.available().len();
        if have < 24 {
            notes.add(0, 0, Damage::CutShort { have: have as u64, announced: 24 });
        }
        source.take(24);
    }

    pub(super) fn next(&mut self, source: &mut Source, notes: &mut Notes, packets: u64) -> io::Result<Option<Record>> {
        loop {
            if !source.have(self.record_header)? {
                let have = source.available().len();
                if have > 0 {
                    let announced = self.record_header as u64;
                    notes.add(packets, source.offset(), Damage::CutShort { have: have as u64, announced });
                    source.stop();
                }
                return Ok(None);
            }
            let Some(header) = Header::read(self.order, source.available()) else { return Ok(None) };
            let announced = self.record_header as u64 + u64::from(header.len);
            if source.have(self.record_header + header.len as usize)? {
                let start = source.position() + self.record_header;
                source.take(self.record_header + header.len as usize);
                self.seconds = Some(header.seconds);
                return Ok(Some(Record {
                    time: Some(Time(
                        i64::from(header.seconds) * 1_000_000_000 + i64::from(header.fraction) * self.unit,
                    )),
                    link: self.link,
                    start,
                    len: header.len as usize,
                    original_len: header.original_len,
                }));
            }
            let (have, offset) = (source.available().len(), source.offset());
            if header.len <= self.snaplen.max(USUAL_MOST) {
                notes.add(packets, offset, Damage::CutShort { have: have as u64, announced });
                source.stop();
                return Ok(None);
            }
            match self.search(source)? {
                Some(skipped) => {
                    source.take(skipped);
                    notes.add(packets, offset, Damage::BadLength { announced, skipped: skipped as u64 });
                }
                None => {
                    notes.add(packets, offset, Damage::Lost { announced });
                    source.stop();
                    return Ok(None);
                }
            }
        }
    }

    /// How many bytes further a believable record starts, which another one or the end of the input follows.
    fn search(&self, source: &mut Source) -> io::Result<Option<usize>> {
        for skipped in 1..SEARCH {
            if !source.have(skipped + self.record_header)? {
                break;
            }
            let Some(len) = self.believable(source.available(), skipped) else { continue };
            let next = skipped + self.record_header + len;
            if source.have(next + self.record_header)? {
                if self.believable(source.available(), next).is_some() {
                    return Ok(Some(skipped));
                }
            } else if source.available().len() == next {
                return Ok(Some(skipped));
            }
        }
        Ok(None)
    }

    /// The length of the packet whose record header seems to be at `at`.
    fn believable(&self, data: &[u8], at: usize) -> Option<usize> {
        let header = Header::read(self.order, data.get(at..)?)?;
        let units = 1_000_000_000 / self.unit;
        let near = self.seconds.is_none_or(|last| last.abs_diff(header.seconds) < 86_400);
        let fits = header.len > 0 && header.len <= header.original_len && header.original_len <= USUAL_MOST;
        (near && fits && i64::from(header.fraction) < units).then_some(header.len as usize)
    }
}

struct Header {
    seconds: u32,
    fraction: u32,
    len: u32,
    original_len: u32,
}

impl Header {
    fn read(order: Order, data: &[u8]) -> Option<Header> {
        Some(Header {
            seconds: order.u32(data, 0)?,
            fraction: order.u32(data, 4)?,
            len: order.u32(data, 8)?,
            original_len: order.u32(data, 12)?,
        })
    }
}
