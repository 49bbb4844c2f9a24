//! From headers and payload to whole messages.

use super::*;

impl Dechunker {
    /// Takes a header into account. `bytes` are those of the header, `stamp` the packet of its last byte.
    #[inline]
    pub(super) fn begin(&mut self, header: ChunkHeader, bytes: &[u8], stamp: Stamp) -> Step {
        if self.goes_on(&header, bytes, stamp) {
            return Step::Next(None);
        }
        self.begin_message(header, bytes, stamp)
    }

    /// Nearly all headers go on with a message and say nothing new: these take the short way, which is taken only
    /// where it leads to what the long one would do.
    #[inline]
    fn goes_on(&mut self, header: &ChunkHeader, bytes: &[u8], stamp: Stamp) -> bool {
        let csid = header.basic.csid;
        // Behind lost bytes, too, the long way has no doubt in such a header; it may confirm the message before it.
        if header.basic.fmt != 3 || self.unconfirmed.is_some() {
            return false;
        }
        let Some(stream) = self.streams.enter_known(csid) else { return false };
        let (None, Some(open)) = (stream.extended, stream.open.as_mut()) else { return false };
        let at = self.offset;
        self.offset += bytes.len() as u64;
        let left = (open.message.head.length - open.received).min(self.chunk_size);
        let described = most_described(self.want, &self.limits, open.message.head.message_type);
        open.chunk(header, bytes, at, (self.header_from, stamp), described);
        self.state = State::Payload { csid, left };
        true
    }

    /// The long way: a header that opens a message, or one that has to be looked at twice.
    fn begin_message(&mut self, header: ChunkHeader, bytes: &[u8], stamp: Stamp) -> Step {
        let at = self.offset;
        let csid = header.basic.csid;
        if let Some(known) = self.streams.peek(csid).map(|stream| stream.extended)
            && header.basic.fmt == 3
        {
            self.learn_repeats(known, &header, at);
        }
        let fresh = self.streams.peek(csid).is_none();
        // After lost bytes a chunk stream may have begun in them.
        let begun_unseen = self.recovered && fresh && header.message_type.is_none() && csid > 2;
        if is_implausible(&header, fresh) && !begun_unseen {
            self.doubt(at, Doubt::Place("not a chunk header"));
            return Step::Lost(at);
        }
        if self.recovered
            && let Some(doubt) = self.doubts(&header)
        {
            self.doubt(at, doubt);
            return if let Doubt::Place(_) = doubt { Step::Lost(at) } else { Step::Searching };
        }
        let confirmed = self.unconfirmed.take();
        self.offset += bytes.len() as u64;
        let (stream, _, evicted) = self.streams.enter(csid);
        let continues = header.basic.fmt == 3 && stream.open.is_some();
        let cuts = !continues && stream.open.is_some();
        // Boxed, for it is rare, and moving none of these would cost as much as moving one.
        let superseded = if cuts { stream.open.take().map(Box::new) } else { None };
        if !continues {
            start(stream, &header);
            let head = head_of(stream, &header);
            let sure = stream.sure;
            // Aggregates are kept, too: the messages inside of them are to be found.
            let whole = self.want.media == MediaBody::Whole || !head.message_type.kind().is_media();
            let mut message = self.spare.pop().unwrap_or_default();
            // Field by field: a whole one would be made somewhere else first.
            message.head = head;
            message.span = (at, at);
            (message.first, message.last) = (self.header_from, stamp);
            message.chunks = 0;
            message.recovered = self.recovered.then_some(Recovered { timestamp: sure.time, stream_id: sure.stream_id });
            let kept = if whole {
                Kept::Whole(BytesMut::new())
            } else {
                let units = self.want.media == MediaBody::Units;
                Kept::Head { bytes: [0; Body::HEAD], len: 0, most: Body::HEAD as u8, units }
            };
            stream.open = Some(Open { message, received: 0, lost: 0, kept });
        }
        let Some(open) = stream.open.as_mut() else { return Step::Next(None) };
        let payload = (open.message.head.length - open.received).min(self.chunk_size);
        let described = most_described(self.want, &self.limits, open.message.head.message_type);
        open.chunk(&header, bytes, at, (self.header_from, stamp), described);
        if fresh && header.basic.fmt != 0 && !self.recovered {
            let text =
                format!("first header on chunk stream {csid} is fmt {}: missing fields taken as 0", header.basic.fmt);
            self.findings.push_back((rules::FRESH_STREAM, at, text));
        }
        if let Some(open) = &superseded {
            let Head { csid, length, .. } = open.message.head;
            let owed = length - open.received;
            let text = format!("a new message begins on chunk stream {csid} with {owed} of {length} bytes still owed");
            self.findings.push_back((rules::UNFINISHED, at, text));
        }
        if let Some(open) = &evicted {
            let text = format!("too many chunk streams: the message on {} was given up", open.message.head.csid);
            self.findings.push_back((rules::STREAMS_EVICTED, at, text));
        }
        if let Some(open) = superseded.or(evicted) {
            let message = self.cut(*open);
            self.ready.push_back(message);
        }
        if payload > 0 {
            self.state = State::Payload { csid, left: payload };
            return self.in_order(confirmed);
        }
        // An empty message is complete with its header.
        self.ready.extend(confirmed);
        let message = self.complete(csid);
        self.in_order(message)
    }

