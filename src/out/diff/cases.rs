//! Comparisons for continuous integration: JUnit XML, a Markdown summary, annotations of GitHub Actions.

use std::io::{self, Write};

use super::{Details, Names, all_details, line, pair_words, path, shown, text, words};
use crate::diff::{Difference, Report, lane_words};
use crate::out::{Ink, Paint};
use crate::view::{clean, is_control};

/// One comparison: of a golden file with a capture, mostly.
pub struct Case<'a> {
    /// What was compared.
    pub names: &'a Names,
    /// The result, or why there is none.
    pub outcome: Result<&'a Report, &'a str>,
}

impl Case<'_> {
    fn verdict(&self) -> &'static str {
        match self.outcome {
            Ok(report) if report.is_same() => "same",
            Ok(_) => "different",
            Err(_) => "failed",
        }
    }
}

/// Writes the differences of all comparisons in words, and a table of how each one ended.
pub fn table(out: &mut impl Write, cases: &[Case<'_>], paint: Paint) -> io::Result<()> {
    let one = cases.len() == 1;
    for case in cases {
        match case.outcome {
            Ok(report) if one || !report.is_same() => {
                if !one {
                    writeln!(out, "{}", paint.ink(Ink::Strong, &clean(&case.names.b)))?;
                }
                text(out, report, Details::Listed, paint)?;
                writeln!(out)?;
            }
            _ => {}
        }
    }
    let width =
        |of: fn(&Names) -> &str| cases.iter().map(|case| clean(of(case.names)).chars().count()).max().unwrap_or(0);
    let (a, b) = (width(|names| &names.a).max(6), width(|names| &names.b).max(7));
    writeln!(out, "{}", paint.ink(Ink::Faint, &format!("{:a$}  {:b$}  result", "golden", "capture")))?;
    for case in cases {
        let result = match case.outcome {
            Ok(report) => match report.differences().count() {
                0 => "same".to_owned(),
                1 => "1 difference".to_owned(),
                n => format!("{n} differences"),
            },
            Err(_) => "failed".to_owned(),
        };
        let ink = if result == "same" { Ink::Plain } else { Ink::Error };
        writeln!(out, "{:a$}  {:b$}  {}", clean(&case.names.a), clean(&case.names.b), paint.ink(ink, &result))?;
    }
    Ok(())
}

/// Writes JUnit XML: a suite per comparison, a test case per lane.
pub fn junit(out: &mut impl Write, cases: &[Case<'_>]) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"rtmpscope\">")?;
    for case in cases {
        let tests = tests(case);
        let count = |kind: &str| tests.iter().filter(|test| test.failed == Some(kind)).count();
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
            xml(&case.names.a),
            tests.len(),
            count("failure"),
            count("error")
        )?;
        for test in &tests {
            write!(out, "    <testcase classname=\"{}\" name=\"{}\"", xml(&case.names.b), xml(&test.name))?;
            match test.failed {
                None => writeln!(out, "/>")?,
                Some(kind) => {
                    writeln!(out, ">\n      <{kind} message=\"{}\">{}</{kind}>", xml(&test.message), xml(&test.text))?;
                    writeln!(out, "    </testcase>")?;
                }
            }
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// One test case.
struct Test {
    name: String,
    failed: Option<&'static str>,
    message: String,
    text: String,
}

fn tests(case: &Case<'_>) -> Vec<Test> {
    let report = match case.outcome {
        Ok(report) => report,
        Err(why) => {
            let (message, text) = (why.to_owned(), why.to_owned());
            return vec![Test { name: "comparison".to_owned(), failed: Some("error"), message, text }];
        }
    };
    let mut tests = Vec::new();
    for pair in &report.pairs {
        let lanes: Vec<_> = pair.lanes.iter().map(|lane| lane.name).collect();
        // What is about no lane, and what is about one that was not compared, is about the session.
        let of_session = |one: &&Difference| one.lane.is_none_or(|lane| !lanes.contains(&lane));
        tests.push(test(pair_words(pair), pair.differences.iter().filter(of_session)));
        for lane in lanes {
            let name = format!("{}: {}", pair_words(pair), lane_words(lane));
            tests.push(test(name, pair.differences.iter().filter(|one| one.lane == Some(lane))));
        }
    }
    tests
}

fn test<'a>(name: String, differences: impl Iterator<Item = &'a Difference>) -> Test {
    let differences: Vec<&Difference> = differences.collect();
    let mut text = String::new();
    for difference in &differences {
        text.push_str(&words(difference));
        text.push('\n');
        for detail in all_details(difference) {
            let (a, b) = (shown(detail.a.as_ref()), shown(detail.b.as_ref()));
            text.push_str(&format!("  {}: {a} -> {b}\n", path(detail)));
        }
    }
    let message = differences.iter().map(|difference| words(difference)).collect::<Vec<_>>().join("; ");
    Test { name, failed: (!differences.is_empty()).then_some("failure"), message, text }
}

/// Text in XML, without what XML cannot hold.
fn xml(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' => out.push(c),
            c if is_control(c) => out.extend(c.escape_unicode()),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Writes a Markdown summary.
pub fn markdown(out: &mut impl Write, cases: &[Case<'_>]) -> io::Result<()> {
    writeln!(out, "| golden or A | capture or B | result |\n|---|---|---|")?;
    for case in cases {
        let count = case.outcome.map_or(0, |report| report.differences().count());
        let result = match (case.verdict(), count) {
            ("different", 1) => "**1 difference**".to_owned(),
            ("different", n) => format!("**{n} differences**"),
            ("failed", _) => "**failed**".to_owned(),
            (verdict, _) => verdict.to_owned(),
        };
        writeln!(out, "| {} | {} | {result} |", cell(&case.names.a), cell(&case.names.b))?;
    }
    for case in cases.iter().filter(|case| case.verdict() != "same") {
        writeln!(out, "\n### {}\n", cell(&case.names.b))?;
        match case.outcome {
            Err(why) => writeln!(out, "{}", cell(why))?,
            Ok(report) => {
                for (pair, difference) in report.differences() {
                    writeln!(out, "- {}", cell(&line(report, pair, difference)))?;
                    for detail in all_details(difference) {
                        let (a, b) = (shown(detail.a.as_ref()), shown(detail.b.as_ref()));
                        writeln!(out, "  - {}: {} -> {}", cell(&path(detail)), cell(&a), cell(&b))?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Text that Markdown and HTML leave alone.
fn cell(text: &str) -> String {
    let mut out = String::new();
    for c in clean(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    // `->` reads better as an arrow than as an entity.
    out.replace("-&gt;", "→")
}

/// Writes annotations: an error on the golden file's line for each difference.
pub fn github(out: &mut impl Write, cases: &[Case<'_>]) -> io::Result<()> {
    for case in cases {
        match case.outcome {
            Err(why) => annotate(out, &case.names.a, 1, why)?,
            Ok(report) => {
                for (pair, difference) in report.differences() {
                    annotate(out, &case.names.a, golden_line(difference), &line(report, pair, difference))?;
                }
            }
        }
    }
    Ok(())
}

fn golden_line(difference: &Difference) -> u32 {
    all_details(difference).map(|detail| detail.at_a.line).find(|line| *line > 0).unwrap_or(1)
}

fn annotate(out: &mut impl Write, file: &str, line: u32, text: &str) -> io::Result<()> {
    let data = |text: &str| clean(text).replace('%', "%25");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    writeln!(out, "::error file={},line={line},title=rtmpscope::{}", property(file), data(text))
}
