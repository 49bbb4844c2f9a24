//! rtmpscope explains RTMP traffic: from captured packets to messages whose every byte has a name.
//!
//! `ARCHITECTURE.md` draws the house; each folder's `mod.rs` says what it owns and what it refuses to know.

pub mod cli;
pub mod engine;
pub mod field;
pub mod layer;
pub mod limits;
pub mod net;
pub mod out;
pub mod record;
pub mod session;
pub mod stream;
pub mod time;
pub mod view;
pub mod wire;
