//! A lane in the making.

use super::frames::Frames;
use super::{Item, Lane, LaneKind, LaneName, Measure, Strict};
use crate::diff::observed::{Media, Message};
use crate::stream::Direction;
use crate::time::Span;
use crate::wire::value::Amf;

/// Gathers one lane.
#[derive(Debug)]
pub(super) struct Lines {
    name: LaneName,
    items: Vec<Item>,
    /// RTMP timestamps of the items, beside them because they differ by a few milliseconds from run to run.
    times: Vec<u64>,
    pub(super) frames: Frames,
    /// Losses of the direction that were noted in this lane.
    epoch: u64,
    gap: bool,
    gaps: bool,
    format: Option<Vec<(Box<str>, Amf)>>,
    config: Option<Vec<(Box<str>, Amf)>>,
    repeats_config: bool,
    acks: Every,
    pings: Every,
    aggregates: u64,
    /// Metadata that told nothing new but rates.
    updates: u64,
    /// The message streams that carry it, in the order of first use.
    streams: Vec<Amf>,
}

/// Something that comes again and again.
#[derive(Debug, Default)]
struct Every {
    count: u64,
    first: Option<f64>,
    last: f64,
}

impl Every {
    fn note(&mut self, at: f64) {
        self.count += 1;
        self.first.get_or_insert(at);
        self.last = at;
    }

    /// The mean distance, of three at least.
    fn distance(&self) -> Option<f64> {
        (self.count > 2).then(|| ((self.last - self.first.unwrap_or_default()) / (self.count - 1) as f64).round())
    }
}

impl Lines {
    pub(super) fn new(name: LaneName) -> Lines {
        Lines {
            name,
            items: Vec::new(),
            times: Vec::new(),
            frames: Frames::new(name.kind == LaneKind::Video),
            epoch: 0,
            gap: false,
            gaps: false,
            format: None,
            config: None,
            repeats_config: false,
            acks: Every::default(),
            pings: Every::default(),
            aggregates: 0,
            updates: 0,
            streams: Vec::new(),
        }
    }

    pub(super) fn dir(&self) -> Direction {
        self.name.dir
    }

    /// Notes the losses of the direction so far.
    pub(super) fn reach(&mut self, epoch: u64) {
        if self.epoch != epoch {
            self.epoch = epoch;
            self.lose();
        }
    }

    /// Something is missing here.
    pub(super) fn lose(&mut self) {
        self.gap = true;
        self.gaps = true;
        self.frames.gap();
    }

    pub(super) fn acknowledge(&mut self, sequence: f64) {
        self.acks.note(sequence);
    }

    pub(super) fn ping(&mut self, time: Span) {
        self.pings.note(time.seconds() * 1000.0);
    }

    pub(super) fn aggregate(&mut self) {
        self.aggregates += 1;
    }

    pub(super) fn push(&mut self, mut item: Item, timestamp: u64) {
        if self.is_update(&item) {
            self.updates += 1;
            return;
        }
        item.after_gap = std::mem::take(&mut self.gap);
        if let Some(last) = self.items.last_mut()
            && !item.after_gap
            && (&last.what, &last.body) == (&item.what, &item.body)
        {
            last.times += item.times;
            return;
        }
        self.items.push(item);
        self.times.push(timestamp);
    }

