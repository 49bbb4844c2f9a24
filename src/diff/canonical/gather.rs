//! Observations to the canonical form.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use super::lane::Lines;
use super::text::Texts;
use super::{Canonical, Item, LaneKind, LaneName, Measure, MediaStrict, Salt, Session, Strict};
use crate::diff::observed::{Media, Message, Observed, Says};
use crate::stream::Direction;
use crate::time::Span;
use crate::wire::value::Amf;

mod values;

/// Gathers the canonical form from observations.
#[derive(Debug, Default)]
pub struct Gather {
    strict: Strict,
    sessions: BTreeMap<u32, Building>,
    lacking: BTreeSet<Lacking>,
    /// What only this capture has: the times and random bytes of its handshakes.
    own: Sha256,
}

/// What an export did not carry and the form could use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lacking {
    /// The fields of decoder configurations.
    ConfigFields,
    /// The fields and the hash of the handshake, with `handshake=full`.
    HandshakeFields,
    /// Hashes of media payload, with `media=hash`.
    Hashes,
    /// Secrets as they are, with `text=exact`.
    Secrets,
}

/// A session in the making.
#[derive(Debug)]
struct Building {
    session: Session,
    /// Something of it was taken, not only overheard.
    is_compared: bool,
    strict: Strict,
    texts: Texts,
    began: Span,
    /// Message streams by number, in the order of first use.
    streams: HashMap<u64, usize>,
    /// Calls by their message, as the replies name them.
    calls: HashMap<u64, (Box<str>, u64)>,
    called: HashMap<Box<str>, u64>,
    losses: [u64; 2],
    lanes: BTreeMap<LaneName, Lines>,
    base: Option<u64>,
}

impl Gather {
    /// Begins with nothing.
    pub fn new(strict: Strict) -> Gather {
        Gather { strict, ..Gather::default() }
    }

    /// Takes an observation.
    pub fn take(&mut self, observed: Observed<'_>) {
        self.building(observed.session()).is_compared = true;
        match observed {
            Observed::Opened { session, time, late } => {
                self.own.update(time.0.to_be_bytes());
                let building = self.building(session);
                building.began = time;
                building.session.late = late;
            }
            Observed::Handshake { session, dir, time, part, body, fields, hash } => {
                if self.strict.handshake && (fields.is_none() || hash.is_none()) {
                    self.lacking.insert(Lacking::HandshakeFields);
                }
                self.own.update(time.0.to_be_bytes());
                self.own.update(hash.as_deref().unwrap_or_default());
                self.building(session).handshake(dir, time, part, body, fields, hash);
            }
            Observed::Message(message) => self.message(&message),
            Observed::Gap { session, dir } => {
                let building = self.building(session);
                if let Some(losses) = building.losses.get_mut(dir.index()) {
                    *losses += 1;
                }
            }
            Observed::Closed { session, unfinished } => self.building(session).session.unfinished = unfinished,
        }
    }

    /// Learns from an observation that is not compared.
    pub fn overhear(&mut self, observed: &Observed<'_>) {
        if let Observed::Message(message) = observed
            && let Says::Command(command) = &message.says
        {
            let secrets = &mut self.building(message.session).texts.secrets;
            secrets.learn(command);
            if message.dir == Direction::ClientToServer {
                secrets.hear_client();
            }
        }
    }

    fn message(&mut self, message: &Message<'_>) {
        if let Says::Media(media) = &message.says {
            if self.strict.media == MediaStrict::Hash && message.hash.is_none() && media.is_frame() {
                self.lacking.insert(Lacking::Hashes);
            }
            if media.config.as_ref().is_some_and(|config| config.fields.is_none()) {
                self.lacking.insert(Lacking::ConfigFields);
            }
        }
        if let Says::Command(command) = &message.says
            && self.strict.text
            && values::is_masked(command)
        {
            self.lacking.insert(Lacking::Secrets);
        }
        let salt = self.salt();
        let building = self.building(message.session);
        building.texts.salt(salt);
        building.message(message);
    }

    /// The salt of hashes, of which there are none before the first message. Without one from a golden file it is made of
    /// what this capture alone has, so that two runs over one capture write the same.
    fn salt(&mut self) -> Option<Salt> {
        if self.strict.text && self.strict.salt.is_none() {
            self.strict.salt = Some(Salt::of(&self.own.clone().finalize()));
        }
        self.strict.salt
    }

