//! Many values that differ to few differences: what has one cause is told once.

use super::topic::Topic;
use super::{Detail, Difference};
use crate::diff::canonical::{LaneKind, LaneName};

/// Values about the same thing in the same place.
struct Group {
    topic: Topic,
    /// The medium that it is about, wherever it was said.
    about: Option<LaneName>,
    /// The medium itself says so, not only metadata.
    first_hand: bool,
    details: Vec<Detail>,
}

impl Group {
    /// The level follows from what an encoder was asked for: it never is the cause.
    fn is_level(&self) -> bool {
        let of_level = |detail: &Detail| detail.path.iter().any(|name| name.contains("level"));
        matches!(self.topic, Topic::Profile | Topic::Configuration) && self.details.iter().all(of_level)
    }

    fn rank(&self) -> Topic {
        if self.is_level() { Topic::Sizes } else { self.topic }
    }
}

/// A difference that stands for itself.
pub(super) fn single(topic: Topic, detail: Detail) -> Difference {
    Difference { topic, lane: detail.lane, details: vec![detail], consequences: Vec::new() }
}

/// Groups values by what they are about, and puts what follows from something else below it.
pub(super) fn fold(details: Vec<(Topic, Detail)>) -> Vec<Difference> {
    let mut groups: Vec<Group> = Vec::new();
    for (topic, detail) in details {
        let about = about(&detail);
        let first_hand = detail.lane.is_none_or(|lane| lane.kind.is_media()) || about.is_none();
        let joins = |group: &Group| group.topic == topic && (group.about == about || topic == Topic::Duration);
        match groups.iter_mut().find(|group| joins_others(topic, about) && joins(group)) {
            Some(group) => {
                group.first_hand |= first_hand;
                group.details.push(detail);
            }
            None => groups.push(Group { topic, about, first_hand, details: vec![detail] }),
        }
    }
    // What was seen stands in front of what was announced.
    for group in &mut groups {
        group.details.sort_by_key(|detail| !detail.lane.is_some_and(|lane| lane.kind.is_media()));
    }
    groups.sort_by_key(|group| (!group.first_hand, group.rank(), group.about));
    let mut causes: Vec<(Group, Vec<Difference>)> = Vec::new();
    for group in groups {
        let cause = causes.iter_mut().find(|(cause, _)| cause.first_hand && explains(cause, &group));
        match cause {
            Some((_, consequences)) => consequences.push(difference(group, Vec::new())),
            None => causes.push((group, Vec::new())),
        }
    }
    let mut differences: Vec<Difference> = causes.into_iter().map(|(group, below)| difference(group, below)).collect();
    differences.sort_by_key(|difference| (difference.topic, difference.lane));
    differences
}

/// What a value is about: its own lane, or the medium that a member of onMetaData describes.
fn about(detail: &Detail) -> Option<LaneName> {
    let lane = detail.lane?;
    if lane.kind.is_media() {
        return Some(lane);
    }
    match detail.path.as_slice() {
        [what, key, ..] if what.ends_with("onMetaData") => {
            Topic::medium(key).map(|kind| LaneName { kind, dir: lane.dir, track: 0 })
        }
        _ => None,
    }
}

/// Are values with this topic told together?
fn joins_others(topic: Topic, about: Option<LaneName>) -> bool {
    match topic {
        Topic::Startup | Topic::Duration => true,
        Topic::Value
        | Topic::Presence
        | Topic::Order
        | Topic::Times
        | Topic::ChunkSize
        | Topic::Purpose
        | Topic::Upkeep => false,
        _ => about.is_some(),
    }
}

