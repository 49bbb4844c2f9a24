//! Status codes: the `code` of info objects, with its level and an explanation for people who meet it the first time.
//!
//! RTMP 1.0 section 7.2, the NetConnection and NetStream documentation, Enhanced RTMP, and what servers send.

/// What is known about a status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The code, case-sensitive.
    pub code: &'static str,
    /// How serious it is.
    pub level: Level,
    /// What it means, and what to do about it where something can be done.
    pub about: &'static str,
}

/// How serious a status is, as its `level` member says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// News.
    Status,
    /// Trouble that does not stop the stream.
    Warning,
    /// A failure.
    Error,
}

impl Level {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Level::Status => "status",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// What is known about a code.
pub fn status(code: &[u8]) -> Option<&'static Status> {
    STATUSES.iter().find(|s| s.code.as_bytes() == code)
}

/// The explanation of a code.
pub fn explain(code: &[u8]) -> Option<&'static str> {
    status(code).map(|s| s.about)
}

/// The explanation of a level.
pub fn explain_level(level: &[u8]) -> Option<&'static str> {
    Some(match level {
        b"status" => "news, nothing is wrong",
        b"warning" => "trouble that does not stop the stream",
        b"error" => "a failure",
        _ => return None,
    })
}

const fn news(code: &'static str, about: &'static str) -> Status {
    Status { code, level: Level::Status, about }
}

const fn warning(code: &'static str, about: &'static str) -> Status {
    Status { code, level: Level::Warning, about }
}

const fn error(code: &'static str, about: &'static str) -> Status {
    Status { code, level: Level::Error, about }
}

