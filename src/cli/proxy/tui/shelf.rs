//! What a live run still has of its records, so that the screen can open them: as much as memory allows.
//!
//! Media go first: what was said at the beginning of a session is what people look for, and it is small.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::record::{Carrier, Handshake, Message, Part, Record};

/// Records in order, the newest of each kind.
#[derive(Default)]
pub(super) struct Shelf {
    records: BTreeMap<u64, Record>,
    next: u64,
    messages: HashMap<(u32, u64), u64>,
    /// Packets of handshakes by session, in order.
    handshakes: HashMap<u32, Vec<u64>>,
    media: Queue,
    rest: Queue,
    /// Sessions of which something was given up.
    broken: BTreeSet<u32>,
}

/// Places in the order of their age, with what they weigh.
#[derive(Default)]
struct Queue {
    places: VecDeque<(u64, usize)>,
    weight: usize,
}

/// Memory that a record takes besides its bytes, about.
const OVERHEAD: usize = size_of::<Record>() + 64;

impl Shelf {
    /// Puts a record on the shelf; true when an older one had to make room. A quarter of `most` is for what is not media.
    pub(super) fn put(&mut self, record: Record, most: usize) -> bool {
        let place = self.next;
        self.next += 1;
        let (mut weight, mut media) = (OVERHEAD, false);
        if let Record::Message(message) = &record {
            weight += message.body.bytes().len()
                + message.parts.len() * size_of::<Part>()
                + message.carriers.len() * size_of::<Carrier>();
            media = message.head.message_type.kind().is_media();
            self.messages.insert((message.session, message.seq), place);
        }
        if let Record::Handshake(handshake) = &record {
            weight += handshake.bytes.len() + handshake.carriers.len() * size_of::<Carrier>();
            self.handshakes.entry(handshake.session).or_default().push(place);
        }
        self.records.insert(place, record);
        let (queue, most) = if media { (&mut self.media, most / 4 * 3) } else { (&mut self.rest, most / 4) };
        queue.places.push_back((place, weight));
        queue.weight += weight;
        let mut gone = Vec::new();
        while queue.weight > most
            && let Some((place, weight)) = queue.places.pop_front()
        {
            queue.weight -= weight;
            gone.push(place);
        }
        for place in &gone {
            self.forget(*place);
        }
        !gone.is_empty()
    }

    fn forget(&mut self, place: u64) {
        let Some(record) = self.records.remove(&place) else { return };
        self.broken.extend(record.session());
        match record {
            Record::Message(message) => drop(self.messages.remove(&(message.session, message.seq))),
            // They came together and go together.
            Record::Handshake(handshake) => drop(self.handshakes.remove(&handshake.session)),
            _ => {}
        }
    }

    /// A message, if it is still there.
    pub(super) fn message(&self, session: u32, seq: u64) -> Option<&Message> {
        match self.records.get(self.messages.get(&(session, seq))?) {
            Some(Record::Message(message)) => Some(message),
            _ => None,
        }
    }

    /// A packet of a session's handshake, if it is still there: the first, the second ...
    pub(super) fn handshake(&self, session: u32, number: u64) -> Option<&Handshake> {
        let place = self.handshakes.get(&session)?.get(usize::try_from(number).ok()?.checked_sub(1)?)?;
        match self.records.get(place) {
            Some(Record::Handshake(handshake)) => Some(handshake),
            _ => None,
        }
    }

    /// Some of the records from a place on, and the place behind them; nothing at the end.
    pub(super) fn some(&self, from: u64) -> Option<(Vec<Record>, u64)> {
        const SOME: usize = 256;
        let records: Vec<(&u64, &Record)> = self.records.range(from..).take(SOME).collect();
        let (last, _) = records.last()?;
        let after = **last + 1;
        Some((records.into_iter().map(|(_, record)| record.clone()).collect(), after))
    }

    /// Is all of a session still there?
    pub(super) fn has_whole(&self, session: u32) -> bool {
        !self.broken.contains(&session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Control, Input, Settings, Want, run};

    /// The records of a sample, whole.
    fn records() -> Vec<Record> {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/pub-ffmpeg5-2s-nginx.pcap");
        let mut records = Vec::new();
        let mut sink = |record: Record| records.push(record);
        run(Input::open(&path).unwrap(), &Settings::new(Want::ALL), &mut sink, |_| Control::Continue).unwrap();
        records
    }

    fn kept(shelf: &Shelf) -> Vec<Record> {
        let (mut all, mut from) = (Vec::new(), 0);
        while let Some((some, after)) = shelf.some(from) {
            all.extend(some);
            from = after;
        }
        all
    }

    #[test]
    fn with_room_everything_is_there_in_order() {
        let (records, mut shelf) = (records(), Shelf::default());
        for record in &records {
            assert!(!shelf.put(record.clone(), 64 << 20));
        }
        assert_eq!(format!("{:?}", kept(&shelf)), format!("{records:?}"));
        assert!(shelf.has_whole(1) && shelf.message(1, 1).is_some() && shelf.message(1, 100_000).is_none());
    }

    #[test]
    fn without_room_old_media_go_and_what_was_said_stays() {
        let (records, mut shelf) = (records(), Shelf::default());
        let mut gave_up = false;
        for record in &records {
            gave_up |= shelf.put(record.clone(), 200_000);
        }
        assert!(gave_up && !shelf.has_whole(1));
        assert!(shelf.media.weight <= 150_000 && shelf.rest.weight <= 50_000);
        let of = |records: &[Record], media: bool| {
            let messages = records.iter().filter_map(|record| match record {
                Record::Message(message) => Some(message),
                _ => None,
            });
            let wanted = messages.filter(|message| message.head.message_type.kind().is_media() == media);
            wanted.map(|message| message.seq).collect::<Vec<u64>>()
        };
        let kept = kept(&shelf);
        assert_eq!(of(&kept, false), of(&records, false));
        // Of media the newest are there.
        let (some, all) = (of(&kept, true), of(&records, true));
        assert!(!some.is_empty() && some.len() < all.len() && all.ends_with(&some), "{some:?}");
        assert!(all.iter().all(|seq| shelf.message(1, *seq).is_some() == some.contains(seq)));
    }
}
