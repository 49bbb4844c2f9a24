//! Packets made by hand and a receiver that remembers, for the tests of this folder.

use std::collections::BTreeMap;

use super::{FlowId, FlowInfo, Flows, LinkType, Packet, Receiver, Side};
use crate::limits::Limits;
use crate::stream::{Ending, Piece, Stamp};
use crate::time::Time;

pub(super) const CLIENT: (u8, u16) = (1, 40_000);
pub(super) const SERVER: (u8, u16) = (2, 1935);

pub(super) const FIN: u8 = 1;
pub(super) const SYN: u8 = 2;
pub(super) const RST: u8 = 4;
pub(super) const PSH: u8 = 8;
pub(super) const ACK: u8 = 16;

/// A raw IPv4 packet from 10.0.0.x, with a TCP segment.
pub(super) fn tcp(from: (u8, u16), to: (u8, u16), flags: u8, seq: u32, ack: u32, payload: &[u8]) -> Vec<u8> {
    let mut segment = Vec::new();
    segment.extend(from.1.to_be_bytes());
    segment.extend(to.1.to_be_bytes());
    segment.extend(seq.to_be_bytes());
    segment.extend(ack.to_be_bytes());
    segment.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
    segment.extend(payload);
    ipv4(from.0, to.0, 6, 0, &segment)
}

/// A raw IPv4 packet; `place` is the word of flags and fragment offset.
pub(super) fn ipv4(from: u8, to: u8, protocol: u8, place: u16, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x45, 0];
    packet.extend((20 + payload.len() as u16).to_be_bytes());
    packet.extend([0x12, 0x34]);
    packet.extend(place.to_be_bytes());
    packet.extend([64, protocol, 0, 0, 10, 0, 0, from, 10, 0, 0, to]);
    packet.extend(payload);
    packet
}

/// What one connection delivered.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) sides: [Vec<u8>; 2],
    /// Where gaps are, and how long.
    pub(super) gaps: [Vec<(u64, u64)>; 2],
    pub(super) ends: [Option<Ending>; 2],
    pub(super) closed: bool,
}

/// Feeds IP packets to `Flows` and remembers what comes out; checks the promises of `Receiver` and the ledger, and that
/// the short way and the long one come to the same.
pub(super) struct Tape {
    pub(super) flows: Flows,
    pub(super) heard: Ear,
    /// The same by the long way.
    long: (Flows, Ear),
    millisecond: i64,
}

#[derive(Debug, Default, PartialEq)]
pub(super) struct Ear {
    pub(super) infos: Vec<FlowInfo>,
    pub(super) connections: BTreeMap<FlowId, Heard>,
    packets: Vec<Vec<u8>>,
}

impl Tape {
    pub(super) fn new(limits: &Limits) -> Tape {
        let long = (Flows::new(limits), Ear::default());
        Tape { flows: Flows::new(limits), heard: Ear::default(), long, millisecond: 0 }
    }

    /// The next packet, a millisecond later.
    pub(super) fn push(&mut self, data: Vec<u8>) -> &mut Tape {
        let whole = data.len();
        self.push_cut(data, whole)
    }

    /// The next packet, in an Ethernet frame, of which only `captured` bytes of the packet are in the capture.
    pub(super) fn push_cut(&mut self, packet: Vec<u8>, captured: usize) -> &mut Tape {
        let mut data = [&[2; 12][..], &[8, 0], &packet].concat();
        let original_len = data.len() as u32;
        data.truncate(14 + captured);
        self.millisecond += 1;
        let number = self.heard.packets.len() as u64 + 1;
        self.heard.packets.push(data.clone());
        self.long.1.packets.push(data.clone());
        let time = Some(Time(self.millisecond * 1_000_000));
        let packet = Packet { number, time, link: LinkType::ETHERNET, data: &data, original_len };
        self.flows.push(&packet, &mut self.heard);
        self.long.0.push_long(&packet, &mut self.long.1);
        assert_eq!(self.flows.census(), self.long.0.census());
        self
    }

    pub(super) fn client(&mut self, flags: u8, seq: u32, ack: u32, payload: &[u8]) -> &mut Tape {
        self.push(tcp(CLIENT, SERVER, flags, seq, ack, payload))
    }

    pub(super) fn server(&mut self, flags: u8, seq: u32, ack: u32, payload: &[u8]) -> &mut Tape {
        self.push(tcp(SERVER, CLIENT, flags, seq, ack, payload))
    }

    /// SYN with 999, SYN-ACK with 4999, ACK: payload starts at 1000 and 5000.
    pub(super) fn handshake(&mut self) -> &mut Tape {
        self.client(SYN, 999, 0, b"").server(SYN | ACK, 4999, 1000, b"").client(ACK, 1000, 5000, b"")
    }

    pub(super) fn pass(&mut self, milliseconds: i64) -> &mut Tape {
        self.millisecond += milliseconds;
        self
    }

    pub(super) fn finish(&mut self) -> Vec<Heard> {
        assert_eq!(self.flows.known(), self.long.0.known());
        self.flows.finish(&mut self.heard);
        self.long.0.finish(&mut self.long.1);
        assert_eq!(self.heard, self.long.1, "the short way and the long one");
        let heard: Vec<Heard> = self.heard.connections.values().cloned().collect();
        assert!(heard.iter().all(|heard| heard.closed));
        heard
    }

    /// The only connection there is.
    pub(super) fn only(&mut self) -> Heard {
        let mut all = self.finish();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    pub(super) fn now(&self) -> Heard {
        assert_eq!(self.heard.connections.len(), 1);
        self.heard.connections.values().next().cloned().unwrap()
    }
}

impl Receiver for Ear {
    fn opened(&mut self, flow: FlowId, info: &FlowInfo) {
        self.infos.push(*info);
        assert!(self.connections.insert(flow, Heard::default()).is_none());
    }

    fn piece(&mut self, flow: FlowId, side: Side, stamp: Stamp, piece: Piece<'_>) {
        let heard = self.connections.get_mut(&flow).unwrap();
        let side = side as usize;
        assert!(!heard.closed && heard.ends[side].is_none());
        match piece {
            Piece::Data(data) => {
                let at = stamp.frame_offset as usize;
                assert_eq!(&self.packets[stamp.packet as usize - 1][at..at + data.len()], data, "the ledger is right");
                heard.sides[side].extend(data);
            }
            Piece::Gap(len, _) => {
                assert!(len > 0);
                let at = heard.sides[side].len() as u64 + heard.gaps[side].iter().map(|gap| gap.1).sum::<u64>();
                heard.gaps[side].push((at, len));
            }
            Piece::End(ending) => heard.ends[side] = Some(ending),
        }
    }

    fn closed(&mut self, flow: FlowId) {
        let heard = self.connections.get_mut(&flow).unwrap();
        assert!(!heard.closed && heard.ends.iter().all(Option::is_some));
        heard.closed = true;
    }
}
