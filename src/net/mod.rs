//! Captured frames to ordered bytes.
//!
//! Owns capture files (pcap, pcapng, compressed), link, IP and TCP headers, and TCP reassembly with its ledger from
//! stream offset to packet. Refuses to know RTMP: it never looks at a payload byte.
//!
//! [`Capture`] turns a file into [`Packet`]s, [`segment`] turns a packet into a TCP [`Segment`], and [`Flows`] turns
//! packets into pieces in order, handed to a [`Receiver`]. Damage costs precision, never the run: what had to be
//! skipped is kept as [`Note`]s of the capture and counters of the [`Census`].

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod assembler;
mod bytes;
mod capture;
mod defrag;
mod flow;
mod frame;
#[cfg(test)]
mod testing;

pub use capture::{Capture, CaptureError, Compression, Damage, Format, Kind, LinkType, Mark, Note, Packet};
pub use capture::{LOOK, Lot, OfTurn, ReadAt, begins, is_packed, unpacked};
pub use flow::{Census, FlowId, FlowInfo, FlowState, Flows, OpenedBy, Receiver, Side};
pub use frame::{Flags, Other, Segment, segment};
