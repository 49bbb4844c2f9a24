//! Owns the terminal, the channel and the clock.

use std::io::{self, Write};
use std::mem::ManuallyDrop;
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use super::keyboard::Keyboard;
use super::model::Model;
use super::msg::{Effect, Leave, Msg, Signal, Wants};
use super::{update, view};
use crate::record::Message;

/// What the app cannot do itself.
pub trait Hand {
    /// The screen would like to show this; only the newest wish counts.
    fn wish(&mut self, wants: Wants, filter: Option<String>);
    /// Compare two sessions, and say so when it is done.
    fn contrast(&mut self, sessions: [u32; 2]);
    /// Send nothing new to the screen of a proxy, or all that came meanwhile.
    fn pause(&mut self, paused: bool);
    /// Write the ring of a proxy.
    fn write_ring(&mut self);
    /// Stop reading the capture.
    fn stop(&mut self);
    /// Go on reading a capture that grows.
    fn follow(&mut self);
    /// A message as JSON; `open` lifts the mask.
    fn json(&mut self, message: &Message, open: bool) -> String;
    /// Writes a text to a new file and tells its name.
    fn save(&mut self, name: &str, text: &str) -> Result<String, String>;
    /// Writes all events to a new file; says so when it is done.
    fn save_all(&mut self, open: bool);
}

/// Why the app ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The user quit.
    Quit,
    /// The user left a proxy that has sessions.
    Left(Leave),
    /// It was told to by a signal.
    Signal(Signal),
    /// The terminal went away.
    Gone,
}

/// The shortest time between two frames that only show progress.
const FRAME: Duration = Duration::from_millis(33);
/// How often it is checked whether the terminal is still there.
const PULSE: Duration = Duration::from_millis(500);
/// The longest text that terminals take for the clipboard.
const LONGEST_COPY: usize = 74_994;

type Screen = Terminal<CrosstermBackend<io::Stdout>>;

/// Runs the app until it ends. Messages come through the channel from whoever has some.
pub fn run(
    mut model: Model,
    messages: &Receiver<Msg>,
    sender: &SyncSender<Msg>,
    hand: &mut dyn Hand,
) -> io::Result<Ended> {
    let _restored = Restored::new()?;
    watch_signals(sender.clone())?;
    let _keyboard = Keyboard::watch(sender.clone());
    // Dropped it would complain, by a panic, when there is no terminal left; `Restored` shows the cursor again.
    let mut terminal = ManuallyDrop::new(Terminal::new(CrosstermBackend::new(io::stdout()))?);
    let size = terminal.size()?;
    model.size = (size.width, size.height);
    let ended = turn(&mut model, &mut terminal, messages, hand);
    match ended {
        // Writing fails only when nobody can read any more.
        Err(_) => Ok(Ended::Gone),
        ended => ended,
    }
}

fn turn(model: &mut Model, terminal: &mut Screen, messages: &Receiver<Msg>, hand: &mut dyn Hand) -> io::Result<Ended> {
    let (mut drawn, mut wished) = (None::<Instant>, Wants::default());
    let (mut dirty, mut urgent) = (true, true);
    loop {
        let due = drawn.is_none_or(|drawn| drawn.elapsed() >= FRAME);
        if dirty && (urgent || due) {
            terminal.draw(|frame| view(model, frame))?;
            (dirty, urgent, drawn) = (false, false, Some(Instant::now()));
            let wants = model.wants();
            if wants != wished {
                wished = wants;
                hand.wish(wants, model.filter.as_ref().map(|filter| filter.text().to_owned()));
            }
        }
        if model.is_busy() {
            update(model, Msg::Tick);
            dirty = true;
            urgent |= !model.is_busy();
        }
        let patience = if model.is_busy() {
            Duration::ZERO
        } else if dirty {
            FRAME
        } else {
            PULSE
        };
        let mut next = match messages.recv_timeout(patience) {
            Ok(msg) => Some(msg),
            Err(RecvTimeoutError::Timeout) if patience < PULSE => continue,
            Err(RecvTimeoutError::Timeout) if is_gone() => return Ok(Ended::Gone),
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return Ok(Ended::Gone),
        };
        let begun = Instant::now();
        while let Some(msg) = next.take() {
            urgent |= !matches!(msg, Msg::Batch(_) | Msg::Progress(..) | Msg::Tick);
            dirty = true;
            // What came true is no longer wished for, so that it can be wished for again.
            if matches!(msg, Msg::Inspected(..) | Msg::Packets(..) | Msg::Story(..)) {
                wished = Wants::default();
            }
            if let Some(effect) = update(model, msg)
                && let Some(ended) = carry_out(model, terminal, hand, effect)?
            {
                return Ok(ended);
            }
            if begun.elapsed() < FRAME / 4 {
                next = messages.try_recv().ok();
            }
        }
    }
}

