//! Secrets: stream names and keys, queries and user info of URLs, tokens. Masked in every output unless the user lifts it.
//!
//! A secret becomes `****` and six hex digits of a salted hash: equal secrets look equal within one run and cannot be
//! compared across captures. The salt comes from the capture itself (the random bytes of its first handshake), so that
//! the same input gives the same output.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::field::{Range, Secrecy, Tree, Value};
use crate::record::{Message, Record, Secrets};
use crate::stream::Direction;
use crate::wire::body::Body;

/// Knows the secrets of each session and hides them.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    show: bool,
    salt: Option<[u8; 32]>,
    known: Known,
    /// Sessions that are closed and still known, oldest first.
    closed: VecDeque<u32>,
}

/// What is known of the secrets of sessions.
#[derive(Clone, Debug)]
enum Known {
    /// Of each session.
    All(HashMap<u32, Arc<Secrets>, foldhash::fast::RandomState>),
    /// Of the only one that is spoken of.
    One(Option<Arc<Secrets>>),
}

impl Default for Known {
    fn default() -> Known {
        Known::All(HashMap::default())
    }
}

impl Known {
    fn of(&self, session: u32) -> Option<&Arc<Secrets>> {
        match self {
            Known::All(known) => known.get(&session),
            Known::One(known) => known.as_ref(),
        }
    }

    /// To learn more. Copied first where somebody still holds what was known before.
    fn learning(&mut self, session: u32) -> &mut Secrets {
        Arc::make_mut(match self {
            Known::All(known) => known.entry(session).or_default(),
            Known::One(known) => known.get_or_insert_default(),
        })
    }
}

/// Whether the client is heard shows in a session's first messages; later ones need no look.
const FIRST_MESSAGES: u64 = 64;

/// Sessions whose secrets are known after they closed.
const CLOSED_KNOWN: usize = 256;

impl Mask {
    /// A mask that hides, or with `show` one that does not.
    pub fn new(show: bool) -> Mask {
        Mask { show, ..Mask::default() }
    }

    /// Learns the salt and the secrets of a record. To be called before the record is shown.
    pub fn learn(&mut self, record: &Record) {
        match record {
            Record::Handshake(handshake) if self.salt.is_none() => {
                self.salt = Some(Sha256::digest(&handshake.bytes).into());
            }
            Record::Message(message) => self.learn_message(message),
            Record::Closed(closed) => {
                // The verdict of this record is still to be shown; what the session knew goes when later ones close.
                self.closed.push_back(closed.session);
                if self.closed.len() > CLOSED_KNOWN
                    && let Known::All(known) = &mut self.known
                {
                    self.closed.pop_front().and_then(|session| known.remove(&session));
                }
            }
            _ => {}
        }
    }

    fn learn_message(&mut self, message: &Message) {
        let session = message.session;
        if message.dir == Direction::ClientToServer
            && message.seq < FIRST_MESSAGES
            && !self.known.of(session).is_some_and(|secrets| secrets.client_heard())
        {
            self.known.learning(session).hear_client();
        }
        if let Body::Command(command) = &message.meaning {
            self.known.learning(session).learn(command);
        }
    }

    /// What is known now, for texts of one session: for a thread that shows them while this mask learns more.
    pub fn of_session(&self, session: u32) -> Mask {
        Mask { known: Known::One(self.known.of(session).cloned()), closed: VecDeque::new(), ..*self }
    }

    /// Does it still say all that another one knows of a session?
    pub fn says_the_same(&self, other: &Mask, session: u32) -> bool {
        self.salt == other.salt
            && match (self.known.of(session), other.known.of(session)) {
                (Some(a), Some(b)) => Arc::ptr_eq(a, b),
                (a, b) => a.is_none() && b.is_none(),
            }
    }

