//! What may differ, and by how much: the defaults, and what users add for paths of their own.

use std::fmt;

/// Rules of users, the last one that fits counts; behind them stand the defaults.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    rules: Vec<Rule>,
}

/// What holds for the paths that a pattern fits.
#[derive(Clone, Debug, PartialEq)]
struct Rule {
    /// Names between dots; `*` is any name, `**` any number of them. A pattern also fits all that lies below.
    pattern: Vec<String>,
    bound: Bound,
}

/// How far two values may lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// They do not matter.
    Ignore,
    /// Not at all.
    Exact,
    /// By so much, or by that part of the larger one; whichever is more.
    Within {
        /// In the unit of the value.
        absolute: f64,
        /// 0.05 is 5 %.
        relative: f64,
    },
}

/// Why a rule makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError(pub String);

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const fn within(absolute: f64, relative: f64) -> Bound {
    Bound::Within { absolute, relative }
}

/// The defaults, by the last name of a measure.
const DEFAULTS: &[(&str, Bound)] = &[
    ("fps", within(0.5, 0.0)),
    ("frames_per_second", within(0.1, 0.02)),
    ("kbps", within(1.0, 0.05)),
    ("key_bytes", within(64.0, 0.1)),
    ("frame_bytes", within(64.0, 0.1)),
    ("sizes", Bound::Exact),
    ("frames", within(25.0, 0.05)),
    ("keyframes", within(1.0, 0.05)),
    ("duration_ms", within(500.0, 0.05)),
    ("start_ms", within(1.0, 0.0)),
    ("item_ms", within(50.0, 0.05)),
    ("handshake_ms", within(1000.0, 1.0)),
    ("connect_ms", within(1000.0, 1.0)),
    ("publish_ms", within(1000.0, 1.0)),
    ("play_ms", within(1000.0, 1.0)),
    ("first_media_ms", within(2000.0, 1.0)),
    ("acknowledgements", Bound::Ignore),
    ("acknowledged_every", within(0.0, 0.5)),
    ("pings", Bound::Ignore),
    ("pinged_every_ms", within(500.0, 0.25)),
    ("aggregates", within(0.0, 0.5)),
    // How often an encoder corrects the rates in its metadata depends on the pictures.
    ("rate_updates", Bound::Ignore),
];

impl Rules {
    /// Adds a rule.
    pub fn add(&mut self, pattern: &str, bound: Bound) -> Result<(), RuleError> {
        let names: Vec<String> = pattern.split('.').map(str::to_owned).collect();
        if names.iter().any(String::is_empty) {
            return Err(RuleError(format!(
                "{pattern:?} is no path: names with dots between them are, such as video.kbps"
            )));
        }
        self.rules.push(Rule { pattern: names, bound });
        Ok(())
    }

    /// Adds a rule as it is typed: `ignore PATH`, `exact PATH`, `PATH=5%`, `PATH=0.5`, `PATH=50ms`; also with `:`.
    pub fn add_typed(&mut self, text: &str) -> Result<(), RuleError> {
        let text = text.trim();
        for (verb, bound) in [("ignore", Bound::Ignore), ("exact", Bound::Exact)] {
            let path = text.strip_prefix(verb).and_then(|rest| rest.strip_prefix([' ', ':', '=']));
            if let Some(path) = path {
                return self.add(path.trim(), bound);
            }
        }
        let text = text.strip_prefix("tolerance").and_then(|rest| rest.strip_prefix([' ', ':'])).unwrap_or(text);
        match text.split_once('=') {
            Some((path, bound)) => {
                let bound = bound.parse::<Bound>()?;
                self.add(path.trim(), bound)
            }
            None => Err(RuleError(format!(
                "{text:?} is no rule; rules are `ignore PATH`, `exact PATH` and `PATH=TOLERANCE`, where a tolerance is \
                 5%, 0.5 or 50ms"
            ))),
        }
    }

    /// What holds for a path in a direction (`c2s`, `s2c`, nothing for what has none).
    pub fn bound(&self, dir: &str, path: &[&str]) -> Bound {
        let last = self.rules.iter().rev().find(|rule| rule.fits(dir, path));
        last.map_or_else(|| Rules::usual(path), |rule| rule.bound)
    }

    /// The same for what a player hears: it joins the stream wherever that is, and other pictures have other sizes. What
    /// users ruled holds as they said it.
    pub fn bound_of_window(&self, dir: &str, path: &[&str]) -> Bound {
        let bound = self.bound(dir, path);
        match (bound, path) {
            (Bound::Within { absolute, .. }, [_, "kbps" | "key_bytes" | "frame_bytes"])
                if bound == Rules::usual(path) =>
            {
                within(absolute, 0.3)
            }
            _ => bound,
        }
    }

    fn usual(path: &[&str]) -> Bound {
        // Measures are `video.fps`, `startup.connect_ms`; items have three names at least.
        match path {
            [_, name] => DEFAULTS.iter().find(|(measure, _)| measure == name).map_or(Bound::Exact, |(_, bound)| *bound),
            // What an encoder says of its rates depends on how its clock was rounded.
            ["data", "onMetaData", "videodatarate" | "audiodatarate"] => within(0.0, 0.05),
            _ => Bound::Exact,
        }
    }
}

