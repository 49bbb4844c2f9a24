//! Sessions whose every name was made to do harm, and what no output may hold of them.
#![allow(dead_code, reason = "every test uses its own part of this")]

use rtmpscope::wire::amf0;
use rtmpscope::wire::chunk::Chunker;
use rtmpscope::wire::code::MessageType;
use rtmpscope::wire::value::Amf;

use crate::common::Numbers;

/// Strings that have done harm elsewhere. Each holds the word that shows that it came through.
pub(crate) const HOSTILE: [&str; 10] = [
    "planted\u{1b}[2J\u{1b}]0;title\u{7}",
    "planted\u{9b}31m\u{85}\u{90}q",
    "\u{202e}detnalp planted\u{2066}\u{200f}\u{feff}",
    "planted\r\n{\"event\":\"end\"}\nnext",
    "planted\",\"event\":\"end\",\"x\":\"",
    "=cmd|' /C calc'!A1,planted",
    "planted|cell|\n| row |",
    "../../../../tmp/planted\0name",
    "planted\u{2028}\u{2029}\u{7f}`$(touch planted)`<script>",
    "planted\n::set-output name=x::y\n]]>&<a b='%0A::error::'>--",
];

fn hostile(n: usize) -> String {
    HOSTILE[n % HOSTILE.len()].to_owned()
}

fn text(n: usize) -> Amf {
    Amf::String(hostile(n).into())
}

/// A body of AMF0 values.
fn body(values: &[Amf]) -> Vec<u8> {
    let mut body = Vec::new();
    amf0::write_all(values, &mut body);
    body
}

