//! `summary` as text: a head for the input, then the story of each session.

use std::io::{self, Write};

use super::style::{Ink, Paint};
use crate::record::{End, Source};
use crate::time::Span;
use crate::view::{Coverage, Mask, Story, clean};

/// Writes what the input was.
pub fn head(out: &mut impl Write, source: &Source, end: &End, paint: Paint) -> io::Result<()> {
    let duration = source.start.map_or(Span(0), |start| end.last.since(start));
    let sessions = if end.sessions == 1 { "1 session".to_owned() } else { format!("{} sessions", end.sessions) };
    let name = clean(&source.input);
    let text = format!("{name}  {}, {} packets, {duration:.1} s, {sessions}", source.format, end.packets);
    writeln!(out, "{}", paint.ink(Ink::Strong, &text))
}

/// Writes the story of a session; continuation lines are indented under their text.
pub fn story(out: &mut impl Write, story: &Story, mask: &Mask, paint: Paint, width: Option<usize>) -> io::Result<()> {
    writeln!(out)?;
    for (label, text) in story.lines(mask) {
        let ink = match label {
            "session" | "verdict" => Ink::Strong,
            "problems" => Ink::Warning,
            _ => Ink::Plain,
        };
        labelled(out, label, &text, ink, paint, width)?;
    }
    Ok(())
}

/// Writes how much is explained, of one session behind its story or of all.
pub fn coverage(out: &mut impl Write, coverage: &Coverage, paint: Paint, width: Option<usize>) -> io::Result<()> {
    labelled(out, "coverage", &coverage.text(), Ink::Plain, paint, width)
}

fn labelled(
    out: &mut impl Write,
    label: &str,
    text: &str,
    ink: Ink,
    paint: Paint,
    width: Option<usize>,
) -> io::Result<()> {
    for (n, line) in wrapped(text, width.map(|width| width.saturating_sub(10))).into_iter().enumerate() {
        let label = if n == 0 { label } else { "" };
        writeln!(out, "{}{}", paint.ink(Ink::Faint, &format!("{label:<10}")), paint.ink(ink, &line))?;
    }
    Ok(())
}

/// The text in lines of at most `width` columns, broken between words.
fn wrapped(text: &str, width: Option<usize>) -> Vec<String> {
    let Some(width) = width else { return vec![text.to_owned()] };
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > 0 && line + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("one two three", Some(8)), ["one two", "three"]);
        assert_eq!(wrapped("one two three", None), ["one two three"]);
        assert_eq!(wrapped("averyveryverylongword x", Some(5)), ["averyveryverylongword", "x"]);
    }
}
