//! The page of a message as its event in an export tells it.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Options, plural};
use crate::out::json::{Members, Value as Json, what};
use crate::out::{Ink, Paint};
use crate::time::Span;
use crate::view::{Veil, clean, dump, short_time};

/// What the export would have to hold for a page that was asked for.
pub fn lacking(event: &Members<'_>, options: Options) -> Option<&'static str> {
    if options.hex && bytes(event).is_none() {
        return Some("--hex needs an export made with --bodies base64");
    }
    (options.chunks && event.raw("parts").is_none()).then_some("--chunks needs an export made with --detail chunks")
}

/// The body, where it is written in full.
fn bytes(event: &Members<'_>) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(event.text("body")?.as_bytes()).ok()?;
    let have = event.object("partial").and_then(|partial| partial.unsigned("have"));
    (Some(bytes.len() as u64) == have.or(event.unsigned("length"))).then_some(bytes)
}

/// Writes the page of a message event.
pub fn show_event(out: &mut impl Write, event: &Members<'_>, paint: Paint, options: Options) -> io::Result<()> {
    let page = Page { paint, width: options.width };
    let cell = |name: &str| event.raw(name).unwrap_or_default().trim_matches('"');
    let kind = event.text("kind").unwrap_or_default();
    let title = format!("message {} of session {}: {}", cell("seq"), cell("session"), what(event));
    writeln!(out, "{}", paint.ink(Ink::Strong, &page.cut(&title, 0)))?;
    let known = |name: &str| event.raw(name).unwrap_or("not known");
    page.row(out, "what", &format!("type {}, kind {kind}, stream {}", cell("type_id"), known("stream_id")))?;
    let time = match (event.raw("timestamp"), event.raw("delta")) {
        (None, delta) => {
            format!("not known after lost bytes, {} ms after the one before", delta.unwrap_or("not known"))
        }
        (Some(time), None) => format!("{time} ms, absolute"),
        (Some(time), Some(delta)) => format!("{time} ms, {delta} ms after the one before on its chunk stream"),
    };
    page.row(out, "timestamp", &time)?;
    let numbers = |name: &str| -> Vec<u64> {
        let items = event.find(name).map(|pair| pair.items()).unwrap_or_default();
        items.iter().filter_map(|item| if let Json::Unsigned(n) = item { Some(*n) } else { None }).collect()
    };
    let packets = match numbers("packets").as_slice() {
        [first, last] if first == last => format!(", packet {first}"),
        [first, last] => format!(", packets {first} to {last}"),
        _ => String::new(),
    };
    let time = event.find("time").and_then(|time| time.number()).unwrap_or_default();
    page.row(out, "captured", &format!("{time:.6} s, {}{packets}", cell("dir")))?;
    let carried = match event.unsigned("within") {
        Some(aggregate) => format!("part of the aggregate in message {aggregate}"),
        None => {
            let chunks = plural(event.unsigned("chunks").unwrap_or_default(), "chunk");
            format!("{chunks} on chunk stream {}, fmt {}", cell("csid"), cell("fmt"))
        }
    };
    if let [from, to] = numbers("span").as_slice() {
        page.row(out, "stream", &format!("bytes {from}..{to} of {}, {carried}", cell("dir")))?;
    }
    let partial = event.object("partial").and_then(|partial| partial.unsigned("have"));
    let arrived = partial.map(|have| format!(", of which {have} arrived")).unwrap_or_default();
    page.row(out, "length", &format!("{} bytes{arrived}", cell("length")))?;
    let said = event.object(&kind).unwrap_or_default();
    let after = said.find("reply_after").and_then(|after| after.number()).unwrap_or_default();
    let after = short_time(Span((after * 1e9).round() as i64));
    for (name, label) in [("reply", "reply"), ("reply_to", "answers")] {
        if let Some(seq) = said.unsigned(name) {
            page.row(out, label, &format!("message {seq} after {after}"))?;
        }
    }
    page.parts(out, event, options.chunks)?;
    writeln!(out, "\n{}", paint.ink(Ink::Strong, &kind))?;
    said.iter().try_for_each(|(name, value)| page.value(out, name, &value, 1))?;
    match event.find("fields") {
        Some(fields) => {
            writeln!(
                out,
                "\n{}",
                paint.ink(
                    Ink::Strong,
                    &format!("body, {}", plural(event.unsigned("length").unwrap_or_default(), "byte"))
                )
            )?;
            page.fields(out, &fields, 1)?;
        }
        None => writeln!(
            out,
            "\n{}",
            paint.ink(Ink::Faint, "every field of the body: in an export made with --detail fields")
        )?,
    }
    if let Some(hash) = event.text("hash") {
        writeln!(out, "\nhash of the body {hash}")?;
    }
    if let Some(bytes) = bytes(event).filter(|_| options.hex) {
        writeln!(out, "\n{}", paint.ink(Ink::Strong, "bytes of the body"))?;
        dump(&bytes, &Veil::default()).try_for_each(|row| writeln!(out, "  {row}"))?;
    }
    Ok(())
}

struct Page {
    paint: Paint,
    width: usize,
}

impl Page {
    fn row(&self, out: &mut impl Write, label: &str, text: &str) -> io::Result<()> {
        writeln!(out, "  {} {text}", self.paint.ink(Ink::Faint, &format!("{label:<10}")))
    }

    fn parts(&self, out: &mut impl Write, event: &Members<'_>, all: bool) -> io::Result<()> {
        let Some(parts) = event.find("parts").map(|parts| parts.items()) else { return Ok(()) };
        writeln!(out, "\n{}", self.paint.ink(Ink::Strong, "chunks"))?;
        let most = if all { parts.len() } else { super::FEW_CHUNKS };
        for (n, part) in parts.iter().enumerate().take(most) {
            let part = part.members();
            let text = |name: &str| part.text(name).unwrap_or_default().into_owned();
            let raw = |name: &str| part.raw(name).unwrap_or_default();
            writeln!(
                out,
                "  {:>3}  bytes {}, header {}, packets {}",
                n + 1,
                raw("span"),
                text("header"),
                raw("packets")
            )?;
            if let Some(fields) = part.find("fields").filter(|_| all || n == 0) {
                self.fields(out, &fields, 4)?;
            }
        }
        if parts.len() > most {
            writeln!(out, "  … {} more (--chunks shows all)", parts.len() - most)?;
        }
        Ok(())
    }

    /// A member and what is below it.
    fn value(&self, out: &mut impl Write, name: &str, value: &Json<'_>, depth: usize) -> io::Result<()> {
        let text = match value {
            Json::Object(_) => String::new(),
            Json::Array(raw) | Json::Text(std::borrow::Cow::Borrowed(raw)) => format!("  {raw}"),
            Json::Text(text) => format!("  {text}"),
            Json::Null => "  null".to_owned(),
            Json::Boolean(b) => format!("  {b}"),
            Json::Unsigned(n) => format!("  {n}"),
            Json::Float(n) => format!("  {n}"),
        };
        let items = value.items();
        // A list of plain values takes one line.
        let nested = items.iter().any(|item| matches!(item, Json::Object(_) | Json::Array(_)));
        let line = format!("{}{}", clean(name), if nested { "".into() } else { clean(&text) });
        writeln!(out, "{:1$}{2}", "", depth * 2, self.cut(&line, depth * 2))?;
        if nested {
            for (n, item) in items.iter().enumerate() {
                self.value(out, &format!("[{n}]"), item, depth + 1)?;
            }
        }
        value.members().iter().try_for_each(|(name, value)| self.value(out, name, &value, depth + 1))
    }

    /// The explained tree: place in bits, name, value, meaning.
    fn fields(&self, out: &mut impl Write, fields: &Json<'_>, depth: usize) -> io::Result<()> {
        for field in fields.items() {
            let field = field.members();
            let text = |name: &str| field.text(name).map(|text| clean(&text).into_owned());
            let (at, bits) = (field.unsigned("at").unwrap_or_default(), field.unsigned("bits").unwrap_or_default());
            let place = match (at % 8, bits % 8) {
                (0, 0) => format!("{}..{}", at / 8, (at + bits) / 8),
                _ => format!("{}.{} +{bits} bits", at / 8, at % 8),
            };
            let mut line = text("name").unwrap_or_default();
            let key = text("key").filter(|key| *key != line);
            line.extend(key.map(|key| format!(" {key}")));
            line.extend(
                text("value").or_else(|| field.raw("value").map(str::to_owned)).map(|value| format!("  {value}")),
            );
            line.extend(text("label").map(|label| format!(" ({label})")));
            line.extend(text("fault").map(|fault| format!("  decoding stopped here: {fault}")));
            let used = 2 + 16 + depth * 2;
            let place = self.paint.ink(Ink::Faint, &format!("{place:<16}"));
            writeln!(out, "  {place}{:1$}{2}", "", depth * 2, self.cut(&line, used))?;
            if let Some(below) = field.find("fields") {
                self.fields(out, &below, depth + 1)?;
            }
        }
        Ok(())
    }

    /// A text that fits behind `used` columns.
    fn cut(&self, text: &str, used: usize) -> String {
        let room = self.width.saturating_sub(used).max(12);
        if text.chars().count() <= room {
            return text.to_owned();
        }
        text.chars().take(room - 1).chain(['…']).collect()
    }
}
