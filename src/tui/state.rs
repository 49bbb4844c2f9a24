//! What the model is made of: screens, panes, columns, what lies over the screen.

use super::theme::Role;

/// A screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Screen {
    /// All sessions.
    Sessions,
    /// Messages, with tree and bytes.
    Messages,
    /// The call flow.
    Ladder,
    /// Charts.
    Stats,
    /// Gaps and findings.
    Log,
}

impl Screen {
    /// All of them, in the order of their keys.
    pub const ALL: [Screen; 5] = [Screen::Sessions, Screen::Messages, Screen::Ladder, Screen::Stats, Screen::Log];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Screen::Sessions => "Sessions",
            Screen::Messages => "Messages",
            Screen::Ladder => "Ladder",
            Screen::Stats => "Stats",
            Screen::Log => "Log",
        }
    }
}

/// A pane of the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Focus {
    /// The list.
    List,
    /// The tree of the selected message.
    Tree,
    /// Its bytes.
    Bytes,
}

/// What the time column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeColumn {
    /// Seconds since the capture began.
    SinceStart,
    /// Time of day, UTC.
    OfDay,
    /// Seconds since the row above.
    Delta,
    /// The RTMP timestamp.
    Rtmp,
    /// How much later than its RTMP timestamp says a message came, against the first one of its direction.
    Drift,
}

impl TimeColumn {
    /// The next one.
    pub fn next(self) -> TimeColumn {
        match self {
            TimeColumn::SinceStart => TimeColumn::OfDay,
            TimeColumn::OfDay => TimeColumn::Delta,
            TimeColumn::Delta => TimeColumn::Rtmp,
            TimeColumn::Rtmp => TimeColumn::Drift,
            TimeColumn::Drift => TimeColumn::SinceStart,
        }
    }

    /// The head of the column, and what it means.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            TimeColumn::SinceStart => ("time", "seconds since the capture began"),
            TimeColumn::OfDay => ("UTC", "time of day, UTC"),
            TimeColumn::Delta => ("delta", "seconds since the row above"),
            TimeColumn::Rtmp => ("RTMP ms", "RTMP timestamp in milliseconds"),
            TimeColumn::Drift => ("late ms", "milliseconds later than the RTMP timestamp says"),
        }
    }
}

/// How far reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Bytes read.
    pub bytes: u64,
    /// Bytes in all, where that is known.
    pub size: Option<u64>,
    /// Nothing more comes.
    pub ended: bool,
    /// The user stopped it.
    pub stopped: bool,
    /// The input goes on for as long as somebody captures.
    pub live: bool,
}

/// What lies over the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// Help, narrowed by what was typed, scrolled.
    Help(String, usize),
    /// A line to type into.
    Prompt(Prompt),
    /// What to copy: the choices and their keys.
    Copy(Vec<(char, &'static str, String)>),
    /// What to write to a file.
    Export,
    /// What becomes of the sessions that a proxy relays when its screen closes.
    Leave,
}

/// A line to type into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// What it is for.
    pub kind: PromptKind,
    /// What was typed.
    pub text: String,
    /// Place of the cursor in it, in bytes.
    pub cursor: usize,
    /// How far back in the history it is; 0 is the new line.
    pub past: usize,
    /// What was typed before going back in the history.
    pub draft: String,
    /// Which of the offered completions is selected.
    pub choice: Option<usize>,
}

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PromptKind {
    /// A command.
    Command,
    /// A search in tree, bytes or log.
    Find,
    /// A filter for the list.
    Filter,
}

/// Something to be said in the status line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How it looks.
    pub role: Role,
    /// What.
    pub text: String,
}

/// A proxy at work behind the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relay {
    /// What to say while nobody has connected: where encoders are to be pointed.
    pub waiting: Vec<String>,
    /// What it does, in one line.
    pub state: String,
    /// Sessions now.
    pub sessions: u64,
    /// The screen stands still; the relay does not.
    pub paused: bool,
    /// It records into a ring, which a key writes.
    pub ring: bool,
}
