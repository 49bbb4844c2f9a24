//! The command line: clap types, one small file per command, exit codes.
//!
//! Owns what the user types and what the process returns; refuses to decode or format anything itself.

mod args;
mod diff;
mod events;
mod export;
mod failure;
mod list;
mod proxy;
mod read;
mod reference;
mod show;
mod side;
mod summary;
mod terminal;
mod verify;
mod view;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Cli, Command};
use failure::Failure;

use crate::query::nearest;

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let bare = if view::has_terminal() { "view" } else { "list" };
    let cli = match Cli::try_parse_from(with_verb(std::env::args_os().collect(), bare)) {
        Ok(cli) => cli,
        Err(error) => return failure::usage(&error),
    };
    match run(cli) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

/// A bare `rtmpscope FILE` is `rtmpscope view FILE` on a terminal and `rtmpscope list FILE` elsewhere; options may stand
/// before the verb that they belong to.
fn with_verb(mut args: Vec<OsString>, bare: &str) -> Vec<OsString> {
    let command = Cli::command();
    let is_verb = |arg: &OsString| {
        is_meant(arg, &command) || arg == "help" || command.get_subcommands().any(|verb| arg == verb.get_name())
    };
    let asks = |arg: &OsString| ["-h", "--help", "-V", "--version"].iter().any(|flag| arg == flag);
    if args.get(1).is_some_and(asks) {
        return args;
    }
    let Some(first) = first_positional(&args, &command) else { return args };
    let escaped = args.get(first - 1).is_some_and(|before| before == "--");
    if !escaped && args.get(first).is_some_and(is_verb) {
        let verb = args.remove(first);
        args.insert(1, verb);
    } else {
        // Options that only a list has ask for a list.
        let viewed =
            command.find_subcommand(bare).is_some_and(|verb| args.iter().skip(1).all(|arg| has_option(verb, arg)));
        args.insert(1, if viewed { bare } else { "list" }.into());
    }
    args
}

/// Is this a verb, written wrong? Then the parser says which one was meant, and nobody looks for a file of that name.
fn is_meant(arg: &OsString, command: &clap::Command) -> bool {
    let word = arg.to_string_lossy();
    let is_word = word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let verbs = command.get_subcommands().map(clap::Command::get_name);
    is_word && nearest(&word.to_lowercase(), verbs).is_some() && !std::path::Path::new(arg).exists()
}

/// Does a verb have this option? What is none is no option of anything else.
fn has_option(verb: &clap::Command, arg: &OsString) -> bool {
    let text = arg.to_string_lossy();
    match text.strip_prefix("--").filter(|long| !long.is_empty()) {
        Some(long) => {
            let long = long.split('=').next().unwrap_or(long);
            verb.get_arguments().any(|option| option.get_long() == Some(long))
        }
        None => true,
    }
}

/// Where the first argument stands that is neither an option nor the value of one.
fn first_positional(args: &[OsString], command: &clap::Command) -> Option<usize> {
    let takes_value = |long: &str| {
        let mut options = command.get_subcommands().flat_map(clap::Command::get_arguments);
        options.any(|option| option.get_long() == Some(long) && option.get_action().takes_values())
    };
    let mut at = 1;
    while let Some(arg) = args.get(at) {
        let text = arg.to_string_lossy();
        match text.strip_prefix("--") {
            Some("") => return (at + 1 < args.len()).then_some(at + 1),
            Some(long) if takes_value(long) => at += 2,
            Some(_) => at += 1,
            None if text.len() > 1 && text.starts_with('-') => at += 1,
            None => return Some(at),
        }
    }
    None
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    match cli.command {
        Command::Summary(args) => summary::run(&args),
        Command::List(args) => list::run(&args),
        Command::View(args) => view::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Proxy(args) => proxy::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Accept { golden } => verify::accept(&golden),
        Command::Fields(args) => reference::fields(&args),
        Command::Schema { of } => reference::schema(of),
        Command::Completions { shell } => reference::completions(shell),
        Command::Man => reference::man(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(args: &[&str]) -> Vec<String> {
        let args = args.iter().map(OsString::from).collect();
        with_verb(args, "list").into_iter().map(|arg| arg.into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_alone_is_listed() {
        assert_eq!(given(&["rtmpscope", "a.pcap"]), ["rtmpscope", "list", "a.pcap"]);
        assert_eq!(given(&["rtmpscope", "-"]), ["rtmpscope", "list", "-"]);
        assert_eq!(
            given(&["rtmpscope", "--show-secrets", "a.pcap"]),
            ["rtmpscope", "list", "--show-secrets", "a.pcap"]
        );
        assert_eq!(
            given(&["rtmpscope", "--color", "never", "a.pcap"]),
            ["rtmpscope", "list", "--color", "never", "a.pcap"]
        );
        for args in [
            &["rtmpscope"][..],
            &["rtmpscope", "--help"],
            &["rtmpscope", "list", "summary"],
            &["rtmpscope", "show", "a.pcap", "7"],
        ] {
            assert_eq!(given(args), args);
        }
    }

    #[test]
    fn options_may_stand_before_the_verb() {
        assert_eq!(
            given(&["rtmpscope", "--color", "never", "summary", "a.pcap"]),
            ["rtmpscope", "summary", "--color", "never", "a.pcap"]
        );
        assert_eq!(
            given(&["rtmpscope", "--session=2", "--show-secrets", "show", "a.pcap", "7"]),
            ["rtmpscope", "show", "--session=2", "--show-secrets", "a.pcap", "7"]
        );
        // The value of an option is no verb, and neither is what follows a file.
        assert_eq!(given(&["rtmpscope", "--color", "list"])[1..], ["--color", "list"]);
        assert_eq!(given(&["rtmpscope", "a.pcap", "summary"])[1], "list");
        assert_eq!(
            given(&["rtmpscope", "--", "summary"]),
            ["rtmpscope", "list", "--", "summary"],
            "a file of that name"
        );
    }

    #[test]
    fn a_verb_that_is_written_wrong_is_left_to_the_parser() {
        for args in [&["rtmpscope", "summry", "a.pcap"][..], &["rtmpscope", "exprot", "a.pcap"], &["rtmpscope", "dif"]]
        {
            assert_eq!(given(args), args);
        }
        assert_eq!(given(&["rtmpscope", "recording"])[1], "list", "nothing like a verb");
    }

    #[test]
    fn a_file_alone_is_viewed_on_a_terminal_unless_a_list_is_asked_for() {
        let viewed = |args: &[&str]| with_verb(args.iter().map(OsString::from).collect(), "view")[1].clone();
        assert_eq!(viewed(&["rtmpscope", "a.pcap"]), "view");
        assert_eq!(viewed(&["rtmpscope", "--show-secrets", "a.pcap", "--follow"]), "view");
        assert_eq!(viewed(&["rtmpscope", "a.pcap", "--format", "csv"]), "list");
        assert_eq!(viewed(&["rtmpscope", "--fields=seq", "a.pcap"]), "list");
        assert_eq!(viewed(&["rtmpscope", "show", "a.pcap", "7"]), "show");
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
