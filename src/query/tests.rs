//! Filters as text: what is read, what is refused and how, and what is read back.

use proptest::prelude::*;

use super::parse::{Compare, Expr, Literal, Operator, Path, Scalar, parse};
use super::*;

fn refused(text: &str) -> Error {
    match Filter::new(text) {
        Ok(filter) => panic!("{text} is a filter: {filter:?}"),
        Err(error) => error,
    }
}

/// A subject of one value everywhere.
struct Only(Option<Value<'static>>);

impl Subject for Only {
    fn any(&self, _: &Place, test: Test<'_>) -> bool {
        self.0.is_some_and(test)
    }
}

fn holds(text: &str, value: Option<Value<'static>>) -> bool {
    Filter::new(text).unwrap_or_else(|error| panic!("{error}")).matches(&Only(value))
}

#[test]
fn the_filters_of_the_product_are_filters() {
    for text in [
        "kind == video && video.keyframe && length > 64KiB",
        "command.name in (publish, play)",
        "command.name =~ \"^FC\"",
        "dir == c2s && !(kind in (audio, video))",
        "has(video.codec)",
        "timestamp.delta > 100ms",
        "command.object.app == \"live\"",
        "command.args[0] == \"mykey\"",
        "kind == command and not dir == s2c or seq in (1, 2)",
        "command.object[\"odd name\"] != null && command.name not in (connect, '_result')",
        "shared_object.events[0].slots.x.y == true",
    ] {
        let filter = Filter::new(text).unwrap_or_else(|error| panic!("{error}"));
        let again = Filter::new(&filter.to_string()).unwrap();
        assert_eq!(again.expr(), filter.expr(), "{filter}");
    }
}

#[test]
fn units_are_brought_to_that_of_the_field() {
    for (text, n) in [
        ("length == 64KiB", 65_536.0),
        ("length == 1.5kB", 1500.0),
        ("timestamp == 2s", 2000.0),
        ("delta == 100ms", 100.0),
        ("time == 100ms", 0.1),
        ("time == 1m", 60.0),
        ("command.reply_after == 250us", 0.00025),
        ("audio.rate == 44.1kHz", 44_100.0),
        ("type_id == 0x14", 20.0),
        ("video.composition_ms == -3", -3.0),
        ("length == 1e6", 1e6),
    ] {
        assert!(holds(text, Some(Value::Number(n))), "{text}");
        assert!(!holds(text, Some(Value::Number(n + 1.0))), "{text}");
    }
}

#[test]
fn what_is_not_there_compares_as_nothing() {
    for text in ["length == 1", "length != 1", "kind == video", "kind != video", "length < 1", "has(length)"] {
        assert!(!holds(text, None), "{text}");
        assert!(holds(&format!("!({text})"), None), "{text}");
    }
    assert!(holds("length != 1", Some(Value::Number(2.0))));
    assert!(holds("command.object != null", Some(Value::Group)));
    assert!(!holds("command.object == null", Some(Value::Text("null"))));
}

#[test]
fn a_fault_is_told_with_its_place_and_what_was_meant() {
    for (text, place, reason, hint) in [
        ("kind = video", "=", "means nothing here", "equality is =="),
        ("knd == video", "knd", "no field knd", "did you mean kind?"),
        ("kind == vidoe", "vidoe", "never vidoe", "did you mean video?"),
        ("video.codec == h264", "h264", "never h264", "did you mean avc?"),
        ("keyfrme", "keyfrme", "no field keyfrme", "did you mean video.keyframe?"),
        ("codec == avc", "codec", "no field codec", "did you mean audio.codec or video.codec?"),
        ("length > 64KX", "64KX", "KX is no unit", "write one of B, kB"),
        ("seq > 3s", "3s", "seq has no unit", ""),
        ("length == big", "big", "length is a number in B, big is text", "such as length > 64KiB"),
        ("kind > 3", "kind", "neither more nor less", "compare it by"),
        ("video", "video", "alone is no condition: it is a group of fields", "try has(video)"),
        ("length && kind == video", "length", "alone is no condition", "has(length)"),
        ("video.keyframe == 1", "1", "true or false", "write video.keyframe or !video.keyframe"),
        ("command.name =~ \"(\"", "\"(\"", "no regular expression: error: unclosed group", ""),
        ("kind == video &&", "", "a condition is missing here", "rtmpscope fields"),
        ("kind == \"video", "\"video", "quote is not closed", ""),
        ("(kind == video", "", "a ) is missing here", ""),
        ("kind == video)", ")", "never opened", ""),
        ("kind == video kind == audio", "kind", "is complete", "&& or ||"),
        ("length == csid.x", "csid.x", "text", ""),
        ("length == command.name", "command.name", "not with a field", "quotes"),
        ("hash == \"00\"", "hash", "cannot be asked for", "--bodies hash"),
        ("length.x == 1", "length.x", "length has no members", ""),
        ("has(kind[0])", "kind[0]", "kind has no items", ""),
        ("command.name == null", "null", "nothing", "!has(command.name)"),
        ("", "", "the filter is empty", "such as"),
    ] {
        let error = refused(text);
        let at = error.text.get(error.span.clone()).unwrap();
        assert_eq!(at, place, "{error}");
        assert!(error.reason.contains(reason), "{reason}: {error}");
        assert!(error.suggestion.clone().unwrap_or_default().contains(hint), "{hint}: {error}");
    }
}

#[test]
fn brackets_do_not_nest_without_end() {
    let deep = |n: usize| format!("{}kind == video{}", "(".repeat(n), ")".repeat(n));
    assert!(Filter::new(&deep(60)).is_ok());
    assert!(refused(&deep(70)).reason.contains("64"));
    assert!(refused(&"!".repeat(100_000)).reason.contains("64"));
    let long = vec!["seq == 1"; 10_000].join(" || ");
    assert!(Filter::new(&long).is_ok());
    assert!(refused("command.name =~ \"(a{1000}){1000}\"").reason.contains("too large"));
}

/// Found by fuzzing: what is printed nested twice as deep.
#[test]
fn negations_at_the_limit_read_back_as_they_are_printed() {
    for condition in ["has(video.config)", "kind == video", "length not in (8, 9)", "(kind == video && seq > 1)"] {
        for n in [1, 2, 61, 62, 63, 64, 65] {
            let text = format!("{}{condition}", "!".repeat(n));
            let Ok(filter) = Filter::new(&text) else {
                assert!(n > 61, "{text}");
                continue;
            };
            assert_eq!(Filter::new(&filter.to_string()).unwrap().expr(), filter.expr(), "{text}");
        }
    }
}

#[test]
fn a_filter_says_what_it_needs() {
    let needs = |text: &str| Filter::new(text).unwrap().needs();
    assert_eq!(needs("kind == video && length > 1KiB"), Needs::default());
    assert!(needs("kind == video && nals == idr").units);
    assert!(needs("reply_after > 1s").replies && !needs("has(reply_to)").replies);
}

#[test]
fn completion_knows_what_may_come_next() {
    let texts = |text: &str| -> Vec<String> {
        complete(text, text.len()).candidates.into_iter().map(|candidate| candidate.text).collect()
    };
    assert_eq!(texts("vid")[..2], ["video", "video.codec"]);
    assert!(texts("").len() > 80);
    assert!(texts("keyf").contains(&"video.keyframe".to_owned()));
    assert_eq!(texts("kind == v"), ["video"]);
    assert_eq!(texts("kind == video && kind in (audio, vi"), ["video"]);
    assert_eq!(texts("length "), ["==", "!=", "<", "<=", ">", ">=", "in ("]);
    assert_eq!(texts("kind == video "), ["&&", "||"]);
    assert_eq!(texts("video.keyframe "), ["&&", "||"]);
    assert_eq!(texts("(di"), ["dir"]);
    assert_eq!(texts("has(video.key"), ["video.keyframe"]);
    assert_eq!(texts("command.args[0].code "), ["==", "!=", "<", "<=", ">", ">=", "=~", "in ("]);
    let completion = complete("dir == c && x", 8);
    assert_eq!((completion.replaces, completion.candidates.len()), (7..8, 1));
    let kind = complete("kin", 3).candidates.remove(0);
    assert!(kind.values.contains(&"video") && kind.kind == "word" && kind.about.contains("about"));
}

#[test]
fn a_filter_that_matches_nothing_says_which_part_never_holds() {
    let mut tally = Tally::new(Filter::new("length > 5 && has(seq) && length > 100").unwrap());
    for n in 0..10 {
        assert!(!tally.matches(&Only(Some(Value::Number(f64::from(n))))));
    }
    let complaint = tally.complaint().unwrap();
    assert_eq!(complaint, "the filter matches nothing: 0 of 10 match; never true: length > 100");
    let mut tally = Tally::new(Filter::new("length < 5 && length > 7").unwrap());
    for n in 0..10 {
        tally.matches(&Only(Some(Value::Number(f64::from(n)))));
    }
    assert!(tally.complaint().unwrap().ends_with("never all at once: length < 5 for 5, length > 7 for 2"));
    let mut tally = Tally::new(Filter::new("has(seq)").unwrap());
    assert!(tally.matches(&Only(Some(Value::Null))));
    assert_eq!((tally.asked(), tally.matched(), tally.complaint()), (1, 1, None));
}

fn word() -> impl Strategy<Value = Box<str>> {
    "[a-zA-Z_@][a-zA-Z0-9_@$#-]{0,6}".prop_map(String::into_boxed_str)
}

fn path() -> impl Strategy<Value = Path> {
    let known = prop::sample::select(registry::all().map(|entry| entry.name).collect::<Vec<_>>());
    let step = prop_oneof![
        word().prop_map(Step::Name),
        ".{0,5}".prop_map(|name: String| Step::Name(name.into())),
        any::<u32>().prop_filter("an index", |n| *n < 4_000_000_000).prop_map(Step::Index),
    ];
    (known, prop::collection::vec(step, 0..3)).prop_map(|(name, below)| {
        let steps = name.split('.').map(|name| Step::Name(name.into())).chain(below).collect();
        Path { steps, at: 0..0 }
    })
}

fn literal() -> impl Strategy<Value = Literal> {
    let scalar = prop_oneof![
        ".{0,8}".prop_map(|text: String| Scalar::Text(text.into())),
        word().prop_map(Scalar::Text),
        (any::<i32>(), prop::sample::select(vec!["", "ms", "KiB", "s", "h", "x"]))
            .prop_map(|(n, unit)| { Scalar::Number(f64::from(n), unit.into(), format!("{n}{unit}").into()) }),
        any::<bool>().prop_map(Scalar::Boolean),
        Just(Scalar::Null),
    ];
    scalar.prop_map(|value| Literal { value, at: 0..0 })
}

fn expr() -> impl Strategy<Value = Expr> {
    let operator = prop::sample::select(Operator::ALL.to_vec()).prop_map(|(_, operator)| operator);
    let leaf = prop_oneof![
        path().prop_map(Expr::Has),
        path().prop_map(Expr::Truth),
        (path(), operator, literal()).prop_map(|(path, operator, literal)| Expr::Compare(Compare {
            path,
            operator,
            literal
        })),
        (path(), prop::collection::vec(literal(), 1..4)).prop_map(|(path, literals)| Expr::In(path, literals)),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Expr::Not(Box::new(inner))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::All),
            prop::collection::vec(inner, 2..4).prop_map(Expr::Any),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_the_same(expr in expr()) {
        let text = expr.to_string();
        prop_assert_eq!(parse(&text).map_err(|error| error.to_string()), Ok(expr), "{}", text);
    }

    #[test]
    fn any_text_is_a_filter_or_a_fault_with_a_place(text in ".{0,60}") {
        check(&text);
    }

    /// Texts of the right pieces reach deeper.
    #[test]
    fn any_tokens_are_a_filter_or_a_fault_with_a_place(
        tokens in prop::collection::vec(prop::sample::select(TOKENS.to_vec()), 0..12)
    ) {
        check(&tokens.join(" "));
        check(&tokens.concat());
    }

    /// Whatever fits can be asked of anything.
    #[test]
    fn evaluation_is_total(expr in expr(), n in any::<f64>()) {
        if let Ok(filter) = Filter::new(&expr.to_string()) {
            for value in [Value::Null, Value::Boolean(true), Value::Number(n), Value::Text("x"), Value::Group] {
                let holds = filter.matches(&Only(Some(value)));
                let not = Filter::new(&format!("!({filter})")).unwrap();
                prop_assert_ne!(not.matches(&Only(Some(value))), holds);
            }
            filter.matches(&Only(None));
        }
    }
}

const TOKENS: &[&str] = &[
    "kind",
    "video",
    ".",
    "video.keyframe",
    "length",
    "==",
    "!=",
    "<",
    ">=",
    "=~",
    "in",
    "(",
    ")",
    ",",
    "&&",
    "||",
    "!",
    "has(",
    "64KiB",
    "1.5s",
    "\"x",
    "\"",
    "true",
    "null",
    "not",
    "and",
    "[",
    "0",
    "]",
    "command.args",
    "é",
    "-",
    "=",
];

fn check(text: &str) {
    match Filter::new(text) {
        Ok(filter) => assert_eq!(Filter::new(&filter.to_string()).unwrap().expr(), filter.expr()),
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{:?} of {text:?}", error.span);
            assert!(error.to_string().contains(&error.reason));
        }
    }
    for cursor in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
        let completion = complete(text, cursor);
        assert!(text.get(completion.replaces).is_some());
    }
}
