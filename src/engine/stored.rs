//! A capture that can be read from many places at once: the file itself, or a nameless copy of what came only once.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

/// A file that is read from many places at once.
#[derive(Clone, Debug)]
pub(super) struct Stored(Arc<File>);

impl Stored {
    /// A regular file; anything else cannot be read twice.
    pub(super) fn open(path: &Path) -> Option<Stored> {
        let file = File::open(path).ok()?;
        file.metadata().ok()?.is_file().then(|| Stored(Arc::new(file)))
    }

    /// A nameless temporary file, gone with the process, and the end to write to it.
    pub(super) fn spool(most: u64) -> io::Result<(Stored, Box<dyn Write + Send>)> {
        let file = Arc::new(tempfile::tempfile()?);
        Ok((Stored(Arc::clone(&file)), Box::new(Limited { file, left: most })))
    }

    /// The bytes from `at` on.
    pub(super) fn from(&self, at: u64) -> Box<dyn Read + Send> {
        Box::new(From { file: Arc::clone(&self.0), at })
    }
}

struct From {
    file: Arc<File>,
    at: u64,
}

impl Read for From {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let n = std::os::unix::fs::FileExt::read_at(&*self.file, buf, self.at)?;
        #[cfg(windows)]
        let n = std::os::windows::fs::FileExt::seek_read(&*self.file, buf, self.at)?;
        self.at += n as u64;
        Ok(n)
    }
}

struct Limited {
    file: Arc<File>,
    left: u64,
}

impl Write for Limited {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match self.left.checked_sub(buf.len() as u64) {
            Some(left) => self.left = left,
            None => return Err(io::ErrorKind::StorageFull.into()),
        }
        (&*self.file).write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        (&*self.file).flush()
    }
}
