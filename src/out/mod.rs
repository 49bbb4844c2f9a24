//! One file per output format, each a sink of records.
//!
//! Owns JSON (its writer by hand for speed, its schema as a document), tables, CSV and text; the only user of serde_json.
//! Refuses to know what records mean beyond what `view` says of them.

pub mod json;
