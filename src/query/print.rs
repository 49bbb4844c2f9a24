//! Filters as text again, so that what is read back says the same.

use std::fmt::{self, Display, Formatter, Write};

use super::parse::{Compare, Expr, Literal, Path, Scalar};
use super::place::write_steps;

/// Text between quotes.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_steps(f, &self.steps)
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.value {
            Scalar::Text(text) if is_word(text) => f.write_str(text),
            Scalar::Text(text) => Quoted(text).fmt(f),
            Scalar::Number(_, _, written) => f.write_str(written),
            Scalar::Boolean(value) => value.fmt(f),
            Scalar::Null => f.write_str("null"),
        }
    }
}

/// Would the text be read as a word, and as nothing else?
fn is_word(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_alphabetic)
        && text.chars().all(super::lex::is_word)
        && !matches!(text, "true" | "false" | "null")
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expr::All(parts) => list(f, parts, " && "),
            Expr::Any(parts) => list(f, parts, " || "),
            Expr::Not(inner) => match &**inner {
                Expr::In(path, literals) => among(f, path, "not in", literals),
                inner => write!(f, "!({inner})"),
            },
            Expr::Has(path) => write!(f, "has({path})"),
            // A field that is called as a word of the grammar cannot be; no name of the registry is.
            Expr::Truth(path) => path.fmt(f),
            Expr::Compare(Compare { path, operator, literal }) => write!(f, "{path} {} {literal}", operator.sign()),
            Expr::In(path, literals) => among(f, path, "in", literals),
        }
    }
}

fn among(f: &mut Formatter<'_>, path: &Path, operator: &str, literals: &[Literal]) -> fmt::Result {
    write!(f, "{path} {operator} (")?;
    for (n, literal) in literals.iter().enumerate() {
        write!(f, "{}{literal}", if n > 0 { ", " } else { "" })?;
    }
    f.write_char(')')
}

/// Parts with the sign between them; a part that is a list itself goes into brackets.
fn list(f: &mut Formatter<'_>, parts: &[Expr], sign: &str) -> fmt::Result {
    for (n, part) in parts.iter().enumerate() {
        let before = if n > 0 { sign } else { "" };
        match part {
            Expr::All(_) | Expr::Any(_) => write!(f, "{before}({part})")?,
            part => write!(f, "{before}{part}")?,
        }
    }
    Ok(())
}
