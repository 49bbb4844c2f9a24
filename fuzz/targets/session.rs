//! Both directions of a session from its start, in any cuts, with anything missing: cutting changes nothing, and all
//! that is explained tiles its bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtmpscope::record::{Joined, Record, explain_body, explain_handshake, explain_header};
use rtmpscope_fuzz::{Script, Take, assert_tiles, essence};

fuzz_target!(|bytes: &[u8]| {
    let script = Script::read(bytes);
    let cut = script.records(Joined::Start, Take::Cut);
    for record in &cut {
        match record {
            Record::Handshake(h) => assert_tiles(&explain_handshake(h), &h.bytes),
            Record::Message(m) => {
                assert_tiles(&explain_body(m), m.body.bytes());
                m.parts.iter().for_each(|part| assert_tiles(&explain_header(part), part.header()));
            }
            _ => {}
        }
    }
    let whole = script.records(Joined::Start, Take::Whole);
    let (cut, whole): (Vec<_>, Vec<_>) =
        (cut.into_iter().map(essence).collect(), whole.into_iter().map(essence).collect());
    for (a, b) in cut.iter().zip(&whole) {
        assert_eq!(a, b, "cut differently");
    }
    assert_eq!(cut.len(), whole.len(), "cut differently: number of records");
});
