//! The message event.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::event::Line;
use super::meaning;
use super::writer::{Object, Written, array, hex, integer, key, object};
use super::{Bodies, Detail, VERSION, fields, lossless};
use crate::record::{Call, Message, Part, explain_body, explain_header};
use crate::view::Mask;
use crate::wire::code::{Kind, MessageType};

/// What all message events begin with.
const BEGIN: Written = Written(",\"v\":1,\"event\":\"message\",\"session\":");
const _: () = assert!(VERSION == 1);
/// What they are, of nearly all.
const SOUND: Written = Written(",\"kind\":\"audio\",\"type_id\":");
const PICTURE: Written = Written(",\"kind\":\"video\",\"type_id\":");

pub(super) fn write(line: &Line, o: &mut Object<'_>, message: &Message, mask: &Mask) {
    let head = &message.head;
    o.number(BEGIN, message.session).number(key!("seq"), message.seq);
    o.word(key!("dir"), message.dir.name()).seconds(key!("time"), line.since_start(message.time));
    match head.message_type {
        MessageType::AUDIO => o.key(SOUND).push(b'8'),
        MessageType::VIDEO => o.key(PICTURE).push(b'9'),
        other => _ = o.word(key!("kind"), other.kind().name()).number(key!("type_id"), other.0),
    }
    o.number(key!("csid"), head.csid).number(key!("fmt"), head.fmt);
    if let Some(stream_id) = message.stream_id() {
        o.number(key!("stream_id"), stream_id);
    }
    if let Some(timestamp) = message.timestamp() {
        o.number(key!("timestamp"), timestamp);
        if head.unwrapped != u64::from(timestamp) {
            o.number(key!("timestamp_unwrapped"), head.unwrapped);
        }
    }
    if let Some(delta) = head.delta {
        o.number(key!("delta"), delta);
    }
    if let Some(aggregate) = message.within {
        o.number(key!("within"), aggregate);
    }
    o.number(key!("length"), head.length).number(key!("chunks"), message.chunks);
    o.pair(key!("span"), message.span).pair(key!("packets"), message.packets);
    if let Some(have) = message.partial {
        o.object(key!("partial"), |o| {
            o.number(key!("have"), have);
        });
    }
    if message.recovered.is_some() {
        o.boolean(key!("recovered"), true);
    }
    meaning::write(o, message, mask);
    let explained = needs_tree(line, message).then(|| explain_body(message));
    let veil = explained.as_ref().map(|tree| mask.veil(message.session, tree, message.body.bytes()));
    if let (true, Some(tree)) = (tells_amf(line, message), &explained) {
        let bytes = message.body.bytes();
        lossless::write_amf(o.key(key!("amf")), tree, &veil.as_ref().map_or(bytes.into(), |veil| veil.bytes(bytes)));
    }
    let bytes = message.body.bytes();
    // The hash of a body with a stream key would let anybody test guesses: it is one of what may be shown.
    let shown = veil.as_ref().map_or(bytes.into(), |veil| veil.bytes(bytes));
    body(o, line.options.bodies, &shown, &shown);
    if line.options.detail >= Detail::Chunks {
        let with_fields = line.options.detail == Detail::Fields;
        array(o.key(key!("parts")), &message.parts, |out, part| {
            object(out, |o| write_part(o, message, part, with_fields))
        });
    }
    if let (Detail::Fields, Some(tree)) = (line.options.detail, &explained) {
        fields::write(o.key(key!("fields")), tree, message.body.bytes(), veil.as_ref());
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
            hex(o.key(key!("hash")), &hash(hashed).to_be_bytes());
        }
        Bodies::Head(n) => {
            let head = shown.get(..n.min(shown.len())).unwrap_or_default();
            hex(o.key(key!("body")), head);
        }
        Bodies::Base64 => {
            o.text(key!("body"), &STANDARD.encode(shown));
        }
    }
}

/// 64 bits of a body's SHA-256: stable across machines and versions.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

fn write_part(o: &mut Object<'_>, message: &Message, part: &Part, with_fields: bool) {
    o.pair(key!("span"), (part.start, part.end()));
    let first = part.header().first().copied().unwrap_or_default();
    o.number(key!("fmt"), first >> 6).number(key!("csid"), message.head.csid);
    hex(o.key(key!("header")), part.header());
    o.pair(key!("packets"), part.packets);
    array(o.key(key!("carriers")), message.carriers_of(part.start, part.end()), |out, carrier| {
        object(out, |o| {
            o.number(key!("packet"), carrier.packet).number(key!("at"), carrier.at).number(key!("length"), carrier.len);
            o.number(key!("frame_offset"), carrier.frame_offset);
        });
    });
    if with_fields {
        fields::write(o.key(key!("fields")), &explain_header(part), part.header(), None);
    }
}

/// The other half of a transaction, on either side of it.
pub(super) fn transaction(o: &mut Object<'_>, message: &Message) {
    if let Some(Call::Answered(reply)) = message.call {
        integer(o.key(key!("reply")), reply.seq);
        o.seconds(key!("reply_after"), reply.after);
    }
    if let Some(call) = message.reply_to {
        integer(o.key(key!("reply_to")), call.seq);
        o.seconds(key!("reply_after"), call.after);
    }
}
