//! Golden files, alone and against each other.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtmpscope::diff::{Canonical, Report, Rules, compare};
use rtmpscope::out::diff::{Case, Details, Names, github, json, junit, markdown, text};
use rtmpscope::out::{Paint, read_canonical, write_canonical};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let forms: Vec<Canonical> = text.splitn(2, '\0').filter_map(|part| read_canonical(part).ok()).collect();
    let rules = Rules::default();
    for form in &forms {
        let once = written(form);
        let again = read_canonical(&once).expect("what was written reads");
        assert_eq!(once, written(&again), "and is written alike");
        let report = compare(form, &again, &rules);
        assert!(report.is_same(), "nothing differs from itself: {:?}", report.differences().next());
    }
    if let [a, b] = forms.as_slice() {
        let report = compare(a, b, &rules);
        assert_eq!(report, compare(b, a, &rules).mirrored(), "the other way round is the mirror");
        told(&report);
    }
});

fn written(form: &Canonical) -> String {
    let mut text = Vec::new();
    write_canonical(&mut text, form).unwrap();
    String::from_utf8(text).expect("a form is UTF-8")
}

/// In every format.
fn told(report: &Report) {
    let names = Names { a: "a".to_owned(), b: "b".to_owned() };
    let cases = [Case { names: &names, outcome: Ok(report) }];
    let mut out = Vec::new();
    for details in [Details::Listed, Details::Stat, Details::SideBySide(Some(80))] {
        text(&mut out, report, details, Paint::new(false)).unwrap();
    }
    junit(&mut out, &cases).unwrap();
    markdown(&mut out, &cases).unwrap();
    github(&mut out, &cases).unwrap();
    json(&mut out, report, &names).unwrap();
    String::from_utf8(out).expect("reports are UTF-8");
}
