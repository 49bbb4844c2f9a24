//! Captures damaged where it hurts: what is intact is read, what is not is skipped, and the place is said.

use std::io::Cursor;

use super::{Seen, all, block, enhanced, half, interface, open, pcap, section, word};
use crate::limits::Limits;
use crate::net::capture::{Capture, Damage, Note};

/// The contents of the packets that were read with their link types, and what was said.
fn told(file: &[u8]) -> (Vec<(u16, String)>, Vec<Note>) {
    limited(file, &Limits::default())
}

fn limited(file: &[u8], limits: &Limits) -> (Vec<(u16, String)>, Vec<Note>) {
    let mut capture = Capture::open(Box::new(Cursor::new(file.to_vec())), "test", limits).unwrap();
    let read = |(_, _, link, data, _): Seen| (link, String::from_utf8_lossy(&data).into_owned());
    let packets = all(&mut capture).into_iter().map(read).collect();
    (packets, capture.notes().to_vec())
}

fn texts(packets: &[(u16, String)]) -> Vec<&str> {
    packets.iter().map(|(_, text)| text.as_str()).collect()
}

/// A section of one interface.
fn begin(big: bool, link: u16) -> Vec<u8> {
    [section(big), interface(big, link, 0, None, 0)].concat()
}

#[test]
fn blocks_up_to_the_limit_are_read_and_not_one_longer() {
    let limits = Limits { capture_block: 2000, ..Limits::default() };
    for kind in [6, 0x0bad] {
        for (len, fits) in [(2000, true), (2004, false)] {
            let data = "x".repeat(len - 32);
            let long =
                if kind == 6 { enhanced(false, 0, 2, data.as_bytes()) } else { block(false, kind, &vec![1; len - 12]) };
            assert_eq!(long.len(), len);
            let file = [begin(false, 1), long, enhanced(false, 0, 3, b"last")].concat();
            let (packets, notes) = limited(&file, &limits);
            assert_eq!(packets.len(), 1 + usize::from(fits && kind == 6));
            assert_eq!(packets.last().unwrap().1, "last");
            let place =
                Note { after_packet: 0, offset: 48, damage: Damage::BadLength { announced: 2004, skipped: 2004 } };
            assert_eq!(notes, if fits { vec![] } else { vec![place] });
        }
    }
}

#[test]
fn records_up_to_the_limit_are_read_and_not_one_longer() {
    let limits = Limits { capture_block: 2000, ..Limits::default() };
    for (len, fits) in [(2000 - 16, true), (2001 - 16, false)] {
        let file = pcap(false, 0xa1b2_c3d4, &[b"first", &vec![b'x'; len], b"last"]);
        let (packets, notes) = limited(&file, &limits);
        assert_eq!((packets.len(), packets.last().unwrap().1.as_str()), (2 + usize::from(fits), "last"));
        let place = Note { after_packet: 1, offset: 45, damage: Damage::BadLength { announced: 2001, skipped: 2001 } };
        assert_eq!(notes, if fits { vec![] } else { vec![place] });
        // The one that is too long at the end, and one that the end cuts.
        let (packets, notes) = limited(&file[..file.len() - 20], &limits);
        assert_eq!((packets.len(), notes.len()), (1 + usize::from(fits), usize::from(!fits)));
    }
}

#[test]
fn a_wrong_trailer_costs_one_block() {
    let mut wrong = enhanced(false, 0, 2, b"wrong");
    let end = wrong.len();
    for trailer in [0, 12, 36, 44, u32::MAX] {
        wrong[end - 4..].copy_from_slice(&word(false, trailer));
        let file =
            [&begin(false, 1)[..], &enhanced(false, 0, 1, b"first"), &wrong, &enhanced(false, 0, 3, b"last")].concat();
        let (packets, notes) = told(&file);
        assert_eq!(texts(&packets), ["first", "last"]);
        let damage = Damage::BadLength { announced: 40, skipped: 40 };
        assert_eq!(notes, [Note { after_packet: 1, offset: 48 + 40, damage }]);
    }
}

