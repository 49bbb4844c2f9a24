//! `proxy setup`: puts the kernel's rules in place for a transparent proxy, or takes them away.

use std::io::{self, Write};
use std::process::{Command, ExitCode, Stdio};

use super::args::{SetupArgs, Transparent};
use super::rules::{Step, apply, undo};
use crate::cli::failure::Failure;

pub(super) fn run(args: &SetupArgs) -> Result<ExitCode, Failure> {
    if args.same_host && args.mode == Transparent::Tproxy {
        let why = "--same-host does not go with tproxy: the proxy would need the address and port that the program itself \
                   has; redirect does it";
        return Err(Failure::Usage(why.to_owned()));
    }
    let steps = if args.undo { undo(args) } else { apply(args) };
    if args.print {
        let mut out = io::stdout().lock();
        for step in &steps {
            writeln!(out, "{}", step.shell())?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    if let Err(failure) = steps.iter().try_for_each(execute) {
        if args.apply {
            // Half of the rules is worse than none.
            undo(args).iter().for_each(|step| drop(execute(step)));
        }
        return Err(failure);
    }
    Ok(ExitCode::SUCCESS)
}

/// Rules that go away with the run that put them in place.
pub(super) struct Applied(SetupArgs);

impl Applied {
    pub(super) fn new(args: &SetupArgs) -> Result<Applied, Failure> {
        run(args)?;
        Ok(Applied(args.clone()))
    }
}

impl Drop for Applied {
    fn drop(&mut self) {
        for step in undo(&self.0) {
            if let Err(failure) = execute(&step) {
                failure.report();
            }
        }
    }
}

fn execute(step: &Step) -> Result<(), Failure> {
    let Some((program, arguments)) = step.command.split_first() else { return Ok(()) };
    let failed = |why: String| Failure::Network(format!("{} failed: {why}", step.command.join(" ")));
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(if step.input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("cannot run {program}: {error}")))?;
    if let (Some(input), Some(mut stdin)) = (&step.input, child.stdin.take()) {
        stdin.write_all(input.as_bytes()).map_err(|error| failed(error.to_string()))?;
    }
    let done = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
    if done.status.success() || step.may_fail {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&done.stderr);
    Err(failed(words.trim().to_owned()))
}
