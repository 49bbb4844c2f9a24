//! The offline driver: reads a capture to its end.

use std::net::SocketAddr;
use std::sync::Arc;

use super::hold::{Hold, Totals};
use super::source::Input;
use super::stored::Stored;
use super::taps::Taps;
use super::trail::Trail;
use crate::limits::Limits;
use crate::net::{Capture, CaptureError, Census, Flows, ReadAt};
use crate::record::{End, Record, Searched, Sink, Source};
use crate::session::{MediaBody, Want};
use crate::time::Time;

/// What a run is to do.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How much of each message to keep.
    pub want: Want,
    /// The caps.
    pub limits: Limits,
    /// Connections to take for RTMP without looking.
    pub force: Vec<Force>,
    /// Hold calls back until their replies are known.
    pub pair_replies: bool,
    /// Notes how to read messages again.
    pub trail: Option<Trail>,
    /// When another thread helps with reading.
    pub read_ahead: ReadAhead,
}

impl Settings {
    /// A run with default limits that forces nothing.
    pub fn new(want: Want) -> Settings {
        Settings {
            want,
            limits: Limits::default(),
            force: Vec::new(),
            pair_replies: true,
            trail: None,
            read_ahead: ReadAhead::Never,
        }
    }
}

/// When another thread helps with reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAhead {
    /// Never: everything happens on the caller's thread.
    Never,
    /// Where it saves time that somebody notices: a large plain file is read in two thirds of the time for a quarter more
    /// CPU, for what one core read costs another one more. Not where packets are small, and decoding takes longer than
    /// reading; of compressed input unpacking is nearly all there is to do, unless whole bodies are wanted.
    Sparing,
    /// Always.
    Always,
}

/// A server whose connections are taken for RTMP without looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    /// Any server on this port.
    Port(u16),
    /// This server.
    Server(SocketAddr),
}

/// How far a run is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Bytes of the input read.
    pub bytes: u64,
    /// Packets read.
    pub packets: u64,
}

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Go on.
    Continue,
    /// Stop as if the capture ended here.
    Stop,
}

/// Packets between two looks at the clock.
const PROGRESS_EVERY: u64 = 4096;

/// Of files smaller than this one thread reads as quickly as two: a thread has to start.
const WORTH_TWO: u64 = 2 << 20;

/// So many packets tell how long packets are.
const JUDGED: u64 = 4096;
/// Bytes of packets, on average, from which on reading them is a good part of the work.
const LONG: u64 = 400;

fn worth_two(size: Option<u64>, stored: Option<Stored>) -> Option<Arc<dyn ReadAt>> {
    stored.filter(|_| size.is_some_and(|size| size >= WORTH_TWO)).map(|stored| Arc::new(stored) as Arc<dyn ReadAt>)
}

/// Reads a capture to its end and hands records to `sink`, the first of them [`Record::Source`], the last
/// [`Record::End`].
pub fn run(
    input: Input,
    settings: &Settings,
    sink: &mut impl Sink,
    mut progress: impl FnMut(Progress) -> Control,
) -> Result<(), CaptureError> {
    let name = input.short_name().to_owned();
    let large = input.is_large();
    let mut capture = Capture::open(input.reader, &input.name, &settings.limits)?;
    let format = capture.format().to_string();
    if let Some(trail) = &settings.trail {
        trail.open(&mut capture, &settings.limits);
    }
    let packed = !capture.format().compression.is_empty();
    let whole = worth_two(input.size, input.stored);
    let mut later = None;
    match settings.read_ahead {
        ReadAhead::Always => capture.read_ahead(whole),
        ReadAhead::Sparing if packed && settings.want.media == MediaBody::Whole => capture.read_ahead(None),
        ReadAhead::Sparing if large && !packed => later = whole,
        ReadAhead::Sparing | ReadAhead::Never => {}
    }
    let mut flows = Flows::new(&settings.limits);
    let mut taps = Taps::new(settings, Hold::new(Through(sink), settings));
    let mut start = None;
    let mut last = Time::default();
    let mut stopped = false;
    let mut next_mark = 0;
    loop {
        if let Some(trail) = &settings.trail {
            trail.mark(&capture, &flows, &taps, &mut next_mark);
        }
        let Some(packet) = capture.next()? else { break };
        if start.is_none() {
            start = packet.time;
            taps.record(Record::Source(Source { input: name.clone(), format: format.clone(), start }));
        }
        last = packet.time.unwrap_or(last);
        let number = packet.number;
        flows.push(&packet, &mut taps);
        if number == JUDGED
            && let Some(whole) = later.take()
            && capture.offset() >= JUDGED * LONG
        {
            capture.read_ahead(Some(whole));
        }
        if number.is_multiple_of(PROGRESS_EVERY)
            && progress(Progress { bytes: capture.bytes_read(), packets: number }) == Control::Stop
        {
            stopped = true;
            break;
        }
    }
    if capture.packets() == 0 {
        taps.record(Record::Source(Source { input: name, format, start }));
    }
    flows.finish(&mut taps);
    let foreign = taps.finish();
    let hold = taps.into_sink();
    let Totals { sessions, messages, gaps } = hold.finish();
    sink.take(Record::End(End {
        packets: capture.packets(),
        complete: capture.complete() && !stopped,
        stopped,
        last,
        sessions,
        messages,
        gaps,
        searched: searched(flows.census()),
        foreign,
        notes: capture.notes().iter().map(ToString::to_string).chain(flows.census().remarks()).collect(),
        more_notes: capture.note_count().saturating_sub(capture.notes().len() as u64),
    }));
    Ok(())
}

/// Hands records on to the caller's sink.
struct Through<'a, S>(&'a mut S);

impl<S: Sink> Sink for Through<'_, S> {
    fn take(&mut self, record: Record) {
        self.0.take(record);
    }

    fn pass(&mut self, record: &mut Record) {
        self.0.pass(record);
    }
}

fn searched(census: &Census) -> Searched {
    Searched {
        tcp_packets: census.tcp_packets,
        connections: census.connections,
        connections_with_data: census.connections_with_data,
        not_tcp: census.not_tcp,
        unreadable: census.unreadable,
        unknown_links: census.unknown_links.values().sum(),
        lost_bytes: census.lost_bytes,
        cut_bytes: census.cut_bytes,
        conflicting_bytes: census.conflicting_bytes,
    }
}

#[cfg(test)]
mod tests;
