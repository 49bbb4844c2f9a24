//! What a message says, as the one member that its kind adds to the event.

use super::amf::{self, Scene};
use super::message::transaction;
use super::writer::{Object, array, float, key, object, string, word};
use crate::field::Field;
use crate::record::Message;
use crate::view::Mask;
use crate::wire::aggregate::Aggregate;
use crate::wire::audio::{Audio, SoundFormat};
use crate::wire::body::Body;
use crate::wire::codec::VideoConfig;
use crate::wire::codec::audio::AudioConfig;
use crate::wire::command::Command;
use crate::wire::control::Control;
use crate::wire::data::Data;
use crate::wire::enhanced::payload::VideoFacts;
use crate::wire::enhanced::{Header, Multitrack};
use crate::wire::fourcc::FourCc;
use crate::wire::shared_object::{self, Payload, SharedObject};
use crate::wire::user::{Event, UserControl};
use crate::wire::value::Amf;
use crate::wire::video::Video;

pub(super) fn write(o: &mut Object<'_>, message: &Message, mask: &Mask) {
    let scene = Scene { mask, session: message.session };
    match &message.meaning {
        Body::Control(control) => {
            o.object("control", |o| write_control(o, control, message.replaces));
        }
        Body::UserControl(user) => {
            o.object("user_control", |o| write_user(o, user));
        }
        Body::Command(command) => {
            o.object("command", |o| write_command(o, command, message, scene));
        }
        Body::Data(data) => {
            o.object("data", |o| write_data(o, data, scene));
        }
        Body::Audio(audio) => {
            o.object(key!("audio"), |o| write_audio(o, audio));
        }
        Body::Video(video) => {
            o.object(key!("video"), |o| write_video(o, video));
        }
        Body::Aggregate(aggregate) => {
            o.object("aggregate", |o| write_aggregate(o, aggregate));
        }
        Body::SharedObject(shared) => {
            o.object("shared_object", |o| write_shared(o, shared, scene));
        }
        _ => {}
    }
}

fn write_control(o: &mut Object<'_>, control: &Control, replaces: Option<u32>) {
    o.text("op", control.op());
    match control {
        Control::SetChunkSize { value } => o.number("value", *value),
        Control::Abort { csid } => o.number("csid", *csid),
        Control::Acknowledgement { sequence } => o.number("value", *sequence),
        Control::WindowAckSize { size } => o.number("value", *size),
        Control::SetPeerBandwidth { size, limit } => {
            o.number("value", *size);
            match limit.map(|limit| (limit.word(), limit.0)) {
                Some((Some(word), _)) => o.text("limit", word),
                Some((None, number)) => o.text("limit", &number.to_string()),
                None => o,
            }
        }
    };
    if let Some(previous) = replaces {
        o.number("previous", previous);
    }
}

fn write_user(o: &mut Object<'_>, user: &UserControl) {
    o.number("code", user.code.0);
    if let Some(name) = user.code.word() {
        o.text("name", name);
    }
    match user.event {
        Event::Stream(stream) => o.number("stream", stream),
        Event::BufferLength { stream, buffer_ms } => o.number("stream", stream).number("buffer_ms", buffer_ms),
        Event::Ping(time) => o.number("time", time),
        Event::SwfRequest(kind) => o.number("swf_request", kind),
        Event::SwfResponse { size } => o.number("swf_size", size),
        Event::FlowSync { sync_id, count } => o.number("sync_id", sync_id).number("count", count),
        Event::Keepalive { server_ms, peer_ms } => o.number("server_ms", server_ms).number("peer_ms", peer_ms),
        Event::Opaque => o,
    };
}

fn write_command(o: &mut Object<'_>, command: &Command, message: &Message, scene: Scene<'_>) {
    o.text("name", &scene.mask.echoes(scene.session, &command.name));
    if let Some(transaction) = command.transaction {
        float(o.key("transaction"), transaction);
    }
    let roles = command.roles(message.context.reply_to);
    amf::write(o.key("object"), &command.object, Some(roles.object), scene);
    values(o, "args", &command.args, |n| Some(roles.arg(n)), scene);
    transaction(o, message);
}

