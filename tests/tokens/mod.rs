//! Just enough of Rust's grammar to find the paths that a source file names.

/// A path as it stands in a source file, with `super` and groups resolved.
#[derive(Debug, PartialEq)]
pub(crate) struct Named {
    /// `crate::net::Capture`.
    pub(crate) text: String,
    pub(crate) line: usize,
    /// It stands in a test module.
    pub(crate) in_test: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Token {
    text: String,
    line: usize,
}

/// Words before which a path can begin with `::`.
const KEYWORDS: &[&str] = &["use", "return", "in", "as", "else", "match", "if", "while", "for", "dyn", "impl", "mut"];

/// The paths of a source file that begin with a crate, `crate`, or as many `super` as lead out of its folder.
pub(crate) fn paths(source: &str, file: &str) -> Vec<Named> {
    let tokens = tokens(source);
    let test_file = file.ends_with("/tests.rs") || file.ends_with("/testing.rs") || file.contains("/tests/");
    let test_regions = test_regions(&tokens);
    let depth = depth(file);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let previous = at.checked_sub(1).and_then(|i| tokens.get(i)).map_or("", |t| &t.text);
        let in_region = test_regions.iter().any(|region| region.contains(&at));
        let starts = is_name(&token.text)
            && !is_keyword(&token.text)
            && previous != "."
            && (previous != "::" || is_global(&tokens, at));
        let visibility = previous == "(" && tokens.get(at + 1).is_some_and(|t| t.text == ")");
        let next_is_path = tokens.get(at + 1).is_some_and(|t| t.text == "::");
        if starts && !visibility && (next_is_path || previous == "use" || token.text == "crate") {
            let mut all = Vec::new();
            at = expand(&tokens, at, "", &mut all);
            for text in all {
                if let Some(text) = resolve(&text, depth + usize::from(in_region)) {
                    found.push(Named { text, line: token.line, in_test: test_file || in_region });
                }
            }
        } else {
            at += 1;
        }
    }
    found
}

/// `::name` at the beginning of a path, as opposed to `a::name`.
fn is_global(tokens: &[Token], at: usize) -> bool {
    at < 2 || !is_name(&tokens[at - 2].text) || is_keyword(&tokens[at - 2].text)
}

fn is_keyword(text: &str) -> bool {
    KEYWORDS.contains(&text)
}

/// Collects the paths that begin at a token, going into groups; returns where they end.
fn expand(tokens: &[Token], mut at: usize, prefix: &str, all: &mut Vec<String>) -> usize {
    let mut path = prefix.to_owned();
    loop {
        match tokens.get(at).map(|t| t.text.as_str()) {
            Some("{") if path.ends_with("::") => {
                at += 1;
                while let Some(token) = tokens.get(at) {
                    match token.text.as_str() {
                        "}" => return at + 1,
                        "," => at += 1,
                        _ => {
                            let after = expand(tokens, at, &path, all);
                            at = after.max(at + 1);
                        }
                    }
                }
                return at;
            }
            Some(name) if is_name(name) || name == "*" && path.ends_with("::") => {
                path.push_str(name);
                at += 1;
                // `use a as b` goes on behind the new name.
                if tokens.get(at).is_some_and(|t| t.text == "as") {
                    at += 2;
                }
            }
            _ => break,
        }
        if tokens.get(at).is_some_and(|t| t.text == "::") {
            path.push_str("::");
            at += 1;
        } else {
            break;
        }
    }
    all.push(path.trim_end_matches("::").to_owned());
    at
}

/// Turns a chain of `super` that reaches the root of the crate into a path from `crate`; other relative paths stay
/// inside their folder and do not matter.
fn resolve(path: &str, depth: usize) -> Option<String> {
    let supers = path.split("::").take_while(|segment| *segment == "super").count();
    match supers {
        0 => (path != "self" && !path.starts_with("self::")).then(|| path.to_owned()),
        n if n < depth => None,
        n => Some(path.split("::").skip(n).fold("crate".to_owned(), |path, segment| path + "::" + segment)),
    }
}

/// How many modules a file is deep: 1 for `net/mod.rs` and `time.rs`, 0 for the roots.
fn depth(file: &str) -> usize {
    let module = file.trim_end_matches(".rs").trim_end_matches("/mod");
    if ["lib", "main"].contains(&module) { 0 } else { module.split('/').count() }
}

/// The tokens of modules behind `#[cfg(test)]`.
fn test_regions(tokens: &[Token]) -> Vec<std::ops::Range<usize>> {
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|t| t.text == text);
    let mut regions = Vec::new();
    for at in 0..tokens.len() {
        let marked =
            ["#", "[", "cfg", "(", "test", ")", "]", "mod"].iter().enumerate().all(|(n, text)| is(at + n, text));
        if marked && is(at + 9, "{") {
            let mut open = 0;
            let length = tokens[at + 9..].iter().position(|token| {
                match token.text.as_str() {
                    "{" => open += 1,
                    "}" => open -= 1,
                    _ => {}
                }
                open == 0
            });
            regions.push(at..at + 9 + length.unwrap_or(tokens.len()));
        }
    }
    regions
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, `::` and single characters; comments, strings, characters and lifetimes are left out.
fn tokens(source: &str) -> Vec<Token> {
    let text: Vec<char> = source.chars().collect();
    let at = |i: usize| text.get(i).copied().unwrap_or('\0');
    let (mut tokens, mut line, mut i) = (Vec::new(), 1, 0);
    while i < text.len() {
        let start = i;
        match at(i) {
            '/' if at(i + 1) == '/' => i += text[i..].iter().take_while(|c| **c != '\n').count(),
            '/' if at(i + 1) == '*' => {
                i += 2;
                while i < text.len() && !(at(i) == '*' && at(i + 1) == '/') {
                    i += 1;
                }
                i += 2;
            }
            '"' => i = string_end(&text, i + 1, 0, true),
            '\'' if at(i + 1) == '\\' => {
                i += 3;
                i += text[i.min(text.len())..].iter().take_while(|c| **c != '\'').count() + 1;
            }
            '\'' if at(i + 2) == '\'' => i += 3,
            '\'' => i += 1 + text[i + 1..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').count(),
            ':' if at(i + 1) == ':' => {
                tokens.push(Token { text: "::".to_owned(), line });
                i += 2;
            }
            c if c.is_alphanumeric() || c == '_' => {
                i += text[i..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
                let name: String = text[start..i].iter().collect();
                let hashes = text[i..].iter().take_while(|c| **c == '#').count();
                let opens_raw = ["r", "br", "cr"].contains(&name.as_str()) && at(i + hashes) == '"';
                if opens_raw {
                    i = string_end(&text, i + hashes + 1, hashes, false);
                } else {
                    tokens.push(Token { text: name, line });
                }
            }
            c if c.is_whitespace() => i += 1,
            c => {
                tokens.push(Token { text: c.to_string(), line });
                i += 1;
            }
        }
        line += text[start..i.min(text.len())].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

/// Where a string ends whose contents begin at `i`.
fn string_end(text: &[char], mut i: usize, hashes: usize, escapes: bool) -> usize {
    while i < text.len() {
        if escapes && text[i] == '\\' {
            i += 2;
        } else if text[i] == '"' && (1..=hashes).all(|n| text.get(i + n) == Some(&'#')) {
            return i + 1 + hashes;
        } else {
            i += 1;
        }
    }
    i
}
