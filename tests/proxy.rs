//! The relay: byte for byte, end for end, whatever arrives and whatever happens behind the tap.

mod common;
#[path = "common/relay.rs"]
mod relay;

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use common::Numbers;
use relay::{Bench, drain, write_cut};
use rtmpscope::proxy::{Injury, Notice, Output};
use rtmpscope::record::{GapAction, Record};
use rtmpscope::stream::{Direction, Ending};
use rtmpscope::time::Span;
use socket2::SockRef;

fn noise(seed: u64, len: usize) -> Vec<u8> {
    let mut numbers = Numbers(seed);
    let mut bytes: Vec<u8> = (0..len.div_ceil(4)).flat_map(|_| (numbers.below(1 << 32) as u32).to_le_bytes()).collect();
    bytes.truncate(len);
    bytes
}

/// Client and server say things at the same time, both end in order.
fn talk(bench: &Bench, up: &[u8], down: &[u8], seed: u64) {
    let (client, server) = bench.session();
    thread::scope(|scope| {
        scope.spawn(|| {
            write_cut(&client, up, &mut Numbers(seed));
            client.shutdown(Shutdown::Write).unwrap();
        });
        scope.spawn(|| {
            write_cut(&server, down, &mut Numbers(seed + 1));
            server.shutdown(Shutdown::Write).unwrap();
        });
        let heard = scope.spawn(|| drain(&client).unwrap());
        assert!(drain(&server).unwrap() == up, "seed {seed}: the server hears what the client said");
        assert!(heard.join().unwrap() == down, "seed {seed}: the client hears what the server said");
    });
}

#[test]
fn every_byte_passes_both_ways_however_it_is_cut() {
    let bench = Bench::new();
    for seed in 0..6 {
        let sizes = [1, 100, 70_000, 1_000_000];
        talk(&bench, &noise(seed, sizes[seed as usize % 4]), &noise(99 + seed, sizes[(seed as usize + 1) % 4]), seed);
    }
    bench.until("all sessions end", |b| b.proxy.counters().sessions.value() == 0);
    let counters = std::sync::Arc::clone(bench.proxy.counters());
    let (_, notices) = bench.finish();
    let total = 2 * (1 + 100) + 70_000 + 1_000_000;
    assert_eq!(counters.bytes[0].value(), total);
    assert_eq!(counters.waiting.value(), 0);
    assert_eq!(counters.in_flight.value(), 0);
    assert!(!notices.iter().any(|n| matches!(n, Notice::Skipped { .. })), "{notices:?}");
}

#[test]
fn what_is_not_rtmp_passes_and_is_named() {
    let tls = [&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3][..], &noise(5, 500)].concat();
    for (said, name) in [
        (&b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n"[..], "HTTP"),
        (&tls, "TLS"),
        (&noise(3, 40_000), "another protocol"),
        (b"SSH-2.0-x\r\n", "SSH"),
    ] {
        let bench = Bench::new();
        talk(&bench, said, b"whatever the server says", 1);
        bench.until("it is named", |b| b.proxy.counters().foreign.value() == 1);
        let (records, notices) = bench.finish();
        let named = |n: &Notice| matches!(n, Notice::Foreign { protocol, .. } if protocol == name);
        assert!(notices.iter().any(named), "{name}: {notices:?}");
        assert!(!records.iter().any(|r| matches!(r, Record::Opened(_))), "{name}");
    }
}

#[test]
fn a_side_that_ended_still_hears_the_other() {
    let bench = Bench::new();
    let (mut client, mut server) = bench.session();
    client.write_all(b"question").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(drain(&server).unwrap(), b"question");
    for _ in 0..3 {
        server.write_all(b"answer ").unwrap();
        thread::sleep(Duration::from_millis(20));
    }
    drop(server);
    assert_eq!(drain(&client).unwrap(), b"answer answer answer ");

    let (mut client, server) = bench.session();
    server.shutdown(Shutdown::Write).unwrap();
    assert_eq!(drain(&client).unwrap(), b"");
    client.write_all(b"still here").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(drain(&server).unwrap(), b"still here");
    bench.finish();
}

/// Closes with a reset.
fn reset(stream: TcpStream) {
    SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
}

