//! Handshake parts of any form and length; a signature that was made is found again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtmpscope::field::{Reader, Tree};
use rtmpscope::wire::handshake::{Echo, Form, Layout, PACKET, Speaker, read_first, read_second, sign};
use rtmpscope_fuzz::assert_tiles;

fuzz_target!(|bytes: &[u8]| {
    let Some((settings, part)) = bytes.split_first() else { return };
    for form in [Form::Simple, Form::Digest(Layout::DigestFirst), Form::Digest(Layout::KeyFirst)] {
        let mut reader = Reader::new(part, Tree::new());
        let told = read_first(&mut reader, form);
        let tree = reader.finish(told.map(drop));
        assert_eq!(read_first(&mut Reader::quiet(part), form), told, "quiet and explained differ");
        assert_tiles(&tree, part);
    }
    for echo in [Echo::Exact, Echo::Signed, Echo::Different] {
        let mut reader = Reader::new(part, Tree::new());
        let told = read_second(&mut reader, echo);
        let tree = reader.finish(told);
        assert_eq!(read_second(&mut Reader::quiet(part), echo), told, "quiet and explained differ");
        assert_tiles(&tree, part);
    }
    let mut packet = [0; PACKET];
    let len = part.len().min(PACKET);
    packet[..len].copy_from_slice(&part[..len]);
    let speaker = if settings & 2 == 0 { Speaker::Client } else { Speaker::Server };
    let answered = packet;
    Echo::of(&packet, &answered, speaker);
    let layout = if settings & 4 == 0 { Layout::DigestFirst } else { Layout::KeyFirst };
    sign(&mut packet, layout, speaker);
    assert!(matches!(Form::of(&packet, speaker), Form::Digest(_)), "a signature is found");
});
