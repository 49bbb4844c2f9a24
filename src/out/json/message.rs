//! The message event.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::event::Line;
use super::meaning;
use super::writer::{Object, array, integer, object, string};
use super::{Bodies, Detail, fields, lossless};
use crate::record::{Call, Message, Part, explain_body, explain_header};
use crate::view::Mask;
use crate::wire::code::Kind;

pub(super) fn write(line: &Line, o: &mut Object<'_>, message: &Message, mask: &Mask) {
    let head = &message.head;
    o.text("event", "message").number("session", message.session).number("seq", message.seq);
    o.text("dir", message.dir.name()).seconds("time", line.since_start(message.time));
    o.text("kind", head.message_type.kind().name()).number("type_id", head.message_type.0);
    o.number("csid", head.csid).number("fmt", head.fmt);
    if let Some(stream_id) = message.stream_id() {
        o.number("stream_id", stream_id);
    }
    if let Some(timestamp) = message.timestamp() {
        o.number("timestamp", timestamp);
        if head.unwrapped != u64::from(timestamp) {
            o.number("timestamp_unwrapped", head.unwrapped);
        }
    }
    if let Some(delta) = head.delta {
        o.number("delta", delta);
    }
    if let Some(aggregate) = message.within {
        o.number("within", aggregate);
    }
    o.number("length", head.length).number("chunks", message.chunks);
    o.pair("span", message.span).pair("packets", message.packets);
    if let Some(have) = message.partial {
        o.object("partial", |o| {
            o.number("have", have);
        });
    }
    if message.recovered.is_some() {
        o.boolean("recovered", true);
    }
    meaning::write(o, message, mask);
    let explained = needs_tree(line, message).then(|| explain_body(message));
    let veil = explained.as_ref().map(|tree| mask.veil(message.session, tree, message.body.bytes()));
    if let (true, Some(tree)) = (tells_amf(line, message), &explained) {
        let bytes = message.body.bytes();
        lossless::write_amf(o.key("amf"), tree, &veil.as_ref().map_or(bytes.into(), |veil| veil.bytes(bytes)));
    }
    let bytes = message.body.bytes();
    // The hash of a body with a stream key would let anybody test guesses: it is one of what may be shown.
    let shown = veil.as_ref().map_or(bytes.into(), |veil| veil.bytes(bytes));
    body(o, line.options.bodies, &shown, &shown);
    if line.options.detail >= Detail::Chunks {
        let with_fields = line.options.detail == Detail::Fields;
        array(o.key("parts"), &message.parts, |out, part| object(out, |o| write_part(o, message, part, with_fields)));
    }
    if let (Detail::Fields, Some(tree)) = (line.options.detail, &explained) {
        fields::write(o.key("fields"), tree, message.body.bytes(), veil.as_ref());
    }
}

/// Explaining a body is needed to show it, and to know which of its bytes are secrets.
fn needs_tree(line: &Line, message: &Message) -> bool {
    let shows_bytes = line.options.bodies != Bodies::None;
    let kind = message.head.message_type.kind();
    line.options.detail == Detail::Fields || shows_bytes && !kind.is_media() || tells_amf(line, message)
}

/// Is the body made of AMF values, and are their types wanted?
fn tells_amf(line: &Line, message: &Message) -> bool {
    line.lossless && matches!(message.head.message_type.kind(), Kind::Command | Kind::Data)
}

/// As much of `shown` as was asked for, or the hash of `hashed`.
pub(super) fn body(o: &mut Object<'_>, bodies: Bodies, shown: &[u8], hashed: &[u8]) {
    match bodies {
        Bodies::None => {}
        Bodies::Hash => {
            o.text("hash", &format!("{:016x}", hash(hashed)));
        }
        Bodies::Head(n) => {
            let head = shown.get(..n.min(shown.len())).unwrap_or_default();
            o.text("body", &head.iter().map(|b| format!("{b:02x}")).collect::<String>());
        }
        Bodies::Base64 => {
            o.text("body", &STANDARD.encode(shown));
        }
    }
}

/// 64 bits of a body's SHA-256: stable across machines and versions.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

fn write_part(o: &mut Object<'_>, message: &Message, part: &Part, with_fields: bool) {
    o.pair("span", (part.start, part.end()));
    let first = part.header().first().copied().unwrap_or_default();
    o.number("fmt", first >> 6).number("csid", message.head.csid);
    string(o.key("header"), &part.header().iter().map(|b| format!("{b:02x}")).collect::<String>());
    o.pair("packets", part.packets);
    array(o.key("carriers"), message.carriers_of(part.start, part.end()), |out, carrier| {
        object(out, |o| {
            o.number("packet", carrier.packet).number("at", carrier.at).number("length", carrier.len);
            o.number("frame_offset", carrier.frame_offset);
        });
    });
    if with_fields {
        fields::write(o.key("fields"), &explain_header(part), part.header(), None);
    }
}

/// The other half of a transaction, on either side of it.
pub(super) fn transaction(o: &mut Object<'_>, message: &Message) {
    if let Some(Call::Answered(reply)) = message.call {
        integer(o.key("reply"), reply.seq);
        o.seconds("reply_after", reply.after);
    }
    if let Some(call) = message.reply_to {
        integer(o.key("reply_to"), call.seq);
        o.seconds("reply_after", call.after);
    }
}
