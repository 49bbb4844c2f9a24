//! Wiring only: a capture through `net`, `layer` and `session` into records, or live bytes through `layer` and `session`.
//!
//! Owns the offline and the live driver, the input, and the order of what comes out: sessions numbered by first bytes,
//! calls told of their replies. Refuses to decode anything itself.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unreachable)
)]

mod hold;
mod live;
mod offline;
mod source;
mod stored;
mod taps;
mod trail;
mod turns;

pub use hold::Numbers;
pub use live::{Audience, Injury, Live, News, Output};
pub use offline::{Control, Force, Progress, ReadAhead, Settings, run};
pub use source::Input;
pub use stored::Stored;
pub use trail::{Frame, Place, Trail};

// What a caller of `run` says and hears, so that it need not know the layers below.
pub use crate::net::CaptureError;
pub use crate::session::{MediaBody, Want};
