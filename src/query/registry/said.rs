//! What commands, data and aggregates say.

use super::{Entry, Type, count, group, text, words};
use crate::field::Unit;
use crate::query::subject::{Seen, amf, items_at, number};
use crate::record::Call;
use crate::wire::body::Body;
use crate::wire::command::Command;
use crate::wire::data::Data;

const NUMBER: Type = Type::Number(Unit::None);

pub(super) static TABLE: &[Entry] = &[
    Entry::new("command", Type::Group, "a command: a call, a reply to one, or a notice", "has(command)", |s, _, t| {
        group(t, command(s).is_some())
    }),
    Entry::new("command.name", Type::Text, "name of the command", "command.name in (publish, play)", |s, _, t| {
        text(t, command(s).map(|command| &*command.name))
    }),
    Entry::new(
        "command.transaction",
        NUMBER,
        "transaction id; a reply carries that of its call",
        "command.transaction == 1",
        |s, _, t| command(s).and_then(|command| command.transaction).is_some_and(|n| t(number(n))),
    ),
    Entry::new(
        "command.object",
        Type::Amf,
        "the command object, with its members below",
        "command.object.app == live",
        |s, p, t| command(s).is_some_and(|command| amf(&command.object, p.below(), t)),
    ),
    Entry::new(
        "command.args",
        Type::Amf,
        "the values that follow, with their members below",
        "command.args.code =~ \"^NetStream\"",
        |s, p, t| command(s).is_some_and(|command| items_at(&command.args, p.below(), t)),
    )
    .list(),
    Entry::new("command.reply", NUMBER, "seq of the reply to this call", "has(command.reply)", |s, _, t| {
        count(t, command(s).and(answer(s)).map(|reply| reply as f64))
    }),
    Entry::new(
        "command.reply_to",
        NUMBER,
        "seq of the call that this replies to",
        "has(command.reply_to)",
        |s, _, t| count(t, command(s).and(s.message.reply_to).map(|call| call.seq as f64)),
    ),
    Entry::new(
        "command.reply_after",
        Type::Number(Unit::Seconds),
        "time between a call and its reply",
        "command.reply_after > 50ms",
        |s, _, t| {
            let call = if let Some(Call::Answered(reply)) = s.message.call { Some(reply.after) } else { None };
            count(t, command(s).and(call.or(s.message.reply_to.map(|call| call.after))).map(|after| after.seconds()))
        },
    ),
    Entry::new("data", Type::Group, "a data message: a handler and values for it", "has(data)", |s, _, t| {
        group(t, data(s).is_some())
    }),
    Entry::new("data.handler", Type::Text, "name of the handler", "data.handler == onMetaData", |s, _, t| {
        text(t, data(s).map(|data| &*data.handler))
    }),
    Entry::new(
        "data.values",
        Type::Amf,
        "the values that follow, with their members below",
        "data.values.width >= 1280",
        |s, p, t| data(s).is_some_and(|data| items_at(&data.values, p.below(), t)),
    )
    .list(),
    Entry::new(
        "aggregate",
        Type::Group,
        "several messages in one; its parts have `within`",
        "has(aggregate)",
        |s, _, t| group(t, matches!(s.message.meaning, Body::Aggregate(_))),
    ),
    Entry::new("aggregate.messages", NUMBER, "messages that were found in it", "aggregate.messages > 10", |s, _, t| {
        match &s.message.meaning {
            Body::Aggregate(aggregate) => count(t, Some(aggregate.parts.len() as f64)),
            _ => false,
        }
    }),
    Entry::new(
        "aggregate.time_order",
        Type::Word(words::time_order),
        "how its timestamps are written: as in FLV, or as one number of 32 bits",
        "aggregate.time_order == plain",
        |s, _, t| match &s.message.meaning {
            Body::Aggregate(aggregate) => text(t, Some(aggregate.order.word())),
            _ => false,
        },
    ),
];

fn command<'a>(s: &Seen<'a>) -> Option<&'a Command> {
    if let Body::Command(command) = &s.message.meaning { Some(command) } else { None }
}

fn data<'a>(s: &Seen<'a>) -> Option<&'a Data> {
    if let Body::Data(data) = &s.message.meaning { Some(data) } else { None }
}

fn answer(s: &Seen<'_>) -> Option<u64> {
    if let Some(Call::Answered(reply)) = s.message.call { Some(reply.seq) } else { None }
}
