//! What the headers of audio and video messages say.

use super::{Entry, Type, count, group, text, truth, word_or_number, words};
use crate::field::Unit;
use crate::query::Step;
use crate::query::place::Place;
use crate::query::subject::{Seen, Test, Value};
use crate::wire::audio::{Audio, AudioTag, SoundFormat};
use crate::wire::body::Body;
use crate::wire::codec::audio::AudioConfig;
use crate::wire::codec::{Colour, VideoConfig};
use crate::wire::enhanced::{EnhancedAudio, EnhancedVideo, Header, Multitrack};
use crate::wire::fourcc::FourCc;
use crate::wire::video::{Video, VideoTag};

const NUMBER: Type = Type::Number(Unit::None);
const HERTZ: Type = Type::Number(Unit::Hertz);

pub(super) static AUDIO: &[Entry] = &[
    Entry::new("audio", Type::Group, "the header of an audio message", "has(audio)", |s, _, t| {
        group(t, audio(s).is_some())
    }),
    Entry::new("audio.codec", Type::Word(words::audio_codec), "codec", "audio.codec == aac", |s, _, t| {
        text(t, audio(s).and_then(Audio::codec))
    }),
    Entry::new("audio.enhanced", Type::Truth, "has a header of Enhanced RTMP", "audio.enhanced", |s, _, t| {
        truth(t, audio(s).map(|a| matches!(a, Audio::Enhanced(_))))
    }),
    Entry::new("audio.fourcc", Type::Text, "FourCC of the codec (enhanced)", "audio.fourcc == Opus", |s, _, t| {
        fourcc(t, enhanced_audio(s).and_then(|e| e.header.fourcc))
    }),
    Entry::new(
        "audio.packet",
        Type::Word(words::audio_packet),
        "what the payload is",
        "audio.packet in (sequence_header, sequence_start)",
        |s, _, t| match audio(s) {
            Some(Audio::Enhanced(e)) => word_or_number(t, e.header.packet.word(), e.header.packet.0),
            other => text(t, other.and_then(Audio::packet)),
        },
    ),
    Entry::new(
        "audio.nano_offset",
        NUMBER,
        "nanoseconds to add to the timestamp (enhanced)",
        "audio.nano_offset > 0",
        |s, _, t| count(t, enhanced_audio(s).and_then(|e| e.header.nano_offset)),
    ),
    Entry::new(
        "audio.multitrack",
        Type::Word(words::multitrack),
        "form of a multitrack message (enhanced)",
        "audio.multitrack == one_track",
        |s, _, t| multitrack(t, enhanced_audio(s).map(|e| &e.header)),
    ),
    Entry::new("audio.track", NUMBER, "the track of a one_track message", "audio.track == 1", |s, _, t| {
        count(t, enhanced_audio(s).and_then(|e| track(&e.header)))
    }),
    Entry::new("audio.tracks", NUMBER, "number of tracks of the other forms", "audio.tracks > 1", |s, _, t| {
        count(t, enhanced_audio(s).and_then(|e| tracks(&e.header)))
    })
    .of_units(),
    Entry::new(
        "audio.channels",
        NUMBER,
        "number of channels that the header states",
        "audio.channels == 1",
        |s, _, t| match audio(s) {
            Some(Audio::Enhanced(e)) => count(t, e.channels),
            _ => count(t, plain_tag(s).map(|tag| if tag.stereo { 2u8 } else { 1 })),
        },
    ),
    Entry::new("audio.config", Type::Group, "a decoder configuration for sound", "has(audio.config)", |s, _, t| {
        group(t, audio_config(s).is_some())
    }),
    Entry::new("audio.config.profile", Type::Text, "profile for people", "audio.config.profile =~ HE", |s, _, t| {
        text(t, audio_config(s).and_then(|c| c.profile()))
    }),
    Entry::new(
        "audio.config.rate",
        HERTZ,
        "samples a second that come out of the decoder",
        "audio.config.rate != 44.1kHz",
        |s, _, t| count(t, audio_config(s).and_then(|c| c.sample_rate)),
    ),
    Entry::new("audio.config.channels", NUMBER, "number of channels", "audio.config.channels > 2", |s, _, t| {
        count(t, audio_config(s).and_then(|c| c.channels))
    }),
    Entry::new(
        "audio.config.samples_per_frame",
        NUMBER,
        "samples of each channel that one frame makes",
        "audio.config.samples_per_frame == 1024",
        |s, _, t| count(t, audio_config(s).and_then(|c| c.samples_per_frame)),
    ),
    Entry::new(
        "audio.config.bits",
        NUMBER,
        "bits of a sample, for codecs that keep them",
        "audio.config.bits > 16",
        |s, _, t| count(t, audio_config(s).and_then(|c| c.bits_per_sample)),
    ),
    Entry::new(
        "audio.format_id",
        NUMBER,
        "number of the codec in the header (not enhanced)",
        "audio.format_id == 10",
        |s, _, t| count(t, audio_tag(s).map(|tag| tag.format.0)),
    ),
    Entry::new(
        "audio.rate",
        HERTZ,
        "sample rate that the header states; none for AAC",
        "audio.rate < 44.1kHz",
        |s, _, t| count(t, plain_tag(s).and_then(|tag| tag.rate.hertz())),
    ),
    Entry::new(
        "audio.bits",
        NUMBER,
        "bits of a sample that the header states; none for AAC",
        "audio.bits == 8",
        |s, _, t| count(t, plain_tag(s).map(|tag| if tag.wide { 16u8 } else { 8 })),
    ),
];

