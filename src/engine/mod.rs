//! Wiring only: a capture through `net`, `layer` and `session` into records.
//!
//! Owns the offline driver, the input it reads, and the order of what comes out: sessions numbered by first bytes,
//! calls told of their replies. Refuses to decode anything itself.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unreachable)
)]

mod hold;
mod offline;
mod source;
mod stored;
mod taps;
mod trail;

pub use offline::{Control, Force, Progress, Settings, run};
pub use source::Input;
pub use trail::{Frame, Place, Trail};

// What a caller of `run` says and hears, so that it need not know the layers below.
pub use crate::net::CaptureError;
pub use crate::session::Want;
