//! Text from the wire, made safe to show: nothing in it can move a cursor, ring a bell or reorder a line.

use std::borrow::Cow;

/// Characters that must never reach a terminal or a file as they are: C0, DEL, C1, and what steers the direction of text.
#[inline]
pub fn is_control(c: char) -> bool {
    matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The text with every such character replaced by its escape.
pub fn clean(text: &str) -> Cow<'_, str> {
    // Nearly all texts are plain ASCII, which is told bytes at a time.
    let plain = text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
    if plain || !text.chars().any(is_control) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_control(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_become_visible_and_the_rest_stays() {
        assert_eq!(clean("live/é漢"), "live/é漢");
        assert_eq!(clean("a\x1b[2Jb\n"), "a\\u{1b}[2Jb\\n");
        assert_eq!(clean("\u{202e}gpj.exe"), "\\u{202e}gpj.exe");
    }
}
