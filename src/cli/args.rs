//! What the user types.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

mod compare;
pub(super) use compare::{CompareArgs, DiffArgs, DiffFormat, VerifyArgs};

use crate::query::Filter;
use crate::time::Span;

/// RTMP protocol analyzer and packet inspector
#[derive(Debug, Parser)]
#[command(name = "rtmpscope", version, about, arg_required_else_help = true)]
#[command(override_usage = "rtmpscope FILE\n       rtmpscope <COMMAND>")]
#[command(after_help = AFTER_HELP)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

const AFTER_HELP: &str = "\
FILE alone opens it in the terminal, or lists its messages where there is none; - is standard input. Captures are recognised by content: pcap and pcapng, also \
compressed by gzip or zstd. RTMP is recognised on any port.

Exit codes: 0 done or same, 2 usage, 3 the input cannot be read, 4 no RTMP in it, 5 damaged or incomplete (export, diff, verify), 6 network or permission (proxy), 7 a golden file is missing or \
of another major version. 1 says no: something differs (diff, verify).";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// What happened in each session: who, what, how it went
    Summary(SummaryArgs),
    /// One line per message
    List(ListArgs),
    /// One message explained: its tree, bytes, chunks and packets
    Show(ShowArgs),
    /// Browse sessions, messages and bytes in the terminal
    View(ViewArgs),
    /// All that was decoded as JSON events
    Export(ExportArgs),
    /// A man in the middle that encoders do not notice: relays byte for byte, and decodes a copy as it passes
    Proxy(Box<super::proxy::ProxyArgs>),
    /// What differs between two captures or exports, in words
    Diff(DiffArgs),
    /// Are captures what their golden files say?
    Verify(VerifyArgs),
    /// Take what verify found for the new golden file
    Accept {
        /// A golden file, or a folder of them
        #[arg(value_name = "GOLDEN", required = true)]
        golden: Vec<PathBuf>,
    },
    /// Every name that filters and columns know, and every field of headers and bodies, with its meaning
    Fields(FieldsArgs),
    /// The JSON Schema of the events, of canonical forms, or of comparisons
    Schema {
        /// Of what
        #[arg(value_enum, default_value_t = SchemaOf::Events)]
        of: SchemaOf,
    },
    /// A completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// The manual page
    Man,
}

/// What a schema can be printed of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// What `export` writes
    Events,
    /// What `export --canonical` writes: golden files
    Canonical,
    /// What `diff --format json` and `verify --format json` write
    Diff,
}

/// What to read and how.
#[derive(Args, Clone, Debug)]
pub(super) struct ReadArgs {
    /// Capture file: pcap or pcapng, also compressed; - for standard input. All but `view` read exports, too
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) select: SelectArgs,
    /// Show stream names, keys and tokens instead of masking them
    #[arg(long, help_heading = "Output")]
    pub(super) show_secrets: bool,
}

/// How files are read, and what is chosen of each.
#[derive(Args, Clone, Debug)]
pub(super) struct SelectArgs {
    /// Take every connection to this server port for RTMP (repeatable)
    #[arg(long, value_name = "PORT", help_heading = "Input")]
    pub(super) port: Vec<u16>,
    /// Take connections to this server for RTMP, as in 192.0.2.1:9000=rtmp (repeatable)
    #[arg(long, value_name = "HOST:PORT=rtmp", value_parser = decode_as, help_heading = "Input")]
    pub(super) decode_as: Vec<SocketAddr>,
    /// Only this session (repeatable)
    #[arg(long, value_name = "N", help_heading = "Selection")]
    pub(super) session: Vec<u32>,
    /// Only what happened at this time or later: seconds since the first packet, or with a unit (500ms, 2m)
    #[arg(long, value_name = "TIME", value_parser = moment, help_heading = "Selection")]
    pub(super) from: Option<Span>,
    /// Only what happened before this time
    #[arg(long, value_name = "TIME", value_parser = moment, help_heading = "Selection")]
    pub(super) to: Option<Span>,
    /// Only messages for which this holds, such as 'kind == video && length > 64KiB'; `rtmpscope fields` lists the names
    #[arg(long, value_name = "FILTER", value_parser = filter, help_heading = "Selection")]
    pub(super) filter: Option<Filter>,
    /// At most this many messages
    #[arg(long, value_name = "N", help_heading = "Selection")]
    pub(super) limit: Option<u64>,
    /// Threads that share the work; what comes out is the same on any number of them [default: what the machine has, up to
    /// 4; one for captures below 64 MB, unless much is written]
    #[arg(long, value_name = "N", help_heading = "Input")]
    pub(super) threads: Option<NonZeroUsize>,
    /// End with 0 also when there is no RTMP in the input
    #[arg(long, help_heading = "Output")]
    pub(super) allow_empty: bool,
    /// Colour and progress
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN", help_heading = "Output")]
    pub(super) color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Args, Clone, Debug)]
