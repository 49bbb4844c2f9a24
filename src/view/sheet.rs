//! The bytes of a message laid out in lines: as the decoded body, as the chunks that carried it, or as the captured
//! packets.

use bytes::Bytes;

use super::inspect::{Inspection, Origin, Subject};
use crate::record::{Carrier, Handshake, Message};

/// How bytes are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Layout {
    /// The body, put together.
    #[default]
    Body,
    /// Chunk by chunk, headers included.
    Chunks,
    /// Packet by packet, all captured bytes.
    Packets,
}

impl Layout {
    /// The next one.
    pub fn next(self) -> Layout {
        match self {
            Layout::Body => Layout::Chunks,
            Layout::Chunks => Layout::Packets,
            Layout::Packets => Layout::Body,
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Layout::Body => "body",
            Layout::Chunks => "chunks",
            Layout::Packets => "packets",
        }
    }
}

/// A captured packet: its number and bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Its number.
    pub number: u64,
    /// When, in words.
    pub time: String,
    /// Its captured bytes.
    pub bytes: Bytes,
}

impl Packet {
    fn title(&self) -> String {
        format!("packet {}  {} bytes, {}", self.number, self.bytes.len(), self.time)
    }
}

/// Bytes in runs. Each run starts a line of its own under its title.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    runs: Vec<Run>,
    /// Bytes in all.
    len: usize,
}

#[derive(Clone, Debug)]
struct Run {
    title: Option<String>,
    /// The offset that is printed for its first byte.
    at: u64,
    stretches: Vec<Stretch>,
    /// Bytes before it.
    before: usize,
    len: usize,
}

/// Bytes of one origin.
#[derive(Clone, Debug)]
struct Stretch {
    origin: Origin,
    bytes: Bytes,
}

/// A line of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// The title of a run.
    Title(&'a str),
    /// Bytes: the offset of the first, and its index in the sheet.
    Bytes {
        /// What is printed in front.
        at: u64,
        /// Index of the first byte.
        index: usize,
        /// The bytes with their origins.
        cells: Vec<(u8, Origin)>,
    },
}

impl Sheet {
    /// The bytes of a message in a layout. `packets` are needed for that layout only.
    pub fn new(inspection: &Inspection, layout: Layout, packets: &[Packet]) -> Sheet {
        let mut sheet = Sheet::default();
        let message = match &inspection.subject {
            Subject::Message(message) => message,
            Subject::Handshake(handshake) => {
                // It travels in no chunks.
                match layout {
                    Layout::Body | Layout::Chunks => {
                        sheet.push(None, handshake.span.0, vec![stretch(Origin::Body(0), handshake.bytes.clone())]);
                    }
                    Layout::Packets => {
                        let origin = |stream| origin_in(handshake, stream);
                        packets.iter().for_each(|packet| sheet.packet(&handshake.carriers, packet, origin));
                    }
                }
                return sheet;
            }
        };
        match layout {
            Layout::Body => sheet.push(None, 0, vec![stretch(Origin::Body(0), whole(message))]),
            Layout::Chunks => sheet.chunks(message),
            Layout::Packets => {
                let origin = |stream| origin_of(message, stream);
                packets.iter().for_each(|packet| sheet.packet(&message.carriers, packet, origin));
            }
        }
        sheet
    }

    /// Bytes in all.
    pub fn len(&self) -> usize {
        self.len
    }

    /// There is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Lines at `width` bytes a line.
    pub fn lines(&self, width: usize) -> usize {
        self.runs.iter().map(|run| run.lines(width)).sum()
    }

