//! Canonical forms of captures and exports, and what differs between them in words.

use std::ops::ControlFlow;

use rtmpscope::diff::{Canonical, Gather, Observed, Report, Rules, Strict, compare, words};
use rtmpscope::engine::Settings;
use rtmpscope::out::json::{Events, observe};
use rtmpscope::out::write_canonical;
use rtmpscope::record::Record;
use rtmpscope::session::{MediaBody, Want};
use rtmpscope::time::Time;

use super::feed;

/// The canonical form of a capture.
pub(crate) fn of_capture(bytes: &[u8], strict: Strict) -> Canonical {
    let mut gather = Gather::new(strict);
    let mut start = Time::default();
    feed(bytes, &Settings::new(Want { media: MediaBody::Whole, origin: false }), &mut |record| {
        if let Record::Source(source) = &record {
            start = source.start.unwrap_or_default();
        }
        if let Some(observed) = Observed::of(&record, start, true) {
            gather.take(observed);
        }
    });
    gather.finish().0
}

/// The canonical form of an export, and whether the export carried all that it needs.
pub(crate) fn of_export(export: &[u8], strict: Strict) -> (Canonical, bool) {
    let mut gather = Gather::new(strict);
    let read = Events::new(export, "x").read(|event| {
        if let Some(observed) = observe(event) {
            gather.take(observed);
        }
        ControlFlow::Continue(())
    });
    read.unwrap();
    let (canonical, lacking) = gather.finish();
    (canonical, lacking.is_empty())
}

/// A form as it is written.
pub(crate) fn written(canonical: &Canonical) -> String {
    let mut text = Vec::new();
    write_canonical(&mut text, canonical).unwrap();
    String::from_utf8(text).unwrap()
}

/// Every switch; `text=exact` only on request: it needs secrets as they are.
pub(crate) fn all_strict(text: bool) -> Strict {
    let mut strict = Strict::default();
    for switch in Strict::SWITCHES.iter().filter(|switch| text || **switch != "text=exact") {
        strict.set(switch).unwrap();
    }
    strict
}

/// What differs by the usual rules.
pub(crate) fn between(a: &Canonical, b: &Canonical) -> Report {
    compare(a, b, &Rules::default())
}

/// The differences in words.
pub(crate) fn said(report: &Report) -> Vec<String> {
    report.differences().map(|(_, difference)| words(difference)).collect()
}
