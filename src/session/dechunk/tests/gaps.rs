//! Behind lost bytes.

use super::*;
use crate::stream::Loss;

/// What comes out of two stretches of bytes between which some are missing.
fn told_around(before: &Wire, missing: u64, after: &Wire) -> Vec<Told> {
    let mut dechunker = Dechunker::new(0, Want::ALL, &Limits::default());
    let stamp = Stamp::default();
    let mut found = Vec::new();
    for (n, bytes) in [&before.bytes, &after.bytes].into_iter().enumerate() {
        if n > 0 {
            dechunker.gap(missing, Loss::Unseen, stamp);
        }
        dechunker.note(stamp, bytes.len());
        let mut input = &bytes[..];
        found.extend(std::iter::from_fn(|| dechunker.poll(&mut input, stamp)));
    }
    dechunker.last_chance(stamp);
    found.extend(std::iter::from_fn(|| dechunker.poll(&mut &[][..], stamp)));
    found.extend(dechunker.stop().into_iter().map(Event::Message));
    found.iter().map(tell).collect()
}

/// A chunk size below the length of the message that changes it is one of those that are possible there.
#[test]
fn a_new_chunk_size_may_follow_a_tiny_one() {
    let sound = |time| header(time, 1, AUDIO);
    let before = Wire::new().control(1, 1).chunk(0, 4, sound(0), b"a");
    let mut after = Wire::new();
    for n in 1..6 {
        after = after.chunk(0, 4, sound(n), b"a");
    }
    let place = 16 + 13 + 100;
    let after = after.control(1, 4096).chunk(0, 4, header(9, 300, AUDIO), &bytes(300)).chunk(0, 4, sound(10), b"a");
    let mut expected = vec![message(2, 0, 1, 0, 1, &[0, 0, 0, 1]), message(4, 0, AUDIO, 0, 1, b"a")];
    expected.push(Told::Found(place - 100, 0));
    expected.extend((1..6).map(|n| message(4, 0, AUDIO, n, 1, b"a")));
    expected.extend([message(2, 0, 1, 0, 1, &[0, 0, 16, 0]), message(4, 0, AUDIO, 9, 1, &bytes(300))]);
    expected.push(message(4, 0, AUDIO, 10, 1, b"a"));
    let told = told_around(&before, 100, &after);
    let told: Vec<Told> = told.into_iter().filter(|told| !matches!(told, Told::Finding(..))).collect();
    assert_eq!(told, expected);
}
