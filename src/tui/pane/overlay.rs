//! What lies over the panes: help, menus, lines to type into with what completes them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::title;
use crate::query::{Candidate, Filter, complete};
use crate::tui::model::Model;
use crate::tui::paint::{Pen, width_of};
use crate::tui::state::{Overlay, Prompt, PromptKind};
use crate::tui::theme::Role;

/// Something that completes a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Choice {
    /// The whole line with it.
    pub(in crate::tui) text: String,
    /// How it is offered.
    pub(in crate::tui) label: String,
    /// What it means.
    pub(in crate::tui) about: String,
    /// Where the cursor is in the line then.
    pub(in crate::tui) cursor: usize,
}

/// Columns of the keys in the help.
const KEYS: usize = 16;
/// Completions on screen at once.
const MOST_CHOICES: u16 = 10;

pub(super) fn draw(model: &Model, buffer: &mut Buffer, body: Rect) {
    match &model.overlay {
        Overlay::None => {}
        Overlay::Help(search, top) => help(model, search, *top, buffer, body),
        Overlay::Prompt(prompt) => offered(model, prompt, buffer, body),
        Overlay::Copy(choices) => {
            // Of a long text no more than a line is seen.
            let shown = |text: &str| text.chars().take(usize::from(body.width)).collect::<String>();
            let rows = choices.iter().map(|(key, what, text)| (key.to_string(), format!("{what:<28} {}", shown(text))));
            menu(model, "copy", &rows.collect::<Vec<_>>(), buffer, body);
        }
        Overlay::Leave => {
            let sessions = model.relay.as_ref().map_or(0, |relay| relay.sessions);
            let name = if sessions == 1 { "1 session runs".to_owned() } else { format!("{sessions} sessions run") };
            let rows = [
                ("f", "finish: they may go on for a while, no new ones begin, then the proxy ends"),
                ("e", "end them now"),
                ("r", "relay on: only the screen closes, Ctrl-C ends the proxy"),
            ];
            let rows = rows.map(|(key, what)| (key.to_owned(), what.to_owned()));
            menu(model, &name, &rows, buffer, body);
        }
        Overlay::Export => {
            let rows = [
                ("s", "the list as it is shown, as text"),
                ("m", "the selected message, as JSON"),
                ("a", "all, as JSON events"),
            ];
            let rows = rows.map(|(key, what)| (key.to_owned(), what.to_owned()));
            menu(model, "write to a file", &rows, buffer, body);
        }
    }
}

/// A box at the bottom of the body, above the status line.
fn popup(model: &Model, rows: u16, name: &str, buffer: &mut Buffer, body: Rect) -> Rect {
    let height = (rows + 1).min(body.height);
    let area = Rect { y: body.bottom() - height, height, ..body };
    for row in 0..height {
        Pen::new(buffer, model.theme, area, row).finish();
    }
    title(model, buffer, area, true, name, "").finish();
    area
}

fn menu(model: &Model, name: &str, rows: &[(String, String)], buffer: &mut Buffer, body: Rect) {
    let area = popup(model, rows.len() as u16, name, buffer, body);
    for (n, (key, what)) in rows.iter().enumerate() {
        let mut pen = Pen::new(buffer, model.theme, area, n as u16 + 1);
        pen.skip(2).left(Role::Key, key, 3).text(Role::Text, what).finish();
    }
}

/// The rows of the help: keys and what they do, those of this view first.
pub(in crate::tui) fn help_rows(model: &Model) -> Vec<(String, String, String)> {
    let search = match &model.overlay {
        Overlay::Help(search, _) => search.to_lowercase(),
        _ => String::new(),
    };
    let context = model.context();
    let here = model.keymap.bindings().iter().filter(|binding| binding.contexts & context as u16 != 0);
    let elsewhere = model.keymap.bindings().iter().filter(|binding| binding.contexts & context as u16 == 0);
    let rows = here.chain(elsewhere).map(|binding| {
        let away = if binding.contexts & context as u16 == 0 { " (elsewhere)" } else { "" };
        (binding.written(), format!("{}{away}", binding.help), binding.name.to_owned())
    });
    rows.filter(|(keys, help, name)| {
        search.is_empty() || [keys, help, name].iter().any(|text| text.to_lowercase().contains(&search))
    })
    .collect()
}

fn help(model: &Model, search: &str, top: usize, buffer: &mut Buffer, body: Rect) {
    let rows = help_rows(model);
    let area = popup(model, body.height.saturating_sub(1), "", buffer, body);
    let mut pen = Pen::new(buffer, model.theme, area, 1);
    pen.skip(2).text(Role::Faint, "search: ").text(Role::Strong, search).text(Role::Faint, model.theme.glyph("▏", "_"));
    pen.finish();
    let room = usize::from(area.height).saturating_sub(2);
    let width = usize::from(area.width).saturating_sub(KEYS + 2);
    let lines = rows.iter().skip(top).flat_map(|(keys, help, name)| {
        let parts = super::sessions::wrapped(help, width).into_iter().enumerate();
        parts.map(move |(n, part)| if n == 0 { (keys.as_str(), part, name.as_str()) } else { ("", part, "") })
    });
    let lines: Vec<(&str, String, &str)> = lines.collect();
    let more = match (top, lines.len() > room) {
        (_, true) => "PgDn shows more",
        (0, false) => "",
        (_, false) => "the end",
    };
    let name = format!("help for {}", model.context().name());
    title(model, buffer, area, true, &name, more).finish();
    for (n, (keys, help, name)) in lines.into_iter().take(room).enumerate() {
        let mut pen = Pen::new(buffer, model.theme, area, n as u16 + 2);
        pen.skip(2).left(Role::Key, keys, KEYS).text(Role::Text, &help);
        if !name.is_empty() && pen.room() > width_of(name) + 4 {
            pen.at_end(Role::Faint, &format!(":{name} "));
        }
        pen.finish();
    }
}

