//! What is known of a message besides its bytes.

use super::{Target, TreeRow, plain};
use crate::field::Kind;
use crate::record::{Call, Message, explain_header};
use crate::time::Time;
use crate::view::short_time;

/// Adds a row for each thing, below a row for all of them.
pub(super) fn tell(message: &Message, start: Time, rows: &mut Vec<TreeRow>) {
    let head = &message.head;
    let kind = head.message_type;
    let title = format!("{} of session {}", message.seq, message.session);
    rows.push(TreeRow { kind: Kind::Group, target: Target::Everything, ..plain(0, "message", &title, 0) });
    let mut fact = |name: &str, value: String| {
        let end = rows.len() + 1;
        rows.push(TreeRow { kind: Kind::Derived, ..plain(1, name, &value, end) });
    };
    fact("type", format!("{} ({})", kind.0, kind.name().unwrap_or("unknown")));
    fact("direction", message.dir.name().to_owned());
    fact("captured", format!("{:.6} s after the start", message.time.since(start)));
    if message.time != message.began {
        fact("took", format!("{} from first to last byte", short_time(message.time.since(message.began))));
    }
    let timestamp = match (message.timestamp(), head.delta) {
        (None, _) => "not known after lost bytes".to_owned(),
        (Some(time), None) => format!("{time} ms, absolute"),
        (Some(time), Some(delta)) => {
            format!("{time} ms, {delta} ms after the one before on chunk stream {}", head.csid)
        }
    };
    fact("timestamp", timestamp);
    let stream = message.stream_id().map_or_else(|| "not known after lost bytes".to_owned(), |id| id.to_string());
    fact("message stream", stream);
    let (from, to) = message.span;
    fact("stream bytes", format!("{from}..{to} of {}", message.dir.name()));
    let (first, last) = message.packets;
    fact("packets", if first == last { first.to_string() } else { format!("{first} to {last}") });
    let length = match message.partial {
        Some(have) => format!("{} bytes, of which {have} arrived", head.length),
        None => format!("{} bytes", head.length),
    };
    fact("length", length);
    if let Some(within) = message.within {
        fact("within", format!("the aggregate in message {within}"));
    }
    if let Some(was) = message.replaces {
        fact("replaces", was.to_string());
    }
    match (message.call, message.reply_to) {
        (Some(Call::Answered(reply)), _) => {
            fact("reply", format!("message {} after {}", reply.seq, short_time(reply.after)));
        }
        (_, Some(call)) => fact("answers", format!("message {} after {}", call.seq, short_time(call.after))),
        _ => {}
    }
}

/// Ties facts to the fields of the first chunk's header that state them.
pub(super) fn tie(message: &Message, facts: &mut [TreeRow]) {
    const FIELDS: [(&str, &[&str]); 4] = [
        ("type", &["message_type"]),
        ("timestamp", &["extended_timestamp", "timestamp", "timestamp_delta"]),
        ("message stream", &["message_stream_id"]),
        ("length", &["message_length"]),
    ];
    let Some(part) = message.parts.first() else { return };
    let tree = explain_header(part);
    for fact in facts {
        let fields = FIELDS.iter().find(|(name, _)| *name == fact.name).map_or(&[][..], |(_, fields)| fields);
        let mut nodes = fields.iter().filter_map(|name| tree.leaves().find(|node| node.field.name == *name));
        if let Some(node) = nodes.next() {
            fact.target = Target::Header(0, node.bits);
            fact.about = node.field.about;
        }
    }
}
