//! The findings that decoding itself makes: one stable id each.

use crate::record::{Level, Rule};

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $level:ident $id:literal;)+) => {
        $($(#[$doc])* pub(super) const $name: Rule = Rule { id: $id, level: Level::$level };)+
    };
}

rules! {
    /// C2 or S2 is neither an echo nor signed.
    ECHO_DIFFERS = Warning "handshake.echo";
    /// C0 and S0 state different versions.
    VERSIONS_DIFFER = Error "handshake.version";
    /// A fmt 3 chunk leaves out the extended timestamp that the specification asks for.
    EXTENDED_OMITTED = Warning "chunk.extended_omitted";
    /// A fmt 3 chunk repeats another value than its message's extended timestamp.
    EXTENDED_DIFFERS = Warning "chunk.extended_differs";
    /// The first header on a chunk stream leaves out fields.
    FRESH_STREAM = Warning "chunk.fresh_stream";
    /// A new header arrives while bytes of the message before it are still owed.
    UNFINISHED = Error "chunk.unfinished";
    /// Set Chunk Size 0, with the top bit, or with a short body.
    CHUNK_SIZE = Error "chunk.size_illegal";
    /// A chunk size that makes every byte of payload cost a header.
    CHUNK_SIZE_TINY = Warning "chunk.size_tiny";
    /// A header that cannot be one.
    IMPLAUSIBLE = Error "chunk.implausible_header";
    /// More chunk streams than the limit.
    STREAMS_EVICTED = Warning "limit.chunk_streams";
    /// More bytes of a message than the limit were not kept.
    BODY_CUT = Info "limit.message_bytes";
    /// The capture keeps only the first bytes of each packet.
    PACKETS_CUT = Warning "capture.packets_cut";
    /// A control message that is not on chunk stream 2 and message stream 0.
    CONTROL_PLACE = Info "control.place";
    /// A body that does not decode to its end.
    BODY_FAULT = Warning "body.fault";
    /// A reply to no call.
    REPLY_UNKNOWN = Warning "command.reply_unknown";
    /// More calls without reply than the limit.
    CALLS_FORGOTTEN = Info "limit.transactions";
    /// The server refused.
    REFUSED = Error "command.refused";
}
