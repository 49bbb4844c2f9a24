//! What may come next while a filter is typed.

use std::ops::Range;

use super::check::resolve;
use super::lex::{Token, lex};
use super::parse::Operator;
use super::place::Step;
use super::registry::{self, ALIASES, Entry, Type};

/// What may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The part of the text that a candidate replaces, in bytes.
    pub replaces: Range<usize>,
    /// What may stand there, best first.
    pub candidates: Vec<Candidate>,
}

/// One thing that may come next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What to insert.
    pub text: String,
    /// Its type, for names.
    pub kind: String,
    /// What it means.
    pub about: &'static str,
    /// The values that it can have, for names of fields with a closed list.
    pub values: Vec<&'static str>,
}

/// What may come at byte `cursor` of a filter that is being typed.
pub fn complete(text: &str, cursor: usize) -> Completion {
    let before = text.get(..cursor).unwrap_or(text);
    // The path or word under the cursor; a dot does not end it.
    let part = before
        .rfind(|c: char| !super::lex::is_word(c) && c != '.')
        .map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let (head, typed) = (before.get(..part).unwrap_or_default(), before.get(part..).unwrap_or_default());
    let candidates = match context(head) {
        Context::Value(entry) => values(entry, typed),
        Context::Operator(entry) => operators(entry, typed),
        Context::Joint => words(&["&&", "||"], typed),
        Context::Name => names(typed),
    };
    Completion { replaces: part..before.len(), candidates }
}

/// What kind of thing may follow a text.
enum Context {
    Name,
    Operator(&'static Entry),
    Value(Option<&'static Entry>),
    Joint,
}

fn context(head: &str) -> Context {
    let Ok(lexemes) = lex(head) else { return Context::Value(None) };
    let tokens: Vec<(&Token, &str)> =
        lexemes.iter().map(|l| (&l.token, head.get(l.at.clone()).unwrap_or_default())).collect();
    let tokens = tokens.get(..tokens.len().saturating_sub(1)).unwrap_or_default();
    let Some((last, rest)) = tokens.split_last() else { return Context::Name };
    match last {
        (Token::Sign("&&" | "||" | "!"), _) | (Token::Word, "and" | "or" | "not" | "AND" | "OR" | "NOT") => {
            Context::Name
        }
        (Token::Sign("(" | ","), _) => {
            // A list after `in`, or the bracket of a condition or of has.
            let open = tokens.iter().rposition(|(token, _)| **token == Token::Sign("(")).unwrap_or_default();
            match tokens.get(..open).and_then(<[_]>::split_last) {
                Some(((Token::Word, "in" | "IN"), path)) => Context::Value(entry_at_end(path)),
                _ => Context::Name,
            }
        }
        (Token::Sign(sign), _) if Operator::ALL.iter().any(|(known, _)| known == sign) => {
            Context::Value(entry_at_end(rest))
        }
        (Token::Word, _) | (Token::Sign("]"), _) => {
            let is_value = rest
                .iter()
                .rev()
                .map(|(token, _)| token)
                .find(|token| !matches!(token, Token::Word | Token::Sign("." | "[" | "]")));
            match (is_value, entry_at_end(tokens)) {
                (Some(Token::Sign(sign)), _) if Operator::ALL.iter().any(|(known, _)| known == sign) => Context::Joint,
                (_, Some(entry)) => Context::Operator(entry),
                _ => Context::Joint,
            }
        }
        _ => Context::Joint,
    }
}

/// The entry of the path with which the tokens end.
fn entry_at_end(tokens: &[(&Token, &str)]) -> Option<&'static Entry> {
    let mut steps = Vec::new();
    let mut rest = tokens;
    while let Some(((token, text), before)) = rest.split_last() {
        match (token, before.last().map(|(token, _)| *token)) {
            (Token::Sign("]"), _) => {
                let (inner, before) = before.split_last()?;
                match inner.0 {
                    Token::Number(value, _) => steps.push(Step::Index(*value as u32)),
                    Token::Quoted(name) => steps.push(Step::Name(name.as_str().into())),
                    _ => return None,
                }
                rest = before.split_last()?.1;
                continue;
            }
            (Token::Word, dot) => {
                steps.push(Step::Name((*text).into()));
                rest = before;
                if dot != Some(&Token::Sign(".")) {
                    break;
                }
            }
            (Token::Sign("."), _) => rest = before,
            _ => return None,
        }
    }
    steps.reverse();
    resolve(&steps).ok().map(|place| place.entry)
}

fn names(typed: &str) -> Vec<Candidate> {
    let named = |entry: &'static Entry, name: &str| Candidate {
        text: name.to_owned(),
        kind: entry.type_name(),
        about: entry.about,
        values: entry.values(),
    };
    let aliases = ALIASES.iter().filter_map(|(alias, name)| registry::entry(name).map(|entry| (entry, *alias)));
    let all = || registry::all().map(|entry| (entry, entry.name)).chain(aliases.clone());
    let mut found: Vec<Candidate> =
        all().filter(|(_, name)| name.starts_with(typed)).map(|(entry, name)| named(entry, name)).collect();
    // Then what holds the text at the beginning of a later part.
    let later = format!(".{typed}");
    let inside = all().filter(|(_, name)| !typed.is_empty() && !name.starts_with(typed) && name.contains(&later));
    found.extend(inside.map(|(entry, name)| named(entry, name)));
    if "has(".starts_with(typed) && !typed.is_empty() {
        found.push(plain("has(", "the message has this field"));
    }
    found
}

fn values(entry: Option<&'static Entry>, typed: &str) -> Vec<Candidate> {
    let words = entry.map(Entry::values).unwrap_or_default();
    words.into_iter().filter(|word| word.starts_with(typed)).map(|word| plain(word, "")).collect()
}

fn operators(entry: &Entry, typed: &str) -> Vec<Candidate> {
    let signs: &[&str] = match entry.kind {
        Type::Number(_) => &["==", "!=", "<", "<=", ">", ">=", "in ("],
        Type::Word(_) => &["==", "!=", "in (", "=~"],
        Type::Text => &["==", "!=", "=~", "in ("],
        Type::Truth | Type::Group => &["&&", "||"],
        Type::Amf => &["==", "!=", "<", "<=", ">", ">=", "=~", "in ("],
    };
    words(signs, typed)
}

fn words(words: &[&str], typed: &str) -> Vec<Candidate> {
    words.iter().filter(|word| word.starts_with(typed)).map(|word| plain(word, "")).collect()
}

fn plain(text: &str, about: &'static str) -> Candidate {
    Candidate { text: text.to_owned(), kind: String::new(), about, values: Vec::new() }
}
