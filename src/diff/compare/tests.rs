use proptest::prelude::*;

use super::*;
use crate::diff::canonical::{Item, Lane, LaneKind, Measure};
use crate::diff::words;
use crate::stream::Direction;

fn number(n: u32) -> Amf {
    Amf::Number(f64::from(n))
}

/// Items of few names and values, so that many are alike.
fn item() -> impl Strategy<Value = Item> {
    let names = prop::sample::select(vec![
        "connect",
        "onStatus",
        "set_chunk_size",
        "configuration",
        "_result(connect)",
        "_result",
    ]);
    let members = prop::collection::vec((prop::sample::select(vec!["value", "rate", "stream", "info"]), 0u32..3), 0..3);
    (names, members, 1u64..4, prop::bool::weighted(0.1)).prop_map(|(what, members, times, after_gap)| {
        let mut body: Vec<(Box<str>, Amf)> = Vec::new();
        for (name, n) in members {
            if !body.iter().any(|(other, _)| &**other == name) {
                let inner = Amf::Object(vec![("code".into(), number(n))]);
                body.push((name.into(), if name == "info" { inner } else { number(n) }));
            }
        }
        Item { what: what.into(), body, times, after_gap, seq: Some(times), ..Item::default() }
    })
}

fn lane() -> impl Strategy<Value = Lane> {
    let kinds = prop::sample::select(vec![LaneKind::Control, LaneKind::Data, LaneKind::Audio, LaneKind::Video]);
    let names = (kinds, prop::sample::select(Direction::BOTH.to_vec()), 0u64..2);
    let measures = prop::collection::vec(0u32..200, 5);
    (names, prop::collection::vec(item(), 0..7), measures, prop::bool::weighted(0.1)).prop_map(
        |((kind, dir, track), items, measured, gap_after)| {
            let gaps = gap_after || items.iter().any(|item| item.after_gap);
            let names = ["frames", "duration_ms", "fps", "kbps", "reordered"];
            let measure = |(name, n): (&str, u32)| Measure { name: name.into(), value: number(n) };
            let mut measures: Vec<Measure> = names.into_iter().zip(measured.clone()).map(measure).collect();
            let gop = measured.iter().take(2).map(|n| number(n / 50));
            measures.push(Measure { name: "gop".into(), value: Amf::Array(gop.collect()) });
            Lane { name: LaneName { kind, dir, track }, items, gap_after, gaps, measures, line: 0 }
        },
    )
}

fn session() -> impl Strategy<Value = Session> {
    let roles = prop::sample::select(vec![Role::Publish, Role::Play, Role::Other]);
    let flags = (prop::bool::weighted(0.1), prop::bool::weighted(0.2));
    let names = prop::sample::select(vec!["live", "vod"]);
    (roles, prop::collection::vec(lane(), 0..4), flags, names).prop_map(|(role, mut lanes, (late, unfinished), app)| {
        lanes.sort_by_key(|lane| lane.name);
        lanes.dedup_by_key(|lane| lane.name);
        Session { role, app: Some(app.to_owned()), late, unfinished, lanes, ..Session::default() }
    })
}

fn canonical() -> impl Strategy<Value = Canonical> {
    prop::collection::vec(session(), 0..4).prop_map(|mut sessions| {
        for (n, session) in sessions.iter_mut().enumerate() {
            session.number = n as u32 + 1;
        }
        Canonical { sessions, ..Canonical::default() }
    })
}

proptest! {
    #[test]
    fn nothing_differs_from_itself(a in canonical()) {
        let report = compare(&a, &a, &Rules::default());
        prop_assert!(report.is_same() && report.excused() == 0, "{:?}", report);
    }

    #[test]
    fn the_other_way_round_is_the_mirror(a in canonical(), b in canonical()) {
        let rules = Rules::default();
        let report = compare(&a, &b, &rules);
        prop_assert_eq!(&report, &compare(&b, &a, &rules).mirrored());
        prop_assert!(report.differences().all(|(_, difference)| words(difference).contains(": ")));
    }

    #[test]
    fn what_is_ignored_makes_no_difference(a in canonical(), b in canonical()) {
        let mut rules = Rules::default();
        for lane in ["control", "data", "audio", "video"] {
            rules.add(lane, crate::diff::Bound::Ignore).unwrap();
        }
        let told = |difference: &Difference| !matches!(difference.topic, Topic::Session | Topic::Purpose);
        prop_assert_eq!(compare(&a, &b, &rules).differences().filter(|(_, one)| told(one)).count(), 0);
    }
}
