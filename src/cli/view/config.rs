//! The user's configuration of the screen: its look, and which keys do what.
//!
//! ```toml
//! theme = "light"          # auto, dark, light or mono
//! ascii = false
//! [keys]                   # names as the help shows them
//! down = ["j", "Down", "Ctrl-n"]
//! ```

use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::args::Look;
use crate::cli::failure::Failure;
use crate::tui::Keymap;

/// What the configuration says; what it does not say is as usual.
#[derive(Debug, Default)]
pub(in crate::cli) struct Config {
    pub(in crate::cli) look: Option<Look>,
    pub(in crate::cli) ascii: Option<bool>,
    pub(in crate::cli) keymap: Keymap,
}

impl Config {
    /// Reads the configuration of the user, if there is one.
    pub(in crate::cli) fn load() -> Result<Config, Failure> {
        let Some(path) = path() else { return Ok(Config::default()) };
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                Config::read(&text).map_err(|why| Failure::Usage(format!("configuration {}: {why}", path.display())))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Config::default()),
            Err(error) => Err(Failure::Usage(format!("configuration {}: {error}", path.display()))),
        }
    }

    fn read(text: &str) -> Result<Config, String> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let mut config = Config::default();
        for (name, value) in &table {
            match (name.as_str(), value) {
                ("theme", toml::Value::String(look)) => config.look = Some(Look::from_str(look, true)?),
                ("ascii", toml::Value::Boolean(ascii)) => config.ascii = Some(*ascii),
                ("keys", toml::Value::Table(keys)) => {
                    for (action, keys) in keys {
                        let keys = match keys {
                            toml::Value::String(key) => Some(vec![key.as_str()]),
                            toml::Value::Array(keys) => keys.iter().map(toml::Value::as_str).collect(),
                            _ => None,
                        };
                        let keys = keys.ok_or_else(|| format!("keys.{action} is no key and no list of keys"))?;
                        config.keymap.rebind(action, &keys)?;
                    }
                }
                ("theme" | "ascii" | "keys", _) => return Err(format!("{name} has a value of the wrong type")),
                _ => return Err(format!("{name} is not known; there are theme, ascii and keys")),
            }
        }
        Ok(config)
    }
}

/// Where the configuration lies.
fn path() -> Option<PathBuf> {
    let var = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = || var("XDG_CONFIG_HOME").or_else(|| var("HOME").map(|home| home.join(".config")));
    var("RTMPSCOPE_CONFIG").or_else(|| folder().map(|folder| folder.join("rtmpscope/config.toml")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::{Action, Context, Key};

    #[test]
    fn look_and_keys_are_read() {
        let text = "theme = \"light\"\nascii = true\n[keys]\ndown = [\"n\", \"Down\"]\nquit = \"Ctrl-q\"\n";
        let config = Config::read(text).unwrap();
        assert_eq!((config.look, config.ascii), (Some(Look::Light), Some(true)));
        assert_eq!(config.keymap.action(Key::char('n'), Context::List), Some(Action::Down));
        assert_eq!(config.keymap.action(Key::ctrl('q'), Context::List), Some(Action::Quit));
        assert_eq!(config.keymap.action(Key::char('Q'), Context::List), None);
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, why) in [
            ("colour = 1", "there are theme, ascii and keys"),
            ("theme = \"pink\"", "pink"),
            ("ascii = 1", "wrong type"),
            ("[keys]\nfly = \"x\"", "no action \"fly\""),
            ("[keys]\ndown = \"Ctrl-foo\"", "is no key"),
            ("[keys]\ndown = 7", "no list of keys"),
            ("[keys]\ndown = [\"j\", 7]", "no list of keys"),
            ("theme", "expected"),
        ] {
            let told = Config::read(text).unwrap_err();
            assert!(told.contains(why), "{text}: {told}");
        }
    }
}
