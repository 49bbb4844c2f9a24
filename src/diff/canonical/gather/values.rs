//! Commands and data messages in canonical form.

use std::collections::HashMap;

use super::Building;
use crate::diff::canonical::{LaneKind, Role};
use crate::diff::observed::{Message, repeated};
use crate::field::Secrecy;
use crate::stream::Direction;
use crate::wire::command::{Command, known};
use crate::wire::data::Data;
use crate::wire::value::Amf;

impl Building {
    pub(super) fn command(&mut self, message: &Message<'_>, command: &Command) {
        let call = message.reply_to.and_then(|(seq, _)| self.calls.get(&seq).cloned());
        let reply_to = call.as_ref().and_then(|(name, _)| known(name.as_bytes()));
        self.texts.secrets.learn(command);
        let roles = command.roles(reply_to);
        let name: Box<str> = self.texts.hide(&command.name, Secrecy::Open).into();
        let mut body = Vec::new();
        let what = match (&call, command.is_reply()) {
            (Some((call, nth)), true) => {
                self.count_call("call", *nth, &mut body);
                format!("{name}({call})")
            }
            (_, is_reply) => {
                if command.transaction.is_some_and(|transaction| transaction != 0.0) && !is_reply {
                    let nth = self.called.entry(name.clone()).or_default();
                    *nth += 1;
                    let nth = *nth;
                    self.calls.insert(message.seq, (name.clone(), nth));
                    self.count_call("call", nth, &mut body);
                } else if command.transaction.is_none() {
                    body.push(("transaction".into(), Amf::String("missing".into())));
                }
                name.to_string()
            }
        };
        if self.strict.ids {
            body.extend(command.transaction.map(|n| ("transaction_id".into(), Amf::Number(n))));
        }
        if !matches!(command.object, Amf::Null | Amf::Undefined) && command.object.as_str() != Some("undefined") {
            body.push(("object".into(), self.texts.value(&command.object, Some(roles.object), "")));
        }
        let mut seen: HashMap<&str, u32> = HashMap::new();
        for (n, value) in command.args.iter().enumerate() {
            let field = roles.arg(n);
            let count = seen.entry(field.name).or_default();
            *count += 1;
            let value = match (field.name, value) {
                ("new_stream_id" | "deleted_stream_id", Amf::Number(_)) => self.stream(value),
                // GStreamer gives the stream's name back instead of its number.
                (name, value) => self.texts.value(value, Some(field), name),
            };
            body.push((repeated(field.name, *count).into(), value));
        }
        self.note(message, command, &body);
        let order = Some(key_order(&command.object, &command.args));
        self.put(message, LaneKind::Control, what, body, order);
    }

    /// What a session is about, and how long answers took.
    fn note(&mut self, message: &Message<'_>, command: &Command, body: &[(Box<str>, Amf)]) {
        let text = |name: &str| body.iter().find(|(key, _)| &**key == name).and_then(|(_, value)| value.as_str());
        let role = match (&*command.name, message.dir) {
            ("connect", Direction::ClientToServer) => {
                let object = body.iter().find(|(key, _)| &**key == "object").map(|(_, value)| value);
                self.session.app = object.and_then(|o| o.member("app")).and_then(Amf::as_str).map(str::to_owned);
                return;
            }
            ("publish", Direction::ClientToServer) => Role::Publish,
            ("play" | "play2", Direction::ClientToServer) => Role::Play,
            _ => {
                let asked = message.reply_to.and_then(|(seq, _)| self.calls.get(&seq).map(|(name, _)| name.clone()));
                let took = message.reply_to.map(|(_, took)| took).unwrap_or_default();
                match asked.as_deref() {
                    Some("connect") => self.startup_span("connect_ms", took),
                    Some("publish") => self.startup_span("publish_ms", took),
                    Some("play") => self.startup_span("play_ms", took),
                    _ => {}
                }
                return;
            }
        };
        self.session.role = match (self.session.role, role) {
            (Role::Other, role) => role,
            (old, role) if old == role => old,
            _ => Role::Both,
        };
        if self.session.stream.is_none() {
            self.session.stream = text("stream_name").map(str::to_owned);
        }
    }

    pub(super) fn data(&mut self, message: &Message<'_>, data: &Data) {
        let handler = self.texts.hide(&data.handler, Secrecy::Open);
        let (inner, values) = data.inner();
        let what = match values.len() == data.values.len() {
            true => handler,
            false => format!("{handler} {inner}"),
        };
        let skipped = data.values.len() - values.len();
        let body = match values {
            [Amf::Object(members)] => self.texts.members(members, Some(data.role(skipped))),
            [] => Vec::new(),
            values => {
                let values = values.iter().enumerate();
                let values = values.map(|(n, v)| self.texts.value(v, Some(data.role(n + skipped)), "")).collect();
                vec![("values".into(), Amf::Array(values))]
            }
        };
        let order = Some(key_order(&Amf::Null, &data.values));
        self.put(message, LaneKind::Data, what, body, order);
    }
}

/// Does a command hold secrets that an export masked?
pub(super) fn is_masked(command: &Command) -> bool {
    fn masked(value: &Amf) -> bool {
        match value {
            Amf::String(text) => text.contains("****"),
            Amf::Object(members) => members.iter().any(|(_, value)| masked(value)),
            Amf::Array(items) => items.iter().any(masked),
            _ => false,
        }
    }
    masked(&command.object) || command.args.iter().any(masked)
}

/// The order of all keys, as a hash: two messages with the same members differ in it when their order does.
fn key_order(object: &Amf, args: &[Amf]) -> u64 {
    fn walk(value: &Amf, hash: &mut u64) {
        match value {
            Amf::Object(members) => {
                for (name, value) in members {
                    for byte in name.bytes().chain([0]) {
                        *hash = (*hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
                    }
                    walk(value, hash);
                }
            }
            Amf::Array(items) => items.iter().for_each(|item| walk(item, hash)),
            _ => {}
        }
    }
    let mut hash = 0xcbf2_9ce4_8422_2325;
    walk(object, &mut hash);
    args.iter().for_each(|value| walk(value, &mut hash));
    hash
}
