//! The messages of one track, counted and measured.

use crate::record::Message;
use crate::time::Time;

/// A codec by its two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Codec {
    pub(super) title: &'static str,
    pub(super) word: Option<&'static str>,
}

impl Codec {
    /// Names that stand at the same place are the same, and need not be compared.
    fn is(&self, other: Codec) -> bool {
        let same_word = match (self.word, other.word) {
            (Some(word), Some(other)) => std::ptr::eq(word, other),
            (word, other) => word == other,
        };
        same_word && std::ptr::eq(self.title, other.title) || *self == other
    }
}

/// Frames further apart than this many milliseconds do not follow each other.
const LONGEST_STEP: u64 = 2000;

/// The media messages of one track.
#[derive(Clone, Debug, Default)]
pub struct Lane {
    /// Messages.
    pub messages: u64,
    /// Those that carry a coded picture or coded sound.
    pub frames: u64,
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
    pub(super) steps: u64,
    pub(super) played: u64,
    pub(super) latest: Option<u64>,
    /// Bytes of frames whose timestamps are not known, after lost ones: of their time nothing is told.
    pub(super) untimed: u64,
    pub(super) codecs: Vec<Codec>,
}

impl Lane {
    pub(super) fn add(&mut self, message: &Message, codec: Option<Codec>, coded: bool, keyframe: bool) {
        self.messages += 1;
        self.bytes += u64::from(message.head.length);
        self.keyframes += u64::from(keyframe);
        self.frames += u64::from(coded);
        if coded && message.timestamp().is_none() {
            self.untimed += u64::from(message.head.length);
        }
        if coded && message.timestamp().is_some() {
            // Decoder configurations and metadata are often stamped 0, wherever the stream is.
            let time = message.head.unwrapped;
            let (first, last) = self.timestamps.unwrap_or((time, time));
            self.timestamps = Some((first.min(time), last.max(time)));
            if let Some(step) = self.latest.replace(time).and_then(|before| time.checked_sub(before))
                && step <= LONGEST_STEP
            {
                self.steps += 1;
                self.played += step;
            }
        }
        self.first.get_or_insert(message.time);
        // FFmpeg stamps the colours of another track with that track's codec.
        if (coded || message.meaning.is_configuration())
            && let Some(codec) = codec
            && !self.codecs.iter().any(|known| known.is(codec))
        {
            self.codecs.push(codec);
        }
    }

    /// The codecs for people, in the order in which they came; one, unless the sender changed its mind.
    pub fn codecs(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.codecs.iter().map(|codec| codec.title)
    }

    /// The codecs as JSON words.
    pub fn codec_words(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.codecs.iter().filter_map(|codec| codec.word)
    }

    /// Pictures or frames of sound a second, by the timestamps.
    pub fn per_second(&self) -> Option<f64> {
        (self.steps >= 10 && self.played > 0).then(|| self.steps as f64 * 1000.0 / self.played as f64)
    }

    /// Mean rate over the time that the timestamps tell, in kbit/s.
    pub fn rate(&self) -> Option<f64> {
        let bytes = self.bytes.saturating_sub(self.untimed);
        (self.played > 0).then(|| bytes as f64 * 8.0 / self.played as f64)
    }
}
