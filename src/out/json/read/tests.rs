use super::*;

const SOURCE: &str = r#"{"v":1,"event":"source","tool":"rtmpscope 0.1.0","input":"a.pcap","format":"pcap"}"#;
const MESSAGE: &str = r#"{"v":1,"event":"message","session":1,"seq":1,"kind":"video","video":{"keyframe":true}}"#;
const END: &str = r#"{"v":1,"event":"end","sessions":1,"messages":1,"packets":9,"complete":true}"#;

fn read(text: &str) -> Result<(Vec<String>, Damage), Trouble> {
    read_bytes(text.as_bytes())
}

fn read_bytes(bytes: &[u8]) -> Result<(Vec<String>, Damage), Trouble> {
    let mut events = Vec::new();
    let damage = Events::new(bytes, "x").read(|event| {
        events.push(format!("{} {}", event.line, event.members.text("event").unwrap()));
        ControlFlow::Continue(())
    })?;
    Ok((events, damage))
}

#[test]
fn events_come_line_by_line() {
    let expected = ["1 source", "2 message", "3 end"];
    let (events, damage) = read(&format!("{SOURCE}\n{MESSAGE}\n{END}\n")).unwrap();
    assert_eq!(events, expected);
    assert!(!damage.any());
    // Other ends of lines, a byte order mark, no end at the end.
    let (events, damage) = read(&format!("\u{feff}{SOURCE}\r\n{MESSAGE}\r\n{END}")).unwrap();
    assert_eq!((events.len(), damage), (3, Damage::default()));
}

#[test]
fn the_array_of_format_json_is_read_too() {
    let (events, damage) = read(&format!("[\n{SOURCE},\n{MESSAGE},\n{END}\n]\n")).unwrap();
    assert_eq!(events, ["2 source", "3 message", "4 end"]);
    assert!(!damage.any());
}

#[test]
fn a_part_of_an_export_is_no_damage() {
    let (events, damage) = read(&format!("{MESSAGE}\n{MESSAGE}\n")).unwrap();
    assert_eq!((events.len(), damage), (2, Damage::default()));
}

#[test]
fn every_cut_of_an_export_is_noticed() {
    let whole = format!("{SOURCE}\n{MESSAGE}\n{END}\n");
    for len in SOURCE.len()..whole.len() - 1 {
        let (events, damage) = read(&whole[..len]).unwrap();
        assert!(damage.any() && !damage.words().is_empty(), "{len}: {events:?} {damage:?}");
    }
}

#[test]
fn broken_lines_in_the_middle_are_skipped_and_told() {
    let (events, damage) = read(&format!("{SOURCE}\n{{\"v\":1,\"event\nnull\n{MESSAGE}\n{END}\n")).unwrap();
    assert_eq!(events, ["1 source", "4 message", "5 end"]);
    assert_eq!(damage.broken, 2);
    assert!(damage.words()[0].starts_with("line 2 is no event"), "{:?}", damage.words());
    let mut bytes = format!("{SOURCE}\n").into_bytes();
    bytes.extend_from_slice(b"{\"v\":1,\"event\":\"\xff\"}\n");
    assert_eq!(read_bytes(&bytes).unwrap().1.broken, 1);
}

#[test]
fn other_json_and_no_json_are_refused() {
    for text in ["", "\n\n", "{}", "{\"v\":1}", "{\"event\":\"source\"}", "[1,2]", "{\"a\"", "[]", "nonsense\n"] {
        assert!(matches!(read(text), Err(Trouble::NotEvents { .. })), "{text}");
    }
}

#[test]
fn another_major_version_is_refused_wherever_it_comes() {
    let other = SOURCE.replace("\"v\":1", "\"v\":2");
    assert!(matches!(read(&other), Err(Trouble::Version { found: 2, line: 1, .. })));
    let later = MESSAGE.replace("\"v\":1", "\"v\":7");
    assert!(matches!(read(&format!("{SOURCE}\n{later}\n")), Err(Trouble::Version { found: 7, line: 2, .. })));
}

#[test]
fn what_the_export_says_of_itself_is_kept() {
    let end = END.replace("true", "false");
    let gap = r#"{"v":1,"event":"gap","session":1,"dir":"c2s"}"#;
    let (_, damage) = read(&format!("{SOURCE}\n{gap}\n{end}\n")).unwrap();
    assert!(damage.incomplete && damage.gaps == 1 && damage.words().len() == 2);
}