fn write_data(o: &mut Object<'_>, data: &Data, scene: Scene<'_>) {
    string(o.key("handler"), &scene.mask.echoes(scene.session, &data.handler));
    values(o, "values", &data.values, |n| Some(data.role(n)), scene);
}

fn write_aggregate(o: &mut Object<'_>, aggregate: &Aggregate) {
    o.number("messages", aggregate.parts.len()).text("time_order", aggregate.order.word());
}

fn write_shared(o: &mut Object<'_>, shared: &SharedObject, scene: Scene<'_>) {
    o.text("name", &scene.mask.echoes(scene.session, &shared.name));
    o.number("version", shared.version).boolean("persistent", shared.persistent);
    array(o.key("events"), &shared.events, |out, event| object(out, |o| write_event(o, event, scene)));
}

fn write_event(o: &mut Object<'_>, event: &shared_object::Event, scene: Scene<'_>) {
    let shown = |text| scene.mask.echoes(scene.session, text);
    o.number("type", event.kind.0);
    if let Some(name) = event.kind.word() {
        o.text("name", name);
    }
    match &event.payload {
        Payload::Empty => {}
        Payload::Slots(slots) => {
            o.object("slots", |o| amf::write_members(o, slots, None, scene));
        }
        Payload::Key(key) => {
            o.text("key", &shown(key));
        }
        Payload::Message { handler, args } => {
            o.text("handler", &shown(handler));
            values(o, "args", args, |_| None, scene);
        }
        Payload::Status { code, level } => {
            o.text("code", &shown(code)).text("level", &shown(level));
        }
        Payload::Opaque(bytes) => {
            o.number("bytes", bytes.len());
        }
    }
}

fn values(
    o: &mut Object<'_>,
    key: &'static str,
    values: &[Amf],
    role: impl Fn(usize) -> Option<&'static Field>,
    scene: Scene<'_>,
) {
    array(o.key(key), values.iter().enumerate(), |out, (n, value)| amf::write(out, value, role(n), scene));
}

fn write_audio(o: &mut Object<'_>, audio: &Audio) {
    if let Some(codec) = audio.codec() {
        o.word(key!("codec"), codec);
    }
    o.boolean(key!("enhanced"), matches!(audio, Audio::Enhanced(_)));
    if let Audio::Enhanced(enhanced) = audio {
        write_fourcc(o, enhanced.header.fourcc);
        write_packet(o, audio.packet(), enhanced.header.packet.0);
        write_header(o, &enhanced.header);
        if let Some(channels) = enhanced.channels {
            o.number(key!("channels"), channels);
        }
    } else if let Some(packet) = audio.packet() {
        o.word(key!("packet"), packet);
    }
    if let Some(config) = audio.config().filter(|_| audio.is_sequence_header()) {
        o.object(key!("config"), |o| write_audio_config(o, &config));
    }
    if let Audio::Legacy(tag) = audio {
        o.number(key!("format_id"), tag.format.0);
        // An AAC header says 44100 Hz stereo whatever the stream is.
        if tag.format != SoundFormat::AAC {
            if let Some(rate) = tag.rate.hertz() {
                o.number(key!("rate"), rate);
            }
            o.number(key!("bits"), if tag.wide { 16u8 } else { 8 })
                .number(key!("channels"), if tag.stereo { 2u8 } else { 1 });
        }
    }
}

fn write_video(o: &mut Object<'_>, video: &Video) {
    if let Some(codec) = video.codec() {
        o.word(key!("codec"), codec);
    }
    o.boolean(key!("enhanced"), matches!(video, Video::Enhanced(_)));
    write_video_facts(o, video.facts());
    if let Video::Enhanced(enhanced) = video {
        write_fourcc(o, enhanced.header.fourcc);
        if enhanced.command.is_none() {
            write_packet(o, video.packet(), enhanced.header.packet.0);
        }
        o.boolean(key!("keyframe"), video.is_keyframe()).number(key!("frame_type"), enhanced.frame.0);
        if let Some(offset) = enhanced.composition_ms {
            o.number(key!("composition_ms"), offset);
        }
        write_header(o, &enhanced.header);
        if let Some(command) = enhanced.command {
            o.number(key!("command"), command);
        }
        return;
    }
    if let Some(packet) = video.packet() {
        o.word(key!("packet"), packet);
    }
    o.boolean(key!("keyframe"), video.is_keyframe());
    if let Video::Legacy(tag) = video {
        o.number(key!("codec_id"), tag.codec.0).number(key!("frame_type"), tag.frame.0);
        if let Some(offset) = tag.composition_ms {
            o.number(key!("composition_ms"), offset);
        }
        if let Some(command) = tag.command {
            o.number(key!("command"), command);
        }
    }
}

