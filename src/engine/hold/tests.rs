use super::*;
use crate::record::{Closed, Finding, Head, Joined, Level, Message, Opened, Rule, Transport};
use crate::session::Want;
use crate::stream::{Direction, Ending};
use crate::wire::body;
use crate::wire::code::MessageType;

fn settings(limits: Limits) -> Settings {
    Settings { limits, ..Settings::new(Want::LITTLE) }
}

fn few(held_events: usize) -> Settings {
    settings(Limits { held_events, ..Limits::default() })
}

fn second(n: i64) -> Time {
    Time(n * 1_000_000_000)
}

fn opened(flow: u64) -> Record {
    let (client, server) = (([10, 0, 0, 1], 4000).into(), ([10, 0, 0, 2], 1935).into());
    let session = ticket(flow);
    Record::Opened(Opened { session, time: Time(0), transport: Transport::Rtmp, client, server, joined: Joined::Start })
}

fn message_of(flow: u64, seq: u64, time: Time, call: Option<Call>, body: usize) -> Record {
    Record::Message(Message {
        session: ticket(flow),
        seq,
        dir: Direction::ClientToServer,
        time,
        began: time,
        head: Head {
            csid: 3,
            fmt: 0,
            message_type: MessageType::COMMAND,
            stream_id: 0,
            timestamp: 0,
            unwrapped: 0,
            delta: None,
            length: body as u32,
        },
        span: (0, 0),
        packets: (1, 1),
        chunks: 1,
        body: Body::Kept(vec![0; body].into()),
        partial: None,
        recovered: None,
        parts: Vec::new(),
        carriers: Vec::new(),
        meaning: body::Body::Unknown,
        context: body::Context::default(),
        call,
        replaces: None,
        reply_to: None,
        within: None,
    })
}

fn message(flow: u64, seq: u64) -> Record {
    message_of(flow, seq, Time(0), None, 0)
}

fn call(flow: u64, seq: u64) -> Record {
    message_of(flow, seq, Time(0), Some(Call::Waiting), 0)
}

fn answered(flow: u64, call: u64, reply: u64) -> Record {
    Record::Answered { session: ticket(flow), call, reply, after: Span(5) }
}

fn closed(flow: u64) -> Record {
    let session = ticket(flow);
    let verdict = String::new();
    Record::Closed(Closed {
        session,
        time: Time(0),
        how: Ending::Fin,
        by: None,
        verdict,
        messages: 0,
        bytes: [0; 2],
        missing: [0; 2],
    })
}

fn finding(flow: u64) -> Record {
    let session = ticket(flow);
    let (rule, text) = (Rule { id: "a.rule", level: Level::Info }, String::new());
    Record::Finding(Finding { session, dir: Direction::ClientToServer, time: Time(0), seq: None, at: 0, rule, text })
}

/// A record in short: kind, session, and for messages their number and their reply's.
fn short(record: &Record) -> String {
    let session = record.session().unwrap_or_default();
    match record {
        Record::Opened(_) => format!("open {session}"),
        Record::Closed(_) => format!("close {session}"),
        Record::Finding(_) => format!("finding {session}"),
        Record::Message(m) => match m.call {
            None => format!("{session}.{}", m.seq),
            Some(Call::Answered(reply)) => format!("{session}.{}->{}", m.seq, reply.seq),
            Some(Call::Waiting) => format!("{session}.{} waits", m.seq),
        },
        other => format!("{other:?}"),
    }
}

type Steps<'s> = &'s mut dyn FnMut(&mut Hold<fn(Record)>, &dyn Fn() -> Vec<String>);

/// Plays with a hold; after each step the test sees what went out since the step before.
fn play(settings: &Settings, steps: Steps<'_>) -> Totals {
    thread_local!(static OUT: std::cell::RefCell<Vec<String>> = const { std::cell::RefCell::new(Vec::new()) });
    let sink: fn(Record) = |record| OUT.with_borrow_mut(|out| out.push(short(&record)));
    let mut hold = Hold::new(sink, settings);
    steps(&mut hold, &|| OUT.with_borrow_mut(std::mem::take));
    hold.let_all_go()
}

const NOTHING: [&str; 0] = [];

