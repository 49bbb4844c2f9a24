//! One message opened up: rows that explain it, each tied to the bytes that it speaks of.

mod facts;

use super::{Mask, Row, Veil, clean, outline};
use crate::field::{Bits, Kind, Tree};
use crate::record::{Handshake, Message, explain_body, explain_handshake, explain_header};
use crate::stream::Direction;
use crate::time::Time;

/// A message with all that is said of it.
#[derive(Debug)]
pub struct Inspection {
    /// What is opened up.
    pub subject: Subject,
    /// The body explained.
    pub tree: Tree,
    veil: Veil,
    bare: Veil,
    rows: Vec<TreeRow>,
    open_rows: Vec<TreeRow>,
}

/// What can be opened up.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A message, with its whole body, chunks and carriers.
    Message(Box<Message>),
    /// A packet of the handshake.
    Handshake(Box<Handshake>),
}

impl Subject {
    /// The packets that carried it, each once and in order.
    pub fn packets(&self) -> Vec<u64> {
        let mut numbers: Vec<u64> = match self {
            Subject::Message(message) => message.carriers.iter().map(|carrier| carrier.packet).collect(),
            Subject::Handshake(handshake) => handshake.carriers.iter().map(|carrier| carrier.packet).collect(),
        };
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

/// A row of the explained tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeRow {
    /// How deep it is.
    pub depth: u16,
    /// Its name.
    pub name: String,
    /// What it says.
    pub value: String,
    /// Where it lies, in words; empty for computed values.
    pub place: String,
    /// Leaf, group, gap or derived value.
    pub kind: Kind,
    /// Why decoding stopped here.
    pub fault: Option<String>,
    /// The bytes that it speaks of.
    pub target: Target,
    /// What it means, in one line.
    pub about: &'static str,
    /// Index of the row after its last descendant.
    pub end: usize,
}

/// Bytes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// None in particular.
    Nothing,
    /// All of it.
    Everything,
    /// Bits of the body.
    Body(Bits),
    /// Bits of a chunk's header.
    Header(u32, Bits),
    /// A chunk: header and payload.
    Chunk(u32),
}

/// One byte of a message, or of what carried it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// At this offset of the body.
    Body(u32),
    /// At this offset of a chunk's header.
    Header(u32, u32),
    /// In a packet, but not of this message.
    Foreign,
}

/// Headers of chunks that are explained one by one; the rest are named only.
const MOST_CHUNKS: usize = 256;

impl Inspection {
    /// Explains a message. `start` is when the capture began.
    pub fn new(message: Box<Message>, mask: &Mask, start: Time) -> Inspection {
        let tree = explain_body(&message);
        let veil = mask.veil(message.session, &tree, message.body.bytes());
        let rows = rows_of(&message, &tree, &veil, start);
        let bare = Veil::default();
        let open_rows = if veil.is_empty() { Vec::new() } else { rows_of(&message, &tree, &bare, start) };
        Inspection { subject: Subject::Message(message), tree, veil, bare, rows, open_rows }
    }

    /// Explains a packet of the handshake. There are no secrets in it.
    pub fn of_handshake(handshake: Box<Handshake>, start: Time) -> Inspection {
        let tree = explain_handshake(&handshake);
        let (veil, bare) = (Veil::default(), Veil::default());
        let mut rows = explained(&tree, &handshake.bytes, &veil);
        let from = rows.len();
        let title = format!("{} of session {}", handshake.part(), handshake.session);
        rows.push(TreeRow { kind: Kind::Group, target: Target::Everything, ..plain(0, "handshake", &title, 0) });
        let (first, last) = handshake.packets;
        let facts = [
            ("direction", handshake.dir.name().to_owned()),
            ("captured", format!("{:.6} s after the start", handshake.time.since(start))),
            ("stream bytes", format!("{}..{} of {}", handshake.span.0, handshake.span.1, handshake.dir.name())),
            ("packets", if first == last { first.to_string() } else { format!("{first} to {last}") }),
            ("length", format!("{} bytes", handshake.bytes.len())),
        ];
        for (name, value) in facts {
            let end = rows.len() + 1;
            rows.push(TreeRow { kind: Kind::Derived, ..plain(1, name, &value, end) });
        }
        close(&mut rows, from);
        Inspection { subject: Subject::Handshake(handshake), tree, veil, bare, rows, open_rows: Vec::new() }
    }

