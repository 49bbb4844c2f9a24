//! The grammar: what a filter says, before anybody asked whether its names and types fit.
//!
//! ```text
//! any   = all { ("||" | "or") all }        all  = not { ("&&" | "and") not }
//! not   = ("!" | "not") not | "(" any ")" | "has" "(" path ")" | path [ test ]
//! test  = ("==" | "!=" | "<" | "<=" | ">" | ">=" | "=~") scalar | ["not"] "in" "(" scalar { "," scalar } ")"
//! path  = word { "." word | "[" number "]" | "[" quoted "]" }
//! ```

use std::ops::Range;

use super::error::Error;
use super::lex::{Lexeme, Token, lex};
use super::place::Step;

/// What a filter says.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// All of these; two at least.
    All(Vec<Expr>),
    /// One of these at least; two at least.
    Any(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
    /// The path leads to something.
    Has(Path),
    /// The path leads to something true.
    Truth(Path),
    /// The path leads to something that compares so.
    Compare(Compare),
    /// The path leads to one of these.
    In(Path, Vec<Literal>),
}

/// A comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Compare {
    /// What is compared.
    pub path: Path,
    /// How.
    pub operator: Operator,
    /// With what.
    pub literal: Literal,
}

/// A path with its place in the text. Two of them are equal when they lead the same way.
#[derive(Clone, Debug)]
pub struct Path {
    /// The steps; the first of them is a name.
    pub steps: Vec<Step>,
    /// The place in the text.
    pub at: Range<usize>,
}

/// A value in a filter, with its place in the text. Two of them are equal when their values are.
#[derive(Clone, Debug)]
pub struct Literal {
    /// The value.
    pub value: Scalar,
    /// The place in the text.
    pub at: Range<usize>,
}

/// A value in a filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// A word, or text in quotes.
    Text(Box<str>),
    /// A number, its unit, and both as they were written.
    Number(f64, Box<str>, Box<str>),
    /// A truth value.
    Boolean(bool),
    /// Nothing.
    Null,
}

/// How values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    Different,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `=~`
    Like,
}

impl Operator {
    /// All of them with their signs.
    pub const ALL: [(&'static str, Operator); 7] = [
        ("==", Operator::Equal),
        ("!=", Operator::Different),
        ("<", Operator::Less),
        ("<=", Operator::AtMost),
        (">", Operator::More),
        (">=", Operator::AtLeast),
        ("=~", Operator::Like),
    ];

    /// The sign.
    pub fn sign(self) -> &'static str {
        Operator::ALL.iter().find(|(_, operator)| *operator == self).map_or("", |(sign, _)| sign)
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Path) -> bool {
        self.steps == other.steps
    }
}

impl PartialEq for Literal {
    fn eq(&self, other: &Literal) -> bool {
        self.value == other.value
    }
}

/// Reads a filter.
pub fn parse(text: &str) -> Result<Expr, Error> {
    let lexemes = lex(text)?;
    let mut parser = Parser { text, lexemes: &lexemes, next: 0, depth: 0 };
    if parser.token() == &Token::End {
        return Err(parser.error("the filter is empty", Some("such as kind == video && length > 64KiB")));
    }
    let expr = parser.any()?;
    match parser.token() {
        Token::End => Ok(expr),
        Token::Sign(")") => Err(parser.error("this bracket was never opened", None)),
        _ => Err(parser.error("the condition before this is complete", Some("join conditions by && or ||"))),
    }
}

/// Reads a text that is a path and nothing else.
pub(super) fn path_alone(text: &str) -> Result<Path, Error> {
    let lexemes = lex(text)?;
    let mut parser = Parser { text, lexemes: &lexemes, next: 0, depth: 0 };
    let path = parser.path()?;
    match parser.token() {
        Token::End => Ok(path),
        _ => Err(parser.error("the name of a field ends before this", None)),
    }
}

/// How deep brackets and negations may nest.
const DEPTH: usize = 64;

