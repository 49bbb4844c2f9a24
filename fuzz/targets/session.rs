//! Both directions of a session from its start, in any cuts, with anything missing: cutting changes nothing, and all
//! that is explained tiles its bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtmpscope::record::Joined;
use rtmpscope_fuzz::{Script, Take, assert_explained, assert_same};

fuzz_target!(|bytes: &[u8]| {
    let script = Script::read(bytes);
    let cut = script.records(Joined::Start, Take::Cut);
    cut.iter().for_each(assert_explained);
    assert_same(cut, script.records(Joined::Start, Take::Whole));
});
