//! Why a capture cannot be read (any further).

use std::fmt;
use std::io;

use super::Compression;

/// Something that ends reading.
#[derive(Debug)]
pub enum CaptureError {
    /// The input could not be read.
    Io {
        /// Name of the input.
        name: String,
        /// Offset in the (unpacked) capture up to which it was read.
        offset: u64,
        /// What the system says.
        cause: io::Error,
    },
    /// Not a single byte: what a capture program leaves that was killed before the first write.
    Empty {
        /// Name of the input.
        name: String,
        /// The compression that was taken off.
        compression: Vec<Compression>,
    },
    /// The input is no capture.
    NotACapture {
        /// Name of the input.
        name: String,
        /// How it begins, after unpacking.
        first: Vec<u8>,
        /// The compression that was taken off.
        compression: Vec<Compression>,
    },
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CaptureError::Io { name, offset, cause } => write!(f, "{name}: reading stopped at byte {offset}: {cause}"),
            CaptureError::Empty { name, compression } => {
                write!(f, "{name}: the file is empty")?;
                unpacked(f, compression)
            }
            CaptureError::NotACapture { name, first, compression } => {
                write!(f, "{name}: neither pcap nor pcapng")?;
                unpacked(f, compression)?;
                f.write_str(": it begins with")?;
                first.iter().try_for_each(|byte| write!(f, " {byte:02x}"))?;
                match guess(first) {
                    Some(guess) => write!(f, " ({guess})"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl std::error::Error for CaptureError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            CaptureError::Io { cause, .. } => Some(cause),
            CaptureError::Empty { .. } | CaptureError::NotACapture { .. } => None,
        }
    }
}

fn unpacked(f: &mut fmt::Formatter<'_>, compression: &[Compression]) -> fmt::Result {
    compression.iter().try_for_each(|layer| write!(f, ", after unpacking {layer}"))
}

/// Formats that people are likely to hand over by mistake.
fn guess(first: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 8] = [
        (b"FLV", "an FLV file"),
        (b"snoop\0\0\0", "a snoop capture; convert it with editcap"),
        (b"RTSS", "a Network Monitor capture; convert it with editcap"),
        (b"GMBU", "a Network Monitor capture; convert it with editcap"),
        (b"\xfd7zXZ", "xz; unpack it first"),
        (b"BZh", "bzip2; unpack it first"),
        (b"PK\x03\x04", "a zip archive; unpack it first"),
        (b"\x04\x22\x4d\x18", "lz4; unpack it first"),
    ];
    known.iter().find(|(magic, _)| first.starts_with(magic)).map(|(_, name)| *name)
}
