//! `verify` and `accept`: captures against golden files, and golden files made from what verify found.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::{DiffFormat, VerifyArgs};
use super::diff::{read_args, rules, strict};
use super::failure::{Failure, NO, PARTIAL, SCHEMA};
use super::read::warn;
use super::side::{golden, side};
use super::terminal::colored;
use crate::diff::{Canonical, Report, Rules, compare};
use crate::out::{Paint, diff as out, write_canonical};
use crate::view::clean;

/// One capture and its golden file.
struct Case {
    file: PathBuf,
    golden: PathBuf,
}

/// How a case ended.
struct Ended {
    names: out::Names,
    outcome: Result<Report, String>,
    code: u8,
}

pub(super) fn run(args: &VerifyArgs) -> Result<ExitCode, Failure> {
    let rules = rules(&args.compare)?;
    let cases = cases(args)?;
    let ended: Vec<Ended> = cases.iter().map(|case| verify(args, case, &rules)).collect();
    let shown: Vec<out::Case<'_>> = ended
        .iter()
        .map(|case| out::Case { names: &case.names, outcome: case.outcome.as_ref().map_err(String::as_str) })
        .collect();
    let mut to = BufWriter::new(io::stdout().lock());
    match args.compare.format {
        DiffFormat::Text => out::table(&mut to, &shown, Paint::new(colored(args.compare.select.color)))?,
        DiffFormat::Json => out::documents(&mut to, &shown)?,
        DiffFormat::Junit => out::junit(&mut to, &shown)?,
        DiffFormat::Markdown => out::markdown(&mut to, &shown)?,
        DiffFormat::Github => out::github(&mut to, &shown)?,
    }
    to.flush()?;
    // What keeps an answer from being given counts more than the answer no, and that more than a part of it.
    let rank = |code: u8| [0, PARTIAL, NO].iter().position(|known| *known == code).unwrap_or(3);
    let worst = ended.iter().map(|case| case.code).max_by_key(|code| (rank(*code), *code == SCHEMA));
    Ok(ExitCode::from(worst.unwrap_or_default()))
}

fn verify(args: &VerifyArgs, case: &Case, rules: &Rules) -> Ended {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let names = out::Names { a: text(&case.golden), b: text(&case.file) };
    match check(args, case, rules) {
        Ok((report, code)) => Ended { names, outcome: Ok(report), code },
        Err(failure) => {
            let (code, why) = failure.said();
            let _ = warn(&why);
            Ended { names, outcome: Err(why), code }
        }
    }
}

fn check(args: &VerifyArgs, case: &Case, rules: &Rules) -> Result<(Report, u8), Failure> {
    let expected = match golden(&case.golden) {
        Err(failure) if !case.golden.exists() => {
            // There is nothing to compare with: what there is becomes the proposal.
            let found = side(&read_args(&args.compare, &case.file), strict(&args.compare.strict)?)?;
            propose(&case.golden, &found.canonical)?;
            let (_, why) = failure.said();
            return Err(Failure::Golden(format!("{why}; wrote {}", proposal(&case.golden).display())));
        }
        expected => expected?,
    };
    let asked = strict(&args.compare.strict)?;
    if !args.compare.strict.is_empty() && asked.switches() != expected.strict.switches() {
        return Err(Failure::Usage(format!(
            "{} was made with {:?}: verify takes the switches of the golden file",
            case.golden.display(),
            expected.strict.switches()
        )));
    }
    let found = side(&read_args(&args.compare, &case.file), expected.strict)?;
    let report = compare(&expected, &found.canonical, rules);
    if !report.is_same() {
        propose(&case.golden, &found.canonical)?;
        return Ok((report, NO));
    }
    // An old proposal must not be taken for one of this run.
    let stale = proposal(&case.golden);
    if stale.exists() && golden(&stale).is_ok() {
        let _ = fs::remove_file(&stale);
    }
    for what in &found.missing {
        warn(&format!("{}: {what}", case.file.display()))?;
    }
    let code = if found.missing.is_empty() || args.compare.allow_partial { 0 } else { PARTIAL };
    Ok((report, code))
}

