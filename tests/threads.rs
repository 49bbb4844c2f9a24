//! What the program prints is the same on any number of threads: every byte of output, every warning, every exit code.

mod common;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{in_parallel, samples};

/// Every batch verb in every format that writes on threads of its own, and one that does not.
const COMMANDS: [&[&str]; 11] = [
    &["summary"],
    &["summary", "--coverage"],
    &["list"],
    &["list", "--format", "ndjson"],
    &["list", "--format", "csv"],
    &["export"],
    &["export", "--format", "json", "--bodies", "base64"],
    &["export", "--detail", "chunks", "--amf", "lossless"],
    &["export", "--detail", "fields"],
    &["export", "--detail", "fields", "--format", "json", "--filter", "kind != audio"],
    &["show", "4", "--json"],
];

fn told(command: &[&str], file: &Path, threads: &str) -> (Option<i32>, Vec<u8>, Vec<u8>) {
    let (verb, rest) = command.split_first().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_rtmpscope"));
    program.arg(verb).arg(file).args(rest).args(["--threads", threads, "--color", "never"]);
    let output = program.stdin(Stdio::null()).output().unwrap();
    (output.status.code(), output.stdout, output.stderr)
}

fn assert_same(command: &[&str], file: &Path, numbers: &[&str]) {
    let alone = told(command, file, "1");
    for threads in numbers {
        let together = told(command, file, threads);
        let name = file.file_name().unwrap().display();
        assert!(alone == together, "{command:?} of {name} differs on {threads} threads");
    }
}

#[test]
fn every_sample_gives_the_same_bytes() {
    let samples = samples();
    in_parallel(&samples, |sample| {
        for command in COMMANDS {
            // Where events are written by several threads, their number matters most.
            let numbers: &[&str] = if command.contains(&"fields") { &["2", "3", "8"] } else { &["2"] };
            assert_same(command, &sample.path, numbers);
        }
    });
}

/// Many blocks and many batches: the packets of all Ethernet samples in one file, as it is and compressed.
#[test]
fn a_long_capture_gives_the_same_bytes() {
    let mut long = Vec::new();
    for sample in samples() {
        let bytes = &sample.bytes;
        let usual = bytes.starts_with(&[0xd4, 0xc3, 0xb2, 0xa1]) && bytes.get(20) == Some(&1);
        if usual {
            long.extend_from_slice(&bytes[if long.is_empty() { 0 } else { 24 }..]);
        }
    }
    assert!(long.len() > 3 << 20, "{}", long.len());
    let folder = tempfile::tempdir().unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&long).unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(&long[..], ruzstd::encoding::CompressionLevel::Fastest);
    let cut = gzip.finish().unwrap();
    let files = [
        ("long.pcap", long),
        ("cut.pcap.gz", cut[..cut.len() - 5000].to_vec()),
        ("long.pcap.zst", zstd),
        ("long.pcap.gz", cut),
    ];
    let files: Vec<PathBuf> = files
        .into_iter()
        .map(|(name, bytes)| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        })
        .collect();
    in_parallel(&files, |file| {
        assert_same(&["export", "--detail", "fields"], file, &["2", "3", "8"]);
        assert_same(&["export"], file, &["2", "8"]);
        assert_same(&["export", "--format", "json", "--bodies", "hash"], file, &["3"]);
        assert_same(&["summary"], file, &["2"]);
        assert_same(&["list"], file, &["2"]);
    });
}
