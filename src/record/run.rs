//! Records about a run as a whole: its input, and what was found in it.

use crate::time::Time;

/// The input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name without folders.
    pub input: String,
    /// Its format, such as `pcapng` or `pcap.gz`.
    pub format: String,
    /// Time of the first packet; `None` when there is none or it has none.
    pub start: Option<Time>,
}

/// The end of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Packets read.
    pub packets: u64,
    /// False when the input ends inside a record, something in it had to be skipped, or the run was stopped.
    pub complete: bool,
    /// The run was stopped before the end.
    pub stopped: bool,
    /// Time of the last packet.
    pub last: Time,
    /// Sessions found.
    pub sessions: u32,
    /// Messages found.
    pub messages: u64,
    /// Gaps in the sessions: places where bytes were lost or could not be decoded.
    pub gaps: u64,
    /// What was searched.
    pub searched: Searched,
    /// What was not RTMP.
    pub foreign: ForeignCount,
    /// Damage of the input, in words.
    pub notes: Vec<String>,
    /// Damage beyond those.
    pub more_notes: u64,
}

/// What was searched for RTMP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// TCP packets.
    pub tcp_packets: u64,
    /// TCP connections.
    pub connections: u64,
    /// TCP connections with payload.
    pub connections_with_data: u64,
    /// IP packets that are not TCP.
    pub not_tcp: u64,
    /// Frames that could not be read.
    pub unreadable: u64,
    /// Frames of link types that are not known.
    pub unknown_links: u64,
    /// Stream bytes that were never captured, in all connections.
    pub lost_bytes: u64,
    /// Bytes that the snapshot length cut off, in all connections.
    pub cut_bytes: u64,
    /// Bytes that came more than once with different contents.
    pub conflicting_bytes: u64,
}

/// Connections that are not RTMP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignCount {
    /// What they speak, and how many do, most first.
    pub protocols: Vec<(String, u64)>,
    /// How many of them began before the capture did.
    pub midstream: u64,
}
