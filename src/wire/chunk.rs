//! Chunk headers: RTMP 1.0 sections 5.3.1.1 (basic header), 5.3.1.2 (message header), 5.3.1.3 (extended timestamp).

use crate::field::{Annotate, Fault, Field, Reader, Unit, Value, fields};

use super::code::{MessageType, message_type_names};

/// The 24-bit value that says that the real one follows in 32 bits.
pub const EXTENDED: u32 = 0xff_ffff;

/// The longest header: three bytes, eleven and four.
pub const LONGEST_HEADER: usize = 18;

/// The basic header: which message header follows, and on which chunk stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicHeader {
    /// The form of the message header, 0 to 3.
    pub fmt: u8,
    /// The chunk stream id, 2 to 65,599.
    pub csid: u32,
    /// Bytes that the basic header takes: 1, 2 or 3.
    pub size: u8,
}

impl BasicHeader {
    /// Reads a basic header in any of its three forms.
    #[inline]
    pub fn read<A: Annotate>(r: &mut Reader<'_, A>) -> Result<BasicHeader, Fault> {
        let short = r.peek().first().is_some_and(|first| first & 0x3f > 1);
        let [fmt, selector] = r.bits([(&f::FMT, 2), (if short { &f::CSID } else { &f::CSID_FORM }, 6)])?;
        let (csid, size) = match selector {
            0 => (64 + u32::from(r.u8(&f::CSID_LOW)?), 2),
            1 => (64 + u32::from(r.u8(&f::CSID_LOW)?) + 256 * u32::from(r.u8(&f::CSID_HIGH)?), 3),
            csid => (csid as u32, 1),
        };
        if !short {
            r.derived(&f::CSID, Value::Unsigned(u64::from(csid)));
        }
        Ok(BasicHeader { fmt: fmt as u8, csid, size })
    }

    /// Writes the basic header in the form that `size` names, or the shortest one that holds the id.
    pub fn write(&self, out: &mut Vec<u8>) {
        let fmt = self.fmt << 6;
        match (self.size, self.csid) {
            (0 | 1, 2..=63) => out.push(fmt | self.csid as u8),
            (0..=2, 64..=319) => out.extend([fmt, (self.csid - 64) as u8]),
            _ => {
                let [low, high] = (self.csid.saturating_sub(64) as u16).to_le_bytes();
                out.extend([fmt | 1, low, high]);
            }
        }
    }
}

/// A whole chunk header as the wire has it: fields that its form leaves out are `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkHeader {
    /// Form and chunk stream.
    pub basic: BasicHeader,
    /// The absolute timestamp (fmt 0) or the delta (fmt 1, 2); on fmt 3 the repeated extended value.
    pub timestamp: Option<u32>,
    /// Length of the whole message, fmt 0 and 1.
    pub length: Option<u32>,
    /// Type of the message, fmt 0 and 1.
    pub message_type: Option<MessageType>,
    /// Message stream id, fmt 0.
    pub stream_id: Option<u32>,
    /// The timestamp stands in the extended field.
    pub extended: bool,
}

impl ChunkHeader {
    /// Reads a chunk header. `repeats` is asked for a fmt 3 chunk: does its chunk stream repeat an extended timestamp
    /// here? It gets the chunk stream id and the bytes ahead.
    #[inline]
    pub fn read<A: Annotate>(
        r: &mut Reader<'_, A>,
        repeats: impl FnOnce(u32, &[u8]) -> bool,
    ) -> Result<ChunkHeader, Fault> {
        let basic = BasicHeader::read(r)?;
        let mut header =
            ChunkHeader { basic, timestamp: None, length: None, message_type: None, stream_id: None, extended: false };
        if basic.fmt == 3 {
            header.extended = repeats(basic.csid, r.peek());
        } else {
            let time = r.u24(if basic.fmt == 0 { &f::TIMESTAMP } else { &f::TIMESTAMP_DELTA })?;
            if basic.fmt < 2 {
                header.length = Some(r.u24(&f::MESSAGE_LENGTH)?);
                header.message_type = Some(MessageType(r.u8(&f::MESSAGE_TYPE)?));
            }
            if basic.fmt == 0 {
                header.stream_id = Some(r.u32_le(&f::MESSAGE_STREAM_ID)?);
            }
            header.timestamp = Some(time);
            header.extended = time == EXTENDED;
        }
        if header.extended {
            header.timestamp = Some(r.u32(&f::EXTENDED_TIMESTAMP)?);
        }
        Ok(header)
    }

