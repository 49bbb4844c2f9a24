//! User Control messages (type 4): RTMP 1.0 section 7.1.7, RFC 7425 for the RTMFP events, and the names that early
//! reverse engineering gave to the rest.

use crate::field::{Annotate, Content, Fault, Field, Reader, Unit, fields};

/// A User Control message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserControl {
    /// Which event it is.
    pub code: EventCode,
    /// What it carries.
    pub event: Event,
}

/// The code of a user control event; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventCode(pub u16);

/// The payload of a user control event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// An event about one message stream (Stream Begin, Stream EOF, Stream Dry, Stream Is Recorded, Buffer Empty ...).
    Stream(u32),
    /// Set Buffer Length.
    BufferLength {
        /// The stream that it is about.
        stream: u32,
        /// How much the client wants to buffer.
        buffer_ms: u32,
    },
    /// Ping Request or Ping Response.
    Ping(u32),
    /// SWF verification request.
    SwfRequest(u8),
    /// SWF verification response: size of the SWF file and its signature.
    SwfResponse {
        /// Size of the decompressed SWF file.
        size: u32,
    },
    /// Flow Synchronization (RTMFP).
    FlowSync {
        /// Which synchronisation.
        sync_id: u32,
        /// How many flows take part.
        count: u32,
    },
    /// Set Keepalive Timers (RTMFP).
    Keepalive {
        /// Between client and server.
        server_ms: u32,
        /// Between peers.
        peer_ms: u32,
    },
    /// No public description of the payload exists, or the payload is not what the description says.
    Opaque,
}

impl EventCode {
    /// The specification's name, or the folklore name where there is no other.
    pub fn name(self) -> Option<&'static str> {
        event_name(u64::from(self.0))
    }

    /// The name that early reverse engineering gave, where the specification has another one.
    pub fn also(self) -> Option<&'static str> {
        event_names(u64::from(self.0)).and_then(|(_, also)| also)
    }

    /// The name as a JSON word, such as `set_buffer_length`.
    pub fn word(self) -> Option<&'static str> {
        EVENTS.get(usize::from(self.0)).map(|e| e.0).filter(|word| !word.is_empty())
    }
}

impl UserControl {
    /// Reads a whole User Control body.
    pub fn read<A: Annotate>(r: &mut Reader<'_, A>) -> Result<UserControl, Fault> {
        r.group(&f::USER_CONTROL, |r| {
            let code = EventCode(r.u16(&f::EVENT_TYPE)?);
            let event = match code.0 {
                0..=2 | 4 | 31 | 32 => Event::Stream(r.u32(&f::STREAM_ID)?),
                3 => Event::BufferLength { stream: r.u32(&f::STREAM_ID)?, buffer_ms: r.u32(&f::BUFFER_LENGTH)? },
                6 | 7 => Event::Ping(r.u32(&f::PING_TIME)?),
                26 if !r.is_empty() => Event::SwfRequest(r.u8(&f::SWF_REQUEST)?),
                27 => swf_response(r)?,
                34 => Event::FlowSync { sync_id: r.u32(&f::SYNC_ID)?, count: r.u32(&f::SYNC_COUNT)? },
                41 => Event::Keepalive { server_ms: r.u32(&f::KEEPALIVE_SERVER)?, peer_ms: r.u32(&f::KEEPALIVE_PEER)? },
                _ => {
                    r.rest(&f::EVENT_DATA);
                    Event::Opaque
                }
            };
            Ok(UserControl { code, event })
        })
    }

    /// Writes the body; an opaque event has no payload.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.code.0.to_be_bytes());
        match self.event {
            Event::Stream(n) | Event::Ping(n) => out.extend(n.to_be_bytes()),
            Event::SwfRequest(n) => out.push(n),
            Event::BufferLength { stream: a, buffer_ms: b }
            | Event::FlowSync { sync_id: a, count: b }
            | Event::Keepalive { server_ms: a, peer_ms: b } => {
                out.extend(a.to_be_bytes());
                out.extend(b.to_be_bytes());
            }
            Event::SwfResponse { size } => {
                out.extend([1, 1]);
                out.extend(size.to_be_bytes());
                out.extend(size.to_be_bytes());
                out.extend([0; 32]);
            }
            Event::Opaque => {}
        }
    }
}

fn swf_response<A: Annotate>(r: &mut Reader<'_, A>) -> Result<Event, Fault> {
    r.u8(&f::SWF_VERSION)?;
    r.u8(&f::SWF_VERSION)?;
    let size = r.u32(&f::SWF_SIZE)?;
    if r.u32(&f::SWF_SIZE)? != size {
        r.remark(4, "the two sizes of the SWF file differ");
    }
    r.bytes(&f::SWF_DIGEST, 32)?;
    Ok(Event::SwfResponse { size })
}

