//! What keys do: one table that dispatch, the footer, the help and the documentation read.

use super::key::Key;

/// What the program can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the table below says what each of them does")]
pub enum Action {
    Down,
    Up,
    PageDown,
    PageUp,
    First,
    Last,
    Left,
    Right,
    Open,
    NextPane,
    PreviousPane,
    Zoom,
    Sessions,
    Messages,
    Ladder,
    Stats,
    Log,
    Filter,
    Find,
    NextMatch,
    PreviousMatch,
    Back,
    Close,
    Partner,
    NextTrouble,
    PreviousTrouble,
    NextJump,
    PreviousJump,
    Include,
    Exclude,
    Mark,
    Compare,
    Copy,
    Bytes,
    TimeColumn,
    Mask,
    Follow,
    Stop,
    Export,
    Ring,
    CommandLine,
    Help,
    Quit,
}

/// Where the keyboard is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Context {
    /// The list of sessions.
    Sessions = 1,
    /// The list of messages.
    List = 2,
    /// The explained tree.
    Tree = 4,
    /// The bytes.
    Bytes = 8,
    /// The ladder.
    Ladder = 16,
    /// The charts.
    Stats = 32,
    /// The log.
    Log = 64,
    /// Two messages or sessions side by side.
    Compare = 128,
}

impl Context {
    /// All of them.
    pub const ALL: [Context; 8] = [
        Context::Sessions,
        Context::List,
        Context::Tree,
        Context::Bytes,
        Context::Ladder,
        Context::Stats,
        Context::Log,
        Context::Compare,
    ];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Context::Sessions => "sessions",
            Context::List => "messages",
            Context::Tree => "tree",
            Context::Bytes => "bytes",
            Context::Ladder => "ladder",
            Context::Stats => "stats",
            Context::Log => "log",
            Context::Compare => "comparison",
        }
    }
}

/// A row of the table.
#[derive(Clone, Debug)]
pub struct Binding {
    /// What is done.
    pub action: Action,
    /// Its name on the command line and in a configuration.
    pub name: &'static str,
    /// The keys, as they are written.
    pub keys: Vec<Key>,
    /// Where it works.
    pub contexts: u16,
    /// A word for the footer; empty for what need not stand there.
    pub short: &'static str,
    /// What it does, in one line.
    pub help: &'static str,
}

/// The table.
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

const ALL: u16 = 255;
const SESSIONS: u16 = Context::Sessions as u16;
const LIST: u16 = Context::List as u16;
const TREE: u16 = Context::Tree as u16;
const BYTES: u16 = Context::Bytes as u16;
const LADDER: u16 = Context::Ladder as u16;
const STATS: u16 = Context::Stats as u16;
const LOG: u16 = Context::Log as u16;
const COMPARE: u16 = Context::Compare as u16;
const MESSAGE: u16 = LIST | TREE | BYTES;
const ROWS: u16 = LIST | LADDER | LOG;

