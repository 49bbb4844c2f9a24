//! The rules file: TOML with what to ignore, what to take exactly, and tolerances by path.

use crate::diff::Rules;

/// Reads `ignore = [PATH ...]`, `exact = [PATH ...]` and `[tolerance]` with PATH = "5%".
pub fn read_rules(text: &str, rules: &mut Rules) -> Result<(), String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string().trim_end().to_owned())?;
    for (name, value) in &table {
        match name.as_str() {
            verb @ ("ignore" | "exact") => {
                let paths = value.as_array().ok_or_else(|| format!("{verb} is a list of paths"))?;
                for path in paths {
                    let path = path.as_str().ok_or_else(|| format!("{verb} is a list of paths, each a text"))?;
                    rules.add_typed(&format!("{verb} {path}")).map_err(|error| error.to_string())?;
                }
            }
            "tolerance" => tolerances(value, &mut Vec::new(), rules)?,
            other => return Err(format!("{other}: a rules file has ignore, exact and [tolerance]")),
        }
    }
    Ok(())
}

/// `"video.kbps" = "5%"` and `video.kbps = "5%"` say the same.
fn tolerances(value: &toml::Value, path: &mut Vec<String>, rules: &mut Rules) -> Result<(), String> {
    let bound = match value {
        toml::Value::Table(members) => {
            for (name, value) in members {
                path.push(name.clone());
                tolerances(value, path, rules)?;
                path.pop();
            }
            return Ok(());
        }
        toml::Value::String(text) => text.clone(),
        toml::Value::Integer(n) => n.to_string(),
        toml::Value::Float(n) => n.to_string(),
        _ => return Err(format!("{}: a tolerance is 5%, 0.5 or 50ms", path.join("."))),
    };
    if path.is_empty() {
        return Err("[tolerance] is a table of paths".to_owned());
    }
    rules.add_typed(&format!("{}={bound}", path.join("."))).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::Bound;

    #[test]
    fn a_file_of_rules() {
        let mut rules = Rules::default();
        let text = "ignore = [\"data.onMetaData.encoder\"]\nexact = [\"video.fps\"]\n[tolerance]\n\"audio.kbps\" = \"20%\"\n\
                    video.kbps = \"10%\"\n[tolerance.startup]\nconnect_ms = \"5s\"\n";
        read_rules(text, &mut rules).unwrap();
        assert_eq!(rules.bound("c2s", &["data", "onMetaData", "encoder"]), Bound::Ignore);
        assert_eq!(rules.bound("c2s", &["video", "fps"]), Bound::Exact);
        for (path, relative) in [(["audio", "kbps"], 0.2), (["video", "kbps"], 0.1)] {
            assert_eq!(rules.bound("c2s", &path), Bound::Within { absolute: 0.0, relative });
        }
        let bound = rules.bound("", &["startup", "connect_ms"]);
        assert_eq!(bound, Bound::Within { absolute: 5000.0, relative: 0.0 });
    }

    #[test]
    fn what_is_no_rules_file_is_refused_in_words() {
        for text in [
            "ignore = 1",
            "ignore = [1]",
            "x = 1",
            "tolerance = 1",
            "[tolerance]\na = true",
            "=",
            "ignore = [\"a..b\"]",
        ] {
            assert!(!read_rules(text, &mut Rules::default()).unwrap_err().is_empty(), "{text}");
        }
    }
}