/// A block's type that became another: an unknown one is stepped over, as the format demands.
#[test]
fn unknown_types_are_stepped_over_without_a_word() {
    for kind in [0u32, 7, 0x1234, 0x8000_0006, 0xffff_ffff] {
        let mut other = enhanced(true, 0, 2, b"other");
        other[..4].copy_from_slice(&word(true, kind));
        let file = [&begin(true, 1)[..], &other, &enhanced(true, 0, 3, b"last")].concat();
        assert_eq!(told(&file), (vec![(1, "last".to_owned())], vec![]));
    }
}

/// What was copied badly lacks bytes, not only fours of them; a file that is cut may be followed by another one.
#[test]
fn blocks_are_found_at_any_distance() {
    let packets = |big| [enhanced(big, 0, 1, b"one"), enhanced(big, 0, 2, b"two"), enhanced(big, 0, 3, b"three")];
    for big in [false, true] {
        let [one, two, three] = packets(big);
        for missing in 1..two.len() {
            let file = [&begin(big, 1)[..], &one, &two[..two.len() - missing], &three].concat();
            let (packets, notes) = told(&file);
            assert_eq!((texts(&packets), notes.len()), (vec!["one", "three"], 1), "{missing}: {notes:?}");
            assert_eq!((notes[0].after_packet, notes[0].offset), (1, 48 + one.len() as u64));
            // Another file behind a cut one, of either byte order.
            for other in [false, true] {
                let next = [&begin(other, 101)[..], &packets_of(other)].concat();
                let file = [&begin(big, 1)[..], &one, &two[..two.len() - missing], &next].concat();
                let (packets, notes) = told(&file);
                let all = [(1, "one"), (101, "one"), (101, "three")].map(|(link, text)| (link, text.to_owned()));
                assert_eq!((packets, notes.len()), (all.to_vec(), 1), "{missing} {other}");
            }
        }
    }
    fn packets_of(big: bool) -> Vec<u8> {
        [enhanced(big, 0, 1, b"one"), enhanced(big, 0, 3, b"three")].concat()
    }
}

/// A section of which the beginning is spoiled: whatever its byte order, its packets are not read by what the section
/// before it said.
#[test]
fn a_section_whose_magic_is_spoiled_is_a_section() {
    for (first, second) in [(false, false), (false, true), (true, false), (true, true)] {
        let mut spoiled = section(second);
        spoiled[9] ^= 0x40;
        let place = begin(first, 1).len() + enhanced(first, 0, 1, b"one").len();
        let rest = [interface(second, 101, 0, None, 0), enhanced(second, 0, 2, b"two")].concat();
        let file = [begin(first, 1), enhanced(first, 0, 1, b"one"), spoiled, rest].concat();
        let (packets, notes) = told(&file);
        assert_eq!(packets, [(1, "one".to_owned()), (101, "two".to_owned())], "{first} {second} {notes:?}");
        let damage = Damage::BadLength { announced: 0, skipped: 28 };
        assert_eq!(notes, [Note { after_packet: 1, offset: place as u64, damage }]);
    }
}

/// All of a section's beginning is gone: a block in the other byte order shows that there was one.
#[test]
fn a_section_of_the_other_byte_order_is_found_without_its_beginning() {
    let file = [begin(false, 1), enhanced(false, 0, 1, b"one"), vec![0xee; 30]].concat();
    let rest = [interface(true, 101, 0, None, 0), enhanced(true, 0, 2, b"two")].concat();
    let (packets, notes) = told(&[file.clone(), rest].concat());
    assert_eq!(packets, [(1, "one".to_owned()), (101, "two".to_owned())]);
    assert_eq!((notes.len(), notes[0].offset), (1, file.len() as u64 - 30));
    // Packets alone say nothing, for their interface is not described.
    let now = 1_700_000_000_000_000;
    let rest = [enhanced(true, 0, now, b"two"), enhanced(true, 0, now, b"six")].concat();
    let (packets, notes) = told(&[file, rest].concat());
    assert_eq!(texts(&packets), ["one"]);
    assert_eq!(notes[0].damage, Damage::Lost { announced: 0xeeee_eeee });
}