/// Action, name, keys, where, footer, help. The order is that of the footer and of the help.
#[rustfmt::skip]
const TABLE: &[(Action, &str, &str, u16, &str, &str)] = &[
    (Action::Help, "help", "?", ALL, "help", "help for this view; type to search it"),
    (Action::Open, "open", "Enter", SESSIONS | LIST | TREE | LADDER | STATS | LOG | COMPARE, "open", "open a session, message, branch, place; fold in a comparison"),
    (Action::NextPane, "next-pane", "Tab", MESSAGE, "pane", "next pane: list, tree, bytes"),
    (Action::Filter, "filter", "/", SESSIONS | LIST, "filter", "filter bar: only messages that fit an expression"),
    (Action::Find, "find", "/", TREE | BYTES | LOG, "find", "find text, or bytes as hex: 0x or pairs of digits"),
    (Action::NextTrouble, "next-trouble", "e", SESSIONS | MESSAGE | LADDER | STATS | LOG, "problem", "next finding or gap; in charts: audio farthest from video"),
    (Action::PreviousTrouble, "previous-trouble", "E", SESSIONS | MESSAGE | LADDER | LOG, "", "previous finding or gap"),
    (Action::NextJump, "next-jump", "J", MESSAGE, "bad time", "next timestamp that jumps or runs back: byte and packet"),
    (Action::PreviousJump, "previous-jump", "K", MESSAGE, "", "previous timestamp that jumps or runs back"),
    (Action::Partner, "partner", "%", MESSAGE | LADDER, "call/reply", "from a call to its reply and back"),
    (Action::Bytes, "bytes", "b", MESSAGE, "bytes", "bytes as body, as chunks or as captured packets"),
    (Action::PreviousPane, "previous-pane", "Shift-Tab", MESSAGE, "", "previous pane"),
    (Action::Zoom, "zoom", "z", MESSAGE, "zoom", "the pane takes the whole screen, and back"),
    (Action::TimeColumn, "time-column", "t", MESSAGE | LADDER, "time", "time: since start, of day, delta, RTMP, arrival - RTMP"),
    (Action::Mark, "mark", "Space", SESSIONS | MESSAGE, "mark", "mark sessions or messages: two to compare, more for a ladder"),
    (Action::Compare, "compare", "d", SESSIONS | MESSAGE, "compare", "compare two marked sessions, or two marked messages"),
    (Action::Include, "include", "+", MESSAGE, "", "filter: only messages with the selected value"),
    (Action::Exclude, "exclude", "-", MESSAGE, "", "filter: no messages with the selected value"),
    (Action::NextMatch, "next-match", "n", MESSAGE | LOG, "", "next match of the search"),
    (Action::PreviousMatch, "previous-match", "N", MESSAGE | LOG, "", "previous match of the search"),
    (Action::Copy, "copy", "y", ALL, "copy", "copy menu: value, line, JSON, hex, filter expression"),
    (Action::Export, "export", "w", ALL, "", "write what is shown, selected or all to a file"),
    (Action::Follow, "follow", "F", SESSIONS | ROWS | STATS, "follow", "follow what is captured; moving up stops it"),
    (Action::Stop, "stop", "s", ALL, "", "stop reading; over a proxy: pause the screen, not the relay"),
    (Action::Ring, "ring", "R", ALL, "", "over a proxy that records into a ring: write it"),
    (Action::Mask, "mask", "p", ALL, "", "show secrets, or mask them again"),
    (Action::Down, "down", "j Down", ALL, "", "down"),
    (Action::Up, "up", "k Up", ALL, "", "up"),
    (Action::PageDown, "page-down", "Ctrl-f PgDn", ALL, "", "a page down"),
    (Action::PageUp, "page-up", "Ctrl-b PgUp", ALL, "", "a page up"),
    (Action::First, "first", "g Home", ALL, "", "to the first row"),
    (Action::Last, "last", "G End", ALL, "", "to the last row; follows again when live"),
    (Action::Left, "left", "h Left", ALL, "", "fold a branch; a byte to the left; back in time in charts"),
    (Action::Right, "right", "l Right", ALL, "", "unfold a branch; a byte to the right; on in time in charts"),
    (Action::Sessions, "sessions", "1", ALL, "", "the sessions"),
    (Action::Messages, "messages", "2", ALL, "", "the messages, of a session or of all"),
    (Action::Ladder, "ladder", "3", ALL, "", "the call flow, of one session or of the marked ones"),
    (Action::Stats, "stats", "4", ALL, "", "charts: rates, key frames, audio against video, clocks"),
    (Action::Log, "log", "5", ALL, "", "gaps, findings, what was lost"),
    (Action::CommandLine, "command", ":", ALL, "", ":1234 message, :@12.5s time, :NAME any action"),
    (Action::Back, "back", "Esc", ALL, "", "close what is open, clear search or filter, then back"),
    (Action::Close, "close", "q", ALL, "back", "the same; quits at the first screen"),
    (Action::Quit, "quit", "Q Ctrl-c", ALL, "", "quit"),
];

impl Keymap {
    /// What a key does here.
    pub fn action(&self, key: Key, context: Context) -> Option<Action> {
        self.bindings_for(context).find(|binding| binding.keys.contains(&key)).map(|binding| binding.action)
    }

