mod calls;

use super::*;
use crate::record::{Joined, Transport};
use crate::wire::amf0;
use crate::wire::chunk::Chunker;
use crate::wire::code::MessageType;
use crate::wire::handshake::{Layout, sign};
use crate::wire::value::Amf;

use Direction::{ClientToServer as C2S, ServerToClient as S2C};

/// A session being played: a second passes with every piece.
struct Play {
    session: Option<Session>,
    records: Vec<Record>,
    second: i64,
}

impl Play {
    fn new() -> Play {
        Play::behind(0)
    }

    fn behind(preamble: u64) -> Play {
        let (client, server) = (([10, 0, 0, 1], 4000).into(), ([10, 0, 0, 2], 1935).into());
        let opened =
            Opened { session: 3, time: Time(0), transport: Transport::Rtmp, client, server, joined: Joined::Start };
        let mut records = Vec::new();
        let mut sink = |record: Record| records.push(record);
        let session = Session::open(opened, preamble, Want::ALL, &Limits::default(), &mut sink);
        Play { session: Some(session), records, second: 0 }
    }

    fn push(&mut self, dir: Direction, piece: Piece<'_>) -> &mut Play {
        self.second += 1;
        let stamp = Stamp { time: Time(self.second * 1_000_000_000), packet: self.second as u64, frame_offset: 54 };
        let records = &mut self.records;
        self.session.as_mut().unwrap().push(dir, stamp, piece, &mut |record: Record| records.push(record));
        self
    }

    fn bytes(&mut self, dir: Direction, bytes: &[u8]) -> &mut Play {
        self.push(dir, Piece::Data(bytes))
    }

    /// Both sides shake hands in the simple form.
    fn handshake(&mut self) -> &mut Play {
        let (c1, s1) = (packet(1), packet(2));
        self.bytes(C2S, &first(3, &c1)).bytes(S2C, &[&first(3, &s1)[..], &c1].concat()).bytes(C2S, &s1)
    }

    fn message(&mut self, dir: Direction, kind: u8, body: &[u8]) -> &mut Play {
        let mut bytes = Vec::new();
        let (csid, stream) = if kind < 7 { (2, 0) } else { (3, 1) };
        Chunker::default().write(csid, 0, MessageType(kind), stream, body, &mut bytes);
        self.bytes(dir, &bytes)
    }

    fn command(&mut self, dir: Direction, name: &str, id: f64, args: &[Amf]) -> &mut Play {
        let mut values = vec![Amf::String(name.into()), Amf::Number(id), Amf::Null];
        values.extend_from_slice(args);
        let mut body = Vec::new();
        amf0::write_all(&values, &mut body);
        self.message(dir, 20, &body)
    }

    fn status(&mut self, level: &str, code: &str) -> &mut Play {
        self.command(S2C, "onStatus", 0.0, &[info(level, code)])
    }

    fn connect(&mut self) -> &mut Play {
        self.command(C2S, "connect", 1.0, &[]).command(
            S2C,
            "_result",
            1.0,
            &[info("status", "NetConnection.Connect.Success")],
        )
    }

    fn findings(&self) -> Vec<&'static str> {
        let rule = |r: &Record| if let Record::Finding(f) = r { Some(f.rule.id) } else { None };
        self.records.iter().filter_map(rule).collect()
    }

    fn handshakes(&self) -> Vec<(&'static str, Step)> {
        let part = |r: &Record| if let Record::Handshake(h) = r { Some((h.part(), h.step)) } else { None };
        self.records.iter().filter_map(part).collect()
    }

    fn messages(&self) -> usize {
        self.records.iter().filter(|r| matches!(r, Record::Message(_))).count()
    }

    fn gaps(&self) -> Vec<(u64, u64, &'static str)> {
        let gap = |r: &Record| if let Record::Gap(g) = r { Some((g.at, g.missing, g.why)) } else { None };
        self.records.iter().filter_map(gap).collect()
    }

    fn close(&mut self) -> Closed {
        let records = &mut self.records;
        self.session.take().unwrap().finish(&mut |record: Record| records.push(record));
        let Some(Record::Closed(closed)) = records.last() else { panic!("the last record is {:?}", records.last()) };
        closed.clone()
    }

    fn verdict(&mut self) -> String {
        self.push(C2S, Piece::End(Ending::Fin)).push(S2C, Piece::End(Ending::Fin)).close().verdict
    }
}

fn info(level: &str, code: &str) -> Amf {
    Amf::Object(vec![("level".into(), Amf::String(level.into())), ("code".into(), Amf::String(code.into()))])
}

fn packet(seed: u8) -> [u8; PACKET] {
    std::array::from_fn(|i| (i as u8).wrapping_mul(31).wrapping_add(seed))
}

