//! The parts of the handshake as they become complete: what each says, and whether it fits to the other side's.

use super::*;

impl Session {
    /// A handshake part is complete.
    pub(super) fn shake(&mut self, dir: Direction, progress: Progress, sink: &mut impl Sink) {
        let id = self.id;
        let speaker = match dir {
            Direction::ClientToServer => Speaker::Client,
            Direction::ServerToClient => Speaker::Server,
        };
        let (step, part) = match progress {
            Progress::Unseen(None) => return,
            Progress::Unseen(Some(end)) => {
                self.begin_chunks(dir, end);
                return;
            }
            Progress::First(part) => (self.first(dir, speaker, &part, sink), part),
            Progress::Second(part) => (self.second(dir, speaker, &part, sink), part),
        };
        sink.take(Record::Handshake(Handshake {
            session: id,
            dir,
            time: part.last.time,
            step,
            span: part.span,
            packets: (part.first.packet, part.last.packet),
            carriers: part.carriers,
            bytes: part.bytes,
        }));
    }

    fn first(&mut self, dir: Direction, speaker: Speaker, part: &opening::Part, sink: &mut impl Sink) -> Step {
        let version = Version(part.bytes.first().copied().unwrap_or_default());
        let other = self.side(dir.reverse()).version;
        if let Some(other) = other
            && other != version
        {
            let text = format!("client and server state different versions: {} and {}", other.0, version.0);
            let at = part.span.0;
            sink.take(Record::Finding(finding(self.id, dir, part.last, rules::VERSIONS_DIFFER, at, text)));
        }
        let packet = part.bytes.get(1..).and_then(|packet| packet.first_chunk::<PACKET>());
        let form = packet.map_or(Form::Simple, |packet| Form::of(packet, speaker));
        let side = self.side_mut(dir);
        side.version = Some(version);
        side.first_packet = packet.map(|packet| Box::new(*packet));
        Step::First { version, form }
    }

    fn second(&mut self, dir: Direction, speaker: Speaker, part: &opening::Part, sink: &mut impl Sink) -> Step {
        let answered = self.side(dir.reverse()).first_packet.as_deref();
        let echo = part.bytes.first_chunk::<PACKET>().zip(answered).map(|(p, a)| Echo::of(p, a, speaker));
        if echo == Some(Echo::Different) {
            let name = if dir == Direction::ClientToServer { ("C2", "S1") } else { ("S2", "C1") };
            let text = format!("{} neither echoes {} nor is signed: strict peers refuse this", name.0, name.1);
            let at = part.span.0;
            sink.take(Record::Finding(finding(self.id, dir, part.last, rules::ECHO_DIFFERS, at, text)));
        }
        self.begin_chunks(dir, part.span.1);
        Step::Second { echo }
    }
}
