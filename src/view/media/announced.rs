//! What onMetaData promises, held against the decoder configurations and against what was measured.

use super::{Lane, Setup, Track};
use crate::stream::Direction;
use crate::wire::audio::SoundFormat;
use crate::wire::code::Kind;
use crate::wire::codec::VideoConfig;
use crate::wire::codec::audio::AudioConfig;
use crate::wire::fourcc::FourCc;
use crate::wire::value::Amf;
use crate::wire::video::VideoCodec;

/// What onMetaData promised of every track.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    /// The first track of each kind, which the properties themselves are about.
    first: Announced,
    /// The others, which have maps of their own.
    others: Vec<(Kind, u8, Announced)>,
}

/// What onMetaData promised of a track.
#[derive(Debug, Default)]
pub(super) struct Announced {
    pub(super) size: Option<(f64, f64)>,
    pub(super) fps: Option<f64>,
    pub(super) rate: Option<f64>,
    pub(super) stereo: Option<bool>,
    channels: Option<f64>,
    /// Names of the codecs; numbers and texts that name none are left out.
    video_codec: Option<&'static str>,
    audio_codec: Option<&'static str>,
    /// In kbit/s.
    video_rate: Option<f64>,
    audio_rate: Option<f64>,
}

/// One thing that onMetaData says otherwise than the decoder configuration, or than what was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Who sends the track.
    pub dir: Direction,
    /// Id of the message stream, if it is known.
    pub stream: Option<u32>,
    /// Sound or pictures.
    pub kind: Kind,
    /// Id of the track.
    pub track: u8,
    /// What differs, as a JSON word: `codec`, `size`, `fps`, `rate`, `channels`, `bitrate`.
    pub what: &'static str,
    /// Both sides, in words.
    pub text: String,
}

