//! A Unix socket whose readers all get what is written: events for programs that come and go.
//!
//! A reader that is too slow is disconnected; nobody waits for it.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;

/// Writes that may wait for one reader.
const ROOM: usize = 256;
/// How long readers may take for what waits at the end.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// Readers at the same time.
const MOST: usize = 64;

/// Sends what is written to all readers of the moment. Each gets the first line of all, which says what follows.
pub struct Broadcast {
    path: PathBuf,
    readers: Arc<Mutex<Readers>>,
    /// Held by each thread that writes to a reader.
    alive: Arc<()>,
}

#[derive(Default)]
struct Readers {
    first: Bytes,
    senders: Vec<SyncSender<Bytes>>,
}

impl Broadcast {
    /// Listens on a path. A socket that nobody listens on any more is replaced, anything else is not.
    pub fn new(path: &Path) -> io::Result<Broadcast> {
        if fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket())
            && UnixStream::connect(path).is_err()
        {
            fs::remove_file(path)?;
        }
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        let readers = Arc::new(Mutex::new(Readers::default()));
        let alive = Arc::new(());
        let (shared, token) = (Arc::clone(&readers), Arc::downgrade(&alive));
        thread::Builder::new().name("broadcast".to_owned()).spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(token) = token.upgrade() else { return };
                lock(&shared).admit(stream, token);
            }
        })?;
        Ok(Broadcast { path: path.to_owned(), readers, alive })
    }
}

impl Readers {
    fn admit(&mut self, mut stream: UnixStream, token: Arc<()>) {
        if self.senders.len() >= MOST {
            return;
        }
        let (sender, inbox) = sync_channel::<Bytes>(ROOM);
        let first = self.first.clone();
        let copy = move || {
            let _ = stream.write_all(&first);
            // Ends when the reader is gone, or when it was given up.
            let _ = inbox.iter().try_for_each(|bytes| stream.write_all(&bytes));
            drop(token);
        };
        if thread::Builder::new().name("reader".to_owned()).spawn(copy).is_ok() {
            self.senders.push(sender);
        }
    }
}

impl Readers {
    /// Sends to all who keep up; the others are given up.
    fn send(&mut self, bytes: &Bytes) {
        self.senders.retain(|sender| sender.try_send(bytes.clone()).is_ok());
    }
}

impl Write for Broadcast {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut readers = lock(&self.readers);
        if readers.first.is_empty() {
            let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
            readers.first = Bytes::copy_from_slice(bytes.get(..end).unwrap_or(bytes));
            // Who was there before it was told nothing yet.
            let first = readers.first.clone();
            readers.send(&first);
            return Ok(first.len());
        }
        if !readers.senders.is_empty() {
            readers.send(&Bytes::copy_from_slice(bytes));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Broadcast {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
        // Who reads still gets what waits, and then the end; who does not read is not waited for.
        lock(&self.readers).senders.clear();
        let begun = Instant::now();
        while Arc::strong_count(&self.alive) > 1 && begun.elapsed() < LAST_WORDS {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn lock(readers: &Mutex<Readers>) -> std::sync::MutexGuard<'_, Readers> {
    readers.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn readers_get_the_first_line_and_what_follows_and_slow_ones_are_given_up() {
        let path = std::env::temp_dir().join(format!("rtmpscope-broadcast-{}", std::process::id()));
        let mut broadcast = Broadcast::new(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        broadcast.write_all(b"source\nearly\n").unwrap();
        let mut quick = UnixStream::connect(&path).unwrap();
        let _slow = UnixStream::connect(&path).unwrap();
        while lock(&broadcast.readers).senders.len() < 2 {
            thread::yield_now();
        }
        let reader = thread::spawn(move || {
            let mut all = Vec::new();
            quick.read_to_end(&mut all).unwrap();
            all
        });
        let line = [&[b'x'; 4095][..], b"\n"].concat();
        let mut sent = 0;
        while lock(&broadcast.readers).senders.len() == 2 {
            broadcast.write_all(&line).unwrap();
            sent += 1;
            thread::sleep(Duration::from_micros(200));
        }
        assert!(sent > ROOM, "{sent}");
        assert!(Broadcast::new(&path).is_err(), "somebody listens there");
        drop(broadcast);
        let heard = reader.join().unwrap();
        assert!(heard.starts_with(b"source\nxxx"), "what came before it connected is not told");
        assert_eq!(heard.len(), 7 + sent * 4096);
        assert!(!path.exists());
    }
}
