//! `proxy --tui`: the terminal app over a running proxy.
//!
//! Messages are opened from memory, where the newest are kept whole ([`shelf`]); a recording is for what came before.

mod feed;
mod shelf;

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::args::ProxyArgs;
use super::voice::Voice;
use crate::cli::args::Look;
use crate::cli::failure::Failure;
use crate::cli::view::config::Config;
use crate::cli::view::reader::{Reader, Store};
use crate::cli::view::{has_terminal, save, theme};
use crate::out::json::{Bodies, Detail, Json, Options};
use crate::proxy::{Ear, Output, Running, Subscription, subscribe};
use crate::record::{Message, Sink};
use crate::time::Span;
use crate::tui::{self, Ended, Hand, Leave, Model, Msg, Relay, Signal, Wants};
use crate::view::{Mask, clean};
use feed::{Feed, Shared};

/// Records that may wait for the index.
const ROOM: usize = 1 << 16;
/// Messages that may wait for the screen.
const QUEUE: usize = 64;

/// The screen of a proxy that has not begun yet.
pub(super) struct Screen {
    config: Config,
    subscription: Subscription,
    notices: Receiver<String>,
    sender: Sender<String>,
}

/// Prepares the screen, with the output that the proxy is to feed.
pub(super) fn prepare() -> Result<(Screen, Output), Failure> {
    if !has_terminal() {
        return Err(Failure::Usage("--tui needs a terminal; without one, leave it out: lines are written".to_owned()));
    }
    let config = Config::load()?;
    // Calls find their replies on screen: nothing is to wait for them.
    let (output, subscription) = subscribe("the screen", ROOM, Span(0));
    let (sender, notices) = channel();
    Ok((Screen { config, subscription, notices, sender }, output))
}

impl Screen {
    /// Hears what people should hear, until the screen closes; after that it is written.
    pub(super) fn ear(&self, then: Ear) -> Ear {
        let sender = Mutex::new(self.sender.clone());
        Arc::new(move |notice| {
            let text = clean(&notice.to_string()).into_owned();
            let sender = sender.lock().unwrap_or_else(PoisonError::into_inner);
            if sender.send(text).is_err() {
                then(notice);
            }
        })
    }

    /// Shows the proxy until the user leaves it, and sees the proxy to its end. What is to be said then, `voice` says.
    pub(super) fn run(
        self,
        args: &ProxyArgs,
        running: Running,
        waiting: Vec<String>,
        voice: &Voice,
    ) -> Result<ExitCode, Failure> {
        let Screen { config, subscription, notices, sender: _ } = self;
        let (sender, messages) = sync_channel(QUEUE);
        let look = theme(Look::Auto, args.color, false, &config);
        let mut model = Model::new("the proxy", look, config.keymap, (80, 24));
        model.open = args.show_secrets;
        model.load.live = true;
        model.relay = Some(Relay { waiting, ring: args.ring.is_some(), ..Relay::default() });
        if let Some(filter) = &args.filter {
            tui::narrow(&mut model, filter.text());
        }
        let shared = Arc::new(Shared::default());
        Feed::spawn(Arc::clone(&shared), subscription, notices, Arc::clone(running.counters()), sender.clone());
        let store: Arc<dyn Store> = Arc::<Shared>::clone(&shared);
        let reader = Reader::spawn(store, sender.clone());
        let mut hands = Hands { shared, reader, ring: running.ring(), sender: sender.clone() };
        let ended = tui::run(model, &messages, &sender, &mut hands).map_err(Failure::Output)?;
        // Nobody takes what comes from now on.
        drop((messages, hands));
        match ended {
            Ended::Left(Leave::Stay) => {
                voice.say("rtmpscope: the screen is closed, the relay goes on; Ctrl-C stops it\n".to_owned());
            }
            Ended::Left(Leave::End) => (0..2).for_each(|_| running.stop()),
            // The proxy has heard these signals itself.
            Ended::Signal(Signal::Terminate | Signal::Interrupt) => {}
            Ended::Quit | Ended::Left(Leave::Finish) | Ended::Gone | Ended::Signal(_) => running.stop(),
        }
        let counters = Arc::clone(running.counters());
        running.wait();
        voice.finish(super::text(|out| super::screen::end(out, &counters)));
        Ok(match ended {
            Ended::Gone | Ended::Signal(Signal::HangUp) => ExitCode::from(129),
            _ => ExitCode::SUCCESS,
        })
    }
}

/// What the screen cannot do itself.
struct Hands {
    shared: Arc<Shared>,
    reader: Reader,
    ring: Box<dyn Fn() + Send + Sync>,
    sender: SyncSender<Msg>,
}

impl Hand for Hands {
    fn wish(&mut self, wants: Wants, filter: Option<String>) {
        self.reader.wish(wants, filter, self.shared.wanted(), |search, filter| {
            self.shared.search(self.sender.clone(), search, filter);
        });
    }

    fn contrast(&mut self, sessions: [u32; 2]) {
        let (shared, sender) = (Arc::clone(&self.shared), self.sender.clone());
        thread::spawn(move || {
            // The screen may be gone by now.
            let _ = sender.send(Msg::Contrasted(sessions, shared.contrast(sessions)));
        });
    }

    fn pause(&mut self, paused: bool) {
        self.shared.pause(paused);
    }

    /// That it was written, or why not, is heard as all notices of the proxy are.
    fn write_ring(&mut self) {
        (self.ring)();
    }

    /// The user pauses the screen instead.
    fn stop(&mut self) {}

    /// There is nothing that could be read on.
    fn follow(&mut self) {}

    fn json(&mut self, message: &Message, open: bool) -> String {
        let (mask, start) = self.shared.mask();
        save::json(message, if open { Mask::new(true) } else { mask }, start)
    }

    fn save(&mut self, name: &str, text: &str) -> Result<String, String> {
        save::save(name, text)
    }

    fn save_all(&mut self, open: bool) {
        let (shared, sender) = (Arc::clone(&self.shared), self.sender.clone());
        thread::spawn(move || {
            let told = match save_events(&shared, open) {
                Ok(name) => Msg::Said(format!("all that is still in memory is in {name}; --export writes everything")),
                Err(why) => Msg::Failed(why),
            };
            let _ = sender.send(told);
        });
    }
}

fn save_events(shared: &Shared, open: bool) -> Result<String, String> {
    let (name, file) = save::create("events.ndjson").map_err(|error| format!("cannot write: {error}"))?;
    let options = Options { detail: Detail::Messages, bodies: Bodies::None, array: false, live: true };
    let mask = if open { Mask::new(true) } else { shared.mask().0 };
    let mut json = Json::new(io::BufWriter::new(file), options, mask);
    shared.each(|record| {
        json.take(record);
        true
    });
    let written = json.finish().and_then(|mut out| out.flush());
    written.map_err(|error| format!("cannot write {name}: {error}"))?;
    Ok(name)
}