pub(super) fn write_audio_config(o: &mut Object<'_>, config: &AudioConfig) {
    if let Some(profile) = config.profile() {
        o.text(key!("profile"), profile);
    }
    if let Some(rate) = config.sample_rate {
        o.number(key!("rate"), rate);
    }
    if let Some(channels) = config.channels {
        o.number(key!("channels"), channels);
    }
    if let Some(samples) = config.samples_per_frame {
        o.number(key!("samples_per_frame"), samples);
    }
    if let Some(bits) = config.bits_per_sample {
        o.number(key!("bits"), bits);
    }
}

/// What a decoder configuration says, and the units of a coded picture.
fn write_video_facts(o: &mut Object<'_>, facts: &VideoFacts) {
    if let Some(config) = &facts.config {
        o.object(key!("config"), |o| write_video_config(o, config));
    }
    if let Some(units) = facts.units.filter(|units| units.types().next().is_some()) {
        array(o.key(key!("nals")), units.types(), |out, unit| word(out, unit.word().unwrap_or("reserved")));
    }
}

pub(super) fn write_video_config(o: &mut Object<'_>, config: &VideoConfig) {
    for (key, text) in [("profile", config.profile()), ("level", config.level()), ("chroma", config.chroma())] {
        if let Some(text) = text {
            o.text(key, text);
        }
    }
    if let Some((width, height)) = config.size() {
        o.number(key!("width"), width).number(key!("height"), height);
    }
    if let Some(fps) = config.fps().filter(|fps| fps.is_finite()) {
        float(o.key(key!("fps")), fps);
    }
    if let Some(bits) = config.bit_depth() {
        o.number(key!("bit_depth"), bits);
    }
    if config.is_interlaced() {
        o.boolean(key!("interlaced"), true);
    }
    if let Some(colour) = config.colour() {
        let names = [
            ("primaries", colour.primaries_name()),
            ("transfer", colour.transfer_name()),
            ("matrix", colour.matrix_name()),
        ];
        for (key, name) in names {
            if let Some(name) = name {
                o.text(key, name);
            }
        }
        o.boolean(key!("full_range"), colour.full_range);
    }
}

fn write_fourcc(o: &mut Object<'_>, fourcc: Option<FourCc>) {
    if let Some(fourcc) = fourcc {
        o.text(key!("fourcc"), &format!("{fourcc:?}"));
    }
}

/// The packet type of an Enhanced RTMP message; its number where it is reserved.
fn write_packet(o: &mut Object<'_>, word: Option<&'static str>, number: u8) {
    match word {
        Some(word) => o.word(key!("packet"), word),
        None => o.text(key!("packet"), &number.to_string()),
    };
}

/// What the headers of Enhanced RTMP audio and video have in common.
fn write_header<P>(o: &mut Object<'_>, header: &Header<P>) {
    if let Some(nanos) = header.nano_offset {
        o.number(key!("nano_offset"), nanos);
    }
    let Some(tracks) = header.tracks else { return };
    match tracks.form.word() {
        Some(form) => o.text(key!("multitrack"), form),
        None => o.text(key!("multitrack"), &tracks.form.0.to_string()),
    };
    match (tracks.form, tracks.first, tracks.count) {
        (Multitrack::ONE_TRACK, Some(track), _) => o.number(key!("track"), track),
        (Multitrack::ONE_TRACK, None, _) | (_, _, None) => o,
        (_, _, Some(count)) => o.number(key!("tracks"), count),
    };
}
