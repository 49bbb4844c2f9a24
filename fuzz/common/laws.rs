//! Laws that hold for any bytes.

use rtmpscope::field::Tree;
use rtmpscope::record::{Record, explain_body, explain_handshake, explain_header};

use crate::essence::essence;

/// Leaves and gaps lie side by side and cover all bytes; groups enclose what is in them.
pub fn assert_tiles(tree: &Tree, bytes: &[u8]) {
    assert_eq!(tree.tiles(bytes.len()), Ok(()));
}

/// What is explained of a record tiles its bytes.
pub fn assert_explained(record: &Record) {
    match record {
        Record::Handshake(h) => assert_tiles(&explain_handshake(h), &h.bytes),
        Record::Message(m) => {
            assert_tiles(&explain_body(m), m.body.bytes());
            m.parts.iter().for_each(|part| assert_tiles(&explain_header(part), part.header()));
        }
        _ => {}
    }
}

/// The same bytes cut differently gave the same records, whatever is missing between them.
pub fn assert_same(cut: Vec<Record>, whole: Vec<Record>) {
    let same_length = cut.len() == whole.len();
    for (a, b) in cut.into_iter().zip(whole) {
        assert_eq!(essence(a), essence(b), "cut differently");
    }
    assert!(same_length, "cut differently: number of records");
}