    /// One line.
    pub fn line(&self, number: usize, width: usize) -> Option<Line<'_>> {
        let mut number = number;
        for run in &self.runs {
            let lines = run.lines(width);
            if number < lines {
                return run.line(number, width);
            }
            number -= lines;
        }
        None
    }

    /// The line that holds a byte.
    pub fn line_of(&self, index: usize, width: usize) -> usize {
        let mut line = 0;
        for run in &self.runs {
            if index < run.before + run.len {
                return line + usize::from(run.title.is_some()) + index.saturating_sub(run.before) / width.max(1);
            }
            line += run.lines(width);
        }
        line.saturating_sub(1)
    }

    /// What a byte is.
    pub fn origin(&self, index: usize) -> Option<Origin> {
        self.cell(index).map(|(_, origin)| origin)
    }

    /// Where a byte of the message is; of a byte that was captured twice, the first.
    pub fn index_of(&self, origin: Origin) -> Option<usize> {
        for run in &self.runs {
            let mut at = run.before;
            for stretch in &run.stretches {
                let inside = match (stretch.origin, origin) {
                    (Origin::Body(first), Origin::Body(wanted)) => wanted.checked_sub(first),
                    (Origin::Header(chunk, first), Origin::Header(of, wanted)) if chunk == of => {
                        wanted.checked_sub(first)
                    }
                    _ => None,
                };
                if let Some(inside) =
                    inside.map(|inside| inside as usize).filter(|inside| *inside < stretch.bytes.len())
                {
                    return Some(at + inside);
                }
                at += stretch.bytes.len();
            }
        }
        None
    }

    /// The next place of `needle` after (or before) a byte, going round at the end. Hidden bytes are not searched.
    pub fn find(&self, needle: &[u8], from: usize, backwards: bool, hidden: impl Fn(Origin) -> bool) -> Option<usize> {
        if needle.is_empty() || self.len < needle.len() {
            return None;
        }
        let cells: Vec<Option<u8>> = self.cells().map(|(byte, origin)| (!hidden(origin)).then_some(byte)).collect();
        let wanted: Vec<Option<u8>> = needle.iter().copied().map(Some).collect();
        let places: Vec<usize> =
            cells.windows(wanted.len()).enumerate().filter(|(_, window)| *window == wanted).map(|(at, _)| at).collect();
        if backwards {
            places.iter().rev().find(|at| **at < from).or(places.last()).copied()
        } else {
            places.iter().find(|at| **at > from).or(places.first()).copied()
        }
    }

    /// The bytes of the message in a sheet, for copying: those with an origin that `wanted` takes.
    pub fn cells(&self) -> impl Iterator<Item = (u8, Origin)> + '_ {
        self.runs.iter().flat_map(|run| &run.stretches).flat_map(Stretch::cells)
    }

    fn cell(&self, index: usize) -> Option<(u8, Origin)> {
        let run = self.runs.iter().find(|run| index < run.before + run.len)?;
        let mut inside = index.checked_sub(run.before)?;
        for stretch in &run.stretches {
            if inside < stretch.bytes.len() {
                return Some((*stretch.bytes.get(inside)?, stretch.origin.plus(inside)));
            }
            inside -= stretch.bytes.len();
        }
        None
    }

    fn push(&mut self, title: Option<String>, at: u64, stretches: Vec<Stretch>) {
        let len = stretches.iter().map(|stretch| stretch.bytes.len()).sum();
        self.runs.push(Run { title, at, stretches, before: self.len, len });
        self.len += len;
    }

    fn chunks(&mut self, message: &Message) {
        let body = whole(message);
        let mut from = 0usize;
        for (n, part) in message.parts.iter().enumerate() {
            let to = (from + part.payload_len as usize).min(body.len());
            let header = stretch(Origin::Header(n as u32, 0), Bytes::copy_from_slice(part.header()));
            let payload = stretch(Origin::Body(from as u32), body.slice(from.min(to)..to));
            let title = format!(
                "chunk {}  header {}, payload {}, packet {}",
                n + 1,
                part.header_len,
                part.payload_len,
                part.packets.0
            );
            self.push(Some(title), part.start, vec![header, payload]);
            from = to;
        }
    }

    /// A packet, with what it carried told apart: `origin_of` says what a stream byte is, and up to where that holds.
    fn packet(&mut self, carriers: &[Carrier], packet: &Packet, origin_of: impl Fn(u64) -> (Origin, u64)) {
        let mut stretches = Vec::new();
        let mut at = 0usize;
        for carrier in carriers.iter().filter(|carrier| carrier.packet == packet.number) {
            let (mut stream, end) = (carrier.at, carrier.end());
            let mut frame = carrier.frame_offset as usize;
            while stream < end {
                let (origin, until) = origin_of(stream);
                let len = (until.min(end) - stream) as usize;
                let len = len.min(packet.bytes.len().saturating_sub(frame));
                if len == 0 {
                    break;
                }
                if origin != Origin::Foreign {
                    if at < frame {
                        stretches.push(stretch(Origin::Foreign, packet.bytes.slice(at..frame)));
                    }
                    stretches.push(stretch(origin, packet.bytes.slice(frame..frame + len)));
                    at = frame + len;
                }
                stream += len as u64;
                frame += len;
            }
        }
        if at < packet.bytes.len() {
            stretches.push(stretch(Origin::Foreign, packet.bytes.slice(at..)));
        }
        self.push(Some(packet.title()), 0, stretches);
    }
}

