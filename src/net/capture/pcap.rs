//! The classic pcap format: a file header of 24 bytes, then records of 16 (modified: 24) bytes and the packet.

use std::io;

use pcap_parser::parse_pcap_header;

use super::note::{Damage, Notes};
use super::source::Source;
use super::{LinkType, Record};
use crate::net::bytes::Order;
use crate::time::Time;

/// Length of the file header.
const FILE_HEADER: usize = 24;
/// How the big-endian form of the "modified" format begins.
const MODIFIED_BIG: [u8; 4] = [0xa1, 0xb2, 0xcd, 0x34];
/// How a plain big-endian file begins.
const PLAIN_BIG: [u8; 4] = [0xa1, 0xb2, 0xc3, 0xd4];
/// Largest snapshot length of libpcap; longer records are believed unless they lead nowhere.
const USUAL_MOST: u32 = 262_144;
/// Seconds between two packets; longer pauses are looked at twice.
const NEAR: u32 = 86_400;
/// How far a believable record is looked for after damage.
const SEARCH: usize = 1 << 20;

#[derive(Clone)]
pub(super) struct Pcap {
    order: Order,
    /// The format of old Linux distributions: 8 more bytes in each record header.
    modified: bool,
    /// Nanoseconds in one unit of the fraction.
    unit: i64,
    link: LinkType,
    snaplen: u32,
    /// Seconds of the last packet, to judge a record found by searching.
    seconds: Option<u32>,
}

impl Pcap {
    /// A file header, or as much of it as there is.
    pub(super) fn recognise(first: &[u8]) -> Option<Pcap> {
        // pcap-parser wants the header whole; no packet follows one that is cut, so what is missing may be anything.
        let mut whole = [0; FILE_HEADER];
        whole.iter_mut().zip(first).for_each(|(to, from)| *to = *from);
        // It does not know the modified format in big-endian, whose file header is like any other but for the magic.
        let modified_big = whole.starts_with(&MODIFIED_BIG);
        if modified_big && let Some(magic) = whole.first_chunk_mut() {
            *magic = PLAIN_BIG;
        }
        let (_, header) = parse_pcap_header(&whole).ok()?;
        Some(Pcap {
            order: if header.is_bigendian() { Order::Big } else { Order::Little },
            modified: header.is_modified_format() || modified_big,
            unit: if header.is_nanosecond_precision() { 1 } else { 1000 },
            // The upper half of the word is for the length of the frame check sequence.
            link: LinkType((header.network.0 & 0xffff) as u16),
            snaplen: header.snaplen,
            seconds: None,
        })
    }

    /// Steps over the file header.
    pub(super) fn skip_header(&self, source: &mut Source, notes: &mut Notes) {
        let have = source.available().len();
        if have < FILE_HEADER {
            notes.add(0, 0, Damage::CutShort { have: have as u64, announced: FILE_HEADER as u64 });
        }
        source.take(FILE_HEADER);
    }

