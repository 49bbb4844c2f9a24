//! `export`: all that was decoded, as events.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use super::args::{AmfForm, Detail, ExportArgs, ExportFormat, ReadArgs};
use super::diff;
use super::events::{Copy, read_events};
use super::failure::Failure;
use super::read::{confess, confess_missing, holds_events, judge, keep, open, read_capture, threads};
use super::side::side;
use super::terminal::{Out, out};
use crate::engine::{Input, MediaBody, Want};
use crate::out::json::{self, Bodies, Damage, Json, Options};
use crate::out::{Table, TableFormat, write_canonical};
use crate::view::Mask;

/// Standard input may be a capture in the making: events go out as they come.
pub(super) fn is_live(read: &ReadArgs) -> bool {
    read.file == Path::new("-")
}

pub(super) fn run(args: &ExportArgs) -> Result<ExitCode, Failure> {
    if args.canonical {
        return canonical(args);
    }
    let format = match args.format {
        ExportFormat::Csv => Some(TableFormat::Csv),
        ExportFormat::Md => Some(TableFormat::Markdown),
        ExportFormat::Ndjson | ExportFormat::Json => None,
    };
    if format.is_none() && !args.fields.is_empty() {
        return Err(Failure::Usage("--fields chooses the columns of --format csv and --format md".to_owned()));
    }
    if format.is_some() && says_more(args) {
        let text = "--detail, --bodies and --amf go with --format ndjson and json: --fields chooses what a table shows";
        return Err(Failure::Usage(text.to_owned()));
    }
    let table = format.map(|format| table(&args.read, format, &args.fields)).transpose()?;
    let mut input = open(&args.read)?;
    if holds_events(&args.read, &mut input)? {
        let damage = events(args, input, table)?;
        return confess_damage(&damage, args.allow_partial);
    }
    let end = match table {
        Some(mut table) => {
            let want = Want { media: keep(table.needs_units()), ..Want::LITTLE };
            let end = read_capture(&args.read, input, want, &mut table)?;
            table.finish()?;
            end
        }
        None => {
            let (options, want) = options(args);
            let mut sink = Json::new(out(), options, Mask::new(args.read.show_secrets));
            sink = sink.on_threads(writers(&args.read, &options));
            if args.amf == AmfForm::Lossless {
                sink = sink.with_lossless_amf();
            }
            let end = read_capture(&args.read, input, want, &mut sink)?;
            sink.finish()?;
            end
        }
    };
    judge(&args.read, &end)?;
    confess(&end, args.allow_partial)?;
    Ok(ExitCode::SUCCESS)
}

/// Was more asked for than what each message is?
fn says_more(args: &ExportArgs) -> bool {
    args.detail != Detail::Messages || args.bodies != Bodies::None || args.amf != AmfForm::Plain
}

/// What goes out as a table to standard output.
pub(super) type Rows = Table<BufWriter<Out>>;

pub(super) fn table(read: &ReadArgs, format: TableFormat, fields: &[String]) -> Result<Rows, Failure> {
    let out = BufWriter::with_capacity(1 << 16, out());
    Table::new(out, Mask::new(read.show_secrets), format, fields).map_err(|error| {
        Failure::Usage(format!("no such column\n{error}\n(`what`, the message in one line, is a column as well)"))
    })
}

fn options(args: &ExportArgs) -> (Options, Want) {
    let detail = match args.detail {
        Detail::Messages => json::Detail::Messages,
        Detail::Chunks => json::Detail::Chunks,
        Detail::Fields => json::Detail::Fields,
    };
    let live = is_live(&args.read);
    let options = Options { detail, bodies: args.bodies, array: args.format == ExportFormat::Json, live };
    (options, want(&options))
}

/// Threads that write events: several where writing them is most of the work. Else handing records over costs more than it
/// saves, and threads that decode by turns write by turns as well.
pub(super) fn writers(args: &ReadArgs, options: &Options) -> usize {
    let much = options.detail > json::Detail::Messages || options.bodies != Bodies::None;
    if much { threads(args) } else { 1 }
}

/// How much of each message events of this kind need.
pub(super) fn want(options: &Options) -> Want {
    let bodies = options.detail == json::Detail::Fields || options.bodies != Bodies::None;
    let media = if bodies { MediaBody::Whole } else { MediaBody::Units };
    Want { media, origin: options.detail >= json::Detail::Chunks }
}

/// Exports an export: what is selected of it, perhaps in another format.
fn events(args: &ExportArgs, input: Input, table: Option<Rows>) -> Result<Damage, Failure> {
    if says_more(args) {
        let text = "--detail, --bodies and --amf need the capture itself: an export says what it says";
        return Err(Failure::Usage(text.to_owned()));
    }
    if let Some(mut table) = table {
        let damage = read_events(&args.read, input, &mut table)?;
        table.finish()?;
        return Ok(damage);
    }
    let out = BufWriter::with_capacity(1 << 18, out());
    let mut copy = Copy::new(out, args.format == ExportFormat::Json, is_live(&args.read));
    let damage = read_events(&args.read, input, &mut copy)?;
    copy.finish()?;
    Ok(damage)
}

fn confess_damage(damage: &Damage, allowed: bool) -> Result<ExitCode, Failure> {
    // What it is was said while reading.
    if damage.any() && !allowed {
        let text = "the export is damaged or incomplete (--allow-partial to accept this)";
        return Err(Failure::Partial(text.to_owned()));
    }
    Ok(ExitCode::SUCCESS)
}

fn canonical(args: &ExportArgs) -> Result<ExitCode, Failure> {
    let side = side(&args.read, diff::strict(&args.strict)?)?;
    let mut out = BufWriter::new(out());
    write_canonical(&mut out, &side.canonical)?;
    out.flush()?;
    confess_missing(side.missing, args.allow_partial)?;
    Ok(ExitCode::SUCCESS)
}
