//! The input of a run: a file, or standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::stored::Stored;
use crate::net;

/// An input that can be read once.
pub struct Input {
    /// As the user named it; `-` is standard input.
    pub name: String,
    /// Its size in bytes, for files.
    pub size: Option<u64>,
    /// Its bytes.
    pub reader: Box<dyn Read + Send>,
    /// The file that `reader` reads, where it can be read at any offset as well.
    pub stored: Option<Stored>,
}

/// Two threads save some ten milliseconds of reading so much.
const LARGE: u64 = 64 << 20;

impl Input {
    /// Bytes that are known by a name and nothing else.
    pub fn new(name: String, reader: Box<dyn Read + Send>) -> Input {
        Input { name, size: None, reader, stored: None }
    }

    /// Opens a file, or standard input for `-`.
    pub fn open(path: &Path) -> io::Result<Input> {
        let name = path.to_string_lossy().into_owned();
        if path == Path::new("-") {
            return Ok(Input::new(name, Box::new(io::stdin())));
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a directory, not a capture"));
        }
        let size = metadata.is_file().then_some(metadata.len());
        let stored = file.try_clone().ok().and_then(Stored::of);
        Ok(Input { name, size, reader: Box::new(file), stored })
    }

    /// Does the input hold text that begins as JSON does, rather than a capture? Told by the first bytes, also inside
    /// compression; nothing is taken away.
    pub fn holds_json(&mut self) -> io::Result<bool> {
        let mut first = Vec::new();
        // What arrives slowly is not waited for longer than it takes to tell.
        while first.len() < 4 || net::is_packed(&first) && first.len() < net::LOOK || is_blank(&first) {
            let wanted = if net::is_packed(&first) { net::LOOK } else { 64 };
            let mut more = vec![0; wanted];
            let n = match self.reader.read(&mut more) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            first.extend_from_slice(more.get(..n).unwrap_or_default());
            if n == 0 || first.len() > 2 * net::LOOK {
                break;
            }
        }
        let inside = if net::is_packed(&first) { net::begins(&first) } else { first.clone() };
        let text = inside.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&inside).trim_ascii_start();
        let is_json = matches!(text.first(), Some(b'{' | b'['));
        let rest = std::mem::replace(&mut self.reader, Box::new(io::empty()));
        self.reader = Box::new(io::Cursor::new(first).chain(rest));
        Ok(is_json)
    }

    /// Is it a file that takes so long to read that a second thread is worth its cost, unasked?
    pub fn is_large(&self) -> bool {
        self.size.is_some_and(|size| size >= LARGE)
    }

    /// The same input without its compression.
    pub fn unpacked(mut self) -> io::Result<Input> {
        self.reader = net::unpacked(self.reader)?;
        Ok(self)
    }

    /// The name without its folders: what outputs show, so that they are the same wherever a file lies.
    pub fn short_name(&self) -> &str {
        Path::new(&self.name).file_name().and_then(|name| name.to_str()).unwrap_or(&self.name)
    }
}

fn is_blank(first: &[u8]) -> bool {
    first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii_start().is_empty()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn input(bytes: &[u8]) -> Input {
        Input::new("x".to_owned(), Box::new(io::Cursor::new(bytes.to_vec())))
    }

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    #[test]
    fn json_is_told_from_captures_also_inside_compression_and_nothing_is_lost() {
        let text = b"  {\"v\":1}\n".repeat(100_000);
        let json: &[&[u8]] = &[b"{", b"\xef\xbb\xbf \n[", b"\n{\"v\":1}", &text];
        let other: &[&[u8]] = &[b"", b" \n", b"\xa1\xb2\xc3\xd4 {", b"FLV{", b"\x1f\x8b{", b"\0{"];
        for (samples, expected) in [(json, true), (other, false)] {
            for sample in samples {
                for bytes in [sample.to_vec(), gz(sample), gz(&gz(sample))] {
                    let mut input = input(&bytes);
                    assert_eq!(input.holds_json().unwrap(), expected, "{:?}", sample.get(..9));
                    let mut again = Vec::new();
                    input.reader.read_to_end(&mut again).unwrap();
                    assert!(again == bytes);
                }
            }
        }
        let mut packed = input(&gz(&text));
        assert!(packed.holds_json().unwrap());
        let mut unpacked = Vec::new();
        packed.unpacked().unwrap().reader.read_to_end(&mut unpacked).unwrap();
        assert!(unpacked == text);
    }
}
