//! `summary` as text: a head for the input, then the story of each session.

use std::io::{self, Write};

mod retold;
pub use retold::Retold;

use super::style::{Ink, Paint};
use crate::record::{End, Source};
use crate::time::Span;
use crate::view::{Coverage, Mask, Story, clean};

/// Writes what the input was.
pub fn head(out: &mut impl Write, source: &Source, end: &End, paint: Paint) -> io::Result<()> {
    let duration = source.start.map_or(Span(0), |start| end.last.since(start));
    let sessions = if end.sessions == 1 { "1 session".to_owned() } else { format!("{} sessions", end.sessions) };
    let name = clean(&source.input);
    let text = format!("{name}  {}, {} packets, {}, {sessions}", source.format, end.packets, lasting(duration));
    writeln!(out, "{}", paint.ink(Ink::Strong, &text))
}

/// How long a capture lasts, in the units that people use for such a time.
fn lasting(span: Span) -> String {
    let seconds = span.0.max(0) as f64 / 1e9;
    let (minutes, hours, days) = (seconds as u64 / 60, seconds as u64 / 3600, seconds as u64 / 86_400);
    match seconds as u64 {
        0..120 => format!("{seconds:.1} s"),
        120..7200 => format!("{minutes} min {} s", seconds as u64 % 60),
        7200..172_800 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} days {} h", hours % 24),
    }
}

/// Writes the story of a session; continuation lines are indented under their text.
pub fn story(out: &mut impl Write, story: &Story, mask: &Mask, paint: Paint, width: Option<usize>) -> io::Result<()> {
    writeln!(out)?;
    rows(out, story.lines(mask), paint, width)
}

/// Writes labels and what there is to say of them.
fn rows(
    out: &mut impl Write,
    lines: Vec<(&'static str, String)>,
    paint: Paint,
    width: Option<usize>,
) -> io::Result<()> {
    for (label, text) in lines {
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
    fn long_captures_are_told_in_long_units() {
        let told = [2.24, 119.9, 120.0, 3725.0, 7260.0, 172_799.0, 469_670_314.3]
            .map(|s: f64| lasting(Span((s * 1e9) as i64)));
        assert_eq!(told, ["2.2 s", "119.9 s", "2 min 0 s", "62 min 5 s", "2 h 1 min", "47 h 59 min", "5435 days 23 h"]);
        assert_eq!(lasting(Span(-5)), "0.0 s", "clocks may run backwards");
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("one two three", Some(8)), ["one two", "three"]);
        assert_eq!(wrapped("one two three", None), ["one two three"]);
        assert_eq!(wrapped("averyveryverylongword x", Some(5)), ["averyveryverylongword", "x"]);
    }
}