    /// The message, if it is one.
    pub fn message(&self) -> Option<&Message> {
        match &self.subject {
            Subject::Message(message) => Some(message),
            Subject::Handshake(_) => None,
        }
    }

    /// The rows; `open` lifts the mask.
    pub fn rows(&self, open: bool) -> &[TreeRow] {
        if open && !self.open_rows.is_empty() { &self.open_rows } else { &self.rows }
    }

    /// Which bytes of the body must not be shown.
    pub fn veil(&self, open: bool) -> &Veil {
        if open { &self.bare } else { &self.veil }
    }

    /// The innermost row that speaks of a byte.
    pub fn row_of(&self, origin: Origin) -> Option<usize> {
        let speaks = |row: &TreeRow| row.kind != Kind::Derived && row.target.is_exact() && row.target.covers(origin);
        self.rows.iter().rposition(speaks).or_else(|| match origin {
            Origin::Header(chunk, _) => self.rows.iter().position(|row| row.target == Target::Chunk(chunk)),
            _ => None,
        })
    }

    /// Which chunk carried a byte, and which packet, with the offset there.
    pub fn carrier(&self, origin: Origin) -> Option<Place> {
        let message = match &self.subject {
            Subject::Message(message) => message,
            Subject::Handshake(handshake) => {
                let Origin::Body(at) = origin else { return None };
                let stream = handshake.span.0 + u64::from(at);
                let carrier = handshake.carriers.iter().find_map(|carrier| carrier.clip(stream, stream + 1));
                let packet = carrier.map(|carrier| (carrier.packet, carrier.frame_offset));
                return Some(Place { stream, dir: handshake.dir, chunk: None, packet });
            }
        };
        let at = match origin {
            Origin::Body(at) => message.stream_offset(u64::from(at))?,
            Origin::Header(chunk, at) => message.parts.get(chunk as usize)?.start + u64::from(at),
            Origin::Foreign => return None,
        };
        let chunk = message.parts.iter().position(|part| (part.start..part.end()).contains(&at));
        let carrier = message.carriers_of(at, at + 1).next();
        Some(Place {
            stream: at,
            dir: message.dir,
            chunk: chunk.map(|chunk| chunk as u32 + 1),
            packet: carrier.map(|carrier| (carrier.packet, carrier.frame_offset)),
        })
    }
}

/// Where a byte travelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its offset in the stream of its direction.
    pub stream: u64,
    /// The direction.
    pub dir: Direction,
    /// Its chunk, counted from 1.
    pub chunk: Option<u32>,
    /// Its packet, and its offset there.
    pub packet: Option<(u64, u32)>,
}

impl Target {
    /// Does a byte belong to it?
    pub fn covers(self, origin: Origin) -> bool {
        let within = |bits: Bits, at: u32| {
            let range = bits.bytes();
            bits.len > 0 && (range.start..range.end()).contains(&at)
        };
        match (self, origin) {
            (Target::Everything, Origin::Body(_) | Origin::Header(..)) => true,
            (Target::Body(bits), Origin::Body(at)) => within(bits, at),
            (Target::Header(chunk, bits), Origin::Header(of, at)) => chunk == of && within(bits, at),
            (Target::Chunk(chunk), Origin::Header(of, _)) => chunk == of,
            _ => false,
        }
    }

    /// The first byte.
    pub fn first(self) -> Option<Origin> {
        match self {
            Target::Nothing => None,
            Target::Everything => Some(Origin::Body(0)),
            Target::Body(bits) => Some(Origin::Body(bits.bytes().start)),
            Target::Header(chunk, bits) => Some(Origin::Header(chunk, bits.bytes().start)),
            Target::Chunk(chunk) => Some(Origin::Header(chunk, 0)),
        }
    }

