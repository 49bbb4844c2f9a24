//! The command line: clap types, one small file per command, exit codes.
//!
//! Owns what the user types and what the process returns; refuses to decode or format anything itself.

mod args;
mod export;
mod failure;
mod read;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use failure::Failure;

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return failure::usage(&error),
    };
    match run(cli) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    match cli.command {
        Some(Command::Export(args)) => export::run(&args),
        _ => Ok(ExitCode::SUCCESS),
    }
}
