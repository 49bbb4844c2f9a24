//! The commands that are known, and what their arguments and replies mean.

use std::fmt;

use super::{connect, f, info};
use crate::field::Field;
use crate::stream::Direction;

/// What is known about a command.
pub struct Known {
    /// Its name on the wire.
    pub name: &'static str,
    /// One line that says what it does.
    pub about: &'static str,
    /// Who sends it; `None` for both sides.
    pub sender: Option<Direction>,
    /// The command object.
    pub object: &'static Field,
    /// The arguments, in order.
    pub args: &'static [&'static Field],
    /// Every argument after those.
    pub more: &'static Field,
    /// The object of its `_result`.
    pub result_object: &'static Field,
    /// The arguments of its `_result`.
    pub result: &'static [&'static Field],
    /// The arguments of its `_error`.
    pub error: &'static [&'static Field],
}

impl PartialEq for Known {
    fn eq(&self, other: &Known) -> bool {
        // Names are unique in the vocabulary.
        self.name == other.name
    }
}

impl Eq for Known {}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Known").field(&self.name).finish()
    }
}

/// What is known about the command of this name.
pub fn known(name: &[u8]) -> Option<&'static Known> {
    KNOWN.iter().find(|k| k.name.as_bytes() == name)
}

/// Any other name: the application gives it a meaning.
pub(super) static CALL: Known = both("call", "calls a procedure of the application on the other side");

/// Every command that is known.
pub static KNOWN: &[Known] = &[
    client("connect", "opens the connection to an application on the server")
        .object(&connect::f::CONNECT)
        .more(&f::APPLICATION_ARGUMENT)
        .result_object(&connect::f::PROPERTIES)
        .result(&[&connect::f::CONNECT_INFO])
        .error(&[&connect::f::CONNECT_INFO]),
    both("_result", "the answer to a call that succeeded")
        .object(&connect::f::PROPERTIES)
        .args(RESPONSE)
        .more(&info::f::RESPONSE),
    both("_error", "the answer to a call that failed")
        .object(&connect::f::PROPERTIES)
        .args(ERROR)
        .more(&info::f::RESPONSE),
    both("close", "ends the connection"),
    client("createStream", "asks for a message stream, on which media can be sent").result(&[&f::NEW_STREAM_ID]),
    client("releaseStream", "asks the server to free a stream name that an earlier connection may still hold")
        .args(&[&f::STREAM_NAME]),
    client("FCPublish", "announces that a stream will be published").args(&[&f::STREAM_NAME]),
    client("FCUnpublish", "announces that publishing of a stream ends").args(&[&f::STREAM_NAME]),
    server("onFCPublish", "the server knows of the stream to be published").args(&[&info::f::STATUS_INFO]),
    server("onFCUnpublish", "the server knows that publishing ended").args(&[&info::f::STATUS_INFO]),
    client("FCSubscribe", "asks a content network to fetch a live stream").args(&[&f::STREAM_NAME]),
    client("FCUnsubscribe", "the stream of FCSubscribe is not wanted any more").args(&[&f::STREAM_NAME]),
    server("onFCSubscribe", "the answer to FCSubscribe").args(&[&info::f::STATUS_INFO]),
    server("onFCUnsubscribe", "the answer to FCUnsubscribe").args(&[&info::f::STATUS_INFO]),
    client("getStreamLength", "asks how long a recorded stream is")
        .args(&[&f::STREAM_NAME])
        .result(&[&f::STREAM_LENGTH]),
    server("onBWDone", "a bandwidth check is over, or none is made")
        .args(&[&f::KBIT_DOWN, &f::DELTA_DOWN, &f::DELTA_TIME, &f::LATENCY])
        .more(&f::BANDWIDTH_RESULT),
    client("_checkbw", "asks the server to measure the bandwidth"),
    server("_onbwcheck", "filler that measures the bandwidth")
        .args(&[&f::FILLER])
        .more(&f::FILLER)
        .result(&[&f::BANDWIDTH_RESULT]),
    server("_onbwdone", "results of a bandwidth check").args(&[&f::KBIT_DOWN]).more(&f::BANDWIDTH_RESULT),
    client("checkBandwidth", "asks the server to measure the bandwidth"),
    server("onBWCheck", "filler that measures the bandwidth").args(&[&f::FILLER]).more(&f::FILLER),
    both("ping", "asks for a pong"),
    both("pong", "answers a ping"),
    client("set_playlist", "names the streams to be played").args(&[&f::PLAYLIST]),
    server("playlist_ready", "the streams of set_playlist can be played").args(&[&f::PLAYLIST]),
    client("secureTokenResponse", "answers the secureToken of the connect reply").args(&[&f::TOKEN_RESPONSE]),
    client("NetStream.Authenticate.UsherToken", "shows a token that permits playing").args(&[&f::USHER_TOKEN]),
    client("setPeerInfo", "tells the server the client's addresses (RTMFP)")
        .args(&[&f::PEER_ADDRESS])
        .more(&f::PEER_ADDRESS),
    server("onStatus", "news about a stream or the connection").args(&[&info::f::STATUS_INFO]),
    client("play", "asks for a stream").args(&[&f::STREAM_NAME, &f::START, &f::DURATION, &f::RESET]),
    client("play2", "changes to another bit rate of the stream without a break").args(&[&f::PLAY2]),
    client("publish", "offers a stream to the server").args(&[&f::STREAM_NAME, &f::PUBLISH_TYPE]),
    client("deleteStream", "gives a message stream back").args(&[&f::OLD_STREAM_ID]),
    client("closeStream", "ends playing or publishing on this message stream"),
    client("receiveAudio", "says whether sound is wanted").args(&[&f::WANTED]),
    client("receiveVideo", "says whether pictures are wanted").args(&[&f::WANTED]),
    client("seek", "moves to another place of the stream").args(&[&f::POSITION]),
    client("pause", "halts the stream or lets it go on").args(&[&f::PAUSE, &f::POSITION]),
    client("pauseRaw", "halts the stream or lets it go on, with the player's buffer kept")
        .args(&[&f::PAUSE, &f::POSITION]),
];

const RESPONSE: &[&Field] = &[&info::f::RESPONSE];
const ERROR: &[&Field] = &[&info::f::ERROR_INFO];

const fn both(name: &'static str, about: &'static str) -> Known {
    Known {
        name,
        about,
        sender: None,
        object: &f::OBJECT,
        args: &[],
        more: &f::ARGUMENT,
        result_object: &f::OBJECT,
        result: RESPONSE,
        error: ERROR,
    }
}

const fn client(name: &'static str, about: &'static str) -> Known {
    Known { sender: Some(Direction::ClientToServer), ..both(name, about) }
}

const fn server(name: &'static str, about: &'static str) -> Known {
    Known { sender: Some(Direction::ServerToClient), ..both(name, about) }
}

impl Known {
    const fn object(mut self, field: &'static Field) -> Known {
        self.object = field;
        self
    }

    const fn args(mut self, fields: &'static [&'static Field]) -> Known {
        self.args = fields;
        self
    }

    const fn more(mut self, field: &'static Field) -> Known {
        self.more = field;
        self
    }

    const fn result_object(mut self, field: &'static Field) -> Known {
        self.result_object = field;
        self
    }

    const fn result(mut self, fields: &'static [&'static Field]) -> Known {
        self.result = fields;
        self
    }

    const fn error(mut self, fields: &'static [&'static Field]) -> Known {
        self.error = fields;
        self
    }
}