pub(super) struct SummaryArgs {
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// How many of the captured bytes are explained
    ///
    /// Every captured byte of a session is counted once. "Explained" are bytes of fields with a value of their own; "media
    /// payload" is coded sound and pictures below the headers that are told; "encrypted" is what follows an RTMPE handshake.
    /// "Named gaps" have a reason: bytes after a fault, bytes passed over after a loss, bodies without public description. "Unexplained"
    /// is the rest: parts of known formats that are not decoded, and bytes that nothing accounts for.
    #[arg(long, verbatim_doc_comment)]
    pub(super) coverage: bool,
}

#[derive(Args, Clone, Debug)]
pub(super) struct ListArgs {
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// How to write the lines
    #[arg(long, value_enum, default_value_t = ListFormat::Table, value_name = "FORMAT")]
    pub(super) format: ListFormat,
    /// Columns, separated by commas, for csv and md: `what`, or names that `rtmpscope fields` lists
    #[arg(long, value_delimiter = ',', value_name = "A,B,C")]
    pub(super) fields: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// Aligned columns for people
    Table,
    /// One JSON event per message
    Ndjson,
    /// Comma-separated values
    Csv,
    /// A Markdown table
    Md,
}

#[derive(Args, Clone, Debug)]
pub(super) struct ShowArgs {
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// Number of the message, as `list` prints it; with several sessions also SESSION.NUMBER. With --filter: which of the
    /// messages that match
    #[arg(value_name = "N", value_parser = message_number)]
    pub(super) message: MessageNumber,
    /// The whole body as a hex dump
    #[arg(long)]
    pub(super) hex: bool,
    /// Every chunk with its header explained, and the packets that carried it
    #[arg(long)]
    pub(super) chunks: bool,
    /// As a JSON event with all details
    #[arg(long)]
    pub(super) json: bool,
}

/// A message, in its session or in the only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MessageNumber {
    pub(super) session: Option<u32>,
    pub(super) seq: u64,
}

