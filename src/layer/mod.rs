//! What stands between the bytes of a connection and an RTMP session.
//!
//! Owns the recognition of RTMP by content, whatever the port, and the names of what is not RTMP. Byte transforms (TLS,
//! HTTP tunnel, RTMPE) will live here, each with a probe of its own. Refuses to know captures and sessions.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unreachable)
)]

mod foreign;
mod preamble;
mod probe;

pub use foreign::Foreign;
pub use probe::{MOST_PROBED, Probe, probe};
