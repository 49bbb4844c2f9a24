//! What lies over the screen to be typed into: lines and the search of the help.

use super::action::prompt_with;
use super::{act, find, travel};
use crate::time::Span;
use crate::tui::filter::Filtered;
use crate::tui::key::{Code, Key};
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::msg::Effect;
use crate::tui::pane;
use crate::tui::state::{Focus, Overlay, Prompt, PromptKind, Screen};
use crate::tui::theme::Role;
use crate::view::index::{Item, Scope};

/// Opens a line to type into.
pub(super) fn begin(model: &mut Model, kind: PromptKind, text: &str) {
    model.overlay = Overlay::Prompt(prompt_with(kind, text));
}

/// Text that was pasted goes into the line, if there is one.
pub(super) fn paste(model: &mut Model, text: &str) {
    let text: String = text.chars().filter(|c| !crate::view::is_control(*c)).collect();
    match &mut model.overlay {
        Overlay::Prompt(prompt) => prompt.insert(&text),
        Overlay::Help(search, top) => {
            search.push_str(&text);
            *top = 0;
        }
        _ => {}
    }
}

/// A key in a line.
pub(super) fn key(model: &mut Model, key: Key) -> Option<Effect> {
    let Overlay::Prompt(mut prompt) = std::mem::take(&mut model.overlay) else { return None };
    let plain = !key.ctrl && !key.alt;
    // Who types on has taken what was chosen: it is what the line shows.
    if !matches!(key.code, Code::Esc | Code::Enter | Code::Tab | Code::BackTab)
        && let Some(choice) =
            prompt.choice.take().and_then(|choice| pane::choices(model, &prompt).into_iter().nth(choice))
    {
        (prompt.text, prompt.cursor) = (choice.text, choice.cursor);
    }
    match key.code {
        Code::Esc => return None,
        Code::Char('c' | 'g') if key.ctrl => return None,
        Code::Enter => return enter(model, prompt),
        Code::Tab => complete(model, &mut prompt, 1),
        Code::BackTab => complete(model, &mut prompt, -1),
        Code::Up => recall(model, &mut prompt, 1),
        Code::Down => recall(model, &mut prompt, -1),
        Code::Backspace if prompt.text.is_empty() => return None,
        Code::Backspace => prompt.erase(),
        Code::Delete => {
            prompt.right();
            prompt.erase();
        }
        Code::Char('u') if key.ctrl => {
            prompt.text.drain(..prompt.cursor);
            prompt.cursor = 0;
            prompt.choice = None;
        }
        Code::Char('w') if key.ctrl => prompt.erase_word(),
        Code::Left => prompt.left(),
        Code::Right => prompt.right(),
        Code::Home => prompt.cursor = 0,
        Code::Char('a') if key.ctrl => prompt.cursor = 0,
        Code::End => prompt.cursor = prompt.text.len(),
        Code::Char('e') if key.ctrl => prompt.cursor = prompt.text.len(),
        Code::Char(c) if plain => prompt.insert(c.encode_utf8(&mut [0; 4])),
        _ => {}
    }
    model.overlay = Overlay::Prompt(prompt);
    None
}

fn enter(model: &mut Model, prompt: Prompt) -> Option<Effect> {
    let choices = pane::choices(model, &prompt);
    let text = match prompt.choice.and_then(|choice| choices.get(choice)) {
        Some(choice) => choice.text.clone(),
        None => prompt.text.clone(),
    };
    let text = text.trim().to_owned();
    if !text.is_empty() {
        model.history.retain(|old| *old != (prompt.kind, text.clone()));
        model.history.push((prompt.kind, text.clone()));
    }
    match prompt.kind {
        PromptKind::Command => command(model, &text),
        PromptKind::Find => {
            if !text.is_empty() {
                find::begin(model, &text);
            }
            None
        }
        PromptKind::Filter => {
            set_filter(model, &text);
            None
        }
    }
}

