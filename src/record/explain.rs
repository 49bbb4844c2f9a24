//! The single door to lazy annotation: a record keeps the few facts that its bytes alone do not tell, so that it can be
//! decoded again, alone, whenever somebody looks.

use super::message::Message;
use super::origin::Part;
use super::session::{Handshake, Step};
use crate::field::{Annotate, Reader, Tree};
use crate::wire::body;
use crate::wire::chunk::ChunkHeader;
use crate::wire::handshake::{Echo, read_first, read_second};

/// Explains the bytes of a body that were kept.
pub fn explain_body(message: &Message) -> Tree {
    annotate_body(message, Tree::new())
}

/// Explains a chunk header.
pub fn explain_header(part: &Part) -> Tree {
    annotate_header(part, Tree::new())
}

/// Explains a handshake packet.
pub fn explain_handshake(handshake: &Handshake) -> Tree {
    annotate_handshake(handshake, Tree::new())
}

/// Tells an annotator the bytes of a body that were kept.
pub fn annotate_body<A: Annotate>(message: &Message, note: A) -> A {
    let mut reader = Reader::new(message.body.bytes(), note);
    let (_, result) = body::read(&mut reader, message.head.message_type, message.context);
    reader.finish(result)
}

/// Tells an annotator a chunk header.
pub fn annotate_header<A: Annotate>(part: &Part, note: A) -> A {
    let mut reader = Reader::new(part.header(), note);
    let result = ChunkHeader::read(&mut reader, |_, _| part.repeats_extended).map(drop);
    reader.finish(result)
}

/// Tells an annotator a handshake packet.
pub fn annotate_handshake<A: Annotate>(handshake: &Handshake, note: A) -> A {
    let mut reader = Reader::new(&handshake.bytes, note);
    let result = match handshake.step {
        Step::First { form, .. } => read_first(&mut reader, form).map(drop),
        Step::Second { echo } => read_second(&mut reader, echo.unwrap_or(Echo::Different)),
    };
    reader.finish(result)
}