    /// Lets a message out, behind those that wait.
    #[inline(always)]
    fn in_order(&mut self, message: Option<Box<Assembled>>) -> Step {
        if self.ready.is_empty() {
            return Step::Next(message);
        }
        self.ready.extend(message);
        Step::Next(None)
    }

    /// Takes payload of the chunk that is being read.
    #[inline(always)]
    pub(super) fn payload(&mut self, csid: u32, left: u32, input: &mut &[u8], stamp: Stamp) -> Step {
        let take = (left as usize).min(input.len());
        let (bytes, rest) = input.split_at_checked(take).unwrap_or_default();
        *input = rest;
        self.offset += take as u64;
        let room_in_all = self.limits.open_bytes.saturating_sub(self.held);
        let Some(open) = self.streams.get(csid).and_then(|stream| stream.open.as_mut()) else {
            self.state = State::Header;
            return Step::Next(None);
        };
        open.received += take as u32;
        (open.message.span.1, open.message.last) = (self.offset, stamp);
        self.held += open.keep(bytes, self.limits.message_bytes, room_in_all);
        // Chunks beyond the limit are counted, not described.
        let described = open.message.parts.len() as u32 == open.message.chunks;
        if let Some(part) = open.message.parts.last_mut().filter(|_| described) {
            part.payload_len += take as u32;
            part.packets.1 = stamp.packet;
        }
        let left = left - take as u32;
        if left > 0 {
            self.state = State::Payload { csid, left };
            return Step::Next(None);
        }
        self.state = State::Header;
        if open.received < open.message.head.length {
            return Step::Next(None);
        }
        let message = self.complete(csid);
        self.in_order(message)
    }

    /// Closes the open message of a chunk stream and obeys it if it is about chunks.
    #[inline(always)]
    fn complete(&mut self, csid: u32) -> Option<Box<Assembled>> {
        self.state = State::Header;
        let stream = self.streams.get(csid)?;
        let open = stream.open.take()?;
        let strange = stream.is_strange(&open);
        let lost = open.lost;
        let partial = (lost > 0).then_some(open.received - lost);
        let message = self.assemble(open, partial);
        match message.head.message_type {
            // Half of such a message must not be obeyed.
            _ if lost > 0 => {}
            MessageType::SET_CHUNK_SIZE => self.set_chunk_size(&message),
            MessageType::ABORT => {
                if let Some(aborted) = self.abort(&message) {
                    // Its last byte came before the Abort, so it comes out first.
                    let aborted = self.cut(aborted);
                    self.ready.push_back(aborted);
                }
            }
            _ => {}
        }
        // After lost bytes, and where foreign bytes may stand in the stream, a message waits for the header behind it: if
        // that one is none, the message was not one.
        if self.recovered || strange { self.unconfirmed.replace(message) } else { Some(message) }
    }

    fn set_chunk_size(&mut self, message: &Assembled) {
        let at = message.span.0;
        let body = message.body.bytes();
        let Some(value) = allowed_chunk_size(body) else {
            let text = match body.first_chunk() {
                Some(word) => format!("Set Chunk Size {:#x} is not allowed", u32::from_be_bytes(*word)),
                None => "Set Chunk Size is cut short".to_owned(),
            };
            self.findings.push_back((rules::CHUNK_SIZE, at, format!("{text}: the old size stays")));
            return;
        };
        if value < 16 {
            let text = format!("a chunk size of {value} makes every few bytes of payload cost a header");
            self.findings.push_back((rules::CHUNK_SIZE_TINY, at, text));
        }
        self.chunk_size = value.min(LARGEST_CHUNK);
        self.sizes.clear();
    }

    /// Drops the unfinished message that an Abort names.
    fn abort(&mut self, message: &Assembled) -> Option<Open> {
        let control = Control::read(&mut Reader::quiet(message.body.bytes()), message.head.message_type);
        let Ok(Control::Abort { csid }) = control else { return None };
        self.streams.get(csid)?.open.take()
    }

    /// A message of which bytes are missing.
    pub(super) fn cut(&mut self, open: Open) -> Box<Assembled> {
        let have = open.received - open.lost;
        self.assemble(open, Some(have))
    }

    #[inline(always)]
    fn assemble(&mut self, open: Open, partial: Option<u32>) -> Box<Assembled> {
        let Open { mut message, kept, .. } = open;
        self.held -= kept.held();
        if self.want.origin {
            message.carriers = self.ledger.carriers(message.span.0, message.span.1);
            let keep_from = self.streams.oldest_open().unwrap_or(self.offset);
            self.ledger.forget_before(keep_from);
        }
        message.body = kept.finish();
        message.partial = partial;
        message
    }

