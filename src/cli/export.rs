//! `export`: all that was decoded, as events.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use super::args::{Detail, ExportArgs, ExportFormat};
use super::failure::Failure;
use super::read::{confess, judge, read};
use crate::out::json::{self, Bodies, Json, Options};
use crate::session::Want;
use crate::view::Mask;

pub(super) fn run(args: &ExportArgs) -> Result<ExitCode, Failure> {
    let detail = match args.detail {
        Detail::Messages => json::Detail::Messages,
        Detail::Chunks => json::Detail::Chunks,
        Detail::Fields => json::Detail::Fields,
    };
    let options = Options {
        detail,
        bodies: args.bodies,
        array: args.format == ExportFormat::Json,
        live: args.read.file == Path::new("-"),
    };
    let media = args.bodies != Bodies::None || detail == json::Detail::Fields;
    let want = Want { media, origin: detail >= json::Detail::Chunks };
    let mut sink = Json::new(io::stdout().lock(), options, Mask::new(args.read.show_secrets));
    let end = read(&args.read, want, &mut sink)?;
    drop(sink.finish()?);
    judge(&args.read, &end)?;
    confess(&end, args.allow_partial)?;
    Ok(ExitCode::SUCCESS)
}
