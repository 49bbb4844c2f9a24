//! `show`: one message explained, as text.

use std::io::{self, Write};

mod read;
pub use read::{lacking, show_event};

use super::style::{Ink, Paint};
use crate::field::{Kind, Tree};
use crate::record::{Call, Message, Part, explain_body, explain_header};
use crate::time::Time;
use crate::view::{Mask, Row, Veil, clean, dump, gist, outline, short_time};

/// What to show.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The whole body as a hex dump.
    pub hex: bool,
    /// Every chunk with its header explained.
    pub chunks: bool,
    /// Columns of the page.
    pub width: usize,
}

/// Chunks that are listed without being asked for.
const FEW_CHUNKS: usize = 6;

/// Writes the page of a message.
pub fn show(
    out: &mut impl Write,
    message: &Message,
    start: Time,
    mask: &Mask,
    paint: Paint,
    options: Options,
) -> io::Result<()> {
    let tree = explain_body(message);
    let veil = mask.veil(message.session, &tree, message.body.bytes());
    let page = Page { message, start, paint, options, hex_bytes: if options.width >= 110 { 12 } else { 8 } };
    page.head(out, mask)?;
    page.chunks(out)?;
    page.body(out, &tree, &veil)?;
    if options.hex {
        writeln!(out, "\n{}", paint.ink(Ink::Strong, "bytes of the body"))?;
        for row in dump(message.body.bytes(), &veil) {
            writeln!(out, "  {row}")?;
        }
    }
    Ok(())
}

struct Page<'a> {
    message: &'a Message,
    start: Time,
    paint: Paint,
    options: Options,
    hex_bytes: usize,
}

