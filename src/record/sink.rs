//! Who takes records.

use super::message::Message;
use super::run::{End, Source};
use super::session::{Closed, Finding, Gap, Handshake, Opened};
use crate::time::Span;

/// Anything that leaves the engine.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "messages are by far the most records; a box would allocate for each")]
pub enum Record {
    /// The input: always first.
    Source(Source),
    /// A session was recognised.
    Opened(Opened),
    /// One side's handshake packet.
    Handshake(Handshake),
    /// A message.
    Message(Message),
    /// The reply to an earlier call was seen: the reply itself is a message of its own.
    Answered {
        /// The session.
        session: u32,
        /// The call.
        call: u64,
        /// The reply.
        reply: u64,
        /// Time between them.
        after: Span,
    },
    /// Bytes that could not be decoded.
    Gap(Gap),
    /// Something that people should know.
    Finding(Finding),
    /// A session ended.
    Closed(Closed),
    /// The end of the input: always last.
    End(End),
}

impl Record {
    /// Takes it out of where it lies.
    pub fn take_out(&mut self) -> Record {
        std::mem::replace(self, Record::Answered { session: 0, call: 0, reply: 0, after: Span(0) })
    }

    /// The session that the record belongs to.
    pub fn session(&self) -> Option<u32> {
        match self {
            Record::Opened(r) => Some(r.session),
            Record::Handshake(r) => Some(r.session),
            Record::Message(r) => Some(r.session),
            Record::Answered { session, .. } => Some(*session),
            Record::Gap(r) => Some(r.session),
            Record::Finding(r) => Some(r.session),
            Record::Closed(r) => Some(r.session),
            Record::Source(_) | Record::End(_) => None,
        }
    }

    /// The session that the record belongs to, to be renumbered.
    pub fn session_mut(&mut self) -> Option<&mut u32> {
        match self {
            Record::Opened(r) => Some(&mut r.session),
            Record::Handshake(r) => Some(&mut r.session),
            Record::Message(r) => Some(&mut r.session),
            Record::Answered { session, .. } => Some(session),
            Record::Gap(r) => Some(&mut r.session),
            Record::Finding(r) => Some(&mut r.session),
            Record::Closed(r) => Some(&mut r.session),
            Record::Source(_) | Record::End(_) => None,
        }
    }
}

/// Takes records, in order.
pub trait Sink {
    /// Takes one record.
    fn take(&mut self, record: Record);

    /// Takes one record, or only looks at it, where it lies: what is left of it is of no use to the caller. A record is
    /// half a kilobyte, and moving it from layer to layer costs more than decoding a small message.
    #[inline]
    fn pass(&mut self, record: &mut Record) {
        self.take(record.take_out());
    }

    /// Hears of a record that was not selected. What it tells of secrets has to be known all the same.
    fn overhear(&mut self, _record: &Record) {}
}

impl<F: FnMut(Record)> Sink for F {
    fn take(&mut self, record: Record) {
        self(record);
    }
}
