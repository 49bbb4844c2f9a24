//! Link layers: what a frame of some link type starts with, Ethernet with VLAN tags, PPP and MPLS.

use super::{Layer, LinkType, Other, Walk};

/// EtherTypes, as far as they lead to IP.
mod ether {
    pub(super) const IPV4: u16 = 0x0800;
    pub(super) const IPV6: u16 = 0x86dd;
    pub(super) const VLAN: u16 = 0x8100;
    pub(super) const QINQ: u16 = 0x88a8;
    pub(super) const OLD_QINQ: [u16; 2] = [0x9100, 0x9200];
    pub(super) const PPPOE_SESSION: u16 = 0x8864;
    pub(super) const MPLS: [u16; 2] = [0x8847, 0x8848];
    pub(super) const BRIDGED_ETHERNET: u16 = 0x6558;
}

/// A header that is only stepped over: its length, and where it says what follows.
pub(super) enum First {
    /// Straight to a layer.
    Layer(Layer),
    /// A header of this length with an EtherType at this offset.
    Cooked { len: usize, ether_type: usize },
    /// A header of four bytes with an address family; IP says itself which version it is.
    Family,
    /// PPPoE without Ethernet.
    Pppoe,
}

/// What a frame of this link type starts with.
pub(super) fn first(link: LinkType) -> Result<First, Other> {
    Ok(match link {
        LinkType::ETHERNET => First::Layer(Layer::Ethernet),
        LinkType::LINUX_SLL => First::Cooked { len: 16, ether_type: 14 },
        LinkType::LINUX_SLL2 => First::Cooked { len: 20, ether_type: 0 },
        LinkType::C_HDLC => First::Cooked { len: 4, ether_type: 2 },
        LinkType::NULL | LinkType::LOOP => First::Family,
        // 12 and 14 are what some systems write for raw IP instead of 101.
        LinkType::RAW | LinkType::IPV4 | LinkType::IPV6 | LinkType(12 | 14) => First::Layer(Layer::Internet),
        LinkType::PPP | LinkType::PPP_HDLC => First::Layer(Layer::Ppp),
        LinkType::PPP_ETHER => First::Pppoe,
        other => return Err(Other::LinkType(other)),
    })
}

impl Walk<'_> {
    pub(super) fn enter(&mut self, first: First) -> Result<Layer, Other> {
        match first {
            First::Layer(layer) => Ok(layer),
            First::Cooked { len, ether_type } => {
                let kind = self.u16(ether_type)?;
                self.skip(len);
                Ok(Layer::EtherType(kind))
            }
            First::Family => {
                // Host byte order of the capturing machine or network byte order: the family fits in one byte.
                let family = self.u32(0)?;
                match if family > 0xffff { family.swap_bytes() } else { family } {
                    2 | 10 | 23 | 24 | 28 | 30 => {}
                    other => return Err(Other::NotIp(other as u16)),
                }
                self.skip(4);
                Ok(Layer::Internet)
            }
            First::Pppoe => self.pppoe(),
        }
    }

    pub(super) fn ethernet(&mut self) -> Result<Layer, Other> {
        let kind = self.u16(12)?;
        self.skip(14);
        Ok(Layer::EtherType(kind))
    }

    pub(super) fn ether_type(&mut self, kind: u16) -> Result<Layer, Other> {
        let next = match kind {
            ether::IPV4 | ether::IPV6 => Layer::Internet,
            ether::VLAN | ether::QINQ => self.vlan()?,
            kind if ether::OLD_QINQ.contains(&kind) => self.vlan()?,
            ether::PPPOE_SESSION => self.pppoe()?,
            kind if ether::MPLS.contains(&kind) => Layer::Mpls,
            ether::BRIDGED_ETHERNET => Layer::Ethernet,
            // 802.3 with a length instead of a type: IP hides behind a SNAP header, if at all.
            0..=1500 if self.u16(0)? == 0xaaaa && self.u32(2)? == 0x0300_0000 => {
                let kind = self.u16(6)?;
                self.skip(8);
                Layer::EtherType(kind)
            }
            other => return Err(Other::NotIp(other)),
        };
        Ok(next)
    }

    fn vlan(&mut self) -> Result<Layer, Other> {
        let kind = self.u16(2)?;
        self.skip(4);
        Ok(Layer::EtherType(kind))
    }

    /// PPPoE session (RFC 2516): version and type, code, session, length.
    fn pppoe(&mut self) -> Result<Layer, Other> {
        let len = self.u16(4)?;
        self.skip(6);
        self.limit(len.into());
        Ok(Layer::Ppp)
    }

    /// PPP (RFC 1661, RFC 1662): address and control may be left out, the protocol may be compressed to one byte.
    pub(super) fn ppp(&mut self) -> Result<Layer, Other> {
        if self.u16(0)? == 0xff03 {
            self.skip(2);
        }
        let protocol = match self.u8(0)? {
            short if short & 1 == 1 => {
                self.skip(1);
                short.into()
            }
            _ => {
                let protocol = self.u16(0)?;
                self.skip(2);
                protocol
            }
        };
        match protocol {
            0x0021 | 0x0057 => Ok(Layer::Internet),
            0x0281 | 0x0283 => Ok(Layer::Mpls),
            other => Err(Other::NotIp(other)),
        }
    }

    /// MPLS labels (RFC 3032) up to the bottom of the stack. What follows is not announced: the first bits tell IP,
    /// the control word of a pseudowire (RFC 4385) and Ethernet apart.
    pub(super) fn mpls(&mut self) -> Result<Layer, Other> {
        while self.u32(0)? & 0x100 == 0 {
            self.skip(4);
        }
        self.skip(4);
        let next = match self.u8(0)? >> 4 {
            4 | 6 => Layer::Internet,
            0 => {
                self.skip(4);
                Layer::Ethernet
            }
            _ => Layer::Ethernet,
        };
        Ok(next)
    }
}