/// Every code that is known.
#[rustfmt::skip]
pub static STATUSES: &[Status] = &[
    // The connection.
    error("NetConnection.Call.BadVersion", "a packet came in an encoding that the receiver does not know; check objectEncoding"),
    error("NetConnection.Call.Failed", "the procedure could not be run on the other side; often it does not exist there"),
    error("NetConnection.Call.Prohibited", "security rules of the other side forbid this call"),
    error("NetConnection.Connect.AppShutdown", "the application or the server was stopped; reconnect later"),
    news("NetConnection.Connect.Closed", "the connection was closed in good order"),
    error("NetConnection.Connect.Failed", "the attempt to connect failed; check address, port and network"),
    news("NetConnection.Connect.IdleTimeout", "the server dropped a client that was silent for too long"),
    error("NetConnection.Connect.InvalidApp", "the server has no application of this name; check the part of the URL after the host"),
    news("NetConnection.Connect.NetworkChange", "the network of the client changed"),
    news("NetConnection.Connect.ReconnectRequest", "the server asks the client to move to the server in tcUrl, or to reconnect to this one"),
    error("NetConnection.Connect.Rejected", "the server refused access: unknown application, or credentials that are missing or wrong; see the description"),
    news("NetConnection.Connect.Success", "connected; streams can be created now"),
    error("NetConnection.Proxy.NotResponding", "a proxy on the way does not answer"),
    // Streams: publishing.
    error("NetStream.Publish.BadName", "the stream name is in use or refused; another publisher may still hold it, or the stream key is wrong"),
    news("NetStream.Publish.Idle", "the publisher sent nothing for too long"),
    news("NetStream.Publish.Start", "the server accepts the stream; media may be sent now"),
    news("NetStream.Unpublish.Success", "the publisher ended its stream in good order"),
    news("NetStream.Record.AlreadyExists", "another stream is being recorded to the same file"),
    error("NetStream.Record.Failed", "recording failed on the server"),
    error("NetStream.Record.NoAccess", "the server may not write the recording there"),
    news("NetStream.Record.Start", "recording began"),
    news("NetStream.Record.Stop", "recording ended"),
    news("NetStream.Clear.Success", "the recorded file was removed"),
    error("NetStream.Clear.Failed", "the recorded file could not be removed"),
    // Streams: playing.
    news("NetStream.Play.Complete", "the file or playlist was played to its end"),
    error("NetStream.Play.Failed", "playing failed; see the description"),
    error("NetStream.Play.FileStructureInvalid", "the file on the server is broken or of a kind that cannot be played"),
    warning("NetStream.Play.InsufficientBW", "the client takes data too slowly for this bit rate"),
    error("NetStream.Play.NoSupportedTrackFound", "the file has no track that can be played"),
    news("NetStream.Play.PublishNotify", "a publisher for this stream arrived; media will follow"),
    news("NetStream.Play.UnpublishNotify", "the publisher of this stream left; media stops"),
    news("NetStream.Play.Reset", "the playlist was emptied before the new stream begins"),
    news("NetStream.Play.Start", "playing begins; media will follow when the stream has any"),
    news("NetStream.Play.Stop", "playing ended"),
    error("NetStream.Play.StreamNotFound", "no stream of this name; check the name, and whether anybody publishes it"),
    news("NetStream.Play.Switch", "the next item of the playlist begins"),
    news("NetStream.Play.Transition", "the switch to another bit rate has begun"),
    news("NetStream.Play.TransitionComplete", "the switch to another bit rate is done"),
    news("NetStream.Pause.Notify", "the stream is paused"),
    error("NetStream.Pause.Failed", "the stream could not be paused"),
    news("NetStream.Unpause.Notify", "the stream goes on after a pause"),
    error("NetStream.Seek.Failed", "the stream cannot be moved to another place; often because it is live"),
    error("NetStream.Seek.InvalidTime", "the place asked for is beyond what exists or was loaded"),
    news("NetStream.Seek.Notify", "the stream moved to another place"),
    news("NetStream.Step.Notify", "the stream moved by single frames"),
    news("NetStream.Transition.Success", "the switch to another stream succeeded"),
    news("NetStream.Transition.Forced", "the server switched to another stream by itself"),
    news("NetStream.Data.Start", "data of the stream begins"),
    news("NetStream.Buffer.Empty", "the player's buffer ran empty; playing halts until data comes"),
    news("NetStream.Buffer.Full", "the player's buffer is full; playing begins"),
    news("NetStream.Buffer.Flush", "no more data comes; the player uses up its buffer"),
    // Streams: others.
    news("NetStream.Connect.Closed", "a peer-to-peer stream was closed"),
    news("NetStream.Connect.Success", "a peer-to-peer stream is connected"),
    error("NetStream.Connect.Failed", "a peer-to-peer stream could not be connected"),
    error("NetStream.Connect.Rejected", "the other peer refused the stream"),
    error("NetStream.CreateStream.Failed", "the server could not create a message stream"),
    news("NetStream.DRM.UpdateNeeded", "the player's module for protected content is too old"),
    error("NetStream.Failed", "something else failed; see the description"),
    error("NetStream.InvalidArg", "an argument of the command was wrong"),
    news("NetStream.MulticastStream.Reset", "the stream of the group began anew"),
    // The server.
    error("Application.Script.Error", "a script of the application failed on the server"),
    warning("Application.Script.Warning", "a script of the application warned on the server"),
    news("Application.Resource.LowMemory", "the application on the server runs short of memory"),
    news("Application.Shutdown", "the application on the server is being stopped"),
    news("Application.GC", "the application on the server is cleaning up its memory"),
    // Shared objects.
    error("SharedObject.NoReadAccess", "the client may not read this shared object"),
    error("SharedObject.NoWriteAccess", "the client may not change this shared object"),
    error("SharedObject.ObjectCreationFailed", "the server could not create the shared object"),
    error("SharedObject.BadPersistence", "the shared object exists with another persistence; both sides must ask for the same"),
    error("SharedObject.UriMismatch", "the shared object belongs to another address than the connection"),
    news("SharedObject.Flush.Success", "the shared object was saved on the client"),
    error("SharedObject.Flush.Failed", "the shared object could not be saved on the client"),
    // Groups (RTMFP).
    news("NetGroup.Connect.Success", "the client joined the group"),
    error("NetGroup.Connect.Failed", "the client could not join the group"),
    error("NetGroup.Connect.Rejected", "the client may not join the group"),
    news("NetGroup.Neighbor.Connect", "a neighbour in the group is connected"),
    news("NetGroup.Neighbor.Disconnect", "a neighbour in the group left"),
    news("NetGroup.Posting.Notify", "a posting to the group arrived"),
    news("NetGroup.SendTo.Notify", "a message to this member of the group arrived"),
    news("NetGroup.LocalCoverage.Notify", "the part of the group's addresses that this member covers changed"),
    news("NetGroup.MulticastStream.PublishNotify", "a stream is published in the group"),
    news("NetGroup.MulticastStream.UnpublishNotify", "a stream in the group ended"),
    news("NetGroup.Replication.Fetch.SendNotify", "a request for an object of the group is about to be sent"),
    news("NetGroup.Replication.Fetch.Result", "an object of the group arrived"),
    error("NetGroup.Replication.Fetch.Failed", "an object of the group could not be fetched"),
    news("NetGroup.Replication.Request", "a neighbour asks for an object of the group"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_as_they_are_written() {
        assert_eq!(status(b"NetConnection.Connect.Success").map(|s| s.level), Some(Level::Status));
        assert_eq!(status(b"NetStream.Publish.BadName").map(|s| s.level.word()), Some("error"));
        assert_eq!(status(b"NetStream.Play.InsufficientBW").map(|s| s.level), Some(Level::Warning));
        assert_eq!(status(b"netconnection.connect.success"), None);
        assert!(explain(b"NetStream.Play.StreamNotFound").is_some_and(|text| text.contains("check the name")));
    }

    #[test]
    fn every_code_stands_once_and_is_explained_in_one_line() {
        for (i, s) in STATUSES.iter().enumerate() {
            assert!(STATUSES.iter().skip(i + 1).all(|other| other.code != s.code), "{}", s.code);
            assert!(!s.about.is_empty() && s.about.len() < 130 && !s.about.ends_with('.'), "{}", s.code);
            assert!(explain_level(s.level.word().as_bytes()).is_some());
        }
    }
}
