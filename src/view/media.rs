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
use announced::{Announced, Metadata};
pub use lane::Lane;

/// The sound and pictures of a session.
#[derive(Debug, Default)]
pub struct Media {
    tracks: Vec<Track>,
    /// Where the latest tracks of pictures and of sound stand: the next message is of the same more often than not.
    recent: [usize; 2],
    /// What the latest onMetaData of each message stream promised.
    metadata: Vec<(Place, Metadata)>,
    /// Messages of tracks beyond [`MOST_TRACKS`].
    beyond: u64,
}

/// More tracks than a session can mean are not told apart: their number is a stranger's choice. It is none of `Limits`,
/// for those who tell of sessions are given records, not the limits of a run, and must say the same of every run.
const MOST_TRACKS: usize = 1024;

/// A message stream in one direction; none for messages found again behind lost bytes, which do not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    dir: Direction,
    stream: Option<u32>,
}

/// The messages of one kind with one track id in one message stream and direction.
#[derive(Debug)]
pub struct Track {
    /// Who sends it.
    pub dir: Direction,
    /// Id of the message stream, if any message said it.
    pub stream: Option<u32>,
    /// Its id; 0 for messages that name none. A message with many tracks counts for the first of them.
    pub id: u8,
    /// What the decoder needs to know of it.
    pub setup: Setup,
    /// Width and height, where pictures say them and configurations do not.
    pub shown: Option<(u32, u32)>,
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
        let place = Place { dir: message.dir, stream: message.stream_id() };
        match &message.meaning {
            Body::Audio(audio) => {
                let tracks = if let Audio::Enhanced(enhanced) = audio { enhanced.header.tracks } else { None };
                let id = tracks.and_then(|tracks| tracks.first);
                let Some(track) = self.track(place, Setup::Audio(None), id) else { return };
                if let Setup::Audio(config @ None) = &mut track.setup {
                    *config = audio.sound();
                }
                track.lane.add(message, codec(audio.title(), audio.codec()), audio.is_coded(), false);
            }
            Body::Video(video) => {
                let tracks = if let Video::Enhanced(enhanced) = video { enhanced.header.tracks } else { None };
                let id = tracks.and_then(|tracks| tracks.first);
                let Some(track) = self.track(place, Setup::Video(None), id) else { return };
                let facts = video.facts();
                if let Setup::Video(config @ None) = &mut track.setup {
                    *config = facts.config;
                }
                track.shown = track.shown.or(video.size());
                track.lane.add(message, codec(video.title(), video.codec()), video.is_coded(), video.is_keyframe());
            }
            Body::Data(data) => {
                if let Some(properties) = data.metadata() {
                    let metadata = Metadata::new(properties);
                    self.metadata.retain(|(known, _)| *known != place);
                    if self.metadata.len() < MOST_TRACKS {
                        self.metadata.push((place, metadata));
                    }
                }
            }
            _ => {}
        }
    }

    /// The tracks: the client's before the server's, by message stream, pictures before sound, by their ids.
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// Where onMetaData says something else than the decoder configurations, or than what was measured, track by track.
    pub fn differences(&self) -> Vec<Difference> {
        let mut found = Vec::new();
        for track in &self.tracks {
            if let Some(announced) = self.announced(track) {
                announced.compare(track, &mut found);
            }
        }
        found
    }

    /// What the onMetaData of its message stream says of a track. Some servers send it in stream 0, which belongs to the
    /// connection.
    fn announced(&self, track: &Track) -> Option<&Announced> {
        let of = |stream: Option<u32>| {
            let here = |place: &Place| place.dir == track.dir && (place.stream == stream || place.stream.is_none());
            self.metadata.iter().find(|(place, _)| here(place)).map(|(_, metadata)| metadata)
        };
        of(track.stream).or_else(|| of(Some(0))).and_then(|metadata| metadata.of(track.kind(), track.id))
    }

    /// A label and what there is to say for each track.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        let lines = self.tracks.iter().map(|track| {
            let label = if track.kind() == Kind::Video { "video" } else { "audio" };
            let announced = self.announced(track);
            let mut line = match &track.setup {
                Setup::Video(config) => video_line(config.as_ref(), track.shown, &track.lane, announced),
                Setup::Audio(config) => audio_line(config.as_ref(), &track.lane, announced),
            };
            line.insert_str(0, &self.name(track));
            (label, line)
        });
        let beyond = (self.beyond > 0).then(|| {
            let rest = format!("{} of more than {MOST_TRACKS} tracks are not told apart", count(self.beyond));
            ("media", rest)
        });
        lines.chain(beyond)
    }

    /// What tells a track from others of its kind: `stream 1, track 2: `; nothing for the only one.
    fn name(&self, track: &Track) -> String {
        let alike = |other: &&Track| (other.dir, other.kind()) == (track.dir, track.kind());
        let others = || self.tracks.iter().filter(alike);
        let mut parts = Vec::new();
        if let Some(stream) = track.stream.filter(|_| others().any(|other| other.stream != track.stream)) {
            parts.push(format!("stream {stream}"));
        }
        if others().filter(|other| other.stream == track.stream).count() > 1 {
            parts.push(format!("track {}", track.id));
        }
        if parts.is_empty() { String::new() } else { parts.join(", ") + ": " }
    }

    /// The track that a message belongs to.
    fn track(&mut self, place: Place, setup: Setup, id: Option<u8>) -> Option<&mut Track> {
        let is_audio = matches!(setup, Setup::Audio(_));
        let key = (place.dir.index(), place.stream, is_audio, id.unwrap_or_default());
        let slot = match self.slot(key) {
            Ok(slot) => slot,
            Err(_) => self.new_track(place, setup, key)?,
        };
        let [pictures, sound] = &mut self.recent;
        *(if is_audio { sound } else { pictures }) = slot;
        self.tracks.get_mut(slot)
    }

    /// Where the track of a message stands whose key none has. Tracks are kept in the order of their keys.
    fn new_track(&mut self, place: Place, setup: Setup, mut wanted: Key) -> Option<usize> {
        let (side, _, is_audio, id) = wanted;
        let kin = |track: &Track| (track.dir.index(), track.key().2, track.id) == (side, is_audio, id);
        if place.stream.is_some() {
            // Messages that could not say their stream were of the first one that does.
            self.tracks.iter_mut().filter(|track| track.stream.is_none() && kin(track)).for_each(|track| {
                track.stream = place.stream;
            });
            self.tracks.sort_by_key(Track::key);
        } else {
            wanted.1 = self.tracks.iter().find(|track| kin(track)).and_then(|track| track.stream);
        }
        match self.slot(wanted) {
            Ok(slot) => Some(slot),
            Err(_) if self.tracks.len() >= MOST_TRACKS => {
                self.beyond += 1;
                None
            }
            Err(slot) => {
                let track = Track { dir: place.dir, stream: wanted.1, id, setup, shown: None, lane: Lane::default() };
                self.tracks.insert(slot, track);
                Some(slot)
            }
        }
    }

    /// Where the track with this key stands, or would stand.
    fn slot(&self, key: Key) -> Result<usize, usize> {
        let [pictures, sound] = self.recent;
        let recent = if key.2 { sound } else { pictures };
        if self.tracks.get(recent).is_some_and(|track| track.key() == key) {
            return Ok(recent);
        }
        self.tracks.binary_search_by_key(&key, Track::key)
    }
}

