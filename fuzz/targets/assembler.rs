//! A list of TCP segments of four bytes each: what comes out stands in the packets that are named, in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::collections::HashMap;

use rtmpscope::limits::Limits;
use rtmpscope::net::{FlowId, FlowInfo, Flows, LinkType, Packet, Receiver, Side};
use rtmpscope::stream::{Piece, Stamp};
use rtmpscope::time::Time;

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;

/// Hears what is delivered and holds it to the promises of the receiver.
#[derive(Default)]
struct Ear {
    /// Frames and their sequence numbers.
    packets: Vec<(Vec<u8>, u32)>,
    sides: HashMap<(FlowId, Side), Heard>,
    leaps: bool,
}

#[derive(Default)]
struct Heard {
    /// Sequence number that comes next.
    next: Option<u32>,
    ended: bool,
    closed: bool,
}

impl Receiver for Ear {
    fn opened(&mut self, flow: FlowId, _: &FlowInfo) {
        for side in [Side::A, Side::B] {
            assert!(self.sides.insert((flow, side), Heard::default()).is_none(), "opened twice");
        }
    }

    fn piece(&mut self, flow: FlowId, side: Side, stamp: Stamp, piece: Piece<'_>) {
        let heard = self.sides.get_mut(&(flow, side)).expect("opened before its pieces");
        assert!(!heard.ended && !heard.closed, "a piece after the end");
        match piece {
            Piece::Data(data) => {
                let (frame, seq) = &self.packets[stamp.packet as usize - 1];
                let at = stamp.frame_offset as usize;
                assert_eq!(data, &frame[at..at + data.len()], "the bytes stand where the stamp says");
                let seq = seq.wrapping_add(at as u32 - HEADERS as u32);
                assert!(self.leaps || heard.next.is_none_or(|next| next == seq), "{:?} then {seq}", heard.next);
                heard.next = Some(seq.wrapping_add(data.len() as u32));
            }
            Piece::Gap(missing, _) => {
                assert!(missing > 0, "a gap of nothing");
                heard.next = heard.next.map(|next| next.wrapping_add(missing as u32));
            }
            Piece::End(_) => heard.ended = true,
        }
    }

    fn closed(&mut self, flow: FlowId) {
        for side in [Side::A, Side::B] {
            let heard = self.sides.get_mut(&(flow, side)).expect("opened before it closes");
            assert!(heard.ended, "closed before its end");
            assert!(!std::mem::replace(&mut heard.closed, true), "closed twice");
        }
    }
}

const HEADERS: usize = 40;

fuzz_target!(|bytes: &[u8]| {
    let small = Limits { flows: 2, late_bytes: 600, late_bytes_total: 900, ..Limits::default() };
    let Some((settings, operations)) = bytes.split_first() else { return };
    let limits = if settings & 1 == 0 { small } else { Limits::default() };
    let mut flows = Flows::new(&limits);
    let mut ear = Ear { leaps: settings & 2 != 0, ..Ear::default() };
    let mut clock = 0;
    for (nth, operation) in operations.as_chunks::<4>().0.iter().enumerate() {
        let [head, low, high, len] = *operation;
        let from_server = head & 0x80 != 0;
        let flags = match head & 0x1f {
            0x11 => SYN,
            0x12 => SYN | ACK,
            0x08 => FIN | ACK,
            0x09 => RST,
            0x0a => RST | ACK,
            _ => ACK,
        };
        // Beyond the first connection only where it is wished for; numbers leap only then too.
        let port = 40_000 + u16::from(head >> 5 & 1 == 0 && settings & 4 != 0);
        let base: u32 = if from_server { 0xffff_f000 } else { 5000 };
        let leap = if ear.leaps && head & 0x40 != 0 { u32::from(len) << 23 } else { 0 };
        let seq = base.wrapping_add(u32::from(u16::from_le_bytes([low, high]))).wrapping_add(leap);
        let other = if from_server { 5000 } else { 0xffff_f000u32 }.wrapping_add(u32::from(low) * 4);
        clock += if head & 0x40 == 0 { 1_000_000 } else { i64::from(len) * 50_000_000 };
        let payload = if head & 0x10 != 0 { 0 } else { usize::from(len) };
        let ports = if from_server { (1935, port) } else { (port, 1935) };
        let frame = frame(from_server, ports, seq, other, flags, payload);
        let captured = if head & 0x1f == 0x07 { frame.len().min(HEADERS + payload / 2) } else { frame.len() };
        // A SYN takes a number: payload would come after it.
        ear.packets.push((frame.clone(), seq.wrapping_add(u32::from(flags & SYN != 0))));
        let packet = Packet {
            number: nth as u64 + 1,
            time: Some(Time(clock)),
            link: LinkType::RAW,
            data: &frame[..captured],
            original_len: frame.len() as u32,
        };
        flows.push(&packet, &mut ear);
    }
    flows.finish(&mut ear);
    assert!(ear.sides.values().all(|heard| heard.ended && heard.closed), "everything ends");
});

/// A raw IPv4 packet; each byte of payload follows from its sequence number, so that repetitions agree.
fn frame(from_server: bool, ports: (u16, u16), seq: u32, ack: u32, flags: u8, payload: usize) -> Vec<u8> {
    let (src, dst) = if from_server { (2, 1) } else { (1, 2) };
    let mut packet = vec![0x45, 0];
    packet.extend(((HEADERS + payload) as u16).to_be_bytes());
    packet.extend([0x12, 0x34, 0, 0, 64, 6, 0, 0, 10, 0, 0, src, 10, 0, 0, dst]);
    packet.extend(ports.0.to_be_bytes());
    packet.extend(ports.1.to_be_bytes());
    packet.extend(seq.to_be_bytes());
    packet.extend(if flags & ACK == 0 { 0 } else { ack }.to_be_bytes());
    packet.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
    packet.extend((0..payload).map(|n| (seq.wrapping_add(n as u32).wrapping_mul(0x9e37_79b1) >> 24) as u8));
    packet
}
