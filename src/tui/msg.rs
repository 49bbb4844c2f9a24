//! What comes in, and what is asked for.

use super::key::Key;
use crate::diff::Report;
use crate::view::index::{Batch, Item};
use crate::view::inspect::Inspection;
use crate::view::sheet::Packet;

/// Lines with their labels.
pub type Lines = Vec<(&'static str, String)>;

/// Something happened.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The mouse did something in a cell.
    Mouse(Mouse, u16, u16),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// Reading begins anew: what was read before is to be forgotten.
    Began,
    /// More of the capture was read.
    Batch(Box<Batch>),
    /// How far reading is: bytes read, bytes in all where that is known.
    Progress(u64, Option<u64>),
    /// Reading ended; why, if it was not the end of the capture.
    Ended(Option<String>),
    /// A wish came true: a message or a packet of a handshake, or nothing if the capture does not give it back.
    Inspected(Item, Option<Box<Inspection>>),
    /// The packets that carried it.
    Packets(Item, Vec<Packet>),
    /// The story of a session: masked, and as it is.
    Story(u32, [Lines; 2]),
    /// A search in the capture found messages, by session and number: which search, what, how many were asked, whether
    /// that was all.
    Hits(u64, Vec<(u32, u64)>, usize, bool),
    /// What differs between two sessions, or why that cannot be told.
    Contrasted([u32; 2], Result<Box<Report>, String>),
    /// What a proxy does, in one line, and how many sessions it has.
    Relay(String, u64),
    /// Something was done that the user should hear of.
    Said(String),
    /// Something failed, or is not as it should be.
    Failed(String),
    /// Time for background work.
    Tick,
    /// A signal came.
    Signal(Signal),
}

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// End: SIGTERM, SIGQUIT.
    Terminate,
    /// End: SIGINT.
    Interrupt,
    /// The terminal is gone: SIGHUP.
    HangUp,
    /// Stop until somebody calls back: SIGTSTP.
    Suspend,
}

/// What a mouse does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    /// The left button went down.
    Press,
    /// The wheel went up.
    WheelUp,
    /// The wheel went down.
    WheelDown,
}

/// Something to be done outside of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// End the program, as a signal says.
    End(Signal),
    /// Put this on the clipboard.
    Copy(String),
    /// Write this to a new file with such a name.
    Save(String, String),
    /// Put the message that is opened up on the clipboard, as JSON.
    CopyMessage,
    /// Write the message that is opened up to a new file, as JSON.
    SaveMessage,
    /// Write all messages to a new file, as JSON.
    SaveAll,
    /// Compare two sessions.
    Contrast([u32; 2]),
    /// Let the screen of a proxy stand still, or go on.
    Pause(bool),
    /// Write the ring of a proxy to a file.
    Ring,
    /// Leave a proxy that has sessions.
    Leave(Leave),
    /// Stop reading the capture.
    Stop,
    /// Go on reading a file that grows.
    Follow,
    /// Hang up the screen for the shell, as Ctrl-Z does.
    Suspend,
}

/// What becomes of the sessions that are relayed when the screen closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// They go on to their end, for a while; no new ones begin.
    Finish,
    /// They are ended.
    End,
    /// They go on, and new ones may begin: only the screen closes.
    Stay,
}

/// What the screen would like to show and does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// A message.
    pub message: Option<Wish>,
    /// The packets of that message.
    pub packets: bool,
    /// Messages that fit a filter are to be looked for in the capture: which search it is.
    pub reading: Option<u64>,
    /// The story of a session; with a number that changes when it is to be told again.
    pub story: Option<(u32, u64)>,
}

/// A message to be read again, or a packet of a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// What it is in the index: a note is a packet of a handshake.
    pub item: Item,
    /// Its session.
    pub session: u32,
    /// Its number there; of handshakes, which packet it is.
    pub seq: u64,
    /// The packet of its first byte, modulo 2^32.
    pub packet: u32,
}
