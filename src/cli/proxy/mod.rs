//! `proxy`: the live man in the middle.

mod args;
mod choose;
mod outputs;
mod rules;
mod screen;
mod setup;
mod tui;
mod voice;

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

pub(super) use args::ProxyArgs;

use super::failure::Failure;
use crate::limits::Limits;
use crate::proxy::{Config, Ear, Injury, Keep, Mode, Recording, Settings, Trouble, Trust, on_enter, start};
use crate::view::clean;
use args::{Action, SetupArgs, Tool, Transparent};
use setup::Applied;
use voice::Voice;

/// First bytes of a connection, per side, that are searched for RTMP without a handshake: a proxy sees handshakes.
const LATE_PROBE: usize = 16 << 10;

pub(super) fn run(args: &ProxyArgs) -> Result<ExitCode, Failure> {
    if let Some(Action::Setup(args)) = &args.action {
        return setup::run(args);
    }
    let mut config = config(args)?;
    let limits = Limits { late_probe_bytes: LATE_PROBE, ..Limits::default() };
    let settings = Settings { limits, ..Settings::new(outputs::want(args)) };
    let (mode, insecurity) = (config.mode.clone(), config.insecurity());
    let (mut outputs, trigger) = outputs::outputs(args)?;
    if let (Some((choice, output)), Some(record)) = (choose::chooser(args), &mut config.record) {
        record.only = Some(choice);
        outputs.push(output);
    }
    let voice = Voice::new(io::stderr()).map_err(|error| Failure::Network(error.to_string()))?;
    let mut ear = ear(voice.clone());
    let screen = match args.tui {
        true => {
            let (screen, output) = tui::prepare()?;
            outputs.push(output);
            ear = screen.ear(ear);
            Some(screen)
        }
        false => None,
    };
    let running = start(config, settings, outputs, ear).map_err(failure)?;
    trigger.arm(running.ring());
    let applied = rules_of(args, running.addresses()).map(|rules| Applied::new(&rules)).transpose();
    if applied.is_err() {
        running.stop();
    }
    let waiting = text(|out| screen::start(out, &mode, running.addresses(), insecurity.as_deref()));
    if let Some(screen) = screen.filter(|_| applied.is_ok()) {
        let waiting = waiting.replace("Ctrl-C stops.", "").lines().map(|line| clean(line).into_owned()).collect();
        return screen.run(args, running, waiting, &voice);
    }
    voice.say(waiting);
    if args.ring.is_some() {
        let key = on_enter(running.ring());
        voice.say(text(|out| screen::ring(out, key)));
    }
    let counters = Arc::clone(running.counters());
    running.wait();
    voice.finish(text(|out| screen::end(out, &counters)));
    applied.map(|_| ExitCode::SUCCESS)
}

/// The rules that the run itself is to put in place.
fn rules_of(args: &ProxyArgs, addresses: &[SocketAddr]) -> Option<SetupArgs> {
    let mode = args.transparent.filter(|_| args.setup)?;
    Some(SetupArgs {
        print: false,
        apply: true,
        undo: false,
        mode,
        tool: Tool::Nft,
        port: vec![1935],
        to: addresses.first()?.port(),
        interface: None,
        same_host: mode == Transparent::Redirect,
        own_user: None,
    })
}

fn config(args: &ProxyArgs) -> Result<Config, Failure> {
    let mode = match (args.transparent, &args.upstream) {
        (Some(Transparent::Redirect), _) => Mode::Redirect,
        (Some(Transparent::Tproxy), _) => Mode::Tproxy,
        (None, Some(upstream)) => Mode::Reverse(upstream.clone()),
        (None, None) => return Err(Failure::Usage("--upstream or --transparent is missing".to_owned())),
    };
    let limit = |time: Duration| (!time.is_zero()).then_some(time);
    let first = args.listen.first().copied().unwrap_or(([127, 0, 0, 1], 1935).into());
    let trust = match &args.upstream_ca {
        Some(file) => Trust::File(file.clone()),
        None if args.insecure_upstream => Trust::Anybody,
        None => Trust::System,
    };
    // A disk stands still for a second now and then; what it costs meanwhile is missing in the recording.
    let memory = args.tap_memory.unwrap_or(if args.record.is_some() { 256 << 20 } else { 64 << 20 });
    let config = Config {
        trust,
        listen: args.listen.clone(),
        max_sessions: args.max_sessions,
        connect_timeout: args.connect_timeout,
        idle_timeout: limit(args.idle_timeout),
        silent_timeout: limit(args.silent_timeout),
        drain: args.drain,
        tap_bytes: usize::try_from(memory).unwrap_or(usize::MAX),
        record: recording(args),
        metrics: args.operation.metrics,
        user: args.operation.user.clone(),
        signals: true,
        injury: injury(),
        ..Config::new(first, mode)
    };
    let remarks = config.insecurity().unwrap_or_default();
    let record = config.record.clone().map(|record| Recording { remarks, ..record });
    Ok(Config { record, ..config })
}

fn recording(args: &ProxyArgs) -> Option<Recording> {
    let keep = match args.ring {
        Some(time) => Keep::Ring { time, bytes: usize::try_from(args.ring_size).unwrap_or(usize::MAX) },
        None => Keep::All { file_bytes: args.rotate_size, file_time: args.rotate_time, files: args.rotate_keep },
    };
    let path = args.record.clone()?;
    Some(Recording { path, overwrite: args.overwrite, keep, only: None, remarks: String::new() })
}

/// Notices go to standard error, a line each.
fn ear(voice: Voice) -> Ear {
    Arc::new(move |notice| voice.say(format!("rtmpscope: {}\n", clean(&notice.to_string()))))
}

/// What is written in several pieces, to be said at once.
fn text(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
    let mut text = Vec::new();
    // Memory takes everything.
    let _ = write(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

fn failure(trouble: Trouble) -> Failure {
    match trouble {
        Trouble::Record { .. } => Failure::Usage(trouble.to_string()),
        _ => Failure::Network(trouble.to_string()),
    }
}

/// The test hook of debug builds: `CONNECTION:BYTES` makes the decoder panic there.
fn injury() -> Option<Injury> {
    if !cfg!(debug_assertions) {
        return None;
    }
    let text = std::env::var("RTMPSCOPE_TEST_INJURY").ok()?;
    let (connection, after) = text.split_once(':')?;
    Some(Injury { connection: connection.parse().ok()?, after: after.parse().ok()? })
}
