//! Which texts of a session are secrets: stream names and keys, queries and user info of URLs, tokens. Learned from the
//! roles that descriptors give to the arguments of commands.

use crate::field::{Field, Secrecy};
use crate::wire::command::{Command, known};
use crate::wire::value::Amf;

/// The secrets of one session.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    /// Longest first, so that a part never unmasks a whole.
    known: Vec<Box<[u8]>>,
    /// The client was heard: what it did not state is no secret that the server could repeat.
    client_heard: bool,
}

/// A secret shorter than this is looked for as a word of its own only: it would be found in every text.
const SHORTEST_PART: usize = 4;

/// Secrets remembered per session.
const MOST_KNOWN: usize = 64;

impl Secrets {
    /// Was the client heard?
    pub fn client_heard(&self) -> bool {
        self.client_heard
    }

    /// Says that the client was heard.
    pub fn hear_client(&mut self) {
        self.client_heard = true;
    }

    /// Learns the secrets that a command states.
    pub fn learn(&mut self, command: &Command) {
        let Some(known) = known(command.name.as_bytes()) else { return };
        let roles = std::iter::once((known.object, &command.object));
        let roles = roles.chain(known.args.iter().copied().zip(&command.args));
        for (field, value) in roles {
            self.learn_value(field, value);
        }
    }

    fn learn_value(&mut self, field: &'static Field, value: &Amf) {
        match value {
            Amf::String(text) => match field.secrecy {
                Secrecy::Open | Secrecy::Echo => {}
                Secrecy::Url => {
                    for (start, len) in url_secrets(text.as_bytes()) {
                        self.remember(text.as_bytes().get(start..start + len).unwrap_or_default());
                    }
                }
                Secrecy::Whole => {
                    let text = text.as_bytes();
                    self.remember(text);
                    // A key often carries a query; either half may be echoed alone.
                    let mut halves = text.splitn(2, |b| *b == b'?');
                    if let (Some(name), Some(query)) = (halves.next(), halves.next()) {
                        self.remember(name);
                        self.remember(query);
                    }
                }
            },
            Amf::Object(members) => {
                for (name, value) in members {
                    if let Some(member) = field.member(name.as_bytes()) {
                        self.learn_value(member, value);
                    }
                }
            }
            _ => {}
        }
    }

    /// Remembers a secret.
    pub fn remember(&mut self, secret: &[u8]) {
        let known = &mut self.known;
        if secret.len() > 1 && known.len() < MOST_KNOWN && !known.iter().any(|k| **k == *secret) {
            known.push(secret.into());
            known.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        }
    }

    /// The places (start and length) in a text that must not be shown, in order, without overlaps, given what the
    /// text's field says about secrets.
    pub fn spans(&self, secrecy: Secrecy, text: &[u8]) -> Vec<(usize, usize)> {
        let mut spans = match secrecy {
            _ if text.is_empty() => return Vec::new(),
            Secrecy::Echo if !self.client_heard => return vec![(0, text.len())],
            Secrecy::Open | Secrecy::Echo => Vec::new(),
            Secrecy::Whole => return vec![(0, text.len())],
            Secrecy::Url => url_secrets(text),
        };
        for secret in &self.known {
            let mut from = 0;
            while let Some(at) = find(text.get(from..).unwrap_or_default(), secret) {
                let (start, end) = (from + at, from + at + secret.len());
                let stands_alone = !is_word(text, start.wrapping_sub(1)) && !is_word(text, end);
                let counts = secret.len() >= SHORTEST_PART || stands_alone;
                if counts && !spans.iter().any(|&(s, len)| start < s + len && s < end) {
                    spans.push((start, secret.len()));
                }
                from = end;
            }
        }
        spans.sort_unstable();
        spans
    }
}

/// The user info and the query of a URL, or the query of an app name.
fn url_secrets(url: &[u8]) -> Vec<(usize, usize)> {
    let mut secrets = Vec::new();
    let host = find(url, b"://").map_or(0, |at| at + 3);
    let authority = url.get(host..).unwrap_or_default();
    let end = authority.iter().position(|b| matches!(b, b'/' | b'?')).unwrap_or(authority.len());
    if host > 0
        && let Some(at) = authority.get(..end).and_then(|a| a.iter().rposition(|b| *b == b'@'))
        && at > 0
    {
        secrets.push((host, at));
    }
    if let Some(query) = url.iter().position(|b| *b == b'?')
        && query + 1 < url.len()
    {
        secrets.push((query + 1, url.len() - query - 1));
    }
    secrets
}

fn is_word(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80)
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len().max(1)).position(|window| window == needle)
}
