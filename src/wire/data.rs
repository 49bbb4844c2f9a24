//! Data messages (types 18 and 15) and FLV script tags: RTMP 1.0 section 7.1.2, Adobe Flash Video File Format 10.1
//! annex E.5, and the handlers that implementations added.

use crate::field::{Annotate, Fault, Field, Reader, fields};

use super::amf0::{self, Scope};
use super::code::MessageType;
use super::format;
use super::value::{Amf, Build};

pub mod events;
pub mod metadata;
mod vocabulary;
pub use vocabulary::{HANDLERS, Handler, handler};

/// A data message: the name of a handler, and values for it. No answer exists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Data {
    /// The handler; empty in an empty message.
    pub handler: Box<str>,
    /// Its values.
    pub values: Vec<Amf>,
}

impl Data {
    /// Reads a whole body of type 18 or 15. After a fault, what was read until then is returned with it.
    pub fn read<A: Annotate>(r: &mut Reader<'_, A>, ty: MessageType) -> (Data, Result<(), Fault>) {
        let mut build = Build::default();
        let result = r.group(&f::DATA, |r| values(r, ty, &mut build));
        let mut values = build.finish().into_iter();
        let handler = match values.next() {
            Some(Amf::String(name)) => name,
            _ => Box::default(),
        };
        (Data { handler, values: values.collect() }, result)
    }

    /// Writes the body for type 18.
    pub fn write(&self, out: &mut Vec<u8>) {
        amf0::write(&Amf::String(self.handler.clone()), out);
        amf0::write_all(&self.values, out);
    }

    /// The handler that players see, and its values: `@setDataFrame` carries another message inside.
    pub fn inner(&self) -> (&str, &[Amf]) {
        match (&*self.handler, self.values.split_first()) {
            ("@setDataFrame", Some((Amf::String(name), values))) => (name, values),
            _ => (&self.handler, &self.values),
        }
    }

    /// What the n-th value is, from 0.
    pub fn role(&self, n: usize) -> &'static Field {
        if !names_another(&self.handler) {
            return role(&self.handler, n);
        }
        let (inner, _) = self.inner();
        match n.checked_sub(1) {
            None => &f::INNER_HANDLER,
            Some(n) => role(inner, n),
        }
    }

    /// The properties of the stream, if that is what the message carries.
    pub fn metadata(&self) -> Option<&Amf> {
        match self.inner() {
            ("onMetaData", values) => values.iter().find(|value| matches!(value, Amf::Object(_))),
            _ => None,
        }
    }
}

fn values<A: Annotate>(r: &mut Reader<'_, A>, ty: MessageType, build: &mut Build) -> Result<(), Fault> {
    if r.is_empty() {
        return Ok(());
    }
    if ty == MessageType::DATA_AMF3 {
        format::read(r)?;
    }
    let mut scope = Scope::default();
    amf0::value(r, &f::HANDLER, &mut scope, build)?;
    let mut name = build.complete().first().and_then(Amf::as_str);
    if name.is_none() {
        r.remark(0, "the name of a handler should be a string");
    }
    if name.is_some_and(names_another) && !r.is_empty() {
        amf0::value(r, &f::INNER_HANDLER, &mut scope, build)?;
        name = build.complete().get(1).and_then(Amf::as_str);
    }
    let roles = roles(name.unwrap_or_default());
    let mut n = 0;
    while !r.is_empty() {
        amf0::value(r, roles.get(n).copied().unwrap_or(&f::VALUE), &mut scope, build)?;
        n += 1;
    }
    Ok(())
}

/// Handlers whose first value names the handler that the values are for.
fn names_another(handler: &str) -> bool {
    matches!(handler, "@setDataFrame" | "@clearDataFrame")
}

fn roles(name: &str) -> &'static [&'static Field] {
    handler(name.as_bytes()).map_or(&[], |handler| handler.values)
}

fn role(handler: &str, n: usize) -> &'static Field {
    roles(handler).get(n).copied().unwrap_or(&f::VALUE)
}

fn explain_handler(name: &[u8]) -> Option<&'static str> {
    handler(name).map(|h| h.about)
}

/// Fields of data messages.
pub mod f {
    use super::*;
    fields! {
        /// The whole message.
        DATA = Field::new("data", "values for a handler on the other side");
        /// Handler.
        HANDLER = Field::new("handler", "who shall get the values").texts(explain_handler);
        /// Handler inside of another.
        INNER_HANDLER = Field::new("inner_handler", "who shall get the values that the server keeps")
            .texts(explain_handler);
        /// A value without known meaning.
        VALUE = Field::new("data_value", "a value for the handler");
    }
}

#[cfg(test)]
mod tests;
