//! pcapng: sections of blocks. Packet blocks become packets, interface blocks say how to read them, the rest is skipped.

use std::io;

use super::note::{Damage, Notes};
use super::source::Source;
use super::{LinkType, Record};
use crate::net::bytes::{Order, array};
use crate::time::Time;

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const OLD_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
/// Types that a search after damage may stop at: registered ones that programs write.
const KNOWN: [u32; 12] = [
    SECTION,
    INTERFACE,
    OLD_PACKET,
    SIMPLE_PACKET,
    4, // name resolution
    5, // interface statistics
    ENHANCED_PACKET,
    9,           // systemd journal
    10,          // decryption secrets
    0x8000_0001, // process information
    0x0bad,      // custom, copied
    0x4000_0bad, // custom, not copied
];

/// Whether a file may begin like this: a section header block, as far as it is there.
pub(super) fn recognise(first: &[u8]) -> bool {
    array(first, 0).is_some_and(|kind| u32::from_le_bytes(kind) == SECTION)
        && (first.len() < 12 || section_order(first).is_some())
}

pub(super) struct Pcapng {
    order: Order,
    interfaces: Vec<Interface>,
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
                Framed::Cut { announced } => {
                    let have = source.available().len();
                    notes.add(packets, offset, Damage::CutShort { have: have as u64, announced });
                    source.stop();
                    return Ok(None);
                }
                Framed::Bad { announced } => {
                    if self.search(source)? {
                        let skipped = source.offset() - offset;
                        notes.add(packets, offset, Damage::BadLength { announced, skipped });
                        continue;
                    }
                    notes.add(packets, offset, Damage::Lost { announced });
                    source.stop();
                    return Ok(None);
                }
            };
            let start = source.position();
            source.take(len);
            let block = source.bytes(start, len);
            let kind = self.order.u32(block, 0).unwrap_or_default();
            let body = block.get(8..len - 4).unwrap_or_default();
            let packet = match kind {
                SECTION => {
                    self.interfaces.clear();
                    continue;
                }
                INTERFACE => {
                    match Interface::read(self.order, body) {
                        Some(interface) => self.interfaces.push(interface),
                        None => notes.add(packets, offset, Damage::BadBlock { kind }),
                    }
                    continue;
                }
                ENHANCED_PACKET => self.enhanced(body),
                OLD_PACKET => self.old(body),
                SIMPLE_PACKET => self.simple(body),
                _ => continue,
            };
            match packet {
                Ok(record) => return Ok(Some(Record { start: start + 8 + record.start, ..record })),
                Err(damage) => notes.add(packets, offset, damage),
            }
        }
    }

    /// Finds the bounds of the block that starts here, and makes all of it available. Takes over the byte order of a
    /// section header.
    fn frame(&mut self, source: &mut Source) -> io::Result<Framed> {
        if !source.have(12)? {
            let have = source.available().len();
            return Ok(if have == 0 { Framed::End } else { Framed::Cut { announced: 12 } });
        }
        let head = source.available();
        let mut order = self.order;
        let section = order.u32(head, 0) == Some(SECTION);
        if section {
            match section_order(head) {
                Some(found) => order = found,
                None => return Ok(Framed::Bad { announced: 0 }),
            }
        }
        let announced = order.u32(head, 4).unwrap_or_default();
        let len = announced as usize;
        if !believable(announced, section) {
            return Ok(Framed::Bad { announced: announced.into() });
        }
        if !source.have(len)? {
            let too_much = source.available().len() >= len || !source.ended();
            let bad = too_much || self.leads_on(source.available());
            let announced = announced.into();
            return Ok(if bad { Framed::Bad { announced } } else { Framed::Cut { announced } });
        }
        if order.u32(source.available(), len - 4) != Some(announced) {
            return Ok(Framed::Bad { announced: announced.into() });
        }
        self.order = order;
        Ok(Framed::Block(len))
    }

    /// Whether a block that seems to run past the end of the input has other blocks inside: then its length is wrong.
    fn leads_on(&self, data: &[u8]) -> bool {
        (12..data.len()).step_by(4).any(|at| self.whole_block(data, at).is_some())
    }

    /// Skips to the next believable block; false when there is none.
    fn search(&self, source: &mut Source) -> io::Result<bool> {
        source.take(4);
        while source.have(12)? {
            let data = source.available();
            let kind = self.order.u32(data, 0).unwrap_or_default();
            if KNOWN.contains(&kind) {
                let order = if kind == SECTION { section_order(data) } else { Some(self.order) };
                let len = order.and_then(|order| order.u32(data, 4)).unwrap_or_default();
                if believable(len, kind == SECTION)
                    && source.have(len as usize)?
                    && self.whole_block(source.available(), 0).is_some()
                {
                    return Ok(true);
                }
            }
            source.take(4);
        }
        Ok(false)
    }

    /// The length of the block at `at`, if it is all there and both its lengths agree.
    fn whole_block(&self, data: &[u8], at: usize) -> Option<usize> {
        let data = data.get(at..)?;
        let kind = self.order.u32(data, 0)?;
        if !KNOWN.contains(&kind) {
            return None;
        }
        let order = if kind == SECTION { section_order(data)? } else { self.order };
        let len = order.u32(data, 4)?;
        let agree = believable(len, kind == SECTION) && order.u32(data, (len - 4) as usize)? == len;
        agree.then_some(len as usize)
    }

    fn enhanced(&self, body: &[u8]) -> Result<Record, Damage> {
        let bad = Damage::BadBlock { kind: ENHANCED_PACKET };
        let Some([interface, high, low, len, original_len]) = self.words(body) else { return Err(bad) };
        let known = self.interface(interface)?;
        self.record(known, Some((high, low)), 20, len, original_len, body).ok_or(bad)
    }

    /// The obsolete Packet Block: interface and drop count share the first word.
    fn old(&self, body: &[u8]) -> Result<Record, Damage> {
        let bad = Damage::BadBlock { kind: OLD_PACKET };
        let Some([_, high, low, len, original_len]) = self.words(body) else { return Err(bad) };
        let known = self.interface(self.order.u16(body, 0).unwrap_or_default().into())?;
        self.record(known, Some((high, low)), 20, len, original_len, body).ok_or(bad)
    }

    /// The Simple Packet Block: no time, always interface 0, and its captured length is what fits.
    fn simple(&self, body: &[u8]) -> Result<Record, Damage> {
        let bad = Damage::BadBlock { kind: SIMPLE_PACKET };
        let Some([original_len]) = self.words(body) else { return Err(bad) };
        let known = self.interface(0)?;
        let most = if known.snaplen == 0 { u32::MAX } else { known.snaplen };
        let there = u32::try_from(body.len().saturating_sub(4)).unwrap_or(u32::MAX);
        self.record(known, None, 4, original_len.min(most).min(there), original_len, body).ok_or(bad)
    }

    fn record(
        &self,
        interface: &Interface,
        ticks: Option<(u32, u32)>,
        start: usize,
        len: u32,
        original_len: u32,
        body: &[u8],
    ) -> Option<Record> {
        let len = len as usize;
        body.get(start..start.checked_add(len)?)?;
        let time = ticks.map(|(high, low)| interface.clock.time(u64::from(high) << 32 | u64::from(low)));
        Some(Record { time, link: interface.link, start, len, original_len })
    }

    fn interface(&self, id: u32) -> Result<&Interface, Damage> {
        self.interfaces.get(id as usize).ok_or(Damage::UnknownInterface(id))
    }

    fn words<const N: usize>(&self, body: &[u8]) -> Option<[u32; N]> {
        let mut words = [0; N];
        for (at, word) in words.iter_mut().enumerate() {
            *word = self.order.u32(body, at * 4)?;
        }
        Some(words)
    }
}

