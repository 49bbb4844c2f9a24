//! pcapng: sections of blocks. Packet blocks become packets, interface blocks say how to read them, the rest is skipped.
//!
//! pcap-parser parses what is in the buffer, with those of its parsers that collect nothing in lists. By hand is what has
//! to be known before a block is in the buffer: its type, its length and the byte order.

use std::io;

use pcap_parser::nom::IResult;
use pcap_parser::{
    BOM_MAGIC, CB_MAGIC, DCB_MAGIC, DSB_MAGIC, EPB_MAGIC, IDB_MAGIC, ISB_MAGIC, NRB_MAGIC, OptionCode, PIB_MAGIC,
    PcapError, PcapNGOption, SHB_MAGIC, SJE_MAGIC, SPB_MAGIC, UnknownBlock, parse_option_be, parse_option_le,
    parse_pcap_frame, parse_pcap_frame_be, parse_simplepacketblock_be, parse_simplepacketblock_le,
    parse_unknownblock_be, parse_unknownblock_le,
};

use super::note::{Damage, Notes};
use super::source::Source;
use super::{LinkType, Record};
use crate::net::bytes::{Order, array};
use crate::time::Time;

/// The obsolete Packet Block, which pcap-parser does not know.
const OLD_PACKET: u32 = 2;
/// Types that a search after damage may stop at: registered ones that programs write.
const KNOWN: [u32; 12] = [
    SHB_MAGIC, IDB_MAGIC, OLD_PACKET, SPB_MAGIC, NRB_MAGIC, ISB_MAGIC, EPB_MAGIC, SJE_MAGIC, DSB_MAGIC, PIB_MAGIC,
    CB_MAGIC, DCB_MAGIC,
];

/// Whether a file may begin like this: a section header block, as far as it is there.
pub(super) fn recognise(first: &[u8]) -> bool {
    array(first, 0).is_some_and(|kind| u32::from_le_bytes(kind) == SHB_MAGIC)
        && (first.len() < 12 || section_order(first).is_some())
}

#[derive(Clone)]
pub(super) struct Pcapng {
    order: Order,
    /// Those of the section; `None` is one whose description is damaged, which packets of others count all the same.
    interfaces: Vec<Option<Interface>>,
}

#[derive(Clone, Copy)]
struct Interface {
    link: LinkType,
    snaplen: u32,
    clock: Clock,
}

/// How an interface counts time.
#[derive(Clone, Copy)]
struct Clock {
    /// Option if_tsresol: the exponent, of 2 with the top bit set, else of 10.
    resolution: u8,
    /// Option if_tsoffset, seconds.
    offset: i64,
}

impl Pcapng {
    pub(super) fn new() -> Pcapng {
        Pcapng { order: Order::Little, interfaces: Vec::new() }
    }

    pub(super) fn next(&mut self, source: &mut Source, notes: &mut Notes, packets: u64) -> io::Result<Option<Record>> {
        loop {
            let offset = source.offset();
            let len = match self.frame(source)? {
                Framed::Block(len) => len,
                Framed::End => return Ok(None),
                Framed::Bad { announced, ends } => {
                    let have = source.available().len() as u64;
                    match self.order.u32(source.available(), 0) {
                        // A section begins of which nobody knows the byte order.
                        Some(SHB_MAGIC) => self.interfaces.clear(),
                        Some(IDB_MAGIC) => self.interfaces.push(None),
                        _ => {}
                    }
                    if self.search(source)? {
                        let skipped = source.offset() - offset;
                        notes.add(packets, offset, Damage::BadLength { announced, skipped });
                        continue;
                    }
                    let cut = Damage::CutShort { have, announced };
                    notes.add(packets, offset, if ends { cut } else { Damage::Lost { announced } });
                    source.stop();
                    return Ok(None);
                }
            };
            let start = source.position();
            source.take(len);
            let block = source.bytes(start, len);
            let kind = self.order.u32(block, 0).unwrap_or_default();
            let packet = match kind {
                SHB_MAGIC => {
                    self.interfaces.clear();
                    continue;
                }
                IDB_MAGIC => {
                    let interface = Interface::read(self.order, block);
                    if interface.is_none() {
                        notes.add(packets, offset, Damage::BadBlock { kind });
                    }
                    self.interfaces.push(interface);
                    continue;
                }
                EPB_MAGIC => self.timed(kind, self.order.u32(block, 8).unwrap_or_default(), block),
                // Interface and drop count share the first word.
                OLD_PACKET => self.timed(kind, self.order.u16(block, 8).unwrap_or_default().into(), block),
                SPB_MAGIC => self.simple(block),
                _ => continue,
            };
            match packet {
                Ok(record) => return Ok(Some(Record { start: start + record.start, ..record })),
                Err(damage) => notes.add(packets, offset, damage),
            }
        }
    }