#[derive(Args, Clone, Debug)]
pub(super) struct ViewArgs {
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// Go on at the end of a file that is still being written
    #[arg(long, short = 'F')]
    pub(super) follow: bool,
    /// The colours of the screen
    #[arg(long, value_enum, default_value_t = Look::Auto, value_name = "LOOK")]
    pub(super) theme: Look,
    /// Draw with ASCII characters only
    #[arg(long)]
    pub(super) ascii: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Look {
    /// As the environment says
    Auto,
    /// For a dark background
    Dark,
    /// For a light background
    Light,
    /// Without colours
    Mono,
}

#[derive(Args, Clone, Debug)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// How to write the events
    #[arg(long, value_enum, default_value_t = ExportFormat::Ndjson, value_name = "FORMAT")]
    pub(super) format: ExportFormat,
    /// How much each message says
    #[arg(long, value_enum, default_value_t = Detail::Messages, value_name = "LEVEL")]
    pub(super) detail: Detail,
    /// What of each body to write: none, hash, head:N (hex) or base64
    #[arg(long, value_parser = bodies, default_value = "none", value_name = "WHAT")]
    pub(super) bodies: crate::out::json::Bodies,
    /// How to write AMF values: plain, or lossless: then a member `amf` holds them once more, with their types
    #[arg(long, value_enum, default_value_t = AmfForm::Plain, value_name = "FORM")]
    pub(super) amf: AmfForm,
    /// Columns, separated by commas, for csv and md: `what`, or names that `rtmpscope fields` lists
    #[arg(long, value_delimiter = ',', value_name = "A,B,C")]
    pub(super) fields: Vec<String>,
    /// What does not change from run to run, for golden files
    #[arg(long, conflicts_with_all = ["format", "detail", "bodies", "fields", "amf"])]
    pub(super) canonical: bool,
    /// With --canonical: keep what it leaves out, as in ts=exact (repeatable)
    #[arg(long, value_name = "NAME=VALUE", requires = "canonical")]
    pub(super) strict: Vec<String>,
    /// End with 0 also when the input is damaged or incomplete
    #[arg(long)]
    pub(super) allow_partial: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportFormat {
    /// One event per line
    Ndjson,
    /// One array of all events
    Json,
    /// Messages as comma-separated values
    Csv,
    /// Messages as a Markdown table
    Md,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AmfForm {
    /// As people read JSON
    Plain,
    /// With types, order, repeated names, NaN, dates with their zone, references and classes
    Lossless,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Detail {
    /// What each message is
    Messages,
    /// Also its chunks and the packets that carried them
    Chunks,
    /// Also every field of its headers and body
    Fields,
}

#[derive(Args, Clone, Debug)]
pub(super) struct FieldsArgs {
    /// Only fields whose name or meaning holds this text
    #[arg(value_name = "TEXT")]
    pub(super) find: Option<String>,
}

fn decode_as(text: &str) -> Result<SocketAddr, String> {
    let (address, protocol) = text.rsplit_once('=').unwrap_or((text, "rtmp"));
    if protocol != "rtmp" {
        return Err(format!("{protocol} is not supported here, only rtmp"));
    }
    address.parse().map_err(|_| "expected an IP address and a port, as in 192.0.2.1:9000=rtmp".to_owned())
}

/// The place of a fault is drawn on lines of its own.
pub(super) fn filter(text: &str) -> Result<Filter, String> {
    Filter::new(text).map_err(|error| format!("\n{error}"))
}

pub(super) fn moment(text: &str) -> Result<Span, String> {
    let units = [("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];
    let (number, unit) =
        units.iter().find_map(|(sign, unit)| text.strip_suffix(sign).map(|n| (n, *unit))).unwrap_or((text, 1.0));
    match number.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() => Ok(Span((seconds * unit * 1e9) as i64)),
        _ => Err("expected seconds, or a number with ms, s, m or h".to_owned()),
    }
}

fn message_number(text: &str) -> Result<MessageNumber, String> {
    let problem = "expected a message number such as 7, or SESSION.NUMBER such as 2.7";
    let number = |text: &str| text.parse::<u64>().map_err(|_| problem.to_owned());
    match text.split_once('.') {
        None => Ok(MessageNumber { session: None, seq: number(text)? }),
        Some((session, seq)) => {
            let session = session.parse().map_err(|_| problem.to_owned())?;
            Ok(MessageNumber { session: Some(session), seq: number(seq)? })
        }
    }
}

pub(super) fn bodies(text: &str) -> Result<crate::out::json::Bodies, String> {
    use crate::out::json::Bodies;
    match text.split_once(':') {
        None if text == "none" => Ok(Bodies::None),
        None if text == "hash" => Ok(Bodies::Hash),
        None if text == "base64" => Ok(Bodies::Base64),
        Some(("head", n)) => {
            n.parse().map(Bodies::Head).map_err(|_| "head wants a number of bytes, as in head:32".to_owned())
        }
        _ => Err("expected none, hash, head:N or base64".to_owned()),
    }
}
