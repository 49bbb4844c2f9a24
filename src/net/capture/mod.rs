//! Capture files to packets: pcap and pcapng in every dialect, plain or compressed, from any reader.
//!
//! Owns the one buffer that packets are borrowed from, packet numbers and the notes about damage. Implements the pcap
//! format (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng). pcap-parser parses the records and blocks
//! that lie in the buffer; reading, offsets and recovery after damage are our own, because its readers end at the
//! first damage.

use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;

use crate::limits::Limits;
use crate::time::Time;

mod ahead;
mod error;
mod lot;
mod note;
mod pcap;
mod pcapng;
mod source;
#[cfg(test)]
mod tests;
mod unpack;

pub use error::CaptureError;
pub use lot::{Lot, ReadAt};
use note::Notes;
pub use note::{Damage, Note};
use source::Source;
pub use unpack::{Compression, LOOK, begins, is_packed, unpacked};

/// A capture being read: packets come out one by one, each borrowed from the reading buffer.
pub struct Capture {
    name: String,
    source: Source,
    reader: Reader,
    notes: Notes,
    packets: u64,
    format: Format,
    read: unpack::Meter,
    /// How far compressed input may unpack before that is said, once.
    ratio: u64,
    ratio_told: bool,
}

/// A place between two packets, with what reading on from there needs to know.
#[derive(Clone)]
pub struct Mark {
    offset: u64,
    packets: u64,
    reader: Reader,
}

impl Mark {
    /// Offset of the next packet's record in the unpacked capture.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Packets before it.
    pub fn packets(&self) -> u64 {
        self.packets
    }
}

impl fmt::Debug for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mark").field("offset", &self.offset).field("packets", &self.packets).finish_non_exhaustive()
    }
}

/// One captured packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Number in the capture, from 1, as Wireshark counts.
    pub number: u64,
    /// Capture time; a pcapng Simple Packet Block has none.
    pub time: Option<Time>,
    /// What the data starts with.
    pub link: LinkType,
    /// The captured bytes.
    pub data: &'a [u8],
    /// Length on the wire, of which `data` may be the beginning only.
    pub original_len: u32,
}

/// What comes next in a turn.
#[derive(Debug)]
pub enum OfTurn<'a> {
    /// A packet.
    Packet(Packet<'a>),
    /// Nothing: it goes on with the next lot.
    Over,
    /// Nothing: the capture is at its end.
    End,
}

/// A link type of the registry at <https://www.tcpdump.org/linktypes.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkType(pub u16);

/// What kind of capture was found, and in which wrapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// The capture format inside.
    pub kind: Kind,
    /// Compression around it, outermost first.
    pub compression: Vec<Compression>,
}

/// A capture format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The classic format of tcpdump.
    Pcap,
    /// The format of Wireshark.
    Pcapng,
}

/// A packet's place in the reading buffer; made into a `Packet` once no more reading is needed for it.
struct Record {
    time: Option<Time>,
    link: LinkType,
    /// Where the data starts in the buffer.
    start: usize,
    len: usize,
    original_len: u32,
}

/// Packets between two looks at how much compressed input there was.
const RATIO_EVERY: u64 = 256;

#[derive(Clone)]
enum Reader {
    Pcap(pcap::Pcap),
    Pcapng(pcapng::Pcapng),
}

impl Capture {
    /// Finds out by content what `input` is and reads up to the first packet. `name` is for error messages.
    pub fn open(input: Box<dyn Read + Send>, name: &str, limits: &Limits) -> Result<Capture, CaptureError> {
        let failed = |offset: u64, cause| CaptureError::Io { name: name.to_owned(), offset, cause };
        let (input, read) = unpack::metered(input);
        let (input, compression) = unpack::unpack(input).map_err(|cause| failed(0, cause))?;
        let mut source = Source::new(input, limits.capture_block, !compression.is_empty());
        let mut notes = Notes::default();
        source.have(24).map_err(|cause| failed(0, cause))?;

        let first = source.available();
        let reader = if let Some(pcap) = pcap::Pcap::recognise(first) {
            Reader::Pcap(pcap)
        } else if pcapng::recognise(first) {
            Reader::Pcapng(pcapng::Pcapng::new())
        } else if first.is_empty() {
            return Err(CaptureError::Empty { name: name.to_owned(), compression });
        } else {
            let mut bytes = first.to_vec();
            bytes.truncate(16);
            return Err(CaptureError::NotACapture { name: name.to_owned(), first: bytes, compression });
        };
        let kind = match &reader {
            Reader::Pcap(_) => Kind::Pcap,
            Reader::Pcapng(_) => Kind::Pcapng,
        };
        if let Reader::Pcap(pcap) = &reader {
            pcap.skip_header(&mut source, &mut notes);
        }
        let format = Format { kind, compression };
        let ratio = limits.unpack_ratio;
        Ok(Capture { name: name.to_owned(), source, reader, notes, packets: 0, format, read, ratio, ratio_told: false })
    }

