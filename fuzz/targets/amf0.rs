//! AMF0 values (AMF3 inside them too): read quietly and explained they are the same; written, they read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtmpscope::field::{Field, Reader, Tree};
use rtmpscope::wire::amf0::{values, write_all};
use rtmpscope::wire::value::{Amf, Build};
use rtmpscope_fuzz::assert_tiles;

static VALUE: Field = Field::new("value", "a value");

fn quiet(bytes: &[u8]) -> (Vec<Amf>, bool) {
    let mut build = Build::default();
    let result = values(&mut Reader::quiet(bytes), &mut build, |_| &VALUE);
    (build.finish(), result.is_ok())
}

/// AMF3 inside AMF0 can name a later container than AMF0 has numbers for.
fn beyond_amf0(value: &Amf) -> bool {
    match value {
        Amf::Reference(index) => *index > u32::from(u16::MAX),
        Amf::Object(members) => members.iter().any(|(_, value)| beyond_amf0(value)),
        Amf::Array(items) => items.iter().any(beyond_amf0),
        _ => false,
    }
}

fuzz_target!(|bytes: &[u8]| {
    let (read, whole) = quiet(bytes);
    let mut build = Build::default();
    let mut reader = Reader::new(bytes, Tree::new());
    let result = values(&mut reader, &mut build, |_| &VALUE);
    assert_eq!((format!("{read:?}"), whole), (format!("{:?}", build.finish()), result.is_ok()));
    assert_tiles(&reader.finish(result), bytes);
    if whole && !read.iter().any(beyond_amf0) {
        let mut written = Vec::new();
        write_all(&read, &mut written);
        let (again, whole) = quiet(&written);
        assert!(whole, "what was written is whole");
        assert_eq!(format!("{read:?}"), format!("{again:?}"), "read(write(x)) is x");
    }
});