#[test]
fn sessions_are_numbered_by_first_bytes_not_by_recognition() {
    let totals = play(&few(100), &mut |hold, out| {
        hold.reserve(7);
        hold.reserve(8);
        hold.reserve(9);
        for record in [opened(9), message(9, 1), opened(8), message(9, 2), message(8, 1)] {
            hold.take(record);
        }
        assert_eq!(out(), NOTHING, "connection 7 may still be the first session");
        hold.take(opened(7));
        assert_eq!(out(), ["open 1", "open 2", "open 3", "3.1", "3.2", "2.1"]);
        hold.take(message(7, 1));
        assert_eq!(out(), ["1.1"], "nothing waits any more");
    });
    assert_eq!((totals.sessions, totals.messages, totals.gaps), (3, 4, 0));
}

#[test]
fn a_connection_that_is_no_session_gives_its_place_away() {
    play(&few(100), &mut |hold, out| {
        hold.reserve(7);
        hold.reserve(8);
        hold.take(opened(8));
        hold.take(message(8, 1));
        assert_eq!(out(), NOTHING);
        hold.reject(7, &Foreign::Unknown);
        assert_eq!(out(), ["open 1", "1.1"]);
    });
}

#[test]
fn a_call_waits_for_its_reply_and_what_follows_waits_with_it() {
    play(&few(100), &mut |hold, out| {
        hold.take(opened(1));
        assert_eq!(out(), ["open 1"]);
        hold.take(call(1, 1));
        hold.take(message(1, 2));
        hold.take(call(1, 3));
        hold.take(finding(1));
        assert_eq!(out(), NOTHING);
        hold.take(message(1, 4));
        hold.take(answered(1, 1, 4));
        assert_eq!(out(), ["1.1->4", "1.2"], "the second call still waits");
        hold.take(message(1, 5));
        hold.take(answered(1, 3, 5));
        assert_eq!(out(), ["1.3->5", "finding 1", "1.4", "1.5"]);
    });
}

#[test]
fn the_end_of_a_session_ends_the_waiting_for_replies_in_it() {
    play(&few(100), &mut |hold, out| {
        hold.take(opened(1));
        hold.take(opened(2));
        hold.take(call(1, 1));
        hold.take(call(2, 1));
        out();
        hold.take(closed(1));
        assert_eq!(out(), ["1.1"], "the call of the other session waits");
        hold.take(closed(2));
        assert_eq!(out(), ["2.1", "close 1", "close 2"]);
    });
}

#[test]
fn a_late_answer_finds_its_call_gone() {
    play(&few(1), &mut |hold, out| {
        hold.take(opened(1));
        hold.take(call(1, 1));
        assert_eq!(out(), ["open 1"]);
        hold.take(message(1, 2));
        assert_eq!(out(), ["1.1", "1.2"], "one past the limit");
        hold.take(answered(1, 1, 2));
        assert_eq!(out(), NOTHING);
    });
}

#[test]
fn so_many_events_are_held() {
    play(&few(3), &mut |hold, out| {
        hold.take(opened(1));
        out();
        hold.take(call(1, 1));
        hold.take(message(1, 2));
        hold.take(message(1, 3));
        assert_eq!(out(), NOTHING, "at the limit");
        hold.take(message(1, 4));
        assert_eq!(out(), ["1.1", "1.2", "1.3", "1.4"]);
    });
}

#[test]
fn so_many_bytes_are_held() {
    let settings = settings(Limits { held_bytes: 100, ..Limits::default() });
    play(&settings, &mut |hold, out| {
        hold.take(opened(1));
        out();
        hold.take(message_of(1, 1, Time(0), Some(Call::Waiting), 60));
        hold.take(message_of(1, 2, Time(0), None, 40));
        assert_eq!(out(), NOTHING, "at the limit");
        hold.take(message_of(1, 3, Time(0), Some(Call::Waiting), 1));
        assert_eq!(out(), ["1.1", "1.2"]);
        // What went out does not count any more.
        hold.take(message_of(1, 4, Time(0), None, 99));
        assert_eq!(out(), NOTHING);
    });
}

#[test]
fn so_much_capture_time_passes_with_waiting() {
    play(&few(100), &mut |hold, out| {
        hold.reserve(7);
        hold.take(opened(1));
        hold.take(message_of(1, 1, second(9), None, 0));
        assert_eq!(out(), NOTHING);
        hold.take(message_of(1, 2, second(10), None, 0));
        assert_eq!(out(), ["open 1", "1.1", "1.2"], "connection 7 had ten seconds to show what it is");
        hold.take(message_of(1, 3, second(10), Some(Call::Waiting), 0));
        hold.take(message_of(1, 4, second(19), None, 0));
        assert_eq!(out(), NOTHING);
        hold.take(message_of(1, 5, second(20), None, 0));
        assert_eq!(out(), ["1.3", "1.4", "1.5"]);
    });
}

