//! What is wrong with a filter, where, and what was meant perhaps.

use std::fmt;
use std::ops::Range;

/// Why a text is no filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The whole text.
    pub text: String,
    /// The place of the fault, in bytes of the text.
    pub span: Range<usize>,
    /// What is wrong, for people.
    pub reason: String,
    /// What to write instead, perhaps.
    pub suggestion: Option<String>,
}

impl Error {
    /// The line of carets that goes below the text.
    fn carets(&self) -> String {
        let columns = |text: Option<&str>| text.map_or(0, |text| text.chars().count());
        let before = columns(self.text.get(..self.span.start));
        let width = columns(self.text.get(self.span.clone())).max(1);
        format!("{}{}", " ".repeat(before), "^".repeat(width))
    }

    /// The reason and the suggestion in one line, for where the place is shown in another way.
    pub fn brief(&self) -> String {
        match &self.suggestion {
            Some(suggestion) => format!("{}; {suggestion}", self.reason),
            None => self.reason.clone(),
        }
    }
}

impl fmt::Display for Error {
    /// The text, carets below the place, and the reason.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A line break in the text would pull the carets away from their place.
        let line: String = self.text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        write!(f, "  {line}\n  {}\n{}", self.carets(), self.brief())
    }
}

impl std::error::Error for Error {}

/// The known word that `word` was meant to be, if one is near enough.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = 1 + word.chars().count() / 4;
    let distances = known.into_iter().map(|known| (distance(known, word), known));
    distances.filter(|(distance, _)| *distance <= most).min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// How many letters to change, add, take away or swap with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().take(64).collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let change = cell(&row, j) + usize::from(x != y);
            let mut best = change.min(cell(&row, j + 1) + 1).min(cell(&next, j) + 1);
            let swapped = j > 0 && i > 0 && b.get(j - 1) == Some(x) && a.get(i - 1) == Some(y);
            if swapped {
                best = best.min(cell(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    cell(&row, b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_near() {
        assert_eq!(distance("kind", "knid"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
        assert_eq!(nearest("vidoe", ["audio", "video"]), Some("video"));
        assert_eq!(nearest("xyz", ["audio", "video"]), None);
    }

    #[test]
    fn the_carets_stand_below_the_fault() {
        let error = Error {
            text: "é == x".to_owned(),
            span: 0..2,
            reason: "no".to_owned(),
            suggestion: Some("yes".to_owned()),
        };
        assert_eq!(error.to_string(), "  é == x\n  ^\nno; yes");
        assert_eq!(Error { span: 3..5, suggestion: None, ..error }.to_string(), "  é == x\n    ^^\nno");
    }
}
