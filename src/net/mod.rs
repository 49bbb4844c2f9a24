//! Captured frames to ordered bytes.
//!
//! Owns capture files (pcap, pcapng, compressed), link, IP and TCP headers, and TCP reassembly with its ledger from
//! stream offset to packet. Refuses to know RTMP: it never looks at a payload byte.