    /// What does not fit to what is known after lost bytes: its length would be a guess, or its values are far off. Of a
    /// header that a search has proved only the size of its chunk is open.
    fn doubts(&self, header: &ChunkHeader) -> Option<Doubt> {
        let stream = self.streams.peek(header.basic.csid);
        let open = stream.is_some_and(|stream| stream.open.is_some());
        if self.offset >= self.trusted_to {
            let unknown = header.message_type.is_some_and(|kind| kind.kind() == Kind::Unknown);
            let far = matches!(header.basic.fmt, 1 | 2) && header.timestamp.is_some_and(|step| step > LONGEST_STEP);
            let cuts = header.basic.fmt < 3 && open;
            if unknown || far || cuts || header.stream_id.is_some_and(|stream| stream > 0xffff) {
                return Some(Doubt::Place("no longer sure where chunks begin"));
            }
            if header.basic.fmt > 1 && !open && stream.is_some_and(|stream| !stream.sure.shape) {
                return Some(Doubt::Length(SHAPE_LOST));
            }
        }
        let searched = self.resumed_at == Some(self.offset);
        if header.basic.fmt > 1 && stream.is_none() {
            // What a search found out is gone where too many chunk streams are known.
            return Some(if searched { Doubt::Place(SHAPE_LOST) } else { Doubt::Length(SHAPE_LOST) });
        }
        if searched {
            return None;
        }
        let length = header.length.or(stream.map(|stream| stream.length)).filter(|_| !open)?;
        let smallest = self.sizes.iter().min()?;
        (length > *smallest).then_some(Doubt::Length("the chunk size may have changed in what was lost"))
    }

    /// Learns from a fmt 3 chunk whether the sender repeats extended timestamps.
    fn learn_repeats(&mut self, known: Option<u32>, header: &ChunkHeader, at: u64) {
        let Some(value) = known else { return };
        match (header.extended, header.timestamp) {
            (true, Some(word)) if word == value => self.repeats = Repeats::Yes,
            (true, word) => {
                let text = format!("fmt 3 repeats the extended timestamp as {} instead of {value}", word.unwrap_or(0));
                self.findings.push_back((rules::EXTENDED_DIFFERS, at, text));
            }
            (false, _) => {
                if self.repeats == Repeats::Unknown {
                    let text = "fmt 3 chunks leave out the extended timestamp".to_owned();
                    self.findings.push_back((rules::EXTENDED_OMITTED, at, text));
                }
                self.repeats = Repeats::No;
            }
        }
    }
}

/// How many chunks of a message are described. The messages inside of an aggregate have their places in its chunks,
/// whether those are wanted or not.
#[inline]
fn most_described(want: Want, limits: &Limits, message_type: MessageType) -> usize {
    if want.origin || message_type == MessageType::AGGREGATE { limits.chunks_described } else { 0 }
}

/// Takes the fields of the header that opens a message into the chunk stream.
#[inline]
fn start(stream: &mut ChunkStream, header: &ChunkHeader) {
    let time = header.timestamp.unwrap_or_default();
    match header.basic.fmt {
        0 => {
            // The specification: a fmt 3 chunk that follows takes the timestamp itself as its delta.
            stream.delta = time;
            stream.set_time(time);
        }
        1 | 2 => {
            stream.delta = time;
            stream.set_time(stream.timestamp.wrapping_add(time));
        }
        _ => stream.set_time(stream.timestamp.wrapping_add(stream.delta)),
    }
    if header.basic.fmt < 3 {
        stream.extended = header.timestamp.filter(|_| header.extended);
    }
    // A header that leaves them out was either sure of them or proved right by what follows.
    stream.sure.shape = true;
    stream.sure.time |= header.basic.fmt == 0;
    stream.sure.stream_id |= header.basic.fmt == 0;
    stream.length = header.length.unwrap_or(stream.length);
    stream.message_type = header.message_type.unwrap_or(stream.message_type);
    stream.stream_id = header.stream_id.unwrap_or(stream.stream_id);
}

#[inline]
fn head_of(stream: &ChunkStream, header: &ChunkHeader) -> Head {
    Head {
        csid: header.basic.csid,
        fmt: header.basic.fmt,
        message_type: stream.message_type,
        stream_id: stream.stream_id,
        timestamp: stream.timestamp,
        unwrapped: stream.unwrapped,
        delta: (header.basic.fmt > 0).then_some(stream.delta),
        length: stream.length,
    }
}

const SHAPE_LOST: &str = "a header leaves out what was lost: the length of its message";

/// A step of time between two messages beyond which a header is doubted: ten minutes.
const LONGEST_STEP: u32 = 600_000;

/// A header that no sender writes: decoding it would only make noise out of noise.
#[inline]
fn is_implausible(header: &ChunkHeader, fresh: bool) -> bool {
    match header.message_type {
        // The message stream id counts up from 1; written in the wrong byte order it is a multiple of 2^24.
        Some(kind) => {
            let stream = header.stream_id.unwrap_or_default();
            let strange_stream = stream > 0xffff && stream & 0xff_ffff != 0;
            let strange_type = kind.kind() == Kind::Unknown;
            strange_stream || strange_type && (fresh && header.basic.fmt != 0)
        }
        None => fresh,
    }
}