    /// Does metadata repeat what it said before, but for the rates that were measured meanwhile?
    fn is_update(&self, item: &Item) -> bool {
        let rates = |name: &str| matches!(name, "videodatarate" | "audiodatarate");
        let rest = |item: &'_ Item| -> Vec<(Box<str>, Amf)> {
            item.body.iter().filter(|(name, _)| !rates(name)).cloned().collect()
        };
        let is_metadata = self.name.kind == LaneKind::Data && item.what.ends_with("onMetaData");
        let before = self.items.iter().rev().find(|before| before.what == item.what).filter(|_| is_metadata);
        before.is_some_and(|before| before.body != item.body && rest(before) == rest(item))
    }

    /// Notes the message stream of a media message.
    pub(super) fn streams(&mut self, stream: Option<Amf>) {
        if let Some(stream) = stream.filter(|stream| !self.streams.contains(stream)) {
            self.streams.push(stream);
        }
    }

    /// Takes an audio or video message; `exactly` is what is kept of its header.
    pub(super) fn media(&mut self, message: &Message<'_>, media: &Media<'_>, exactly: Vec<(Box<str>, Amf)>) {
        self.note_format(message, media);
        if let Some(config) = &media.config {
            let mut body = config.facts.clone();
            body.push(("length".into(), number(f64::from(message.length))));
            body.extend(message.hash.as_ref().map(|hash| ("hash".into(), Amf::String(hash.clone()))));
            if let Some(fields) = &config.fields {
                let fields = fields.iter().map(|(path, value)| (path.as_str().into(), text(value)));
                body.push(("fields".into(), Amf::Object(fields.collect())));
            }
            // By its length alone nobody can tell one from the next.
            let told = message.hash.is_some() || !config.facts.is_empty();
            if told && self.config.as_ref() == Some(&body) {
                self.repeats_config = true;
            } else {
                self.config = Some(body.clone());
                body.extend(exactly);
                self.put(message, "configuration", body);
            }
        } else if media.is_frame() {
            let time = message.timestamp;
            self.frames.add(time, message.length, media.keyframe, media.composition_ms, message.hash.as_deref());
            self.frames.note_chunks(message);
            // Where in the frames an item stands is told by the items; a loss between frames is told by them.
            self.gap = false;
        } else {
            let what = media.packet.unwrap_or("packet");
            let mut body = Vec::new();
            // An end of sequence has nothing to say.
            if !matches!(what, "end_of_sequence" | "sequence_end") {
                body.push(("length".into(), number(f64::from(message.length))));
            }
            body.extend(exactly);
            self.put(message, what, body);
        }
    }

    /// An item for every change of codec or header.
    fn note_format(&mut self, message: &Message<'_>, media: &Media<'_>) {
        let sound = sound_of(media);
        let same = self.format.as_ref().is_some_and(|format| is_format(format, media, sound));
        if same || media.codec.is_none() {
            return;
        }
        let mut format: Vec<(Box<str>, Amf)> = Vec::new();
        format.extend(media.codec.map(|codec| ("codec".into(), text(codec))));
        format.push(("header".into(), text(if media.enhanced { "enhanced" } else { "legacy" })));
        if let Some(values) = sound {
            format.extend(
                ["rate", "bits", "channels"].into_iter().zip(values).map(|(n, v)| (n.into(), number(v as f64))),
            );
        }
        self.format = Some(format.clone());
        self.put(message, "format", format);
    }

    fn put(&mut self, message: &Message<'_>, what: &str, body: Vec<(Box<str>, Amf)>) {
        let item = Item { what: what.into(), body, times: 1, seq: Some(message.seq), ..Item::default() };
        self.push(item, message.timestamp.unwrap_or_default());
    }

    /// The lane; `epoch` counts all losses of its direction, `base` is the first timestamp of the session's media.
    pub(super) fn finish(mut self, epoch: u64, base: u64, strict: Strict) -> Lane {
        self.reach(epoch);
        let mut measures = Vec::new();
        let mut put = |name: &str, value: Amf| measures.push(Measure { name: name.into(), value });
        if self.name.kind.is_media() {
            if self.repeats_config {
                put("repeats_configuration", Amf::Boolean(true));
            }
            if let [stream] = self.streams.as_slice() {
                put("stream", stream.clone());
            } else if !self.streams.is_empty() {
                put("stream", Amf::Array(self.streams));
            }
            if !self.frames.is_empty() {
                measures.extend(self.frames.measures(base, strict));
                mend_mp3_rate(&mut self.items, &measures);
            }
        } else {
            if self.acks.count > 0 {
                put("acknowledgements", number(self.acks.count as f64));
                if let Some(every) = self.acks.distance() {
                    put("acknowledged_every", number(every));
                }
            }
            if self.pings.count > 0 {
                put("pings", number(self.pings.count as f64));
                if let Some(every) = self.pings.distance() {
                    put("pinged_every_ms", number(every));
                }
            }
            if self.aggregates > 0 {
                put("aggregates", number(self.aggregates as f64));
            }
            if self.updates > 0 {
                put("rate_updates", number(self.updates as f64));
            }
            if self.times.iter().any(|time| *time != 0) {
                let rebased = self.times.iter().map(|time| number(rebased(*time, base, strict.ts) as f64));
                put("item_ms", Amf::Array(rebased.collect()));
            }
        }
        Lane { name: self.name, items: self.items, gap_after: self.gap, gaps: self.gaps, measures, line: 0 }
    }
}

/// The header has no number for 48 kHz: MP3 of that rate says 44,100, and only its frames tell, of 1,152 samples each.
fn mend_mp3_rate(items: &mut [Item], measures: &[Measure]) {
    let pace = measures.iter().find(|measure| &*measure.name == "frames_per_second").and_then(|m| m.value.as_number());
    if !pace.is_some_and(|pace| (pace * 1152.0 / 48_000.0 - 1.0).abs() < 0.005) {
        return;
    }
    for item in items.iter_mut().filter(|item| &*item.what == "format") {
        let is = |name: &str, wanted: &Amf| item.body.iter().any(|(key, value)| &**key == name && value == wanted);
        if is("codec", &text("mp3")) && is("rate", &number(44_100.0)) {
            item.body.iter_mut().filter(|(key, _)| &**key == "rate").for_each(|(_, value)| *value = number(48_000.0));
        }
    }
}

/// Rate, bits and channels of legacy sound. Some codecs have one rate only, whatever the header says for want of a number.
fn sound_of(media: &Media<'_>) -> Option<[u64; 3]> {
    let [rate, bits, channels] = media.format?;
    Some(match media.codec {
        Some("speex" | "nellymoser_16k") => [16_000, bits, 1],
        Some("nellymoser_8k") => [8_000, bits, 1],
        Some("g711_alaw" | "g711_mulaw" | "mp3_8k") => [8_000, bits, channels],
        _ => [rate, bits, channels],
    })
}

/// Is this what an earlier message of the lane was?
fn is_format(format: &[(Box<str>, Amf)], media: &Media<'_>, sound: Option<[u64; 3]>) -> bool {
    let says = |name: &str, expected: &str| {
        format.iter().any(|(key, value)| &**key == name && value.as_str() == Some(expected))
    };
    let numbers = || format.iter().filter_map(|(_, value)| value.as_number());
    says("codec", media.codec.unwrap_or_default())
        && says("header", if media.enhanced { "enhanced" } else { "legacy" })
        && match sound {
            Some(values) => numbers().eq(values.map(|value| value as f64)),
            None => numbers().next().is_none(),
        }
}

/// A timestamp since the first of the session's media; 0 stays 0.
fn rebased(time: u64, base: u64, exact: bool) -> u64 {
    if exact || time < base { time } else { time - base }
}

fn number(n: f64) -> Amf {
    Amf::Number(n)
}

fn text(text: &str) -> Amf {
    Amf::String(text.into())
}
