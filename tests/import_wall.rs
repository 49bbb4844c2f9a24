//! The walls of the house: which folder may name which other folder, crate and part of the standard library.
//!
//! Reads the paths of `src/**/*.rs` as tokens, so that comments and strings do not count. Test code is held to the walls
//! between folders as well, but may name any crate and read files.

mod tokens;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tokens::{Named, paths};

/// Which folders each folder may name. A folder that is not in here is refused until somebody decides.
const FOLDERS: &[(&str, &[&str])] = &[
    ("cli", &["tui", "out", "proxy", "engine", "query", "check", "diff", "view", "record", "wire", "field"]),
    ("tui", &["view", "query", "check", "diff", "record", "field"]),
    ("out", &["view", "query", "diff", "record", "wire", "field"]),
    ("proxy", &["engine", "layer", "out", "record"]),
    ("query", &["record", "wire", "field"]),
    ("check", &["record", "wire", "field"]),
    ("diff", &["record", "wire", "field"]),
    ("view", &["query", "record", "wire", "field"]),
    ("engine", &["net", "layer", "session", "record", "wire"]),
    ("session", &["record", "wire", "field"]),
    ("layer", &["wire", "field"]),
    ("record", &["wire", "field"]),
    ("wire", &["field"]),
    ("net", &[]),
    ("field", &[]),
];

/// Files that everybody may name, and that name nothing but each other.
const LEAVES: &[&str] = &["time", "stream", "limits"];

