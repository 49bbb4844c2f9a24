//! From a path as written to the entry of the registry that it leads to.

use super::{ALIASES, Entry, Place, Step, Type, article, nearest, registry};

/// What is wrong with a path, and what was meant perhaps.
pub(in crate::query) type Misnomer = (String, Option<String>);

/// Finds the entry that a path leads to.
pub(in crate::query) fn resolve(steps: &[Step]) -> Result<Place, Misnomer> {
    let steps = without_alias(steps);
    let mut best: Option<Place> = None;
    for entry in registry::all() {
        let Some((own, item)) = leads_to(&steps, entry) else { continue };
        if best.as_ref().is_none_or(|best| best.entry.name.len() < entry.name.len()) {
            best = Some(Place { entry, steps: steps.clone().into(), item, own });
        }
    }
    let Some(place) = best else { return Err(unknown(&steps)) };
    match (place.entry.kind, place.below()) {
        (_, []) | (Type::Amf, _) => Ok(place),
        (_, [Step::Index(_)]) if place.entry.list => Ok(place),
        (Type::Group, _) => Err(unknown(&steps)),
        (_, below) => {
            let name = place.entry.name;
            let wrong = if let Some(Step::Index(_)) = below.first() { "items" } else { "members" };
            Err((format!("{name} has no {wrong}"), Some(format!("it is {}", article(place.entry)))))
        }
    }
}

/// How many of the steps lead to an entry, and which item was chosen on the way.
fn leads_to(steps: &[Step], entry: &Entry) -> Option<(usize, Option<u32>)> {
    let (mut used, mut item) = (0, None);
    for (n, name) in entry.names().enumerate() {
        // An index before another name chooses an item of a list of objects.
        if let Some(Step::Index(index)) = steps.get(used) {
            let is_list = |list: &Entry| {
                list.list && list.names().count() == n && list.names().zip(entry.names()).all(|(a, b)| a == b)
            };
            item = registry::all().any(is_list).then_some(*index);
            used += usize::from(item.is_some());
        }
        match steps.get(used) {
            Some(Step::Name(step)) if **step == *name => used += 1,
            _ => return None,
        }
    }
    Some((used, item))
}

fn without_alias(steps: &[Step]) -> Vec<Step> {
    for (alias, name) in ALIASES {
        let names: Vec<&str> = alias.split('.').collect();
        let is = names
            .iter()
            .enumerate()
            .all(|(n, name)| matches!(steps.get(n), Some(Step::Name(step)) if **step == **name));
        if is {
            let mut meant: Vec<Step> = name.split('.').map(|name| Step::Name(name.into())).collect();
            meant.extend_from_slice(steps.get(names.len()..).unwrap_or_default());
            return meant;
        }
    }
    steps.to_vec()
}

fn unknown(steps: &[Step]) -> Misnomer {
    let names: Vec<&str> =
        steps.iter().filter_map(|step| if let Step::Name(name) = step { Some(&**name) } else { None }).collect();
    let written = names.join(".");
    if let Some((_, why)) = ON_REQUEST.iter().find(|(name, _)| names.first() == Some(name)) {
        return (format!("{written} cannot be asked for"), Some((*why).to_owned()));
    }
    let known = || registry::all().map(|entry| entry.name);
    // One name alone may be the last of longer ones: all of them are told, a few at most.
    let ends = |known: &&str| names.len() == 1 && known.rsplit('.').next() == names.last().copied();
    let mut meant: Vec<&str> = known().filter(ends).take(4).collect();
    if meant.is_empty() {
        let near = nearest(&written, known()).or_else(|| {
            // `vidoe.keyframe`, `keyfrme`: a last name that is near.
            let last = nearest(names.last()?, known().filter_map(|known| known.rsplit('.').next()))?;
            known().find(|known| known.rsplit('.').next() == Some(last))
        });
        meant.extend(near);
    }
    let hint = match meant.as_slice() {
        [] => "`rtmpscope fields` lists all names".to_owned(),
        names => format!("did you mean {}?", names.join(" or ")),
    };
    (format!("there is no field {written}"), Some(hint))
}

/// Members of message events that depend on what an export was asked to write.
const ON_REQUEST: &[(&str, &str)] = &[
    ("hash", "it is written by --bodies hash, when a message is exported"),
    ("body", "it is written by --bodies, when a message is exported"),
    ("amf", "it is written by --amf lossless; command.object, command.args and data.values have the values"),
    ("parts", "it is written by --detail chunks, when a message is exported"),
    ("fields", "it is written by --detail fields, when a message is exported"),
    ("event", "filters are asked of message events only"),
];
