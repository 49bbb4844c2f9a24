//! The command line: clap types, one small file per command, exit codes.
//!
//! Owns what the user types and what the process returns; refuses to decode or format anything itself.

mod args;
mod export;
mod failure;
mod list;
mod read;
mod reference;
mod show;
mod summary;
mod terminal;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Cli, Command};
use failure::Failure;

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(with_verb(std::env::args_os().collect())) {
        Ok(cli) => cli,
        Err(error) => return failure::usage(&error),
    };
    match run(cli) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

/// A bare `rtmpscope FILE` is `rtmpscope list FILE`.
fn with_verb(mut args: Vec<OsString>) -> Vec<OsString> {
    let command = Cli::command();
    let is_verb = |arg: &OsString| arg == "help" || command.get_subcommands().any(|verb| arg == verb.get_name());
    let asks = |arg: &OsString| ["-h", "--help", "-V", "--version"].iter().any(|flag| arg == flag);
    let is_flag = |arg: &&OsString| arg.len() > 1 && arg.to_string_lossy().starts_with('-');
    let given = args.get(1..).unwrap_or_default();
    let verb_given = given.iter().find(|arg| !is_flag(arg)).is_none_or(is_verb);
    if !verb_given && !given.first().is_some_and(asks) {
        args.insert(1, "list".into());
    }
    args
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    match cli.command {
        Command::Summary(args) => summary::run(&args),
        Command::List(args) => list::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Fields(args) => reference::fields(&args),
        Command::Schema => reference::schema(),
        Command::Completions { shell } => reference::completions(shell),
        Command::Man => reference::man(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(args: &[&str]) -> Vec<String> {
        let args = args.iter().map(OsString::from).collect();
        with_verb(args).into_iter().map(|arg| arg.into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_alone_is_listed() {
        assert_eq!(given(&["rtmpscope", "a.pcap"]), ["rtmpscope", "list", "a.pcap"]);
        assert_eq!(given(&["rtmpscope", "-"]), ["rtmpscope", "list", "-"]);
        assert_eq!(
            given(&["rtmpscope", "--show-secrets", "a.pcap"]),
            ["rtmpscope", "list", "--show-secrets", "a.pcap"]
        );
        for args in [&["rtmpscope"][..], &["rtmpscope", "--help"], &["rtmpscope", "show", "a.pcap", "7"]] {
            assert_eq!(given(args), args);
        }
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