/// A session in which every name is hostile: both sides, as (from the client, type, message stream, body). Others begin
/// with another string.
pub(crate) fn talk(turn: usize) -> Vec<(bool, MessageType, u32, Vec<u8>)> {
    let hostile = |n: usize| hostile(n + turn);
    let text = |n: usize| text(n + turn);
    let object = |from: usize| {
        let names = ["app", "tcUrl", "flashVer", "pageUrl", "code", "description", "level", "encoder"];
        let mut members: Vec<_> = names.iter().enumerate().map(|(n, name)| ((*name).into(), text(from + n))).collect();
        members.extend((0..HOSTILE.len()).map(|n| (hostile(n).into(), text(n + 1))));
        Amf::Object(members)
    };
    let call = |name: &str, transaction: f64, rest: Vec<Amf>| {
        let name = Amf::String(name.to_owned().into());
        body(&[vec![name, Amf::Number(transaction)], rest].concat())
    };
    let mut all = vec![
        (true, MessageType::COMMAND, 0, call("connect", 1.0, vec![object(0)])),
        (false, MessageType::COMMAND, 0, call("_result", 1.0, vec![object(1), object(2)])),
    ];
    for n in 0..HOSTILE.len() {
        let stream = Amf::Null;
        all.push((
            true,
            MessageType::COMMAND,
            1,
            call("publish", 2.0 + n as f64, vec![stream.clone(), text(n), text(n + 1)]),
        ));
        all.push((false, MessageType::COMMAND, 1, call("onStatus", 0.0, vec![stream.clone(), object(n)])));
        all.push((true, MessageType::COMMAND, 1, call(&hostile(n), 0.0, vec![stream, text(n)])));
        all.push((
            true,
            MessageType::DATA,
            1,
            body(&[text(n), Amf::String("onMetaData".to_owned().into()), object(n)]),
        ));
        // A shared object: its name, a slot, a handler, a status.
        let mut shared = short(&hostile(n));
        shared.extend([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
        let slot = [short(&hostile(n + 1)), body(&[text(n)])].concat();
        let status = [short(&hostile(n)), short(&hostile(n + 2))].concat();
        for (event, payload) in [(1, vec![]), (4, slot), (6, body(&[text(n), text(n + 1)])), (7, status)] {
            shared.push(event);
            shared.extend((payload.len() as u32).to_be_bytes());
            shared.extend(payload);
        }
        all.push((true, MessageType::SHARED_OBJECT, 0, shared));
        // Classes of AMF0 and AMF3 with their members.
        let name = body(&[text(n), Amf::Number(0.0), Amf::Null]);
        let members = [short(&hostile(n + 1)), body(&[text(n)]), b"\0\0\x09".to_vec()].concat();
        let typed = [name.clone(), vec![0x10], short(&hostile(n)), members].concat();
        all.push((true, MessageType::COMMAND, 1, typed));
        let member = [flex(&hostile(n + 1)), vec![6], flex(&hostile(n + 2)), vec![1]].concat();
        let typed = [&[0][..], &name, &[0x11, 0x0a, 0x0b], &flex(&hostile(n)), &member].concat();
        all.push((true, MessageType::COMMAND_AMF3, 1, typed));
        // Bytes that are no UTF-8.
        all.push((true, MessageType::COMMAND, 1, b"\x02\x00\x0bplanted\xff\x9b\x1b\xfe\x00".to_vec()));
    }
    all
}

/// A string as AMF0 writes it, without its marker.
fn short(text: &str) -> Vec<u8> {
    [&(text.len() as u16).to_be_bytes()[..], text.as_bytes()].concat()
}

/// A string as AMF3 writes it, without its marker.
fn flex(text: &str) -> Vec<u8> {
    let word = (text.len() as u16) << 1 | 1;
    let length = if word < 0x80 { vec![word as u8] } else { vec![0x80 | (word >> 7) as u8, (word & 0x7f) as u8] };
    [&length, text.as_bytes()].concat()
}

/// What both sides of a talk send, with their handshakes, message by message.
pub(crate) fn streams(turn: usize) -> Vec<(bool, Vec<u8>)> {
    let mut numbers = Numbers(1);
    let mut shake =
        || [vec![3, 0, 0, 0, 0, 0, 0, 0, 0], (0..3064).map(|_| numbers.below(256) as u8).collect()].concat();
    let mut all = vec![(true, shake()), (false, shake())];
    all.extend(talk(turn).into_iter().map(|(client, kind, stream, body)| {
        let mut bytes = Vec::new();
        Chunker::default().write(3, 0, kind, stream, &body, &mut bytes);
        (client, bytes)
    }));
    all
}

/// The capture of a talk.
pub(crate) fn capture(turn: usize) -> Vec<u8> {
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4u32, 2 | 4 << 16, 0, 0, 0xffff, 101] {
        file.extend(word.to_le_bytes());
    }
    let mut seqs = [1000u32, 9000];
    let mut packets = 0u32;
    let mut send = |client: bool, flags: u8, payload: &[u8]| {
        let (from, to) = if client { (0, 1) } else { (1, 0) };
        for piece in if payload.is_empty() { vec![payload] } else { payload.chunks(1000).collect() } {
            let mut ip = vec![0x45, 0];
            ip.extend((40 + piece.len() as u16).to_be_bytes());
            ip.extend([0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, from + 1, 10, 0, 0, to + 1]);
            ip.extend(if client { [0x9c, 0x40, 0x07, 0x8f] } else { [0x07, 0x8f, 0x9c, 0x40] });
            ip.extend(seqs[from as usize].to_be_bytes());
            ip.extend(seqs[to as usize].to_be_bytes());
            ip.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
            ip.extend(piece);
            seqs[from as usize] += piece.len() as u32 + u32::from(flags & 3 != 0);
            packets += 1;
            for word in [packets / 1000, packets % 1000 * 1000, ip.len() as u32, ip.len() as u32] {
                file.extend(word.to_le_bytes());
            }
            file.extend(ip);
        }
    };
    send(true, 2, b"");
    send(false, 0x12, b"");
    streams(turn).iter().for_each(|(client, bytes)| send(*client, 0x10, bytes));
    send(true, 0x11, b"");
    send(false, 0x11, b"");
    file
}

/// What must not stand in any output: C0 but the end of a line, DEL, C1, and what turns text around.
pub(crate) fn harmful(c: char) -> bool {
    c != '\n' && c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The records of a CSV text (RFC 4180).
pub(crate) fn records(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = csv.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\n', false) => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (c, _) => cell.push(c),
        }
    }
    rows
}
