//! How the model changes: a pure function from what happened to what is to be done.

mod action;
mod find;
mod menu;
mod mouse;
mod prompt;
mod seek;
mod travel;

use super::keymap::Action;
use super::model::Model;
use super::msg::{Effect, Msg, Signal};
use super::state::{Load, Overlay};
use super::theme::Role;
use crate::view::index::{Batch, Item};

/// Takes what happened into the model; what is to be done outside of it comes back.
pub fn update(model: &mut Model, msg: Msg) -> Option<Effect> {
    match msg {
        Msg::Key(key) => return self::key(model, key),
        Msg::Paste(text) => prompt::paste(model, &text),
        Msg::Mouse(mouse, x, y) => return mouse::mouse(model, mouse, x, y),
        Msg::Resize(columns, rows) => {
            model.size = (columns, rows);
            travel::show(model);
        }
        Msg::Began => {
            model.index = crate::view::index::Index::default();
            // What had ended and begins anew goes on for as long as the file grows.
            let live = model.load.live || model.load.ended;
            model.load = Load { live, size: model.load.size, ..Load::default() };
            model.detail.clear();
        }
        Msg::Batch(batch) => self::batch(model, *batch),
        Msg::Progress(bytes, size) => {
            model.load.bytes = bytes;
            model.load.size = size;
        }
        Msg::Ended(why) => {
            model.load.ended = true;
            if let Some(why) = why {
                model.say(Role::Error, why);
            }
        }
        Msg::Inspected(item, inspection) => {
            let open = model.open;
            let inspection = match (&mut model.comparison, inspection, item) {
                (Some(comparison), Some(found), Item::Message(row)) => comparison.take(row, found, open).err(),
                (_, inspection, _) => inspection,
            };
            if model.shown_item() == Some(item) && (inspection.is_some() || model.comparison.is_none()) {
                model.detail.show(item, inspection);
                travel::show(model);
            }
        }
        Msg::Packets(item, packets) => {
            if model.detail.item == Some(item) {
                model.detail.set_packets(packets);
                travel::show(model);
            }
        }
        Msg::Story(session, lines) => {
            let as_of = model.index.session(session).map_or(0, |row| row.messages + u64::from(row.verdict.is_some()));
            model.story = Some((session, as_of, lines));
        }
        Msg::Contrasted(sessions, found) => {
            if let Some(contrast) = model.contrast.as_mut().filter(|contrast| contrast.sessions == sessions) {
                contrast.take(found);
            }
        }
        Msg::Relay(state, sessions) => {
            if let Some(relay) = &mut model.relay {
                (relay.state, relay.sessions) = (state, sessions);
            }
        }
        Msg::Said(text) => model.say(Role::Good, text),
        Msg::Failed(text) => model.say(Role::Error, text),
        Msg::Hits(search, hits, asked, done) => {
            if let Some(filter) = &mut model.filter
                && filter.wants_reading() == Some(search)
            {
                filter.found(&model.index, &hits, asked, done);
                travel::filtered(model);
            }
        }
        Msg::Tick => work(model),
        Msg::Signal(Signal::Suspend) => return action::suspend(model),
        Msg::Signal(signal) => return Some(Effect::End(signal)),
    }
    None
}

fn key(model: &mut Model, key: super::key::Key) -> Option<Effect> {
    model.notice = None;
    match &model.overlay {
        Overlay::None => {
            let action = model.keymap.action(key, model.context());
            // Ctrl-Z belongs to the shell, wherever one is.
            if key == super::key::Key::ctrl('z') {
                return action::suspend(model);
            }
            action.and_then(|action| action::act(model, action))
        }
        Overlay::Help(..) => prompt::help_key(model, key),
        Overlay::Prompt(_) => prompt::key(model, key),
        Overlay::Copy(_) => menu::copy_key(model, key),
        Overlay::Export => menu::export_key(model, key),
        Overlay::Leave => menu::leave_key(model, key),
    }
}

/// Does a slice of the work that waits.
fn work(model: &mut Model) {
    let Some(filter) = &mut model.filter else { return };
    filter.work(&model.index);
    travel::filtered(model);
}

fn batch(model: &mut Model, batch: Batch) {
    let was_empty = model.index.sessions().is_empty();
    model.index.push(batch);
    travel::refresh(model);
    if model.is_busy() {
        work(model);
    }
    if model.follow {
        travel::to_newest(model);
    }
    if was_empty {
        travel::show(model);
    }
}

/// Narrows the list to what fits a filter, as if it had been typed.
pub fn narrow(model: &mut Model, filter: &str) {
    prompt::set_filter(model, filter);
}

/// Does an action from somewhere else than a key: the command line, a test.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Effect> {
    action::act(model, action)
}