    /// Writes the header in its own form; `extended` decides whether the 32-bit field is there.
    pub fn write(&self, out: &mut Vec<u8>) {
        self.basic.write(out);
        let time = self.timestamp.unwrap_or_default();
        let [_, time24 @ ..] = if self.extended { EXTENDED } else { time & EXTENDED }.to_be_bytes();
        if self.basic.fmt < 3 {
            out.extend(time24);
        }
        if self.basic.fmt < 2 {
            let [_, length @ ..] = self.length.unwrap_or_default().to_be_bytes();
            out.extend(length);
            out.push(self.message_type.map_or(0, |t| t.0));
        }
        if self.basic.fmt == 0 {
            out.extend(self.stream_id.unwrap_or_default().to_le_bytes());
        }
        if self.extended {
            out.extend(time.to_be_bytes());
        }
    }
}

/// Writes whole messages as chunks: a fmt 0 header, then fmt 3 headers, each chunk of at most `chunk_size` bytes.
#[derive(Clone, Copy, Debug)]
pub struct Chunker {
    /// Payload bytes a chunk carries at most.
    pub chunk_size: usize,
    /// Repeat the extended timestamp on fmt 3 chunks, as the specification says.
    pub repeat_extended: bool,
}

impl Default for Chunker {
    fn default() -> Self {
        Chunker { chunk_size: 128, repeat_extended: true }
    }
}

impl Chunker {
    /// Appends one message.
    pub fn write(&self, csid: u32, timestamp: u32, kind: MessageType, stream_id: u32, body: &[u8], out: &mut Vec<u8>) {
        let extended = timestamp >= EXTENDED;
        let mut header = ChunkHeader {
            basic: BasicHeader { fmt: 0, csid, size: 0 },
            timestamp: Some(timestamp),
            length: Some(body.len() as u32),
            message_type: Some(kind),
            stream_id: Some(stream_id),
            extended,
        };
        header.write(out);
        let mut parts = body.chunks(self.chunk_size.max(1));
        out.extend(parts.next().unwrap_or_default());
        header.basic.fmt = 3;
        header.extended = extended && self.repeat_extended;
        for part in parts {
            header.write(out);
            out.extend(part);
        }
    }
}

/// The meaning of the four header forms.
fn form_name(fmt: u64) -> Option<&'static str> {
    Some(match fmt {
        0 => "full header: 11 bytes, absolute timestamp",
        1 => "same stream: 7 bytes, timestamp delta",
        2 => "same stream, length and type: 3 bytes, timestamp delta",
        3 => "no header: continues or repeats",
        _ => return None,
    })
}

fn csid_form_name(selector: u64) -> Option<&'static str> {
    Some(match selector {
        0 => "2-byte form: one byte follows, id = 64 + byte",
        1 => "3-byte form: two bytes follow, low first, id = 64 + value",
        _ => return None,
    })
}

fn csid_name(csid: u64) -> Option<&'static str> {
    (csid == 2).then_some("protocol control")
}

fn timestamp_name(time: u64) -> Option<&'static str> {
    (time == u64::from(EXTENDED)).then_some("extended timestamp follows")
}

/// Fields of chunk headers.
pub mod f {
    use super::*;
    fields! {
        /// Form of the message header.
        FMT = Field::new("fmt", "which form of message header follows").numbers(form_name);
        /// Selector of the longer basic headers.
        CSID_FORM = Field::new("csid_form", "which form the chunk stream id takes").numbers(csid_form_name);
        /// First byte of a longer id.
        CSID_LOW = Field::new("csid_low", "chunk stream id minus 64, low byte");
        /// Second byte of a longer id.
        CSID_HIGH = Field::new("csid_high", "chunk stream id minus 64, high byte");
        /// The id itself.
        CSID = Field::new("csid", "chunk stream id: messages with one id are never interleaved").numbers(csid_name);
        /// Absolute time.
        TIMESTAMP = Field::new("timestamp", "absolute time of the message").unit(Unit::Milliseconds)
            .numbers(timestamp_name);
        /// Difference of time.
        TIMESTAMP_DELTA = Field::new("timestamp_delta", "time since the previous message of this chunk stream")
            .unit(Unit::Milliseconds).numbers(timestamp_name);
        /// Length of the message.
        MESSAGE_LENGTH = Field::new("message_length", "length of the whole message body, not of this chunk")
            .unit(Unit::Bytes);
        /// Type of the message.
        MESSAGE_TYPE = Field::new("message_type", "what the message is").known_as(message_type_names);
        /// Message stream.
        MESSAGE_STREAM_ID = Field::new("message_stream_id", "the stream within the connection (little-endian); 0 is the connection itself");
        /// Time in 32 bits.
        EXTENDED_TIMESTAMP = Field::new("extended_timestamp", "the whole timestamp or delta in 32 bits")
            .unit(Unit::Milliseconds);
    }
}

#[cfg(test)]
mod tests;