/// Word for JSON, name for people, and the other name that early reverse engineering gave, by event code; empty where
/// nothing is known.
const EVENTS: [(&str, &str, &str); 47] = [
    ("stream_begin", "Stream Begin", "Clear Stream"),
    ("stream_eof", "Stream EOF", "Clear Buffer"),
    ("stream_dry", "Stream Dry", ""),
    ("set_buffer_length", "Set Buffer Length", "Client Buffer Time"),
    ("stream_is_recorded", "Stream Is Recorded", "Reset Stream"),
    ("", "", ""),
    ("ping_request", "Ping Request", "Ping Client"),
    ("ping_response", "Ping Response", "Pong"),
    ("udp_request", "UDP Request (folklore name)", ""),
    ("udp_response", "UDP Response (folklore name)", ""),
    ("bandwidth_limit", "Bandwidth Limit (folklore name)", ""),
    ("bandwidth", "Bandwidth (folklore name)", ""),
    ("throttle_bandwidth", "Throttle Bandwidth (folklore name)", ""),
    ("stream_created", "Stream Created (folklore name)", ""),
    ("stream_deleted", "Stream Deleted (folklore name)", ""),
    ("set_read_access", "Set Read Access (folklore name)", ""),
    ("set_write_access", "Set Write Access (folklore name)", ""),
    ("stream_meta_request", "Stream Meta Request (folklore name)", ""),
    ("stream_meta_response", "Stream Meta Response (folklore name)", ""),
    ("get_segment_boundary", "Get Segment Boundary (folklore name)", ""),
    ("set_segment_boundary", "Set Segment Boundary (folklore name)", ""),
    ("on_disconnect", "On Disconnect (folklore name)", ""),
    ("set_critical_link", "Set Critical Link (folklore name)", ""),
    ("disconnect", "Disconnect (folklore name)", ""),
    ("hash_update", "Hash Update (folklore name)", ""),
    ("hash_timeout", "Hash Timeout (folklore name)", ""),
    ("swf_verification_request", "SWF Verification Request", "Hash Request"),
    ("swf_verification_response", "SWF Verification Response", "Hash Response"),
    ("check_bandwidth", "Check Bandwidth (folklore name)", ""),
    ("set_audio_sample_access", "Set Audio Sample Access (folklore name)", ""),
    ("set_video_sample_access", "Set Video Sample Access (folklore name)", ""),
    ("buffer_empty", "Buffer Empty", "Throttle Begin"),
    ("buffer_ready", "Buffer Ready", "Throttle End, Buffer Full"),
    ("drm_notify", "DRM Notify (folklore name)", ""),
    ("flow_synchronization", "Flow Synchronization", "RTMFP Sync"),
    ("query_ihello", "Query IHello (folklore name)", ""),
    ("forward_ihello", "Forward IHello (folklore name)", ""),
    ("redirect_ihello", "Redirect IHello (folklore name)", ""),
    ("notify_eof", "Notify EOF (folklore name)", ""),
    ("proxy_continue", "Proxy Continue (folklore name)", ""),
    ("proxy_remove_upstream", "Proxy Remove Upstream (folklore name)", ""),
    ("set_keepalive_timers", "Set Keepalive Timers", "RTMFP Set Keepalives"),
    ("", "", ""),
    ("", "", ""),
    ("", "", ""),
    ("", "", ""),
    ("segment_not_found", "Segment Not Found (folklore name)", ""),
];

fn event_name(code: u64) -> Option<&'static str> {
    EVENTS.get(usize::try_from(code).ok()?).map(|e| e.1).filter(|name| !name.is_empty())
}

/// Both names, where there are two.
fn event_names(code: u64) -> Option<(&'static str, Option<&'static str>)> {
    let also = EVENTS.get(usize::try_from(code).ok()?).map(|e| e.2).filter(|also| !also.is_empty());
    event_name(code).map(|name| (name, also))
}

