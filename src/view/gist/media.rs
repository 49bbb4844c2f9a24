//! Sound and pictures in one line. They are nearly all messages of a capture: their lines are put together without
//! memory of their own.

use std::fmt::Write as _;

use crate::wire::audio::Audio;
use crate::wire::enhanced::{EnhancedVideo, Header, Multitrack, Tracks, VideoPacket};
use crate::wire::video::{Video, command_name};

/// Appends the line for sound to an empty one.
pub(super) fn audio(line: &mut String, audio: &Audio) {
    let packet = audio.packet();
    let Audio::Enhanced(enhanced) = audio else {
        word(line, short(audio.title()));
        word(line, if packet == Some("raw") { "frame" } else { audio.packet_title().unwrap_or_default() });
        return;
    };
    let header = &enhanced.header;
    begin(line, header, enhanced.title());
    match packet {
        Some("coded_frames") => word(line, "frame"),
        Some(_) => word(line, audio.packet_title().unwrap_or_default()),
        None => reserved(line, header.packet.0),
    }
    if let Some(channels) = enhanced.channels {
        let _ = write!(line, ", {channels} {}", if channels == 1 { "channel" } else { "channels" });
    }
    finish(line, header);
}

/// Appends the line for pictures to an empty one.
pub(super) fn video(line: &mut String, video: &Video) {
    let frame = video.frame_title().unwrap_or_default();
    let packet = video.packet_title().unwrap_or_default();
    match video {
        Video::Enhanced(enhanced) => enhanced_video(line, enhanced, frame, packet),
        Video::Empty => word(line, packet),
        Video::Legacy(tag) => {
            word(line, short(video.title()));
            word(line, if matches!(video.packet(), None | Some("coded_frames")) { frame } else { packet });
            shown(line, tag.composition_ms);
        }
    }
}

fn enhanced_video(line: &mut String, video: &EnhancedVideo, frame: &str, packet: &str) {
    let header = &video.header;
    if let Some(command) = video.command {
        let _ = match command_name(u64::from(command)) {
            Some(name) => write!(line, "{frame}: {name}"),
            None => write!(line, "{frame} {command}"),
        };
        return;
    }
    // Colours are about the pictures that follow, whatever their codec.
    if header.packet != VideoPacket::METADATA || header.tracks.is_some() {
        begin(line, header, video.title());
    }
    if header.packet.is_coded() {
        word(line, if frame.is_empty() { "frame" } else { frame });
    } else if packet.is_empty() {
        reserved(line, header.packet.0);
    } else {
        word(line, packet);
    }
    shown(line, video.composition_ms);
    finish(line, header);
}

/// How the line for an Enhanced RTMP message begins: its codec and its track.
fn begin<P>(line: &mut String, header: &Header<P>, title: Option<&'static str>) {
    match (title, header.fourcc) {
        (None, Some(fourcc)) => {
            let _ = write!(line, "{fourcc:?}");
        }
        _ => word(line, short(title)),
    }
    if let Some(Tracks { form: Multitrack::ONE_TRACK, first: Some(track), .. }) = header.tracks {
        word(line, "track ");
        number(line, track);
    }
}

/// How it ends: the number of its tracks, and the fraction of its time.
fn finish<P>(line: &mut String, header: &Header<P>) {
    match header.tracks {
        None | Some(Tracks { form: Multitrack::ONE_TRACK, .. }) => {}
        Some(Tracks { count: Some(1), .. }) => line.push_str(", 1 track"),
        Some(Tracks { count: Some(count), .. }) => {
            let _ = write!(line, ", {count} tracks");
        }
        Some(Tracks { count: None, .. }) => line.push_str(", many tracks"),
    }
    if let Some(nanos) = header.nano_offset.filter(|nanos| *nanos != 0) {
        let _ = write!(line, ", +{nanos} ns");
    }
}

fn shown(line: &mut String, composition_ms: Option<i32>) {
    if let Some(offset) = composition_ms.filter(|offset| *offset != 0) {
        line.push_str(if offset > 0 { ", shown +" } else { ", shown " });
        number(line, offset);
        line.push_str(" ms");
    }
}

fn reserved(line: &mut String, packet: u8) {
    word(line, "reserved packet type ");
    number(line, packet);
}

/// Appends a word, if there is one, apart from what stands before it.
fn word(line: &mut String, word: &str) {
    if !line.is_empty() && !word.is_empty() {
        line.push(' ');
    }
    line.push_str(word);
}

fn number(line: &mut String, number: impl itoa::Integer) {
    line.push_str(itoa::Buffer::new().format(number));
}

/// The name of a codec without what stands in brackets: HEVC for HEVC (H.265).
fn short(title: Option<&'static str>) -> &'static str {
    let title = title.unwrap_or_default();
    // Names are short: looking at each byte takes less than preparing a search.
    let end = title.bytes().position(|byte| byte == b'(').unwrap_or(title.len());
    title.get(..end).unwrap_or(title).trim_end()
}
