//! A filter for what is selected.

use crate::field::Kind;
use crate::query::Filter;
use crate::tui::model::Model;
use crate::tui::state::Focus;
use crate::view::index::MessageKind;

/// The filter that the selected value stands for: one that is true of the selected message, or none.
pub(in crate::tui) fn selected_filter(model: &Model) -> Option<String> {
    let inspection = model.detail.inspection.as_ref()?;
    let message = inspection.message()?;
    let fits =
        |text: &String| Filter::new(text).is_ok_and(|filter| filter.matches_message(message, model.index.start()));
    if model.focus == Focus::List {
        let kind = message.head.message_type.kind();
        let name = match &message.meaning_name() {
            Some(name) if kind == MessageKind::Command => Some(format!("command.name == {}", quoted(name))),
            Some(name) if kind == MessageKind::Data => Some(format!("data.handler == {}", quoted(name))),
            _ => None,
        };
        return name.into_iter().chain([format!("kind == {}", kind.name())]).find(fits);
    }
    let rows = inspection.rows(true);
    let selected = model.detail.selected()?;
    let row = rows.get(selected)?;
    if row.kind == Kind::Group && row.value.is_empty() {
        return None;
    }
    let mut names = vec![row.name.as_str()];
    let mut depth = row.depth;
    for above in rows.get(..selected)?.iter().rev() {
        if above.depth < depth {
            depth = above.depth;
            names.push(&above.name);
        }
    }
    names.reverse();
    let bare = row.value.split(" (").next().unwrap_or_default().to_owned();
    let label = row.value.split_once(" (").map(|(_, label)| label.trim_end_matches(')').to_owned());
    let number = bare.split(' ').next().unwrap_or_default().to_owned();
    let kind = message.head.message_type.kind().name();
    // The tree speaks of the wire, filters of what JSON has: the same names, in places that differ a little.
    let own = row.name.as_str();
    let joined = names.join(".");
    let paths = [
        joined.clone(),
        joined.replace("command_object", "object"),
        format!("{kind}.{own}"),
        format!("{kind}.object.{own}"),
        format!("{kind}.args.{own}"),
        format!("{kind}.values.{own}"),
        format!("{kind}.config.{own}"),
        own.to_owned(),
        own.replace(' ', "_"),
        own.replace("message stream", "stream_id").replace("type", "type_id").replace("direction", "dir"),
    ];
    let words = label.map(|label| label.to_lowercase().replace([' ', '-'], "_"));
    let values = [Some(bare.clone()), Some(number), words, Some(quoted(bare.trim_matches('"')))];
    let texts = paths.iter().flat_map(|path| values.iter().flatten().map(move |value| format!("{path} == {value}")));
    texts.into_iter().find(fits)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
