//! What differs, for people: every difference in one line first, then the values behind them.

use std::io::{self, Write};

use super::{all_details, line, pair_words, path, shown, words};
use crate::diff::{Detail, Pair, Place, Report, lane_words};
use crate::out::{Ink, Paint};

/// What follows the lines in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Details {
    /// Every value, one below the other.
    Listed,
    /// A table of lanes.
    Stat,
    /// Values in two columns, in so many columns of a terminal.
    SideBySide(Option<usize>),
}

/// Writes the report.
pub fn text(out: &mut impl Write, report: &Report, details: Details, paint: Paint) -> io::Result<()> {
    for (pair, difference) in report.differences() {
        writeln!(out, "{}", paint.ink(Ink::Strong, &line(report, pair, difference)))?;
    }
    if report.is_same() {
        let (sessions, messages) = (report.pairs.len(), compared(report));
        let noun = if sessions == 1 { "session" } else { "sessions" };
        writeln!(out, "{}", paint.ink(Ink::Strong, &format!("same: {sessions} {noun}, {messages} messages")))?;
    }
    for pair in &report.pairs {
        for info in &pair.infos {
            if info.topic != crate::diff::Topic::NotCompared {
                writeln!(out, "{}", paint.ink(Ink::Faint, &format!("info: {}", words(info))))?;
            }
        }
    }
    if report.excused() > 0 {
        let text = match report.excused() {
            1 => "info: 1 message was lost on one side and not compared".to_owned(),
            n => format!("info: {n} messages were lost on one side and not compared"),
        };
        writeln!(out, "{}", paint.ink(Ink::Faint, &text))?;
    }
    match details {
        Details::Stat => stat(out, report),
        Details::Listed => report.pairs.iter().try_for_each(|pair| listed(out, report, pair, paint)),
        Details::SideBySide(width) => {
            report.pairs.iter().try_for_each(|pair| side_by_side(out, report, pair, width.unwrap_or(120)))
        }
    }
}

fn compared(report: &Report) -> u64 {
    let lanes = report.pairs.iter().flat_map(|pair| &pair.lanes);
    lanes.fold(0, |sum, lane| sum.saturating_add(lane.messages.0.max(lane.messages.1)))
}

fn listed(out: &mut impl Write, report: &Report, pair: &Pair, paint: Paint) -> io::Result<()> {
    for difference in &pair.differences {
        writeln!(out, "\n{}", line(report, pair, difference))?;
        for detail in all_details(difference) {
            let (a, b) = (shown(detail.a.as_ref()), shown(detail.b.as_ref()));
            let name = paint.ink(Ink::Name, &name(detail));
            writeln!(out, "  {name}{}", paint.ink(Ink::Faint, &places(detail)))?;
            writeln!(out, "    A  {a}")?;
            writeln!(out, "    B  {b}")?;
        }
    }
    if !pair.differences.is_empty() {
        let differs = |lane| pair.differences.iter().flat_map(all_details).any(|detail| detail.lane == Some(lane));
        let same: Vec<String> = pair
            .lanes
            .iter()
            .filter(|lane| !differs(lane.name) && lane.messages.0 > 0)
            .map(|lane| format!("{} ({} messages)", lane_words(lane.name), lane.messages.0))
            .collect();
        if !same.is_empty() {
            let head =
                if report.pairs.len() > 1 { format!("{}: same: ", pair_words(pair)) } else { "same: ".to_owned() };
            writeln!(out, "\n{head}{}", same.join(", "))?;
        }
    }
    Ok(())
}

fn name(detail: &Detail) -> String {
    match detail.lane {
        Some(lane) => format!("{}: {}", lane_words(lane), path(detail)),
        None => path(detail),
    }
}

/// `, message 7 and 9`, with the line of a golden file where there is one.
fn places(detail: &Detail) -> String {
    let side = |place: Place| match (place.seq, place.line) {
        (Some(seq), _) => Some(format!("message {seq}")),
        (None, 0) => None,
        (None, line) => Some(format!("line {line}")),
    };
    match (side(detail.at_a), side(detail.at_b)) {
        (Some(a), Some(b)) if a == b => format!("  ({a} of both)"),
        (Some(a), Some(b)) => format!("  ({a} of A, {b} of B)"),
        (Some(a), None) => format!("  ({a} of A)"),
        (None, Some(b)) => format!("  ({b} of B)"),
        (None, None) => String::new(),
    }
}

fn stat(out: &mut impl Write, report: &Report) -> io::Result<()> {
    for pair in &report.pairs {
        writeln!(out, "\n{}", pair_words(pair))?;
        writeln!(out, "  {:<24} {:>9} {:>9}  differences", "lane", "A", "B")?;
        for lane in &pair.lanes {
            let about = |detail: &&Detail| detail.lane == Some(lane.name);
            let count = pair.differences.iter().flat_map(all_details).filter(about).count();
            let verdict = if count == 0 { "same".to_owned() } else { count.to_string() };
            let (a, b) = lane.messages;
            writeln!(out, "  {:<24} {a:>9} {b:>9}  {verdict}", lane_words(lane.name))?;
        }
    }
    Ok(())
}

fn side_by_side(out: &mut impl Write, report: &Report, pair: &Pair, width: usize) -> io::Result<()> {
    for difference in &pair.differences {
        writeln!(out, "\n{}", line(report, pair, difference))?;
        let rows: Vec<[String; 3]> = all_details(difference)
            .map(|detail| [name(detail), shown(detail.a.as_ref()), shown(detail.b.as_ref())])
            .collect();
        let longest = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|text| text.chars().count()).max().unwrap_or(0)
        };
        let first = longest(0).min(width / 3);
        let second = longest(1).max(1).min(width.saturating_sub(first + 6) / 2);
        writeln!(out, "  {:first$}  {:second$} | B", "", "A")?;
        for [name, a, b] in &rows {
            let cut = |text: &str, most: usize| match text.chars().count() > most {
                true => text.chars().take(most.saturating_sub(1)).chain(['~']).collect(),
                false => text.to_owned(),
            };
            writeln!(out, "  {:first$}  {:second$} | {}", cut(name, first), cut(a, second), cut(b, width / 2))?;
        }
    }
    Ok(())
}