/// What differs, and both sides in words.
type Found = (&'static str, String);

/// Pictures a second further apart than this are not the same rate told with less precision.
const FPS_APART: f64 = 0.05;

/// Fewer pictures tell nothing: a player gets its first ones in a burst.
const FPS_STEPS: u64 = 30;

/// Bit rates are targets: only a rate off by this factor is worth a word.
const RATE_FACTOR: f64 = 1.5;

/// Shorter streams tell nothing of bit rates.
const RATE_MILLISECONDS: u64 = 5000;

impl Metadata {
    /// Takes the properties of onMetaData.
    pub(super) fn new(properties: &Amf) -> Metadata {
        let mut others = Vec::new();
        for (kind, name) in [(Kind::Video, "videoTrackIdInfoMap"), (Kind::Audio, "audioTrackIdInfoMap")] {
            let tracks = match properties.member(name) {
                Some(Amf::Object(tracks)) => tracks.as_slice(),
                _ => &[],
            };
            let ids =
                tracks.iter().filter_map(|(id, of)| id.parse::<u8>().ok().map(|id| (kind, id, Announced::new(of))));
            others.extend(ids.take(usize::from(u8::MAX)));
        }
        Metadata { first: Announced::new(properties), others }
    }

    /// What was promised of a track.
    pub(super) fn of(&self, kind: Kind, id: u8) -> Option<&Announced> {
        let other = self.others.iter().find(|(of, track, _)| (*of, *track) == (kind, id)).map(|(_, _, other)| other);
        other.or((id == 0).then_some(&self.first))
    }
}

impl Announced {
    /// Takes the properties of one track.
    fn new(properties: &Amf) -> Announced {
        // Zero is what encoders write that do not know yet.
        let number =
            |name: &str| properties.member(name).and_then(Amf::as_number).filter(|n| n.is_finite() && *n > 0.0);
        Announced {
            size: number("width").zip(number("height")),
            fps: number("framerate").or_else(|| number("videoframerate")),
            rate: number("audiosamplerate").or_else(|| number("samplerate")),
            stereo: match properties.member("stereo") {
                Some(Amf::Boolean(stereo)) => Some(*stereo),
                _ => None,
            },
            channels: number("audiochannels").or_else(|| number("channels")),
            video_codec: properties.member("videocodecid").and_then(|id| codec(id, |n| VideoCodec(n).name())),
            audio_codec: properties.member("audiocodecid").and_then(|id| codec(id, |n| SoundFormat(n).name())),
            video_rate: number("videodatarate"),
            audio_rate: number("audiodatarate"),
        }
    }

    /// Holds the promise against a track.
    pub(super) fn compare(&self, track: &Track, differences: &mut Vec<Difference>) {
        let found = match &track.setup {
            Setup::Video(_) => self.video_differences(track),
            Setup::Audio(config) => self.audio_differences(config.as_ref(), &track.lane),
        };
        let Track { dir, stream, id, .. } = *track;
        let kind = track.kind();
        differences.extend(found.into_iter().map(|(what, text)| Difference {
            dir,
            stream,
            kind,
            track: id,
            what,
            text,
        }));
    }

    fn video_differences(&self, track: &Track) -> Vec<Found> {
        let Track { setup, lane, .. } = track;
        let config = if let Setup::Video(config) = setup { config.as_ref() } else { None };
        let mut found = Vec::new();
        other_codec(&mut found, self.video_codec, lane, "video");
        if let (Some((width, height)), Some((w, h))) = (self.size, track.size())
            && (width, height) != (f64::from(w), f64::from(h))
        {
            let told = if track.shown.is_some() { "key frames" } else { "the configuration" };
            found.push(("size", format!("metadata says {width}x{height}, {told} {w}x{h}")));
        }
        if let Some(fps) = self.fps {
            let apart = |other: f64| (other / fps - 1.0).abs() > FPS_APART;
            let said = (fps * 100.0).round() / 100.0;
            let measured = lane.per_second().filter(|_| lane.steps >= FPS_STEPS);
            if let Some(measured) = measured.filter(|measured| apart(*measured)) {
                found.push(("fps", format!("metadata says {said} fps, measured {measured:.1}")));
            } else if let Some(stated) = config.and_then(VideoConfig::fps).filter(|stated| apart(*stated)) {
                let stated = (stated * 100.0).round() / 100.0;
                found.push(("fps", format!("metadata says {said} fps, the configuration {stated}")));
            }
        }
        other_rate(&mut found, self.video_rate, lane, "video");
        found
    }

    fn audio_differences(&self, config: Option<&AudioConfig>, lane: &Lane) -> Vec<Found> {
        let mut found = Vec::new();
        other_codec(&mut found, self.audio_codec, lane, "audio");
        if let (Some(said), Some(rate)) = (self.rate, config.and_then(|config| config.sample_rate)) {
            // With SBR some state the rate of the core.
            let core = config.is_some_and(|config| config.sbr) && said * 2.0 == f64::from(rate);
            if said != f64::from(rate) && !core {
                found.push(("rate", format!("metadata says {said} Hz, the configuration {rate}")));
            }
        }
        let said = self.channels.or(self.stereo.map(|stereo| if stereo { 2.0 } else { 1.0 }));
        if let (Some(said), Some(channels)) = (said, config.and_then(|config| config.channels)) {
            // `stereo` says nothing of more than two channels: senders write true as well as false.
            let more = self.channels.is_none() && channels > 2;
            // Parametric stereo makes two channels of one.
            let parametric = config.is_some_and(|config| config.ps) && said + f64::from(channels) == 3.0;
            if said != f64::from(channels) && !more && !parametric {
                let (said, channels) = (layout(said), layout(f64::from(channels)));
                found.push(("channels", format!("metadata says {said}, the configuration {channels}")));
            }
        }
        other_rate(&mut found, self.audio_rate, lane, "audio");
        found
    }
}

/// The codec that a property names: a number, a FourCC as a number, or a FourCC as text.
fn codec(id: &Amf, name: fn(u8) -> Option<&'static str>) -> Option<&'static str> {
    match id {
        Amf::Number(n) if (0.0..256.0).contains(n) => name(*n as u8),
        Amf::Number(n) => FourCc::from_number(*n as u32).name(),
        Amf::String(text) => FourCc(*text.as_bytes().as_array::<4>()?).name(),
        _ => None,
    }
}

/// Names of sound may go on with a rate: FFmpeg writes the number of Nellymoser for its forms of 8 and 16 kHz too.
fn other_codec(found: &mut Vec<Found>, said: Option<&'static str>, lane: &Lane, what: &str) {
    if let Some(said) = said
        && !lane.codecs.is_empty()
        && lane.codecs().all(|codec| codec != said && !(what == "audio" && codec.starts_with(said)))
    {
        let codecs: Vec<&str> = lane.codecs().collect();
        found.push(("codec", format!("metadata says {said}, the {what} is {}", codecs.join(" + "))));
    }
}

fn other_rate(found: &mut Vec<Found>, said: Option<f64>, lane: &Lane, what: &str) {
    let long = lane.played >= RATE_MILLISECONDS;
    if let (Some(said), Some(measured), true) = (said, lane.rate(), long)
        && (measured / said > RATE_FACTOR || said / measured > RATE_FACTOR)
    {
        found.push(("bitrate", format!("metadata says {said:.0} kbit/s of {what}, measured {measured:.0}")));
    }
}

fn layout(channels: f64) -> String {
    match channels {
        1.0 => "mono".to_owned(),
        2.0 => "stereo".to_owned(),
        n => format!("{n} channels"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::lane::Codec;
    use super::*;

    fn texts(found: Vec<Found>) -> Vec<String> {
        found.into_iter().map(|(_, text)| text).collect()
    }

    fn announced(members: &[(&str, Amf)]) -> Announced {
        Announced::new(&Amf::Object(members.iter().map(|(name, value)| ((*name).into(), value.clone())).collect()))
    }

    /// A stream of 25 pictures a second for ten seconds, at 80 kbit/s.
    fn lane(title: &'static str) -> Lane {
        Lane {
            messages: 251,
            bytes: 100_000,
            steps: 250,
            played: 10_000,
            codecs: vec![Codec { title, word: None }],
            ..Lane::default()
        }
    }

    fn track(title: &'static str) -> Track {
        Track {
            dir: Direction::ClientToServer,
            stream: Some(1),
            id: 0,
            setup: Setup::Video(None),
            shown: None,
            lane: lane(title),
        }
    }

    fn sound(sample_rate: u32, channels: u8) -> AudioConfig {
        AudioConfig { sample_rate: Some(sample_rate), channels: Some(channels), ..AudioConfig::default() }
    }

    #[test]
    fn what_is_measured_is_held_against_the_metadata() {
        let said = |fps| texts(announced(&[("framerate", Amf::Number(fps))]).video_differences(&track("AVC (H.264)")));
        assert_eq!(said(30.0), ["metadata says 30 fps, measured 25.0"]);
        assert_eq!(said(25.5), [""; 0]);
        assert_eq!(said(0.0), [""; 0], "not known yet");
        let said =
            |rate| texts(announced(&[("videodatarate", Amf::Number(rate))]).video_differences(&track("AVC (H.264)")));
        assert_eq!(said(2500.0), ["metadata says 2500 kbit/s of video, measured 80"]);
        assert_eq!(said(100.0), [""; 0], "rates are targets");
    }

    #[test]
    fn codecs_are_named_in_three_ways() {
        for id in [Amf::Number(7.0), Amf::Number(f64::from(u32::from_be_bytes(*b"avc1"))), Amf::String("avc1".into())] {
            let said = announced(&[("videocodecid", id)]);
            assert_eq!(texts(said.video_differences(&track("AVC (H.264)"))), [""; 0]);
            let differs = texts(said.video_differences(&track("HEVC (H.265)")));
            assert_eq!(differs, ["metadata says AVC (H.264), the video is HEVC (H.265)"]);
        }
        assert!(announced(&[("videocodecid", Amf::Number(255.0))]).video_differences(&track("AV1")).is_empty());
    }

    #[test]
    fn sound_is_held_against_its_configuration() {
        let said = announced(&[("audiosamplerate", Amf::Number(22_050.0)), ("stereo", Amf::Boolean(true))]);
        let differs = |config| texts(said.audio_differences(Some(&config), &lane("AAC")));
        assert_eq!(
            differs(sound(44_100, 1)),
            ["metadata says 22050 Hz, the configuration 44100", "metadata says stereo, the configuration mono"]
        );
        assert_eq!(differs(sound(22_050, 6)), [""; 0], "stereo says no more than that it is not mono");
        assert_eq!(differs(AudioConfig { sbr: true, ps: true, ..sound(44_100, 1) }), [""; 0]);
        let said = announced(&[("audiochannels", Amf::Number(6.0))]);
        assert_eq!(
            texts(said.audio_differences(Some(&sound(48_000, 2)), &lane("Opus"))),
            ["metadata says 6 channels, the configuration stereo"]
        );
        let said = announced(&[("stereo", Amf::Boolean(false))]);
        assert!(
            said.audio_differences(Some(&sound(48_000, 8)), &lane("AAC")).is_empty(),
            "FFmpeg writes true for two only"
        );
    }

    #[test]
    fn key_frames_tell_the_size_where_configurations_do_not() {
        let said = announced(&[("width", Amf::Number(320.0)), ("height", Amf::Number(240.0))]);
        let track = Track { shown: Some((322, 240)), ..track("VP9") };
        assert_eq!(texts(said.video_differences(&track)), ["metadata says 320x240, key frames 322x240"]);
    }

    #[test]
    fn every_track_has_its_own_promise() {
        let map =
            |width: f64| Amf::Object(vec![("width".into(), Amf::Number(width)), ("height".into(), Amf::Number(90.0))]);
        let tracks = Amf::Object(vec![("1".into(), map(160.0)), ("x".into(), map(1.0))]);
        let said = Metadata::new(&Amf::Object(vec![
            ("width".into(), Amf::Number(320.0)),
            ("height".into(), Amf::Number(180.0)),
            ("videoTrackIdInfoMap".into(), tracks),
        ]));
        let size = |id| said.of(Kind::Video, id).and_then(|announced| announced.size);
        assert_eq!((size(0), size(1), size(2)), (Some((320.0, 180.0)), Some((160.0, 90.0)), None));
        assert!(said.of(Kind::Audio, 1).is_none());
    }
}
