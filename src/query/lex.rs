//! A filter's text as tokens, each with its place.

use std::ops::Range;

use super::error::Error;

/// A piece of a filter.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name or a word.
    Word,
    /// Text between quotes, its escapes resolved.
    Quoted(String),
    /// A number, and the letters that follow it at once: a unit.
    Number(f64, Range<usize>),
    /// An operator or a bracket.
    Sign(&'static str),
    /// The end of the text.
    End,
}

/// A token with its place in the text, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) at: Range<usize>,
}

/// Longer ones first, so that `<=` is not `<` and `=`.
const SIGNS: &[&str] = &["&&", "||", "==", "!=", "<=", ">=", "=~", "<", ">", "!", "(", ")", "[", "]", ",", "."];

/// Cuts a text into tokens, the last of them [`Token::End`].
pub(super) fn lex(text: &str) -> Result<Vec<Lexeme>, Error> {
    let mut lexemes = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at += rest.len() - rest.trim_start().len();
        let (token, len) = next(text, at)?;
        let end = token == Token::End;
        lexemes.push(Lexeme { token, at: at..at + len });
        if end {
            return Ok(lexemes);
        }
        at += len;
    }
}

fn next(text: &str, at: usize) -> Result<(Token, usize), Error> {
    let rest = text.get(at..).unwrap_or_default();
    let Some(first) = rest.chars().next() else { return Ok((Token::End, 0)) };
    let negative = first == '-' && rest.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if first.is_ascii_digit() || negative {
        return number(text, at);
    }
    if is_word_start(first) {
        return Ok((Token::Word, rest.find(|c| !is_word(c)).unwrap_or(rest.len())));
    }
    if first == '"' || first == '\'' {
        return quoted(text, at, first);
    }
    if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        return Ok((Token::Sign(sign), sign.len()));
    }
    let instead = match first {
        '=' => Some("equality is =="),
        '&' => Some("and is &&"),
        '|' => Some("or is ||"),
        '~' => Some("a regular expression is tried by =~"),
        _ => None,
    };
    Err(Error {
        text: text.to_owned(),
        span: at..at + first.len_utf8(),
        reason: format!("{} means nothing here", first.escape_debug()),
        suggestion: instead.map(str::to_owned),
    })
}

fn is_word_start(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | '@')
}

/// May a word go on with this?
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '@' | '$' | '#' | '-')
}

/// A decimal or hexadecimal number, with the letters behind it.
fn number(text: &str, at: usize) -> Result<(Token, usize), Error> {
    let rest = text.get(at..).unwrap_or_default();
    let end = |from: usize, is: fn(char) -> bool| {
        let tail = rest.get(from..).unwrap_or_default();
        from + tail.find(|c: char| !is(c)).unwrap_or(tail.len())
    };
    if rest.starts_with("0x") {
        let stop = end(2, |c| c.is_alphanumeric());
        let digits = rest.get(2..stop).unwrap_or_default();
        return match u64::from_str_radix(digits, 16) {
            Ok(value) => Ok((Token::Number(value as f64, at + stop..at + stop), stop)),
            Err(_) => Err(bad_number(text, at..at + stop)),
        };
    }
    let digit = |c: char| c.is_ascii_digit();
    let mut stop = end(usize::from(rest.starts_with('-')), digit);
    let follows_digit = |at: usize| rest.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    if rest.get(stop..).is_some_and(|tail| tail.starts_with('.')) && follows_digit(stop + 1) {
        stop = end(stop + 1, digit);
    }
    if rest.get(stop..).is_some_and(|tail| tail.starts_with(['e', 'E'])) {
        let sign = usize::from(rest.get(stop + 1..).is_some_and(|tail| tail.starts_with(['+', '-'])));
        if follows_digit(stop + 1 + sign) {
            stop = end(stop + 1 + sign, digit);
        }
    }
    let unit = end(stop, |c| c.is_alphabetic() || c == 'µ');
    // Something like 10abc9 or 1.2.3 is no number with a unit.
    let odd = rest.get(unit..).is_some_and(|tail| tail.starts_with(|c: char| c == '.' || is_word(c)));
    match rest.get(..stop).map(str::parse::<f64>) {
        Some(Ok(value)) if value.is_finite() && !odd => Ok((Token::Number(value, at + stop..at + unit), unit)),
        _ => Err(bad_number(text, at..at + end(unit, |c| c == '.' || is_word(c)))),
    }
}

fn bad_number(text: &str, span: Range<usize>) -> Error {
    Error {
        text: text.to_owned(),
        reason: format!("{} is no number", text.get(span.clone()).unwrap_or_default()),
        span,
        suggestion: Some("text such as this is written between quotes".to_owned()),
    }
}

fn quoted(text: &str, at: usize, quote: char) -> Result<(Token, usize), Error> {
    let rest = text.get(at..).unwrap_or_default();
    let mut out = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((here, c)) = chars.next() {
        if c == quote {
            return Ok((Token::Quoted(out), here + 1));
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some((_, 'n')) => out.push('\n'),
            Some((_, 'r')) => out.push('\r'),
            Some((_, 't')) => out.push('\t'),
            Some((_, c @ ('"' | '\'' | '\\'))) => out.push(c),
            // Regular expressions are full of these; nobody wants to double them.
            Some((_, c)) => out.extend(['\\', c]),
            None => break,
        }
    }
    Err(Error {
        text: text.to_owned(),
        span: at..text.len(),
        reason: "the quote is not closed".to_owned(),
        suggestion: None,
    })
}
