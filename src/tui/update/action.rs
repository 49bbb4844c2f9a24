//! What each action does.

use super::{find, menu, prompt, seek, travel};
use crate::tui::comparison::Comparison;
use crate::tui::contrast::{Contrast, Line};
use crate::tui::keymap::{Action, Context};
use crate::tui::model::Model;
use crate::tui::msg::Effect;
use crate::tui::state::{Focus, Overlay, Prompt, PromptKind, Screen};
use crate::tui::theme::Role;
use crate::view::index::{Item, Scope};
use crate::view::sheet::Layout;

pub(super) fn act(model: &mut Model, action: Action) -> Option<Effect> {
    match action {
        Action::Down => travel::step(model, 1),
        Action::Up => travel::step(model, -1),
        Action::PageDown => travel::page(model, 1),
        Action::PageUp => travel::page(model, -1),
        Action::First => travel::to_first(model),
        Action::Last => {
            travel::to_last(model);
            let reads = model.screen == Screen::Messages && model.focus != Focus::List;
            if model.load.live && !model.load.ended && !reads {
                model.follow = true;
            }
        }
        Action::Left => travel::sideways(model, -1),
        Action::Right => travel::sideways(model, 1),
        Action::Open => open(model),
        Action::NextPane => turn(model, 1),
        Action::PreviousPane => turn(model, -1),
        Action::Zoom => {
            model.zoom = !model.zoom;
            travel::show(model);
        }
        Action::Sessions => travel::go(model, Screen::Sessions),
        Action::Messages => travel::go(model, Screen::Messages),
        Action::Ladder => travel::go(model, Screen::Ladder),
        Action::Stats => travel::go(model, Screen::Stats),
        Action::Log => travel::go(model, Screen::Log),
        Action::Filter => {
            let text = model.filter.as_ref().map(|filter| filter.text().to_owned()).unwrap_or_default();
            prompt::begin(model, PromptKind::Filter, &text);
        }
        Action::Find => prompt::begin(model, PromptKind::Find, ""),
        Action::CommandLine => prompt::begin(model, PromptKind::Command, ""),
        Action::NextMatch => find::again(model, false),
        Action::PreviousMatch => find::again(model, true),
        Action::Back => {
            if !back(model) {
                model.say(Role::Info, "this is the first screen: q quits");
            }
        }
        Action::Close => {
            if !back(model) {
                return quit(model);
            }
        }
        Action::Partner => partner(model),
        Action::NextTrouble => seek::trouble(model, false),
        Action::PreviousTrouble => seek::trouble(model, true),
        Action::NextJump => seek::odd_timestamp(model, false),
        Action::PreviousJump => seek::odd_timestamp(model, true),
        Action::Include | Action::Exclude => prompt::narrow(model, action == Action::Include),
        Action::Mark => mark(model),
        Action::Compare => return compare(model),
        Action::Copy => menu::copy_menu(model),
        Action::Bytes => lay(model),
        Action::TimeColumn => {
            model.time = model.time.next();
            let (_, meaning) = model.time.names();
            model.say(Role::Info, format!("time column: {meaning}"));
        }
        Action::Mask => {
            model.open = !model.open;
            if let Some(comparison) = &mut model.comparison {
                comparison.refresh(model.open);
            }
            let text = if model.open { "secrets are shown: p masks them" } else { "secrets are masked" };
            model.say(if model.open { Role::Warning } else { Role::Info }, text);
        }
        Action::Follow => return follow(model),
        Action::Stop if model.relay.is_some() => return pause(model),
        Action::Stop => {
            if model.load.ended {
                model.say(Role::Info, "the capture was read to its end");
            } else {
                model.load.stopped = true;
                return Some(Effect::Stop);
            }
        }
        Action::Export => model.overlay = Overlay::Export,
        Action::Ring => match &model.relay {
            Some(relay) if relay.ring => {
                model.say(Role::Info, "writing the ring");
                return Some(Effect::Ring);
            }
            Some(_) => model.say(Role::Info, "there is no ring: proxy --record FILE --ring TIME keeps one"),
            None => model.say(Role::Info, "only a proxy keeps a ring; w writes what is here"),
        },
        Action::Help => model.overlay = Overlay::Help(String::new(), 0),
        Action::Quit => return quit(model),
    }
    None
}