    /// Its bytes in words: `bytes 3..10 of the body`.
    pub fn words(self) -> String {
        let range = |bits: Bits| {
            let range = bits.bytes();
            match range.len {
                0 => format!("computed at {}", range.start),
                1 => format!("byte {}", range.start),
                _ => format!("bytes {}..{}", range.start, range.end()),
            }
        };
        match self {
            Target::Nothing => String::new(),
            Target::Everything => "the whole message".to_owned(),
            Target::Body(bits) => format!("{} of the body", range(bits)),
            Target::Header(chunk, bits) => format!("{} of the header of chunk {}", range(bits), chunk + 1),
            Target::Chunk(chunk) => format!("chunk {}", chunk + 1),
        }
    }

    fn is_exact(self) -> bool {
        matches!(self, Target::Body(_) | Target::Header(..))
    }
}

/// The rows of a tree over some bytes, with what is odd in them.
fn explained(tree: &Tree, bytes: &[u8], veil: &Veil) -> Vec<TreeRow> {
    let mut rows = Vec::new();
    for (row, node) in outline(tree, bytes, veil, 0).into_iter().zip(tree.nodes()) {
        let target = Target::Body(node.bits);
        rows.push(told(row, 0, target, node.field.about, node.end as usize));
    }
    for remark in tree.remarks() {
        let end = rows.len() + 1;
        rows.push(TreeRow {
            kind: Kind::Gap,
            target: Target::Body(remark.bits),
            ..plain(0, "remark", remark.text, end)
        });
    }
    rows
}

fn rows_of(message: &Message, tree: &Tree, veil: &Veil, start: Time) -> Vec<TreeRow> {
    let bytes = message.body.bytes();
    let mut rows = explained(tree, bytes, veil);
    if !message.body_kept() {
        let text = format!("only the first {} bytes were kept", bytes.len());
        let end = rows.len() + 1;
        rows.push(TreeRow { kind: Kind::Gap, ..plain(0, "body", &text, end) });
    }
    let from = rows.len();
    facts::tell(message, start, &mut rows);
    close(&mut rows, from);
    facts::tie(message, rows.get_mut(from..).unwrap_or_default());
    let from = rows.len();
    let chunks =
        if message.parts.len() == 1 { "1 chunk".to_owned() } else { format!("{} chunks", message.parts.len()) };
    rows.push(TreeRow { kind: Kind::Group, ..plain(0, "carried by", &chunks, 0) });
    for (n, part) in message.parts.iter().enumerate() {
        chunk(n as u32, part, n < MOST_CHUNKS, &mut rows);
    }
    close(&mut rows, from);
    rows
}

fn chunk(n: u32, part: &crate::record::Part, whole: bool, rows: &mut Vec<TreeRow>) {
    let at = rows.len();
    let packets = match part.packets {
        (first, last) if first == last => format!("packet {first}"),
        (first, last) => format!("packets {first} to {last}"),
    };
    let text = format!(
        "stream {}..{}, header {}, payload {}, {packets}",
        part.start,
        part.end(),
        part.header_len,
        part.payload_len
    );
    let name = format!("chunk {}", n + 1);
    rows.push(TreeRow { kind: Kind::Group, target: Target::Chunk(n), ..plain(1, &name, &text, 0) });
    if whole {
        let tree = explain_header(part);
        let from = rows.len();
        for (row, node) in outline(&tree, part.header(), &Veil::default(), 0).into_iter().zip(tree.nodes()) {
            let target = Target::Header(n, node.bits);
            rows.push(told(row, 2, target, node.field.about, from + node.end as usize));
        }
    }
    close(rows, at);
}

fn told(row: Row, depth: u16, target: Target, about: &'static str, end: usize) -> TreeRow {
    let fault = row.fault.as_deref().map(|fault| clean(fault).into_owned());
    let (name, value, place, kind) = (row.name, row.value, row.place, row.kind);
    TreeRow { depth: depth + row.depth, name, value, place, kind, fault, target, about, end }
}

fn plain(depth: u16, name: &str, value: &str, end: usize) -> TreeRow {
    TreeRow {
        depth,
        name: name.to_owned(),
        value: value.to_owned(),
        place: String::new(),
        kind: Kind::Leaf,
        fault: None,
        target: Target::Nothing,
        about: "",
        end,
    }
}

/// Says where the group that begins at `from` ends.
fn close(rows: &mut [TreeRow], from: usize) {
    let end = rows.len();
    if let Some(row) = rows.get_mut(from) {
        row.end = end;
    }
}
