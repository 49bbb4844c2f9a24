//! Asking a compiled filter.

use regex::Regex;

use super::place::Place;
use super::subject::{Subject, Value};

/// A compiled filter.
#[derive(Clone, Debug)]
pub(super) enum Node {
    All(Box<[Node]>),
    Any(Box<[Node]>),
    Not(Box<Node>),
    Test(Place, Condition),
}

/// What is asked of the values at a place.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    /// There is one.
    There,
    /// One is this.
    Is(Wanted),
    /// There is one, and none is this.
    IsNot(Wanted),
    /// One is more or less than this.
    Order(Order, f64),
    /// One looks like this.
    Like(Box<Regex>),
    /// One is one of these.
    In(Box<[Wanted]>),
}

/// More or less.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    Less,
    AtMost,
    More,
    AtLeast,
}

/// A value to compare with.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    Number(f64),
    Text(Box<str>),
    Boolean(bool),
    Null,
}

impl Node {
    /// Does the subject fit?
    pub(super) fn holds<S: Subject + ?Sized>(&self, subject: &S) -> bool {
        match self {
            Node::All(nodes) => nodes.iter().all(|node| node.holds(subject)),
            Node::Any(nodes) => nodes.iter().any(|node| node.holds(subject)),
            Node::Not(node) => !node.holds(subject),
            Node::Test(place, condition) => condition.holds(subject, place),
        }
    }

    /// Visits the places that are asked about.
    pub(super) fn each_place(&self, visit: &mut impl FnMut(&Place)) {
        match self {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| node.each_place(visit)),
            Node::Not(node) => node.each_place(visit),
            Node::Test(place, _) => visit(place),
        }
    }
}

impl Condition {
    fn holds<S: Subject + ?Sized>(&self, subject: &S, place: &Place) -> bool {
        match self {
            Condition::There => subject.any(place, &mut |_| true),
            Condition::Is(wanted) => subject.any(place, &mut |value| wanted.is(value)),
            Condition::IsNot(wanted) => {
                let mut there = false;
                let is = subject.any(place, &mut |value| {
                    there = true;
                    wanted.is(value)
                });
                there && !is
            }
            Condition::Order(order, limit) => {
                subject.any(place, &mut |value| matches!(value, Value::Number(n) if order.holds(n, *limit)))
            }
            Condition::Like(regex) => {
                subject.any(place, &mut |value| matches!(value, Value::Text(text) if regex.is_match(text)))
            }
            Condition::In(list) => subject.any(place, &mut |value| list.iter().any(|wanted| wanted.is(value))),
        }
    }
}

impl Wanted {
    fn is(&self, value: Value<'_>) -> bool {
        match (self, value) {
            (Wanted::Number(wanted), Value::Number(n)) => *wanted == n,
            (Wanted::Text(wanted), Value::Text(text)) => **wanted == *text,
            (Wanted::Boolean(wanted), Value::Boolean(b)) => *wanted == b,
            (Wanted::Null, Value::Null) => true,
            _ => false,
        }
    }
}

impl Order {
    fn holds(self, n: f64, limit: f64) -> bool {
        match self {
            Order::Less => n < limit,
            Order::AtMost => n <= limit,
            Order::More => n > limit,
            Order::AtLeast => n >= limit,
        }
    }
}