/// What completes a line.
pub(in crate::tui) fn choices(model: &Model, prompt: &Prompt) -> Vec<Choice> {
    match prompt.kind {
        PromptKind::Command => {
            let typed = prompt.text.to_lowercase();
            let named = |part: bool| {
                model.keymap.bindings().iter().filter(move |binding| binding.name.starts_with(&*prompt.text) != part)
            };
            let rows = named(false).chain(
                named(true)
                    .filter(|binding| binding.name.contains(&typed) || binding.help.to_lowercase().contains(&typed)),
            );
            rows.map(|binding| Choice {
                text: binding.name.to_owned(),
                cursor: binding.name.len(),
                label: binding.name.to_owned(),
                about: format!("{:<12} {}", binding.written(), binding.help),
            })
            .collect()
        }
        PromptKind::Find => Vec::new(),
        PromptKind::Filter => {
            let completion = complete(&prompt.text, prompt.cursor);
            let (from, to) = (completion.replaces.start, completion.replaces.end);
            let (head, tail) = (prompt.text.get(..from).unwrap_or_default(), prompt.text.get(to..).unwrap_or_default());
            let whole = |candidate: Candidate| Choice {
                text: format!("{head}{}{tail}", candidate.text),
                cursor: head.len() + candidate.text.len(),
                about: format!("{:<16} {}", candidate.kind, candidate.about),
                label: candidate.text,
            };
            completion.candidates.into_iter().map(whole).collect()
        }
    }
}

fn offered(model: &Model, prompt: &Prompt, buffer: &mut Buffer, body: Rect) {
    let choices = choices(model, prompt);
    if choices.is_empty()
        || (prompt.kind == PromptKind::Command
            && prompt.text.starts_with(['@', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']))
    {
        return;
    }
    let rows = MOST_CHOICES.min(body.height / 2).min(choices.len() as u16);
    let area = popup(model, rows, "Tab chooses", buffer, body);
    let chosen = prompt.choice.unwrap_or(0);
    let top = chosen.saturating_sub(usize::from(rows).saturating_sub(1));
    for (n, choice) in choices.iter().enumerate().skip(top).take(usize::from(rows)) {
        let over = if prompt.choice == Some(n) { Some(Role::Selected) } else { None };
        let mut pen = Pen::new(buffer, model.theme, area, (n - top) as u16 + 1).over(over);
        pen.skip(2).left(Role::Key, &choice.label, 22).text(Role::Text, &choice.about);
        pen.finish();
    }
}

/// The line that is typed into.
pub(super) fn prompt(model: &Model, prompt: &Prompt, buffer: &mut Buffer, area: Rect) {
    let mut pen = Pen::new(buffer, model.theme, area, 0);
    let chosen = prompt.choice.and_then(|choice| choices(model, prompt).into_iter().nth(choice));
    let text = chosen.map_or_else(|| prompt.text.clone(), |choice| choice.text);
    pen.text(Role::Key, sign(prompt.kind)).text(Role::Strong, &text).text(Role::Text, "   ");
    if prompt.kind == PromptKind::Filter && !text.trim().is_empty() {
        // Whether it is a filter yet, and if not why not, as it is typed.
        match Filter::new(&text) {
            Ok(_) => {
                pen.at_end(Role::Good, "ok ");
            }
            // In a line of its own, if there is one.
            Err(error) if area.height > 1 => {
                pen.finish();
                pen = Pen::new(buffer, model.theme, area, 1);
                pen.text(Role::Warning, &error.brief());
            }
            Err(error) => {
                pen.text(Role::Warning, &error.brief());
            }
        }
    }
    pen.finish();
}

/// The column of the cursor in the line.
pub(super) fn cursor_column(model: &Model, prompt: &Prompt) -> usize {
    let chosen = prompt.choice.and_then(|choice| choices(model, prompt).into_iter().nth(choice));
    let (text, cursor) = chosen.as_ref().map_or((&prompt.text, prompt.cursor), |choice| (&choice.text, choice.cursor));
    width_of(sign(prompt.kind)) + width_of(text.get(..cursor).unwrap_or_default())
}

fn sign(kind: PromptKind) -> &'static str {
    match kind {
        PromptKind::Command => ":",
        PromptKind::Find => "find: ",
        PromptKind::Filter => "filter: ",
    }
}