    /// Whether bytes of the next block are not in the buffer.
    pub(super) fn lacks(&self, source: &Source) -> bool {
        let have = source.available();
        self.order.u32(have, 4).is_none_or(|len| len as usize > have.len())
    }

    /// Finds the bounds of the block that starts here, and makes all of it available. Takes over the byte order of a
    /// section header.
    fn frame(&mut self, source: &mut Source) -> io::Result<Framed> {
        let bad = |announced: u32, ends| Ok(Framed::Bad { announced: announced.into(), ends });
        if !source.have(12)? {
            return if source.available().is_empty() { Ok(Framed::End) } else { bad(12, true) };
        }
        let head = source.available();
        let mut order = self.order;
        let section = order.u32(head, 0) == Some(SHB_MAGIC);
        if section {
            match section_order(head) {
                Some(found) => order = found,
                None => return bad(0, false),
            }
        }
        let announced = order.u32(head, 4).unwrap_or_default();
        let len = announced as usize;
        if !believable(announced, section) {
            return bad(announced, false);
        }
        if !source.have_record(len)? {
            let ends = source.available().len() < len && source.ended();
            return bad(announced, ends);
        }
        if whole(order, source.available()).is_none() {
            return bad(announced, false);
        }
        self.order = order;
        Ok(Framed::Block(len))
    }

    /// Skips to the next believable block; false when there is none. It may be anywhere, because what is lost of a file
    /// may be of any length, and it may begin a section of the other byte order.
    fn search(&mut self, source: &mut Source) -> io::Result<bool> {
        let from = source.offset();
        source.take(1);
        while source.have(12)? {
            for order in [self.order, self.order.other()] {
                let Some(len) = seems_block(order, source.available()) else { continue };
                if !source.have_record(len)? || whole(order, source.available()).is_none() {
                    continue;
                }
                // Where a block is expected next, its own two lengths are enough.
                let expected = order == self.order && (source.offset() - from).is_multiple_of(4);
                let believed = expected || self.suits(order, source.available()) && follows(order, source, len)?;
                if !believed {
                    continue;
                }
                if order != self.order {
                    self.order = order;
                    self.interfaces.clear();
                }
                return Ok(true);
            }
            source.take(1);
        }
        Ok(false)
    }

    /// Whether what is in a block makes sense here. Three bytes beside where it begins, a short block may look like one
    /// of the other byte order, but for this.
    fn suits(&self, order: Order, block: &[u8]) -> bool {
        match order.u32(block, 0).unwrap_or_default() {
            SHB_MAGIC => true,
            IDB_MAGIC => {
                let link = order.u16(block, 8).unwrap_or_default();
                link != LinkType::NULL.0 && order.u16(block, 10) == Some(0)
            }
            // Nothing tells how to read a packet before an interface is described.
            _ if order != self.order => false,
            EPB_MAGIC => order.u32(block, 8).is_some_and(|id| (id as usize) < self.interfaces.len()),
            _ => true,
        }
    }

    /// The Enhanced Packet Block, and the obsolete Packet Block before it. Behind the interface both go on as a classic
    /// record does, with two words of time, both lengths and the data, so pcap-parser reads them as one. Its parser for
    /// enhanced packets would make reading slower by a fifth, and by two thirds where packets have options, which it
    /// collects in a list each time. The obsolete block it does not know.
    fn timed(&self, kind: u32, interface: u32, block: &[u8]) -> Result<Record, Damage> {
        let bad = Damage::BadBlock { kind };
        let body = block.get(12..block.len().saturating_sub(4)).unwrap_or_default();
        if body.len() < 16 {
            return Err(bad);
        }
        let known = self.interface(interface)?;
        let parsed = match self.order {
            Order::Little => parse_pcap_frame(body),
            Order::Big => parse_pcap_frame_be(body),
        };
        let Ok((_, packet)) = parsed else { return Err(bad) };
        let ticks = u64::from(packet.ts_sec) << 32 | u64::from(packet.ts_usec);
        Ok(Record {
            time: Some(known.clock.time(ticks)),
            link: known.link,
            start: 28,
            len: packet.data.len(),
            original_len: packet.origlen,
        })
    }

    /// The Simple Packet Block: no time, always interface 0, and its captured length is what fits.
    fn simple(&self, block: &[u8]) -> Result<Record, Damage> {
        let bad = Damage::BadBlock { kind: SPB_MAGIC };
        let parsed = match self.order {
            Order::Little => parse_simplepacketblock_le(block),
            Order::Big => parse_simplepacketblock_be(block),
        };
        let Ok((_, packet)) = parsed else { return Err(bad) };
        let known = self.interface(0)?;
        let most = if known.snaplen == 0 { u32::MAX } else { known.snaplen };
        let there = u32::try_from(packet.data.len()).unwrap_or(u32::MAX);
        let len = packet.origlen.min(most).min(there) as usize;
        Ok(Record { time: None, link: known.link, start: 12, len, original_len: packet.origlen })
    }