pub(super) static VIDEO: &[Entry] = &[
    Entry::new("video", Type::Group, "the header of a video message", "has(video)", |s, _, t| {
        group(t, video(s).is_some())
    }),
    Entry::new("video.codec", Type::Word(words::video_codec), "codec", "video.codec in (avc, hevc)", |s, _, t| {
        text(t, video(s).and_then(Video::codec))
    }),
    Entry::new("video.enhanced", Type::Truth, "has a header of Enhanced RTMP", "video.enhanced", |s, _, t| {
        truth(t, video(s).map(|v| matches!(v, Video::Enhanced(_))))
    }),
    Entry::new("video.config", Type::Group, "a decoder configuration for pictures", "has(video.config)", |s, _, t| {
        group(t, video_config(s).is_some())
    }),
    Entry::new("video.config.profile", Type::Text, "profile for people", "video.config.profile == High", |s, _, t| {
        text(t, video_config(s).as_ref().and_then(VideoConfig::profile))
    }),
    Entry::new("video.config.level", Type::Text, "level", "video.config.level == 3.1", |s, _, t| {
        text(t, video_config(s).as_ref().and_then(VideoConfig::level))
    }),
    Entry::new(
        "video.config.chroma",
        Type::Text,
        "how colour is sampled",
        "video.config.chroma != \"4:2:0\"",
        |s, _, t| text(t, video_config(s).as_ref().and_then(VideoConfig::chroma)),
    ),
    Entry::new(
        "video.config.width",
        NUMBER,
        "width of the pictures as they are shown",
        "video.config.width >= 1920",
        |s, _, t| count(t, video_config(s).as_ref().and_then(VideoConfig::width)),
    ),
    Entry::new(
        "video.config.height",
        NUMBER,
        "height of the pictures as they are shown",
        "video.config.height < 720",
        |s, _, t| count(t, video_config(s).as_ref().and_then(VideoConfig::height)),
    ),
    Entry::new("video.config.fps", NUMBER, "pictures a second", "video.config.fps > 30", |s, _, t| {
        count(t, video_config(s).as_ref().and_then(VideoConfig::fps).filter(|fps| fps.is_finite()))
    }),
    Entry::new("video.config.bit_depth", NUMBER, "bits of a luma sample", "video.config.bit_depth > 8", |s, _, t| {
        count(t, video_config(s).as_ref().and_then(VideoConfig::bit_depth))
    }),
    Entry::new(
        "video.config.interlaced",
        Type::Truth,
        "pictures may be made of two fields",
        "video.config.interlaced",
        |s, _, t| video_config(s).is_some_and(|c| c.is_interlaced()) && t(Value::Boolean(true)),
    ),
    Entry::new(
        "video.config.primaries",
        Type::Text,
        "colour primaries",
        "video.config.primaries == \"BT.2020\"",
        |s, _, t| text(t, colour(s).and_then(Colour::primaries_name)),
    ),
    Entry::new(
        "video.config.transfer",
        Type::Text,
        "transfer characteristics",
        "video.config.transfer == \"HLG\"",
        |s, _, t| text(t, colour(s).and_then(Colour::transfer_name)),
    ),
    Entry::new("video.config.matrix", Type::Text, "matrix coefficients", "has(video.config.matrix)", |s, _, t| {
        text(t, colour(s).and_then(Colour::matrix_name))
    }),
    Entry::new(
        "video.config.full_range",
        Type::Truth,
        "samples use their full range",
        "video.config.full_range",
        |s, _, t| colour(s).is_some_and(|colour| t(Value::Boolean(colour.full_range))),
    ),
    Entry::new(
        "video.nals",
        Type::Word(words::nal),
        "types of the NAL units or OBUs of a picture",
        "video.nals == idr",
        nals,
    )
    .list()
    .of_units(),
    Entry::new("video.fourcc", Type::Text, "FourCC of the codec (enhanced)", "video.fourcc == hvc1", |s, _, t| {
        fourcc(t, enhanced_video(s).and_then(|e| e.header.fourcc))
    }),
    Entry::new(
        "video.packet",
        Type::Word(words::video_packet),
        "what the payload is",
        "video.packet in (sequence_header, sequence_start)",
        |s, _, t| match video(s) {
            Some(Video::Enhanced(e)) if e.command.is_some() => false,
            Some(Video::Enhanced(e)) => word_or_number(t, e.header.packet.word(), e.header.packet.0),
            other => text(t, other.and_then(Video::packet)),
        },
    ),
    Entry::new("video.keyframe", Type::Truth, "decoding can begin at this frame", "video.keyframe", |s, _, t| {
        truth(t, video(s).map(Video::is_keyframe))
    }),
    Entry::new(
        "video.codec_id",
        NUMBER,
        "number of the codec in the header (not enhanced)",
        "video.codec_id == 12",
        |s, _, t| count(t, video_tag(s).map(|tag| tag.codec.0)),
    ),
    Entry::new(
        "video.frame_type",
        NUMBER,
        "type of the frame: 1 key, 2 inter, 3 disposable, 4 generated key, 5 command",
        "video.frame_type == 3",
        |s, _, t| match video(s) {
            Some(Video::Enhanced(e)) => count(t, Some(e.frame.0)),
            _ => count(t, video_tag(s).map(|tag| tag.frame.0)),
        },
    ),
    Entry::new(
        "video.composition_ms",
        Type::Number(Unit::Milliseconds),
        "presentation time minus decoding time",
        "video.composition_ms > 100ms",
        |s, _, t| match video(s) {
            Some(Video::Enhanced(e)) => count(t, e.composition_ms),
            _ => count(t, video_tag(s).and_then(|tag| tag.composition_ms)),
        },
    ),
    Entry::new(
        "video.nano_offset",
        NUMBER,
        "nanoseconds to add to the timestamp (enhanced)",
        "video.nano_offset > 0",
        |s, _, t| count(t, enhanced_video(s).and_then(|e| e.header.nano_offset)),
    ),
    Entry::new(
        "video.multitrack",
        Type::Word(words::multitrack),
        "form of a multitrack message (enhanced)",
        "video.multitrack == many_tracks",
        |s, _, t| multitrack(t, enhanced_video(s).map(|e| &e.header)),
    ),
    Entry::new("video.track", NUMBER, "the track of a one_track message", "video.track == 1", |s, _, t| {
        count(t, enhanced_video(s).and_then(|e| track(&e.header)))
    }),
    Entry::new("video.tracks", NUMBER, "number of tracks of the other forms", "video.tracks > 1", |s, _, t| {
        count(t, enhanced_video(s).and_then(|e| tracks(&e.header)))
    })
    .of_units(),
    Entry::new("video.command", NUMBER, "number of a video command (frame type 5)", "has(video.command)", |s, _, t| {
        match video(s) {
            Some(Video::Enhanced(e)) => count(t, e.command),
            _ => count(t, video_tag(s).and_then(|tag| tag.command)),
        }
    }),
];