fn explains(cause: &Group, other: &Group) -> bool {
    match (cause.topic, other.topic) {
        // A client that sends in the chunks that the server asked for.
        (Topic::ChunkSize, Topic::ChunkSize) => same_change(cause, other),
        // One side takes over the window of the other.
        (Topic::Value, Topic::Value) if is_of(cause, "window_ack_size") && is_of(other, "window_ack_size") => {
            same_change(cause, other)
        }
        // How media is cut into chunks follows from their size.
        (Topic::ChunkSize, Topic::Payload) => other.details.iter().all(|detail| is_named(detail, "chunking")),
        // What nobody asked for is not answered.
        (Topic::Presence, Topic::Presence) => is_answered(cause, other),
        // What a stream is shows in what metadata says of it.
        (x, y) if x == y => !other.first_hand && cause.about == other.about && cause.about.is_some(),
        // Where a lane begins and how long it takes depends on the other one too.
        (
            Topic::Codec | Topic::Rate | Topic::Reordering | Topic::SampleRate | Topic::Duration | Topic::Lane,
            Topic::Start,
        ) => true,
        (Topic::Rate | Topic::SampleRate | Topic::Codec, Topic::Duration) => {
            // Another number of frames in the same time.
            other.details.iter().all(|detail| detail.path.last().is_some_and(|name| &**name == "frames"))
        }
        (Topic::Duration, Topic::Bitrate | Topic::Sizes | Topic::Gop) => true,
        (Topic::Bitrate, Topic::Profile | Topic::Configuration) => other.is_level() && cause.about == other.about,
        (Topic::Profile | Topic::Configuration, Topic::Bitrate) if cause.is_level() => false,
        // Another codec has frames of another length, and says in other places what its sound is.
        (Topic::Codec, Topic::Rate) => is_audio(cause) && cause.about == other.about,
        (Topic::Codec, Topic::SampleRate | Topic::Channels) => {
            let one_sided = |detail: &Detail| detail.a.is_none() || detail.b.is_none();
            is_audio(cause) && cause.about == other.about && other.details.iter().all(one_sided)
        }
        (Topic::Lane, y) => cause.about == other.about && !other.first_hand && y != Topic::Lane,
        (x, y) => x.explains(y) && cause.about == other.about,
    }
}

fn is_of(group: &Group, item: &str) -> bool {
    group.details.iter().all(|detail| detail.path.first().is_some_and(|what| &**what == item))
}

fn is_named(detail: &Detail, name: &str) -> bool {
    detail.path.last().is_some_and(|last| &**last == name)
}

/// Does a command that one side does not have explain an answer that it does not have either?
fn is_answered(cause: &Group, other: &Group) -> bool {
    let (Some(call), Some(answer)) = (cause.details.first(), other.details.first()) else { return false };
    let dir = |detail: &Detail| detail.lane.map(|lane| lane.dir);
    if call.a.is_some() != answer.a.is_some() || dir(call) == dir(answer) {
        return false;
    }
    let name = |detail: &'_ Detail| detail.path.first().cloned().unwrap_or_default();
    let (call, said) = (name(call), name(answer));
    let code = answer.a.as_ref().or(answer.b.as_ref()).and_then(|body| body.member("info")?.member("code")?.as_str());
    let code = code.unwrap_or_default();
    said.strip_suffix(')').and_then(|said| said.split_once('(')).is_some_and(|(_, answered)| *answered == *call)
        || *said == format!("on{call}")
        || match &*call {
            "publish" => code.starts_with("NetStream.Publish."),
            "play" | "play2" => code.starts_with("NetStream.Play."),
            "deleteStream" | "closeStream" | "FCUnpublish" => {
                matches!(code, "NetStream.Unpublish.Success" | "NetStream.Play.Stop")
            }
            _ => false,
        }
}

fn is_audio(group: &Group) -> bool {
    group.about.is_some_and(|lane| lane.kind == LaneKind::Audio)
}

fn same_change(cause: &Group, other: &Group) -> bool {
    let change = |group: &Group| group.details.first().map(|detail| (detail.a.clone(), detail.b.clone()));
    change(cause) == change(other)
}

fn difference(mut group: Group, consequences: Vec<Difference>) -> Difference {
    // Announced only: then the metadata is what differs.
    let announced = !group.first_hand && group.about.is_some();
    let lane = if announced { group.details.first().and_then(|detail| detail.lane) } else { group.about };
    let lane = lane.or_else(|| group.details.first().and_then(|detail| detail.lane));
    if announced {
        group.topic = Topic::Value;
    }
    let is_common = group.topic == Topic::Duration && group.details.len() > 1;
    Difference { topic: group.topic, lane: if is_common { None } else { lane }, details: group.details, consequences }
}
