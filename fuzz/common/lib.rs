//! What the fuzz targets share: the laws they hold decoders to, scripts of sessions, and seeds from the samples.

#[path = "../../tests/common/essence.rs"]
mod essence;
mod laws;
mod script;
mod seeds;

pub use laws::{assert_explained, assert_same, assert_tiles};
pub use script::{Script, Take};
pub use seeds::seeds_if_asked;