struct Parser<'t> {
    text: &'t str,
    lexemes: &'t [Lexeme],
    next: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn token(&self) -> &'t Token {
        self.lexemes.get(self.next).map_or(&Token::End, |lexeme| &lexeme.token)
    }

    fn at(&self) -> Range<usize> {
        let end = self.text.len();
        self.lexemes.get(self.next).map_or(end..end, |lexeme| lexeme.at.clone())
    }

    fn slice(&self, at: Range<usize>) -> &'t str {
        self.text.get(at).unwrap_or_default()
    }

    fn take(&mut self, sign: &str) -> bool {
        let is = matches!(self.token(), Token::Sign(s) if *s == sign);
        self.next += usize::from(is);
        is
    }

    fn word(&mut self, words: &[&str]) -> bool {
        let is = self.token() == &Token::Word && words.contains(&self.slice(self.at()));
        self.next += usize::from(is);
        is
    }

    fn expect(&mut self, sign: &'static str, why: &str) -> Result<(), Error> {
        if self.take(sign) { Ok(()) } else { Err(self.error(why, None)) }
    }

    fn error(&self, reason: &str, suggestion: Option<&str>) -> Error {
        self.error_at(self.at(), reason, suggestion)
    }

    fn error_at(&self, span: Range<usize>, reason: &str, suggestion: Option<&str>) -> Error {
        Error { text: self.text.to_owned(), span, reason: reason.to_owned(), suggestion: suggestion.map(str::to_owned) }
    }

    fn any(&mut self) -> Result<Expr, Error> {
        let mut parts = vec![self.all()?];
        while self.take("||") || self.word(&["or", "OR"]) {
            parts.push(self.all()?);
        }
        Ok(joined(parts, Expr::Any))
    }

    fn all(&mut self) -> Result<Expr, Error> {
        let mut parts = vec![self.not()?];
        while self.take("&&") || self.word(&["and", "AND"]) {
            parts.push(self.not()?);
        }
        Ok(joined(parts, Expr::All))
    }

    fn not(&mut self) -> Result<Expr, Error> {
        if self.depth >= DEPTH {
            return Err(self.error("more than 64 brackets or negations within each other", None));
        }
        self.depth += 1;
        let expr = if self.take("!") || self.word(&["not", "NOT"]) {
            // Brackets behind it are no level of their own: what is printed with them nests no deeper than what was read.
            let inner = if self.take("(") { self.bracketed()? } else { self.not()? };
            Expr::Not(Box::new(inner))
        } else if self.take("(") {
            self.bracketed()?
        } else {
            self.condition()?
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn bracketed(&mut self) -> Result<Expr, Error> {
        let expr = self.any()?;
        self.expect(")", "a ) is missing here, or && or || before another condition")?;
        Ok(expr)
    }

    fn condition(&mut self) -> Result<Expr, Error> {
        let has = self.token() == &Token::Word
            && self.slice(self.at()) == "has"
            && self.lexemes.get(self.next + 1).is_some_and(|l| l.token == Token::Sign("("));
        if has {
            self.next += 2;
            let path = self.path()?;
            self.expect(")", "has( ) asks for one field: a ) is missing here")?;
            return Ok(Expr::Has(path));
        }
        let path = self.path()?;
        let before = self.next;
        if self.word(&["not", "NOT"]) {
            if self.word(&["in", "IN"]) {
                let literals = self.list()?;
                return Ok(Expr::Not(Box::new(Expr::In(path, literals))));
            }
            self.next = before;
        }
        if self.word(&["in", "IN"]) {
            return Ok(Expr::In(path, self.list()?));
        }
        let operator = match self.token() {
            Token::Sign(sign) => Operator::ALL.iter().find(|(known, _)| known == sign).map(|(_, operator)| *operator),
            _ => None,
        };
        let Some(operator) = operator else { return Ok(Expr::Truth(path)) };
        self.next += 1;
        let literal = self.literal()?;
        Ok(Expr::Compare(Compare { path, operator, literal }))
    }

    fn list(&mut self) -> Result<Vec<Literal>, Error> {
        self.expect("(", "in wants a list in brackets, such as in (publish, play)")?;
        let mut literals = vec![self.literal()?];
        while self.take(",") {
            literals.push(self.literal()?);
        }
        self.expect(")", "the list is not closed: , or ) is missing here")?;
        Ok(literals)
    }

    fn path(&mut self) -> Result<Path, Error> {
        let Range { start, mut end } = self.at();
        if self.token() != &Token::Word {
            let reason = match self.token() {
                Token::End => "a condition is missing here",
                Token::Quoted(_) | Token::Number(..) => "a condition begins with the name of a field",
                _ => "the name of a field is missing here",
            };
            return Err(self.error(reason, Some("such as kind, length or command.name; `rtmpscope fields` lists them")));
        }
        let mut steps = vec![Step::Name(self.slice(self.at()).into())];
        self.next += 1;
        loop {
            if self.take(".") {
                if self.token() != &Token::Word {
                    return Err(self.error("a name is missing after the dot", None));
                }
                steps.push(Step::Name(self.slice(self.at()).into()));
            } else if self.take("[") {
                steps.push(self.index()?);
                self.next += 1;
                if self.token() != &Token::Sign("]") {
                    return Err(self.error("a ] is missing here", None));
                }
            } else {
                return Ok(Path { steps, at: start..end });
            }
            end = self.at().end;
            self.next += 1;
        }
    }

    fn index(&self) -> Result<Step, Error> {
        match self.token() {
            Token::Quoted(name) => Ok(Step::Name(name.as_str().into())),
            Token::Number(value, unit) if unit.is_empty() && value.fract() == 0.0 && (0.0..4e9).contains(value) => {
                Ok(Step::Index(*value as u32))
            }
            _ => Err(self.error("an index is a number from 0, or a name in quotes", None)),
        }
    }

    fn literal(&mut self) -> Result<Literal, Error> {
        let at = self.at();
        let written = self.slice(at.clone());
        let value = match self.token() {
            Token::Word if written == "true" => Scalar::Boolean(true),
            Token::Word if written == "false" => Scalar::Boolean(false),
            Token::Word if written == "null" => Scalar::Null,
            Token::Word => return self.dotted(at),
            Token::Quoted(text) => Scalar::Text(text.as_str().into()),
            Token::Number(value, unit) => Scalar::Number(*value, self.slice(unit.clone()).into(), written.into()),
            _ => return Err(self.error("a value is missing here", Some("a number, a word, or text in quotes"))),
        };
        self.next += 1;
        Ok(Literal { value, at })
    }
}

impl Parser<'_> {
    /// A word as it is written in codes, such as NetStream.Play.Start.
    fn dotted(&mut self, at: Range<usize>) -> Result<Literal, Error> {
        let mut end = at.end;
        self.next += 1;
        // The parts of a code touch each other.
        while self.at() == (end..end + 1) && self.take(".") {
            if self.token() != &Token::Word || self.at().start != end + 1 {
                return Err(self.error("a word is missing after the dot", Some("other text goes between quotes")));
            }
            end = self.at().end;
            self.next += 1;
        }
        let written = self.slice(at.start..end);
        if self.token() == &Token::Sign("[") || super::registry::entry(written).is_some() && written.contains('.') {
            let hint = "text such as this is written between quotes";
            return Err(self.error_at(at.start..end, "a field is compared with a value, not with a field", Some(hint)));
        }
        Ok(Literal { value: Scalar::Text(written.into()), at: at.start..end })
    }
}

/// One expression stays itself.
fn joined(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            join(parts)
        }
        None => join(parts),
    }
}