#[test]
fn a_reset_is_passed_on_after_the_bytes_before_it() {
    let bench = Bench::new();
    for len in [5, 2_000_000] {
        let bytes = noise(7, len);
        let (mut client, mut server) = bench.session();
        let reader = thread::spawn(move || {
            thread::sleep(Duration::from_millis(50));
            let (mut all, mut buffer) = (Vec::new(), vec![0; 1 << 16]);
            loop {
                match server.read(&mut buffer) {
                    Ok(0) => return (all, None),
                    Ok(n) => all.extend_from_slice(&buffer[..n]),
                    Err(error) => return (all, Some(error.kind())),
                }
            }
        });
        client.write_all(&bytes).unwrap();
        // What the client's kernel has not sent would be lost without a proxy as well.
        bench.until("the bytes are in the proxy", |b| b.proxy.counters().bytes[0].value() >= len as u64);
        reset(client);
        let (heard, error) = reader.join().unwrap();
        assert!(heard == bytes, "{} of {len} bytes", heard.len());
        assert_eq!(error, Some(ErrorKind::ConnectionReset));
        bench.until("the session is over", |b| b.proxy.counters().sessions.value() == 0);
        // For the next round.
        if len == 5 {
            let (client, server) = bench.session();
            reset(server);
            assert_eq!(drain(&client).unwrap_err().kind(), ErrorKind::ConnectionReset);
        }
    }
    bench.finish();
}

#[test]
fn the_last_words_of_a_server_reach_the_client() {
    let bench = Bench::new();
    let (mut client, mut server) = bench.session();
    // The server says why and closes with bytes unread, which resets.
    client.write_all(b"hello").unwrap();
    thread::sleep(Duration::from_millis(50));
    server.write_all(b"go away").unwrap();
    drop(server);
    let mut heard = [0; 7];
    client.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"go away");
    bench.finish();
}

#[test]
fn a_slow_reader_slows_its_sender_and_nobody_else() {
    let bench = Bench::new();
    let (client, _server_that_never_reads) = bench.session();
    client.set_nonblocking(true).unwrap();
    let block = noise(1, 1 << 16);
    let (mut accepted, mut refusals) = (0usize, 0);
    while refusals < 100 {
        match (&client).write(&block) {
            Ok(n) => (accepted, refusals) = (accepted + n, 0),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                refusals += 1;
                thread::sleep(Duration::from_millis(5));
            }
            Err(error) => panic!("{error}"),
        }
    }
    // Two pairs of kernel buffers (of some megabytes each) and 256 KiB of the proxy's: not without bound.
    assert!(accepted < 32 << 20, "{accepted}");
    assert!(bench.proxy.counters().in_flight.value() <= 256 << 10);
    talk(&bench, &noise(2, 500_000), &noise(3, 500_000), 4);
    bench.finish();
}

