//! Texts and objects without what changes from run to run: secrets, hosts, ids, descriptions.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{Salt, Strict};
use crate::field::{Field, Secrecy};
use crate::record::Secrets;
use crate::wire::value::Amf;

/// What stands for the n-th secret of a session.
fn symbol(n: usize) -> String {
    format!("****{n}")
}

/// What is known of one session's texts.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) secrets: Secrets,
    strict: Strict,
    symbols: HashMap<String, usize>,
    hashes: HashMap<String, String>,
    /// The salt of the form.
    salt: Option<Salt>,
}

/// What stands for a text that may change.
const ANY: &str = "*";

/// Members whose values change with every run or machine.
const VOLATILE: &[&str] = &[
    "clientid",
    "clientId",
    "client_id",
    "description",
    "sessionid",
    "srs_server_ip",
    "srs_pid",
    "srs_cid",
    "srs_id",
    "pageUrl",
    "creationdate",
];

/// Digits of a masked secret's hash in exports.
const TOKEN_DIGITS: usize = 6;

impl Texts {
    pub(super) fn new(strict: Strict) -> Texts {
        Texts { strict, ..Texts::default() }
    }

    /// Salts hashes of secrets.
    pub(super) fn salt(&mut self, salt: Option<Salt>) {
        self.salt = salt;
    }

    /// A value that has the role of `field`, with sorted keys.
    pub(super) fn value(&mut self, value: &Amf, field: Option<&'static Field>, key: &str) -> Amf {
        match value {
            Amf::String(text) => Amf::String(self.text(text, field, key).into()),
            Amf::Object(members) => Amf::Object(self.members(members, field)),
            Amf::Array(items) => Amf::Array(items.iter().map(|item| self.value(item, None, key)).collect()),
            _ if !self.strict.text && VOLATILE.contains(&key) => Amf::String(ANY.into()),
            plain => plain.clone(),
        }
    }

    pub(super) fn members(
        &mut self,
        members: &[(Box<str>, Amf)],
        field: Option<&'static Field>,
    ) -> Vec<(Box<str>, Amf)> {
        // Secrets are numbered by first use, so keys are walked in the order in which they are kept.
        let mut sorted: Vec<&(Box<str>, Amf)> = members.iter().collect();
        if !self.strict.amf_order {
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
        }
        let named = |name: &str| field.and_then(|field| field.member(name.as_bytes()));
        sorted
            .into_iter()
            .map(|(name, value)| {
                let value = self.value(value, named(name), name);
                (self.hide(name, Secrecy::Open).into(), value)
            })
            .collect()
    }

    /// A text, given what it is and what it is called.
    pub(super) fn text(&mut self, text: &str, field: Option<&'static Field>, key: &str) -> String {
        if !self.strict.text && VOLATILE.contains(&key) {
            return ANY.to_owned();
        }
        let secrecy = field.map_or(Secrecy::Open, |field| field.secrecy);
        let hidden = self.hide(text, secrecy);
        if self.strict.text { hidden } else { without_host(&hidden) }
    }

    /// A text without secrets.
    pub(super) fn hide(&mut self, text: &str, secrecy: Secrecy) -> String {
        let bytes = text.as_bytes();
        let mut out = String::new();
        let mut at = 0;
        for (start, len) in self.secrets.spans(secrecy, bytes) {
            out.push_str(&self.tokens(&String::from_utf8_lossy(bytes.get(at..start).unwrap_or_default())));
            let secret = String::from_utf8_lossy(bytes.get(start..start + len).unwrap_or_default()).into_owned();
            out.push_str(&self.stand_in(&secret));
            at = start + len;
        }
        out.push_str(&self.tokens(&String::from_utf8_lossy(bytes.get(at..).unwrap_or_default())));
        out
    }

    /// Secrets that an export masked already.
    fn tokens(&mut self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("****") {
            let (before, from) = rest.split_at(at);
            let digits = from.bytes().skip(4).take(TOKEN_DIGITS).take_while(u8::is_ascii_hexdigit).count();
            let (token, after) = from.split_at(if digits == TOKEN_DIGITS { 4 + digits } else { 4 });
            out.push_str(before);
            out.push_str(&if digits == TOKEN_DIGITS { self.stand_in(token) } else { token.to_owned() });
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn stand_in(&mut self, secret: &str) -> String {
        if self.strict.text {
            return self.hashes.entry(secret.to_owned()).or_insert_with_key(|secret| hashed(secret, self.salt)).clone();
        }
        let next = self.symbols.len() + 1;
        symbol(*self.symbols.entry(secret.to_owned()).or_insert(next))
    }
}

/// A secret with its salt, hashed again and again: each guess of whoever has the golden file costs as much.
fn hashed(secret: &str, salt: Option<Salt>) -> String {
    const ROUNDS: usize = 4096;
    let salt = salt.as_ref().map_or(&[][..], Salt::bytes);
    let first = Sha256::new().chain_update(salt).chain_update(secret).finalize();
    let hash = (1..ROUNDS).fold(first, |hash, _| Sha256::new().chain_update(salt).chain_update(hash).finalize());
    format!("****{}", hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// A URL without host and port: `rtmp://*/live`.
fn without_host(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    if scheme.is_empty() || !scheme.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return text.to_owned();
    }
    let end = rest.find(['/', '?', '#', ' ']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let user = authority.rsplit_once('@').map(|(user, _)| format!("{user}@")).unwrap_or_default();
    format!("{scheme}://{user}{ANY}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_lose_their_host_only() {
        for (url, expected) in [
            ("rtmp://192.0.2.1:1935/live", "rtmp://*/live"),
            ("rtmp://[2001:db8::1]:1935/live?x", "rtmp://*/live?x"),
            ("rtmps://****1@host/app", "rtmps://****1@*/app"),
            ("rtmp://host", "rtmp://*"),
            ("live", "live"),
            ("see a://b", "see a://b"),
        ] {
            assert_eq!(without_host(url), expected);
        }
    }

    #[test]
    fn secrets_are_numbered_by_first_use_whether_masked_or_not() {
        let mut raw = Texts::new(Strict::default());
        raw.secrets.hear_client();
        for secret in ["cam?key=1", "cam", "key=1"] {
            raw.secrets.remember(secret.as_bytes());
        }
        assert_eq!(raw.hide("cam?key=1", Secrecy::Whole), "****1");
        assert_eq!(raw.hide("cam is published, cam", Secrecy::Open), "****2 is published, ****2");
        let mut masked = Texts::new(Strict::default());
        assert_eq!(masked.hide("****00ff11", Secrecy::Whole), "****1");
        assert_eq!(masked.hide("****222222 is published, ****222222", Secrecy::Open), "****2 is published, ****2");
        assert_eq!(masked.hide("**** and ****12", Secrecy::Open), "**** and ****12");
    }

    #[test]
    fn exact_texts_are_hashed_with_the_salt_of_their_form() {
        let exact = |salt: &str, secret: &str| {
            let mut texts = Texts::new(Strict { text: true, ..Strict::default() });
            texts.salt(Some(Salt::of(salt.as_bytes())));
            texts.hide(secret, Secrecy::Whole)
        };
        let (live, test) = ("a salt of 16 byt", "another of 16 by");
        assert_eq!(exact(live, "key"), exact(live, "key"));
        assert_ne!(exact(live, "key"), exact(live, "kez"));
        assert_ne!(exact(live, "key"), exact(test, "key"));
        assert!(!exact(live, "key").contains("key"));
    }
}
