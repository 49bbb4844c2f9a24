//! The verbs that read no capture: `fields`, `schema`, `completions`, `man`.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::{Cli, FieldsArgs};
use super::failure::Failure;
use crate::field::{Field, Secrecy};
use crate::out::json::SCHEMA;
use crate::wire;

/// Prints every field that messages can have.
pub(super) fn fields(args: &FieldsArgs) -> Result<ExitCode, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let wanted = args.find.as_deref().unwrap_or_default().to_lowercase();
    let mut found = false;
    for (structure, table) in wire::tables() {
        for field in table {
            let line = field_line(structure, field);
            if line.to_lowercase().contains(&wanted) {
                found = true;
                writeln!(out, "{line}")?;
            }
        }
    }
    out.flush()?;
    if !found {
        return Err(Failure::Missing(format!("no field is called or explained by \"{wanted}\"")));
    }
    Ok(ExitCode::SUCCESS)
}

fn field_line(structure: &str, field: &Field) -> String {
    let name = format!("{structure}.{}", field.name);
    let unit = match field.unit.sign() {
        "" => String::new(),
        sign => format!(" [{sign}]"),
    };
    let secret = if field.secrecy == Secrecy::Open { "" } else { " (masked)" };
    format!("{name:<44} {}{unit}{secret}", field.about)
}

/// Prints the JSON Schema.
pub(super) fn schema() -> Result<ExitCode, Failure> {
    io::stdout().write_all(SCHEMA.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a completion script.
pub(super) fn completions(shell: Shell) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "rtmpscope", &mut script);
    io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the manual page.
pub(super) fn man() -> Result<ExitCode, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    io::stdout().write_all(&page)?;
    Ok(ExitCode::SUCCESS)
}
