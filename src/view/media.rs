//! What a session's sound and pictures are, track by track: as configured, as announced, as measured.

use std::fmt::Write as _;

use crate::record::Message;
use crate::stream::Direction;
use crate::wire::audio::Audio;
use crate::wire::body::Body;
use crate::wire::code::Kind;
use crate::wire::codec::VideoConfig;
use crate::wire::codec::audio::AudioConfig;
use crate::wire::video::Video;

mod announced;
mod lane;
pub use announced::Difference;
use announced::Metadata;
pub use lane::Lane;

/// The sound and pictures of a session.
#[derive(Debug, Default)]
pub struct Media {
    tracks: Vec<Track>,
    metadata: Option<Metadata>,
}

/// The messages of one kind with one track id in one direction: 1024 at most.
#[derive(Debug)]
pub struct Track {
    /// Who sends it.
    pub dir: Direction,
    /// Its id; 0 for messages that name none. A message with many tracks counts for the first of them.
    pub id: u8,
    /// What the decoder needs to know of it.
    pub setup: Setup,
    /// Its messages.
    pub lane: Lane,
}

/// What a track is by its first decoder configuration, or by what a frame's header tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Setup {
    /// Pictures.
    Video(Option<VideoConfig>),
    /// Sound.
    Audio(Option<AudioConfig>),
}

impl Media {
    /// Takes a message into account.
    pub fn add(&mut self, message: &Message) {
        match &message.meaning {
            Body::Audio(audio) => {
                let tracks = if let Audio::Enhanced(enhanced) = audio { enhanced.header.tracks } else { None };
                let id = tracks.and_then(|tracks| tracks.first);
                let Some(track) = self.track(message.dir, Setup::Audio(None), id) else { return };
                if let Setup::Audio(config) = &mut track.setup {
                    *config = config.or(audio.config());
                }
                track.lane.add(message, codec(audio.title(), audio.codec()), audio.is_coded(), false);
            }
            Body::Video(video) => {
                let tracks = if let Video::Enhanced(enhanced) = video { enhanced.header.tracks } else { None };
                let id = tracks.and_then(|tracks| tracks.first);
                let Some(track) = self.track(message.dir, Setup::Video(None), id) else { return };
                if let Setup::Video(config) = &mut track.setup {
                    *config = config.or(video.facts().config);
                }
                track.lane.add(message, codec(video.title(), video.codec()), video.is_coded(), video.is_keyframe());
            }
            Body::Data(data) => {
                if let Some(properties) = data.metadata() {
                    self.metadata = Some(Metadata::new(properties));
                }
            }
            _ => {}
        }
    }

    /// The tracks: the client's before the server's, pictures before sound, by their ids.
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// Where onMetaData says something else than the decoder configurations, or than what was measured. It speaks of the
    /// first track of each kind.
    pub fn differences(&self) -> Vec<Difference> {
        let Some(metadata) = &self.metadata else { return Vec::new() };
        let mut found = Vec::new();
        for (at, track) in self.tracks.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| self.tracks.get(before));
            if before.is_none_or(|before| (before.dir, before.kind()) != (track.dir, track.kind())) {
                metadata.compare(track, &mut found);
            }
        }
        found
    }

    /// A label and what there is to say for each track.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        self.tracks.iter().map(|track| {
            let label = if track.kind() == Kind::Video { "video" } else { "audio" };
            let mut line = match &track.setup {
                Setup::Video(config) => self.video_line(config.as_ref(), &track.lane),
                Setup::Audio(config) => self.audio_line(config.as_ref(), &track.lane),
            };
            let alike = |other: &&Track| (other.dir, other.kind()) == (track.dir, track.kind());
            if self.tracks.iter().filter(alike).count() > 1 {
                line.insert_str(0, &format!("track {}: ", track.id));
            }
            (label, line)
        })
    }

    fn track(&mut self, dir: Direction, setup: Setup, id: Option<u8>) -> Option<&mut Track> {
        let id = id.unwrap_or_default();
        let key = |dir: Direction, setup: &Setup, id| (dir.index(), matches!(setup, Setup::Audio(_)), id);
        let wanted = key(dir, &setup, id);
        let place = self.tracks.partition_point(|track| key(track.dir, &track.setup, track.id) < wanted);
        if self.tracks.get(place).is_none_or(|track| key(track.dir, &track.setup, track.id) != wanted) {
            self.tracks.insert(place, Track { dir, id, setup, lane: Lane::default() });
        }
        self.tracks.get_mut(place)
    }

    /// The line for pictures.
    fn video_line(&self, config: Option<&VideoConfig>, lane: &Lane) -> String {
        let announced = self.metadata.as_ref().and_then(|metadata| metadata.size);
        let mut line = codecs(lane);
        match config {
            Some(config) => {
                line.push_str(&configured(config));
            }
            None => {
                if let Some((width, height)) = announced {
                    let _ = write!(line, ", announced {width}x{height}");
                }
            }
        }
        let stated = config.and_then(VideoConfig::fps);
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
    fn audio_line(&self, config: Option<&AudioConfig>, lane: &Lane) -> String {
        let mut line = codecs(lane);
        if let Some(AudioConfig { sample_rate: Some(rate), channels, .. }) = config {
            match config.and_then(AudioConfig::profile) {
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

impl Track {
    /// Sound or pictures.
    pub fn kind(&self) -> Kind {
        match self.setup {
            Setup::Video(_) => Kind::Video,
            Setup::Audio(_) => Kind::Audio,
        }
    }
}

fn codec(title: Option<&'static str>, word: Option<&'static str>) -> Option<lane::Codec> {
    title.map(|title| lane::Codec { title, word })
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
    if config.is_interlaced() {
        line.push_str(" interlaced");
    }
    match config.colour().map(|colour| colour.transfer) {
        Some(16) => line.push_str(" HDR (PQ)"),
        Some(18) => line.push_str(" HDR (HLG)"),
        _ => {}
    }
    line
}

/// `1 message`, `7 messages`.
pub(super) fn count(messages: u64) -> String {
    if messages == 1 { "1 message".to_owned() } else { format!("{messages} messages") }
}

fn codecs(lane: &Lane) -> String {
    let names: Vec<&str> = lane.codecs().collect();
    if names.is_empty() { "unknown codec".to_owned() } else { names.join(" + ") }
}

fn rate(lane: &Lane) -> String {
    lane.rate().map(|rate| format!(", {rate:.0} kbit/s")).unwrap_or_default()
}