/// A place was given up; its connection turns out to be a session after all, which comes when it comes.
#[test]
fn a_session_recognised_too_late_is_numbered_then() {
    play(&few(2), &mut |hold, out| {
        hold.reserve(7);
        hold.reserve(8);
        hold.take(opened(8));
        hold.take(message(8, 1));
        hold.take(message(8, 2));
        assert_eq!(out(), ["open 1", "1.1", "1.2"]);
        hold.take(opened(7));
        hold.take(message(7, 1));
        assert_eq!(out(), ["open 2", "2.1"]);
    });
}

#[test]
fn nobody_waits_for_replies_that_nobody_wants() {
    let settings = Settings { pair_replies: false, ..few(100) };
    play(&settings, &mut |hold, out| {
        hold.take(opened(1));
        hold.take(call(1, 1));
        assert_eq!(out(), ["open 1", "1.1"]);
    });
}

#[test]
fn the_end_lets_everything_go() {
    let mut out = Vec::new();
    let settings = few(100);
    let mut hold = Hold::new(|record: Record| out.push(short(&record)), &settings);
    hold.reserve(7);
    hold.take(opened(1));
    hold.take(call(1, 1));
    let totals = hold.let_all_go();
    assert_eq!(out, ["open 1", "1.1"]);
    assert_eq!((totals.sessions, totals.messages), (1, 1));
}

#[test]
fn time_that_passes_ends_the_waiting() {
    let mut out = Vec::new();
    let settings = few(100);
    let mut hold = Hold::new(|record: Record| out.push(short(&record)), &settings).waiting_at_most(Span(500_000_000));
    hold.take(opened(1));
    hold.take(call(1, 1));
    hold.tick(Time(400_000_000));
    assert_eq!(hold.queue.len(), 1, "the reply may still come");
    hold.tick(second(2));
    assert_eq!(hold.queue.len(), 0);
    hold.let_all_go();
    assert_eq!(out, ["open 1", "1.1"]);
}

#[test]
fn two_outputs_give_the_same_numbers() {
    let numbers = Numbers::default();
    let [mut first, mut second] = [Vec::new(), Vec::new()];
    let settings = few(100);
    let mut quick = Hold::new(|record: Record| first.push(short(&record)), &settings)
        .waiting_at_most(Span(0))
        .numbered_by(numbers.clone());
    let mut patient = Hold::new(|record: Record| second.push(short(&record)), &settings).numbered_by(numbers);
    // The patient one waits for connection 7, the quick one does not.
    quick.reserve(7);
    patient.reserve(7);
    for record in [opened(8), opened(7)] {
        quick.take(record.clone());
        patient.take(record);
    }
    quick.let_all_go();
    patient.let_all_go();
    assert_eq!(first, ["open 1", "open 2"]);
    assert_eq!(second, ["open 2", "open 1"]);
}

#[test]
fn numbers_of_sessions_that_are_over_are_forgotten() {
    let numbers = Numbers::default();
    let [mut first, mut second] = [Vec::new(), Vec::new()];
    let settings = few(100);
    let mut one = Hold::new(|record: Record| first.push(short(&record)), &settings).numbered_by(numbers.clone());
    let mut other = Hold::new(|record: Record| second.push(short(&record)), &settings).numbered_by(numbers.clone());
    numbers.remember(3);
    for flow in 1..=1000 {
        one.take(opened(flow));
        one.take(closed(flow));
        assert_eq!(numbers.given(flow), Some(flow as u32), "the other output may still ask");
        other.take(opened(flow));
        other.take(closed(flow));
        assert_eq!(numbers.given(flow), (flow == 3).then_some(3));
    }
    assert!(one.numbers.is_empty() && other.numbers.is_empty());
    assert_eq!(numbers.given(3), Some(3), "remembered");
    numbers.forget(3);
    assert_eq!(numbers.lock().sessions.len(), 0);
    drop((one, other));
    assert_eq!(first, second);
    assert_eq!(first.last().map(String::as_str), Some("close 1000"));
}