    /// A text of this session as it may be shown, given what its field says about secrets.
    pub fn text<'a>(&self, session: u32, secrecy: Secrecy, text: &'a str) -> Cow<'a, str> {
        let spans = self.spans(session, secrecy, text.as_bytes());
        if spans.is_empty() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(self.replaced(text.as_bytes(), &spans))
    }

    /// A text of our own that may repeat secrets of this session.
    pub fn echoes<'a>(&self, session: u32, text: &'a str) -> Cow<'a, str> {
        self.text(session, Secrecy::Open, text)
    }

    /// Which bytes of an explained body must not be shown.
    pub fn veil(&self, session: u32, tree: &Tree, bytes: &[u8]) -> Veil {
        let mut veil = Veil::default();
        if self.show {
            return veil;
        }
        let mut secrecies: Vec<Secrecy> = Vec::new();
        for node in tree.nodes() {
            // A member's secrecy holds for all that it encloses.
            secrecies.truncate(usize::from(node.depth));
            let outer = secrecies.last().copied().unwrap_or(Secrecy::Open);
            let own = if node.field.secrecy == Secrecy::Open { outer } else { node.field.secrecy };
            secrecies.push(own);
            // A group may stand for a text elsewhere in the body: AMF3 writes a repeated string as a reference.
            let value = if let Value::Text(range) = node.value { Some((range, own)) } else { None };
            let key = node.key.map(|key| (key, Secrecy::Open));
            for (range, secrecy) in value.into_iter().chain(key) {
                for (start, len) in self.spans(session, secrecy, range.of(bytes)) {
                    let secret = Range { start: range.start + start as u32, len: len as u32 };
                    veil.hide(secret, || self.token(secret.of(bytes)));
                }
            }
        }
        veil
    }

    /// The places in a text that must not be shown, in order, without overlaps.
    fn spans(&self, session: u32, secrecy: Secrecy, text: &[u8]) -> Vec<(usize, usize)> {
        if self.show || text.is_empty() {
            return Vec::new();
        }
        match self.known.of(session) {
            Some(secrets) => secrets.spans(secrecy, text),
            None => Secrets::default().spans(secrecy, text),
        }
    }

    fn replaced(&self, text: &[u8], spans: &[(usize, usize)]) -> String {
        let mut out = String::new();
        let mut at = 0;
        for &(start, len) in spans {
            out.push_str(&String::from_utf8_lossy(text.get(at..start).unwrap_or_default()));
            out.push_str(&self.token(text.get(start..start + len).unwrap_or_default()));
            at = start + len;
        }
        out.push_str(&String::from_utf8_lossy(text.get(at..).unwrap_or_default()));
        out
    }

    /// What stands for a secret.
    pub fn token(&self, secret: &[u8]) -> String {
        let hash = Sha256::new().chain_update(self.salt.unwrap_or_default()).chain_update(secret).finalize();
        let digits: String = hash.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
        format!("****{digits}")
    }
}

/// The hidden bytes of one explained body.
#[derive(Clone, Debug, Default)]
pub struct Veil {
    hidden: Vec<(Range, String)>,
}

impl Veil {
    /// Hides a range, unless it is hidden already. Ranges stay in order.
    fn hide(&mut self, secret: Range, token: impl FnOnce() -> String) {
        // A text that was hidden in part may turn out to be secret as a whole.
        let smaller =
            |hidden: &Range| hidden.len < secret.len && secret.start <= hidden.start && hidden.end() <= secret.end();
        self.hidden.retain(|(hidden, _)| !smaller(hidden));
        let place = self.hidden.partition_point(|(hidden, _)| hidden.end() <= secret.start);
        let clear = self.hidden.get(place).is_none_or(|(next, _)| next.start >= secret.end());
        if clear && secret.len > 0 {
            self.hidden.insert(place, (secret, token()));
        }
    }

    /// The text in a range, with hidden parts replaced.
    pub fn text(&self, range: Range, bytes: &[u8]) -> String {
        let mut out = String::new();
        let mut at = range.start;
        for (hidden, token) in &self.hidden {
            if hidden.start >= range.start && hidden.end() <= range.end() && hidden.len > 0 {
                let before = Range { start: at, len: hidden.start - at };
                out.push_str(&String::from_utf8_lossy(before.of(bytes)));
                out.push_str(token);
                at = hidden.end();
            }
        }
        let rest = Range { start: at, len: range.end() - at };
        out.push_str(&String::from_utf8_lossy(rest.of(bytes)));
        out
    }

    /// The bytes with hidden ones replaced by asterisks.
    pub fn bytes<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        if self.hidden.is_empty() {
            return Cow::Borrowed(bytes);
        }
        let mut copy = bytes.to_vec();
        for (hidden, _) in &self.hidden {
            if let Some(place) = copy.get_mut(hidden.start as usize..hidden.end() as usize) {
                place.fill(b'*');
            }
        }
        Cow::Owned(copy)
    }

    /// Nothing is hidden.
    pub fn is_empty(&self) -> bool {
        self.hidden.is_empty()
    }

    /// Is this byte hidden?
    pub fn hides(&self, offset: u32) -> bool {
        self.hidden.iter().any(|(hidden, _)| (hidden.start..hidden.end()).contains(&offset))
    }
}

#[cfg(test)]
mod tests;
