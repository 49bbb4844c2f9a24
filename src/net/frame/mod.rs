//! One captured frame to what it carries: a TCP segment, a fragment of a datagram, or something else.
//!
//! Peels headers from the outside in, one function per layer, each of which says what comes next. Lengths inside the
//! packet (IP total length and the like) decide where the payload ends, never the length of the frame: Ethernet pads
//! and checksums behind it. Where the capture cut the frame, the segment says how many bytes are missing. Checksums
//! are not verified: offloading makes them wrong in most captures of the sending host.

use std::net::{IpAddr, SocketAddr};

use crate::net::bytes::array;
use crate::net::capture::LinkType;

mod ip;
mod link;
#[cfg(test)]
mod tests;
mod tunnel;
mod usual;

/// Headers peeled off one frame at most; more is an attack, not a network.
const LAYERS: usize = 32;

/// A TCP segment in a captured frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// Who sent it.
    pub src: SocketAddr,
    /// Who it is for.
    pub dst: SocketAddr,
    /// Sequence number of the first payload byte (of the SYN, if it is one).
    pub seq: u32,
    /// Acknowledgment number; means something with `flags.ack` only.
    pub ack: u32,
    /// The control flags.
    pub flags: Flags,
    /// The payload, as far as it was captured.
    pub payload: &'a [u8],
    /// Where the payload starts in the frame.
    pub payload_offset: u32,
    /// Bytes of payload behind `payload` that the capture cut off.
    pub cut: u32,
}

/// The TCP flags that matter to reassembly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Opens a connection.
    pub syn: bool,
    /// The acknowledgment number counts.
    pub ack: bool,
    /// The sender closes its side.
    pub fin: bool,
    /// The sender resets the connection.
    pub rst: bool,
}

/// Why a frame holds no TCP segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// A link type that is not known.
    LinkType(LinkType),
    /// A link-layer payload that is not IP, by its EtherType (or PPP protocol).
    NotIp(u16),
    /// An IP payload that is neither TCP nor a known tunnel, by its protocol number.
    NotTcp(u8),
    /// A fragment of an IP datagram; only `Flows` puts datagrams together.
    Fragment,
    /// A header that the capture cut off or that contradicts itself.
    Unreadable,
}

/// What a frame carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content<'a> {
    Segment(Tcp<'a>),
    Fragment(Fragment<'a>),
}

/// A TCP segment as it comes off the frame. Addresses stay plain numbers: standard ones, passed from layer to layer
/// for every packet, cost more than all the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tcp<'a> {
    pub(super) ends: Ends,
    pub(super) src_port: u16,
    pub(super) dst_port: u16,
    pub(super) seq: u32,
    pub(super) ack: u32,
    pub(super) flags: Flags,
    pub(super) payload: &'a [u8],
    pub(super) payload_offset: u32,
    pub(super) cut: u32,
}

/// A fragment of an IP datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fragment<'a> {
    pub(super) datagram: DatagramId,
    /// Where its payload belongs in the datagram.
    pub(super) offset: u32,
    /// Whether fragments follow.
    pub(super) more: bool,
    pub(super) payload: &'a [u8],
    /// Where the payload starts in the frame.
    pub(super) payload_offset: u32,
    /// Bytes of it that the capture cut off.
    pub(super) cut: u32,
}

/// Which datagram a fragment belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct DatagramId {
    pub(super) ends: Ends,
    pub(super) protocol: u8,
    pub(super) id: u32,
}

/// The addresses of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Ends {
    V4 { src: u32, dst: u32 },
    V6 { src: u128, dst: u128 },
}

impl Ends {
    /// Before any IP header.
    const NONE: Ends = Ends::V4 { src: 0, dst: 0 };

    fn addresses(self) -> (IpAddr, IpAddr) {
        match self {
            Ends::V4 { src, dst } => (IpAddr::V4(src.into()), IpAddr::V4(dst.into())),
            Ends::V6 { src, dst } => (IpAddr::V6(src.into()), IpAddr::V6(dst.into())),
        }
    }
}

/// Reads the TCP segment of a captured frame.
pub fn segment(link: LinkType, data: &[u8], original_len: u32) -> Result<Segment<'_>, Other> {
    match content(link, data, original_len)? {
        Content::Segment(tcp) => {
            let (src, dst) = tcp.ends.addresses();
            Ok(Segment {
                src: SocketAddr::new(src, tcp.src_port),
                dst: SocketAddr::new(dst, tcp.dst_port),
                seq: tcp.seq,
                ack: tcp.ack,
                flags: tcp.flags,
                payload: tcp.payload,
                payload_offset: tcp.payload_offset,
                cut: tcp.cut,
            })
        }
        Content::Fragment(_) => Err(Other::Fragment),
    }
}