/// `G.new` beside `G`.
fn proposal(golden: &Path) -> PathBuf {
    let mut name = golden.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

fn propose(golden: &Path, found: &Canonical) -> Result<(), Failure> {
    let path = proposal(golden);
    let failed = |error| Failure::Open { name: path.to_string_lossy().into_owned(), error };
    let mut text = Vec::new();
    write_canonical(&mut text, found)?;
    fs::write(&path, text).map_err(failed)
}

/// The captures, each with its golden file.
fn cases(args: &VerifyArgs) -> Result<Vec<Case>, Failure> {
    let mut files = Vec::new();
    for path in &args.files {
        if path.is_dir() {
            files.extend(inside(path, |name| !name.ends_with(".golden") && !name.ends_with(".new"))?);
        } else {
            files.push(path.clone());
        }
    }
    let many = args.golden.is_dir() || args.files.iter().any(|path| path.is_dir());
    if !many {
        return match files.as_slice() {
            [file] => Ok(vec![Case { file: file.clone(), golden: args.golden.clone() }]),
            _ => Err(Failure::Usage("several captures need a folder of golden files for --golden".to_owned())),
        };
    }
    let mut cases: Vec<Case> =
        files.into_iter().map(|file| Case { golden: args.golden.join(golden_name(&file)), file }).collect();
    // A golden file whose capture is not there is no success. Its capture is looked for where the others are.
    if let (true, Some(folder)) = (args.golden.is_dir(), args.files.iter().find(|path| path.is_dir())) {
        for golden in inside(&args.golden, |name| name.ends_with(".golden"))? {
            if !cases.iter().any(|case| case.golden == golden) {
                let stem = golden.file_stem().unwrap_or_default();
                cases.push(Case { file: folder.join(stem).with_extension("pcap"), golden });
            }
        }
    }
    cases.sort_by(|a, b| a.golden.cmp(&b.golden));
    Ok(cases)
}

/// `obs.golden` for `obs.pcapng.gz`.
fn golden_name(file: &Path) -> String {
    let mut name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    const ENDINGS: [&str; 8] = [".gz", ".zst", ".pcap", ".pcapng", ".cap", ".ndjson", ".jsonl", ".json"];
    while let Some(stem) = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).filter(|stem| !stem.is_empty()) {
        name = stem.to_owned();
    }
    name + ".golden"
}

fn inside(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error| Failure::Open { name: folder.to_string_lossy().into_owned(), error };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && wanted(&name) && entry.path().is_file() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Promotes proposals to golden files.
pub(super) fn accept(goldens: &[PathBuf]) -> Result<ExitCode, Failure> {
    if std::env::var("CI").is_ok_and(|ci| !matches!(ci.as_str(), "" | "0" | "false")) {
        return Err(Failure::Usage(
            "CI is set: golden files are accepted by people, not by pipelines; run accept where you can look at the \
             difference"
                .to_owned(),
        ));
    }
    let mut proposals = Vec::new();
    for golden in goldens {
        if golden.is_dir() {
            let found = inside(golden, |name| name.ends_with(".new"))?;
            if found.is_empty() {
                return Err(Failure::Golden(format!("{}: nothing to accept in this folder", golden.display())));
            }
            proposals.extend(found);
        } else {
            // The proposal itself may be named too.
            let is_new = golden.extension().is_some_and(|end| end == "new");
            proposals.push(if is_new { golden.clone() } else { proposal(golden) });
        }
    }
    // All of them are looked at before the first one is moved.
    for path in &proposals {
        if !path.exists() {
            return Err(Failure::Golden(format!(
                "{}: nothing to accept; verify writes it when a capture differs from its golden file",
                path.display()
            )));
        }
        golden(path)?;
    }
    let mut to = io::stdout().lock();
    for path in proposals {
        let golden = path.with_extension("");
        let failed = |error| Failure::Open { name: golden.to_string_lossy().into_owned(), error };
        fs::rename(&path, &golden).map_err(failed)?;
        writeln!(to, "accepted {}", clean(&golden.to_string_lossy()))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goldens_are_named_by_their_capture() {
        for (file, golden) in [
            ("a/obs.pcapng.gz", "obs.golden"),
            ("obs", "obs.golden"),
            ("x.y.ndjson", "x.y.golden"),
            (".gz", ".gz.golden"),
        ] {
            assert_eq!(golden_name(Path::new(file)), golden);
        }
        assert_eq!(proposal(Path::new("d/a.golden")), Path::new("d/a.golden.new"));
    }
}
