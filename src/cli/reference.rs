//! The verbs that read no capture: `fields`, `schema`, `completions`, `man`.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::{Cli, FieldsArgs, SchemaOf};
use super::failure::Failure;
use crate::field::{Field, Secrecy};
use crate::out::json::SCHEMA;
use crate::out::{CANONICAL_SCHEMA, diff};
use crate::query::{ALIASES, ENTRIES, Entry, Place};
use crate::wire;

/// Prints the names that filters, columns and events know, then every field of headers and bodies.
pub(super) fn fields(args: &FieldsArgs) -> Result<ExitCode, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let wanted = args.find.as_deref().unwrap_or_default().to_lowercase();
    let names = names(&wanted);
    let found = |line: &String| line.to_lowercase().contains(&wanted);
    let lines = |(structure, table): (&'static str, &'static [&'static Field])| {
        table.iter().map(move |field| field_line(structure, field))
    };
    let wire: Vec<String> = wire::tables().into_iter().flat_map(lines).filter(found).collect();
    if !names.is_empty() {
        writeln!(out, "NAMES FOR --filter AND --fields, as in the events of export: type, meaning, example")?;
        names.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    if !wire.is_empty() {
        let gap = if names.is_empty() { "" } else { "\n" };
        writeln!(out, "{gap}FIELDS OF HEADERS AND BODIES, as in show and --detail fields: meaning [unit]")?;
        wire.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    out.flush()?;
    if names.is_empty() && wire.is_empty() {
        return Err(Failure::Missing(format!("no field is called or explained by \"{wanted}\"")));
    }
    Ok(ExitCode::SUCCESS)
}

/// The lines of the names that hold a text, or that of the one that a path leads to, with its values.
fn names(wanted: &str) -> Vec<String> {
    let line = |entry: &Entry| {
        let name = format!("{:<31} {:<16} {}; {}", entry.name, entry.type_name(), entry.about, entry.example);
        // The words of a list are told where one name was asked for: some lists are long.
        let values = entry.values();
        match values.as_slice() {
            [_, ..] if wanted == entry.name => format!("{name}\n{:31} values: {}", "", values.join(", ")),
            _ => name,
        }
    };
    let aliases = ALIASES.iter().map(|(alias, name)| format!("{alias:<31} {:<16} short for {name}", ""));
    let all: Vec<String> = ENTRIES.iter().flat_map(|table| table.iter()).map(line).chain(aliases).collect();
    let found: Vec<String> = all.into_iter().filter(|line| line.to_lowercase().contains(wanted)).collect();
    match Place::new(wanted) {
        Ok(place) if found.is_empty() => vec![line(place.entry)],
        _ => found,
    }
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

/// Prints a JSON Schema.
pub(super) fn schema(of: SchemaOf) -> Result<ExitCode, Failure> {
    let text = match of {
        SchemaOf::Events => SCHEMA,
        SchemaOf::Canonical => CANONICAL_SCHEMA,
        SchemaOf::Diff => diff::SCHEMA,
    };
    io::stdout().write_all(text.as_bytes())?;
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