    fn interface(&self, id: u32) -> Result<&Interface, Damage> {
        self.interfaces.get(id as usize).and_then(Option::as_ref).ok_or(Damage::UnknownInterface(id))
    }
}

impl Interface {
    /// The fixed part is read by hand: pcap-parser's parser of the block also collects the options in a list, which is
    /// eight times as large as the block if somebody fills that with empty ones. One by one they cost nothing.
    fn read(order: Order, block: &[u8]) -> Option<Interface> {
        let (link, snaplen) = (order.u16(block, 8)?, order.u32(block, 12)?);
        let mut options = block.get(16..block.len().checked_sub(4)?)?;
        let mut clock = Clock { resolution: 6, offset: 0 };
        while let Ok((rest, option)) = parse_option(order, options) {
            match (option.code, option.as_bytes()) {
                (OptionCode::EndOfOpt, _) => break,
                (OptionCode::IfTsresol, Ok(&[resolution])) => clock.resolution = resolution,
                // By hand, because pcap-parser takes this one for little-endian in every section.
                (OptionCode::IfTsoffset, Ok(value)) if value.len() == 8 => {
                    clock.offset = order.i64(value, 0).unwrap_or_default();
                }
                _ => {}
            }
            options = rest;
        }
        Some(Interface { link: LinkType(link), snaplen, clock })
    }
}

impl Clock {
    fn time(self, ticks: u64) -> Time {
        let nanos = match self.resolution {
            exponent @ 0..=9 => u128::from(ticks) * 10u128.pow(u32::from(9 - exponent)),
            exponent @ 10..=0x7f => match 10u128.checked_pow(u32::from(exponent - 9)) {
                Some(divisor) => u128::from(ticks) / divisor,
                None => 0,
            },
            // A shift by 127 at most, and ticks * 10^9 stay below 2^94.
            binary => (u128::from(ticks) * 1_000_000_000) >> (binary & 0x7f),
        };
        let nanos = i64::try_from(nanos).unwrap_or(i64::MAX);
        Time(nanos.saturating_add(self.offset.saturating_mul(1_000_000_000)))
    }
}

enum Framed {
    Block(usize),
    End,
    /// No block that can be; `ends` is true when the input ends before it does, as in a capture that was cut.
    Bad {
        announced: u64,
        ends: bool,
    },
}

/// The block that `data` begins with, if it is all there and both its lengths agree. For that, any type is unknown.
fn whole(order: Order, data: &[u8]) -> Option<UnknownBlock<'_>> {
    let parsed = match order {
        Order::Little => parse_unknownblock_le(data),
        Order::Big => parse_unknownblock_be(data),
    };
    let (_, block) = parsed.ok()?;
    (block.block_len1 == block.block_len2).then_some(block)
}

fn parse_option(order: Order, data: &[u8]) -> IResult<&[u8], PcapNGOption<'_>, PcapError<&[u8]>> {
    match order {
        Order::Little => parse_option_le(data),
        Order::Big => parse_option_be(data),
    }
}

/// The byte order that a section header block announces. By hand, because without it nobody knows how long the block
/// is, and pcap-parser wants all of it.
fn section_order(block: &[u8]) -> Option<Order> {
    [Order::Little, Order::Big].into_iter().find(|order| order.u32(block, 8) == Some(BOM_MAGIC))
}

/// The length that a block states, should `data` begin with one.
fn seems_block(order: Order, data: &[u8]) -> Option<usize> {
    let kind = order.u32(data, 0).filter(|kind| KNOWN.contains(kind))?;
    let len = order.u32(data, 4)?;
    let section = kind == SHB_MAGIC;
    let order_fits = !section || section_order(data) == Some(order);
    (order_fits && len >= shortest(kind) && believable(len, section)).then_some(len as usize)
}

/// Whether another block seems to follow `len` bytes, or nothing.
fn follows(order: Order, source: &mut Source, len: usize) -> io::Result<bool> {
    if !source.have(len.saturating_add(12))? {
        return Ok(source.available().len() == len);
    }
    let next = source.available().get(len..).unwrap_or_default();
    let kind = order.u32(next, 0).unwrap_or_default();
    let order = if kind == SHB_MAGIC { section_order(next).unwrap_or(order) } else { order };
    Ok(KNOWN.contains(&kind) && order.u32(next, 4).is_some_and(|len| believable(len, kind == SHB_MAGIC)))
}

/// The length of a block of this type without options and without data.
fn shortest(kind: u32) -> u32 {
    match kind {
        SHB_MAGIC => 28,
        IDB_MAGIC => 20,
        OLD_PACKET | EPB_MAGIC => 32,
        ISB_MAGIC => 24,
        _ => 16,
    }
}

/// A length that a block can have.
fn believable(len: u32, section: bool) -> bool {
    len.is_multiple_of(4) && len >= if section { 28 } else { 12 }
}
