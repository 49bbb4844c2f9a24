//! The report as one JSON document.

use std::io::{self, Write};

use super::{Case, Names, path};
use crate::diff::{Detail, Difference, Pair, Place, Report, lane_words, words};
use crate::out::json::{Object, amf_text, array, object};

/// The major version of the document.
const VERSION: u32 = 1;

/// The JSON Schema of the document.
pub const SCHEMA: &str = include_str!("schema.json");

/// Writes the report.
pub fn json(out: &mut impl Write, report: &Report, names: &Names) -> io::Result<()> {
    let mut text = Vec::new();
    object(&mut text, |o| {
        o.number("v", VERSION).text("document", "diff").text("a", &names.a).text("b", &names.b);
        o.boolean("same", report.is_same()).number("not_compared", report.excused());
        array(o.key("sessions"), &report.pairs, |out, pair| object(out, |o| write_pair(o, pair)));
    });
    text.push(b'\n');
    out.write_all(&text)
}

/// Writes a document for each of several comparisons, one a line.
pub fn documents(out: &mut impl Write, cases: &[Case<'_>]) -> io::Result<()> {
    cases.iter().try_for_each(|case| match case.outcome {
        Ok(report) => json(out, report, case.names),
        Err(why) => {
            let mut text = Vec::new();
            object(&mut text, |o| {
                o.number("v", VERSION).text("document", "diff").text("a", &case.names.a).text("b", &case.names.b);
                o.text("failed", why);
            });
            text.push(b'\n');
            out.write_all(&text)
        }
    })
}

fn write_pair(o: &mut Object<'_>, pair: &Pair) {
    for (name, number) in [("a", pair.a), ("b", pair.b)] {
        match number {
            Some(number) => o.number(name, number),
            None => o.null(name),
        };
    }
    o.text("title", &pair.title());
    array(o.key("differences"), &pair.differences, |out, one| object(out, |o| write_difference(o, one)));
    array(o.key("infos"), &pair.infos, |out, one| object(out, |o| write_difference(o, one)));
    array(o.key("lanes"), &pair.lanes, |out, lane| {
        object(out, |o| {
            o.text("lane", &lane.name.to_string());
            o.pair("messages", lane.messages).number("not_compared", lane.excused);
        });
    });
}

fn write_difference(o: &mut Object<'_>, difference: &Difference) {
    o.text("words", &words(difference));
    if let Some(lane) = difference.lane {
        o.text("lane", &lane.to_string()).text("of", &lane_words(lane));
    }
    array(o.key("details"), &difference.details, |out, detail| object(out, |o| write_detail(o, detail)));
    if !difference.consequences.is_empty() {
        array(o.key("consequences"), &difference.consequences, |out, one| object(out, |o| write_difference(o, one)));
    }
}

fn write_detail(o: &mut Object<'_>, detail: &Detail) {
    if let Some(lane) = detail.lane {
        o.text("lane", &lane.to_string());
    }
    o.text("path", &path(detail));
    for (name, value, place) in [("a", &detail.a, detail.at_a), ("b", &detail.b, detail.at_b)] {
        if let Some(value) = value {
            o.key(name).extend_from_slice(amf_text(value).as_bytes());
        }
        write_place(o, if name == "a" { ["a_message", "a_line"] } else { ["b_message", "b_line"] }, place);
    }
}

fn write_place(o: &mut Object<'_>, [message, line]: [&'static str; 2], place: Place) {
    if let Some(seq) = place.seq {
        o.number(message, seq);
    }
    if place.line > 0 {
        o.number(line, place.line);
    }
}
