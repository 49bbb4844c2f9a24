//! What became of a session, in one line for a newcomer.

use crate::record::Message;
use crate::stream::{Direction, Ending};
use crate::time::Time;
use crate::wire::body::Body;
use crate::wire::code::Kind;
use crate::wire::command::{Command, Known};
use crate::wire::handshake::PACKET;

/// The turns of a session that its verdict tells.
#[derive(Debug, Default)]
pub(super) struct Story {
    connect: Request,
    publish: Request,
    play: Request,
    /// First and last media message, by direction.
    media: [Option<(Time, Time)>; 2],
    /// The client ended its stream in words (deleteStream, closeStream, FCUnpublish).
    said_goodbye: bool,
    /// The server refused outside of a request's reply.
    complaint: Option<Box<str>>,
}

/// A request and what was said to it.
#[derive(Debug, Default)]
struct Request {
    made: bool,
    answer: Option<Answer>,
}

#[derive(Debug)]
struct Answer {
    refused: bool,
    code: Box<str>,
}

impl Story {
    pub(super) fn message(&mut self, message: &Message, meaning: &Body) {
        match meaning {
            Body::Command(command) => self.command(message.dir, command),
            _ if matches!(message.head.message_type.kind(), Kind::Audio | Kind::Video | Kind::Aggregate) => {
                let [client, server] = &mut self.media;
                let media = if message.dir == Direction::ClientToServer { client } else { server };
                let (_, last) = media.get_or_insert((message.time, message.time));
                *last = message.time;
            }
            _ => {}
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

    pub(super) fn replied(&mut self, call: Option<&'static Known>, reply: &Command) {
        let request = match call.map(|known| known.name) {
            Some("connect") => &mut self.connect,
            Some("publish") => &mut self.publish,
            Some("play") => &mut self.play,
            _ => return,
        };
        let refused = &*reply.name == "_error" || reply.status_level() == Some("error");
        let code = reply.status_code().unwrap_or_default().into();
        request.answer = Some(Answer { refused, code });
    }

    pub(super) fn verdict(&self, how: Ending, by: Option<Direction>, seen: [usize; 2], encrypted: bool) -> String {
        let outcome = self.outcome(seen, encrypted);
        format!("{outcome}, {}", self.close(how, by))
    }

    fn outcome(&self, [client, server]: [usize; 2], encrypted: bool) -> String {
        const WHOLE: usize = 1 + 2 * PACKET;
        if encrypted && client.min(server) > 0 {
            return "RTMPE: encrypted after the handshake".to_owned();
        }
        let refused = |request: &Request| request.answer.as_ref().filter(|a| a.refused).map(|a| a.code.clone());
        let [from_client, from_server] = self.media;
        if let Some(code) = refused(&self.connect) {
            format!("connect refused{}", in_brackets(&code))
        } else if let Some(code) = refused(&self.publish) {
            format!("publish refused{}", in_brackets(&code))
        } else if let Some(code) = refused(&self.play) {
            format!("play refused{}", in_brackets(&code))
        } else if self.publish.made || from_client.is_some() && !self.play.made {
            self.streamed("publish", "published", from_client, &self.publish)
        } else if self.play.made || from_server.is_some() {
            self.streamed("play", "played", from_server, &self.play)
        } else if self.connect.made {
            let answered = self.connect.answer.is_some();
            if answered { "connected, but no stream was asked for" } else { "connect was not answered" }.to_owned()
        } else if server == 0 {
            "the handshake was not answered".to_owned()
        } else if client < WHOLE || server < WHOLE {
            "the handshake broke off".to_owned()
        } else {
            "handshake done, but no connect".to_owned()
        }
    }

    fn streamed(&self, verb: &str, past: &str, media: Option<(Time, Time)>, request: &Request) -> String {
        match (media, &request.answer, &self.complaint) {
            (Some((first, last)), _, _) => format!("{past} {:.1} s", last.since(first)),
            (None, _, Some(code)) => format!("{verb} failed{}", in_brackets(code)),
            (None, Some(_), None) => format!("{verb} accepted, but no media came"),
            (None, None, None) => format!("{verb} was not answered"),
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

fn in_brackets(code: &str) -> String {
    if code.is_empty() { String::new() } else { format!(" ({code})") }
}
