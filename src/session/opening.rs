//! The handshake of one direction: three packets known by their byte counts only.

use bytes::Bytes;

use crate::record::Carrier;
use crate::stream::Stamp;
use crate::wire::handshake::PACKET;

/// Collects C0, C1 and C2, or S0, S1 and S2, from pieces of any size.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    bytes: Vec<u8>,
    /// Offset in the stream of the first handshake byte: more than 0 behind a PROXY header.
    start: u64,
    /// Bytes in front of the handshake that are still to come.
    preamble: u64,
    /// Packets of the first and the last byte of the part being collected.
    from: Option<Stamp>,
    /// The packets that carry that part, when wanted: as many as it has bytes at most.
    carriers: Vec<Carrier>,
    /// Bytes are missing from the first byte, the first part, the second part.
    unseen: [bool; 3],
}

/// A handshake part that is complete.
#[derive(Debug)]
pub(super) enum Progress {
    /// Version byte and first packet.
    First(Part),
    /// Second packet: the chunk stream follows.
    Second(Part),
    /// A part of which bytes are missing is over; behind the second one, at this stream offset, chunks follow.
    Unseen(Option<u64>),
}

/// What missing bytes did to a handshake, of which all lengths are known.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Missed {
    /// It goes on.
    Within,
    /// It is over at stream offset `end`, and so many of the missing bytes lie behind it.
    All {
        /// Missing bytes of what follows.
        behind: u64,
        /// Where that begins.
        end: u64,
    },
}

/// The bytes of a handshake part and where they were captured.
#[derive(Debug)]
pub(super) struct Part {
    /// Its bytes.
    pub(super) bytes: Bytes,
    /// Offsets in the stream.
    pub(super) span: (u64, u64),
    /// Packet of its first byte.
    pub(super) first: Stamp,
    /// Packet of its last byte.
    pub(super) last: Stamp,
    /// The packets that carried it, when wanted.
    pub(super) carriers: Vec<Carrier>,
}

const FIRST: usize = 1 + PACKET;

impl Opening {
    /// A handshake that begins after `preamble` other bytes.
    pub(super) fn new(preamble: u64) -> Opening {
        let carriers = Vec::new();
        Opening { bytes: Vec::new(), start: preamble, preamble, from: None, carriers, unseen: [false; 3] }
    }

    /// Handshake bytes seen so far.
    pub(super) fn seen(&self) -> usize {
        self.bytes.len()
    }

    /// The version byte, once it is there.
    pub(super) fn first_byte(&self) -> Option<u8> {
        self.bytes.first().copied().filter(|_| !self.unseen.contains(&true) || self.unseen.first() == Some(&false))
    }

    /// The next bytes are missing.
    pub(super) fn miss(&mut self, missing: u64) -> Missed {
        let before = self.preamble.min(missing);
        self.preamble -= before;
        let missing = missing - before;
        let room = (FIRST + PACKET - self.bytes.len()) as u64;
        let from = self.bytes.len();
        if missing == 0 {
            return Missed::Within;
        }
        if missing >= room {
            let end = self.start + (FIRST + PACKET) as u64;
            return Missed::All { behind: missing - room, end };
        }
        let to = from + missing as usize;
        self.bytes.resize(to, 0);
        let [first, one, two] = &mut self.unseen;
        *first |= from == 0;
        *one |= from < FIRST;
        *two |= to > FIRST;
        Missed::Within
    }

    /// Takes bytes from the front of `input`, of which `stamp` tells where they were; gives a part as soon as it is
    /// complete, with its packets if `origin` is wanted.
    pub(super) fn poll(&mut self, input: &mut &[u8], stamp: Stamp, origin: bool) -> Option<Progress> {
        let skip = (self.preamble as usize).min(input.len());
        self.preamble -= skip as u64;
        *input = input.get(skip..).unwrap_or_default();
        if input.is_empty() {
            return None;
        }
        let first = *self.from.get_or_insert(stamp);
        let begin = if self.bytes.len() < FIRST { 0 } else { FIRST };
        let end = if begin == 0 { FIRST } else { FIRST + PACKET };
        let take = (end - self.bytes.len()).min(input.len());
        let (bytes, rest) = input.split_at_checked(take).unwrap_or_default();
        if origin {
            let Stamp { time, packet, frame_offset } = stamp;
            let (at, frame_offset) = (self.start + self.bytes.len() as u64, frame_offset + skip as u32);
            self.carriers.push(Carrier { at, len: take as u32, packet, frame_offset, time });
        }
        self.bytes.extend_from_slice(bytes);
        *input = rest;
        if self.bytes.len() < end {
            return None;
        }
        self.from = None;
        let carriers = std::mem::take(&mut self.carriers);
        let [_, one, two] = self.unseen;
        if if begin == 0 { one } else { two } {
            return Some(Progress::Unseen((begin > 0).then_some(self.start + end as u64)));
        }
        let part = Part {
            bytes: Bytes::copy_from_slice(self.bytes.get(begin..end).unwrap_or_default()),
            span: (self.start + begin as u64, self.start + end as u64),
            first,
            last: stamp,
            carriers,
        };
        Some(if begin == 0 { Progress::First(part) } else { Progress::Second(part) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_cut_gives_the_same_parts() {
        let stream: Vec<u8> = (0..3080u32).map(|i| i as u8).collect();
        for size in [1, 7, 1536, 1537, 3073, 4000] {
            let mut opening = Opening::new(3);
            let mut spans = Vec::new();
            let mut rest: Vec<u8> = Vec::new();
            for (packet, piece) in stream.chunks(size).enumerate() {
                let mut input = piece;
                let mut stamp = Stamp { packet: packet as u64 + 1, frame_offset: 54, ..Stamp::default() };
                loop {
                    stamp.frame_offset = 54 + (piece.len() - input.len()) as u32;
                    let Some(progress) = opening.poll(&mut input, stamp, true) else { break };
                    let (Progress::First(part) | Progress::Second(part)) = progress else {
                        panic!("nothing is missing")
                    };
                    assert_eq!(part.bytes[..], stream[part.span.0 as usize..part.span.1 as usize]);
                    // Its carriers tell for each of its bytes in which packet it was, and where there.
                    let mut at = part.span.0;
                    for carrier in &part.carriers {
                        assert_eq!(carrier.at, at);
                        let there = (carrier.packet - 1) * size as u64 + u64::from(carrier.frame_offset) - 54;
                        assert_eq!(there, at);
                        at = carrier.end();
                    }
                    assert_eq!(at, part.span.1);
                    spans.push(part.span);
                    if spans.len() == 2 {
                        rest.extend(std::mem::take(&mut input));
                        break;
                    }
                }
                if spans.len() == 2 {
                    break;
                }
            }
            assert_eq!(spans, [(3, 1540), (1540, 3076)]);
        }
    }
}
