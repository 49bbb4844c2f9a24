//! IP of both versions (RFC 791, RFC 8200) and the TCP header (RFC 9293).

use etherparse::{Ipv4HeaderSlice, Ipv6HeaderSlice, TcpHeaderSlice};

use super::{DatagramId, Ends, Flags, Fragment, Layer, Other, Place, Tcp, Walk};

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
    pub(super) fn internet(&mut self) -> Result<Layer, Other> {
        match self.u8(0)? >> 4 {
            4 => self.ipv4(),
            6 => self.ipv6(),
            _ => Err(Other::Unreadable),
        }
    }

    fn ipv4(&mut self) -> Result<Layer, Other> {
        let header = Ipv4HeaderSlice::from_slice(self.rest()).map_err(|_| Other::Unreadable)?;
        let header_len = header.slice().len();
        match usize::from(header.total_len()) {
            // Segmentation offload leaves it empty: then the packet fills the frame.
            0 => {}
            total if total < header_len => return Err(Other::Unreadable),
            // Believed even beyond the frame: some programs forget the original length when they cut.
            total => self.end = self.at.saturating_add(total),
        }
        self.ends =
            Ends::V4 { src: u32::from_be_bytes(header.source()), dst: u32::from_be_bytes(header.destination()) };
        let protocol = header.protocol().0;
        self.skip(header_len);
        let offset = u32::from(header.fragments_offset().value()) * 8;
        if header.more_fragments() || offset != 0 {
            let id = header.identification().into();
            return Ok(Layer::Fragment(Place { protocol, id, offset, more: header.more_fragments() }));
        }
        Ok(Layer::Ip(protocol))
    }

    fn ipv6(&mut self) -> Result<Layer, Other> {
        let header = Ipv6HeaderSlice::from_slice(self.rest()).map_err(|_| Other::Unreadable)?;
        self.ends =
            Ends::V6 { src: u128::from_be_bytes(header.source()), dst: u128::from_be_bytes(header.destination()) };
        let protocol = header.next_header().0;
        let len = usize::from(header.payload_length());
        self.skip(40);
        // Empty for segmentation offload and jumbograms: then the packet fills the frame.
        if len != 0 {
            self.end = self.at.saturating_add(len);
        }
        Ok(Layer::Ip(protocol))
    }

    pub(super) fn ip_payload(&mut self, protocol: u8) -> Result<Layer, Other> {
        match protocol {
            protocol::TCP => Ok(Layer::Tcp),
            protocol::UDP => self.udp(),
            protocol::IPV4 | protocol::IPV6 => Ok(Layer::Internet),
            protocol::GRE => self.gre(),
            protocol::MPLS => Ok(Layer::Mpls),
            protocol::HOP_BY_HOP | protocol::ROUTING | protocol::DESTINATION_OPTIONS | protocol::MOBILITY => {
                self.extension(|len| (usize::from(len) + 1) * 8)
            }
            protocol::AUTHENTICATION => self.extension(|len| (usize::from(len) + 2) * 4),
            protocol::FRAGMENT => self.fragment_header(),
            other => Err(Other::NotTcp(other)),
        }
    }

    fn extension(&mut self, len: fn(u8) -> usize) -> Result<Layer, Other> {
        let protocol = self.u8(0)?;
        let len = len(self.u8(1)?);
        self.skip(len);
        Ok(Layer::Ip(protocol))
    }

    fn fragment_header(&mut self) -> Result<Layer, Other> {
        let protocol = self.u8(0)?;
        let place = self.u16(2)?;
        let id = self.u32(4)?;
        self.skip(8);
        let (offset, more) = (u32::from(place & !7), place & 1 == 1);
        if offset == 0 && !more {
            return Ok(Layer::Ip(protocol));
        }
        Ok(Layer::Fragment(Place { protocol, id, offset, more }))
    }

    pub(super) fn fragment(&self, Place { protocol, id, offset, more }: Place) -> Fragment<'a> {
        Fragment {
            datagram: DatagramId { ends: self.ends, protocol, id },
            offset,
            more,
            payload: self.rest(),
            payload_offset: u32::try_from(self.at).unwrap_or(u32::MAX),
            cut: self.cut(),
        }
    }

    #[inline]
    pub(super) fn tcp(&mut self) -> Result<Tcp<'a>, Other> {
        let header = TcpHeaderSlice::from_slice(self.rest()).map_err(|_| Other::Unreadable)?;
        self.skip(header.slice().len());
        Ok(Tcp {
            ends: self.ends,
            src_port: header.source_port(),
            dst_port: header.destination_port(),
            seq: header.sequence_number(),
            ack: header.acknowledgment_number(),
            flags: Flags { syn: header.syn(), ack: header.ack(), fin: header.fin(), rst: header.rst() },
            payload: self.rest(),
            payload_offset: u32::try_from(self.at).unwrap_or(u32::MAX),
            cut: self.cut(),
        })
    }
}
