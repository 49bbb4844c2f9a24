//! Counters: what a capture held and what became of it, for honest answers to "why is there nothing?".

use std::collections::BTreeMap;

use crate::net::capture::LinkType;
use crate::net::frame::Other;

/// What was seen so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Packets of the capture.
    pub packets: u64,
    /// TCP segments among them.
    pub tcp_packets: u64,
    /// Connections seen.
    pub connections: u64,
    /// Connections of which payload was seen.
    pub connections_with_data: u64,
    /// Connections dropped to stay within the limits.
    pub evicted: u64,
    /// IP packets that are neither TCP nor a known tunnel.
    pub not_tcp: u64,
    /// Frames that do not carry IP.
    pub not_ip: u64,
    /// Frames whose headers are cut off or contradict themselves.
    pub unreadable: u64,
    /// Packets of link types that are not known, by link type.
    pub unknown_links: BTreeMap<LinkType, u64>,
    /// Fragments of IP datagrams.
    pub fragments: u64,
    /// Datagrams put together from fragments.
    pub datagrams: u64,
    /// Stream bytes delivered.
    pub stream_bytes: u64,
    /// Stream bytes that were never captured.
    pub lost_bytes: u64,
    /// Stream bytes of captured packets that the snapshot length cut off.
    pub cut_bytes: u64,
    /// Bytes that came more than once.
    pub retransmitted_bytes: u64,
    /// Bytes that came more than once and differ, as far as both copies were at hand.
    pub conflicting_bytes: u64,
    /// Bytes that came after they had been given up.
    pub bytes_too_late: u64,
    /// Bytes that came after the end of their stream.
    pub bytes_after_end: u64,
    /// Segments that had to wait for earlier ones.
    pub late_segments: u64,
    /// Bytes of holes given up because too much waited behind them.
    pub given_up_bytes: u64,
    /// Datagrams given up while fragments of them were missing.
    pub broken_datagrams: u64,
    /// Packets that are older than the one before them.
    pub backward_packets: u64,
}

impl Census {
    /// What people should know of it, in words: limits that were met, and captures that are not what they should be.
    pub fn remarks(&self) -> Vec<String> {
        let remark = |n: u64, text: &str| (n > 0).then(|| format!("{n} {text}"));
        [
            remark(self.conflicting_bytes, "bytes came twice with different contents: what came first was kept"),
            remark(self.evicted, "connections were dropped, the ones idle longest, to stay within the limit"),
            remark(self.given_up_bytes, "missing bytes were not waited for any longer: too many came behind them"),
            remark(self.bytes_after_end, "bytes came behind the end of their stream: they are not of it"),
            remark(self.broken_datagrams, "IP datagrams are not whole: fragments of them are missing"),
            remark(self.backward_packets, "packets are older than the one before: the capture is not in order of time"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn count(&mut self, other: Other) {
        match other {
            Other::LinkType(link) => *self.unknown_links.entry(link).or_default() += 1,
            Other::NotIp(_) => self.not_ip += 1,
            Other::NotTcp(_) => self.not_tcp += 1,
            Other::Fragment => self.fragments += 1,
            Other::Unreadable => self.unreadable += 1,
        }
    }
}
