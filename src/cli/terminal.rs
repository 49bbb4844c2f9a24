//! What the terminal is: colours, width, and a line of progress after half a second of work.

use std::io::{self, IsTerminal, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::args::Color;
use crate::engine::{Control, Progress};

/// Should stdout be coloured?
pub(super) fn colored(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
            let forced = std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0");
            !set("NO_COLOR") && (forced || io::stdout().is_terminal())
        }
    }
}

/// Columns of the terminal that stdout is; `None` for a file or a pipe, where nothing is cut.
pub(super) fn width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0).max(40))
}

/// Standard output could not be written to.
static GONE: AtomicBool = AtomicBool::new(false);

/// Standard output, which remembers that writing failed: then nothing more is worth decoding.
pub(super) struct Out(Stdout);

pub(super) fn out() -> Out {
    Out(io::stdout())
}

impl Write for Out {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        failing(self.0.write(buf))
    }

    fn flush(&mut self) -> io::Result<()> {
        failing(self.0.flush())
    }
}

fn failing<T>(result: io::Result<T>) -> io::Result<T> {
    if result.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted) {
        GONE.store(true, Ordering::Relaxed);
    }
    result
}

/// A line on stderr that tells how far a run is.
pub(super) struct Meter {
    size: Option<u64>,
    begun: Instant,
    shown: Option<Instant>,
    on: bool,
}

const SILENCE: Duration = Duration::from_millis(500);
const REFRESH: Duration = Duration::from_millis(100);

impl Meter {
    pub(super) fn new(size: Option<u64>, color: Color) -> Meter {
        let on = color != Color::Never && io::stderr().is_terminal();
        Meter { size, begun: Instant::now(), shown: None, on }
    }

    pub(super) fn update(&mut self, progress: Progress) -> Control {
        let now = Instant::now();
        let due = self.shown.map_or(self.begun + SILENCE, |shown| shown + REFRESH);
        if self.on && now >= due {
            self.shown = Some(now);
            let megabytes = progress.bytes as f64 / 1e6;
            let _ = match self.size {
                Some(size) if size > 0 => {
                    let percent = 100.0 * progress.bytes as f64 / size as f64;
                    write!(io::stderr(), "\r{percent:3.0} %  {megabytes:.0} MB  {} packets\x1b[K", progress.packets)
                }
                _ => write!(io::stderr(), "\r{megabytes:.0} MB  {} packets\x1b[K", progress.packets),
            };
        }
        if GONE.load(Ordering::Relaxed) { Control::Stop } else { Control::Continue }
    }

    /// Takes the line away.
    pub(super) fn clear(&mut self) {
        if self.shown.take().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
