//! Protocol control messages (types 1, 2, 3, 5 and 6): RTMP 1.0 section 5.4.

use crate::field::{Annotate, Fault, Field, Reader, Unit, fields};

use super::code::MessageType;

/// A protocol control message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Type 1: from now on the sender cuts its messages into chunks of this size.
    SetChunkSize {
        /// Payload bytes of a chunk, 31 bits.
        value: u32,
    },
    /// Type 2: the message that is under way on a chunk stream will not be finished.
    Abort {
        /// The chunk stream.
        csid: u32,
    },
    /// Type 3: how much has arrived.
    Acknowledgement {
        /// Bytes received so far, modulo 2^32.
        sequence: u32,
    },
    /// Type 5: how often the sender wants acknowledgements.
    WindowAckSize {
        /// Bytes between two acknowledgements.
        size: u32,
    },
    /// Type 6: how much the receiver may send without acknowledgement.
    SetPeerBandwidth {
        /// Bytes that may be under way.
        size: u32,
        /// How strictly; some writers leave it out.
        limit: Option<LimitType>,
    },
}

/// How strictly a Set Peer Bandwidth is meant; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LimitType(pub u8);

impl LimitType {
    /// Use this window.
    pub const HARD: LimitType = LimitType(0);
    /// Use the smaller one of this window and the one in use.
    pub const SOFT: LimitType = LimitType(1);
    /// Hard if the one before was hard, otherwise nothing.
    pub const DYNAMIC: LimitType = LimitType(2);

    /// The name as a JSON word.
    pub fn word(self) -> Option<&'static str> {
        Some(match self {
            LimitType::HARD => "hard",
            LimitType::SOFT => "soft",
            LimitType::DYNAMIC => "dynamic",
            _ => return None,
        })
    }
}

impl Control {
    /// Reads a whole body of type 1, 2, 3, 5 or 6; any other type is a fault.
    pub fn read<A: Annotate>(r: &mut Reader<'_, A>, ty: MessageType) -> Result<Control, Fault> {
        r.group(&f::CONTROL, |r| {
            Ok(match ty {
                MessageType::SET_CHUNK_SIZE => Control::SetChunkSize { value: chunk_size(r)? },
                MessageType::ABORT => Control::Abort { csid: r.u32(&f::ABORT_CSID)? },
                MessageType::ACKNOWLEDGEMENT => Control::Acknowledgement { sequence: r.u32(&f::SEQUENCE)? },
                MessageType::WINDOW_ACK_SIZE => Control::WindowAckSize { size: r.u32(&f::WINDOW_ACK_SIZE)? },
                MessageType::SET_PEER_BANDWIDTH => {
                    Control::SetPeerBandwidth { size: r.u32(&f::PEER_BANDWIDTH)?, limit: limit_type(r)? }
                }
                _ => return Err(r.malformed(&"not a protocol control message")),
            })
        })
    }

    /// Writes the body.
    pub fn write(&self, out: &mut Vec<u8>) {
        let (Control::SetChunkSize { value: number }
        | Control::Abort { csid: number }
        | Control::Acknowledgement { sequence: number }
        | Control::WindowAckSize { size: number }
        | Control::SetPeerBandwidth { size: number, .. }) = *self;
        out.extend(number.to_be_bytes());
        if let Control::SetPeerBandwidth { limit: Some(limit), .. } = self {
            out.push(limit.0);
        }
    }

    /// What the message does, as a JSON word.
    pub fn op(&self) -> &'static str {
        match self {
            Control::SetChunkSize { .. } => "set_chunk_size",
            Control::Abort { .. } => "abort",
            Control::Acknowledgement { .. } => "acknowledgement",
            Control::WindowAckSize { .. } => "window_ack_size",
            Control::SetPeerBandwidth { .. } => "set_peer_bandwidth",
        }
    }

    /// The type of message that carries it.
    pub fn message_type(&self) -> MessageType {
        match self {
            Control::SetChunkSize { .. } => MessageType::SET_CHUNK_SIZE,
            Control::Abort { .. } => MessageType::ABORT,
            Control::Acknowledgement { .. } => MessageType::ACKNOWLEDGEMENT,
            Control::WindowAckSize { .. } => MessageType::WINDOW_ACK_SIZE,
            Control::SetPeerBandwidth { .. } => MessageType::SET_PEER_BANDWIDTH,
        }
    }
}

fn chunk_size<A: Annotate>(r: &mut Reader<'_, A>) -> Result<u32, Fault> {
    let [top, size] = r.bits([(&f::CHUNK_SIZE_TOP, 1), (&f::CHUNK_SIZE, 31)])?;
    if top != 0 {
        r.remark(4, "the top bit of a chunk size must be 0");
    }
    if size == 0 {
        r.remark(4, "a chunk size must be at least 1");
    }
    Ok(size as u32)
}

fn limit_type<A: Annotate>(r: &mut Reader<'_, A>) -> Result<Option<LimitType>, Fault> {
    if r.is_empty() {
        r.remark(0, "the limit type is missing; librtmp accepts that");
        return Ok(None);
    }
    let limit = LimitType(r.u8(&f::LIMIT_TYPE)?);
    if limit.word().is_none() {
        r.remark(1, "not a limit type of the specification");
    }
    Ok(Some(limit))
}

