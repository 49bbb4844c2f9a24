//! What the fuzz targets share: the laws they hold decoders to, scripts of sessions, and seeds from the samples.

mod laws;
mod script;
mod seeds;

pub use laws::{assert_tiles, essence};
pub use script::{Script, Take};
pub use seeds::seeds_if_asked;
