//! What a session's sound and pictures are: as configured, as announced, as measured.

use std::fmt::Write as _;

use crate::record::Message;
use crate::time::Time;
use crate::wire::body::Body;
use crate::wire::codec::VideoConfig;
use crate::wire::codec::audio::AudioConfig;
use crate::wire::value::Amf;
use crate::wire::video::Video;

mod announced;
use announced::Metadata;

/// What is said of a session's media, apart from the messages themselves.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The first decoder configuration of pictures.
    pub(super) video: Option<VideoConfig>,
    /// The first of sound, or what a frame's header tells.
    pub(super) audio: Option<AudioConfig>,
    metadata: Option<Metadata>,
}

/// Frames further apart than this many milliseconds do not follow each other.
const LONGEST_STEP: u64 = 2000;

/// The media messages of one kind in one direction.
#[derive(Clone, Debug, Default)]
pub struct Lane {
    /// Messages.
    pub messages: u64,
    /// Bytes of their bodies.
    pub bytes: u64,
    /// Pictures from which decoding can start.
    pub keyframes: u64,
    /// First and last timestamp.
    pub timestamps: Option<(u64, u64)>,
    /// Capture time of the first.
    pub first: Option<Time>,
    /// Steps from one frame to the next, and the milliseconds that they take. A jump of the clock, by a seek or a pause, is
    /// no step.
    steps: u64,
    played: u64,
    latest: Option<u64>,
    codecs: Vec<&'static str>,
}

impl Lane {
    pub(super) fn add(&mut self, message: &Message, codec: Option<&'static str>, keyframe: bool) {
        self.messages += 1;
        self.bytes += u64::from(message.head.length);
        self.keyframes += u64::from(keyframe);
        // Further tracks would make a stream look faster than it is.
        let further = matches!(&message.meaning, Body::Video(Video::Enhanced(video)) if video.header.tracks.is_some());
        if !message.meaning.is_configuration() && message.timestamp().is_some() {
            // Decoder configurations are often stamped 0, wherever the stream is.
            let time = message.head.unwrapped;
            let (first, last) = self.timestamps.unwrap_or((time, time));
            self.timestamps = Some((first.min(time), last.max(time)));
            if !further
                && let Some(step) = self.latest.replace(time).and_then(|before| time.checked_sub(before))
                && step <= LONGEST_STEP
            {
                self.steps += 1;
                self.played += step;
            }
        }
        self.first.get_or_insert(message.time);
        if let Some(codec) = codec
            && !self.codecs.contains(&codec)
        {
            self.codecs.push(codec);
        }
    }

    /// What carries them.
    pub fn codecs(&self) -> &[&'static str] {
        &self.codecs
    }

    /// Pictures or frames of sound a second, by the timestamps.
    pub fn per_second(&self) -> Option<f64> {
        (self.steps >= 10 && self.played > 0).then(|| self.steps as f64 * 1000.0 / self.played as f64)
    }

    /// Mean rate over the time that the timestamps tell, in kbit/s.
    pub fn rate(&self) -> Option<f64> {
        (self.played > 0).then(|| self.bytes as f64 * 8.0 / self.played as f64)
    }
}

impl Facts {
    /// Takes the properties of onMetaData.
    pub(super) fn announce(&mut self, properties: &Amf) {
        self.metadata = Some(Metadata::new(properties));
    }

    /// Where onMetaData and what came differ, in words.
    pub(super) fn differences(&self, [audio, video]: &[Lane; 2]) -> Vec<String> {
        let Some(metadata) = &self.metadata else { return Vec::new() };
        let mut found = Vec::new();
        if video.messages > 0 {
            found.extend(metadata.video_differences(self.video.as_ref(), video));
        }
        if audio.messages > 0 {
            found.extend(metadata.audio_differences(self.audio.as_ref(), audio));
        }
        found
    }

    /// The line for pictures.
    pub(super) fn video_line(&self, lane: &Lane) -> String {
        let announced = self.metadata.as_ref().and_then(|metadata| metadata.size);
        let mut line = codecs(lane);
        match &self.video {
            Some(config) => {
                line.push_str(&configured(config));
            }
            None => {
                if let Some((width, height)) = announced {
                    let _ = write!(line, ", announced {width}x{height}");
                }
            }
        }
        let stated = self.video.as_ref().and_then(VideoConfig::fps);
        let fps = stated.or(self.metadata.as_ref().and_then(|metadata| metadata.fps)).filter(|fps| *fps > 0.0);
        match (fps, lane.per_second()) {
            (Some(fps), Some(measured)) if (measured / fps - 1.0).abs() > 0.05 => {
                let _ = write!(line, " {} fps (measured {measured:.1})", (fps * 100.0).round() / 100.0);
            }
            (Some(fps), _) => {
                let _ = write!(line, " {} fps", (fps * 100.0).round() / 100.0);
            }
            (None, Some(measured)) => {
                let _ = write!(line, " {measured:.1} fps");
            }
            (None, None) => {}
        }
        let keys = if lane.keyframes == 1 { "keyframe" } else { "keyframes" };
        let _ = write!(line, "; {}, {} {keys}{}", count(lane.messages), lane.keyframes, rate(lane));
        line
    }

    /// The line for sound.
    pub(super) fn audio_line(&self, lane: &Lane) -> String {
        let mut line = codecs(lane);
        if let Some(AudioConfig { sample_rate: Some(rate), channels, .. }) = &self.audio {
            match self.audio.as_ref().and_then(AudioConfig::profile) {
                // `AAC LC` says all that `AAC` says.
                Some(profile) if profile.starts_with(&line) => line = profile.to_owned(),
                Some(profile) if !line.contains(profile) => {
                    let _ = write!(line, " ({profile})");
                }
                _ => {}
            }
            let _ = write!(line, " {rate} Hz");
            match channels {
                Some(1) => line.push_str(" mono"),
                Some(2) => line.push_str(" stereo"),
                Some(n) => {
                    let _ = write!(line, " {n} channels");
                }
                None => {}
            }
        } else if let Some(Metadata { rate: Some(rate), stereo, .. }) = &self.metadata {
            let _ = write!(line, ", announced {rate} Hz");
            match stereo {
                Some(true) => line.push_str(" stereo"),
                Some(false) => line.push_str(" mono"),
                None => {}
            }
        }
        let _ = write!(line, "; {}{}", count(lane.messages), rate(lane));
        line
    }
}

/// What a decoder configuration says of pictures: ` High 3.1, 1280x720 4:2:0 8 bit`.
fn configured(config: &VideoConfig) -> String {
    let mut line = String::new();
    for text in [config.profile(), config.level()].into_iter().flatten() {
        let _ = write!(line, " {text}");
    }
    if let Some((width, height)) = config.size() {
        let _ = write!(line, ", {width}x{height}");
    }
    if let Some(chroma) = config.chroma() {
        let _ = write!(line, " {chroma}");
    }
    if let Some(bits) = config.bit_depth() {
        let _ = write!(line, " {bits} bit");
    }
    line
}

/// `1 message`, `7 messages`.
pub(super) fn count(messages: u64) -> String {
    if messages == 1 { "1 message".to_owned() } else { format!("{messages} messages") }
}

fn codecs(lane: &Lane) -> String {
    if lane.codecs.is_empty() { "unknown codec".to_owned() } else { lane.codecs.join(" + ") }
}

fn rate(lane: &Lane) -> String {
    lane.rate().map(|rate| format!(", {rate:.0} kbit/s")).unwrap_or_default()
}