/// Fields of User Control messages.
pub mod f {
    use super::*;
    fields! {
        /// The whole message.
        USER_CONTROL = Field::new("user_control", "an event about a stream or the connection");
        /// Which event.
        EVENT_TYPE = Field::new("event_type", "which event it is").known_as(event_names);
        /// Message stream.
        STREAM_ID = Field::new("stream", "message stream that the event is about");
        /// Buffer of the client.
        BUFFER_LENGTH = Field::new("buffer_ms", "how much the client wants to buffer").unit(Unit::Milliseconds);
        /// Clock value of a ping.
        PING_TIME = Field::new("ping_time", "clock of the server at the ping; the response repeats it")
            .unit(Unit::Milliseconds);
        /// Byte of a SWF verification request.
        SWF_REQUEST = Field::new("swf_request", "kind of SWF verification (1 seen)");
        /// Version byte of a SWF verification response.
        SWF_VERSION = Field::new("swf_version", "always 1");
        /// Size of the SWF file.
        SWF_SIZE = Field::new("swf_size", "size of the decompressed SWF file, stated twice").unit(Unit::Bytes);
        /// Signature over the SWF hash.
        SWF_DIGEST = Field::new("swf_digest", "HMAC-SHA256 of the SWF hash with the end of S1 as key");
        /// Id of a flow synchronisation.
        SYNC_ID = Field::new("sync_id", "which synchronisation of RTMFP flows");
        /// Flows in a synchronisation.
        SYNC_COUNT = Field::new("sync_count", "how many flows take part");
        /// Keep-alive towards the server.
        KEEPALIVE_SERVER = Field::new("server_keepalive", "keep-alive period towards the server")
            .unit(Unit::Milliseconds);
        /// Keep-alive towards peers.
        KEEPALIVE_PEER = Field::new("peer_keepalive", "keep-alive period towards peers").unit(Unit::Milliseconds);
        /// Payload without public description.
        EVENT_DATA = Field::new("event_data", "payload; no public description of this event exists").content(Content::Undescribed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Tree;

    fn read(bytes: &[u8]) -> UserControl {
        UserControl::read(&mut Reader::quiet(bytes)).unwrap()
    }

    #[test]
    fn events_of_the_specification() {
        assert_eq!(read(&[0, 0, 0, 0, 0, 1]).event, Event::Stream(1));
        let buffer = read(&[0, 3, 0, 0, 0, 1, 0, 0, 0x0b, 0xb8]);
        assert_eq!(buffer.event, Event::BufferLength { stream: 1, buffer_ms: 3000 });
        assert_eq!(buffer.code.word(), Some("set_buffer_length"));
        assert_eq!(read(&[0, 6, 0, 1, 0x23, 0x45]).event, Event::Ping(0x12345));
        assert_eq!(read(&[0, 26, 1]).event, Event::SwfRequest(1));
        assert_eq!(read(&[0, 26]).event, Event::Opaque);
    }

    #[test]
    fn every_event_reads_what_it_writes_and_tiles() {
        for code in 0..=47 {
            let code = EventCode(code);
            let event = match code.0 {
                0..=2 | 4 | 31 | 32 => Event::Stream(9),
                3 => Event::BufferLength { stream: 1, buffer_ms: 2 },
                6 | 7 => Event::Ping(5),
                26 => Event::SwfRequest(1),
                27 => Event::SwfResponse { size: 77 },
                34 => Event::FlowSync { sync_id: 1, count: 2 },
                41 => Event::Keepalive { server_ms: 1, peer_ms: 2 },
                _ => Event::Opaque,
            };
            let mut bytes = Vec::new();
            UserControl { code, event }.write(&mut bytes);
            assert_eq!(read(&bytes), UserControl { code, event });
            let tree = Tree::explain(&bytes, |r| UserControl::read(r).map(drop));
            assert_eq!(tree.leaves().map(|n| n.bits.len).sum::<u32>() as usize, bytes.len() * 8);
        }
    }

    #[test]
    fn a_short_event_keeps_its_name_and_shows_the_rest_as_a_gap() {
        let tree = Tree::explain(&[0, 3, 0, 0], |r| UserControl::read(r).map(drop));
        assert!(tree.first_fault().is_some());
        let leaves: Vec<_> = tree.leaves().map(|n| (n.field.name, n.bits.len)).collect();
        assert_eq!(leaves, [("event_type", 16), ("gap", 16)]);
    }

    #[test]
    fn names_follow_the_protocol_page() {
        for (code, word) in [(0, "stream_begin"), (8, "udp_request"), (25, "hash_timeout"), (46, "segment_not_found")] {
            assert_eq!(EventCode(code).word(), Some(word));
        }
        for code in [5, 42, 45, 47] {
            assert_eq!((EventCode(code).name(), EventCode(code).also()), (None, None));
        }
        // The specification has no name for these, or early reverse engineering another one; both are shown.
        let names = |code: u8| {
            let bytes = [0, code];
            let tree = Tree::explain(&bytes, |r| UserControl::read(r).map(drop));
            let leaf = tree.leaves().next().unwrap();
            leaf.field.label(leaf.value, &bytes).unwrap().into_owned()
        };
        assert_eq!(names(24), "Hash Update (folklore name)");
        assert_eq!(names(4), "Stream Is Recorded, also Reset Stream");
        assert_eq!(names(31), "Buffer Empty, also Throttle Begin");
        assert_eq!(names(34), "Flow Synchronization, also RTMFP Sync");
    }
}
