//! Presentation models without a terminal: masked secrets, one-line summaries, hex rows, outlines, the story of a session.
//!
//! Owns what every output says and how it is worded; refuses to know how it is written (text, JSON, cells).

mod clean;
pub mod compare;
mod coverage;
mod empty;
mod gist;
mod hex;
pub mod index;
pub mod inspect;
pub mod ladder;
mod mask;
mod media;
pub mod odd;
mod outline;
pub mod series;
pub mod sheet;
mod story;

pub use clean::{clean, is_control};
pub use coverage::Coverage;
pub use empty::Empty;
pub use gist::{gap_text, gist, handshake_text, short_time, write_gist};
pub use hex::{dump, short_hex};
pub use mask::{Mask, Veil};
pub use media::{Difference, Lane, Media, Setup, Track};
pub use outline::{Row, outline};
pub use story::{Story, bytes_text};
