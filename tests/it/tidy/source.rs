//! Reading Rust as text: what is code, where functions begin and end, which paths it names.

use std::fs;
use std::path::Path;

/// A Rust file of the tree.
pub struct Source {
    /// Its path from the root of the repository, with `/`.
    pub path: String,
    pub text: String,
    /// The text with comments and literals blanked, line for line.
    pub code: String,
}

/// All Rust files below these folders of the repository, by path.
pub fn sources(folders: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    folders.iter().for_each(|folder| collect(folder, &mut found));
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no sources below {folders:?}: is the test run from its tree?");
    found
}

/// A file of the repository.
pub fn read(path: &str) -> String {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(full).unwrap_or_else(|error| panic!("cannot read {path}: {error}"))
}

fn collect(folder: &str, found: &mut Vec<Source>) {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let Ok(entries) = fs::read_dir(full) else { return };
    for entry in entries {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            collect(&path, found);
        } else if path.ends_with(".rs") {
            let text = read(&path);
            let code = code_only(&text);
            found.push(Source { path, text, code });
        }
    }
}

/// The text with comments, strings and characters turned into blanks; lines stay where they are.
pub fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after_word = code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let skipped = literal_length(rest, after_word);
        let (taken, tail) = rest.split_at(skipped.unwrap_or(first.len_utf8()));
        match skipped {
            Some(_) => code.extend(taken.chars().map(|c| if c == '\n' { '\n' } else { ' ' })),
            None => code.push_str(taken),
        }
        rest = tail;
    }
    code
}

/// The length of the comment or literal that the text begins with, if it does.
fn literal_length(text: &str, after_word: bool) -> Option<usize> {
    let to_end = |found: Option<usize>| found.unwrap_or(text.len());
    if text.starts_with("//") {
        return Some(to_end(text.find('\n')));
    }
    if text.starts_with("/*") {
        return Some(block_comment_length(text));
    }
    if text.starts_with('"') {
        return Some(quoted_length(text, '"'));
    }
    let raw = text.strip_prefix("br").or_else(|| text.strip_prefix('r'));
    if let Some(raw) = raw.filter(|_| !after_word) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if let Some(body) = raw[hashes..].strip_prefix('"') {
            let head = text.len() - body.len();
            let close = format!("\"{}", &raw[..hashes]);
            return Some(to_end(body.find(&close).map(|at| head + at + close.len())));
        }
    }
    // A quote is a character, or the name of a lifetime.
    let mut after = text.strip_prefix('\'')?.chars();
    let is_character = after.next() == Some('\\') || after.next() == Some('\'');
    is_character.then(|| quoted_length(text, '\''))
}

fn block_comment_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = true; // The opening quote does not close.
    for (at, c) in text.char_indices() {
        if c == quote && !escaped {
            return at + c.len_utf8();
        }
        escaped = at > 0 && c == '\\' && !escaped;
    }
    text.len()
}

/// A function with a body: its name, its first line and how many lines it has.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

/// The functions of a text that is code only.
pub fn functions(code: &str) -> Vec<Function> {
    let found = words(code).filter(|(_, word)| *word == "fn");
    found.filter_map(|(at, _)| function_at(code, at)).collect()
}

fn function_at(code: &str, at: usize) -> Option<Function> {
    let (name_at, name) = words(&code[at..]).nth(1)?;
    // `fn(u8)` is the type of a function and has no name.
    let is_named = code[at + "fn".len()..at + name_at].trim().is_empty();
    let (mut nested, mut braces) = (0_i32, 0_i32);
    for (offset, c) in code[at..].char_indices().filter(|_| is_named) {
        match c {
            '(' | '[' => nested += 1,
            ')' | ']' => nested -= 1,
            '{' => braces += 1,
            '}' => braces -= 1,
            // A method of a trait without a body.
            ';' if nested == 0 && braces == 0 => return None,
            _ => {}
        }
        if c == '}' && braces == 0 {
            let line = code[..at].matches('\n').count() + 1;
            let lines = code[at..at + offset].matches('\n').count() + 1;
            return Some(Function { name: name.to_owned(), line, lines });
        }
    }
    None
}

