//! The field table of commands: the envelope, and the arguments of known commands.

use super::vocabulary;
use crate::field::{Field, Secrecy, Unit, fields};

/// Fields of commands.
pub mod f {
    use super::*;
    fields! {
        /// The whole message.
        COMMAND = Field::new("command", "a call of a procedure on the other side, or the answer to one");
        /// Name.
        NAME = Field::new("command_name", "the procedure that is called, or the kind of answer").texts(explain_name);
        /// Transaction id.
        TRANSACTION = Field::new("transaction_id", "an answer repeats the number of its call").numbers(transaction_name);
        /// Command object.
        OBJECT = Field::new("command_object", "properties of the call, mostly null");
        /// An argument without known meaning.
        ARGUMENT = Field::new("argument", "an argument of the call");
        /// An argument for the application.
        APPLICATION_ARGUMENT = Field::new("application_argument", "handed to the application as it is");
        /// Stream name.
        STREAM_NAME = Field::new("stream_name", "name of the stream, often the secret stream key; a prefix such as mp4: tells the kind of file")
            .secret(Secrecy::Whole);
        /// Publish type.
        PUBLISH_TYPE = Field::new("publish_type", "what the server shall do with the stream").texts(explain_publish_type);
        /// Start of play.
        START = Field::new("start", "where to begin, in seconds by the specification; some players send milliseconds")
            .signed(start_name);
        /// Duration of play.
        DURATION = Field::new("duration", "how much to play, in seconds by the specification; some players send milliseconds")
            .signed(duration_name);
        /// Reset of play.
        RESET = Field::new("reset", "whether the playlist is emptied first; a truth value or a number");
        /// Argument of play2.
        PLAY2 = Field::new("play_options", "which stream shall replace which, and how").members(&[
            &NEW_NAME, &OLD_NAME, &PLAY2_START, &PLAY2_LEN, &PLAY2_OFFSET, &TRANSITION,
        ]);
        /// New stream of play2.
        NEW_NAME = Field::new("streamName", "the stream to play now").secret(Secrecy::Whole);
        /// Old stream of play2.
        OLD_NAME = Field::new("oldStreamName", "the stream that was played until now").secret(Secrecy::Whole);
        /// Start of play2.
        PLAY2_START = Field::new("start", "where to begin").signed(start_name);
        /// Length of play2.
        PLAY2_LEN = Field::new("len", "how much to play").signed(duration_name);
        /// Offset of play2.
        PLAY2_OFFSET = Field::new("offset", "where in the stream to change over");
        /// Transition of play2.
        TRANSITION = Field::new("transition", "how to change over");
        /// Stream id that was created.
        NEW_STREAM_ID = Field::new("new_stream_id", "message stream that the client may use from now on");
        /// Stream id that is given back.
        OLD_STREAM_ID = Field::new("deleted_stream_id", "message stream that is not used any more");
        /// Length of a stream.
        STREAM_LENGTH = Field::new("stream_length", "how long the recorded stream is").unit(Unit::Seconds);
        /// Audio or video wanted.
        WANTED = Field::new("wanted", "true to receive, false to do without");
        /// Pause.
        PAUSE = Field::new("pause", "true to halt, false to go on");
        /// Position in a stream.
        POSITION = Field::new("position", "place in the stream").unit(Unit::Milliseconds);
        /// Bandwidth.
        KBIT_DOWN = Field::new("kbit_down", "bandwidth towards the client; 8192 alone is common where nothing was measured")
            .unit(Unit::Kilobits);
        /// Data of a bandwidth check.
        DELTA_DOWN = Field::new("delta_down", "how much was sent for the check");
        /// Time of a bandwidth check.
        DELTA_TIME = Field::new("delta_time", "how long the check took");
        /// Latency.
        LATENCY = Field::new("latency", "delay of the connection");
        /// Other results.
        BANDWIDTH_RESULT = Field::new("bandwidth_result", "a result of a bandwidth check");
        /// Filler.
        FILLER = Field::new("filler", "sent only to take time");
        /// Playlist.
        PLAYLIST = Field::new("playlist", "stream names by position").others(&PLAYLIST_ENTRY).secret(Secrecy::Whole);
        /// Entry of a playlist.
        PLAYLIST_ENTRY = Field::new("playlist_entry", "a stream name").secret(Secrecy::Whole);
        /// Token response.
        TOKEN_RESPONSE = Field::new("secure_token_response", "computed from the server's secureToken")
            .secret(Secrecy::Whole);
        /// Usher token.
        USHER_TOKEN = Field::new("usher_token", "permits playing").secret(Secrecy::Whole);
        /// Peer address.
        PEER_ADDRESS = Field::new("peer_address", "an address of the client");
    }
}

fn explain_name(name: &[u8]) -> Option<&'static str> {
    vocabulary::known(name).map(|k| k.about)
}

fn transaction_name(id: u64) -> Option<&'static str> {
    (id == 0).then_some("no answer wanted")
}

fn explain_publish_type(word: &[u8]) -> Option<&'static str> {
    Some(match word {
        b"live" => "send it to the players, do not record it",
        b"record" => "record it to a new file",
        b"append" => "record it at the end of an existing file",
        _ => return None,
    })
}

/// FFmpeg and rtmpdump send the same specials times 1000.
fn start_name(start: i64) -> Option<&'static str> {
    Some(match start {
        -2 | -2000 => "the live stream, or the recorded one if there is none",
        -1 | -1000 => "only a live stream",
        0.. => "a recorded stream, from this place on",
        _ => return None,
    })
}

fn duration_name(duration: i64) -> Option<&'static str> {
    Some(match duration {
        -1 | -1000 => "until the end",
        0 => "a single frame",
        _ => return None,
    })
}
