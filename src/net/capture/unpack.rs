//! Compression around a capture: recognised by content, taken off while reading.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::FrameDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

/// Layers of compression taken off; a capture that was packed by mistake twice is still read.
const LAYERS: usize = 3;

/// A compression format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compression {
    /// gzip, one or more members.
    Gzip,
    /// Zstandard, one or more frames.
    Zstd,
}

impl fmt::Display for Compression {
    /// The usual ending of a file name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Compression::Gzip => "gz",
            Compression::Zstd => "zst",
        })
    }
}

/// Takes off what compression there is, outermost first.
pub(super) fn unpack(mut input: Box<dyn Read + Send>) -> io::Result<(Box<dyn Read + Send>, Vec<Compression>)> {
    let mut layers = Vec::new();
    while layers.len() < LAYERS {
        let (first, whole) = peek(input, !layers.is_empty())?;
        input = whole;
        match first.as_slice() {
            [0x1f, 0x8b, ..] => {
                input = Box::new(MultiGzDecoder::new(input));
                layers.push(Compression::Gzip);
            }
            [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => {
                input = Box::new(Zstd::new(input));
                layers.push(Compression::Zstd);
            }
            _ => break,
        }
    }
    Ok((input, layers))
}

/// Takes off what compression there is, without asking what is inside.
pub fn unpacked(input: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    unpack(input).map(|(input, _)| input)
}

/// Bytes of an input that [`begins`] may need to look through compression.
pub const LOOK: usize = 256 << 10;

/// Is this the beginning of something compressed?
pub fn is_packed(first: &[u8]) -> bool {
    matches!(first, [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// The first bytes inside, as far as the beginning of an input tells them.
pub fn begins(first: &[u8]) -> Vec<u8> {
    let mut inside = Vec::new();
    if let Ok(mut input) = unpacked(Box::new(io::Cursor::new(first.to_vec()))) {
        // What lies behind the beginning is missing: the error that this makes says nothing.
        let _ = input.by_ref().take(64).read_to_end(&mut inside);
    }
    inside
}

/// The first four bytes (fewer at the end) and the input with them put back.
fn peek(mut input: Box<dyn Read + Send>, packed: bool) -> io::Result<(Vec<u8>, Box<dyn Read + Send>)> {
    let mut first = Vec::with_capacity(4);
    match input.by_ref().take(4).read_to_end(&mut first) {
        Ok(_) => {}
        // Compression that breaks off at once. A decompressor says so once only; the reader is to hear it.
        Err(error) if packed && error.raw_os_error().is_none() => input = Box::new(Broken(Some(error))),
        Err(error) => return Err(error),
    }
    let whole = Box::new(io::Cursor::new(first.clone()).chain(input));
    Ok((first, whole))
}

/// Fails once, then is at its end.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// How much of the underlying input was read.
#[derive(Clone)]
pub(super) struct Meter(Arc<AtomicU64>);

impl Meter {
    pub(super) fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Puts a meter on an input.
pub(super) fn metered(input: Box<dyn Read + Send>) -> (Box<dyn Read + Send>, Meter) {
    let count = Arc::new(AtomicU64::new(0));
    (Box::new(Metered { input, count: Arc::clone(&count) }), Meter(count))
}

struct Metered {
    input: Box<dyn Read + Send>,
    count: Arc<AtomicU64>,
}

impl Read for Metered {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buf)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// All frames of a Zstandard input; the decoder of the crate stops after the first.
struct Zstd {
    input: io::BufReader<Box<dyn Read + Send>>,
    decoder: Box<FrameDecoder>,
    in_frame: bool,
}

impl Zstd {
    fn new(input: Box<dyn Read + Send>) -> Zstd {
        let input = io::BufReader::with_capacity(64 << 10, input);
        Zstd { input, decoder: Box::new(FrameDecoder::new()), in_frame: false }
    }

    /// Begins the next frame; false at the end of the input.
    fn begin(&mut self) -> io::Result<bool> {
        use io::BufRead;
        loop {
            if self.input.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.reset(&mut self.input) {
                Ok(()) => {
                    self.in_frame = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let length = u64::from(length);
                    if io::copy(&mut self.input.by_ref().take(length), &mut io::sink())? < length {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
    }
}

impl Read for Zstd {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        use ruzstd::decoding::BlockDecodingStrategy::UptoBlocks;
        if buf.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.in_frame && !self.begin()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                self.decoder.decode_blocks(&mut self.input, UptoBlocks(1)).map_err(io::Error::other)?;
            }
            let n = self.decoder.read(buf)?;
            if n > 0 {
                return Ok(n);
            }
            self.in_frame = false;
        }
    }
}
