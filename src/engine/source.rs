//! The input of a run: a file, or standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// An input that can be read once.
pub struct Input {
    /// As the user named it; `-` is standard input.
    pub name: String,
    /// Its size in bytes, for files.
    pub size: Option<u64>,
    /// Its bytes.
    pub reader: Box<dyn Read + Send>,
}

impl Input {
    /// Opens a file, or standard input for `-`.
    pub fn open(path: &Path) -> io::Result<Input> {
        let name = path.to_string_lossy().into_owned();
        if path == Path::new("-") {
            return Ok(Input { name, size: None, reader: Box::new(io::stdin()) });
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a directory, not a capture"));
        }
        let size = metadata.is_file().then_some(metadata.len());
        Ok(Input { name, size, reader: Box::new(file) })
    }

    /// The name without its folders: what outputs show, so that they are the same wherever a file lies.
    pub fn short_name(&self) -> &str {
        Path::new(&self.name).file_name().and_then(|name| name.to_str()).unwrap_or(&self.name)
    }
}
