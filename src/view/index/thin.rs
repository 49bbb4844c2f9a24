//! A message as far as the index knows it: enough to ask most filters without reading the capture again.

use super::Index;
use crate::query::Filter;
use crate::record::{Body, Call, Head, Message, Recovered, Reply};
use crate::wire::body::{Body as Meaning, Context};

/// What an index does not know of its messages.
const UNKNOWN: [&str; 6] = ["packets", "partial", "partial.have", "span", "timestamp_unwrapped", "within"];

/// Can an index tell all that a filter asks for?
pub fn suffices(filter: &Filter) -> bool {
    !filter.needs().units
        && filter
            .places()
            .iter()
            .all(|place| !UNKNOWN.contains(&place.entry.name) && !place.entry.name.starts_with("recovered"))
}

/// Messages of an index, one after the other in the same memory.
#[derive(Debug, Default)]
pub struct Thin {
    /// The saying whose meaning a message has, and the message. Sound and pictures take turns in saying the same few
    /// things, and copying a meaning costs more than all the rest.
    messages: [Option<(u32, Box<Message>)>; KEPT],
}

/// Meanings that are kept at hand.
const KEPT: usize = 16;

impl Thin {
    /// The message in a row; `None` when the index keeps no more than its line.
    pub fn message(&mut self, index: &Index, row: u32) -> Option<&Message> {
        let entry = index.entry(row)?;
        let lane = index.lane(entry);
        let slot = self.messages.get_mut(entry.saying as usize % KEPT)?;
        if slot.as_ref().is_none_or(|(saying, _)| *saying != entry.saying) {
            let meaning = index.saying(entry)?.meaning.as_ref()?;
            let (saying, message) = slot.get_or_insert_with(|| (entry.saying, Box::new(empty())));
            message.meaning.clone_from(meaning);
            *saying = entry.saying;
        }
        let (_, message) = slot.as_mut()?;
        message.session = lane.session;
        message.seq = u64::from(entry.seq);
        message.dir = lane.dir;
        message.time = entry.time;
        message.began = entry.time;
        message.head = Head {
            csid: lane.csid,
            fmt: entry.fmt(),
            message_type: lane.message_type,
            stream_id: lane.stream_id,
            timestamp: entry.timestamp,
            unwrapped: u64::from(entry.timestamp),
            delta: entry.delta(),
            length: entry.length,
        };
        message.chunks = u32::from(entry.chunks);
        let lost = entry.timestamp().is_none() || !entry.knows_stream();
        message.recovered =
            lost.then(|| Recovered { timestamp: entry.timestamp().is_some(), stream_id: entry.knows_stream() });
        (message.call, message.reply_to) = (None, None);
        if let Some((other, after)) = index.partner(row)
            && let Some(partner) = index.entry(other)
        {
            let reply = Reply { seq: u64::from(partner.seq), after };
            if other > row {
                message.call = Some(Call::Answered(reply));
            } else {
                message.reply_to = Some(reply);
            }
        }
        Some(message)
    }
}

fn empty() -> Message {
    Message {
        session: 0,
        seq: 0,
        dir: crate::stream::Direction::ClientToServer,
        time: Default::default(),
        began: Default::default(),
        head: Head {
            csid: 0,
            fmt: 0,
            message_type: crate::wire::code::MessageType(0),
            stream_id: 0,
            timestamp: 0,
            unwrapped: 0,
            delta: None,
            length: 0,
        },
        span: (0, 0),
        packets: (0, 0),
        chunks: 0,
        body: Body::Head { bytes: [0; Body::HEAD], len: 0, enough: false },
        partial: None,
        recovered: None,
        parts: Vec::new(),
        carriers: Vec::new(),
        meaning: Meaning::Unknown,
        context: Context::default(),
        call: None,
        replaces: None,
        reply_to: None,
        within: None,
    }
}
