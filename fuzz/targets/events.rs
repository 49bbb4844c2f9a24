//! A session as its readers see it: JSON lines that parse and hold no control characters, and every text output.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtmpscope::out::json::{Bodies, Detail, Json, Options};
use rtmpscope::out::{List, Paint, ShowOptions, show};
use rtmpscope::record::{Joined, Record, Sink};
use rtmpscope::time::Time;
use rtmpscope::view::{Mask, Story};
use rtmpscope_fuzz::{Script, Take};

fuzz_target!(|bytes: &[u8]| {
    let options = Options { detail: Detail::Fields, bodies: Bodies::Head(64), array: false, live: false };
    let mut json = Json::new(Vec::new(), options, Mask::new(false));
    let mut list = Vec::new();
    let mut text = List::new(&mut list, Mask::new(false), Paint::new(false), Some(100));
    let mut mask = Mask::new(false);
    let mut story = None;
    let mut pages = Vec::new();
    let joined = if bytes.first().is_some_and(|settings| settings & 8 != 0) { Joined::Late } else { Joined::Start };
    Script::read(bytes).play(joined, Take::Whole, &mut |record: Record| {
        mask.learn(&record);
        match &record {
            Record::Opened(opened) => story = Some(Story::new(opened.clone())),
            Record::Message(m) => {
                let options = ShowOptions { hex: true, chunks: true, width: 100 };
                show(&mut pages, m, Time(0), &mask, Paint::new(false), options).unwrap();
            }
            _ => {}
        }
        if let Some(story) = &mut story {
            story.add(&record, &mask);
        }
        text.take(record.clone());
        json.take(record);
    });
    text.finish().unwrap();
    let story = story.map(|story| story.lines(&mask)).unwrap_or_default();
    let lines: String = story.iter().map(|(name, line)| format!("{name} {line}\n")).collect();
    for written in [json.finish().unwrap(), list, pages, lines.into_bytes()] {
        let written = String::from_utf8(written).expect("output is UTF-8");
        let control = written.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(control, None, "control characters are not written: {written}");
    }
});
