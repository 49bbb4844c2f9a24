//! A message type, settings and a body: read quietly and explained it says the same, and the explanation tiles it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtmpscope::field::{Reader, Tree};
use rtmpscope::wire::body::{Context, Extent, read};
use rtmpscope::wire::code::MessageType;
use rtmpscope::wire::command::known;
use rtmpscope_fuzz::assert_tiles;

fuzz_target!(|bytes: &[u8]| {
    let Some(([ty, settings], body)) = bytes.split_first_chunk() else { return };
    let ty = MessageType(*ty);
    let call: &[u8] = [&b""[..], b"connect", b"createStream", b"getStreamLength"][usize::from(settings >> 1 & 3)];
    let extent = if settings & 1 == 0 { Extent::Whole } else { Extent::Head };
    let context = Context { reply_to: known(call), extent, ..Context::default() };
    let (quiet, fault) = read(&mut Reader::quiet(body), ty, context);
    let mut reader = Reader::new(body, Tree::new());
    let (told, told_fault) = read(&mut reader, ty, context);
    let tree = reader.finish(told_fault);
    assert_eq!(format!("{quiet:?} {fault:?}"), format!("{told:?} {told_fault:?}"), "quiet and explained differ");
    assert_eq!(tree.first_fault(), fault.err(), "the fault is pinned");
    assert_tiles(&tree, body);
});