fn first(version: u8, packet: &[u8; PACKET]) -> Vec<u8> {
    [&[version], &packet[..]].concat()
}

// --- handshake -----------------------------------------------------------------------------------------------------

#[test]
fn the_handshake_is_told_in_the_order_of_its_bytes() {
    let mut play = Play::new();
    play.handshake();
    let plain = Step::First { version: Version(3), form: Form::Simple };
    let exact = Step::Second { echo: Some(Echo::Exact) };
    assert_eq!(play.handshakes(), [("c0c1", plain), ("s0s1", plain), ("s2", exact), ("c2", exact)]);
    assert!(matches!(play.records[0], Record::Opened(_)));
    assert_eq!(play.findings(), [] as [&str; 0]);
}

#[test]
fn digests_are_recognised_in_both_places() {
    for layout in [Layout::DigestFirst, Layout::KeyFirst] {
        let (mut c1, mut s1) = (packet(1), packet(2));
        sign(&mut c1, layout, Speaker::Client);
        sign(&mut s1, layout, Speaker::Server);
        let mut play = Play::new();
        play.bytes(C2S, &first(3, &c1)).bytes(S2C, &first(3, &s1));
        let step = Step::First { version: Version(3), form: Form::Digest(layout) };
        assert_eq!(play.handshakes(), [("c0c1", step), ("s0s1", step)]);
    }
}

#[test]
fn an_answer_that_is_no_echo_is_found() {
    let (c1, s1) = (packet(1), packet(2));
    let mut spec = s1;
    spec[4..8].copy_from_slice(&[9; 4]);
    for (c2, echo, findings) in [(s1, Echo::Exact, 0), (spec, Echo::Spec, 0), (c1, Echo::Different, 1)] {
        let mut play = Play::new();
        play.bytes(C2S, &first(3, &c1)).bytes(S2C, &first(3, &s1)).bytes(C2S, &c2);
        assert_eq!(play.handshakes()[2], ("c2", Step::Second { echo: Some(echo) }));
        assert_eq!(play.findings(), vec!["handshake.echo"; findings]);
    }
}

#[test]
fn an_answer_to_what_was_not_captured_says_nothing() {
    let mut play = Play::new();
    play.bytes(C2S, &first(3, &packet(1))).bytes(C2S, &packet(2)).message(C2S, 8, b"a");
    assert_eq!(play.handshakes()[1], ("c2", Step::Second { echo: None }));
    assert_eq!((play.findings().len(), play.messages()), (0, 1), "one side alone is decoded");
}

#[test]
fn versions_that_differ_are_found() {
    let mut play = Play::new();
    play.bytes(C2S, &first(3, &packet(1))).bytes(S2C, &first(4, &packet(2)));
    assert_eq!(play.findings(), ["handshake.version"]);
}

#[test]
fn rtmpe_goes_dark_after_the_handshake() {
    let (c1, s1) = (packet(1), packet(2));
    let mut play = Play::new();
    play.bytes(C2S, &first(6, &c1)).bytes(S2C, &[&first(6, &s1)[..], &c1].concat()).bytes(C2S, &s1);
    play.bytes(C2S, &[0xa5; 5000]).bytes(S2C, &[0x5a; 700]);
    assert_eq!((play.handshakes().len(), play.messages(), play.findings().len()), (4, 0, 0));
    let closed = play.close();
    assert_eq!(closed.bytes, [3073 + 5000, 3073 + 700], "the bytes are counted");
    assert!(closed.verdict.starts_with("RTMPE: encrypted after the handshake"), "{}", closed.verdict);
}

/// A client that asks for RTMPE and gets plain RTMP goes on in the clear.
#[test]
fn the_servers_version_decides() {
    let (c1, s1) = (packet(1), packet(2));
    let mut play = Play::new();
    play.bytes(C2S, &first(6, &c1)).bytes(S2C, &[&first(3, &s1)[..], &c1].concat()).bytes(C2S, &s1).connect();
    assert_eq!(play.messages(), 2);
    assert_eq!(play.findings(), ["handshake.version"]);
}

#[test]
fn a_proxy_header_comes_before_the_handshake() {
    let mut play = Play::behind(10);
    play.bytes(C2S, b"PROXY 1234").handshake().message(C2S, 8, b"a");
    let Some(Record::Message(m)) = play.records.last() else { panic!("{:?}", play.records.last()) };
    assert_eq!(m.span, (3083, 3096));
}

// --- losses --------------------------------------------------------------------------------------------------------

