use std::fs;
use std::path::Path;
use std::sync::mpsc::{Receiver as Inbox, channel};

use super::*;
use crate::engine::{Control, Input, MediaBody, Want, run};
use crate::limits::Limits;
use crate::net::{Capture, Flows};
use crate::time::Span;

/// The records of a live run, and what was said beside them.
struct Tape {
    live: Live,
    inbox: Inbox<Record>,
}

impl Tape {
    fn new(settings: &Settings) -> Tape {
        let (outbox, inbox) = channel();
        let output = Output {
            name: "test".to_owned(),
            longest_wait: Span(10_000_000_000),
            audience: Box::new(move |record| outbox.send(record).unwrap()),
        };
        let source = Source { input: "live".to_owned(), format: "live".to_owned(), start: Some(Time(0)) };
        Tape { live: Live::new(&source, settings, vec![output]), inbox }
    }

    fn finish(self) -> (Vec<Record>, Vec<News>) {
        let Tape { live, inbox } = self;
        let news = live.finish();
        (inbox.iter().collect(), news)
    }
}

impl Receiver for Tape {
    fn opened(&mut self, flow: FlowId, info: &FlowInfo) {
        self.live.open(flow.0, info.first.time, info.a, info.b);
    }

    fn piece(&mut self, flow: FlowId, side: Side, stamp: Stamp, piece: Piece<'_>) {
        let dir = if side == Side::A { Direction::ClientToServer } else { Direction::ServerToClient };
        self.live.piece(flow.0, stamp.time, dir, piece);
    }

    fn closed(&mut self, flow: FlowId) {
        self.live.close(flow.0);
    }
}

/// A capture through the live driver.
fn played(path: &Path, settings: &Settings, injury: Option<Injury>) -> (Vec<Record>, Vec<News>) {
    let mut capture = Capture::open(Box::new(fs::File::open(path).unwrap()), "sample", &Limits::default()).unwrap();
    let mut flows = Flows::new(&Limits::default());
    let mut tape = Tape::new(settings);
    tape.live.injure(injury);
    while let Some(packet) = capture.next().unwrap() {
        flows.push(&packet, &mut tape);
    }
    flows.finish(&mut tape);
    tape.finish()
}

fn sample(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name)
}

/// What a record says but for packet numbers and the search.
fn said(records: &[Record]) -> Vec<String> {
    let mut lines = Vec::new();
    for record in records {
        lines.push(match record {
            Record::Message(m) => {
                let what = (&m.head, &m.span, &m.body, &m.meaning, m.call, m.reply_to, m.within);
                format!("{}.{} {:?} {:?} {what:?}", m.session, m.seq, m.dir, m.time)
            }
            Record::Handshake(h) => format!("{} {:?} {:?} {:?} {:?}", h.session, h.dir, h.time, h.step, h.span),
            Record::Gap(g) => format!("{} {:?} {} {} {:?}", g.session, g.dir, g.at, g.missing, g.action),
            Record::Source(_) => "source".to_owned(),
            Record::End(end) => format!("end {} {} {}", end.sessions, end.messages, end.gaps),
            other => format!("{other:?}"),
        });
    }
    lines
}

#[test]
fn live_says_what_the_capture_says() {
    let settings = Settings::new(Want { media: MediaBody::Whole, origin: false });
    for name in
        ["auth-failures-nginx.pcap", "play-live-rtmpdump-nginx.pcap", "pub-gst-rtmp2sink-nginx.pcap", "x-loss3.pcap"]
    {
        let mut offline = Vec::new();
        let input = Input::open(&sample(name)).unwrap();
        run(input, &settings, &mut |record| offline.push(record), |_| Control::Continue).unwrap();
        let (live, news) = played(&sample(name), &settings, None);
        assert!(live.len() > 40, "{name}: {}", live.len());
        assert_eq!(said(&live), said(&offline), "{name}");
        assert_eq!(news, [], "{name}");
    }
}

#[test]
fn a_decoder_that_panics_costs_its_own_connection() {
    let settings = Settings::new(Want::LITTLE);
    let path = sample("auth-failures-nginx.pcap");
    let (whole, _) = played(&path, &settings, None);
    let (hurt, news) = played(&path, &settings, Some(Injury { connection: 1, after: 3200 }));
    let [News::Failed { connection: 1, why }] = &news[..] else { panic!("{news:?}") };
    assert!(why.contains("injured by a test"), "{why}");
    let others = |records: &[Record]| {
        let rest: Vec<Record> = records.iter().filter(|r| r.session().is_some_and(|n| n != 2)).cloned().collect();
        said(&rest)
    };
    assert!(others(&whole).len() > 40);
    assert_eq!(others(&hurt), others(&whole));
    let own: Vec<&Record> = hurt.iter().filter(|r| r.session() == Some(2)).collect();
    assert!(own.iter().any(|r| matches!(r, Record::Gap(gap) if gap.action == GapAction::Stopped)));
    let Some(Record::Closed(closed)) = own.last() else { panic!("{own:?}") };
    let bytes = whole.iter().find_map(|r| match r {
        Record::Closed(c) if c.session == 2 => Some(c.bytes),
        _ => None,
    });
    assert_eq!(Some(closed.bytes), bytes, "what is not decoded is counted");
}

#[test]
fn an_output_that_panics_costs_that_output() {
    let settings = Settings::new(Want::LITTLE);
    let (outbox, inbox) = channel();
    let bad = Output { name: "bad".to_owned(), longest_wait: Span(0), audience: Box::new(|_| panic!("no more room")) };
    let audience = Box::new(move |record| outbox.send(record).unwrap());
    let good = Output { name: "good".to_owned(), longest_wait: Span(0), audience };
    let source = Source { input: "live".to_owned(), format: "live".to_owned(), start: None };
    let mut live = Live::new(&source, &settings, vec![bad, good]);
    let address = ([127, 0, 0, 1], 1935).into();
    live.open(1, Time(1), address, address);
    live.piece(1, Time(2), Direction::ClientToServer, Piece::Data(b"GET / HTTP/1.1\r\n"));
    live.tick(Time(3));
    let why = "no more room".to_owned();
    let failed = News::OutputFailed { output: "bad".to_owned(), why };
    assert_eq!(live.news(), [News::Foreign { connection: 1, protocol: "HTTP".to_owned() }, failed]);
    assert_eq!(live.finish(), []);
    assert_eq!(said(&inbox.iter().collect::<Vec<_>>()), ["source", "end 0 0 0"]);
}