/// What one session may not take from another, whatever a machine's load: the memory that is read into, the thread, and
/// the decoder's attention.
#[test]
fn readers_that_never_read_take_nothing_from_a_session_on_the_same_thread() {
    let bench = Bench::with(|config| {
        config.workers = 1;
        config.tap_bytes = 8 << 20;
    });
    let block = noise(1, 1 << 16);
    let stuck: Vec<_> = (0..20).map(|_| bench.session()).collect();
    for (client, _never_reads) in &stuck {
        client.set_nonblocking(true).unwrap();
        let mut refusals = 0;
        while refusals < 3 {
            match (&mut &*client).write(&block) {
                Ok(_) => refusals = 0,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    refusals += 1;
                    thread::sleep(Duration::from_millis(5));
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
    let counters = bench.proxy.counters();
    let mut relayed = 0;
    bench.until("all stand still", |_| {
        let before = std::mem::replace(&mut relayed, counters.bytes[0].value());
        thread::sleep(Duration::from_millis(200));
        counters.waiting.value() == 0 && counters.in_flight.value() > 0 && before == counters.bytes[0].value()
    });
    let before = counters.skipped.value();
    let [up, down] = sample_sides();
    let (client, server) = bench.session();
    for _ in 0..200 {
        (&client).write_all(b"ping").unwrap();
        (&server).read_exact(&mut [0; 4]).unwrap();
        (&server).write_all(b"pong").unwrap();
        (&client).read_exact(&mut [0; 4]).unwrap();
    }
    assert_eq!(counters.bytes[0].value() - relayed, 4 * 200, "those that stand still are not even looked at");
    talk(&bench, &up, &down, 4);
    bench.until("all is decoded", |_| counters.waiting.value() == 0);
    assert_eq!(counters.skipped.value(), before, "the others hold no memory that is missing here");
    bench.finish();
}

#[test]
fn more_sessions_than_allowed_are_refused_and_the_others_live() {
    let bench = Bench::with(|config| config.max_sessions = 3);
    let held: Vec<_> = (0..3).map(|_| bench.session()).collect();
    for _ in 0..20 {
        let refused = bench.client();
        assert_eq!(drain(&refused).unwrap_err().kind(), ErrorKind::ConnectionReset);
    }
    for (mut client, mut server) in held {
        client.write_all(b"alive").unwrap();
        let mut heard = [0; 5];
        server.read_exact(&mut heard).unwrap();
    }
    bench.until("they end", |b| b.proxy.counters().sessions.value() == 0);
    talk(&bench, b"there is room", b"again", 1);
    let counters = std::sync::Arc::clone(bench.proxy.counters());
    let (_, notices) = bench.finish();
    assert_eq!(counters.refused.value(), 20);
    assert!(notices.iter().any(|n| matches!(n, Notice::Refused { limit: 3, .. })), "{notices:?}");
}

#[test]
fn silent_and_idle_connections_are_closed_when_that_was_asked_for() {
    let bench = Bench::with(|config| {
        config.silent_timeout = Some(Duration::from_millis(100));
        config.idle_timeout = Some(Duration::from_millis(400));
    });
    let (silent, _s) = bench.session();
    let (mut client, mut server) = bench.session();
    for _ in 0..4 {
        client.write_all(b"x").unwrap();
        server.read_exact(&mut [0]).unwrap();
        thread::sleep(Duration::from_millis(60));
    }
    let ended = |result: std::io::Result<Vec<u8>>| match result {
        Ok(rest) => rest.is_empty(),
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    };
    assert!(ended(drain(&silent)));
    assert!(ended(drain(&client)), "idle at last");
    let (_, notices) = bench.finish();
    assert_eq!(notices.iter().filter(|n| matches!(n, Notice::Idle { .. })).count(), 2, "{notices:?}");
}

#[test]
fn an_upstream_that_refuses_resets_the_client_and_is_said() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let upstream = format!("rtmp://{}", closed.local_addr().unwrap()).parse().unwrap();
    drop(closed);
    let bench = Bench::with(|config| config.mode = rtmpscope::proxy::Mode::Reverse(upstream));
    assert_eq!(drain(&bench.client()).unwrap_err().kind(), ErrorKind::ConnectionReset);
    bench.until("the session is over", |b| b.proxy.counters().sessions.value() == 0);
    assert_eq!(bench.proxy.counters().upstream_failures.value(), 1);
    let (_, notices) = bench.finish();
    let said = notices.iter().any(|n| n.to_string().contains("it refused: nothing listens there"));
    assert!(said, "{notices:?}");
}

#[test]
fn an_upstream_that_hangs_is_given_up() {
    use socket2::{Domain, Socket, Type};
    // Its queue is full, so the kernel answers no more.
    let hanging = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    hanging.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    hanging.listen(0).unwrap();
    let address = hanging.local_addr().unwrap().as_socket().unwrap();
    let _queued: Vec<_> =
        (0..2).filter_map(|_| TcpStream::connect_timeout(&address, Duration::from_millis(200)).ok()).collect();
    let bench = Bench::with(|config| {
        config.mode = rtmpscope::proxy::Mode::Reverse(format!("rtmp://{address}").parse().unwrap());
        config.connect_timeout = Duration::from_millis(300);
    });
    assert_eq!(drain(&bench.client()).unwrap_err().kind(), ErrorKind::ConnectionReset);
    let (_, notices) = bench.finish();
    assert!(notices.iter().any(|n| n.to_string().contains("no answer from")), "{notices:?}");
}

#[test]
fn a_flood_of_garbage_leaves_nothing_behind() {
    let bench = Bench::with(|config| config.tap_bytes = 4 << 20);
    for round in 0..300 {
        let (mut client, server) = bench.session();
        client.write_all(&noise(round, 3000)).unwrap();
        drop(client);
        drain(&server).unwrap();
    }
    bench.until("all sessions end", |b| b.proxy.counters().sessions.value() == 0);
    bench.until("all is decoded", |b| b.proxy.counters().waiting.value() == 0);
    assert_eq!(bench.proxy.counters().in_flight.value(), 0);
    bench.finish();
}

/// A session of a sample, with what each side sent.
fn sample_sides() -> [Vec<u8>; 2] {
    let sample = common::sample("pub-gst-rtmp2sink-nginx.pcap");
    common::sides(&sample.bytes)
}

#[test]
fn rtmp_is_decoded_while_it_passes() {
    let [up, down] = sample_sides();
    let bench = Bench::new();
    talk(&bench, &up, &down, 3);
    bench.until("the session ends", |b| b.proxy.counters().sessions.value() == 0);
    let (records, notices) = bench.finish();
    let messages = records.iter().filter(|r| matches!(r, Record::Message(_))).count();
    let sample = common::sample("pub-gst-rtmp2sink-nginx.pcap");
    let offline = common::records(
        &sample.bytes,
        rtmpscope::session::Want { media: rtmpscope::session::MediaBody::Whole, origin: false },
    );
    assert_eq!(messages, offline.iter().filter(|r| matches!(r, Record::Message(_))).count());
    assert!(messages > 100);
    let Some(Record::Closed(closed)) = records.iter().find(|r| matches!(r, Record::Closed(_))) else { panic!() };
    assert_eq!((closed.how, closed.bytes), (Ending::Fin, [up.len() as u64, down.len() as u64]));
    assert!(notices.iter().all(|n| matches!(n, Notice::Draining { .. })), "{notices:?}");
}

#[test]
fn a_panicking_decoder_ends_neither_its_relay_nor_other_sessions() {
    let [up, down] = sample_sides();
    let bench = Bench::with(|config| config.injury = Some(Injury { connection: 1, after: 5000 }));
    let (mut client, mut server) = bench.session();
    // It is recognised before it hurts.
    for piece in [&up[..3200], &up[3200..]] {
        client.write_all(piece).unwrap();
        let mut heard = vec![0; piece.len()];
        server.read_exact(&mut heard).unwrap();
        assert!(heard == piece);
    }
    server.write_all(&down).unwrap();
    drop(server);
    assert!(drain(&client).unwrap() == down);
    drop(client);
    talk(&bench, &up, &down, 4);
    bench.until("it is counted", |b| b.proxy.counters().decoder_failures.value() == 1);
    bench.until("all sessions end", |b| b.proxy.counters().sessions.value() == 0);
    let (records, notices) = bench.finish();
    let of = |session: u32| records.iter().filter(move |r| r.session() == Some(session));
    assert!(of(1).any(|r| matches!(r, Record::Gap(gap) if gap.action == GapAction::Stopped)));
    let closed = |session: u32| {
        of(session).find_map(|r| if let Record::Closed(c) = r { Some((c.messages, c.bytes)) } else { None }).unwrap()
    };
    let bytes = [up.len() as u64, down.len() as u64];
    assert_eq!((closed(1).1, closed(2).1), (bytes, bytes));
    assert!(closed(2).0 > 100 && closed(1).0 < 20, "{:?} {:?}", closed(1), closed(2));
    assert!(notices.iter().any(|n| matches!(n, Notice::DecoderFailed { .. })), "{notices:?}");
}

#[test]
fn a_decoder_that_stands_still_costs_inspection_only() {
    let [up, down] = sample_sides();
    let (release, held) = std::sync::mpsc::channel::<()>();
    let stuck = Output {
        name: "stuck".to_owned(),
        longest_wait: Span(0),
        // Stands still until the test lets go of its end.
        audience: Box::new(move |_| {
            let _ = held.recv();
        }),
    };
    let bench = Bench::recording(|config| config.tap_bytes = 1 << 20, vec![stuck]);
    let (client, server) = bench.session();
    thread::scope(|scope| {
        scope.spawn(|| {
            write_cut(&client, &up, &mut Numbers(1));
            write_cut(&client, &noise(1, 8_000_000), &mut Numbers(2));
            client.shutdown(Shutdown::Write).unwrap();
        });
        scope.spawn(|| (&server).write_all(&down).unwrap());
        let heard = drain(&server).unwrap();
        assert!(heard[..up.len()] == up && heard.len() == up.len() + 8_000_000);
    });
    drop(server);
    assert!(drain(&client).unwrap() == down);
    assert!(bench.proxy.counters().skipped.value() > 4_000_000);
    drop(release);
    let (records, notices) = bench.finish();
    let missing = |dir| {
        let gaps = records.iter().filter_map(|r| if let Record::Gap(gap) = r { Some(gap) } else { None });
        gaps.filter(|gap| gap.dir == dir).map(|gap| gap.missing).sum::<u64>()
    };
    assert!(missing(Direction::ClientToServer) > 4_000_000, "{}", missing(Direction::ClientToServer));
    let Some(Record::Closed(closed)) = records.iter().find(|r| matches!(r, Record::Closed(_))) else { panic!() };
    assert_eq!(closed.bytes, [up.len() as u64 + 8_000_000, down.len() as u64]);
    assert!(notices.iter().any(|n| matches!(n, Notice::Skipped { .. })), "{notices:?}");
}

#[test]
fn stopping_lets_sessions_end_and_a_second_time_cuts_them() {
    let bench = Bench::new();
    let (mut client, mut server) = bench.session();
    bench.proxy.stop();
    bench.until("nothing more is accepted", |b| TcpStream::connect(b.address()).is_err());
    client.write_all(b"still relayed").unwrap();
    server.read_exact(&mut [0; 13]).unwrap();
    let begun = std::time::Instant::now();
    bench.proxy.stop();
    let (_, notices) = bench.finish();
    assert!(begun.elapsed() < Duration::from_secs(8), "cut, not drained");
    assert!(notices.iter().any(|n| matches!(n, Notice::Draining { sessions: 1, .. })), "{notices:?}");
    assert!(notices.contains(&Notice::Cut { sessions: 1 }), "{notices:?}");
}

#[test]
fn a_proxy_to_itself_is_refused() {
    let config = rtmpscope::proxy::Config::new(
        "127.0.0.1:39171".parse().unwrap(),
        rtmpscope::proxy::Mode::Reverse("rtmp://127.0.0.1:39171/live".parse().unwrap()),
    );
    let settings = rtmpscope::proxy::Settings::new(rtmpscope::proxy::Want::LITTLE);
    let trouble = rtmpscope::proxy::start(config, settings, Vec::new(), std::sync::Arc::new(|_| {})).err().unwrap();
    assert!(trouble.to_string().contains("is this proxy"), "{trouble}");
}

#[test]
fn a_subscriber_hears_everything_and_one_that_is_slow_or_gone_harms_nobody() {
    let (quick, heard) = rtmpscope::proxy::subscribe("quick", 100_000, Span(10_000_000_000));
    let (slow, unread) = rtmpscope::proxy::subscribe("slow", 5, Span(0));
    let (gone, nobody) = rtmpscope::proxy::subscribe("gone", 5, Span(0));
    drop(nobody);
    let [up, down] = sample_sides();
    let bench = Bench::recording(|_| {}, vec![quick, slow, gone]);
    talk(&bench, &up, &down, 3);
    bench.until("the session ends", |b| b.proxy.counters().sessions.value() == 0);
    let (records, notices) = bench.finish();
    let told = |records: &[Record]| records.iter().map(|r| format!("{r:?}")).collect::<Vec<_>>();
    // The channel ends with the run.
    let subscribed: Vec<Record> = heard.records.iter().collect();
    assert!(told(&subscribed) == told(&records) && records.len() > 100, "{}", subscribed.len());
    assert_eq!(heard.missed(), 0);
    let kept = unread.records.iter().count();
    assert_eq!((kept, kept as u64 + unread.missed()), (5, records.len() as u64));
    assert!(!notices.iter().any(|n| matches!(n, Notice::OutputFailed { .. })), "{notices:?}");
}