    pub(super) fn next(&mut self, source: &mut Source, notes: &mut Notes, packets: u64) -> io::Result<Option<Record>> {
        loop {
            let (need, header) = match self.record(source.available()) {
                Ok((header, len)) => {
                    if self.is_usual(&header) && source.is_record(len) || self.leads_on(source, &header, len)? {
                        return Ok(Some(self.found(&header, len, source)));
                    }
                    if let Some(other) = Pcap::recognise(source.available()).filter(|_| header.len == 0) {
                        notes.remark(packets, source.offset(), Damage::AnotherFile);
                        source.take(FILE_HEADER);
                        *self = Pcap { seconds: self.seconds, ..other };
                        continue;
                    }
                    (len, Some(header))
                }
                Err(need) if source.have_record(need)? => continue,
                Err(need) => (need, Header::read(self.order, source.available())),
            };
            let (have, offset, announced) = (source.available().len(), source.offset(), need as u64);
            if have == 0 {
                return Ok(None);
            }
            let len = need.saturating_sub(self.record_header());
            let ends_here = have < need && source.ended() && len <= self.snaplen.max(USUAL_MOST) as usize;
            let usual = header.is_none_or(|header| self.is_usual(&header));
            if ends_here && usual {
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
                    let cut = Damage::CutShort { have: have as u64, announced };
                    notes.add(packets, offset, if ends_here { cut } else { Damage::Lost { announced } });
                    source.stop();
                    return Ok(None);
                }
            }
        }
    }

    /// The next record, if it is whole in the buffer, as nearly all are.
    #[inline]
    pub(super) fn at_hand(&mut self, source: &mut Source) -> Option<Record> {
        let (header, len) = self.record(source.available()).ok()?;
        (self.is_usual(&header) && source.is_record(len)).then(|| self.found(&header, len, source))
    }

    /// Whether bytes of the next record are not in the buffer.
    pub(super) fn lacks(&self, source: &Source) -> bool {
        self.record(source.available()).is_err()
    }

    /// Steps over a record of this length.
    #[inline]
    fn found(&mut self, header: &Header, len: usize, source: &mut Source) -> Record {
        let fraction = i64::from(header.fraction) * self.unit;
        let found = Record {
            time: Some(Time(i64::from(header.seconds) * 1_000_000_000 + fraction)),
            link: self.link,
            start: source.position() + self.record_header(),
            len: header.len as usize,
            original_len: header.original_len,
        };
        self.seconds = Some(header.seconds);
        source.take(len);
        found
    }

    /// The header and the length of the record that `data` begins with; or how many bytes it takes to know.
    #[inline]
    fn record(&self, data: &[u8]) -> Result<(Header, usize), usize> {
        let shortest = self.record_header();
        let header = Header::read(self.order, data).filter(|_| data.len() >= shortest).ok_or(shortest)?;
        let len = shortest.saturating_add(header.len as usize);
        if data.len() < len { Err(len) } else { Ok((header, len)) }
    }

    /// Whether nothing about a record header is odd.
    #[inline]
    fn is_usual(&self, header: &Header) -> bool {
        let fits = header.len > 0 && header.len <= header.original_len && header.len <= USUAL_MOST;
        let near = self.seconds.is_none_or(|last| last.abs_diff(header.seconds) < NEAR);
        fits && near && i64::from(header.fraction) * self.unit < 1_000_000_000
    }

    /// Whether an odd record is one all the same, since another one or the end of the input follows.
    fn leads_on(&self, source: &mut Source, header: &Header, len: usize) -> io::Result<bool> {
        if !source.is_record(len) || header.len == 0 && Pcap::recognise(source.available()).is_some() {
            return Ok(false);
        }
        if !source.have(len.saturating_add(self.record_header()))? {
            return Ok(source.available().len() == len);
        }
        let next = source.available().get(len..).and_then(|data| Header::read(self.order, data));
        let fits = |next: &Header| next.len <= self.snaplen.max(USUAL_MOST) || next.len <= next.original_len;
        Ok(next.is_some_and(|next| header.seconds.abs_diff(next.seconds) < NEAR && fits(&next)))
    }

    #[inline]
    fn record_header(&self) -> usize {
        if self.modified { 24 } else { 16 }
    }

    /// How many bytes further a believable record starts, which another one or the end of the input follows.
    fn search(&self, source: &mut Source) -> io::Result<Option<usize>> {
        for skipped in 1..SEARCH {
            if !source.have(skipped + self.record_header())? {
                break;
            }
            let Some(len) = self.believable(source.available(), skipped) else { continue };
            let next = skipped + self.record_header() + len;
            if source.have(next + self.record_header())? {
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
        let believed = self.is_usual(&header) && header.original_len <= USUAL_MOST;
        believed.then_some(header.len as usize)
    }
}

/// A record header. By hand, because this runs for every packet, a search judges headers before the packets that they
/// announce are in the buffer, and pcap-parser does not know the modified format in big-endian.
struct Header {
    seconds: u32,
    fraction: u32,
    len: u32,
    original_len: u32,
}

impl Header {
    #[inline]
    fn read(order: Order, data: &[u8]) -> Option<Header> {
        let data: &[u8; 16] = data.first_chunk()?;
        let &[seconds, fraction, len, original_len] = data.as_chunks().0 else { return None };
        let word = |bytes| if order == Order::Little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
        Some(Header {
            seconds: word(seconds),
            fraction: word(fraction),
            len: word(len),
            original_len: word(original_len),
        })
    }
}
