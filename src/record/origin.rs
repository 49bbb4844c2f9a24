//! Where a message came from: its chunks, and the packets that carried them.

use crate::time::Time;
use crate::wire::chunk::LONGEST_HEADER;

/// One chunk of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Offset of its first header byte in the stream of its direction.
    pub start: u64,
    /// Bytes of the header.
    pub header_len: u8,
    /// The header, in the first `header_len` bytes.
    pub header: [u8; LONGEST_HEADER],
    /// Bytes of the message that it carries.
    pub payload_len: u32,
    /// A fmt 3 header that repeats the extended timestamp: what the header's bytes alone do not tell.
    pub repeats_extended: bool,
    /// First and last packet.
    pub packets: (u64, u64),
}

impl Part {
    /// The header's bytes.
    pub fn header(&self) -> &[u8] {
        self.header.get(..usize::from(self.header_len)).unwrap_or_default()
    }

    /// Offset of the first payload byte in the stream.
    pub fn payload_start(&self) -> u64 {
        self.start + u64::from(self.header_len)
    }

    /// Offset after the last payload byte in the stream.
    pub fn end(&self) -> u64 {
        self.payload_start() + u64::from(self.payload_len)
    }
}

/// A run of stream bytes that one packet carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// Offset of the first byte in the stream of its direction.
    pub at: u64,
    /// Number of bytes.
    pub len: u32,
    /// Packet number in the capture, from 1.
    pub packet: u64,
    /// Offset of the first byte in the captured packet.
    pub frame_offset: u32,
    /// Capture time.
    pub time: Time,
}

impl Carrier {
    /// Offset after the last byte in the stream.
    pub fn end(&self) -> u64 {
        self.at + u64::from(self.len)
    }

    /// The part of the run that lies between two stream offsets.
    pub fn clip(&self, start: u64, end: u64) -> Option<Carrier> {
        let (from, to) = (self.at.max(start), self.end().min(end));
        (from < to).then(|| Carrier {
            at: from,
            len: (to - from) as u32,
            frame_offset: self.frame_offset + (from - self.at) as u32,
            ..*self
        })
    }
}
