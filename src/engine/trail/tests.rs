use std::path::PathBuf;

use super::*;
use crate::engine::{Control, Input, run};

fn samples() -> PathBuf {
    FilePath::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// All messages of an input, read with everything, and the trail of a second run that kept little.
fn both(open: impl Fn() -> Input, path: &FilePath, limits: &Limits) -> (Vec<Message>, Trail) {
    let mut whole = Vec::new();
    let settings = Settings { pair_replies: false, ..Settings::new(Want::ALL) };
    let mut sink = |record| {
        if let Record::Message(message) = record {
            whole.push(message);
        }
    };
    run(open(), &settings, &mut sink, |_| Control::Continue).unwrap();
    let trail = Trail::new(path);
    let settings =
        Settings { limits: *limits, pair_replies: false, trail: Some(trail.clone()), ..Settings::new(Want::LITTLE) };
    run(open(), &settings, &mut |_| {}, |_| Control::Continue).unwrap();
    (whole, trail)
}

fn place(message: &Message) -> Place {
    Place { session: message.session, seq: message.seq, packet: message.packets.0 }
}

#[test]
fn every_message_of_the_samples_is_read_again_as_it_was() {
    let mut checked = 0;
    for entry in std::fs::read_dir(samples()).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() || path.extension().is_none_or(|end| end == "md") {
            continue;
        }
        let (whole, trail) = both(|| Input::open(&path).unwrap(), &path, &Limits::default());
        // All of a small capture, some of a large one.
        let step = whole.len() / 40 + 1;
        for message in whole.iter().step_by(step) {
            let again = trail.message(place(message), &Limits::default(), || true);
            let again = again.unwrap_or_else(|| panic!("{}: {:?}", path.display(), place(message)));
            assert_eq!(format!("{again:?}"), format!("{:?}", Box::new(message.clone())), "{}", path.display());
            checked += 1;
        }
    }
    assert!(checked > 800, "{checked}");
}

/// The packets of a sample over and over, each time from another client: larger than the space between marks.
fn long_capture() -> Vec<u8> {
    let once = std::fs::read(samples().join("pub-obs29-h264-aac-nginx.pcap")).unwrap();
    let mut many = once[..24].to_vec();
    for round in 0..40u8 {
        let mut rest = &once[24..];
        while rest.len() > 16 {
            let len = u32::from_le_bytes(rest[8..12].try_into().unwrap()) as usize;
            let mut record = rest[..16 + len].to_vec();
            // One byte of both addresses, so that each round is a connection of its own.
            record[16 + 14 + 12 + 1] ^= round;
            record[16 + 14 + 16 + 1] ^= round;
            many.extend(record);
            rest = &rest[16 + len..];
        }
    }
    many
}

#[test]
fn copies_are_thinned_out_and_still_lead_back() {
    let bytes = long_capture();
    let open = || Input::new("long".into(), Box::new(std::io::Cursor::new(bytes.clone())));
    for trail_bytes in [64 << 20, 8 << 10] {
        let limits = Limits { trail_bytes, ..Limits::default() };
        let (whole, trail) = both(open, FilePath::new("-"), &limits);
        assert!(trail.notes().marks.len() > 3);
        assert!(trail.notes().weight <= trail_bytes);
        for message in whole.iter().step_by(whole.len() / 25) {
            let again = trail.message(place(message), &limits, || true).unwrap();
            assert_eq!(again.body.bytes(), message.body.bytes());
            assert_eq!(again.carriers, message.carriers);
        }
    }
}

#[test]
fn packets_are_read_again_and_a_full_spool_gives_nothing_back() {
    let path = samples().join("x-fmt-gz.pcap.gz");
    let (whole, trail) = both(|| Input::open(&path).unwrap(), &path, &Limits::default());
    let message = &whole[whole.len() / 2];
    let packets: Vec<u64> = message.carriers.iter().map(|carrier| carrier.packet).collect();
    let frames = trail.frames(&packets, &Limits::default());
    assert_eq!(frames.iter().map(|frame| frame.packet).collect::<Vec<_>>(), packets);
    let carrier = message.carriers[0];
    let at = carrier.frame_offset as usize;
    // The bytes of the frame at the place that the carrier names are those of the message's first chunk.
    assert_eq!(frames[0].bytes[at], message.parts[0].header()[0]);

    let limits = Limits { spool_bytes: 4096, ..Limits::default() };
    let (whole, trail) = both(|| Input::open(&path).unwrap(), &path, &limits);
    assert!(trail.message(place(whole.last().unwrap()), &limits, || true).is_none());
}
