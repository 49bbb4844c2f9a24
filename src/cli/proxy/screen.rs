//! What a proxy says when it begins: what to paste where.

use std::io::{self, Write};
use std::net::SocketAddr;

use crate::proxy::{Counters, Mode};
use crate::view::bytes_text;

pub(super) fn start(
    out: &mut impl Write,
    mode: &Mode,
    listening: &[SocketAddr],
    insecurity: Option<&str>,
) -> io::Result<()> {
    let addresses: Vec<String> = listening.iter().map(ToString::to_string).collect();
    let addresses = addresses.join(", ");
    match (mode, listening.first()) {
        (Mode::Reverse(upstream), Some(first)) => {
            let url = upstream.encoder_url(*first);
            writeln!(out, "rtmpscope proxy: {addresses} -> {upstream}\n")?;
            writeln!(out, "  OBS      Settings, Stream, Service Custom; Server {url}; the stream key as before")?;
            writeln!(out, "  FFmpeg   ffmpeg -re -i INPUT -c copy -f flv {url}/KEY")?;
            writeln!(out, "  players  {url}/KEY\n")?;
        }
        (Mode::Redirect, _) => {
            writeln!(out, "rtmpscope proxy: {addresses} -> where redirected clients wanted to go\n")?
        }
        _ => writeln!(out, "rtmpscope proxy: {addresses} -> where clients wanted to go, with their addresses\n")?,
    }
    for open in listening.iter().filter(|address| !address.ip().is_loopback()) {
        let who = if open.ip().is_unspecified() { "all networks of this machine" } else { "its network" };
        writeln!(out, "Warning: {open} is open to {who}; 127.0.0.1 would be open to programs on this machine only.")?;
    }
    if let Some(insecurity) = insecurity {
        writeln!(out, "Warning: {insecurity}: anybody in between can read and change everything.")?;
    }
    writeln!(out, "Waiting for clients. Ctrl-C stops.")
}

/// How to get at the ring.
pub(super) fn ring(out: &mut impl Write, key: bool) -> io::Result<()> {
    let enter = if key { "Enter, or from elsewhere: " } else { "" };
    writeln!(out, "The ring is written on {enter}kill -USR1 {}", std::process::id())
}

/// What it carried and what it cost.
pub(super) fn end(out: &mut impl Write, counters: &Counters) -> io::Result<()> {
    let [up, down] = &counters.bytes;
    let carried = format!("{} c2s, {} s2c", bytes_text(up.value()), bytes_text(down.value()));
    write!(out, "rtmpscope: relayed {carried} in {} connections", counters.accepted.value())?;
    if let (Some(half), Some(most)) = (counters.latency.quantile(0.5), counters.latency.quantile(0.99)) {
        write!(out, "; between read and write: half under {half} us, 99 % under {most} us")?;
    }
    for (bytes, what) in [(&counters.skipped, "not decoded"), (&counters.unrecorded, "not recorded")] {
        if bytes.value() > 0 {
            write!(out, "; {} {what}", bytes_text(bytes.value()))?;
        }
    }
    writeln!(out)
}
