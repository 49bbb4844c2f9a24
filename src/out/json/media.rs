//! What a session's sound and pictures are, in the event that closes it.

use super::meaning::{write_audio_config, write_video_config};
use super::writer::{Object, array, float, object, string};
use crate::view::{Difference, Media, Setup, Track};
use crate::wire::code::Kind;

pub(super) fn write(o: &mut Object<'_>, media: &Media) {
    if media.tracks().is_empty() {
        return;
    }
    array(o.key("media"), media.tracks(), |out, track| object(out, |o| write_track(o, track)));
    let differences = media.differences();
    if !differences.is_empty() {
        array(o.key("differs"), &differences, |out, difference| object(out, |o| write_difference(o, difference)));
    }
}

fn write_track(o: &mut Object<'_>, track: &Track) {
    let lane = &track.lane;
    o.text("dir", track.dir.name()).text("kind", kind(track.kind()));
    if let Some(stream) = track.stream {
        o.number("stream_id", stream);
    }
    o.number("track", track.id);
    array(o.key("codecs"), lane.codec_words(), string);
    match &track.setup {
        Setup::Video(Some(config)) => {
            o.object("config", |o| write_video_config(o, config));
        }
        Setup::Audio(Some(config)) => {
            o.object("config", |o| write_audio_config(o, config));
        }
        Setup::Video(None) | Setup::Audio(None) => {}
    }
    if let Some((width, height)) = track.size() {
        o.number("width", width).number("height", height);
    }
    o.number("messages", lane.messages).number("frames", lane.frames).number("bytes", lane.bytes);
    if track.kind() == Kind::Video {
        o.number("keyframes", lane.keyframes);
    }
    if let Some((first, last)) = lane.timestamps {
        o.pair("timestamps", (first, last));
    }
    for (key, measured) in [("per_second", lane.per_second()), ("kbps", lane.rate())] {
        if let Some(measured) = measured {
            float(o.key(key), (measured * 1000.0).round() / 1000.0);
        }
    }
}

fn write_difference(o: &mut Object<'_>, difference: &Difference) {
    let Difference { dir, stream, kind: medium, track, what, text } = difference;
    o.text("dir", dir.name()).text("kind", kind(*medium));
    if let Some(stream) = stream {
        o.number("stream_id", *stream);
    }
    o.number("track", *track).text("what", what).text("text", text);
}

fn kind(kind: Kind) -> &'static str {
    if kind == Kind::Video { "video" } else { "audio" }
}