    /// The next packet, `None` at the end. Only a failing read is an error; damage is skipped and noted.
    #[inline]
    #[expect(clippy::should_implement_trait, reason = "packets borrow from the capture, which Iterator cannot say")]
    pub fn next(&mut self) -> Result<Option<Packet<'_>>, CaptureError> {
        let record = match self.at_hand() {
            None => self.record()?,
            at_hand => at_hand,
        };
        Ok(record.map(|record| self.packet(&record)))
    }

    /// The next packet of this turn, where threads read by turns; of all that follow, where they do not.
    ///
    /// Inlined up to the record that is at hand: a packet given back in memory would be waited for.
    #[inline(always)]
    pub fn next_of_turn(&mut self) -> Result<OfTurn<'_>, CaptureError> {
        let record = match self.at_hand() {
            None if self.is_turn_over() => return Ok(OfTurn::Over),
            None => self.record()?,
            at_hand => at_hand,
        };
        Ok(record.map_or(OfTurn::End, |record| OfTurn::Packet(self.packet(&record))))
    }

    #[inline(always)]
    fn at_hand(&mut self) -> Option<Record> {
        match &mut self.reader {
            Reader::Pcap(pcap) => pcap.at_hand(&mut self.source),
            Reader::Pcapng(_) => None,
        }
    }

    #[inline(always)]
    fn packet(&mut self, record: &Record) -> Packet<'_> {
        self.packets += 1;
        if self.packets.is_multiple_of(RATIO_EVERY) {
            self.look_at_ratio();
        }
        Packet {
            number: self.packets,
            time: record.time,
            link: record.link,
            data: self.source.bytes(record.start, record.len),
            original_len: record.original_len,
        }
    }

    fn is_turn_over(&self) -> bool {
        self.source.is_used_up()
            && match &self.reader {
                Reader::Pcap(pcap) => pcap.lacks(&self.source),
                Reader::Pcapng(pcapng) => pcapng.lacks(&self.source),
            }
    }

    /// The next record, for which there may be much to read.
    fn record(&mut self) -> Result<Option<Record>, CaptureError> {
        let record = match &mut self.reader {
            Reader::Pcap(pcap) => pcap.next(&mut self.source, &mut self.notes, self.packets),
            Reader::Pcapng(pcapng) => pcapng.next(&mut self.source, &mut self.notes, self.packets),
        };
        let record = record.map_err(|cause| CaptureError::Io {
            name: self.name.clone(),
            offset: self.source.offset(),
            cause,
        })?;
        if record.is_none() {
            self.look_at_ratio();
            if let Some(why) = self.source.broken_wrapping() {
                self.notes.add(self.packets, self.source.offset(), Damage::Compression(why));
            }
        }
        Ok(record)
    }

    fn look_at_ratio(&mut self) {
        let packed = self.bytes_read().max(1);
        let unpacked = self.source.offset();
        if unpacked / packed > self.ratio && !self.ratio_told {
            self.ratio_told = true;
            self.notes.remark(self.packets, unpacked, Damage::Ratio(unpacked / packed));
        }
    }

    /// Where the next packet is, for [`resume`](Self::resume).
    pub fn mark(&self) -> Mark {
        Mark { offset: self.source.offset(), packets: self.packets, reader: self.reader.clone() }
    }

    /// Goes on at a mark of an earlier reading. `input` is the unpacked capture from the mark's offset on.
    pub fn resume(input: Box<dyn Read + Send>, name: &str, mark: &Mark, limits: &Limits) -> Capture {
        let (input, read) = unpack::metered(input);
        let kind = match &mark.reader {
            Reader::Pcap(_) => Kind::Pcap,
            Reader::Pcapng(_) => Kind::Pcapng,
        };
        Capture {
            name: name.to_owned(),
            source: Source::new(input, limits.capture_block, false),
            reader: mark.reader.clone(),
            notes: Notes::default(),
            packets: mark.packets,
            format: Format { kind, compression: Vec::new() },
            read,
            ratio: limits.unpack_ratio,
            ratio_told: false,
        }
    }

    /// From here on another thread reads, and takes compression off.
    pub fn read_ahead(&mut self) {
        let read = self.read.clone();
        self.source.read_ahead(move || read.bytes());
    }

    /// From here on threads read and decode by turns, each what it read itself; this one's turn lasts until
    /// [`OfTurn::Over`]. `whole` is the input, which is not compressed, from its beginning. Tells where the first lot
    /// begins; those that follow begin where the one before ends.
    pub fn share(&mut self, whole: Arc<dyn ReadAt>) -> u64 {
        let at = self.read.bytes();
        self.source.share(whole, at);
        at
    }

    /// A turn begins, with what was read for it.
    pub fn begin_turn(&mut self, lot: Lot) {
        self.source.begin_turn(lot);
    }

    /// A turn is over. Memory that is free again comes back.
    pub fn end_turn(&mut self) -> Option<Lot> {
        self.source.left()
    }

    /// Writes a copy of the unpacked capture, from its first byte on, to `spool`. To be called right after opening.
    pub fn copy_to(&mut self, spool: Box<dyn Write + Send>) {
        self.source.copy_to(spool);
    }

    /// What was found.
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// What was skipped or cut, in order; the first hundred.
    pub fn notes(&self) -> &[Note] {
        self.notes.kept()
    }

    /// How many notes there were, kept or not.
    pub fn note_count(&self) -> u64 {
        self.notes.count() + self.notes.remarks()
    }

    /// False once the capture was found cut or something in it had to be skipped.
    pub fn complete(&self) -> bool {
        self.notes.count() == 0
    }

    /// Packets read so far.
    pub fn packets(&self) -> u64 {
        self.packets
    }

    /// Offset of the next packet's record in the unpacked capture.
    #[inline]
    pub fn offset(&self) -> u64 {
        self.source.offset()
    }

    /// Bytes read of the underlying, possibly compressed, input, for what was decoded so far.
    pub fn bytes_read(&self) -> u64 {
        self.source.meter().unwrap_or_else(|| self.read.bytes())
    }
}

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture").field("name", &self.name).field("format", &self.format).finish_non_exhaustive()
    }
}

