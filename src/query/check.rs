//! Do the names and types of a filter fit? Answered before anything is read; what fits is compiled.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::error::{Error, nearest};
use super::eval::{Condition, Node, Order, Wanted};
use super::parse::{Compare, Expr, Literal, Operator, Path, Scalar, parse};
use super::place::{Place, Step};
use super::registry::{self, ALIASES, Entry, Type};
use super::subject::{Seen, Subject};
use crate::field::Unit;
use crate::record::Message;
use crate::time::Time;

mod name;
mod unit;

pub(super) use name::resolve;

/// A filter that fits, ready to be asked. Asking allocates nothing, but where a value has to be made first: a date in
/// AMF, the number of a code without a name.
#[derive(Clone, Debug)]
pub struct Filter {
    text: Box<str>,
    expr: Expr,
    pub(super) root: Node,
    needs: Needs,
}

/// What a filter needs beyond the messages that any run gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Units and tracks of media bodies, which their first bytes may not tell.
    pub units: bool,
    /// Calls that know of their replies.
    pub replies: bool,
}

impl Filter {
    /// Reads and checks a filter.
    pub fn new(text: &str) -> Result<Filter, Error> {
        let expr = parse(text)?;
        let mut checker = Checker { text, needs: Needs::default() };
        let root = checker.node(&expr)?;
        Ok(Filter { text: text.into(), root, needs: checker.needs, expr })
    }

    /// Does it match? Comparisons with what is not there are false.
    pub fn matches(&self, subject: &impl Subject) -> bool {
        self.root.holds(subject)
    }

    /// Does it match a message of an input that began at `start`?
    pub fn matches_message(&self, message: &Message, start: Time) -> bool {
        self.matches(&Seen { message, start })
    }

    /// What it needs to be told right.
    pub fn needs(&self) -> Needs {
        self.needs
    }

    /// The text that it was made of.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The places that it asks about, in the order of its text.
    pub fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        self.root.each_place(&mut |place| places.push(place.clone()));
        places
    }

    /// What it says.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }
}

impl FromStr for Filter {
    type Err = Error;

    fn from_str(text: &str) -> Result<Filter, Error> {
        Filter::new(text)
    }
}

impl fmt::Display for Filter {
    /// The filter in one spelling, whatever its text was; read back it is the same filter.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

struct Checker<'t> {
    text: &'t str,
    needs: Needs,
}

