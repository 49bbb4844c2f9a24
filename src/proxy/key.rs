//! A key on the terminal: Enter, as the terminal hands lines over.

use std::io::{self, IsTerminal, Read};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{SigSet, Signal};

/// Pause before the terminal is asked again while the process is in the background.
const AGAIN: Duration = Duration::from_secs(1);

/// Calls back for each press of Enter, if standard input is a terminal; reports whether it is.
pub fn on_enter(pressed: impl Fn() + Send + 'static) -> bool {
    if !io::stdin().is_terminal() {
        return false;
    }
    let listen = move || {
        // With this signal blocked, reading in the background fails; otherwise it would stop the relay.
        let mut background = SigSet::empty();
        background.add(Signal::SIGTTIN);
        if background.thread_block().is_err() {
            return;
        }
        let mut byte = [0];
        loop {
            match io::stdin().read(&mut byte) {
                // The terminal is gone.
                Ok(0) => return,
                Ok(_) if byte == *b"\n" => pressed(),
                Ok(_) => {}
                Err(_) if io::stdin().is_terminal() => thread::sleep(AGAIN),
                Err(_) => return,
            }
        }
    };
    // It ends with the process: nothing can interrupt it.
    thread::Builder::new().name("keys".to_owned()).spawn(listen).is_ok()
}
