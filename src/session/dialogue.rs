//! Messages to meaning: decodes bodies, pairs calls with replies, and follows what becomes of the session.

use super::codecs::Codecs;
use super::dechunk::Assembled;
use super::rules;
use super::settings::Settings;
use super::verdict::{Seen, Story};
use crate::field::Reader;
use crate::limits::Limits;
use crate::record::{Body as Kept, Call, Finding, Message, Record, Reply, Rule, Sink};
use crate::stream::{Direction, Ending};
use crate::time::{Span, Time};
use crate::wire::body::{self, Body, Context, Extent};
use crate::wire::code::Kind;
use crate::wire::command::{Command, Known, known};
use crate::wire::status;

mod calls;
mod parts;

pub(super) use calls::Answer;
use calls::{Calls, Pending};

/// The dialogue of one session. Needs no chunks: a transport without them may feed it messages as well.
#[derive(Clone, Debug)]
pub struct Dialogue {
    session: u32,
    messages: u64,
    calls: Calls,
    settings: [Settings; 2],
    codecs: Codecs,
    story: Story,
}

/// What a message does beside being there.
#[derive(Default)]
struct Effect {
    /// The messages inside of an aggregate.
    inside: Vec<Assembled>,
    answered: Option<Answered>,
}

/// What a command is in its transaction.
#[derive(Default)]
struct Turn {
    call: Option<Call>,
    reply_to: Option<Reply>,
    /// The call that it answers, where that is known by its name.
    answers: Option<&'static Known>,
    answered: Option<Answered>,
}

/// A call that got its reply.
struct Answered {
    call: u64,
    reply: u64,
    after: Span,
}

impl Answered {
    /// The record that tells it.
    fn of(self, session: u32) -> Record {
        let Answered { call, reply, after } = self;
        Record::Answered { session, call, reply, after }
    }
}

impl Dialogue {
    /// A dialogue that has not begun.
    pub fn new(session: u32, limits: &Limits) -> Dialogue {
        Dialogue {
            session,
            messages: 0,
            calls: Calls::new(limits.transactions),
            settings: [Settings::default(), Settings::default()],
            codecs: Codecs::default(),
            story: Story::default(),
        }
    }

    /// Messages so far.
    pub fn messages(&self) -> u64 {
        self.messages
    }

    /// The stream of `dir` is seen from its beginning.
    pub(super) fn heard(&mut self, dir: Direction) {
        self.calls.heard(dir);
    }

    /// Bytes of `dir` are missing, and with them maybe calls and replies; whether some were missing before.
    pub(super) fn missed(&mut self, dir: Direction) -> bool {
        self.calls.missed(dir)
    }

    /// Nothing more of `dir` will come.
    pub(super) fn ended(&mut self, dir: Direction, sink: &mut impl Sink) {
        self.accuse(dir, None, sink);
    }

    /// What became of it, in one line.
    pub(super) fn verdict(&self, how: Ending, by: Option<Direction>, seen: Seen) -> String {
        self.story.verdict(how, by, seen)
    }

    /// Takes a message and hands its record on, and those of the messages inside of it. What it held is taken out.
    pub fn message(&mut self, dir: Direction, assembled: &mut Assembled, sink: &mut impl Sink) {
        let inside = self.take(dir, assembled, None, sink);
        let aggregate = self.messages;
        for mut part in inside {
            self.take(dir, &mut part, Some(aggregate), sink);
        }
    }

    /// Takes one message; `within` is the number of the aggregate that it is a part of. The messages inside of it come
    /// back.
    fn take(
        &mut self,
        dir: Direction,
        assembled: &mut Assembled,
        within: Option<u64>,
        sink: &mut impl Sink,
    ) -> Vec<Assembled> {
        self.messages += 1;
        let seq = self.messages;
        let head = assembled.head;
        let mut reader = Reader::quiet(assembled.body.bytes());
        let extent = extent(assembled);
        let context = Context { extent, codec: self.codecs.of(dir, head.stream_id), ..Context::default() };
        let (meaning, result) = body::read(&mut reader, head.message_type, context);
        self.codecs.learn(dir, head.stream_id, &meaning);
        let complete = assembled.partial.is_none();
        if complete && matches!(assembled.body, Kept::Kept(_)) && !whole(assembled) {
            let kept = assembled.body.bytes().len();
            let text = format!("only {kept} of {} bytes of the body were kept", head.length);
            self.finding(dir, assembled, rules::BODY_CUT, text, sink);
        }
        // A fault inside of a part is told with that part.
        let fault = if let Body::Aggregate(aggregate) = &meaning { aggregate.fault } else { result.err() };
        if let (Some(fault), true) = (fault, complete && whole(assembled)) {
            let name = head.message_type.name().unwrap_or("message");
            let text = format!("{name}: {fault} (byte {} of {})", fault.at, head.length);
            self.finding(dir, assembled, rules::BODY_FAULT, text, sink);
        }
        if head.message_type.kind() == Kind::Control && (head.csid != 2 || head.stream_id != 0) {
            let text = format!("a control message on chunk stream {}, message stream {}", head.csid, head.stream_id);
            self.finding(dir, assembled, rules::CONTROL_PLACE, text, sink);
        }
        self.accuse(dir, Some(assembled.last.time), sink);
        // Made where it is passed on from: moving it costs as much as reading a small body.
        let mut record = Record::Message(Message {
            session: self.session,
            seq,
            dir,
            time: assembled.last.time,
            began: assembled.first.time,
            head,
            span: assembled.span,
            packets: (assembled.first.packet, assembled.last.packet),
            chunks: assembled.chunks,
            body: std::mem::take(&mut assembled.body),
            partial: assembled.partial,
            recovered: assembled.recovered,
            parts: std::mem::take(&mut assembled.parts),
            carriers: std::mem::take(&mut assembled.carriers),
            meaning,
            context,
            call: None,
            replaces: None,
            reply_to: None,
            within,
        });
        let Effect { inside, answered } = match &mut record {
            Record::Message(message) => self.follow(message, sink),
            _ => Effect::default(),
        };
        sink.pass(&mut record);
        if let Some(record) = answered {
            sink.take(record.of(self.session));
        }
        inside
    }