fn limit_name(limit: u64) -> Option<&'static str> {
    Some(match limit {
        0 => "hard: use this window",
        1 => "soft: use the smaller one of this window and the current one",
        2 => "dynamic: hard if the previous limit was hard, otherwise ignored",
        _ => return None,
    })
}

fn top_bit_name(bit: u64) -> Option<&'static str> {
    (bit != 0).then_some("not allowed")
}

/// Fields of protocol control messages.
pub mod f {
    use super::*;
    fields! {
        /// The whole message.
        CONTROL = Field::new("control", "a message about the chunk stream itself");
        /// Top bit of a chunk size.
        CHUNK_SIZE_TOP = Field::new("chunk_size_top_bit", "must be 0").numbers(top_bit_name);
        /// Chunk size.
        CHUNK_SIZE = Field::new("chunk_size", "payload bytes of each chunk that the sender sends from now on")
            .unit(Unit::Bytes);
        /// Chunk stream of an abort.
        ABORT_CSID = Field::new("abort_csid", "chunk stream whose unfinished message is to be dropped");
        /// Acknowledged bytes.
        SEQUENCE = Field::new("sequence", "bytes received so far, modulo 2^32; whether the handshake counts differs")
            .unit(Unit::Bytes);
        /// Acknowledgement window.
        WINDOW_ACK_SIZE = Field::new("window_ack_size", "the receiver acknowledges whenever so many new bytes came in")
            .unit(Unit::Bytes);
        /// Peer bandwidth.
        PEER_BANDWIDTH = Field::new("peer_bandwidth", "bytes that the receiver may send before an acknowledgement")
            .unit(Unit::Bytes);
        /// Limit type.
        LIMIT_TYPE = Field::new("limit_type", "how strictly the limit is meant").numbers(limit_name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{FaultKind, Tree};

    const TYPES: [MessageType; 5] = [
        MessageType::SET_CHUNK_SIZE,
        MessageType::ABORT,
        MessageType::ACKNOWLEDGEMENT,
        MessageType::WINDOW_ACK_SIZE,
        MessageType::SET_PEER_BANDWIDTH,
    ];

    fn read(ty: MessageType, bytes: &[u8]) -> Result<Control, Fault> {
        Control::read(&mut Reader::quiet(bytes), ty)
    }

    fn tree(ty: MessageType, bytes: &[u8]) -> Tree {
        Tree::explain(bytes, |r| Control::read(r, ty).map(drop))
    }

    /// The examples of the protocol page.
    #[test]
    fn worked_examples() {
        for (ty, bytes, control) in [
            (1, &[0, 0, 0x10, 0][..], Control::SetChunkSize { value: 4096 }),
            (2, &[0, 0, 0, 6], Control::Abort { csid: 6 }),
            (3, &[0, 0x26, 0x25, 0xa0], Control::Acknowledgement { sequence: 2_500_000 }),
            (5, &[0, 0x26, 0x25, 0xa0], Control::WindowAckSize { size: 2_500_000 }),
            (
                6,
                &[0, 0x26, 0x25, 0xa0, 2],
                Control::SetPeerBandwidth { size: 2_500_000, limit: Some(LimitType::DYNAMIC) },
            ),
        ] {
            assert_eq!(read(MessageType(ty), bytes), Ok(control));
            assert_eq!(control.message_type(), MessageType(ty));
            let mut written = Vec::new();
            control.write(&mut written);
            assert_eq!(written, bytes);
        }
    }

    #[test]
    fn the_top_bit_is_a_leaf_of_its_own_and_not_part_of_the_size() {
        let bytes = [0x80, 0, 0x10, 0];
        assert_eq!(read(MessageType::SET_CHUNK_SIZE, &bytes), Ok(Control::SetChunkSize { value: 4096 }));
        let tree = tree(MessageType::SET_CHUNK_SIZE, &bytes);
        let leaves: Vec<_> = tree.leaves().map(|n| (n.field.name, n.bits.len)).collect();
        assert_eq!(leaves, [("chunk_size_top_bit", 1), ("chunk_size", 31)]);
        assert_eq!(tree.remarks().len(), 1);
    }

    #[test]
    fn a_peer_bandwidth_without_limit_type_is_remarked_only() {
        let bytes = [0, 0, 0, 9];
        let read = read(MessageType::SET_PEER_BANDWIDTH, &bytes);
        assert_eq!(read, Ok(Control::SetPeerBandwidth { size: 9, limit: None }));
        assert_eq!(tree(MessageType::SET_PEER_BANDWIDTH, &bytes).remarks().len(), 1);
    }

    #[test]
    fn short_bodies_are_faults_and_long_ones_leave_a_gap() {
        for ty in TYPES {
            for len in 0..4 {
                let fault = Fault { at: 0, kind: FaultKind::Short(4 - len as u32) };
                assert_eq!(read(ty, &[0, 0, 0][..len]), Err(fault));
            }
            let tree = tree(ty, &[0, 0, 1, 0, 1, 7, 7]);
            assert_eq!(tree.leaves().map(|n| n.bits.len).sum::<u32>(), 56);
            assert_eq!(tree.leaves().last().map(|n| n.field.name), Some("gap"));
        }
    }

    #[test]
    fn other_types_are_refused() {
        assert!(read(MessageType::USER_CONTROL, &[0; 8]).is_err());
    }
}
