//! Standard error, for threads that must not wait for whoever reads it.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// Lines that may wait.
const ROOM: usize = 256;
/// How long the last lines may take.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Says lines in order. What finds no room is counted and not said.
#[derive(Clone)]
pub(super) struct Voice {
    words: SyncSender<Words>,
    unsaid: Arc<AtomicU64>,
}

enum Words {
    Text(String),
    /// Answers when all before it was said.
    Last(SyncSender<()>),
}

impl Voice {
    /// Says to `out` on a thread of its own.
    pub(super) fn new(out: impl Write + Send + 'static) -> io::Result<Voice> {
        let (words, inbox) = sync_channel(ROOM);
        let unsaid = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&unsaid);
        thread::Builder::new().name("voice".to_owned()).spawn(move || speak(out, &inbox, &count))?;
        Ok(Voice { words, unsaid })
    }

    pub(super) fn say(&self, text: String) {
        if self.words.try_send(Words::Text(text)).is_err() {
            self.unsaid.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Says the last words and waits until everything is said, but not for ever.
    pub(super) fn finish(&self, text: String) {
        let begun = Instant::now();
        let (answer, said) = sync_channel(1);
        for mut words in [Words::Text(text), Words::Last(answer)] {
            while let Err(TrySendError::Full(back)) = self.words.try_send(words) {
                if begun.elapsed() > LAST_WORDS {
                    // Who does not read by then will not hear it.
                    return;
                }
                words = back;
                thread::sleep(Duration::from_millis(5));
            }
        }
        let _ = said.recv_timeout(LAST_WORDS);
    }
}

fn speak(mut out: impl Write, inbox: &Receiver<Words>, unsaid: &AtomicU64) {
    for words in inbox {
        // A terminal that is gone is no reason to stop.
        match words {
            Words::Text(text) => drop(out.write_all(text.as_bytes())),
            Words::Last(answer) => drop(answer.send(())),
        }
        let missed = unsaid.swap(0, Ordering::Relaxed);
        if missed > 0 {
            let _ = writeln!(out, "rtmpscope: {missed} lines are not shown: they came faster than they were read");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes nothing until it is let go.
    struct Stuck(Receiver<()>, Arc<std::sync::Mutex<Vec<u8>>>);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            self.1.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn who_speaks_never_waits_and_what_was_not_said_is_counted() {
        let (release, held) = sync_channel(0);
        let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
        let voice = Voice::new(Stuck(held, Arc::clone(&heard))).unwrap();
        for n in 0..1000 {
            voice.say(format!("{n}\n"));
        }
        drop(release);
        while !String::from_utf8_lossy(&heard.lock().unwrap()).contains("lines are not shown") {
            thread::yield_now();
        }
        voice.finish("last\n".to_owned());
        let heard = String::from_utf8(heard.lock().unwrap().clone()).unwrap();
        assert!(heard.starts_with("0\n") && heard.ends_with("last\n"), "{heard}");
        let said = heard.lines().filter(|line| line.parse::<u32>().is_ok()).count();
        let missed = heard.lines().filter_map(|line| line.split(' ').nth(1)?.parse::<usize>().ok()).sum::<usize>();
        assert_eq!(said + missed, 1000, "{heard}");
    }
}
