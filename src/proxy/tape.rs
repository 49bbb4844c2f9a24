//! The files of a recording: owner-only, rotated, and whole up to the last block that was written.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A file that grows by whole blocks. What a failed write left is written over by the next.
#[derive(Debug)]
pub(super) struct Tape {
    file: File,
    path: PathBuf,
    len: u64,
    begun: Instant,
}

/// When to begin a new file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rotation {
    pub(super) bytes: Option<u64>,
    pub(super) time: Option<Duration>,
    pub(super) files: Option<usize>,
}

/// Files one after the other.
#[derive(Debug)]
pub(super) struct Reel {
    path: PathBuf,
    rotation: Rotation,
    overwrite: bool,
    number: u32,
    /// Files of this run that are there, oldest first.
    written: VecDeque<PathBuf>,
}

impl Tape {
    /// A new file that only its owner may read. It holds what people publish.
    pub(super) fn create(path: &Path, overwrite: bool) -> io::Result<Tape> {
        if overwrite && let Ok(found) = fs::symlink_metadata(path) {
            // Never a device or a pipe, whose name others rely on.
            if !found.is_file() {
                return Err(io::Error::other("it is no plain file"));
            }
            // Not truncated but replaced: its mode might let others read.
            fs::remove_file(path)?;
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        Ok(Tape { file, path: path.to_owned(), len: 0, begun: Instant::now() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Appends whole blocks, or nothing.
    pub(super) fn append(&mut self, blocks: &[u8]) -> io::Result<()> {
        let written = self.file.write_all_at(blocks, self.len);
        match written {
            Ok(()) => self.len += blocks.len() as u64,
            // No reader should meet half a block.
            Err(_) => drop(self.file.set_len(self.len)),
        }
        written
    }
}

impl Reel {
    pub(super) fn new(path: &Path, rotation: Rotation, overwrite: bool) -> Reel {
        Reel { path: path.to_owned(), rotation, overwrite, number: 0, written: VecDeque::new() }
    }

    /// The next file; too old ones are deleted.
    pub(super) fn next(&mut self) -> io::Result<Tape> {
        let rotates = self.rotation.bytes.is_some() || self.rotation.time.is_some();
        self.number += 1;
        let path = if rotates { beside(&self.path, &format!("{:05}", self.number)) } else { self.path.clone() };
        let tape = Tape::create(&path, self.overwrite).inspect_err(|_| self.number -= 1)?;
        self.written.push_back(path);
        if let Some(most) = self.rotation.files {
            while self.written.len() > most.max(1) {
                let Some(oldest) = self.written.pop_front() else { break };
                // Somebody else may have taken it away.
                let _ = fs::remove_file(oldest);
            }
        }
        Ok(tape)
    }

    /// Is it time for the next file, before `more` bytes are appended to this one?
    pub(super) fn is_due(&self, tape: &Tape, more: usize) -> bool {
        let full = self.rotation.bytes.is_some_and(|most| tape.len() > 0 && tape.len() + more as u64 > most);
        full || self.rotation.time.is_some_and(|most| tape.begun.elapsed() >= most)
    }
}

/// The path with something between the name and its ending.
pub(super) fn beside(path: &Path, what: &str) -> PathBuf {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().map_or("pcapng".into(), |ending| ending.to_string_lossy());
    path.with_file_name(format!("{name}-{what}.{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn files_follow_each_other_and_the_oldest_goes() {
        let folder = std::env::temp_dir().join(format!("rtmpscope-reel-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let rotation = Rotation { bytes: Some(10), files: Some(2), ..Rotation::default() };
        let mut reel = Reel::new(&folder.join("a.pcapng"), rotation, false);
        let mut tape = reel.next().unwrap();
        for n in 0..4 {
            if reel.is_due(&tape, 8) {
                tape = reel.next().unwrap();
            }
            tape.append(&[n; 8]).unwrap();
        }
        let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["a-00003.pcapng", "a-00004.pcapng"]);
        let last = folder.join("a-00004.pcapng");
        assert_eq!(fs::read(&last).unwrap(), [3; 8]);
        assert_eq!(fs::metadata(&last).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Tape::create(&last, false).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert!(Tape::create(&last, true).is_ok());
        assert!(Tape::create(&folder, true).unwrap_err().to_string().contains("no plain file"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