/// Every word of the code and where it begins.
pub fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        at += code[at..].find(is_word)?;
        let length = code[at..].find(|c| !is_word(c)).unwrap_or(code.len() - at);
        let word = (at, &code[at..at + length]);
        at += length;
        Some(word)
    })
}

/// Every path that begins with `root::`, groups in braces spelled out, without the root.
pub fn paths_from(code: &str, root: &str) -> Vec<String> {
    let roots = words(code).filter(|(_, word)| *word == root);
    let tails = roots.filter_map(|(at, _)| code[at + root.len()..].trim_start().strip_prefix("::"));
    let mut found = Vec::new();
    tails.for_each(|tail| {
        spell_out("", tail, &mut found);
    });
    found
}

/// Follows a path to its end and gives what comes after it.
fn spell_out<'a>(before: &str, text: &'a str, found: &mut Vec<String>) -> &'a str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start().trim_start_matches(',').trim_start();
            match rest.strip_prefix('}') {
                Some(after) => return after,
                None if rest.is_empty() => return rest,
                None => {}
            }
            let after = spell_out(before, rest, found);
            // What follows a name, such as `as other`, or a sign that is no path.
            let skipped = after.find([',', '}']).unwrap_or(after.len());
            rest = &after[skipped..];
        }
    }
    let length = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, rest) = text.split_at(length);
    let path = if before.is_empty() { name.to_owned() } else { format!("{before}::{name}") };
    match rest.trim_start().strip_prefix("::") {
        Some(tail) if !tail.trim_start().starts_with('<') => spell_out(&path, tail, found),
        _ => {
            found.push(path);
            rest
        }
    }
}

#[test]
fn code_is_told_from_comments_and_literals() {
    let table = [
        ("a // b\nc", "a\nc"),
        ("a /* b /* c */ d\n */ e", "a\ne"),
        (r#"f("x // y\"z", 1)"#, "f( , 1)"),
        (r##"r#"a " b"# + c"##, "+ c"),
        (r#"r"\" + br"}" + c"#, "+ + c"),
        (r#"for_r"x" y"#, "for_r y"),
        (r#"'a' '\'' '"' &'a str"#, "&'a str"),
        ("'{' b'}' {", "b {"),
    ];
    for (text, expected) in table {
        let code = code_only(text);
        assert_eq!(code.len(), text.len(), "{text}");
        let squeezed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let lines: Vec<String> = code.lines().map(squeezed).collect();
        assert_eq!(lines.join("\n"), expected, "{text}");
    }
}

#[test]
fn functions_are_found_with_their_length() {
    let told = |text: &str| {
        let tell = |f: Function| format!("{} {} {}", f.name, f.line, f.lines);
        functions(&code_only(text)).into_iter().map(tell).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(told("fn a() {}"), "a 1 1");
    assert_eq!(
        told("\nfn a(x: [u8; 3]) -> u8 {\n  if x { \"}\" }\n}\nfn b() {\n}"),
        "a 2 3, b 5 2"
    );
    assert_eq!(told("trait T {\n fn a(&self);\n fn b(&self) {\n }\n}"), "b 3 2");
    assert_eq!(told("type F = fn(u8) -> u8; fn a() {}"), "a 1 1");
    assert_eq!(told("fn a() {\n fn b() {\n }\n}"), "a 1 4, b 2 2");
    assert_eq!(told("fn a<T>() -> Vec<T> where T: X, {\n}"), "a 1 2");
}

#[test]
fn paths_are_spelled_out() {
    let told = |code| paths_from(code, "crate").join(" ");
    assert_eq!(told("use crate::model::id;"), "model::id");
    assert_eq!(
        told("use crate::{env::{load, trace::Trace}, model};"),
        "env::load env::trace::Trace model"
    );
    assert_eq!(told("let x = crate::model::plan::actual(&m);"), "model::plan::actual");
    assert_eq!(told("use crate::a::{self, B as C};\nuse crate::d::*;"), "a::self a::B d::");
    assert_eq!(told("Vec::<crate::a::B>::new(mycrate::c)"), "a::B");
    assert_eq!(told("pub(crate) fn x() {}"), "");
}