impl Run {
    fn lines(&self, width: usize) -> usize {
        usize::from(self.title.is_some()) + self.len.div_ceil(width.max(1))
    }

    fn line(&self, number: usize, width: usize) -> Option<Line<'_>> {
        let row = match (&self.title, number) {
            (Some(title), 0) => return Some(Line::Title(title)),
            (Some(_), n) => n - 1,
            (None, n) => n,
        };
        let from = row * width;
        let mut cells = Vec::with_capacity(width);
        let mut skip = from;
        for stretch in &self.stretches {
            let len = stretch.bytes.len();
            if skip >= len {
                skip -= len;
                continue;
            }
            let room = width - cells.len();
            cells.extend(stretch.cells().skip(skip).take(room));
            skip = 0;
            if cells.len() == width {
                break;
            }
        }
        Some(Line::Bytes { at: self.at + from as u64, index: self.before + from, cells })
    }
}

impl Stretch {
    fn cells(&self) -> impl Iterator<Item = (u8, Origin)> + '_ {
        self.bytes.iter().enumerate().map(|(n, byte)| (*byte, self.origin.plus(n)))
    }
}

impl Origin {
    fn plus(self, n: usize) -> Origin {
        match self {
            Origin::Body(at) => Origin::Body(at + n as u32),
            Origin::Header(chunk, at) => Origin::Header(chunk, at + n as u32),
            Origin::Foreign => Origin::Foreign,
        }
    }
}

fn stretch(origin: Origin, bytes: Bytes) -> Stretch {
    Stretch { origin, bytes }
}

fn whole(message: &Message) -> Bytes {
    match &message.body {
        crate::record::Body::Kept(bytes) => bytes.clone(),
        body => Bytes::copy_from_slice(body.bytes()),
    }
}

/// What the stream byte at `stream` is to a message, and up to which offset that holds.
fn origin_of(message: &Message, stream: u64) -> (Origin, u64) {
    let n = message.parts.partition_point(|part| part.end() <= stream);
    let Some(part) = message.parts.get(n) else { return (Origin::Foreign, u64::MAX) };
    if stream < part.start {
        return (Origin::Foreign, part.start);
    }
    if stream < part.payload_start() {
        return (Origin::Header(n as u32, (stream - part.start) as u32), part.payload_start());
    }
    let before: u64 = message.parts.iter().take(n).map(|part| u64::from(part.payload_len)).sum();
    (Origin::Body((before + stream - part.payload_start()) as u32), part.end())
}

/// The same for a packet of a handshake, which is one stretch of the stream.
fn origin_in(handshake: &Handshake, stream: u64) -> (Origin, u64) {
    let (start, end) = handshake.span;
    match stream {
        _ if stream < start => (Origin::Foreign, start),
        _ if stream < end => (Origin::Body((stream - start) as u32), end),
        _ => (Origin::Foreign, u64::MAX),
    }
}
