//! What the user types after `proxy`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};

use crate::cli::args::{Color, Detail, bodies, filter, moment};
use crate::proxy::Upstream;
use crate::query::Filter;

#[derive(Args, Clone, Debug)]
#[command(after_help = AFTER_HELP, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(in crate::cli) struct ProxyArgs {
    #[command(subcommand)]
    pub(super) action: Option<Action>,
    /// Where encoders and players connect to (repeatable)
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:1935")]
    pub(super) listen: Vec<SocketAddr>,
    /// The server: rtmp://HOST[:PORT][/APP], or rtmps:// for TLS to it; the encoder's side stays rtmp://
    #[arg(long, value_name = "URL", required_unless_present = "transparent")]
    pub(super) upstream: Option<Upstream>,
    /// Go where each client wanted to go, with the help of rules in the kernel (Linux)
    #[arg(long, value_enum, value_name = "HOW", conflicts_with = "upstream")]
    pub(super) transparent: Option<Transparent>,
    /// Put the kernel's rules for --transparent in place, as `proxy setup` does, and take them away at the end
    #[arg(long, requires = "transparent")]
    pub(super) setup: bool,
    /// Trust this certificate or authority (PEM) as the server's, instead of whom the system trusts
    #[arg(long, value_name = "FILE", conflicts_with = "insecure_upstream")]
    pub(super) upstream_ca: Option<PathBuf>,
    /// Do not verify the server's certificate: anybody in between can read and change everything
    #[arg(long)]
    pub(super) insecure_upstream: bool,

    /// What goes to standard output
    #[arg(long, value_enum, default_value_t = Show::List, value_name = "FORMAT", help_heading = "Output")]
    pub(super) format: Show,
    /// Browse sessions, messages and bytes on screen while they pass; closing or pausing the screen is none of the relay's business
    #[arg(long, conflicts_with = "format", help_heading = "Output")]
    pub(super) tui: bool,
    /// Write NDJSON events to this file as they happen
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) export: Option<PathBuf>,
    /// Give NDJSON events to whoever connects to this Unix socket
    #[arg(long, value_name = "PATH", help_heading = "Output")]
    pub(super) export_socket: Option<PathBuf>,
    /// Print and export only messages for which this holds, record only sessions that have one; everything is relayed
    #[arg(long, value_name = "FILTER", value_parser = filter, help_heading = "Output")]
    pub(super) filter: Option<Filter>,
    /// Print, export and record only this session (repeatable); all are relayed
    #[arg(long, value_name = "N", help_heading = "Output")]
    pub(super) only_session: Vec<u32>,
    /// How much each event says
    #[arg(long, value_enum, default_value_t = Detail::Messages, value_name = "LEVEL", help_heading = "Output")]
    pub(super) detail: Detail,
    /// What of each body events hold: none, hash, head:N (hex) or base64
    #[arg(long, value_parser = bodies, default_value = "none", value_name = "WHAT", help_heading = "Output")]
    pub(super) bodies: crate::out::json::Bodies,
    /// Show stream names, keys and tokens instead of masking them
    #[arg(long, help_heading = "Output")]
    pub(super) show_secrets: bool,
    /// Colour
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN", help_heading = "Output")]
    pub(super) color: Color,

    /// Record what passes to this pcapng file, for Wireshark and rtmpscope
    #[arg(long, value_name = "FILE", help_heading = "Recording")]
    pub(super) record: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long, requires = "record", help_heading = "Recording")]
    pub(super) overwrite: bool,
    /// Begin a new file (FILE-00002.pcapng ...) at this size: 500MB, 2GB
    #[arg(long, value_name = "SIZE", value_parser = size, requires = "record", help_heading = "Recording")]
    pub(super) rotate_size: Option<u64>,
    /// Begin a new file after this time
    #[arg(long, value_name = "TIME", value_parser = time, requires = "record", help_heading = "Recording")]
    pub(super) rotate_time: Option<Duration>,
    /// Keep this many files of a rotation, and delete the oldest
    #[arg(long, value_name = "N", requires = "record", help_heading = "Recording")]
    pub(super) rotate_keep: Option<usize>,
    /// Keep only the last TIME in memory; Enter on the terminal, or SIGUSR1, writes it to FILE-DATE.pcapng
    #[arg(long, value_name = "TIME", value_parser = time, requires = "record", conflicts_with_all = ["rotate_size", "rotate_time", "rotate_keep"], help_heading = "Recording")]
    pub(super) ring: Option<Duration>,
    /// Write the ring also when a message matches this filter, at most every 10 s
    #[arg(long, value_name = "FILTER", value_parser = filter, requires = "ring", help_heading = "Recording")]
    pub(super) ring_on: Option<Filter>,
    /// Most memory of the ring
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "64MB", help_heading = "Recording")]
    pub(super) ring_size: u64,

    #[command(flatten)]
    pub(super) operation: OperationArgs,

    /// Sessions at the same time; more are refused
    #[arg(long, value_name = "N", default_value_t = 4096, help_heading = "Limits")]
    pub(super) max_sessions: usize,
    /// Most memory for traffic that waits to be decoded or recorded; what has no room is relayed and skipped
    /// [default: 64MiB, with --record 256MiB]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Limits")]
    pub(super) tap_memory: Option<u64>,
    /// How long connecting to the server may take
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "10s", help_heading = "Limits")]
    pub(super) connect_timeout: Duration,
    /// Close sessions that carried nothing for so long; 0 for never
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "0", help_heading = "Limits")]
    pub(super) idle_timeout: Duration,
    /// Close connections that never said anything after so long; 0 for never
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "30s", help_heading = "Limits")]
    pub(super) silent_timeout: Duration,
    /// How long sessions may go on after the first Ctrl-C or SIGTERM
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "10s", help_heading = "Limits")]
    pub(super) drain: Duration,
}

