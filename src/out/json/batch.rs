//! Events written by several threads, a batch each. A mask goes along with them that knows what was known when each
//! event came, so that the text is the same as from one thread.

use crate::out::crew::Crew;
use crate::record::{Message, Record};
use crate::view::{Mask, Media};

use super::event::Line;

/// The threads, and what is gathered for them.
pub(super) struct Writers {
    crew: Crew<Batch, Batch>,
    batch: Batch,
    /// Batches whose memory can be used again.
    spare: Vec<Batch>,
    /// How much text is worth a task.
    enough: usize,
}

/// Events to be written by one thread.
#[derive(Default)]
struct Batch {
    line: Option<Line>,
    events: Vec<Event>,
    /// What was known of the sessions' secrets, for runs of events.
    masks: Vec<(u32, Mask)>,
    text: Vec<u8>,
    /// Bytes of text that it will make, about.
    weight: usize,
}

struct Event {
    record: Record,
    separator: &'static [u8],
    /// Its place in the masks.
    mask: usize,
    media: Option<Box<Media>>,
}

/// Bytes of text that are worth a task of their own: few enough to stay in the cache of the core that writes them.
const BATCH: usize = 64 << 10;
/// Batches whose memory is kept.
const SPARE: usize = 16;

impl Writers {
    pub(super) fn new(threads: usize) -> Writers {
        Writers { crew: Crew::new(threads, written), batch: Batch::default(), spare: Vec::new(), enough: BATCH }
    }

    /// Makes tasks of another size.
    #[cfg(test)]
    pub(super) fn of_batches(&mut self, enough: usize) {
        self.enough = enough;
    }

    /// Takes an event, and hands to `out` what was written of earlier ones.
    pub(super) fn take(
        &mut self,
        line: &Line,
        record: Record,
        separator: &'static [u8],
        mask: &Mask,
        media: Option<Media>,
        out: &mut impl FnMut(&[u8]),
    ) {
        let batch = &mut self.batch;
        batch.line = Some(*line);
        let session = record.session().unwrap_or_default();
        if !batch.masks.last().is_some_and(|(known, last)| *known == session && mask.says_the_same(last, session)) {
            batch.masks.push((session, mask.of_session(session)));
        }
        batch.weight += weight(&record);
        let mask = batch.masks.len() - 1;
        batch.events.push(Event { record, separator, mask, media: media.map(Box::new) });
        if batch.weight >= self.enough {
            self.hand_out(out);
        }
    }

    /// Waits until all is written.
    pub(super) fn finish(&mut self, out: &mut impl FnMut(&[u8])) {
        self.hand_out(out);
        let Writers { crew, spare, .. } = self;
        crew.finish(|batch| collect(batch, spare, out));
    }

    fn hand_out(&mut self, out: &mut impl FnMut(&[u8])) {
        let Writers { crew, spare, .. } = self;
        let next = spare.pop().unwrap_or_default();
        let batch = std::mem::replace(&mut self.batch, next);
        crew.take(batch, |batch| collect(batch, spare, out));
    }
}

fn collect(mut batch: Batch, spare: &mut Vec<Batch>, out: &mut impl FnMut(&[u8])) {
    out(&batch.text);
    batch.text.clear();
    batch.events.clear();
    batch.masks.clear();
    batch.weight = 0;
    // One that grew for a large event is not kept.
    if spare.len() < SPARE && batch.text.capacity() <= 4 * BATCH {
        spare.push(batch);
    }
}

/// The work of a thread. What was written stays in the batch, to be dropped by the thread that made it: with memory given
/// back by one thread while another asks for more, both spent half of their time waiting for the allocator's lock.
fn written(mut batch: Batch) -> Batch {
    let Batch { line, events, masks, text, .. } = &mut batch;
    for Event { record, separator, mask, media } in events.iter() {
        text.extend_from_slice(separator);
        if let (Some(line), Some((_, mask))) = (&line, masks.get(*mask)) {
            line.write(record, mask, media.as_deref(), text);
            if !line.options.array {
                text.push(b'\n');
            }
        }
    }
    batch
}

/// Bytes of text that an event will make, about; a body that waits to be written counts as well.
fn weight(record: &Record) -> usize {
    match record {
        Record::Message(Message { body, parts, carriers, .. }) => {
            512 + body.bytes().len() / 2 + 256 * parts.len() + 64 * carriers.len()
        }
        _ => 512,
    }
}