    /// The whole table.
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// What works here.
    pub fn bindings_for(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |binding| binding.contexts & context as u16 != 0)
    }

    /// The row of an action.
    pub fn binding(&self, action: Action) -> Option<&Binding> {
        self.bindings.iter().find(|binding| binding.action == action)
    }

    /// Gives an action other keys, as a user's configuration says. What the keys did before, where both work, they do no
    /// longer.
    pub fn rebind(&mut self, name: &str, keys: &[&str]) -> Result<(), String> {
        let parsed: Result<Vec<Key>, String> =
            keys.iter().map(|key| Key::parse(key).ok_or_else(|| format!("{key:?} is no key"))).collect();
        let parsed = parsed?;
        let contexts = match self.bindings.iter().find(|binding| binding.name == name) {
            Some(binding) => binding.contexts,
            None => {
                let names: Vec<&str> = self.bindings.iter().map(|binding| binding.name).collect();
                return Err(format!("there is no action {name:?}; there are {}", names.join(", ")));
            }
        };
        for binding in &mut self.bindings {
            if binding.name == name {
                binding.keys.clone_from(&parsed);
            } else if binding.contexts & contexts != 0 {
                binding.keys.retain(|key| !parsed.contains(key));
            }
        }
        match self.binding(Action::Quit) {
            Some(quit) if quit.keys.is_empty() => Err("quit needs a key".to_owned()),
            _ => Ok(()),
        }
    }
}

impl Default for Keymap {
    fn default() -> Self {
        let bindings = TABLE.iter().map(|&(action, name, keys, contexts, short, help)| {
            let keys = keys.split(' ').filter_map(Key::parse).collect();
            Binding { action, name, keys, contexts, short, help }
        });
        Keymap { bindings: bindings.collect() }
    }
}

impl Binding {
    /// Its keys as people read them.
    pub fn written(&self) -> String {
        self.keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        let map = Keymap::default();
        for context in Context::ALL {
            let mut seen = std::collections::HashMap::new();
            for binding in map.bindings_for(context) {
                assert!(!binding.keys.is_empty(), "{}", binding.name);
                for key in &binding.keys {
                    let before = seen.insert(*key, binding.name);
                    assert_eq!(before, None, "{key} in {}", context.name());
                }
            }
        }
    }

    #[test]
    fn help_is_read_whole_in_a_usual_terminal() {
        for binding in Keymap::default().bindings() {
            assert!(binding.help.len() <= 60, "{}", binding.name);
            assert!(binding.written().len() <= 15, "{}", binding.name);
        }
    }

    #[test]
    fn the_keys_that_are_promised_do_what_is_promised() {
        let map = Keymap::default();
        let list = |key: &str| map.action(Key::parse(key).unwrap(), Context::List);
        for (keys, action) in [
            ("j Down", Action::Down),
            ("k Up", Action::Up),
            ("g", Action::First),
            ("G", Action::Last),
            ("Ctrl-f PgDn", Action::PageDown),
            ("Ctrl-b PgUp", Action::PageUp),
            ("h Left", Action::Left),
            ("l Right", Action::Right),
            ("Enter", Action::Open),
            ("Tab", Action::NextPane),
            ("Shift-Tab", Action::PreviousPane),
            ("1", Action::Sessions),
            ("2", Action::Messages),
            ("3", Action::Ladder),
            ("4", Action::Stats),
            ("5", Action::Log),
            ("z", Action::Zoom),
            ("F", Action::Follow),
            (":", Action::CommandLine),
            ("e", Action::NextTrouble),
            ("E", Action::PreviousTrouble),
            ("/", Action::Filter),
            ("n", Action::NextMatch),
            ("N", Action::PreviousMatch),
            ("Esc", Action::Back),
            ("q", Action::Close),
            ("%", Action::Partner),
            ("+", Action::Include),
            ("-", Action::Exclude),
            ("Space", Action::Mark),
            ("d", Action::Compare),
            ("y", Action::Copy),
            ("t", Action::TimeColumn),
            ("p", Action::Mask),
            ("?", Action::Help),
            ("Q Ctrl-c", Action::Quit),
        ] {
            for key in keys.split(' ') {
                assert_eq!(list(key), Some(action), "{key}");
            }
        }
        for context in [Context::Tree, Context::Bytes] {
            assert_eq!(map.action(Key::char('/'), context), Some(Action::Find));
        }
    }

    #[test]
    fn a_user_gives_actions_other_keys() {
        let mut map = Keymap::default();
        map.rebind("down", &["n", "Down"]).unwrap();
        assert_eq!(map.action(Key::char('n'), Context::List), Some(Action::Down));
        assert_eq!(map.action(Key::char('j'), Context::List), None);
        assert_eq!(map.binding(Action::NextMatch).unwrap().keys, []);
        assert!(map.rebind("fly", &["x"]).unwrap_err().contains("next-match"));
        assert!(map.rebind("down", &["Ctrl-foo"]).is_err());
        assert!(map.rebind("quit", &[]).is_err());
    }
}