/// Direction, message stream, sound, id.
type Key = (usize, Option<u32>, bool, u8);

impl Track {
    fn key(&self) -> Key {
        (self.dir.index(), self.stream, matches!(self.setup, Setup::Audio(_)), self.id)
    }

    /// Width and height of pictures, by the configuration or by a key frame.
    pub fn size(&self) -> Option<(u32, u32)> {
        match &self.setup {
            Setup::Video(config) => config.as_ref().and_then(VideoConfig::size).or(self.shown),
            Setup::Audio(_) => None,
        }
    }

    /// Sound or pictures.
    pub fn kind(&self) -> Kind {
        match self.setup {
            Setup::Video(_) => Kind::Video,
            Setup::Audio(_) => Kind::Audio,
        }
    }
}

/// The line for pictures.
fn video_line(
    config: Option<&VideoConfig>,
    shown: Option<(u32, u32)>,
    lane: &Lane,
    announced: Option<&Announced>,
) -> String {
    let mut line = codecs(lane);
    match config {
        Some(config) => {
            line.push_str(&configured(config, shown));
        }
        None => {
            if let Some((width, height)) = shown {
                let _ = write!(line, ", {width}x{height}");
            } else if let Some((width, height)) = announced.and_then(|announced| announced.size) {
                let _ = write!(line, ", announced {width}x{height}");
            }
        }
    }
    let stated = config.and_then(VideoConfig::fps);
    let fps = stated.or(announced.and_then(|announced| announced.fps)).filter(|fps| *fps > 0.0);
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
fn audio_line(config: Option<&AudioConfig>, lane: &Lane, announced: Option<&Announced>) -> String {
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
    } else if let Some(Announced { rate: Some(rate), stereo, .. }) = announced {
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

fn codec(title: Option<&'static str>, word: Option<&'static str>) -> Option<lane::Codec> {
    title.map(|title| lane::Codec { title, word })
}

/// What a decoder configuration says of pictures: ` High 3.1, 1280x720 4:2:0 8 bit`.
fn configured(config: &VideoConfig, shown: Option<(u32, u32)>) -> String {
    let mut line = String::new();
    for text in [config.profile(), config.level()].into_iter().flatten() {
        let _ = write!(line, " {text}");
    }
    if let Some((width, height)) = config.size().or(shown) {
        let _ = write!(line, ", {width}x{height}");
    }
    if let Some(chroma) = config.chroma() {
        let _ = write!(line, " {chroma}");
    }
    if config.colour().is_some_and(|colour| colour.matrix == 0) {
        line.push_str(" RGB");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_count_for_their_own_tracks_in_any_order() {
        let mut media = Media::default();
        let mut count = |dir, stream, setup, id| {
            media.track(Place { dir, stream }, setup, id).unwrap().lane.messages += 1;
        };
        for _ in 0..3 {
            for dir in [Direction::ServerToClient, Direction::ClientToServer] {
                for (stream, id) in [(None, None), (Some(7), None), (Some(5), Some(2)), (Some(5), None)] {
                    count(dir, stream, Setup::Audio(None), id);
                    count(dir, stream, Setup::Video(None), id);
                }
            }
        }
        let told: Vec<_> = media.tracks().iter().map(|track| (track.key(), track.lane.messages)).collect();
        // Stream 7 is the first that says its number: messages that could not say theirs count for it, until stream 5
        // stands before it.
        let mut expected = Vec::new();
        for side in 0..2 {
            for (stream, id, messages) in [(5, 0, 5), (5, 2, 3), (7, 0, 4)] {
                for is_audio in [false, true] {
                    expected.push(((side, Some(stream), is_audio, id), messages));
                }
            }
        }
        expected.sort_unstable();
        assert_eq!(told, expected);
    }
}
