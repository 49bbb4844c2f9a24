//! `view`: the terminal app, with a thread that reads the capture and one that reads single messages again.

pub(super) mod config;
pub(super) mod contrast;
mod feed;
pub(super) mod reader;
pub(super) mod save;

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use super::args::{Color, ListArgs, ListFormat, Look, ReadArgs, ViewArgs};
use super::failure::Failure;
use super::read::{self, judge};
use super::{export, list, terminal};
use crate::engine::{Control, Input};
use crate::out::json::{Bodies, Detail, Json, Options};
use crate::record::Message;
use crate::tui::{self, Depth, Ended, Ground, Hand, Model, Msg, Signal, Theme, Wants};
use crate::view::{Mask, clean};
use config::Config;
use feed::Shared;
use reader::{Reader, Store};

/// How long the screen waits for something to show: a capture that cannot be read ends before it opens.
const FIRST: Duration = Duration::from_millis(100);
/// Messages that may wait for the screen.
const QUEUE: usize = 64;

pub(super) fn run(args: &ViewArgs) -> Result<ExitCode, Failure> {
    if !has_terminal() {
        let args = ListArgs { read: args.read.clone(), format: ListFormat::Table, fields: Vec::new() };
        return list::run(&args);
    }
    let config = Config::load()?;
    let (sender, messages) = sync_channel(QUEUE);
    let mut input = read::open(&args.read)?;
    if input.size.is_some() && read::holds_events(&args.read, &mut input)? {
        let text = format!("{} is an export: the screen needs the capture itself", input.name);
        return Err(Failure::Missing(text));
    }
    let mut model = Model::new(
        &clean(input.short_name()),
        theme(args.theme, args.read.select.color, args.ascii, &config),
        config.keymap.clone(),
        (80, 24),
    );
    model.open = args.read.show_secrets;
    model.load.live = input.size.is_none() || args.follow;
    model.load.size = input.size;
    model.follow = args.follow;
    if let Some(filter) = &args.read.select.filter {
        tui::narrow(&mut model, filter.text());
    }
    let shared = Arc::new(Shared::new(&args.read.file, args.follow));
    let loader = feed::spawn(args.read.clone(), input, Arc::clone(&shared), sender.clone());
    let begun = Instant::now();
    while model.index.is_empty() && !model.load.ended {
        let Ok(first) = messages.recv_timeout(FIRST.saturating_sub(begun.elapsed())) else { break };
        if let Msg::Ended(Some(_)) = first {
            // What is no capture is reported as by every other verb.
            return match loader.join() {
                Ok(Err(error)) => Err(error.into()),
                _ => Err(Failure::Output(io::Error::other("the reader ended before the screen began"))),
            };
        }
        tui::update(&mut model, first);
    }
    let store: Arc<dyn Store> = Arc::<Shared>::clone(&shared);
    let reader = Reader::spawn(store, sender.clone());
    let mut hands = Hands { read: args.read.clone(), shared: Arc::clone(&shared), reader, sender: sender.clone() };
    let ended = tui::run(model, &messages, &sender, &mut hands).map_err(Failure::Output)?;
    shared.stop();
    match ended {
        Ended::Signal(Signal::Terminate) => Ok(ExitCode::from(143)),
        Ended::Signal(Signal::Interrupt) => Ok(ExitCode::from(130)),
        Ended::Signal(Signal::HangUp | Signal::Suspend) | Ended::Gone => Ok(ExitCode::from(129)),
        // Only the screen of a proxy is left with sessions behind it.
        Ended::Quit | Ended::Left(_) => {
            if let Some(end) = shared.end() {
                judge(&args.read, &end)?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Is there a terminal to draw on, and one to read keys from?
pub(super) fn has_terminal() -> bool {
    let dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
    let keys = io::stdin().is_terminal() || cfg!(unix) && Path::new("/dev/tty").exists();
    io::stdout().is_terminal() && keys && !dumb
}

/// What the environment and the command line say of the terminal.
pub(super) fn theme(look: Look, color: Color, ascii: bool, config: &Config) -> Theme {
    // What is typed counts more than what is written down.
    let look = if look == Look::Auto { config.look.unwrap_or(Look::Auto) } else { look };
    let var = |name: &str| std::env::var(name).unwrap_or_default();
    let (term, colors) = (var("TERM"), var("COLORTERM"));
    let depth = if look == Look::Mono || !terminal::colored(color) {
        Depth::Mono
    } else if matches!(colors.as_str(), "truecolor" | "24bit") {
        Depth::True
    } else if term.contains("256color") {
        Depth::Indexed
    } else if term.starts_with("vt") && color == Color::Auto {
        Depth::Mono
    } else {
        Depth::Sixteen
    };
    // COLORFGBG ends in the background: 7 and 15 are the light ones.
    let light = matches!(var("COLORFGBG").rsplit(';').next(), Some("7" | "15"));
    let ground = match look {
        Look::Light => Ground::Light,
        Look::Auto if light => Ground::Light,
        Look::Auto | Look::Dark | Look::Mono => Ground::Dark,
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().map(var).find(|value| !value.is_empty());
    let utf8 = locale.is_some_and(|locale| {
        let locale = locale.to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    Theme { depth, ground, ascii: ascii || config.ascii.unwrap_or(!utf8 || term == "linux") }
}

/// What the screen cannot do itself.
struct Hands {
    read: ReadArgs,
    shared: Arc<Shared>,
    reader: Reader,
    sender: SyncSender<Msg>,
}

impl Hand for Hands {
    fn wish(&mut self, wants: Wants, filter: Option<String>) {
        self.reader.wish(wants, filter, self.shared.wanted(), |search, filter| {
            feed::search(&self.read, Arc::clone(&self.shared), self.sender.clone(), search, filter);
        });
    }

    fn contrast(&mut self, sessions: [u32; 2]) {
        let (shared, sender, read) = (Arc::clone(&self.shared), self.sender.clone(), self.read.clone());
        std::thread::spawn(move || {
            let found = contrast::contrast(&shared, &read, sessions);
            // The screen may be gone by now.
            let _ = sender.send(Msg::Contrasted(sessions, found));
        });
    }

    /// Only the screen of a proxy stands still.
    fn pause(&mut self, _: bool) {}

    /// Only a proxy has one.
    fn write_ring(&mut self) {}

    fn stop(&mut self) {
        self.shared.stop();
    }

    fn follow(&mut self) {
        let again = Input::open(&self.read.file).ok().filter(|input| input.size.is_some() && self.shared.begin_again());
        match again {
            Some(input) => {
                // A file that was read to its end is read once more, and then on.
                let (shared, sender) = (Arc::clone(&self.shared), self.sender.clone());
                drop(feed::spawn(self.read.clone(), input, shared, sender));
            }
            None => self.shared.follow(),
        }
    }

    fn json(&mut self, message: &Message, open: bool) -> String {
        let (mask, start) = self.shared.mask();
        save::json(message, if open { Mask::new(true) } else { mask }, start)
    }

    fn save(&mut self, name: &str, text: &str) -> Result<String, String> {
        save::save(name, text)
    }

    fn save_all(&mut self, open: bool) {
        let (shared, sender, read) = (Arc::clone(&self.shared), self.sender.clone(), self.read.clone());
        std::thread::spawn(move || {
            let told = match save_events(&shared, &read, open) {
                Ok(name) => Msg::Said(format!("all events are in {name}")),
                Err(why) => Msg::Failed(why),
            };
            // The screen may be gone by now.
            let _ = sender.send(told);
        });
    }
}

/// Reads the capture once more and writes its events.
fn save_events(shared: &Shared, args: &ReadArgs, open: bool) -> Result<String, String> {
    let reader = shared.trail().whole().ok_or("the capture cannot be read again")?;
    let input = Input::new(args.file.to_string_lossy().into_owned(), reader);
    let (name, file) = save::create("events.ndjson").map_err(|error| format!("cannot write: {error}"))?;
    let options = Options { detail: Detail::Messages, bodies: Bodies::None, array: false, live: false };
    let mut json = Json::new(io::BufWriter::new(file), options, Mask::new(open));
    let settings = read::settings(args, export::want(&options));
    let result = {
        let mut selected = read::Select::new(args, &mut json);
        crate::engine::run(input, &settings, &mut selected, |_| Control::Continue)
    };
    result.map_err(|error| error.to_string())?;
    json.finish().and_then(|mut out| out.flush()).map_err(|error| format!("cannot write {name}: {error}"))?;
    Ok(name)
}
