//! The single door to lazy annotation: a record keeps the few facts that its bytes alone do not tell, so that it can be
//! decoded again, alone, whenever somebody looks.

use super::message::Message;
use super::origin::Part;
use super::session::{Handshake, Step};
use crate::field::{Reader, Tree};
use crate::wire::body;
use crate::wire::chunk::ChunkHeader;
use crate::wire::handshake::{Echo, read_first, read_second};

/// Explains the bytes of a body that were kept.
pub fn explain_body(message: &Message) -> Tree {
    let mut reader = Reader::new(message.body.bytes(), Tree::new());
    let (_, result) = body::read(&mut reader, message.head.message_type, message.context);
    reader.finish(result)
}

/// Explains a chunk header.
pub fn explain_header(part: &Part) -> Tree {
    Tree::explain(part.header(), |r| ChunkHeader::read(r, |_, _| part.repeats_extended).map(drop))
}

/// Explains a handshake packet.
pub fn explain_handshake(handshake: &Handshake) -> Tree {
    Tree::explain(&handshake.bytes, |r| match handshake.step {
        Step::First { form, .. } => read_first(r, form).map(drop),
        Step::Second { echo } => read_second(r, echo.unwrap_or(Echo::Different)),
    })
}
