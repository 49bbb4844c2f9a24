//! Colour, where the terminal has it. It never carries meaning alone.

/// What a piece of text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Ordinary text.
    Plain,
    /// What the eye should find first.
    Strong,
    /// What is there when one looks for it.
    Faint,
    /// Something odd.
    Warning,
    /// Something wrong.
    Error,
    /// A name.
    Name,
}

/// Adds colours, or not.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// Paints if `on`.
    pub fn new(on: bool) -> Paint {
        Paint { on }
    }

    /// The text in its colour.
    pub fn ink(self, ink: Ink, text: &str) -> String {
        let (begin, end) = self.around(ink);
        [begin, text, end].concat()
    }

    /// What stands before and behind a text in its colour.
    pub fn around(self, ink: Ink) -> (&'static str, &'static str) {
        let begin = match ink {
            _ if !self.on => return ("", ""),
            Ink::Plain => return ("", ""),
            Ink::Strong => "\x1b[1m",
            Ink::Faint => "\x1b[2m",
            Ink::Warning => "\x1b[33m",
            Ink::Error => "\x1b[1;31m",
            Ink::Name => "\x1b[36m",
        };
        (begin, "\x1b[0m")
    }
}