fn open(model: &mut Model) {
    match model.context() {
        Context::Sessions => {
            if let Some(session) = model.session() {
                model.scope = Scope::Session(session);
                model.list = Default::default();
                model.filter = None;
                model.detail.clear();
                model.focus = Focus::List;
                travel::go(model, Screen::Messages);
            }
        }
        Context::List => model.focus = Focus::Tree,
        Context::Tree => {
            if let Some(row) = model.detail.selected() {
                if model.detail.is_group(row) {
                    let close = !model.detail.is_closed(row);
                    model.detail.fold(row, close);
                } else {
                    model.focus = Focus::Bytes;
                }
            }
        }
        Context::Log => {
            if let Some(note) = model.log_item() {
                travel::to_note(model, note);
            }
        }
        Context::Ladder => travel::from_ladder(model),
        Context::Stats => travel::from_stats(model),
        Context::Compare => {
            if let Some(comparison) = &mut model.comparison {
                comparison.brief = !comparison.brief;
                comparison.cursor = Default::default();
            } else {
                open_difference(model);
            }
        }
        Context::Bytes => {}
    }
    travel::show(model);
}

fn turn(model: &mut Model, by: isize) {
    let all = [Focus::List, Focus::Tree, Focus::Bytes];
    let now = all.iter().position(|focus| *focus == model.focus).unwrap_or_default();
    let next = (now as isize + by).rem_euclid(3) as usize;
    if let Some(focus) = all.get(next) {
        model.focus = *focus;
    }
    travel::show(model);
}

/// One step back; false when there is none.
fn back(model: &mut Model) -> bool {
    if model.comparison.take().is_some() || model.contrast.take().is_some() || model.search.take().is_some() {
        return true;
    }
    if model.screen == Screen::Messages && model.focus == Focus::List && model.filter.is_some() {
        let here = model.selected_item();
        model.filter = None;
        if let Some(item) = here {
            travel::to_item(model, item);
        }
    } else if model.screen == Screen::Messages && model.zoom {
        model.zoom = false;
    } else if model.screen == Screen::Messages && model.focus != Focus::List {
        model.focus = Focus::List;
    } else if let Some(screen) = model.before.pop() {
        travel::choose_session(model);
        model.screen = screen;
        if screen == Screen::Sessions {
            model.scope = Scope::All;
            model.filter = None;
            model.list = Default::default();
            model.detail.clear();
        }
    } else if model.screen == Screen::Sessions {
        return false;
    } else {
        travel::go(model, Screen::Sessions);
        model.before.clear();
    }
    travel::show(model);
    true
}

/// Ends the program; where sessions depend on it the user says what becomes of them.
fn quit(model: &mut Model) -> Option<Effect> {
    if model.relay.as_ref().is_some_and(|relay| relay.sessions > 0) {
        model.overlay = Overlay::Leave;
        return None;
    }
    Some(Effect::Quit)
}

/// Lets the screen of a proxy stand still, or go on.
fn pause(model: &mut Model) -> Option<Effect> {
    let relay = model.relay.as_mut()?;
    relay.paused = !relay.paused;
    let paused = relay.paused;
    let text =
        if paused { "the screen stands still, the relay goes on: s shows what came meanwhile" } else { "going on" };
    model.say(Role::Info, text);
    Some(Effect::Pause(paused))
}

/// Stops the program until the shell calls it back, unless others depend on it.
pub(super) fn suspend(model: &mut Model) -> Option<Effect> {
    if model.relay.is_some() {
        model.say(
            Role::Warning,
            "Ctrl-Z would stop the relay: q leaves the screen, and the relay goes on if you say so",
        );
        return None;
    }
    Some(Effect::Suspend)
}

fn partner(model: &mut Model) {
    let row = match model.screen {
        Screen::Ladder => model.ladder.rows().get(model.rung.at).and_then(|rung| match rung.item {
            Item::Message(row) => Some(row),
            Item::Note(_) => None,
        }),
        _ => model.selected_message(),
    };
    let Some(row) = row else { return };
    match model.index.partner(row) {
        Some((other, after)) => {
            match model.ladder.place(&model.index, Item::Message(other)).filter(|_| model.screen == Screen::Ladder) {
                Some(at) => {
                    let (len, page) = (model.ladder.rows().len(), crate::tui::layout::page(model.panes().main));
                    model.rung.jump(at, len, page);
                }
                None => travel::to_item(model, Item::Message(other)),
            }
            let word = if other > row { "the reply, after" } else { "the call, answered after" };
            model.say(Role::Info, format!("{word} {}", crate::view::short_time(after)));
        }
        None => model.say(Role::Info, "this message is no call with a reply, and no reply"),
    }
}

