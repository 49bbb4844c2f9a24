//! Stateless formats: what bytes mean by themselves.
//!
//! Owns one file per structure family, each with the same rhythm: types, read, write where the proxy or tests need it,
//! field table, tests. Every reader is generic over the annotator, so that reading is annotating. Refuses to know
//! sessions, captures, clocks and output; what a structure needs from its surroundings (was the timestamp extended?)
//! comes in as a small `Copy` argument.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unreachable)
)]

pub mod amf0;
pub mod amf3;
pub mod audio;
pub mod body;
pub mod chunk;
pub mod code;
pub mod codec;
pub mod command;
pub mod control;
pub mod data;
pub mod enhanced;
pub mod format;
pub mod fourcc;
pub mod handshake;
mod registry;
pub mod status;
pub mod user;
pub mod value;
pub mod video;

pub use registry::tables;
