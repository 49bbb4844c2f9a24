//! The order of keys, which counts with `amf.order=exact` only.

use super::{Gathered, LaneName, Place};
use crate::diff::compare::{Detail, Topic};
use crate::wire::value::Amf;

impl Gathered<'_> {
    /// Keys that both have, in another order, with `amf.order=exact`.
    pub(super) fn order(&mut self, lane: LaneName, path: &mut Vec<Box<str>>, a: &Amf, b: &Amf, at: (Place, Place)) {
        let below = |(name, a, b): (Box<str>, &Amf, &Amf), gathered: &mut Self, path: &mut Vec<Box<str>>| {
            path.push(name);
            gathered.order(lane, path, a, b, at);
            path.pop();
        };
        match (a, b) {
            (Amf::Object(x), Amf::Object(y)) => {
                let shared = |own: &[(Box<str>, Amf)], other: &Amf| -> Vec<Box<str>> {
                    own.iter().map(|(name, _)| name.clone()).filter(|name| other.member(name).is_some()).collect()
                };
                let (keys_a, keys_b) = (shared(x, b), shared(y, a));
                if keys_a != keys_b {
                    let list = |keys: Vec<Box<str>>| Some(Amf::Array(keys.into_iter().map(Amf::String).collect()));
                    let (a, b) = (list(keys_a), list(keys_b));
                    let detail = Detail { lane: Some(lane), path: path.clone(), a, b, at_a: at.0, at_b: at.1 };
                    if !self.ignores(&detail) {
                        self.details.push((Topic::KeyOrder, detail));
                    }
                }
                for (name, value) in x {
                    if let Some(other) = b.member(name) {
                        below((name.clone(), value, other), self, path);
                    }
                }
            }
            (Amf::Array(x), Amf::Array(y)) => {
                for (n, (a, b)) in x.iter().zip(y).enumerate() {
                    below((n.to_string().into(), a, b), self, path);
                }
            }
            _ => {}
        }
    }
}
