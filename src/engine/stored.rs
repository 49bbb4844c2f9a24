//! A capture that can be read from many places at once: the file itself, or a nameless copy of what came only once.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use crate::net::ReadAt;

/// A file that is read from many places at once.
#[derive(Clone, Debug)]
pub struct Stored(Arc<File>);

impl ReadAt for Stored {
    fn read_at(&self, buf: &mut [u8], at: u64) -> io::Result<usize> {
        #[cfg(unix)]
        let n = std::os::unix::fs::FileExt::read_at(&*self.0, buf, at)?;
        #[cfg(windows)]
        let n = std::os::windows::fs::FileExt::seek_read(&*self.0, buf, at)?;
        Ok(n)
    }
}

impl Stored {
    /// A regular file; anything else cannot be read twice.
    pub(super) fn open(path: &Path) -> Option<Stored> {
        Stored::of(File::open(path).ok()?)
    }

    /// The same of a file that is open.
    pub(super) fn of(file: File) -> Option<Stored> {
        file.metadata().ok()?.is_file().then(|| Stored(Arc::new(file)))
    }

    /// A nameless temporary file, gone with the process, and the end to write to it.
    pub(super) fn spool(most: u64) -> io::Result<(Stored, Box<dyn Write + Send>)> {
        let file = Arc::new(tempfile::tempfile()?);
        Ok((Stored(Arc::clone(&file)), Box::new(Limited { file, left: most })))
    }

    /// The bytes from `at` on.
    pub(super) fn from(&self, at: u64) -> Box<dyn Read + Send> {
        Box::new(From { stored: self.clone(), at })
    }
}

struct From {
    stored: Stored,
    at: u64,
}

impl Read for From {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.stored.read_at(buf, self.at)?;
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