    /// The form, and what could not be told because the observations did not carry it.
    pub fn finish(mut self) -> (Canonical, BTreeSet<Lacking>) {
        self.salt();
        let sessions =
            self.sessions.into_values().filter(|building| building.is_compared).map(Building::finish).collect();
        (Canonical { strict: self.strict, sessions }, self.lacking)
    }

    fn building(&mut self, session: u32) -> &mut Building {
        let strict = self.strict;
        self.sessions.entry(session).or_insert_with(|| Building {
            // Until its end is seen.
            session: Session { number: session, unfinished: true, ..Session::default() },
            is_compared: false,
            strict,
            texts: Texts::new(strict),
            began: Span::default(),
            streams: HashMap::new(),
            calls: HashMap::new(),
            called: HashMap::new(),
            losses: [0; 2],
            lanes: BTreeMap::new(),
            base: None,
        })
    }
}

impl Building {
    fn handshake(
        &mut self,
        dir: Direction,
        time: Span,
        part: &str,
        body: Amf,
        fields: Option<Vec<(String, String)>>,
        hash: Option<Box<str>>,
    ) {
        let mut body = if let Amf::Object(members) = body { members } else { Vec::new() };
        if self.strict.handshake {
            let fields = fields.unwrap_or_default().into_iter().filter(|(path, _)| path != "version");
            body.extend(fields.map(|(path, value)| (path.into(), Amf::String(value.into()))));
            body.extend(hash.map(|hash| ("hash".into(), Amf::String(hash))));
        }
        self.startup("handshake_ms", time);
        let item = Item { what: format!("handshake {part}").into(), body, times: 1, ..Item::default() };
        self.lane(LaneKind::Control, dir, 0).push(item, 0);
    }

    fn message(&mut self, message: &Message<'_>) {
        if message.dir == Direction::ClientToServer {
            self.texts.secrets.hear_client();
        }
        match &message.says {
            Says::Media(media) => self.media(message, media),
            // Bytes of it are missing, so what it says is not known.
            _ if message.partial => self.lane(LaneKind::Control, message.dir, 0).lose(),
            Says::Control(body) => self.control(message, body),
            Says::UserControl(body) => self.user_control(message, body),
            Says::Command(command) => self.command(message, command),
            Says::Data(data) => self.data(message, data),
            Says::SharedObject(body) => {
                let body = self.members(body, &[]);
                self.put(message, LaneKind::Data, "shared_object".into(), body, None);
            }
            Says::Aggregate => self.lane(LaneKind::Data, message.dir, 0).aggregate(),
            Says::Unknown(number) => {
                let body = vec![("length".into(), Amf::Number(f64::from(message.length)))];
                self.put(message, LaneKind::Control, format!("type {number}"), body, None);
            }
        }
    }

    fn media(&mut self, message: &Message<'_>, media: &Media<'_>) {
        if media.is_frame() {
            if self.base.is_none() {
                self.startup("first_media_ms", message.time);
            }
            let base = self.base.into_iter().chain(message.timestamp).min();
            self.base = base;
        }
        let kind = if media.video { LaneKind::Video } else { LaneKind::Audio };
        let stream = message.stream_id.map(|id| self.stream(&Amf::Number(f64::from(id))));
        let exactly = self.exactly(message);
        let lane = self.lane(kind, message.dir, media.track.unwrap_or_default());
        lane.streams(stream);
        match message.partial && !media.is_frame() {
            true => lane.lose(),
            false => lane.media(message, media, exactly),
        }
    }

    fn control(&mut self, message: &Message<'_>, body: &Amf) {
        let op = body.member("op").and_then(Amf::as_str).unwrap_or("control");
        if op == "acknowledgement" {
            let sequence = body.member("value").and_then(Amf::as_number).unwrap_or_default();
            return self.lane(LaneKind::Control, message.dir, 0).acknowledge(sequence);
        }
        let members = self.members(body, &["op", "previous"]);
        self.put(message, LaneKind::Control, op.to_owned(), members, None);
    }

