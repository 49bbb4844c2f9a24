//! Commands (types 20 and 17): RTMP 1.0 section 7.1.1 and 7.2, and the commands that implementations added.
//!
//! Owns the envelope (name, transaction, object, arguments) and the vocabulary that says what each argument of a known
//! command is. Which call a reply answers is not in its bytes: that comes in from outside.

use crate::field::{Annotate, Fault, Field, Reader};

use super::amf0::{self, Marker, Scope};
use super::code::MessageType;
use super::format;
use super::value::{Amf, Build};

pub mod connect;
mod fields;
pub mod info;
mod vocabulary;
pub use fields::f;
pub use vocabulary::{KNOWN, Known, known};

/// A command, or the reply to one.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// Its name; `_result` or `_error` for a reply.
    pub name: Box<str>,
    /// Which call a reply answers; 0 when no answer is wanted, `None` when the sender left it out.
    pub transaction: Option<f64>,
    /// The command object; undefined when there is none.
    pub object: Amf,
    /// Everything after the object.
    pub args: Vec<Amf>,
}

impl Command {
    /// Reads a whole body of type 20 or 17. `reply_to` is the call that this message answers, when that is known. After
    /// a fault, what was read until then is returned with it.
    pub fn read<A: Annotate>(
        r: &mut Reader<'_, A>,
        ty: MessageType,
        reply_to: Option<&'static Known>,
    ) -> (Command, Result<(), Fault>) {
        let mut parts = Parts::default();
        let result = r.group(&f::COMMAND, |r| envelope(r, ty, reply_to, &mut parts));
        (parts.finish(), result)
    }

    /// Writes the body for type 20.
    pub fn write(&self, out: &mut Vec<u8>) {
        amf0::write(&Amf::String(self.name.clone()), out);
        if let Some(transaction) = self.transaction {
            amf0::write(&Amf::Number(transaction), out);
        }
        amf0::write(&self.object, out);
        amf0::write_all(&self.args, out);
    }

    /// True for `_result` and `_error`.
    pub fn is_reply(&self) -> bool {
        matches!(&*self.name, "_result" | "_error")
    }

    /// What each value of the command is, given the call that it answers.
    pub fn roles(&self, reply_to: Option<&'static Known>) -> Roles {
        Roles::of(&self.name, reply_to)
    }

    /// The status code, if the command carries an info object.
    pub fn status_code(&self) -> Option<&str> {
        self.info("code")
    }

    /// The level of the status: `status`, `warning` or `error`.
    pub fn status_level(&self) -> Option<&str> {
        self.info("level")
    }

    /// The status in the server's words.
    pub fn status_description(&self) -> Option<&str> {
        self.info("description")
    }

    fn info(&self, member: &str) -> Option<&str> {
        let info = self.args.iter().find(|arg| arg.member("code").is_some())?;
        info.member(member)?.as_str()
    }

    /// What is known about the command of this name.
    pub fn known(&self) -> Option<&'static Known> {
        known(self.name.as_bytes())
    }
}

/// The values as they come, and which of them the envelope has.
#[derive(Default)]
struct Parts {
    values: Build,
    transaction: bool,
    object: bool,
}

impl Parts {
    fn finish(self) -> Command {
        let mut values = self.values.finish().into_iter();
        let name = match values.next() {
            Some(Amf::String(name)) => name,
            _ => Box::default(),
        };
        let transaction = if self.transaction { values.next().and_then(|value| value.as_number()) } else { None };
        let object = if self.object { values.next() } else { None }.unwrap_or(Amf::Undefined);
        Command { name, transaction, object, args: values.collect() }
    }
}

fn envelope<A: Annotate>(
    r: &mut Reader<'_, A>,
    ty: MessageType,
    reply_to: Option<&'static Known>,
    parts: &mut Parts,
) -> Result<(), Fault> {
    if ty == MessageType::COMMAND_AMF3 {
        format::read(r)?;
    }
    let mut scope = Scope::default();
    amf0::value(r, &f::NAME, &mut scope, &mut parts.values)?;
    let name = parts.values.complete().first().and_then(Amf::as_str);
    if name.is_none() {
        r.remark(0, "the name of a command should be a string");
    }
    let roles = Roles::of(name.unwrap_or_default(), reply_to);
    // Some senders leave the transaction id out, mostly in messages that want no answer. It is a number of AMF0 or,
    // after the switch, of AMF3.
    parts.transaction = matches!(r.peek(), [0, ..] | [0x11, 4 | 5, ..]);
    if parts.transaction {
        amf0::value(r, &f::TRANSACTION, &mut scope, &mut parts.values)?;
    } else {
        r.remark(0, "the transaction id is missing");
    }
    parts.object = r.peek().first().is_some_and(|&marker| parts.transaction || may_be_object(Marker(marker)));
    if parts.object {
        amf0::value(r, roles.object, &mut scope, &mut parts.values)?;
    }
    let mut n = 0;
    while !r.is_empty() {
        amf0::value(r, roles.arg(n), &mut scope, &mut parts.values)?;
        n += 1;
    }
    Ok(())
}

fn may_be_object(marker: Marker) -> bool {
    matches!(
        marker,
        Marker::OBJECT
            | Marker::NULL
            | Marker::UNDEFINED
            | Marker::ECMA_ARRAY
            | Marker::TYPED_OBJECT
            | Marker::AVM_PLUS
    )
}

/// The fields of a message's values after the transaction id.
#[derive(Clone, Copy, Debug)]
pub struct Roles {
    /// The command object.
    pub object: &'static Field,
    args: &'static [&'static Field],
    more: &'static Field,
}

impl Roles {
    /// The field of the n-th argument, from 0.
    pub fn arg(&self, n: usize) -> &'static Field {
        self.args.get(n).copied().unwrap_or(self.more)
    }

    fn of(name: &str, reply_to: Option<&'static Known>) -> Roles {
        let it = known(name.as_bytes()).unwrap_or(&vocabulary::CALL);
        match (name, reply_to) {
            ("_result", Some(call)) => Roles { object: call.result_object, args: call.result, more: it.more },
            ("_error", Some(call)) => Roles { object: call.result_object, args: call.error, more: it.more },
            _ => Roles { object: it.object, args: it.args, more: it.more },
        }
    }
}

#[cfg(test)]
mod tests;