impl Interface {
    fn read(order: Order, body: &[u8]) -> Option<Interface> {
        let link = LinkType(order.u16(body, 0)?);
        let snaplen = order.u32(body, 4)?;
        let mut clock = Clock { resolution: 6, offset: 0 };
        let mut at = 8;
        while let (Some(code), Some(len)) = (order.u16(body, at), order.u16(body, at + 2)) {
            let value = at + 4;
            match (code, len) {
                (0, _) => break,
                (9, 1) => clock.resolution = body.get(value).copied().unwrap_or(6),
                (14, 8) => clock.offset = order.i64(body, value).unwrap_or_default(),
                _ => {}
            }
            at = value + usize::from(len).next_multiple_of(4);
        }
        Some(Interface { link, snaplen, clock })
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
    Cut { announced: u64 },
    Bad { announced: u64 },
}

/// The byte order that a section header block announces.
fn section_order(block: &[u8]) -> Option<Order> {
    match array(block, 8)? {
        [0x4d, 0x3c, 0x2b, 0x1a] => Some(Order::Little),
        [0x1a, 0x2b, 0x3c, 0x4d] => Some(Order::Big),
        _ => None,
    }
}

/// A length that a block can have.
fn believable(len: u32, section: bool) -> bool {
    len % 4 == 0 && len >= if section { 28 } else { 12 }
}
