//! `diff`: two captures, exports or golden files, compared in words.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use super::args::{CompareArgs, DiffArgs, DiffFormat, ReadArgs};
use super::failure::{Failure, NO};
use super::read::confess_missing;
use super::side::side;
use super::terminal::{colored, width};
use crate::diff::{Report, Rules, Strict, compare};
use crate::out::{Paint, diff as out};

pub(super) fn run(args: &DiffArgs) -> Result<ExitCode, Failure> {
    let rules = rules(&args.compare)?;
    let strict = strict(&args.compare.strict)?;
    let mut a = side(&read_args(&args.compare, &args.a), strict)?;
    // A golden file is compared with what keeps as much as it does.
    let strict = if a.canonical.strict == Strict::default() { strict } else { a.canonical.strict };
    let b = side(&read_args(&args.compare, &args.b), strict)?;
    if a.canonical.strict != b.canonical.strict {
        a = side(&read_args(&args.compare, &args.a), b.canonical.strict)?;
    }
    if a.canonical.strict != b.canonical.strict {
        if a.canonical.strict.switches() == b.canonical.strict.switches() {
            return Err(Failure::Usage(format!(
                "{} and {} hash their texts with different salts: compare one of them with the other's capture",
                args.a.display(),
                args.b.display()
            )));
        }
        return Err(Failure::Usage(format!(
            "{} keeps {:?} and {} keeps {:?}: make both with the same --strict",
            args.a.display(),
            a.canonical.strict.switches(),
            args.b.display(),
            b.canonical.strict.switches()
        )));
    }
    let report = compare(&a.canonical, &b.canonical, &rules);
    let names = out::Names { a: args.a.to_string_lossy().into_owned(), b: args.b.to_string_lossy().into_owned() };
    write(args, &report, &names)?;
    if !report.is_same() {
        return Ok(ExitCode::from(NO));
    }
    let of =
        |name: &str, missing: Vec<String>| missing.into_iter().map(move |what| format!("{name}: {what}")).collect();
    let missing: [Vec<String>; 2] = [of(&names.a, a.missing), of(&names.b, b.missing)];
    confess_missing(missing.concat(), args.compare.allow_partial)?;
    Ok(ExitCode::SUCCESS)
}

fn write(args: &DiffArgs, report: &Report, names: &out::Names) -> Result<(), Failure> {
    let mut to = BufWriter::new(io::stdout().lock());
    let how = match (args.stat, args.side_by_side) {
        (true, _) => out::Details::Stat,
        (_, true) => out::Details::SideBySide(width()),
        _ => out::Details::Listed,
    };
    match args.compare.format {
        DiffFormat::Text => out::text(&mut to, report, how, Paint::new(colored(args.compare.select.color)))?,
        DiffFormat::Json => out::json(&mut to, report, names)?,
        DiffFormat::Junit => out::junit(&mut to, &[out::Case { names, outcome: Ok(report) }])?,
        DiffFormat::Markdown => out::markdown(&mut to, &[out::Case { names, outcome: Ok(report) }])?,
        DiffFormat::Github => out::github(&mut to, &[out::Case { names, outcome: Ok(report) }])?,
    }
    to.flush()?;
    Ok(())
}

/// The switches of `--strict`.
pub(super) fn strict(switches: &[String]) -> Result<Strict, Failure> {
    let mut strict = Strict::default();
    for switch in switches {
        strict.set(switch).map_err(Failure::Usage)?;
    }
    Ok(strict)
}

/// The rules of `--rules` and `--rule`, the latter on top.
pub(super) fn rules(args: &CompareArgs) -> Result<Rules, Failure> {
    let mut rules = Rules::default();
    if let Some(path) = &args.rules {
        let name = path.to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).map_err(|error| Failure::Open { name: name.clone(), error })?;
        out::read_rules(&text, &mut rules).map_err(|why| Failure::Usage(format!("{name}: {why}")))?;
    }
    for rule in &args.rule {
        rules.add_typed(rule).map_err(|why| Failure::Usage(format!("--rule: {why}")))?;
    }
    Ok(rules)
}

/// How a file of a comparison is read.
pub(super) fn read_args(args: &CompareArgs, file: &Path) -> ReadArgs {
    ReadArgs { file: file.to_owned(), select: args.select.clone(), show_secrets: false }
}
