//! rtmpscope explains RTMP traffic: from captured packets to messages whose every byte has a name.
//!
//! `ARCHITECTURE.md` draws the house; each folder's `mod.rs` says what it owns and what it refuses to know.

// Tests may unwrap, and are the only code that may.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::indexing_slicing,
        reason = "hostile bytes must not end the program"
    )
)]

pub mod cli;
pub mod diff;
pub mod engine;
pub mod field;
pub mod layer;
pub mod limits;
pub mod net;
pub mod out;
pub mod proxy;
pub mod query;
pub mod record;
pub mod session;
pub mod stream;
pub mod time;
pub mod tui;
pub mod view;
pub mod wire;
