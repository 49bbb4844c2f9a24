//! Values of a lane that say what they mean only together.

use super::{Detail, Found, Topic};
use crate::diff::canonical::Lane;
use crate::wire::value::Amf;

/// Members of parameter sets that say how many pictures may come before one that is shown earlier.
const REORDERED: [&str; 2] = ["max_num_reorder_frames", "sps_max_num_reorder_pics"];

/// Says of values that differ what they mean beside the others of their lane.
pub(super) fn settle(found: Found, a: &Lane, b: &Lane) -> Found {
    let another_codec = found.iter().any(|(_, detail)| is(detail, &["format", "codec"]));
    let settled = found.into_iter().map(|(topic, detail)| match detail.path.last() {
        Some(path) if REORDERED.contains(&last(path)) && one_is_none(&detail) => (Topic::Reordering, detail),
        Some(_) if another_codec => (topic, with_configuration(detail, a, b)),
        _ => (topic, detail),
    });
    settled.filter(|(_, detail)| detail.a != detail.b).collect()
}

/// The name at the end of the path to a field.
fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn is(detail: &Detail, path: &[&str]) -> bool {
    detail.path.iter().map(|name| &**name).eq(path.iter().copied())
}

/// Pictures are reordered on one side only.
fn one_is_none(detail: &Detail) -> bool {
    let none = |value: &Option<Amf>| value.as_ref().and_then(Amf::as_str).map(|text| text == "0");
    matches!((none(&detail.a), none(&detail.b)), (Some(x), Some(y)) if x != y)
}

/// Of some codecs the header says how sound was sampled, of others the configuration does.
fn with_configuration(mut detail: Detail, a: &Lane, b: &Lane) -> Detail {
    for name in ["rate", "channels"] {
        if is(&detail, &["format", name]) {
            detail.a = detail.a.or_else(|| configured(a, name));
            detail.b = detail.b.or_else(|| configured(b, name));
        }
    }
    detail
}

fn configured(lane: &Lane, name: &str) -> Option<Amf> {
    let configuration = lane.items.iter().find(|item| &*item.what == "configuration")?;
    configuration.body.iter().find(|(member, _)| &**member == name).map(|(_, value)| value.clone())
}
