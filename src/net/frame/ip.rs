//! IP of both versions (RFC 791, RFC 8200) and the TCP header (RFC 9293).

use std::net::{IpAddr, SocketAddr};

use etherparse::{Ipv4HeaderSlice, Ipv6HeaderSlice, TcpHeaderSlice};

use super::{Content, DatagramId, Ends, Flags, Fragment, Layer, Other, Segment, Step, Walk};

/// IP protocol numbers and IPv6 extension headers, as far as they lead to TCP.
mod protocol {
    pub(super) const HOP_BY_HOP: u8 = 0;
    pub(super) const IPV4: u8 = 4;
    pub(super) const TCP: u8 = 6;
    pub(super) const UDP: u8 = 17;
    pub(super) const IPV6: u8 = 41;
    pub(super) const ROUTING: u8 = 43;
    pub(super) const FRAGMENT: u8 = 44;
    pub(super) const GRE: u8 = 47;
    pub(super) const AUTHENTICATION: u8 = 51;
    pub(super) const DESTINATION_OPTIONS: u8 = 60;
    pub(super) const MOBILITY: u8 = 135;
    pub(super) const MPLS: u8 = 137;
}

impl<'a> Walk<'a> {
    /// An IP header; its first bits say which version, so that a wrong EtherType does no harm.
    pub(super) fn internet(&mut self) -> Result<Step<'a>, Other> {
        match self.u8(0)? >> 4 {
            4 => self.ipv4(),
            6 => self.ipv6(),
            _ => Err(Other::Unreadable),
        }
    }

    fn ipv4(&mut self) -> Result<Step<'a>, Other> {
        let header = Ipv4HeaderSlice::from_slice(self.rest()).map_err(|_| Other::Unreadable)?;
        let header_len = header.slice().len();
        match usize::from(header.total_len()) {
            // Segmentation offload leaves it empty: then the packet fills the frame.
            0 => {}
            total if total < header_len => return Err(Other::Unreadable),
            // Believed even beyond the frame: some programs forget the original length when they cut.
            total => self.end = self.at.saturating_add(total),
        }
        let ends = Ends { src: IpAddr::V4(header.source_addr()), dst: IpAddr::V4(header.destination_addr()) };
        let protocol = header.protocol().0;
        self.skip(header_len);
        let offset = u32::from(header.fragments_offset().value()) * 8;
        if header.more_fragments() || offset != 0 {
            let datagram = DatagramId { ends, protocol, id: header.identification().into() };
            return Ok(self.fragment(datagram, offset, header.more_fragments()));
        }
        Ok(Step::To(Layer::Ip { protocol, ends }))
    }

    fn ipv6(&mut self) -> Result<Step<'a>, Other> {
        let header = Ipv6HeaderSlice::from_slice(self.rest()).map_err(|_| Other::Unreadable)?;
        let ends = Ends { src: IpAddr::V6(header.source_addr()), dst: IpAddr::V6(header.destination_addr()) };
        let protocol = header.next_header().0;
        let len = usize::from(header.payload_length());
        self.skip(40);
        // Empty for segmentation offload and jumbograms: then the packet fills the frame.
        if len != 0 {
            self.end = self.at.saturating_add(len);
        }
        Ok(Step::To(Layer::Ip { protocol, ends }))
    }

    pub(super) fn ip_payload(&mut self, protocol: u8, ends: Ends) -> Result<Step<'a>, Other> {
        match protocol {
            protocol::TCP => self.tcp(ends),
            protocol::UDP => self.udp(),
            protocol::IPV4 | protocol::IPV6 => Ok(Step::To(Layer::Internet)),
            protocol::GRE => self.gre(),
            protocol::MPLS => Ok(Step::To(Layer::Mpls)),
            protocol::HOP_BY_HOP | protocol::ROUTING | protocol::DESTINATION_OPTIONS | protocol::MOBILITY => {
                self.extension(ends, |len| (usize::from(len) + 1) * 8)
            }
            protocol::AUTHENTICATION => self.extension(ends, |len| (usize::from(len) + 2) * 4),
            protocol::FRAGMENT => self.fragment_header(ends),
            other => Err(Other::NotTcp(other)),
        }
    }

    fn extension(&mut self, ends: Ends, len: fn(u8) -> usize) -> Result<Step<'a>, Other> {
        let protocol = self.u8(0)?;
        let len = len(self.u8(1)?);
        self.skip(len);
        Ok(Step::To(Layer::Ip { protocol, ends }))
    }

    fn fragment_header(&mut self, ends: Ends) -> Result<Step<'a>, Other> {
        let protocol = self.u8(0)?;
        let place = self.u16(2)?;
        let id = self.u32(4)?;
        self.skip(8);
        let (offset, more) = (u32::from(place & !7), place & 1 == 1);
        if offset == 0 && !more {
            return Ok(Step::To(Layer::Ip { protocol, ends }));
        }
        Ok(self.fragment(DatagramId { ends, protocol, id }, offset, more))
    }

    fn fragment(&self, datagram: DatagramId, offset: u32, more: bool) -> Step<'a> {
        Step::Done(Content::Fragment(Fragment {
            datagram,
            offset,
            more,
            payload: self.rest(),
            payload_offset: u32::try_from(self.at).unwrap_or(u32::MAX),
            cut: self.cut(),
        }))
    }

    fn tcp(&mut self, ends: Ends) -> Result<Step<'a>, Other> {
        let header = TcpHeaderSlice::from_slice(self.rest()).map_err(|_| Other::Unreadable)?;
        self.skip(header.slice().len());
        Ok(Step::Done(Content::Segment(Segment {
            src: SocketAddr::new(ends.src, header.source_port()),
            dst: SocketAddr::new(ends.dst, header.destination_port()),
            seq: header.sequence_number(),
            ack: header.acknowledgment_number(),
            flags: Flags { syn: header.syn(), ack: header.ack(), fin: header.fin(), rst: header.rst() },
            payload: self.rest(),
            payload_offset: u32::try_from(self.at).unwrap_or(u32::MAX),
            cut: self.cut(),
        })))
    }
}
