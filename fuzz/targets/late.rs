//! Both directions of a session of which the beginning is missing: in any cuts the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtmpscope::record::{Joined, Record};
use rtmpscope_fuzz::{Script, Take, essence};

fuzz_target!(|bytes: &[u8]| {
    let script = Script::read(bytes);
    let records = |take| -> Vec<_> { script.records(Joined::Late, take).into_iter().map(essence).collect() };
    let (cut, whole) = (records(Take::Cut), records(Take::Whole));
    for (a, b) in cut.iter().zip(&whole) {
        assert_eq!(a, b, "cut differently");
    }
    assert_eq!(cut.len(), whole.len(), "cut differently: number of records");
    let closed = script.records(Joined::Late, Take::Cut).pop();
    assert!(matches!(closed, Some(Record::Closed(_))), "the session closes");
});
