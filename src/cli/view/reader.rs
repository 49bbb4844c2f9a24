//! Reads single messages again, in a thread of its own: only the newest wish counts.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use crate::record::{Handshake, Message};
use crate::time::Time;
use crate::tui::{Lines, Msg, Wants, Wish};
use crate::view::Mask;
use crate::view::index::Item;
use crate::view::inspect::{Inspection, Subject};
use crate::view::sheet::Packet;

/// Where messages are read again from: a capture, or what a proxy still has.
pub(in crate::cli) trait Store: Send + Sync {
    /// The message in a row, whole. It may give up when `go_on` says no.
    fn message(&self, wish: Wish, go_on: &mut dyn FnMut() -> bool) -> Option<Box<Message>>;
    /// A packet of a handshake.
    fn handshake(&self, wish: Wish) -> Option<Box<Handshake>>;
    /// Captured packets, by their numbers in order.
    fn packets(&self, numbers: &[u64]) -> Vec<Packet>;
    /// The story of a session: masked, and as it is.
    fn story(&self, session: u32) -> [Lines; 2];
    /// The mask as it has learned by now, and when it all began.
    fn mask(&self) -> (Mask, Time);
}

/// Which search the screen wishes for. One that goes on looks here whether it still is the one.
#[derive(Debug, Default)]
pub(in crate::cli) struct Wanted {
    /// 0 is none.
    search: AtomicU64,
}

impl Wanted {
    pub(in crate::cli) fn is(&self, search: u64) -> bool {
        self.search.load(Ordering::Relaxed) == search
    }
}

/// Where wishes are left.
#[derive(Debug)]
pub(in crate::cli) struct Reader {
    desk: Arc<Desk>,
}

#[derive(Debug, Default)]
struct Desk {
    wish: Mutex<Option<Wants>>,
    called: Condvar,
}

impl Reader {
    pub(in crate::cli) fn spawn(store: Arc<dyn Store>, sender: SyncSender<Msg>) -> Reader {
        let desk = Arc::new(Desk::default());
        let own = Arc::clone(&desk);
        thread::spawn(move || {
            loop {
                let wants = own.next();
                for msg in answer(&*store, &own, wants) {
                    if sender.send(msg).is_err() {
                        return;
                    }
                }
            }
        });
        Reader { desk }
    }

    /// Takes a wish; `begin` begins a search for messages that fit a filter.
    pub(in crate::cli) fn wish(
        &self,
        wants: Wants,
        filter: Option<String>,
        wanted: &Wanted,
        begin: impl FnOnce(u64, &str),
    ) {
        let search = wants.reading.unwrap_or_default();
        // A search goes on until another one is wished for, or none.
        if wanted.search.swap(search, Ordering::Relaxed) != search
            && search > 0
            && let Some(filter) = filter
        {
            begin(search, &filter);
        }
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

fn answer(store: &dyn Store, desk: &Desk, wants: Wants) -> Vec<Msg> {
    let mut answers = Vec::new();
    if let Some((session, _)) = wants.story {
        answers.push(Msg::Story(session, store.story(session)));
    }
    if let Some(wish) = wants.message {
        answers.extend(message(store, desk, wish, wants.packets));
    }
    answers
}

fn message(store: &dyn Store, desk: &Desk, wish: Wish, packets: bool) -> Option<Msg> {
    let found = match wish.item {
        Item::Message(_) => store.message(wish, &mut || desk.is_empty()).map(Subject::Message),
        Item::Note(_) => store.handshake(wish).map(Subject::Handshake),
    };
    if !desk.is_empty() {
        // Something newer is wished for.
        return None;
    }
    let Some(subject) = found else { return Some(Msg::Inspected(wish.item, None)) };
    if packets {
        return Some(Msg::Packets(wish.item, store.packets(&subject.packets())));
    }
    let (mask, start) = store.mask();
    let inspection = match subject {
        Subject::Message(message) => Inspection::new(message, &mask, start),
        Subject::Handshake(handshake) => Inspection::of_handshake(handshake, start),
    };
    Some(Msg::Inspected(wish.item, Some(Box::new(inspection))))
}
