//! What became of a session, in one line for a newcomer.

use crate::record::Message;
use crate::stream::{Direction, Ending};
use crate::time::Time;
use crate::wire::body::Body;
use crate::wire::code::Kind;
use crate::wire::command::{Command, Known};
use crate::wire::handshake::PACKET;

use super::dialogue::Answer;

/// The turns of a session that its verdict tells.
#[derive(Clone, Debug, Default)]
pub(super) struct Story {
    connect: Request,
    publish: Request,
    play: Request,
    /// The media, by direction.
    media: [Option<Media>; 2],
    /// The client ended its stream in words (deleteStream, closeStream, FCUnpublish).
    said_goodbye: bool,
    /// The server refused outside of a request's reply.
    complaint: Option<Box<str>>,
}

/// How far a session got, apart from its messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// Handshake bytes of both sides.
    pub(super) handshake: [usize; 2],
    /// The handshake agrees on RTMPE.
    pub(super) encrypted: bool,
    /// The capture begins after the handshake, or lost it.
    pub(super) late: bool,
    /// Bytes that may have told more were not captured, by direction.
    pub(super) holes: [bool; 2],
    /// The server's first byte is no version of RTMP.
    pub(super) foreign_server: bool,
}

/// When media came, and what time it was about.
#[derive(Clone, Copy, Debug)]
struct Media {
    captured: (Time, Time),
    /// First and last timestamp of sound and pictures; decoder configurations are often stamped 0.
    timestamps: Option<(u64, u64)>,
}

impl Media {
    /// How long it was: by the clock, and by its own time where that tells another story.
    fn length(&self) -> String {
        let wall = self.captured.1.since(self.captured.0).seconds();
        let media = self.timestamps.map_or(0.0, |(first, last)| (last - first) as f64 / 1000.0);
        if media > 1.5 * wall + 1.0 { format!("{media:.1} s of media in {wall:.1} s") } else { format!("{wall:.1} s") }
    }
}

/// A request and what was said to it.
#[derive(Clone, Debug, Default)]
struct Request {
    made: bool,
    answer: Option<Answer>,
}

impl Story {
    pub(super) fn message(&mut self, message: &Message) {
        match &message.meaning {
            Body::Command(command) => self.command(message.dir, command),
            meaning if matches!(message.head.message_type.kind(), Kind::Audio | Kind::Video | Kind::Aggregate) => {
                self.media(message, meaning.is_configuration());
            }
            _ => {}
        }
    }

    fn media(&mut self, message: &Message, configuration: bool) {
        let [client, server] = &mut self.media;
        let media = if message.dir == Direction::ClientToServer { client } else { server };
        let media = media.get_or_insert(Media { captured: (message.time, message.time), timestamps: None });
        media.captured.1 = message.time;
        if !configuration && message.timestamp().is_some() {
            let time = message.head.unwrapped;
            let (first, last) = media.timestamps.unwrap_or((time, time));
            media.timestamps = Some((first.min(time), last.max(time)));
        }
    }

    fn command(&mut self, dir: Direction, command: &Command) {
        match (&*command.name, dir) {
            ("connect", Direction::ClientToServer) => self.connect.made = true,
            ("publish", Direction::ClientToServer) => self.publish.made = true,
            ("play" | "play2", Direction::ClientToServer) => self.play.made = true,
            ("deleteStream" | "closeStream" | "FCUnpublish", Direction::ClientToServer) => self.said_goodbye = true,
            ("onStatus", Direction::ServerToClient) if command.status_level() == Some("error") => {
                self.complaint = command.status_code().map(Into::into);
            }
            _ => {}
        }
    }

    pub(super) fn replied(&mut self, call: Option<&'static Known>, answer: Answer) {
        let request = match call.map(|known| known.name) {
            Some("connect") => &mut self.connect,
            Some("publish") => &mut self.publish,
            Some("play") => &mut self.play,
            _ => return,
        };
        request.answer = Some(answer);
    }