impl Rule {
    /// Does the pattern fit a path `lane.item.name...`, or one that begins with the direction?
    fn fits(&self, dir: &str, path: &[&str]) -> bool {
        fn fits(pattern: &[String], path: &[&str]) -> bool {
            match (pattern.split_first(), path.split_first()) {
                (None, _) => true,
                (Some((first, rest)), _) if first == "**" => {
                    fits(rest, path) || path.split_first().is_some_and(|(_, path)| fits(pattern, path))
                }
                (Some(_), None) => false,
                (Some((first, rest)), Some((name, path))) => (first == "*" || first == name) && fits(rest, path),
            }
        }
        let in_dir = self.pattern.split_first().filter(|(first, _)| *first == dir);
        fits(&self.pattern, path) || in_dir.is_some_and(|(_, rest)| fits(rest, path))
    }
}

impl Bound {
    /// Do two numbers count as the same?
    pub fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Bound::Ignore => true,
            Bound::Exact => a == b || a.is_nan() && b.is_nan(),
            Bound::Within { absolute, relative } => {
                let apart = (a - b).abs();
                // Infinity is as far from itself as from anything.
                a == b || apart <= absolute || apart <= relative * a.abs().max(b.abs())
            }
        }
    }
}

impl std::str::FromStr for Bound {
    type Err = RuleError;

    /// `5%`, `0.5`, `50ms`, `1s`.
    fn from_str(text: &str) -> Result<Bound, RuleError> {
        let text = text.trim();
        let units = [("%", 0.01), ("ms", 1.0), ("s", 1000.0), ("", 1.0)];
        let parsed = units.iter().find_map(|(unit, factor)| {
            let number = text.strip_suffix(unit)?.trim().parse::<f64>().ok()?;
            (number.is_finite() && number >= 0.0).then_some((*unit, number * factor))
        });
        match parsed {
            Some(("%", part)) => Ok(within(0.0, part)),
            Some((_, absolute)) => Ok(within(absolute, 0.0)),
            None => Err(RuleError(format!("{text:?} is no tolerance: 5%, 0.5 and 50ms are"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(typed: &[&str]) -> Rules {
        let mut rules = Rules::default();
        for rule in typed {
            rules.add_typed(rule).unwrap();
        }
        rules
    }

    #[test]
    fn the_last_rule_that_fits_counts() {
        let rules = rules(&["ignore data", "exact data.onMetaData.width", "video.kbps=20%", "**.encoder=3"]);
        assert_eq!(rules.bound("c2s", &["data", "onMetaData", "height"]), Bound::Ignore);
        assert_eq!(rules.bound("c2s", &["data", "onMetaData", "width"]), Bound::Exact);
        assert_eq!(rules.bound("c2s", &["video", "kbps"]), within(0.0, 0.2));
        assert_eq!(rules.bound("c2s", &["audio", "kbps"]), within(1.0, 0.05), "the default");
        assert_eq!(rules.bound("c2s", &["data", "x", "y", "encoder"]), within(3.0, 0.0));
        assert_eq!(rules.bound("c2s", &["control", "connect", "object", "app"]), Bound::Exact);
    }

    #[test]
    fn what_a_player_hears_has_other_sizes_unless_users_rule() {
        assert_eq!(rules(&[]).bound_of_window("s2c", &["video", "kbps"]), within(1.0, 0.3));
        assert_eq!(rules(&[]).bound_of_window("s2c", &["video", "fps"]), within(0.5, 0.0));
        assert_eq!(rules(&["video.kbps=1%"]).bound_of_window("s2c", &["video", "kbps"]), within(0.0, 0.01));
        assert_eq!(rules(&["exact video"]).bound_of_window("s2c", &["video", "kbps"]), Bound::Exact);
    }

    #[test]
    fn patterns_fit_names_and_what_lies_below() {
        let fits = |pattern: &str, path: &[&str]| {
            let mut rules = Rules::default();
            rules.add(pattern, Bound::Ignore).unwrap();
            rules.bound("c2s", path) == Bound::Ignore
        };
        let path = &["control", "connect", "object", "app"];
        for pattern in
            ["control", "control.connect", "control.*.object", "**.app", "*", "**", "control.**.app", "c2s.control"]
        {
            assert!(fits(pattern, path), "{pattern}");
        }
        for pattern in ["connect", "control.connect.object.app.x", "data.**", "**.ap", "control.*.app", "s2c.control"] {
            assert!(!fits(pattern, path), "{pattern}");
        }
    }

    #[test]
    fn tolerances_are_inclusive_and_take_the_wider_bound() {
        let bound: Bound = "5%".parse().unwrap();
        assert!(bound.holds(100.0, 95.0) && bound.holds(95.0, 100.0) && !bound.holds(100.0, 94.9));
        assert!(within(10.0, 0.01).holds(1.0, 11.0));
        assert!("1s".parse::<Bound>().unwrap().holds(0.0, 1000.0));
        assert!(!Bound::Exact.holds(1.0, 1.1));
        for text in ["", "x", "-1", "5%%", "NaN", "inf"] {
            assert!(text.parse::<Bound>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in ["", "ignore", "video.kbps", "video..kbps=1", "=1", "ignore ", "video.kbps=fast"] {
            assert!(Rules::default().add_typed(text).is_err(), "{text}");
        }
    }
}
