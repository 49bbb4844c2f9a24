//! Calls, replies, and what may be said of them when bytes are missing.

use super::*;

fn answered(play: &Play) -> Vec<(u64, u64)> {
    let pair = |r: &Record| if let Record::Answered { call, reply, .. } = r { Some((*call, *reply)) } else { None };
    play.records.iter().filter_map(pair).collect()
}

#[test]
fn a_reply_that_nobody_asked_for_is_told_once_the_caller_went_on() {
    let mut play = Play::new();
    play.handshake().connect().command(S2C, "_result", 7.0, &[]);
    assert_eq!(play.findings(), [] as [&str; 0], "its call may be on the way");
    play.command(C2S, "createStream", 2.0, &[]);
    assert_eq!(play.findings(), ["command.reply_unknown"]);
    assert_eq!(answered(&play), [(1, 2)]);
    // At the end of the caller's stream there is nothing to wait for.
    play.command(S2C, "_result", 8.0, &[]).close();
    assert_eq!(play.findings(), ["command.reply_unknown", "command.reply_unknown"]);
}

/// The caller's bytes are held back behind a hole, the other side's are not.
#[test]
fn a_reply_finds_a_call_that_comes_out_later() {
    let mut play = Play::new();
    play.handshake().connect();
    let called = play.second;
    play.second += 5;
    play.command(S2C, "_error", 2.0, &[info("error", "NetConnection.Call.Failed")]);
    play.second = called;
    play.command(C2S, "createStream", 2.0, &[]);
    assert_eq!(answered(&play), [(1, 2), (4, 3)]);
    assert_eq!(play.findings(), ["command.refused"]);
    play.second += 5;
    play.close();
    assert_eq!(play.findings(), ["command.refused"]);
}

#[test]
fn nobody_is_accused_where_bytes_are_missing() {
    let mut play = Play::new();
    play.handshake().connect().command(S2C, "_result", 7.0, &[]).push(C2S, Piece::Gap(90, Loss::Unseen));
    play.message(C2S, 4, &[0; 6]).close();
    assert_eq!(play.findings(), [] as [&str; 0]);
    // One side was captured.
    let mut play = Play::new();
    play.bytes(S2C, &[&first(3, &packet(2))[..], &packet(1)].concat()).command(S2C, "_result", 1.0, &[]);
    let closed = play.close();
    assert_eq!(play.findings(), [] as [&str; 0]);
    assert!(closed.verdict.starts_with("handshake done; what the client asked for was not captured"), "{closed:?}");
}

#[test]
fn an_answer_that_was_not_captured_is_not_called_missing() {
    let verdict = |play: &mut Play| play.verdict();
    let mut play = Play::new();
    play.bytes(C2S, &[&first(3, &packet(1))[..], &packet(2)].concat()).command(C2S, "connect", 1.0, &[]);
    let unknown = "connect: if it was answered, that was not captured, client closed";
    assert_eq!(verdict(&mut play), unknown);
    let mut play = Play::new();
    play.handshake().command(C2S, "connect", 1.0, &[]).push(S2C, Piece::Gap(300, Loss::Unseen));
    assert_eq!(verdict(&mut play), unknown);
    let mut play = Play::new();
    play.handshake().command(C2S, "connect", 1.0, &[]);
    assert_eq!(verdict(&mut play), "connect was not answered, client closed");
}

/// Packets that were cut keep the names.
#[test]
fn commands_and_media_of_cut_packets_count() {
    let mut play = Play::new();
    let call = |name: &str, id| {
        let mut body = Vec::new();
        amf0::write_all(&[Amf::String(name.into()), Amf::Number(id), Amf::Null, Amf::String("k".into())], &mut body);
        let mut bytes = Vec::new();
        Chunker::default().write(3, 0, MessageType(20), 1, &body, &mut bytes);
        bytes
    };
    for (dir, name, id) in [(C2S, "connect", 1.0), (S2C, "_result", 1.0), (C2S, "publish", 5.0)] {
        if id == 1.0 && dir == C2S {
            play.handshake();
        }
        let bytes = call(name, id);
        let (kept, cut) = bytes.split_at(bytes.len() - 3);
        play.bytes(dir, kept).push(dir, Piece::Gap(cut.len() as u64, Loss::Cut(60)));
    }
    assert_eq!(answered(&play), [(1, 2)]);
    assert_eq!(play.verdict(), "publish: if it was answered, that was not captured, client closed");
    assert_eq!(play.findings(), ["capture.packets_cut"]);
}