/// Narrows the list to what fits; nothing clears it.
pub(super) fn set_filter(model: &mut Model, text: &str) {
    let here = model.selected_item();
    model.filter = None;
    if text.is_empty() {
        if let Some(item) = here {
            travel::to_item(model, item);
        }
        return;
    }
    model.filters += 1;
    match Filtered::new(text, model.scope, model.filters) {
        Ok(mut filter) => {
            filter.work(&model.index);
            model.filter = Some(filter);
            travel::go(model, Screen::Messages);
            model.focus = Focus::List;
            let near = here.and_then(|item| match item {
                Item::Message(row) => Some(row),
                Item::Note(note) => model.index.note(note).map(|note| note.before),
            });
            let rows = model.filter.as_ref().map(Filtered::rows).unwrap_or_default();
            let at = near.map_or(0, |row| rows.partition_point(|found| *found < row));
            let (len, page) = (model.list_len(), layout::page(model.panes().main));
            model.list.jump(at.min(len.saturating_sub(1)), len, page);
        }
        Err(why) => {
            model.say(Role::Error, why);
            model.overlay = Overlay::Prompt(prompt_with(PromptKind::Filter, text));
        }
    }
}

/// Runs what was typed behind the colon.
fn command(model: &mut Model, text: &str) -> Option<Effect> {
    if text.is_empty() {
        return None;
    }
    if let Some(time) = text.strip_prefix('@') {
        match span(time) {
            Some(after) => to_time(model, after),
            None => model.say(Role::Error, "a time is a number of seconds, or with ms, s, m or h: @12.5s"),
        }
        return None;
    }
    let numbers: Option<Vec<u64>> = text.split('.').map(|part| part.parse().ok()).collect();
    match numbers.as_deref() {
        Some([seq]) => to_message(model, None, *seq),
        Some([session, seq]) => to_message(model, Some(*session), *seq),
        _ => {
            let exact = model.keymap.bindings().iter().find(|binding| binding.name == text);
            let mut like = model.keymap.bindings().iter().filter(|binding| binding.name.starts_with(text));
            let found = exact.or_else(|| like.next().filter(|_| like.next().is_none()));
            match found.map(|binding| binding.action) {
                Some(action) => return act(model, action),
                None => model.say(Role::Error, format!("no action {text}: type : and Tab to see all of them")),
            }
        }
    }
    None
}

fn to_message(model: &mut Model, session: Option<u64>, seq: u64) {
    let number = match (session, model.scope) {
        (Some(session), _) => session as u32,
        (None, Scope::Session(session)) => session,
        (None, Scope::All) => model.session().unwrap_or(1),
    };
    match model.index.row(number, seq) {
        Some(row) => travel::to_item(model, Item::Message(row)),
        None => {
            let most = model.index.session(number).map_or(0, |session| session.messages);
            let why =
                if seq > 0 && seq <= most { format!("message {number}.{seq} is not listed; ") } else { String::new() };
            let text = format!("{why}session {number} has messages 1 to {most}; SESSION.NUMBER names another");
            model.say(Role::Error, text);
        }
    }
}

fn to_time(model: &mut Model, after: Span) {
    let wanted = model.index.start().0.saturating_add(after.0);
    // Within a session times never run backwards; in all they nearly do.
    let (mut low, mut high) = (0, model.list_len());
    while low < high {
        let middle = (low + high) / 2;
        let time = model.list_item(middle).and_then(|item| model.index.time(item));
        if time.is_some_and(|time| time.0 < wanted) { low = middle + 1 } else { high = middle }
    }
    if let Some(item) = model.list_item(low.min(model.list_len().saturating_sub(1))) {
        travel::to_item(model, item);
    }
}

