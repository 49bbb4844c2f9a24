//! What a message event says, in one line: for lists of exports, whose messages are no longer there.

use super::read::{Json, Members};
use crate::view::clean;

/// Lines of objects with many members end here.
const LONGEST: usize = 200;

/// One line about a message event.
pub(crate) fn what(event: &Members<'_>) -> String {
    let kind = event.text("kind").unwrap_or_default();
    let Some(said) = event.object(&kind) else { return String::new() };
    let mut line = String::new();
    let text = |name: &str| said.text(name).unwrap_or_default();
    match &*kind {
        "command" => {
            line.push_str(&text("name"));
            members(&mut line, said.find("object"), &[]);
            members(&mut line, said.find("args"), &[]);
            for (name, sign) in [("reply", "->"), ("reply_to", "<-")] {
                if let Some(seq) = said.unsigned(name) {
                    line.push_str(&format!(" {sign} #{seq}"));
                }
            }
        }
        "data" => {
            line.push_str(&text("handler"));
            members(&mut line, said.find("values"), &[]);
        }
        "control" => {
            line.push_str(&text("op").replace('_', " "));
            for name in ["value", "csid", "limit"] {
                push(&mut line, said.find(name));
            }
            if let Some(previous) = said.unsigned("previous") {
                line.push_str(&format!(" (was {previous})"));
            }
        }
        "user_control" => {
            line.push_str(&text("name").replace('_', " "));
            members(&mut line, event.find(&kind), &["name"]);
        }
        "audio" | "video" => {
            let codec = text("codec");
            line.push_str(if codec.is_empty() { &kind } else { &codec });
            let key = said.boolean("keyframe") == Some(true);
            line.push_str(if key { " key frame" } else { "" });
            if !key {
                push(&mut line, said.text("packet").map(|packet| Json::Text(packet.replace('_', " ").into())));
            }
            members(&mut line, said.find("config"), &[]);
        }
        "aggregate" => line.push_str(&format!("{} messages", said.unsigned("messages").unwrap_or_default())),
        _ => {
            line.push_str(&text("name"));
            members(&mut line, said.find("events"), &[]);
        }
    }
    clean(&line).into_owned()
}

/// ` name=value` for the scalar members below a value, in the order in which they are written.
fn members(line: &mut String, value: Option<Json<'_>>, but: &[&str]) {
    match value {
        Some(Json::Object(raw)) => {
            for (name, value) in Json::Object(raw).members().iter().filter(|(name, _)| !but.contains(name)) {
                match value {
                    Json::Object(_) | Json::Array(_) => members(line, Some(value), &[]),
                    value if line.len() < LONGEST => {
                        line.push_str(&format!(" {name}="));
                        line.push_str(&scalar(&value));
                    }
                    _ => {}
                }
            }
        }
        Some(array @ Json::Array(_)) => array.items().into_iter().for_each(|item| members(line, Some(item), &[])),
        Some(Json::Null) => {}
        value => push(line, value),
    }
}

fn push(line: &mut String, value: Option<Json<'_>>) {
    if let Some(value) = value.filter(|_| line.len() < LONGEST) {
        line.push(' ');
        line.push_str(&scalar(&value));
    }
}

fn scalar(value: &Json<'_>) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Boolean(b) => b.to_string(),
        Json::Unsigned(n) => n.to_string(),
        Json::Float(n) => n.to_string(),
        Json::Text(text) => text.clone().into_owned(),
        Json::Array(raw) | Json::Object(raw) => (*raw).to_owned(),
    }
}
