//! Both directions of a session of which the beginning is missing: explained, and closed; cutting changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtmpscope::record::{Joined, Record};
use rtmpscope_fuzz::{Script, Take, assert_explained, assert_same};

fuzz_target!(|bytes: &[u8]| {
    let script = Script::read(bytes);
    let cut = script.records(Joined::Late, Take::Cut);
    let whole = script.records(Joined::Late, Take::Whole);
    for records in [&cut, &whole] {
        records.iter().for_each(assert_explained);
        assert!(matches!(records.last(), Some(Record::Closed(_))), "the session closes");
    }
    assert_same(cut, whole);
});
