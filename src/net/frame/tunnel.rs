//! Tunnels that taps and mobile or overlay networks wrap around IP: GRE and ERSPAN, VXLAN, Geneve, GTP-U.

use super::{Layer, Other, Walk};

/// Destination ports of UDP tunnels.
mod port {
    pub(super) const GTP_U: u16 = 2152;
    pub(super) const VXLAN: u16 = 4789;
    pub(super) const GENEVE: u16 = 6081;
    /// What Linux used before VXLAN had a port of its own.
    pub(super) const OLD_VXLAN: u16 = 8472;
}

/// IP protocol number of UDP, to report what is no tunnel.
const UDP: u8 = 17;

impl Walk<'_> {
    pub(super) fn udp(&mut self) -> Result<Layer, Other> {
        let port = self.u16(2)?;
        let len = usize::from(self.u16(4)?);
        if len >= 8 {
            self.limit(len);
        }
        self.skip(8);
        match port {
            port::VXLAN | port::OLD_VXLAN => self.vxlan(),
            port::GENEVE => self.geneve(),
            port::GTP_U => self.gtp_u(),
            _ => Err(Other::NotTcp(UDP)),
        }
    }

    /// RFC 7348: the flag that the network identifier is there, and the identifier.
    fn vxlan(&mut self) -> Result<Layer, Other> {
        if self.u8(0)? & 0x08 == 0 {
            return Err(Other::NotTcp(UDP));
        }
        self.skip(8);
        Ok(Layer::Ethernet)
    }

    /// RFC 8926.
    fn geneve(&mut self) -> Result<Layer, Other> {
        let first = self.u8(0)?;
        if first >> 6 != 0 {
            return Err(Other::NotTcp(UDP));
        }
        let kind = self.u16(2)?;
        self.skip(8 + usize::from(first & 0x3f) * 4);
        Ok(Layer::EtherType(kind))
    }

    /// 3GPP TS 29.281: version 1 with user data (message type 255), and a chain of extension headers.
    fn gtp_u(&mut self) -> Result<Layer, Other> {
        let flags = self.u8(0)?;
        if flags >> 4 != 0b0011 || self.u8(1)? != 0xff {
            return Err(Other::NotTcp(UDP));
        }
        let len = usize::from(self.u16(2)?);
        self.skip(8);
        self.limit(len);
        if flags & 0b111 != 0 {
            let mut next = self.u8(3)?;
            self.skip(4);
            while flags & 0b100 != 0 && next != 0 {
                let len = usize::from(self.u8(0)?) * 4;
                if len == 0 {
                    return Err(Other::Unreadable);
                }
                next = self.u8(len - 1)?;
                self.skip(len);
            }
        }
        Ok(Layer::Internet)
    }

    /// RFC 2784 with the key and sequence number of RFC 2890, and version 1 of PPTP (RFC 2637).
    pub(super) fn gre(&mut self) -> Result<Layer, Other> {
        let flags = self.u16(0)?;
        let kind = self.u16(2)?;
        let has = |bit: u16| flags & bit != 0;
        if flags & 7 == 1 {
            self.skip(8 + if has(0x1000) { 4 } else { 0 } + if has(0x0080) { 4 } else { 0 });
            return if kind == 0x880b { Ok(Layer::Ppp) } else { Err(Other::NotIp(kind)) };
        }
        if has(0x4000) {
            // Source routing: nobody uses it, and its length is not announced.
            return Err(Other::Unreadable);
        }
        let options = [0x8000, 0x2000, 0x1000].into_iter().filter(|&bit| has(bit)).count();
        self.skip(4 + options * 4);
        match kind {
            // ERSPAN type I has no header of its own; type II announces itself by a sequence number.
            0x88be => {
                self.skip(if has(0x1000) { 8 } else { 0 });
                Ok(Layer::Ethernet)
            }
            // ERSPAN type III: the last bit says that 8 more bytes follow.
            0x22eb => {
                let more = self.u8(11)? & 1 == 1;
                self.skip(if more { 20 } else { 12 });
                Ok(Layer::Ethernet)
            }
            kind => Ok(Layer::EtherType(kind)),
        }
    }
}
