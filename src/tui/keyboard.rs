//! Hears keys, mouse and pasted text, on a thread of its own that ends with the screen or with the terminal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::Duration;
#[cfg(unix)]
use std::{io::IsTerminal, os::fd::AsFd};

use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};

use super::key::{Code, Key};
use super::msg::{Mouse, Msg};

/// How often it is checked whether the screen is still there.
const PULSE: Duration = Duration::from_millis(500);

/// The thread that listens, for as long as this lives.
#[derive(Debug)]
pub(super) struct Keyboard {
    over: Arc<AtomicBool>,
}

impl Keyboard {
    /// Sends what is heard.
    pub(super) fn watch(sender: SyncSender<Msg>) -> Keyboard {
        let over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&over);
        thread::spawn(move || {
            while !ends.load(Ordering::Relaxed) && Terminal::is_there() {
                while let Ok(true) = event::poll(Terminal::patience()) {
                    let Ok(event) = event::read() else { return };
                    if let Some(msg) = heard(event)
                        && sender.send(msg).is_err()
                    {
                        return;
                    }
                }
            }
        });
        Keyboard { over }
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// The terminal that keys come from.
///
/// crossterm reads a terminal that is gone again and again, without end, so it is asked only while there is one: a proxy
/// goes on without.
#[cfg(unix)]
struct Terminal;

#[cfg(unix)]
impl Terminal {
    /// Waits a while for a key; false when the terminal is gone.
    fn is_there() -> bool {
        use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
        let (stdin, stdout) = (std::io::stdin(), std::io::stdout());
        // Where standard input is a capture, keys come from the terminal that is drawn on.
        let terminal = if stdin.is_terminal() { stdin.as_fd() } else { stdout.as_fd() };
        let mut asked = [PollFd::new(terminal, PollFlags::POLLIN)];
        // An interruption is no answer; the next one comes soon.
        let _ = poll(&mut asked, PollTimeout::try_from(PULSE).unwrap_or(PollTimeout::ZERO));
        let [asked] = asked;
        let gone = PollFlags::POLLHUP | PollFlags::POLLERR | PollFlags::POLLNVAL;
        !asked.revents().is_some_and(|found| found.intersects(gone))
    }

    /// How long to wait for an event: not at all, it was waited for before.
    fn patience() -> Duration {
        Duration::ZERO
    }
}

#[cfg(not(unix))]
struct Terminal;

#[cfg(not(unix))]
impl Terminal {
    fn is_there() -> bool {
        true
    }

    fn patience() -> Duration {
        PULSE
    }
}

/// What an event of the terminal means.
fn heard(event: Event) -> Option<Msg> {
    Some(match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            let code = match key.code {
                KeyCode::Char(c) => Code::Char(c),
                KeyCode::Enter => Code::Enter,
                KeyCode::Esc => Code::Esc,
                KeyCode::Backspace => Code::Backspace,
                KeyCode::Delete => Code::Delete,
                KeyCode::Tab => Code::Tab,
                KeyCode::BackTab => Code::BackTab,
                KeyCode::Up => Code::Up,
                KeyCode::Down => Code::Down,
                KeyCode::Left => Code::Left,
                KeyCode::Right => Code::Right,
                KeyCode::Home => Code::Home,
                KeyCode::End => Code::End,
                KeyCode::PageUp => Code::PageUp,
                KeyCode::PageDown => Code::PageDown,
                _ => return None,
            };
            let with = |modifier| key.modifiers.contains(modifier);
            Msg::Key(Key { code, ctrl: with(KeyModifiers::CONTROL), alt: with(KeyModifiers::ALT) })
        }
        Event::Paste(text) => Msg::Paste(text),
        Event::Resize(columns, rows) => Msg::Resize(columns, rows),
        Event::Mouse(mouse) => {
            let what = match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => Mouse::Press,
                MouseEventKind::ScrollUp => Mouse::WheelUp,
                MouseEventKind::ScrollDown => Mouse::WheelDown,
                _ => return None,
            };
            Msg::Mouse(what, mouse.column, mouse.row)
        }
        _ => return None,
    })
}