fn audio<'a>(s: &Seen<'a>) -> Option<&'a Audio> {
    if let Body::Audio(audio) = &s.message.meaning { Some(audio) } else { None }
}

fn enhanced_audio<'a>(s: &Seen<'a>) -> Option<&'a EnhancedAudio> {
    if let Some(Audio::Enhanced(enhanced)) = audio(s) { Some(enhanced) } else { None }
}

fn audio_tag<'a>(s: &Seen<'a>) -> Option<&'a AudioTag> {
    if let Some(Audio::Legacy(tag)) = audio(s) { Some(tag) } else { None }
}

/// A header that says how the sound is sampled. An AAC header says 44100 Hz stereo whatever the stream is.
fn plain_tag<'a>(s: &Seen<'a>) -> Option<&'a AudioTag> {
    audio_tag(s).filter(|tag| tag.format != SoundFormat::AAC)
}

fn audio_config(s: &Seen<'_>) -> Option<AudioConfig> {
    audio(s).filter(|audio| audio.is_sequence_header()).and_then(Audio::config)
}

fn video<'a>(s: &Seen<'a>) -> Option<&'a Video> {
    if let Body::Video(video) = &s.message.meaning { Some(video) } else { None }
}

fn enhanced_video<'a>(s: &Seen<'a>) -> Option<&'a EnhancedVideo> {
    if let Some(Video::Enhanced(enhanced)) = video(s) { Some(enhanced) } else { None }
}