impl fmt::Display for Format {
    /// `pcapng`, `pcap.gz`, written as the name of such a file would end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Pcap => "pcap",
            Kind::Pcapng => "pcapng",
        })?;
        self.compression.iter().rev().try_for_each(|layer| write!(f, ".{layer}"))
    }
}

impl LinkType {
    /// BSD loopback: the address family in the byte order of the capturing machine.
    pub const NULL: LinkType = LinkType(0);
    /// Ethernet.
    pub const ETHERNET: LinkType = LinkType(1);
    /// PPP, with or without HDLC framing.
    pub const PPP: LinkType = LinkType(9);
    /// PPP in HDLC-like framing.
    pub const PPP_HDLC: LinkType = LinkType(50);
    /// PPPoE session packets without an Ethernet header.
    pub const PPP_ETHER: LinkType = LinkType(51);
    /// Raw IP of either version.
    pub const RAW: LinkType = LinkType(101);
    /// Cisco HDLC.
    pub const C_HDLC: LinkType = LinkType(104);
    /// OpenBSD loopback: the address family in network byte order.
    pub const LOOP: LinkType = LinkType(108);
    /// Linux cooked capture, version 1.
    pub const LINUX_SLL: LinkType = LinkType(113);
    /// Raw IPv4.
    pub const IPV4: LinkType = LinkType(228);
    /// Raw IPv6.
    pub const IPV6: LinkType = LinkType(229);
    /// Linux cooked capture, version 2.
    pub const LINUX_SLL2: LinkType = LinkType(276);
}