#[test]
fn a_gap_without_enough_behind_it_ends_its_direction_and_no_other() {
    let mut play = Play::new();
    play.handshake().bytes(C2S, b"\x04\0\0\0\0\0\x05\x08\x01\0\0\0abc").push(C2S, Piece::Gap(100, Loss::Unseen));
    play.message(C2S, 8, b"lost").push(C2S, Piece::Gap(7, Loss::Unseen)).connect();
    // Of the connect and its result, only the server's side is decoded: one header is no proof.
    assert_eq!(play.messages(), 2);
    let partial = play.records.iter().find_map(|r| if let Record::Message(m) = r { Some(m) } else { None }).unwrap();
    assert_eq!((partial.partial, partial.body.bytes(), partial.span), (Some(3), &b"abc"[..], (3073, 3088)));
    assert_eq!(play.findings(), [] as [&str; 0], "the call may be in what is missing");
    play.close();
    assert_eq!(play.findings(), [] as [&str; 0]);
    assert_eq!(play.gaps(), [(3088, 107, Loss::Unseen.reason())]);
}

#[test]
fn a_gap_within_a_chunk_is_stepped_over() {
    let mut play = Play::new();
    play.handshake().bytes(C2S, b"\x04\0\0\0\0\0\x0a\x08\x01\0\0\0abc").push(C2S, Piece::Gap(4, Loss::Unseen));
    play.bytes(C2S, b"xyz").message(C2S, 8, b"next");
    let told: Vec<_> =
        play.records.iter().filter_map(|r| if let Record::Message(m) = r { Some(m) } else { None }).collect();
    let outline: Vec<_> = told.iter().map(|m| (m.partial, m.body.bytes(), m.span, m.recovered)).collect();
    // What follows the hole would stand in the wrong place of the body, so it is counted only.
    assert_eq!(outline, [(Some(6), &b"abc"[..], (3073, 3095), None), (None, b"next", (3095, 3111), None)]);
    assert!(matches!(
        play.records.iter().find_map(|r| if let Record::Gap(gap) = r { Some(gap.action) } else { None }),
        Some(GapAction::Continued)
    ));
}

#[test]
fn behind_a_gap_the_next_messages_are_found_by_evidence() {
    let mut play = Play::new();
    play.handshake().message(C2S, 9, &[0x27; 200]).push(C2S, Piece::Gap(1000, Loss::Unseen)).bytes(C2S, &[0x55; 77]);
    for n in 0..6u8 {
        play.message(C2S, if n % 2 == 0 { 9 } else { 8 }, &[n; 150]);
    }
    let closed = play.close();
    let found: Vec<_> = play
        .records
        .iter()
        .filter_map(|r| if let Record::Message(m) = r { m.recovered.map(|_| m.body.bytes()[0]) } else { None })
        .collect();
    assert_eq!(found, [0, 1, 2, 3, 4, 5]);
    let gap = play.records.iter().find_map(|r| if let Record::Gap(gap) = r { Some(gap) } else { None }).unwrap();
    assert!(matches!(gap.action, GapAction::Resync { chunk_size: 128, confidence_bits: 64.. }), "{gap:?}");
    assert_eq!((gap.missing, gap.skipped), (1000, 77));
    assert_eq!(closed.messages, 7);
}

#[test]
fn a_gap_in_the_handshake_loses_no_more_than_a_part_of_it() {
    let mut play = Play::new();
    play.bytes(C2S, &first(3, &packet(1))[..100]).push(C2S, Piece::Gap(1437, Loss::Unseen)).bytes(C2S, &packet(2));
    assert_eq!((play.handshakes().len(), play.messages()), (1, 0), "C2 is whole");
    play.message(C2S, 8, b"next");
    assert_eq!(play.messages(), 1, "all lengths of a handshake are known");
    assert_eq!(play.close().bytes, [3073 + 16, 0]);
    // A hole beyond its end hides where the first chunk begins.
    let mut play = Play::new();
    play.bytes(C2S, &first(3, &packet(1))[..100]).push(C2S, Piece::Gap(3000, Loss::Unseen)).bytes(C2S, &[7; 20]);
    play.close();
    let within = (100, 2973, "bytes of the handshake were not captured");
    assert_eq!(play.gaps(), [within, (3073, 27, "what follows the handshake was not captured")]);
}

#[test]
fn noise_after_the_handshake_ends_the_direction_with_a_finding() {
    let mut play = Play::new();
    play.handshake().bytes(C2S, &[0xff; 40]).bytes(C2S, &[0xff; 40]).connect();
    assert_eq!(play.findings(), ["chunk.implausible_header"], "the call may be in what was not understood");
    assert_eq!(play.close().bytes[0], 3073 + 80 + 32);
    assert_eq!(play.gaps(), [(3073, 0, "not a chunk header")]);
}

// --- endings and verdicts ------------------------------------------------------------------------------------------

