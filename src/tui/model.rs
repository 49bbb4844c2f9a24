//! All that is on screen and behind it.

use std::collections::BTreeSet;

use super::comparison::Comparison;
use super::contrast::Contrast;
use super::cursor::Cursor;
use super::detail::Detail;
use super::filter::Filtered;
use super::keymap::{Context, Keymap};
use super::layout::{self, Panes, Shape};
use super::msg::{Lines, Wants, Wish};
use super::state::{Focus, Load, Notice, Overlay, PromptKind, Relay, Screen, TimeColumn};
use super::theme::{Role, Theme};
use crate::record::Message;
use crate::view::index::{Index, Item, NoteKind, Scope};
use crate::view::ladder::Ladder;
use crate::view::series::Series;
use crate::view::sheet::Layout;

/// The state of the app.
#[derive(Debug)]
pub struct Model {
    /// What was read so far.
    pub index: Index,
    /// What keys do.
    pub keymap: Keymap,
    /// How things look.
    pub theme: Theme,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The input's name.
    pub input: String,
    /// Which screen.
    pub screen: Screen,
    /// The screens to go back to.
    pub before: Vec<Screen>,
    /// Which pane of the messages has the keyboard.
    pub focus: Focus,
    /// The pane takes the whole screen.
    pub zoom: bool,
    /// Selection in the list of sessions.
    pub sessions: Cursor,
    /// The story of a session: which, as of which state, masked and open.
    pub story: Option<(u32, u64, [Lines; 2])>,
    /// Whose messages are listed.
    pub scope: Scope,
    /// Selection in the list of messages.
    pub list: Cursor,
    /// What the list is narrowed to.
    pub filter: Option<Filtered>,
    /// How many filters there were: tells one reading of the capture from another.
    pub filters: u64,
    /// The call flow.
    pub ladder: Ladder,
    /// Selection in it.
    pub rung: Cursor,
    /// What the charts show.
    pub series: Series,
    /// Charts that are scrolled away, where there is no room for all.
    pub stats_top: usize,
    /// The selected column of the charts.
    pub stats_at: usize,
    /// The message that is opened up.
    pub detail: Detail,
    /// Selection in the log.
    pub log: Cursor,
    /// Marked sessions.
    pub marked_sessions: BTreeSet<u32>,
    /// Marked messages, oldest mark first.
    pub marks: Vec<u32>,
    /// Two messages side by side, over everything else.
    pub comparison: Option<Comparison>,
    /// Two sessions side by side; a comparison of messages may lie over it.
    pub contrast: Option<Contrast>,
    /// What the time column says.
    pub time: TimeColumn,
    /// Secrets are shown.
    pub open: bool,
    /// The selection follows what is captured.
    pub follow: bool,
    /// How far reading is.
    pub load: Load,
    /// The proxy that is looked at, instead of a capture.
    pub relay: Option<Relay>,
    /// What lies over the screen.
    pub overlay: Overlay,
    /// What is searched for in trees, bytes and log.
    pub search: Option<String>,
    /// What was typed into the command line and the searches before, newest last.
    pub history: Vec<(PromptKind, String)>,
    /// What has to be said to the user until the next key.
    pub notice: Option<Notice>,
}

impl Model {
    /// An app that has read nothing yet.
    pub fn new(input: &str, theme: Theme, keymap: Keymap, size: (u16, u16)) -> Model {
        Model {
            index: Index::default(),
            keymap,
            theme,
            size,
            input: input.to_owned(),
            screen: Screen::Sessions,
            before: Vec::new(),
            focus: Focus::List,
            zoom: false,
            sessions: Cursor::default(),
            story: None,
            scope: Scope::All,
            list: Cursor::default(),
            filter: None,
            filters: 0,
            ladder: Ladder::default(),
            rung: Cursor::default(),
            series: Series::default(),
            stats_top: 0,
            stats_at: 0,
            detail: Detail::default(),
            log: Cursor::default(),
            marked_sessions: BTreeSet::new(),
            marks: Vec::new(),
            comparison: None,
            contrast: None,
            time: TimeColumn::SinceStart,
            open: false,
            follow: false,
            load: Load::default(),
            relay: None,
            overlay: Overlay::None,
            search: None,
            history: Vec::new(),
            notice: None,
        }
    }

    /// Where the keyboard is.
    pub fn context(&self) -> Context {
        match (self.screen, self.focus) {
            _ if self.comparison.is_some() || self.contrast.is_some() => Context::Compare,
            (Screen::Sessions, _) => Context::Sessions,
            (Screen::Messages, Focus::List) => Context::List,
            (Screen::Messages, Focus::Tree) => Context::Tree,
            (Screen::Messages, Focus::Bytes) => Context::Bytes,
            (Screen::Ladder, _) => Context::Ladder,
            (Screen::Stats, _) => Context::Stats,
            (Screen::Log, _) => Context::Log,
        }
    }

    /// Where everything is on screen.
    pub fn panes(&self) -> Panes {
        let (columns, rows) = self.size;
        let sessions = self.index.sessions().len();
        let compares = self.comparison.is_some() || self.contrast.is_some();
        let (screen, focus, zoom) = (self.screen, self.focus, self.zoom);
        layout::panes(Shape { columns, rows, screen, focus, zoom, sessions, compares })
    }

    /// Rows in the list of messages.
    pub fn list_len(&self) -> usize {
        match &self.filter {
            Some(filter) => filter.rows().len(),
            None => self.index.len(self.scope),
        }
    }