/// Packets name their interface by its number: one whose description is spoiled keeps its number.
#[test]
fn a_spoiled_interface_does_not_lend_its_number_to_the_next() {
    let mut spoiled = interface(false, 1, 0, None, 0);
    let end = spoiled.len();
    spoiled[end - 1] = 9;
    let empty = block(false, 1, &half(false, 1));
    for bad in [spoiled, empty] {
        let packets = [enhanced(false, 0, 1, b"zero"), enhanced(false, 1, 2, b"one")].concat();
        let file = [section(false), bad, interface(false, 101, 0, None, 0), packets].concat();
        let (packets, notes) = told(&file);
        assert_eq!(packets, [(101, "one".to_owned())]);
        assert_eq!((notes.len(), notes[0].offset), (2, 28));
        assert_eq!(notes[1].damage, Damage::UnknownInterface(0));
    }
}

/// The captured length of a classic record is all that says where the next one is.
#[test]
fn a_wrong_length_of_a_record_costs_one_packet() {
    let contents: [&[u8]; 6] = [b"one", b"two two two", b"three", b"four", b"five", b"six"];
    for big in [false, true] {
        let mut good = pcap(big, 0xa1b2_c3d4, &contents);
        let mut at = 24;
        for (second, content) in (1_700_000_000..).zip(contents) {
            good[at..at + 4].copy_from_slice(&word(big, second));
            at += 16 + content.len();
        }
        let at = 24 + 16 + 3;
        // Longer than it is: within the file, beyond its end, and by so much that it is no length.
        for len in [13, 20, 40, 60, 90, 1000, 65_535, 200_000, 0x7fff_ffff, u32::MAX] {
            let mut file = good.clone();
            file[at + 8..at + 12].copy_from_slice(&word(big, len));
            let (packets, notes) = told(&file);
            assert_eq!(texts(&packets), ["one", "three", "four", "five", "six"], "{len} {notes:?}");
            let damage = Damage::BadLength { announced: 16 + u64::from(len), skipped: 16 + 11 };
            assert_eq!(notes, [Note { after_packet: 1, offset: at as u64, damage }], "{len}");
        }
        // Shorter: nobody can tell that from a packet that the capture cut; the next one is found.
        for len in [1, 5, 10] {
            let mut file = good.clone();
            file[at + 8..at + 12].copy_from_slice(&word(big, len));
            let (packets, notes) = told(&file);
            assert_eq!(texts(&packets)[2..], ["three", "four", "five", "six"], "{len} {notes:?}");
            assert_eq!((notes.len(), notes[0].after_packet), (1, 2));
        }
    }
}

/// Tools that write odd headers are believed as long as these lead on.
#[test]
fn odd_records_are_read_where_they_lead_on() {
    let good = pcap(false, 0xa1b2_c3d4, &[b"one", b"two", b"", b"four"]);
    let at = 24 + 16 + 3;
    for (place, value) in [(4, 3_000_000), (12, 0), (12, 2)] {
        let mut file = good.clone();
        file[at + place..at + place + 4].copy_from_slice(&word(false, value));
        let (packets, notes) = told(&file);
        assert_eq!((texts(&packets), notes.len()), (vec!["one", "two", "", "four"], 0), "{place} {value}");
    }
}

/// Files put one behind the other with `cat`: of any dialect, and of another link type.
#[test]
fn a_file_behind_another_is_read_on() {
    let first = pcap(false, 0xa1b2_c3d4, &[b"one", b"two"]);
    for (big, magic) in [(false, 0xa1b2_c3d4), (true, 0xa1b2_c3d4), (true, 0xa1b2_3c4d), (false, 0xa1b2_cd34)] {
        let mut second = pcap(big, magic, &[b"three", b"four"]);
        second[20..24].copy_from_slice(&word(big, 101));
        let (packets, notes) = told(&[&first[..], &second].concat());
        assert_eq!(packets, [(1, "one"), (1, "two"), (101, "three"), (101, "four")].map(|(l, t)| (l, t.to_owned())));
        assert_eq!(notes, [Note { after_packet: 2, offset: first.len() as u64, damage: Damage::AnotherFile }]);
    }
    let (packets, notes) = told(&[&first[..], &pcap(false, 0xa1b2_c3d4, &[])].concat());
    assert_eq!((packets.len(), notes.len()), (2, 1));
    // That is no damage.
    let mut capture = open(&[&first[..], &first].concat()).unwrap();
    assert_eq!((all(&mut capture).len(), capture.complete()), (4, true));
}
