//! The terminal app: sessions, messages with their trees and bytes, ladder, charts and log of a capture on one screen.
//!
//! Owns the model of what is on screen, how messages change it, how it is drawn, the table of keys, and the terminal.
//! Refuses to read captures, files or the environment: what it needs comes in as [`Msg`]s, what it wants done goes out
//! as [`Effect`]s and [`Wants`].
//!
//! [`update`] does no input or output, [`view`] changes nothing, [`layout`] is a pure function that both share, and
//! [`run`] owns the terminal, the channel and the clock.

mod comparison;
mod contrast;
mod cursor;
mod detail;
mod filter;
mod key;
mod keyboard;
mod keymap;
pub mod layout;
mod model;
mod msg;
mod paint;
mod pane;
mod run;
mod state;
mod theme;
mod update;

pub use comparison::Comparison;
pub use contrast::Contrast;
pub use cursor::Cursor;
pub use detail::Detail;
pub use filter::Filtered;
pub use key::{Code, Key};
pub use keymap::{Action, Binding, Context, Keymap};
pub use model::Model;
pub use msg::{Effect, Leave, Lines, Mouse, Msg, Signal, Wants, Wish};
pub use pane::view;
pub use run::{Ended, Hand, run};
pub use state::{Focus, Load, Notice, Overlay, Prompt, PromptKind, Relay, Screen, TimeColumn};
pub use theme::{Depth, Ground, Role, Theme};
pub use update::{narrow, update};
