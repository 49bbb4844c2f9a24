//! What people should hear of a run beside its records, and why it could not begin.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::stream::Direction;

/// Something to tell people, in words by its `Display`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// A connection to the server failed: the client was reset.
    UpstreamFailed {
        /// Who wanted it.
        client: SocketAddr,
        /// To whom.
        server: String,
        /// Why.
        why: String,
    },
    /// A session's server is trusted without looking.
    Insecure {
        /// Who made the connection.
        client: SocketAddr,
        /// What is insecure.
        why: String,
    },
    /// There are too many sessions: some connections were refused.
    Refused {
        /// How many since this was last said.
        connections: u64,
        /// How many sessions there may be.
        limit: usize,
    },
    /// Accepting fails; it is tried again.
    AcceptFails {
        /// Why.
        why: String,
    },
    /// A connection is not RTMP.
    Foreign {
        /// Who made it.
        client: SocketAddr,
        /// What it speaks.
        protocol: String,
    },
    /// The decoder failed in a connection.
    DecoderFailed {
        /// Who made it.
        client: SocketAddr,
        /// What it said.
        why: String,
    },
    /// An output failed and gets nothing more.
    OutputFailed {
        /// Which.
        output: String,
        /// Why.
        why: String,
    },
    /// The decoder was too slow and skipped bytes.
    Skipped {
        /// Who made the connection.
        client: SocketAddr,
        /// Direction.
        dir: Direction,
        /// How many.
        bytes: u64,
    },
    /// A connection was closed because it was silent or idle for too long.
    Idle {
        /// Who made it.
        client: SocketAddr,
        /// For how many seconds.
        seconds: u64,
    },
    /// Recording stopped; the relay goes on, and recording when that is possible again.
    RecordingStopped {
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
    /// The recorder is too slow: bytes are missing in the recording. The times are known on Linux.
    RecordingBehind {
        /// Payload bytes since this was last told.
        missing: u64,
        /// How long ago that was, or how far back the times go.
        passed: Duration,
        /// How long it waited for the disk.
        disk: Option<Duration>,
        /// How long it waited for a processor.
        processor: Option<Duration>,
    },
    /// Recording goes on after it had stopped.
    RecordingResumed {
        /// The file.
        file: String,
        /// Payload bytes that are missing in it.
        missing: u64,
    },
    /// The ring was written to a file.
    RingWritten {
        /// The file.
        file: String,
        /// Its size.
        bytes: u64,
    },
    /// At the end an output did not take what was still to be written.
    Stuck,
    /// Asked to stop: sessions may go on for a while.
    Draining {
        /// How many sessions there are.
        sessions: u64,
        /// For how many seconds.
        seconds: u64,
    },
    /// Sessions were cut because the time to end was over, or because that was asked for.
    Cut {
        /// How many.
        sessions: u64,
    },
}

/// Why a proxy could not begin.
#[derive(Debug)]
#[non_exhaustive]
pub enum Trouble {
    /// Cannot listen.
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        error: io::Error,
        /// Who has the port.
        holder: Option<String>,
    },
    /// The upstream cannot be used.
    Upstream(String),
    /// The recording cannot be begun.
    Record {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The process cannot become the user that it was told to.
    User(String),
    /// A thread or a runtime could not be made.
    System(io::Error),
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::UpstreamFailed { client, server, why } => {
                write!(f, "{client} was reset: no connection to {server}: {why}")
            }
            Notice::Insecure { client, why } => write!(f, "{client} is relayed; {why}"),
            Notice::Refused { connections, limit } => {
                write!(f, "{connections} connections refused: there are {limit} sessions (--max-sessions)")
            }
            Notice::AcceptFails { why } => write!(f, "cannot accept connections: {why}; trying again"),
            Notice::Foreign { client, protocol } => {
                write!(f, "{client} speaks no RTMP ({protocol}): relayed, not decoded")
            }
            Notice::DecoderFailed { client, why } => write!(
                f,
                "the decoder failed on what {client} sends, which is a bug of rtmpscope: {why}; its relay goes on"
            ),
            Notice::OutputFailed { output, why } => write!(f, "{output} failed: {why}; the relay goes on without it"),
            Notice::Skipped { client, dir, bytes } => {
                write!(f, "decoding is behind: skipped {bytes} bytes of {client} {}; the relay is not", dir.name())
            }
            Notice::Idle { client, seconds } => write!(f, "{client} closed: nothing came for {seconds} s"),
            Notice::RecordingStopped { file, why } => {
                write!(
                    f,
                    "RECORDING STOPPED: cannot write {file}: {why}; the relay goes on, recording when there is room"
                )
            }
            Notice::RecordingBehind { missing, passed, disk, processor } => {
                write!(f, "recording is behind: {missing} bytes are missing in it; the relay is not")?;
                let (Some(disk), Some(processor)) = (disk, processor) else { return Ok(()) };
                let [passed, disk, processor] = [passed, disk, processor].map(Duration::as_secs_f64);
                let waited = format!("{disk:.1} s for the disk and {processor:.1} s for a processor");
                write!(f, ". Of the last {passed:.1} s it waited {waited}; --tap-memory bridges more")
            }
            Notice::RecordingResumed { file, missing } => {
                write!(f, "recording to {file} again; {missing} bytes are missing in it")
            }
            Notice::RingWritten { file, bytes } => write!(f, "the ring was written to {file} ({bytes} bytes)"),
            Notice::Stuck => {
                f.write_str("an output does not take what is written to it: ended without its last events")
            }
            Notice::Draining { sessions: 0, .. } => f.write_str("stopping"),
            Notice::Draining { sessions, seconds } => {
                write!(f, "stopping: {sessions} sessions may go on for {seconds} s; again to end them now")
            }
            Notice::Cut { sessions } => write!(f, "{sessions} sessions cut"),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Listen { address, error, holder } => {
                match error.kind() {
                    io::ErrorKind::AddrInUse => write!(f, "port {} is in use", address.port())?,
                    io::ErrorKind::PermissionDenied => write!(f, "may not listen on {address}: {error}")?,
                    io::ErrorKind::AddrNotAvailable => write!(f, "{} is no address of this machine", address.ip())?,
                    _ => write!(f, "cannot listen on {address}: {error}")?,
                }
                if let Some(holder) = holder {
                    write!(f, " by {holder}")?;
                }
                match error.kind() {
                    io::ErrorKind::AddrInUse => {
                        write!(f, "; try --listen {}", SocketAddr::new(address.ip(), address.port().wrapping_add(1)))
                    }
                    _ => Ok(()),
                }
            }
            Trouble::Upstream(why) | Trouble::User(why) => f.write_str(why),
            Trouble::Record { path, error } if error.kind() == io::ErrorKind::AlreadyExists => {
                write!(f, "{} exists: give another name, or --overwrite", path.display())
            }
            Trouble::Record { path, error } => write!(f, "cannot record to {}: {error}", path.display()),
            Trouble::System(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Trouble {}