    pub(super) fn verdict(&self, how: Ending, by: Option<Direction>, seen: Seen) -> String {
        let outcome = self.outcome(seen);
        format!("{outcome}, {}", self.close(how, by))
    }

    fn outcome(&self, seen: Seen) -> String {
        const WHOLE: usize = 1 + 2 * PACKET;
        let Seen { handshake: [client, server], encrypted, late, holes, foreign_server } = seen;
        let [unheard, unanswered] = holes;
        if foreign_server {
            return "the server answered, but not with RTMP".to_owned();
        }
        if encrypted && client.min(server) > 0 {
            return "RTMPE: encrypted after the handshake".to_owned();
        }
        let refused = |request: &Request| {
            request.answer.as_ref().filter(|a| a.refused).map(|a| a.code.clone().unwrap_or_default())
        };
        let [from_client, from_server] = self.media;
        if let Some(code) = refused(&self.connect) {
            format!("connect refused{}", in_brackets(&code))
        } else if let Some(code) = refused(&self.publish) {
            format!("publish refused{}", in_brackets(&code))
        } else if let Some(code) = refused(&self.play) {
            format!("play refused{}", in_brackets(&code))
        } else if self.publish.made || from_client.is_some() && !self.play.made {
            self.streamed("publish", "published", from_client, &self.publish, unanswered)
        } else if self.play.made || from_server.is_some() {
            self.streamed("play", "played", from_server, &self.play, unanswered)
        } else if self.connect.made {
            match (&self.connect.answer, unheard, unanswered) {
                (Some(_), false, _) => "connected, but no stream was asked for".to_owned(),
                (Some(_), true, _) => "connected; what was asked for then was not captured".to_owned(),
                (None, _, unanswered) => no_answer("connect", unanswered),
            }
        } else if late {
            "joined late, and no stream was recognised".to_owned()
        } else if server == 0 {
            no_answer("the handshake", unanswered)
        } else if unheard {
            "handshake done; what the client asked for was not captured".to_owned()
        } else if client < WHOLE || server < WHOLE {
            "the handshake broke off".to_owned()
        } else {
            "handshake done, but no connect".to_owned()
        }
    }

    fn streamed(&self, verb: &str, past: &str, media: Option<Media>, request: &Request, unanswered: bool) -> String {
        match (media, &request.answer, &self.complaint) {
            (Some(media), _, _) => format!("{past} {}", media.length()),
            (None, _, Some(code)) => format!("{verb} failed{}", in_brackets(code)),
            (None, Some(_), None) => format!("{verb} accepted, but no media came"),
            (None, None, None) => no_answer(verb, unanswered),
        }
    }

    fn close(&self, how: Ending, by: Option<Direction>) -> &'static str {
        match (how, by) {
            (Ending::Fin, _) if self.said_goodbye => "clean close",
            (Ending::Fin, Some(Direction::ClientToServer)) => "client closed",
            (Ending::Fin, _) => "server closed",
            (Ending::Reset, _) if self.said_goodbye => "reset after a proper goodbye",
            (Ending::Reset, Some(Direction::ClientToServer)) => "reset by the client",
            (Ending::Reset, _) => "reset by the server",
            (Ending::Unfinished, _) => "still open at the end of the capture",
            (Ending::Replaced, _) => "its addresses and ports were taken over",
            (Ending::Evicted, _) => "dropped to stay within the limits",
        }
    }
}

/// Nobody saw an answer to `what`; was there none, or was it not captured?
fn no_answer(what: &str, not_captured: bool) -> String {
    let why = if not_captured { "if it was answered, that was not captured" } else { "was not answered" };
    format!("{what}{}{why}", if not_captured { ": " } else { " " })
}

fn in_brackets(code: &str) -> String {
    if code.is_empty() { String::new() } else { format!(" ({code})") }
}
