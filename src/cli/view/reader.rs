//! Reads single messages again, in a thread of its own: only the newest wish counts.

use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use super::feed::Shared;
use crate::engine::Place;
use crate::limits::Limits;
use crate::tui::{Msg, Wants, Wish};
use crate::view::inspect::Inspection;
use crate::view::sheet::Packet;

/// Where wishes are left.
#[derive(Debug)]
pub(super) struct Reader {
    desk: Arc<Desk>,
}

#[derive(Debug, Default)]
struct Desk {
    wish: Mutex<Option<Wants>>,
    called: Condvar,
}

impl Reader {
    pub(super) fn spawn(shared: Arc<Shared>, sender: SyncSender<Msg>) -> Reader {
        let desk = Arc::new(Desk::default());
        let own = Arc::clone(&desk);
        thread::spawn(move || {
            loop {
                let wants = own.next();
                for msg in answer(&shared, &own, wants) {
                    if sender.send(msg).is_err() {
                        return;
                    }
                }
            }
        });
        Reader { desk }
    }

    pub(super) fn wish(&self, wants: Wants) {
        *self.desk.wish.lock().unwrap_or_else(PoisonError::into_inner) = Some(wants);
        self.desk.called.notify_one();
    }
}

impl Desk {
    /// Waits for a wish.
    fn next(&self) -> Wants {
        let mut wish = self.wish.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(wants) = wish.take() {
                return wants;
            }
            wish = self.called.wait(wish).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn is_empty(&self) -> bool {
        self.wish.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }
}

fn answer(shared: &Shared, desk: &Desk, wants: Wants) -> Vec<Msg> {
    let mut answers = Vec::new();
    if let Some((session, _)) = wants.story {
        let indexer = shared.indexer();
        answers.push(Msg::Story(session, [indexer.story(session, false), indexer.story(session, true)]));
    }
    if let Some(wish) = wants.message {
        answers.extend(message(shared, desk, wish, wants.packets));
    }
    answers
}

fn message(shared: &Shared, desk: &Desk, wish: Wish, packets: bool) -> Option<Msg> {
    let limits = Limits::default();
    let place = Place { session: wish.session, seq: wish.seq, packet: u64::from(wish.packet) };
    let found = shared.trail().message(place, &limits, || desk.is_empty());
    if !desk.is_empty() {
        // Something newer is wished for.
        return None;
    }
    let Some(message) = found else { return Some(Msg::Inspected(wish.row, None)) };
    let start = shared.start();
    if packets {
        let mut numbers: Vec<u64> = message.carriers.iter().map(|carrier| carrier.packet).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let frames = shared.trail().frames(&numbers, &limits);
        let packets = frames.into_iter().map(|frame| Packet {
            number: frame.packet,
            time: frame.time.map(|time| format!("{:.6} s", time.since(start))).unwrap_or_default(),
            bytes: frame.bytes.into(),
        });
        return Some(Msg::Packets(wish.row, packets.collect()));
    }
    let (mask, start) = shared.mask();
    Some(Msg::Inspected(wish.row, Some(Box::new(Inspection::new(message, &mask, start)))))
}
