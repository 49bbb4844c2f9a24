//! The thread that decodes what the tap kept.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::Shared;
use super::choice::Choice;
use super::counters::Counters;
use super::feeds::{Feeds, Taken};
use super::notice::{Notice, Trouble};
use super::tap::{Conn, Event, Reader, What};
use crate::engine::{Live, News, Numbers, Output, Settings};
use crate::record::{GapAction, Record, Source};
use crate::stream::{Direction, Loss, Piece};
use crate::time::Span;

/// How often the decoder looks for more while traffic flows: waking it for each chunk would cost more than decoding.
const PACE: Duration = Duration::from_millis(5);
/// After so long without traffic it sleeps until there is some.
const REST: Duration = Duration::from_millis(200);
/// How long a connection that is over may still be chosen: longer than records wait that the choice depends on.
const LEAVING: Duration = Duration::from_secs(2);
/// Skipping is told at most this often.
const TELL: Duration = Duration::from_secs(5);

/// Starts the thread. It ends when the feeds are closed and empty.
pub(super) fn start(
    shared: Arc<Shared>,
    feeds: Arc<Feeds>,
    settings: Settings,
    mut outputs: Vec<Output>,
) -> Result<JoinHandle<()>, Trouble> {
    outputs.push(counting(Arc::clone(&shared.counters)));
    let decode = move || Inspector::new(shared, settings, outputs).run(&feeds);
    thread::Builder::new().name("decoder".to_owned()).spawn(decode).map_err(Trouble::System)
}

struct Inspector {
    shared: Arc<Shared>,
    live: Live,
    connections: Connections,
    choosing: Choosing,
    told_skipping: Option<Instant>,
}

/// Which connections are to be recorded.
struct Choosing {
    /// `None` if all are, or none.
    choice: Option<Choice>,
    numbers: Numbers,
    /// Connections that are over, and since when: some records of them may still be on their way.
    leaving: VecDeque<(Instant, Arc<Conn>)>,
}

type Connections = HashMap<u64, Arc<Conn>, foldhash::fast::RandomState>;

impl Inspector {
    fn new(shared: Arc<Shared>, settings: Settings, outputs: Vec<Output>) -> Inspector {
        let start = Some(shared.clock.now());
        let input = match shared.config.insecurity() {
            Some(why) => format!("proxy ({why})"),
            None => "proxy".to_owned(),
        };
        let source = Source { input, format: "live".to_owned(), start };
        let mut live = Live::new(&source, &settings, outputs);
        live.injure(shared.config.injury);
        let choice = shared.config.record.as_ref().and_then(|record| record.only.clone());
        let choosing = Choosing { choice, numbers: live.numbers(), leaving: VecDeque::new() };
        Inspector { shared, live, connections: HashMap::default(), choosing, told_skipping: None }
    }

    fn run(mut self, feeds: &Feeds) {
        let mut batch = Vec::new();
        let mut busy = None::<Instant>;
        // What a run begins with is there for readers before any traffic.
        self.live.pause();
        while feeds.take(Reader::Decoder, busy.map(|_| PACE), &mut batch) != Taken::Over {
            if !batch.is_empty() {
                busy = Some(Instant::now());
            }
            for event in &batch {
                self.event(event);
            }
            feeds.done(Reader::Decoder, batch.drain(..), &self.shared.counters);
            self.live.tick(self.shared.clock.now());
            self.live.pause();
            let news = self.live.news();
            tell(&self.shared, &self.connections, news);
            self.choosing.tell(&self.shared, &self.connections);
            busy = busy.filter(|busy| busy.elapsed() < REST || self.live.waits() || !self.choosing.leaving.is_empty());
        }
        let Inspector { live, shared, connections, mut choosing, .. } = self;
        let news = live.finish();
        tell(&shared, &connections, news);
        choosing.tell(&shared, &connections);
    }