    /// What stands at a row of the list.
    pub fn list_item(&self, at: usize) -> Option<Item> {
        match &self.filter {
            Some(filter) => filter.rows().get(at).map(|row| Item::Message(*row)),
            None => self.index.item(self.scope, at),
        }
    }

    /// Where an item stands in the list, or where it would.
    pub fn list_place(&self, item: Item) -> Option<usize> {
        match (&self.filter, item) {
            (Some(filter), Item::Message(row)) => filter.rows().binary_search(&row).ok(),
            (Some(_), Item::Note(_)) => None,
            (None, item) => self.index.place(self.scope, item),
        }
    }

    /// The sessions in the ladder: the marked ones, or the one at hand.
    pub fn ladder_sessions(&self) -> Vec<u32> {
        match (self.marked_sessions.is_empty(), self.scope) {
            (false, _) => self.marked_sessions.iter().copied().collect(),
            (true, Scope::Session(session)) => vec![session],
            (true, Scope::All) => self.focused_session().into_iter().collect(),
        }
    }

    /// The session that the selection was in last.
    fn focused_session(&self) -> Option<u32> {
        let listed = self.selected_item().and_then(|item| self.index.session_of(item));
        let chosen = self.index.sessions().get(self.sessions.at).map(|row| row.number);
        if self.screen == Screen::Messages { listed.or(chosen) } else { chosen.or(listed) }
    }

    /// The selected row of the list.
    pub fn selected_item(&self) -> Option<Item> {
        self.list_item(self.list.at)
    }

    /// The message that is selected, in the list.
    pub fn selected_message(&self) -> Option<u32> {
        match self.selected_item() {
            Some(Item::Message(row)) => Some(row),
            _ => None,
        }
    }

    /// What tree and bytes show: the selected message or handshake, or the message that the selected note is about.
    pub fn shown_item(&self) -> Option<Item> {
        match self.selected_item()? {
            Item::Message(row) => Some(Item::Message(row)),
            Item::Note(number) => {
                let note = self.index.note(number)?;
                if note.kind == NoteKind::Handshake {
                    return Some(Item::Note(number));
                }
                self.index.row(note.session, note.seq?).map(Item::Message)
            }
        }
    }

    /// The message that is opened up is the one that is selected.
    pub fn has_detail(&self) -> bool {
        self.detail.inspection.is_some() && self.detail.item == self.shown_item()
    }

    /// The message that is opened up, if it is one.
    pub fn opened_message(&self) -> Option<&Message> {
        self.detail.inspection.as_ref().filter(|_| self.has_detail())?.message()
    }

    /// The session that the screen is about.
    pub fn session(&self) -> Option<u32> {
        match self.screen {
            Screen::Sessions => self.index.sessions().get(self.sessions.at).map(|row| row.number),
            Screen::Log => self.log_item().and_then(|note| self.index.note(note)).map(|note| note.session),
            _ => match self.scope {
                Scope::Session(session) => Some(session),
                Scope::All => self.focused_session(),
            },
        }
    }

    /// The notes of the log: what is wrong or odd.
    pub fn log_rows(&self) -> Vec<u32> {
        let wanted = |session: u32| match self.scope {
            Scope::All => true,
            Scope::Session(number) => session == number || session == 0,
        };
        let notes = self.index.notes().iter().enumerate();
        notes.filter(|(_, note)| note.kind.is_trouble() && wanted(note.session)).map(|(n, _)| n as u32).collect()
    }

    /// The selected note of the log.
    pub fn log_item(&self) -> Option<u32> {
        self.log_rows().get(self.log.at).copied()
    }

    /// What the screen would like to show and does not have.
    pub fn wants(&self) -> Wants {
        let reading = self.filter.as_ref().and_then(Filtered::wants_reading);
        let mut wants = Wants { reading, ..Wants::default() };
        if let Some(missing) = self.comparison.as_ref().and_then(Comparison::missing) {
            wants.message = self.wish(Item::Message(missing));
            return wants;
        }
        match self.screen {
            Screen::Sessions => {
                if let Some(row) = self.index.sessions().get(self.sessions.at) {
                    let wanted = (row.number, row.messages + u64::from(row.verdict.is_some()));
                    wants.story =
                        (self.story.as_ref().map(|story| (story.0, story.1)) != Some(wanted)).then_some(wanted);
                }
            }
            Screen::Messages => {
                if let Some(item) = self.shown_item() {
                    if self.detail.item != Some(item) {
                        wants.message = self.wish(item);
                    } else if self.detail.layout == Layout::Packets
                        && self.detail.packets.is_none()
                        && !self.detail.lost
                    {
                        wants.message = self.wish(item);
                        wants.packets = true;
                    }
                }
            }
            _ => {}
        }
        wants
    }

    /// What reading a message or a packet of a handshake again takes.
    pub fn wish(&self, item: Item) -> Option<Wish> {
        match item {
            Item::Message(row) => {
                let entry = self.index.entry(row)?;
                let session = self.index.lane(entry).session;
                Some(Wish { item, session, seq: u64::from(entry.seq), packet: entry.packet })
            }
            Item::Note(note) => {
                let session = self.index.note(note)?.session;
                Some(Wish { item, session, seq: self.index.handshake_number(note)?, packet: 0 })
            }
        }
    }

    /// Is there work left that needs nobody else?
    pub fn is_busy(&self) -> bool {
        self.filter.as_ref().is_some_and(|filter| filter.wants_reading().is_none() && filter.is_busy(&self.index))
    }

    /// Says something in the status line.
    pub fn say(&mut self, role: Role, text: impl Into<String>) {
        self.notice = Some(Notice { role, text: text.into() });
    }
}