impl Checker<'_> {
    fn error(&self, at: &Range<usize>, reason: String, suggestion: Option<String>) -> Error {
        Error { text: self.text.to_owned(), span: at.clone(), reason, suggestion }
    }

    fn node(&mut self, expr: &Expr) -> Result<Node, Error> {
        Ok(match expr {
            Expr::All(parts) => Node::All(self.nodes(parts)?),
            Expr::Any(parts) => Node::Any(self.nodes(parts)?),
            Expr::Not(inner) => Node::Not(Box::new(self.node(inner)?)),
            Expr::Has(path) => Node::Test(self.place(path)?, Condition::There),
            Expr::Truth(path) => self.truth(path)?,
            Expr::Compare(compare) => self.compare(compare)?,
            Expr::In(path, literals) => {
                let place = self.place(path)?;
                let wanted = literals.iter().map(|literal| self.wanted(place.entry, path, literal));
                let wanted = wanted.collect::<Result<Box<[Wanted]>, Error>>()?;
                Node::Test(place, Condition::In(wanted))
            }
        })
    }

    fn nodes(&mut self, parts: &[Expr]) -> Result<Box<[Node]>, Error> {
        parts.iter().map(|part| self.node(part)).collect()
    }

    fn place(&mut self, path: &Path) -> Result<Place, Error> {
        let place = resolve(&path.steps).map_err(|(reason, suggestion)| self.error(&path.at, reason, suggestion))?;
        self.needs.units |= place.entry.units;
        self.needs.replies |= matches!(place.entry.name, "command.reply" | "command.reply_after");
        Ok(place)
    }

    /// A field alone is a condition when it is true or false.
    fn truth(&mut self, path: &Path) -> Result<Node, Error> {
        let place = self.place(path)?;
        if !matches!(place.entry.kind, Type::Truth | Type::Amf) {
            let reason = format!("{path} alone is no condition: it is {}", article(place.entry));
            let hint = match place.entry.kind {
                Type::Group => format!("try has({path})"),
                _ => format!("try {}, or has({path})", place.entry.example),
            };
            return Err(self.error(&path.at, reason, Some(hint)));
        }
        Ok(Node::Test(place, Condition::Is(Wanted::Boolean(true))))
    }

    fn compare(&mut self, Compare { path, operator, literal }: &Compare) -> Result<Node, Error> {
        let place = self.place(path)?;
        if let Operator::Like = operator {
            return self.like(place, path, literal);
        }
        let order = match operator {
            Operator::Less => Some(Order::Less),
            Operator::AtMost => Some(Order::AtMost),
            Operator::More => Some(Order::More),
            Operator::AtLeast => Some(Order::AtLeast),
            _ => None,
        };
        if let Some(order) = order {
            let Type::Number(unit) = number_type(place.entry) else {
                let reason = format!("{path} is {}, which is neither more nor less", article(place.entry));
                return Err(self.error(&path.at, reason, Some("compare it by == != =~ or in".to_owned())));
            };
            let Scalar::Number(..) = literal.value else {
                let reason = format!("{literal} is no number, and only numbers are more or less");
                return Err(self.error(&literal.at, reason, None));
            };
            return Ok(Node::Test(place, Condition::Order(order, self.number(unit, path, literal)?)));
        }
        let wanted = self.wanted(place.entry, path, literal)?;
        Ok(Node::Test(
            place,
            if *operator == Operator::Different { Condition::IsNot(wanted) } else { Condition::Is(wanted) },
        ))
    }

    fn like(&self, place: Place, path: &Path, literal: &Literal) -> Result<Node, Error> {
        if !matches!(place.entry.kind, Type::Text | Type::Word(_) | Type::Amf) {
            let reason = format!("{path} is {}: =~ looks at text", article(place.entry));
            return Err(self.error(&path.at, reason, None));
        }
        let pattern = match &literal.value {
            Scalar::Text(text) => text,
            Scalar::Number(_, _, written) => written,
            _ => {
                return Err(self.error(
                    &literal.at,
                    "=~ wants a regular expression".to_owned(),
                    Some("quote it".to_owned()),
                ));
            }
        };
        match regex::RegexBuilder::new(pattern).size_limit(1 << 20).build() {
            Ok(regex) => Ok(Node::Test(place, Condition::Like(Box::new(regex)))),
            Err(error) => {
                let reason = match &error {
                    regex::Error::CompiledTooBig(_) => "the regular expression is too large".to_owned(),
                    // The last line says what; those before draw the pattern once more.
                    error => format!(
                        "no regular expression: {}",
                        error.to_string().lines().last().unwrap_or_default().trim()
                    ),
                };
                Err(self.error(&literal.at, reason, None))
            }
        }
    }

    /// The value that a field is compared with, when the types fit.
    fn wanted(&self, entry: &'static Entry, path: &Path, literal: &Literal) -> Result<Wanted, Error> {
        let misfit = |hint: Option<String>| {
            let reason = format!("{path} is {}, {literal} is {}", article(entry), literal_type(literal));
            self.error(&literal.at, reason, hint)
        };
        Ok(match (entry.kind, &literal.value) {
            (Type::Number(unit), Scalar::Number(..)) => Wanted::Number(self.number(unit, path, literal)?),
            (Type::Number(_), _) => return Err(misfit(Some(format!("such as {}", entry.example)))),
            (Type::Truth, Scalar::Boolean(value)) => Wanted::Boolean(*value),
            (Type::Truth, _) => return Err(misfit(Some(format!("write {path} or !{path}")))),
            (Type::Text, Scalar::Text(text) | Scalar::Number(_, _, text)) => Wanted::Text(text.clone()),
            (Type::Word(words), Scalar::Text(text) | Scalar::Number(_, _, text)) => {
                self.word(&words(), path, text, literal)?;
                Wanted::Text(text.clone())
            }
            (Type::Text | Type::Word(_), Scalar::Null) => return Err(misfit(Some(format!("write !has({path})")))),
            (Type::Text | Type::Word(_), Scalar::Boolean(_)) => return Err(misfit(None)),
            (Type::Group, _) => return Err(misfit(Some(format!("write has({path})")))),
            (Type::Amf, Scalar::Number(..)) => Wanted::Number(self.number(Unit::None, path, literal)?),
            (Type::Amf, Scalar::Text(text)) => Wanted::Text(text.clone()),
            (Type::Amf, Scalar::Boolean(value)) => Wanted::Boolean(*value),
            (Type::Amf, Scalar::Null) => Wanted::Null,
        })
    }

    /// A word of a closed list. A code without a name is told by its number.
    fn word(&self, words: &[&'static str], path: &Path, text: &str, literal: &Literal) -> Result<(), Error> {
        if words.contains(&text) || text.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(());
        }
        let lower = text.to_lowercase();
        let folk = FOLK.iter().find(|(folk, _)| *folk == lower).map(|(_, word)| *word).filter(|w| words.contains(w));
        let hint = match folk.or_else(|| nearest(&lower, words.iter().copied())) {
            Some(word) => format!("did you mean {word}?"),
            None if words.len() <= 12 => format!("it is one of {}", words.join(", ")),
            None => format!("`rtmpscope fields {path}` lists its values"),
        };
        Err(self.error(&literal.at, format!("{path} is never {literal}"), Some(hint)))
    }

    fn number(&self, unit: Unit, path: &Path, literal: &Literal) -> Result<f64, Error> {
        let Scalar::Number(value, sign, _) = &literal.value else { return Ok(f64::NAN) };
        unit::convert(*value, sign, unit).map_err(|wanted| {
            let reason = match unit {
                Unit::None => format!("{path} has no unit"),
                unit => format!("{path} is a number in {}, and {sign} is no unit of that", unit.sign()),
            };
            self.error(&literal.at, reason, wanted)
        })
    }
}

