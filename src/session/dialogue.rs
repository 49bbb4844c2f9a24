//! Messages to meaning: decodes bodies, pairs calls with replies, and follows what becomes of the session.

use std::collections::VecDeque;

use super::codecs::Codecs;
use super::dechunk::Assembled;
use super::rules;
use super::settings::Settings;
use super::verdict::{Seen, Story};
use crate::field::Reader;
use crate::limits::Limits;
use crate::record::{Body as Kept, Call, Finding, Message, Record, Reply, Rule, Sink};
use crate::stream::{Direction, Ending};
use crate::time::Time;
use crate::wire::body::{self, Body, Context, Extent};
use crate::wire::code::Kind;
use crate::wire::command::{Command, Known, known};
use crate::wire::status;

mod parts;

/// The dialogue of one session. Needs no chunks: a transport without them may feed it messages as well.
#[derive(Clone, Debug)]
pub struct Dialogue {
    session: u32,
    messages: u64,
    transactions: usize,
    /// Calls without reply, by the direction of the call.
    calls: [VecDeque<Pending>; 2],
    settings: [Settings; 2],
    codecs: Codecs,
    story: Story,
}

/// A call that may still get its reply.
#[derive(Clone, Debug)]
struct Pending {
    transaction: f64,
    stream_id: u32,
    known: Option<&'static Known>,
    seq: u64,
    time: Time,
}

impl Dialogue {
    /// A dialogue that has not begun.
    pub fn new(session: u32, limits: &Limits) -> Dialogue {
        Dialogue {
            session,
            messages: 0,
            transactions: limits.transactions,
            calls: [VecDeque::new(), VecDeque::new()],
            settings: [Settings::default(), Settings::default()],
            codecs: Codecs::default(),
            story: Story::default(),
        }
    }

    /// Messages so far.
    pub fn messages(&self) -> u64 {
        self.messages
    }

    /// What became of it, in one line.
    pub(super) fn verdict(&self, how: Ending, by: Option<Direction>, seen: Seen) -> String {
        self.story.verdict(how, by, seen)
    }

    /// Takes a message and hands its record on, and those of the messages inside of it.
    pub fn message(&mut self, dir: Direction, assembled: Assembled, sink: &mut impl Sink) {
        let inside = self.take(dir, assembled, None, sink);
        let aggregate = self.messages;
        for part in inside {
            self.take(dir, part, Some(aggregate), sink);
        }
    }

    /// Takes one message; `within` is the number of the aggregate that it is a part of. The messages inside of it come
    /// back.
    fn take(
        &mut self,
        dir: Direction,
        assembled: Assembled,
        within: Option<u64>,
        sink: &mut impl Sink,
    ) -> Vec<Assembled> {
        self.messages += 1;
        let seq = self.messages;
        let head = assembled.head;
        let mut reader = Reader::quiet(assembled.body.bytes());
        let extent = if whole(&assembled) { Extent::Whole } else { Extent::Head };
        let context = Context { extent, codec: self.codecs.of(dir, head.stream_id), ..Context::default() };
        let (meaning, result) = body::read(&mut reader, head.message_type, context);
        self.codecs.learn(dir, head.stream_id, &meaning);
        let complete = assembled.partial.is_none();
        if complete && matches!(assembled.body, Kept::Kept(_)) && !whole(&assembled) {
            let kept = assembled.body.bytes().len();
            let text = format!("only {kept} of {} bytes of the body were kept", head.length);
            self.finding(dir, &assembled, rules::BODY_CUT, text, sink);
        }
        // A fault inside of a part is told with that part.
        let fault = if let Body::Aggregate(aggregate) = &meaning { aggregate.fault } else { result.err() };
        if let (Some(fault), true) = (fault, complete && whole(&assembled)) {
            let name = head.message_type.name().unwrap_or("message");
            let text = format!("{name}: {fault} (byte {} of {})", fault.at, head.length);
            self.finding(dir, &assembled, rules::BODY_FAULT, text, sink);
        }
        if head.message_type.kind() == Kind::Control && (head.csid != 2 || head.stream_id != 0) {
            let text = format!("a control message on chunk stream {}, message stream {}", head.csid, head.stream_id);
            self.finding(dir, &assembled, rules::CONTROL_PLACE, text, sink);
        }
        let mut message = Message {
            session: self.session,
            seq,
            dir,
            time: assembled.last.time,
            began: assembled.first.time,
            head,
            span: assembled.span,
            packets: (assembled.first.packet, assembled.last.packet),
            chunks: assembled.chunks,
            body: assembled.body,
            partial: assembled.partial,
            recovered: assembled.recovered,
            parts: assembled.parts,
            carriers: assembled.carriers,
            meaning: Body::Unknown,
            context,
            call: None,
            replaces: None,
            reply_to: None,
            within,
        };
        let mut inside = Vec::new();
        let mut answered = None;
        if complete {
            match &meaning {
                Body::Command(command) => answered = self.transact(&mut message, command, sink),
                // Nobody obeys a control message inside of an aggregate: it is not on chunk stream 2.
                Body::Control(control) if within.is_none() => {
                    message.replaces = self.settings(dir).set(control, message.body.bytes());
                }
                Body::Aggregate(aggregate) => inside = parts::inside(&message, aggregate),
                _ => {}
            }
            self.story.message(&message, &meaning);
        }
        message.meaning = meaning;
        sink.take(Record::Message(message));
        if let Some(record) = answered {
            sink.take(record);
        }
        inside
    }