impl Page<'_> {
    fn head(&self, out: &mut impl Write, mask: &Mask) -> io::Result<()> {
        let Page { message, paint, .. } = self;
        let head = &message.head;
        let title = format!("message {} of session {}: {}", message.seq, message.session, gist(message, mask));
        writeln!(out, "{}", paint.ink(Ink::Strong, &self.cut(&title, 0)))?;
        let name = head.message_type.name().unwrap_or("unknown");
        let number = |known: Option<u32>| known.map_or_else(|| "not known".to_owned(), |n| n.to_string());
        let (kind, stream) = (head.message_type.kind().name(), number(message.stream_id()));
        self.row(out, "what", &format!("type {} ({name}), kind {kind}, stream {stream}", head.message_type.0))?;
        let time = match (message.timestamp(), head.delta) {
            (None, delta) => format!("not known after lost bytes, {} ms after the one before", number(delta)),
            (Some(time), None) => format!("{time} ms, absolute"),
            (Some(time), Some(delta)) => format!("{time} ms, {delta} ms after the one before on its chunk stream"),
        };
        self.row(out, "timestamp", &time)?;
        let (first, last) = message.packets;
        let packets = if first == last { format!("packet {first}") } else { format!("packets {first} to {last}") };
        let when = format!("{:.6} s, {}, {packets}", message.time.since(self.start), message.dir.name());
        self.row(out, "captured", &when)?;
        let (from, to) = message.span;
        let carried = match message.within {
            Some(aggregate) => format!("part of the aggregate in message {aggregate}"),
            None => {
                format!("{} on chunk stream {}, fmt {}", plural(message.chunks.into(), "chunk"), head.csid, head.fmt)
            }
        };
        let place = format!("bytes {from}..{to} of {}, {carried}", message.dir.name());
        self.row(out, "stream", &place)?;
        let length = match message.partial {
            Some(have) => format!("{} bytes, of which {have} arrived", head.length),
            None => format!("{} bytes", head.length),
        };
        self.row(out, "length", &length)?;
        match (message.call, message.reply_to) {
            (Some(Call::Answered(reply)), _) => {
                self.row(out, "reply", &format!("message {} after {}", reply.seq, short_time(reply.after)))
            }
            (_, Some(call)) => {
                self.row(out, "answers", &format!("message {} after {}", call.seq, short_time(call.after)))
            }
            _ => Ok(()),
        }
    }

    fn row(&self, out: &mut impl Write, label: &str, text: &str) -> io::Result<()> {
        writeln!(out, "  {} {text}", self.paint.ink(Ink::Faint, &format!("{label:<10}")))
    }

    fn chunks(&self, out: &mut impl Write) -> io::Result<()> {
        let parts = &self.message.parts;
        if parts.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{}", self.paint.ink(Ink::Strong, "chunks"))?;
        let most = if self.options.chunks { parts.len() } else { FEW_CHUNKS };
        let mut body_at = 0;
        for (n, part) in parts.iter().enumerate().take(most) {
            self.chunk(out, n, part, body_at)?;
            body_at += u64::from(part.payload_len);
        }
        if parts.len() > most {
            writeln!(out, "  … {} more (--chunks shows all)", parts.len() - most)?;
        }
        Ok(())
    }

    fn chunk(&self, out: &mut impl Write, n: usize, part: &Part, body_at: u64) -> io::Result<()> {
        let body_end = body_at + u64::from(part.payload_len);
        let header = format!("header {} at {}", plural(part.header_len.into(), "byte"), part.start);
        writeln!(out, "  {:>3}  {header}, body {body_at}..{body_end}", n + 1)?;
        if self.options.chunks || n == 0 {
            let tree = explain_header(part);
            self.outline(out, &tree, part.header(), &Veil::default(), 7)?;
        }
        if self.options.chunks {
            for carrier in self.message.carriers_of(part.start, part.end()) {
                let (at, end, packet) = (carrier.at, carrier.end(), carrier.packet);
                let frame = u64::from(carrier.frame_offset);
                let frame_end = frame + u64::from(carrier.len);
                writeln!(out, "       bytes {at}..{end} in packet {packet}, there {frame}..{frame_end}")?;
            }
        }
        Ok(())
    }

    fn body(&self, out: &mut impl Write, tree: &Tree, veil: &Veil) -> io::Result<()> {
        let bytes = self.message.body.bytes();
        writeln!(out, "\n{}", self.paint.ink(Ink::Strong, &format!("body, {}", plural(bytes.len() as u64, "byte"))))?;
        self.outline(out, tree, bytes, veil, 2)?;
        for remark in tree.remarks() {
            let place = remark.bits.bytes();
            let text = format!("remark at {}..{}: {}", place.start, place.end(), remark.text);
            writeln!(out, "  {}", self.paint.ink(Ink::Warning, &text))?;
        }
        if !self.message.body_kept() {
            let kept = bytes.len();
            writeln!(out, "  only the first {kept} bytes were kept")?;
        }
        Ok(())
    }

    fn outline(&self, out: &mut impl Write, tree: &Tree, bytes: &[u8], veil: &Veil, indent: usize) -> io::Result<()> {
        let rows = outline(tree, bytes, veil, self.hex_bytes);
        let column = |text: fn(&Row) -> usize| rows.iter().map(text).max().unwrap_or_default();
        let place_width = column(|row| row.place.chars().count());
        let hex_width = column(|row| row.hex.chars().count());
        for row in &rows {
            let steps = " ".repeat(usize::from(row.depth) * 2);
            let left = format!("{:indent$}{:<place_width$}  {:<hex_width$}  ", "", row.place, row.hex);
            let used = left.chars().count() + steps.len();
            let text =
                self.cut(&format!("{}{}{}", row.name, if row.value.is_empty() { "" } else { "  " }, row.value), used);
            let split = row.name.chars().count().min(text.chars().count());
            let (name, value) = text.split_at(text.char_indices().nth(split).map_or(text.len(), |(at, _)| at));
            let ink = match row.kind {
                Kind::Group => Ink::Strong,
                Kind::Leaf | Kind::Derived => Ink::Name,
                Kind::Gap => Ink::Warning,
            };
            writeln!(out, "{}{steps}{}{value}", self.paint.ink(Ink::Faint, &left), self.paint.ink(ink, name))?;
            if let Some(fault) = &row.fault {
                let text = format!("{:used$}decoding stopped here: {}", "", clean(fault));
                writeln!(out, "{}", self.paint.ink(Ink::Error, &text))?;
            }
        }
        Ok(())
    }

    /// A text that fits behind `used` columns.
    fn cut(&self, text: &str, used: usize) -> String {
        let room = self.options.width.saturating_sub(used).max(12);
        if text.chars().count() <= room {
            return text.to_owned();
        }
        text.chars().take(room - 1).chain(['…']).collect()
    }
}

fn plural(n: u64, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}
