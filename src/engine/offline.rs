//! The offline driver: reads a capture to its end.

use std::net::SocketAddr;
use std::sync::Arc;

use super::hold::{Hold, Totals};
use super::source::Input;
use super::stored::Stored;
use super::taps::Taps;
use super::trail::Trail;
use super::turns::{Manners, Turns, take_turns};
use crate::limits::Limits;
use crate::net::{Capture, CaptureError, Census, Flows, Lot, OfTurn, ReadAt};
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
    /// Where it saves time that somebody notices: of large plain files, unless decoding takes much longer than reading. Of
    /// compressed input unpacking is nearly all there is to do, unless whole bodies are wanted.
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

/// Smaller files one thread reads as quickly as two: a thread has to start.
const WORTH_TWO: u64 = 2 << 20;

fn worth_two(size: Option<u64>, stored: Option<Stored>) -> Option<Arc<dyn ReadAt>> {
    stored.filter(|_| size.is_some_and(|size| size >= WORTH_TWO)).map(|stored| Arc::new(stored) as Arc<dyn ReadAt>)
}

/// Reads a capture to its end and hands records to `sink`, the first of them [`Record::Source`], the last
/// [`Record::End`].
pub fn run(
    input: Input,
    settings: &Settings,
    sink: &mut (impl Sink + Send),
    progress: impl FnMut(Progress) -> Control + Send,
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
    let asked = match settings.read_ahead {
        ReadAhead::Always => true,
        ReadAhead::Sparing if packed => settings.want.media == MediaBody::Whole,
        ReadAhead::Sparing => large,
        ReadAhead::Never => false,
    };
    let mut turns = None;
    if asked && packed {
        capture.read_ahead();
    } else if asked && let Some(whole) = whole {
        turns = Some((capture.share(Arc::clone(&whole)), whole));
    }
    let flows = Flows::new(&settings.limits);
    let taps = Taps::new(settings, Hold::new(Through(sink), settings));
    let trail = settings.trail.as_ref();
    let (start, last) = (None, Time::default());
    let mut run =
        Run { capture, flows, taps, trail, progress, name, format, start, last, next_mark: 0, stopped: false };
    // The first turn is what is in the buffer; where there are no others, it is all.
    match (run.go_on()?, turns) {
        (Went::TurnOver, Some((from, whole))) => {
            // What is made of whole bodies and of chunks has threads of its own.
            let awake = settings.want.media < MediaBody::Whole && !settings.want.origin;
            let manners = Manners { sparing: settings.read_ahead == ReadAhead::Sparing, awake };
            let relay = take_turns(Relay { run, result: Ok(Went::End) }, whole, from, manners);
            relay.result?;
            relay.run.finish();
        }
        _ => run.finish(),
    }
    Ok(())
}

/// A run between two packets.
struct Run<'a, S, P> {
    capture: Capture,
    flows: Flows,
    taps: Taps<Hold<Through<'a, S>>>,
    trail: Option<&'a Trail>,
    progress: P,
    name: String,
    format: String,
    /// Time of the first packet.
    start: Option<Time>,
    last: Time,
    next_mark: u64,
    stopped: bool,
}

/// Why a run does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Went {
    /// It waits for its next turn.
    TurnOver,
    /// It is over.
    End,
}

impl<S: Sink, P: FnMut(Progress) -> Control> Run<'_, S, P> {
    /// Decodes to the end of the turn.
    fn go_on(&mut self) -> Result<Went, CaptureError> {
        loop {
            if let Some(trail) = self.trail {
                trail.mark(&self.capture, &self.flows, &self.taps, &mut self.next_mark);
            }
            let packet = match self.capture.next_of_turn()? {
                OfTurn::Packet(packet) => packet,
                OfTurn::Over => return Ok(Went::TurnOver),
                OfTurn::End => return Ok(Went::End),
            };
            if packet.number == 1 {
                self.start = packet.time;
                self.taps.record(source(&self.name, &self.format, self.start));
            }
            self.last = packet.time.unwrap_or(self.last);
            let number = packet.number;
            self.flows.push(&packet, &mut self.taps);
            if number.is_multiple_of(PROGRESS_EVERY)
                && (self.progress)(Progress { bytes: self.capture.bytes_read(), packets: number }) == Control::Stop
            {
                self.stopped = true;
                return Ok(Went::End);
            }
        }
    }

    /// Ends what is open and says how it went.
    fn finish(mut self) {
        if self.capture.packets() == 0 {
            self.taps.record(source(&self.name, &self.format, self.start));
        }
        self.flows.finish(&mut self.taps);
        let Run { capture, flows, mut taps, last, stopped, .. } = self;
        let foreign = taps.finish();
        let mut hold = taps.into_sink();
        let Totals { sessions, messages, gaps } = hold.let_all_go();
        let Through(sink) = hold.into_sink();
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
    }
}

fn source(name: &str, format: &str, start: Option<Time>) -> Record {
    Record::Source(Source { input: name.to_owned(), format: format.to_owned(), start })
}

/// A run that goes from thread to thread.
struct Relay<R> {
    run: R,
    result: Result<Went, CaptureError>,
}

impl<S: Sink + Send, P: FnMut(Progress) -> Control + Send> Turns for Relay<Run<'_, S, P>> {
    fn turn(&mut self, lot: Lot) -> (Option<Lot>, bool) {
        self.run.capture.begin_turn(lot);
        self.result = self.run.go_on();
        (self.run.capture.end_turn(), !matches!(self.result, Ok(Went::TurnOver)))
    }
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
