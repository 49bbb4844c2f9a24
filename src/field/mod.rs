//! What a field is, where it lies, and what it says.
//!
//! Owns the descriptor of a field, the [`Annotate`] trait with its three implementations ([`Off`] for the fast
//! path, [`Tree`] for people, [`Tally`] for counting what is explained), and the [`Reader`] through which every decoder reads. Refuses to know any protocol.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unreachable)
)]

mod annotate;
mod bit_reader;
mod descriptor;
mod fault;
mod reader;
mod span;
mod tally;
mod tree;
mod value;

pub use annotate::{Annotate, Off};
pub use bit_reader::{BitReader, EMULATION_PREVENTION};
pub(crate) use descriptor::fields;
pub use descriptor::{BothNames, Content, Field, Names, Secrecy, Unit};
pub use fault::{Fault, FaultKind, Remark};
pub use reader::{Bounds, Member, Reader};
pub use span::{Bits, Range};
pub use tally::Tally;
pub use tree::{Kind, Node, Tree};
pub use value::Value;