    /// Follows what a message does to the session.
    fn follow(&mut self, message: &mut Message, sink: &mut impl Sink) -> Effect {
        let complete = message.partial.is_none();
        let mut effect = Effect::default();
        match &message.meaning {
            // Of a command that was cut, the name and the transaction may be there.
            Body::Command(command) if complete || command.transaction.is_some() => {
                let turn = self.transact(message, command, sink);
                effect.answered = turn.answered;
                (message.call, message.reply_to, message.context.reply_to) = (turn.call, turn.reply_to, turn.answers);
            }
            // Nobody obeys a control message inside of an aggregate: it is not on chunk stream 2.
            Body::Control(control) if complete && message.within.is_none() => {
                message.replaces = self.settings(message.dir).set(control, message.body.bytes());
            }
            Body::Aggregate(aggregate) if complete => effect.inside = parts::inside(message, aggregate),
            _ => {}
        }
        self.story.message(message);
        effect
    }

    /// Pairs calls and replies.
    fn transact(&mut self, message: &Message, command: &Command, sink: &mut impl Sink) -> Turn {
        if !calls::is_reply(command) {
            return self.call(message, command, sink);
        }
        let Some(pending) = self.calls.answered(message, command) else { return Turn::default() };
        let after = message.time.since(pending.time);
        let answer = Answer::of(command);
        self.refused(message.dir, (message.seq, message.time, message.span.0), pending.known, &answer, sink);
        self.story.replied(pending.known, answer);
        Turn {
            reply_to: Some(Reply { seq: pending.seq, after }),
            answers: pending.known,
            answered: Some(Answered { call: pending.seq, reply: message.seq, after }),
            call: None,
        }
    }

    /// Says why the call of the reply at `place` was refused, in plain words where the code is known.
    fn refused(
        &self,
        dir: Direction,
        (seq, time, at): (u64, Time, u64),
        call: Option<&'static Known>,
        answer: &Answer,
        sink: &mut impl Sink,
    ) {
        if !answer.refused {
            return;
        }
        let call = call.map_or("a call", |known| known.name);
        let code = answer.code.as_deref().unwrap_or("no reason given");
        let mut text = format!("{call} refused: {code}");
        if let Some(explanation) = status::explain(code.as_bytes()) {
            text = format!("{text} ({explanation})");
        }
        let (session, rule, seq) = (self.session, rules::REFUSED, Some(seq));
        sink.take(Record::Finding(Finding { session, dir, time, seq, at, rule, text }));
    }

    /// Remembers a call that wants a reply. The reply came before it when the call's bytes had to be waited for.
    fn call(&mut self, message: &Message, command: &Command, sink: &mut impl Sink) -> Turn {
        let known = known(command.name.as_bytes());
        // These are answered by a status or a command of their own, whatever their transaction says.
        let expects_status = matches!(&*command.name, "publish" | "play" | "FCPublish" | "FCUnpublish" | "FCSubscribe");
        let transaction = command.transaction.unwrap_or_default();
        if transaction == 0.0 && !expects_status {
            return Turn::default();
        }
        let mut turn = Turn { call: Some(Call::Waiting), ..Turn::default() };
        let (dir, stream_id, seq, time) = (message.dir, message.head.stream_id, message.seq, message.time);
        let pending = Pending { transaction, stream_id, known, seq, time };
        if let Some(early) = self.calls.answered_already(dir, &pending) {
            let after = early.time.since(time);
            self.refused(dir.reverse(), (early.seq, early.time, early.at), known, &early.answer, sink);
            self.story.replied(known, early.answer);
            turn.answered = Some(Answered { call: seq, reply: early.seq, after });
            return turn;
        }
        if self.calls.asked(dir, pending) {
            let text = "too many calls without reply: the oldest is given up".to_owned();
            let (session, at, rule) = (self.session, message.span.0, rules::CALLS_FORGOTTEN);
            sink.take(Record::Finding(Finding { session, dir, time, seq: Some(seq), at, rule, text }));
        }
        turn
    }

    /// Tells of replies to calls that `dir`, which is at `time` or at its end, never made.
    fn accuse(&mut self, dir: Direction, time: Option<Time>, sink: &mut impl Sink) {
        if !self.calls.any_early(dir) {
            return;
        }
        for (transaction, reply) in self.calls.unasked(dir, time) {
            let text = format!("a reply to transaction {transaction}, which nobody asked");
            let (session, rule, seq, time, at) =
                (self.session, rules::REPLY_UNKNOWN, Some(reply.seq), reply.time, reply.at);
            let dir = dir.reverse();
            sink.take(Record::Finding(Finding { session, dir, time, seq, at, rule, text }));
        }
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

/// How much of the body the bytes are that were kept.
fn extent(message: &Assembled) -> Extent {
    match message.body {
        _ if whole(message) => Extent::Whole,
        Kept::Head { len, enough: true, .. } if message.partial.is_none() => {
            Extent::Beginning(message.head.length.saturating_sub(len.into()))
        }
        _ => Extent::Head,
    }
}

/// Was the whole body kept? Only then can a fault be the sender's.
fn whole(message: &Assembled) -> bool {
    message.body.bytes().len() == message.head.length as usize
}