/// Who may name these crates and parts of the standard library, as the beginning of a path in `src`.
const WALLS: &[(&str, &[&str])] = &[
    ("etherparse", &["net/"]),
    ("pcap_parser", &["net/"]),
    ("flate2", &["net/"]),
    ("ruzstd", &["net/"]),
    ("regex", &["query/"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("serde", &["out/"]),
    ("serde_json", &["out/"]),
    ("toml", &["out/", "cli/view/config.rs"]),
    ("ratatui", &["tui/"]),
    ("crossterm", &["tui/"]),
    ("tokio", &["proxy/"]),
    ("std::net::TcpListener", &["proxy/"]),
    ("std::net::TcpStream", &["proxy/"]),
    ("std::net::UdpSocket", &["proxy/"]),
    ("std::net::ToSocketAddrs", &["proxy/"]),
    ("std::os::unix::net", &["proxy/"]),
    ("rustls", &["proxy/"]),
    ("tokio_rustls", &["proxy/"]),
    ("rustls_graviola", &["proxy/"]),
    ("rustls_native_certs", &["proxy/"]),
    ("socket2", &["proxy/"]),
    ("nix", &["proxy/", "tui/keyboard.rs"]),
    ("std::fs", &["engine/source.rs", "engine/stored.rs", "proxy/", "cli/"]),
    ("std::process", &["cli/", "main.rs"]),
    ("std::env", &["cli/"]),
];

/// Folders that do no input or output of any kind: what goes in and out of them are values.
const SANS_IO: &[&str] = &["field", "wire", "layer", "session", "record", "query", "diff", "view"];
const IO: &[&str] =
    &["std::io", "std::fs", "std::net::Tcp", "std::thread", "std::time::Instant", "std::time::SystemTime"];

const LONGEST_FILE: usize = 450;

/// What is wrong with a source file; `file` is its path below `src`.
fn complaints(file: &str, source: &str) -> Vec<String> {
    let mut found = BTreeSet::new();
    let folder = file.split_once('/').map(|(folder, _)| folder);
    for path in paths(source, file) {
        if let Some(why) = folder_wall(file, folder, &path).or_else(|| crate_wall(file, folder, &path)) {
            found.insert(format!("src/{file}:{}: {} ({why})", path.line, path.text));
        }
    }
    if source.lines().count() > LONGEST_FILE {
        found.insert(format!("src/{file}: {} lines, more than {LONGEST_FILE}", source.lines().count()));
    }
    if file.ends_with("/mod.rs") && file.matches('/').count() == 1 {
        let contract: String = source.lines().take_while(|line| line.starts_with("//!")).collect();
        if !(contract.contains("Owns ") && contract.to_lowercase().contains("refuses to ")) {
            found.insert(format!(
                "src/{file}: opens without a `//!` contract: what it owns, what it refuses to know or do"
            ));
        }
    }
    found.into_iter().collect()
}

fn folder_wall(file: &str, folder: Option<&str>, path: &Named) -> Option<String> {
    let target = match path.text.strip_prefix("crate::").or_else(|| path.text.strip_prefix("rtmpscope::")) {
        Some(rest) => rest.split("::").next().unwrap_or_default(),
        None if path.text == "crate" => return Some("the crate under another name".to_owned()),
        None => return None,
    };
    let is_folder = FOLDERS.iter().any(|(name, _)| *name == target);
    match (file, folder) {
        ("lib.rs", _) => None,
        ("main.rs", _) => (target != "cli").then(|| "main only knows cli".to_owned()),
        (_, None) => (!LEAVES.contains(&target)).then(|| "a leaf only knows leaves".to_owned()),
        (_, Some(folder)) if target == folder || LEAVES.contains(&target) => None,
        (_, Some(folder)) => match FOLDERS.iter().find(|(name, _)| *name == folder) {
            None => Some(format!("the folder {folder} is not in the table of this test")),
            Some((_, allowed)) if allowed.contains(&target) => None,
            Some(_) if is_folder => Some(format!("{folder} must not know {target}")),
            Some(_) => Some("neither a folder nor a leaf".to_owned()),
        },
    }
}

fn crate_wall(file: &str, folder: Option<&str>, path: &Named) -> Option<String> {
    if path.in_test {
        return None;
    }
    let begins = |prefix: &str| path.text == prefix || path.text.starts_with(&format!("{prefix}::"));
    let wall = WALLS.iter().find(|(prefix, _)| begins(prefix));
    if let Some((prefix, users)) = wall.filter(|(_, users)| !users.iter().any(|user| file.starts_with(user))) {
        return Some(format!("only {} may name {prefix}", users.join(", ")));
    }
    // What follows `std::net::Tcp` is part of a name, so this one is no whole segment.
    let does_io = IO.iter().any(|prefix| begins(prefix) || *prefix == "std::net::Tcp" && path.text.starts_with(prefix));
    (does_io && folder.is_some_and(|folder| SANS_IO.contains(&folder))).then(|| "this folder does no I/O".to_owned())
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_walls_stand() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    files.sort();
    assert!(files.len() > 80, "only {} files under src", files.len());
    let mut all = Vec::new();
    for path in &files {
        let file = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
        all.extend(complaints(&file, &std::fs::read_to_string(path).unwrap()));
    }
    let folders = std::fs::read_dir(&src).unwrap().map(|e| e.unwrap().path()).filter(|path| path.is_dir());
    all.extend(folders.filter(|f| !f.join("mod.rs").exists()).map(|f| format!("{}: no mod.rs", f.display())));
    assert!(all.is_empty(), "{} breaches:\n{}", all.len(), all.join("\n"));
}

#[test]
fn planted_breaches_are_found() {
    let planted = [
        ("wire/x.rs", "use crate::net::Capture;"),
        ("wire/x.rs", "fn f() { let a = crate::record::Body::HEAD; }"),
        ("wire/x.rs", "use crate::{field::Reader, record::{Body, Part}};"),
        ("wire/x/tests.rs", "use crate::session::Session;"),
        ("field/x.rs", "use super::super::wire::body;"),
        ("field/mod.rs", "//! Owns a. Refuses to know b.\nuse super::wire;"),
        ("net/x.rs", "use crate::wire;"),
        ("session/x.rs", "pub use crate :: engine :: run;"),
        ("view/x.rs", "use crate::session::Want;"),
        ("engine/x.rs", "use crate::view::Mask;"),
        ("cli/x.rs", "use crate::net::CaptureError;"),
        ("out/x.rs", "use crate as house; use house::engine;"),
        ("time.rs", "use crate::wire::code::Kind;"),
        ("main.rs", "fn main() { rtmpscope::engine::run() }"),
        ("lost/x.rs", "use crate::wire::code::Kind;"),
        ("wire/x.rs", "use crate::nowhere::Thing;"),
        ("view/x.rs", "fn f(v: serde_json::Value) {}"),
        ("view/x.rs", "use serde_json as j;"),
        ("engine/x.rs", "use clap::Parser;"),
        ("session/x.rs", "use etherparse::{IpHeaders};"),
        ("cli/x.rs", "use ::flate2::read::GzDecoder;"),
        ("engine/x.rs", "use std::net::{IpAddr, TcpStream};"),
        ("engine/x.rs", "use tokio::net::TcpListener;"),
        ("engine/offline.rs", "use std::{fs::File, io};"),
        ("out/x.rs", "fn f() { std::fs::read(\"x\"); }"),
        ("session/x.rs", "use std::time::Instant;"),
        ("wire/x.rs", "use std::io::Read;"),
        ("record/x.rs", "fn f() { std::thread::spawn(g); }"),
        ("wire/mod.rs", "//! Formats.\n"),
    ];
    for (file, source) in planted {
        assert!(!complaints(file, source).is_empty(), "{file}: {source}");
    }
    let long = "\n".repeat(LONGEST_FILE + 1);
    assert!(complaints("wire/x.rs", &long)[0].contains("lines"));
}

#[test]
fn what_is_allowed_is_let_through() {
    let fine = [
        ("wire/x.rs", "use crate::field::{Reader, Tree};\nuse crate::{limits::Limits, wire::code};"),
        ("wire/x.rs", "// use crate::net::Capture;\n/* crate::net */ const S: &str = \"crate::net::x\";"),
        ("wire/x.rs", "const C: char = '\"'; use crate::field::Reader; const D: char = '\"'; fn f<'a>(x: &'a u8) {}"),
        ("wire/x.rs", "const S: &str = r#\"\" crate::net::X \"#; pub(crate) fn f() {}"),
        ("wire/x/y.rs", "use super::super::code; use super::*; use self::z::Z;"),
        ("net/capture/tests.rs", "use std::fs; use flate2::write::GzEncoder;"),
        ("wire/x.rs", "#[cfg(test)]\nmod tests { use super::*; use serde_json::Value; }"),
        ("engine/source.rs", "use std::fs::File; use std::io;"),
        ("engine/x.rs", "use std::net::SocketAddr;"),
        ("main.rs", "fn main() { rtmpscope::cli::main() }"),
        ("stream.rs", "use crate::time::Time;"),
        ("wire/mod.rs", "//! Formats.\n//!\n//! Owns them; refuses to know\n//! the rest.\nmod x;"),
        ("out/x.rs", "let clap = 1; x.clap(); fs::std(); a.std();"),
    ];
    for (file, source) in fine {
        assert_eq!(complaints(file, source), [] as [String; 0], "{file}: {source}");
    }
    // The same import is a breach again right after the tests.
    let after = "#[cfg(test)]\nmod tests { use serde_json::Value; }\nuse serde_json::Value;";
    assert_eq!(complaints("wire/x.rs", after).len(), 1);
}
