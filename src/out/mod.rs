//! One file per output format.
//!
//! Owns JSON (its writer by hand for speed, its schema as a document), pcapng, the list, tables, the page of a message
//! and the summary; the only user of serde_json. Refuses to know what records mean beyond what `view` says of them.

mod canonical;
mod crew;
pub mod diff;
pub mod json;
mod list;
pub mod pcapng;
mod show;
mod style;
mod summary;
mod table;

pub use canonical::{
    CANONICAL_SCHEMA, CANONICAL_VERSION, CanonicalError, is_canonical, read_canonical, write_canonical,
};
pub use list::List;
pub use show::{Options as ShowOptions, lacking as lacking_of_event, show, show_event};
pub use style::{Ink, Paint};
pub use summary::{Retold, coverage as summary_coverage, head as summary_head, story as summary_story};
pub use table::{Format as TableFormat, Table, USUAL};
