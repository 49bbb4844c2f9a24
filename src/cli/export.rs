//! `export`: all that was decoded, as events.

use std::io::{self, BufWriter};
use std::path::Path;
use std::process::ExitCode;

use super::args::{Detail, ExportArgs, ExportFormat, ReadArgs};
use super::failure::Failure;
use super::list;
use super::read::{confess, judge, read};
use crate::engine::Want;
use crate::out::json::{self, Json, Options};
use crate::out::{Table, TableFormat};
use crate::view::Mask;

/// Standard input may be a capture in the making: events go out as they come.
pub(super) fn is_live(read: &ReadArgs) -> bool {
    read.file == Path::new("-")
}

pub(super) fn run(args: &ExportArgs) -> Result<ExitCode, Failure> {
    let detail = match args.detail {
        Detail::Messages => json::Detail::Messages,
        Detail::Chunks => json::Detail::Chunks,
        Detail::Fields => json::Detail::Fields,
    };
    let options =
        Options { detail, bodies: args.bodies, array: args.format == ExportFormat::Json, live: is_live(&args.read) };
    // The units of a picture (`nals`) are told of whole bodies only.
    let want = Want { media: true, origin: detail >= json::Detail::Chunks };
    if args.format == ExportFormat::Csv {
        return table(args);
    }
    if !args.fields.is_empty() {
        return Err(Failure::Usage("--fields chooses the columns of --format csv".to_owned()));
    }
    let mut sink = Json::new(io::stdout().lock(), options, Mask::new(args.read.show_secrets));
    let end = read(&args.read, want, &mut sink)?;
    drop(sink.finish()?);
    judge(&args.read, &end)?;
    confess(&end, args.allow_partial)?;
    Ok(ExitCode::SUCCESS)
}

fn table(args: &ExportArgs) -> Result<ExitCode, Failure> {
    let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mask = Mask::new(args.read.show_secrets);
    let mut sink = Table::new(out, mask, TableFormat::Csv, &args.fields).map_err(|name| list::unknown_column(&name))?;
    let end = read(&args.read, Want::LITTLE, &mut sink)?;
    sink.finish()?;
    judge(&args.read, &end)?;
    confess(&end, args.allow_partial)?;
    Ok(ExitCode::SUCCESS)
}