    fn user_control(&mut self, message: &Message<'_>, body: &Amf) {
        let number = body.member("code").and_then(Amf::as_number).unwrap_or_default();
        let what = match body.member("name").and_then(Amf::as_str) {
            Some("ping_request" | "ping_response") => {
                return self.lane(LaneKind::Control, message.dir, 0).ping(message.time);
            }
            Some(name) => name.to_owned(),
            None => format!("user_control {number}"),
        };
        let mut members = self.members(body, &["code", "name"]);
        for (_, value) in members.iter_mut().filter(|(name, _)| &**name == "stream") {
            *value = self.stream(value);
        }
        self.put(message, LaneKind::Control, what, members, None);
    }

    fn put(
        &mut self,
        message: &Message<'_>,
        kind: LaneKind,
        what: String,
        mut body: Vec<(Box<str>, Amf)>,
        order: Option<u64>,
    ) {
        match message.stream_id {
            Some(0) | None => {}
            Some(id) => {
                let stream = self.stream(&Amf::Number(f64::from(id)));
                body.push(("stream".into(), stream));
            }
        }
        if message.within {
            body.push(("within_aggregate".into(), Amf::Boolean(true)));
        }
        body.extend(self.exactly(message));
        let item = Item { what: what.into(), body, times: 1, seq: Some(message.seq), order, ..Item::default() };
        self.lane(kind, message.dir, 0).push(item, message.timestamp.unwrap_or_default());
    }

    /// What is kept of a message's header with `chunks=exact` and `ts=exact`.
    fn exactly(&self, message: &Message<'_>) -> Vec<(Box<str>, Amf)> {
        let mut kept: Vec<(Box<str>, Amf)> = Vec::new();
        let mut put = |name: &str, n: u64| kept.push((name.into(), Amf::Number(n as f64)));
        if self.strict.chunks {
            put("csid", message.csid.into());
            put("fmt", message.fmt.into());
            put("chunks", message.chunks.into());
        }
        if let Some(time) = message.timestamp.filter(|_| self.strict.ts) {
            put("timestamp", time);
        }
        kept
    }

    /// The lane, told of the losses so far.
    fn lane(&mut self, kind: LaneKind, dir: Direction, track: u64) -> &mut Lines {
        let name = LaneName { kind, dir, track };
        let losses = self.losses.get(dir.index()).copied().unwrap_or_default();
        let lane = self.lanes.entry(name).or_insert_with(|| Lines::new(name));
        lane.reach(losses);
        lane
    }

    /// A message stream by the order of first use.
    fn stream(&mut self, id: &Amf) -> Amf {
        match id.as_number() {
            Some(n) if n > 0.0 && !self.strict.ids => {
                let next = self.streams.len() + 1;
                Amf::Number(*self.streams.entry(n.to_bits()).or_insert(next) as f64)
            }
            _ => id.clone(),
        }
    }

    /// Which of the calls of this name it is; the first one goes without saying.
    fn count_call(&self, key: &str, nth: u64, body: &mut Vec<(Box<str>, Amf)>) {
        if nth > 1 {
            body.push((key.into(), Amf::Number(nth as f64)));
        }
    }

    fn members(&mut self, body: &Amf, without: &[&str]) -> Vec<(Box<str>, Amf)> {
        let Amf::Object(members) = body else { return Vec::new() };
        let kept: Vec<_> = members.iter().filter(|(name, _)| !without.contains(&&**name)).cloned().collect();
        self.texts.members(&kept, None)
    }

    /// Notes when something was reached, since the session's first byte.
    fn startup(&mut self, name: &str, time: Span) {
        self.startup_span(name, Span(time.0.saturating_sub(self.began.0)));
    }

    fn startup_span(&mut self, name: &str, span: Span) {
        let value = Amf::Number((span.seconds() * 1000.0).round());
        match self.session.startup.iter_mut().find(|measure| &*measure.name == name) {
            // A handshake is over with its last packet, an answer is there with its first.
            Some(measure) if name == "handshake_ms" => measure.value = value,
            Some(_) => {}
            None => self.session.startup.push(Measure { name: name.into(), value }),
        }
    }

    fn finish(self) -> Session {
        let Building { mut session, lanes, losses, base, strict, .. } = self;
        let base = if strict.ts { 0 } else { base.unwrap_or_default() };
        session.lanes = lanes
            .into_values()
            .map(|lane| {
                let losses = losses.get(lane.dir().index()).copied().unwrap_or_default();
                lane.finish(losses, base, strict)
            })
            .collect();
        session
    }
}