fn mark(model: &mut Model) {
    if model.screen == Screen::Sessions {
        let Some(session) = model.session() else { return };
        if !model.marked_sessions.remove(&session) {
            model.marked_sessions.insert(session);
        }
        travel::step(model, 1);
        return;
    }
    let Some(row) = model.selected_message() else {
        model.say(Role::Info, "only messages can be marked");
        return;
    };
    match model.marks.iter().position(|mark| *mark == row) {
        Some(at) => drop(model.marks.remove(at)),
        None => model.marks.push(row),
    }
    match model.marks.len() {
        2 => model.say(Role::Info, "two messages are marked: d compares them"),
        n => model.say(Role::Info, format!("{n} marked")),
    }
    if model.focus == Focus::List {
        travel::step(model, 1);
    }
}

fn compare(model: &mut Model) -> Option<Effect> {
    if model.screen == Screen::Sessions {
        return compare_sessions(model);
    }
    match model.marks.as_slice() {
        // The two that were marked last, in the order of the capture.
        [.., a, b] => model.comparison = Some(Comparison::new([*a.min(b), *a.max(b)])),
        [one] => match model.selected_message().filter(|row| row != one) {
            Some(row) => model.comparison = Some(Comparison::new([*one.min(&row), *one.max(&row)])),
            None => model.say(Role::Info, "one message is marked: select or mark another"),
        },
        [] => model.say(Role::Info, "mark messages with Space first: two of them are compared"),
    }
    None
}

/// Two marked sessions, or the marked one and the selected one, or the only two that there are.
fn compare_sessions(model: &mut Model) -> Option<Effect> {
    let marked: Vec<u32> = model.marked_sessions.iter().copied().collect();
    let here = model.session();
    let sessions = match (marked.as_slice(), model.index.sessions()) {
        ([a, b], _) => [*a, *b],
        ([one], _) if here.is_some_and(|here| here != *one) => {
            let here = here.unwrap_or_default();
            [here.min(*one), here.max(*one)]
        }
        ([], [a, b]) => [a.number, b.number],
        ([] | [_], _) => {
            model.say(Role::Info, "mark two sessions with Space: they are compared");
            return None;
        }
        (more, _) => {
            let text = format!("{} sessions are marked: two can be compared, Space takes a mark away", more.len());
            model.say(Role::Info, text);
            return None;
        }
    };
    model.contrast = Some(Contrast::new(sessions));
    Some(Effect::Contrast(sessions))
}

/// A difference shows its values or hides them; a value shows the messages that state it.
fn open_difference(model: &mut Model) {
    let Some(contrast) = &mut model.contrast else { return };
    let sessions = contrast.sessions;
    match contrast.selected().cloned() {
        Some(Line::Difference(_, open, _)) => contrast.fold(open),
        Some(Line::Value(_, _, seqs)) => {
            let row = |n: usize| {
                let seq = seqs.get(n).copied().flatten()?;
                model.index.row(sessions.get(n).copied()?, seq)
            };
            match (row(0), row(1)) {
                (Some(a), Some(b)) => model.comparison = Some(Comparison::new([a, b])),
                (Some(row), None) | (None, Some(row)) => travel::to_item(model, Item::Message(row)),
                (None, None) => model.say(Role::Info, "this is told of the session as a whole, by no single message"),
            }
        }
        _ => {}
    }
}

fn lay(model: &mut Model) {
    let next = model.detail.layout.next();
    model.detail.lay(next);
    let text = match next {
        Layout::Body => "bytes of the body, put together",
        Layout::Chunks => "the chunks that carried it: headers stand out",
        Layout::Packets => "the captured packets that carried it",
    };
    model.say(Role::Info, text);
    travel::show(model);
}

fn follow(model: &mut Model) -> Option<Effect> {
    model.follow = !model.follow;
    if !model.follow {
        model.say(Role::Info, "no longer following");
        return None;
    }
    travel::to_newest(model);
    model.say(Role::Info, "following what is captured: move up to stop");
    model.load.ended.then_some(Effect::Follow)
}

/// A prompt with a text in it.
pub(super) fn prompt_with(kind: PromptKind, text: &str) -> Prompt {
    Prompt { kind, text: text.to_owned(), cursor: text.len(), past: 0, draft: String::new(), choice: None }
}