    fn event(&mut self, event: &Event) {
        let Event { conn, time, what } = event;
        match what {
            What::Open => {
                self.connections.insert(conn.id, Arc::clone(conn));
                if self.choosing.choice.is_some() {
                    self.choosing.numbers.remember(conn.id);
                }
                self.live.open(conn.id, *time, conn.client, conn.server);
            }
            What::Data(dir, bytes) => self.live.piece(conn.id, *time, *dir, Piece::Data(bytes)),
            What::Skipped(dir, bytes) => {
                self.tell_skipped(conn.client, *dir, *bytes);
                self.live.piece(conn.id, *time, *dir, Piece::Gap(*bytes, Loss::Behind));
            }
            What::End(dir, ending) => self.live.piece(conn.id, *time, *dir, Piece::End(*ending)),
            What::Close => {
                self.live.close(conn.id);
                let news = self.live.news();
                tell(&self.shared, &self.connections, news);
                self.connections.remove(&conn.id);
                if self.choosing.choice.is_some() {
                    self.choosing.leaving.push_back((Instant::now(), Arc::clone(conn)));
                }
            }
            What::Chosen | What::Left => {}
        }
    }

    fn tell_skipped(&mut self, client: SocketAddr, dir: Direction, bytes: u64) {
        if self.told_skipping.is_none_or(|told| told.elapsed() > TELL) {
            self.told_skipping = Some(Instant::now());
            (self.shared.ear)(Notice::Skipped { client, dir, bytes });
        }
    }
}

impl Choosing {
    /// Tells the recording which connections were chosen, and which nobody will choose any more.
    fn tell(&mut self, shared: &Shared, open: &Connections) {
        let Choosing { choice, numbers, leaving } = self;
        let Some(choice) = choice else { return };
        let time = shared.clock.now();
        for session in choice.take() {
            let known = open.values().chain(leaving.iter().map(|(_, conn)| conn));
            for conn in known.filter(|conn| numbers.given(conn.id) == Some(session)) {
                shared.tap.tell_recorder(conn, time, What::Chosen);
            }
        }
        while leaving.front().is_some_and(|(since, _)| since.elapsed() > LEAVING) {
            let Some((_, conn)) = leaving.pop_front() else { return };
            numbers.forget(conn.id);
            shared.tap.tell_recorder(&conn, time, What::Left);
        }
    }
}

fn tell(shared: &Shared, connections: &Connections, news: Vec<News>) {
    for news in news {
        let client = |connection| connections.get(&connection).map(|conn: &Arc<Conn>| conn.client);
        let notice = match news {
            News::Foreign { connection, protocol } => {
                shared.counters.foreign.add(1);
                client(connection).map(|client| Notice::Foreign { client, protocol })
            }
            News::Failed { connection, why } => {
                shared.counters.decoder_failures.add(1);
                client(connection).map(|client| Notice::DecoderFailed { client, why })
            }
            News::OutputFailed { output, why } => Some(Notice::OutputFailed { output, why }),
        };
        if let Some(notice) = notice {
            (shared.ear)(notice);
        }
    }
}

/// Counts what the decoder says.
fn counting(counters: Arc<Counters>) -> Output {
    // Directions given up, by session.
    let mut stopped = HashMap::<u32, i64>::new();
    let take = move |record: Record| match record {
        Record::Message(message) => {
            let kind = message.head.message_type.kind().name();
            let place = Counters::KINDS.iter().position(|name| *name == kind);
            let counts = place.and_then(|at| counters.messages.get(at).zip(counters.message_bytes.get(at)));
            // The parts of an aggregate travelled in its bytes.
            if let Some((messages, bytes)) = counts.filter(|_| message.within.is_none()) {
                messages.add(1);
                bytes.add(u64::from(message.arrived()));
            }
        }
        Record::Gap(gap) => {
            counters.gaps.add(1);
            if gap.action == GapAction::Stopped {
                counters.stopped.add(1);
                *stopped.entry(gap.session).or_default() += 1;
            }
        }
        Record::Closed(closed) => counters.stopped.add(-stopped.remove(&closed.session).unwrap_or_default()),
        _ => {}
    };
    Output { name: "the counters".to_owned(), longest_wait: Span(0), audience: Box::new(take) }
}
