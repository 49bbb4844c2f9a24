//! What strangers and slow programs can do to the proxy, measured from outside: memory, descriptors, processor time.

#[path = "common/binary.rs"]
mod binary;
mod common;

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use binary::{Proxy, until};

/// Memory that is resident, in kilobytes.
fn resident(proxy: &Proxy) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", proxy.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().split(' ').next().unwrap().parse().unwrap()
}

fn descriptors(proxy: &Proxy) -> usize {
    fs::read_dir(format!("/proc/{}/fd", proxy.child.id())).unwrap().count()
}

/// Processor time so far, in ticks of 10 ms.
fn ticks(proxy: &Proxy) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", proxy.child.id())).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// A server that swallows everything, for as long as the test lasts.
fn swallow(server: &TcpListener) {
    let server = server.try_clone().unwrap();
    thread::spawn(move || {
        for stream in server.incoming().flatten() {
            thread::Builder::new()
                .stack_size(64 << 10)
                .spawn(move || std::io::copy(&mut { stream }, &mut std::io::sink()))
                .unwrap();
        }
    });
}

#[test]
fn ten_thousand_connections_of_garbage_leave_nothing_behind() {
    let proxy = Proxy::start(&["--format", "none"]);
    swallow(&proxy.server);
    let before = descriptors(&proxy);
    let hello = [&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3][..], &[7; 500]].concat();
    let said: [&[u8]; 5] = [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", &hello, &[0xff; 3000], b"\x03", b""];
    let made = AtomicUsize::new(0);
    let most = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let n = made.fetch_add(1, Ordering::Relaxed);
                    if n >= 10_000 {
                        return;
                    }
                    // Refused is as good as relayed.
                    let Ok(mut client) = TcpStream::connect(proxy.address) else { continue };
                    // A scan of ports says nothing and goes.
                    let _ = client.write_all(said[n % said.len()]);
                    if n.is_multiple_of(500) {
                        most.fetch_max(resident(&proxy) as usize, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    until("all is closed", || descriptors(&proxy) == before);
    let most = most.into_inner();
    assert!(most < 64 << 10, "{most} kB");
    let (_, errors, code) = proxy.stop();
    let carried =
        errors.lines().last().and_then(|line| line.split(" in ").nth(1)?.split(' ').next()?.parse::<u32>().ok());
    assert!(code == Some(0) && carried.is_some_and(|n| n > 9000), "{carried:?}: {:?}", errors.lines().last());
}

/// Bytes that are taken before the writer stalls.
fn fill(address: SocketAddr) -> (TcpStream, usize) {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nonblocking(true).unwrap();
    let block = vec![7; 1 << 16];
    let (mut taken, mut refused) = (0, 0);
    while refused < 40 {
        match (&stream).write(&block) {
            Ok(n) => {
                (taken, refused) = (taken + n, 0);
                // As fast as an encoder may be, not as fast as memory: the kernel's buffers grow with the rate.
                thread::sleep(Duration::from_millis(2));
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock);
                refused += 1;
                thread::sleep(Duration::from_millis(5));
            }
        }
    }
    (stream, taken)
}

#[test]
fn readers_that_never_read_cost_their_senders_and_little_memory() {
    let proxy = Proxy::start(&["--format", "none"]);
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let (_direct, plain) = fill(deaf.local_addr().unwrap());
    // One first: what the program takes once is not the price of a session.
    let (first, _) = fill(proxy.address);
    let _first_server = proxy.server.accept().unwrap();
    let before = resident(&proxy);
    let (mut held, mut taken) = (Vec::new(), Vec::new());
    for _ in 0..16 {
        let (client, bytes) = fill(proxy.address);
        held.push((client, proxy.server.accept().unwrap()));
        taken.push(bytes);
    }
    taken.sort_unstable();
    assert!(taken[8] as f64 <= 2.5 * plain as f64, "{taken:?} bytes taken, {plain} without a proxy");
    let grown = resident(&proxy).saturating_sub(before);
    assert!(grown <= 16 << 10, "{grown} kB more for 16 sessions");
    proxy.play();
    drop((held, first));
    proxy.stop();
}

#[test]
fn silent_connections_give_their_places_back() {
    let proxy = Proxy::start(&["--format", "none", "--max-sessions", "20", "--silent-timeout", "300ms"]);
    let silent: Vec<_> = (0..60).map(|_| TcpStream::connect(proxy.address).unwrap()).collect();
    let mut ended = 0;
    for mut stream in silent {
        let heard = stream.read(&mut [0; 1]);
        ended += usize::from(matches!(heard, Ok(0)) || heard.is_err());
    }
    assert_eq!(ended, 60);
    // Connections that were relayed to the server for a moment.
    proxy.server.set_nonblocking(true).unwrap();
    while proxy.server.accept().is_ok() {}
    proxy.server.set_nonblocking(false).unwrap();
    proxy.play();
    let (_, errors, code) = proxy.stop();
    assert!(code == Some(0) && errors.contains("there are 20 sessions (--max-sessions)"), "{errors}");
}

#[test]
fn without_input_output_or_traffic_it_takes_no_processor_time() {
    let mut proxy = Proxy::start_on(&["--ring", "10s", "--record", "/nowhere-it-is-a-ring.pcapng"], |command| {
        command.stdin(Stdio::null());
    });
    drop(proxy.child.stdout.take());
    proxy.play();
    thread::sleep(Duration::from_millis(500));
    let before = ticks(&proxy);
    thread::sleep(Duration::from_secs(1));
    let used = ticks(&proxy) - before;
    assert!(used <= 3, "{used}0 ms of processor time in a second of nothing");
    proxy.signal("-INT");
    assert_eq!(proxy.child.wait().unwrap().code(), Some(0));
}

#[test]
fn nobody_reading_standard_output_and_error_delays_neither_the_relay_nor_the_end() {
    let mut proxy = Proxy::start(&["--format", "ndjson", "--detail", "fields", "--drain", "100ms"]);
    for _ in 0..3 {
        proxy.play();
    }
    // Each of these is a line on standard error, far more than a pipe holds.
    for _ in 0..2000 {
        let mut client = TcpStream::connect(proxy.address).unwrap();
        client.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        let (mut server, _) = proxy.server.accept().unwrap();
        server.read_exact(&mut [0; 18]).unwrap();
    }
    proxy.play();
    proxy.signal("-TERM");
    until("it ends", || proxy.child.try_wait().unwrap().is_some());
    assert_eq!(proxy.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_server_that_is_not_there_costs_no_descriptors() {
    let proxy = Proxy::start(&["--format", "none"]);
    let Proxy { child, address, errors, server } = proxy;
    drop(server);
    let proxy = Proxy { child, address, errors, server: TcpListener::bind("127.0.0.1:0").unwrap() };
    let before = descriptors(&proxy);
    for _ in 0..200 {
        let mut client = TcpStream::connect(address).unwrap();
        let mut heard = Vec::new();
        assert_eq!(client.read_to_end(&mut heard).unwrap_err().kind(), ErrorKind::ConnectionReset);
    }
    until("all is closed", || descriptors(&proxy) == before);
    let (_, errors, code) = proxy.stop();
    assert!(code == Some(0) && errors.contains("it refused: nothing listens there"), "{errors}");
}