#[test]
fn who_ends_a_session_and_how() {
    use Ending::{Evicted, Fin, Replaced, Reset, Unfinished};
    let cases: [(&[(Direction, Ending)], _); 8] = [
        (&[(C2S, Fin), (S2C, Fin)], (Fin, Some(C2S))),
        (&[(S2C, Fin), (C2S, Fin)], (Fin, Some(S2C))),
        (&[(S2C, Reset), (C2S, Unfinished)], (Reset, Some(S2C))),
        // One side only was seen to end: that says more than the other.
        (&[(C2S, Unfinished), (S2C, Fin)], (Fin, Some(S2C))),
        (&[(C2S, Unfinished), (S2C, Unfinished)], (Unfinished, None)),
        (&[(C2S, Replaced), (S2C, Replaced)], (Replaced, None)),
        (&[(C2S, Evicted), (S2C, Evicted)], (Evicted, None)),
        (&[], (Unfinished, None)),
    ];
    for (ends, expected) in cases {
        let mut play = Play::new();
        for (dir, ending) in ends {
            play.push(*dir, Piece::End(*ending));
        }
        let closed = play.close();
        assert_eq!((closed.how, closed.by), expected, "{ends:?}");
        assert_eq!(closed.time, Time(ends.len() as i64 * 1_000_000_000));
    }
}

#[test]
fn the_end_tells_what_is_not_complete() {
    let mut play = Play::new();
    play.handshake().bytes(C2S, b"\x04\0\0\0\0\0\x05\x08\x01\0\0\0abc");
    let closed = play.close();
    assert_eq!((closed.messages, play.messages()), (1, 1));
    let Record::Message(m) = &play.records[play.records.len() - 2] else { panic!("{:?}", play.records) };
    assert_eq!((m.partial, m.time), (Some(3), Time(4_000_000_000)), "it ends where its last byte came");
}

#[test]
fn verdicts_tell_what_became_of_a_session() {
    let verdict = |play: &dyn Fn(&mut Play)| {
        let mut stage = Play::new();
        play(&mut stage);
        stage.verdict()
    };
    let published = |p: &mut Play| {
        p.handshake().connect().command(C2S, "publish", 0.0, &[Amf::String("x".into())]);
        p.status("status", "NetStream.Publish.Start").message(C2S, 8, b"\xaf\x01").message(C2S, 9, b"\x17\x01\0\0\0");
    };
    let goodbye = |p: &mut Play| _ = p.command(C2S, "deleteStream", 0.0, &[Amf::Number(1.0)]);
    let play = |p: &mut Play, code: &str, level: &str| {
        p.handshake().connect().command(C2S, "play", 0.0, &[Amf::String("x".into())]).status(level, code);
    };
    let cases: Vec<(String, &str)> = vec![
        (verdict(&|_| ()), "the handshake was not answered, client closed"),
        (verdict(&|p| _ = p.bytes(C2S, &[3]).bytes(S2C, &[3; 2000])), "the handshake broke off, client closed"),
        (verdict(&|p| _ = p.handshake()), "handshake done, but no connect, client closed"),
        (verdict(&|p| _ = p.handshake().command(C2S, "connect", 1.0, &[])), "connect was not answered, client closed"),
        (verdict(&|p| _ = p.handshake().connect()), "connected, but no stream was asked for, client closed"),
        (
            verdict(&|p| {
                p.handshake().command(C2S, "connect", 1.0, &[]);
                p.command(S2C, "_error", 1.0, &[info("error", "NetConnection.Connect.Rejected")]);
            }),
            "connect refused (NetConnection.Connect.Rejected), client closed",
        ),
        (verdict(&published), "published 1.0 s, client closed"),
        (
            verdict(&|p| {
                published(p);
                goodbye(p);
            }),
            "published 1.0 s, clean close",
        ),
        (
            verdict(&|p| {
                p.handshake().connect().command(C2S, "publish", 0.0, &[]);
                p.status("error", "NetStream.Publish.BadName");
            }),
            "publish refused (NetStream.Publish.BadName), client closed",
        ),
        (
            verdict(&|p| _ = p.handshake().connect().command(C2S, "publish", 0.0, &[])),
            "publish was not answered, client closed",
        ),
        (verdict(&|p| play(p, "NetStream.Play.Start", "status")), "play accepted, but no media came, client closed"),
        (
            verdict(&|p| {
                play(p, "NetStream.Play.Start", "status");
                p.message(S2C, 9, b"\x17\x01\0\0\0").message(S2C, 9, b"\x27\x01\0\0\0").message(S2C, 8, b"\xaf\x01");
            }),
            "played 2.0 s, client closed",
        ),
        (
            verdict(&|p| play(p, "NetStream.Play.StreamNotFound", "error")),
            "play refused (NetStream.Play.StreamNotFound), client closed",
        ),
    ];
    for (told, expected) in cases {
        assert_eq!(told, expected);
    }
}
