//! Any bytes as a capture file: the whole engine, with a sink that drops everything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtmpscope::engine::{Control, Input, Settings, run};
use rtmpscope::record::Record;
use rtmpscope::session::{MediaBody, Want};
use rtmpscope_fuzz::seeds_if_asked;

fuzz_target!(init: seeds_if_asked(), |bytes: &[u8]| {
    for want in [Want::LITTLE, Want { media: MediaBody::Units, origin: false }, Want::ALL] {
        let reader = Box::new(std::io::Cursor::new(bytes.to_vec()));
        let input = Input::new("fuzz".to_owned(), reader);
        let (mut open, mut last_was_end) = (0, false);
        let result = run(
            input,
            &Settings::new(want),
            &mut |record: Record| {
                last_was_end = matches!(record, Record::End(_));
                open += match record {
                    Record::Opened(_) => 1,
                    Record::Closed(_) => -1,
                    _ => 0,
                };
            },
            |_| Control::Continue,
        );
        assert_eq!(result.is_ok(), last_was_end, "the last record is the end");
        assert!(result.is_err() || open == 0, "every session that opens closes");
    }
});