#[derive(Args, Clone, Debug)]
pub(super) struct OperationArgs {
    /// Answer /metrics (Prometheus) and /healthz here, as in 127.0.0.1:9935
    #[arg(long, value_name = "ADDRESS:PORT", help_heading = "Operation")]
    pub(super) metrics: Option<SocketAddr>,
    /// Become this user when the ports are bound (started as root)
    #[arg(long, value_name = "USER", conflicts_with = "setup", help_heading = "Operation")]
    pub(super) user: Option<String>,
}

const AFTER_HELP: &str = "\
Nothing is added, changed or delayed: a decoder that is slow or fails costs inspection only. Data goes to standard \
output, what people should hear to standard error.";

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Action {
    /// The kernel's rules for a transparent proxy: print them, put them in place, take them away
    Setup(SetupArgs),
}

#[derive(Args, Clone, Debug)]
#[command(group = ArgGroup::new("what").required(true).args(["print", "apply", "undo"]).multiple(true))]
pub(super) struct SetupArgs {
    /// Print the commands instead of running them
    #[arg(long)]
    pub(super) print: bool,
    /// Put the rules in place; those of an earlier time are replaced
    #[arg(long, conflicts_with = "undo")]
    pub(super) apply: bool,
    /// Take the rules away; nothing else is touched
    #[arg(long)]
    pub(super) undo: bool,
    /// What the rules do with connections
    #[arg(long, value_enum, default_value_t = Transparent::Redirect)]
    pub(super) mode: Transparent,
    /// The tool that makes the rules
    #[arg(long, value_enum, default_value_t = Tool::Nft)]
    pub(super) tool: Tool,
    /// Ports of servers whose connections go to the proxy (repeatable)
    #[arg(long, value_name = "PORT", default_value = "1935")]
    pub(super) port: Vec<u16>,
    /// Port of the proxy
    #[arg(long, value_name = "PORT", default_value_t = 1936)]
    pub(super) to: u16,
    /// Only connections that come by this interface
    #[arg(long, value_name = "NAME", value_parser = word)]
    pub(super) interface: Option<String>,
    /// Also connections of programs on this machine (redirect only); those of the proxy itself are left alone
    #[arg(long)]
    pub(super) same_host: bool,
    /// The user that the proxy runs as, if not root: its connections are left alone
    #[arg(long, value_name = "USER", value_parser = word, requires = "same_host")]
    pub(super) own_user: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Tool {
    /// nftables
    Nft,
    /// iptables and ip6tables
    Iptables,
}

/// How a proxy finds out where clients wanted to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Transparent {
    /// Connections come by REDIRECT rules; servers see this machine's address
    Redirect,
    /// Connections come by TPROXY rules; servers see the client's own address
    Tproxy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Show {
    /// A line per message, and a summary of each session as it closes
    List,
    /// Only a summary of each session as it closes
    Summary,
    /// JSON events, one a line
    Ndjson,
    /// Nothing
    None,
}

fn time(text: &str) -> Result<Duration, String> {
    let span = moment(text)?;
    u64::try_from(span.0).map(Duration::from_nanos).map_err(|_| "expected no negative time".to_owned())
}

fn size(text: &str) -> Result<u64, String> {
    let units =
        [("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];
    let (number, unit) =
        units.iter().find_map(|(sign, unit)| text.strip_suffix(sign).map(|n| (n, *unit))).unwrap_or((text, 1));
    let bytes = number.trim().parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    bytes.filter(|bytes| *bytes > 0).ok_or_else(|| "expected a size such as 500MB or 2GiB".to_owned())
}

/// A name that a rule can hold as it is.
fn word(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-@".contains(c);
    let fine = !text.is_empty() && text.len() < 64 && text.chars().all(plain) && !text.starts_with('-');
    fine.then(|| text.to_owned()).ok_or_else(|| "expected a plain name".to_owned())
}
