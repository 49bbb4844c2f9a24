//! Leaf: every cap of the program in one struct. Reaching one costs precision, never the run, and is reported.

/// The caps. `Limits::default()` is what the binary uses; tests use small ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest capture record (a packet or a pcapng block, with its header) that is read; larger ones are skipped.
    pub capture_block: usize,
    /// Bytes that a byte of compressed input may unpack to before that is said; unpacking goes on.
    pub unpack_ratio: u64,
    /// TCP connections tracked at the same time; the one idle longest is dropped first.
    pub flows: usize,
    /// Bytes held per direction while an earlier segment is missing; then the hole becomes a gap.
    pub late_bytes: usize,
    /// Bytes held for all connections together while earlier segments are missing.
    pub late_bytes_total: usize,
    /// IP datagrams being put together from fragments at the same time.
    pub datagrams: usize,
    /// Memory held for their fragments; then the oldest datagram is given up.
    pub datagram_bytes: usize,
    /// How deep AMF values may nest.
    pub amf_depth: u16,
    /// AMF values decoded in one message.
    pub amf_nodes: u32,
    /// Bytes of one message that are kept for explanation; the rest is counted only.
    pub message_bytes: usize,
    /// Bytes of all unfinished messages of one direction.
    pub open_bytes: usize,
    /// Chunk stream ids remembered per direction.
    pub chunk_streams: usize,
    /// Packets remembered per direction as carriers of unfinished messages.
    pub carriers: usize,
    /// Bytes from the beginning of a message to a header behind it that proves it, after lost bytes.
    pub hunt_bytes: usize,
    /// Bytes of a connection without a handshake, both sides together, within which RTMP must show.
    pub late_probe_bytes: usize,
    /// Chunks of one message that are described one by one.
    pub chunks_described: usize,
    /// Calls waiting for their reply per direction.
    pub transactions: usize,
    /// Events held back until the reply to an earlier call is known.
    pub held_events: usize,
    /// Bytes of bodies in events held back.
    pub held_bytes: usize,
    /// Bytes of an input that cannot be read twice, kept on disk to show bodies from.
    pub spool_bytes: u64,
    /// Memory for the places from which a capture can be read again.
    pub trail_bytes: usize,
    /// Messages that the screen lists, of which an eighth is for what is not media; sessions and findings go on.
    pub listed: usize,
    /// Bytes of lines that the screen keeps; messages beyond them are told by their columns only.
    pub said_bytes: usize,
    /// Bytes of lines up to which it keeps what messages mean; filters read the capture again for those beyond.
    pub meant_bytes: usize,
    /// Memory for messages of a live run that the screen can still open; a quarter of it is for what is not media.
    pub shelf_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            capture_block: 16 << 20,
            unpack_ratio: 200,
            flows: 1 << 20,
            late_bytes: 4 << 20,
            late_bytes_total: 256 << 20,
            datagrams: 4096,
            datagram_bytes: 16 << 20,
            amf_depth: 64,
            amf_nodes: 100_000,
            message_bytes: (16 << 20) - 1,
            open_bytes: 64 << 20,
            chunk_streams: 1024,
            carriers: 65_536,
            hunt_bytes: 4 << 20,
            late_probe_bytes: 256 << 10,
            chunks_described: 1 << 20,
            transactions: 1024,
            held_events: 1024,
            held_bytes: 8 << 20,
            spool_bytes: 16 << 30,
            trail_bytes: 64 << 20,
            listed: 32 << 20,
            said_bytes: 256 << 20,
            meant_bytes: 64 << 20,
            shelf_bytes: 256 << 20,
        }
    }
}