/// What members of AMF values are is not known: they may be numbers.
fn number_type(entry: &Entry) -> Type {
    if let Type::Amf = entry.kind { Type::Number(Unit::None) } else { entry.kind }
}

fn article(entry: &Entry) -> String {
    match entry.kind {
        Type::Number(Unit::None) => "a number".to_owned(),
        Type::Number(unit) => format!("a number in {}", unit.sign()),
        Type::Word(_) => "a word".to_owned(),
        Type::Text => "text".to_owned(),
        Type::Truth => "true or false".to_owned(),
        Type::Group => "a group of fields".to_owned(),
        Type::Amf => "any value".to_owned(),
    }
}

fn literal_type(literal: &Literal) -> &'static str {
    match literal.value {
        Scalar::Text(_) => "text",
        Scalar::Number(..) => "a number",
        Scalar::Boolean(_) => "true or false",
        Scalar::Null => "nothing",
    }
}

/// What people call things elsewhere.
const FOLK: &[(&str, &str)] = &[
    ("h264", "avc"),
    ("h.264", "avc"),
    ("avc1", "avc"),
    ("h265", "hevc"),
    ("h.265", "hevc"),
    ("hvc1", "hevc"),
    ("h266", "vvc"),
    ("mp4a", "aac"),
    ("client", "c2s"),
    ("server", "s2c"),
    ("in", "c2s"),
    ("out", "s2c"),
    ("metadata", "data"),
    ("amf0", "command"),
    ("invoke", "command"),
    ("ack", "acknowledgement"),
    ("keyframe", "idr"),
];