fn carry_out(
    model: &mut Model,
    terminal: &mut Screen,
    hand: &mut dyn Hand,
    effect: Effect,
) -> io::Result<Option<Ended>> {
    let told = |result: Result<String, String>| match result {
        Ok(name) => Msg::Said(format!("written to {name}")),
        Err(why) => Msg::Failed(why),
    };
    let answer = match effect {
        Effect::Quit => return Ok(Some(Ended::Quit)),
        Effect::Leave(leave) => return Ok(Some(Ended::Left(leave))),
        Effect::End(signal) => return Ok(Some(Ended::Signal(signal))),
        Effect::Stop => {
            hand.stop();
            return Ok(None);
        }
        Effect::Pause(paused) => {
            hand.pause(paused);
            return Ok(None);
        }
        Effect::Ring => {
            hand.write_ring();
            return Ok(None);
        }
        Effect::Contrast(sessions) => {
            hand.contrast(sessions);
            return Ok(None);
        }
        Effect::Follow => {
            hand.follow();
            return Ok(None);
        }
        Effect::Suspend => {
            suspend(terminal)?;
            let size = terminal.size()?;
            update(model, Msg::Resize(size.width, size.height));
            return Ok(None);
        }
        Effect::Copy(text) => copy(hand, &text),
        Effect::CopyMessage => match json(model, hand) {
            Some(text) => copy(hand, &text),
            None => return Ok(None),
        },
        Effect::Save(name, text) => told(hand.save(&name, &text)),
        Effect::SaveMessage => match json(model, hand) {
            Some(text) => told(hand.save("message.json", &text)),
            None => return Ok(None),
        },
        Effect::SaveAll => {
            hand.save_all(model.open);
            Msg::Said("writing all events".to_owned())
        }
    };
    update(model, answer);
    Ok(None)
}

fn json(model: &Model, hand: &mut dyn Hand) -> Option<String> {
    Some(hand.json(model.opened_message()?, model.open))
}

/// Puts a text on the clipboard of the terminal, or into a file where it is too long for that.
fn copy(hand: &mut dyn Hand, text: &str) -> Msg {
    if text.len() <= LONGEST_COPY {
        let written = write!(io::stdout(), "\x1b]52;c;{}\x07", BASE64.encode(text)).and_then(|()| io::stdout().flush());
        if written.is_ok() {
            return Msg::Said(format!(
                "copied {} characters (a capital letter writes to a file)",
                text.chars().count()
            ));
        }
    }
    match hand.save("copy.txt", text) {
        Ok(name) => Msg::Said(format!("too long for the clipboard: written to {name}")),
        Err(why) => Msg::Failed(why),
    }
}

/// The terminal as it was found, given back however the app ends.
struct Restored;

impl Restored {
    fn new() -> io::Result<Restored> {
        let before = panic::take_hook();
        let screen = thread::current().id();
        panic::set_hook(Box::new(move |info| {
            // Other threads report through their channel; their words would only spoil the screen.
            if thread::current().id() == screen {
                give_back();
                before(info);
            }
        }));
        take_over()?;
        Ok(Restored)
    }
}

impl Drop for Restored {
    fn drop(&mut self) {
        give_back();
    }
}

/// The terminal is ours.
static TAKEN: AtomicBool = AtomicBool::new(false);

fn take_over() -> io::Result<()> {
    TAKEN.store(true, Ordering::Relaxed);
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableMouseCapture, EnableBracketedPaste)
}

fn give_back() {
    if !TAKEN.swap(false, Ordering::Relaxed) {
        return;
    }
    // Nothing can be done about a terminal that is gone.
    let _ = execute!(io::stdout(), DisableBracketedPaste, DisableMouseCapture, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

fn is_gone() -> bool {
    terminal_size::terminal_size_of(io::stdout()).is_none()
}

#[cfg(unix)]
fn suspend(terminal: &mut Screen) -> io::Result<()> {
    give_back();
    signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
    // Here somebody has called the program back, to a terminal that shows nothing of it any more.
    take_over()?;
    *terminal = Terminal::new(CrosstermBackend::new(io::stdout()))?;
    Ok(())
}

#[cfg(not(unix))]
fn suspend(_: &mut Screen) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn watch_signals(sender: SyncSender<Msg>) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGWINCH])?;
    thread::spawn(move || {
        for signal in signals.forever() {
            let msg = match signal {
                SIGHUP => Msg::Signal(Signal::HangUp),
                SIGINT => Msg::Signal(Signal::Interrupt),
                SIGTSTP => Msg::Signal(Signal::Suspend),
                SIGWINCH => match crossterm::terminal::size() {
                    Ok((columns, rows)) => Msg::Resize(columns, rows),
                    Err(_) => continue,
                },
                _ => Msg::Signal(Signal::Terminate),
            };
            if sender.send(msg).is_err() {
                return;
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn watch_signals(_: SyncSender<Msg>) -> io::Result<()> {
    Ok(())
}
