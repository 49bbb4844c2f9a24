//! Calls and their replies: who answers whom.
//!
//! A reply can come before its call where bytes of the caller are missing: they are waited for, the other side goes
//! on. So a reply that fits no call waits, too; that nobody asked for it is said only once the caller's stream is
//! known to be whole up to it.

use std::collections::VecDeque;

use crate::record::Message;
use crate::stream::Direction;
use crate::time::Time;
use crate::wire::command::{Command, Known};

/// The calls of a session without reply, and its replies without call.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    limit: usize,
    /// By the direction of the call.
    sides: [Side; 2],
}

#[derive(Clone, Debug, Default)]
struct Side {
    waiting: VecDeque<Pending>,
    /// Replies that fit no call so far.
    early: VecDeque<Early>,
    sight: Sight,
}

/// How much of the caller's stream was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Sight {
    /// Nothing yet, and maybe never anything.
    #[default]
    None,
    /// All since the handshake.
    Whole,
    /// Bytes are missing, and calls with them.
    Holes,
}

/// A call that may still get its reply.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) transaction: f64,
    pub(super) stream_id: u32,
    pub(super) known: Option<&'static Known>,
    pub(super) seq: u64,
    pub(super) time: Time,
}

/// A reply whose call was not seen.
#[derive(Clone, Debug)]
pub(super) struct Early {
    claim: Claim,
    pub(super) answer: Answer,
    pub(super) seq: u64,
    pub(super) time: Time,
    /// Its place in the stream.
    pub(super) at: u64,
}

/// What a reply says.
#[derive(Clone, Debug)]
pub(in crate::session) struct Answer {
    pub(in crate::session) refused: bool,
    pub(in crate::session) code: Option<Box<str>>,
}

impl Answer {
    pub(super) fn of(reply: &Command) -> Answer {
        let refused = &*reply.name == "_error" || reply.status_level() == Some("error");
        Answer { refused, code: reply.status_code().map(Into::into) }
    }
}

/// What tells a reply's call.
#[derive(Clone, Copy, Debug)]
enum Claim {
    Transaction(f64),
    /// A status tells of the request of this name, on the same stream if there is one.
    Status(&'static str, u32),
    Name(&'static str),
}

impl Calls {
    pub(super) fn new(limit: usize) -> Calls {
        Calls { limit, sides: [Side::default(), Side::default()] }
    }

    /// The stream of `dir` is seen from its beginning.
    pub(super) fn heard(&mut self, dir: Direction) {
        let sight = &mut self.side(dir).sight;
        if *sight == Sight::None {
            *sight = Sight::Whole;
        }
    }

    /// Bytes of `dir` are missing; whether it was so before, or its beginning was not seen.
    pub(super) fn missed(&mut self, dir: Direction) -> bool {
        std::mem::replace(&mut self.side(dir).sight, Sight::Holes) != Sight::Whole
    }

    /// The call that `reply` answers; a reply that fits none waits for it.
    pub(super) fn answered(&mut self, reply: &Message, command: &Command) -> Option<Pending> {
        let claim = Claim::of(command, reply.head.stream_id)?;
        let limit = self.limit;
        let side = self.side(reply.dir.reverse());
        if let Some(index) = claim.find(&side.waiting) {
            return side.waiting.remove(index);
        }
        if side.early.len() >= limit {
            side.early.pop_front();
        }
        let (seq, time, at) = (reply.seq, reply.time, reply.span.0);
        side.early.push_back(Early { claim, answer: Answer::of(command), seq, time, at });
        None
    }

    /// The reply to `call`, if it came before it.
    pub(super) fn answered_already(&mut self, dir: Direction, call: &Pending) -> Option<Early> {
        let side = self.side(dir);
        let answers = |early: &Early| early.time >= call.time && early.claim.fits(call, true);
        let index = side.early.iter().position(answers)?;
        side.early.remove(index)
    }

    /// Remembers a call; whether the oldest was given up for it.
    pub(super) fn asked(&mut self, dir: Direction, call: Pending) -> bool {
        let limit = self.limit;
        let side = self.side(dir);
        let forgets = side.waiting.len() >= limit;
        if forgets {
            side.waiting.pop_front();
        }
        side.waiting.push_back(call);
        forgets
    }

    /// Do replies wait for calls of `dir`? Hardly ever, and it is asked before every message.
    #[inline]
    pub(super) fn any_early(&self, dir: Direction) -> bool {
        let [client, server] = &self.sides;
        !if dir == Direction::ClientToServer { client } else { server }.early.is_empty()
    }

    /// The caller `dir` went on at `time`, or is at its end: replies from before then to transactions that it never
    /// asked for.
    pub(super) fn unasked(&mut self, dir: Direction, time: Option<Time>) -> Vec<(f64, Early)> {
        let side = self.side(dir);
        if side.early.is_empty() || side.sight == Sight::None {
            return Vec::new();
        }
        let passed = side.early.iter().take_while(|early| time.is_none_or(|time| early.time < time)).count();
        let passed = side.early.drain(..passed);
        if side.sight == Sight::Holes {
            return Vec::new();
        }
        passed
            .filter_map(|early| if let Claim::Transaction(id) = early.claim { Some((id, early)) } else { None })
            .collect()
    }

    fn side(&mut self, dir: Direction) -> &mut Side {
        let [client, server] = &mut self.sides;
        if dir == Direction::ClientToServer { client } else { server }
    }
}

impl Claim {
    /// What `command` claims to answer, if it is a reply.
    fn of(command: &Command, stream_id: u32) -> Option<Claim> {
        Some(match &*command.name {
            "_result" | "_error" => Claim::Transaction(command.transaction.unwrap_or_default()),
            "onFCPublish" => Claim::Name("FCPublish"),
            "onFCUnpublish" => Claim::Name("FCUnpublish"),
            "onFCSubscribe" => Claim::Name("FCSubscribe"),
            "onStatus" => match command.status_code()? {
                "NetStream.Play.Reset" => return None,
                code if code.starts_with("NetStream.Publish.") => Claim::Status("publish", stream_id),
                code if code.starts_with("NetStream.Play.") => Claim::Status("play", stream_id),
                _ => return None,
            },
            _ => return None,
        })
    }

    fn find(self, calls: &VecDeque<Pending>) -> Option<usize> {
        let find = |any_stream| calls.iter().position(|call| self.fits(call, any_stream));
        find(false).or_else(|| find(true))
    }

    fn fits(self, call: &Pending, any_stream: bool) -> bool {
        let named = |name| call.known.is_some_and(|known| known.name == name);
        match self {
            Claim::Transaction(id) => call.transaction == id && id != 0.0,
            Claim::Status(name, stream_id) => named(name) && (any_stream || call.stream_id == stream_id),
            Claim::Name(name) => named(name),
        }
    }
}

/// Is `command` a reply or a status, and no call?
pub(super) fn is_reply(command: &Command) -> bool {
    &*command.name == "onStatus" || Claim::of(command, 0).is_some()
}
