use super::*;
use crate::field::{FaultKind, Kind, Node, Tree, Value};
use crate::wire::audio::Audio;
use crate::wire::body::Context;
use crate::wire::codec::tests::{AVCC, HVCC};
use crate::wire::video::{FrameType, Video};

mod audio;
mod examples;
mod laws;
mod tracks;
mod video;

/// Bytes from hex with spaces.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16).unwrap()).collect();
    assert!(digits.len().is_multiple_of(2), "{text}");
    digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect()
}

/// What either medium says.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Said {
    Audio(Audio),
    Video(Video),
}

/// Reads quietly and annotated, and checks the laws: both say the same, leaves and gaps tile the body.
fn check(bytes: &[u8], extent: Extent) -> (Said, Result<(), Fault>, Tree) {
    let quiet = read(&mut Reader::quiet(bytes), bytes, extent);
    let mut annotated = None;
    let tree = Tree::explain(bytes, |r| {
        let read = read(r, bytes, extent);
        annotated = Some(read);
        read.1
    });
    assert_eq!(Some(quiet), annotated, "{bytes:02x?}");
    assert_eq!(tree.first_fault(), quiet.1.err(), "{bytes:02x?}");
    assert_eq!(tree.tiles(bytes.len()), Ok(()), "{bytes:02x?}");
    (quiet.0, quiet.1, tree)
}

fn read<A: Annotate>(r: &mut Reader<'_, A>, bytes: &[u8], extent: Extent) -> (Said, Result<(), Fault>) {
    if bytes.first().is_some_and(|first| first >> 4 == 9 && is_audio(bytes)) {
        let (audio, result) = Audio::read_extent(r, extent);
        (Said::Audio(audio), result)
    } else {
        let (video, result) = Video::read_in(r, Context { extent, ..Context::default() });
        (Said::Video(video), result)
    }
}

/// Both media can begin with 9: the FourCC tells which one a sample is.
fn is_audio(bytes: &[u8]) -> bool {
    const CODES: [&[u8]; 6] = [b"Opus", b"mp4a", b"fLaC", b"ac-3", b"ec-3", b".mp3"];
    bytes.windows(4).take(16).any(|four| CODES.contains(&four))
}

/// A whole body that says what it should.
fn fine(bytes: &[u8]) -> (Said, Tree) {
    fine_in(bytes, Extent::Whole)
}

/// The same of a body whose payload is not looked into.
fn fine_in(bytes: &[u8], extent: Extent) -> (Said, Tree) {
    let (said, result, tree) = check(bytes, extent);
    assert_eq!(result, Ok(()), "{bytes:02x?}");
    assert!(tree.leaves().all(|leaf| leaf.kind != Kind::Gap), "{bytes:02x?}");
    (said, tree)
}

fn video(bytes: &[u8]) -> (EnhancedVideo, Tree) {
    match fine(bytes) {
        (Said::Video(Video::Enhanced(video)), tree) => (video, tree),
        (other, _) => panic!("{other:?}"),
    }
}

/// The header alone: the payload stays one leaf.
fn video_head(bytes: &[u8]) -> (EnhancedVideo, Tree) {
    match fine_in(bytes, Extent::Head) {
        (Said::Video(Video::Enhanced(video)), tree) => (video, tree),
        (other, _) => panic!("{other:?}"),
    }
}

fn audio(bytes: &[u8]) -> (EnhancedAudio, Tree) {
    match fine(bytes) {
        (Said::Audio(Audio::Enhanced(audio)), tree) => (audio, tree),
        (other, _) => panic!("{other:?}"),
    }
}

/// Names and lengths in bytes of the leaves behind the first two or three, which share a byte.
fn leaves(tree: &Tree) -> Vec<(&'static str, u32)> {
    tree.leaves().filter(|leaf| leaf.bits.len >= 8).map(|leaf| (leaf.field.name, leaf.bits.len / 8)).collect()
}

fn node<'a>(tree: &'a Tree, name: &str) -> &'a Node {
    tree.nodes().iter().find(|n| n.field.name == name).unwrap_or_else(|| panic!("no {name}"))
}

/// What people read behind the value of a field.
fn label(tree: &Tree, bytes: &[u8], name: &str) -> String {
    let node = node(tree, name);
    node.field.label(node.value, bytes).map(String::from).unwrap_or_default()
}