    /// Pairs calls and replies; returns the record that tells the call of its reply.
    fn transact(&mut self, message: &mut Message, command: &Command, sink: &mut impl Sink) -> Option<Record> {
        let pending = match &*command.name {
            "_result" | "_error" => self.answered_by_id(message, command.transaction, sink)?,
            "onStatus" => self.answered_by_status(message, command)?,
            "onFCPublish" => self.answered_by_name(message.dir, "FCPublish")?,
            "onFCUnpublish" => self.answered_by_name(message.dir, "FCUnpublish")?,
            "onFCSubscribe" => self.answered_by_name(message.dir, "FCSubscribe")?,
            _ => {
                self.call(message, command, sink);
                return None;
            }
        };
        let after = message.time.since(pending.time);
        message.reply_to = Some(Reply { seq: pending.seq, after });
        message.context.reply_to = pending.known;
        self.refused(message, pending.known, command, sink);
        self.story.replied(pending.known, command);
        Some(Record::Answered { session: self.session, call: pending.seq, reply: message.seq, after })
    }

    /// Says why a call was refused, in plain words where the code is known.
    fn refused(&self, message: &Message, call: Option<&'static Known>, reply: &Command, sink: &mut impl Sink) {
        if &*reply.name != "_error" && reply.status_level() != Some("error") {
            return;
        }
        let call = call.map_or("a call", |known| known.name);
        let code = reply.status_code().unwrap_or("no reason given");
        let mut text = format!("{call} refused: {code}");
        if let Some(explanation) = status::explain(code.as_bytes()) {
            text = format!("{text} ({explanation})");
        }
        let (session, dir, time, at) = (self.session, message.dir, message.time, message.span.0);
        let (rule, seq) = (rules::REFUSED, Some(message.seq));
        sink.take(Record::Finding(Finding { session, dir, time, seq, at, rule, text }));
    }

    /// Remembers a call that wants a reply.
    fn call(&mut self, message: &mut Message, command: &Command, sink: &mut impl Sink) {
        let known = known(command.name.as_bytes());
        // These are answered by a status or a command of their own, whatever their transaction says.
        let expects_status = matches!(&*command.name, "publish" | "play" | "FCPublish" | "FCUnpublish" | "FCSubscribe");
        let transaction = command.transaction.unwrap_or_default();
        if transaction == 0.0 && !expects_status {
            return;
        }
        message.call = Some(Call::Waiting);
        let (stream_id, seq, time) = (message.head.stream_id, message.seq, message.time);
        let forgets = self.calls_mut(message.dir).len() >= self.transactions;
        if forgets {
            let text = "too many calls without reply: the oldest is given up".to_owned();
            let (session, dir, at) = (self.session, message.dir, message.span.0);
            let rule = rules::CALLS_FORGOTTEN;
            sink.take(Record::Finding(Finding { session, dir, time, seq: Some(seq), at, rule, text }));
            self.calls_mut(message.dir).pop_front();
        }
        self.calls_mut(message.dir).push_back(Pending { transaction, stream_id, known, seq, time });
    }

    fn answered_by_id(&mut self, message: &Message, id: Option<f64>, sink: &mut impl Sink) -> Option<Pending> {
        let calls = self.calls_mut(message.dir.reverse());
        let index = calls.iter().position(|call| Some(call.transaction) == id && call.transaction != 0.0);
        if index.is_none() {
            let text = format!("a reply to transaction {}, which nobody asked", id.unwrap_or_default());
            let (session, dir, time, at) = (self.session, message.dir, message.time, message.span.0);
            let rule = rules::REPLY_UNKNOWN;
            sink.take(Record::Finding(Finding { session, dir, time, seq: Some(message.seq), at, rule, text }));
        }
        self.calls_mut(message.dir.reverse()).remove(index?)
    }

    fn answered_by_status(&mut self, message: &Message, command: &Command) -> Option<Pending> {
        let code = command.status_code()?;
        let name = match code {
            "NetStream.Play.Reset" => return None,
            code if code.starts_with("NetStream.Publish.") => "publish",
            code if code.starts_with("NetStream.Play.") => "play",
            _ => return None,
        };
        let calls = self.calls_mut(message.dir.reverse());
        let is_call = |call: &&Pending, any_stream| {
            call.known.is_some_and(|k| k.name == name) && (any_stream || call.stream_id == message.head.stream_id)
        };
        let exact = calls.iter().position(|call| is_call(&call, false));
        let index = exact.or_else(|| calls.iter().position(|call| is_call(&call, true)))?;
        calls.remove(index)
    }

    fn answered_by_name(&mut self, dir: Direction, name: &str) -> Option<Pending> {
        let calls = self.calls_mut(dir.reverse());
        let index = calls.iter().position(|call| call.known.is_some_and(|k| k.name == name))?;
        calls.remove(index)
    }

    fn calls_mut(&mut self, dir: Direction) -> &mut VecDeque<Pending> {
        let [client, server] = &mut self.calls;
        if dir == Direction::ClientToServer { client } else { server }
    }

    fn settings(&mut self, dir: Direction) -> &mut Settings {
        let [client, server] = &mut self.settings;
        if dir == Direction::ClientToServer { client } else { server }
    }

    fn finding(&self, dir: Direction, message: &Assembled, rule: Rule, text: String, sink: &mut impl Sink) {
        let (session, time, at) = (self.session, message.last.time, message.span.0);
        sink.take(Record::Finding(Finding { session, dir, time, seq: Some(self.messages), at, rule, text }));
    }
}

/// Was the whole body kept? Only then can a fault be the sender's.
fn whole(message: &Assembled) -> bool {
    message.body.bytes().len() == message.head.length as usize
}