/// Reads what a captured frame carries.
pub(super) fn content(link: LinkType, data: &[u8], original_len: u32) -> Result<Content<'_>, Other> {
    match usual(link, data) {
        Some(tcp) => Ok(Content::Segment(tcp)),
        None => walk(link, data, original_len),
    }
}

/// The segment in a frame like nearly all of them; `None` where [`walk`] has to look.
#[inline]
pub(super) fn usual(link: LinkType, data: &[u8]) -> Option<Tcp<'_>> {
    if link == LinkType::ETHERNET { usual::segment(data) } else { None }
}

/// The same from header to header, whatever they are.
pub(super) fn walk(link: LinkType, data: &[u8], original_len: u32) -> Result<Content<'_>, Other> {
    let end = data.len().max(original_len as usize);
    let mut walk = Walk { frame: data, at: 0, end, ends: Ends::NONE };
    let layer = walk.enter(link::first(link)?)?;
    walk.run(layer)
}

/// Reads what a datagram carries that was put together from fragments.
pub(super) fn datagram_content(id: DatagramId, data: &[u8]) -> Result<Content<'_>, Other> {
    Walk { frame: data, at: 0, end: data.len(), ends: id.ends }.run(Layer::Ip(id.protocol))
}

/// What comes next in a frame.
#[derive(Clone, Copy)]
enum Layer {
    Ethernet,
    EtherType(u16),
    Ppp,
    Mpls,
    /// An IP header of whichever version its first bits say.
    Internet,
    /// What an IP header of this protocol number carries.
    Ip(u8),
    Fragment(Place),
    Tcp,
}

/// Where a fragment belongs.
#[derive(Clone, Copy)]
struct Place {
    protocol: u8,
    id: u32,
    offset: u32,
    more: bool,
}

/// A frame being peeled.
struct Walk<'a> {
    frame: &'a [u8],
    /// Where the next header starts.
    at: usize,
    /// Where the current payload ends on the wire; behind the end of `frame` if the capture cut it.
    end: usize,
    /// The addresses of the innermost IP header so far.
    ends: Ends,
}

impl<'a> Walk<'a> {
    #[inline]
    fn run(mut self, first: Layer) -> Result<Content<'a>, Other> {
        let mut layer = first;
        for _ in 0..LAYERS {
            layer = match layer {
                Layer::Ethernet => self.ethernet()?,
                Layer::EtherType(kind) => self.ether_type(kind)?,
                Layer::Ppp => self.ppp()?,
                Layer::Mpls => self.mpls()?,
                Layer::Internet => self.internet()?,
                Layer::Ip(protocol) => self.ip_payload(protocol)?,
                Layer::Fragment(place) => return Ok(Content::Fragment(self.fragment(place))),
                Layer::Tcp => return Ok(Content::Segment(self.tcp()?)),
            };
        }
        Err(Other::Unreadable)
    }

    /// The captured bytes from here to the end of the current payload.
    fn rest(&self) -> &'a [u8] {
        self.frame.get(self.at..self.end.min(self.frame.len())).unwrap_or_default()
    }

    /// How many bytes of the current payload the capture cut off.
    fn cut(&self) -> u32 {
        let captured = self.frame.len().max(self.at);
        u32::try_from(self.end.saturating_sub(captured)).unwrap_or(u32::MAX)
    }

    /// Ends the current payload `len` bytes from here, unless it ends before.
    fn limit(&mut self, len: usize) {
        self.end = self.end.min(self.at.saturating_add(len));
    }

    fn skip(&mut self, len: usize) {
        self.at = self.at.saturating_add(len);
    }

    fn u8(&self, at: usize) -> Result<u8, Other> {
        self.rest().get(at).copied().ok_or(Other::Unreadable)
    }

    fn u16(&self, at: usize) -> Result<u16, Other> {
        array(self.rest(), at).map(u16::from_be_bytes).ok_or(Other::Unreadable)
    }

    fn u32(&self, at: usize) -> Result<u32, Other> {
        array(self.rest(), at).map(u32::from_be_bytes).ok_or(Other::Unreadable)
    }
}