fn video_tag<'a>(s: &Seen<'a>) -> Option<&'a VideoTag> {
    if let Some(Video::Legacy(tag)) = video(s) { Some(tag) } else { None }
}

fn video_config(s: &Seen<'_>) -> Option<VideoConfig> {
    video(s).and_then(|video| video.facts().config)
}

fn colour(s: &Seen<'_>) -> Option<Colour> {
    video_config(s).and_then(|config| config.colour())
}

fn nals(s: &Seen<'_>, place: &Place, test: Test<'_>) -> bool {
    let Some(units) = video(s).and_then(|video| video.facts().units) else { return false };
    let mut words = units.types().map(|unit| unit.word().unwrap_or("reserved"));
    match place.below() {
        [] => words.any(|word| test(Value::Text(word))),
        [Step::Index(index)] => text(test, words.nth(*index as usize)),
        _ => false,
    }
}

fn fourcc(test: Test<'_>, code: Option<FourCc>) -> bool {
    let Some(code) = code else { return false };
    let plain = |byte: &u8| (b' '..=b'~').contains(byte) && !matches!(byte, b'"' | b'\'' | b'\\');
    match std::str::from_utf8(&code.0) {
        Ok(code) if code.as_bytes().iter().all(plain) => test(Value::Text(code)),
        _ => test(Value::Text(&format!("{code:?}"))),
    }
}

fn multitrack<P>(test: Test<'_>, header: Option<&Header<P>>) -> bool {
    let Some(tracks) = header.and_then(|header| header.tracks) else { return false };
    word_or_number(test, tracks.form.word(), tracks.form.0)
}

fn track<P>(header: &Header<P>) -> Option<u8> {
    header.tracks.filter(|tracks| tracks.form == Multitrack::ONE_TRACK).and_then(|tracks| tracks.first)
}

fn tracks<P>(header: &Header<P>) -> Option<u32> {
    header.tracks.filter(|tracks| tracks.form != Multitrack::ONE_TRACK).and_then(|tracks| tracks.count)
}
