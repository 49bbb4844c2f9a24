//! A link type, how much the capture cut off, and a frame.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtmpscope::net::{LinkType, segment};

/// Those that are known, and one that is not.
const LINKS: [u16; 16] = [0, 1, 9, 12, 14, 50, 51, 101, 104, 108, 113, 228, 229, 276, 105, 147];

fuzz_target!(|bytes: &[u8]| {
    let Some(([a, b, cut], frame)) = bytes.split_first_chunk() else { return };
    let original = frame.len() as u32 + u32::from(*cut);
    let named = u16::from_be_bytes([*a, *b]);
    for link in LINKS.into_iter().chain([named]) {
        let Ok(segment) = segment(LinkType(link), frame, original) else { continue };
        let at = segment.payload_offset as usize;
        assert_eq!(segment.payload, &frame[at..at + segment.payload.len()], "the payload is where it is said to be");
        assert!(segment.cut as usize <= 1 << 17 || *cut > 0, "{} bytes cut off", segment.cut);
    }
});
