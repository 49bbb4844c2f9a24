//! The parts of `benches/proxy`: a plain relay to compare with, a server that swallows or echoes, and loads.
//!
//! ```text
//! proxy_bench relay LISTEN SERVER KIB      tokio's copy_bidirectional with buffers of so many KiB
//! proxy_bench sink LISTEN                  answers the handshake, reads everything, echoes what comes in 100 bytes
//! proxy_bench bulk SERVER MEGABYTES        publishes as fast as it goes; prints GB/s
//! proxy_bench ping SERVER COUNT            messages of 100 bytes, there and back; prints p50 and p99 in us
//! proxy_bench write FILE MEGABYTES         writes so much to a new file, which it deletes: what a recording costs at least
//! proxy_bench sessions SERVER N KBPS S     N sessions that publish so many kilobit/s for S seconds
//! ```
#![allow(clippy::print_stdout, reason = "its output is for a script")]

use std::error::Error;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["relay", listen, server, kib] => relay(listen, server, kib.parse::<usize>()? << 10),
        ["sink", listen] => sink(listen),
        ["bulk", server, megabytes] => bulk(server, megabytes.parse()?),
        ["ping", server, count] => ping(server, count.parse()?),
        ["write", file, megabytes] => write(file, megabytes.parse()?),
        ["sessions", server, n, kbps, seconds] => sessions(server, n.parse()?, kbps.parse()?, seconds.parse()?),
        _ => Err("see the head of examples/proxy_bench.rs".into()),
    }
}

#[tokio::main]
async fn relay(listen: &str, server: &str, size: usize) -> Done {
    let listener = tokio::net::TcpListener::bind(listen).await?;
    loop {
        let (mut client, _) = listener.accept().await?;
        let server = server.to_owned();
        tokio::spawn(async move {
            let Ok(mut server) = tokio::net::TcpStream::connect(server).await else { return };
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let _ = tokio::io::copy_bidirectional_with_sizes(&mut client, &mut server, size, size).await;
        });
    }
}

const PACKET: usize = 1536;

/// C0, C1 and C2, or the server's.
fn handshake() -> Vec<u8> {
    let mut bytes = vec![7; 1 + 2 * PACKET];
    bytes[0] = 3;
    bytes[5..9].fill(0);
    bytes
}

/// The header of a message in one chunk.
fn header(kind: u8, length: usize, timestamp: u32) -> [u8; 12] {
    let (t, l) = (timestamp.to_be_bytes(), (length as u32).to_be_bytes());
    [4, t[1], t[2], t[3], l[1], l[2], l[3], kind, 1, 0, 0, 0]
}

/// Set Chunk Size 4096.
const CHUNKS: [u8; 16] = [2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 16, 0];

/// A video message in chunks of 4096 bytes.
fn picture(length: usize, timestamp: u32) -> Vec<u8> {
    let mut body = vec![0x5a; length];
    body[..9].copy_from_slice(&[0x27, 1, 0, 0, 0, 0, 0, 0, 0]);
    body[5..9].copy_from_slice(&(length as u32 - 9).to_be_bytes());
    let mut out = header(9, length, timestamp).to_vec();
    for (n, chunk) in body.chunks(4096).enumerate() {
        if n > 0 {
            out.push(0xc4);
        }
        out.extend_from_slice(chunk);
    }
    out
}

fn sink(listen: &str) -> Done {
    let listener = TcpListener::bind(listen)?;
    for stream in listener.incoming() {
        let mut stream = stream?;
        std::thread::Builder::new().stack_size(64 << 10).spawn(move || -> std::io::Result<()> {
            stream.set_nodelay(true)?;
            let mut buffer = vec![0; 64 << 10];
            stream.read_exact(&mut buffer[..1 + 2 * PACKET])?;
            stream.write_all(&handshake())?;
            stream.read_exact(&mut [0; CHUNKS.len()])?;
            loop {
                match stream.read(&mut buffer)? {
                    0 => return Ok(()),
                    100 => stream.write_all(&buffer[..100])?,
                    _ => {}
                }
            }
        })?;
    }
    Ok(())
}

fn connect(server: &str) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_nodelay(true)?;
    stream.write_all(&handshake())?;
    stream.read_exact(&mut vec![0; 1 + 2 * PACKET])?;
    stream.write_all(&CHUNKS)?;
    Ok(stream)
}

fn bulk(server: &str, megabytes: usize) -> Done {
    let mut stream = connect(server)?;
    // Frames of 40 Mbit/s at 60 a second, twenty at a time.
    let frames: Vec<u8> = (0..20).flat_map(|n| picture(83_000, n * 16)).collect();
    let begun = Instant::now();
    let mut sent = 0;
    while sent < megabytes * 1_000_000 {
        stream.write_all(&frames)?;
        sent += frames.len();
    }
    stream.shutdown(std::net::Shutdown::Write)?;
    stream.read_to_end(&mut Vec::new())?;
    println!("{:.3}", sent as f64 / 1e9 / begun.elapsed().as_secs_f64());
    Ok(())
}

fn write(path: &str, megabytes: usize) -> Done {
    let mut file = std::fs::File::create_new(path)?;
    let frames: Vec<u8> = picture(256 << 10, 0);
    let mut written = 0;
    while written < megabytes * 1_000_000 {
        file.write_all(&frames)?;
        written += frames.len();
    }
    std::fs::remove_file(path)?;
    Ok(())
}

fn ping(server: &str, count: usize) -> Done {
    let mut stream = connect(server)?;
    let mut message = header(8, 88, 0).to_vec();
    message.resize(100, 0xaf);
    let mut times = Vec::with_capacity(count);
    for n in 0..count + 200 {
        let begun = Instant::now();
        stream.write_all(&message)?;
        stream.read_exact(&mut [0; 100])?;
        if n >= 200 {
            times.push(begun.elapsed());
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_nanos() as f64 / 1e3;
    println!("{:.1} {:.1}", at(0.5), at(0.99));
    Ok(())
}

fn sessions(server: &str, n: usize, kbps: usize, seconds: u64) -> Done {
    // 25 frames a second; small ones come less often.
    let size = (kbps * 1000 / 8 / 25).max(1000);
    let interval = Duration::from_secs_f64(size as f64 / (kbps as f64 * 125.0));
    let mut streams = Vec::with_capacity(n);
    for _ in 0..n {
        streams.push(connect(server)?);
    }
    let begun = Instant::now();
    let mut sent = 0u64;
    for round in 0u32.. {
        let frame = picture(size, round * 40);
        for (at, stream) in streams.iter_mut().enumerate() {
            let due = interval.mul_f64(f64::from(round) + at as f64 / n as f64);
            std::thread::sleep(due.saturating_sub(begun.elapsed()));
            stream.write_all(&frame)?;
            sent += frame.len() as u64;
        }
        if begun.elapsed() > Duration::from_secs(seconds) {
            break;
        }
    }
    println!("{:.3} {:.2}", sent as f64 / 1e9, begun.elapsed().as_secs_f64());
    Ok(())
}