/// `12.5`, `12.5s`, `300ms`, `2m`.
fn span(text: &str) -> Option<Span> {
    let units = [("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];
    let (number, unit) =
        units.iter().find_map(|(sign, unit)| text.strip_suffix(sign).map(|n| (n, *unit))).unwrap_or((text, 1.0));
    let seconds: f64 = number.trim().parse().ok()?;
    seconds.is_finite().then_some(Span((seconds * unit * 1e9) as i64))
}

fn complete(model: &Model, prompt: &mut Prompt, by: isize) {
    let choices = pane::choices(model, prompt).len() as isize;
    if choices > 0 {
        let next = match prompt.choice {
            Some(choice) => choice as isize + by,
            None if by > 0 => 0,
            None => -1,
        };
        prompt.choice = Some(next.rem_euclid(choices) as usize);
    }
}

/// Goes back or forth in what was typed before.
fn recall(model: &Model, prompt: &mut Prompt, by: isize) {
    let before: Vec<&String> =
        model.history.iter().rev().filter(|(kind, _)| *kind == prompt.kind).map(|(_, text)| text).collect();
    if prompt.past == 0 {
        prompt.draft.clone_from(&prompt.text);
    }
    prompt.past = prompt.past.saturating_add_signed(by).min(before.len());
    prompt.text = match prompt.past.checked_sub(1).and_then(|past| before.get(past)) {
        Some(text) => (*text).clone(),
        None => prompt.draft.clone(),
    };
    prompt.cursor = prompt.text.len();
    prompt.choice = None;
}

/// A key while help is shown: it scrolls, or is typed to search.
pub(super) fn help_key(model: &mut Model, key: Key) -> Option<Effect> {
    let page = usize::from(model.panes().body.height).saturating_sub(3).max(1);
    let Overlay::Help(search, top) = &mut model.overlay else { return None };
    match key.code {
        Code::Down => *top += 1,
        Code::Up => *top = top.saturating_sub(1),
        Code::PageDown => *top += page,
        Code::PageUp => *top = top.saturating_sub(page),
        Code::Backspace => {
            search.pop();
            *top = 0;
        }
        Code::Esc if !search.is_empty() => search.clear(),
        Code::Char('?') if search.is_empty() => model.overlay = Overlay::None,
        Code::Char('q') if search.is_empty() => model.overlay = Overlay::None,
        Code::Char('c') if key.ctrl => model.overlay = Overlay::None,
        Code::Char(c) if !key.ctrl && !key.alt => {
            search.push(c);
            *top = 0;
        }
        _ => model.overlay = Overlay::None,
    }
    // Rows may take more than one line where it is narrow: the last can be scrolled to the top.
    let most = pane::help_rows(model).len().saturating_sub(page.min(4));
    if let Overlay::Help(_, top) = &mut model.overlay {
        *top = (*top).min(most);
    }
    None
}

/// Filters by the selected value.
pub(super) fn narrow(model: &mut Model, include: bool) {
    let Some(text) = pane::selected_filter(model) else {
        model.say(Role::Info, "no filter is known for what is selected");
        return;
    };
    let before = model.filter.as_ref().map(|filter| filter.text().to_owned());
    let wrapped = |text: String| if text.contains("||") { format!("({text})") } else { text };
    let part = if include { text } else { format!("!({text})") };
    let whole = match before {
        Some(before) => format!("{} && {part}", wrapped(before)),
        None => part,
    };
    set_filter(model, &whole);
}

impl Prompt {
    fn insert(&mut self, text: &str) {
        self.text.insert_str(self.cursor, text);
        self.cursor += text.len();
        self.choice = None;
    }

    fn erase(&mut self) {
        let before = self.text.get(..self.cursor).and_then(|text| text.chars().next_back());
        if let Some(c) = before {
            self.cursor -= c.len_utf8();
            self.text.remove(self.cursor);
        }
        self.choice = None;
    }

    fn erase_word(&mut self) {
        let before = self.text.get(..self.cursor).unwrap_or_default().trim_end();
        let from = before.rfind(' ').map_or(0, |at| at + 1);
        self.text.drain(from..self.cursor);
        self.cursor = from;
        self.choice = None;
    }

    fn left(&mut self) {
        let before = self.text.get(..self.cursor).and_then(|text| text.chars().next_back());
        self.cursor -= before.map_or(0, char::len_utf8);
    }

    fn right(&mut self) {
        let after = self.text.get(self.cursor..).and_then(|text| text.chars().next());
        self.cursor += after.map_or(0, char::len_utf8);
    }
}
