//! Failures and the exit codes that they end with.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::engine::CaptureError;
use crate::out::json::Trouble;
use crate::view::clean;

/// The answer is no: different, golden broken.
pub(super) const NO: u8 = 1;
/// Usage: a flag, an argument, a filter.
pub(super) const USAGE: u8 = 2;
/// The input cannot be opened or is no known format.
pub(super) const INPUT: u8 = 3;
/// Readable, but no RTMP in it.
pub(super) const EMPTY: u8 = 4;
/// Damaged or incomplete, on verbs that promise the whole.
pub(super) const PARTIAL: u8 = 5;
/// A golden file is missing, or the major version of its schema is another one.
pub(super) const SCHEMA: u8 = 7;
/// The network does not let us.
pub(super) const NETWORK: u8 = 6;

/// Why a command could not do its work.
#[derive(Debug)]
pub(super) enum Failure {
    /// The user asked for something that cannot be.
    Usage(String),
    /// The input cannot be opened.
    Open {
        /// The input.
        name: String,
        /// Why.
        error: io::Error,
    },
    /// The input cannot be read.
    Capture(CaptureError),
    /// The input is no export, or one of another major version.
    Events(Trouble),
    /// A golden file is missing, or of another major version.
    Golden(String),
    /// Output cannot be written.
    Output(io::Error),
    /// What was asked for is not in the input.
    Missing(String),
    /// The input holds no RTMP; what was found instead, in words.
    Empty(String),
    /// The input is damaged or incomplete; what is missing, in words.
    Partial(String),
    /// The network or a lack of permission; why, in words.
    Network(String),
}

impl Failure {
    /// Says what went wrong on stderr and gives the exit code.
    pub(super) fn report(self) -> ExitCode {
        // The reader of our output went away: it has what it wanted.
        if matches!(&self, Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe) {
            return ExitCode::SUCCESS;
        }
        // Names of files stand in it. Only what is said of the command line points at places in lines of its own.
        let lines = matches!(self, Failure::Usage(_));
        let (code, text) = self.said();
        let text =
            if lines { text.lines().map(clean).collect::<Vec<_>>().join("\n") } else { clean(&text).into_owned() };
        // Nothing can be done about a stderr that is gone.
        let _ = writeln!(io::stderr(), "rtmpscope: {text}");
        ExitCode::from(code)
    }

    /// The exit code, and what went wrong.
    pub(super) fn said(self) -> (u8, String) {
        match self {
            Failure::Usage(text) => (USAGE, text),
            Failure::Open { name, error } => (INPUT, format!("cannot open {name}: {error}")),
            Failure::Capture(error) => (INPUT, error.to_string()),
            Failure::Events(error @ Trouble::Version { .. }) => (SCHEMA, error.to_string()),
            Failure::Events(error) => (INPUT, error.to_string()),
            Failure::Output(error) => (INPUT, format!("cannot write the output: {error}")),
            Failure::Golden(text) => (SCHEMA, text),
            Failure::Missing(text) => (USAGE, text),
            Failure::Empty(text) => (EMPTY, text),
            Failure::Partial(text) => (PARTIAL, text),
            Failure::Network(text) => (NETWORK, text),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

impl From<CaptureError> for Failure {
    fn from(error: CaptureError) -> Self {
        Failure::Capture(error)
    }
}

impl From<Trouble> for Failure {
    fn from(error: Trouble) -> Self {
        Failure::Events(error)
    }
}

/// Prints what clap has to say: help and version on stdout, errors on stderr.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS }
}
